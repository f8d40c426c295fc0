//! The rescue e-mail, changed by its person: what it takes, when it counts, who is told.

use portique_domain::account::{Account, Privilege, Privileges};
use portique_domain::contact::Contact;
use portique_domain::outbox::{Mailbox, Message, SecurityChange};
use portique_shared::api::contacts::{ContactKind, ContactsView};
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_shared::types::EmailAddress;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::json;

use crate::second_step::step;
use crate::security::{prove, proved};
use crate::support::{Answer, App, Browser, NEW_PASSWORD, PASSWORD};

on_each_database!(
    a_change_takes_a_proof_and_a_session,
    a_new_address_counts_only_once_its_code_was_typed,
    what_waits_is_there_again_after_a_detour_and_given_up_at_will,
    an_address_that_is_none_or_the_main_one_is_refused_beside_its_field,
    what_is_emptied_is_removed_at_once,
    the_main_and_the_older_rescue_address_are_told_and_the_new_one_is_not,
    a_sign_in_whose_code_went_to_the_older_address_ends_and_sessions_stay,
    the_last_second_factor_of_who_needs_one_is_not_removed,
    a_changed_password_gives_up_what_waits,
    the_code_may_come_when_the_proof_is_over,
    a_telephone_is_not_taken_where_the_portal_sends_no_sms,
    every_step_is_written_down,
);

const JEANNE: &str = "jeanne.lefevre";
const OLD: &str = "jeanne@ancien.example";
pub const NEW: &str = "jeanne@ailleurs.example";

/// The form, its fields as typed.
pub async fn update(browser: &Browser<'_>, email: &str) -> Answer {
    browser
        .put(paths::CONTACTS, &json!({ "rescue_email": email }))
        .await
}

pub async fn confirm(browser: &Browser<'_>, code: &str) -> Answer {
    let body = json!({ "kind": "rescue_email", "code": code });
    browser.post(paths::CONTACTS_CONFIRMATION, &body).await
}

pub async fn look(browser: &Browser<'_>) -> ContactsView {
    browser.get(paths::CONTACTS).await.ok()
}

/// The code that was sent last to what waits first.
pub async fn code(app: &App, view: &ContactsView) -> String {
    let reference = &view.pending[0].sent.as_ref().expect("a code was sent").reference;
    let queue = app.queue().await;
    let mut codes = queue
        .iter()
        .filter(|message| message.kind == "contact_code")
        .filter_map(|message| match message.open(&app.tools.keyring).unwrap() {
            Message::ContactCode {
                code, reference: own, ..
            } if own.as_str() == reference => Some(code),
            _ => None,
        });
    codes.next().expect("it is in the queue").to_string()
}

#[track_caller]
pub fn refused_for(answer: &Answer, name: &str, reason: &FieldReason) {
    let problem = answer.refused(422, ErrorCode::ValidationFailed);
    assert_eq!(problem.fields[0].field, name);
    assert_eq!(&problem.fields[0].reason, reason);
}

/// `jeanne.lefevre` with a rescue address, signed in, who has just proved who she is.
async fn with_rescue(app: &App) -> (Account, Browser<'_>) {
    let mut account = app.draft("paca", JEANNE).await;
    account.record.rescue_email = Some(OLD.parse().unwrap());
    app.insert(&account).await;
    let browser = app.browser("paca");
    browser.sign_in(JEANNE, PASSWORD).await.signed_in();
    prove(&browser).await;
    (account, browser)
}

async fn rescue(app: &App, account: &Account) -> Option<String> {
    let record = app.reread(account).await.record;
    record.rescue_email.map(String::from)
}

async fn a_change_takes_a_proof_and_a_session(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    update(&browser, NEW)
        .await
        .refused(401, ErrorCode::SessionRequired);
    browser.sign_in(JEANNE, PASSWORD).await.signed_in();
    assert_eq!(look(&browser).await.proved_for, 0);
    update(&browser, NEW).await.refused(403, ErrorCode::ProofRequired);
    assert!(
        app.queue()
            .await
            .iter()
            .all(|message| message.kind != "contact_code")
    );
    prove(&browser).await;
    assert_eq!(look(&browser).await.proved_for, 600);
    app.clock.advance(600);
    update(&browser, NEW).await.refused(403, ErrorCode::ProofRequired);
}

async fn a_new_address_counts_only_once_its_code_was_typed(database: TestDatabase) {
    let app = App::start(database).await;
    let (jeanne, browser) = proved(&app).await;
    let view: ContactsView = update(&browser, " Jeanne@Ailleurs.example ").await.ok();
    assert_eq!(view.rescue_email, None);
    assert_eq!(view.pending[0].kind, ContactKind::RescueEmail);
    assert_eq!(view.pending[0].value, "Jeanne@ailleurs.example");
    let sent = view.pending[0].sent.as_ref().unwrap();
    assert_eq!((sent.expires_in, sent.resend_after), (300, 30));
    assert_eq!(rescue(&app, &jeanne).await, None);
    let code = code(&app, &view).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    refused_for(&confirm(&browser, wrong).await, "code", &FieldReason::WrongCode);
    refused_for(&confirm(&browser, "12 34").await, "code", &FieldReason::Malformed);
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let view: ContactsView = confirm(&browser, &spaced).await.ok();
    assert!(view.pending.is_empty());
    assert_eq!(view.rescue_email.as_deref(), Some("Jeanne@ailleurs.example"));
    assert_eq!(rescue(&app, &jeanne).await, view.rescue_email);
    let again = confirm(&browser, &code).await;
    again.refused(409, ErrorCode::ContactChangeEnded);
}

async fn what_waits_is_there_again_after_a_detour_and_given_up_at_will(database: TestDatabase) {
    let app = App::start(database).await;
    let (jeanne, browser) = with_rescue(&app).await;
    let first: ContactsView = update(&browser, NEW).await.ok();
    let again = look(&browser).await;
    assert_eq!(again.pending, first.pending);
    let twice: ContactsView = update(&browser, NEW).await.ok();
    assert_eq!(twice.pending, first.pending, "the same form sends no other code");
    let code = code(&app, &first).await;
    let view: ContactsView = browser.delete(paths::CONTACTS).await.ok();
    assert!(view.pending.is_empty() && look(&browser).await.pending.is_empty());
    confirm(&browser, &code)
        .await
        .refused(409, ErrorCode::ContactChangeEnded);
    assert_eq!(rescue(&app, &jeanne).await.as_deref(), Some(OLD));
    let waits: ContactsView = update(&browser, NEW).await.ok();
    assert_eq!(waits.pending.len(), 1);
    let as_it_was: ContactsView = update(&browser, OLD).await.ok();
    assert!(
        as_it_was.pending.is_empty(),
        "who writes the older one back changes nothing"
    );
    update(&browser, NEW).await.ok::<ContactsView>();
    app.wait_minutes(15);
    assert!(look(&browser).await.pending.is_empty(), "nobody typed its code");
}

async fn an_address_that_is_none_or_the_main_one_is_refused_beside_its_field(database: TestDatabase) {
    let app = App::start(database).await;
    let (jeanne, browser) = proved(&app).await;
    for text in ["jeanne", "jeanne@", "a b@c.fr"] {
        refused_for(
            &update(&browser, text).await,
            "rescue_email",
            &FieldReason::Malformed,
        );
    }
    let main = jeanne.record.email.as_str();
    for text in [main.to_owned(), main.to_uppercase(), main.replace('@', "+code@")] {
        refused_for(
            &update(&browser, &text).await,
            "rescue_email",
            &FieldReason::MainAddress,
        );
    }
    let long = "a".repeat(513);
    refused_for(
        &update(&browser, &long).await,
        "rescue_email",
        &FieldReason::Length,
    );
    assert!(look(&browser).await.pending.is_empty());
}

async fn what_is_emptied_is_removed_at_once(database: TestDatabase) {
    let app = App::start(database).await;
    let (jeanne, browser) = with_rescue(&app).await;
    let nothing: ContactsView = browser.put(paths::CONTACTS, &json!({})).await.ok();
    assert_eq!(nothing.rescue_email.as_deref(), Some(OLD), "what is absent stays");
    let view: ContactsView = update(&browser, "  ").await.ok();
    assert_eq!(view.rescue_email, None);
    assert_eq!(rescue(&app, &jeanne).await, None);
    assert_eq!(look(&browser).await.rescue_email, None);
    let told = changes_told(&app).await;
    assert_eq!(told.len(), 2);
    assert!(
        told.iter()
            .all(|(change, ..)| *change == SecurityChange::RescueEmailRemoved)
    );
    update(&browser, "").await.ok::<ContactsView>();
    assert_eq!(
        changes_told(&app).await.len(),
        2,
        "there was nothing left to remove"
    );
}

/// What was told of changes, to which mailbox, and where that was before.
async fn changes_told(app: &App) -> Vec<(SecurityChange, Mailbox, Option<EmailAddress>)> {
    let queue = app.queue().await;
    let told = queue.iter().filter(|message| message.kind == "security_changed");
    told.filter_map(|message| match message.open(&app.tools.keyring).unwrap() {
        Message::SecurityChanged {
            change, to, former, ..
        } => Some((change, to, former)),
        _ => None,
    })
    .collect()
}

async fn the_main_and_the_older_rescue_address_are_told_and_the_new_one_is_not(database: TestDatabase) {
    let app = App::demo(database).await;
    let (jeanne, browser) = with_rescue(&app).await;
    let view: ContactsView = update(&browser, NEW).await.ok();
    confirm(&browser, &code(&app, &view).await)
        .await
        .ok::<ContactsView>();
    let mails_to = async |address: &str| {
        let all: Vec<serde_json::Value> = app.browser("neutral").get("/demo/messages").await.ok();
        let told = all.into_iter().filter(|mail| mail["to"] == address);
        told.filter_map(|mail| {
            let subject = mail["subject"].as_str()?;
            subject
                .contains("protection")
                .then(|| mail["text"].as_str().unwrap_or_default().replace('\n', " "))
        })
        .collect::<Vec<_>>()
    };
    for address in [jeanne.record.email.as_str(), OLD] {
        let text = crate::support::eventually("what is told", async || {
            app.let_the_queue_work();
            mails_to(address).await.into_iter().next()
        })
        .await;
        assert!(
            text.contains("L’e-mail de secours de votre compte est maintenant jxxxxxx@axxx.example."),
            "{text}"
        );
        assert!(text.contains("04 98 080 080") && !text.contains(NEW), "{text}");
    }
    assert!(mails_to(NEW).await.is_empty());
}

async fn a_sign_in_whose_code_went_to_the_older_address_ends_and_sessions_stay(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = with_rescue(&app).await;
    let desk = app.browser("paca");
    desk.sign_in(JEANNE, PASSWORD).await.signed_in();
    let thief = app.browser("paca");
    let body = json!({ "identifier": JEANNE, "password": PASSWORD, "strong": true });
    let waiting = step(&thief.post(paths::SESSION, &body).await);
    let stolen = app.code(&waiting).await;
    let view: ContactsView = update(&browser, NEW).await.ok();
    confirm(&browser, &code(&app, &view).await)
        .await
        .ok::<ContactsView>();
    thief
        .type_code(&stolen)
        .await
        .refused(401, ErrorCode::SecondStepEnded);
    assert!(desk.is_signed_in().await && browser.is_signed_in().await);
    let next = step(&thief.post(paths::SESSION, &body).await);
    assert_eq!(next.destinations[0].masked, "jxxxxxx@axxx.example");
}

async fn the_last_second_factor_of_who_needs_one_is_not_removed(database: TestDatabase) {
    let installation = crate::support::Installation::new(&database.url());
    installation.append(
        "portals/paca.toml",
        "[second_factor]\nreset_mailbox = \"unprivileged\"",
    );
    let app = App::start_from(database, installation, false).await;
    let mut account = app.draft("paca", "chef").await;
    account.record.privileges = Privileges::new([Privilege::Administrator]);
    account.record.rescue_email = Some(OLD.parse().unwrap());
    app.insert(&account).await;
    let browser = app.browser("paca");
    browser.sign_in_fully("chef", PASSWORD).await;
    prove(&browser).await;
    update(&browser, "").await.refused(409, ErrorCode::FactorNeeded);
    assert_eq!(rescue(&app, &account).await.as_deref(), Some(OLD));
    let view: ContactsView = update(&browser, NEW).await.ok();
    confirm(&browser, &code(&app, &view).await)
        .await
        .ok::<ContactsView>();
    assert_eq!(rescue(&app, &account).await.as_deref(), Some(NEW));
}

async fn a_changed_password_gives_up_what_waits(database: TestDatabase) {
    let app = App::start(database).await;
    let (jeanne, browser) = proved(&app).await;
    let view: ContactsView = update(&browser, NEW).await.ok();
    let code = code(&app, &view).await;
    browser
        .change_password(JEANNE, PASSWORD, NEW_PASSWORD)
        .await
        .signed_in();
    assert!(look(&browser).await.pending.is_empty());
    confirm(&browser, &code)
        .await
        .refused(409, ErrorCode::ContactChangeEnded);
    assert_eq!(rescue(&app, &jeanne).await, None);
}

async fn the_code_may_come_when_the_proof_is_over(database: TestDatabase) {
    let app = App::start(database).await;
    let (jeanne, browser) = proved(&app).await;
    app.clock.advance(590);
    let view: ContactsView = update(&browser, NEW).await.ok();
    app.clock.advance(200);
    assert_eq!(look(&browser).await.proved_for, 0);
    confirm(&browser, &code(&app, &view).await)
        .await
        .ok::<ContactsView>();
    assert_eq!(rescue(&app, &jeanne).await.as_deref(), Some(NEW));
}

async fn a_telephone_is_not_taken_where_the_portal_sends_no_sms(database: TestDatabase) {
    let installation = crate::support::Installation::new(&database.url());
    installation.append("portals/paca.toml", "[second_factor]\nsms = \"nobody\"");
    let app = App::start_from(database, installation, false).await;
    let (_, browser) = proved(&app).await;
    assert!(!look(&browser).await.phone_offered);
    for phone in ["06 12 34 56 78", ""] {
        let answer = browser
            .put(paths::CONTACTS, &json!({ "rescue_phone": phone }))
            .await;
        answer.refused(404, ErrorCode::NotFound);
    }
    let sending = json!({ "kind": "rescue_phone" });
    let answer = browser.post(paths::CONTACTS_SENDING, &sending).await;
    answer.refused(409, ErrorCode::ContactChangeEnded);
}

async fn every_step_is_written_down(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = with_rescue(&app).await;
    let view: ContactsView = update(&browser, NEW).await.ok();
    let code = code(&app, &view).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    confirm(&browser, wrong).await;
    confirm(&browser, &code).await.ok::<ContactsView>();
    update(&browser, "").await.ok::<ContactsView>();
    assert_eq!(app.results_of("contact_code_sent").await, ["success"]);
    assert_eq!(app.results_of("contact_changed").await, ["wrong_code", "success"]);
    assert_eq!(app.results_of("contact_removed").await, ["success"]);
    let trail = app.trail().await;
    assert_eq!(trail.last().unwrap().factor, "rescue_email");
    let text = format!("{trail:?}");
    assert!(!text.contains("ailleurs") && !text.contains(&code));
    let queue = app.queue().await;
    let message = queue
        .iter()
        .find(|message| message.kind == "contact_code")
        .unwrap();
    let Message::ContactCode { to, .. } = message.open(&app.tools.keyring).unwrap() else {
        panic!("a code");
    };
    assert_eq!(to, Contact::Email(NEW.parse().unwrap()));
}
