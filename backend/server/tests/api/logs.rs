//! The log says what happened, and nothing of to whom.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use portique_domain::use_cases::provision::{NewPerson, create_accounts};
use portique_shared::Language;
use portique_shared::api::paths;
use portique_shared::types::{EmailAddress, PhoneNumber};
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use reqwest::Method;
use serde_json::Value;

use crate::support::{App, NEW_PASSWORD, PASSWORD, eventually};

on_each_database!(
    nothing_personal_and_no_secret_is_logged,
    a_failure_is_logged_with_its_reason_under_the_answers_id,
);

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Writes to [`LOG`].
struct Kept;

fn log() -> MutexGuard<'static, Vec<u8>> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)
}

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        log().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps from now on all that an operator could ask to have logged, and more.
fn keep_the_log() {
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter("debug,portique=trace")
        .with_ansi(false)
        .with_writer(|| Kept);
    // Another test of this process may have been first; its log is the same one.
    drop(subscriber.try_init());
}

fn logged() -> String {
    String::from_utf8_lossy(&log()).into_owned()
}

async fn nothing_personal_and_no_secret_is_logged(database: TestDatabase) {
    keep_the_log();
    let app = App::demo(database).await;
    let mut account = app.draft("paca", "identifiant.temoin").await;
    account.record.given_name = "Prénomtémoin".into();
    account.record.family_name = "Nomtémoin".into();
    account.record.email = EmailAddress::parse("courriel.temoin@example.org").unwrap();
    account.record.rescue_phone = Some(PhoneNumber::parse("+33612345678").unwrap());
    app.insert(&account).await;

    let browser = app.browser("paca");
    browser.sign_in("identifiant.temoin", "mauvais-temoin").await;
    browser.sign_in("inconnu.temoin", "mauvais-temoin").await;
    browser.sign_in("identifiant.temoin", PASSWORD).await.signed_in();
    let token = browser.cookie().unwrap().split_once('=').unwrap().1.to_owned();
    browser.get(paths::ACCOUNT).await;
    browser.get("/api/pages/chemin-temoin").await;
    browser.get("/api/temoin-inconnu?identifier=requete-temoin").await;
    let broken = "{\"identifier\":\"casse-temoin\",\"password\":12}";
    let broken = browser.request(Method::POST, paths::SESSION).body(broken);
    browser
        .send(broken.header("content-type", "application/json"))
        .await;
    browser
        .change_password("identifiant.temoin", "mauvais-temoin", NEW_PASSWORD)
        .await;
    let changed = browser
        .change_password("identifiant.temoin", PASSWORD, NEW_PASSWORD)
        .await;
    changed.signed_in();
    let config = app.installation.read().unwrap();
    let paca = config.sites.portals();
    let paca = paca.iter().find(|portal| portal.name.as_str() == "paca").unwrap();
    let mut record = portique_domain::testing::record("invite.temoin");
    record.email = EmailAddress::parse("invite.temoin@example.org").unwrap();
    let person = NewPerson {
        record,
        language: Language::Fr,
    };
    create_accounts(&app.tools, paca, &[person]).await.unwrap();
    let mails: Vec<Value> = eventually("both mails", async || {
        let kept: Vec<Value> = browser.get("/demo/messages").await.ok();
        (kept.len() == 2).then_some(kept)
    })
    .await;
    let text = mails
        .iter()
        .map(|mail| mail["text"].as_str().unwrap())
        .collect::<String>();
    let provisional = text
        .split_whitespace()
        .find(|word| word.len() == 17 && word.split('-').all(|group| group.len() == 5));
    app.tools.store.begin().await.unwrap().commit().await.unwrap();

    let logged = logged();
    assert!(logged.contains("request"), "something was logged");
    assert!(logged.contains("/api/session") && logged.contains("message done with"));
    for secret in [
        "temoin",
        "témoin",
        "+33612345678",
        PASSWORD,
        NEW_PASSWORD,
        "Portique#2026",
        &token,
        "$argon2",
        provisional.unwrap(),
    ] {
        let line = logged.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}

async fn a_failure_is_logged_with_its_reason_under_the_answers_id(database: TestDatabase) {
    keep_the_log();
    let app = App::start(database).await;
    app.database
        .run_by_hand("ALTER TABLE accounts RENAME TO gone")
        .await
        .unwrap();
    let answer = app.browser("paca").sign_in("jeanne", PASSWORD).await;
    assert_eq!(answer.status, 500);
    let id = answer.header("x-request-id");
    let logged = logged();
    let mut lines = logged.lines().filter(|line| line.contains(id));
    let line = lines.next().unwrap();
    assert!(
        line.contains("ERROR") && line.contains("request failed"),
        "{line}"
    );
    assert!(line.contains("accounts"), "what the database said: {line}");
    assert!(line.contains("/api/session") && line.contains("paca"), "{line}");
    assert_eq!(lines.next(), None);
}
