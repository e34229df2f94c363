//! Starts the host and prints the address to open.
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use std::net::Ipv4Addr;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Parser;
use counterfoil_client::{Client, OpenOptions};
use counterfoil_devhost::{Token, router};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Serves Counterfoil's screens and core to a browser on this machine.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Where the data of this device is kept.
    #[arg(long, env = "COUNTERFOIL_DATA_DIR")]
    data_dir: PathBuf,
    /// Where files are kept that people ask for [default: `downloads` beside the data].
    #[arg(long, env = "COUNTERFOIL_DOWNLOADS")]
    downloads: Option<PathBuf>,
    /// The folder of the built screens [default: ui/dist of the tree this program was built in].
    #[arg(long)]
    ui: Option<PathBuf>,
    /// The loopback port; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
}

#[tokio::main]
async fn main() -> Result<()> {
    // Before anything else: a second provider, or none, panics at the first connection.
    let _ = rustls::crypto::ring::default_provider().install_default();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .init();
    let options = Options::parse();
    let pages =
        options.ui.or_else(built_screens).context("no built screens: run `npm run build` in ui, or say --ui")?;

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
        .await
        .with_context(|| format!("cannot listen on port {}", options.port))?;
    let port = listener.local_addr()?.port();
    let mut open = OpenOptions::new(options.data_dir, env!("CARGO_PKG_VERSION"));
    if let Some(folder) = options.downloads {
        open = open.with_downloads(folder);
    }
    let client = Client::open(open).await?;
    let token = Token::mint()?;
    println!("Open http://127.0.0.1:{port}/?token={}", token.reveal());

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let app = router(client.clone(), token, &pages, port);
    tokio::select! {
        // No waiting for requests to end: an event stream never does.
        served = async { axum::serve(listener, app).await } => served?,
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    client.shutdown().await;
    Ok(())
}

/// `ui/dist` of the tree that this program lies in, when it runs from cargo's target folder.
fn built_screens() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    program.ancestors().map(|folder| folder.join("ui/dist")).find(|folder| folder.join("index.html").is_file())
}
