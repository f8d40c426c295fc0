//! A server that is killed loses no mail and sends none twice.

use portique_domain::outbox::{DeliveryState, QueuedMessage};
use portique_domain::store::Store;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::support::{Installation, MailServer, Server, eventually, free_port, portique};

on_each_database!(
    a_mail_queued_while_the_mail_server_was_down_outlives_a_kill_and_arrives_once,
    a_mail_in_hand_when_the_server_was_killed_is_sent_again_under_the_same_id,
);

/// An installation whose mails go to a port of this machine.
fn with_mail_port(database: &TestDatabase) -> (Installation, u16) {
    let (installation, port) = (Installation::new(&database.url()), free_port());
    installation.replace("portique.toml", "port = 9", &format!("port = {port}"));
    (installation, port)
}

fn invite(installation: &Installation, identifier: &str) {
    let (file, email) = (installation.file(), format!("{identifier}@chu.fr"));
    let ran = portique(&[
        "--config",
        file.to_str().unwrap(),
        "account",
        "create",
        "--portal",
        "paca",
        "--identifier",
        identifier,
        "--email",
        &email,
    ]);
    assert!(ran.ok, "{}", ran.err);
}

async fn serve(installation: &Installation) -> Server {
    let file = installation.file();
    let arguments = ["--config", file.to_str().unwrap(), "serve"];
    let mut server = Server::start(&arguments, &installation.path().join("log"));
    server.said("paca: ").await;
    server
}

async fn kill(server: Server) {
    server.signal("KILL");
    assert_eq!(server.ended().await.0, None, "killed, not ended");
}

/// The only message, once it is as asked.
async fn message(database: &TestDatabase, what: &str, is: impl Fn(&QueuedMessage) -> bool) -> QueuedMessage {
    eventually(what, async || {
        let messages = database.messages(None, 10).await.unwrap();
        messages.into_iter().find(|message| is(message))
    })
    .await
}

/// Makes waiting messages due, instead of waiting for their time.
async fn make_due(database: &TestDatabase) {
    let done = database
        .run_by_hand("UPDATE outbox SET due_at = 0 WHERE state = 'queued'")
        .await;
    done.unwrap();
}

async fn a_mail_queued_while_the_mail_server_was_down_outlives_a_kill_and_arrives_once(
    database: TestDatabase,
) {
    let (installation, port) = with_mail_port(&database);
    invite(&installation, "anne");
    let server = serve(&installation).await;
    let tried = message(&database, "a try", |message| message.last_error.is_some()).await;
    assert_eq!(tried.state, DeliveryState::Queued);
    kill(server).await;

    make_due(&database).await;
    let mail_server = MailServer::start(port).await;
    let server = serve(&installation).await;
    message(&database, "the mail's end", |message| {
        message.state == DeliveryState::Sent
    })
    .await;
    assert_eq!(mail_server.mails().len(), 1);
    kill(server).await;

    // A second mail shows that the first does not leave again.
    invite(&installation, "berthe");
    let server = serve(&installation).await;
    eventually("the second mail's end", async || {
        let sent = database.messages(Some(DeliveryState::Sent), 10).await.unwrap();
        (sent.len() == 2).then_some(())
    })
    .await;
    let mails = mail_server.mails();
    assert_eq!(mails.len(), 2);
    for (mail, to) in mails.iter().zip(["To: anne@chu.fr\n", "To: berthe@chu.fr\n"]) {
        assert!(mail.contains(to), "{mail}");
    }
    server.signal("TERM");
    assert_eq!(server.ended().await.0, Some(0));
}

fn message_id(mail: &str) -> &str {
    mail.lines()
        .find(|line| line.starts_with("Message-ID: "))
        .unwrap_or(mail)
}

async fn a_mail_in_hand_when_the_server_was_killed_is_sent_again_under_the_same_id(database: TestDatabase) {
    let (installation, port) = with_mail_port(&database);
    invite(&installation, "anne");
    let silent = MailServer::silent(port).await;
    let server = serve(&installation).await;
    let first = eventually("the mail", async || silent.mails().into_iter().next()).await;
    kill(server).await;
    drop(silent);
    let held = message(&database, "the message", |_| true).await;
    assert_eq!(
        (held.state, held.attempts),
        (DeliveryState::Queued, 1),
        "nobody knows that it left"
    );

    make_due(&database).await;
    let mail_server = MailServer::start(port).await;
    let server = serve(&installation).await;
    message(&database, "the mail's end", |message| {
        message.state == DeliveryState::Sent
    })
    .await;
    let mails = mail_server.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(
        message_id(&mails[0]),
        message_id(&first),
        "so that mail servers can drop the double"
    );
    assert!(message_id(&first).contains('@'), "{first}");
    server.signal("TERM");
    assert_eq!(server.ended().await.0, Some(0));
}
