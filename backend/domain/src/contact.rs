//! A rescue address or telephone that its person gave, and that counts only once they typed the code that was sent there.

use jiff::{SignedDuration, Timestamp};
use portique_shared::api::contacts::ContactKind;
use portique_shared::api::second_step::Destination;
use portique_shared::types::{EmailAddress, OneTimeCode, PhoneNumber};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::account::{AccountId, Record};
use crate::keyring::Keyring;
use crate::masking;
use crate::outbox::SecurityChange;
use crate::portal::{PortalName, SecondFactor};
use crate::recovery::mailbox_of;
use crate::second_step::{CodeSeal, SentCode, is_sealed_in, seal};
use crate::session::TokenHash;
use crate::throttle::{ThrottleKey, ThrottleKind};

/// How long a change waits for its code, codes sent again included: the time of a detour to another telephone.
pub const CHANGE_LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// A rescue address or telephone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contact {
    Email(EmailAddress),
    Phone(PhoneNumber),
}

impl core::fmt::Debug for Contact {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(formatter, "Contact({:?})", self.kind())
    }
}

/// One that waits for its code; an account has one of each kind at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactChange {
    /// Another one for each change: the code of one is good for no other, of the same address either.
    pub id: Uuid,
    pub account: AccountId,
    pub new: Contact,
    pub expires_at: Timestamp,
    /// The code that was sent last.
    pub sent: Option<SentCode>,
}

impl Contact {
    pub const fn kind(&self) -> ContactKind {
        match self {
            Self::Email(_) => ContactKind::RescueEmail,
            Self::Phone(_) => ContactKind::RescuePhone,
        }
    }

    pub fn as_str(&self) -> &str {
        match self {
            Self::Email(email) => email.as_str(),
            Self::Phone(phone) => phone.as_str(),
        }
    }

    /// The address, where it is one.
    pub const fn email(&self) -> Option<&EmailAddress> {
        match self {
            Self::Email(email) => Some(email),
            Self::Phone(_) => None,
        }
    }

    /// Reads what a column holds.
    pub fn parse(kind: ContactKind, text: &str) -> Option<Self> {
        match kind {
            ContactKind::RescueEmail => EmailAddress::parse(text).ok().map(Self::Email),
            ContactKind::RescuePhone => PhoneNumber::parse(text).ok().map(Self::Phone),
        }
    }

    /// What the record has in its place.
    pub fn in_record(kind: ContactKind, record: &Record) -> Option<Self> {
        match kind {
            ContactKind::RescueEmail => record.rescue_email.clone().map(Self::Email),
            ContactKind::RescuePhone => record.rescue_phone.clone().map(Self::Phone),
        }
    }

    /// What the person is told of the change.
    pub fn told(&self) -> SecurityChange {
        match self {
            Self::Email(email) => SecurityChange::RescueEmailChanged {
                masked: masking::address(email),
            },
            Self::Phone(phone) => SecurityChange::RescuePhoneChanged {
                masked: masking::phone(phone),
            },
        }
    }

    /// What codes sent there are counted by, whoever has them sent.
    pub fn share(&self, portal: &PortalName) -> ThrottleKey {
        let text = match self {
            Self::Email(email) => mailbox_of(email),
            Self::Phone(phone) => phone.to_string(),
        };
        ThrottleKey::text(ThrottleKind::ContactDestination, portal, &text)
    }
}

/// What the person is told where their contact of that kind is removed.
pub const fn told_of_removal(kind: ContactKind) -> SecurityChange {
    match kind {
        ContactKind::RescueEmail => SecurityChange::RescueEmailRemoved,
        ContactKind::RescuePhone => SecurityChange::RescuePhoneRemoved,
    }
}

/// What the record becomes with `new` in the place of its contact of that kind; `None` removes it.
#[must_use]
pub fn with(record: &Record, kind: ContactKind, new: Option<&Contact>) -> Record {
    let mut record = record.clone();
    match (kind, new) {
        (ContactKind::RescueEmail, None) => record.rescue_email = None,
        (ContactKind::RescuePhone, None) => record.rescue_phone = None,
        (_, Some(Contact::Email(email))) => record.rescue_email = Some(email.clone()),
        (_, Some(Contact::Phone(phone))) => record.rescue_phone = Some(phone.clone()),
    }
    record
}

/// Whether the portal sends SMS to this person, so that a telephone is of use to them.
pub fn offers_phone(portal: &SecondFactor, record: &Record) -> bool {
    portal.sms.covers(record)
}

/// Why an address can't be the rescue one: it is the main one once more. Whoever reads that mailbox would have both the link to
/// a new password and the code.
pub fn is_main_address(record: &Record, email: &EmailAddress) -> bool {
    mailbox_of(email) == mailbox_of(&record.email)
}

impl ContactChange {
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }

    /// What is stored of a code that was sent for it.
    pub fn seal(&self, keyring: &Keyring, code: &OneTimeCode) -> CodeSeal {
        seal(keyring, self.binding(), code)
    }

    /// Whether `code` is the one that was sent last.
    pub fn is_sealed_in(&self, keyring: &Keyring, code: &OneTimeCode, sealed: CodeSeal) -> bool {
        is_sealed_in(keyring, self.binding(), code, sealed)
    }

    /// What a code is bound to: this change of this account to this value.
    fn binding(&self) -> TokenHash {
        let mut hash = Sha256::new_with_prefix("contact change");
        for part in [
            self.id.as_bytes().as_slice(),
            self.account.0.as_bytes(),
            self.new.as_str().as_bytes(),
        ] {
            hash.update(part);
        }
        TokenHash(hash.finalize().into())
    }
}

/// Where a code for a contact of this kind goes.
pub const fn destination(kind: ContactKind) -> Destination {
    match kind {
        ContactKind::RescueEmail => Destination::RescueEmail,
        ContactKind::RescuePhone => Destination::RescuePhone,
    }
}

/// The kind's name in the audit trail.
pub const fn word(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::RescueEmail => "rescue_email",
        ContactKind::RescuePhone => "rescue_phone",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyring::Key;
    use crate::testing;

    fn change(id: u128, to: &str) -> ContactChange {
        ContactChange {
            id: Uuid::from_u128(id),
            account: AccountId(Uuid::from_u128(7)),
            new: Contact::Email(EmailAddress::parse(to).unwrap()),
            expires_at: Timestamp::UNIX_EPOCH,
            sent: None,
        }
    }

    #[test]
    fn a_code_is_good_for_its_change_alone() {
        let keyring = Keyring::new(vec![Key::new(1, [1; 32])]).unwrap();
        let code = OneTimeCode::parse("012345").unwrap();
        let first = change(1, "j@ailleurs.example");
        let sealed = first.seal(&keyring, &code);
        assert!(first.is_sealed_in(&keyring, &code, sealed));
        let wrong = OneTimeCode::parse("012346").unwrap();
        assert!(!first.is_sealed_in(&keyring, &wrong, sealed));
        for other in [change(2, "j@ailleurs.example"), change(1, "k@ailleurs.example")] {
            assert!(!other.is_sealed_in(&keyring, &code, sealed));
        }
        let mut others = first.clone();
        others.account = AccountId(Uuid::from_u128(8));
        assert!(!others.is_sealed_in(&keyring, &code, sealed));
    }

    #[test]
    fn the_main_mailbox_is_no_rescue_however_it_is_written() {
        let record = testing::record("jeanne");
        for same in ["jeanne.lefevre@example.org", "Jeanne.Lefevre+secours@EXAMPLE.org"] {
            assert!(
                is_main_address(&record, &EmailAddress::parse(same).unwrap()),
                "{same}"
            );
        }
        let other = EmailAddress::parse("jeanne.lefevre@example.com").unwrap();
        assert!(!is_main_address(&record, &other));
    }

    #[test]
    fn one_mailbox_has_one_share_whatever_stands_behind_the_plus() {
        let portal = PortalName::parse("paca").unwrap();
        let share = |text: &str| Contact::Email(EmailAddress::parse(text).unwrap()).share(&portal);
        assert_eq!(
            share("Jeanne+a@ailleurs.example"),
            share("jeanne@ailleurs.example")
        );
        assert_ne!(share("jeanne@ailleurs.example"), share("jean@ailleurs.example"));
    }

    #[test]
    fn a_log_never_shows_an_address_or_a_number() {
        let change = change(1, "jeanne@ailleurs.example");
        assert!(!format!("{change:?}").contains("jeanne"));
    }
}
