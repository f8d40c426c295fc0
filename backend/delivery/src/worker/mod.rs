//! The queue's worker: takes messages that are due, one after the other or a few at once, until none is left; then waits.
//!
//! Any number of workers, on any number of servers, share the queue: the database gives a message to one of them, for a
//! time. A worker that dies lets go of its messages by dying; another takes them up when [`HOLD`] is over.

mod ending;
mod letter;
mod message;
mod reports;
mod rounds;
mod text_message;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use portique_domain::mail::Mailer;
use portique_domain::outbox::{Channel, HOLD, QueuedMessage};
use portique_domain::portal::{PortalName, Portals};
use portique_domain::store::StoreError;
use portique_domain::use_cases::Tools;
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;

use self::rounds::Rounds;
use crate::render::Quoted;
use crate::sms::Sms;

/// Messages in hand at once: a mail server takes its time to answer, not its processor, and most allow few connections
/// from one client.
const AT_ONCE: usize = 4;

/// Mails in a row that fail for a while before the worker leaves the server in peace until its next look. Without it, a
/// mail server that is down would cost a hash for each of a hundred thousand invitations, for nothing.
const FAILURES_IN_A_ROW: usize = 4;

/// Sends what the queue holds.
pub struct Worker(Arc<Means>);

/// What each message in hand needs.
struct Means {
    tools: Tools,
    portals: Portals,
    /// Of each portal's screens.
    quotes: HashMap<PortalName, Quoted>,
    mailer: Arc<dyn Mailer>,
    /// `None` where no gateway is configured.
    sms: Option<Sms>,
    /// Provisional passwords are hashed one at a time: people who sign in wait for the same processors.
    hashing: Semaphore,
}

/// How a try went, for the pace of those that follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tried {
    /// Left, or will never leave: the mail server answers.
    Settled,
    /// To be tried again, or perhaps sent.
    Unanswered,
}

impl Worker {
    /// `quotes`: what the mails of each portal quote of its screens; a portal that is absent has nothing quoted.
    pub fn new(
        tools: Tools,
        portals: Portals,
        quotes: HashMap<PortalName, Quoted>,
        mailer: Arc<dyn Mailer>,
        sms: Option<Sms>,
    ) -> Self {
        Self(Arc::new(Means {
            tools,
            portals,
            quotes,
            mailer,
            sms,
            hashing: Semaphore::new(1),
        }))
    }

    /// Tries every message that is due, and gives how many; comes back early when the mail server or the gateway fails one after the other.
    /// A future dropped before its end leaves the messages in hand as a crash would: they are tried again after [`HOLD`].
    ///
    /// # Errors
    /// The database's, when messages can't be taken; those in hand are finished first.
    pub async fn run_once(&self) -> Result<usize, StoreError> {
        let never = AtomicBool::new(false);
        let (mails, texts) = tokio::join!(
            self.drain_channel(Channel::Mail, &never),
            self.drain_channel(Channel::Sms, &never)
        );
        self.0.ask_for_reports(&never).await?;
        Ok(mails? + texts?)
    }

    /// Drains the queue, waits for `wake` or a few seconds, and again, until `shutdown` is ready; ends once the messages
    /// in hand are finished, at most some minutes later. Whoever can't wait so long may drop the future.
    ///
    /// Each channel goes its own pace: a gateway that is slow or down keeps no mail waiting, and a mail server no SMS.
    pub async fn run(self, wake: Arc<Notify>, shutdown: impl Future<Output = ()>) {
        let rounds = Rounds::default();
        let mails = rounds.run(&rounds.mails, || self.drain_channel(Channel::Mail, &rounds.stop));
        let texts = rounds.run(&rounds.texts, || self.drain_channel(Channel::Sms, &rounds.stop));
        let reports = rounds.run(&rounds.reports, || self.0.ask_for_reports(&rounds.stop));
        tokio::join!(mails, texts, reports, rounds.pass_on(&wake, shutdown));
    }

    async fn drain_channel(&self, channel: Channel, stop: &AtomicBool) -> Result<usize, StoreError> {
        let (mut in_hand, mut tried, mut failures) = (JoinSet::new(), 0, 0);
        let mut unreadable = None;
        loop {
            let goes_on =
                unreadable.is_none() && failures < FAILURES_IN_A_ROW && !stop.load(Ordering::Relaxed);
            if goes_on && in_hand.len() < AT_ONCE {
                match self.0.take(channel, AT_ONCE - in_hand.len()).await {
                    Ok(messages) => {
                        for message in messages {
                            in_hand.spawn(Arc::clone(&self.0).try_message(message));
                        }
                    }
                    Err(error) => unreadable = Some(error),
                }
            }
            match in_hand.join_next().await {
                None => break,
                Some(Ok(Tried::Settled)) => failures = 0,
                Some(Ok(Tried::Unanswered)) => failures += 1,
                Some(Err(error)) => {
                    failures += 1;
                    tracing::error!(%error, "a message in hand was dropped; it is tried again when its hold ends");
                }
            }
            tried += 1;
        }
        unreadable.map_or(Ok(tried), Err)
    }
}

impl Means {
    /// Takes up to `limit` due messages of a channel in hand.
    async fn take(&self, channel: Channel, limit: usize) -> Result<Vec<QueuedMessage>, StoreError> {
        let now = self.tools.clock.now();
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        let mut unit = self.tools.store.begin().await?;
        let messages = unit.take_due_messages(channel, now, now + HOLD, limit).await?;
        unit.commit().await?;
        Ok(messages)
    }
}
