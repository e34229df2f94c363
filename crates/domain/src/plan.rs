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

/// What a person enters for a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanDraft<'a> {
    pub name: &'a str,
    pub price: i64,
    pub term_days: i64,
    pub features: &'a [String],
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
        wrong
    }
}
