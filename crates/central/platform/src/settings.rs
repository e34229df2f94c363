//! How one Central process was told to run.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Mails that were sent are kept for so many days where nobody says otherwise.
pub const MAIL_KEPT_DAYS: u32 = 90;

/// Settings of `serve`.
#[derive(Debug, Clone)]
pub struct ServeSettings {
    pub listen: SocketAddr,
    /// `X-Forwarded-For` is believed only from these peers.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Certificate chain and key, PEM. None serves plain HTTP, for a reverse proxy or this machine.
    pub tls: Option<TlsFiles>,
}

#[derive(Debug, Clone)]
pub struct TlsFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
}
