//! Where the programs under test are.

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};

/// A program of this workspace, built by the same cargo invocation as this test.
pub fn built(name: &str) -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    // target/debug/deps/<test>
    let folder = test.parent().and_then(|deps| deps.parent()).context("a test lies in target/<profile>/deps")?;
    let program = folder.join(name);
    ensure!(program.is_file(), "{name} is not built: run `cargo build --workspace --bins` (make test does)");
    Ok(program)
}

/// A tool that scripts/setup.sh installed into target/tools, or one on the PATH.
pub fn tool(name: &str) -> PathBuf {
    let own = std::env::current_exe().ok().and_then(|test| {
        test.ancestors().map(|folder| folder.join("tools/bin").join(name)).find(|path| path.is_file())
    });
    own.unwrap_or_else(|| name.into())
}

/// A loopback port that was free a moment ago.
pub fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
