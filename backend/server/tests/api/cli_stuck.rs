//! Who has no second factor that their portal takes is told to the operator, who alone can help.

use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::support::{Installation, portique};

on_each_database!(
    who_cannot_take_the_second_step_is_told_at_creation_correction_and_sight,
    who_has_another_way_or_a_portal_that_takes_the_mailbox_is_told_of_nothing,
    an_import_counts_who_is_stuck_and_names_their_lines,
);

const CANNOT_SIGN_IN: &str = "can't sign in: nothing on record that the portal takes as one's second factor; \
                              give a rescue address or a mobile telephone";
const CANNOT_ADD: &str = "can't add a second factor: nothing on record that the portal takes as one's second factor; \
                          give a rescue address or a mobile telephone";

/// The presets, where paca sends no code to the mailbox that resets the password.
fn strict(database: &TestDatabase, reset_mailbox: &str) -> Installation {
    let installation = Installation::new(&database.url());
    let lines = format!("[second_factor]\nreset_mailbox = \"{reset_mailbox}\"");
    installation.append("portals/paca.toml", &lines);
    installation
}

fn account(installation: &Installation, command: &str, arguments: &[&str]) -> String {
    let file = installation.file();
    let all = [
        &[
            "--config",
            file.to_str().unwrap(),
            "account",
            command,
            "--portal",
            "paca",
        ],
        arguments,
    ]
    .concat();
    let ran = portique(&all);
    assert!(ran.ok, "{} {}", ran.out, ran.err);
    ran.out
}

fn create(installation: &Installation, more: &[&str]) -> String {
    let anne = ["--identifier", "anne", "--email", "anne@chu.fr"];
    account(installation, "create", &[&anne[..], more].concat())
}

const ANNE: [&str; 2] = ["--identifier", "anne"];

async fn who_cannot_take_the_second_step_is_told_at_creation_correction_and_sight(database: TestDatabase) {
    let installation = strict(&database, "nobody");
    let created = create(&installation, &[]);
    assert!(
        created.ends_with(&format!("\nwarning: anne {CANNOT_ADD}\n")),
        "{created}"
    );
    let corrected = account(
        &installation,
        "update",
        &[&ANNE[..], &["--privileges", "administrateur"]].concat(),
    );
    assert!(
        corrected.ends_with(&format!("\nwarning: anne {CANNOT_SIGN_IN}\n")),
        "{corrected}"
    );
    let shown = account(&installation, "show", &ANNE);
    assert!(
        shown.ends_with(&format!("\nwarning       {CANNOT_SIGN_IN}\n")),
        "{shown}"
    );
    let mended = account(
        &installation,
        "update",
        &[&ANNE[..], &["--rescue-email", "anne@maison.example"]].concat(),
    );
    assert!(!mended.contains("warning"), "{mended}");
    assert!(!account(&installation, "show", &ANNE).contains("warning"));
}

async fn who_has_another_way_or_a_portal_that_takes_the_mailbox_is_told_of_nothing(database: TestDatabase) {
    let installation = strict(&database, "unprivileged");
    let created = create(&installation, &[]);
    assert!(!created.contains("warning"), "{created}");
    let corrected = account(
        &installation,
        "update",
        &[
            &ANNE[..],
            &[
                "--privileges",
                "administrateur",
                "--rescue-phone",
                "06 12 34 56 78",
            ],
        ]
        .concat(),
    );
    assert!(!corrected.contains("warning"), "{corrected}");
}

async fn an_import_counts_who_is_stuck_and_names_their_lines(database: TestDatabase) {
    let installation = strict(&database, "nobody");
    installation.write(
        "people.csv",
        "identifiant;e-mail;e-mail de secours;privilèges\n\
         anne;anne@chu.fr;;administrateur\n\
         berthe;berthe@chu.fr;;\n\
         claire;claire@chu.fr;claire@maison.example;administrateur\n\
         denise;denise@chu.fr;DENISE+x@chu.fr;\n",
    );
    let file = installation.path().join("people.csv");
    let told =
        format!("Warnings:\n  2 people (lines 3, 5) {CANNOT_ADD}\n  1 person (line 2) {CANNOT_SIGN_IN}\n");
    for times in ["4 accounts created", "4 unchanged"] {
        let report = account(&installation, "import", &[file.to_str().unwrap()]);
        assert!(report.contains(&told), "{report}");
        assert!(report.contains(times), "{report}");
    }
}
