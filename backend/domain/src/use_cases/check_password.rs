//! What the server says of a password being typed.

use portique_shared::api::account::PasswordVerdict;

use crate::account::Record;
use crate::password::{Password, PersonalWords, refusal, strength};
use crate::portal::Portal;

/// The verdict on `password` for the person of `record`. Nothing is stored.
pub fn check_password(portal: &Portal, record: &Record, password: &Password) -> PasswordVerdict {
    let person = PersonalWords::of(record);
    let blocklisted = refusal(password, portal, &person);
    PasswordVerdict {
        blocklisted,
        unmet: portal.policy.unmet(password.as_str()),
        // What the blocklist refuses is guessed at once, whatever the estimator, which knows no accents, thinks of it.
        strength: if blocklisted.is_some() {
            0
        } else {
            strength(password, portal, &person)
        },
    }
}
