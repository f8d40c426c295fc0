use jiff::Timestamp;
use portique_domain::account::{AccountStatus, PasswordState};
use portique_domain::use_cases::provision::{NewPerson, create_accounts};
use portique_server::application::Application;
use portique_shared::Language;
use portique_shared::api::paths;
use portique_shared::api::portal::PortalView;
use portique_shared::api::problem::ErrorCode;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::{Value, json};

use crate::support::{App, Installation, NEW_PASSWORD, PASSWORD, eventually, surroundings};

on_each_database!(
    the_sample_accounts_open_on_every_portal,
    an_invitation_brings_a_person_from_the_mail_to_the_portal,
    the_confirmation_arrives_in_the_language_of_the_page,
    the_demos_clock_can_be_turned,
    outside_the_demo_none_of_it_exists,
    a_server_that_is_no_demo_refuses_to_keep_its_mails,
    a_demo_refuses_to_send_real_mails,
);

/// The messages kept, the oldest first.
async fn messages(app: &App) -> Vec<Value> {
    app.browser("neutral").get("/demo/messages").await.ok()
}

async fn the_sample_accounts_open_on_every_portal(database: TestDatabase) {
    let app = App::demo(database).await;
    for preset in Installation::PRESETS {
        for (identifier, password, privileged, first) in [
            ("premiere.connexion", "Provisoire#2026", false, true),
            ("praticien", "Portique#2026", false, false),
            ("administrateur", "Portique#2026", true, false),
            ("mobile", "Portique#2026", true, false),
        ] {
            let session = app.browser(preset).sign_in_fully(identifier, password).await;
            assert_eq!(session.last_sign_in_at.is_none(), first, "{identifier}");
            assert_eq!(session.person.privileged, privileged, "{identifier}");
            assert_eq!(session.password_change_required, first, "{identifier}");
        }
        let portal: PortalView = app.browser(preset).get(paths::PORTAL).await.ok();
        assert!(portal.demo);
    }
}

async fn an_invitation_brings_a_person_from_the_mail_to_the_portal(database: TestDatabase) {
    let app = App::demo(database).await;
    let person = NewPerson {
        record: portique_domain::testing::record("nouvelle.venue"),
        language: Language::Fr,
    };
    let config = app.installation.read().unwrap();
    let portals = config.sites.portals();
    let paca = portals
        .iter()
        .find(|portal| portal.name.as_str() == "paca")
        .unwrap();
    create_accounts(&app.tools, paca, &[person]).await.unwrap();
    let mail = eventually("the invitation", async || messages(&app).await.into_iter().next()).await;
    let keys: Vec<_> = mail.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["at", "channel", "html", "portal", "subject", "text", "to"]);
    assert_eq!(mail["portal"], "paca");
    assert_eq!(mail["channel"], "mail");
    assert_eq!(mail["to"], "jeanne.lefevre@example.org");
    assert!(mail["at"].as_str().unwrap().parse::<Timestamp>().is_ok());
    let text = mail["text"].as_str().unwrap();
    assert!(
        text.contains("nouvelle.venue") && text.contains("https://paca.example"),
        "{text}"
    );
    assert!(text.contains("ror@ies-sud.fr"), "the support stands in it");
    let password = provisional_password(text);
    let browser = app.browser("paca");
    let session = browser.sign_in("nouvelle.venue", password).await.signed_in();
    assert!(session.password_change_required);
    let changed = browser
        .change_password("nouvelle.venue", password, NEW_PASSWORD)
        .await;
    assert!(!changed.signed_in().password_change_required);
    let trail = app.results_of("provisional_password_made").await;
    assert_eq!(trail, ["success"], "one mail, one invitation");
}

/// The word of three groups of five, as the rules make it.
fn provisional_password(text: &str) -> &str {
    let mut words = text.split_whitespace();
    let found = words.find(|word| {
        let groups: Vec<&str> = word.split('-').collect();
        groups.len() == 3 && groups.iter().all(|group| group.len() == 5)
    });
    found.unwrap_or_else(|| panic!("no provisional password in {text}"))
}

async fn the_confirmation_arrives_in_the_language_of_the_page(database: TestDatabase) {
    let app = App::demo(database).await;
    for (identifier, language, words) in [("praticien", "fr", "mot de passe"), ("mobile", "en", "password")] {
        let browser = app.browser("normandie");
        browser.sign_in_fully(identifier, "Portique#2026").await;
        let body = json!({
            "identifier": identifier, "current_password": "Portique#2026",
            "new_password": NEW_PASSWORD, "confirmation": NEW_PASSWORD,
        });
        let request = browser.request(reqwest::Method::PUT, paths::PASSWORD);
        let request = request.header("accept-language", language).json(&body);
        browser.send(request).await.signed_in();
        // Normandie shows a masked address; the account's own is the one that it shows.
        let to = format!("{identifier}@normand-esante.fr");
        let mail = eventually("the confirmation", async || {
            let mut kept = messages(&app).await.into_iter();
            // Its code went to another address.
            kept.find(|mail| mail["to"] == to.as_str())
        })
        .await;
        assert_eq!(mail["portal"], "normandie");
        for part in ["text", "html"] {
            let part = mail[part].as_str().unwrap();
            assert!(part.contains(words), "{part}");
            assert!(part.contains("support@normand-esante.fr"), "{part}");
            assert!(!part.contains(NEW_PASSWORD) && !part.contains("Portique#2026"));
        }
    }
    let browser = app.browser("neutral");
    for (language, heading, moment) in [
        ("fr", "Messages de la démonstration", "(heure de Paris)"),
        ("en", "The demo’s messages", "(Paris time)"),
    ] {
        let request = browser.request(reqwest::Method::GET, "/demo/mailbox");
        let page = browser.send(request.header("accept-language", language)).await;
        assert_eq!(page.status, 200);
        for expected in [
            heading,
            moment,
            "praticien@normand-esante.fr",
            "href=\"https:&#x2f;&#x2f;paca.example\"",
        ] {
            assert!(page.text().contains(expected), "{expected}: {}", page.text());
        }
    }
    let page = browser.get("/demo/mailbox").await;
    assert!(!page.header("content-security-policy").contains("unsafe-inline"));
}

async fn the_demos_clock_can_be_turned(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("paca");
    let before = browser.sign_in("praticien", "Portique#2026").await.signed_in();
    let turned = browser
        .post("/demo/clock", &json!({ "advance_seconds": 1_799 }))
        .await;
    assert_eq!(turned.ok::<Value>(), json!({ "now": "2026-01-05T08:29:59Z" }));
    let session = browser.get(paths::SESSION).await.signed_in();
    assert_eq!(session.now, "2026-01-05T08:29:59Z");
    assert_eq!(session.idle_expires_at, before.idle_expires_at);
    browser
        .post("/demo/clock", &json!({ "advance_seconds": 1 }))
        .await;
    assert!(!browser.is_signed_in().await);
    for body in [
        json!({ "advance_seconds": -1 }),
        json!({}),
        json!({ "advance_seconds": "1" }),
    ] {
        let answer = browser.post("/demo/clock", &body).await;
        answer.refused(400, ErrorCode::InvalidRequest);
    }
    let too_far = browser
        .post("/demo/clock", &json!({ "advance_seconds": 40_000_000 }))
        .await;
    too_far.refused(422, ErrorCode::ValidationFailed);
}

async fn outside_the_demo_none_of_it_exists(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    for path in [
        "/demo/messages",
        "/demo/mailbox",
        "/demo/clock",
        "/demo/cards",
        "/demo/cards/praticienne.p12",
        "/demo",
        "/demo/",
    ] {
        browser.get(path).await.refused(404, ErrorCode::NotFound);
    }
    let clock = browser
        .post("/demo/clock", &json!({ "advance_seconds": 60 }))
        .await;
    assert!(matches!(clock.status, 404 | 405), "{}", clock.status);
    for (identifier, password) in [
        ("praticien", "Portique#2026"),
        ("premiere.connexion", "Provisoire#2026"),
        ("administrateur", "Portique#2026"),
    ] {
        let answer = browser.sign_in(identifier, password).await;
        answer.refused(401, ErrorCode::CredentialsRefused);
    }
    let account = app.create("paca", "jeanne").await;
    assert_eq!(account.status, AccountStatus::Active);
    assert!(matches!(account.password, PasswordState::Definitive { .. }));
    browser.sign_in("jeanne", PASSWORD).await.signed_in();
}

/// Why the program does not start.
async fn refusal(installation: &Installation, demo: bool) -> String {
    let config = installation.read().unwrap();
    let built = Application::build(&config, surroundings().1, demo).await;
    let error = built.err().expect("it does not start");
    format!("{error:#}")
}

async fn a_server_that_is_no_demo_refuses_to_keep_its_mails(database: TestDatabase) {
    let installation = Installation::demo(&database.url());
    for transport in ["demo", "file"] {
        let error = refusal(&installation, false).await;
        assert!(
            error.contains("portique.toml: key `mail.transport`: expected \"smtp\""),
            "{error}"
        );
        let file = "transport = \"file\"";
        if transport == "demo" {
            installation.replace("portique.toml", "transport = \"demo\"", file);
        }
    }
}

async fn a_demo_refuses_to_send_real_mails(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    let error = refusal(&installation, true).await;
    assert!(
        error.contains("key `mail.transport`: expected \"demo\" with --demo"),
        "{error}"
    );
    installation.replace(
        "portique.toml",
        "transport = \"smtp\"\nhost = \"127.0.0.1\"\nport = 9\ntls = \"none\"",
        "transport = \"file\"",
    );
    let error = refusal(&installation, true).await;
    assert!(error.contains("key `mail.transport`"), "{error}");
}
