//! Lets the crate compile in a fresh checkout, where the screens are not built yet.

use std::fs;
use std::path::Path;

const NOT_BUILT: &str =
    "<!doctype html><title>Counterfoil</title><p>The screens are not built: `npm run build` in ui.\n";

fn main() {
    let index = Path::new("../ui/dist/index.html");
    if !index.exists() {
        fs::create_dir_all("../ui/dist").expect("ui/dist can be created");
        fs::write(index, NOT_BUILT).expect("ui/dist can be written");
    }
    println!("cargo:rerun-if-changed=../ui/dist");
    let commands = tauri_build::AppManifest::new().commands(&["call", "notify"]);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands)).expect("tauri.conf.json is valid");
}
