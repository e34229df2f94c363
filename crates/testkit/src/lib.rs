//! Real programs for tests: a database of one's own, Central as a process, a desk with a display, a session bus and a
//! keyring.

pub mod balancer;
pub mod central;
pub mod cluster;
pub mod desk;
pub mod line;
pub mod postgres;
pub mod programs;

use std::future::Future;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// Runs a test under a hard time limit: what does not answer must fail, not hang.
pub async fn within<T>(limit: Duration, test: impl Future<Output = Result<T>>) -> Result<T> {
    // Requests of tests speak plain HTTP, but their library wants a provider to exist.
    let _ = rustls::crypto::ring::default_provider().install_default();
    tokio::time::timeout(limit, test)
        .await
        .with_context(|| format!("the test did not end within {} s", limit.as_secs()))?
}
