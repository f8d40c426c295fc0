//! What clicking blindly is worth: how many pictures a program passes that chooses any cell, from one address under the
//! limits, and how many it would pass without them.

use std::sync::Arc;

use anyhow::Context as _;
use portique_domain::captcha::puzzle::COUNT;
use portique_domain::clock::{Clock, TurnableClock};
use portique_domain::entropy::below;
use portique_server::adapters::{SystemClock, SystemEntropy};
use portique_shared::api::captcha::{CaptchaAnswer, PictureChallenge};
use portique_shared::api::paths;
use portique_shared::api::problem::{FieldReason, Problem};
use portique_shared::api::recovery::RecoveryRequest;
use serde::Serialize;

use crate::client::{Connection, one_of_many, post};
use crate::report;
use crate::server::{Kind, Server, Setting};

/// Pictures of one connection. Fewer than an address may get wrong before it has to wait.
const OF_ONE_CONNECTION: usize = 10;

/// How the program goes about it.
#[derive(Clone, Copy)]
struct Habits {
    name: &'static str,
    /// Whether it has one address only, or a new one before the limits of the last are met.
    one_address: bool,
    /// Whether it passes over the pictures in which chance has more than the fewest cells to choose from.
    fewest_cells: bool,
}

const HABITS: [Habits; 3] = [
    Habits {
        name: "any cell of every picture, from one address",
        one_address: true,
        fewest_cells: false,
    },
    Habits {
        name: "any cell of the pictures of fewest icons, from one address",
        one_address: true,
        fewest_cells: true,
    },
    Habits {
        name: "any cell of every picture, a new address every ten: no limit is met",
        one_address: false,
        fewest_cells: false,
    },
];

pub async fn run(kind: Kind, challenges: usize) -> anyhow::Result<()> {
    for habits in HABITS {
        report::title(format!("{}, on {}", habits.name, kind.name()))?;
        let tally = click(kind, habits, challenges).await?;
        tally.report(habits)?;
    }
    Ok(())
}

/// What came of it.
#[derive(Default)]
struct Tally {
    pictures: usize,
    /// Of the forms sent with a picture's cell: passed, wrong, sent away unread for the delay.
    passed: usize,
    wrong: usize,
    sent_away: usize,
    /// By the server's clock.
    hours: f64,
}

/// A program that clicks, and the clock that it may turn where others wait.
struct Clicker<'a> {
    server: &'a Server,
    clock: Arc<TurnableClock>,
    habits: Habits,
    tally: Tally,
}

async fn click(kind: Kind, habits: Habits, challenges: usize) -> anyhow::Result<Tally> {
    let database = kind.database().await;
    let clock = Arc::new(TurnableClock::new(Arc::new(SystemClock)));
    let server = Server::start_as(
        &database,
        clock.clone(),
        &Setting {
            preset: "normandie",
            ..Setting::default()
        },
    )
    .await?;
    let start = clock.now();
    let mut clicker = Clicker {
        server: &server,
        clock: Arc::clone(&clock),
        habits,
        tally: Tally::default(),
    };
    let mut number = 0;
    while clicker.tally.pictures < challenges {
        let from = one_of_many(3, if habits.one_address { 0 } else { number });
        let mut connection = Connection::open(server.address, from.into()).await?;
        for _ in 0..OF_ONE_CONNECTION.min(challenges - clicker.tally.pictures) {
            clicker.one_picture(&mut connection).await?;
        }
        if !habits.one_address {
            // The portal has limits of its own, by the minute.
            clock.advance(60);
        }
        number += 1;
    }
    let mut tally = clicker.tally;
    tally.hours = clock.now().duration_since(start).as_secs_f64() / 3_600.0;
    server.stop().await?;
    Ok(tally)
}

impl Clicker<'_> {
    /// Asks for a picture and sends the form with any of its cells.
    async fn one_picture(&mut self, connection: &mut Connection) -> anyhow::Result<()> {
        let challenge = self.picture(connection).await?;
        self.tally.pictures += 1;
        if self.habits.fewest_cells && usize::from(challenge.count) > *COUNT.start() {
            return Ok(());
        }
        let cell = below(&SystemEntropy, challenge.count.into());
        let form = RecoveryRequest {
            // Somebody else each time: the limit on one subject is another's affair.
            subject: format!("personne.inconnue.{}", self.tally.pictures),
            captcha: Some(CaptchaAnswer::Picture {
                id: challenge.id,
                cell: u8::try_from(cell)?,
            }),
        };
        let answer = ask(connection, paths::RECOVERY_PASSWORD, &form).await?;
        match answer.status {
            202 => self.tally.passed += 1,
            422 => {
                let problem: Problem = serde_json::from_slice(&answer.body)?;
                let refused = problem.fields.iter().map(|field| &field.reason);
                anyhow::ensure!(
                    refused.eq([&FieldReason::CaptchaRefused]),
                    "the form was refused for something else: {:?}",
                    problem.fields
                );
                self.tally.wrong += 1;
            }
            429 => {
                self.tally.sent_away += 1;
                self.let_the_time_pass(&answer)?;
            }
            other => anyhow::bail!("the form was answered {other}"),
        }
        Ok(())
    }

    async fn picture(&mut self, connection: &mut Connection) -> anyhow::Result<PictureChallenge> {
        loop {
            let answer = ask(connection, paths::CAPTCHA_PICTURE, &()).await?;
            match answer.status {
                200 => return Ok(serde_json::from_slice(&answer.body)?),
                429 => self.let_the_time_pass(&answer)?,
                other => anyhow::bail!("a picture was answered {other}"),
            }
        }
    }

    /// To the moment when the server takes another try, by its own word.
    fn let_the_time_pass(&self, refusal: &Answered) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.habits.one_address,
            "a limit was met where none should be: {}",
            self.server.address
        );
        let problem: Problem = serde_json::from_slice(&refusal.body)?;
        let seconds = problem.retry_after.context("a refusal that tells no time")?;
        self.clock.advance(seconds);
        Ok(())
    }
}

impl Tally {
    #[expect(clippy::cast_precision_loss, reason = "some thousands of pictures")]
    fn report(&self, habits: Habits) -> std::io::Result<()> {
        let read = self.passed + self.wrong;
        report::line("pictures asked for", self.pictures, "")?;
        report::line("forms sent", read + self.sent_away, "")?;
        report::line("sent away for the delay", self.sent_away, "")?;
        report::line("answers judged", read, "")?;
        report::line("passed", self.passed, "")?;
        let share = 100.0 * self.passed as f64 / read as f64;
        report::line("passed, of those judged", format!("{share:.1}"), "%")?;
        if habits.one_address {
            report::line("by the server's clock", format!("{:.1}", self.hours), "hours")?;
            let per_hour = self.passed as f64 / self.hours;
            report::line("passes per hour and address", format!("{per_hour:.2}"), "")?;
        }
        Ok(())
    }
}

/// An answer that outlives the next request.
struct Answered {
    status: u16,
    body: Vec<u8>,
}

async fn ask(connection: &mut Connection, path: &str, body: &impl Serialize) -> anyhow::Result<Answered> {
    let request = post(path, &serde_json::to_string(body)?);
    let answer = connection.ask(&request).await?;
    Ok(Answered {
        status: answer.status,
        body: answer.body.to_vec(),
    })
}
