//! The certificate of this process. It is good for weeks or months and this process runs for longer, so a renewed one is taken
//! while it serves.

use std::time::Duration;

use anyhow::{Context as _, Result};
use axum_server::tls_rustls::RustlsConfig;
use counterfoil_central_platform::settings::TlsFiles;
use tokio::time::sleep;

/// Between looks at the files.
const LOOK: Duration = Duration::from_hours(1);

/// What is in the files now.
pub(crate) async fn load(files: &TlsFiles) -> Result<RustlsConfig> {
    let config = RustlsConfig::from_pem_chain_file(&files.certificate, &files.key).await;
    config.context("cannot use the TLS certificate or key")
}

/// Takes what is in the files every hour, until this is dropped.
pub(crate) async fn keep_renewed(config: RustlsConfig, files: TlsFiles) {
    loop {
        sleep(LOOK).await;
        renew(&config, &files).await;
    }
}

/// What cannot be used, because it is only being written or its key is still the old one, is left for the next look.
async fn renew(config: &RustlsConfig, files: &TlsFiles) {
    match load(files).await {
        Ok(fresh) => config.reload_from_config(fresh.get_inner()),
        Err(error) => tracing::error!("the certificate stays as it was: {error:#}"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const CERTIFICATE: &[u8] = include_bytes!("../../stalker/tests/portal/self_signed.pem");
    const KEY: &[u8] = include_bytes!("../../stalker/tests/portal/self_signed.key");

    #[tokio::test]
    async fn a_renewed_certificate_is_taken_and_half_of_one_is_not() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().expect("a folder");
        let files = TlsFiles { certificate: folder.path().join("chain.pem"), key: folder.path().join("key.pem") };
        std::fs::write(&files.certificate, CERTIFICATE).expect("written");
        std::fs::write(&files.key, KEY).expect("written");
        let config = load(&files).await.expect("a certificate");
        let first = config.get_inner();

        std::fs::write(&files.certificate, &CERTIFICATE[..CERTIFICATE.len() / 2]).expect("half written");
        renew(&config, &files).await;
        assert!(Arc::ptr_eq(&config.get_inner(), &first));
        std::fs::write(&files.certificate, CERTIFICATE).expect("written");
        renew(&config, &files).await;
        assert!(!Arc::ptr_eq(&config.get_inner(), &first), "what is in the files now is not in use");
    }
}
