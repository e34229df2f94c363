//! The machine's network: when an address comes or goes.

use std::fmt::Debug;

use netwatcher::async_adapter::Tokio;
use tokio_util::task::AbortOnDropHandle;

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
    // In a task, not on the watcher's own thread: that one ends when a pipe is closed, and each process that was started
    // since, as the window's are, holds the pipe open.
    fn watch(&self, tell: Tell) -> Result<Box<dyn Send>, String> {
        let mut watching = netwatcher::watch_interfaces_async::<Tokio>().map_err(|error| error.to_string())?;
        let task = tokio::spawn(async move {
            loop {
                let update = watching.changed().await;
                if update.is_initial {
                    continue;
                }
                if update.addrs_removed().next().is_some() {
                    tell(Change::Lost);
                }
                if update.addrs_added().next().is_some() {
                    tell(Change::Appeared);
                }
            }
        });
        Ok(Box::new(AbortOnDropHandle::new(task)))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::{Command, Stdio};
    use std::time::Duration;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_process_started_meanwhile_does_not_keep_the_watch_from_ending() {
        let watching = SystemNetwork.watch(Box::new(|_| {})).expect("watched");
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().expect("a process that stays");
        let ended = tokio::task::spawn_blocking(move || drop(watching));
        let ended = tokio::time::timeout(Duration::from_secs(20), ended).await;
        // What waits for a pipe's end goes on when the last holder of it is gone.
        child.kill().expect("killed");
        child.wait().expect("ended");
        assert!(ended.is_ok(), "the watch waits for a process that has nothing to do with it");
    }
}
