//! The real client and the real Central over real SQL, played from a seed beside the reference model.
//!
//! A [`story`] is a list of steps. Each is done in a [`world`] and awaited to its end; then the database must say what
//! the reference model says, whatever went wrong meanwhile: the [`network`] drops, repeats, delays and cuts, a machine's
//! disk tears, fills and loses power, backups are restored, machines are copied. docs/OFFLINE.md, section 9.

mod acts;
pub mod central;
mod central_acts;
pub mod chance;
mod checks;
mod codes;
pub mod history;
mod judge;
mod lots;
mod machine;
mod market;
mod money;
pub mod network;
mod people;
pub mod play;
mod portal;
mod rest;
pub mod story;
mod truth;
mod verdict;
pub mod world;
