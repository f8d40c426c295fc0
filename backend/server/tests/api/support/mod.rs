//! What the tests share: the program on a free port, browsers that speak to it, people with accounts.

mod app;
mod browser;
mod captcha;
pub mod card_authorities;
pub mod cards;
mod installation;
mod mail_server;
mod people;
mod program;

use std::time::Duration;

pub use app::{App, surroundings};
pub use browser::{Answer, Browser};
pub use installation::Installation;
pub use mail_server::MailServer;
pub use people::{NEW_PASSWORD, PASSWORD, host};
pub use program::{Ran, Server, free_port, portique, portique_with};

/// Longer than anything here takes on a slow machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks until there is an answer: what was asked for happens on another task, or in another process.
pub async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(found) = ask().await {
                return found;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, asking)
        .await
        .unwrap_or_else(|_| panic!("this never came: {what}"))
}
