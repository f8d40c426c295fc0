//! What is wrong with a configuration is told in an operator's words, and what nobody could read or reach is refused.

use crate::config::refused;
use crate::support::{Installation, portique};

const SETTINGS: &str = "portique.toml";
const PACA: &str = "portals/paca.toml";
const NORMANDIE: &str = "portals/normandie.toml";

/// Of a wrong kind, for each kind of place: what was found, and what may stand there.
const WRONG_KINDS: &str = r#"
title                   | found «Portail», expected a text in its languages: { fr = "…", en = "…" } | + title = "Portail"
title.fr                | found 5, expected a text in quotes | + title = { fr = 5 }
support                 | found «aide», expected a table of name, email, phone | + support = "aide"
session                 | found 30, expected a table of idle_minutes, absolute_minutes | + session = 30
session.idle_minutes    | found «trente», expected a whole number, 0 to | + [session]\nidle_minutes = "trente"
session.idle_minutes    | found 2.5, expected a whole number, 0 to | + [session]\nidle_minutes = 2.5
context_words           | found true, expected a list: [ … ] | + context_words = true
pages                   | found a list, expected a table: { … } | + pages = []
password.show_strength  | found «oui», expected true or false | + [password]\nshow_strength = "oui"
sign_in.shape           | found true, expected one of card, frame, columns, tabs, in quotes | + [sign_in]\nshape = true
sign_in.shape           | found 12, expected one of card, frame, columns, tabs, in quotes | + [sign_in]\nshape = 12
sign_in.ways.0.kind     | found «carte», expected one of password | + [sign_in]\nways = [{ kind = "carte", label = { fr = "A" }, submit = { fr = "B" } }]
sign_in.ways.0.kind     | found a list, expected one of password, strong, card, in quotes | + [sign_in]\nways = [{ kind = [], label = { fr = "A" }, submit = { fr = "B" } }]
recovery.password.by    | found «phone», expected one of email, identifier | + [recovery.password]\nby = "phone"
recovery.identifier     | found true, expected a table, or false where it is not offered | + [recovery]\nidentifier = true
recovery.identifier     | found «no», expected a table, or false where it is not offered | + [recovery]\nidentifier = "no"
recovery.identifier.captcha | found «cat», expected one of none, picture, proof | + [recovery.identifier]\ncaptcha = "cat"
recovery.identifier.captcha | found false, expected one of none, picture, proof, in quotes | + [recovery.identifier]\ncaptcha = false
recovery.identifier.intr | unknown key, expected one of link, heading, intro, submit, captcha | + [recovery.identifier]\nintr = { fr = "A" }
services                | found a table, expected a list: [ … ] | + [services]\nname = { fr = "A" }
places.0.networks.0     | expected a network in quotes, such as "10.0.0.0/8" | + [[places]]\nname = { fr = "A" }\nnetworks = ["10.0.0.1"]
places.0.network        | unknown key, expected one of name, networks | + [[places]]\nname = { fr = "A" }\nnetworks = ["10.0.0.0/8"]\nnetwork = "10.0.0.0/8"
places                  | found a table, expected a list: [ … ] | + [places]\nname = { fr = "A" }
second_factor           | found true, expected a table of always, email, reset_mailbox, sms, sms_per_day, sms_countries, app, passkeys, recovery_codes, remember_hours | + second_factor = true
second_factor.remember_hours | found -1, expected a whole number | + [second_factor]\nremember_hours = -1
preset                  | found 5, expected a text in quotes | "paca" => 5
"#;

const WRONG_KINDS_OF_SETTINGS: &str = r#"
log                     | found «loud», expected a table of filter, format | [server] => log = "loud"\n[server]
server.trusted_proxies  | found «10.0.0.0/8», expected a list | ["127.0.0.1/32"] => "10.0.0.0/8"
server.trusted_proxies.0 | found 10, expected a network in quotes | "127.0.0.1/32" => 10
server.listen           | found 8080, expected a text in quotes | "127.0.0.1:0" => 8080
database.url            | expected a text, or { file = "path" } | "sqlite:///nowhere/portique.db?mode=rwc" => 5
mail.tls                | found «ssl», expected one of | "none" => "ssl"
mail.tls                | found false, expected one of | "none" => false
log.format              | found true, expected one of text, json, in quotes | + [log]\nformat = true
"#;

/// Texts that nobody would see anything of.
const EMPTY: &str = r#"
title.fr                | found an empty text, expected words | + title = { fr = "" }
title.en                | or no `en` at all | + title = { fr = "Portail", en = " " }
tagline.en              | or no `en` at all | + tagline = { fr = "Portail", en = "" }
services_title.fr       | found an empty text | + services_title = { fr = "\u200b\u202e" }
support.name.fr         | found an empty text | + [support]\nname = { fr = " " }
sender.name             | expected the name that mails come from | + [sender]\nname = " "
context_words           | found an empty word | + context_words = ["paca", ""]
sign_in.heading.fr      | found an empty text | + [sign_in]\nheading = { fr = "" }
sign_in.ways.0.label.fr | found an empty text | + [sign_in]\nways = [{ kind = "password", label = { fr = "" }, submit = { fr = "B" } }]
sign_in.ways.0.submit.fr | found an empty text | + [sign_in]\nways = [{ kind = "password", label = { fr = "A" }, submit = { fr = "" } }]
password_change.submit.en | found an empty text | + [password_change]\nsubmit = { fr = "Valider", en = "" }
recovery.password.screen.heading.fr | found an empty text | + [recovery.password.screen]\nheading = { fr = "" }
recovery.identifier.link.fr | found an empty text | + [recovery.identifier]\nlink = { fr = "" }
services.0.name.fr      | found an empty text | + [[services]]\nname = { fr = "" }\nwords = { fr = "B" }\npicture = "/services/agenda.svg"\naddress = "https://a"
services.0.words.fr     | found an empty text | + [[services]]\nname = { fr = "A" }\nwords = { fr = "" }\npicture = "/services/agenda.svg"\naddress = "https://a"
pages.contacts.text.fr  | found an empty text | + [pages.contacts]\ntext = { fr = "" }
places.0.name.fr        | found an empty text | + [[places]]\nname = { fr = " " }\nnetworks = ["10.0.0.0/8"]
pages.aide.title.fr     | found an empty text | + [pages.aide]\ntitle = { fr = "" }\ntext = { fr = "B" }
"#;

/// Networks that would name what is not meant.
const PLACES: &str = r#"
places.0.networks       | expected one network at least | + [[places]]\nname = { fr = "A" }\nnetworks = []
places.0.networks       | found «10.1.2.3/8», expected a whole network: 10.0.0.0/8 | + [[places]]\nname = { fr = "A" }\nnetworks = ["10.1.2.3/8"]
places.1.networks       | found «10.0.0.0/8» a second time | + [[places]]\nname = { fr = "A" }\nnetworks = ["10.0.0.0/8"]\n[[places]]\nname = { fr = "B" }\nnetworks = ["10.0.0.0/8"]
"#;

const IMPOSSIBLE: &str = r#"
recovery.password.masked_domains | found «chu», expected what stands after the @ | + [recovery.password]\nmasked_domains = { chu = 50, elsewhere = 50 }
recovery.password.masked_domains | found «@chu.fr», expected what stands after the @ | + [recovery.password]\nmasked_domains = { "@chu.fr" = 50, elsewhere = 50 }
recovery.password.masked_domains | found «chu.fr », expected what stands after the @ | + [recovery.password]\nmasked_domains = { "chu.fr " = 50, elsewhere = 50 }
recovery.password.masked_domains | found «chu..fr», expected what stands after the @ | + [recovery.password]\nmasked_domains = { "chu..fr" = 50, elsewhere = 50 }
recovery.password.masked_domains | found «hôpital.fr», expected what stands after the @ | + [recovery.password]\nmasked_domains = { "hôpital.fr" = 50, elsewhere = 50 }
recovery.password.masked_domains | found «chu.fr» twice | + [recovery.password]\nmasked_domains = { "CHU.fr" = 50, "chu.fr" = 20, elsewhere = 30 }
recovery.password.screen.intro | the preset's words go with by = "identifier" | + [recovery.password]\nby = "email"\nmasked_domains = {}
"#;

fn good() -> Installation {
    Installation::new("sqlite:///nowhere/portique.db?mode=rwc")
}

#[test]
fn a_value_of_a_wrong_kind_is_told_with_what_may_stand_there() {
    refused(PACA, WRONG_KINDS);
    refused(SETTINGS, WRONG_KINDS_OF_SETTINGS);
}

#[test]
fn an_empty_text_that_people_would_be_shown_is_refused() {
    refused(PACA, EMPTY);
}

#[test]
fn a_place_whose_networks_are_not_meant_so_is_refused() {
    refused(PACA, PLACES);
}

#[test]
fn a_portal_may_go_without_a_tagline() {
    let installation = good();
    installation.append(PACA, "tagline = { fr = \"\" }");
    installation.read().unwrap();
}

#[test]
fn a_domain_that_no_mail_can_go_to_and_words_for_another_question_are_refused() {
    refused(NORMANDIE, IMPOSSIBLE);
}

#[test]
fn a_file_that_asks_for_the_other_thing_in_its_own_words_is_good() {
    let installation = good();
    let own = "[recovery.password]\nby = \"email\"\nmasked_domains = {}\n\
        screen = { intro = { fr = \"Donnez votre e-mail.\" } }";
    installation.append(NORMANDIE, own);
    installation.read().unwrap();
}

#[test]
fn an_empty_secret_is_refused_wherever_it_stands() {
    let tls = "tls = \"none\"";
    for (password, told) in [
        (
            "{ file = \"password\" }",
            "key `mail.password.file`: expected a secret in it, ",
        ),
        (
            "\"\"",
            "key `mail.password`: found an empty text, expected a secret",
        ),
    ] {
        let installation = good();
        installation.write("password", "\n");
        let with = format!("{tls}\nusername = \"portique\"\npassword = {password}");
        installation.replace(SETTINGS, tls, &with);
        let ran = portique(&["--config", installation.file().to_str().unwrap(), "check-config"]);
        assert!(!ran.ok && ran.err.contains(told), "{password}: {}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    }
    let installation = good();
    installation.replace(
        SETTINGS,
        tls,
        &format!("{tls}\nusername = \"\"\npassword = \"p\""),
    );
    installation.append(SETTINGS, "pepper = \"  \"");
    let told = installation.read().unwrap_err().to_string();
    assert!(
        told.contains("key `mail.username`: found an empty text"),
        "{told}"
    );
    assert!(
        told.contains("key `secrets.pepper`: found an empty text"),
        "{told}"
    );
}

#[test]
fn a_file_that_is_no_toml_is_told_by_its_place_and_its_secrets_are_not_repeated() {
    let installation = good();
    installation.replace(SETTINGS, "tls = \"none\"", "tls = \"none\"\npassword = \"s3cret");
    let told = installation.read().unwrap_err().to_string();
    assert!(
        told.contains("portique.toml: no TOML at line 15, column "),
        "{told}"
    );
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(!told.contains("s3cret"), "{told}");
    let installation = good();
    installation.replace(SETTINGS, "keys = [{ id = 1, key = ", "keys = ");
    installation.replace(SETTINGS, "5e\" }]", "5e\"");
    let told = installation.read().unwrap_err().to_string();
    assert!(
        told.contains("key `secrets.keys`: found a text, expected a list"),
        "{told}"
    );
    assert!(!told.contains("5e5e"), "{told}");
}
