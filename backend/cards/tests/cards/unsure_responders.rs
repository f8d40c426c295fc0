//! OCSP: a responder that answers, and vouches for nothing.

use portique_cards::{Cards, ListSource};
use portique_domain::card::CardFault;
use portique_test_authority::{CrlSpec, OcspFault, OcspResponder, Status};

use crate::responders::{at, claire, responder};
use crate::stage::{PEOPLE_LIST, ROOT_LIST, Stage, hours, noon};

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
    for fault in [
        OcspFault::WrongSigner,
        OcspFault::Stale,
        OcspFault::Future,
        OcspFault::WrongCertificate,
        OcspFault::WrongNonce,
        OcspFault::WeakSignature,
        OcspFault::TryLater,
        OcspFault::Unreadable,
    ] {
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
