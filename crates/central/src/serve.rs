//! `serve`: answers until it is asked to stop, then finishes what it began.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use axum_server::Handle;
use counterfoil_central_platform::settings::{ServeSettings, TlsFiles};
use counterfoil_central_platform::snapshots::SnapshotLimits;
use tokio::sync::oneshot;

use crate::arguments::Serve;
use crate::central::Central;
use crate::certificate;
use crate::figures::Figures;
use crate::open_files;
use crate::patience::{HEAD, Patient, limit_heads};
use crate::workers;

/// How long requests in flight may take to finish.
const GRACE: Duration = Duration::from_secs(10);

pub(crate) async fn run(options: Serve) -> Result<()> {
    open_files::allow_all();
    let figures = match options.metrics_listen {
        Some(listen) => Some(Figures::begin(listen).await?),
        None => None,
    };
    let settings = ServeSettings {
        listen: options.listen,
        trusted_proxies: options.trusted_proxy,
        tls: options.tls_cert.zip(options.tls_key).map(|(certificate, key)| TlsFiles { certificate, key }),
    };
    let limits = SnapshotLimits {
        min_rows: options.snapshot_rows,
        max_bytes: options.snapshot_mib.saturating_mul(1 << 20),
        ..SnapshotLimits::default()
    };
    let keep_mail_days = options.mail.keep_mail_days;
    let mailer = crate::mail::mailer(options.mail)?;
    let central = Central::open(&options.database).await?.keep_mail_for(keep_mail_days);
    let central = match mailer {
        Some(mailer) => central.send_mail(mailer),
        None => central,
    };
    let central = central.keep_snapshots(options.snapshots.as_deref(), &options.database.database_url, limits)?;
    ensure!(
        !central.is_backup().await?,
        "this database is a backup. If it takes the place of a lost one, run `counterfoil-central restored` on it once"
    );
    let router = central.router(&settings);
    let figures = figures.map(|figures| tokio::spawn(figures.tell(central.clone())));
    let working = tokio::spawn(workers::keep(central.workers()));
    let (served, stopped) = serve(router, &settings, &central).await;
    // What is cut in the middle of a transaction is what did not happen.
    working.abort();
    if let Some(figures) = figures {
        figures.abort();
    }
    central.close().await;
    served?;
    tracing::info!("stopped");
    // Not asked to: whoever watches this process must not take it for a success.
    match stopped {
        Some(Stopped::Superseded(error)) => Err(error.context("this Central had to stop")),
        Some(Stopped::Asked) | None => Ok(()),
    }
}

/// Why a process stops serving.
enum Stopped {
    Asked,
    /// The database was taken by a newer Central.
    Superseded(anyhow::Error),
}

async fn serve(router: axum::Router, settings: &ServeSettings, central: &Central) -> (Result<()>, Option<Stopped>) {
    let handle = Handle::new();
    let (say, mut hear) = oneshot::channel();
    tokio::spawn(stop_in_time(handle.clone(), central.clone(), say));
    let served = answer(router, settings, handle).await;
    (served, hear.try_recv().ok())
}

async fn answer(router: axum::Router, settings: &ServeSettings, handle: Handle<SocketAddr>) -> Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let listen = settings.listen;
    let said = handle.clone();
    tokio::spawn(async move {
        if let Some(address) = said.listening().await {
            tracing::info!(%address, "answering");
        }
    });
    let served = if let Some(files) = &settings.tls {
        let config = certificate::load(files).await?;
        tokio::spawn(certificate::keep_renewed(config.clone(), files.clone()));
        let mut server = axum_server::bind_rustls(listen, config).map(|tls| tls.acceptor(Patient)).handle(handle);
        limit_heads(&mut server, HEAD);
        server.serve(service).await
    } else {
        let mut server = axum_server::bind(listen).acceptor(Patient).handle(handle);
        limit_heads(&mut server, HEAD);
        server.serve(service).await
    };
    served.with_context(|| format!("cannot listen on {listen}"))
}

async fn stop_in_time(handle: Handle<SocketAddr>, central: Central, say: oneshot::Sender<Stopped>) {
    let stopped = tokio::select! {
        asked = asked_to_stop() => {
            tracing::info!(%asked, "stopping: no new connections, finishing requests");
            Stopped::Asked
        }
        error = central.superseded() => {
            tracing::error!("stopping: {error}");
            Stopped::Superseded(error)
        }
    };
    // Said first: it is asked for when the last connection is gone.
    let _ = say.send(stopped);
    handle.graceful_shutdown(Some(GRACE));
    // They never finish by themselves.
    central.end_live_streams();
}

#[cfg(unix)]
async fn asked_to_stop() -> &'static str {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return "SIGINT";
    };
    tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = tokio::signal::ctrl_c() => "SIGINT",
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() -> &'static str {
    let _ = tokio::signal::ctrl_c().await;
    "Ctrl-C"
}
