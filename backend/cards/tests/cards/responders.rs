//! OCSP: whose answers are believed, for how long, and what happens without them.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use portique_cards::{Cards, ListSource};
use portique_domain::card::{CardFault, CardJudge, Presented};
use portique_test_authority::{Authority, Issued, Key, KeyKind, OcspResponder, Period, Spec, Status};

use crate::stage::{
    NO_ANSWER, PEOPLE_LIST, RESPONDER, Stage, hours, judge, lines, list, locked, noon, physician,
};

pub fn claire(stage: &Stage) -> Issued {
    stage.people.issue(physician())
}

pub fn responder(stage: &Stage) -> OcspResponder {
    OcspResponder::new(stage.people.clone())
}

/// What becomes of a good card with that responder and no list.
async fn judged_with(change: impl FnOnce(&Stage, OcspResponder) -> OcspResponder) -> Option<CardFault> {
    let stage = Stage::with_responder();
    let changed = change(&stage, responder(&stage));
    stage.net.answer_with(changed);
    stage.judge(claire(&stage).chain()).await.err()
}

/// Judges at that moment, the responder's clock being right.
pub async fn at(stage: &Stage, cards: &Cards, card: &Issued, moment: Timestamp) -> Option<CardFault> {
    *locked(&stage.net.now) = Some(moment);
    judge(cards, card.chain(), moment).await.err()
}

#[tokio::test]
async fn a_responder_tells_good_from_revoked() {
    let stage = Stage::with_responder();
    let (good, bad) = (
        claire(&stage),
        stage
            .people
            .issue(Spec::professional("02A1234567", "DURAND", "Paul")),
    );
    stage
        .net
        .answer_with(responder(&stage).with(&bad.serial, Status::Revoked(noon() - hours(1))));
    let cards = stage.cards().await;
    assert!(judge(&cards, good.chain(), noon()).await.is_ok());
    assert_eq!(judge(&cards, bad.chain(), noon()).await, Err(CardFault::Revoked));
}

#[tokio::test]
async fn answers_without_nonce_are_taken_since_many_are_signed_ahead() {
    let found = judged_with(|_, good| OcspResponder {
        echoes_nonce: false,
        ..good
    });
    assert_eq!(found.await, None);
}

#[tokio::test]
async fn no_answer_but_a_good_one_opens() {
    for fault in NO_ANSWER {
        let found = judged_with(|_, good| OcspResponder {
            fault: Some(fault),
            ..good
        });
        assert_eq!(found.await, Some(CardFault::RevocationUnknown), "{fault:?}");
    }
    let unknown = judged_with(|_, good| OcspResponder {
        otherwise: Status::Unknown,
        ..good
    });
    assert_eq!(unknown.await, Some(CardFault::RevocationUnknown));
}

#[tokio::test]
async fn another_authority_can_t_answer_even_under_the_same_name() {
    let found = judged_with(|stage, _| OcspResponder::new(stage.contactless.clone()));
    assert_eq!(found.await, Some(CardFault::RevocationUnknown));
    let found = judged_with(|stage, _| {
        let key = Key::of("another", KeyKind::P256);
        let same_name = stage.root.intermediate(Spec {
            key,
            ..Spec::authority("AC IGC-SANTE FORT PERSONNES")
        });
        OcspResponder {
            otherwise: Status::Good,
            ..OcspResponder::new(same_name)
        }
    });
    assert_eq!(found.await, Some(CardFault::RevocationUnknown));
}

#[tokio::test]
async fn whom_the_authority_appointed_may_answer_in_its_name() {
    let found = judged_with(|stage, good| OcspResponder {
        delegate: Some(stage.people.issue(Spec::ocsp_signer("OCSP FORT PERSONNES"))),
        ..good
    });
    assert_eq!(found.await, None);
}

#[tokio::test]
async fn nobody_else_may() {
    type Delegate = fn(&Stage) -> Issued;
    let signer = || Spec::ocsp_signer("OCSP FORT PERSONNES");
    assert_eq!(signer().extended_key_usage.len(), 1);
    let cases: [(&str, Delegate); 7] = [
        ("the holder of any card", |stage| stage.people.issue(physician())),
        ("one without the purpose", |stage| {
            stage.people.issue(Spec {
                extended_key_usage: vec![],
                ..Spec::ocsp_signer("OCSP FORT PERSONNES")
            })
        }),
        ("one whose key is for no signatures", |stage| {
            stage.people.issue(Spec {
                key_usage: vec![portique_test_authority::KeyUsages::KeyEncipherment],
                ..Spec::ocsp_signer("OCSP FORT PERSONNES")
            })
        }),
        ("one whose time is over", |stage| {
            stage.people.issue(Spec {
                valid: Period::years(2020, 2023),
                ..Spec::ocsp_signer("OCSP FORT PERSONNES")
            })
        }),
        ("whom the root appointed", |stage| {
            stage.root.issue(Spec::ocsp_signer("OCSP RACINE"))
        }),
        ("whom another authority appointed", |stage| {
            stage.contactless.issue(Spec::ocsp_signer("OCSP ELEMENTAIRE"))
        }),
        ("who appointed themselves", |_| {
            Authority::root(Spec::ocsp_signer("OCSP FORT PERSONNES")).issued
        }),
    ];
    for (who, delegate) in cases {
        let found = judged_with(|stage, good| OcspResponder {
            delegate: Some(delegate(stage)),
            ..good
        });
        assert_eq!(found.await, Some(CardFault::RevocationUnknown), "{who}");
    }
}

#[tokio::test]
async fn a_responder_that_was_revoked_itself_is_not_believed() {
    let mut stage = Stage::with_responder();
    let delegate = stage.people.issue(Spec::ocsp_signer("OCSP FORT PERSONNES"));
    stage.people_file().lists = vec![ListSource::Url(PEOPLE_LIST.to_owned())];
    // Too old to say that a card is good; what it revoked stays so.
    let spec = portique_test_authority::CrlSpec::new(noon() - hours(100), noon() - hours(99));
    stage
        .net
        .put(PEOPLE_LIST, stage.people.crl(&spec, &lines(&[&delegate])));
    stage.net.answer_with(OcspResponder {
        delegate: Some(delegate),
        ..responder(&stage)
    });
    assert_eq!(
        stage.judge(claire(&stage).chain()).await.err(),
        Some(CardFault::RevocationUnknown)
    );
}

#[tokio::test]
async fn an_answer_is_kept_until_its_next_update_and_an_hour_at_most() {
    for (lasts, kept) in [(hours(100), 60), (SignedDuration::from_mins(10), 10)] {
        let stage = Stage::with_responder();
        stage.net.answer_with(OcspResponder {
            lasts,
            ..responder(&stage)
        });
        let (cards, card) = (stage.open_at(noon()), claire(&stage));
        let root = stage.cards().await;
        drop(root);
        cards.refresh_due(noon()).await;
        for minute in 0..kept {
            assert_eq!(
                at(&stage, &cards, &card, noon() + SignedDuration::from_mins(minute)).await,
                None
            );
        }
        assert_eq!(stage.net.asked(), 1);
        assert_eq!(
            at(&stage, &cards, &card, noon() + SignedDuration::from_mins(kept)).await,
            None
        );
        assert_eq!(stage.net.asked(), 2);
    }
}

#[tokio::test]
async fn a_card_that_is_revoked_meanwhile_is_refused_once_the_kept_answer_is_over() {
    let stage = Stage::with_responder();
    let (cards, card) = (stage.cards().await, claire(&stage));
    assert_eq!(at(&stage, &cards, &card, noon()).await, None);
    stage
        .net
        .answer_with(responder(&stage).with(&card.serial, Status::Revoked(noon())));
    assert_eq!(
        at(&stage, &cards, &card, noon() + hours(1)).await,
        Some(CardFault::Revoked)
    );
    // Then the responder falls silent: what it revoked does not open for that.
    *stage.net.responder.lock().unwrap() = None;
    assert_eq!(
        at(&stage, &cards, &card, noon() + hours(10)).await,
        Some(CardFault::Revoked)
    );
}

#[tokio::test]
async fn a_responder_that_falls_silent_is_stood_in_for_by_its_last_word_within_the_grace() {
    let stage = Stage::with_responder();
    let lasting = portique_test_authority::CrlSpec::new(noon(), noon() + hours(1000));
    stage
        .net
        .put(crate::stage::ROOT_LIST, stage.root.crl(&lasting, &[]));
    let (cards, card) = (stage.cards().await, claire(&stage));
    let other = stage
        .people
        .issue(Spec::professional("02A1234567", "DURAND", "Paul"));
    assert_eq!(at(&stage, &cards, &card, noon()).await, None);
    *stage.net.responder.lock().unwrap() = None;
    assert_eq!(at(&stage, &cards, &card, noon() + hours(24)).await, None);
    let unknown = Some(CardFault::RevocationUnknown);
    assert_eq!(
        at(&stage, &cards, &other, noon() + hours(24)).await,
        unknown,
        "never asked for before"
    );
    let past = noon() + hours(24) + SignedDuration::from_secs(1);
    assert_eq!(at(&stage, &cards, &card, past).await, unknown);
}

#[tokio::test]
async fn a_silent_responder_is_left_in_peace_for_a_while() {
    let stage = Stage::with_responder();
    *stage.net.responder.lock().unwrap() = None;
    let (cards, card) = (stage.cards().await, claire(&stage));
    for second in 0..30 {
        at(&stage, &cards, &card, noon() + SignedDuration::from_secs(second)).await;
    }
    assert_eq!(stage.net.asked(), 1);
    stage.net.answer_with(responder(&stage));
    assert_eq!(
        at(&stage, &cards, &card, noon() + SignedDuration::from_secs(30)).await,
        None
    );
}

#[tokio::test]
async fn where_the_responder_fails_the_list_speaks() {
    let mut stage = Stage::with_responder();
    stage.people_file().lists = vec![ListSource::Url(PEOPLE_LIST.to_owned())];
    *stage.net.responder.lock().unwrap() = None;
    let card = claire(&stage);
    assert!(stage.judge(card.chain()).await.is_ok());
    stage.net.put(PEOPLE_LIST, stage.list_of(2, &[&card]));
    assert_eq!(stage.judge(card.chain()).await, Err(CardFault::Revoked));
}

#[tokio::test]
async fn whichever_says_revoked_is_believed() {
    let mut stage = Stage::with_responder();
    stage.people_file().lists = vec![ListSource::Url(PEOPLE_LIST.to_owned())];
    let (listed, asked) = (
        claire(&stage),
        stage
            .people
            .issue(Spec::professional("02A1234567", "DURAND", "Paul")),
    );
    stage
        .net
        .put(PEOPLE_LIST, stage.people.crl(&list(2), &lines(&[&listed])));
    stage
        .net
        .answer_with(responder(&stage).with(&asked.serial, Status::Revoked(noon())));
    for card in [listed, asked] {
        assert_eq!(stage.judge(card.chain()).await, Err(CardFault::Revoked));
    }
}

#[tokio::test]
async fn who_comes_twice_at_once_is_asked_for_once() {
    let stage = Stage::with_responder();
    assert_eq!(stage.settings.authorities[1].ocsp.as_deref(), Some(RESPONDER));
    let cards = Arc::new(stage.cards().await);
    let presented = Presented {
        chain: claire(&stage).chain(),
        is_proved: true,
    };
    let crowd: Vec<_> = (0..20)
        .map(|_| {
            let (cards, presented) = (cards.clone(), presented.clone());
            tokio::spawn(async move { cards.judge(&presented, noon()).await.is_ok() })
        })
        .collect();
    for one in crowd {
        assert!(one.await.unwrap());
    }
    assert_eq!(stage.net.asked(), 1);
}
