//! The build of the screens, which the window embeds and the loopback host serves.

use std::fs;
use std::process::Command;

use anyhow::Result;

use crate::process::succeed;
use crate::workspace::{fingerprint, root, target};

/// Builds `ui/dist`, unless it was built from what `ui/` holds now: new files would make cargo build the window again.
pub(crate) fn build() -> Result<()> {
    let stamp = target().join("xtask/screens");
    let sources = fingerprint(&["ui"])?;
    let built = root().join("ui/dist/index.html").is_file();
    if built && fs::read_to_string(&stamp).is_ok_and(|seen| seen == sources) {
        println!("the screens are built from what ui/ holds");
        return Ok(());
    }
    let mut command = Command::new("npm");
    command.args(["run", "--silent", "build", "--", "--logLevel", "error"]).current_dir(root().join("ui"));
    succeed("the build of the screens", &mut command)?;
    fs::create_dir_all(target().join("xtask"))?;
    fs::write(stamp, sources)?;
    Ok(())
}
