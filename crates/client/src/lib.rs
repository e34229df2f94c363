//! Everything the desktop does, without Tauri.
//!
//! Hosts open a [`Client`], pass commands to [`api::answer`] and forward [`Client::events`].

mod accounts;
mod admin;
pub mod api;
mod api_keys;
mod applications;
mod atomic_file;
mod audit;
mod brand;
mod bulk;
mod central;
mod chance;
mod client;
mod clock;
mod codes;
mod commission;
mod credit;
mod credit_packs;
mod customers;
mod dashboard;
mod device;
mod direct;
mod drift;
mod events;
mod inside;
mod lease;
mod lots;
mod market;
mod members;
mod network;
mod notices;
mod opening;
mod orders;
mod outbox;
mod payments;
mod permissions;
mod portals;
mod prices;
mod printing;
mod providers;
mod queue;
mod relationships;
mod reports;
#[cfg(test)]
mod rig;
mod second_factor;
mod selling;
mod session;
mod setting_aside;
mod settings;
mod settlements;
mod staff;
mod status;
mod store;
mod sync;
#[cfg(feature = "test-support")]
pub mod test_support;
mod till;
mod top_ups;
mod trials;
mod troubleshooting;
mod vault;

pub use client::{Client, OpenError, OpenOptions};
pub use clock::{Clock, SystemClock};
pub use events::Events;
pub use store::StoreError;
pub use vault::{MemoryStore, VaultError};
