//! From a portal's file to a [`Site`], with every wrong value named.

pub(super) mod card;
mod hosts;
mod places;
mod recovery;
mod second_factor;
mod services;
mod texts;

use std::path::Path;

use figment::providers::{Format, Serialized, Toml};
use figment::value::Dict;
use figment::{Figment, Profile, Provider};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use portique_domain::portal::{Portal, PortalName, Sender, SessionLifetimes, Support};
use portique_domain::use_cases::passkey_sign_in::is_offered;
use portique_shared::api::portal::SignInShape;
use portique_shared::policy::LOWEST_MIN_LENGTH;
use portique_shared::types::EmailAddress;
use serde::Deserialize;

use super::colour::{Colour, NIGHT, WHITE};
use super::error::{ConfigError, ConfigErrors};
use super::overlay::overlay;
use super::own_words;
use super::portal_file::PortalFile;
use super::portal_view;
use super::presets::{preset, preset_names};
use super::reading::{self, Reading};
use crate::site::Site;

/// Reads the portal in the file at `path`, over its preset.
pub fn read(path: &Path, demo: bool) -> Result<Site, ConfigErrors> {
    #[derive(Deserialize)]
    struct Head {
        preset: Option<String>,
    }
    let all = |error| ConfigErrors(ConfigError::from_figment(error, path));
    let head: Head = Figment::from(Toml::file_exact(path)).extract().map_err(all)?;
    let own = table(&Toml::file_exact(path), path)?;
    let base = match head.preset.as_deref() {
        None => Dict::new(),
        Some(name) => {
            let text = preset(name).ok_or_else(|| unknown_preset(path, name))?;
            table(&Toml::string(text), path)?
        }
    };
    let other_question = own_words::for_another_question(&base, &own);
    let merged = Figment::from(Serialized::defaults(overlay(base, &own)));
    let Reading { value, errors: told } = reading::read(&merged, stand_ins(), path, Figment::extract);
    let Some(file): Option<PortalFile> = value else {
        return Err(ConfigErrors(told));
    };
    let mut checker = Checker {
        path,
        errors: Vec::new(),
    };
    if !demo && !file.is_local() {
        for (key, expectation) in own_words::lacking(&file, head.preset.as_deref(), &own) {
            checker.wrong(key, expectation);
        }
    }
    if let Some((key, expectation)) = other_question {
        checker.wrong(key, expectation);
    }
    match checker.site(&file, demo) {
        Ok(site) if told.is_empty() => Ok(site),
        judged => {
            let mut errors = judged.err().map_or_else(Vec::new, |errors| errors.0);
            let has_url = !told.iter().any(|error| error.key == "public_url");
            // Without the address nothing can be said of the hosts that belong to it.
            errors
                .retain(|error| !reading::concerns_one_of(&told, error) && (has_url || error.key != "hosts"));
            errors.splice(..0, told);
            Err(ConfigErrors(errors))
        }
    }
}

/// What takes the place of keys that are missing, so that the others are judged all the same.
fn stand_ins() -> Dict {
    let text = preset("neutral").unwrap_or_default();
    let hosts = "hosts = [\"localhost\"]\npublic_url = \"http://localhost\"\n";
    table(
        &Toml::string(&format!("{hosts}{text}")),
        Path::new("neutral.toml"),
    )
    .unwrap_or_default()
}

/// `path`: the file that errors name.
fn table(toml: &impl Provider, path: &Path) -> Result<Dict, ConfigErrors> {
    let profiles = toml.data();
    let mut profiles = profiles.map_err(|error| ConfigErrors(ConfigError::from_figment(error, path)))?;
    Ok(profiles.remove(&Profile::Default).unwrap_or_default())
}

fn unknown_preset(path: &Path, name: &str) -> ConfigError {
    let known = preset_names().collect::<Vec<_>>().join(", ");
    ConfigError::new(path, "preset", format!("found «{name}», expected one of {known}"))
}

/// Gathers every error before giving up, so that a file is mended in one go.
struct Checker<'a> {
    path: &'a Path,
    errors: Vec<ConfigError>,
}

impl Checker<'_> {
    fn wrong(&mut self, key: impl Into<String>, expectation: impl Into<String>) {
        self.errors.push(ConfigError::new(self.path, key, expectation));
    }

    /// The value, or an error under `key` and nothing.
    fn value<T>(&mut self, key: &str, value: Option<T>, expectation: &str) -> Option<T> {
        if value.is_none() {
            self.wrong(key, expectation);
        }
        value
    }

    fn site(mut self, file: &PortalFile, demo: bool) -> Result<Site, ConfigErrors> {
        let name = self.value(
            "name",
            PortalName::parse(&file.name).ok(),
            "expected 1 to 40 characters among a-z, 0-9 and -",
        );
        let support_email = self.email("support.email", &file.support.email);
        let sender_address = self.email("sender.address", &file.sender.address);
        let time_zone = self.value(
            "time_zone",
            TimeZone::get(&file.time_zone).ok(),
            "expected an IANA time zone such as Europe/Paris",
        );
        let phone = self.value(
            "support.phone",
            portique_domain::phone::parse(&file.support.phone).ok(),
            "expected a phone number such as 04 98 08 00 80",
        );
        let css = self.colours(file);
        self.public_url(file, demo);
        self.hosts(file);
        self.password(file);
        self.lifetimes(file);
        self.ways_and_pages(file);
        self.texts(file);
        self.services(file);
        self.places(file);
        self.recovery(file);
        let second_factor = self.second_factor(&file.second_factor);
        let card = self.card(file, demo);
        let pictures = self.pictures(file);
        let (Some(name), Some(support_email), Some(address), Some(time_zone), Some(phone), true) = (
            name,
            support_email,
            sender_address,
            time_zone,
            phone,
            self.errors.is_empty(),
        ) else {
            return Err(ConfigErrors(self.errors));
        };
        let portal = Portal {
            name,
            title: file.title.clone(),
            public_url: file.public_url.trim_end_matches('/').to_owned(),
            support: Support {
                name: file.support.name.clone(),
                email: support_email,
                phone: file.support.phone.clone(),
            },
            policy: file.password.clone(),
            change_captcha: file.password_change.captcha,
            recovery: recovery::read(&file.recovery),
            second_factor,
            card,
            sessions: SessionLifetimes {
                idle: SignedDuration::from_mins(file.session.idle_minutes.into()),
                absolute: SignedDuration::from_mins(file.session.absolute_minutes.into()),
            },
            provisional_lifetime: SignedDuration::from_hours(file.provisional.lifetime_hours.into()),
            language: file.language,
            time_zone,
            sender: Sender {
                name: file.sender.name.clone(),
                address,
            },
            context_words: file.context_words.clone(),
            colour: file.colours.primary.clone(),
        };
        let passkey = is_offered(&portal);
        Ok(Site {
            portal,
            view: portal_view::view(file, phone.to_string(), passkey, demo),
            hosts: file.hosts.iter().map(|host| host.to_lowercase()).collect(),
            places: places::read(&file.places),
            services: portal_view::services(file, &pictures),
            pictures: pictures.into_iter().flatten().collect(),
            pages: portal_view::pages(file),
            css,
        })
    }

    fn email(&mut self, key: &str, text: &str) -> Option<EmailAddress> {
        self.value(
            key,
            EmailAddress::parse(text).ok(),
            "expected an e-mail address (name@domain, without accents)",
        )
    }

    fn colours(&mut self, file: &PortalFile) -> String {
        let cases = [
            (
                "colours.primary",
                &file.colours.primary,
                WHITE,
                "expected #rrggbb, dark enough for white text (contrast 4.5 at least)",
            ),
            (
                "colours.primary_dark",
                &file.colours.primary_dark,
                NIGHT,
                "expected #rrggbb, light enough to be read on a dark page (contrast 4.5 at least)",
            ),
        ];
        for (key, text, with, expectation) in cases {
            let legible = Colour::parse(text).filter(|colour| colour.is_legible_with(with));
            self.value(key, legible, expectation);
        }
        format!(
            ":root{{--portal-primary:{};--portal-primary-dark:{}}}",
            file.colours.primary, file.colours.primary_dark
        )
    }

    fn password(&mut self, file: &PortalFile) {
        if !(LOWEST_MIN_LENGTH..=64).contains(&file.password.min_length) {
            self.wrong(
                "password.min_length",
                format!("expected {LOWEST_MIN_LENGTH} to 64"),
            );
        }
        let policy = &file.password;
        for (key, count) in [
            ("min_letters", policy.min_letters),
            ("min_upper_case", policy.min_upper_case),
            ("min_lower_case", policy.min_lower_case),
            ("min_digits", policy.min_digits),
            ("min_special", policy.min_special),
        ] {
            if count > 4 {
                self.wrong(format!("password.{key}"), "expected 0 to 4");
            }
        }
    }

    fn lifetimes(&mut self, file: &PortalFile) {
        if !(2..=240).contains(&file.session.idle_minutes) {
            self.wrong("session.idle_minutes", "expected 2 to 240");
        }
        if !(file.session.idle_minutes..=720).contains(&file.session.absolute_minutes) {
            self.wrong(
                "session.absolute_minutes",
                "expected at least idle_minutes, and 720 at most",
            );
        }
        if !(1..=720).contains(&file.provisional.lifetime_hours) {
            self.wrong("provisional.lifetime_hours", "expected 1 to 720");
        }
    }

    fn ways_and_pages(&mut self, file: &PortalFile) {
        let ways = card::ways(file).count();
        if file.sign_in.ways.is_empty() {
            self.wrong("sign_in.ways", "expected at least one way to sign in");
        } else if ways == 0 {
            self.wrong(
                "sign_in.ways",
                "expected another way than cards where there is no [card]",
            );
        }
        let one_form = matches!(file.sign_in.shape, SignInShape::Card | SignInShape::Frame);
        if one_form && ways > 1 {
            self.wrong(
                "sign_in.ways",
                "expected one way only: several are shown by the shapes columns and tabs",
            );
        }
        if let Some(slug) = file.pages.keys().find(|slug| !is_slug(slug)) {
            self.wrong(format!("pages.{slug}"), "expected a name of a-z, 0-9 and -");
        }
    }
}

fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
