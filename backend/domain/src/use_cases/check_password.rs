//! What the server says of a password being typed.

use portique_shared::api::account::PasswordVerdict;

use crate::account::Record;
use crate::password::{Password, PersonalWords, refusal, strength};
use crate::portal::Portal;

/// The verdict on `password` for the person of `record`. Nothing is stored.
pub fn check_password(portal: &Portal, record: &Record, password: &Password) -> PasswordVerdict {
    let person = PersonalWords::of(record);
    PasswordVerdict {
        blocklisted: refusal(password, portal, &person),
        unmet: portal.policy.unmet(password.as_str()),
        strength: strength(password, portal, &person),
    }
}
