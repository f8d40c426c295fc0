//! Keeps what is known of revoked cards up to date.

use core::time::Duration;
use std::sync::Arc;

use portique_cards::Cards;
use portique_domain::clock::Clock;
use tokio::sync::watch;
use tokio::time::interval;

/// Between two looks at which lists are due.
const EVERY: Duration = Duration::from_mins(1);

/// Fetches lists that are due until told to stop; one that is being fetched then is fetched again after the next start.
pub async fn refresh_now_and_then(
    cards: Arc<Cards>,
    clock: Arc<dyn Clock>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut rounds = interval(EVERY);
    loop {
        let round = async {
            rounds.tick().await;
            cards.refresh_due(clock.now()).await;
        };
        tokio::select! {
            () = round => {}
            _ = stopped.wait_for(|stopped| *stopped) => return,
        }
    }
}
