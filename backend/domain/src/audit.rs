//! The audit trail: every attempt, with who, what, when, where and with which result. Append-only; each entry holds the
//! hash of the one before, so that an entry changed or taken out shows.

use core::net::IpAddr;

use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::account::AccountId;
use crate::card::CardFault;
use crate::portal::PortalName;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditAction {
    SignIn,
    /// A one-time code was sent for a sign-in.
    CodeSent,
    SignOut,
    /// The person proved anew who they are, to change what opens the account.
    Proof,
    FactorAdded,
    FactorRemoved,
    RecoveryCodesMade,
    /// The agency took every authenticator of a person away.
    FactorsReset,
    /// The person asks to be asked for a second factor at every sign-in.
    SecondFactorOn,
    SecondFactorOff,
    /// It stands in for the account's second step from then on.
    BrowserRemembered,
    BrowserForgotten,
    /// By the person, from another session.
    SessionEnded,
    /// All but the one that the person holds, at once.
    OtherSessionsEnded,
    /// A code was sent to a new rescue address or telephone.
    ContactCodeSent,
    /// The person typed the code that proves their new rescue address or telephone.
    ContactChanged,
    ContactRemoved,
    PasswordChange,
    AccountCreated,
    AccountUpdated,
    /// For an invitation about to leave; the older one is dead. Whether the mail server took the mail is written in the queue.
    ProvisionalPasswordMade,
    AccountDisabled,
    AccountEnabled,
    /// Somebody asked for a link, an identifier, an invitation or an account.
    HelpAsked,
    /// What was asked for was looked up, and answered by mail or not.
    HelpAnswered,
    PasswordReset,
    /// The address of a request for an account was proved.
    AddressProved,
    RequestAccepted,
    RequestRefused,
    /// Taken away with all that it said of the person.
    RequestDeleted,
}

impl AuditAction {
    pub const fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::CodeSent => "code_sent",
            Self::SignOut => "sign_out",
            Self::Proof => "proof",
            Self::FactorAdded => "factor_added",
            Self::FactorRemoved => "factor_removed",
            Self::RecoveryCodesMade => "recovery_codes_made",
            Self::FactorsReset => "factors_reset",
            Self::SecondFactorOn => "second_factor_on",
            Self::SecondFactorOff => "second_factor_off",
            Self::BrowserRemembered => "browser_remembered",
            Self::BrowserForgotten => "browser_forgotten",
            Self::SessionEnded => "session_ended",
            Self::OtherSessionsEnded => "other_sessions_ended",
            Self::ContactCodeSent => "contact_code_sent",
            Self::ContactChanged => "contact_changed",
            Self::ContactRemoved => "contact_removed",
            Self::PasswordChange => "password_change",
            Self::AccountCreated => "account_created",
            Self::AccountUpdated => "account_updated",
            Self::ProvisionalPasswordMade => "provisional_password_made",
            Self::AccountDisabled => "account_disabled",
            Self::AccountEnabled => "account_enabled",
            Self::HelpAsked => "help_asked",
            Self::HelpAnswered => "help_answered",
            Self::PasswordReset => "password_reset",
            Self::AddressProved => "address_proved",
            Self::RequestAccepted => "request_accepted",
            Self::RequestRefused => "request_refused",
            Self::RequestDeleted => "request_deleted",
        }
    }
}

/// How it ended. The trail says what the answer to the person must not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditResult {
    Success,
    UnknownIdentifier,
    WrongPassword,
    Disabled,
    NoPassword,
    ProvisionalExpired,
    Throttled,
    Refused,
    /// The captcha's answer was wrong, used or too old.
    CaptchaRefused,
    /// The link was expired, used, replaced, or none.
    LinkSpent,
    /// The reference sends nothing again: used, too old, or none.
    ReferenceSpent,
    /// The mailbox had its share of mails for the day.
    OverQuota,
    /// The password was right; the second step is due.
    SecondStepDue,
    WrongCode,
    /// The code's time or tries were over, or none was sent.
    CodeSpent,
    /// The passkey's challenge was used, too old, for something else, or none.
    ChallengeSpent,
    /// The passkey is no account's here, or not this account's.
    UnknownPasskey,
    /// The passkey's device did not verify its person.
    PersonNotVerified,
    /// The passkey's device signed fewer times than before: there are two of it.
    CounterWentBack,
    /// Another page, another site, a wrong signature.
    PasskeyRefused,
    /// The card's certificate was refused.
    Card(CardFault),
    /// The card is good, and no account's here.
    UnknownCard,
    /// The card is good, and another account's than the one that it was shown for.
    CardOfAnother,
    /// The card's ceremony was used, too old, another browser's, for something else, or none.
    CeremonySpent,
}

impl AuditResult {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::UnknownIdentifier => "unknown_identifier",
            Self::WrongPassword => "wrong_password",
            Self::Disabled => "disabled",
            Self::NoPassword => "no_password",
            Self::ProvisionalExpired => "provisional_expired",
            Self::Throttled => "throttled",
            Self::Refused => "refused",
            Self::CaptchaRefused => "captcha_refused",
            Self::LinkSpent => "link_spent",
            Self::ReferenceSpent => "reference_spent",
            Self::OverQuota => "over_quota",
            Self::SecondStepDue => "second_step_due",
            Self::WrongCode => "wrong_code",
            Self::CodeSpent => "code_spent",
            Self::ChallengeSpent => "challenge_spent",
            Self::UnknownPasskey => "unknown_passkey",
            Self::PersonNotVerified => "person_not_verified",
            Self::CounterWentBack => "counter_went_back",
            Self::PasskeyRefused => "passkey_refused",
            Self::Card(fault) => fault.word(),
            Self::UnknownCard => "unknown_card",
            Self::CardOfAnother => "card_of_another",
            Self::CeremonySpent => "ceremony_spent",
        }
    }
}

/// An event to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    pub at: Timestamp,
    pub portal: PortalName,
    pub action: AuditAction,
    pub result: AuditResult,
    /// With what the person proved who they are: `password`; `remembered_browser` for a password from a browser that stands in
    /// for the second step; empty where nothing was proved.
    pub factor: &'static str,
    /// Which authenticator it was, where that is to be found again: of a card, its certificate's serial number and who issued it.
    pub authenticator: Option<String>,
    /// Unknown when nobody has the identifier typed, which itself is never written down: it may be a password.
    pub account: Option<AccountId>,
    /// The client's address; `None` for the command line.
    pub address: Option<IpAddr>,
}

impl AuditEvent {
    /// The same, of that authenticator.
    #[must_use]
    pub fn of(self, authenticator: Option<String>) -> Self {
        Self {
            authenticator,
            ..self
        }
    }
}

/// An entry of the trail, as stored and exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// 1, 2, 3 … without a gap.
    pub sequence: i64,
    /// RFC 3339, UTC, milliseconds.
    pub at: String,
    pub portal: String,
    pub action: String,
    pub result: String,
    pub factor: String,
    pub authenticator: String,
    pub account: String,
    pub address: String,
    /// Hexadecimal SHA-256 of the entry before; 64 zeroes for the first.
    pub previous_hash: String,
    /// Hexadecimal SHA-256 of all of the above.
    pub hash: String,
}

/// Where the trail ends, written down beside it with every entry: a trail that was cut shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// The last entry's; 0 before the first.
    pub sequence: i64,
    /// The last entry's; [`FIRST_PREVIOUS_HASH`] before the first.
    pub hash: String,
}

/// The hash before the first entry.
pub const FIRST_PREVIOUS_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

impl AuditEntry {
    /// Seals `event` behind the entry that bears `previous_sequence` and `previous_hash`.
    pub fn chain(event: &AuditEvent, previous_sequence: i64, previous_hash: &str) -> Self {
        let mut entry = Self {
            sequence: previous_sequence + 1,
            at: format!("{:.3}", event.at),
            portal: event.portal.to_string(),
            action: event.action.word().to_owned(),
            result: event.result.word().to_owned(),
            factor: event.factor.to_owned(),
            authenticator: event.authenticator.clone().unwrap_or_default(),
            account: event.account.map(|id| id.0.to_string()).unwrap_or_default(),
            address: event
                .address
                .map(|address| address.to_canonical().to_string())
                .unwrap_or_default(),
            previous_hash: previous_hash.to_owned(),
            hash: String::new(),
        };
        entry.hash = entry.reckon();
        entry
    }

    /// Whether the entry follows `previous` and holds what it held when it was written.
    pub fn follows(&self, previous: Option<&Self>) -> bool {
        let (sequence, hash) = previous.map_or((0, FIRST_PREVIOUS_HASH), |entry| {
            (entry.sequence, entry.hash.as_str())
        });
        self.sequence == sequence + 1 && self.previous_hash == hash && self.hash == self.reckon()
    }

    fn reckon(&self) -> String {
        let mut digest = Sha256::new();
        let sequence = self.sequence.to_string();
        for part in [
            sequence.as_str(),
            &self.at,
            &self.portal,
            &self.action,
            &self.result,
            &self.factor,
            &self.account,
            &self.address,
            &self.previous_hash,
        ] {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        // Entries of older versions knew of none, and keep their hashes.
        if !self.authenticator.is_empty() {
            digest.update(self.authenticator.as_bytes());
            digest.update([0]);
        }
        hex::encode(digest.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> AuditEvent {
        AuditEvent {
            at: "2026-01-05T08:00:00.25Z".parse().unwrap(),
            portal: PortalName::parse("paca").unwrap(),
            action: AuditAction::SignIn,
            result: AuditResult::WrongPassword,
            factor: "password",
            account: None,
            authenticator: None,
            address: Some("192.0.2.1".parse().unwrap()),
        }
    }

    #[test]
    fn entries_follow_each_other() {
        let first = AuditEntry::chain(&event(), 0, FIRST_PREVIOUS_HASH);
        let second = AuditEntry::chain(&event(), first.sequence, &first.hash);
        assert!(first.follows(None));
        assert!(second.follows(Some(&first)));
        assert_eq!(first.at, "2026-01-05T08:00:00.250Z");
    }

    #[test]
    fn an_entry_without_an_authenticator_has_the_hash_that_older_versions_gave_it() {
        let entry = AuditEntry::chain(&event(), 0, FIRST_PREVIOUS_HASH);
        let before =
            "1\x002026-01-05T08:00:00.250Z\0paca\0sign_in\0wrong_password\0password\0\x00192.0.2.1\0";
        let expected = Sha256::digest(format!("{before}{FIRST_PREVIOUS_HASH}\0"));
        assert_eq!(entry.hash, hex::encode(expected));
    }

    #[test]
    fn a_changed_or_missing_entry_shows() {
        let first = AuditEntry::chain(&event(), 0, FIRST_PREVIOUS_HASH);
        let second = AuditEntry::chain(&event(), first.sequence, &first.hash);
        let forged = AuditEntry {
            result: "success".into(),
            ..first.clone()
        };
        assert!(!forged.follows(None));
        let another_card = AuditEntry {
            authenticator: "01".into(),
            ..first.clone()
        };
        assert!(!another_card.follows(None));
        assert!(!second.follows(None), "the first entry was taken out");
    }
}
