//! Device-signed requests: `sync/leases`, `sync/push`, `sync/log`, `sync/pull` and `sync/snapshot` carry no session, so
//! that a shop whose session ended still delivers its sales.

use sha2::{Digest, Sha256};

/// Header with the device's id.
pub const DEVICE_HEADER: &str = "counterfoil-device";
/// Header with the base64 Ed25519 signature over [`message`].
pub const SIGNATURE_HEADER: &str = "counterfoil-signature";

/// What a device signs: method, path with query, and the hash of the body as sent (after compression).
///
/// No time is in it: a wrong clock must not keep a sale from Central. A repeat of a push or a grant is answered as
/// before, whoever can repeat a pull has already read its answer, and a live stream tells versions only.
pub fn message(method: &str, path_and_query: &str, body: &[u8]) -> Vec<u8> {
    let mut message = b"counterfoil/request/v1\0".to_vec();
    message.extend_from_slice(method.as_bytes());
    message.push(0);
    message.extend_from_slice(path_and_query.as_bytes());
    message.push(0);
    message.extend_from_slice(&Sha256::digest(body));
    message
}
