//! `/metrics`, at an address of its own: the figures are for whoever runs Central, and where it answers everybody else may be
//! open to the public.

use std::net::SocketAddr;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

use crate::central::Central;

/// Upper bounds of the latency histogram, seconds.
const LATENCY: [f64; 11] = [0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

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

    /// Tells them until the task ends.
    pub(crate) async fn tell(self, central: Central) {
        let router = Router::new().route("/metrics", get(figures)).with_state((central, self.recorded));
        if let Err(error) = axum::serve(self.listener, router).await {
            tracing::error!("/metrics answers no more: {error}");
        }
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
