//! A good configuration is read as it is meant.

use portique_domain::portal::PortalName;
use portique_server::config::Config;

use crate::support::Installation;

fn good() -> Installation {
    Installation::new("sqlite:///nowhere/portique.db?mode=rwc")
}

fn read(installation: &Installation) -> Config {
    installation.read().unwrap_or_else(|errors| panic!("{errors}"))
}

#[test]
fn every_preset_is_good_as_it_is() {
    let config = read(&good());
    let names: Vec<_> = config
        .sites
        .iter()
        .map(|site| site.portal.name.to_string())
        .collect();
    assert_eq!(names, ["aura", "neutral", "normandie", "paca"]);
    for site in config.sites.iter() {
        assert!(
            !site.services.is_empty() && site.pages.len() >= 2,
            "{}",
            site.portal.name
        );
        assert!(!site.portal.context_words.is_empty());
        let second_factor = &site.portal.second_factor;
        assert!(!second_factor.always && second_factor.remembered.is_none());
        assert!(site.pages.values().all(|page| page.html.en.is_some()));
    }
}

#[test]
fn a_portals_file_outweighs_its_preset_key_by_key() {
    let installation = good();
    let own = "title = { fr = \"Portail du Sud\" }\nservices = []\ncontext_words = [\"sud\"]\n\
        [colours]\nprimary = \"#004000\"\nprimary_dark = \"#90e0a0\"\n[password]\nmin_length = 12\n[session]\nidle_minutes = 10\n\
        [support]\nphone = \"04 98 08 00 81\"";
    installation.append("portals/paca.toml", own);
    let config = read(&installation);
    let site = config.sites.by_name(&PortalName::parse("paca").unwrap()).unwrap();
    assert!(site.services.is_empty(), "a list replaces the preset's");
    assert_eq!(site.portal.context_words, ["sud"]);
    assert_eq!(site.portal.title.fr, "Portail du Sud");
    assert_eq!(site.portal.colour, "#004000");
    assert_eq!(site.portal.title.en, None, "no other portal's English beside it");
    assert!(site.css.contains("#004000") && site.css.contains("#90e0a0"));
    assert_eq!(
        (site.portal.policy.min_length, site.portal.policy.min_digits),
        (12, 1)
    );
    assert_eq!(site.portal.sessions.idle.as_secs(), 600);
    assert_eq!(site.portal.sessions.absolute.as_secs(), 4 * 3_600);
    assert_eq!(site.portal.support.email.as_str(), "ror@ies-sud.fr");
    assert_eq!(site.view.support.phone_link, "+33498080081");
    let untouched = config.sites.by_name(&PortalName::parse("aura").unwrap()).unwrap();
    assert!(!untouched.services.is_empty());
}

#[test]
fn a_portals_file_takes_away_what_its_preset_offers() {
    let installation = good();
    let aura = "[recovery]\naccount_request = false\nfirst_connection = false\n\
        [recovery.identifier]\ncaptcha = \"none\"\n[recovery.password.screen]\ncaptcha = \"none\"";
    installation.append("portals/aura.toml", aura);
    let normandie = "[password_change]\ncaptcha = \"none\"\n[recovery]\nidentifier = false\n\
        [recovery.password]\nmasked_domains = {}";
    installation.append("portals/normandie.toml", normandie);
    installation.append("portals/paca.toml", "[recovery]\npassword = false");
    let config = read(&installation);
    let named = |name| config.sites.by_name(&PortalName::parse(name).unwrap()).unwrap();
    let (aura, view) = (&named("aura").portal.recovery, &named("aura").view.recovery);
    assert!(aura.account_request.is_none() && view.account_request.is_none());
    assert!(aura.first_connection.is_none() && view.first_connection.is_none());
    assert_eq!(aura.identifier.unwrap().captcha, None);
    assert_eq!(view.identifier.as_ref().unwrap().captcha, None);
    assert_eq!(aura.password.as_ref().unwrap().offer.captcha, None);
    let normandie = &named("normandie").portal;
    assert_eq!(normandie.change_captcha, None);
    assert!(normandie.recovery.identifier.is_none());
    let password = normandie.recovery.password.as_ref().unwrap();
    assert!(password.masked_domains.is_empty() && password.offer.captcha.is_some());
    let paca = &named("paca").portal.recovery;
    assert!(paca.password.is_none() && paca.identifier.is_some());
}

#[test]
fn two_portals_may_start_from_one_preset() {
    let installation = good();
    let second = "preset = \"paca\"\nname = \"corse\"\nhosts = [\"corse.example\", \"www.corse.example\"]\n\
        public_url = \"https://corse.example/\"\n";
    installation.write("portals/corse.toml", second);
    let config = read(&installation);
    let corse = config.sites.by_host("WWW.Corse.example:443").unwrap();
    assert_eq!(corse.portal.name.as_str(), "corse");
    assert_eq!(
        corse.portal.public_url, "https://corse.example",
        "without the slash at its end"
    );
    assert_eq!(config.sites.iter().count(), 5);
}

#[test]
fn a_secret_can_come_from_a_file_beside_the_settings() {
    let installation = good();
    installation.write("key", &format!("{}\r\n", "ab".repeat(32)));
    installation.write("url", "postgres://portique:s3cret@db/portique\n");
    installation.write("pepper", "  with spaces around  \n");
    installation.replace(
        "portique.toml",
        &format!("key = \"{}\"", "5e".repeat(32)),
        "key = { file = \"key\" }",
    );
    let url = "\"sqlite:///nowhere/portique.db?mode=rwc\"";
    installation.replace("portique.toml", url, "{ file = \"url\" }");
    installation.append("portique.toml", "pepper = { file = \"pepper\" }");
    let config = read(&installation);
    assert_eq!(config.database_url, "postgres://portique:s3cret@db/portique");
    assert_eq!(config.pepper.as_deref(), Some("  with spaces around  "));
}

#[test]
fn a_demo_may_be_reached_in_clear_from_elsewhere_and_nothing_else_may() {
    let installation = Installation::demo("sqlite:///nowhere/portique.db?mode=rwc");
    installation.replace("portals/paca.toml", "https://", "http://");
    assert!(read(&installation).is_demo());
    let installation = good();
    installation.replace(
        "portals/paca.toml",
        "https://paca.example",
        "http://paca.localhost:8080",
    );
    installation.replace("portals/paca.toml", "\"paca.example\"", "\"paca.localhost\"");
    assert!(
        !read(&installation).is_demo(),
        "this machine itself is no network"
    );
}

#[test]
fn a_configuration_shown_for_debugging_keeps_its_secrets() {
    let installation = good();
    installation.append("portique.toml", "pepper = \"kept elsewhere\"");
    let config = read(&installation);
    for shown in [format!("{config:?}"), format!("{:?}", config.settings)] {
        for secret in ["5e5e5e", "kept elsewhere", "nowhere/portique.db"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
