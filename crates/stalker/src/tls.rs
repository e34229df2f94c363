//! Portals that signed their own certificate.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, SignatureScheme};

use crate::address::ApiAddress;
use crate::error::Error;
use crate::transport;

/// Accepts one certificate and no other; that its holder has the key is still proven.
#[derive(Debug)]
struct OnlyThis {
    certificate: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for OnlyThis {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if *end_entity == self.certificate {
            return Ok(ServerCertVerified::assertion());
        }
        Err(rustls::Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// The TLS side of a client that believes only this certificate.
pub(crate) fn only(certificate: &[u8]) -> Result<ClientConfig, Error> {
    let provider = provider();
    let config = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::UntrustedCertificate(error.to_string()))?;
    let certificate = CertificateDer::from(certificate.to_vec());
    Ok(config
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(OnlyThis { certificate, provider }))
        .with_no_client_auth())
}

/// The program's own provider, or ring where it has chosen none.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default().cloned().unwrap_or_else(|| {
        // Lost only to another thread that has just chosen.
        let _ = rustls::crypto::ring::default_provider().install_default();
        CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(rustls::crypto::ring::default_provider()))
    })
}

/// The certificate that a portal shows, in DER, for a person to look at before it is trusted. No password is sent.
///
/// # Errors
/// [`Error::Unreachable`] also when the portal speaks no TLS.
pub async fn presented_certificate(api: &ApiAddress, wait: Duration) -> Result<Vec<u8>, Error> {
    provider();
    let client = reqwest::Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .tls_info(true)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(wait)
        .timeout(wait)
        .build()
        .map_err(|error| transport::failure(&error, wait))?;
    let answer = client.get(api.url().clone()).send().await.map_err(|error| transport::failure(&error, wait))?;
    answer
        .extensions()
        .get::<reqwest::tls::TlsInfo>()
        .and_then(|info| info.peer_certificate())
        .map(<[u8]>::to_vec)
        .ok_or_else(|| Error::Unreachable("it shows no certificate".to_owned()))
}
