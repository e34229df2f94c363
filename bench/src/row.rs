//! A row: ours and its anchor, measured in turns A-B-A-B so that whatever else the machine does meets both.

use std::time::Duration;

use anyhow::Result;

/// How long and how often.
pub(crate) struct Plan {
    pub(crate) turns: usize,
    /// Of a measurement that counts what is done in a time.
    pub(crate) turn: Duration,
}

/// Which way is better, and where the target lies, as ours / anchor.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    /// Shown beside its floor, with no bound.
    Open,
    /// Both are rates.
    AtLeast(f64),
    /// Both are times.
    AtMost(f64),
}

impl Target {
    /// None where there is no bound.
    pub(crate) fn met(self, ratio: f64) -> Option<bool> {
        match self {
            Self::Open => None,
            Self::AtLeast(bound) => Some(ratio >= bound),
            Self::AtMost(bound) => Some(ratio <= bound),
        }
    }
}

/// What a row says of one of its figures.
pub(crate) struct About {
    /// Added to the row's name; empty where it has one figure.
    pub(crate) part: &'static str,
    pub(crate) ours: &'static str,
    pub(crate) anchor: &'static str,
    /// Of the figures: `/s`, `s`, `ms`, `B` …
    pub(crate) unit: &'static str,
    pub(crate) target: Target,
}

pub(crate) trait Row {
    /// One for each figure of a turn.
    fn about(&self) -> Vec<About>;
    /// One turn of ours.
    fn ours(&mut self, plan: &Plan) -> Result<Vec<f64>>;
    /// One turn of the anchor.
    fn anchor(&mut self, plan: &Plan) -> Result<Vec<f64>>;
    /// What else was seen, for the table's notes.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A row measured.
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    pub(crate) figures: Vec<Figure>,
    pub(crate) notes: Vec<String>,
}

/// One figure of it, turn by turn.
pub(crate) struct Figure {
    pub(crate) about: About,
    pub(crate) ours: Vec<f64>,
    pub(crate) anchor: Vec<f64>,
}

impl Figure {
    /// Ours / anchor, turn by turn, in order of size.
    pub(crate) fn ratios(&self) -> Vec<f64> {
        let mut ratios: Vec<f64> = self.ours.iter().zip(&self.anchor).map(|(ours, anchor)| ours / anchor).collect();
        ratios.sort_by(f64::total_cmp);
        ratios
    }
}

pub(crate) fn measure(name: &'static str, row: &mut dyn Row, plan: &Plan) -> Result<Measured> {
    let figure = |about| Figure { about, ours: Vec::new(), anchor: Vec::new() };
    let mut figures: Vec<Figure> = row.about().into_iter().map(figure).collect();
    for _ in 0..plan.turns {
        for (figure, value) in figures.iter_mut().zip(row.ours(plan)?) {
            figure.ours.push(value);
        }
        for (figure, value) in figures.iter_mut().zip(row.anchor(plan)?) {
            figure.anchor.push(value);
        }
    }
    Ok(Measured { name, figures, notes: row.notes() })
}

pub(crate) fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The value that all but so many in a hundred stay below.
pub(crate) fn percentile(values: &[f64], share: usize) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() * share / 100).copied().unwrap_or(f64::NAN)
}
