//! One-time codes on their way.

use std::sync::Arc;

use jiff::SignedDuration;
use portique_delivery::render::{Content, Letter, Quoted, render};
use portique_domain::clock::Clock;
use portique_domain::outbox::{DeliveryState, Message, SecurityChange};
use portique_domain::reference::Reference;
use portique_domain::second_step::CODE_LIFETIME;
use portique_shared::Language;
use portique_shared::api::second_step::Destination;
use portique_shared::types::OneTimeCode;
use uuid::Uuid;

use crate::presets::{email, preset};
use crate::world::{Recorder, START, World};

fn code() -> OneTimeCode {
    OneTimeCode::parse("012345").expect("six digits")
}

fn reference() -> Reference {
    Reference::parse("K7QM2XPA").expect("a reference")
}

#[test]
fn a_code_is_mailed_in_both_languages_and_stands_in_no_subject() {
    let portal = preset("paca");
    let start: jiff::Timestamp = START.parse().expect("a moment, well written");
    for language in Language::ALL {
        let letter = Letter {
            to: &email("jeanne@exemple.fr"),
            language,
            reference: Some(&reference()),
            content: Content::SignInCode {
                code: &code(),
                expires_at: start + CODE_LIFETIME,
            },
        };
        let mail = render(Uuid::nil(), &letter, &portal, &Quoted::default(), start).expect("good");
        assert!(!mail.subject.contains("012345"));
        insta::assert_snapshot!(format!("sign_in_code.{}.text", language.tag()), mail.text);
        insta::assert_snapshot!(format!("sign_in_code.{}.html", language.tag()), mail.html);
    }
}

#[test]
fn a_code_that_proves_an_address_is_mailed_in_both_languages_and_names_no_account() {
    let portal = preset("paca");
    let start: jiff::Timestamp = START.parse().expect("a moment, well written");
    for language in Language::ALL {
        let letter = Letter {
            to: &email("jeanne@ailleurs.example"),
            language,
            reference: Some(&reference()),
            content: Content::ContactCode {
                code: &code(),
                expires_at: start + CODE_LIFETIME,
            },
        };
        let mail = render(Uuid::nil(), &letter, &portal, &Quoted::default(), start).expect("good");
        assert!(!mail.subject.contains("012345"));
        insta::assert_snapshot!(format!("contact_code.{}.text", language.tag()), mail.text);
        insta::assert_snapshot!(format!("contact_code.{}.html", language.tag()), mail.html);
    }
}

/// The state of a code's message after the worker came to it so late.
async fn sent_after(wait: SignedDuration) -> (usize, DeliveryState, Option<String>) {
    let (world, mailer) = (World::new(), Arc::new(Recorder::default()));
    world
        .queue(&Message::SignInCode {
            code: code(),
            to: Destination::Email,
            reference: reference(),
            language: Language::Fr,
            expires_at: world.clock.now() + CODE_LIFETIME,
        })
        .await;
    world.turn(wait);
    world
        .worker(mailer.clone())
        .run_once()
        .await
        .expect("the store answers");
    let message = world.message().await;
    (mailer.seen().len(), message.state, message.last_error)
}

#[tokio::test]
async fn a_code_whose_time_is_over_is_not_sent_any_more() {
    let second = SignedDuration::from_secs(1);
    assert_eq!(
        sent_after(CODE_LIFETIME - second).await,
        (1, DeliveryState::Sent, None)
    );
    let note = "nothing was sent: the code's time was over";
    let late = sent_after(CODE_LIFETIME).await;
    assert_eq!(late, (0, DeliveryState::Sent, Some(note.to_owned())));
}

#[test]
fn a_changed_rescue_contact_is_told_in_a_sentence_with_what_it_is_now_masked() {
    let masked = "jxxxxxx@axxx.example".to_owned();
    told_in_both_languages(&[
        (
            SecurityChange::MainEmailChanged {
                masked: masked.clone(),
            },
            "L’e-mail de votre compte est maintenant jxxxxxx@axxx.example.",
            "The e-mail of your account is now jxxxxxx@axxx.example.",
        ),
        (
            SecurityChange::RescueEmailChanged { masked },
            "L’e-mail de secours de votre compte est maintenant jxxxxxx@axxx.example.",
            "The rescue e-mail of your account is now jxxxxxx@axxx.example.",
        ),
        (
            SecurityChange::RescuePhoneChanged {
                masked: "06 xx xx xx 78".to_owned(),
            },
            "Le téléphone de secours de votre compte est maintenant le 06 xx xx xx 78.",
            "The rescue phone of your account is now 06 xx xx xx 78.",
        ),
        (
            SecurityChange::RescueEmailRemoved,
            "L’e-mail de secours de votre compte a été retiré.",
            "The rescue e-mail of your account was removed.",
        ),
        (
            SecurityChange::RescuePhoneRemoved,
            "Le téléphone de secours de votre compte a été retiré.",
            "The rescue phone of your account was removed.",
        ),
    ]);
}

#[test]
fn a_card_that_was_attached_or_detached_is_told_with_its_number_masked() {
    let number = "10xxxxxxx86".to_owned();
    told_in_both_languages(&[
        (
            SecurityChange::CardAttached {
                number: number.clone(),
            },
            "La carte professionnelle n°\u{a0}10xxxxxxx86 a été rattachée à votre compte.",
            "The professional card no.\u{a0}10xxxxxxx86 was attached to your account.",
        ),
        (
            SecurityChange::CardDetached { number },
            "La carte professionnelle n°\u{a0}10xxxxxxx86 a été retirée de votre compte.",
            "The professional card no.\u{a0}10xxxxxxx86 was removed from your account.",
        ),
    ]);
}

/// Renders the mail of each change, and looks for its sentence, French and English, in both of its forms.
#[track_caller]
fn told_in_both_languages(changes: &[(SecurityChange, &str, &str)]) {
    let portal = preset("paca");
    let start: jiff::Timestamp = START.parse().expect("a moment, well written");
    for (change, french, english) in changes {
        for (language, told) in [(Language::Fr, french), (Language::En, english)] {
            let letter = Letter {
                to: &email("jeanne@exemple.fr"),
                language,
                reference: None,
                content: Content::SecurityChanged {
                    identifier: "jeanne.lefevre",
                    change,
                    at: start,
                },
            };
            let mail = render(Uuid::nil(), &letter, &portal, &Quoted::default(), start).expect("good");
            // Plain text has ordinary blanks where its lines are not to break.
            let in_text = told.replace('\u{a0}', " ");
            assert!(mail.text.replace('\n', " ").contains(&in_text), "{}", mail.text);
            assert!(mail.html.contains(told), "{}", mail.html);
        }
    }
}
