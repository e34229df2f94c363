//! A server that proves itself with a certificate of its own, written here byte by byte: one of Ed25519, for one address,
//! signed by itself.

use std::sync::Arc;

use ed25519_dalek::{Signer as _, SigningKey};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

/// DER, each tag with what it is.
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const UTF8_STRING: u8 = 0x0c;
const UTC_TIME: u8 = 0x17;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
/// Of a subject's other name.
const IP_ADDRESS: u8 = 0x87;

/// `AlgorithmIdentifier` of Ed25519: 1.3.101.112.
const ED25519: [u8; 7] = [0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70];
/// 2.5.4.3
const COMMON_NAME: [u8; 5] = [0x06, 0x03, 0x55, 0x04, 0x03];
/// 2.5.29.17
const SUBJECT_ALT_NAME: [u8; 5] = [0x06, 0x03, 0x55, 0x1d, 0x11];
/// A private key of PKCS #8 up to its 32 bytes.
const PRIVATE_KEY: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// A key, and the certificate that says whose it is.
pub(super) struct Identity {
    key: SigningKey,
    certificate: Vec<u8>,
}

impl Identity {
    /// Of 127.0.0.1, and of no other name. Another seed is somebody else.
    pub(super) fn of_this_machine(seed: u8) -> Self {
        let key = SigningKey::from_bytes(&[seed; 32]);
        let to_sign = to_sign(&key);
        let signature = key.sign(&to_sign).to_bytes();
        let certificate = tagged(SEQUENCE, &[&to_sign, &ED25519, &bits(&signature)]);
        Self { key, certificate }
    }

    /// DER.
    pub(super) fn certificate(&self) -> Vec<u8> {
        self.certificate.clone()
    }

    /// The server's side of TLS.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let key = [PRIVATE_KEY.as_slice(), self.key.as_bytes().as_slice()].concat();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(self.certificate())],
                PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key)),
            )
            .expect("a certificate and its key");
        TlsAcceptor::from(Arc::new(config))
    }
}

/// `TBSCertificate`
fn to_sign(key: &SigningKey) -> Vec<u8> {
    let public = key.verifying_key().to_bytes();
    let version = tagged(VERSION, &[&tagged(INTEGER, &[&[2]])]);
    // Another key is another name: a certificate that is trusted must not be taken for its neighbour's.
    let common_name = tagged(UTF8_STRING, &[format!("mail {}", hex::encode(&public[..4])).as_bytes()]);
    let name = tagged(SEQUENCE, &[&tagged(SET, &[&tagged(SEQUENCE, &[&COMMON_NAME, &common_name])])]);
    let validity = tagged(SEQUENCE, &[&tagged(UTC_TIME, &[b"000101000000Z"]), &tagged(UTC_TIME, &[b"491231235959Z"])]);
    let public_key = tagged(SEQUENCE, &[&ED25519, &bits(&public)]);
    let names = tagged(SEQUENCE, &[&tagged(IP_ADDRESS, &[&[127, 0, 0, 1]])]);
    let other_names = tagged(SEQUENCE, &[&SUBJECT_ALT_NAME, &tagged(OCTET_STRING, &[&names])]);
    let extensions = tagged(EXTENSIONS, &[&tagged(SEQUENCE, &[&other_names])]);
    let serial = tagged(INTEGER, &[&[1]]);
    tagged(SEQUENCE, &[&version, &serial, &ED25519, &name, &validity, &name, &public_key, &extensions])
}

/// Whole bytes.
fn bits(bytes: &[u8]) -> Vec<u8> {
    tagged(BIT_STRING, &[&[0], bytes])
}

fn tagged(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let inner = parts.concat();
    let mut der = vec![tag];
    match u8::try_from(inner.len()) {
        Ok(short @ 0..0x80) => der.push(short),
        Ok(long) => der.extend([0x81, long]),
        Err(_) => {
            der.push(0x82);
            der.extend(u16::try_from(inner.len()).expect("a short certificate").to_be_bytes());
        }
    }
    der.extend(inner);
    der
}
