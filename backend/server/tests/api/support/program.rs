//! The built program, run as people run it.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout};

use super::PATIENCE;

/// How a command ended, and what it said.
#[derive(Debug)]
pub struct Ran {
    pub ok: bool,
    pub out: String,
    pub err: String,
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portique"));
    command
        .args(arguments)
        .env_remove("PORTIQUE_CONFIG")
        .stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub fn portique(arguments: &[&str]) -> Ran {
    portique_with(arguments, &[])
}

/// The same with variables in its environment.
pub fn portique_with(arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
    let output = command(arguments).envs(environment.iter().copied()).output();
    let Output {
        status,
        stdout,
        stderr,
    } = output.expect("the program was built");
    Ran {
        ok: status.success(),
        out: String::from_utf8(stdout).expect("text is UTF-8"),
        err: String::from_utf8(stderr).expect("text is UTF-8"),
    }
}

/// A program that serves. Dropped, it is killed.
pub struct Server {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Server {
    /// Starts it; what it logs goes to the file `log`.
    pub fn start(arguments: &[&str], log: &Path) -> Self {
        let log = std::fs::File::create(log).expect("the test's folder can be written");
        let mut command = tokio::process::Command::from(command(arguments));
        let command = command.stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
        let mut child = command.spawn().expect("the program was built");
        let stdout = child.stdout.take().expect("it is piped");
        Self {
            child,
            lines: BufReader::new(stdout).lines(),
        }
    }

    /// Reads on until a line holds `text`, and gives what was read.
    pub async fn said(&mut self, text: &str) -> String {
        let mut read = String::new();
        let reading = async {
            while let Some(line) = self.lines.next_line().await.expect("text is UTF-8") {
                read.push_str(&line);
                read.push('\n');
                if line.contains(text) {
                    return;
                }
            }
            panic!("it ended without a word of {text:?}:\n{read}");
        };
        let in_time = tokio::time::timeout(PATIENCE, reading).await;
        in_time.unwrap_or_else(|_| panic!("it never said {text:?}"));
        read
    }

    /// Sends it a signal: `INT` is Ctrl-C.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().expect("it runs").to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.expect("every system has kill").success());
    }

    /// Waits for its end: its exit code, `None` where a signal ended it, and what it still said.
    pub async fn ended(mut self) -> (Option<i32>, String) {
        let mut rest = String::new();
        let ending = async {
            while let Some(line) = self.lines.next_line().await.expect("text is UTF-8") {
                rest.push_str(&line);
                rest.push('\n');
            }
            self.child.wait().await.expect("it was started here").code()
        };
        let code = tokio::time::timeout(PATIENCE, ending).await;
        (code.expect("it ends"), rest)
    }
}

/// A port on which nobody listens.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it is bound").port()
}
