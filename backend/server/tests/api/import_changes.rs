//! What an import changes of an account that somebody uses: what they did meanwhile stays.

use portique_domain::account::{Account, AccountStatus, PasswordState};
use portique_domain::portal::Portal;
use portique_domain::testing;
use portique_provisioning::{Mode, Outcome, People, Plan};
use portique_shared::Language;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::support::App;

on_each_database!(
    what_a_person_changes_between_the_reading_and_the_writing_stays,
    what_the_file_changes_wins_over_what_the_person_changed,
    an_invitation_that_was_used_meanwhile_does_not_leave_again,
);

const JEANNE: &str = "jeanne.lefevre";
const MAIN: &str = "jeanne.lefevre@example.org";
const OLD: &str = "jeanne@ancien.example";
const NEW: &str = "jeanne@nouveau.example";
const HEADER: &str = "identifiant;e-mail;prénom;nom;e-mail de secours;téléphone de secours;privilèges\n";

fn portal() -> Portal {
    testing::portal("paca")
}

/// What an import of this row would do, decided by the accounts as they stand.
async fn plan(app: &App, row: &str) -> Plan {
    let file = format!("{HEADER}{row}\n");
    let listen = &|_, _, _| {};
    let people = People::read(file.as_bytes(), Language::Fr, listen).unwrap();
    people
        .compare(app.tools.store.as_ref(), &portal(), listen)
        .await
        .unwrap()
}

async fn apply(app: &App, plan: Plan) {
    let report = plan
        .apply(&app.tools, &portal(), Mode::AllOrNothing, &|_, _, _| {})
        .await
        .unwrap();
    assert_eq!(report.outcome, Outcome::Complete, "{report}");
}

/// Jeanne, with a rescue address.
async fn jeanne(app: &App) -> Account {
    let mut account = app.draft("paca", JEANNE).await;
    account.record.rescue_email = Some(OLD.parse().unwrap());
    app.insert(&account).await;
    account
}

/// As if the account's person had done it.
async fn give_rescue(app: &App, account: &Account, email: &str) {
    let mut record = app.reread(account).await.record;
    record.rescue_email = Some(email.parse().unwrap());
    let mut unit = app.tools.store.begin().await.unwrap();
    unit.update_record(account.id, &record).await.unwrap();
    unit.commit().await.unwrap();
}

async fn what_a_person_changes_between_the_reading_and_the_writing_stays(database: TestDatabase) {
    let app = App::start(database).await;
    let account = jeanne(&app).await;
    // The row names the rescue address that the record has: of it the file changes nothing.
    let plan = plan(&app, &format!("{JEANNE};{MAIN};Jeanne;Durand;{OLD};;")).await;
    give_rescue(&app, &account, NEW).await;
    let password = PasswordState::Definitive {
        hash: app.hash("Tortue&1987-verte").await,
        changed_at: app.now(),
    };
    let mut unit = app.tools.store.begin().await.unwrap();
    unit.set_password(account.id, &password).await.unwrap();
    unit.set_second_factor(account.id, true).await.unwrap();
    unit.set_status(account.id, AccountStatus::Disabled)
        .await
        .unwrap();
    unit.commit().await.unwrap();
    let before = app.reread(&account).await;
    apply(&app, plan).await;
    let mut expected = before;
    expected.record.family_name = "Durand".into();
    assert_eq!(app.reread(&account).await, expected);
}

async fn what_the_file_changes_wins_over_what_the_person_changed(database: TestDatabase) {
    let app = App::start(database).await;
    let account = jeanne(&app).await;
    let plan = plan(&app, &format!("{JEANNE};{MAIN};Jeanne;Lefèvre;{NEW};;")).await;
    give_rescue(&app, &account, "jeanne@entretemps.example").await;
    apply(&app, plan).await;
    let rescue = app.reread(&account).await.record.rescue_email;
    assert_eq!(rescue.map(String::from).as_deref(), Some(NEW));
}

async fn an_invitation_that_was_used_meanwhile_does_not_leave_again(database: TestDatabase) {
    let app = App::start(database).await;
    let account = app.newcomer("paca", JEANNE).await;
    let plan = plan(&app, &format!("{JEANNE};{NEW};Jeanne;Lefèvre;;;")).await;
    let chosen = app.draft("paca", JEANNE).await.password;
    let mut unit = app.tools.store.begin().await.unwrap();
    unit.set_password(account.id, &chosen).await.unwrap();
    unit.commit().await.unwrap();
    apply(&app, plan).await;
    assert_eq!(app.reread(&account).await.record.email.as_str(), NEW);
    assert!(app.queue().await.is_empty());
}
