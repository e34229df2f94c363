//! The fake portal as a program, with invented accounts.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::{Parser, ValueEnum};
use counterfoil_stalker_fake::{FakePortal, Fault, Planned, Setup};

/// A portal in memory that answers as the real ones do.
#[derive(Parser)]
struct Arguments {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8088")]
    listen: SocketAddr,
    /// Whose REST code answers.
    #[arg(long, value_enum, default_value = "ministra56")]
    dialect: Dialect,
    /// How many invented accounts it holds.
    #[arg(long, default_value_t = 1_000)]
    accounts: u32,
    /// `api_auth_login`; an empty one asks nobody.
    #[arg(long, default_value = "stalker")]
    login: String,
    /// `api_auth_password`
    #[arg(long, default_value = "secret", env = "COUNTERFOIL_PORTAL_PASSWORD")]
    password: String,
    /// What each row of a list costs, in microseconds. A real portal needs about 1000.
    #[arg(long, default_value_t = 0)]
    row_delay: u64,
    /// Where its accounts are kept from one run to the next; made when it is not there.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// Answer everything with this fault, such as half-answer, silence, nothing, memory-exhausted or api-disabled.
    #[arg(long)]
    fault: Option<Fault>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Dialect {
    Stalker49,
    Ministra56,
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt().with_env_filter("info").with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    let mut setup = match arguments.dialect {
        Dialect::Stalker49 => Setup::stalker(),
        Dialect::Ministra56 => Setup::ministra(),
    };
    setup.credentials = (!arguments.login.is_empty()).then_some((arguments.login, arguments.password));
    setup.row_delay = Duration::from_micros(arguments.row_delay);
    let listener = tokio::net::TcpListener::bind(arguments.listen)
        .await
        .with_context(|| format!("cannot listen on {}", arguments.listen))?;
    let portal = FakePortal::serve(setup, listener);
    if matches!(arguments.dialect, Dialect::Ministra56) {
        let state = &mut *portal.state();
        state.tables.add_reseller("North Shop", "0", state.now);
    }
    match &arguments.keep {
        Some(file) if file.exists() => portal.restore(file).with_context(|| file.display().to_string())?,
        _ => portal.generate(1, arguments.accounts),
    }
    portal.state().faults.extend(arguments.fault.map(Planned::always));
    let accounts = portal.state().tables.users().count();
    tracing::info!(api = portal.api(), accounts, "the portal answers");
    asked_to_stop().await?;
    if let Some(file) = &arguments.keep {
        portal.keep(file).with_context(|| file.display().to_string())?;
    }
    Ok(())
}

#[cfg(unix)]
async fn asked_to_stop() -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        stopped = tokio::signal::ctrl_c() => Ok(stopped?),
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() -> Result<()> {
    Ok(tokio::signal::ctrl_c().await?)
}
