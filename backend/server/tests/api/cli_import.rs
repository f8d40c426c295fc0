//! `portique account import`, from the agency's file to the database.

use portique_domain::account::{Account, Civility};
use portique_domain::folding::fold;
use portique_domain::portal::PortalName;
use portique_domain::store::Store;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::support::{Installation, Ran, portique};

on_each_database!(
    people_are_imported_and_completed_from_the_directory,
    importing_twice_changes_nothing,
    a_changed_row_changes_the_record_and_invites_nobody_again,
    bad_rows_are_told_with_line_and_column_and_nothing_is_imported,
    the_good_rows_are_imported_when_asked_to,
    a_file_from_an_old_spreadsheet_is_read,
    a_file_that_is_none_is_told_in_one_line,
);

const PEOPLE: &str = "\u{feff}E-mail;Identifiant;Nom;Prénom;Civilité;RPPS ou ADELI;Téléphone de secours;Privilèges\r\n\
    anne@chu.fr;anne;Lefèvre;Anne;;10003456786;06 12 34 56 78;\r\n\
    berthe@chu.fr;Berthe.É;Martin;Berthe;Mme;;;administrateur\r\n";

const EXTRACTION: &str = "\
    Identification nationale PP|Code civilité d'exercice|Code civilité|Nom d'exercice|Prénom d'exercice|Libellé profession|\n\
    810003456786|DR|MME|LEFEVRE|ANNE|Médecin|\n\
    810001000107|||RENAUD|CAMILLE|Infirmier|\n";

fn import(installation: &Installation, file: &str, arguments: &[&str]) -> Ran {
    let (settings, path) = (installation.file(), installation.path().join(file));
    let mut all = vec![
        "--config",
        settings.to_str().unwrap(),
        "account",
        "import",
        "--portal",
        "paca",
    ];
    all.push(path.to_str().unwrap());
    all.extend(arguments);
    portique(&all)
}

/// The good file, against the directory.
fn import_people(installation: &Installation) -> Ran {
    installation.write("people.csv", PEOPLE);
    installation.write("extraction.txt", EXTRACTION);
    let extraction = installation.path().join("extraction.txt");
    import(
        installation,
        "people.csv",
        &["--directory", extraction.to_str().unwrap()],
    )
}

async fn account(database: &TestDatabase, identifier: &str) -> Option<Account> {
    let portal = PortalName::parse("paca").unwrap();
    database
        .account_by_identifier(&portal, &fold(identifier))
        .await
        .unwrap()
}

async fn invitations(database: &TestDatabase) -> usize {
    database.messages(None, 100).await.unwrap().len()
}

async fn people_are_imported_and_completed_from_the_directory(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    let ran = import_people(&installation);
    assert!(ran.ok, "{} {}", ran.out, ran.err);
    assert!(ran.out.contains("2 accounts created"), "{}", ran.out);
    let anne = account(&database, "anne").await.unwrap();
    assert_eq!(
        anne.record.profession.as_deref(),
        Some("Médecin"),
        "from the directory"
    );
    assert_eq!(anne.record.civility, Some(Civility::Doctor));
    assert_eq!(anne.record.rescue_phone.unwrap().as_str(), "+33612345678");
    let berthe = account(&database, "berthe.e").await.unwrap();
    assert_eq!(berthe.record.identifier.as_str(), "Berthe.É");
    assert!(berthe.record.privileges.any());
    assert_eq!(invitations(&database).await, 2);
}

async fn importing_twice_changes_nothing(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    assert!(import_people(&installation).ok);
    let before = (
        account(&database, "anne").await,
        account(&database, "berthe.e").await,
    );
    let trail = database.audit_entries(0, 100).await.unwrap();
    let ran = import_people(&installation);
    assert!(ran.ok, "{}", ran.err);
    assert!(ran.out.contains("0 accounts created"), "{}", ran.out);
    assert!(
        ran.out.contains("0 updated, 2 unchanged, 0 rows refused"),
        "{}",
        ran.out
    );
    let after = (
        account(&database, "anne").await,
        account(&database, "berthe.e").await,
    );
    assert_eq!(after, before);
    assert_eq!(database.audit_entries(0, 100).await.unwrap(), trail);
    assert_eq!(invitations(&database).await, 2);
}

async fn a_changed_row_changes_the_record_and_invites_nobody_again(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    assert!(import_people(&installation).ok);
    installation.write(
        "people.csv",
        &PEOPLE.replace("berthe@chu.fr", "berthe@hopital.fr"),
    );
    let ran = import(&installation, "people.csv", &[]);
    assert!(ran.ok, "{}", ran.err);
    assert!(ran.out.contains("e-mail: 1 account (line 3)"), "{}", ran.out);
    assert!(
        !ran.out.contains("berthe@"),
        "a report names lines, not people: {}",
        ran.out
    );
    let berthe = account(&database, "berthe.e").await.unwrap();
    assert_eq!(berthe.record.email.as_str(), "berthe@hopital.fr");
    assert_eq!(invitations(&database).await, 2);
}

const BAD: &str = "identifiant,courriel,nom,prénom,rpps,droits\n\
    anne,anne@chu.fr,Lefèvre,Anne,10003456786,\n\
    berthe,berthe@hôpital.fr,Martin,Berthe,,\n\
    claire,claire@chu.fr,Petit,Claire,10003456784,\n\
    ANNE,anne2@chu.fr,Autre,Anne,,\n\
    denise,denise@chu.fr,Roux,Denise,10001000107,chef\n\
    emma,emma@chu.fr,Bon,Emma,,\n";

async fn bad_rows_are_told_with_line_and_column_and_nothing_is_imported(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    installation.write("people.csv", BAD);
    installation.write("extraction.txt", EXTRACTION);
    let extraction = installation.path().join("extraction.txt");
    let ran = import(
        &installation,
        "people.csv",
        &["--directory", extraction.to_str().unwrap()],
    );
    assert!(!ran.ok);
    for expected in [
        "line 3, column «courriel»: this is no e-mail address (expected name@domain, without accents)",
        "line 4, column «rpps»: ",
        "line 5, column «identifiant»: ",
        "line 6, column «droits»: unknown privilege «chef»",
    ] {
        assert!(ran.out.contains(expected), "{expected}\n{}", ran.out);
    }
    assert!(ran.out.contains("Nothing was imported: "), "{}", ran.out);
    assert!(
        !ran.err.to_lowercase().contains("nothing was imported"),
        "told once: {}",
        ran.err
    );
    assert_eq!(account(&database, "anne").await, None);
    assert_eq!(account(&database, "emma").await, None);
    assert_eq!(invitations(&database).await, 0);
    assert!(database.audit_entries(0, 10).await.unwrap().is_empty());
}

async fn the_good_rows_are_imported_when_asked_to(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    let unknown = "fanny,fanny@chu.fr,Inconnue,Fanny,10001000206,\n";
    let other_name = "gilda,gilda@chu.fr,Durand,Gilda,10001000107,\n";
    let bad = format!("{}{unknown}{other_name}", BAD.replace("ANNE,anne2", "zoe,zoe"));
    installation.write("people.csv", &bad);
    installation.write("extraction.txt", EXTRACTION);
    let extraction = installation.path().join("extraction.txt");
    let directory = extraction.to_str().unwrap();
    let ran = import(
        &installation,
        "people.csv",
        &["--directory", directory, "--partial"],
    );
    assert!(!ran.ok, "refused rows make the command fail");
    assert!(ran.err.contains(" not imported"), "{}", ran.err);
    for expected in ["line 8, column «rpps»: ", "line 9"] {
        assert!(ran.out.contains(expected), "{expected}\n{}", ran.out);
    }
    for (identifier, imported) in [
        ("anne", true),
        ("emma", true),
        ("zoe", true),
        ("berthe", false),
        ("claire", false),
        ("denise", false),
        ("fanny", false),
        ("gilda", false),
    ] {
        assert_eq!(
            account(&database, identifier).await.is_some(),
            imported,
            "{identifier}: {}",
            ran.out
        );
    }
    assert_eq!(invitations(&database).await, 3);
}

async fn a_file_from_an_old_spreadsheet_is_read(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    let mut bytes = b"Identifiant;E-mail;Nom;Pr\xe9nom\r\n".to_vec();
    bytes.extend_from_slice(b"h\xe9l\xe8ne;helene@chu.fr;\x8cuvrard;H\xe9l\xe8ne\r\n");
    std::fs::write(installation.path().join("people.csv"), bytes).unwrap();
    let ran = import(&installation, "people.csv", &[]);
    assert!(ran.ok, "{}", ran.err);
    assert!(ran.out.contains("Windows-1252"), "{}", ran.out);
    let helene = account(&database, "helene").await.unwrap();
    assert_eq!(helene.record.identifier.as_str(), "hélène");
    assert_eq!(helene.record.family_name, "Œuvrard");
}

async fn a_file_that_is_none_is_told_in_one_line(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    let missing = import(&installation, "nothing.csv", &[]);
    assert!(
        !missing.ok && missing.err.contains("nothing.csv can't be read"),
        "{}",
        missing.err
    );
    installation.write("people.csv", "a;b;c\n1;2;3\n");
    let foreign = import(&installation, "people.csv", &[]);
    assert!(
        !foreign.ok && foreign.err.contains("people.csv: "),
        "{}",
        foreign.err
    );
    installation.write("people.csv", PEOPLE);
    let directory = import(
        &installation,
        "people.csv",
        &["--directory", "/nowhere/extraction.txt"],
    );
    assert!(
        !directory.ok && directory.err.contains("extraction.txt can't be read"),
        "{}",
        directory.err
    );
    for ran in [&missing, &foreign, &directory] {
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
        assert!(ran.out.is_empty());
    }
    assert_eq!(invitations(&database).await, 0);
}
