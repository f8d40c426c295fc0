//! What is wrong with the settings of cards is told by its key.

use portique_domain::portal::CardStrength;

use crate::support::Installation;
use crate::support::cards::{CARD_HOST, PROXY, installation_takes_cards, portal_takes_cards, root};

const SETTINGS: &str = "portique.toml";

fn good() -> Installation {
    let installation = Installation::new("sqlite:///nowhere/portique.db?mode=rwc");
    installation_takes_cards(&installation, PROXY);
    portal_takes_cards(&installation, "paca", "");
    installation
}

#[track_caller]
fn refused(installation: &Installation, key: &str, expectation: &str) {
    let errors = installation.read().expect_err("it is refused");
    let told = errors.to_string();
    let line = told
        .lines()
        .find(|line| line.contains(&format!("key `{key}`:")))
        .unwrap_or_else(|| panic!("`{key}` is not among them:\n{told}"));
    assert!(line.contains(expectation), "{line}");
}

#[test]
fn cards_behind_a_proxy_and_by_tls_are_taken_as_documented() {
    let installation = good();
    assert!(installation.read().unwrap().cards.is_some());
    let server = root().issue(portique_test_authority::Spec::server(&[CARD_HOST]));
    installation.write("host.pem", &server.chain_pem());
    installation.write("host.key", &server.key.to_pem());
    let tls =
        "[cards.tls]\nlisten = \"127.0.0.1:0\"\ncertificate = \"host.pem\"\nkey = { file = \"host.key\" }";
    installation.append(SETTINGS, tls);
    let cards = installation.read().unwrap().cards.unwrap();
    assert!(cards.tls.is_some() && cards.proxy.is_some());
    installation.write("host.pem", &root().to_pem());
    refused(&installation, "cards.tls.key", "the key of the certificate");
    installation.write("host.pem", "nonsense");
    refused(&installation, "cards.tls.certificate", "PEM");
}

#[test]
fn each_wrong_key_of_the_installation_is_named() {
    for (old, new, key, expectation) in [
        ("folder = \"cards\"\n", "", "cards.folder", "missing"),
        (
            "file = \"root.pem\"",
            "file = \"gone.pem\"",
            "cards.authorities.0.file",
            "readable file",
        ),
        (
            "\"professionals\"",
            "\"everybody\"",
            "cards.authorities.0.issues",
            "professionals, contactless",
        ),
        (
            "issues =",
            "crls = [\"gone.crl\"]\nissues =",
            "cards.authorities.0.crls.0",
            "readable file",
        ),
        (
            "issues =",
            "crls = [\"ftp://a/b.crl\"]\nissues =",
            "cards.authorities.0.crls.0",
            "http://",
        ),
        (
            "issues =",
            "ocsp = \"ocsp.example\"\nissues =",
            "cards.authorities.0.ocsp",
            "address",
        ),
        (
            "issues =",
            "grace = 3\nissues =",
            "cards.authorities.0.grace",
            "unknown key",
        ),
        (
            "folder = \"cards\"",
            "folder = \"cards\"\ngrace_hours = 500",
            "cards.grace_hours",
            "0 to 168",
        ),
        (
            "folder = \"cards\"",
            "folder = \"cards\"\nrefresh_minutes = 0",
            "cards.refresh_minutes",
            "1 to 1440",
        ),
        (
            "folder = \"cards\"",
            "folder = \"cards\"\nfetch_proxy = \"proxy.example:3128\"",
            "cards.fetch_proxy",
            "http://proxy.example:3128",
        ),
        (
            "folder = \"cards\"",
            "folder = \"cards\"\nfetch_proxy = \"http://proxy.example:port\"",
            "cards.fetch_proxy",
            "http://proxy.example:3128",
        ),
    ] {
        let installation = good();
        installation.replace(SETTINGS, old, new);
        refused(&installation, key, expectation);
    }
    let installation = good();
    installation.write("root.pem", "nonsense");
    refused(&installation, "cards.authorities.0.file", "root.pem");
}

#[test]
fn each_wrong_key_of_what_brings_cards_is_named() {
    for (old, new, key, expectation) in [
        (PROXY, "", "cards", "[cards.tls] or [cards.proxy]"),
        (
            "127.0.0.1/32\"]\nformat",
            "nonsense\"]\nformat",
            "cards.proxy.from.0",
            "network",
        ),
        (
            "127.0.0.1/32\"]\nformat",
            "10.0.0.5/32\", \"0.0.0.0/0\"]\nformat",
            "cards.proxy.from.1",
            "the proxies alone",
        ),
        ("listen = \"127.0.0.1:0\"\n", "", "cards.proxy.listen", "missing"),
        (
            "\"haproxy\"",
            "\"haproxy\"\nheader = \"Host\"",
            "cards.proxy.header",
            "X-SSL-Client-Cert",
        ),
        (
            "from = [\"127.0.0.1/32\"]\nformat",
            "from = []\nformat",
            "cards.proxy.from",
            "whose word",
        ),
        (
            "\"haproxy\"",
            "\"haproxy\"\nheader = \"a b\"",
            "cards.proxy.header",
            "header's name",
        ),
        (
            "\"haproxy\"",
            "\"caddy\"",
            "cards.proxy.format",
            "rfc9440, nginx, apache, haproxy",
        ),
    ] {
        let installation = good();
        installation.replace(SETTINGS, old, new);
        refused(&installation, key, expectation);
    }
}

#[test]
fn a_card_counts_as_two_factors_only_where_the_portal_says_so() {
    let strength = |installation: &Installation| {
        let config = installation.read().unwrap();
        let site = config.sites.iter().find(|site| site.portal.card.is_some());
        site.unwrap().portal.card.as_ref().unwrap().counts_as
    };
    let installation = good();
    assert_eq!(strength(&installation), CardStrength::TwoFactors);
    installation.replace("portals/paca.toml", "counts_as = \"two_factors\"\n", "");
    assert_eq!(strength(&installation), CardStrength::OneFactor);
}

#[test]
fn the_published_bundle_of_all_ranges_is_no_one_range() {
    let installation = good();
    let mut drawn = 0;
    let made = portique_test_authority::folder::make(portique_test_authority::folder::Plan {
        into: installation.path().join("made"),
        at: "2026-01-05T08:00:00Z".parse().unwrap(),
        hosts: vec![CARD_HOST.to_owned()],
        url: "http://127.0.0.1:9".to_owned(),
        chance: &mut || {
            drawn += 1;
            [drawn; 32]
        },
    });
    made.unwrap();
    let bundle = "made/authorities/igc-sante-test.p7b";
    let with_bundle = format!("file = \"{bundle}\"");
    installation.replace(SETTINGS, "file = \"root.pem\"", &with_bundle);
    let expected = format!("{bundle}: its authorities stand under several roots (");
    refused(&installation, "cards.authorities.0.file", &expected);
    refused(&installation, "cards.authorities.0.file", "expected those of one");
    let split = "file = \"made/authorities/fort-personnes.pem\"\nissues = \"professionals\"\n\n\
                 [[cards.authorities]]\nfile = \"made/authorities/elementaire-personnes.pem\"\nissues = \"contactless\"\n\n\
                 [[cards.authorities]]\nfile = \"made/authorities/standard-organisations.pem\"\nissues = \"organisations\"\n\n";
    installation.replace(
        SETTINGS,
        &format!("{with_bundle}\nissues = \"professionals\"\n"),
        split,
    );
    let roots = ["fort", "standard", "elementaire"].map(|range| {
        std::fs::read_to_string(
            installation
                .path()
                .join(format!("made/authorities/{range}-racine.pem")),
        )
        .unwrap()
    });
    installation.write("racines.pem", &roots.concat());
    let roots = "[[cards.authorities]]\nfile = \"racines.pem\"\nissues = \"nothing\"\n";
    installation.append(SETTINGS, roots);
    installation.read().unwrap();
}

#[test]
fn each_wrong_key_of_a_portal_is_named() {
    let url = format!("https://{CARD_HOST}");
    for (new, key, expectation) in [
        ("http://carte.example", "card.url", "https://"),
        ("https://carte.example/path", "card.url", "the host"),
        ("carte.example", "card.url", "https://"),
        // Everybody would be asked for a certificate.
        ("https://paca.example", "card.url", "a host or a port of its own"),
    ] {
        let installation = good();
        installation.replace("portals/paca.toml", &url, new);
        refused(&installation, key, expectation);
    }
    let installation = good();
    installation.replace("portals/paca.toml", "\"two_factors\"", "\"three_factors\"");
    refused(&installation, "card.counts_as", "one_factor, two_factors");
    let installation = Installation::new("sqlite:///nowhere/portique.db?mode=rwc");
    portal_takes_cards(&installation, "paca", "");
    refused(&installation, "card", "no [cards]");
    let installation = Installation::new("sqlite:///nowhere/portique.db?mode=rwc");
    installation.append(
        "portals/paca.toml",
        "[sign_in]\nways = [{ kind = \"card\", label = { fr = \"A\", en = \"A\" }, submit = { fr = \"B\", en = \"B\" } }]",
    );
    refused(&installation, "sign_in.ways", "no [card]");
}
