//! Imports point down only: domain <- wire <- { client, central }, and the hosts on top.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::Finding;
use crate::workspace::cargo;

/// What each part of the house may build on. A part that is not listed here is refused, so that adding one is a
/// decision.
const MAY_USE: &[(&str, &[&str])] = &[
    ("counterfoil-domain", &[]),
    ("counterfoil-wire", &["domain"]),
    ("counterfoil-cache", &["domain", "wire"]),
    ("counterfoil-stalker", &[]),
    ("counterfoil-stalker-fake", &[]),
    ("counterfoil-testkit", &["domain", "wire"]),
    ("counterfoil-faulty-disk", &[]),
    ("counterfoil-faulty-calls", &[]),
    ("counterfoil-model", &["domain"]),
    ("counterfoil-portals", &["domain", "wire", "stalker"]),
    ("counterfoil-client", &["domain", "wire", "cache", "portals"]),
    ("counterfoil-central-platform", &["domain", "wire"]),
    ("counterfoil-central-sqlite", &["domain", "wire", "cache", "portals", "central-platform"]),
    ("counterfoil-central-postgres", &["domain", "wire", "cache", "portals", "central-platform"]),
    ("counterfoil-central", &["domain", "wire", "portals", "central-platform", "central-sqlite", "central-postgres"]),
    ("counterfoil-devhost", &["client", "wire", "domain"]),
    ("counterfoil-desktop", &["client", "wire", "domain"]),
    ("xtask", &[]),
];

/// These may use anything: they are programs of tests only.
const TEST_PROGRAMS: &[&str] = &[
    "counterfoil-system-tests",
    "counterfoil-desktop-tests",
    "counterfoil-cuts",
    "counterfoil-fuzz",
    "counterfoil-sim",
    "counterfoil-bench",
];

/// What would let the world into the rules.
const NOT_IN_DOMAIN: &[&str] = &["tokio", "sqlx", "reqwest", "tauri", "rand", "getrandom", "axum", "rustls"];

pub(super) fn check() -> Result<Vec<Finding>> {
    let output = cargo().args(["metadata", "--format-version=1", "--no-deps", "--offline"]).output()?;
    ensure!(output.status.success(), "cargo metadata failed:\n{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    Ok(packages.iter().flat_map(check_package).collect())
}

fn check_package(package: &Value) -> Vec<Finding> {
    let name = package["name"].as_str().unwrap_or_default();
    if TEST_PROGRAMS.contains(&name) {
        return Vec::new();
    }
    let Some((_, allowed)) = MAY_USE.iter().find(|(package, _)| *package == name) else {
        return vec![Finding::new(
            name,
            "is a new part of the house: say in crates/xtask/src/tidy/direction.rs what it may use",
        )];
    };
    let dependencies = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
    dependencies
        .iter()
        .filter_map(|dependency| {
            let used = dependency["name"].as_str().unwrap_or_default();
            refusal(name, allowed, used, dependency["kind"].as_str() == Some("dev"))
        })
        .map(|advice| Finding::new(name, advice))
        .collect()
}

fn refusal(name: &str, allowed: &[&str], used: &str, for_tests: bool) -> Option<String> {
    if name == "counterfoil-domain" && !for_tests && NOT_IN_DOMAIN.contains(&used) {
        return Some(format!(
            "may not use {used}: rules take the time, chance and data as parameters; do the rest in client or central"
        ));
    }
    let part = used.strip_prefix("counterfoil-")?;
    if allowed.contains(&part) {
        return None;
    }
    let ends = |name: &str| (name.contains("-client"), name.contains("-central"));
    if matches!((ends(name), ends(used)), ((true, _), (_, true)) | ((_, true), (true, _))) {
        return Some(format!(
            "may not use {used}: the two ends share only `wire`; a test of both belongs in tests/system"
        ));
    }
    if for_tests {
        return None;
    }
    Some(format!("may not use {used}: imports point down only. Move what is needed into a lower part"))
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn what_points_down_is_allowed() {
        assert_eq!(refusal("counterfoil-wire", &["domain"], "counterfoil-domain", false), None);
        assert_eq!(refusal("counterfoil-domain", &[], "serde", false), None);
        assert_eq!(refusal("counterfoil-domain", &[], "counterfoil-testkit", true), None);
    }

    #[test]
    fn what_points_up_or_across_is_refused() {
        assert!(refusal("counterfoil-domain", &[], "counterfoil-wire", false).is_some());
        assert!(refusal("counterfoil-domain", &[], "tokio", false).is_some());
        assert!(refusal("counterfoil-client", &["wire"], "counterfoil-central", true).is_some());
        assert!(refusal("counterfoil-central-sqlite", &["wire"], "counterfoil-client", true).is_some());
    }
}
