//! A desk for one test: a virtual display, a session bus, a keyring, a home of its own, and on it the real window,
//! driven through WebDriver; and a real Central beside it.
//!
//! Two environment variables are never set here: `WEBKIT_DISABLE_DMABUF_RENDERER` and
//! `WEBKIT_DISABLE_COMPOSITING_MODE`. With either, a screenshot through WebDriver hangs for ever.

mod books;
mod central;
pub mod customer;
mod desk;
mod postgres;
mod programs;
mod till;
mod window;

pub use books::Books;
pub use central::{Central, Engine};
pub use desk::Desk;
pub use till::{Equation, Sale, SignIn};
pub use window::Window;

use std::future::Future;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// Runs a test under a hard time limit: a window that does not paint must fail, not hang.
pub async fn within<T>(limit: Duration, test: impl Future<Output = Result<T>>) -> Result<T> {
    // The client of this crate's own requests speaks plain HTTP, but its library wants a provider to exist.
    let _ = rustls::crypto::ring::default_provider().install_default();
    tokio::time::timeout(limit, test)
        .await
        .with_context(|| format!("the test did not end within {} s", limit.as_secs()))?
}
