//! A program and everything it started.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use counterfoil_testkit::desk::Desk;
use rustix::process::{Pid, Signal, kill_process};

/// How long a program may take to end when it is asked to.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running program on a desk. Dropping it ends all of it.
pub(crate) struct ProcessTree {
    root: Child,
    desk: Rc<Desk>,
    /// What ran on the desk before.
    others: BTreeSet<u32>,
}

impl ProcessTree {
    pub(crate) fn start(desk: &Rc<Desk>, command: &mut Command) -> Result<Self> {
        let others = on(desk);
        Ok(Self { root: command.spawn()?, desk: Rc::clone(desk), others })
    }

    /// The folder that its program lies in: what a shell started counts, not the shell.
    pub(crate) fn program(&self) -> Result<PathBuf> {
        Ok(std::fs::read_link(format!("/proc/{}/exe", self.root.id()))?)
    }

    /// Bytes of memory of all its processes, each shared page counted in parts: the sum of their `Pss`.
    pub(crate) fn memory(&self) -> Result<u64> {
        let mut kib = 0_u64;
        for pid in self.members() {
            // One that ended since has none.
            let Ok(text) = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")) else { continue };
            let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).context("a Pss")?;
            kib += line.trim().trim_end_matches(" kB").parse::<u64>()?;
        }
        ensure!(kib > 0, "no process of it runs");
        Ok(kib * 1024)
    }

    /// Those that descend from it, and those on the desk that were not there before: some programs hide their
    /// environment, others leave their parents.
    pub(crate) fn members(&self) -> BTreeSet<u32> {
        let mut members: BTreeSet<u32> = &on(&self.desk) - &self.others;
        members.insert(self.root.id());
        let parents = parents();
        loop {
            let more: Vec<u32> = parents
                .iter()
                .filter(|(pid, parent)| members.contains(parent) && !members.contains(pid))
                .map(|(pid, _)| *pid)
                .collect();
            if more.is_empty() {
                return members;
            }
            members.extend(more);
        }
    }

    /// Ends it as the system would, and what is left of it for good.
    pub(crate) fn end(mut self) -> Result<()> {
        signal(self.root.id(), Signal::TERM);
        let deadline = Instant::now() + PATIENCE;
        while self.root.try_wait()?.is_none() {
            if Instant::now() > deadline {
                bail!("it does not end when asked to");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for ProcessTree {
    fn drop(&mut self) {
        for pid in self.members() {
            signal(pid, Signal::KILL);
        }
        let _ = self.root.wait();
    }
}

fn on(desk: &Desk) -> BTreeSet<u32> {
    desk.processes().into_iter().filter_map(|(pid, _)| u32::try_from(pid.as_raw_nonzero().get()).ok()).collect()
}

/// Every process of the machine with its parent.
fn parents() -> Vec<(u32, u32)> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            // Behind the name, which may hold anything: state, parent.
            let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
            Some((pid, parent))
        })
        .collect()
}

fn signal(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}
