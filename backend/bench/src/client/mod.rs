//! The load, in a process of its own: so little that what it takes from the cores hardly shows, and it says how much.
//!
//! It reads orders from its input, one a line in JSON, and writes what came of each on its output.

mod cards;
mod connection;
mod load;
mod requests;

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

pub use cards::{CardSignIns, ShownCard};
pub use connection::Connection;
pub use requests::{Work, get, one_of_many, post, strong_sign_in};

/// What to do, where, how much.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    pub server: SocketAddr,
    pub work: Work,
    pub connections: usize,
    /// Seconds of load before the rate is counted.
    pub warm_up: f64,
    /// Seconds in which the rate is counted.
    pub seconds: f64,
    /// Milliseconds from one request of a connection to its next; without, the next follows the answer.
    pub pace: Option<u64>,
}

/// What came of it. Counts are of the whole load; the rate and the times are of the seconds asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Done {
    pub requests: u64,
    pub statuses: BTreeMap<u16, u64>,
    /// Answers a second.
    pub per_second: f64,
    /// Milliseconds from a request to its answer.
    pub median_ms: f64,
    pub p99_ms: f64,
    /// Seconds of processor that this process used.
    pub cpu: f64,
    /// The last answer's body.
    pub sample: String,
}

/// Serves orders until the input ends.
pub fn serve_orders() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    for line in io::stdin().lock().lines() {
        let order: Order = serde_json::from_str(&line?)?;
        let done = runtime.block_on(load::run(order))?;
        let mut out = io::stdout().lock();
        serde_json::to_writer(&mut out, &done)?;
        writeln!(out)?;
        out.flush()?;
    }
    Ok(())
}
