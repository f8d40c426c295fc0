//! Limits on what a signed-in person does to what opens their account: bounded, and not for strangers to use up.

use portique_domain::testing::Device;
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::{Value, json};

use crate::passkeys::with_passkey;
use crate::second_step::step;
use crate::security::JEANNE;
use crate::support::{App, PASSWORD};

on_each_database!(strangers_who_ask_for_challenges_keep_no_holder_from_their_keys,);

async fn strangers_who_ask_for_challenges_keep_no_holder_from_their_keys(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = with_passkey(&app, &mut Device::new(1)).await;
    let stranger = app.browser("paca");
    let ask = async || stranger.post(paths::PASSKEY_SIGN_IN_OPTIONS, &json!({})).await;
    assert_eq!(ask().await.status, 200);
    let nearly = "UPDATE throttles SET failures = 2999 WHERE kind = 'passkey_portal'";
    assert_eq!(app.database.run_by_hand(nearly).await.unwrap(), 1);
    assert_eq!(ask().await.status, 200);
    ask().await.refused(429, ErrorCode::TooManyRequests);
    browser
        .post(paths::PASSKEY_OPTIONS, &json!({}))
        .await
        .ok::<Value>();
    let second = app.browser("paca");
    let by_name = json!({ "identifier": JEANNE, "password": PASSWORD, "strong": true });
    step(&second.post(paths::SESSION, &by_name).await);
    second
        .post(paths::PASSKEY_SECOND_STEP_OPTIONS, &json!({}))
        .await
        .ok::<Value>();
}
