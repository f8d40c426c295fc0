//! Mails travel to a real server on this machine, over sockets and TLS.

use portique_delivery::smtp::{SmtpMailer, SmtpSettings, SmtpSettingsError, SmtpTls};
use portique_domain::mail::{Mailer, SendError};

use crate::mails::{PLAIN, clear, credentials, header, mail, mailer, parts, settings};
use crate::smtp_server::{Authority, Protection, SmtpServer};

#[tokio::test]
async fn a_mail_arrives_whole_with_its_text_and_its_html() {
    let server = clear().await;
    mailer(settings(&server, SmtpTls::None))
        .send(&mail())
        .await
        .unwrap();
    let seen = server.seen();
    assert_eq!(seen.recipients, ["RCPT TO:<jeanne.lefevre@chu-nice.fr>"]);
    let arrived = &seen.mails[0];
    assert!(arrived.is_ascii());
    assert!(arrived.lines().all(|line| line.len() <= 78), "{arrived}");
    for (name, value) in [
        ("To", "jeanne.lefevre@chu-nice.fr"),
        ("Message-ID", "<0198c0de@paca.example.org>"),
        ("Auto-Submitted", "auto-generated"),
        ("MIME-Version", "1.0"),
    ] {
        assert_eq!(header(arrived, name).as_deref(), Some(value));
    }
    let date = header(arrived, "Date").unwrap();
    assert!(date.starts_with("Tue, 24 Nov 2026 07:00:00"), "{date}");
    assert!(
        header(arrived, "From")
            .unwrap()
            .ends_with("<portail@example.org>")
    );

    let [(text_head, text), (html_head, html)] = parts(arrived).try_into().unwrap();
    assert!(text_head.contains("text/plain; charset=utf-8"), "{text_head}");
    assert!(html_head.contains("text/html; charset=utf-8"), "{html_head}");
    assert_eq!(text.replace("\r\n", "\n").trim(), mail().text.trim());
    assert_eq!(html.trim(), mail().html.trim());
}

#[tokio::test]
async fn a_name_with_a_line_end_adds_no_header() {
    let server = clear().await;
    let mut mail = mail();
    mail.from.name = "Portail\r\nBcc: everybody@example.org".into();
    mail.subject = "Bonjour\r\nX-Forged: yes\r\n\r\nforged body".into();
    mailer(settings(&server, SmtpTls::None))
        .send(&mail)
        .await
        .unwrap();
    let seen = server.seen();
    assert_eq!(seen.recipients.len(), 1);
    for forged in ["Bcc", "X-Forged"] {
        assert_eq!(header(&seen.mails[0], forged), None);
    }
    assert_eq!(parts(&seen.mails[0]).len(), 2);
}

#[tokio::test]
async fn credentials_and_mails_are_told_only_once_tls_protects_them() {
    let authority = Authority::new("starttls", "localhost");
    let server = SmtpServer::start(Protection::StartTls(authority.acceptor.clone()), Some(PLAIN)).await;
    let mailer = mailer(SmtpSettings {
        ca_file: Some(authority.ca_file),
        credentials: Some(credentials("secret")),
        ..settings(&server, SmtpTls::StartTls)
    });
    mailer.send(&mail()).await.unwrap();
    let seen = server.seen();
    assert_eq!((seen.mails.len(), seen.in_clear), (1, vec![]));
}

#[tokio::test]
async fn a_server_with_tls_from_the_first_byte_is_served_too() {
    let authority = Authority::new("implicit", "localhost");
    let server = SmtpServer::start(Protection::Implicit(authority.acceptor.clone()), None).await;
    let mailer = mailer(SmtpSettings {
        ca_file: Some(authority.ca_file),
        ..settings(&server, SmtpTls::Implicit)
    });
    mailer.send(&mail()).await.unwrap();
    assert_eq!(server.seen().mails.len(), 1);
}

#[tokio::test]
async fn a_certificate_from_a_stranger_or_for_another_host_gets_no_mail() {
    let known = Authority::new("known", "localhost");
    let other_host = Authority::new("other-host", "mail.example.org");
    for (acceptor, ca_file) in [
        (known.acceptor, None),
        (other_host.acceptor, Some(other_host.ca_file)),
    ] {
        for tls in [SmtpTls::StartTls, SmtpTls::Implicit] {
            let protection = match tls {
                SmtpTls::Implicit => Protection::Implicit(acceptor.clone()),
                _ => Protection::StartTls(acceptor.clone()),
            };
            let server = SmtpServer::start(protection, None).await;
            let mailer = mailer(SmtpSettings {
                ca_file: ca_file.clone(),
                ..settings(&server, tls)
            });
            let refusal = mailer.send(&mail()).await.unwrap_err();
            assert!(
                matches!(&refusal, SendError::Transient(reason) if reason.contains("certificate")),
                "{refusal}"
            );
            let seen = server.seen();
            assert_eq!((seen.mails.len(), seen.in_clear), (0, vec![]));
        }
    }
}

#[tokio::test]
async fn a_server_without_starttls_gets_no_mail_when_the_settings_ask_for_it() {
    let server = clear().await;
    let mailer = mailer(settings(&server, SmtpTls::StartTls));
    assert!(matches!(mailer.send(&mail()).await, Err(SendError::Transient(_))));
    assert!(server.seen().in_clear.is_empty());
}

#[tokio::test]
async fn a_file_without_a_certificate_is_refused_before_the_first_mail() {
    let server = clear().await;
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let empty = folder.join("no-certificate.pem");
    std::fs::write(&empty, "nothing to see").unwrap();
    let with = |path| {
        SmtpMailer::new(SmtpSettings {
            ca_file: Some(path),
            ..settings(&server, SmtpTls::StartTls)
        })
    };
    assert!(matches!(with(empty), Err(SmtpSettingsError::NoCertificate(_))));
    assert!(matches!(
        with(folder.join("absent.pem")),
        Err(SmtpSettingsError::CaFile { .. })
    ));
}
