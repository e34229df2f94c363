//! Many customers redeem codes over HTTP, each code once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::host::SEED;
use crate::server::Server;

/// Customers at one Central, who never use a code twice.
pub(crate) struct Customers {
    runtime: Runtime,
    http: reqwest::Client,
    codes: Arc<Vec<String>>,
    next: Arc<AtomicUsize>,
    clients: usize,
    /// Of every redemption so far, in milliseconds.
    pub(crate) latencies: Vec<f64>,
}

impl Customers {
    pub(crate) fn of(server: &Server, clients: usize) -> Result<Self> {
        let codes = Arc::new(server.codes()?);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let http = reqwest::Client::builder().pool_max_idle_per_host(clients).build()?;
        Ok(Self { runtime, http, codes, next: Arc::default(), clients, latencies: Vec::new() })
    }

    /// Redemptions a second, all of them answered with success.
    pub(crate) fn redeem(&mut self, server: &Server, turn: Duration) -> Result<f64> {
        let started = Instant::now();
        let runtime = &self.runtime;
        let latencies = runtime.block_on(async {
            let mut hands = JoinSet::new();
            for _ in 0..self.clients {
                let (http, codes, next) = (self.http.clone(), self.codes.clone(), self.next.clone());
                let url = format!("{}/api/v1/public/activations", server.url);
                hands.spawn(async move {
                    let mut latencies = Vec::new();
                    while started.elapsed() < turn {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let code = codes.get(at).context("more codes are needed for so long a turn")?;
                        let account = Uuid::from_u128(SEED + at as u128);
                        let sent = Instant::now();
                        let answer =
                            http.post(&url).json(&json!({ "code": code, "account_id": account })).send().await?;
                        let status = answer.status();
                        let body = answer.text().await?;
                        ensure!(status.is_success(), "{status}: {body}");
                        latencies.push(sent.elapsed().as_secs_f64() * 1_000.0);
                    }
                    Ok::<_, anyhow::Error>(latencies)
                });
            }
            let mut all = Vec::new();
            while let Some(hand) = hands.join_next().await {
                all.extend(hand??);
            }
            Ok::<_, anyhow::Error>(all)
        })?;
        #[expect(clippy::cast_precision_loss, reason = "a count of seconds' worth of requests")]
        let done = latencies.len() as f64;
        let rate = done / started.elapsed().as_secs_f64();
        self.latencies.extend(latencies);
        Ok(rate)
    }

    /// The latency that all but one in a hundred stay below, in milliseconds.
    pub(crate) fn p99(&self) -> f64 {
        crate::row::percentile(&self.latencies, 99)
    }
}
