//! The table, and where it is kept.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::row::{Figure, Measured, Target, median};

/// In docs/BENCH.md the table stands between these lines; all else there is written by hand.
const BEGIN: &str = "<!-- table: written by `make bench WRITE=1` -->";
const END: &str = "<!-- end of the table -->";

/// The lines of a row, one for each figure.
pub(crate) fn lines(row: &Measured) -> Vec<String> {
    row.figures.iter().map(|figure| line(row.name, figure)).collect()
}

fn line(name: &str, figure: &Figure) -> String {
    let (about, ratios) = (&figure.about, figure.ratios());
    let (low, high) = (ratios.first().copied().unwrap_or(f64::NAN), ratios.last().copied().unwrap_or(f64::NAN));
    let target = match about.target {
        Target::Open => "none".to_owned(),
        Target::AtLeast(bound) => format!("≥ {}", short(bound)),
        Target::AtMost(bound) => format!("≤ {}", short(bound)),
    };
    let ratio = median(&ratios);
    let met = match about.target.met(ratio) {
        None => "",
        Some(true) => "met",
        Some(false) => "missed",
    };
    let parted = if about.part.is_empty() { "" } else { ", " };
    format!(
        "| `{name}`{parted}{} | {} | {} | {} | {} | {} ({}–{}) | {target} | {met} |",
        about.part,
        about.ours,
        with_unit(median(&figure.ours), about.unit),
        about.anchor,
        with_unit(median(&figure.anchor), about.unit),
        short(ratio),
        short(low),
        short(high),
    )
}

/// The table, then what was not measured and why, then the notes of each row.
pub(crate) fn markdown(rows: &[Measured], left_out: &[String], host: &str) -> String {
    let mut text = format!("{host}\n\n");
    text.push_str(
        "| Row | Ours | | Anchor | | Ratio, median (spread) | Target | |\n|---|---|--:|---|--:|--:|--:|---|\n",
    );
    for line in rows.iter().flat_map(lines) {
        let _ = writeln!(text, "{line}");
    }
    for why in left_out {
        let _ = write!(text, "\n- {why}");
    }
    for row in rows {
        for note in &row.notes {
            let _ = write!(text, "\n- `{}`: {note}", row.name);
        }
    }
    text
}

/// Puts the table into docs/BENCH.md.
pub(crate) fn keep(table: &str) -> Result<()> {
    let page = Path::new("docs/BENCH.md");
    let old = std::fs::read_to_string(page).context("run this at the root of the repository")?;
    let (before, rest) = old.split_once(BEGIN).context("docs/BENCH.md has no place for the table")?;
    let (_, after) = rest.split_once(END).context("docs/BENCH.md has no end of the table")?;
    Ok(std::fs::write(page, format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", table.trim_end()))?)
}

fn with_unit(value: f64, unit: &str) -> String {
    format!("{} {unit}", short(value))
}

/// Three figures that count.
pub(crate) fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 0.1 => format!("{value:.2}"),
        size if size >= 0.01 => format!("{value:.3}"),
        _ => format!("{value:.1e}"),
    }
}
