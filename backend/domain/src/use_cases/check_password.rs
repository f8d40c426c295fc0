//! What the server says of a password being typed.

use portique_shared::api::account::PasswordVerdict;

use crate::account::Record;
use crate::password::{Password, PersonalWords, Unjudged, aside, refusal, strength};
use crate::portal::Portal;

/// The verdict on `password` for the person of `record`. Nothing is stored.
pub async fn check_password(
    portal: &Portal,
    record: &Record,
    password: &Password,
) -> Result<PasswordVerdict, Unjudged> {
    let unmet = portal.policy.unmet(password.as_str());
    let (words, person, password) = (
        portal.context_words.clone(),
        PersonalWords::of(record),
        password.clone(),
    );
    let (blocklisted, strength) = aside(move || {
        let blocklisted = refusal(&password, &words, &person);
        // What the blocklist refuses is guessed at once, whatever the estimator, which knows no accents, thinks of it.
        let strength = blocklisted.map_or_else(|| strength(&password, &words, &person), |_| 0);
        (blocklisted, strength)
    })
    .await?;
    Ok(PasswordVerdict {
        blocklisted,
        unmet,
        strength,
    })
}
