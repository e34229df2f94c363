//! The reference model of selling offline and of the market, for tests only: what should be, in plain maps.
//!
//! It uses ids of `counterfoil-domain` and none of its rules. The random stories of `crates/domain/tests` compare the
//! rules with it, the simulation of `tests/sim` the real client and Central.

pub mod log;
pub mod lots;
pub mod market;
pub mod money;
pub mod reference;
