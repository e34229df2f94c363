//! Payouts.

use counterfoil_domain::commission as domain;
use counterfoil_wire::payouts;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::count;
use crate::api::types::AmountView;

words! {
    PayoutState { Requested, Approved, Sent, Confirmed, Failed }
    PayoutMethod { BankTransfer, MobileMoney, Cash, Other }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PayoutView {
    pub payout_id: String,
    pub company: String,
    pub amount: AmountView,
    /// What the earnings in it come to; more than the amount where a debt was taken off.
    pub earned: AmountView,
    pub earnings: u32,
    pub description: String,
    pub method: PayoutMethod,
    pub destination: String,
    pub state: PayoutState,
    pub asked_at: i64,
    pub asked_by: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl From<payouts::Payout> for PayoutView {
    fn from(payout: payouts::Payout) -> Self {
        Self {
            payout_id: payout.payout_id.to_string(),
            company: payout.company,
            amount: payout.amount.into(),
            earned: payout.earned.into(),
            earnings: count(payout.earnings),
            description: payout.description,
            method: payout.method.into(),
            destination: payout.destination,
            state: payout.state.into(),
            asked_at: payout.asked_at.0,
            asked_by: payout.asked_by,
            approved_at: payout.approved_at.map(|at| at.0),
            sent_at: payout.sent_at.map(|at| at.0),
            reference: payout.reference,
            ended_at: payout.ended_at.map(|at| at.0),
            changed_by: payout.changed_by,
            reason: payout.reason,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PayoutsPage {
    pub rows: Vec<PayoutView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
