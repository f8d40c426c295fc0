use portique_domain::account::{Civility, Privilege, Privileges};
use portique_shared::api::account::AccountView;
use portique_shared::api::page::{PageView, ServiceView};
use portique_shared::api::paths;
use portique_shared::api::portal::{PasswordChangeEntry, PortalView, SignInShape};
use portique_shared::api::problem::ErrorCode;
use portique_shared::types::{EmailAddress, NationalId, PhoneNumber};
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::{Value, json};

use crate::support::{App, Installation, PASSWORD};

on_each_database!(
    each_person_sees_the_services_that_are_for_them,
    the_account_shows_the_whole_record,
    an_account_with_little_in_it_shows_what_it_has,
    each_portal_shows_its_guides_shape,
    a_portal_shows_nothing_that_is_not_for_the_public,
    the_portals_pages_are_there_in_both_languages,
);

async fn services(app: &App, preset: &str, identifier: &str) -> Vec<String> {
    let browser = app.browser(preset);
    browser.sign_in_fully(identifier, PASSWORD).await;
    let services: Vec<ServiceView> = browser.get(paths::SERVICES).await.ok();
    assert!(services.iter().all(|service| service.picture.starts_with('/')));
    assert!(
        services
            .iter()
            .all(|service| service.address.starts_with("https://"))
    );
    services.into_iter().map(|service| service.name.fr).collect()
}

async fn each_person_sees_the_services_that_are_for_them(database: TestDatabase) {
    let app = App::start(database).await;
    for (identifier, profession, privilege) in [
        ("nurse", Some("Infirmier"), None),
        ("doctor", Some("MEDECIN"), None),
        ("manager", Some("Infirmier"), Some(Privilege::Administrator)),
        ("unknown", None, None),
    ] {
        let mut account = app.draft("neutral", identifier).await;
        account.record.profession = profession.map(str::to_owned);
        account.record.privileges = Privileges::new(privilege);
        app.insert(&account).await;
    }
    let everybodys = services(&app, "neutral", "nurse").await;
    assert!(!everybodys.is_empty());
    assert!(!everybodys.contains(&"Prescription".to_owned()));
    assert!(!everybodys.contains(&"Urgences".to_owned()));
    assert_eq!(services(&app, "neutral", "unknown").await, everybodys);
    let doctors = services(&app, "neutral", "doctor").await;
    assert!(
        doctors.contains(&"Prescription".to_owned()),
        "«MEDECIN» is «Médecin»"
    );
    assert_eq!(doctors.len(), everybodys.len() + 1);
    let managers = services(&app, "neutral", "manager").await;
    assert!(managers.contains(&"Urgences".to_owned()));
    assert_eq!(managers.len(), everybodys.len() + 1);
}

async fn the_account_shows_the_whole_record(database: TestDatabase) {
    let app = App::start(database).await;
    let mut account = app.draft("paca", "jeanne.lefevre").await;
    account.record.rescue_email = Some(EmailAddress::parse("jeanne@maison.fr").unwrap());
    account.record.rescue_phone = Some(PhoneNumber::parse("+33612345678").unwrap());
    account.record.civility = Some(Civility::Doctor);
    account.record.profession = Some("Médecin".into());
    account.record.national_id = Some(NationalId::parse("10003456786").unwrap());
    account.record.privileges = Privileges::new([Privilege::PatientData]);
    app.insert(&account).await;
    let browser = app.browser("paca");
    let session = browser.sign_in_fully("jeanne.lefevre", PASSWORD).await;
    assert_eq!(session.person.display_name, "Dr Jeanne LEFÈVRE");
    assert!(session.person.privileged);
    let answer = browser.get(paths::ACCOUNT).await;
    assert_eq!(
        answer.ok::<Value>(),
        json!({
            "identifier": "jeanne.lefevre",
            "email": "jeanne.lefevre@example.org",
            "rescue_email": "jeanne@maison.fr",
            "rescue_phone": "+33612345678",
            "civility": "Dr",
            "given_name": "Jeanne",
            "family_name": "Lefèvre",
            "profession": "Médecin",
            "national_id": { "kind": "rpps", "number": "10003456786" },
            "privileged": true,
            "password_changed_at": "2026-01-05T08:00:00Z",
        })
    );
}

async fn an_account_with_little_in_it_shows_what_it_has(database: TestDatabase) {
    let app = App::start(database).await;
    let mut account = app.draft("paca", "j-7").await;
    account.record.given_name.clear();
    account.record.family_name.clear();
    app.insert(&account).await;
    let browser = app.browser("paca");
    let session = browser.sign_in("J-7", PASSWORD).await.signed_in();
    assert_eq!(session.person.display_name, "j-7");
    let view: AccountView = browser.get(paths::ACCOUNT).await.ok();
    assert_eq!(
        (view.civility, view.profession, view.national_id),
        (None, None, None)
    );
    assert_eq!(
        (view.rescue_email, view.rescue_phone, view.privileged),
        (None, None, false)
    );
}

async fn each_portal_shows_its_guides_shape(database: TestDatabase) {
    let app = App::start(database).await;
    let expected = [
        ("neutral", SignInShape::Card, PasswordChangeEntry::Account),
        ("paca", SignInShape::Frame, PasswordChangeEntry::Padlock),
        ("normandie", SignInShape::Columns, PasswordChangeEntry::Account),
        ("aura", SignInShape::Tabs, PasswordChangeEntry::Account),
    ];
    for (preset, shape, entry) in expected {
        let portal: PortalView = app.browser(preset).get(paths::PORTAL).await.ok();
        assert_eq!(portal.name, preset);
        assert_eq!(portal.sign_in.shape, shape);
        assert_eq!(portal.password_change.entry, entry);
        assert!(!portal.sign_in.ways.is_empty());
        assert!(
            portal.support.phone_link.starts_with("+33"),
            "{}",
            portal.support.phone_link
        );
        assert!(!portal.demo);
        let slugs: Vec<_> = portal.pages.iter().map(|page| page.slug.as_str()).collect();
        assert_eq!(slugs, ["legal-notice", "contacts"]);
        let texts = [&portal.title, &portal.services_title, &portal.sign_in.heading];
        assert!(texts.iter().all(|text| !text.fr.is_empty() && text.en.is_some()));
    }
}

async fn a_portal_shows_nothing_that_is_not_for_the_public(database: TestDatabase) {
    let app = App::start(database).await;
    for preset in Installation::PRESETS {
        let answer = app.browser(preset).get(paths::PORTAL).await;
        for hidden in [
            "context_words",
            "sender",
            "services\":",
            "privileged",
            "hosts",
            "public_url",
        ] {
            assert!(!answer.text().contains(hidden), "{preset}: {hidden}");
        }
    }
}

async fn the_portals_pages_are_there_in_both_languages(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    let page = "[pages.help]\ntitle = { fr = \"Aide\" }\n[pages.help.text]\nfr = \"\"\"\n\
        **Aide**\n\n<script>alert(1)</script>\n\n[lien](https://example.org)\n\n[piège](javascript:alert(1))\n\"\"\"";
    installation.append("portals/paca.toml", page);
    let app = App::start_from(database, installation, false).await;
    for preset in Installation::PRESETS {
        let browser = app.browser(preset);
        let portal: PortalView = browser.get(paths::PORTAL).await.ok();
        for link in portal.pages.iter().filter(|link| link.slug != "help") {
            let page: PageView = browser.get(&format!("{}/{}", paths::PAGES, link.slug)).await.ok();
            assert_eq!(page.title, link.title);
            assert!(page.html.fr.contains("<p>"), "{preset} {}", link.slug);
            assert!(
                page.html.en.is_some_and(|html| html.contains("<p>")),
                "{preset} {}",
                link.slug
            );
        }
    }
    let page: PageView = app.browser("paca").get("/api/pages/help").await.ok();
    let html = page.html.fr;
    assert!(html.contains("<strong>Aide</strong>") && html.contains("<a href=\"https://example.org\">"));
    assert!(
        !html.contains("<script") && !html.contains("\"javascript:"),
        "{html}"
    );
    let elsewhere = app.browser("aura").get("/api/pages/help").await;
    elsewhere.refused(404, ErrorCode::NotFound);
}
