//! `portique.toml`: the installation's settings.

use std::net::SocketAddr;
use std::path::PathBuf;

use figment::Figment;
use figment::providers::{Format, Toml};
use figment::value::Dict;
use ipnet::IpNet;
use portique_delivery::smtp::SmtpTls;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::cards_settings::CardsSettings;
use super::secret::Secret;
use super::sms_settings::SmsSettings;

/// The installation's settings, as written. Every key can be set by the environment: `PORTIQUE__SERVER__LISTEN`,
/// where it is a text until a number or a boolean is expected.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Folder of the portals' files, beside this one.
    #[serde(default = "default_portals")]
    pub portals: PathBuf,
    /// The portal that answers to a host that none claims; without it such a request is refused (421).
    #[serde(default)]
    pub default_portal: Option<String>,
    #[serde(default)]
    pub server: ServerSettings,
    pub database: DatabaseSettings,
    pub mail: MailSettings,
    /// None: no portal sends SMS.
    #[serde(default)]
    pub sms: Option<SmsSettings>,
    /// None: no portal takes cards.
    #[serde(default)]
    pub cards: Option<CardsSettings>,
    pub secrets: SecretSettings,
    #[serde(default)]
    pub log: LogSettings,
}

/// What takes the place of keys that can't be read, so that the others are judged all the same. Used for nothing else.
pub(super) fn stand_ins() -> Dict {
    let text = "[database]\nurl = \"sqlite://stand-in\"\n[mail]\ntransport = \"file\"\nhost = \"localhost\"\n\
        [secrets]\nkeys = [{ id = 1, key = \"0000000000000000000000000000000000000000000000000000000000000000\" }]";
    Figment::from(Toml::string(text)).extract().unwrap_or_default()
}

fn default_portals() -> PathBuf {
    "portals".into()
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerSettings {
    #[serde(deserialize_with = "ip_and_port")]
    pub listen: SocketAddr,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Threads that hash passwords; 0 for one a core.
    pub hashing_threads: usize,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            trusted_proxies: Vec::new(),
            hashing_threads: 0,
        }
    }
}

/// Names are not looked up: what this machine listens on must not hang on who answers for its name.
pub(super) fn ip_and_port<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        D::Error::custom(format!(
            "found «{text}», expected an IP address and a port such as 127.0.0.1:8080 or [::1]:8080"
        ))
    })
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `sqlite:///var/lib/portique/portique.db?mode=rwc` or `postgres://user:password@host/name`.
    pub url: Secret,
    /// Connections at most (PostgreSQL; readers for SQLite).
    #[serde(default = "default_connections")]
    pub connections: u32,
}

const fn default_connections() -> u32 {
    10
}

#[derive(Clone, Debug)]
pub enum MailSettings {
    /// A mail server.
    Smtp(SmtpSettings),
    /// Kept in memory and shown at `/demo/mailbox`: only with `serve --demo`.
    Demo {},
    /// Named to be refused with a clear word: mails written to a folder are mails that nobody gets.
    File {},
}

#[derive(Clone, Debug)]
pub struct SmtpSettings {
    pub host: String,
    /// 465, 587 or 25 by default, as `tls` asks.
    pub port: Option<u16>,
    pub tls: SmtpTls,
    pub username: Option<String>,
    pub password: Option<Secret>,
    /// PEM of an authority of one's own.
    pub ca_file: Option<PathBuf>,
    pub timeout_seconds: u64,
    /// The name that this machine gives itself.
    pub hello_name: Option<String>,
    /// Lets `tls = "none"` reach further than this machine.
    pub allow_plain_text: bool,
}

/// `[mail]` as written. Not one of serde's tagged enums: these forget which key an error was found under.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MailFile {
    transport: Transport,
    host: Option<String>,
    port: Option<u16>,
    #[serde(default)]
    tls: SmtpTls,
    username: Option<String>,
    password: Option<Secret>,
    ca_file: Option<PathBuf>,
    #[serde(default = "default_timeout")]
    timeout_seconds: u64,
    hello_name: Option<String>,
    #[serde(default)]
    allow_plain_text: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Transport {
    Smtp,
    Demo,
    File,
}

impl<'de> Deserialize<'de> for MailSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let file = MailFile::deserialize(deserializer)?;
        Ok(match file.transport {
            Transport::Demo => Self::Demo {},
            Transport::File => Self::File {},
            Transport::Smtp => Self::Smtp(SmtpSettings {
                host: file.host.ok_or_else(|| D::Error::missing_field("host"))?,
                port: file.port,
                tls: file.tls,
                username: file.username,
                password: file.password,
                ca_file: file.ca_file,
                timeout_seconds: file.timeout_seconds,
                hello_name: file.hello_name,
                allow_plain_text: file.allow_plain_text,
            }),
        })
    }
}

const fn default_timeout() -> u64 {
    30
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretSettings {
    /// Keys that encrypt the queue at rest, the newest first.
    pub keys: Vec<KeySettings>,
    /// Mixed into every password's hash. It can't be changed later without every password being reset.
    #[serde(default)]
    pub pepper: Option<Secret>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeySettings {
    /// 0 to 255, never used again for another key.
    pub id: u8,
    /// 64 hexadecimal digits.
    pub key: Secret,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogSettings {
    /// As `tracing-subscriber` reads it: `info`, `portique=debug`.
    pub filter: String,
    pub format: LogFormat,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self {
            filter: "info,sqlx=warn".into(),
            format: LogFormat::Text,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}
