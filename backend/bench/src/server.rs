//! The server that is measured: the product's own, in this process, configured as in service.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use clap::ValueEnum;
use portique_domain::clock::{Clock, TurnableClock};
use portique_domain::outbox::DeliveryState;
use portique_domain::portal::Portal;
use portique_domain::recovery::LOOKED_UP_WITHIN;
use portique_domain::use_cases::Tools;
use portique_server::adapters::{SystemClock, SystemEntropy};
use portique_server::application::{Application, Surroundings};
use portique_server::config::Config;
use portique_storage::testing::TestDatabase;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::mail_server::MailServer;

/// The portal's key and host.
pub const PORTAL: &str = "neutral";
pub const HOST: &str = "portail.example";
/// The host that asks for cards, where the portal takes them.
pub const CARD_HOST: &str = "carte.portail.example";
/// What the session's cookie is called where the portal is reached over TLS (here a proxy would end it).
pub const COOKIE: &str = "__Host-portique";
/// The same while a sign-in waits for its second step.
pub const STEP_COOKIE: &str = "__Host-portique-step";
/// The product's own default, written down because the bare query gets as many.
pub const CONNECTIONS: u32 = 10;
/// What the neutral preset leaves to each portal. Nothing is written to these addresses.
const OWN: &str = r#"
[support]
name = { fr = "le support", en = "support" }
email = "support@portique-mesure.fr"
phone = "04 98 08 00 80"

[sender]
name = "Portail"
address = "ne-pas-repondre@portique-mesure.fr"

[pages.legal-notice.text]
fr = "Mentions légales."
en = "Legal notice."

[pages.contacts.text]
fr = "Contacts."
en = "Contacts."
"#;
/// Where mails and SMS go if nothing else is said: a measurement that sends none needs nobody there.
const NOBODY: u16 = 9;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// An empty database that goes away with the value; for PostgreSQL on the server that `PORTIQUE_TEST_POSTGRES` names.
    pub async fn database(self) -> TestDatabase {
        match self {
            Self::Sqlite => TestDatabase::sqlite().await,
            Self::Postgres => TestDatabase::postgres().await,
        }
    }
}

/// Writes a configuration for the database at `url` into `folder`; gives the settings' path.
pub fn write_settings(folder: &Path, url: &str) -> anyhow::Result<PathBuf> {
    write_settings_for(folder, url, NOBODY, &Setting::default())
}

/// What of the product's settings is not the same in each measurement.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// Of the one portal.
    pub preset: &'a str,
    /// More keys of that portal.
    pub portal: &'a str,
    /// The port of this machine where a Kannel takes SMS.
    pub sms_port: u16,
    /// More tables of the installation's settings.
    pub tables: &'a str,
}

impl Default for Setting<'_> {
    fn default() -> Self {
        Self {
            preset: PORTAL,
            portal: "",
            sms_port: NOBODY,
            tables: "",
        }
    }
}

/// The same as set, with a mail server on a port of this machine.
fn write_settings_for(
    folder: &Path,
    url: &str,
    mail_port: u16,
    setting: &Setting<'_>,
) -> anyhow::Result<PathBuf> {
    let Setting {
        preset,
        portal,
        sms_port,
        tables,
    } = setting;
    let portals = folder.join("portals");
    fs::create_dir_all(&portals)?;
    fs::write(
        portals.join("portal.toml"),
        format!(
            "preset = \"{preset}\"\nhosts = [\"{HOST}\"]\npublic_url = \"https://{HOST}\"\nservices = []\n{portal}{OWN}"
        ),
    )?;
    let settings = format!(
        "[database]\nurl = \"{url}\"\nconnections = {CONNECTIONS}\n\n\
         [mail]\ntransport = \"smtp\"\nhost = \"localhost\"\nport = {mail_port}\ntls = \"none\"\n\n\
         [sms]\ngateway = \"kannel\"\n\n\
         [sms.kannel]\nurl = \"http://127.0.0.1:{sms_port}/cgi-bin/sendsms\"\nusername = \"portique\"\n\
         password = \"secret\"\nfrom = \"PORTIQUE\"\n\n\
         [secrets]\nkeys = [{{ id = 1, key = \"{}\" }}]\n\n{tables}",
        "5a".repeat(32)
    );
    let file = folder.join("portique.toml");
    fs::write(&file, settings)?;
    Ok(file)
}

/// Lets a minute of the clock pass every so often, until it is aborted: limits that count by the minute leave room for a load.
pub async fn let_minutes_pass(clock: Arc<TurnableClock>, every: Duration) {
    let mut ticks = interval(every);
    loop {
        ticks.tick().await;
        clock.advance(60);
    }
}

/// A server that serves.
pub struct Server {
    pub address: SocketAddr,
    /// Of the host that asks for cards, where TLS ends in the server.
    pub card_address: Option<SocketAddr>,
    pub tools: Tools,
    pub portal: Portal,
    bell: Arc<Notify>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<anyhow::Result<()>>,
    _mails: MailServer,
    _folder: TempDir,
}

impl Server {
    /// Starts the product on `database`. `beside` gets nothing of what holds around the product's routes, `among` gets all.
    pub async fn start(database: &TestDatabase, beside: Router, among: Router) -> anyhow::Result<Self> {
        let clock = Arc::new(SystemClock);
        Self::start_among(database, clock, beside, among, &Setting::default()).await
    }

    /// The product alone, by a clock that may be turned, as it is set.
    pub async fn start_as(
        database: &TestDatabase,
        clock: Arc<dyn Clock>,
        setting: &Setting<'_>,
    ) -> anyhow::Result<Self> {
        Self::start_among(database, clock, Router::new(), Router::new(), setting).await
    }

    async fn start_among(
        database: &TestDatabase,
        clock: Arc<dyn Clock>,
        beside: Router,
        among: Router,
        setting: &Setting<'_>,
    ) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mails = MailServer::start().await?;
        let settings = write_settings_for(folder.path(), &database.url(), mails.port, setting)?;
        let config = Config::read(&settings)?;
        let surroundings = Surroundings {
            clock,
            entropy: Arc::new(SystemEntropy),
        };
        let mut application = Application::build(&config, surroundings, false).await?;
        let among = application.surround(among);
        application.router = application.router.merge(beside).merge(among);
        let tools = application.tools.clone();
        let bell = application.bell();
        let card_address = application.card_tls_address();
        let site = config.sites.iter().next().context("a portal was configured")?;
        let portal = site.portal.clone();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(application.serve(listener, async {
            // Dropped without a word, it means the same.
            drop(stopped.await);
        }));
        Ok(Self {
            address,
            card_address,
            tools,
            portal,
            bell,
            stop,
            serving,
            _mails: mails,
            _folder: folder,
        })
    }

    /// Turns `clock` until whatever was asked for is to be looked up, and waits until nothing is queued any more: everything asked for was looked up, and every mail is gone. Looks every so
    /// often; a look at a long queue is work too.
    pub async fn quiet(&self, clock: &TurnableClock, every: Duration) -> anyhow::Result<()> {
        clock.advance(LOOKED_UP_WITHIN.as_secs().try_into()?);
        self.bell.notify_one();
        let mut looks = interval(every);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let queued = Some(DeliveryState::Queued);
        while !self.tools.store.messages(queued, 1).await?.is_empty() {
            looks.tick().await;
        }
        Ok(())
    }

    /// Ends it, and waits until it has ended.
    pub async fn stop(self) -> anyhow::Result<()> {
        // A server that has ended already tells why below.
        let _ = self.stop.send(());
        self.serving.await?
    }
}
