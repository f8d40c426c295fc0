//! What happens in the middle of a sign-in or of a change: the account changes while its row is waited for, the database fails.

use portique_shared::api::contacts::ContactsView;
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_shared::api::second_step::{Destination, SecondStepView};
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::json;

use crate::contacts::{NEW, update};
use crate::second_step::{refused_for, step, waiting};
use crate::security::{JEANNE, proved};
use crate::sms::{PHONE, chief_with, send};
use crate::support::{Answer, App, Browser, Installation, PASSWORD};

on_each_database!(
    who_became_privileged_meanwhile_gets_no_code_at_the_mailbox_that_resets_the_password,
    who_was_given_a_rescue_address_meanwhile_gets_the_code_there,
    a_code_that_went_where_none_goes_any_more_opens_nothing,
    a_code_that_was_surely_not_sent_is_not_counted,
    a_code_that_was_perhaps_sent_stays_counted,
);

/// paca, which takes no privileged person's codes from the mailbox that resets the password.
async fn strict(database: TestDatabase) -> App {
    let installation = Installation::new(&database.url());
    let rule = "[second_factor]\nreset_mailbox = \"unprivileged\"";
    installation.append("portals/paca.toml", rule);
    App::start_from(database, installation, false).await
}

/// A sign-in of Jeanne who asks for the second step.
async fn sign_in(browser: &Browser<'_>) -> Answer {
    let strong = json!({ "identifier": JEANNE, "password": PASSWORD, "strong": true });
    browser.post(paths::SESSION, &strong).await
}

/// Has the database itself do that whenever such a row is inserted.
async fn on_insert(app: &App, table: &str, kind: &str, done: &str) {
    let row = format!("AFTER INSERT ON {table} FOR EACH ROW WHEN (NEW.kind = '{kind}')");
    let trigger = if app.database.url().starts_with("postgres") {
        format!(
            "CREATE FUNCTION on_{kind}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {done}; RETURN NULL; END $$; \
             CREATE TRIGGER on_{kind} {row} EXECUTE FUNCTION on_{kind}()"
        )
    } else {
        format!("CREATE TRIGGER on_{kind} {row} BEGIN {done}; END")
    };
    app.database.run_by_hand(&trigger).await.unwrap();
}

/// As if an import wrote that between a code's count and the account's lock.
async fn imports(app: &App, change: &str) {
    let import = format!("UPDATE accounts SET {change}");
    on_insert(app, "throttles", "code_account", &import).await;
}

/// How many limits on what is sent have a try counted.
async fn counted(app: &App) -> u64 {
    let limits = "UPDATE throttles SET failures = failures WHERE failures > 0 AND kind IN \
                  ('code_account', 'code_address', 'code_portal', 'sms_account', 'sms_address', 'sms_portal', \
                  'contact_account', 'contact_destination')";
    app.database.run_by_hand(limits).await.unwrap()
}

async fn who_became_privileged_meanwhile_gets_no_code_at_the_mailbox_that_resets_the_password(
    database: TestDatabase,
) {
    let app = strict(database).await;
    app.jeanne().await;
    imports(&app, "privileges = 'administrateur'").await;
    let waits = step(&sign_in(&app.browser("paca")).await);
    assert!(waits.sent.is_none() && waits.destinations.is_empty());
    assert!(app.queue().await.is_empty());
    assert_eq!(counted(&app).await, 0);
    assert!(app.results_of("code_sent").await.is_empty());
}

async fn who_was_given_a_rescue_address_meanwhile_gets_the_code_there(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    imports(&app, &format!("rescue_email = '{NEW}'")).await;
    let browser = app.browser("paca");
    let waits = step(&sign_in(&browser).await);
    assert_eq!(waits.destinations[0].kind, Destination::RescueEmail);
    assert!(waits.sent.is_none() && app.queue().await.is_empty());
    assert_eq!(counted(&app).await, 0);
    let sent: SecondStepView = send(&browser, "rescue_email").await.ok();
    browser.type_code(&app.code(&sent).await).await.signed_in();
}

async fn a_code_that_went_where_none_goes_any_more_opens_nothing(database: TestDatabase) {
    let app = strict(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    let code = app.code(&step(&sign_in(&browser).await)).await;
    let import = "UPDATE accounts SET privileges = 'administrateur'";
    assert_eq!(app.database.run_by_hand(import).await.unwrap(), 1);
    refused_for(&browser.type_code(&code).await, &FieldReason::CodeSpent);
    assert!(!browser.is_signed_in().await);
    let results = app.results_of("sign_in").await;
    assert_eq!(results, ["second_step_due", "code_spent"]);
}

/// Has the transaction that would send a code fail: before its commit, as when an account is waited for too long, or at it.
async fn fail_to_send(app: &App, kind: &str, at_the_commit: bool) {
    let rule = if at_the_commit {
        "REFERENCES ids (id) DEFERRABLE INITIALLY DEFERRED"
    } else {
        "CHECK (id > 1)"
    };
    for table in [
        "ids (id INTEGER PRIMARY KEY)",
        &format!("fails_{kind} (id INTEGER {rule})"),
    ] {
        let create = format!("CREATE TABLE IF NOT EXISTS {table}");
        app.database.run_by_hand(&create).await.unwrap();
    }
    let fail = format!("INSERT INTO fails_{kind} (id) VALUES (1)");
    on_insert(app, "outbox", kind, &fail).await;
}

async fn a_code_that_was_surely_not_sent_is_not_counted(database: TestDatabase) {
    let app = App::start(database).await;
    chief_with(&app, "paca", Some(PHONE)).await;
    let chief = app.browser("paca");
    waiting(&chief).await;
    let (_, jeanne) = proved(&app).await;
    update(&jeanne, NEW).await.ok::<ContactsView>();
    app.clock.advance(31);
    fail_to_send(&app, "sign_in_code", false).await;
    fail_to_send(&app, "contact_code", false).await;
    app.database.run_by_hand("DELETE FROM throttles").await.unwrap();
    let again = json!({ "kind": "rescue_email" });
    for answer in [
        sign_in(&app.browser("paca")).await,
        send(&chief, "rescue_phone").await,
        send(&chief, "email").await,
        jeanne.post(paths::CONTACTS_SENDING, &again).await,
        update(&jeanne, "autre@ailleurs.example").await,
    ] {
        answer.refused(500, ErrorCode::Internal);
    }
    assert_eq!(counted(&app).await, 0);
}

async fn a_code_that_was_perhaps_sent_stays_counted(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    fail_to_send(&app, "sign_in_code", true).await;
    let answer = sign_in(&app.browser("paca")).await;
    answer.refused(500, ErrorCode::Internal);
    assert_eq!(counted(&app).await, 3, "the account, the address, the portal");
}
