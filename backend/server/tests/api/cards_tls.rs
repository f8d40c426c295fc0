//! Cards by TLS that ends here, shown by a real client to the configuration's own judge.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use portique_domain::account::Account;
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::session::SignInAnswer;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use portique_test_authority::{Authority, CrlSpec, Issued, Key, KeyKind, Revoked, Spec, unknown_extension};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring::{default_provider, sign::any_supported_type};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio_rustls::rustls::time_provider::TimeProvider;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};

use crate::cards::{NUMBER, numbered};
use crate::support::cards::{CARD_HOST, answer, begin, portal_takes_cards, root};
use crate::support::{App, Browser, Installation};

on_each_database!(
    a_card_signs_in_over_each_version_of_tls,
    whatever_is_shown_reaches_a_page_in_plain_words,
    a_certificate_without_its_key_proves_nothing,
    what_no_handshake_can_be_verified_with_is_named_in_the_trail,
    a_header_beside_tls_is_refused_and_written_down,
    a_renewed_certificate_is_shown_without_a_new_start,
);

const SETTINGS: &str = "portique.toml";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn card() -> Issued {
    root().issue(Spec::professional(&format!("8{NUMBER}"), "LEFEVRE", "Jeanne"))
}

fn revoked_card() -> Issued {
    root().issue(Spec::professional("810000000074", "MARTIN", "Paul"))
}

fn write_server(installation: &Installation, label: &str) {
    let key = Key::of(label, KeyKind::P256);
    let server = root().issue(Spec {
        key,
        ..Spec::server(&[CARD_HOST])
    });
    installation.write("host.pem", &server.chain_pem());
    installation.write("host.key", &server.key.to_pem());
}

async fn start(database: TestDatabase) -> App {
    let installation = Installation::new(&database.url());
    installation.write("root.pem", &root().to_pem());
    let list = CrlSpec::new(at("2026-01-01T00:00:00Z"), at("2026-02-01T00:00:00Z"));
    let revoked = [Revoked::new(&revoked_card().serial, at("2026-01-01T00:00:00Z"))];
    let list = root().crl(&list, &revoked);
    std::fs::write(installation.path().join("root.crl"), list).unwrap();
    write_server(&installation, "server");
    installation.append(
        SETTINGS,
        "[cards]\nfolder = \"cards\"\n[[cards.authorities]]\nfile = \"root.pem\"\nissues = \"professionals\"\n\
         crls = [\"root.crl\"]\n[cards.tls]\nlisten = \"127.0.0.1:0\"\ncertificate = \"host.pem\"\nkey = { file = \"host.key\" }",
    );
    portal_takes_cards(&installation, "normandie", "");
    App::start_from(database, installation, false).await
}

/// What a browser shows: a certificate, and the key that it signs with.
fn shows(card: &Issued, key: &Key) -> Arc<SingleCertAndKey> {
    let chain = [card.certificate.clone()].map(CertificateDer::from).to_vec();
    let key = PrivateKeyDer::try_from(key.to_pkcs8()).unwrap();
    let certified = CertifiedKey::new(chain, any_supported_type(&key).unwrap());
    Arc::new(SingleCertAndKey::from(certified))
}

/// As the program's clock has it, not the machine's.
#[derive(Debug)]
struct Then;

impl TimeProvider for Then {
    fn current_time(&self) -> Option<UnixTime> {
        let then = at("2026-01-05T08:00:00Z").as_second();
        Some(UnixTime::since_unix_epoch(Duration::from_secs(
            u64::try_from(then).ok()?,
        )))
    }
}

fn client(
    shown: Option<Arc<SingleCertAndKey>>,
    versions: &[&'static SupportedProtocolVersion],
) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(root().certificate().to_vec().into()).unwrap();
    let config = ClientConfig::builder_with_details(Arc::new(default_provider()), Arc::new(Then))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots);
    match shown {
        Some(shown) => config.with_client_cert_resolver(shown),
        None => config.with_no_client_auth(),
    }
}

/// Goes there over TLS; gives the answer's head and, in DER, the certificate that the server showed.
async fn go(app: &App, config: ClientConfig, path: &str, header: &str) -> (String, Vec<u8>) {
    let address = app.card_tls_address.expect("it listens");
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from(CARD_HOST).unwrap();
    let connector = TlsConnector::from(Arc::new(config));
    let mut stream = connector.connect(name, stream).await.unwrap();
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: {CARD_HOST}:8443\r\n{header}connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answered = Vec::new();
    stream.read_to_end(&mut answered).await.unwrap();
    let (_, connection) = stream.get_ref();
    let server = connection.peer_certificates().unwrap()[0].to_vec();
    (String::from_utf8(answered).unwrap(), server)
}

/// The answer's token, where the whole way is gone with this configuration.
async fn token(browser: &Browser<'_>, config: ClientConfig, header: &str) -> String {
    let ceremony = begin(browser, paths::CARD_SIGN_IN).await;
    let (answered, _) = go(browser.app(), config, &ceremony, header).await;
    let location = answered
        .lines()
        .find_map(|line| line.strip_prefix("location: "))
        .unwrap_or_else(|| panic!("it goes on nowhere: {answered}"));
    location.split_once('#').unwrap().1.to_owned()
}

async fn person(app: &App) -> Account {
    numbered(app, |_| {}).await
}

async fn a_card_signs_in_over_each_version_of_tls(database: TestDatabase) {
    let app = start(database).await;
    person(&app).await;
    for version in [&TLS12, &TLS13] {
        let browser = app.browser("normandie");
        let shown = Some(shows(&card(), &card().key));
        let token = token(&browser, client(shown, &[version]), "").await;
        let signed: SignInAnswer = answer(&browser, paths::CARD_SIGN_IN_ANSWER, &token).await.ok();
        assert!(matches!(signed, SignInAnswer::SignedIn(_)), "{version:?}");
    }
}

async fn whatever_is_shown_reaches_a_page_in_plain_words(database: TestDatabase) {
    let app = start(database).await;
    let stranger = Authority::root(Spec::authority("AC INCONNUE"));
    let strangers = stranger.issue(Spec::professional(&format!("8{NUMBER}"), "LEFEVRE", "Jeanne"));
    let browser = app.browser("normandie");
    for (shown, status, code) in [
        (None, 403, ErrorCode::CardNotPresented),
        (Some(strangers), 403, ErrorCode::CardUnknownAuthority),
        (Some(revoked_card()), 403, ErrorCode::CardRevoked),
        (Some(card()), 403, ErrorCode::CardUnknown),
    ] {
        for version in [&TLS12, &TLS13] {
            let shown = shown.as_ref().map(|card| shows(card, &card.key));
            let token = token(&browser, client(shown, &[version]), "").await;
            let refused = answer(&browser, paths::CARD_SIGN_IN_ANSWER, &token).await;
            refused.refused(status, code);
        }
    }
}

async fn a_certificate_without_its_key_proves_nothing(database: TestDatabase) {
    let app = start(database).await;
    person(&app).await;
    let browser = app.browser("normandie");
    let other = Key::of("a thief's", KeyKind::P256);
    for version in [&TLS12, &TLS13] {
        let shown = Some(shows(&card(), &other));
        let token = token(&browser, client(shown, &[version]), "").await;
        let refused = answer(&browser, paths::CARD_SIGN_IN_ANSWER, &token).await;
        refused.refused(403, ErrorCode::CardUnreadable);
    }
    assert_eq!(
        app.results_of("sign_in").await,
        ["card_not_proved", "card_not_proved"]
    );
}

async fn what_no_handshake_can_be_verified_with_is_named_in_the_trail(database: TestDatabase) {
    let app = start(database).await;
    person(&app).await;
    let browser = app.browser("normandie");
    let spec = || Spec::professional(&format!("8{NUMBER}"), "LEFEVRE", "Jeanne");
    let weak = root().issue(spec().with_key(KeyKind::Rsa1024));
    let limited = root().issue(Spec {
        extra: vec![unknown_extension(true, 8)],
        ..spec()
    });
    // No client of ours signs with so short a key: what counts is that the server verifies nothing with it.
    for (card, key, code) in [
        (&weak, Key::of("any", KeyKind::P256), ErrorCode::CardUnreadable),
        (&limited, limited.key.clone(), ErrorCode::CardWrongUsage),
    ] {
        for version in [&TLS12, &TLS13] {
            let shown = Some(shows(card, &key));
            let token = token(&browser, client(shown, &[version]), "").await;
            let refused = answer(&browser, paths::CARD_SIGN_IN_ANSWER, &token).await;
            refused.refused(403, code);
        }
    }
    assert_eq!(
        app.results_of("sign_in").await,
        [
            "card_weak_key",
            "card_weak_key",
            "card_wrong_usage",
            "card_wrong_usage"
        ]
    );
}

async fn a_header_beside_tls_is_refused_and_written_down(database: TestDatabase) {
    let app = start(database).await;
    person(&app).await;
    let browser = app.browser("normandie");
    let shown = Some(shows(&card(), &card().key));
    let token = token(&browser, client(shown, &[&TLS13]), "client-cert: :MAA=:\r\n").await;
    let refused = answer(&browser, paths::CARD_SIGN_IN_ANSWER, &token).await;
    refused.refused(403, ErrorCode::CardUnreadable);
    assert_eq!(app.results_of("sign_in").await, ["card_spoofed_header"]);
}

async fn a_renewed_certificate_is_shown_without_a_new_start(database: TestDatabase) {
    let app = start(database).await;
    let browser = app.browser("normandie");
    let ceremony = begin(&browser, paths::CARD_SIGN_IN).await;
    let (_, before) = go(&app, client(None, &[&TLS13]), &ceremony, "").await;
    // In the moment between the two files the one before is shown.
    app.installation.write("host.key", "nonsense");
    let (answered, between) = go(&app, client(None, &[&TLS13]), &ceremony, "").await;
    assert_eq!(between, before);
    assert!(answered.starts_with("HTTP/1.1 303 "), "{answered}");
    write_server(&app.installation, "renewed server");
    let (_, after) = go(&app, client(None, &[&TLS13]), &ceremony, "").await;
    assert_ne!(after, before);
}
