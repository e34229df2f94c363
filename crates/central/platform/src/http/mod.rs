//! What every HTTP route shares: how a request is read, who its peer is, and the layers around the handlers.

mod address;
mod extract;
mod layers;

pub use address::{ClientAddress, TrustedProxies};
pub use extract::{Id, JsonBody, QueryString, RawBody, Segment, TwoIds};
pub use layers::wrap;

/// The largest body a route reads: a push carries up to 1 MiB of operations, and JSON around them.
pub const MAX_BODY_BYTES: usize = 1024 * 1024 + 128 * 1024;
