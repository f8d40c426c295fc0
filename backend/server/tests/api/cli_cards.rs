//! `portique cards`: what an operator is told of lists of revoked cards, and the proxy by way of which the server fetches them.

use std::fs;

use jiff::Timestamp;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use portique_test_authority::{Authority, CrlSpec, Revoked, Spec};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;

use crate::support::cards::{PROXY, portal_takes_cards, take_cards};
use crate::support::{App, Installation, portique};

on_each_database!(lists_are_fetched_by_way_of_the_proxy_that_is_configured);

const SETTINGS: &str = "portique.toml";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// One authority with these sources of lists.
fn with_lists(authority: &Authority, crls: &[&str]) -> Installation {
    let installation = Installation::new("sqlite:///nowhere/portique.db?mode=rwc");
    installation.write("people.pem", &authority.to_pem());
    let cards = format!(
        "[cards]\nfolder = \"cards\"\n[[cards.authorities]]\nfile = \"people.pem\"\nissues = \"professionals\"\ncrls = {crls:?}\n{PROXY}"
    );
    for crl in crls.iter().filter(|crl| !crl.contains("://")) {
        installation.write(crl, "not published yet");
    }
    installation.append(SETTINGS, &cards);
    portal_takes_cards(&installation, "paca", "");
    installation
}

#[test]
fn an_operator_sees_whose_lists_there_are_how_old_and_whether_they_are_believed() {
    let authority = Authority::root(Spec::authority("AC PERSONNES"));
    let other = Authority::root(Spec::authority("AC ANCIENNE"));
    let address = "http://lists.example/people.crl";
    let crls = ["good.crl", "old.crl", "broken.crl", address];
    let installation = with_lists(&authority, &crls);
    let bundle = authority.to_pem() + &other.to_pem();
    installation.write("people.pem", &bundle);
    let write = |name: &str, list: Vec<u8>| fs::write(installation.path().join(name), list).unwrap();
    let lasting = CrlSpec::new(at("2020-01-01T00:00:00Z"), at("2120-01-01T00:00:00Z"));
    let revoked = [1, 2].map(|serial| Revoked::new(&[serial], at("2020-01-01T00:00:00Z")));
    write("good.crl", authority.crl(&lasting, &revoked));
    let past = CrlSpec::new(at("2021-01-01T00:00:00Z"), at("2021-01-02T00:00:00Z"));
    write("old.crl", other.crl(&past, &[]));
    let file = installation.file();
    let ran = portique(&["--config", file.to_str().unwrap(), "cards", "lists"]);
    assert!(!ran.ok, "one of the two has only a list that is over");
    assert!(ran.err.contains("wanting of: AC ANCIENNE;"), "{}", ran.err);
    let lines: Vec<_> = ran.out.lines().collect();
    let [good, old, broken, fetched, summary] = lines[..] else {
        panic!("{}", ran.out);
    };
    for (line, parts) in [
        (
            good,
            &[
                "believed ",
                "AC PERSONNES",
                "revoked 2 ",
                "issued 2020-01-01T00:00:00Z",
                "next update 2120-01-01T00:00:00Z",
                "good.crl",
            ][..],
        ),
        (
            old,
            &[
                "not believed ",
                "AC ANCIENNE",
                "revoked 0 ",
                "next update 2021-01-02T00:00:00Z",
            ],
        ),
        (
            broken,
            &[
                "not believed ",
                "nobody's yet",
                "issued - ",
                "broken.crl",
                "it is no list of revoked certificates",
            ],
        ),
        (fetched, &["not believed ", "nobody's yet", address]),
    ] {
        assert!(parts.iter().all(|part| line.contains(part)), "{line} {parts:?}");
    }
    assert!(good.starts_with("believed "), "{good}");
    assert_eq!(summary, "4 lists, 3 of them not believed");
    let folder = installation.path().join("cards");
    assert!(!folder.exists(), "it writes nothing");
}

#[test]
fn where_no_cards_are_taken_the_command_says_so() {
    let installation = Installation::new("sqlite:///nowhere/portique.db?mode=rwc");
    let file = installation.file();
    let ran = portique(&["--config", file.to_str().unwrap(), "cards", "lists"]);
    assert!(!ran.ok);
    assert!(ran.err.contains("has no [cards]"), "{}", ran.err);
}

async fn lists_are_fetched_by_way_of_the_proxy_that_is_configured(database: TestDatabase) {
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let installation = Installation::new(&database.url());
    take_cards(&installation, "normandie", "");
    let address = proxy.local_addr().unwrap();
    installation.replace(
        SETTINGS,
        "folder = \"cards\"",
        &format!("folder = \"cards\"\nfetch_proxy = \"http://{address}\""),
    );
    let source = "http://lists.example/people.crl";
    installation.replace(
        SETTINGS,
        "file = \"root.pem\"",
        &format!("file = \"root.pem\"\ncrls = [\"{source}\"]"),
    );
    let app = App::start_from(database, installation, false).await;
    let (stream, _) = proxy.accept().await.unwrap();
    let mut asked = String::new();
    BufReader::new(stream).read_line(&mut asked).await.unwrap();
    assert_eq!(asked, format!("GET {source} HTTP/1.1\r\n"));
    drop(app);
}
