//! A mail in the form that travels: RFC 5322 headers, MIME parts.

use lettre::address::{Address, Envelope};
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use portique_domain::mail::{OutgoingMail, SendError};
use portique_shared::types::EmailAddress;

use crate::one_line::one_line;

/// Writes `mail` out: text and HTML as alternatives, UTF-8 as quoted-printable, which every server carries.
///
/// # Errors
/// [`SendError::Permanent`] when an address can't be written in a header.
pub(super) fn compose(mail: &OutgoingMail) -> Result<(Envelope, Vec<u8>), SendError> {
    let from = address(&mail.from.address, "the sender's address")?;
    let to = address(&mail.to, "the recipient's address")?;
    let parts = MultiPart::alternative()
        .boundary(boundary(&mail.message_id))
        .singlepart(part(ContentType::TEXT_PLAIN, &mail.text))
        .singlepart(part(ContentType::TEXT_HTML, &mail.html));
    let message = Message::builder()
        // lettre encodes a subject whatever it holds, and panics at a control character in a name.
        .from(Mailbox::new(Some(one_line(&mail.from.name)), from))
        .to(Mailbox::new(None, to))
        .subject(one_line(&mail.subject))
        .date(mail.at.into())
        .message_id(Some(mail.message_id.clone()))
        // RFC 3834: nobody's «away until Monday» answers a machine.
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .multipart(parts)
        .map_err(|_| SendError::Permanent("the mail can't be written: a header is missing".to_owned()))?;
    Ok((message.envelope().clone(), message.formatted()))
}

fn address(address: &EmailAddress, whose: &str) -> Result<Address, SendError> {
    Address::new(address.local_part(), address.domain())
        .map_err(|_| SendError::Permanent(format!("{whose} can't be written in a mail")))
}

fn part(kind: ContentType, words: &str) -> SinglePart {
    SinglePart::builder()
        .header(kind)
        .header(ContentTransferEncoding::QuotedPrintable)
        .body(words.to_owned())
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// What stands between the parts: the message's own, so that the mail is the same at each try. In quoted-printable, `=_`
/// occurs in no body.
fn boundary(message_id: &str) -> String {
    let id: String = message_id
        .chars()
        .take_while(|character| *character != '@')
        .filter(char::is_ascii_alphanumeric)
        .take(60)
        .collect();
    format!("=_{id}")
}

#[cfg(test)]
mod tests {
    use portique_domain::portal::Sender;
    use portique_domain::testing;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_names_and_words_hold_the_headers_are_these(
            name in any::<String>(),
            subject in any::<String>(),
            text in any::<String>(),
        ) {
            let portal = testing::portal("paca");
            let mail = OutgoingMail {
                portal: portal.name,
                message_id: "<0198@paca.example.org>".into(),
                from: Sender { name, ..portal.sender },
                to: EmailAddress::parse("jeanne@example.org").unwrap(),
                subject,
                html: text.clone(),
                text,
                at: jiff::Timestamp::UNIX_EPOCH,
            };
            let (envelope, written) = compose(&mail).unwrap();
            prop_assert_eq!(envelope.to().len(), 1);
            let written = String::from_utf8(written).unwrap();
            prop_assert!(written.is_ascii());
            let (head, _) = written.split_once("\r\n\r\n").unwrap();
            let mut names: Vec<&str> = head
                .split("\r\n")
                .filter(|line| !line.starts_with([' ', '\t']))
                .map(|line| line.split(':').next().unwrap())
                .collect();
            names.sort_unstable();
            let expected = [
                "Auto-Submitted",
                "Content-Type",
                "Date",
                "From",
                "MIME-Version",
                "Message-ID",
                "Subject",
                "To",
            ];
            prop_assert_eq!(names, expected);
        }
    }
}
