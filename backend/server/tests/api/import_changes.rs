//! What an import changes of an account that somebody uses: what they did meanwhile stays, they are told, and what a password
//! alone opened ends where they become privileged.

use portique_domain::account::{Account, AccountStatus, PasswordState};
use portique_domain::outbox::{Mailbox, Message, SecurityChange};
use portique_domain::portal::Portal;
use portique_domain::testing;
use portique_provisioning::{Mode, Outcome, People, Plan};
use portique_shared::Language;
use portique_shared::api::paths;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::json;

use crate::remembered_browsers::path_of_one;
use crate::second_step::{chief, step};
use crate::security::prove;
use crate::support::{App, PASSWORD, Ran, portique};

on_each_database!(
    what_a_person_changes_between_the_reading_and_the_writing_stays,
    what_the_file_changes_wins_over_what_the_person_changed_and_that_address_is_told,
    an_invitation_that_was_used_meanwhile_does_not_leave_again,
    the_older_addresses_are_told_of_rescue_contacts_that_a_file_changes,
    a_removed_rescue_contact_is_told_and_written_down_as_if_by_the_person,
    the_main_address_as_it_was_is_told_where_both_change,
    the_older_addresses_are_told_of_a_main_address_that_a_file_changes,
    who_never_chose_a_password_is_told_nothing,
    whoever_becomes_privileged_is_signed_out_and_their_browsers_are_forgotten,
    who_is_privileged_already_stays_signed_in,
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

/// The command, with a file of this row.
fn import(app: &App, row: &str) -> Ran {
    app.installation.write("people.csv", &format!("{HEADER}{row}\n"));
    let file = app.installation.path().join("people.csv");
    let file = file.to_str().unwrap();
    run(app, &["account", "import", "--portal", "paca", file])
}

fn run(app: &App, arguments: &[&str]) -> Ran {
    let settings = app.installation.file();
    let ran = portique(&[&["--config", settings.to_str().unwrap()], arguments].concat());
    assert!(ran.ok, "{} {}", ran.out, ran.err);
    ran
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

/// What was told of changes, to which of the account's mailboxes, or to which address; in an order of its own, since messages of one
/// millisecond have none.
async fn told(app: &App) -> Vec<(SecurityChange, Mailbox, Option<String>)> {
    let queue = app.queue().await;
    let mut told: Vec<_> = queue
        .iter()
        .filter_map(|message| match message.open(&app.tools.keyring).unwrap() {
            Message::SecurityChanged {
                change, to, former, ..
            } => Some((change, to, former.map(String::from))),
            _ => None,
        })
        .collect();
    told.sort_by_key(|told| format!("{told:?}"));
    told
}

fn changed(masked: &str) -> SecurityChange {
    let masked = masked.to_owned();
    SecurityChange::RescueEmailChanged { masked }
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
    assert_eq!(told(&app).await, []);
}

async fn what_the_file_changes_wins_over_what_the_person_changed_and_that_address_is_told(
    database: TestDatabase,
) {
    let app = App::start(database).await;
    let account = jeanne(&app).await;
    let plan = plan(&app, &format!("{JEANNE};{MAIN};Jeanne;Lefèvre;{NEW};;")).await;
    give_rescue(&app, &account, "jeanne@entretemps.example").await;
    apply(&app, plan).await;
    let rescue = app.reread(&account).await.record.rescue_email;
    assert_eq!(rescue.map(String::from).as_deref(), Some(NEW));
    let told = told(&app).await;
    assert!(
        told.iter()
            .any(|(.., to)| to.as_deref() == Some("jeanne@entretemps.example")),
        "{told:?}"
    );
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
    let queue = app.queue().await;
    let kinds: Vec<_> = queue.iter().map(|message| message.kind.as_str()).collect();
    assert!(!kinds.contains(&"invitation"), "{kinds:?}");
}

async fn the_older_addresses_are_told_of_rescue_contacts_that_a_file_changes(database: TestDatabase) {
    let app = App::start(database).await;
    let account = jeanne(&app).await;
    let waiting = app.browser("paca");
    let by_name = json!({ "identifier": JEANNE, "password": PASSWORD, "strong": true });
    step(&waiting.post(paths::SESSION, &by_name).await);
    let browser = app.browser("paca");
    browser.sign_in(JEANNE, PASSWORD).await.signed_in();
    prove(&browser).await;
    path_of_one(&app, &account).await;
    import(
        &app,
        &format!("{JEANNE};{MAIN};Jeanne;Lefèvre;{NEW};06 12 34 56 78;"),
    );
    let phone = SecurityChange::RescuePhoneChanged {
        masked: masked_phone(),
    };
    let former = Some(OLD.to_owned());
    assert_eq!(
        told(&app).await,
        [
            (changed("jxxxxxx@nxxx.example"), Mailbox::Main, None),
            (changed("jxxxxxx@nxxx.example"), Mailbox::Rescue, former.clone()),
            (phone.clone(), Mailbox::Main, None),
            (phone, Mailbox::Rescue, former),
        ]
    );
    let trail = app.trail().await;
    let entries: Vec<_> = trail
        .iter()
        .filter(|entry| entry.action.starts_with("contact_"))
        .map(|entry| (&*entry.action, &*entry.result, &*entry.factor, &*entry.address))
        .collect();
    assert_eq!(
        entries,
        [
            ("contact_changed", "success", "rescue_email", ""),
            ("contact_changed", "success", "rescue_phone", ""),
        ]
    );
    // What stood for codes that went elsewhere is over, as after the person's own change; the session is not.
    let browsers = app.tools.store.remembered_browsers_of(account.id).await.unwrap();
    assert!(browsers.is_empty());
    crate::second_step::look(&waiting)
        .await
        .refused(401, portique_shared::api::problem::ErrorCode::SecondStepEnded);
    assert!(browser.is_signed_in().await);
}

fn masked_phone() -> String {
    portique_domain::masking::phone(&"+33612345678".parse().unwrap())
}

async fn a_removed_rescue_contact_is_told_and_written_down_as_if_by_the_person(database: TestDatabase) {
    let app = App::start(database).await;
    jeanne(&app).await;
    let who = ["account", "update", "--portal", "paca", "--identifier", JEANNE];
    run(&app, &[&who[..], &["--rescue-email", ""]].concat());
    let removed = SecurityChange::RescueEmailRemoved;
    assert_eq!(
        told(&app).await,
        [
            (removed.clone(), Mailbox::Main, None),
            (removed, Mailbox::Rescue, Some(OLD.to_owned())),
        ]
    );
    assert_eq!(app.results_of("contact_removed").await, ["success"]);
}

async fn the_main_address_as_it_was_is_told_where_both_change(database: TestDatabase) {
    let app = App::start(database).await;
    jeanne(&app).await;
    import(
        &app,
        &format!("{JEANNE};j@ailleurs.example;Jeanne;Lefèvre;{NEW};;"),
    );
    let to: Vec<_> = told(&app).await.into_iter().map(|(.., to)| to).collect();
    let each = [None, Some(MAIN.to_owned()), Some(OLD.to_owned())];
    assert_eq!(to, [each.clone(), each].concat());
}

async fn the_older_addresses_are_told_of_a_main_address_that_a_file_changes(database: TestDatabase) {
    let app = App::start(database).await;
    jeanne(&app).await;
    import(
        &app,
        &format!("{JEANNE};j@ailleurs.example;Jeanne;Lefèvre;{OLD};;"),
    );
    let change = SecurityChange::MainEmailChanged {
        masked: "jxxxxxx@axxx.example".into(),
    };
    assert_eq!(
        told(&app).await,
        [
            (change.clone(), Mailbox::Main, None),
            (change.clone(), Mailbox::Main, Some(MAIN.to_owned())),
            (change, Mailbox::Rescue, Some(OLD.to_owned())),
        ]
    );
}

async fn who_never_chose_a_password_is_told_nothing(database: TestDatabase) {
    let app = App::start(database).await;
    app.newcomer("paca", JEANNE).await;
    import(&app, &format!("{JEANNE};{MAIN};Jeanne;Lefèvre;{NEW};;"));
    assert_eq!(told(&app).await, []);
    assert_eq!(app.results_of("contact_changed").await, ["success"]);
}

async fn whoever_becomes_privileged_is_signed_out_and_their_browsers_are_forgotten(database: TestDatabase) {
    let app = App::start(database).await;
    let account = jeanne(&app).await;
    let paul = app.create("paca", "paul").await;
    let browsers = [JEANNE, "paul"].map(|identifier| (app.browser("paca"), identifier));
    for (browser, identifier) in &browsers {
        browser.sign_in(identifier, PASSWORD).await.signed_in();
    }
    path_of_one(&app, &account).await;
    path_of_one(&app, &paul).await;
    import(
        &app,
        &format!("{JEANNE};{MAIN};Jeanne;Lefèvre;{OLD};;donnees-patients"),
    );
    let who = ["account", "update", "--portal", "paca", "--identifier", "paul"];
    run(&app, &[&who[..], &["--privileges", "administrateur"]].concat());
    for ((browser, identifier), account) in browsers.iter().zip([&account, &paul]) {
        assert!(!browser.is_signed_in().await, "{identifier}");
        let remembered = app.tools.store.remembered_browsers_of(account.id).await;
        assert!(remembered.unwrap().is_empty(), "{identifier}");
        step(&browser.sign_in(identifier, PASSWORD).await);
    }
}

async fn who_is_privileged_already_stays_signed_in(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    let browser = app.browser("paca");
    let step = step(&browser.sign_in("chef", PASSWORD).await);
    let code = app.code(&step).await;
    browser
        .post(paths::SECOND_STEP, &json!({ "code": code }))
        .await
        .signed_in();
    let who = ["account", "update", "--portal", "paca", "--identifier", "chef"];
    run(
        &app,
        &[&who[..], &["--privileges", "administrateur, donnees-patients"]].concat(),
    );
    assert!(browser.is_signed_in().await);
}
