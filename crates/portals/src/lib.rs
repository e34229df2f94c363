//! Portals as Counterfoil deals with them, over the client in `crates/stalker`: what is known of one, what a look finds,
//! bringing one account to what it should be, and telling boxes to do something.
//!
//! Central uses all of it. A desktop that has to do without Central looks ([`probe()`], [`details()`], [`look_at_box`]),
//! compares ([`Reading`]) and tells one box ([`act_on_box`]); it never provisions and never sends to many.

mod access;
mod boxes;
mod compare;
mod connection;
mod details;
mod order;
mod probe;
mod provision;
mod put_back;
mod reach;
mod sending;
mod shown;
mod trouble;

pub use access::{Heard, Hearing};
pub use boxes::{Acted, act_on_box, look_at_box, unusable_box};
pub use compare::{Reading, Values};
pub use connection::{Connection, InvalidConnection};
pub use counterfoil_stalker::{AccountNumber, AccountRecord, BoxRecord, Census, Login, Mac, Portal, StoredMac, Why};
pub use details::{LARGEST_LOOK, Named, details};
pub use order::Order;
pub use probe::{Probe, choices, probe};
pub use provision::{Wanted, Wrote, provision};
pub use put_back::put_back;
pub use reach::{Addressee, Listed, Place, list_boxes};
pub use sending::{Checked, LARGEST_BATCH, LARGEST_READ_BACK, Sent, broadcast, check_batch, send_batch};
pub use shown::{EndShown, Shown, key_of, key_of_login};
pub use trouble::{Concern, Trouble};
