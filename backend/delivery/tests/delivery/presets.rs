//! The four presets, as far as mails show them.

use jiff::tz::TimeZone;
use portique_domain::portal::{Portal, Sender, Support};
use portique_domain::testing;
use portique_shared::Localized;
use portique_shared::types::EmailAddress;

pub(crate) fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).expect("well formed")
}

pub(crate) fn preset(name: &str) -> Portal {
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
            "le support Sisra",
            "assistance@sante-ra.fr",
            "04 65 71 00 00",
            "#7a1f5c",
        ),
        _ => (
            "Portique",
            "Portique",
            "le support Portique",
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
