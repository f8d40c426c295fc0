//! `portique account list`, `show` and `update`: what the operator sees of people, and mends.

use portique_domain::outbox::DeliveryState;
use portique_domain::store::Store;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::support::{Installation, MailServer, Ran, Server, eventually, free_port, portique};

on_each_database!(
    accounts_are_listed_by_identifier_and_by_status,
    an_account_is_shown_by_its_identifier_or_by_the_trails_id_and_never_its_hash,
    a_record_is_corrected_and_what_was_not_named_stays,
    what_is_wrong_with_a_correction_is_told_and_nothing_is_changed,
    a_wrong_address_that_is_corrected_gets_one_mail_however_many_invitations_are_dead,
);

fn run(installation: &Installation, arguments: &[&str]) -> Ran {
    let file = installation.file();
    portique(&[&["--config", file.to_str().unwrap()], arguments].concat())
}

fn done(installation: &Installation, arguments: &[&str]) -> String {
    let ran = run(installation, arguments);
    assert!(ran.ok, "{arguments:?}: {}", ran.err);
    ran.out
}

const OF_ANNE: [&str; 4] = ["--portal", "paca", "--identifier", "anne"];

/// Anne and Berthe on paca, whose invitations wait.
fn with_people(database: &TestDatabase) -> Installation {
    let installation = Installation::new(&database.url());
    for (identifier, name) in [("berthe", "Martin"), ("anne", "Lefèvre")] {
        let email = format!("{identifier}@chu.fr");
        let create = [
            "account",
            "create",
            "--portal",
            "paca",
            "--identifier",
            identifier,
            "--email",
            &email,
            "--family-name",
            name,
        ];
        done(&installation, &create);
    }
    installation
}

/// As if Anne's first invitation had been made and refused.
async fn refuse_invitations(database: &TestDatabase) {
    let provisional = "UPDATE accounts SET password_hash = '$argon2id$refused', password_expires_at = 9000000000000 \
                       WHERE identifier = 'anne'";
    database.run_by_hand(provisional).await.unwrap();
    let dead = "UPDATE outbox SET state = 'dead', attempts = 1, last_error = '550 no such mailbox'";
    database.run_by_hand(dead).await.unwrap();
}

async fn accounts_are_listed_by_identifier_and_by_status(database: TestDatabase) {
    let installation = with_people(&database);
    let listed = done(&installation, &["account", "list", "--portal", "paca"]);
    let lines: Vec<&str> = listed.lines().collect();
    assert!(
        lines[0].starts_with("anne ") && lines[0].contains("LEFÈVRE"),
        "{listed}"
    );
    assert!(lines[1].starts_with("berthe "), "{listed}");
    assert!(
        lines[0].contains("active") && lines[0].ends_with("password none         last sign-in never"),
        "{listed}"
    );
    assert_eq!(lines[2..], ["2 accounts"]);
    done(&installation, &[&["account", "disable"], &OF_ANNE[..]].concat());
    let disabled = done(
        &installation,
        &["account", "list", "--portal", "paca", "--status", "disabled"],
    );
    assert!(
        disabled.starts_with("anne ") && disabled.ends_with("\n1 account\n"),
        "{disabled}"
    );
    let one = done(
        &installation,
        &["account", "list", "--portal", "paca", "--limit", "1"],
    );
    assert!(one.ends_with("1 account\n"), "{one}");
}

async fn an_account_is_shown_by_its_identifier_or_by_the_trails_id_and_never_its_hash(
    database: TestDatabase,
) {
    let installation = with_people(&database);
    refuse_invitations(&database).await;
    let shown = done(&installation, &[&["account", "show"], &OF_ANNE[..]].concat());
    for expected in [
        "identifier    anne\n",
        "name          LEFÈVRE\n",
        "e-mail        a…@chu.fr\n",
        "status        active\n",
        "password      provisional, until 2255-",
        "last sign-in  never\n",
    ] {
        assert!(shown.contains(expected), "{expected}\n{shown}");
    }
    assert!(!shown.contains("argon2id"), "{shown}");
    let trail = database.audit_entries(0, 10).await.unwrap();
    let by_id = done(&installation, &["account", "show", "--id", &trail[1].account]);
    assert_eq!(by_id, shown);
    for wrong in [
        &["account", "show"][..],
        &["account", "show", "--portal", "paca"],
        &["account", "show", "--id", "00000000-0000-0000-0000-000000000000"],
    ] {
        assert!(!run(&installation, wrong).ok, "{wrong:?}");
    }
}

async fn a_record_is_corrected_and_what_was_not_named_stays(database: TestDatabase) {
    let installation = with_people(&database);
    let update = [
        &["account", "update"],
        &OF_ANNE[..],
        &["--given-name", "Anne; \"Marie\""],
    ]
    .concat();
    assert_eq!(done(&installation, &update), "anne: changed given name\n");
    assert_eq!(done(&installation, &update), "anne: nothing changed\n");
    let shown = done(&installation, &[&["account", "show"], &OF_ANNE[..]].concat());
    assert!(shown.contains("Anne; \"Marie\" LEFÈVRE"), "{shown}");
    let married = [
        &["account", "update"],
        &OF_ANNE[..],
        &["--family-name", "Durand", "--email", "a.durand@chu.fr"],
    ]
    .concat();
    assert_eq!(
        done(&installation, &married),
        "anne: changed e-mail, family name\n",
        "the invitation that waits goes to the new address"
    );
}

async fn what_is_wrong_with_a_correction_is_told_and_nothing_is_changed(database: TestDatabase) {
    let installation = with_people(&database);
    let update = [
        &["account", "update"],
        &OF_ANNE[..],
        &["--email", "anné@chu.fr", "--civility", "Sire"],
    ]
    .concat();
    let ran = run(&installation, &update);
    assert!(!ran.ok && ran.out.is_empty());
    for expected in [
        "anne: nothing was changed:\n",
        "without accents",
        "unknown civility «Sire»",
    ] {
        assert!(ran.err.contains(expected), "{expected}\n{}", ran.err);
    }
    let nobody = [
        "account",
        "update",
        "--portal",
        "paca",
        "--identifier",
        "zoé",
        "--email",
        "z@chu.fr",
    ];
    let ran = run(&installation, &nobody);
    assert!(
        !ran.ok && ran.err.contains("nobody has this identifier"),
        "{}",
        ran.err
    );
}

async fn a_wrong_address_that_is_corrected_gets_one_mail_however_many_invitations_are_dead(
    database: TestDatabase,
) {
    let installation = Installation::new(&database.url());
    let port = free_port();
    installation.replace("portique.toml", "port = 9", &format!("port = {port}"));
    let create = [&["account", "create"], &OF_ANNE[..], &["--email", "ane@chu.fr"]].concat();
    done(&installation, &create);
    refuse_invitations(&database).await;
    done(&installation, &[&["account", "invite"], &OF_ANNE[..]].concat());
    refuse_invitations(&database).await;
    let update = [&["account", "update"], &OF_ANNE[..], &["--email", "anne@chu.fr"]].concat();
    assert_eq!(
        done(&installation, &update),
        "anne: changed e-mail; another invitation is queued\n"
    );
    assert_eq!(
        done(&installation, &["outbox", "retry", "--all"]),
        "2 messages will be tried again\n"
    );
    let mail_server = MailServer::start(port).await;
    let file = installation.file();
    let arguments = ["--config", file.to_str().unwrap(), "serve"];
    let server = Server::start(&arguments, &installation.path().join("log"));
    let settled = eventually("the three messages' end", async || {
        let sent = database.messages(Some(DeliveryState::Sent), 10).await.unwrap();
        (sent.len() == 3).then_some(sent)
    })
    .await;
    let mails = mail_server.mails();
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].contains("anne@chu.fr"));
    let superseded = settled.iter().filter(|message| {
        let note = message.last_error.as_deref().unwrap_or_default();
        note.contains("a newer invitation")
    });
    assert_eq!(superseded.count(), 2);
    server.signal("TERM");
    assert_eq!(server.ended().await.0, Some(0));
}
