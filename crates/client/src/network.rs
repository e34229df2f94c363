//! The machine's network: when an address comes or goes.

use std::fmt::Debug;

/// What happened to the machine's addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// There is one more.
    Appeared,
    /// One is gone, and with it the connections that used it.
    Lost,
}

/// Where changes come from.
pub(crate) trait Network: Debug + Send + Sync {
    /// Calls `tell` at each change, from any thread, until what it returns is dropped.
    fn watch(&self, tell: Tell) -> Result<Box<dyn Send>, String>;
}

pub(crate) type Tell = Box<dyn Fn(Change) + Send>;

/// What the system tells: netlink, the routing socket or the IP helper.
#[derive(Debug)]
pub(crate) struct SystemNetwork;

impl Network for SystemNetwork {
    fn watch(&self, tell: Tell) -> Result<Box<dyn Send>, String> {
        let watching = netwatcher::watch_interfaces_with_callback(move |update| {
            if update.is_initial {
                return;
            }
            if update.addrs_removed().next().is_some() {
                tell(Change::Lost);
            }
            if update.addrs_added().next().is_some() {
                tell(Change::Appeared);
            }
        });
        watching.map(|watching| Box::new(watching) as Box<dyn Send>).map_err(|error| error.to_string())
    }
}
