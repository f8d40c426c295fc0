//! Which second factor is asked for and taken, of whom.

use jiff::SignedDuration;
use portique_shared::api::second_step::Destination;
use portique_shared::types::PhoneNumber;

use crate::account::{Account, Record};
use crate::authenticator::Factors;
use crate::contact::is_main_address;
use crate::portal::SecondFactor;

/// Where the portal sends codes to this person, its first choice first. A rescue address takes the place of the main one:
/// whoever reads the mailbox that resets the password should not get the code too.
pub fn destinations(portal: &SecondFactor, record: &Record) -> Vec<Destination> {
    let mail = match &record.rescue_email {
        Some(rescue) if !is_main_address(record, rescue) => Some(Destination::RescueEmail),
        _ => Some(Destination::Email).filter(|_| portal.reset_mailbox.covers(record)),
    };
    let phone = record.rescue_phone.as_ref();
    let sms = phone.is_some_and(|phone| takes_sms(portal, record, phone));
    [
        mail.filter(|_| portal.email.covers(record)),
        sms.then_some(Destination::RescuePhone),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether a password alone does not sign this person in: for privileged accounts it never does.
pub fn is_required(portal: &SecondFactor, record: &Record) -> bool {
    portal.always || record.privileges.any()
}

/// Whether this person is asked for a second factor at every sign-in, be it by their own wish.
pub fn is_asked(portal: &SecondFactor, account: &Account) -> bool {
    account.wants_second_factor || is_required(portal, &account.record)
}

/// For how long a browser may stand in for the account's second step; `None`: never. Whom a portal gives particular rights
/// proves who they are each time. Where the step is asked for at one sign-in only, there is nothing to stand in for.
pub fn remembered_for(portal: &SecondFactor, account: &Account) -> Option<SignedDuration> {
    portal
        .remembered
        .filter(|_| is_asked(portal, account) && !account.record.privileges.any())
}

/// The ways in which one person can prove who they are a second time, on one portal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Methods {
    /// Of codes that are sent, the portal's first choice first.
    pub destinations: Vec<Destination>,
    pub app: bool,
    pub passkey: bool,
    pub recovery_code: bool,
}

impl Methods {
    pub fn of(portal: &SecondFactor, record: &Record, held: &Factors) -> Self {
        let app = held.has_app() && portal.app.covers(record);
        let passkey = held.has_passkey() && portal.passkeys.covers(record);
        let mut destinations = destinations(portal, record);
        if app || passkey {
            // Or whoever reads the mailbox that resets the password would need nothing else.
            destinations.retain(|to| *to != Destination::Email);
        }
        Self {
            destinations,
            app,
            passkey,
            recovery_code: held.recovery_codes_left() > 0 && portal.recovery_codes.covers(record),
        }
    }

    /// Where a code goes without being asked for: where nothing else could be meant. Recovery codes are for who has nothing
    /// else, and no choice beside it.
    pub fn only_destination(&self) -> Option<Destination> {
        match self.destinations[..] {
            [only] if !self.app && !self.passkey => Some(only),
            _ => None,
        }
    }

    /// Whether there is one that lasts: recovery codes are used up.
    pub fn any_lasting(&self) -> bool {
        !self.destinations.is_empty() || self.app || self.passkey
    }
}

/// Whether the portal sends SMS to this person, at that number.
pub fn takes_sms(portal: &SecondFactor, record: &Record, phone: &PhoneNumber) -> bool {
    portal.sms.covers(record) && portal.sms_countries.take(phone)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::account::{AccountId, AccountStatus, PasswordState, Privilege, Privileges};
    use crate::portal::{AcceptedOf, PortalName};
    use crate::testing;

    #[test]
    fn a_browser_stands_in_only_where_the_portal_says_so_and_never_for_who_is_privileged() {
        let length = SignedDuration::from_hours(8);
        let portal = |always, remembered| SecondFactor {
            always,
            remembered,
            ..SecondFactor::default()
        };
        let mut jeanne = Account {
            id: AccountId(uuid::Uuid::nil()),
            portal: PortalName::parse("paca").unwrap(),
            record: testing::record("jeanne"),
            status: AccountStatus::Active,
            password: PasswordState::None,
            wants_second_factor: false,
            language: portique_shared::Language::Fr,
            created_at: Timestamp::UNIX_EPOCH,
            last_sign_in_at: None,
        };
        let allowed = portal(true, Some(length));
        assert_eq!(remembered_for(&allowed, &jeanne), Some(length));
        assert_eq!(remembered_for(&portal(true, None), &jeanne), None);
        assert_eq!(remembered_for(&portal(false, Some(length)), &jeanne), None);
        jeanne.wants_second_factor = true;
        assert_eq!(
            remembered_for(&portal(false, Some(length)), &jeanne),
            Some(length)
        );
        jeanne.record.privileges = Privileges::new([Privilege::PatientData]);
        assert!(is_required(&portal(false, None), &jeanne.record));
        assert_eq!(remembered_for(&allowed, &jeanne), None);
    }

    #[test]
    fn a_rescue_address_takes_the_place_of_the_main_one_and_a_phone_needs_sms() {
        let mut record = testing::record("jeanne");
        record.rescue_email = None;
        record.rescue_phone = None;
        let without = SecondFactor::default();
        let with = SecondFactor {
            sms: AcceptedOf::Everybody,
            ..SecondFactor::default()
        };
        assert_eq!(destinations(&with, &record), [Destination::Email]);
        record.rescue_email = Some("j@ailleurs.example".parse().unwrap());
        record.rescue_phone = Some("+33612345678".parse().unwrap());
        assert_eq!(destinations(&without, &record), [Destination::RescueEmail]);
        assert_eq!(
            destinations(&with, &record),
            [Destination::RescueEmail, Destination::RescuePhone]
        );
        for elsewhere in ["+32470123456", "+33899123456"] {
            record.rescue_phone = Some(elsewhere.parse().unwrap());
            assert_eq!(destinations(&with, &record), [Destination::RescueEmail]);
        }
    }

    #[test]
    fn a_portal_can_refuse_that_a_privileged_persons_only_factor_be_the_mailbox_that_resets_the_password() {
        let portal = SecondFactor {
            reset_mailbox: AcceptedOf::Unprivileged,
            ..SecondFactor::default()
        };
        let mut record = testing::record("jeanne");
        record.rescue_email = None;
        assert_eq!(destinations(&portal, &record), [Destination::Email]);
        record.privileges = "administrateur".parse().unwrap();
        assert_eq!(destinations(&portal, &record), []);
        record.rescue_email = Some("j@ailleurs.example".parse().unwrap());
        assert_eq!(destinations(&portal, &record), [Destination::RescueEmail]);
    }

    #[test]
    fn a_rescue_address_that_is_the_main_one_in_other_words_is_none() {
        let mut record = testing::record("jeanne");
        record.email = "jeanne@chu.example".parse().unwrap();
        record.rescue_email = Some("Jeanne+secours@chu.example".parse().unwrap());
        assert_eq!(
            destinations(&SecondFactor::default(), &record),
            [Destination::Email]
        );
        let portal = SecondFactor {
            reset_mailbox: AcceptedOf::Nobody,
            ..SecondFactor::default()
        };
        assert_eq!(destinations(&portal, &record), []);
    }

    #[test]
    fn who_has_an_application_is_not_let_in_by_the_mailbox_that_resets_the_password() {
        let mut record = testing::record("jeanne");
        record.rescue_email = None;
        let portal = SecondFactor::default();
        let mut held = Factors::default();
        assert_eq!(
            Methods::of(&portal, &record, &held).destinations,
            [Destination::Email]
        );
        held.authenticators.push(crate::authenticator::Authenticator {
            id: crate::authenticator::AuthenticatorId(uuid::Uuid::nil()),
            account: AccountId(uuid::Uuid::nil()),
            name: "Téléphone".into(),
            created_at: Timestamp::UNIX_EPOCH,
            last_used_at: None,
            means: crate::authenticator::Means::App {
                sealed: Vec::new(),
                last_step: 0,
            },
        });
        let methods = Methods::of(&portal, &record, &held);
        assert!(methods.app && methods.destinations.is_empty());
        record.rescue_email = Some("jeanne@ailleurs.example".parse().unwrap());
        assert_eq!(
            Methods::of(&portal, &record, &held).destinations,
            [Destination::RescueEmail]
        );
    }

    #[test]
    fn a_code_goes_by_itself_only_where_nothing_else_could_be_meant() {
        let mut methods = Methods {
            destinations: vec![Destination::Email],
            recovery_code: true,
            ..Methods::default()
        };
        assert_eq!(methods.only_destination(), Some(Destination::Email));
        methods.app = true;
        assert_eq!(methods.only_destination(), None);
        methods.app = false;
        methods.destinations.push(Destination::RescuePhone);
        assert_eq!(methods.only_destination(), None);
    }
}
