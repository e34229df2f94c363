//! The server of notifications that a desktop has, of which only what it was told to show matters.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use counterfoil_testkit::desk::Desk;
use zbus::zvariant::OwnedValue;

/// Bus name and interface of the Desktop Notifications Specification.
const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// The action that a click on the notification itself is.
const DEFAULT_ACTION: &str = "default";

/// One notification, as a person would see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub id: u32,
    pub title: String,
    pub text: String,
    /// Whether whoever sent it wants to hear of a click.
    pub clickable: bool,
}

/// Shows nothing and remembers everything. One for each desk, as long as it lives.
pub struct NotificationServer {
    connection: zbus::Connection,
    shown: Arc<Mutex<Vec<Shown>>>,
}

impl NotificationServer {
    /// Serves on the desk's bus, so it is there before the window asks.
    pub async fn start(desk: &Desk) -> Result<Self> {
        let shown: Arc<Mutex<Vec<Shown>>> = Arc::default();
        let recorder = Recorder { shown: Arc::clone(&shown) };
        let builder = zbus::connection::Builder::address(desk.bus())?;
        let connection = builder.name(NAME)?.serve_at(PATH, recorder)?.build().await?;
        Ok(Self { connection, shown })
    }

    /// All that was shown, in order.
    pub fn shown(&self) -> Vec<Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Clicks on one.
    pub async fn click(&self, id: u32) -> Result<()> {
        let nobody = None::<&str>;
        Ok(self.connection.emit_signal(nobody, PATH, NAME, "ActionInvoked", &(id, DEFAULT_ACTION)).await?)
    }
}

struct Recorder {
    shown: Arc<Mutex<Vec<Shown>>>,
}

#[allow(
    clippy::needless_pass_by_value,
    clippy::too_many_arguments,
    clippy::unused_self,
    unused_variables,
    reason = "the shapes that the specification asks for"
)]
#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Recorder {
    fn notify(
        &self,
        application: String,
        replaces: u32,
        icon: String,
        title: String,
        text: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        expires: i32,
    ) -> u32 {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let id = u32::try_from(shown.len()).expect("a test shows few") + 1;
        let clickable = actions.iter().any(|action| action == DEFAULT_ACTION);
        shown.push(Shown { id, title, text, clickable });
        id
    }

    fn close_notification(&self, id: u32) {}

    fn get_capabilities(&self) -> Vec<String> {
        vec!["actions".to_owned(), "body".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("recorder".to_owned(), "Counterfoil".to_owned(), "1".to_owned(), "1.2".to_owned())
    }
}
