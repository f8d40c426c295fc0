//! Why a mail did not leave, in words that the queue's listing may hold.

use lettre::transport::smtp::Error;
use portique_domain::mail::SendError;
use portique_shared::types::EmailAddress;

/// Longest reason kept, in characters.
const MAX_CHARS: usize = 200;

/// Answers about who we are to the server, not about this mail: sign-in asked for or refused, encryption asked for, a
/// server that takes no mail. Once the settings are mended, the same mail leaves.
const ABOUT_US: [u16; 5] = [521, 530, 534, 535, 538];

/// No connection, no TLS, no sign-in: all of it may be well later, whatever the code.
pub(super) fn no_connection(error: &Error, to: &EmailAddress) -> SendError {
    SendError::Transient(reason("no connection to the mail server", error, to))
}

/// The server is there and does not take the mail.
pub(super) fn no_delivery(error: &Error, to: &EmailAddress) -> SendError {
    let about_us = error
        .status()
        .is_some_and(|code| ABOUT_US.contains(&u16::from(code)));
    if about_us {
        SendError::Transient(reason("the mail server refuses Portique", error, to))
    } else if error.is_permanent() {
        SendError::Permanent(reason("the mail server refuses the mail", error, to))
    } else if error.is_client() {
        SendError::Permanent(reason("the mail server can't take the mail", error, to))
    } else {
        SendError::Transient(reason("the mail server did not take the mail", error, to))
    }
}

pub(super) fn too_slow(step: &str, seconds: u64) -> SendError {
    SendError::Transient(format!("{step} took longer than {seconds} s"))
}

fn reason(what: &str, error: &Error, to: &EmailAddress) -> String {
    format!("{what}: {}", mask(&error.to_string(), to))
}

/// Servers quote the mail's addresses in their answers: each becomes `…@domain`, and the recipient's name without its
/// domain `…`. Line ends and other control characters become spaces.
fn mask(answer: &str, to: &EmailAddress) -> String {
    let local_part = to.local_part().to_lowercase();
    let names = |word: &str| {
        let word = word.to_lowercase();
        // A name of two or three letters is part of too many words.
        word.trim_matches(|letter: char| !letter.is_alphanumeric()) == local_part
            || (local_part.len() > 3 && word.contains(&local_part))
    };
    let masked: Vec<String> = answer
        .split(|character: char| character.is_whitespace() || character.is_control())
        .filter(|word| !word.is_empty())
        .map(|word| match word.rsplit_once('@') {
            Some((_, domain)) => format!("…@{domain}"),
            None if names(word) => "…".to_owned(),
            None => word.to_owned(),
        })
        .collect();
    masked.join(" ").chars().take(MAX_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_a_mail_was_for_does_not_show_in_why_it_failed() {
        let to = EmailAddress::parse("Jeanne.Martin@chu-nice.fr").unwrap();
        let answer = "550 5.1.1 <jeanne.martin@chu-nice.fr>:\r\nRecipient rejected: user=JEANNE.MARTIN unknown; see a@b.fr";
        assert_eq!(
            mask(answer, &to),
            "550 5.1.1 …@chu-nice.fr>: Recipient rejected: … unknown; see …@b.fr"
        );
        assert_eq!(mask(&"mot ".repeat(100), &to).chars().count(), MAX_CHARS);
    }
}
