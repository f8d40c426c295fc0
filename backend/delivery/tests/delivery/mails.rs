//! A mail to send, settings to send it with, and what arrived, read.

use std::time::Duration;

use portique_delivery::smtp::{SmtpCredentials, SmtpMailer, SmtpSettings, SmtpTls};
use portique_domain::mail::OutgoingMail;
use portique_domain::portal::Sender;
use portique_domain::testing;
use portique_shared::types::EmailAddress;

use crate::smtp_server::{Protection, SmtpServer};
use crate::world::START;

/// `\0portique\0secret`, as `AUTH PLAIN` says it.
pub(crate) const PLAIN: &str = "AHBvcnRpcXVlAHNlY3JldA==";

pub(crate) fn settings(server: &SmtpServer, tls: SmtpTls) -> SmtpSettings {
    SmtpSettings {
        host: "localhost".into(),
        port: server.address.port(),
        tls,
        credentials: None,
        ca_file: None,
        timeout: Duration::from_secs(10),
        hello_name: Some("portique.test".into()),
        allow_plain_text: false,
    }
}

pub(crate) fn credentials(password: &str) -> SmtpCredentials {
    SmtpCredentials {
        username: "portique".into(),
        password: password.into(),
    }
}

pub(crate) fn mail() -> OutgoingMail {
    let portal = testing::portal("paca");
    OutgoingMail {
        portal: portal.name,
        message_id: "<0198c0de@paca.example.org>".into(),
        from: Sender {
            name: "Portail de santé".into(),
            address: portal.sender.address,
        },
        to: EmailAddress::parse("jeanne.lefevre@chu-nice.fr").expect("well formed"),
        subject: "Votre mot de passe a été changé".into(),
        text: "Bonjour,\n\n.\nÀ bientôt — l'équipe\n".into(),
        html: format!("<p>{}</p>\n", "é".repeat(300)),
        at: START.parse().expect("well formed"),
    }
}

pub(crate) async fn clear() -> SmtpServer {
    SmtpServer::start(Protection::Clear, None).await
}

pub(crate) fn mailer(settings: SmtpSettings) -> SmtpMailer {
    SmtpMailer::new(settings).expect("settings that can work")
}

/// A header's value, unfolded.
pub(crate) fn header(mail: &str, name: &str) -> Option<String> {
    let (head, _) = mail.split_once("\r\n\r\n")?;
    let unfolded = head.replace("\r\n ", " ");
    let value = unfolded
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{name}: ")))?;
    Some(value.to_owned())
}

/// The mail's parts: their heads, and what they say.
pub(crate) fn parts(mail: &str) -> Vec<(String, String)> {
    let kind = header(mail, "Content-Type").expect("a mail has a type");
    let (_, boundary) = kind.split_once("boundary=\"").expect("a mail of two parts");
    let boundary = format!("--{}", boundary.trim_end_matches('"'));
    let read = |part: &str| {
        let (head, body) = part.split_once("\r\n\r\n").expect("a part has a head");
        let decoded = quoted_printable::decode(body.trim_end(), quoted_printable::ParseMode::Strict);
        let words = String::from_utf8(decoded.expect("quoted-printable")).expect("UTF-8");
        (head.trim().to_owned(), words)
    };
    let pieces: Vec<&str> = mail.split(&boundary).skip(1).collect();
    let (end, pieces) = pieces.split_last().expect("a mail of two parts");
    assert!(end.starts_with("--"), "{end}");
    pieces.iter().map(|part| read(part)).collect()
}
