//! Price lists: which plans a reseller may sell, and at what price. Entries are only ever added; of those for one plan
//! the last to have begun is in force, and without one the plan's own terms are.

use serde::{Deserialize, Serialize};

use crate::ids::PlanId;
use crate::time::Timestamp;

/// Who sells a plan, where a reseller's price list says nothing about it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SoldBy {
    #[default]
    Everyone,
    /// Only resellers whose price list allows it.
    Chosen,
}

impl SoldBy {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Chosen => "chosen",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        [Self::Everyone, Self::Chosen].into_iter().find(|one| one.as_str() == name)
    }
}

/// What one reseller's price list says about one plan, from a moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceTerms {
    pub plan_id: PlanId,
    /// Whether the reseller may sell the plan.
    pub allowed: bool,
    /// Minor units of the operator's currency; absent is the plan's own price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<i64>,
    pub valid_from: Timestamp,
}

/// A plan as it is sold without a price list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedPlan {
    pub plan_id: PlanId,
    pub sold_by: SoldBy,
    /// Minor units.
    pub price: i64,
    /// Costs nothing, whatever a price list says.
    pub trial: bool,
}

/// What a reseller sells a plan for at a moment, in minor units; none when it may not sell it. `terms` are those of the
/// reseller, in the order they begin, and of those that begin together in the order they were set.
pub fn price_at(terms: &[PriceTerms], plan: ListedPlan, at: Timestamp) -> Option<i64> {
    let of = |price| if plan.trial { 0 } else { price };
    let in_force = terms.iter().rev().find(|one| one.plan_id == plan.plan_id && one.valid_from <= at);
    match in_force {
        Some(one) => one.allowed.then(|| of(one.price.unwrap_or(plan.price))),
        None => (plan.sold_by == SoldBy::Everyone).then(|| of(plan.price)),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const PLAN: PlanId = PlanId(Uuid::from_u128(1));
    const OTHER: PlanId = PlanId(Uuid::from_u128(2));

    fn listed(sold_by: SoldBy) -> ListedPlan {
        ListedPlan { plan_id: PLAN, sold_by, price: 999, trial: false }
    }

    fn terms(plan_id: PlanId, allowed: bool, price: Option<i64>, from: i64) -> PriceTerms {
        PriceTerms { plan_id, allowed, price, valid_from: Timestamp(from) }
    }

    #[test]
    fn without_an_entry_the_plan_decides() {
        let other = [terms(OTHER, false, Some(1), 0)];
        assert_eq!(price_at(&other, listed(SoldBy::Everyone), Timestamp(5)), Some(999));
        assert_eq!(price_at(&other, listed(SoldBy::Chosen), Timestamp(5)), None);
    }

    #[test]
    fn the_last_that_has_begun_is_in_force() {
        let list = [
            terms(PLAN, true, Some(800), 10),
            terms(PLAN, true, Some(700), 20),
            terms(OTHER, false, None, 20),
            terms(PLAN, true, None, 20),
            terms(PLAN, false, Some(1), 30),
        ];
        for sold_by in [SoldBy::Everyone, SoldBy::Chosen] {
            let plan = listed(sold_by);
            assert_eq!(price_at(&list, plan, Timestamp(10)), Some(800));
            assert_eq!(price_at(&list, plan, Timestamp(19)), Some(800));
            // Two begin together: the one set last; it says nothing of a price.
            assert_eq!(price_at(&list, plan, Timestamp(20)), Some(999));
            assert_eq!(price_at(&list, plan, Timestamp(30)), None);
        }
        assert_eq!(price_at(&list, listed(SoldBy::Everyone), Timestamp(9)), Some(999));
    }

    #[test]
    fn a_trial_has_no_price_in_any_list() {
        let trial = ListedPlan { price: 0, trial: true, ..listed(SoldBy::Everyone) };
        assert_eq!(price_at(&[terms(PLAN, true, Some(800), 0)], trial, Timestamp(5)), Some(0));
        assert_eq!(price_at(&[terms(PLAN, false, None, 0)], trial, Timestamp(5)), None);
    }

    #[test]
    fn nothing_costs_nothing_when_the_list_says_so() {
        assert_eq!(price_at(&[terms(PLAN, true, Some(0), 0)], listed(SoldBy::Chosen), Timestamp(0)), Some(0));
    }
}
