//! Putting it together: the same for `main` and for the tests.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use portique_cards::{Cards, HttpFetch};
use portique_delivery::mailbox::DemoMailbox;
use portique_delivery::sms::Sms;
use portique_delivery::worker::Worker;
use portique_domain::card::CardJudge;
use portique_domain::clock::{Clock, TurnableClock};
use portique_domain::entropy::Entropy;
use portique_domain::mail::Mailer;
use portique_domain::password::{PasswordHasher, Pepper};
use portique_domain::use_cases::Tools;
use portique_storage::{Database, Options};
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};

use crate::card_host::{CardListeners, refresh_now_and_then};
use crate::config::Config;
use crate::connections;
use crate::demo::{Demo, copied_cards, create_samples};
use crate::http::surround::surround;
use crate::routes::router;
use crate::shell::Shells;
use crate::site::Sites;
use crate::state::{AppState, CardsState, Shared};
use crate::sweeper::sweep_now_and_then;

/// The program, ready to serve.
pub struct Application {
    pub router: Router,
    pub tools: Tools,
    state: AppState,
    worker: Worker,
    bell: Arc<Notify>,
    /// What the configuration has cards judged by.
    cards: Option<Arc<Cards>>,
    card_listeners: CardListeners,
}

/// Time and randomness, from the system or from a test.
#[derive(Clone)]
pub struct Surroundings {
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

/// What the rules work with, on the configuration's database, brought up to date.
pub async fn tools(
    config: &Config,
    surroundings: Surroundings,
    hashing_threads: usize,
) -> anyhow::Result<Tools> {
    let options = Options {
        connections: config.settings.database.connections,
        ..Options::default()
    };
    let database = Database::connect(&config.database_url, options).await?;
    database.migrate().await?;
    let pepper = config
        .pepper
        .as_ref()
        .map_or(Pepper::none(), |pepper| Pepper::new(pepper.as_bytes()));
    let Surroundings { clock, entropy } = surroundings;
    Ok(Tools {
        store: Arc::new(database),
        hasher: PasswordHasher::start(hashing_threads, &pepper, entropy.as_ref()),
        clock,
        entropy,
        keyring: config.keyring.clone(),
    })
}

impl Application {
    /// Builds the program on a configuration. With `demo` the clock can be turned, mails stay in a mailbox, and sample accounts are
    /// created; without it, a configuration that keeps mails is refused.
    pub async fn build(config: &Config, surroundings: Surroundings, demo: bool) -> anyhow::Result<Self> {
        Self::build_judging_by(config, surroundings, demo, None).await
    }

    /// The same with another judge of cards than the configuration's, if there is one: for who tests what follows a judgement.
    pub async fn build_judging_by(
        config: &Config,
        surroundings: Surroundings,
        demo: bool,
        judge: Option<Arc<dyn CardJudge>>,
    ) -> anyhow::Result<Self> {
        let clock = Arc::new(TurnableClock::new(Arc::clone(&surroundings.clock)));
        let surroundings = if demo {
            Surroundings {
                clock: clock.clone(),
                ..surroundings
            }
        } else {
            surroundings
        };
        let mailbox = DemoMailbox::new();
        let mailer = mailer(config, demo, &mailbox)?;
        let sms = sms(config, demo, &mailbox)?;
        let tools = tools(config, surroundings, hashing_threads(config)).await?;
        if demo {
            create_samples(&tools, &config.sites).await?;
        }
        let cards = cards(config, &tools)?;
        if !demo {
            warn_of_test_cards(&config.sites);
        }
        let judge = judge.or_else(|| cards.clone().map(|cards| cards as Arc<dyn CardJudge>));
        let bell = Arc::new(Notify::new());
        let worker = Worker::new(
            tools.clone(),
            config.sites.portals(),
            config.sites.quoted_by_mails(),
            mailer,
            sms.clone(),
        );
        let state = AppState::new(Shared {
            tools: tools.clone(),
            sites: Arc::new(config.sites.clone()),
            shells: Arc::new(Shells::render(&config.sites)?),
            trusted_proxies: config.settings.server.trusted_proxies.clone().into(),
            outbox_bell: Arc::clone(&bell),
            sms,
            cards: config
                .cards
                .as_ref()
                .zip(judge)
                .map(|(config, judge)| CardsState {
                    judge,
                    proxy: config.proxy.clone(),
                }),
            demo: demo.then(|| {
                let cards = copied_cards(&config.folder);
                Arc::new(Demo {
                    mailbox,
                    clock,
                    cards,
                })
            }),
        });
        let authorities = cards.as_ref().map(|cards| cards.authority_names());
        let card_listeners = CardListeners::bind(config, &authorities.unwrap_or_default(), &state).await?;
        Ok(Self {
            router: router(&state),
            tools,
            state,
            worker,
            bell,
            cards,
            card_listeners,
        })
    }

    /// Where browsers show their cards, where TLS ends here.
    pub fn card_tls_address(&self) -> Option<SocketAddr> {
        self.card_listeners.tls_address()
    }

    /// Where proxies bring cards.
    pub fn card_proxy_address(&self) -> Option<SocketAddr> {
        self.card_listeners.proxy_address()
    }

    /// Wakes the queue's worker: for who turned the clock, and can't wait for its next look.
    pub fn bell(&self) -> Arc<Notify> {
        Arc::clone(&self.bell)
    }

    /// Gives `routes` all that holds around the product's own: for who measures the difference.
    pub fn surround(&self, routes: Router) -> Router {
        surround(routes, self.state.clone())
    }

    /// Serves until `stop` completes, then finishes what is under way: requests, and the message in hand.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let (stopping, stopped) = watch::channel(false);
        let mut worker_stopped = stopped.clone();
        let worker = tokio::spawn(async move {
            self.worker
                .run(self.bell, async move {
                    drop(worker_stopped.wait_for(|stopped| *stopped).await);
                })
                .await;
        });
        let refresher = self.cards.map(|cards| {
            let clock = Arc::clone(&self.tools.clock);
            tokio::spawn(refresh_now_and_then(cards, clock, stopped.clone()))
        });
        let card_stopped = stopped.clone();
        let card_host = tokio::spawn(self.card_listeners.serve(move || {
            let mut stopped = card_stopped.clone();
            async move { drop(stopped.wait_for(|stopped| *stopped).await) }
        }));
        let sweeper = tokio::spawn(sweep_now_and_then(self.tools, stopped));
        connections::serve(listener, self.router, async move {
            stop.await;
            // The receivers are held by the tasks below.
            let _ = stopping.send(true);
        })
        .await;
        worker.await.context("the mail worker failed")?;
        sweeper.await.context("the sweeper failed")?;
        card_host.await.context("the card host failed")?;
        if let Some(refresher) = refresher {
            refresher
                .await
                .context("the refresher of lists of revoked cards failed")?;
        }
        Ok(())
    }
}

fn mailer(config: &Config, demo: bool, mailbox: &DemoMailbox) -> anyhow::Result<Arc<dyn Mailer>> {
    if !demo {
        return Ok(Arc::new(config.smtp_mailer()?));
    }
    anyhow::ensure!(
        config.is_demo(),
        "{}: key `mail.transport`: expected \"demo\" with --demo, which must not send real mails",
        config.file.display()
    );
    Ok(Arc::new(mailbox.clone()))
}

fn sms(config: &Config, demo: bool, mailbox: &DemoMailbox) -> anyhow::Result<Option<Sms>> {
    if !demo {
        return Ok(config.sms()?);
    }
    let Some(settings) = &config.settings.sms else {
        return Ok(None);
    };
    anyhow::ensure!(
        settings.is_demo(),
        "{}: key `sms.gateway`: expected \"demo\" with --demo, which must not send real SMS",
        config.file.display()
    );
    Ok(Some(Sms {
        gateway: Arc::new(mailbox.clone()),
        reports_to: None,
    }))
}

/// What judges cards, with all that is configured of them.
fn cards(config: &Config, tools: &Tools) -> anyhow::Result<Option<Arc<Cards>>> {
    let Some(settings) = &config.cards else {
        return Ok(None);
    };
    let fetch = match &settings.fetch_proxy {
        Some(proxy) => HttpFetch::through(proxy)?,
        None => HttpFetch::new()?,
    };
    let cards = Cards::open(
        settings.judging.clone(),
        Arc::new(fetch),
        Arc::clone(&tools.entropy),
        tools.clock.now(),
    )?;
    for warning in cards.warnings() {
        tracing::warn!(warning, "authorities of cards");
    }
    Ok(Some(Arc::new(cards)))
}

/// Says in the log which portals a card opens that was issued to nobody.
fn warn_of_test_cards(sites: &Sites) {
    for site in sites.iter() {
        let portal = &site.portal;
        if portal.card.as_ref().is_some_and(|card| card.test_cards) {
            tracing::warn!(
                portal = portal.name.as_str(),
                "card.test_cards: test cards are taken, which are for demonstrations and trials alone"
            );
        }
    }
}

/// One thread a core, unless the settings say otherwise.
fn hashing_threads(config: &Config) -> usize {
    match config.settings.server.hashing_threads {
        0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        threads => threads,
    }
}
