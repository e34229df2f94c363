//! The table, and where it is kept.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::row::{Measured, Target, median};

/// In docs/BENCH.md the table stands between these lines; all else there is written by hand.
const BEGIN: &str = "<!-- table: written by `make bench WRITE=1` -->";
const END: &str = "<!-- end of the table -->";

pub(crate) fn line(row: &Measured) -> String {
    let ratios = row.ratios();
    let (low, high) = (ratios.first().copied().unwrap_or(f64::NAN), ratios.last().copied().unwrap_or(f64::NAN));
    let target = match row.about.target {
        Target::AtLeast(bound) => format!("≥ {bound}"),
        Target::AtMost(bound) => format!("≤ {bound}"),
    };
    let ratio = median(&ratios);
    let met = if row.about.target.met(ratio) { "met" } else { "missed" };
    format!(
        "| `{}` | {} | {} | {} | {} | {} ({}–{}) | {target} | {met} |",
        row.name,
        row.about.ours,
        figure(median(&row.ours), row.about.unit),
        row.about.anchor,
        figure(median(&row.anchor), row.about.unit),
        short(ratio),
        short(low),
        short(high),
    )
}

pub(crate) fn markdown(rows: &[Measured], host: &str) -> String {
    let mut text = format!("{host}\n\n");
    text.push_str(
        "| Row | Ours | | Anchor | | Ratio, median (spread) | Target | |\n|---|---|--:|---|--:|--:|--:|---|\n",
    );
    for row in rows {
        let _ = writeln!(text, "{}", line(row));
    }
    for row in rows {
        for note in &row.notes {
            let _ = write!(text, "\n- `{}`: {note}", row.name);
        }
    }
    text
}

/// Puts the table into docs/BENCH.md.
pub(crate) fn keep(rows: &[Measured], host: &str) -> Result<()> {
    let page = Path::new("docs/BENCH.md");
    let old = std::fs::read_to_string(page).context("run this at the root of the repository")?;
    let (before, rest) = old.split_once(BEGIN).context("docs/BENCH.md has no place for the table")?;
    let (_, after) = rest.split_once(END).context("docs/BENCH.md has no end of the table")?;
    Ok(std::fs::write(page, format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", markdown(rows, host).trim_end()))?)
}

fn figure(value: f64, unit: &str) -> String {
    format!("{} {unit}", short(value))
}

fn short(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}
