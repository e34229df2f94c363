//! In which order codes are listed, where somebody chose one, and where a page of it goes on.

use std::cmp::Ordering;

use counterfoil_domain::code::CodeState;
use serde::{Deserialize, Serialize};

use super::{Line, Place};

/// What codes are sorted by: each is the order of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SortBy {
    /// When they were sold, or first seen.
    Sold,
    Serial,
    /// Of each plan the highest serials first; turned round, the lowest.
    Plan,
    /// As a code goes through them; of each state the newest first, either way round.
    State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sort {
    pub(crate) by: SortBy,
    pub(crate) descending: bool,
}

impl Sort {
    pub(super) const NEWEST: Self = Self { by: SortBy::Sold, descending: true };

    /// Whether codes of chosen states are found along an index in this order. By serial and by plan, a rare state would be
    /// looked for in all codes.
    pub(super) const fn knows_states(self) -> bool {
        matches!(self.by, SortBy::Sold | SortBy::State)
    }

    pub(super) fn place(self, line: &Line) -> Place {
        let serial = line.serial.clone();
        let spot = match self.by {
            SortBy::Sold => Spot::Sold(line.sold_at, serial),
            SortBy::Serial => Spot::Serial(serial),
            SortBy::Plan => Spot::Plan(line.plan_name.to_lowercase(), serial),
            SortBy::State => Spot::State(line.state, line.sold_at, serial),
        };
        Place::Sorted(Sorted { spot, descending: self.descending })
    }
}

/// Where a line stands in a chosen order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sorted {
    pub(super) spot: Spot,
    descending: bool,
}

/// What a line is sorted by, up to its serial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Spot {
    Sold(i64, String),
    Serial(String),
    Plan(String, String),
    State(CodeState, i64, String),
}

impl Spot {
    const fn by(&self) -> SortBy {
        match self {
            Self::Sold(..) => SortBy::Sold,
            Self::Serial(..) => SortBy::Serial,
            Self::Plan(..) => SortBy::Plan,
            Self::State(..) => SortBy::State,
        }
    }
}

impl Sorted {
    /// The order that this is a place of.
    pub(super) const fn sort(&self) -> Sort {
        Sort { by: self.spot.by(), descending: self.descending }
    }

    fn down(&self, up: Ordering) -> Ordering {
        if self.descending { up.reverse() } else { up }
    }
}

impl Ord for Sorted {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.spot, &other.spot) {
            (Spot::Sold(at, serial), Spot::Sold(other_at, other)) => self.down((at, serial).cmp(&(other_at, other))),
            (Spot::Serial(serial), Spot::Serial(other)) => self.down(serial.cmp(other)),
            (Spot::Plan(plan, serial), Spot::Plan(other_plan, other)) => {
                self.down((plan, other).cmp(&(other_plan, serial)))
            }
            (Spot::State(state, at, serial), Spot::State(other_state, other_at, other)) => {
                self.down(state.cmp(other_state)).then((other_at, other).cmp(&(at, serial)))
            }
            // Places of two lists are never compared.
            (spot, other) => (spot.by() as u8).cmp(&(other.by() as u8)),
        }
    }
}

impl PartialOrd for Sorted {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
