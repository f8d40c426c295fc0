//! The words of mails, for every portal that Portique ships, in both languages.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use portique_delivery::render::{Content, render};
use portique_domain::account::{Account, AccountId, AccountStatus, PasswordState};
use portique_domain::mail::OutgoingMail;
use portique_domain::password::Password;
use portique_domain::portal::{Portal, Sender, Support};
use portique_domain::testing;
use portique_shared::types::{EmailAddress, Identifier};
use portique_shared::{Language, Localized};
use proptest::prelude::*;
use uuid::Uuid;

use crate::world::START;

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).expect("well formed")
}

/// The four presets, as far as mails show them.
fn preset(name: &str) -> Portal {
    let (fr, en, support, mail, phone, colour) = match name {
        "paca" => (
            "Portail de santé PACA",
            "PACA health portal",
            "le support du Portail de santé PACA",
            "ror@ies-sud.fr",
            "04 98 080 080",
            "#0b5394",
        ),
        "normandie" => (
            "NORM'UNI",
            "NORM'UNI",
            "le support technique de Normand'e-santé",
            "support@normand-esante.fr",
            "02.50.53.70.01",
            "#00697d",
        ),
        "aura" => (
            "Sisra",
            "Sisra",
            "l'assistance Sisra",
            "assistance@sante-ra.fr",
            "04 65 71 00 00",
            "#7a1f5c",
        ),
        _ => (
            "Portique",
            "Portique",
            "l'assistance Portique",
            "assistance@portique.example",
            "01 99 00 12 34",
            "#1f4e79",
        ),
    };
    Portal {
        title: Localized::new(fr, en),
        support: Support {
            name: Localized {
                fr: support.into(),
                en: None,
            },
            email: email(mail),
            phone: phone.into(),
        },
        sender: Sender {
            name: fr.into(),
            address: email(&format!("ne-pas-repondre@{name}.example.org")),
        },
        time_zone: TimeZone::get("Europe/Paris").expect("the database is bundled"),
        colour: colour.into(),
        ..testing::portal(name)
    }
}

fn account(portal: &Portal, identifier: &str, language: Language) -> Account {
    Account {
        id: AccountId(Uuid::nil()),
        portal: portal.name.clone(),
        record: testing::record(identifier),
        status: AccountStatus::Active,
        password: PasswordState::None,
        language,
        created_at: Timestamp::UNIX_EPOCH,
        last_sign_in_at: None,
    }
}

fn start() -> Timestamp {
    START.parse().expect("well formed")
}

fn rendered(content: &Content<'_>, portal: &Portal, account: &Account) -> OutgoingMail {
    render(Uuid::from_u128(0x0198_c0de), content, portal, account, start()).expect("the templates are good")
}

fn invitation(portal: &Portal, identifier: &str, language: Language) -> OutgoingMail {
    let content = Content::Invitation {
        password: &Password::new("Kdfh4-Rmwp7-Ctgx9"),
        expires_at: "2026-11-27T13:30:40Z".parse().expect("well formed"),
    };
    rendered(&content, portal, &account(portal, identifier, language))
}

fn confirmation(portal: &Portal, identifier: &str, language: Language) -> OutgoingMail {
    // The page's language counts, not the one that the account had when the mail leaves.
    let other = Language::ALL.into_iter().find(|other| *other != language);
    let account = account(portal, identifier, other.unwrap_or_default());
    rendered(
        &Content::PasswordChanged {
            at: start(),
            language,
        },
        portal,
        &account,
    )
}

fn shown(mail: &OutgoingMail) -> String {
    format!(
        "From: {} <{}>\nTo: {}\nMessage-ID: {}\nSubject: {}\n\n{}",
        mail.from.name, mail.from.address, mail.to, mail.message_id, mail.subject, mail.text
    )
}

#[test]
fn the_invitation_says_what_the_guide_says_in_both_languages() {
    for language in Language::ALL {
        let mail = invitation(&preset("normandie"), "jeanne.lefevre", language);
        let name = format!("invitation.{}", language.tag());
        insta::assert_snapshot!(format!("{name}.text"), shown(&mail));
        insta::assert_snapshot!(format!("{name}.html"), mail.html);
    }
}

#[test]
fn the_confirmation_names_each_portals_support_in_both_languages() {
    for name in ["paca", "normandie", "aura", "neutral"] {
        for language in Language::ALL {
            let mail = confirmation(&preset(name), "jeanne.lefevre", language);
            let name = format!("password_changed.{name}.{}", language.tag());
            insta::assert_snapshot!(format!("{name}.text"), shown(&mail));
            insta::assert_snapshot!(format!("{name}.html"), mail.html);
        }
    }
}

#[test]
fn normandies_confirmation_is_the_guides_own() {
    let mail = confirmation(&preset("normandie"), "jeanne", Language::Fr);
    let words = "Votre changement de mot de passe a bien été pris en compte. Si vous n'avez pas effectué ce changement, \
                 merci de contacter le support technique de Normand'e-santé au 02 50 53 70 01.";
    assert!(mail.text.replace('\n', " ").contains(words), "{}", mail.text);
}

#[test]
fn the_support_stands_at_the_foot_of_every_mail() {
    let portal = preset("paca");
    for language in Language::ALL {
        for mail in [
            invitation(&portal, "jeanne", language),
            confirmation(&portal, "jeanne", language),
        ] {
            let foot: Vec<&str> = mail.text.lines().rev().take(7).collect();
            let foot = foot.join("\n");
            for told in [
                "ror@ies-sud.fr",
                "04 98 080 080",
                "Support du Portail de santé PACA",
            ] {
                assert!(foot.contains(told), "{told} in {foot}");
                assert!(mail.html.replace('\u{a0}', " ").contains(told), "{told}");
            }
        }
    }
}

#[test]
fn a_mail_fetches_nothing_and_its_links_hold_no_secret() {
    for language in Language::ALL {
        let portal = preset("aura");
        for mail in [
            invitation(&portal, "jeanne", language),
            confirmation(&portal, "jeanne", language),
        ] {
            for word in ["<img", "src=", "url(", "@import", "<script", "<link"] {
                assert!(!mail.html.contains(word), "{word}");
            }
            assert!(mail.html.contains(&format!("<html lang=\"{}\"", language.tag())));
            for link in mail.html.split("href=\"").skip(1) {
                let link = link.split('"').next().unwrap_or_default();
                let expected = [portal.public_url.as_str(), "mailto:assistance@sante-ra.fr"];
                assert!(expected.contains(&link), "{link}");
            }
        }
    }
}

proptest! {
    // Each case renders sixteen parts.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_names_hold_a_mail_keeps_its_shape(
        title in "\\PC{0,20}[\r\n<>&\"']{0,3}\\PC{0,20}",
        support in "[a-zA-Zé'<\r\n &]{0,60}",
        identifier in "[!-~éßŒ]{1,128}",
    ) {
        prop_assume!(Identifier::parse(&identifier).is_ok());
        let mut portal = preset("paca");
        portal.title = Localized::new(title.clone(), title.clone());
        portal.sender.name = title;
        portal.support.name = Localized { fr: support, en: None };
        for language in Language::ALL {
            for mail in [
                invitation(&portal, &identifier, language),
                confirmation(&portal, &identifier, language),
            ] {
                prop_assert!(!mail.subject.contains(char::is_control));
                prop_assert!(!mail.from.name.contains(char::is_control));
                prop_assert!(mail.text.contains(&identifier));
                for line in mail.text.lines() {
                    let long_word = line.split(' ').any(|word| word.chars().count() > 38);
                    prop_assert!(line.chars().count() <= 76 || long_word, "{}", line);
                }
                // Nothing that came in opened or closed an element.
                let tags = |html: &str| html.matches('<').count();
                let plain = if mail.text.contains("Kdfh4") {
                    invitation(&preset("paca"), "x", language)
                } else {
                    confirmation(&preset("paca"), "x", language)
                };
                prop_assert_eq!(tags(&mail.html), tags(&plain.html));
            }
        }
    }
}
