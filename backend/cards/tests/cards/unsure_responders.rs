//! OCSP: a responder that answers, and vouches for nothing.

use portique_cards::{Cards, ListSource};
use portique_domain::card::CardFault;
use portique_test_authority::{CrlSpec, Issued, OcspResponder, Spec, Status, Urls, issuing_point};

use crate::responders::{at, claire, responder};
use crate::stage::{NO_ANSWER, PEOPLE_LIST, ROOT_LIST, Stage, hours, lines, list, noon};

const UNKNOWN: Option<CardFault> = Some(CardFault::RevocationUnknown);

/// Asks a responder; the root's list lasts, so that only what is said of the card is on trial.
fn stage() -> Stage {
    let stage = Stage::with_responder();
    let lasting = CrlSpec::new(noon(), noon() + hours(1000));
    stage.net.put(ROOT_LIST, stage.root.crl(&lasting, &[]));
    stage
}

/// One that knows no certificate at all.
fn ignorant(stage: &Stage) -> OcspResponder {
    OcspResponder {
        otherwise: Status::Unknown,
        ..responder(stage)
    }
}

/// After the responder said at noon that Claire's card is good.
async fn known_as_good(stage: &Stage) -> Cards {
    let cards = stage.cards().await;
    assert_eq!(at(stage, &cards, &claire(stage), noon()).await, None);
    cards
}

#[tokio::test]
async fn a_certificate_that_its_responder_does_not_know_is_refused_whatever_was_said_before() {
    let stage = stage();
    let (cards, card) = (known_as_good(&stage).await, claire(&stage));
    stage.net.answer_with(ignorant(&stage));
    assert_eq!(at(&stage, &cards, &card, noon() + hours(2)).await, UNKNOWN);
    // Nor does the "good" of before come back once the responder falls silent.
    *stage.net.responder.lock().unwrap() = None;
    assert_eq!(at(&stage, &cards, &card, noon() + hours(3)).await, UNKNOWN);
    stage.net.answer_with(responder(&stage));
    assert_eq!(at(&stage, &cards, &card, noon() + hours(4)).await, None);
}

#[tokio::test]
async fn a_responder_that_does_not_know_is_asked_again_after_a_minute() {
    let stage = stage();
    let (cards, card) = (stage.cards().await, claire(&stage));
    stage.net.answer_with(ignorant(&stage));
    let seconds = jiff::SignedDuration::from_secs;
    for second in [0, 59] {
        assert_eq!(at(&stage, &cards, &card, noon() + seconds(second)).await, UNKNOWN);
    }
    assert_eq!(stage.net.asked(), 1);
    stage.net.answer_with(responder(&stage));
    assert_eq!(at(&stage, &cards, &card, noon() + seconds(60)).await, None);
}

#[tokio::test]
async fn what_was_revoked_is_not_good_for_being_forgotten() {
    let mut stage = stage();
    stage.people_file().lists = vec![ListSource::Url(PEOPLE_LIST.to_owned())];
    let (cards, card) = (stage.cards().await, claire(&stage));
    let revoked = responder(&stage).with(&card.serial, Status::Revoked(noon()));
    stage.net.answer_with(revoked);
    let refused = Some(CardFault::Revoked);
    assert_eq!(at(&stage, &cards, &card, noon()).await, refused);
    stage.net.answer_with(ignorant(&stage));
    assert_eq!(at(&stage, &cards, &card, noon() + hours(2)).await, refused);
}

#[tokio::test]
async fn of_a_card_that_its_responder_does_not_know_a_list_of_now_may_know_better() {
    let mut stage = stage();
    stage.people_file().lists = vec![ListSource::Url(PEOPLE_LIST.to_owned())];
    let (cards, card) = (stage.cards().await, claire(&stage));
    stage.net.answer_with(ignorant(&stage));
    assert_eq!(at(&stage, &cards, &card, noon() + hours(24)).await, None);
    // Past its next update the list is believed for a while where nobody answers, and not against who does.
    let late = noon() + hours(25);
    assert_eq!(at(&stage, &cards, &card, late).await, UNKNOWN);
    let again = stage.open_at(late);
    *stage.net.responder.lock().unwrap() = None;
    assert_eq!(at(&stage, &again, &card, late).await, None);
}

#[tokio::test]
async fn an_answer_that_can_t_be_taken_is_none_and_the_last_word_stands_in() {
    for fault in NO_ANSWER {
        let stage = stage();
        let (cards, card) = (known_as_good(&stage).await, claire(&stage));
        // Whatever it says.
        stage.net.answer_with(OcspResponder {
            fault: Some(fault),
            ..ignorant(&stage)
        });
        let found = at(&stage, &cards, &card, noon() + hours(24)).await;
        assert_eq!(found, None, "{fault:?}");
        let found = at(&stage, &cards, &card, noon() + hours(25)).await;
        assert_eq!(found, UNKNOWN, "{fault:?}, past the grace");
    }
}

const POINT: &str = "http://lists.example/responders.crl";

/// One that answers in the people's name, whose certificate is in the list for [`POINT`] or in none.
fn delegate(stage: &Stage, names_point: bool, is_never_checked: bool) -> Issued {
    let mut spec = Spec::ocsp_signer("OCSP FORT PERSONNES");
    if names_point {
        spec.urls = Some(Urls {
            crls: vec![POINT.to_owned()],
            ..Urls::default()
        });
    }
    if !is_never_checked {
        spec.extra.clear();
    }
    stage.people.issue(spec)
}

/// What becomes of Claire's card, which is in no list, where that delegate answers and the list for [`POINT`], if there is one, has
/// these revoked.
async fn answered_by(delegate: &Issued, list_of_point: Option<&[&Issued]>) -> Option<CardFault> {
    let mut stage = stage();
    if let Some(revoked) = list_of_point {
        let spec = CrlSpec {
            extra: vec![issuing_point(POINT)],
            ..list(1)
        };
        stage.people_file().lists = vec![ListSource::Url(PEOPLE_LIST.to_owned())];
        stage
            .net
            .put(PEOPLE_LIST, stage.people.crl(&spec, &lines(revoked)));
    }
    stage.net.answer_with(OcspResponder {
        delegate: Some(delegate.clone()),
        ..responder(&stage)
    });
    let cards = stage.cards().await;
    at(&stage, &cards, &claire(&stage), noon()).await
}

#[tokio::test]
async fn a_responder_that_a_list_of_some_distribution_point_revokes_is_not_believed() {
    let stage = stage();
    for names_point in [true, false] {
        for is_never_checked in [true, false] {
            let delegate = delegate(&stage, names_point, is_never_checked);
            let found = answered_by(&delegate, Some(&[&delegate])).await;
            assert_eq!(found, UNKNOWN, "{names_point} {is_never_checked}");
        }
    }
}

#[tokio::test]
async fn a_responder_is_believed_that_a_list_says_is_good_or_whose_authority_says_that_nobody_need_ask() {
    let stage = stage();
    for (names_point, is_never_checked, has_list, expected) in [
        (true, true, true, None),
        (true, false, true, None),
        (false, true, true, None),
        (false, false, true, UNKNOWN),
        (true, true, false, None),
        (true, false, false, UNKNOWN),
    ] {
        let delegate = delegate(&stage, names_point, is_never_checked);
        let found = answered_by(&delegate, has_list.then_some(&[])).await;
        assert_eq!(found, expected, "{names_point} {is_never_checked} {has_list}");
    }
}
