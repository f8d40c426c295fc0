//! `portique reference show`: what the support desk is told of a reference that somebody reads out.

use portique_domain::outbox::{DeliveryState, Message, QueuedMessage};
use portique_domain::portal::PortalName;
use portique_domain::store::Store;
use portique_shared::api::paths;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::json;

use crate::account_requests::{ADDRESS, ask, proved};
use crate::recovery::{lost_password, mail, tokens};
use crate::support::{App, Ran, eventually, portique};

on_each_database!(
    a_reference_tells_what_was_asked_and_what_became_of_its_mail_and_no_secret,
    a_reference_may_be_typed_as_people_do,
    whoever_got_no_mail_is_told_why,
    a_mail_that_was_given_up_is_told_with_its_error_and_the_way_to_try_it_again,
    an_invitation_that_was_asked_for_is_told_without_its_password,
    an_account_that_was_asked_for_is_followed_to_the_agencys_decision,
    a_reference_is_found_behind_any_number_of_messages,
    a_reference_that_nothing_carries_is_told_to_be_unknown,
    messages_whose_key_is_gone_are_counted,
);

const PRATICIEN: &str = "praticien@demo.example";

fn run(app: &App, arguments: &[&str]) -> Ran {
    let file = app.installation.file();
    portique(
        &[
            &["--config", file.to_str().unwrap(), "reference", "show"],
            arguments,
        ]
        .concat(),
    )
}

fn shown(app: &App, reference: &str) -> String {
    let ran = run(app, &[reference]);
    assert!(ran.ok, "{}{}", ran.out, ran.err);
    ran.out
}

/// Until nothing waits in the queue.
async fn settled(app: &App) {
    app.let_the_queue_work();
    eventually("the queue's end", async || {
        let waiting = app.database.messages(Some(DeliveryState::Queued), 1).await;
        waiting.unwrap().is_empty().then_some(())
    })
    .await;
}

/// As the line of `name` goes on.
fn line<'a>(shown: &'a str, name: &str) -> &'a str {
    let mut lines = shown.lines().filter_map(|line| line.strip_prefix(name));
    let line = lines.next().unwrap_or_else(|| panic!("no line {name}:\n{shown}"));
    line.trim_start()
}

async fn a_reference_tells_what_was_asked_and_what_became_of_its_mail_and_no_secret(database: TestDatabase) {
    let app = App::demo(database).await;
    let taken = lost_password(&app.browser("paca"), PRATICIEN).await;
    let before = shown(&app, &taken.reference);
    assert_eq!(line(&before, "portal"), "paca");
    assert_eq!(
        line(&before, "asked"),
        "2026-01-05T08:00:00Z, a link to a new password, with the address p…@demo.example"
    );
    assert!(
        line(&before, "looked up").starts_with("not yet; it waits, due 2026-01-05T08:00:0"),
        "{before}"
    );
    assert!(!before.contains("\nmail"), "{before}");
    let mail = mail(&app, PRATICIEN, 1).await;
    settled(&app).await;
    let after = shown(&app, &taken.reference);
    assert!(
        line(&after, "looked up").starts_with("2026-01-05T08:00:"),
        "{after}"
    );
    let told = line(&after, "mail");
    assert!(
        told.starts_with(
            "the link to a new password, to p…@demo.example (praticien): the mail server took it"
        ),
        "{after}"
    );
    assert!(told.ends_with(", after 1 try"), "{after}");
    for secret in [tokens(&mail)[0].as_str(), PRATICIEN] {
        assert!(!after.contains(secret), "{after}");
    }
}

async fn a_reference_may_be_typed_as_people_do(database: TestDatabase) {
    let app = App::demo(database).await;
    let taken = lost_password(&app.browser("paca"), PRATICIEN).await;
    let told = shown(&app, &taken.reference);
    let small = taken.reference.to_lowercase();
    let (first, second) = small.split_at(4);
    for typed in [
        &[small.as_str()][..],
        &[first, second],
        &[first, "-", second],
        &[&format!("{first}–{second}")],
        &["--portal", "paca", first, second],
    ] {
        let ran = run(&app, typed);
        assert_eq!(ran.out, told, "{typed:?}: {}", ran.err);
    }
}

async fn whoever_got_no_mail_is_told_why(database: TestDatabase) {
    let app = App::demo(database).await;
    app.database
        .run_by_hand("UPDATE accounts SET status = 'disabled' WHERE identifier = 'mobile'")
        .await
        .unwrap();
    let browser = app.browser("paca");
    for _ in 0..4 {
        lost_password(&browser, PRATICIEN).await;
        settled(&app).await;
    }
    for (subject, why) in [
        (
            PRATICIEN,
            "nothing was sent: the mailbox had its share for the day",
        ),
        (
            "personne@demo.example",
            "nothing was sent: nobody has what was typed",
        ),
        ("mobile@demo.example", "nothing was sent: the account is disabled"),
    ] {
        let taken = lost_password(&browser, subject).await;
        settled(&app).await;
        let told = shown(&app, &taken.reference);
        assert!(line(&told, "looked up").ends_with(&format!("Z: {why}")), "{told}");
        assert!(!told.contains("\nmail"), "{told}");
    }
}

async fn a_mail_that_was_given_up_is_told_with_its_error_and_the_way_to_try_it_again(database: TestDatabase) {
    let app = App::demo(database).await;
    let taken = lost_password(&app.browser("paca"), PRATICIEN).await;
    mail(&app, PRATICIEN, 1).await;
    settled(&app).await;
    let links = app
        .queue()
        .await
        .into_iter()
        .find(|message| message.kind == "password_links");
    let id = links.unwrap().id;
    for (change, told) in [
        (
            "state = 'queued', attempts = 2, last_error = 'connection refused'",
            ": it waits, due 2026-01-05T08:10:00Z, after 2 tries; last error: connection refused".to_owned(),
        ),
        (
            "state = 'dead', attempts = 16, last_error = '550 no such mailbox'",
            format!(", after 16 tries: 550 no such mailbox; «portique outbox retry {id}» takes it up again"),
        ),
    ] {
        // The worker lets it be: only what is due is taken.
        let sql = format!("UPDATE outbox SET due_at = 1767600600000, {change} WHERE kind = 'password_links'");
        app.database.run_by_hand(&sql).await.unwrap();
        let shown = shown(&app, &taken.reference);
        assert!(line(&shown, "mail").ends_with(&told), "{shown}");
    }
}

async fn an_invitation_that_was_asked_for_is_told_without_its_password(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("aura");
    let address = "premiere.connexion@demo.example";
    let body = json!({ "subject": address, "captcha": browser.proof().await });
    let answer = browser.post(paths::RECOVERY_INVITATION, &body).await;
    let taken: portique_shared::api::recovery::RequestTaken = answer.json();
    let invitation = mail(&app, address, 1).await;
    settled(&app).await;
    let told = shown(&app, &taken.reference);
    assert!(
        line(&told, "asked").contains("the invitation once more"),
        "{told}"
    );
    assert!(
        line(&told, "mail").starts_with("the invitation, to p…@demo.example (premiere.connexion): "),
        "{told}"
    );
    let mut indented = invitation.lines().filter_map(|line| line.strip_prefix("    "));
    let password = indented.nth(1).expect("it stands under the identifier");
    assert!(
        password.len() > 7 && !told.contains(password),
        "{password}\n{told}"
    );
}

async fn an_account_that_was_asked_for_is_followed_to_the_agencys_decision(database: TestDatabase) {
    let app = App::demo(database).await;
    let reference = proved(&app).await;
    let waiting = shown(&app, &reference);
    assert!(
        line(&waiting, "asked").ends_with("an account, with the address l…@cabinet.example"),
        "{waiting}"
    );
    assert!(
        line(&waiting, "mail").starts_with("the link that proves the address, to l…@cabinet.example: "),
        "{waiting}"
    );
    assert_eq!(line(&waiting, "request"), "waits for the agency's decision");
    assert!(!waiting.contains("Martin"), "{waiting}");
    let again: portique_shared::api::recovery::RequestTaken = ask(&app.browser("aura"), ADDRESS).await.json();
    mail(&app, ADDRESS, 2).await;
    settled(&app).await;
    let told = shown(&app, &again.reference);
    assert!(
        line(&told, "mail").starts_with(&format!("that the request {reference} waits already, to ")),
        "{told}"
    );
    let file = app.installation.file();
    let refuse = [
        "request", "refuse", "--portal", "aura", &reference, "--reason", "",
    ];
    let ran = portique(&[&["--config", file.to_str().unwrap()], &refuse[..]].concat());
    assert!(ran.ok, "{}", ran.err);
    let refused = shown(&app, &reference);
    assert!(line(&refused, "request").starts_with("refused 20"), "{refused}");
    assert!(
        refused.contains("the agency's refusal, to l…@cabinet.example: "),
        "{refused}"
    );
}

async fn a_reference_is_found_behind_any_number_of_messages(database: TestDatabase) {
    let app = App::demo(database).await;
    let paca = PortalName::parse("paca").unwrap();
    let (keyring, entropy) = (&app.tools.keyring, app.tools.entropy.as_ref());
    let others: Vec<QueuedMessage> = (0..1_001)
        .map(|_| {
            let invitation = Message::Invitation { reference: None };
            let message = QueuedMessage::new(&invitation, &paca, None, keyring, entropy, app.now());
            QueuedMessage {
                state: DeliveryState::Sent,
                ..message
            }
        })
        .collect();
    let mut unit = app.database.begin().await.unwrap();
    unit.enqueue(&others).await.unwrap();
    unit.commit().await.unwrap();
    app.wait_minutes(1);
    let taken = lost_password(&app.browser("paca"), PRATICIEN).await;
    assert_eq!(line(&shown(&app, &taken.reference), "portal"), "paca");
}

async fn a_reference_that_nothing_carries_is_told_to_be_unknown(database: TestDatabase) {
    let app = App::demo(database).await;
    let taken = lost_password(&app.browser("paca"), PRATICIEN).await;
    let unknown = run(&app, &["k7qm", "2xpa"]);
    assert!(!unknown.ok && unknown.out.is_empty(), "{}", unknown.out);
    assert!(
        unknown.err.contains(
            "no message carries the reference K7QM-2XPA (any more): what is done with goes after 30 days"
        ),
        "{}",
        unknown.err
    );
    let elsewhere = run(&app, &["--portal", "aura", &taken.reference]);
    assert!(
        !elsewhere.ok && elsewhere.err.contains("no message carries"),
        "{}",
        elsewhere.err
    );
    let none = run(&app, &["K7QM-2XP"]);
    assert!(
        none.err
            .contains("«K7QM-2XP» is no reference (expected one such as K7QM-2XPA)"),
        "{}",
        none.err
    );
    assert!(!run(&app, &[]).ok);
}

async fn messages_whose_key_is_gone_are_counted(database: TestDatabase) {
    let app = App::demo(database).await;
    let taken = lost_password(&app.browser("paca"), PRATICIEN).await;
    app.installation.replace("portique.toml", "id = 1,", "id = 2,");
    let ran = run(&app, &[&taken.reference]);
    assert!(!ran.ok, "{}", ran.out);
    assert!(
        ran.err
            .contains("besides, 1 message can't be opened, for want of the key"),
        "{}",
        ran.err
    );
}
