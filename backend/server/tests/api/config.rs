//! A wrong configuration is refused, with the file, the key and what was expected.

use crate::support::Installation;

const SETTINGS: &str = "portique.toml";
const PACA: &str = "portals/paca.toml";
const KEY: &str = "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e";

/// Line by line: the key that is named, words of what was expected, and how a good file is spoiled: `this => that`, or
/// `+ lines` at its end. `\n` ends a line.
const WRONG_SETTINGS: &str = r#"
server.listen           | expected an IP address and a port | "127.0.0.1:0" => "nonsense"
server.lisen            | unknown key           | listen = => lisen =
server.hashing_threads  | found «many», expected a whole number | hashing_threads = 1 => hashing_threads = "many"
server.trusted_proxies.0 | expected a network in quotes, such as "10.0.0.0/8" | 127.0.0.1/32 => nonsense
server.colour           | unknown key           | [server] => [server]\ncolour = "red"
colour                  | unknown key           | [server] => colour = "red"\n[server]
default_portal          | found «bretagne», expected the name of one of the portals: aura, neutral | [server] => default_portal = "bretagne"\n[server]
portals                 | readable folder       | [server] => portals = "elsewhere"\n[server]
database.file           | unknown key           | connections = 8 => connections = 8\nfile = "url"
database.url            | missing: this key     | url = "sqlite:///nowhere/portique.db?mode=rwc" =>
database.url            | sqlite:// or postgres:// | "sqlite:///nowhere/portique.db?mode=rwc" => "mysql://localhost/portique"
database.url.file       | readable file         | "sqlite:///nowhere/portique.db?mode=rwc" => { file = "url" }
database.connections    | found -1, expected a whole number, 0 to | connections = 8 => connections = -1
mail.transport          | found «pigeon», expected one of smtp, demo, file | transport = "smtp" => transport = "pigeon"
mail.host               | missing: this key     | host = "127.0.0.1" =>
mail.port               | found 99999, expected a whole number, 0 to 65535 | port = 9 => port = 99999
mail.prot               | unknown key           | port = 9 => prot = 9
mail.tls                | ssl                   | tls = "none" => tls = "ssl"
mail.password           | beside mail.username  | tls = "none" => tls = "none"\nusername = "p"
mail.username           | beside mail.password  | tls = "none" => tls = "none"\npassword = "p"
mail.password.file      | readable file         | port = 9 => username = "p"\npassword = { file = "gone" }
secrets.keys.0.key      | 64 hexadecimal digits | 5e5e5e5e5e5e5e5e5e5e5e5e => 5e
secrets.keys.0.key      | 64 hexadecimal digits | 5e5e" => 5e5z"
secrets.keys.0.id       | found 256, expected a whole number, 0 to 255 | { id = 1, => { id = 256,
secrets.pepper.file     | readable file         | + pepper = { file = "gone" }
log.format              | found «xml», expected one of text, json | + [log]\nformat = "xml"
log.filter              | expected levels       | + [log]\nfilter = "portique=loud"
"#;

const WRONG_PORTALS: &str = r##"
preset                  | found «bretagne», expected one of neutral, paca | "paca" => "bretagne"
colour                  | unknown key           | + colour = "red"
colours.primary         | contrast 4.5          | + [colours]\nprimary = "#7fb3ff"\nprimary_dark = "#a3c4ff"
colours.primary         | #rrggbb               | + [colours]\nprimary = "blue"\nprimary_dark = "#a3c4ff"
colours.primary         | missing: this key     | + [colours]\nprimary_dark = "#a3c4ff"
colours.primary_dark    | missing: this key     | + [colours]\nprimary = "#1f4b99"
colours.primary_dark    | dark page             | + [colours]\nprimary = "#1f4b99"\nprimary_dark = "#102030"
title.fr                | missing: this key     | + title = { en = "The portal" }
name                    | a-z, 0-9 and -        | + name = "PACA portal"
name                    | claimed by            | + name = "aura"
hosts                   | claimed by            | paca.example"] => paca.example", "AURA.example"]
hosts                   | «paca.example» among them | paca.example"] => www.paca.example"]
hosts                   | at least one          | ["paca.example"] => []
hosts                   | without scheme        | ["paca.example"] => ["https://paca.example"]
hosts                   | without scheme or port | ["paca.example"] => ["paca.example:8080"]
hosts                   | found «paca.example», expected a list | ["paca.example"] => "paca.example"
public_url              | http:// only for this machine | https:// => http://
public_url              | without a path        | https://paca.example => https://paca.example/portal
public_url              | expected https://host | https://paca.example => paca.example
public_url              | missing: this key     | public_url = "https://paca.example" =>
support.email           | e-mail address        | + [support]\nemail = "ror"
support.phone           | phone number          | + [support]\nphone = "98"
sender.address          | e-mail address        | + [sender]\naddress = "portail@"
sender.address          | .example is for examples | + [sender]\naddress = "portail@paca.example"
support.email           | .example is for examples | + [support]\nemail = "aide@paca.example"
time_zone               | IANA                  | + time_zone = "Europe/Marseille"
language                | de                    | + language = "de"
password.min_length     | 8 to 64               | + [password]\nmin_length = 7
password.min_digits     | 0 to 4                | + [password]\nmin_digits = 5
password.min_emoji      | unknown key           | + [password]\nmin_emoji = 1
session.idle_minutes    | 2 to 240              | + [session]\nidle_minutes = 1
session.idle_minutes    | found -5, expected a whole number, 0 to | + [session]\nidle_minutes = -5
session.absolute_minutes | at least idle_minutes | + [session]\nabsolute_minutes = 20
second_factor.remember_hours | expected 0 (no browser is remembered) to 12 | + [second_factor]\nremember_hours = 13
provisional.lifetime_hours | 1 to 720           | + [provisional]\nlifetime_hours = 0
sign_in.ways            | at least one          | + [sign_in]\nways = []
sign_in.shape           | circle                | + [sign_in]\nshape = "circle"
recovery.password.masked_domains | only where by = "identifier" | + [recovery.password]\nmasked_domains = { "a.example" = 50, elsewhere = 50 }
recovery.password.masked_domains | expected «elsewhere» among | + [recovery.password]\nby = "identifier"\nmasked_domains = { "a.example" = 60, "b.example" = 40 }\nscreen = { intro = { fr = "A" } }
recovery.password.masked_domains | found 0 for «a.example», expected shares of 1 to 99 | + [recovery.password]\nby = "identifier"\nmasked_domains = { "a.example" = 0, "b.example" = 50, elsewhere = 50 }\nscreen = { intro = { fr = "A" } }
recovery.password.masked_domains | found 4294967295 for «a.example» | + [recovery.password]\nby = "identifier"\nmasked_domains = { "a.example" = 4294967295, elsewhere = 1 }\nscreen = { intro = { fr = "A" } }
recovery.password.masked_domains | make 100 together | + [recovery.password]\nby = "identifier"\nmasked_domains = { "a.example" = 50, elsewhere = 49 }\nscreen = { intro = { fr = "A" } }
services.0.address      | expected https://     | + [[services]]\nname = { fr = "A" }\nwords = { fr = "B" }\npicture = "/services/agenda.svg"\naddress = "ftp://a"
services.0.picture      | expected a readable    | + [[services]]\nname = { fr = "A" }\nwords = { fr = "B" }\npicture = "//a/a.svg"\naddress = "https://a"
services.0.address      | expected https://     | + [[services]]\nname = { fr = "A" }\nwords = { fr = "B" }\npicture = "/services/agenda.svg"\naddress = "http://a"
services.0.picture      | picture of the client | + [[services]]\nname = { fr = "A" }\nwords = { fr = "B" }\npicture = "/services/agneda.svg"\naddress = "https://a"
services.0.audience.professions | found «Toubib», expected the national directory's labels: Médecin, | + [[services]]\nname = { fr = "A" }\nwords = { fr = "B" }\npicture = "/services/agenda.svg"\naddress = "https://a"\naudience = { professions = ["Médecin", "Toubib"] }
services.0.picture      | missing: this key     | + [[services]]\nname = { fr = "A" }\nwords = { fr = "B" }\naddress = "https://a"
pages.Aide !            | a-z, 0-9              | + [pages."Aide !"]\ntitle = { fr = "A" }\ntext = { fr = "B" }
"##;

fn good() -> Installation {
    Installation::new("sqlite:///nowhere/portique.db?mode=rwc")
}

/// Spoils `file` of a good installation in each way of the table, one at a time; exactly one error is told, as it says.
pub fn refused(file: &str, table: &str) {
    for line in table.lines().filter(|line| !line.is_empty()) {
        let [key, expectation, edit] = line.splitn(3, " | ").map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("not of three parts: {line}")
        };
        let installation = good();
        let edit = edit.replace("\\n", "\n");
        match edit.split_once("=>") {
            Some((old, new)) => installation.replace(file, old.trim(), new.trim()),
            None => installation.append(file, edit.strip_prefix("+ ").unwrap()),
        }
        let told = match installation.read() {
            Ok(_) => panic!("taken for good: {line}"),
            Err(errors) => errors.0,
        };
        let [error] = told.as_slice() else {
            panic!("{} errors: {line}: {told:?}", told.len())
        };
        assert_eq!(error.key, key, "{line}: {error}");
        assert!(error.file.ends_with(file), "{line}: {error}");
        assert!(error.expectation.contains(expectation), "{line}: {error}");
        let shown = error.to_string();
        assert!(
            shown.contains(&format!(": key `{key}`: ")) && !shown.contains('\n'),
            "{shown}"
        );
    }
}

#[test]
fn what_is_wrong_with_the_settings_is_named() {
    refused(SETTINGS, WRONG_SETTINGS);
}

#[test]
fn what_is_wrong_with_a_portal_is_named() {
    refused(PACA, WRONG_PORTALS);
}

#[test]
fn every_error_is_told_not_the_first_only() {
    let installation = good();
    installation.replace(SETTINGS, KEY, "short");
    installation.append(
        PACA,
        "time_zone = \"Nowhere\"\n[colours]\nprimary = \"blue\"\nprimary_dark = \"#a3c4ff\"",
    );
    installation.replace("portals/aura.toml", "https://", "http://");
    let errors = installation.read().unwrap_err();
    let mut keys: Vec<_> = errors.0.iter().map(|error| error.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        ["colours.primary", "public_url", "secrets.keys.0.key", "time_zone"]
    );
    assert_eq!(errors.to_string().lines().count(), 4, "a line each");
}

#[test]
fn keys_of_a_wrong_kind_hide_no_wrong_values_elsewhere() {
    let installation = good();
    installation.replace(
        SETTINGS,
        "listen = \"127.0.0.1:0\"",
        "listen = \"localhost:80\"\nlisen = 1",
    );
    installation.replace(SETTINGS, "connections = 8", "connections = -1");
    installation.replace(SETTINGS, "host = \"127.0.0.1\"", "");
    installation.replace(SETTINGS, KEY, "short");
    installation.append(
        PACA,
        "time_zone = \"Nowhere\"\ncolour = \"red\"\n[session]\nidle_minutes = \"x\"",
    );
    let errors = installation.read().unwrap_err();
    let mut keys: Vec<_> = errors.0.iter().map(|error| error.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "colour",
            "database.connections",
            "mail.host",
            "secrets.keys.0.key",
            "server.lisen",
            "server.listen",
            "session.idle_minutes",
            "time_zone"
        ]
    );
    let shown = errors.to_string();
    assert!(
        !shown.contains("`one of") && !shown.contains("`text or"),
        "{shown}"
    );
}

#[test]
fn keys_without_a_number_of_their_own_and_no_keys_are_refused() {
    let installation = good();
    let twice = format!("{{ id = 1, key = \"{KEY}\" }}, {{ id = 1, key = \"{KEY}\" }}");
    installation.replace(SETTINGS, &format!("{{ id = 1, key = \"{KEY}\" }}"), &twice);
    assert!(
        installation
            .read()
            .unwrap_err()
            .to_string()
            .contains("key `secrets.keys`: expected at least one key")
    );
    let installation = good();
    installation.replace(SETTINGS, &format!("{{ id = 1, key = \"{KEY}\" }}"), "");
    assert!(
        installation
            .read()
            .unwrap_err()
            .to_string()
            .contains("key `secrets.keys`: expected at least one key")
    );
}

#[test]
fn an_installation_without_portals_or_without_settings_is_refused() {
    let installation = good();
    for preset in Installation::PRESETS {
        std::fs::remove_file(installation.path().join(format!("portals/{preset}.toml"))).unwrap();
    }
    let error = installation.read().unwrap_err().to_string();
    assert!(
        error.contains("portique.toml: key `portals`: expected at least one portal's file"),
        "{error}"
    );
    let error = Installation::empty().read().unwrap_err().to_string();
    assert!(error.contains("portique.toml: no such file"), "{error}");
    let installation = good();
    installation.append(SETTINGS, "[server");
    let error = installation.read().unwrap_err().to_string();
    assert!(
        error.contains("portique.toml") && error.lines().count() >= 1,
        "{error}"
    );
}

#[test]
fn a_portal_over_the_neutral_preset_must_say_who_is_behind_it_once_people_reach_it() {
    let installation = good();
    let neutral = "portals/neutral.toml";
    installation.replace(neutral, "http://localhost:8080", "https://portail.chu.fr");
    installation.replace(neutral, "\"localhost\"", "\"portail.chu.fr\"");
    let errors = installation.read().unwrap_err();
    let keys: Vec<_> = errors.0.iter().map(|error| error.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "support.name",
            "support.email",
            "support.phone",
            "sender.name",
            "sender.address",
            "services",
            "pages.legal-notice.text",
            "pages.contacts.text"
        ]
    );
    assert!(errors.0[0].file.ends_with("neutral.toml"));
    let own = "services = []\n[support]\nname = { fr = \"support du CHU\" }\nemail = \"aide@chu.fr\"\nphone = \"04 98 08 00 80\"\n\
        [sender]\nname = \"CHU\"\naddress = \"ne-pas-repondre@chu.fr\"\n\
        [pages.legal-notice.text]\nfr = \"Le CHU.\"\n[pages.contacts.text]\nfr = \"Le support.\"";
    installation.append(neutral, own);
    installation.read().unwrap();
}

#[test]
fn a_portal_without_a_preset_says_which_keys_it_lacks() {
    let installation = good();
    installation.replace(PACA, "preset = \"paca\"\n", "");
    let error = installation.read().unwrap_err().to_string();
    assert!(
        error.contains("paca.toml: key `name`: missing: this key must be given"),
        "{error}"
    );
}
