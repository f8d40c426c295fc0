//! `portique account create`.

use portique_domain::account::{Account, PasswordState};
use portique_domain::folding::fold;
use portique_domain::outbox::Message;
use portique_domain::portal::PortalName;
use portique_domain::store::Store;
use portique_shared::Language;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::support::{Installation, Ran, portique};

on_each_database!(
    a_person_is_given_an_account_and_an_invitation,
    an_identifier_that_is_taken_is_told_whatever_its_case_and_accents,
    all_that_is_wrong_with_a_person_is_told_at_once,
    an_unknown_portal_is_told_with_those_that_there_are,
);

/// `account create` on paca, or another portal, with more arguments.
fn create(installation: &Installation, portal: &str, arguments: &[&str]) -> Ran {
    let file = installation.file();
    let mut all = vec![
        "--config",
        file.to_str().unwrap(),
        "account",
        "create",
        "--portal",
        portal,
    ];
    all.extend(arguments);
    portique(&all)
}

async fn account(database: &TestDatabase, portal: &str, identifier: &str) -> Option<Account> {
    let portal = PortalName::parse(portal).unwrap();
    database
        .account_by_identifier(&portal, &fold(identifier))
        .await
        .unwrap()
}

async fn a_person_is_given_an_account_and_an_invitation(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    let ran = create(
        &installation,
        "paca",
        &[
            "--identifier",
            "Anne.Lefèvre",
            "--email",
            "anne@CHU-Nice.fr",
            "--rescue-email",
            "anne@maison.fr",
            "--rescue-phone",
            "06 12 34 56 78",
            "--civility",
            "Docteur",
            "--given-name",
            "Anne",
            "--family-name",
            "Lefèvre",
            "--profession",
            "Médecin",
            "--national-id",
            "1000 3456 786",
            "--privileges",
            "administrateur, données-patients",
            "--language",
            "en",
        ],
    );
    assert!(ran.ok, "{}", ran.err);
    assert_eq!(
        ran.out,
        "Anne.Lefèvre: account created on paca; the invitation is queued\n"
    );
    let account = account(&database, "paca", "anne.lefevre").await.unwrap();
    assert_eq!(account.record.display_name(), "Dr Anne LEFÈVRE");
    assert_eq!(account.record.email.as_str(), "anne@chu-nice.fr");
    assert_eq!(
        account.record.rescue_phone.as_ref().unwrap().as_str(),
        "+33612345678"
    );
    assert_eq!(
        account.record.national_id.as_ref().unwrap().number(),
        "10003456786"
    );
    assert!(account.record.privileges.any());
    assert_eq!(account.language, Language::En);
    assert_eq!(
        account.password,
        PasswordState::None,
        "made when the invitation leaves"
    );
    let queue = database.messages(None, 10).await.unwrap();
    assert_eq!(queue.len(), 1);
    assert_eq!(
        (queue[0].account, queue[0].kind.as_str()),
        (Some(account.id), Message::Invitation { reference: None }.kind())
    );
    let trail = database.audit_entries(0, 10).await.unwrap();
    assert_eq!(trail.len(), 1);
    assert_eq!(
        (trail[0].action.as_str(), trail[0].address.as_str()),
        ("account_created", "")
    );
    let plain = create(
        &installation,
        "aura",
        &["--identifier", "b", "--email", "b@chu.fr"],
    );
    assert!(plain.ok, "{}", plain.err);
}

async fn an_identifier_that_is_taken_is_told_whatever_its_case_and_accents(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    let first = create(
        &installation,
        "paca",
        &["--identifier", "Hélène", "--email", "h@chu.fr"],
    );
    assert!(first.ok, "{}", first.err);
    let second = create(
        &installation,
        "paca",
        &["--identifier", "HELENE", "--email", "h2@chu.fr"],
    );
    assert!(!second.ok);
    assert_eq!(
        second.err,
        "portique: the identifier «HELENE» is taken on paca (case and accents do not count)\n"
    );
    let held = account(&database, "paca", "helene").await.unwrap();
    assert_eq!(held.record.email.as_str(), "h@chu.fr");
    assert_eq!(
        database.messages(None, 10).await.unwrap().len(),
        1,
        "no second invitation"
    );
    let elsewhere = create(
        &installation,
        "aura",
        &["--identifier", "HELENE", "--email", "h@chu.fr"],
    );
    assert!(elsewhere.ok, "{}", elsewhere.err);
}

async fn all_that_is_wrong_with_a_person_is_told_at_once(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    let ran = create(
        &installation,
        "paca",
        &[
            "--identifier",
            "anne lefevre",
            "--email",
            "anne@chu",
            "--rescue-phone",
            "06 12",
            "--civility",
            "Sire",
            "--national-id",
            "10003456784",
            "--privileges",
            "chef",
            "--language",
            "de",
        ],
    );
    assert!(!ran.ok && ran.out.is_empty());
    assert!(
        ran.err.starts_with("portique: no account was created:\n"),
        "{}",
        ran.err
    );
    for expected in [
        "identifier: ",
        "e-mail: ",
        "rescue phone: ",
        "unknown civility «Sire»",
        "check digit does not match",
        "unknown privilege «chef»",
        "language: ",
    ] {
        assert!(ran.err.contains(expected), "{expected}: {}", ran.err);
    }
    assert_eq!(ran.err.lines().count(), 8, "{}", ran.err);
    assert!(database.messages(None, 10).await.unwrap().is_empty());
}

async fn an_unknown_portal_is_told_with_those_that_there_are(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    let ran = create(
        &installation,
        "bretagne",
        &["--identifier", "a", "--email", "a@chu.fr"],
    );
    assert!(!ran.ok);
    assert_eq!(
        ran.err,
        "portique: no portal is called «bretagne» (there are: aura, neutral, normandie, paca)\n"
    );
}
