//! Imports from the first byte to the last commit.

mod support;

use portique_domain::account::{AccountStatus, Civility, PasswordState};
use portique_domain::audit::AuditAction;
use portique_domain::outbox::Message;
use portique_domain::testing::portal;
use portique_provisioning::{Column, Mode, Outcome, People, Report};
use portique_shared::Language;
use support::Memory;

const FILE: &str = "\
    Identifiant;E-mail;Nom;Prénom;Profession;RPPS;Privilèges;Langue\r\n\
    anne;anne@chu.fr;Lefèvre;Anne;;10003456786;;\r\n\
    berthe;berthe@chu.fr;Martin;Berthe;Secrétaire;;administrateur;en\r\n";

const EXTRACTION: &str = "\
    Identification nationale PP|Code civilité d'exercice|Code civilité|Nom d'exercice|Prénom d'exercice|Libellé profession|\n\
    810003456786|DR|MME|LEFEVRE|ANNE|Médecin|\n";

async fn import_with(
    store: &Memory,
    file: &str,
    extraction: Option<&str>,
    mode: Mode,
) -> Result<Report, portique_domain::store::StoreError> {
    let listen = &|_, _, _| {};
    let portal = portal("paca");
    let mut people = People::read(file.as_bytes(), portal.language, listen).expect("a table");
    if let Some(extraction) = extraction {
        people
            .check_against(extraction.as_bytes(), extraction.len() as u64, listen)
            .expect("an extraction");
    }
    let plan = people.compare(store, &portal, listen).await?;
    plan.apply(&store.tools(), &portal, mode, listen).await
}

async fn import(store: &Memory, file: &str) -> Report {
    import_with(store, file, Some(EXTRACTION), Mode::AllOrNothing)
        .await
        .expect("memory does not fail")
}

/// `anne` as she is after a file that gives both her rescue contacts, and another with these cells in their place; the second one empties
/// them where it is told to.
async fn anne_after(cells: &str, empties: bool) -> (Option<String>, Option<String>) {
    let store = Memory::default();
    let header = "identifiant;e-mail;prénom;e-mail de secours;téléphone de secours\n";
    let person = "anne;anne@example.org;Anne";
    import(
        &store,
        &format!("{header}{person};anne@maison.example;06 12 34 56 78\n"),
    )
    .await;
    let listen = &|_, _, _| {};
    let portal = portal("paca");
    let file = format!("{header}{person};{cells}\n");
    let mut people = People::read(file.as_bytes(), portal.language, listen).expect("a table");
    if empties {
        people = people.emptying_contacts();
    }
    let plan = people
        .compare(&store, &portal, listen)
        .await
        .expect("memory does not fail");
    plan.apply(&store.tools(), &portal, Mode::AllOrNothing, listen)
        .await
        .expect("memory does not fail");
    let record = store.account("anne").record;
    (
        record.rescue_email.map(String::from),
        record.rescue_phone.map(String::from),
    )
}

#[tokio::test]
async fn a_files_empty_cell_takes_no_rescue_contact_away_and_a_filled_one_wins() {
    let (email, phone) = ("anne@maison.example", "+33612345678");
    let given = (Some(email.to_owned()), Some(phone.to_owned()));
    assert_eq!(anne_after(";", false).await, given);
    let corrected = anne_after("anne@ailleurs.example;06 98 76 54 32", false).await;
    let corrected = (corrected.0.as_deref(), corrected.1.as_deref());
    assert_eq!(corrected, (Some("anne@ailleurs.example"), Some("+33698765432")));
    assert_eq!(anne_after(";", true).await, (None, None));
}

#[tokio::test]
async fn each_person_gets_an_account_without_a_password_and_an_invitation() {
    let store = Memory::default();
    let report = import(&store, FILE).await;
    assert_eq!((report.outcome, report.created), (Outcome::Complete, 2));
    let anne = store.account("anne");
    assert_eq!(anne.portal.as_str(), "paca");
    assert_eq!(anne.password, PasswordState::None);
    assert_eq!(anne.status, AccountStatus::Active);
    assert_eq!(anne.record.civility, Some(Civility::Doctor));
    assert_eq!(anne.record.profession.as_deref(), Some("Médecin"));
    assert_eq!(anne.language, Language::Fr);
    let berthe = store.account("berthe");
    assert_eq!(berthe.language, Language::En);
    assert!(berthe.record.privileges.any());
    let held = store.held();
    assert_eq!(held.commits, 1);
    assert!(
        held.messages
            .iter()
            .all(|message| message.kind == Message::Invitation { reference: None }.kind())
    );
    assert_eq!(
        held.messages
            .iter()
            .map(|message| message.account)
            .collect::<Vec<_>>(),
        [Some(anne.id), Some(berthe.id)]
    );
    assert!(
        held.events
            .iter()
            .all(|event| event.action == AuditAction::AccountCreated)
    );
}

#[tokio::test]
async fn running_it_twice_changes_nothing_with_or_without_the_directory() {
    let store = Memory::default();
    import(&store, FILE).await;
    let before = store.held().accounts;
    for extraction in [Some(EXTRACTION), None] {
        let report = import_with(&store, FILE, extraction, Mode::AllOrNothing)
            .await
            .expect("memory does not fail");
        assert_eq!((report.created, report.unchanged), (0, 2));
        assert_eq!(report.updates, []);
    }
    assert_eq!(store.held().accounts, before);
    assert_eq!(store.held().messages.len(), 2);
    assert_eq!(
        store.held().commits,
        1,
        "an import that changes nothing writes nothing"
    );
}

#[tokio::test]
async fn one_bad_row_and_nothing_is_imported() {
    let store = Memory::default();
    let report = import(
        &store,
        &format!("{FILE}carl;carl@chu.fr;Durand;Carl;;10000000017;;\r\n"),
    )
    .await;
    assert_eq!((report.outcome, report.refused), (Outcome::Refused, 1));
    assert_eq!(
        report.to_string(),
        "Read as UTF-8, separated by «;»: 3 rows.\n\
         Errors:\n  \
           line 4, column «RPPS»: the national directory does not have this number\n\
         Nothing was imported: 1 of 3 rows refused. Mend the file, or import the others with --partial."
    );
    assert_eq!(store.held().commits, 0);
}

#[tokio::test]
async fn a_partial_import_takes_the_good_rows() {
    let store = Memory::default();
    let file = format!("{FILE}carl;carl;Durand;Carl;;;;\r\n");
    let report = import_with(&store, &file, Some(EXTRACTION), Mode::Partial)
        .await
        .expect("memory does not fail");
    assert_eq!(
        (report.outcome, report.created, report.refused),
        (Outcome::Partial, 2, 1)
    );
    assert_eq!(store.held().accounts.len(), 2);
}

#[tokio::test]
async fn a_changed_row_changes_the_record_alone_and_the_report_names_columns_not_values() {
    let store = Memory::default();
    import(&store, FILE).await;
    let password = PasswordState::Definitive {
        hash: portique_domain::password::PasswordHash::from_stored("$argon2id$…".into()),
        changed_at: "2026-01-06T08:00:00Z".parse().expect("a time"),
    };
    store.change(|held| {
        for account in &mut held.accounts {
            account.password = password.clone();
            account.language = Language::En;
        }
    });
    let file = FILE
        .replace("berthe@chu.fr;Martin", "b.durand@chu.fr;Durand")
        .replace("administrateur", "");
    let report = import(&store, &file).await;
    let columns: Vec<Column> = report
        .updates
        .iter()
        .flat_map(|(_, changed)| changed.iter())
        .collect();
    assert_eq!(columns, [Column::Email, Column::FamilyName, Column::Privileges]);
    assert_eq!(
        report.to_string(),
        "Read as UTF-8, separated by «;»: 2 rows.\n\
         Changed records, by column:\n  \
           e-mail: 1 account (line 3)\n  \
           family name: 1 account (line 3)\n  \
           privileges: 1 account (line 3)\n\
         Imported: 0 accounts created, 1 updated, 1 unchanged, 0 rows refused."
    );
    let berthe = store.account("berthe");
    assert_eq!(berthe.record.family_name, "Durand");
    assert!(!berthe.record.privileges.any());
    assert_eq!((berthe.password, berthe.language), (password, Language::En));
    let kinds: Vec<_> = store
        .held()
        .messages
        .iter()
        .map(|message| message.kind.clone())
        .collect();
    assert_eq!(
        kinds,
        ["invitation", "invitation", "security_changed", "security_changed"],
        "who has a password is not invited again, and told of the new address at both"
    );
    assert_eq!(
        store.held().events.last().map(|event| event.action),
        Some(AuditAction::AccountUpdated)
    );
}

#[tokio::test]
async fn an_invitation_that_left_for_a_wrong_address_leaves_again_for_the_mended_one() {
    let store = Memory::default();
    import(&store, FILE).await;
    let password = PasswordState::Provisional {
        hash: portique_domain::password::PasswordHash::from_stored("$argon2id$…".into()),
        expires_at: "2026-01-06T08:00:00Z".parse().expect("a time"),
    };
    store.change(|held| {
        for account in &mut held.accounts {
            account.password = password.clone();
        }
    });
    import(&store, &FILE.replace("berthe@chu.fr", "berthe.martin@chu.fr")).await;
    let messages = store.held().messages;
    let again: Vec<_> = messages.iter().skip(2).map(|message| message.account).collect();
    assert_eq!(again, [Some(store.account("berthe").id)]);
}

#[tokio::test]
async fn an_identifier_that_another_person_has_on_the_portal_is_refused() {
    let store = Memory::default();
    import(&store, FILE).await;
    let file = "identifiant;e-mail;nom;prénom\nBERTHE;paul@chu.fr;Roux;Paul\n";
    let report = import_with(&store, file, None, Mode::Partial)
        .await
        .expect("memory does not fail");
    let told: Vec<String> = report.errors().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "line 2, column «identifiant»: on the portal another person has this identifier (other number, or other names and e-mail)"
        ]
    );
    assert_eq!(store.account("berthe").record.email.as_str(), "berthe@chu.fr");
}

#[tokio::test]
async fn a_failure_after_a_thousand_rows_leaves_no_trace() {
    let store = Memory::default();
    store.change(|held| held.room = Some(1_100));
    let people: Vec<String> = (0..1_200)
        .map(|number| format!("p{number};p{number}@chu.fr"))
        .collect();
    let file = format!("identifiant;e-mail\n{}", people.join("\n"));
    let result = import_with(&store, &file, None, Mode::Partial).await;
    assert!(result.is_err());
    assert!(store.held().accounts.is_empty() && store.held().messages.is_empty());
    store.change(|held| held.room = None);
    let report = import(&store, &file).await;
    assert_eq!(
        (report.created, store.held().commits, store.held().events.len()),
        (1_200, 1, 1_200)
    );
}

#[tokio::test]
async fn progress_ends_where_it_said_it_would() {
    let store = Memory::default();
    let steps = std::sync::Mutex::new(std::collections::HashMap::new());
    let listen = &|phase, done, total| {
        let mut steps = steps.lock().expect("no test panics while it holds this");
        if let Some((before, _)) = steps.insert(phase, (done, total)) {
            assert!(before <= done && done <= total, "{phase}");
        }
    };
    let portal = portal("paca");
    let mut people = People::read(FILE.as_bytes(), portal.language, listen).expect("a table");
    people
        .check_against(EXTRACTION.as_bytes(), EXTRACTION.len() as u64, listen)
        .expect("an extraction");
    let plan = people
        .compare(&store, &portal, listen)
        .await
        .expect("memory does not fail");
    plan.apply(&store.tools(), &portal, Mode::AllOrNothing, listen)
        .await
        .expect("memory does not fail");
    let steps = steps.lock().expect("no test panics while it holds this");
    assert_eq!(steps.len(), 5);
    assert!(steps.values().all(|(done, total)| done == total), "{steps:?}");
}
