//! Lists of revoked certificates: what is believed of them, and what keeps them fresh.

use std::path::PathBuf;

use jiff::SignedDuration;
use portique_cards::{Cards, ListSource, Version};
use portique_domain::card::CardFault;
use portique_test_authority::{CrlReason, CrlSpec, Issued, Revoked, Spec};

use crate::stage::{PEOPLE_LIST, ROOT_LIST, Stage, failure, hours, judge, lines, list, noon, physician};

fn claire(stage: &Stage) -> Issued {
    stage.people.issue(physician())
}

#[tokio::test]
async fn a_revoked_card_is_refused_and_others_of_its_authority_are_not() {
    let stage = Stage::new();
    let revoked = claire(&stage);
    let other = stage
        .people
        .issue(Spec::professional("02A1234567", "DURAND", "Paul"));
    stage.net.put(PEOPLE_LIST, stage.list_of(2, &[&revoked]));
    assert_eq!(stage.judge(revoked.chain()).await, Err(CardFault::Revoked));
    assert!(stage.judge(other.chain()).await.is_ok());
}

#[tokio::test]
async fn a_card_on_hold_is_refused() {
    let stage = Stage::new();
    let card = claire(&stage);
    let line = Revoked {
        reason: Some(CrlReason::CertificateHold),
        ..Revoked::new(&card.serial, noon())
    };
    stage.net.put(PEOPLE_LIST, stage.people.crl(&list(2), &[line]));
    assert_eq!(stage.judge(card.chain()).await, Err(CardFault::Revoked));
}

#[tokio::test]
async fn cards_of_a_revoked_authority_are_refused() {
    let stage = Stage::new();
    stage.net.put(
        ROOT_LIST,
        stage.root.crl(&list(2), &lines(&[&stage.people.issued])),
    );
    assert_eq!(stage.judge(claire(&stage).chain()).await, Err(CardFault::Revoked));
}

#[tokio::test]
async fn without_a_list_nothing_opens() {
    for missing in [PEOPLE_LIST, ROOT_LIST] {
        let stage = Stage::new();
        stage.net.take_away(missing);
        let found = stage.judge(claire(&stage).chain()).await;
        assert_eq!(found, Err(CardFault::RevocationUnknown), "{missing}");
    }
    let mut stage = Stage::new();
    stage.people_file().lists.clear();
    let found = stage.judge(claire(&stage).chain()).await;
    assert_eq!(found, Err(CardFault::RevocationUnknown), "no source at all");
}

#[tokio::test]
async fn a_list_is_believed_until_its_next_update_and_the_grace_beyond_and_not_a_second_more() {
    let stage = Stage::new();
    let (good, revoked) = (
        claire(&stage),
        stage
            .people
            .issue(Spec::professional("02A1234567", "DURAND", "Paul")),
    );
    // The root's list lasts, so that only the people's is on trial.
    let lasting = CrlSpec::new(noon(), noon() + hours(1000));
    stage.net.put(ROOT_LIST, stage.root.crl(&lasting, &[]));
    stage.net.put(PEOPLE_LIST, stage.list_of(2, &[&revoked]));
    let cards = stage.cards().await;
    for (later, expected) in [
        (hours(0), None),
        (hours(24), None),
        (hours(48), None),
        (
            hours(48) + SignedDuration::from_secs(1),
            Some(CardFault::RevocationUnknown),
        ),
        (hours(500), Some(CardFault::RevocationUnknown)),
    ] {
        assert_eq!(
            judge(&cards, good.chain(), noon() + later).await.err(),
            expected,
            "{later}"
        );
        let found = judge(&cards, revoked.chain(), noon() + later).await;
        assert_eq!(found, Err(CardFault::Revoked), "{later}");
    }
}

#[tokio::test]
async fn of_two_sources_the_newer_list_counts() {
    let mut stage = Stage::new();
    let card = claire(&stage);
    let mirror = "http://mirror.example/people.crl";
    stage
        .people_file()
        .lists
        .insert(0, ListSource::Url(mirror.to_owned()));
    stage.net.put(mirror, stage.list_of(1, &[]));
    stage.net.put(PEOPLE_LIST, stage.list_of(2, &[&card]));
    assert_eq!(stage.judge(card.chain()).await, Err(CardFault::Revoked));
    stage.net.put(mirror, stage.list_of(3, &[]));
    assert!(stage.judge(card.chain()).await.is_ok(), "the hold was lifted");
}

#[tokio::test]
async fn lists_outlive_a_restart_and_a_damaged_file_is_fetched_again() {
    let stage = Stage::new();
    let card = claire(&stage);
    stage.net.put(PEOPLE_LIST, stage.list_of(2, &[&card]));
    drop(stage.cards().await);
    let fetched = stage.net.fetched();
    let cards = stage.open_at(noon());
    assert_eq!(judge(&cards, card.chain(), noon()).await, Err(CardFault::Revoked));
    assert_eq!(stage.net.fetched(), fetched, "read from the folder");
    for kept in std::fs::read_dir(stage.folder.path()).unwrap() {
        let path = kept.unwrap().path();
        assert_eq!(
            path.extension().and_then(|it| it.to_str()),
            Some("crl"),
            "nothing half is left"
        );
        std::fs::write(path, b"half a list").unwrap();
    }
    let cards = stage.open_at(noon());
    assert_eq!(
        judge(&cards, card.chain(), noon()).await,
        Err(CardFault::RevocationUnknown)
    );
    cards.refresh_due(noon()).await;
    assert_eq!(judge(&cards, card.chain(), noon()).await, Err(CardFault::Revoked));
}

#[tokio::test]
async fn a_list_may_be_a_file_that_somebody_carries_there() {
    let mut stage = Stage::new();
    let card = claire(&stage);
    let path: PathBuf = stage.folder.path().join("offline.pem");
    stage.people_file().lists = vec![ListSource::File(path.clone())];
    assert_eq!(stage.judge(card.chain()).await, Err(CardFault::RevocationUnknown));
    let pem = |bytes: &[u8]| der::pem::encode_string("X509 CRL", der::pem::LineEnding::LF, bytes).unwrap();
    std::fs::write(&path, pem(&stage.list_of(1, &[]))).unwrap();
    let cards = stage.open_at(noon());
    cards.refresh_due(noon()).await;
    assert!(judge(&cards, card.chain(), noon()).await.is_ok());
    std::fs::write(&path, pem(&stage.list_of(2, &[&card]))).unwrap();
    cards.refresh_due(noon() + hours(1)).await;
    assert_eq!(
        judge(&cards, card.chain(), noon() + hours(1)).await,
        Err(CardFault::Revoked)
    );
}

#[tokio::test]
async fn lists_are_fetched_when_they_are_due_and_not_before() {
    let stage = Stage::new();
    let minutes = SignedDuration::from_mins;
    let cards = stage.cards().await;
    assert_eq!(stage.net.fetched(), 3);
    cards.refresh_due(noon() + minutes(59)).await;
    assert_eq!(stage.net.fetched(), 3);
    cards.refresh_due(noon() + minutes(60)).await;
    assert_eq!(stage.net.fetched(), 6);
    // One that fails is tried again soon, the others in their time.
    stage.net.take_away(PEOPLE_LIST);
    cards.refresh_due(noon() + minutes(120)).await;
    assert_eq!(
        failure(&cards).as_deref(),
        Some("it can't be fetched: the server answered with status 404")
    );
    cards.refresh_due(noon() + minutes(124)).await;
    assert_eq!(stage.net.fetched(), 9);
    stage.net.put(PEOPLE_LIST, stage.list_of(2, &[]));
    cards.refresh_due(noon() + minutes(125)).await;
    assert_eq!((stage.net.fetched(), failure(&cards)), (10, None));
}

#[tokio::test]
async fn a_list_that_did_not_change_is_not_sent_again() {
    let stage = Stage::new();
    let version = Version {
        etag: Some("\"1\"".to_owned()),
        last_modified: None,
    };
    let good = (stage.list_of(1, &[]), version.clone());
    stage
        .net
        .files
        .lock()
        .unwrap()
        .insert(PEOPLE_LIST.to_owned(), good);
    let cards = stage.cards().await;
    cards.refresh_due(noon() + hours(1)).await;
    let asked = stage.net.gets.lock().unwrap().clone();
    assert!(asked.contains(&(PEOPLE_LIST.to_owned(), version)));
    assert_eq!(failure(&cards), None);
    // What was refused is asked for whole again.
    let bad = (
        b"no list".to_vec(),
        Version {
            etag: Some("\"2\"".to_owned()),
            last_modified: None,
        },
    );
    stage
        .net
        .files
        .lock()
        .unwrap()
        .insert(PEOPLE_LIST.to_owned(), bad);
    cards.refresh_due(noon() + hours(2)).await;
    cards.refresh_due(noon() + hours(3)).await;
    let asked = stage.net.gets.lock().unwrap().clone();
    assert!(
        !asked
            .iter()
            .any(|(_, known)| known.etag.as_deref() == Some("\"2\""))
    );
}

#[test]
fn a_folder_that_can_t_be_made_is_said_at_start() {
    let mut stage = Stage::new();
    let path = stage.folder.path().join("file");
    std::fs::write(&path, b"no folder").unwrap();
    stage.settings.folder = path;
    let entropy = std::sync::Arc::new(portique_domain::testing::SeededEntropy::new(1));
    let refused = Cards::open(stage.settings.clone(), stage.net.clone(), entropy, noon())
        .err()
        .expect("a refusal");
    assert!(
        refused
            .to_string()
            .starts_with("the folder for lists of revoked cards"),
        "{refused}"
    );
}
