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
    /// Both are rates.
    AtLeast(f64),
    /// Both are times.
    AtMost(f64),
}

impl Target {
    pub(crate) fn met(self, ratio: f64) -> bool {
        match self {
            Self::AtLeast(bound) => ratio >= bound,
            Self::AtMost(bound) => ratio <= bound,
        }
    }
}

/// What a row says of itself.
pub(crate) struct About {
    pub(crate) ours: &'static str,
    pub(crate) anchor: &'static str,
    /// Of the figures: `/s` or `s`.
    pub(crate) unit: &'static str,
    pub(crate) target: Target,
}

pub(crate) trait Row {
    fn about(&self) -> About;
    /// One turn of ours.
    fn ours(&mut self, plan: &Plan) -> Result<f64>;
    /// One turn of the anchor.
    fn anchor(&mut self, plan: &Plan) -> Result<f64>;
    /// What else was seen, for the table's notes.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A row measured.
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    pub(crate) about: About,
    pub(crate) ours: Vec<f64>,
    pub(crate) anchor: Vec<f64>,
    pub(crate) notes: Vec<String>,
}

impl Measured {
    /// Ours / anchor, turn by turn, in order of size.
    pub(crate) fn ratios(&self) -> Vec<f64> {
        let mut ratios: Vec<f64> = self.ours.iter().zip(&self.anchor).map(|(ours, anchor)| ours / anchor).collect();
        ratios.sort_by(f64::total_cmp);
        ratios
    }
}

pub(crate) fn measure(name: &'static str, mut row: Box<dyn Row>, plan: &Plan) -> Result<Measured> {
    let (mut ours, mut anchor) = (Vec::new(), Vec::new());
    for _ in 0..plan.turns {
        ours.push(row.ours(plan)?);
        anchor.push(row.anchor(plan)?);
    }
    Ok(Measured { name, about: row.about(), ours, anchor, notes: row.notes() })
}

pub(crate) fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
