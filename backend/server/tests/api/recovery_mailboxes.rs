//! What was looked up goes to the mailbox that it belongs to.

use portique_shared::types::EmailAddress;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::recovery::{lost_password, mail, tokens};
use crate::support::{App, eventually};

on_each_database!(
    two_mailboxes_that_fold_alike_get_a_mail_each,
    links_go_where_their_account_was_found,
);

async fn two_mailboxes_that_fold_alike_get_a_mail_each(database: TestDatabase) {
    let app = App::demo(database).await;
    app.create("paca", "jeanne.lefevre").await;
    app.create("paca", "jlefevre").await;
    let mut other = app.draft("paca", "autre").await;
    other.record.email = EmailAddress::parse("x@xn--exmple-cua.fr").unwrap();
    app.insert(&other).await;
    // As if the folding took the one address for the other.
    app.database
        .run_by_hand(
            "UPDATE accounts SET folded_email = 'jeanne.lefevre@example.org' WHERE identifier = 'autre'",
        )
        .await
        .unwrap();
    lost_password(&app.browser("paca"), "jeanne.lefevre@example.org").await;
    let hers = mail(&app, "jeanne.lefevre@example.org", 1).await;
    assert_eq!(tokens(&hers).len(), 2);
    assert!(!hers.contains("    autre\n"), "{hers}");
    let others = mail(&app, "x@xn--exmple-cua.fr", 1).await;
    assert_eq!(tokens(&others).len(), 1);
    assert!(
        others.contains("    autre\n") && !others.contains("lefevre"),
        "{others}"
    );
}

async fn links_go_where_their_account_was_found(database: TestDatabase) {
    let app = App::start(database).await;
    let first = app.create("paca", "jeanne.lefevre").await;
    app.create("paca", "jlefevre").await;
    let email = first.record.email.clone();
    lost_password(&app.browser("paca"), email.as_str()).await;
    app.let_the_queue_work();
    let message = eventually("the links", async || {
        let queue = app.queue().await.into_iter();
        queue.rev().find(|message| message.kind == "password_links")
    })
    .await;
    // The agency corrects the first account's address while the mail waits.
    let mut moved = app.reread(&first).await;
    moved.record.email = EmailAddress::parse("ailleurs@example.org").unwrap();
    let content = message.open(&app.tools.keyring).unwrap();
    assert_eq!(content.destination(Some(&moved)), Some(&email));
}
