//! The window around the client: starts it, hands it the page's calls and the page its events.

mod core;
mod downloads;
mod notifications;
mod opening;
mod stop;
mod window;

use anyhow::Context as _;
use clap::Parser as _;
use tauri::{Manager as _, RunEvent};

use crate::core::Core;

/// Sell subscription codes, with or without a network.
#[derive(clap::Parser)]
#[command(name = "counterfoil", version)]
struct Options {
    /// Where the data of this device is kept [default: the user's data folder].
    #[arg(long, env = "COUNTERFOIL_DATA_DIR")]
    data_dir: Option<std::path::PathBuf>,
    /// A `counterfoil://` address to open, as the desktop passes it.
    address: Option<String>,
}

/// Opens the window and returns when it was closed.
pub fn run() -> anyhow::Result<()> {
    let options = Options::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .init();

    let context = tauri::generate_context!();
    let mut builder = tauri::Builder::default()
        // First, so that a second start does nothing but show the first one's window.
        .plugin(tauri_plugin_single_instance::init(|app, _arguments, _folder| window::show(app)))
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_window_state::Builder::default().build());
    if context.config().plugins.0.contains_key("updater") {
        // Only a release names its endpoint and the public half of its signing key: it adds them with `--config`.
        builder = builder.plugin(tauri_plugin_updater::Builder::new().build());
    }
    let app = builder
        .invoke_handler(tauri::generate_handler![core::call, notifications::notify])
        .setup(move |app| {
            let data_dir = match options.data_dir {
                Some(folder) => folder,
                None => app.path().app_local_data_dir()?,
            };
            app.manage(Core::open(app.handle(), data_dir));
            window::create(app)?;
            notifications::lead_back(app.handle())?;
            stop::on_signals(app.handle())?;
            Ok(())
        })
        .build(context)
        .context("the window cannot be opened")?;
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            app.state::<Core>().close();
        }
    });
    Ok(())
}
