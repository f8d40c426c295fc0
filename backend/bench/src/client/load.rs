//! Connections that ask, each its next request once it has the answer to the last.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::task::LocalSet;
use tokio::time::{MissedTickBehavior, interval};

use super::cards::Cards;
use super::connection::Connection;
use super::requests::{Requests, Work};
use super::{Done, Order};
use crate::meter;
use crate::statistics::Samples;

/// What the connections share; they take turns on one thread.
struct Shared {
    server: SocketAddr,
    /// How many there are: a connection's next address is that many after its last.
    connections: usize,
    requests: Requests,
    /// Where each turn is a card's whole way.
    cards: Option<Cards>,
    next: Cell<usize>,
    /// When the rate begins to be counted, and when the load ends.
    from: Instant,
    until: Instant,
    pace: Option<Duration>,
    tally: RefCell<Tally>,
}

#[derive(Default)]
struct Tally {
    statuses: BTreeMap<u16, u64>,
    /// Of the answers in the time that counts.
    milliseconds: Vec<f64>,
    first: Option<Instant>,
    last: Option<Instant>,
    sample: String,
}

/// Carries an order out.
pub async fn run(order: Order) -> anyhow::Result<Done> {
    let cpu = meter::cpu_time();
    let cards = match &order.work {
        Work::Cards(sign_ins) => Some(Cards::new(sign_ins)?),
        _ => None,
    };
    let requests = Requests::new(order.work);
    let mut connections = Vec::with_capacity(order.connections);
    for number in 0..order.connections {
        let from = requests.address(number).into();
        connections.push(Connection::open(order.server, from).await?);
    }
    let from = meter::now() + Duration::from_secs_f64(order.warm_up);
    let shared = Rc::new(Shared {
        server: order.server,
        connections: order.connections,
        requests,
        cards,
        next: Cell::new(0),
        from,
        until: from + Duration::from_secs_f64(order.seconds),
        pace: order.pace.map(Duration::from_millis),
        tally: RefCell::default(),
    });
    let local = LocalSet::new();
    let asking: Vec<_> = connections
        .into_iter()
        .enumerate()
        .map(|(number, connection)| {
            local.spawn_local(ask_until_the_end(number, connection, Rc::clone(&shared)))
        })
        .collect();
    local
        .run_until(async {
            for connection in asking {
                connection.await??;
            }
            anyhow::Ok(())
        })
        .await?;
    let tally = shared.tally.take();
    Ok(tally.done((meter::cpu_time().saturating_sub(cpu)).as_secs_f64()))
}

async fn ask_until_the_end(
    mut number: usize,
    mut connection: Connection,
    shared: Rc<Shared>,
) -> anyhow::Result<()> {
    let mut left = shared.requests.each_address();
    let mut pace = shared.pace.map(interval);
    if let Some(pace) = &mut pace {
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    }
    loop {
        if let Some(pace) = &mut pace {
            pace.tick().await;
        }
        if left == 0 {
            number += shared.connections;
            connection = Connection::open(shared.server, shared.requests.address(number).into()).await?;
            left = shared.requests.each_address();
        }
        left -= 1;
        let turn = shared.next.get();
        let asked = meter::now();
        if asked >= shared.until || turn >= shared.requests.most() {
            return Ok(());
        }
        shared.next.set(turn + 1);
        let request = shared.requests.at(turn);
        let from = shared.requests.address(number).into();
        let answer = match &shared.cards {
            Some(cards) => cards.sign_in(turn, from, &mut connection, &request).await?,
            None => connection.ask(&request).await?,
        };
        let answered = meter::now();
        let mut tally = shared.tally.borrow_mut();
        *tally.statuses.entry(answer.status).or_default() += 1;
        if answered >= shared.from && answered < shared.until {
            tally.count(asked, answered);
        }
        if tally.sample.is_empty() {
            tally.sample = String::from_utf8_lossy(answer.body).into_owned();
        }
    }
}

impl Tally {
    fn count(&mut self, asked: Instant, answered: Instant) {
        self.milliseconds
            .push(answered.duration_since(asked).as_secs_f64() * 1e3);
        self.first.get_or_insert(answered);
        self.last = Some(answered);
    }

    #[expect(clippy::cast_precision_loss, reason = "some thousands of answers")]
    fn done(self, cpu: f64) -> Done {
        let per_second = match (self.first, self.last) {
            // From answer to answer: what is under way when the time begins or ends makes no fraction.
            (Some(first), Some(last)) if last > first => {
                (self.milliseconds.len() - 1) as f64 / last.duration_since(first).as_secs_f64()
            }
            _ => f64::NAN,
        };
        let milliseconds: Samples = self.milliseconds.into_iter().collect();
        Done {
            requests: self.statuses.values().sum(),
            statuses: self.statuses,
            per_second,
            median_ms: milliseconds.median(),
            p99_ms: milliseconds.quantile(0.99),
            cpu,
            sample: self.sample,
        }
    }
}
