//! The figures of `/metrics`.

use std::time::Duration;

use anyhow::Result;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::time::sleep;

use crate::central::Central;

/// Upper bounds of the latency histogram, seconds.
const LATENCY: [f64; 11] = [0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Between two times at which what was measured is added up.
const ADDED_UP: Duration = Duration::from_secs(15);

/// Whatever this process measures from now on.
pub(crate) fn begin() -> Result<PrometheusHandle> {
    Ok(PrometheusBuilder::new().set_buckets(&LATENCY)?.install_recorder()?)
}

/// Adds up what was measured, until this is dropped. Each time that a request took is kept until then, also where nobody ever
/// asks for the figures.
pub(crate) async fn add_up(figures: PrometheusHandle) {
    each(ADDED_UP, || figures.run_upkeep()).await;
}

async fn each(pause: Duration, work: impl Fn()) {
    loop {
        sleep(pause).await;
        work();
    }
}

/// Answers with them.
pub(crate) fn answer(
    central: Central,
    figures: PrometheusHandle,
) -> impl Fn() -> std::pin::Pin<Box<dyn Future<Output = String> + Send>> + Clone + Send + Sync + 'static {
    move || {
        let (central, figures) = (central.clone(), figures.clone());
        Box::pin(async move {
            // What can be told is told even when the database does not answer.
            if central.observe().await.is_err() {
                tracing::warn!("the figures of the database could not be read");
            }
            figures.run_upkeep();
            figures.render()
        })
    }
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
