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
    use super::*;

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
        assert_eq!(ended.await.unwrap(), 204);
    }
}
