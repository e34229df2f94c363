//! Compressed bodies: opened only up to a bound, so that a few bytes cannot fill the memory.

use counterfoil_wire::problem::Code;

use crate::failure::Failure;

/// Opens a zstd body of at most `limit` bytes.
pub fn zstd(body: &[u8], limit: usize) -> Result<Vec<u8>, Failure> {
    // The frame says how long it is; where it does not, the buffer is the bound.
    let claimed = zstd::zstd_safe::get_frame_content_size(body).ok().flatten().unwrap_or(limit as u64);
    if claimed > limit as u64 {
        return Err(too_large(limit));
    }
    let capacity = usize::try_from(claimed).unwrap_or(limit);
    zstd::bulk::decompress(body, capacity)
        .map_err(|_| Failure::new(Code::Malformed, "The body is not what its content-encoding zstd promises."))
}

/// The refusal of a body of more than `limit` bytes.
pub fn too_large(limit: usize) -> Failure {
    Failure::new(Code::BodyTooLarge, format!("The body may have at most {limit} bytes. Send less at a time."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_body_that_grows_past_the_limit_is_refused() {
        let bomb = zstd::bulk::compress(&vec![0; 64 << 20], 1).expect("compressed");
        assert!(bomb.len() < 10_000);
        assert_eq!(zstd(&bomb, 1 << 20).expect_err("refused").code(), Code::BodyTooLarge);
        // Streamed frames do not say how long they are.
        let streamed = zstd::stream::encode_all(std::io::repeat(0).take(64 << 20), 1).expect("compressed");
        assert!(zstd(&streamed, 1 << 20).is_err());
        let honest = zstd::bulk::compress(b"{}", 3).expect("compressed");
        assert_eq!(zstd(&honest, 1 << 20).expect("opened"), b"{}");
        assert_eq!(zstd(b"{}", 1 << 20).expect_err("refused").code(), Code::Malformed);
    }

    use std::io::Read as _;
}
