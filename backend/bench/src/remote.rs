//! The load's process, seen from the server's.

use std::process::Stdio;

use anyhow::Context as _;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::client::{Done, Order};

/// A process that carries orders out, one after the other. It ends with this value.
pub struct Remote {
    orders: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl Remote {
    pub fn start() -> anyhow::Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg("client")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        Ok(Self {
            orders: process.stdin.take().context("the input was piped")?,
            answers: BufReader::new(process.stdout.take().context("the output was piped")?).lines(),
            _process: process,
        })
    }

    /// Has an order carried out.
    pub async fn run(&mut self, order: &Order) -> anyhow::Result<Done> {
        let mut line = serde_json::to_vec(order)?;
        line.push(b'\n');
        self.orders.write_all(&line).await?;
        let answer = self.answers.next_line().await?;
        Ok(serde_json::from_str(
            &answer.context("the load's process ended")?,
        )?)
    }
}
