//! How long an agency's file takes to import, checked against the national directory's extraction.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::interval;

use crate::server::{Kind, PORTAL, write_settings};
use crate::{meter, report};

const PEOPLE: &str = "100000";
const LINES: &str = "2000000";
/// The peak of a process is read while it lives: this often.
const LOOK: Duration = Duration::from_millis(10);

pub async fn run(portique: &Path, generate: &Path) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (people, extraction) = (
        folder.path().join("people.csv"),
        folder.path().join("extraction.txt"),
    );
    let made = Command::new(generate)
        .arg(&people)
        .arg(PEOPLE)
        .arg(&extraction)
        .arg(LINES)
        .status()
        .await?;
    anyhow::ensure!(made.success(), "no people and no extraction could be made up");
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = kind.database().await;
        let settings = folder.path().join(kind.name());
        std::fs::create_dir(&settings)?;
        let settings = write_settings(&settings, &database.url())?;
        let import = Command::new(portique)
            .arg("--config")
            .arg(settings)
            .args(["account", "import", "--portal", PORTAL, "--directory"])
            .args([&extraction, &people])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (seconds, peak, said) = watched(import).await?;
        report::title(format!(
            "Import of {PEOPLE} people on {}, checked against {LINES} lines",
            kind.name()
        ))?;
        report::line("elapsed", format!("{seconds:.1}"), "s")?;
        report::line("memory at its peak", format!("{peak:.0}"), "MiB")?;
        report::line("it says", said.lines().last().unwrap_or_default(), "")?;
    }
    Ok(())
}

/// Waits for a process; gives its seconds, its peak of memory (MiB) and what it said.
async fn watched(process: tokio::process::Child) -> anyhow::Result<(f64, f64, String)> {
    let id = process.id();
    let start = meter::now();
    let mut peak: f64 = 0.0;
    let mut looks = interval(LOOK);
    let ended = process.wait_with_output();
    tokio::pin!(ended);
    let output = loop {
        tokio::select! {
            output = &mut ended => break output?,
            _ = looks.tick() => {
                // Between its end and ours it has no memory to tell of.
                if let Some(memory) = id.and_then(|id| meter::memory_of(id).ok()) {
                    peak = peak.max(memory.peak);
                }
            }
        }
    };
    let seconds = start.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    anyhow::ensure!(
        output.status.success(),
        "the import failed: {said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok((seconds, peak, said))
}
