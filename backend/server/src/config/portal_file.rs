//! A portal's file: its shape, and what the rest of the program makes of it.

use std::collections::BTreeMap;

use ipnet::IpNet;
use portique_domain::portal::{AcceptedOf, CardStrength, SecondFactor};
use portique_shared::Language;
use portique_shared::Localized;
use portique_shared::api::captcha::CaptchaKind;
use portique_shared::api::portal::{PasswordChangeEntry, SignInShape, WayKind};
use portique_shared::api::recovery::RecoveryBy;
use portique_shared::policy::PasswordPolicy;
use serde::Deserialize;

use super::taken_away;
use crate::site::Audience;

/// A portal, as its file writes it over its preset.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalFile {
    /// The preset that it starts from: `paca`, `normandie`, `aura`, `neutral`. Read before the rest; here so that the key is known.
    #[serde(default, rename = "preset")]
    pub _preset: Option<String>,
    /// Key in the database; never change it once people have accounts.
    pub name: String,
    /// Host names that lead to it, without port.
    pub hosts: Vec<String>,
    /// What links in mails start with: `https://www.norm-uni.fr`.
    pub public_url: String,
    pub title: Localized,
    #[serde(default)]
    pub tagline: Localized,
    #[serde(default)]
    pub language: Language,
    #[serde(default = "default_time_zone")]
    pub time_zone: String,
    pub colours: ColoursFile,
    pub support: SupportFile,
    pub sender: SenderFile,
    pub password: PasswordPolicy,
    /// Words that no password may be made of.
    #[serde(default)]
    pub context_words: Vec<String>,
    #[serde(default)]
    pub session: SessionFile,
    #[serde(default)]
    pub provisional: ProvisionalFile,
    pub sign_in: SignInFile,
    pub password_change: PasswordChangeFile,
    #[serde(default)]
    pub second_factor: SecondFactorFile,
    /// Professional cards; none sign in without it.
    #[serde(default, deserialize_with = "taken_away::unless_false")]
    pub card: Option<CardFile>,
    #[serde(default)]
    pub recovery: RecoveryFile,
    /// Networks that people are told by a name.
    #[serde(default)]
    pub places: Vec<PlaceFile>,
    pub services_title: Localized,
    #[serde(default)]
    pub services: Vec<ServiceFile>,
    /// By slug: `legal-notice`, `contacts`.
    #[serde(default)]
    pub pages: BTreeMap<String, PageFile>,
}

fn default_time_zone() -> String {
    "Europe/Paris".into()
}

impl PortalFile {
    /// What stands behind the scheme of `public_url`: a host, and perhaps a port.
    pub fn public_host(&self) -> &str {
        let url = self.public_url.trim_end_matches('/');
        url.split_once("://").map_or("", |(_, host)| host)
    }

    /// Whether only this machine itself can reach it.
    pub fn is_local(&self) -> bool {
        portique_domain::this_machine::is_this_machine(self.public_host())
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColoursFile {
    /// `#rrggbb`, dark enough for white text.
    pub primary: String,
    /// The same on dark backgrounds: `#rrggbb`, light enough for black text.
    pub primary_dark: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupportFile {
    /// As inside a sentence: «support technique de …».
    pub name: Localized,
    pub email: String,
    pub phone: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SenderFile {
    pub name: String,
    pub address: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SessionFile {
    pub idle_minutes: u32,
    pub absolute_minutes: u32,
}

impl Default for SessionFile {
    /// ANSSI and the project's decision: 30 minutes idle, 4 hours at most.
    fn default() -> Self {
        Self {
            idle_minutes: 30,
            absolute_minutes: 240,
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProvisionalFile {
    pub lifetime_hours: u32,
}

impl Default for ProvisionalFile {
    /// A week: an invitation may arrive on the first day of somebody's leave.
    fn default() -> Self {
        Self { lifetime_hours: 168 }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInFile {
    #[serde(default)]
    pub shape: SignInShape,
    pub heading: Localized,
    pub ways: Vec<WayFile>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WayFile {
    pub kind: WayKind,
    pub label: Localized,
    #[serde(default)]
    pub intro: Option<Localized>,
    pub submit: Localized,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordChangeFile {
    #[serde(default)]
    pub entry: PasswordChangeEntry,
    pub heading: Localized,
    pub submit: Localized,
    #[serde(default)]
    pub asks_identifier: bool,
    /// Shown at the change of a provisional password; none by default.
    #[serde(default, deserialize_with = "taken_away::captcha")]
    pub captcha: Option<CaptchaKind>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardFile {
    /// The host that asks browsers for the card's certificate: `https://carte.norm-uni.fr`.
    pub url: String,
    /// Whether cards of the national test series are taken.
    #[serde(default)]
    pub test_cards: bool,
    /// `two_factors` (the card and its PIN) or `one_factor`.
    #[serde(default)]
    pub counts_as: CardStrength,
}

/// Which second factor is taken, and of whom: `everybody`, `unprivileged` accounts only, or `nobody`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SecondFactorFile {
    /// Whether everybody is asked for one at every sign-in, as privileged accounts always are.
    pub always: bool,
    /// One-time codes by mail.
    pub email: AcceptedOf,
    /// One-time codes to the mailbox that resets the password, where a person has no other on record.
    pub reset_mailbox: AcceptedOf,
    /// One-time codes by SMS, to the phone on record.
    pub sms: AcceptedOf,
    /// SMS in 24 hours.
    pub sms_per_day: u32,
    /// Countries (ISO 3166) whose mobile numbers get them; France and its overseas lands where none is named.
    pub sms_countries: Option<Vec<String>>,
    /// Authenticator applications.
    pub app: AcceptedOf,
    pub passkeys: AcceptedOf,
    pub recovery_codes: AcceptedOf,
    /// «Se souvenir de ce poste»: for how long; 0 where no browser is remembered.
    pub remember_hours: u32,
}

impl Default for SecondFactorFile {
    fn default() -> Self {
        let factor = SecondFactor::default();
        Self {
            always: factor.always,
            email: factor.email,
            reset_mailbox: factor.reset_mailbox,
            sms: factor.sms,
            sms_per_day: factor.sms_per_day,
            sms_countries: None,
            app: factor.app,
            passkeys: factor.passkeys,
            recovery_codes: factor.recovery_codes,
            remember_hours: 0,
        }
    }
}

/// What a person who stands locked out finds; what has no table here, or `false`, is not offered.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecoveryFile {
    #[serde(default, deserialize_with = "taken_away::unless_false")]
    pub password: Option<PasswordRecoveryFile>,
    #[serde(default, deserialize_with = "taken_away::unless_false")]
    pub identifier: Option<RecoveryScreenFile>,
    #[serde(default, deserialize_with = "taken_away::unless_false")]
    pub first_connection: Option<RecoveryScreenFile>,
    #[serde(default, deserialize_with = "taken_away::unless_false")]
    pub account_request: Option<RecoveryScreenFile>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordRecoveryFile {
    #[serde(default)]
    pub by: RecoveryBy,
    /// Whether the page that the link opens asks for the identifier.
    #[serde(default)]
    pub asks_identifier: bool,
    /// Where accounts' mail goes, in hundredths: `{ "chu.example" = 80, elsewhere = 20 }`. With it, the confirmation
    /// shows the masked address; what is not in it is shown as «elsewhere» is. Only where asked for by identifier.
    #[serde(default)]
    pub masked_domains: BTreeMap<String, u32>,
    pub screen: RecoveryScreenFile,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecoveryScreenFile {
    pub link: Localized,
    pub heading: Localized,
    pub intro: Localized,
    pub submit: Localized,
    #[serde(default, deserialize_with = "taken_away::captcha")]
    pub captcha: Option<CaptchaKind>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceFile {
    /// «CHU de Rouen».
    pub name: Localized,
    pub networks: Vec<IpNet>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceFile {
    pub name: Localized,
    pub words: Localized,
    /// One that comes with the client (`/services/agenda.svg`), or a file beside the portal's own (`pictures/ours.png`).
    pub picture: String,
    /// `https://…`.
    pub address: String,
    /// Who sees it; everybody by default.
    #[serde(default)]
    pub audience: Audience,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageFile {
    pub title: Localized,
    /// Markdown.
    pub text: Localized,
}
