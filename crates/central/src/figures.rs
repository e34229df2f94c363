//! `/metrics`, at an address of its own: the figures are for whoever runs Central, and where it answers everybody else may be
//! open to the public.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::central::Central;

/// Upper bounds of the latency histogram, seconds.
const LATENCY: [f64; 11] = [0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Between two times at which what was measured is added up.
const ADDED_UP: Duration = Duration::from_secs(15);

/// What is counted, and where it is told.
pub(crate) struct Figures {
    recorded: PrometheusHandle,
    listener: TcpListener,
}

impl Figures {
    /// Takes the address and begins to count.
    pub(crate) async fn begin(listen: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(listen).await;
        let listener = listener.with_context(|| format!("cannot listen on {listen} for /metrics"))?;
        let recorded = PrometheusBuilder::new().set_buckets(&LATENCY)?.install_recorder()?;
        let address = listener.local_addr()?;
        tracing::info!(%address, "answering /metrics");
        Ok(Self { recorded, listener })
    }

    /// Tells them until the task ends. Each time that a request took is kept until it is added up, so that happens also
    /// where nobody ever asks.
    pub(crate) async fn tell(self, central: Central) {
        let Self { recorded, listener } = self;
        let router = Router::new().route("/metrics", get(figures)).with_state((central, recorded.clone()));
        tokio::select! {
            served = async { axum::serve(listener, router).await } => {
                if let Err(error) = served {
                    tracing::error!("/metrics answers no more: {error}");
                }
            }
            () = each(ADDED_UP, || recorded.run_upkeep()) => {}
        }
    }
}

async fn each(pause: Duration, work: impl Fn()) {
    loop {
        sleep(pause).await;
        work();
    }
}

async fn figures(State((central, recorded)): State<(Central, PrometheusHandle)>) -> String {
    // What can be told is told even when the database does not answer.
    if central.observe().await.is_err() {
        tracing::warn!("the figures of the database could not be read");
    }
    recorded.run_upkeep();
    recorded.render()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// On a clock that jumps: nobody waits.
    #[tokio::test(start_paused = true)]
    async fn what_was_measured_is_added_up_although_nobody_asks_for_it() {
        let times = AtomicU32::new(0);
        let adding = each(ADDED_UP, || {
            times.fetch_add(1, Ordering::SeqCst);
        });
        let hour = tokio::time::timeout(Duration::from_hours(1), adding).await;
        assert!(hour.is_err(), "it ended");
        assert!(times.load(Ordering::SeqCst) >= 200);
    }
}
