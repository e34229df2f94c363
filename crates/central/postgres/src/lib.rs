//! Central's engine on PostgreSQL. The code is in `../engine`, the same for both databases and checked against each when
//! it is built; only `dialect` differs.

mod copy;
mod dialect;
#[path = "../../engine/mod.rs"]
mod engine;
#[cfg(test)]
mod scratch;

pub use engine::*;
