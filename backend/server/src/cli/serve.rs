//! `portique serve`.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use tokio::net::TcpListener;

use super::system;
use crate::application::Application;
use crate::config::{Config, LogSettings};
use crate::demo::{self, SampleCards};
use crate::logging;

#[derive(Args)]
pub(super) struct Serve {
    /// Four portals with sample accounts, on a fresh database; mails are kept, to be read on a page.
    #[arg(long)]
    demo: bool,
    /// The demo's port.
    #[arg(long, requires = "demo", default_value_t = 8080)]
    port: u16,
    /// The demo's folder, written anew [default: portique-demo-PORT in the folder for temporary files].
    #[arg(long, requires = "demo", value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Sample cards for the demo, as `portique-test-authority make` wrote them [default: none, and no portal takes cards].
    #[arg(long, requires = "demo", value_name = "FOLDER")]
    cards: Option<PathBuf>,
    /// The port on which the demo asks for cards.
    #[arg(long, requires = "cards", default_value_t = 8443)]
    cards_port: u16,
}

pub(super) async fn run(serve: &Serve, file: &Path, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    if serve.demo {
        run_demo(serve, out).await
    } else {
        run_for_real(file, out).await
    }
}

async fn run_for_real(file: &Path, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    let config = Config::read(file)?;
    logging::start(&config.settings.log)?;
    let application = Application::build(&config, system(), false).await?;
    let listener = listen(config.settings.server.listen).await?;
    for site in config.sites.iter() {
        writeln!(out, "{}: {}", site.portal.name, site.portal.public_url)?;
    }
    if let Some(address) = application.card_tls_address() {
        writeln!(out, "Asking browsers for cards on https://{address}")?;
    }
    if let Some(address) = application.card_proxy_address() {
        writeln!(out, "Taking cards from proxies on http://{address}")?;
    }
    writeln!(out, "Listening on http://{}", listener.local_addr()?)?;
    out.flush()?;
    application.serve(listener, interrupted()).await?;
    writeln!(out, "Stopped.")?;
    Ok(())
}

async fn run_demo(serve: &Serve, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    // The port first: a demo that can't start must not wipe the one that runs.
    let listener = listen(SocketAddr::from(([127, 0, 0, 1], serve.port))).await?;
    let folder = serve
        .data
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join(format!("portique-demo-{}", serve.port)));
    let surroundings = system();
    let cards = serve.cards.as_deref().map(|made| SampleCards {
        made,
        port: serve.cards_port,
    });
    let file = demo::write_configuration(&folder, serve.port, cards.as_ref(), surroundings.entropy.as_ref())
        .with_context(|| format!("the demo's folder {} can't be written", folder.display()))?;
    let config = Config::read(&file)?;
    logging::start(&LogSettings {
        filter: "warn".into(),
        ..config.settings.log.clone()
    })?;
    let application = Application::build(&config, surroundings, true).await?;
    tell(serve.port, cards.as_ref(), &file, out)?;
    application.serve(listener, interrupted()).await?;
    writeln!(out, "\nThe demo has ended.")?;
    Ok(())
}

fn tell(port: u16, cards: Option<&SampleCards<'_>>, file: &Path, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "\nPortique's demo is ready:\n")?;
    for (preset, host) in demo::PORTALS {
        writeln!(out, "  {preset:<10} http://{host}:{port}")?;
    }
    writeln!(out, "\nSample accounts, on each of them:\n")?;
    for sample in &demo::SAMPLES {
        writeln!(
            out,
            "  {:<20} {:<16} {}",
            sample.identifier, sample.password, sample.words
        )?;
    }
    writeln!(
        out,
        "\nTheir e-mail, for what is asked for by it: praticien@demo.example and so on"
    )?;
    writeln!(
        out,
        "Mails that would have left: http://localhost:{port}/demo/mailbox"
    )?;
    if let Some(cards) = cards {
        writeln!(
            out,
            "Sample CPS cards, to sign in with: http://localhost:{port}/demo/cards (asked for on {})",
            cards.url()
        )?;
    }
    writeln!(
        out,
        "Settings, for the other commands: portique --config {} …",
        file.display()
    )?;
    writeln!(out, "Ctrl-C ends it.")?;
    out.flush()
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => anyhow::anyhow!(
                "port {} is in use already: end what uses it, or choose another port",
                address.port()
            ),
            std::io::ErrorKind::PermissionDenied => anyhow::anyhow!(
                "port {} is not allowed to this user: choose one above 1023",
                address.port()
            ),
            _ => anyhow::anyhow!("{address} can't be listened on: {error}"),
        })
}

/// Completes on Ctrl-C, and on the signal with which service managers end a program.
async fn interrupted() {
    let ctrl_c = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = ctrl_c => {}
        () = terminated => {}
    }
}
