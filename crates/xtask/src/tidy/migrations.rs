//! Central's migrations run while older Centrals serve: they add, or their name says that they break.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::Finding;
use crate::workspace::root;

const FOLDERS: [&str; 2] = ["migrations/central/sqlite/", "migrations/central/postgres/"];

/// From before anybody ran Central.
const BEFORE_THE_RULE: &[&str] = &["0003_sync.sql"];

/// What takes from an older program something that it uses.
const BREAKS: &[&str] = &["DROP TABLE", "DROP COLUMN", "RENAME TO", "RENAME COLUMN", "ALTER COLUMN", "SET NOT NULL"];

pub(super) fn check(files: &[String]) -> Result<Vec<Finding>> {
    let [sqlite, postgres] = FOLDERS.map(|folder| names(files, folder));
    let mut findings: Vec<_> = sqlite
        .symmetric_difference(&postgres)
        .map(|name| Finding::new(*name, "is in one of the two folders of migrations/central only: write the other"))
        .collect();
    for name in &postgres {
        let sql = std::fs::read_to_string(root().join(FOLDERS[1]).join(name))?;
        findings.extend(judge(name, &sql).map(|advice| Finding::new(format!("{}{name}", FOLDERS[1]), advice)));
    }
    Ok(findings)
}

fn names<'a>(files: &'a [String], folder: &str) -> BTreeSet<&'a str> {
    files.iter().filter_map(|path| path.strip_prefix(folder)).collect()
}

/// On PostgreSQL alone several processes serve one database; a table that SQLite must make anew is nobody else's.
fn judge(name: &str, sql: &str) -> Option<String> {
    let said = Path::new(name).file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("_breaking"));
    if said || BEFORE_THE_RULE.contains(&name) {
        return None;
    }
    let statements: Vec<&str> = sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    let statements = statements.join(" ").to_uppercase();
    let words = statements.split_whitespace().collect::<Vec<_>>().join(" ");
    let found = BREAKS.iter().find(|phrase| words.contains(**phrase))?;
    Some(format!(
        "has {found}, which older Centrals that still serve may not live with: only add, or end the name in `_breaking`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_away_must_say_so() {
        for (name, sql, fine) in [
            ("0005_notes.sql", "ALTER TABLE account ADD COLUMN note TEXT;", true),
            ("0005_notes.sql", "-- later: DROP TABLE note\nCREATE TABLE note (id BIGINT);", true),
            ("0005_notes.sql", "ALTER TABLE account\n  DROP COLUMN email;", false),
            ("0005_notes.sql", "alter table account rename to customer;", false),
            ("0005_no_email_breaking.sql", "ALTER TABLE account DROP COLUMN email;", true),
            ("0005_breaking_email.sql", "ALTER TABLE account DROP COLUMN email;", false),
            ("0003_sync.sql", "ALTER TABLE feed_row DROP COLUMN gone;", true),
        ] {
            assert_eq!(judge(name, sql).is_none(), fine, "{name}: {sql}");
        }
    }
}
