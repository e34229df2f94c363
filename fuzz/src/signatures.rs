//! What a device signs, and the headers that carry it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil_domain::ids::DeviceId;
use counterfoil_wire::signature::message;
use ed25519_dalek::Signature;

pub(crate) fn run(bytes: &[u8]) {
    // HTTP has no NUL in a method or a path.
    let mut parts = bytes.splitn(3, |byte| *byte == 0);
    let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or_default()).into_owned();
    let (method, path) = (text(parts.next()), text(parts.next()));
    let body = parts.next().unwrap_or_default();
    no_two_requests_share_it(&method, &path, body);
    header_values(&method, &path);
}

/// The method, the path and the body's hash can be read back, so no other request has the same message.
fn no_two_requests_share_it(method: &str, path: &str, body: &[u8]) {
    let signed = message(method, path, body);
    let (start, hash) = signed.split_at(signed.len() - 32);
    let parts: Vec<&[u8]> = start.split(|byte| *byte == 0).collect();
    assert_eq!(parts, [b"counterfoil/request/v1", method.as_bytes(), path.as_bytes(), b""]);
    assert_eq!(hash, &message("", "", body)[b"counterfoil/request/v1\0\0\0".len()..]);
}

fn header_values(device: &str, signature: &str) {
    if let Ok(id) = device.parse::<DeviceId>() {
        assert_eq!(id.to_string().parse::<DeviceId>(), Ok(id));
    }
    if let Ok(bytes) = STANDARD.decode(signature) {
        assert_eq!(STANDARD.encode(&bytes), signature, "two texts for one signature");
        assert_eq!(Signature::from_slice(&bytes).is_ok(), bytes.len() == 64);
    }
}
