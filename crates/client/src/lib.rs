//! Everything the desktop does, without Tauri.
//!
//! Hosts open a [`Client`], pass commands to [`api::call`] and forward [`Client::events`].

pub mod api;
mod client;

pub use client::{Client, OpenError, OpenOptions};
