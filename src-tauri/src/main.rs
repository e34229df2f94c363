//! The program: everything is in the library.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> anyhow::Result<()> {
    // Before anything else: a second TLS provider, or none, panics at the first connection.
    let _ = rustls::crypto::ring::default_provider().install_default();
    counterfoil_desktop::run()
}
