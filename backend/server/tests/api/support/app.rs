//! The real program on a free port.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use portique_domain::audit::AuditEntry;
use portique_domain::card::CardJudge;
use portique_domain::clock::{Clock, FixedClock, TurnableClock};
use portique_domain::outbox::{Message, QueuedMessage};
use portique_domain::recovery::LOOKED_UP_WITHIN;
use portique_domain::store::Store;
use portique_domain::testing::SeededEntropy;
use portique_domain::use_cases::Tools;
use portique_server::application::{Application, Surroundings};
use portique_shared::api::second_step::SecondStepView;
use portique_storage::testing::TestDatabase;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};

use super::{Browser, Installation, host};

/// Two programs on one database must not make the same tokens.
static SEED: AtomicU64 = AtomicU64::new(1);

/// A running program, with the database that it runs on. Dropped, it stops.
pub struct App {
    pub address: SocketAddr,
    /// Where cards are asked for by TLS that ends here.
    pub card_tls_address: Option<SocketAddr>,
    /// Where a proxy brings cards.
    pub card_proxy_address: Option<SocketAddr>,
    /// What the rules work with: another way to the program's own database, clock and hashing threads.
    pub tools: Tools,
    pub clock: Arc<TurnableClock>,
    pub database: Arc<TestDatabase>,
    pub installation: Installation,
    pub http: reqwest::Client,
    bell: Arc<Notify>,
    _stop: oneshot::Sender<()>,
}

impl App {
    /// The four presets on `database`.
    pub async fn start(database: TestDatabase) -> Self {
        let installation = Installation::new(&database.url());
        Self::start_from(database, installation, false).await
    }

    /// The same as a demo, with its sample accounts and its mailbox.
    pub async fn demo(database: TestDatabase) -> Self {
        let installation = Installation::demo(&database.url());
        Self::start_from(database, installation, true).await
    }

    /// From an installation of one's own. Two programs may run on one database.
    pub async fn start_from(
        database: impl Into<Arc<TestDatabase>>,
        installation: Installation,
        demo: bool,
    ) -> Self {
        Self::start_at(database, installation, demo, 0, None).await
    }

    /// The same in service, on a port that somebody was told of before.
    pub async fn start_on(database: TestDatabase, installation: Installation, port: u16) -> Self {
        Self::start_at(database, installation, false, port, None).await
    }

    /// The same in service, with cards judged by another judge than the configuration's.
    pub async fn start_judging(
        database: impl Into<Arc<TestDatabase>>,
        installation: Installation,
        judge: Arc<dyn CardJudge>,
    ) -> Self {
        Self::start_at(database, installation, false, 0, Some(judge)).await
    }

    async fn start_at(
        database: impl Into<Arc<TestDatabase>>,
        installation: Installation,
        demo: bool,
        port: u16,
        judge: Option<Arc<dyn CardJudge>>,
    ) -> Self {
        let config = installation.read().unwrap_or_else(|errors| panic!("{errors}"));
        let (clock, surroundings) = surroundings();
        let application = Application::build_judging_by(&config, surroundings, demo, judge)
            .await
            .unwrap_or_else(|error| panic!("{error:#}"));
        let tools = application.tools.clone();
        let bell = application.bell();
        let card_tls_address = application.card_tls_address();
        let card_proxy_address = application.card_proxy_address();
        let listener = TcpListener::bind(("127.0.0.1", port))
            .await
            .expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(application.serve(listener, async move { drop(stopped.await) }));
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client without TLS needs nothing");
        Self {
            address,
            card_tls_address,
            card_proxy_address,
            tools,
            bell,
            clock,
            database: database.into(),
            installation,
            http,
            _stop: stop,
        }
    }

    /// A fresh browser on the portal of that preset.
    pub fn browser(&self, preset: &str) -> Browser<'_> {
        Browser::new(self, host(preset))
    }

    /// What no well-behaved client would send, byte by byte, and the whole answer.
    pub async fn spoken_by_hand(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.address)
            .await
            .expect("the program listens");
        stream
            .write_all(request.as_bytes())
            .await
            .expect("the program reads");
        let mut answer = Vec::new();
        stream
            .read_to_end(&mut answer)
            .await
            .expect("the program answers");
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Turns the clock until whatever was asked for is to be looked up, and wakes the queue.
    pub fn let_the_queue_work(&self) {
        let seconds = LOOKED_UP_WITHIN.as_secs().try_into().expect("some seconds");
        self.clock.advance(seconds);
        self.bell.notify_one();
    }

    /// Wakes the queue.
    pub fn ring(&self) {
        self.bell.notify_one();
    }

    /// Turns the clock.
    pub fn wait_minutes(&self, minutes: u32) {
        self.clock.advance(minutes * 60);
    }

    /// Every message of the queue, whatever became of it.
    pub async fn queue(&self) -> Vec<QueuedMessage> {
        self.database.messages(None, 1_000).await.unwrap()
    }

    /// The one-time code that was sent last for the sign-in that waits so.
    pub async fn code(&self, step: &SecondStepView) -> String {
        let sent = step.sent.as_ref().expect("a code was sent");
        let queue = self.queue().await;
        let messages = queue.iter().filter(|message| message.kind == "sign_in_code");
        let mut codes = messages.filter_map(|message| match message.open(&self.tools.keyring).unwrap() {
            Message::SignInCode { code, reference, .. } if reference.as_str() == sent.reference => Some(code),
            _ => None,
        });
        codes.next().expect("it is in the queue").to_string()
    }

    /// The whole audit trail.
    pub async fn trail(&self) -> Vec<AuditEntry> {
        self.database.audit_entries(0, 10_000).await.unwrap()
    }

    /// What the trail says of one action: the results, in order.
    pub async fn results_of(&self, action: &str) -> Vec<String> {
        let trail = self.trail().await.into_iter();
        trail
            .filter(|entry| entry.action == action)
            .map(|entry| entry.result)
            .collect()
    }
}

/// A clock that stands still until it is turned, and randomness of its own for each program.
pub fn surroundings() -> (Arc<TurnableClock>, Surroundings) {
    let start = "2026-01-05T08:00:00Z".parse().expect("a time");
    let clock = Arc::new(TurnableClock::new(Arc::new(FixedClock(start))));
    let surroundings = Surroundings {
        clock: clock.clone(),
        entropy: Arc::new(SeededEntropy::new(SEED.fetch_add(1, Ordering::Relaxed))),
    };
    (clock, surroundings)
}
