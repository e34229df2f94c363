//! The kinds of accounts and how each is kept.

use serde::{Deserialize, Serialize};

use crate::amount::Amount;

/// What an account stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AccountKind {
    /// A reseller's prepaid balance, AVAIL. Floor: minus its credit limit.
    Wallet,
    /// One lease's ESCROW. Floor 0.
    Lease,
    /// Sold and not yet activated, ISSUED, one per reseller. Floor 0.
    Issued,
    /// Activated, CONSUMED, one per reseller. Floor 0.
    Consumed,
    /// Where funding comes from, one per reseller: its balance is minus everything funded. No floor.
    Funding,
    /// Where commission comes from, one per reseller: its balance is minus all it earned and kept. No floor.
    CommissionExpense,
    /// Earned and held back for a while. Floor 0.
    CommissionPending,
    /// Earned, and to be had in a payout. Floor 0.
    CommissionAvailable,
    /// In a payout that is on its way. Floor 0.
    CommissionClearing,
    /// Paid out. Floor 0.
    CommissionPaid,
    /// Taken back after it had left PENDING, and owed by the reseller: zero or below. No floor.
    CommissionClawback,
    /// Where the money of orders comes from, one per relationship, like the three below: minus what its customers paid
    /// and kept paid. No floor.
    OrderCustomers,
    /// Owed to the provider; below zero where a refund came after a settlement. No floor.
    ProviderPayable,
    /// Paid to the provider. Floor 0.
    ProviderPaid,
    /// The reseller's markup on what was paid. Floor 0.
    OrderMarkup,
}

impl AccountKind {
    pub const ALL: [Self; 15] = [
        Self::Wallet,
        Self::Lease,
        Self::Issued,
        Self::Consumed,
        Self::Funding,
        Self::CommissionExpense,
        Self::CommissionPending,
        Self::CommissionAvailable,
        Self::CommissionClearing,
        Self::CommissionPaid,
        Self::CommissionClawback,
        Self::OrderCustomers,
        Self::ProviderPayable,
        Self::ProviderPaid,
        Self::OrderMarkup,
    ];

    /// What a reseller earns is kept in these, in the operator's currency and apart from what it buys with.
    pub const COMMISSION: [Self; 6] = [
        Self::CommissionExpense,
        Self::CommissionPending,
        Self::CommissionAvailable,
        Self::CommissionClearing,
        Self::CommissionPaid,
        Self::CommissionClawback,
    ];

    /// The books of one relationship, in the provider's currency: what customers paid is owed or paid to the provider, or
    /// is markup.
    pub const ORDERS: [Self; 4] = [Self::OrderCustomers, Self::ProviderPayable, Self::ProviderPaid, Self::OrderMarkup];

    /// Whether it is one of [`Self::ORDERS`], which the wallet's equation does not know either.
    pub const fn is_of_orders(self) -> bool {
        matches!(self, Self::OrderCustomers | Self::ProviderPayable | Self::ProviderPaid | Self::OrderMarkup)
    }

    /// Whether it is one of [`Self::COMMISSION`], which the wallet's equation does not know.
    pub const fn is_commission(self) -> bool {
        match self {
            Self::Wallet
            | Self::Lease
            | Self::Issued
            | Self::Consumed
            | Self::Funding
            | Self::OrderCustomers
            | Self::ProviderPayable
            | Self::ProviderPaid
            | Self::OrderMarkup => false,
            Self::CommissionExpense
            | Self::CommissionPending
            | Self::CommissionAvailable
            | Self::CommissionClearing
            | Self::CommissionPaid
            | Self::CommissionClawback => true,
        }
    }

    /// The lowest balance it may have; a wallet's is minus its credit limit.
    pub const fn floor(self, credit_limit: i64) -> i64 {
        match self {
            Self::Wallet => -credit_limit,
            Self::Lease
            | Self::Issued
            | Self::Consumed
            | Self::CommissionPending
            | Self::CommissionAvailable
            | Self::CommissionClearing
            | Self::CommissionPaid
            | Self::ProviderPaid
            | Self::OrderMarkup => 0,
            Self::Funding
            | Self::CommissionExpense
            | Self::CommissionClawback
            | Self::OrderCustomers
            | Self::ProviderPayable => -Amount::MAX,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wallet => "wallet",
            Self::Lease => "lease",
            Self::Issued => "issued",
            Self::Consumed => "consumed",
            Self::Funding => "funding",
            Self::CommissionExpense => "commission_expense",
            Self::CommissionPending => "commission_pending",
            Self::CommissionAvailable => "commission_available",
            Self::CommissionClearing => "commission_clearing",
            Self::CommissionPaid => "commission_paid",
            Self::CommissionClawback => "commission_clawback",
            Self::OrderCustomers => "order_customers",
            Self::ProviderPayable => "provider_payable",
            Self::ProviderPaid => "provider_paid",
            Self::OrderMarkup => "order_markup",
        }
    }

    /// The kind with this stored name; none is a damaged row.
    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}
