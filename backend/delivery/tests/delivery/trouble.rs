//! Mail servers refuse, hang up, fall silent and come back.

use std::sync::Arc;
use std::time::Duration;

use portique_delivery::smtp::{SmtpSettings, SmtpTls};
use portique_domain::mail::{Mailer, SendError};
use portique_domain::outbox::{DeliveryState, HOLD, backoff};
use tokio::net::TcpStream;

use crate::mails::{PLAIN, clear, credentials, header, mail, mailer, parts, settings};
use crate::smtp_server::{Next, Protection, SmtpServer};
use crate::world::{World, told_password};

#[tokio::test]
async fn each_refusal_is_for_now_or_for_good_and_names_nobody() {
    let server = clear().await;
    let mailer = mailer(settings(&server, SmtpTls::None));
    for (next, for_good) in [
        (Next::Greet("554 5.7.1 no service for you"), false),
        (Next::Greet("421 too busy"), false),
        (
            Next::AtRecipient("450 4.2.1 <jeanne.lefevre@chu-nice.fr>: greylisted"),
            false,
        ),
        (
            Next::AtRecipient("550 5.1.1 <jeanne.lefevre@chu-nice.fr>: unknown user jeanne.lefevre"),
            true,
        ),
        (Next::AtText("452 disk full"), false),
        (Next::AtText("554 5.7.1 looks like spam"), true),
        (Next::Close, false),
    ] {
        server.then([next.clone()]);
        let refusal = mailer.send(&mail()).await.unwrap_err();
        assert_eq!(
            matches!(refusal, SendError::Permanent(_)),
            for_good,
            "{next:?}: {refusal}"
        );
        assert!(!refusal.to_string().contains("jeanne"), "{refusal}");
    }
    mailer.send(&mail()).await.unwrap();
    assert_eq!(server.seen().mails.len(), 1);
}

#[tokio::test]
async fn a_wrong_password_of_portiques_own_kills_no_mail() {
    let server = SmtpServer::start(Protection::Clear, Some(PLAIN)).await;
    for credentials in [Some(credentials("wrong")), None] {
        let mailer = mailer(SmtpSettings {
            credentials,
            ..settings(&server, SmtpTls::None)
        });
        let refusal = mailer.send(&mail()).await.unwrap_err();
        assert!(matches!(refusal, SendError::Transient(_)), "{refusal}");
        assert!(!refusal.to_string().contains("wrong"));
    }
}

#[tokio::test]
async fn one_connection_carries_many_mails_and_is_replaced_when_the_server_closes_it() {
    let server = clear().await;
    let mailer = mailer(settings(&server, SmtpTls::None));
    for _ in 0..3 {
        mailer.send(&mail()).await.unwrap();
    }
    assert_eq!(server.seen().connections, 1);
    server.then([Next::TakeAndClose]);
    for _ in 0..2 {
        mailer.send(&mail()).await.unwrap();
    }
    let seen = server.seen();
    assert_eq!((seen.connections, seen.mails.len()), (2, 5));
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up_and_its_late_answer_is_nobodys() {
    let server = clear().await;
    let mailer = mailer(SmtpSettings {
        timeout: Duration::from_secs(1),
        ..settings(&server, SmtpTls::None)
    });
    server.then([Next::Silence, Next::AtText("550 no")]);
    let silent = mailer.send(&mail()).await.unwrap_err();
    assert_eq!(silent.to_string(), "handing the mail over took longer than 1 s");
    let refused = mailer.send(&mail()).await.unwrap_err();
    assert!(matches!(refused, SendError::Permanent(_)), "{refused}");
    assert_eq!(server.seen().connections, 2);
}

#[tokio::test]
async fn a_queue_survives_a_mail_server_that_is_down_and_drains_when_it_is_back() {
    let world = World::new();
    for number in 0..6 {
        world.confirm(&format!("jeanne.{number}")).await;
    }
    let server = clear().await;
    let (address, settings) = (server.address, settings(&server, SmtpTls::None));
    drop(server);
    let worker = world.worker(Arc::new(mailer(settings)));
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    worker.run_once().await.unwrap();
    let waiting = world.store.rows().await.messages;
    assert!(
        waiting
            .iter()
            .all(|message| message.state == DeliveryState::Queued)
    );
    let reason = waiting[0].last_error.clone().unwrap();
    assert!(reason.starts_with("no connection to the mail server"), "{reason}");

    let back = SmtpServer::start_on(&address.to_string(), Protection::Clear, None).await;
    world.turn(backoff(1));
    worker.run_once().await.unwrap();
    assert_eq!(back.seen().mails.len(), 6);
    let sent = world.store.rows().await.messages;
    assert!(sent.iter().all(|message| message.state == DeliveryState::Sent));
}

#[tokio::test]
async fn a_mail_whose_answer_was_lost_leaves_again_under_the_same_id_with_a_new_password() {
    let (world, server) = (World::new(), clear().await);
    let account = world.invite("jeanne").await;
    let mailer = Arc::new(mailer(settings(&server, SmtpTls::None)));
    let dying = world.worker(mailer.clone());
    // The server takes the first one; Portique dies before it can write that down.
    world.store.fail_to_settle(usize::MAX);
    let run = tokio::spawn(async move { dying.run_once().await });
    while server.seen().mails.is_empty() {
        tokio::task::yield_now().await;
    }
    run.abort();
    assert!(run.await.unwrap_err().is_cancelled());
    world.store.fail_to_settle(0);
    assert_eq!(world.message().await.state, DeliveryState::Queued);

    world.turn(HOLD);
    world.worker(mailer).run_once().await.unwrap();
    assert_eq!(world.message().await.state, DeliveryState::Sent);
    let mails = server.seen().mails;
    assert_eq!(mails.len(), 2);
    assert_eq!(header(&mails[0], "Message-ID"), header(&mails[1], "Message-ID"));
    let told: Vec<String> = mails
        .iter()
        .map(|mail| told_password(&parts(mail)[0].1.replace("\r\n", "\n")))
        .collect();
    assert!(!world.opens(account, &told[0]).await);
    assert!(world.opens(account, &told[1]).await);
}
