//! Whether the authorities below a root still stand, and what somebody on the way to its list can make of that.

use portique_cards::{Issues, ListSource, lists_on_disk};
use portique_domain::card::CardFault;
use portique_test_authority::{CrlSpec, Issued, Spec, Urls, issuing_point};

use crate::stage::{
    PEOPLE_LIST, ROOT_LIST, Stage, failure_of, file, hours, judge, lines, list, noon, physician,
};

const UNKNOWN: Option<CardFault> = Some(CardFault::RevocationUnknown);

/// Good for longer than any test lasts.
fn lasting(number: u64) -> CrlSpec {
    CrlSpec {
        number,
        ..CrlSpec::new(noon(), noon() + hours(1000))
    }
}

fn claire(stage: &Stage) -> Issued {
    stage.people.issue(physician())
}

/// Root and people in one file, as published bundles have them, which names both lists.
fn bundled() -> Stage {
    let mut stage = Stage::new();
    let bundle = format!("{}{}", stage.root.to_pem(), stage.people.to_pem());
    stage.settings.authorities = vec![file(&bundle, Issues::Professionals, &[ROOT_LIST, PEOPLE_LIST])];
    stage
}

#[tokio::test]
async fn where_no_file_names_a_list_of_it_an_authority_vouches_by_being_configured() {
    let mut stage = Stage::new();
    stage.settings.authorities[0].lists.clear();
    assert!(stage.judge(claire(&stage).chain()).await.is_ok());
    // In the people's own file too, it is one of whom a list is to come: theirs says nothing of it.
    let root = stage.root.to_pem().into_bytes();
    stage.people_file().bytes.extend(root);
    assert_eq!(stage.judge(claire(&stage).chain()).await.err(), UNKNOWN);
}

#[tokio::test]
async fn another_authoritys_list_in_the_place_of_the_roots_vouches_for_nobody() {
    for stage in [Stage::new(), bundled()] {
        stage.net.put(ROOT_LIST, stage.list_of(1, &[]));
        assert_eq!(stage.judge(claire(&stage).chain()).await.err(), UNKNOWN);
    }
}

#[tokio::test]
async fn a_source_brings_lists_of_the_authorities_of_its_files_alone() {
    let stage = Stage::new();
    stage.net.put(ROOT_LIST, stage.list_of(1, &[]));
    let cards = stage.cards().await;
    assert_eq!(
        failure_of(&cards, ROOT_LIST).as_deref(),
        Some("it is of «AC IGC-SANTE FORT PERSONNES», which none of the files that name this source holds")
    );
    // The root's own, once it comes, is taken.
    stage.net.put(ROOT_LIST, stage.root.crl(&list(1), &[]));
    cards.refresh_due(noon() + hours(1)).await;
    assert_eq!(failure_of(&cards, ROOT_LIST), None);
    assert!(
        judge(&cards, claire(&stage).chain(), noon() + hours(1))
            .await
            .is_ok()
    );
    // Nor does a list count that comes by another's source.
    let mut stage = Stage::new();
    stage.settings.authorities[0].lists = vec![ListSource::Url("http://lists.example/gone.crl".to_owned())];
    let astray = ListSource::Url(ROOT_LIST.to_owned());
    stage.settings.authorities[2].lists = vec![astray];
    assert_eq!(stage.judge(claire(&stage).chain()).await.err(), UNKNOWN);
}

#[tokio::test]
async fn another_authoritys_list_takes_no_place_but_its_own_and_leaves_when_the_source_is_mended() {
    let stage = bundled();
    stage.net.put(PEOPLE_LIST, stage.people.crl(&lasting(1), &[]));
    let cards = stage.cards().await;
    // The root's list is past its next update when another's comes in its place.
    stage.net.put(ROOT_LIST, stage.people.crl(&lasting(2), &[]));
    let late = noon() + hours(25);
    cards.refresh_due(late).await;
    let card = claire(&stage);
    assert_eq!(judge(&cards, card.chain(), late).await.err(), None, "the grace");
    let past = noon() + hours(49);
    assert_eq!(judge(&cards, card.chain(), past).await.err(), UNKNOWN);
    // A server that is started now has only what came last, until the source brings what it should.
    let restarted = stage.open_at(late);
    assert_eq!(judge(&restarted, card.chain(), late).await.err(), UNKNOWN);
    stage.net.put(ROOT_LIST, stage.root.crl(&lasting(2), &[]));
    restarted.refresh_due(late).await;
    assert_eq!(judge(&restarted, card.chain(), late).await.err(), None);
}

#[tokio::test]
async fn a_source_that_brought_anothers_list_first_brings_the_right_one_later_over_a_restart_too() {
    let stage = bundled();
    stage.net.put(PEOPLE_LIST, stage.root.crl(&lasting(9), &[]));
    let cards = stage.cards().await;
    let card = claire(&stage);
    assert_eq!(judge(&cards, card.chain(), noon()).await.err(), UNKNOWN);
    let told = lists_on_disk(stage.settings.clone(), noon()).unwrap();
    assert_eq!(told.in_want, ["AC IGC-SANTE FORT PERSONNES"]);
    stage.net.put(PEOPLE_LIST, stage.list_of(1, &[]));
    for cards in [cards, stage.open_at(noon())] {
        cards.refresh_due(noon() + hours(1)).await;
        assert_eq!(judge(&cards, card.chain(), noon()).await.err(), None);
    }
    let told = lists_on_disk(stage.settings.clone(), noon()).unwrap();
    assert_eq!(told.in_want, [""; 0]);
}

#[tokio::test]
async fn numbers_are_counted_in_each_scope_and_a_part_does_not_outdo_the_whole() {
    let part = "http://lists.example/people-part.crl";
    let mut stage = Stage::new();
    let urls = Some(Urls {
        crls: vec![part.to_owned()],
        ..Urls::default()
    });
    let card = stage.people.issue(Spec { urls, ..physician() });
    stage.net.put(PEOPLE_LIST, stage.list_of(900, &[&card]));
    stage.people_file().lists.push(ListSource::Url(part.to_owned()));
    let of_part = |number| CrlSpec {
        extra: vec![issuing_point(part)],
        ..lasting(number)
    };
    stage.net.put(part, stage.people.crl(&of_part(1000), &[]));
    assert_eq!(stage.judge(card.chain()).await, Err(CardFault::Revoked));
    // The same the other way round.
    let revoked = lines(&[&card]);
    stage.net.put(part, stage.people.crl(&of_part(1001), &revoked));
    stage.net.put(PEOPLE_LIST, stage.list_of(2000, &[]));
    assert_eq!(stage.judge(card.chain()).await, Err(CardFault::Revoked));
}

#[tokio::test]
async fn an_authority_that_was_revoked_stays_so_whatever_comes_by_the_roots_source() {
    let stage = bundled();
    let revoked = stage.root.crl(&list(1), &lines(&[&stage.people.issued]));
    stage.net.put(ROOT_LIST, revoked);
    stage.net.put(PEOPLE_LIST, stage.people.crl(&lasting(1), &[]));
    let cards = stage.cards().await;
    stage.net.put(ROOT_LIST, stage.people.crl(&lasting(2), &[]));
    let late = noon() + hours(200);
    cards.refresh_due(late).await;
    let found = judge(&cards, claire(&stage).chain(), late).await;
    assert_eq!(found, Err(CardFault::Revoked));
}

#[tokio::test]
async fn a_list_for_other_certificates_says_of_an_authority_only_that_it_is_revoked() {
    let point = "http://lists.example/root-part-1.crl";
    let of_point = |number| CrlSpec {
        extra: vec![issuing_point(point)],
        ..list(number)
    };
    let mut stage = Stage::new();
    let naming = |name: &str| {
        let urls = Some(Urls {
            crls: vec![name.to_owned()],
            ..Urls::default()
        });
        Spec {
            urls,
            ..Spec::authority("AC IGC-SANTE FORT PERSONNES")
        }
    };
    stage.people = stage
        .root
        .intermediate(naming("http://lists.example/root-part-2.crl"));
    stage.people_file().bytes = stage.people.to_pem().into_bytes();
    stage.net.put(ROOT_LIST, stage.root.crl(&of_point(2), &[]));
    assert_eq!(stage.judge(claire(&stage).chain()).await.err(), UNKNOWN);
    let revoked = lines(&[&stage.people.issued]);
    stage.net.put(ROOT_LIST, stage.root.crl(&of_point(3), &revoked));
    assert_eq!(
        stage.judge(claire(&stage).chain()).await,
        Err(CardFault::Revoked),
        "the serial number is nobody else's"
    );
    // Another list of the root that does speak of it.
    stage.net.put(ROOT_LIST, stage.root.crl(&of_point(4), &[]));
    let whole = "http://lists.example/root-whole.crl";
    stage.settings.authorities[0]
        .lists
        .push(ListSource::Url(whole.to_owned()));
    stage.net.put(whole, stage.root.crl(&list(2), &[]));
    assert!(stage.judge(claire(&stage).chain()).await.is_ok());
}
