//! Counterfoil's rules, free of clocks, random numbers and I/O.
//!
//! Everything that decides about money or a code is here, so that Central, the desktop, the property tests
//! and the simulation run the same rule. Callers pass in the time, the randomness and what they read.

pub mod account;
pub mod amount;
pub mod api_key;
pub mod application;
pub mod audit;
pub mod brand;
pub mod bulk;
pub mod code;
pub mod commission;
pub mod credit_pack;
pub mod customer;
pub mod dashboard;
pub mod digest;
pub mod feed;
pub mod grant;
pub mod ids;
pub mod lease;
pub mod ledger;
pub mod lot;
pub mod market;
mod named;
pub mod notice;
pub mod oplog;
pub mod overlay;
pub mod password;
pub mod payment;
pub mod permission;
pub mod plan;
pub mod portal;
pub mod price_list;
pub mod reseller;
pub mod second_factor;
pub mod settlement;
pub mod subscription;
pub mod time;
pub mod top_up;
