//! Everything the desktop does, without Tauri.
pub mod api;
