//! The words of mails, for every portal that Portique ships, in both languages.

use jiff::Timestamp;
use portique_delivery::render::{Content, Letter, Quoted, render};
use portique_domain::link::{LIFETIME, LinkToken};
use portique_domain::mail::OutgoingMail;
use portique_domain::outbox::IdentifierLink;
use portique_domain::password::Password;
use portique_domain::portal::{Offer, Portal};
use portique_domain::reference::Reference;
use portique_shared::types::Identifier;
use portique_shared::{Language, Localized};
use proptest::prelude::*;
use uuid::Uuid;

use crate::presets::{email, preset};
use crate::world::START;

fn start() -> Timestamp {
    START.parse().expect("well formed")
}

fn rendered(content: Content<'_>, portal: &Portal, language: Language) -> OutgoingMail {
    let reference = Reference::parse("K7QM-2XPA").expect("well formed");
    let answers_a_request = !matches!(
        content,
        Content::Invitation { accepted: false, .. } | Content::PasswordChanged { .. }
    );
    let letter = Letter {
        to: &email("jeanne.lefevre@example.org"),
        language,
        reference: answers_a_request.then_some(&reference),
        content,
    };
    let id = Uuid::from_u128(0x0198_c0de);
    render(id, &letter, portal, &quotes(portal), start()).expect("the templates are good")
}

/// What the preset's mails quote of its screens.
fn quotes(portal: &Portal) -> Quoted {
    Quoted {
        lost_password: Some(Localized::new("Mot de passe oublié ?", "Forgotten password?")),
        first_connection: portal
            .recovery
            .first_connection
            .map(|_| Localized::new("Première connexion", "First connection")),
    }
}

fn invitation(portal: &Portal, identifier: &str, language: Language) -> OutgoingMail {
    any_invitation(portal, identifier, false, language)
}

fn any_invitation(portal: &Portal, identifier: &str, accepted: bool, language: Language) -> OutgoingMail {
    let content = Content::Invitation {
        identifier,
        password: &Password::new("Kdfh4-Rmwp7-Ctgx9"),
        expires_at: "2026-11-27T13:30:40Z".parse().expect("well formed"),
        accepted,
    };
    rendered(content, portal, language)
}

fn confirmation(portal: &Portal, identifier: &str, language: Language) -> OutgoingMail {
    let content = Content::PasswordChanged {
        identifier,
        at: start(),
    };
    rendered(content, portal, language)
}

fn token() -> LinkToken {
    LinkToken::from_request(&"5f".repeat(32))
}

fn tomorrow() -> Timestamp {
    start() + LIFETIME
}

fn password_links(portal: &Portal, identifiers: &[&str], language: Language) -> OutgoingMail {
    let links: Vec<IdentifierLink> = identifiers
        .iter()
        .map(|identifier| IdentifierLink {
            identifier: (*identifier).to_owned(),
            token: token(),
        })
        .collect();
    let content = Content::PasswordLinks {
        links: &links,
        expires_at: tomorrow(),
    };
    rendered(content, portal, language)
}

fn reminder(portal: &Portal, identifiers: &[&str], asked_account: bool, language: Language) -> OutgoingMail {
    let identifiers: Vec<String> = identifiers.iter().map(ToString::to_string).collect();
    let content = Content::Identifiers {
        identifiers: &identifiers,
        asked_account,
    };
    rendered(content, portal, language)
}

fn address_proof(portal: &Portal, language: Language) -> OutgoingMail {
    let content = Content::AddressProof {
        token: &token(),
        expires_at: tomorrow(),
    };
    rendered(content, portal, language)
}

fn refusal(portal: &Portal, reason: &str, language: Language) -> OutgoingMail {
    rendered(Content::RequestRefused { reason }, portal, language)
}

fn waiting(portal: &Portal, language: Language) -> OutgoingMail {
    let shown = Reference::parse("3FGH-89TV").expect("well formed");
    rendered(Content::RequestWaiting { shown: &shown }, portal, language)
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
fn an_invitation_past_its_time_leads_to_the_portals_own_page_where_there_is_one() {
    let mut portal = preset("aura");
    portal.recovery.first_connection = Some(Offer::default());
    for language in Language::ALL {
        let mail = invitation(&portal, "jeanne.lefevre", language);
        let name = format!("invitation.first_connection.{}", language.tag());
        insta::assert_snapshot!(format!("{name}.text"), shown(&mail));
        insta::assert_snapshot!(format!("{name}.html"), mail.html);
    }
}

#[test]
fn an_invitation_that_answers_a_request_for_an_account_says_that_it_was_accepted() {
    for language in Language::ALL {
        let mail = any_invitation(&preset("aura"), "jeanne.lefevre", true, language);
        let name = format!("invitation.accepted.{}", language.tag());
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
fn the_answers_to_who_stands_locked_out_are_in_both_languages() {
    let mut portal = preset("aura");
    portal.recovery.account_request = Some(Offer::default());
    for language in Language::ALL {
        for (name, mail) in [
            (
                "password_links.one",
                password_links(&portal, &["jeanne.lefevre"], language),
            ),
            (
                "password_links.two",
                password_links(&portal, &["jlefevre", "j.lefevre"], language),
            ),
            (
                "identifiers.one",
                reminder(&portal, &["jeanne.lefevre"], false, language),
            ),
            (
                "identifiers.two",
                reminder(&portal, &["jlefevre", "j.lefevre"], false, language),
            ),
            (
                "identifiers.account",
                reminder(&portal, &["jeanne.lefevre"], true, language),
            ),
            ("address_proof", address_proof(&portal, language)),
            (
                "request_refused.reason",
                refusal(&portal, "Votre structure n'est pas adhérente.", language),
            ),
            ("request_refused", refusal(&portal, "", language)),
            ("request_waiting", waiting(&portal, language)),
        ] {
            let name = format!("{name}.{}", language.tag());
            insta::assert_snapshot!(format!("{name}.text"), shown(&mail));
            insta::assert_snapshot!(format!("{name}.html"), mail.html);
        }
    }
}

#[test]
fn a_portal_without_a_way_to_a_new_password_speaks_of_none() {
    let content = Content::Identifiers {
        identifiers: &["jeanne.lefevre".to_owned()],
        asked_account: false,
    };
    let letter = Letter {
        to: &email("jeanne.lefevre@example.org"),
        language: Language::Fr,
        reference: None,
        content,
    };
    let portal = preset("aura");
    let mail = render(Uuid::nil(), &letter, &portal, &Quoted::default(), start()).expect("good");
    assert!(!mail.text.contains("oublié"), "{}", mail.text);
    assert!(!mail.html.contains("oublié"), "{}", mail.html);
}

#[test]
fn of_several_links_each_says_for_whom_it_is() {
    let mail = password_links(&preset("paca"), &["jlefevre", "j.lefevre"], Language::Fr);
    for identifier in ["jlefevre", "j.lefevre"] {
        let words = format!("Choisir un nouveau mot de passe pour {identifier}<");
        assert!(mail.html.contains(&words), "{}", mail.html);
        let words = format!("nouveau mot de passe pour {identifier} :");
        assert!(mail.text.replace('\n', " ").contains(&words), "{}", mail.text);
    }
}

#[test]
fn a_link_leads_to_the_portals_own_address_with_its_token_after_the_hash() {
    let mail = password_links(&preset("paca"), &["jeanne"], Language::Fr);
    let address = format!("https://paca.example.org/password/new#{}", token().as_str());
    assert!(mail.text.contains(&address), "{}", mail.text);
    assert!(mail.html.contains(&format!("href=\"{address}\"")));
}

#[test]
fn normandies_confirmation_is_the_guides_own() {
    let mail = confirmation(&preset("normandie"), "jeanne", Language::Fr);
    let words = "Votre changement de mot de passe a bien été pris en compte. Si vous n’avez pas effectué ce changement, \
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
