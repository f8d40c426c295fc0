//! `portique`: reads the command line and tells plainly what goes wrong.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use portique_server::cli;

#[tokio::main]
async fn main() -> ExitCode {
    let command = cli::Cli::parse();
    match cli::run(command, &mut io::stdout()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The chain on one line: «the demo's folder can't be written: permission denied».
            // Nothing can be done when standard error is closed.
            drop(writeln!(io::stderr(), "portique: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
