//! A portal (tenant): what the rules need to know of it. How it looks is the server's affair.

use core::fmt;
use std::sync::Arc;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use portique_shared::api::captcha::CaptchaKind;
use portique_shared::api::recovery::RecoveryBy;
use portique_shared::policy::PasswordPolicy;
use portique_shared::types::EmailAddress;
use portique_shared::{Language, Localized};
use serde::{Deserialize, Serialize};

use crate::account::Record;

use crate::phone::Countries;

/// A portal's key in the configuration and the database: 1 to 40 of a-z, 0-9 and `-`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PortalName(Arc<str>);

/// A text that can't name a portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a name of 1 to 40 characters among a-z, 0-9 and -")]
pub struct InvalidPortalName;

impl PortalName {
    pub fn parse(text: &str) -> Result<Self, InvalidPortalName> {
        let well_formed = (1..=40).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if well_formed {
            Ok(Self(text.into()))
        } else {
            Err(InvalidPortalName)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PortalName {
    type Error = InvalidPortalName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<PortalName> for String {
    fn from(name: PortalName) -> Self {
        name.0.as_ref().to_owned()
    }
}

impl fmt::Display for PortalName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One portal.
#[derive(Clone, Debug)]
pub struct Portal {
    pub name: PortalName,
    pub title: Localized,
    /// Scheme and authority that links in mails start with, without a slash at the end. From the configuration,
    /// never from a request: a forged `Host` must not end up in a mail.
    pub public_url: String,
    pub support: Support,
    pub policy: PasswordPolicy,
    /// Asked at the change of a provisional password.
    pub change_captcha: Option<CaptchaKind>,
    pub recovery: Recovery,
    pub second_factor: SecondFactor,
    /// Professional cards; `None` where they sign nobody in.
    pub card: Option<CardSettings>,
    pub sessions: SessionLifetimes,
    /// How long a provisional password can be used from the moment its invitation leaves.
    pub provisional_lifetime: SignedDuration,
    /// The language of mails to people who chose none.
    pub language: Language,
    /// For the hours told in mails.
    pub time_zone: TimeZone,
    /// Who mails come from.
    pub sender: Sender,
    /// Words that a password must not be made of: the portal's and the agency's names.
    pub context_words: Vec<String>,
    /// Accent colour of mails, `#rrggbb`; dark enough for white text.
    pub colour: String,
}

/// How the portal proves people a second time: which factor it takes, and of whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondFactor {
    /// Whether everybody is asked for one, at every sign-in.
    pub always: bool,
    /// One-time codes by mail.
    pub email: AcceptedOf,
    /// The same to the mailbox that resets the password, where the person has no other: whoever reads it has both factors.
    pub reset_mailbox: AcceptedOf,
    /// One-time codes by SMS, to the phone on record.
    pub sms: AcceptedOf,
    /// SMS that the portal pays for in 24 hours.
    pub sms_per_day: u32,
    /// Whose numbers get them.
    pub sms_countries: Countries,
    /// Authenticator applications.
    pub app: AcceptedOf,
    pub passkeys: AcceptedOf,
    pub recovery_codes: AcceptedOf,
    /// For how long a browser may stand in for it where its person wants that; `None`: never.
    pub remembered: Option<SignedDuration>,
}

/// SMS in 24 hours where the portal's file says nothing: some 130 euros at a French operator's price, and more codes than the
/// privileged people of a region ask for in a day.
pub const SMS_PER_DAY: u32 = 2_000;

impl Default for SecondFactor {
    /// What needs no gateway is taken of everybody.
    fn default() -> Self {
        Self {
            always: false,
            email: AcceptedOf::Everybody,
            reset_mailbox: AcceptedOf::Everybody,
            sms: AcceptedOf::Nobody,
            sms_per_day: SMS_PER_DAY,
            sms_countries: Countries::french(),
            app: AcceptedOf::Everybody,
            passkeys: AcceptedOf::Everybody,
            recovery_codes: AcceptedOf::Everybody,
            remembered: None,
        }
    }
}

/// How the portal takes professional cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardSettings {
    /// Scheme and authority of the host that asks browsers for a certificate, without a slash at the end.
    pub url: String,
    /// Whether cards of the national test series are taken.
    pub test_cards: bool,
    pub counts_as: CardStrength,
}

/// What a card proves by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardStrength {
    /// As a password does: a second step follows where one is asked for.
    #[default]
    OneFactor,
    /// The card and its PIN, where the portal says so: it vouches for what its cards and readers ask.
    TwoFactors,
}

impl CardSettings {
    pub fn is_two_factors(&self) -> bool {
        self.counts_as == CardStrength::TwoFactors
    }
}

/// Of whom a factor is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AcceptedOf {
    Everybody,
    /// Not of privileged accounts.
    Unprivileged,
    Nobody,
}

impl AcceptedOf {
    pub fn covers(self, record: &Record) -> bool {
        match self {
            Self::Everybody => true,
            Self::Unprivileged => !record.privileges.any(),
            Self::Nobody => false,
        }
    }
}

/// What a person who stands locked out may ask for; `None` where the portal doesn't offer it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    pub password: Option<PasswordRecovery>,
    pub identifier: Option<Offer>,
    /// The invitation once more.
    pub first_connection: Option<Offer>,
    /// An account, for who has none.
    pub account_request: Option<Offer>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordRecovery {
    pub by: RecoveryBy,
    /// Whether the identifier is asked for again with the new password.
    pub asks_identifier: bool,
    /// The domains of accounts' addresses that may be shown, with how many of a hundred people have theirs there; the rest
    /// of the hundred have it elsewhere, which is not shown. Empty: no address is shown.
    pub masked_domains: Vec<(String, u32)>,
    pub offer: Offer,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    pub captcha: Option<CaptchaKind>,
}

/// Whom a person asks for help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Support {
    /// «support technique de Normand'e-santé»: as inside a sentence.
    pub name: Localized,
    pub email: EmailAddress,
    /// As the portal writes it.
    pub phone: String,
}

/// A mail's `From`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    pub name: String,
    pub address: EmailAddress,
}

/// How long sessions live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLifetimes {
    /// Without activity.
    pub idle: SignedDuration,
    /// Whatever happens.
    pub absolute: SignedDuration,
}

/// Every portal of the installation, by name.
#[derive(Clone, Debug, Default)]
pub struct Portals(Vec<Arc<Portal>>);

impl Portals {
    pub fn new(portals: impl IntoIterator<Item = Portal>) -> Self {
        Self(portals.into_iter().map(Arc::new).collect())
    }

    pub fn get(&self, name: &PortalName) -> Option<&Arc<Portal>> {
        self.0.iter().find(|portal| portal.name == *name)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<Portal>> {
        self.0.iter()
    }
}
