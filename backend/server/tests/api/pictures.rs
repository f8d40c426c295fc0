//! Pictures of services that the operator added.

use portique_shared::api::page::ServiceView;
use portique_shared::api::paths;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::support::{App, Installation, PASSWORD};

on_each_database!(a_picture_beside_the_portals_file_is_shown_and_kept_for_ever);

const SERVICE: &str = "[[services]]\nname = { fr = \"Garde\" }\nwords = { fr = \"Les gardes\" }\npicture = \"NAME\"\n\
    address = \"https://garde.example\"\n";
const PICTURE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";

fn with_picture(installation: &Installation, name: &str) {
    installation.append("portals/paca.toml", &SERVICE.replace("NAME", name));
}

async fn a_picture_beside_the_portals_file_is_shown_and_kept_for_ever(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    installation.write("portals/garde.svg", PICTURE);
    with_picture(&installation, "garde.svg");
    let app = App::start_from(database, installation, false).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    let services: Vec<ServiceView> = browser.get(paths::SERVICES).await.ok();
    let picture = browser.get(&services[0].picture).await;
    assert_eq!((picture.status, picture.text()), (200, PICTURE));
    assert_eq!(picture.header("content-type"), "image/svg+xml");
    assert!(picture.header("cache-control").contains("immutable"));
    assert!(
        picture
            .header("content-security-policy")
            .starts_with("default-src 'none'")
    );
    let elsewhere = app.browser("normandie").get(&services[0].picture).await;
    assert_eq!(elsewhere.status, 404, "another portal has it not");
}

#[test]
fn a_picture_that_is_none_is_refused_when_the_settings_are_read() {
    for (name, told) in [
        ("absent.svg", "expected a readable file"),
        ("garde.exe", "expected a .svg"),
    ] {
        let installation = Installation::new("sqlite:///nowhere/portique.db?mode=rwc");
        with_picture(&installation, name);
        let errors = installation
            .read()
            .err()
            .map(|errors| errors.to_string())
            .unwrap_or_default();
        assert!(
            errors.contains("services.0.picture") && errors.contains(told),
            "{errors}"
        );
    }
}
