//! Rules about the text of a file.

use std::path::Path;

use anyhow::Result;

use super::Finding;
use crate::workspace::root;

const LONGEST_FILE: usize = 600;

/// Files that may be longer, each with its reason.
const MAY_BE_LONG: &[&str] = &[];

/// The only files that may hand the database SQL which is not a literal: the place that builds dynamic lists, the one
/// that creates a test's database, whose name cannot be a parameter.
const MAY_ASSERT_SQL_SAFE: &[&str] = &["crates/xtask/src/tidy/text.rs"];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "common", "helper", "helpers", "manager", "misc", "shared"];

const SOURCE: &[&str] = &["rs", "ts", "svelte", "js"];
const TEXT: &[&str] =
    &["rs", "ts", "js", "svelte", "css", "html", "sql", "toml", "json", "md", "sh", "yml", "yaml", "svg"];

/// Written by a program: only its content matters, and that is checked by writing it again.
fn is_generated(path: &str) -> bool {
    path.contains("/.sqlx/")
        || path.contains("/snapshots/")
        || path.contains("/bindings/")
        || path == "Cargo.lock"
        || path.ends_with("package-lock.json")
        || path == "docs/openapi.json"
}

pub(super) fn check(path: &str) -> Result<Vec<Finding>> {
    let extension = Path::new(path).extension().and_then(|e| e.to_str()).unwrap_or_default();
    let extensionless = ["Makefile", ".ci/run", ".gitignore"].contains(&path);
    if !(TEXT.contains(&extension) || extensionless) || is_generated(path) {
        return Ok(Vec::new());
    }
    let Ok(text) = String::from_utf8(std::fs::read(root().join(path))?) else {
        return Ok(vec![Finding::new(path, "is not UTF-8: save it as UTF-8")]);
    };
    let mut findings = Vec::new();
    if SOURCE.contains(&extension) {
        findings.extend(name(path));
        findings.extend(length(path, &text));
    }
    if !text.is_empty() && !text.ends_with('\n') {
        findings.push(Finding::new(path, "does not end with a line end: add one"));
    }
    for (number, line) in text.lines().enumerate() {
        for advice in line_findings(path, line) {
            findings.push(Finding::new(format!("{path}:{}", number + 1), advice));
        }
    }
    Ok(findings)
}

fn name(path: &str) -> Option<Finding> {
    let empty = Path::new(path).iter().filter_map(|part| part.to_str()).find(|part| {
        // The UI's folder for components of several features is named by the layout everyone knows.
        let part = part.split('.').next().unwrap_or_default();
        EMPTY_NAMES.contains(&part) && !(part == "shared" && path.starts_with("ui/"))
    })?;
    Some(Finding::new(path, format!("`{empty}` says nothing: name it after what it does, or move it to its feature")))
}

fn length(path: &str, text: &str) -> Option<Finding> {
    let lines = text.lines().count();
    if lines <= LONGEST_FILE || MAY_BE_LONG.contains(&path) {
        return None;
    }
    Some(Finding::new(
        path,
        format!(
            "has {lines} lines, more than {LONGEST_FILE}: split it by idea (or list it in tidy/text.rs with a reason)"
        ),
    ))
}

fn line_findings(path: &str, line: &str) -> Vec<String> {
    let mut advice = Vec::new();
    // Two spaces at the end of a line mean a line break in Markdown.
    let markdown = Path::new(path).extension().is_some_and(|extension| extension == "md");
    if line.ends_with([' ', '\t', '\r']) && !markdown {
        advice.push("white space at the end of the line: remove it".to_owned());
    }
    if let Some(found) = machine_path(line) {
        advice
            .push(format!("`{found}` is a path of one machine: use a relative one, a variable or a temporary folder"));
    }
    if line.contains(concat!("Assert", "SqlSafe")) && !MAY_ASSERT_SQL_SAFE.contains(&path) {
        advice.push(
            "SQL that is not a literal: use query!, or QueryBuilder with bound values in the module that builds lists"
                .to_owned(),
        );
    }
    if holds_a_connection(line) {
        advice.push("what a condition borrows is held to the end of its block: name what was read first".to_owned());
    }
    advice
}

/// Whether a connection of the pool lives as long as the block behind this line. A block that asks for another one then waits
/// for whoever waits for it.
fn holds_a_connection(line: &str) -> bool {
    let opens = ["if let ", "while let ", "match ", "for "].iter().any(|word| {
        line.trim_start().trim_start_matches("} else ").starts_with(word) || line.contains(&format!("= {word}"))
    });
    opens && line.contains(concat!("&mut *app.read", "er().await"))
}

fn machine_path(line: &str) -> Option<&'static str> {
    // In pieces, so that this file passes its own rule.
    const ROOTS: [&str; 5] = [
        concat!("/ho", "me/"),
        concat!("/ro", "ot/."),
        concat!("/wo", "rk/"),
        concat!("/tm", "p/"),
        concat!("/Us", "ers/"),
    ];
    ROOTS.into_iter().find(|root| {
        line.match_indices(root).any(|(at, _)| {
            // After a letter, as in an address of a page, it is part of something longer.
            !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-~}$)*".contains(c))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_one_machine_is_found_and_a_longer_path_is_not() {
        assert!(machine_path(&format!("open(\"{}x\")", concat!("/tm", "p/"))).is_some());
        assert!(machine_path(concat!("src/ho", "me/page.svelte")).is_none());
        assert!(machine_path(concat!("https://example.org/wo", "rk/")).is_none());
    }

    #[test]
    fn names_that_say_nothing_are_found() {
        assert!(name("crates/client/src/utils.rs").is_some());
        assert!(name("crates/client/src/common/mod.rs").is_some());
        assert!(name("crates/client/src/selling/repo.rs").is_none());
        assert!(name("ui/src/lib/components/shared/Button.svelte").is_none());
    }

    #[test]
    fn a_connection_that_a_condition_holds_is_found() {
        let read = concat!("find(&mut *app.read", "er().await?).await? {");
        for held in [format!("    if let Some(known) = {read}"), format!("    let number = match {read}")] {
            assert!(holds_a_connection(&held), "{held}");
        }
        assert!(!holds_a_connection(&format!("    let known = {read}")));
        assert!(!holds_a_connection(&format!("    if {read}")), "what is no pattern lets go before its block");
    }

    #[test]
    fn white_space_at_a_line_end_is_found() {
        assert_eq!(line_findings("a.rs", "let x = 1; ").len(), 1);
        assert!(line_findings("a.rs", "let x = 1;").is_empty());
    }
}
