use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::prelude::{BASE64_STANDARD_NO_PAD, Engine as _};
use portique_domain::account::PasswordState;
use portique_domain::password::PasswordHash;
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::support::{App, Installation, NEW_PASSWORD, PASSWORD};

on_each_database!(
    too_many_sign_ins_at_once_are_told_to_come_back,
    a_hash_of_other_parameters_is_made_anew_at_the_next_sign_in,
    a_hash_that_can_not_be_read_opens_nothing,
    without_the_pepper_a_stolen_database_opens_nothing,
);

/// A hash of [`PASSWORD`] under weaker parameters than today's: 8 MiB, 1 pass.
fn old_hash() -> String {
    let (salt, mut output) = ([7; 16], [0; 32]);
    let params = Params::new(8_192, 1, 1, Some(32)).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2
        .hash_password_into(PASSWORD.as_bytes(), &salt, &mut output)
        .unwrap();
    let [salt, output] = [&salt[..], &output].map(|bytes| BASE64_STANDARD_NO_PAD.encode(bytes));
    format!("$argon2id$v=19$m=8192,t=1,p=1${salt}${output}")
}

async fn too_many_sign_ins_at_once_are_told_to_come_back(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    let mut turns = Vec::new();
    while let Ok(turn) = app.tools.hasher.turn() {
        turns.push(turn);
    }
    for _ in 0..8 {
        let busy = browser.sign_in("jeanne.lefevre", PASSWORD).await;
        assert!(busy.refused(503, ErrorCode::ServerBusy).retry_after.is_some());
        let nobody = browser.sign_in("nobody", PASSWORD).await;
        assert_eq!(nobody.without_id(), busy.without_id());
    }
    let change = browser
        .change_password("jeanne.lefevre", PASSWORD, NEW_PASSWORD)
        .await;
    change.refused(503, ErrorCode::ServerBusy);
    assert_eq!(
        browser.get(paths::ACCOUNT).await.status,
        200,
        "who is inside is still served"
    );
    drop(turns);
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
}

async fn a_hash_of_other_parameters_is_made_anew_at_the_next_sign_in(database: TestDatabase) {
    let app = App::start(database).await;
    let old = old_hash();
    let mut account = app.draft("paca", "jeanne").await;
    let changed_at = app.now();
    account.password = PasswordState::Definitive {
        hash: PasswordHash::from_stored(old.clone()),
        changed_at,
    };
    app.insert(&account).await;
    app.wait_minutes(60);
    let browser = app.browser("paca");
    let wrong = browser.sign_in("jeanne", "wrong").await;
    wrong.refused(401, ErrorCode::CredentialsRefused);
    let stored =
        |account: &portique_domain::account::Account| account.password.hash().unwrap().as_str().to_owned();
    assert_eq!(stored(&app.reread(&account).await), old);
    browser.sign_in("jeanne", PASSWORD).await.signed_in();
    let renewed = app.reread(&account).await;
    assert!(stored(&renewed).starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    assert!(
        matches!(renewed.password, PasswordState::Definitive { changed_at: at, .. } if at == changed_at),
        "nobody changed it"
    );
    browser.sign_in("jeanne", PASSWORD).await.signed_in();
    assert_eq!(
        stored(&app.reread(&account).await),
        stored(&renewed),
        "once is enough"
    );
}

async fn a_hash_that_can_not_be_read_opens_nothing(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    for (number, hash) in ["", PASSWORD, "$argon2id$v=19$m=19456,t=2,p=1$", "$1$salt$hash"]
        .into_iter()
        .enumerate()
    {
        let identifier = format!("person{number}");
        let mut account = app.draft("paca", &identifier).await;
        account.password = PasswordState::Definitive {
            hash: PasswordHash::from_stored(hash.to_owned()),
            changed_at: app.now(),
        };
        app.insert(&account).await;
        let answer = browser.sign_in(&identifier, PASSWORD).await;
        answer.refused(401, ErrorCode::CredentialsRefused);
    }
}

async fn without_the_pepper_a_stolen_database_opens_nothing(database: TestDatabase) {
    let peppered = Installation::new(&database.url());
    peppered.write("pepper", "kept outside the database\n");
    peppered.append("portique.toml", "pepper = { file = \"pepper\" }");
    let app = App::start_from(database, peppered, false).await;
    app.jeanne().await;
    app.browser("paca")
        .sign_in("jeanne.lefevre", PASSWORD)
        .await
        .signed_in();
    let bare = Installation::new(&app.database.url());
    let thief = App::start_from(Arc::clone(&app.database), bare, false).await;
    let answer = thief.browser("paca").sign_in("jeanne.lefevre", PASSWORD).await;
    answer.refused(401, ErrorCode::CredentialsRefused);
}
