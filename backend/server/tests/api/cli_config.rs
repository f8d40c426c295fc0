//! `portique check-config`, and what every command says of a configuration that can't be used.

use portique_storage::testing::TestDatabase;

use crate::support::{Installation, portique, portique_with};

const SETTINGS: &str = "portique.toml";
const PACA: &str = "portals/paca.toml";

fn good() -> Installation {
    Installation::new("sqlite:///nowhere/portique.db?mode=rwc")
}

#[test]
fn check_config_tells_what_is_good_and_what_is_not() {
    let installation = good();
    let file = installation.file();
    let file = file.to_str().unwrap();
    let ran = portique(&["--config", file, "check-config"]);
    assert!(ran.ok, "{}", ran.err);
    assert!(
        ran.out.contains("paca: https://paca.example (paca.example)"),
        "{}",
        ran.out
    );
    assert!(ran.out.ends_with("portique.toml: good\n"), "{}", ran.out);
    installation.append(PACA, "time_zone = \"Nowhere\"");
    let ran = portique(&["check-config", "--config", file]);
    assert!(!ran.ok && ran.out.is_empty());
    assert!(
        ran.err
            .contains("paca.toml: key `time_zone`: expected an IANA time zone"),
        "{}",
        ran.err
    );
}

#[test]
fn check_config_refuses_what_serving_would_refuse() {
    for (old, new, expected) in [
        (
            "host = \"127.0.0.1\"",
            "host = \"mail.example.org\"",
            "key `mail.tls`: ",
        ),
        (
            "tls = \"none\"",
            "tls = \"none\"\nca_file = \"gone.pem\"",
            "key `mail.ca_file`: ",
        ),
        (
            "tls = \"none\"",
            "tls = \"none\"\ntimeout_seconds = 0",
            "key `mail.timeout_seconds`: expected 1 to",
        ),
        (
            "tls = \"none\"",
            "tls = \"none\"\nhello_name = \"a b\"",
            "key `mail.hello_name`: ",
        ),
        (
            "transport = \"smtp\"\nhost = \"127.0.0.1\"\nport = 9\ntls = \"none\"",
            "transport = \"file\"",
            "key `mail.transport`: expected \"smtp\"",
        ),
        (
            "transport = \"smtp\"\nhost = \"127.0.0.1\"\nport = 9\ntls = \"none\"",
            "transport = \"demo\"",
            "key `mail.transport`: expected \"smtp\"",
        ),
    ] {
        let installation = good();
        installation.replace(SETTINGS, old, new);
        let ran = portique(&["--config", installation.file().to_str().unwrap(), "check-config"]);
        assert!(!ran.ok, "{expected}");
        assert!(ran.err.contains(expected), "{}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    }
}

#[test]
fn the_environment_outweighs_the_file_and_is_named_when_it_is_wrong() {
    let installation = good();
    let file = installation.file();
    let arguments = ["--config", file.to_str().unwrap(), "check-config"];
    for (name, value, expected) in [
        (
            "PORTIQUE__SERVER__LISTEN",
            "nonsense",
            "environment: key `server.listen`: ",
        ),
        (
            "PORTIQUE__SERVER__HASHING_THREADS",
            "many",
            "environment: key `server.hashing_threads`: ",
        ),
        (
            "PORTIQUE__DATABASE__CONNECTIONS",
            "-1",
            "environment: key `database.connections`: ",
        ),
        ("PORTIQUE__SERVER__NOTHING", "1", "`server.nothing`: unknown key"),
        (
            "PORTIQUE__DEFAULT_PORTAL",
            "bretagne",
            "key `default_portal`: found «bretagne», expected the name of one",
        ),
    ] {
        let ran = portique_with(&arguments, &[(name, value)]);
        assert!(!ran.ok && ran.err.contains(expected), "{name}: {}", ran.err);
    }
    let good = [
        ("PORTIQUE__SERVER__LISTEN", "[::1]:9090"),
        ("PORTIQUE__DEFAULT_PORTAL", "aura"),
        ("PORTIQUE__LOG__FORMAT", "json"),
        ("PORTIQUE__SECRETS__PEPPER", "kept in the environment"),
    ];
    let ran = portique_with(&arguments, &good);
    assert!(ran.ok, "{}", ran.err);
}

#[test]
fn a_text_of_the_environment_may_look_like_a_number_and_a_number_is_read_as_one() {
    let installation = good();
    let file = installation.file();
    let arguments = ["--config", file.to_str().unwrap(), "check-config"];
    for password in ["0123456789", "true", "12.50", "1e3", "-7", "[not, a text]"] {
        let ran = portique_with(
            &arguments,
            &[
                ("PORTIQUE__MAIL__USERNAME", "42"),
                ("PORTIQUE__MAIL__PASSWORD", password),
                ("PORTIQUE__SECRETS__PEPPER", "20260101"),
                ("PORTIQUE__MAIL__PORT", "2525"),
                ("PORTIQUE__MAIL__ALLOW_PLAIN_TEXT", "true"),
                ("PORTIQUE__DATABASE__CONNECTIONS", "12"),
                ("PORTIQUE__SERVER__TRUSTED_PROXIES", "[\"10.0.0.0/8\"]"),
            ],
        );
        let is_text = !password.starts_with('[');
        assert_eq!(ran.ok, is_text, "{password}: {}", ran.err);
        assert!(
            is_text || ran.err.contains("key `mail.password`: expected a text"),
            "{}",
            ran.err
        );
    }
}

#[tokio::test]
async fn a_database_that_can_not_be_opened_is_told_in_one_line() {
    let database = TestDatabase::sqlite().await;
    let folder = database.folder().unwrap().display();
    for (url, expected) in [
        (
            format!("sqlite://{folder}/missing/portique.db?mode=rwc"),
            "does not exist",
        ),
        (
            format!("sqlite://{folder}/other.db"),
            "does not exist (end its address with ?mode=rwc",
        ),
        (
            "mysql://localhost/portique".to_owned(),
            "sqlite:// or postgres://",
        ),
        (
            "postgres://nobody@127.0.0.1:1/none".to_owned(),
            "no PostgreSQL answers at 127.0.0.1:1",
        ),
    ] {
        let installation = Installation::new(&url);
        let ran = portique(&[
            "--config",
            installation.file().to_str().unwrap(),
            "outbox",
            "list",
        ]);
        assert!(!ran.ok && ran.err.contains(expected), "{url}: {}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    }
}
