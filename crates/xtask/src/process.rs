//! Child processes that never outlive this one by accident.

use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

const POLL: Duration = Duration::from_millis(40);

/// Notes Ctrl-C and SIGTERM instead of dying of them, so that what was started can be stopped in order.
#[derive(Clone)]
pub(crate) struct Interrupted(Arc<AtomicBool>);

impl Interrupted {
    pub(crate) fn listen() -> Result<Self> {
        let flag = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            signal_hook::flag::register(signal, Arc::clone(&flag))?;
        }
        Ok(Self(flag))
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A started process, stopped when dropped.
pub(crate) struct Running {
    name: String,
    child: Child,
    stop_with: Signal,
}

impl Running {
    pub(crate) fn start(name: &str, command: &mut Command) -> Result<Self> {
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        Ok(Self { name: name.to_owned(), child, stop_with: Signal::TERM })
    }

    /// The signal that asks this program to stop, where it is not SIGTERM.
    pub(crate) fn stop_with(mut self, signal: Signal) -> Self {
        self.stop_with = signal;
        self
    }

    pub(crate) fn exited(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits for the end, passing an interruption on.
    pub(crate) fn wait(&mut self, interrupted: &Interrupted) -> Result<ExitStatus> {
        let mut told = false;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if interrupted.is_set() && !told {
                told = true;
                self.signal(self.stop_with);
            }
            std::thread::sleep(POLL);
        }
    }

    /// Asks the process to stop, and ends it if it has not within the time given.
    pub(crate) fn stop(&mut self, grace: Duration) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        self.signal(self.stop_with);
        let deadline = Instant::now() + grace;
        while Instant::now() < deadline {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(POLL);
        }
        eprintln!("{} did not stop within {} s: ending it", self.name, grace.as_secs());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn signal(&self, signal: Signal) {
        if let Ok(raw) = i32::try_from(self.child.id())
            && let Some(pid) = Pid::from_raw(raw)
        {
            // It may have gone by itself in the meantime, which is what was wanted.
            let _ = kill_process(pid, signal);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop(Duration::from_secs(20));
    }
}

/// Runs a command to its end; an exit other than 0 is an error that names it.
pub(crate) fn succeed(name: &str, command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {name}"))?;
    if !status.success() {
        bail!("{name} failed ({status})");
    }
    Ok(())
}

/// The same, and the output is shown only when it fails.
pub(crate) fn succeed_quietly(name: &str, command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        bail!(
            "{name} failed ({})\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}
