//! Portals as Central deals with them, over the client in `crates/stalker`: what is known of one, what a look finds, and
//! bringing one account to what it should be.

mod compare;
mod connection;
mod probe;
mod provision;
mod put_back;
mod shown;
mod trouble;

pub use compare::{Reading, Values};
pub use connection::{Connection, InvalidConnection};
pub use counterfoil_stalker::{AccountNumber, AccountRecord, BoxRecord, Census, Login, Mac, Portal, StoredMac, Why};
pub use probe::{Probe, choices, probe};
pub use provision::{Wanted, Wrote, provision};
pub use put_back::put_back;
pub use shown::{EndShown, Shown, key_of, key_of_login};
pub use trouble::{Concern, Trouble};
