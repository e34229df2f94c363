//! Central's engine on SQLite. The code is in `../engine`, the same for both databases and checked against each when
//! it is built; only `dialect` differs.

mod copy;
mod dialect;
#[path = "../../engine/mod.rs"]
mod engine;
mod group;
#[cfg(test)]
mod scratch;

pub use engine::*;
