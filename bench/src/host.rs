//! On what the figures were taken.

use std::process::Command;

/// Seed of everything the rows invent: ids of accounts count up from it.
pub(crate) const SEED: u128 = 0x00C0_FFEE;

pub(crate) fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown");
    let cpu = cpu.trim_start_matches([' ', '\t', ':']);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').take(2).collect::<Vec<_>>().join(" and ");
    let day = said("date", &["-u", "+%Y-%m-%d %H:%M UTC"]);
    format!(
        "Taken {day} on {cores} cores ({cpu}), Linux {}, load {load} in the last 1 and 5 minutes; commit {}, {}, {}, \
         pgbench {}, seed {SEED:#x}. Five turns each, ours and the anchor alternating.",
        said("uname", &["-r"]),
        said("git", &["rev-parse", "--short", "HEAD"]),
        said("rustc", &["--version"]),
        said("openssl", &["version"]),
        said("psql", &["--version"]).trim_start_matches("psql (PostgreSQL) "),
    )
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map_or_else(|_| "unknown".to_owned(), |o| String::from_utf8_lossy(&o.stdout).trim().to_owned())
}
