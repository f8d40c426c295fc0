//! Requests that meet at one account's rows: none fails for another, and none keeps those of other people waiting. On
//! PostgreSQL, which locks rows; SQLite has one lock, which a transaction takes when it begins.

use portique_domain::store::UnitOfWork;
use portique_shared::api::paths;
use portique_storage::testing::TestDatabase;
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use tokio::task::JoinHandle;

use crate::second_step::step;
use crate::security::JEANNE;
use crate::support::{App, PASSWORD, eventually};

/// The status that a request comes back with, sent now and awaited later.
pub fn sent(request: RequestBuilder) -> JoinHandle<u16> {
    tokio::spawn(async { request.send().await.unwrap().status().as_u16() })
}

/// Until a transaction waits for a row that another one holds.
async fn until_one_waits(app: &App) {
    let waiting =
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    eventually("a transaction that waits", async || {
        let waiting = app.database.run_by_hand(waiting).await.unwrap();
        (waiting > 0).then_some(())
    })
    .await;
}

mod postgres {
    use portique_domain::account::Account;
    use portique_domain::card_ceremony::{AccountCard, AccountCardId};
    use portique_domain::passkey::Assertion;
    use portique_domain::portal::PortalName;
    use portique_domain::second_step::StepToken;
    use portique_domain::testing::Device;
    use portique_shared::api::contacts::ContactsView;
    use portique_shared::types::NationalId;
    use serde_json::Value;
    use uuid::Uuid;

    use super::*;
    use crate::cards::NUMBER;
    use crate::cards_attached;
    use crate::passkeys::with_passkey;
    use crate::security::{prove, proved, security};
    use crate::support::cards::{begin, show};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_ends_the_other_sessions_waits_for_who_ends_them_all_before_anything_else() {
        let app = App::start(TestDatabase::postgres().await).await;
        let jeanne = app.jeanne().await;
        let (here, there) = (app.browser("paca"), app.browser("paca"));
        here.sign_in(JEANNE, PASSWORD).await.signed_in();
        let first = app.tools.store.sessions_of(jeanne.id).await.unwrap().remove(0);
        there.sign_in(JEANNE, PASSWORD).await.signed_in();
        let strong = json!({ "identifier": JEANNE, "password": PASSWORD, "strong": true });
        step(&app.browser("paca").post(paths::SESSION, &strong).await);
        // As a change of password begins.
        let mut unit: Box<dyn UnitOfWork> = app.tools.store.begin().await.unwrap();
        unit.account_for_update(jeanne.id).await.unwrap();
        assert!(unit.delete_session(first.token).await.unwrap());
        let ended = sent(there.request(Method::DELETE, paths::OWN_SESSIONS));
        until_one_waits(&app).await;
        assert_eq!(unit.delete_sessions_of(jeanne.id).await.unwrap(), 1);
        unit.commit().await.unwrap();
        // Its own session had ended when its turn came.
        assert_eq!(ended.await.unwrap(), 401);
    }

    /// A transaction that holds the account, as an import does.
    async fn holding(app: &App, account: &Account) -> Box<dyn UnitOfWork> {
        let mut unit: Box<dyn UnitOfWork> = app.tools.store.begin().await.unwrap();
        unit.account_for_update(account.id).await.unwrap();
        unit
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_waits_for_an_account_keeps_nobody_elses_sign_in_waiting() {
        let app = App::start(TestDatabase::postgres().await).await;
        let mut device = Device::new(1);
        let (jeanne, _) = with_passkey(&app, &mut device).await;
        app.create("paca", "paul").await;
        let (browser, other) = (app.browser("paca"), app.browser("paca"));
        let asked: Value = browser
            .post(paths::PASSKEY_SIGN_IN_OPTIONS, &json!({}))
            .await
            .ok();
        let signed = json!({ "credential": device.get("https://paca.example", &asked) });
        let password = json!({ "identifier": JEANNE, "password": PASSWORD });
        let strong = json!({ "identifier": JEANNE, "password": PASSWORD, "strong": true });
        for (path, body) in [
            (paths::PASSKEY_SIGN_IN, signed),
            (paths::SESSION, password),
            (paths::SESSION, strong),
        ] {
            let unit = holding(&app, &jeanne).await;
            let waits = sent(browser.request(Method::POST, path).json(&body));
            until_one_waits(&app).await;
            other.sign_in("paul", PASSWORD).await.signed_in();
            unit.commit().await.unwrap();
            assert_eq!(waits.await.unwrap(), 200, "{path}");
        }
        let charged = "UPDATE throttles SET failures = failures WHERE kind = 'address' AND failures > 0";
        assert_eq!(app.database.run_by_hand(charged).await.unwrap(), 0);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_waits_for_an_account_keeps_nobody_elses_code_waiting() {
        let app = App::start(TestDatabase::postgres().await).await;
        let (jeanne, browser) = proved(&app).await;
        app.create("paca", "paul").await;
        let other = app.browser("paca");
        other.sign_in("paul", PASSWORD).await.signed_in();
        prove(&other).await;
        for (method, path, body) in [
            (
                Method::PUT,
                paths::CONTACTS,
                json!({ "rescue_email": "a@ailleurs.example" }),
            ),
            (
                Method::POST,
                paths::CONTACTS_SENDING,
                json!({ "kind": "rescue_email" }),
            ),
        ] {
            app.clock.advance(31);
            let unit = holding(&app, &jeanne).await;
            let waits = sent(browser.request(method, path).json(&body));
            until_one_waits(&app).await;
            let new = json!({ "rescue_email": "b@ailleurs.example" });
            other.put(paths::CONTACTS, &new).await.ok::<ContactsView>();
            unit.commit().await.unwrap();
            assert_eq!(waits.await.unwrap(), 200, "{path}");
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_waits_for_a_sign_in_keeps_nobody_elses_code_waiting() {
        let app = App::start(TestDatabase::postgres().await).await;
        app.jeanne().await;
        app.create("paca", "paul").await;
        let strong = |name: &str| json!({ "identifier": name, "password": PASSWORD, "strong": true });
        let browser = app.browser("paca");
        step(&browser.post(paths::SESSION, &strong(JEANNE)).await);
        app.clock.advance(31);
        let cookie = browser.step().unwrap();
        let token = StepToken::from_cookie(cookie.split_once('=').unwrap().1);
        let mut unit: Box<dyn UnitOfWork> = app.tools.store.begin().await.unwrap();
        let portal = PortalName::parse("paca").unwrap();
        let held = unit.pending_sign_in_for_update(&portal, token.hash()).await;
        assert!(held.unwrap().is_some());
        let again = json!({ "to": "email" });
        let waits = sent(
            browser
                .request(Method::POST, paths::SECOND_STEP_SENDING)
                .json(&again),
        );
        until_one_waits(&app).await;
        let waiting = step(&app.browser("paca").post(paths::SESSION, &strong("paul")).await);
        assert!(waiting.sent.is_some());
        unit.commit().await.unwrap();
        assert_eq!(waits.await.unwrap(), 200);
    }
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_is_sent_away_and_waits_for_a_challenge_keeps_nobody_out_of_the_trail() {
        let app = App::start(TestDatabase::postgres().await).await;
        let mut device = Device::new(1);
        with_passkey(&app, &mut device).await;
        app.create("paca", "paul").await;
        let browser = app.browser("paca");
        let strong = json!({ "identifier": JEANNE, "password": PASSWORD, "strong": true });
        step(&browser.post(paths::SESSION, &strong).await);
        let mut signed = async |verifies| {
            let options = paths::PASSKEY_SECOND_STEP_OPTIONS;
            let asked: Value = browser.post(options, &json!({})).await.ok();
            device.verifies = verifies;
            device.get("https://paca.example", &asked)
        };
        for _ in 0..5 {
            let wrong = json!({ "credential": signed(false).await });
            browser.post(paths::PASSKEY_SECOND_STEP, &wrong).await;
        }
        let signed = signed(true).await;
        // As another answer of the same signature does.
        let challenge = Assertion::read_second_step(&signed.to_string())
            .unwrap()
            .challenge();
        let portal = PortalName::parse("paca").unwrap();
        let mut unit: Box<dyn UnitOfWork> = app.tools.store.begin().await.unwrap();
        let taken = unit.take_passkey_challenge(challenge.unwrap().key(&portal)).await;
        assert!(taken.unwrap().is_some());
        let answer = browser.request(Method::POST, paths::PASSKEY_SECOND_STEP);
        let waits = sent(answer.json(&json!({ "credential": signed })));
        until_one_waits(&app).await;
        app.browser("paca").sign_in("paul", PASSWORD).await.signed_in();
        unit.commit().await.unwrap();
        assert_eq!(waits.await.unwrap(), 429);
    }

    /// Somebody's card of [`NUMBER`], attached and not yet in force.
    async fn attaching(app: &App, identifier: &str) -> Box<dyn UnitOfWork> {
        let portal = PortalName::parse("paca").unwrap();
        let other = app.create("paca", identifier).await;
        let mut unit = app.tools.store.begin().await.unwrap();
        let card = AccountCard {
            id: AccountCardId(Uuid::from_u128(1)),
            account: other.id,
            portal,
            number: NationalId::parse(NUMBER).unwrap(),
            family_name: "MARTIN".to_owned(),
            given_name: "PAUL".to_owned(),
            attached_at: app.now(),
            last_used_at: None,
        };
        unit.insert_account_card(&card).await.unwrap();
        unit
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn whose_card_was_attached_elsewhere_a_moment_before_is_told_and_written_down() {
        let app = cards_attached::start(TestDatabase::postgres().await, "").await;
        let browser = cards_attached::proved(&app, JEANNE, None).await;
        let ceremony = begin(&browser, paths::CARD_CEREMONY).await;
        let token = show(&app, &ceremony, NUMBER).await;
        let unit = attaching(&app, "paul.martin").await;
        // It saw nobody's card of that number, and waits to write its own.
        let request = browser.request(Method::POST, paths::CARDS);
        let waits = sent(request.json(&json!({ "token": token })));
        until_one_waits(&app).await;
        unit.commit().await.unwrap();
        assert_eq!(waits.await.unwrap(), 409);
        assert_eq!(app.results_of("factor_added").await, ["card_of_another"]);
        assert!(security(&browser).await.cards.is_empty());
    }
}
