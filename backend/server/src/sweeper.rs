//! Takes away what has ended: sessions, limits whose 24 hours are over.

use core::time::Duration;

use portique_domain::use_cases::Tools;
use tokio::sync::watch;
use tokio::time::interval;

/// Ended sessions open nothing while they wait: this only keeps the tables small.
const EVERY: Duration = Duration::from_mins(5);

/// Sweeps until told to stop.
pub async fn sweep_now_and_then(tools: Tools, mut stopped: watch::Receiver<bool>) {
    let mut rounds = interval(EVERY);
    loop {
        tokio::select! {
            _ = rounds.tick() => {}
            _ = stopped.wait_for(|stopped| *stopped) => return,
        }
        if let Err(error) = sweep(&tools).await {
            tracing::warn!(%error, "ended sessions could not be swept; they open nothing");
        }
    }
}

async fn sweep(tools: &Tools) -> Result<(), portique_domain::store::StoreError> {
    let mut unit = tools.store.begin().await?;
    unit.sweep(tools.clock.now()).await?;
    unit.commit().await
}
