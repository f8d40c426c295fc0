//! A browser that is forgotten while it stands in.

use portique_shared::api::problem::ErrorCode;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::remembered_browsers::{remembering, start};
use crate::second_step::step;
use crate::support::PASSWORD;

on_each_database!(a_browser_that_is_forgotten_in_the_middle_of_a_sign_in_leaves_it_its_second_step,);

const JEANNE: &str = "jeanne.lefevre";

/// Has the database forget every browser as soon as a sign-in is written into the account: after the browser was looked up, before
/// its use is noted.
const FORGETS: [&str; 2] = [
    "CREATE TRIGGER forgets AFTER UPDATE ON accounts BEGIN DELETE FROM remembered_browsers; END",
    "CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS \
     'BEGIN DELETE FROM remembered_browsers; RETURN NULL; END'; \
     CREATE TRIGGER forgets AFTER UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION forget()",
];

async fn a_browser_that_is_forgotten_in_the_middle_of_a_sign_in_leaves_it_its_second_step(
    database: TestDatabase,
) {
    let app = start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    remembering(&browser, JEANNE, PASSWORD).await;
    // A stranger's, behind the same address.
    let wrong = app.browser("paca").sign_in("inconnu", PASSWORD).await;
    wrong.refused(401, ErrorCode::CredentialsRefused);
    let forgets = FORGETS[usize::from(app.database.url().starts_with("postgres"))];
    app.database.run_by_hand(forgets).await.unwrap();
    let waiting = step(&browser.sign_in(JEANNE, PASSWORD).await);
    let code = app.code(&waiting).await;
    browser.type_code(&code).await.signed_in();
    assert_eq!(
        app.results_of("sign_in").await[3..],
        ["second_step_due", "success"],
        "nothing was refused"
    );
    // The right password was taken back once: a second time would take the stranger's try with it.
    let charged = "UPDATE throttles SET failures = failures WHERE kind = 'address' AND failures = 1";
    assert_eq!(app.database.run_by_hand(charged).await.unwrap(), 1);
}
