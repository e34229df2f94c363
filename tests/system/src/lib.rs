//! A shop without a window: the desktop's core in a process of its own, driven as its page drives it.

mod shop;

pub use shop::{Refused, Shop};

use std::future::Future;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// Runs a test under a hard time limit.
pub async fn within<T>(limit: Duration, test: impl Future<Output = Result<T>>) -> Result<T> {
    // This crate's own requests speak plain HTTP, but their library wants a provider to exist.
    let _ = rustls::crypto::ring::default_provider().install_default();
    tokio::time::timeout(limit, test)
        .await
        .with_context(|| format!("the test did not end within {} s", limit.as_secs()))?
}
