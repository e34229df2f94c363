//! Compressed bodies.

use counterfoil_central_platform::inflate;
use counterfoil_wire::problem::Code;

const LIMIT: usize = 4_096;

pub(crate) fn run(bytes: &[u8]) {
    match inflate::zstd(bytes, LIMIT) {
        Ok(opened) => assert!(opened.len() <= LIMIT && opened.capacity() <= 2 * LIMIT),
        Err(failure) => {
            assert!(matches!(failure.code(), Code::Malformed | Code::BodyTooLarge));
            crate::says_why(&failure.problem().detail);
        }
    }
    let packed = zstd::bulk::compress(bytes, 1).expect("compressed");
    match inflate::zstd(&packed, LIMIT) {
        Ok(opened) => assert_eq!(opened, bytes),
        Err(failure) => {
            assert!(bytes.len() > LIMIT, "refused although it fits");
            assert_eq!(failure.code(), Code::BodyTooLarge);
        }
    }
}
