//! `portique serve`: it starts, tells plainly why it does not, and ends cleanly.

use std::path::Path;

use portique_shared::api::paths;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::support::cards::{portal_takes_cards, take_cards};
use crate::support::{Installation, Server, eventually, free_port, portique};

on_each_database!(
    a_configured_server_serves_and_ends_when_its_manager_says_so,
    an_installation_that_can_not_serve_says_why_in_one_line,
    a_portal_that_takes_test_cards_is_warned_of_at_start,
);

/// A demo in a folder, ready.
async fn demo(folder: &Path) -> (Server, u16, String) {
    let port = free_port();
    let (port_text, data) = (port.to_string(), folder.join("demo"));
    let arguments = [
        "serve",
        "--demo",
        "--port",
        &port_text,
        "--data",
        data.to_str().unwrap(),
    ];
    let mut server = Server::start(&arguments, &folder.join("log"));
    let said = server.said("Ctrl-C ends it.").await;
    (server, port, said)
}

async fn get(port: u16, path: &str) -> reqwest::Response {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    client
        .get(format!("http://127.0.0.1:{port}{path}"))
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_demo_tells_its_portals_accounts_and_mailbox_and_ends_on_ctrl_c() {
    let folder = tempfile::tempdir().unwrap();
    let (server, port, said) = demo(folder.path()).await;
    for line in [
        format!("http://localhost:{port}\n"),
        format!("http://paca.localhost:{port}\n"),
        format!("http://normandie.localhost:{port}\n"),
        format!("http://aura.localhost:{port}\n"),
        format!("http://localhost:{port}/demo/mailbox\n"),
        format!("--config {}", folder.path().join("demo/portique.toml").display()),
    ] {
        assert!(said.contains(&line), "{line}\n{said}");
    }
    for account in [
        "premiere.connexion",
        "Provisoire#2026",
        "praticien",
        "administrateur",
        "mobile",
    ] {
        assert!(said.contains(account), "{said}");
    }
    assert_eq!(get(port, paths::HEALTH_READY).await.status(), 200);
    server.signal("INT");
    let (code, rest) = server.ended().await;
    assert_eq!(code, Some(0));
    assert!(rest.contains("The demo has ended."), "{rest}");
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    assert_eq!(log, "", "nothing to warn of");
}

#[tokio::test]
async fn a_connection_left_open_does_not_keep_the_program_from_ending() {
    let folder = tempfile::tempdir().unwrap();
    let (server, port, _) = demo(folder.path()).await;
    // As browsers open them ahead of need: nothing is ever said on it.
    let silent = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    assert_eq!(get(port, paths::HEALTH_LIVE).await.status(), 200);
    server.signal("INT");
    let (code, _) = server.ended().await;
    assert_eq!(code, Some(0));
    drop(silent);
}

#[tokio::test]
async fn the_commands_work_beside_a_running_demo() {
    let folder = tempfile::tempdir().unwrap();
    let (server, port, _) = demo(folder.path()).await;
    let settings = folder.path().join("demo/portique.toml");
    let settings = settings.to_str().unwrap();
    let create = [
        "account",
        "create",
        "--portal",
        "aura",
        "--identifier",
        "anne",
        "--email",
        "anne@chu.fr",
    ];
    let ran = portique(&[&["--config", settings][..], &create].concat());
    assert!(ran.ok, "{}", ran.err);
    let mail = eventually("the invitation", async || {
        let kept: Vec<Value> = get(port, "/demo/messages").await.json().await.unwrap();
        kept.into_iter().next()
    })
    .await;
    assert_eq!(
        (mail["portal"].as_str(), mail["to"].as_str()),
        (Some("aura"), Some("anne@chu.fr"))
    );
    server.signal("TERM");
    assert_eq!(server.ended().await.0, Some(0));
}

#[tokio::test]
async fn a_port_in_use_is_told_in_one_line_and_the_demo_that_runs_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (server, port, _) = demo(folder.path()).await;
    let before = std::fs::read(folder.path().join("demo/key")).unwrap();
    let (port_text, data) = (port.to_string(), folder.path().join("demo"));
    let ran = portique(&[
        "serve",
        "--demo",
        "--port",
        &port_text,
        "--data",
        data.to_str().unwrap(),
    ]);
    assert!(!ran.ok && ran.out.is_empty());
    assert_eq!(
        ran.err,
        format!("portique: port {port} is in use already: end what uses it, or choose another port\n")
    );
    assert_eq!(std::fs::read(folder.path().join("demo/key")).unwrap(), before);
    assert_eq!(get(port, paths::HEALTH_READY).await.status(), 200);
    server.signal("INT");
    assert_eq!(server.ended().await.0, Some(0));
}

#[test]
fn a_folder_that_can_not_be_written_is_told_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "in the way").unwrap();
    // Whoever runs the tests, root or not, can write neither of these.
    for data in [file.join("demo"), file.clone(), "/proc/portique".into()] {
        let port = free_port().to_string();
        let ran = portique(&[
            "serve",
            "--demo",
            "--port",
            &port,
            "--data",
            data.to_str().unwrap(),
        ]);
        assert!(!ran.ok);
        assert!(ran.err.starts_with("portique: the demo's folder "), "{}", ran.err);
        assert!(ran.err.contains(" can't be written: "), "{}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "in the way");
}

#[test]
fn an_argument_that_means_nothing_is_told() {
    for arguments in [
        &["serve", "--port", "9000"][..],
        &["serve", "--data", "x"],
        &["serve", "--demo", "--port", "70000"],
        &["fly"],
        &[],
    ] {
        let ran = portique(arguments);
        assert!(!ran.ok && !ran.err.is_empty(), "{arguments:?}");
    }
    assert!(portique(&["--version"]).out.starts_with("portique "));
    assert!(portique(&["--help"]).out.contains("check-config"));
}

async fn a_configured_server_serves_and_ends_when_its_manager_says_so(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    let port = free_port();
    installation.replace("portique.toml", "127.0.0.1:0", &format!("127.0.0.1:{port}"));
    let file = installation.file();
    for signal in ["TERM", "INT"] {
        let arguments = ["--config", file.to_str().unwrap(), "serve"];
        let mut server = Server::start(&arguments, &installation.path().join("log"));
        let said = server.said("Listening on ").await;
        assert!(
            said.contains(&format!("Listening on http://127.0.0.1:{port}\n")),
            "{said}"
        );
        assert!(said.contains("paca: https://paca.example"), "{said}");
        assert!(said.contains("aura: https://aura.example"), "{said}");
        eventually("the server", async || {
            TcpStream::connect(("127.0.0.1", port)).await.ok()
        })
        .await;
        assert_eq!(get(port, paths::HEALTH_READY).await.status(), 200);
        assert_eq!(get(port, "/demo/messages").await.status(), 404);
        server.signal(signal);
        let (code, rest) = server.ended().await;
        assert_eq!((code, rest.as_str()), (Some(0), "Stopped.\n"), "{signal}");
        let log = std::fs::read_to_string(installation.path().join("log")).unwrap();
        assert!(!log.contains('\u{1b}'), "no colours in a file: {log}");
    }
}

async fn an_installation_that_can_not_serve_says_why_in_one_line(database: TestDatabase) {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let installation = Installation::new(&database.url());
    installation.replace("portique.toml", "127.0.0.1:0", &format!("127.0.0.1:{port}"));
    let file = installation.file();
    let ran = portique(&["--config", file.to_str().unwrap(), "serve"]);
    assert!(
        !ran.ok
            && ran
                .err
                .contains(&format!("portique: port {port} is in use already")),
        "{}",
        ran.err
    );
    let demo = Installation::demo(&database.url());
    let ran = portique(&["--config", demo.file().to_str().unwrap(), "serve"]);
    assert!(
        !ran.ok && ran.err.contains("key `mail.transport`: expected \"smtp\""),
        "{}",
        ran.err
    );
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
}

async fn a_portal_that_takes_test_cards_is_warned_of_at_start(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    let port = free_port();
    installation.replace("portique.toml", "127.0.0.1:0", &format!("127.0.0.1:{port}"));
    take_cards(&installation, "normandie", "");
    portal_takes_cards(&installation, "aura", "test_cards = true");
    let file = installation.file();
    let arguments = ["--config", file.to_str().unwrap(), "serve"];
    let mut server = Server::start(&arguments, &installation.path().join("log"));
    server.said("Listening on ").await;
    // Before it serves, a signal ends it as it ends any program.
    eventually("the server", async || {
        TcpStream::connect(("127.0.0.1", port)).await.ok()
    })
    .await;
    assert_eq!(get(port, paths::HEALTH_READY).await.status(), 200);
    server.signal("TERM");
    assert_eq!(server.ended().await.0, Some(0));
    let log = std::fs::read_to_string(installation.path().join("log")).unwrap();
    let warned: Vec<_> = log
        .lines()
        .filter(|line| line.contains("test cards are taken"))
        .collect();
    assert_eq!(warned.len(), 1, "{log}");
    assert!(warned[0].contains("WARN") && warned[0].contains("aura"), "{log}");
}
