//! When the worker looks at the queue: woken, or after a few seconds, until it is told to stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use portique_domain::store::StoreError;
use tokio::sync::Notify;
use tokio::time::timeout;

/// Pause between two looks when nothing wakes the worker (another server queued the message, or it is due again).
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// What each kind of work is woken and stopped by.
#[derive(Default)]
pub(super) struct Rounds {
    pub(super) stop: AtomicBool,
    pub(super) mails: Notify,
    pub(super) texts: Notify,
    pub(super) reports: Notify,
}

impl Rounds {
    /// Works, waits for `woken` or a few seconds, and again.
    pub(super) async fn run<T, F>(&self, woken: &Notify, work: impl Fn() -> F)
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        while !self.stop.load(Ordering::Relaxed) {
            if let Err(error) = work().await {
                tracing::error!(%error, "the queue of messages can't be read");
            }
            if self.stop.load(Ordering::Relaxed) {
                return;
            }
            // Woken or not, it is time to look.
            let _ = timeout(LOOK_EVERY, woken.notified()).await;
        }
    }

    /// Wakes all of them whenever `wake` is told, and stops them at `shutdown`.
    pub(super) async fn pass_on(&self, wake: &Notify, shutdown: impl Future<Output = ()>) {
        let mut shutdown = std::pin::pin!(shutdown);
        while !self.stop.load(Ordering::Relaxed) {
            tokio::select! {
                () = &mut shutdown => self.stop.store(true, Ordering::Relaxed),
                () = wake.notified() => {}
            }
            for kind in [&self.mails, &self.texts, &self.reports] {
                kind.notify_one();
            }
        }
    }
}
