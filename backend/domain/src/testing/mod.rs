//! For tests: foreseeable randomness, a portal, a record.

mod device;

use std::sync::Mutex;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use portique_shared::policy::PasswordPolicy;
use portique_shared::types::{EmailAddress, Identifier};
use portique_shared::{Language, Localized};
use sha2::{Digest, Sha256};

pub use self::device::Device;
use crate::account::{Privileges, Record};
use crate::entropy::Entropy;
use crate::portal::{Portal, PortalName, Sender, SessionLifetimes, Support};

/// Randomness that a test can foresee: the same seed gives the same bytes.
pub struct SeededEntropy(Mutex<[u8; 32]>);

impl SeededEntropy {
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(Sha256::digest(seed.to_le_bytes()).into()))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().expect("no test panics while it holds this");
        for chunk in bytes.chunks_mut(16) {
            *state = Sha256::digest(*state).into();
            chunk.copy_from_slice(&state[..chunk.len()]);
        }
    }
}

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).expect("written well above")
}

/// A portal with paca's rules.
pub fn portal(name: &str) -> Portal {
    Portal {
        name: PortalName::parse(name).expect("a test's portal has a good name"),
        title: Localized::new("Portail de santé PACA", "PACA health portal"),
        public_url: format!("https://{name}.example.org"),
        support: Support {
            name: Localized::new("support", "support"),
            email: email("support@example.org"),
            phone: "04 98 080 080".into(),
        },
        policy: PasswordPolicy {
            min_length: 8,
            min_letters: 0,
            min_upper_case: 1,
            min_lower_case: 1,
            min_digits: 1,
            min_special: 1,
            special_examples: "@ # & _ *".into(),
            show_strength: false,
        },
        sessions: SessionLifetimes {
            idle: SignedDuration::from_mins(30),
            absolute: SignedDuration::from_hours(4),
        },
        provisional_lifetime: SignedDuration::from_hours(72),
        language: Language::Fr,
        time_zone: TimeZone::UTC,
        sender: Sender {
            name: "Portail".into(),
            address: email("portail@example.org"),
        },
        change_captcha: None,
        recovery: crate::portal::Recovery::default(),
        second_factor: crate::portal::SecondFactor::default(),
        card: None,
        context_words: vec!["portail".into(), "santé".into(), "paca".into()],
        colour: "#0b5c7a".into(),
    }
}

/// A person's record: Jeanne Lefèvre, without privileges.
pub fn record(identifier: &str) -> Record {
    Record {
        identifier: Identifier::parse(identifier).expect("a test's identifier is well formed"),
        email: email("jeanne.lefevre@example.org"),
        rescue_email: None,
        rescue_phone: None,
        civility: None,
        given_name: "Jeanne".into(),
        family_name: "Lefèvre".into(),
        profession: None,
        national_id: None,
        privileges: Privileges::default(),
    }
}
