//! Opening a database, and what an operator is told when it can't be.

use std::fs;
use std::path::Path;

use portique_domain::store::Store;
use portique_storage::testing::TestDatabase;
use portique_storage::{ConnectError, Database, Options};

use crate::support::{account, with_accounts};

async fn refusal(url: &str) -> ConnectError {
    Database::connect(url, Options::default()).await.unwrap_err()
}

/// Every refusal is one line and holds no password.
fn one_line(error: &ConnectError) -> String {
    let line = error.to_string();
    assert!(!line.contains('\n'), "{line}");
    assert!(!line.contains("s3cret"), "{line}");
    line
}

fn address(path: &Path, parameters: &str) -> String {
    format!("sqlite://{}{parameters}", path.display())
}

#[tokio::test]
async fn an_address_of_no_known_database_is_refused() {
    for url in [
        "",
        "portique.db",
        "mysql://root:s3cret@localhost/portique",
        "/var/lib/portique.db",
    ] {
        let error = refusal(url).await;
        assert!(matches!(error, ConnectError::UnknownScheme), "{url}");
        assert!(one_line(&error).contains("sqlite://"));
    }
    let error = refusal("postgres://portique:s3cret@localhost:port/portique").await;
    assert!(matches!(error, ConnectError::Address(_)), "{error:?}");
    one_line(&error);
}

#[tokio::test]
async fn a_database_in_memory_is_refused() {
    for url in [
        "sqlite::memory:",
        "sqlite://:memory:",
        "sqlite://portique?mode=memory",
    ] {
        let error = refusal(url).await;
        assert!(matches!(error, ConnectError::InMemory), "{url}: {error}");
    }
}

#[tokio::test]
async fn a_new_file_is_readable_by_its_owner_alone() {
    let database = TestDatabase::sqlite().await;
    with_accounts(&database, &[account(1)]).await;
    let folder = database.folder().unwrap();
    let mut seen = 0;
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600, "{:?}", file.path());
        seen += 1;
    }
    assert_eq!(seen, 3, "the file, its log, its shared memory");
}

#[tokio::test]
async fn what_was_committed_is_there_after_a_close() {
    let database = TestDatabase::sqlite().await;
    with_accounts(&database, &[account(1)]).await;
    database.close().await;
    let without_mode = database.url().replace("?mode=rwc", "");
    let again = Database::connect(&without_mode, Options::default())
        .await
        .unwrap();
    assert!(again.account(account(1).id).await.unwrap().is_some());
}

#[tokio::test]
async fn a_missing_file_is_made_only_where_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portique.db");
    let error = refusal(&address(&path, "")).await;
    assert!(matches!(&error, ConnectError::NoFile(named) if *named == path));
    assert!(one_line(&error).contains("mode=rwc"));
    assert!(!path.exists());
    Database::connect(&address(&path, "?mode=rwc"), Options::default())
        .await
        .unwrap();
    assert!(path.exists());
}

/// A server and the command line, or two servers by mistake.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_who_open_a_new_file_at_once_all_succeed() {
    let folder = tempfile::tempdir().unwrap();
    let url = address(&folder.path().join("portique.db"), "?mode=rwc");
    let mut processes = tokio::task::JoinSet::new();
    for number in 1..=8 {
        let url = url.clone();
        processes.spawn(async move {
            let database = Database::connect(&url, Options::default()).await.unwrap();
            database.migrate().await.unwrap();
            with_accounts(&database, &[account(number)]).await;
            database.close().await;
        });
    }
    processes.join_all().await;
    let database = Database::connect(&url, Options::default()).await.unwrap();
    for number in 1..=8 {
        assert!(
            database.account(account(number).id).await.unwrap().is_some(),
            "{number}"
        );
    }
}

#[tokio::test]
async fn a_missing_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let error = refusal(&address(&missing.join("portique.db"), "?mode=rwc")).await;
    assert!(matches!(&error, ConnectError::NoFolder(named) if *named == missing));
    assert!(one_line(&error).contains("missing does not exist"));
}

/// Where permissions bind nobody (root in a container), a folder in the way stands for a file that can't be written.
#[tokio::test]
async fn a_file_that_cannot_be_written_is_named_with_the_systems_reason() {
    let folder = tempfile::tempdir().unwrap();
    let error = refusal(&address(folder.path(), "?mode=rwc")).await;
    assert!(matches!(error, ConnectError::NotWritable { .. }), "{error:?}");
    assert!(one_line(&error).contains("can't be written"));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let text = "Not a database, but long enough to be taken for the head of one. ".repeat(20);
    fs::write(&path, &text).unwrap();
    let error = refusal(&address(&path, "?mode=rwc")).await;
    assert!(
        matches!(&error, ConnectError::NotADatabase(named) if *named == path),
        "{error:?}"
    );
    assert!(one_line(&error).contains("no SQLite database"));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_told_at_once() {
    // Bound, then closed: nobody listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let error = refusal(&format!("postgres://portique:s3cret@127.0.0.1:{port}/portique")).await;
    assert!(matches!(error, ConnectError::NoAnswer { .. }), "{error:?}");
    assert!(one_line(&error).contains(&format!("127.0.0.1:{port}")));
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_named() {
    let error = refusal("postgres://portique:s3cret@no-such-host.invalid/portique").await;
    assert!(
        matches!(&error, ConnectError::NoSuchHost(host) if host == "no-such-host.invalid"),
        "{error:?}"
    );
    one_line(&error);
}

mod postgres {
    use super::{ConnectError, TestDatabase, one_line, refusal};

    #[tokio::test]
    async fn a_database_that_the_server_does_not_have_is_named() {
        let database = TestDatabase::postgres().await;
        let (before, _) = database
            .url()
            .split_once("/portique_test_")
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        let error = refusal(&format!("{before}/no_such_database")).await;
        assert!(
            matches!(&error, ConnectError::NoDatabase { database, .. } if database == "no_such_database")
        );
        assert!(one_line(&error).contains("no_such_database"));
    }

    #[tokio::test]
    async fn a_user_whom_the_server_refuses_is_named_without_the_password() {
        let database = TestDatabase::postgres().await;
        let url = database.url();
        let (_, after) = url.split_once('@').unwrap();
        let error = refusal(&format!("postgres://nobody:s3cret@{after}")).await;
        assert!(
            matches!(&error, ConnectError::Denied { user, .. } if user == "nobody"),
            "{error:?}"
        );
        assert!(one_line(&error).contains("nobody"));
    }

    #[tokio::test]
    async fn a_server_without_encryption_is_refused_where_encryption_is_asked_for() {
        let database = TestDatabase::postgres().await;
        let url = database.url();
        let (before, _) = url.split_once('?').unwrap_or((&url, ""));
        let error = refusal(&format!("{before}?sslmode=require")).await;
        assert!(matches!(error, ConnectError::Tls { .. }), "{error:?}");
        one_line(&error);
    }
}
