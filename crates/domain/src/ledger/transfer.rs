//! The kinds of transfers, and the event that makes each unique.

use serde::{Deserialize, Serialize};

use super::account::AccountKind;
use crate::ids::{
    EarningId, JobId, LeaseId, LotId, OrderId, PaymentId, PayoutId, RelationshipId, SettlementId, SubscriptionId,
    TopUpRequestId, TransferId,
};

/// Why an amount moved. The accounts it may move between belong to the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TransferKind {
    Purchase,
    Credit,
    Bonus,
    Refund,
    /// A correction by the operator; the sign is in the direction.
    Adjustment,
    Debit,
    LeaseGrant,
    /// What a closed or expired lease gives back.
    LeaseRelease,
    /// Settled from escrow.
    Sale,
    /// Settled from the wallet: a late claim or over the lease's budget.
    LateSale,
    /// Made online, one by one or in lots.
    OnlineSale,
    Activation,
    /// Service given to an account without a code: reserved and captured at once.
    Subscription,
    Void,
    /// A share of a sale was earned.
    CommissionEarned,
    /// Its time of waiting is over.
    CommissionReleased,
    /// An earning is taken back, out of PENDING or as a debt.
    CommissionReversed,
    /// What is available pays what is owed.
    CommissionNetted,
    /// A payout was asked for …
    PayoutRequested,
    /// … and has arrived …
    PayoutConfirmed,
    /// … or comes back.
    PayoutReturned,
    /// A customer paid an order: the provider's part …
    OrderBase,
    /// … and the reseller's.
    OrderMarkup,
    /// A customer got money back: less is owed to the provider …
    OrderBaseRefund,
    /// … and less is earned.
    OrderMarkupRefund,
    /// The provider was paid.
    ProviderSettlement,
}

impl TransferKind {
    pub const ALL: [Self; 26] = [
        Self::Purchase,
        Self::Credit,
        Self::Bonus,
        Self::Refund,
        Self::Adjustment,
        Self::Debit,
        Self::LeaseGrant,
        Self::LeaseRelease,
        Self::Sale,
        Self::LateSale,
        Self::OnlineSale,
        Self::Activation,
        Self::Subscription,
        Self::Void,
        Self::CommissionEarned,
        Self::CommissionReleased,
        Self::CommissionReversed,
        Self::CommissionNetted,
        Self::PayoutRequested,
        Self::PayoutConfirmed,
        Self::PayoutReturned,
        Self::OrderBase,
        Self::OrderMarkup,
        Self::OrderBaseRefund,
        Self::OrderMarkupRefund,
        Self::ProviderSettlement,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Purchase => "purchase",
            Self::Credit => "credit",
            Self::Bonus => "bonus",
            Self::Refund => "refund",
            Self::Adjustment => "adjustment",
            Self::Debit => "debit",
            Self::LeaseGrant => "lease_grant",
            Self::LeaseRelease => "lease_release",
            Self::Sale => "sale",
            Self::LateSale => "late_sale",
            Self::OnlineSale => "online_sale",
            Self::Activation => "activation",
            Self::Subscription => "subscription",
            Self::Void => "void",
            Self::CommissionEarned => "commission_earned",
            Self::CommissionReleased => "commission_released",
            Self::CommissionReversed => "commission_reversed",
            Self::CommissionNetted => "commission_netted",
            Self::PayoutRequested => "payout_requested",
            Self::PayoutConfirmed => "payout_confirmed",
            Self::PayoutReturned => "payout_returned",
            Self::OrderBase => "order_base",
            Self::OrderMarkup => "order_markup",
            Self::OrderBaseRefund => "order_base_refund",
            Self::OrderMarkupRefund => "order_markup_refund",
            Self::ProviderSettlement => "provider_settlement",
        }
    }

    /// The kind with this stored name; none is a damaged row.
    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether this kind may move from `debit` to `credit`.
    pub fn allows(self, debit: AccountKind, credit: AccountKind) -> bool {
        use AccountKind::{
            CommissionAvailable, CommissionClawback, CommissionClearing, CommissionExpense, CommissionPaid,
            CommissionPending, Consumed, Funding, Issued, Lease, OrderCustomers, OrderMarkup, ProviderPaid,
            ProviderPayable, Wallet,
        };
        match self {
            Self::Purchase | Self::Credit | Self::Bonus => (debit, credit) == (Funding, Wallet),
            Self::Refund | Self::Debit => (debit, credit) == (Wallet, Funding),
            Self::Adjustment => matches!((debit, credit), (Funding, Wallet) | (Wallet, Funding)),
            Self::LeaseGrant => (debit, credit) == (Wallet, Lease),
            Self::LeaseRelease => (debit, credit) == (Lease, Wallet),
            Self::Sale => (debit, credit) == (Lease, Issued),
            Self::LateSale | Self::OnlineSale => (debit, credit) == (Wallet, Issued),
            Self::Activation => (debit, credit) == (Issued, Consumed),
            Self::Subscription => (debit, credit) == (Wallet, Consumed),
            Self::Void => (debit, credit) == (Issued, Wallet),
            Self::CommissionEarned => (debit, credit) == (CommissionExpense, CommissionPending),
            Self::CommissionReleased => (debit, credit) == (CommissionPending, CommissionAvailable),
            Self::CommissionReversed => {
                matches!((debit, credit), (CommissionPending | CommissionClawback, CommissionExpense))
            }
            Self::CommissionNetted => (debit, credit) == (CommissionAvailable, CommissionClawback),
            Self::PayoutRequested => (debit, credit) == (CommissionAvailable, CommissionClearing),
            Self::PayoutConfirmed => (debit, credit) == (CommissionClearing, CommissionPaid),
            Self::PayoutReturned => (debit, credit) == (CommissionClearing, CommissionAvailable),
            Self::OrderBase => (debit, credit) == (OrderCustomers, ProviderPayable),
            Self::OrderMarkup => (debit, credit) == (OrderCustomers, OrderMarkup),
            Self::OrderBaseRefund => (debit, credit) == (ProviderPayable, OrderCustomers),
            Self::OrderMarkupRefund => (debit, credit) == (OrderMarkup, OrderCustomers),
            Self::ProviderSettlement => (debit, credit) == (ProviderPayable, ProviderPaid),
        }
    }
}

/// The event behind a posting. Unique in the ledger: the same event cannot post twice, whatever is retried.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SourceEvent(String);

impl SourceEvent {
    pub fn lease_grant(lease: LeaseId) -> Self {
        Self(format!("lease/{lease}/grant"))
    }

    pub fn lease_close(lease: LeaseId) -> Self {
        Self(format!("lease/{lease}/close"))
    }

    pub fn lease_expiry(lease: LeaseId) -> Self {
        Self(format!("lease/{lease}/expiry"))
    }

    /// A lot was made: the cost of all its codes at once.
    pub fn lot(lot: LotId) -> Self {
        Self(format!("lot/{lot}/sale"))
    }

    /// A part of a large lot was made: the cost of its codes from this number on.
    pub fn lot_part(lot: LotId, first: u32) -> Self {
        Self(format!("lot/{lot}/sale/{first}"))
    }

    /// A job voided codes of a lot: what those from this number on cost.
    pub fn lot_void(job: JobId, first: u32) -> Self {
        Self(format!("job/{job}/void/{first}"))
    }

    /// First sight of one code of a lease.
    pub fn settlement(source: uuid::Uuid, seq: u32) -> Self {
        Self(format!("code/{source}/{seq}/settle"))
    }

    pub fn activation(source: uuid::Uuid, seq: u32) -> Self {
        Self(format!("code/{source}/{seq}/activate"))
    }

    pub fn void(source: uuid::Uuid, seq: u32) -> Self {
        Self(format!("code/{source}/{seq}/void"))
    }

    pub fn subscription(id: SubscriptionId) -> Self {
        Self(format!("subscription/{id}"))
    }

    /// A movement asked for by a person, under the id the asker minted.
    pub fn request(id: TransferId) -> Self {
        Self(format!("request/{id}"))
    }

    /// The credit of a request that was approved.
    pub fn top_up(request: TopUpRequestId) -> Self {
        Self(format!("top-up/{request}"))
    }

    /// Credit between an upline and a reseller below it leaves the one's books …
    pub fn downline_out(id: TransferId) -> Self {
        Self(format!("downline/{id}/out"))
    }

    /// … and enters the other's.
    pub fn downline_in(id: TransferId) -> Self {
        Self(format!("downline/{id}/in"))
    }

    /// A share of a sale was earned …
    pub fn earned(earning: EarningId) -> Self {
        Self(format!("earning/{earning}"))
    }

    /// … is the reseller's to take …
    pub fn earning_released(earning: EarningId) -> Self {
        Self(format!("earning/{earning}/release"))
    }

    /// … or was taken back.
    pub fn earning_reversed(earning: EarningId) -> Self {
        Self(format!("earning/{earning}/reverse"))
    }

    /// What became available when this happened paid a debt.
    pub fn netted(by: TransferId) -> Self {
        Self(format!("netting/{by}"))
    }

    pub fn payout_requested(payout: PayoutId) -> Self {
        Self(format!("payout/{payout}"))
    }

    /// It was confirmed, or failed: one of the two.
    pub fn payout_ended(payout: PayoutId) -> Self {
        Self(format!("payout/{payout}/end"))
    }

    /// A customer's payment that the reseller collected is the operator's …
    pub fn payment_collected(payment: PaymentId) -> Self {
        Self(format!("payment/{payment}"))
    }

    /// … until the customer got it back.
    pub fn payment_refunded(payment: PaymentId) -> Self {
        Self(format!("payment/{payment}/refund"))
    }

    /// A customer paid an order: the provider's part …
    pub fn order_base(order: OrderId) -> Self {
        Self(format!("order/{order}/base"))
    }

    /// … and the reseller's.
    pub fn order_markup(order: OrderId) -> Self {
        Self(format!("order/{order}/markup"))
    }

    /// A refund, by the id that its asker minted: what is not owed to the provider any more …
    pub fn order_base_refund(refund: TransferId) -> Self {
        Self(format!("order-refund/{refund}/base"))
    }

    /// … and what is not earned.
    pub fn order_markup_refund(refund: TransferId) -> Self {
        Self(format!("order-refund/{refund}/markup"))
    }

    /// A provider was paid what was owed through one relationship.
    pub fn provider_settlement(settlement: SettlementId, relationship: RelationshipId) -> Self {
        Self(format!("provider-settlement/{settlement}/{relationship}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}
