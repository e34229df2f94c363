//! docs/REQUIREMENTS.md says of each requirement where it is and what proves it. What it names has to exist.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::Finding;
use crate::workspace::root;

const PAGE: &str = "docs/REQUIREMENTS.md";
const PAGES: &str = "ui/src/lib/state/navigation.svelte.ts";
const API: &str = "docs/openapi.json";

/// The groups of requirements, with how many each has. `U` is what nobody else has.
const GROUPS: &[(&str, usize)] = &[
    ("P", 3),
    ("C", 8),
    ("A", 5),
    ("R", 6),
    ("S", 7),
    ("M", 7),
    ("G", 3),
    ("T", 7),
    ("X", 3),
    ("N", 2),
    ("B", 1),
    ("O", 3),
    ("Y", 4),
    ("D", 4),
    ("U", 13),
];

/// What rows may name.
struct Known<'a> {
    files: &'a [String],
    /// Templates, as the document has them.
    paths: BTreeSet<String>,
    /// The text that lists the pages of the window.
    pages: String,
}

pub(super) fn check(files: &[String]) -> Result<Vec<Finding>> {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).with_context(|| path.to_owned());
    let api: Value = serde_json::from_str(&read(API)?).with_context(|| API.to_owned())?;
    let paths = api["paths"].as_object().map(|paths| paths.keys().cloned().collect()).unwrap_or_default();
    let known = Known { files, paths, pages: read(PAGES)? };
    let mut texts = BTreeMap::new();
    let mut text_of =
        |path: &str| texts.entry(path.to_owned()).or_insert_with(|| read(path).unwrap_or_default()).clone();
    Ok(judge(&read(PAGE)?, &known, &mut text_of))
}

fn judge(page: &str, known: &Known<'_>, text_of: &mut dyn FnMut(&str) -> String) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut named = BTreeSet::new();
    for (number, line) in page.lines().enumerate() {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let Some(id) = cells.first().filter(|id| is_id(id)) else { continue };
        named.insert((*id).to_owned());
        let advice = judge_row(&cells, known, text_of);
        findings.extend(advice.into_iter().map(|advice| Finding::new(format!("{PAGE}:{}", number + 1), advice)));
    }
    let absent = ids().filter(|id| !named.contains(id));
    findings
        .extend(absent.map(|id| Finding::new(PAGE, format!("has no row of {id}: say where it is and what proves it"))));
    findings
}

fn judge_row(cells: &[&str], known: &Known<'_>, text_of: &mut dyn FnMut(&str) -> String) -> Vec<String> {
    let [_, _, screen, api, proof] = cells else {
        return vec![format!("has {} cells and not 5: id, what is asked, page, API, proof", cells.len())];
    };
    let mut advice: Vec<String> = quoted(screen).filter_map(|page| unknown_page(page, known)).collect();
    advice.extend(quoted(api).filter_map(|path| unknown_path(path, known)));
    advice.extend(quoted(proof).filter_map(|test| unknown_test(test, known, text_of)));
    if quoted(proof).next().is_none() && !proof.contains("missing") {
        advice.push("names no test: name one, or say what is missing".to_owned());
    }
    advice
}

fn ids() -> impl Iterator<Item = String> {
    GROUPS.iter().flat_map(|(group, count)| (1..=*count).map(move |number| format!("{group}{number}")))
}

fn is_id(cell: &str) -> bool {
    ids().any(|id| id == cell)
}

/// What stands between backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// `#/plans` is a page of the window; `/apply` one of Central's, which its own tests visit.
fn unknown_page(page: &str, known: &Known<'_>) -> Option<String> {
    let name = page.strip_prefix("#/")?;
    (!known.pages.contains(&format!("\"{name}\""))).then(|| format!("`{page}` is no page of {PAGES}"))
}

fn unknown_path(path: &str, known: &Known<'_>) -> Option<String> {
    (!known.paths.contains(&format!("/api/v1/{path}"))).then(|| format!("`{path}` is no path of {API}"))
}

/// `orders.rs::the_name` is a function, `orders.spec.ts::the title` a test of a browser or of the screens' own. As much of
/// the file's path as makes it the only one.
fn unknown_test(test: &str, known: &Known<'_>, text_of: &mut dyn FnMut(&str) -> String) -> Option<String> {
    let Some((file, name)) = test.split_once("::") else {
        return Some(format!("`{test}` is no test: write `file::name`"));
    };
    let end = format!("/{file}");
    let found: Vec<&String> = known.files.iter().filter(|path| path.ends_with(&end)).collect();
    let [path] = found[..] else {
        return Some(format!("`{file}` is the end of {} paths: write as much of one as names it", found.len()));
    };
    let text = text_of(path);
    let there = if Path::new(path).extension().is_some_and(|ending| ending == "rs") {
        text.contains(&format!("fn {name}("))
    } else {
        ['"', '`'].iter().any(|quote| text.contains(&format!("{quote}{name}{quote}")))
    };
    (!there).then(|| format!("`{path}` has no test `{name}`: was it renamed or moved?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a page with this row in place of P1's, and with all others.
    fn said_of(row: &str) -> Vec<String> {
        let files = [
            "tests/ui/specs/plans.spec.ts",
            "central/engine/tests/plans.rs",
            "ui/plans.test.ts",
            "other/tests/plans.rs",
        ]
        .map(str::to_owned);
        let known =
            Known { files: &files, paths: ["/api/v1/admin/plans".to_owned()].into(), pages: "\"plans\",".to_owned() };
        let mut text_of = |path: &str| match path {
            "central/engine/tests/plans.rs" => "async fn a_plan_is_made() {".to_owned(),
            "tests/ui/specs/plans.spec.ts" => "test(\"a plan is made\", async".to_owned(),
            _ => "it(`a plan in ${scheme}`, () =>".to_owned(),
        };
        let others = ids().filter(|id| id != "P1").map(|id| format!("| {id} | all | none | none | missing |"));
        let rest = others.collect::<Vec<_>>().join("\n");
        let findings = judge(&format!("{row}\n{rest}"), &known, &mut text_of);
        findings.into_iter().map(|finding| finding.advice).collect()
    }

    #[test]
    fn what_exists_is_nothing_to_say() {
        for proof in [
            "`engine/tests/plans.rs::a_plan_is_made`",
            "`plans.spec.ts::a plan is made`, `plans.test.ts::a plan in ${scheme}`",
            "missing: nobody can make one",
        ] {
            let row = format!("| P1 | create | Plans `#/plans`, `/apply` | `admin/plans` | {proof} |");
            assert_eq!(said_of(&row), Vec::<String>::new(), "{row}");
        }
    }

    #[test]
    fn what_does_not_exist_is_named() {
        for (row, expected) in [
            ("| P1 | create | `#/plan` | `admin/plans` | missing |", "`#/plan` is no page"),
            ("| P1 | create | `#/plans` | `admin/plan` | missing |", "`admin/plan` is no path"),
            ("| P1 | create | - | - | `engine/tests/plans.rs::a_plan` |", "has no test `a_plan`"),
            ("| P1 | create | - | - | `plans.spec.ts::a plan` |", "has no test `a plan`"),
            ("| P1 | create | - | - | `plans.rs::a_plan_is_made` |", "is the end of 2 paths"),
            ("| P1 | create | - | - | `nowhere.rs::a_plan_is_made` |", "is the end of 0 paths"),
            ("| P1 | create | - | - | `a_plan_is_made` |", "write `file::name`"),
            ("| P1 | create | - | - | yes |", "names no test"),
            ("| P1 | create | - | missing |", "has 4 cells"),
        ] {
            let said = said_of(row);
            assert!(matches!(&said[..], [one] if one.contains(expected)), "{row}: {said:?}");
        }
    }

    #[test]
    fn a_requirement_without_a_row_is_named() {
        let said = said_of("| P9 | no such requirement | - | - | yes |");
        assert_eq!(said, ["has no row of P1: say where it is and what proves it"]);
    }
}
