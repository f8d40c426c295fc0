//! Between the password and the session: a sign-in that waits for a one-time code.

use core::fmt;

use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use portique_shared::api::second_step::Destination;
use portique_shared::types::{CODE_DIGITS, OneTimeCode, PhoneNumber};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::account::{Account, AccountId, Record};
use crate::authenticator::Factors;
use crate::contact::is_main_address;
use crate::entropy::{Entropy, below, random_bytes};
use crate::keyring::Keyring;
use crate::password::PasswordHash;
use crate::portal::{PortalName, SecondFactor};
use crate::reference::Reference;
use crate::session::TokenHash;

/// How long a person has for the second step, codes sent again included.
pub const STEP_LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// How long a code is good. ASVS 6.5.5 allows ten minutes.
pub const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// From one code to the next of the same sign-in.
pub const RESEND_AFTER: SignedDuration = SignedDuration::from_secs(30);

/// Wrong codes after which the one that was sent is good for nothing.
pub const TRIES: u32 = 5;

/// What the keyring's keys are used for here.
const PURPOSE: &str = "one-time codes";

/// 256 random bits, in hexadecimal: the cookie's value while the second step is due. It opens nothing else, and only its
/// hash is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct StepToken(String);

impl StepToken {
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(hex::encode(random_bytes::<32>(entropy)))
    }

    /// Takes what a cookie holds, whatever it is: a text that is no token has a hash that no sign-in has.
    pub fn from_cookie(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the database knows of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl fmt::Debug for StepToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("StepToken(…)")
    }
}

/// A sign-in whose password was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingSignIn {
    pub token: TokenHash,
    pub account: AccountId,
    pub portal: PortalName,
    /// The hash that the password was verified against: with another one in the account, the sign-in is void.
    pub verified: PasswordHash,
    pub expires_at: Timestamp,
    /// The session in which the person, signed in already, proves anew who they are; `None` at a sign-in.
    pub proof_of: Option<TokenHash>,
    /// The code that was sent last.
    pub sent: Option<SentCode>,
}

/// A code that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentCode {
    /// [`seal`] of it.
    pub seal: CodeSeal,
    pub to: Destination,
    pub reference: Reference,
    pub sent_at: Timestamp,
    pub expires_at: Timestamp,
    /// Codes typed so far that were not it.
    pub wrong: u32,
}

/// HMAC-SHA256 of a code and of the sign-in that it is bound to, under a key of the installation: a million codes are tried
/// in a moment by whoever has the database alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeSeal(pub [u8; 32]);

impl PendingSignIn {
    pub fn start(token: &StepToken, account: &Account, verified: &PasswordHash, now: Timestamp) -> Self {
        Self {
            token: token.hash(),
            account: account.id,
            portal: account.portal.clone(),
            verified: verified.clone(),
            expires_at: now + STEP_LIFETIME,
            proof_of: None,
            sent: None,
        }
    }

    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

impl SentCode {
    /// Whether it can still be typed.
    pub fn is_good(&self, now: Timestamp) -> bool {
        now < self.expires_at && self.wrong < TRIES
    }

    /// Until another can be sent; zero when it can.
    pub fn resend_after(&self, now: Timestamp) -> SignedDuration {
        (self.sent_at + RESEND_AFTER)
            .duration_since(now)
            .max(SignedDuration::ZERO)
    }
}

/// A code that nobody can foresee.
pub fn generate_code(entropy: &dyn Entropy) -> OneTimeCode {
    let digits: String = (0..CODE_DIGITS)
        .map(|_| char::from_digit(u32::try_from(below(entropy, 10)).unwrap_or_default(), 10).unwrap_or('0'))
        .collect();
    OneTimeCode::parse(&digits).expect("six digits")
}

/// What is stored of a code that was sent for the sign-in `token`.
pub fn seal(keyring: &Keyring, token: TokenHash, code: &OneTimeCode) -> CodeSeal {
    seals(keyring, token, code)
        .next()
        .expect("a keyring has a key at least")
}

/// Whether `code` is the one that `sealed` was made of, whichever key it was made under.
pub fn is_sealed_in(keyring: &Keyring, token: TokenHash, code: &OneTimeCode, sealed: CodeSeal) -> bool {
    seals(keyring, token, code).fold(false, |found, made| found | bool::from(made.0.ct_eq(&sealed.0)))
}

fn seals(keyring: &Keyring, token: TokenHash, code: &OneTimeCode) -> impl Iterator<Item = CodeSeal> {
    keyring.derive_each(PURPOSE).map(move |key| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
        mac.update(&token.0);
        mac.update(code.as_str().as_bytes());
        CodeSeal(mac.finalize().into_bytes().into())
    })
}

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
pub fn is_required(portal: &SecondFactor, account: &Account) -> bool {
    portal.always || account.record.privileges.any()
}

/// Whether this person is asked for a second factor at every sign-in, be it by their own wish.
pub fn is_asked(portal: &SecondFactor, account: &Account) -> bool {
    account.wants_second_factor || is_required(portal, account)
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
    use super::*;
    use crate::account::{AccountStatus, PasswordState, Privilege, Privileges};
    use crate::keyring::Key;
    use crate::portal::AcceptedOf;
    use crate::testing::{self, SeededEntropy};

    fn ring(keys: &[u8]) -> Keyring {
        Keyring::new(keys.iter().map(|id| Key::new(*id, [*id; 32])).collect()).unwrap()
    }

    #[test]
    fn codes_are_six_digits_and_every_digit_comes_in_every_place() {
        let entropy = SeededEntropy::new(1);
        let mut seen = [[false; 10]; CODE_DIGITS];
        for _ in 0..500 {
            let code = generate_code(&entropy);
            for (place, digit) in code.as_str().bytes().enumerate() {
                seen[place][usize::from(digit - b'0')] = true;
            }
        }
        assert!(seen.iter().flatten().all(|seen| *seen));
    }

    #[test]
    fn a_code_is_good_for_its_sign_in_alone() {
        let (ring, code) = (ring(&[1]), OneTimeCode::parse("012345").unwrap());
        let (mine, other) = (TokenHash([1; 32]), TokenHash([2; 32]));
        let sealed = seal(&ring, mine, &code);
        assert!(is_sealed_in(&ring, mine, &code, sealed));
        assert!(!is_sealed_in(&ring, other, &code, sealed));
        let wrong = OneTimeCode::parse("012346").unwrap();
        assert!(!is_sealed_in(&ring, mine, &wrong, sealed));
    }

    #[test]
    fn a_code_sent_before_a_keys_rotation_is_still_good() {
        let code = OneTimeCode::parse("012345").unwrap();
        let token = TokenHash([1; 32]);
        let sealed = seal(&ring(&[1]), token, &code);
        assert!(is_sealed_in(&ring(&[2, 1]), token, &code, sealed));
        assert!(!is_sealed_in(&ring(&[2]), token, &code, sealed));
    }

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
        assert!(is_required(&portal(false, None), &jeanne));
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
