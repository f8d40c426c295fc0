//! `[sms]` in `portique.toml`, and `[second_factor]` of a portal: what is wrong is named.

use crate::support::{Installation, portique};

/// `[sms]` written so, and what is told of it.
fn told(sms: &str) -> String {
    let installation = Installation::new("sqlite::memory:");
    with(&installation, sms);
    let errors = installation.read().err();
    errors.map(|errors| errors.to_string()).unwrap_or_default()
}

fn with(installation: &Installation, sms: &str) {
    let file = std::fs::read_to_string(installation.file()).unwrap();
    let (before, rest) = file.split_once("[sms]").unwrap();
    let (_, after) = rest.split_once("[secrets]").unwrap();
    installation.write("portique.toml", &format!("{before}{sms}\n[secrets]{after}"));
}

const OVH: &str = "[sms]\ngateway = \"ovh\"\n[sms.ovh]\nservice_name = \"sms-ab12345-1\"\napplication_key = \"a\"\n\
    application_secret = \"b\"\nconsumer_key = \"c\"\n";
const TWILIO: &str = "[sms]\ngateway = \"twilio\"\n[sms.twilio]\naccount_sid = \"AC1\"\nauth_token = \"a\"\n";
const HTTP: &str = "[sms]\ngateway = \"http\"\n[sms.http]\nurl = \"https://sms.example/\"\n\
    body = '{\"to\":\"{to}\",\"text\":\"{text}\"}'\n";
const KANNEL: &str = "[sms]\ngateway = \"kannel\"\n[sms.kannel]\nurl = \"https://kannel.example/\"\nusername = \"a\"\n\
    password = \"hush\"\nfrom = \"b\"\n";

#[test]
fn each_gateways_settings_are_taken_as_documented() {
    let number = "from = \"+33700000000\"\n";
    for good in [OVH, &format!("{TWILIO}{number}"), HTTP, KANNEL] {
        assert_eq!(told(good), "", "{good}");
    }
    let headers = "headers = { Authorization = \"Bearer {key}\" }\nsecrets = { key = \"hush\" }\nid_pointer = \"/id\"\n\
        accepted_status = [200]\n[sms.http.reports]\nstate = \"s\"\ndelivered = [\"D\"]\n";
    assert_eq!(told(&format!("{HTTP}{headers}")), "");
}

#[test]
fn what_is_wrong_is_told_by_key_and_without_secrets() {
    for (sms, key, expectation) in [
        ("[sms]\ngateway = \"ovh\"\n".to_owned(), "sms.ovh", "missing"),
        (
            "[sms]\ngateway = \"fax\"\n".to_owned(),
            "sms.gateway",
            "expected one of ovh, twilio, http, kannel, demo",
        ),
        (
            OVH.replace("consumer_key = \"c\"\n", ""),
            "sms.ovh.consumer_key",
            "missing",
        ),
        (
            OVH.replace("sms-ab12345-1", "a/b"),
            "sms.ovh.service_name",
            "such as sms-ab12345-1",
        ),
        (
            TWILIO.to_owned(),
            "sms.twilio.from",
            "either from or messaging_service_sid",
        ),
        (
            KANNEL.replace("https:", "http:"),
            "sms.kannel.url",
            "expected https://",
        ),
        (
            KANNEL.replace("\"hush\"", "7"),
            "sms.kannel.password",
            "expected a text",
        ),
        (
            KANNEL.replace("\"hush\"", "{ file = \"none\" }"),
            "sms.kannel.password.file",
            "expected a readable file",
        ),
        (
            KANNEL.replace("[sms.kannel]", "timeout_seconds = 0\n[sms.kannel]"),
            "sms.timeout_seconds",
            "expected 1 to 60",
        ),
        (
            KANNEL.replace("[sms.kannel]", "reports_to = \"portique\"\n[sms.kannel]"),
            "sms.reports_to",
            "a scheme and a host",
        ),
        (
            KANNEL.replace("[sms.kannel]", "ca_file = \"none\"\n[sms.kannel]"),
            "sms.ca_file",
            "can't be read",
        ),
        (
            HTTP.replace("{text}", "{words}"),
            "sms.http.body",
            "found {words}",
        ),
        (
            HTTP.replace("\"{text}\"", "{text}"),
            "sms.http.body",
            "expected JSON",
        ),
        (
            "[sms]\ngateway = \"demo\"\nhost = \"a\"\n".to_owned(),
            "sms.host",
            "unknown key",
        ),
    ] {
        let told = told(&sms);
        assert!(told.contains(&format!("key `{key}`: ")), "{key}: {told}");
        assert!(told.contains(expectation), "{expectation}: {told}");
        assert!(told.contains("portique.toml") && !told.contains("hush"), "{told}");
    }
}

#[test]
fn a_portal_that_promises_sms_without_a_gateway_is_refused() {
    let told = told("");
    for portal in ["paca", "aura"] {
        let line = told
            .lines()
            .find(|line| line.contains(&format!("{portal}.toml")))
            .unwrap();
        assert!(
            line.contains("key `second_factor.sms`: expected \"nobody\" where portique.toml has no [sms]"),
            "{line}"
        );
    }
    assert_eq!(told.lines().count(), 2, "{told}");
    let installation = Installation::new("sqlite::memory:");
    with(&installation, "");
    for portal in ["paca", "aura"] {
        installation.append(
            &format!("portals/{portal}.toml"),
            "[second_factor]\nsms = \"nobody\"",
        );
    }
    installation.read().unwrap();
}

#[test]
fn a_portals_budget_and_countries_are_judged() {
    for (line, key, expectation) in [
        ("sms_per_day = 0", "sms_per_day", "expected 1 to 1000000"),
        ("sms_countries = [\"France\"]", "sms_countries", "found «France»"),
        (
            "sms_countries = []",
            "sms_countries",
            "expected a country at least",
        ),
        ("phone = true", "phone", "unknown key"),
    ] {
        let installation = Installation::new("sqlite::memory:");
        installation.append("portals/paca.toml", &format!("[second_factor]\n{line}"));
        let told = installation.read().unwrap_err().to_string();
        assert!(
            told.contains(&format!("paca.toml: key `second_factor.{key}`: ")),
            "{told}"
        );
        assert!(told.contains(expectation), "{told}");
    }
}

#[test]
fn a_gateway_that_keeps_sms_is_for_the_demo_alone() {
    let installation = Installation::demo("sqlite::memory:");
    installation.read().unwrap();
    let file = installation.file();
    let checked = portique(&["--config", file.to_str().unwrap(), "check-config"]);
    assert!(!checked.ok);
    assert!(
        checked
            .err
            .contains("key `sms.gateway`: expected ovh, twilio, http or kannel"),
        "{}",
        checked.err
    );
}
