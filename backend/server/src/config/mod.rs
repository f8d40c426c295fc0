//! The configuration: a TOML file, the environment over it, a file a portal.

mod cards;
mod cards_settings;
mod colour;
mod environment;
mod error;
mod expectation;
mod markdown;
mod overlay;
mod own_words;
mod picture;
mod portal;
mod portal_file;
mod portal_view;
mod presets;
mod reading;
mod secret;
mod server_files;
mod settings;
mod sms;
mod sms_settings;
mod smtp;
mod taken_away;

use core::fmt;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Format, Toml};
use portique_delivery::sms::Sms;
use portique_delivery::smtp::SmtpMailer;
use portique_domain::keyring::{Key, Keyring};
use portique_domain::portal::{AcceptedOf, PortalName};
use tracing_subscriber::EnvFilter;

pub use cards::{CardsConfig, CardsProxy, CardsTls};
pub use cards_settings::HeaderFormat;
use environment::Environment;
pub use error::{ConfigError, ConfigErrors};
pub use picture::Picture;
use reading::Reading;
pub use server_files::{ServerFiles, ServerFilesFault};
pub use settings::{LogFormat, LogSettings, MailSettings, Settings};
use sms_settings::SmsSettings;

use crate::site::{Site, Sites};

/// A configuration that was read and found good. `Debug` shows none of its secrets.
#[derive(Clone)]
pub struct Config {
    pub settings: Settings,
    pub sites: Sites,
    pub database_url: String,
    pub keyring: Keyring,
    pub pepper: Option<String>,
    /// Professional cards, where the installation takes any.
    pub cards: Option<CardsConfig>,
    /// The file, and the folder that relative paths start from.
    pub file: PathBuf,
    pub folder: PathBuf,
}

impl Config {
    /// Reads the settings at `file` and the portals beside it. Every error is told, not the first only.
    pub fn read(file: &Path) -> Result<Self, ConfigErrors> {
        Self::gather(file, false)
    }

    /// The same, and refuses what serving outside the demo would refuse.
    pub fn check(file: &Path) -> Result<Self, ConfigErrors> {
        Self::gather(file, true)
    }

    /// What carries mails away outside the demo.
    pub fn smtp_mailer(&self) -> Result<SmtpMailer, ConfigErrors> {
        Ok(smtp::mailer(&self.settings.mail, &self.folder, &self.file)?)
    }

    /// What carries SMS away outside the demo, where a gateway is configured.
    pub fn sms(&self) -> Result<Option<Sms>, ConfigErrors> {
        Ok(sms::gateway(
            self.settings.sms.as_ref(),
            &self.folder,
            &self.file,
        )?)
    }

    /// `in_service`: whether what only a demo may do is refused too.
    fn gather(file: &Path, in_service: bool) -> Result<Self, ConfigErrors> {
        if !file.is_file() {
            return Err(
                ConfigError::new(file, "", "no such file; write one, or name another with --config").into(),
            );
        }
        let figment = Figment::from(Toml::file_exact(file)).merge(Environment::read());
        // Lossy: the environment's texts are read as numbers where numbers are expected.
        let Reading { value, errors: told } =
            reading::read(&figment, settings::stand_ins(), file, Figment::extract_lossy);
        let Some(settings): Option<Settings> = value else {
            return Err(ConfigErrors(told));
        };
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        let demo = matches!(settings.mail, MailSettings::Demo {});
        let mut errors = Vec::new();
        let keyring = keep(&mut errors, keyring(&settings, &folder, file));
        let database_url = keep(&mut errors, database_url(&settings, &folder, file));
        let pepper = settings
            .secrets
            .pepper
            .as_ref()
            .map(|pepper| pepper.reveal(&folder, file, "secrets.pepper"))
            .transpose();
        let pepper = keep(&mut errors, pepper);
        let mail = match &settings.mail {
            MailSettings::Smtp(smtp) if !in_service => smtp.resolve(&folder, file).map(drop),
            MailSettings::Demo {} | MailSettings::File {} if !in_service => Ok(()),
            mail => smtp::mailer(mail, &folder, file).map(drop),
        };
        keep(&mut errors, mail);
        if in_service || !settings.sms.as_ref().is_some_and(SmsSettings::is_demo) {
            keep(
                &mut errors,
                sms::gateway(settings.sms.as_ref(), &folder, file).map(drop),
            );
        }
        let cards = settings.cards.as_ref();
        let cards = match cards.map(|cards| cards::cards(cards, &folder, file)).transpose() {
            Ok(cards) => cards,
            Err(more) => {
                errors.extend(more);
                None
            }
        };
        if let Err(error) = EnvFilter::try_new(&settings.log.filter) {
            let expectation = format!("expected levels such as info or portique=debug: {error}");
            errors.push(ConfigError::new(file, "log.filter", expectation));
        }
        let sites = match sites(&folder.join(&settings.portals), &settings, file, demo) {
            Ok(sites) => Some(sites),
            Err(ConfigErrors(more)) => {
                errors.extend(more);
                None
            }
        };
        errors.retain(|error| !reading::concerns_one_of(&told, error));
        errors.splice(..0, told);
        match (keyring, database_url, pepper, sites, errors.is_empty()) {
            (Some(keyring), Some(database_url), Some(pepper), Some(sites), true) => Ok(Self {
                settings,
                sites,
                database_url,
                keyring,
                pepper,
                cards,
                file: file.to_owned(),
                folder,
            }),
            _ => Err(ConfigErrors(errors)),
        }
    }

    /// Whether mails go to the demo's mailbox.
    pub fn is_demo(&self) -> bool {
        matches!(self.settings.mail, MailSettings::Demo {})
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Config")
            .field("file", &self.file)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

fn keep<T>(errors: &mut Vec<ConfigError>, result: Result<T, ConfigError>) -> Option<T> {
    result.map_err(|error| errors.push(error)).ok()
}

fn database_url(settings: &Settings, folder: &Path, file: &Path) -> Result<String, ConfigError> {
    let url = settings.database.url.reveal(folder, file, "database.url")?;
    let known = ["sqlite:", "postgres://", "postgresql://"];
    if known.iter().any(|scheme| url.starts_with(scheme)) {
        Ok(url)
    } else {
        // What stands there is not told: it may hold a password.
        let expectation = "expected sqlite:// or postgres:// at its beginning";
        Err(ConfigError::new(file, "database.url", expectation))
    }
}

fn keyring(settings: &Settings, folder: &Path, file: &Path) -> Result<Keyring, ConfigError> {
    let mut keys = Vec::new();
    for (number, key) in settings.secrets.keys.iter().enumerate() {
        let name = format!("secrets.keys.{number}.key");
        let text = key.key.reveal(folder, file, &name)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| {
            ConfigError::new(
                file,
                name,
                "expected 64 hexadecimal digits (openssl rand -hex 32)",
            )
        })?;
        keys.push(Key::new(key.id, bytes));
    }
    Keyring::new(keys).map_err(|error| ConfigError::new(file, "secrets.keys", error.to_string()))
}

fn sites(folder: &Path, settings: &Settings, file: &Path, demo: bool) -> Result<Sites, ConfigErrors> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(|error| {
            ConfigError::new(
                file,
                "portals",
                format!("expected a readable folder, {}: {error}", folder.display()),
            )
        })?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    let (mut sites, mut errors) = (Vec::new(), Vec::new());
    for path in &paths {
        match portal::read(path, demo)
            .and_then(|site| with_gateway(site, path, settings.sms.is_some()))
            .and_then(|site| with_cards(site, path, settings.cards.is_some()))
        {
            Ok(site) => sites.push((path, site)),
            Err(ConfigErrors(more)) => errors.extend(more),
        }
    }
    if paths.is_empty() {
        errors.push(ConfigError::new(
            file,
            "portals",
            format!(
                "expected at least one portal's file (*.toml) in {}",
                folder.display()
            ),
        ));
    }
    errors.extend(doubles(&sites));
    errors.extend(card_hosts_of_portals(&sites));
    let default = settings
        .default_portal
        .as_deref()
        .and_then(|name| PortalName::parse(name).ok());
    let known = default
        .as_ref()
        .is_some_and(|name| sites.iter().any(|(_, site)| site.portal.name == *name));
    if settings.default_portal.is_some() && !known && errors.is_empty() {
        let known: Vec<&str> = sites.iter().map(|(_, site)| site.portal.name.as_str()).collect();
        errors.push(ConfigError::new(
            file,
            "default_portal",
            format!(
                "found «{}», expected the name of one of the portals: {}",
                settings.default_portal.as_deref().unwrap_or_default(),
                known.join(", ")
            ),
        ));
    }
    if errors.is_empty() {
        Ok(Sites::new(
            sites.into_iter().map(|(_, site)| site).collect(),
            default,
        ))
    } else {
        Err(ConfigErrors(errors))
    }
}

/// Refuses a portal that promises SMS which nothing carries.
fn with_gateway(site: Site, path: &Path, is_there: bool) -> Result<Site, ConfigErrors> {
    if site.portal.second_factor.sms == AcceptedOf::Nobody || is_there {
        return Ok(site);
    }
    let expectation =
        "expected \"nobody\" where portique.toml has no [sms]: nothing would carry the codes away";
    Err(ConfigError::new(path, "second_factor.sms", expectation).into())
}

/// Refuses a portal that sends people to a host which nothing answers on.
fn with_cards(site: Site, path: &Path, are_there: bool) -> Result<Site, ConfigErrors> {
    if site.portal.card.is_none() || are_there {
        return Ok(site);
    }
    let expectation = "expected no [card] where portique.toml has no [cards]: nothing would judge them";
    Err(ConfigError::new(path, "card", expectation).into())
}

/// Where a portal's pages are too, everybody would be asked for a certificate.
fn card_hosts_of_portals(sites: &[(&PathBuf, Site)]) -> Vec<ConfigError> {
    let asks_at = |site: &Site| site.portal.card.as_ref().map(|card| card.url.clone());
    let is_a_portals = |url: &str| sites.iter().any(|(_, site)| site.portal.public_url == url);
    sites
        .iter()
        .filter(|(_, site)| asks_at(site).is_some_and(|url| is_a_portals(&url)))
        .map(|(path, _)| {
            let expectation = "expected a host or a port of its own, which is no portal's `public_url`";
            ConfigError::new(path, "card.url", expectation)
        })
        .collect()
}

/// Names and hosts that two portals claim.
fn doubles(sites: &[(&PathBuf, Site)]) -> Vec<ConfigError> {
    let mut claimed: BTreeMap<(&str, &str), &PathBuf> = BTreeMap::new();
    let mut errors = Vec::new();
    for (path, site) in sites {
        let names = std::iter::once(("name", site.portal.name.as_str()));
        for claim in names.chain(site.hosts.iter().map(|host| ("hosts", host.as_str()))) {
            if let Some(other) = claimed.insert(claim, path) {
                errors.push(ConfigError::new(
                    path,
                    claim.0,
                    format!("«{}» is claimed by {} already", claim.1, other.display()),
                ));
            }
        }
    }
    errors
}
