//! How the values of the rules are written in columns, and read back.

use core::net::IpAddr;

use jiff::Timestamp;
use portique_domain::account::{AccountStatus, Civility};
use portique_domain::application::RequestState;
use portique_domain::browser::{Browser, BrowserFamily, System};
use portique_domain::card_ceremony::CardPurpose;
use portique_domain::outbox::Channel;
use portique_domain::passkey::Purpose;
use portique_domain::session::SessionScope;
use portique_domain::sms::ReportState;
use portique_domain::store::{StoreError, StoreResult};
use portique_domain::throttle::ThrottleKind;
use portique_shared::api::contacts::ContactKind;
use portique_shared::api::second_step::Destination;

/// A value that this version can't read: written by a later one, or by hand. Names the column, never the value.
pub(crate) fn unreadable(column: &str) -> StoreError {
    StoreError::Database(format!("{column} holds a value that can't be read"))
}

/// Milliseconds since 1970.
pub(crate) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

pub(crate) fn timestamp(millis: i64, column: &str) -> StoreResult<Timestamp> {
    Timestamp::from_millisecond(millis).map_err(|_| unreadable(column))
}

pub(crate) fn count(number: i64, column: &str) -> StoreResult<u32> {
    u32::try_from(number).map_err(|_| unreadable(column))
}

pub(crate) fn address(text: Option<&str>, column: &str) -> StoreResult<Option<IpAddr>> {
    text.map(|text| text.parse().map_err(|_| unreadable(column)))
        .transpose()
}

/// A browser's two words, as they are kept.
pub(crate) fn browser_words(browser: Browser) -> (Option<String>, Option<String>) {
    let family = browser.family.map(|family| family.word().to_owned());
    (family, browser.system.map(|system| system.word().to_owned()))
}

pub(crate) fn browser(family: Option<&str>, system: Option<&str>, column: &str) -> StoreResult<Browser> {
    Ok(Browser {
        family: family
            .map(|word| BrowserFamily::from_word(word, column))
            .transpose()?,
        system: system.map(|word| System::from_word(word, column)).transpose()?,
    })
}

/// A type that is kept as one of a few words.
pub(crate) trait Word: Copy + 'static {
    const ALL: &'static [Self];

    fn word(self) -> &'static str;

    fn from_word(word: &str, column: &str) -> StoreResult<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|value| value.word() == word)
            .ok_or_else(|| unreadable(column))
    }
}

impl Word for Civility {
    const ALL: &'static [Self] = &[Self::Mr, Self::Mrs, Self::Doctor, Self::Professor];

    fn word(self) -> &'static str {
        match self {
            Self::Mr => "mr",
            Self::Mrs => "mrs",
            Self::Doctor => "doctor",
            Self::Professor => "professor",
        }
    }
}

impl Word for AccountStatus {
    const ALL: &'static [Self] = &[Self::Active, Self::Disabled];

    fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
}

impl Word for SessionScope {
    const ALL: &'static [Self] = &[Self::Full, Self::PasswordChange];

    fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::PasswordChange => "password_change",
        }
    }
}

impl Word for BrowserFamily {
    const ALL: &'static [Self] = &Self::ALL;

    fn word(self) -> &'static str {
        Self::word(self)
    }
}

impl Word for System {
    const ALL: &'static [Self] = &Self::ALL;

    fn word(self) -> &'static str {
        Self::word(self)
    }
}

impl Word for ThrottleKind {
    const ALL: &'static [Self] = &[
        Self::Account,
        Self::OwnPassword,
        Self::Address,
        Self::CaptchaWrong,
        Self::CaptchaAddress,
        Self::CaptchaPortal,
        Self::ProofPressure,
        Self::AskedSubject,
        Self::AskedAddress,
        Self::AskedPortal,
        Self::Mailbox,
        Self::LinkAddress,
        Self::LinkUse,
        Self::LinkIdentifier,
        Self::CodeWrong,
        Self::CodeAccount,
        Self::CodeAddress,
        Self::CodePortal,
        Self::SmsAccount,
        Self::SmsAddress,
        Self::SmsPortal,
        Self::PasskeyAddress,
        Self::PasskeyPortal,
        Self::SecurityChange,
        Self::CardAddress,
        Self::CardAnswer,
        Self::CardPortal,
        Self::ContactWrong,
        Self::ContactAccount,
        Self::ContactDestination,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::OwnPassword => "own_password",
            Self::Address => "address",
            Self::CaptchaWrong => "captcha_wrong",
            Self::CaptchaAddress => "captcha_address",
            Self::CaptchaPortal => "captcha_portal",
            Self::ProofPressure => "proof_pressure",
            Self::AskedSubject => "asked_subject",
            Self::AskedAddress => "asked_address",
            Self::AskedPortal => "asked_portal",
            Self::Mailbox => "mailbox",
            Self::LinkAddress => "link_address",
            Self::LinkUse => "link_use",
            Self::LinkIdentifier => "link_identifier",
            Self::CodeWrong => "code_wrong",
            Self::CodeAccount => "code_account",
            Self::CodeAddress => "code_address",
            Self::CodePortal => "code_portal",
            Self::SecurityChange => "security_change",
            Self::ContactWrong => "contact_wrong",
            Self::ContactAccount => "contact_account",
            Self::ContactDestination => "contact_destination",
            Self::SmsAccount => "sms_account",
            Self::SmsAddress => "sms_address",
            Self::SmsPortal => "sms_portal",
            Self::PasskeyAddress => "passkey_address",
            Self::PasskeyPortal => "passkey_portal",
            Self::CardAddress => "card_address",
            Self::CardAnswer => "card_answer",
            Self::CardPortal => "card_portal",
        }
    }
}

impl Word for Purpose {
    const ALL: &'static [Self] = &[Self::Enrolment, Self::SecondStep, Self::SignIn];

    fn word(self) -> &'static str {
        match self {
            Self::Enrolment => "enrolment",
            Self::SecondStep => "second_step",
            Self::SignIn => "sign_in",
        }
    }
}

impl Word for CardPurpose {
    const ALL: &'static [Self] = &Self::ALL;

    fn word(self) -> &'static str {
        Self::word(self)
    }
}

impl Word for RequestState {
    const ALL: &'static [Self] = &Self::ALL;

    fn word(self) -> &'static str {
        Self::word(self)
    }
}

impl Word for Destination {
    const ALL: &'static [Self] = &[Self::Email, Self::RescueEmail, Self::RescuePhone];

    fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::RescueEmail => "rescue_email",
            Self::RescuePhone => "rescue_phone",
        }
    }
}

impl Word for ContactKind {
    const ALL: &'static [Self] = &[Self::RescueEmail, Self::RescuePhone];

    fn word(self) -> &'static str {
        match self {
            Self::RescueEmail => "rescue_email",
            Self::RescuePhone => "rescue_phone",
        }
    }
}

impl Word for ReportState {
    const ALL: &'static [Self] = &Self::ALL;

    fn word(self) -> &'static str {
        Self::word(self)
    }
}

impl Word for Channel {
    const ALL: &'static [Self] = &Self::ALL;

    fn word(self) -> &'static str {
        Self::word(self)
    }
}
