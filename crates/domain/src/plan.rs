//! Plans: what is sold.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The rhythm a plan is offered in; the term in days is separate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PlanKind {
    Monthly,
    Quarterly,
    Yearly,
    Custom,
}

/// Archived things stay in history and can no longer be sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PlanStatus {
    Active,
    Archived,
}

impl PlanKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::Yearly => "yearly",
            Self::Custom => "custom",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        [Self::Monthly, Self::Quarterly, Self::Yearly, Self::Custom].into_iter().find(|k| k.as_str() == name)
    }
}

impl PlanStatus {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        [Self::Active, Self::Archived].into_iter().find(|s| s.as_str() == name)
    }
}

/// How often each reseller may give a trial in a month, at most.
pub const MOST_TRIALS_A_MONTH: i64 = 1_000;
/// Of a trial, in days.
pub const LONGEST_TRIAL: i64 = 31;

/// What a person enters for a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanDraft<'a> {
    pub name: &'a str,
    pub price: i64,
    pub term_days: i64,
    pub features: &'a [String],
    /// How often each reseller may give it in a month; 0 is an ordinary plan.
    pub trials_a_month: i64,
}

/// One wrong field of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PlanError {
    #[error("a plan's name has 1 to 80 characters")]
    Name,
    #[error("a price is zero or more")]
    Price,
    #[error("a term is 1 to 3,660 days")]
    Term,
    #[error("a plan lists at most 20 features of at most 120 characters")]
    Features,
    #[error("a trial is given 1 to 1,000 times a month by each reseller; 0 makes it an ordinary plan")]
    TrialsAMonth,
    #[error("a trial costs nothing: its price is 0")]
    TrialPrice,
    #[error("a trial lasts at most 31 days")]
    TrialTerm,
}

impl PlanDraft<'_> {
    /// Every wrong field at once, so that a form can mark them all.
    pub fn check(&self) -> Vec<PlanError> {
        let mut wrong = Vec::new();
        let name = self.name.trim().chars().count();
        if name == 0 || name > 80 {
            wrong.push(PlanError::Name);
        }
        if !(0..=crate::amount::Amount::MAX).contains(&self.price) {
            wrong.push(PlanError::Price);
        }
        if !(1..=3_660).contains(&self.term_days) {
            wrong.push(PlanError::Term);
        }
        if self.features.len() > 20 || self.features.iter().any(|f| f.chars().count() > 120) {
            wrong.push(PlanError::Features);
        }
        if self.trials_a_month != 0 {
            wrong.extend(self.check_trial());
        }
        wrong
    }

    fn check_trial(&self) -> impl Iterator<Item = PlanError> {
        let given = (1..=MOST_TRIALS_A_MONTH).contains(&self.trials_a_month);
        [
            (!given).then_some(PlanError::TrialsAMonth),
            (self.price != 0).then_some(PlanError::TrialPrice),
            (self.term_days > LONGEST_TRIAL).then_some(PlanError::TrialTerm),
        ]
        .into_iter()
        .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(trials_a_month: i64, price: i64, term_days: i64) -> Vec<PlanError> {
        PlanDraft { name: "Week", price, term_days, features: &[], trials_a_month }.check()
    }

    #[test]
    fn a_trial_is_short_and_costs_nothing() {
        assert_eq!(wrong(10, 0, 31), []);
        assert_eq!(wrong(1_001, 1, 32), [PlanError::TrialsAMonth, PlanError::TrialPrice, PlanError::TrialTerm]);
        assert_eq!(wrong(-1, 0, 7), [PlanError::TrialsAMonth]);
        assert_eq!(wrong(0, 999, 365), []);
    }
}
