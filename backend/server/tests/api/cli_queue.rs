//! `portique outbox` and `portique audit`.

use portique_domain::outbox::DeliveryState;
use portique_domain::store::Store;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::Value;

use crate::support::{App, Installation, PASSWORD, Ran, portique};

on_each_database!(
    the_queue_is_listed_with_what_became_of_each_message,
    dead_messages_are_taken_up_again_one_or_all,
    the_trail_is_exported_a_line_an_entry,
    a_trail_that_was_tampered_with_is_told,
    a_trail_that_was_cut_at_its_end_is_told,
    a_trail_whose_end_was_rewritten_is_told,
);

fn run(installation: &Installation, arguments: &[&str]) -> Ran {
    let file = installation.file();
    let mut all = vec!["--config", file.to_str().unwrap()];
    all.extend(arguments);
    portique(&all)
}

/// Two people, whose invitations wait.
fn with_invitations(database: &TestDatabase) -> Installation {
    let installation = Installation::new(&database.url());
    for identifier in ["anne", "berthe"] {
        let email = format!("{identifier}@chu.fr");
        let create = [
            "account",
            "create",
            "--portal",
            "paca",
            "--identifier",
            identifier,
            "--email",
            &email,
        ];
        let ran = run(&installation, &create);
        assert!(ran.ok, "{}", ran.err);
    }
    installation
}

/// Gives the messages up, as the worker does after its tries.
async fn give_up(database: &TestDatabase) {
    let sql = "UPDATE outbox SET state = 'dead', attempts = 16, last_error = 'connection refused'";
    assert_eq!(database.run_by_hand(sql).await, Ok(2));
}

async fn the_queue_is_listed_with_what_became_of_each_message(database: TestDatabase) {
    let installation = with_invitations(&database);
    let all = run(&installation, &["outbox", "list"]);
    assert!(all.ok, "{}", all.err);
    assert_eq!(
        all.out.matches("queued  paca       invitation").count(),
        2,
        "{}",
        all.out
    );
    assert!(all.out.ends_with("2 messages\n"));
    assert!(
        all.out.contains("anne ") && all.out.contains("a…@chu.fr"),
        "{}",
        all.out
    );
    assert!(
        !all.out.contains("anne@"),
        "no address is told whole: {}",
        all.out
    );
    let dead = run(&installation, &["outbox", "list", "--state", "dead"]);
    assert_eq!(dead.out, "0 messages\n");
    give_up(&database).await;
    let dead = run(
        &installation,
        &["outbox", "list", "--state", "dead", "--limit", "1"],
    );
    assert!(
        dead.out.contains("tries 16") && dead.out.contains("connection refused"),
        "{}",
        dead.out
    );
    assert!(dead.out.ends_with("\n1 message\n"), "{}", dead.out);
}

async fn dead_messages_are_taken_up_again_one_or_all(database: TestDatabase) {
    let installation = with_invitations(&database);
    give_up(&database).await;
    let messages = database.messages(Some(DeliveryState::Dead), 10).await.unwrap();
    let id = messages[0].id.to_string();
    let one = run(&installation, &["outbox", "retry", &id]);
    assert_eq!(one.out, "1 message will be tried again\n", "{}", one.err);
    let again = run(&installation, &["outbox", "retry", &id]);
    assert!(
        !again.ok && again.err.contains(&format!("no dead message has the id {id}")),
        "{}",
        again.err
    );
    let all = run(&installation, &["outbox", "retry", "--all"]);
    assert_eq!(all.out, "1 message will be tried again\n");
    let none = run(&installation, &["outbox", "retry", "--all"]);
    assert!(none.ok && none.out.starts_with("0 messages"), "{}", none.err);
    for message in database.messages(None, 10).await.unwrap() {
        assert_eq!((message.state, message.attempts), (DeliveryState::Queued, 0));
    }
    for wrong in [
        &["outbox", "retry"][..],
        &["outbox", "retry", "12"],
        &["outbox", "retry", &id, "--all"],
    ] {
        assert!(!run(&installation, wrong).ok, "{wrong:?}");
    }
    let neither = run(&installation, &["outbox", "retry"]);
    assert!(neither.err.contains("or --all"), "{}", neither.err);
}

async fn some_tries(database: TestDatabase) -> App {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in("nobody", "wrong").await;
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    browser.sign_out().await;
    app
}

async fn the_trail_is_exported_a_line_an_entry(database: TestDatabase) {
    let app = some_tries(database).await;
    let ran = run(&app.installation, &["audit", "export"]);
    assert!(ran.ok, "{}", ran.err);
    let entries: Vec<Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(entries.len(), 3);
    assert_eq!(entries[1]["sequence"], 2);
    assert_eq!(entries[1]["action"], "sign_in");
    assert_eq!(entries[1]["result"], "success");
    assert_eq!(entries[1]["previous_hash"], entries[0]["hash"]);
    let verified = run(&app.installation, &["audit", "verify"]);
    assert_eq!(
        (verified.ok, verified.out.as_str()),
        (true, "3 entries, unbroken\n")
    );
}

async fn a_trail_that_was_tampered_with_is_told(database: TestDatabase) {
    let app = some_tries(database).await;
    let forgery = "UPDATE audit_entries SET result = 'success' WHERE sequence = 1";
    assert!(
        app.database.run_by_hand(forgery).await.is_err(),
        "the database itself refuses"
    );
    take_guards_away(&app).await;
    assert_eq!(app.database.run_by_hand(forgery).await, Ok(1));
    let ran = run(&app.installation, &["audit", "verify"]);
    assert!(!ran.ok);
    assert!(ran.err.contains("the trail is broken at entry 1"), "{}", ran.err);
}

/// Who owns the database can do this, but not forge the hashes that were exported.
async fn take_guards_away(app: &App) {
    for guard in [
        "DROP TRIGGER audit_entries_append_only ON audit_entries",
        "DROP TRIGGER audit_entries_no_update",
        "DROP TRIGGER audit_entries_no_delete",
    ] {
        // Each database has its own.
        drop(app.database.run_by_hand(guard).await);
    }
}

async fn a_trail_that_was_cut_at_its_end_is_told(database: TestDatabase) {
    let app = some_tries(database).await;
    take_guards_away(&app).await;
    for (kept, missing) in [
        (2, "cut at its end: entry 3 is missing"),
        (1, "entries 2 to 3 are missing"),
        (0, "entries 1 to 3 are missing"),
    ] {
        let cut = format!("DELETE FROM audit_entries WHERE sequence > {kept}");
        assert_eq!(app.database.run_by_hand(&cut).await, Ok(1));
        let ran = run(&app.installation, &["audit", "verify"]);
        assert!(!ran.ok, "{}", ran.out);
        assert!(ran.err.contains(missing), "{}", ran.err);
    }
}

async fn a_trail_whose_end_was_rewritten_is_told(database: TestDatabase) {
    let app = some_tries(database).await;
    take_guards_away(&app).await;
    // As if the last entry had been replaced by another that follows the one before it as well.
    let replaced = "UPDATE audit_head SET hash = 'that of the entry that was there'";
    assert_eq!(app.database.run_by_hand(replaced).await, Ok(1));
    let ran = run(&app.installation, &["audit", "verify"]);
    assert!(!ran.ok, "{}", ran.out);
    assert!(
        ran.err.contains("its entry 3 is not the one that was the last"),
        "{}",
        ran.err
    );
    let shortened =
        "UPDATE audit_head SET sequence = 2, hash = (SELECT hash FROM audit_entries WHERE sequence = 2)";
    assert_eq!(app.database.run_by_hand(shortened).await, Ok(1));
    let ran = run(&app.installation, &["audit", "verify"]);
    assert!(!ran.ok, "{}", ran.out);
    assert!(
        ran.err.contains("entry 3 stands behind its written end"),
        "{}",
        ran.err
    );
}
