//! Portals as Central deals with them, over the client in `crates/stalker`: what is known of one, what a look finds, and
//! bringing one account to what it should be.

mod connection;
mod probe;
mod provision;
mod trouble;

pub use connection::{Connection, InvalidConnection};
pub use counterfoil_stalker::Portal;
pub use probe::{Probe, choices, probe};
pub use provision::{Wanted, Wrote, provision};
pub use trouble::{Concern, Trouble};
