//! Cards that a reverse proxy hands on in a header: whose word is taken, for what, in which formats.

use std::net::SocketAddr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::session::SignInAnswer;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::cards::{NUMBER, numbered, start};
use crate::support::cards::{
    CARD_HOST, HEADER, WordsJudge, answer, begin, go, header, installation_takes_cards, portal_takes_cards,
    show,
};
use crate::support::{App, Browser, Installation};

on_each_database!(
    each_format_is_read,
    a_header_from_who_is_no_proxy_is_refused_and_written_down,
    a_header_from_who_is_no_proxy_is_written_down_without_a_ceremony_too_but_not_for_ever,
    a_proxy_that_lets_its_clients_header_through_is_not_believed,
    on_the_portals_listener_the_header_says_nothing,
    the_host_that_asks_for_cards_answers_nothing_else,
    what_is_no_page_of_its_own_is_shown_no_card,
);

/// Normandie takes cards from a proxy as these lines of `[cards.proxy]` say.
async fn behind(database: TestDatabase, proxy: &str) -> App {
    let installation = Installation::new(&database.url());
    installation_takes_cards(
        &installation,
        &format!("[cards.proxy]\nlisten = \"127.0.0.1:0\"\n{proxy}\n"),
    );
    portal_takes_cards(&installation, "normandie", "");
    App::start_judging(database, installation, Arc::new(WordsJudge)).await
}

fn address(app: &App) -> SocketAddr {
    app.card_proxy_address.expect("it listens")
}

async fn token(browser: &Browser<'_>, headers: &[(&'static str, &str)]) -> String {
    let ceremony = begin(browser, paths::CARD_SIGN_IN).await;
    go(browser.app(), &ceremony, headers).await.token()
}

async fn each_format_is_read(database: TestDatabase) {
    let base64 = STANDARD.encode(NUMBER);
    let pem = format!("-----BEGIN CERTIFICATE----- {base64} -----END CERTIFICATE----- ");
    let escaped = format!("-----BEGIN%20CERTIFICATE-----%0A{base64}%0A-----END%20CERTIFICATE-----%0A");
    let database = Arc::new(database);
    let mut first = true;
    for (format, name, value) in [
        ("rfc9440", "client-cert", format!(":{base64}:")),
        ("nginx", HEADER, escaped),
        ("apache", HEADER, pem),
        ("haproxy", HEADER, base64.clone()),
    ] {
        let installation = Installation::new(&database.url());
        let proxy = format!(
            "[cards.proxy]\nlisten = \"127.0.0.1:0\"\nfrom = [\"127.0.0.0/8\"]\nformat = \"{format}\"\n"
        );
        installation_takes_cards(&installation, &proxy);
        portal_takes_cards(&installation, "normandie", "");
        let app = App::start_judging(Arc::clone(&database), installation, Arc::new(WordsJudge)).await;
        if std::mem::take(&mut first) {
            numbered(&app, |_| {}).await;
        }
        let browser = app.browser("normandie");
        let shown = token(&browser, &[(name, &value)]).await;
        let signed: SignInAnswer = answer(&browser, paths::CARD_SIGN_IN_ANSWER, &shown).await.ok();
        assert!(matches!(signed, SignInAnswer::SignedIn(_)), "{format}");
        let shown = token(&browser, &[(name, "nonsense")]).await;
        let refused = answer(&browser, paths::CARD_SIGN_IN_ANSWER, &shown).await;
        refused.refused(403, ErrorCode::CardUnreadable);
    }
}

async fn a_header_from_who_is_no_proxy_is_refused_and_written_down(database: TestDatabase) {
    let app = behind(database, "from = [\"10.0.0.0/8\"]\nformat = \"haproxy\"").await;
    numbered(&app, |_| {}).await;
    let browser = app.browser("normandie");
    // Where a request says that it comes from counts for nothing here.
    let spoofed = [
        (HEADER, header(NUMBER)),
        ("x-forwarded-for", "10.0.0.1".to_owned()),
    ];
    let spoofed = spoofed.each_ref().map(|(name, value)| (*name, value.as_str()));
    let shown = token(&browser, &spoofed).await;
    let refused = answer(&browser, paths::CARD_SIGN_IN_ANSWER, &shown).await;
    refused.refused(403, ErrorCode::CardUnreadable);
    assert_eq!(app.results_of("sign_in").await, ["card_spoofed_header"]);
    let shown = token(&browser, &[(HEADER, " ")]).await;
    let refused = answer(&browser, paths::CARD_SIGN_IN_ANSWER, &shown).await;
    refused.refused(403, ErrorCode::CardNotPresented);
}

async fn a_header_from_who_is_no_proxy_is_written_down_without_a_ceremony_too_but_not_for_ever(
    database: TestDatabase,
) {
    let app = behind(database, "from = [\"10.0.0.0/8\"]\nformat = \"haproxy\"").await;
    let spoofed = header(NUMBER);
    for _ in 0..121 {
        let shown = go(&app, "/card/normandie/00", &[(HEADER, &spoofed)]).await;
        assert_eq!(shown.token(), "-");
    }
    let results = app.results_of("sign_in").await;
    assert_eq!(
        results.len(),
        120,
        "no more than ceremonies are begun in a minute"
    );
    assert!(results.iter().all(|result| result == "card_spoofed_header"));
}

async fn a_proxy_that_lets_its_clients_header_through_is_not_believed(database: TestDatabase) {
    let app = start(database, "").await;
    numbered(&app, |_| {}).await;
    let browser = app.browser("normandie");
    let (one, other) = (header(NUMBER), header("10000000074"));
    let shown = token(&browser, &[(HEADER, &one), (HEADER, &other)]).await;
    let refused = answer(&browser, paths::CARD_SIGN_IN_ANSWER, &shown).await;
    refused.refused(403, ErrorCode::CardUnreadable);
    assert_eq!(app.results_of("sign_in").await, ["card_spoofed_header"]);
}

async fn on_the_portals_listener_the_header_says_nothing(database: TestDatabase) {
    let app = start(database, "").await;
    numbered(&app, |_| {}).await;
    let browser = app.browser("normandie");
    let ceremony = begin(&browser, paths::CARD_SIGN_IN).await;
    for host in [CARD_HOST, "normandie.example", "aura.example", "paca.example"] {
        let request = app.http.get(format!("http://{}{ceremony}", app.address));
        let request = request.header("host", host).header(HEADER, header(NUMBER));
        let answered = request.send().await.unwrap();
        assert_ne!(answered.status().as_u16(), 303, "{host}");
        let request = app.http.get(format!("http://{}{}", app.address, paths::SESSION));
        let request = request.header("host", host).header(HEADER, header(NUMBER));
        let state = request.send().await.unwrap().text().await.unwrap();
        let nobody = if host == CARD_HOST {
            "unknown_portal"
        } else {
            "anonymous"
        };
        assert!(state.contains(nobody), "{host}: {state}");
    }
    assert_eq!(
        show(&app, &ceremony, NUMBER).await.len(),
        64,
        "nobody showed it before"
    );
}

async fn the_host_that_asks_for_cards_answers_nothing_else(database: TestDatabase) {
    let app = start(database, "").await;
    for path in [
        "/",
        paths::SESSION,
        paths::PORTAL,
        "/sign-in",
        "/card",
        "/card/",
        "/card/a",
        "/card/a/b/c",
        "/card/%ff/b",
        // No portal's name, and that of one which takes no cards here.
        "/card/a/b",
        "/card/paca/b",
        "/favicon.svg",
    ] {
        assert_eq!(go(&app, path, &[]).await.status, 404, "{path}");
    }
    let browser = app.browser("normandie");
    let ceremony = begin(&browser, paths::CARD_SIGN_IN).await;
    for method in [reqwest::Method::HEAD, reqwest::Method::POST] {
        let request = app
            .http
            .request(method.clone(), format!("http://{}{ceremony}", address(&app)));
        let request = request.header("host", CARD_HOST).header(HEADER, header(NUMBER));
        assert_eq!(request.send().await.unwrap().status().as_u16(), 405, "{method}");
    }
    assert_eq!(show(&app, &ceremony, NUMBER).await.len(), 64);
}

async fn what_is_no_page_of_its_own_is_shown_no_card(database: TestDatabase) {
    let app = start(database, "").await;
    let browser = app.browser("normandie");
    let ceremony = begin(&browser, paths::CARD_SIGN_IN).await;
    let card = header(NUMBER);
    for hidden in [
        [("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")],
        [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")],
        [("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")],
    ] {
        let headers = [hidden[0], hidden[1], (HEADER, card.as_str())];
        assert_eq!(go(&app, &ceremony, &headers).await.status, 403);
    }
    let page = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
        ("sec-fetch-site", "cross-site"),
        (HEADER, card.as_str()),
    ];
    assert_eq!(go(&app, &ceremony, &page).await.token().len(), 64);
}
