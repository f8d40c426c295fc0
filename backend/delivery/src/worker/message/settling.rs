//! How a try ended is written down, whatever the database does.

use std::time::Duration;

use portique_domain::outbox::QueuedMessage;
use portique_domain::store::StoreError;

use super::Ending;
use crate::worker::Means;

/// Pauses between tries to write down that a mail left. Together well within the hold that is left by then.
const SETTLE_PAUSES: [Duration; 4] = [
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(9),
];

impl Means {
    /// A mail that left must be written down, or it leaves again: the database gets several chances.
    pub(super) async fn settle(&self, message: &QueuedMessage, ending: &Ending) {
        let mut pauses = SETTLE_PAUSES.into_iter();
        loop {
            match self.write_down(message, ending).await {
                Ok(true) => return,
                Ok(false) => {
                    tracing::warn!(id = %message.id, "another worker took the message up meanwhile");
                    return;
                }
                Err(error) => tracing::error!(id = %message.id, %error, "a try can't be written down"),
            }
            let Some(pause) = pauses.next() else { return };
            wait(pause).await;
        }
    }

    async fn write_down(&self, message: &QueuedMessage, ending: &Ending) -> Result<bool, StoreError> {
        let mut unit = self.tools.store.begin().await?;
        let written = unit
            .settle_message(
                message.id,
                message.attempts,
                ending.state,
                ending.due_at,
                ending.error.as_deref(),
            )
            .await?;
        unit.commit().await?;
        Ok(written)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the pace of the worker: a database that fails is given time, and tests turn tokio's clock"
)]
async fn wait(pause: Duration) {
    tokio::time::sleep(pause).await;
}
