//! What a seller and its uplines earn of a price (product.md M1 to M3). Pure: whoever settles brings the facts.
//!
//! Each line is rounded half up to the minor unit by itself, so that it explains itself and the order of settlement never
//! matters; a line that rounding would carry past the cap of the price is cut there. The operator takes the remainder, so the
//! parts are the whole exactly.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::amount::{Amount, AmountError, BasisPoints};

/// What was sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SaleKind {
    /// A code was activated.
    Code,
    /// A customer paid for an account (the ISP model), or took service without a code.
    Payment,
}

/// A rate from a number of active accounts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tier {
    pub from_accounts: u32,
    pub rate: BasisPoints,
}

/// The rules of an operator, of one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommissionRules {
    pub version: u32,
    /// Of codes, for who has no rate of its own.
    pub code_rate: BasisPoints,
    /// Of payments, by the seller's active accounts; the first begins at none.
    pub tiers: Vec<Tier>,
    /// Of each upline, of the price.
    pub override_rate: BasisPoints,
    /// Uplines that earn, from the seller up.
    pub override_levels: u8,
    /// All shares of one sale together never pass it, in rates and in money.
    pub cap: BasisPoints,
}

impl Default for CommissionRules {
    fn default() -> Self {
        let tier = |from_accounts, rate| Tier { from_accounts, rate: BasisPoints::of(rate) };
        Self {
            version: 1,
            code_rate: BasisPoints::of(2_000),
            tiers: vec![tier(0, 1_000), tier(10, 1_200), tier(25, 1_500), tier(50, 2_000)],
            override_rate: BasisPoints::of(500),
            override_levels: 1,
            cap: BasisPoints::of(5_000),
        }
    }
}

/// Why rules cannot stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RulesError {
    #[error("tiers begin at no account and rise, each from more accounts than the one before; at most 20")]
    Tiers,
    #[error("at most 5 levels of uplines earn")]
    Levels,
}

impl CommissionRules {
    const MOST_TIERS: usize = 20;
    const MOST_LEVELS: u8 = 5;

    pub fn check(&self) -> Result<(), RulesError> {
        let begins = self.tiers.first().is_some_and(|first| first.from_accounts == 0);
        let rises = self.tiers.windows(2).all(|pair| pair[0].from_accounts < pair[1].from_accounts);
        if !begins || !rises || self.tiers.len() > Self::MOST_TIERS {
            return Err(RulesError::Tiers);
        }
        if self.override_levels > Self::MOST_LEVELS { Err(RulesError::Levels) } else { Ok(()) }
    }

    fn tier(&self, accounts: u32) -> Option<Tier> {
        self.tiers.iter().rev().find(|tier| tier.from_accounts <= accounts).copied()
    }
}

/// The facts of one sale, as they are when it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sale {
    /// Money; not negative.
    pub price: Amount,
    pub kind: SaleKind,
    /// The seller's own rate, which beats every other.
    pub fixed_rate: Option<BasisPoints>,
    /// The seller's active accounts.
    pub active_accounts: u32,
    /// Resellers above the seller.
    pub uplines: u8,
}

/// Where a rate comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RateBasis {
    /// Agreed with this seller.
    Fixed,
    /// Of all codes.
    Codes,
    /// By its active accounts.
    Tier { from_accounts: u32, active_accounts: u32 },
    /// Of an upline so many levels above the seller.
    Override { level: u8 },
}

/// One share, with all that explains it: `amount = half up (price × rate ÷ 10,000)`, or less where that would pass the cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Share {
    pub basis: RateBasis,
    /// After the cap.
    pub rate: BasisPoints,
    /// What the rules gave before the cap; equal where nothing was cut.
    pub rate_before_cap: BasisPoints,
    pub amount: Amount,
}

/// Who gets what of one price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The seller's first, then its uplines' from below; shares of nothing are among them.
    pub shares: Vec<Share>,
    pub operator: Amount,
    pub rules_version: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SplitError {
    #[error("a price is not negative")]
    Price(#[from] AmountError),
    #[error("the rules have no tier for no account")]
    NoTier,
}

/// Splits a price. The seller's share is taken first, so where the cap is reached the uplines' are cut.
///
/// # Errors
/// [`SplitError`]; never for rules that were checked and a price that is not negative.
pub fn split(rules: &CommissionRules, sale: &Sale) -> Result<Split, SplitError> {
    let own = [seller_rate(rules, sale)?];
    let levels = 1..=sale.uplines.min(rules.override_levels);
    let overrides = levels.map(|level| (RateBasis::Override { level }, rules.override_rate));
    // Two halves rounded up would be more than the cap.
    let most = rules.cap.most_of(sale.price)?;
    let (mut left_rate, mut left) = (rules.cap, most);
    let mut shares = Vec::new();
    for (basis, rate_before_cap) in own.into_iter().chain(overrides) {
        let rate = rate_before_cap.min(left_rate);
        left_rate = left_rate.without(rate);
        let rounded = rate.share_of(sale.price)?;
        let amount = if rounded.value() > left.value() { left } else { rounded };
        left = left.checked_sub(amount)?;
        shares.push(Share { basis, rate, rate_before_cap, amount });
    }
    let operator = sale.price.checked_sub(most.checked_sub(left)?)?;
    Ok(Split { shares, operator, rules_version: rules.version })
}

fn seller_rate(rules: &CommissionRules, sale: &Sale) -> Result<(RateBasis, BasisPoints), SplitError> {
    if let Some(rate) = sale.fixed_rate {
        return Ok((RateBasis::Fixed, rate));
    }
    if sale.kind == SaleKind::Code {
        return Ok((RateBasis::Codes, rules.code_rate));
    }
    let tier = rules.tier(sale.active_accounts).ok_or(SplitError::NoTier)?;
    let (from_accounts, active_accounts) = (tier.from_accounts, sale.active_accounts);
    Ok((RateBasis::Tier { from_accounts, active_accounts }, tier.rate))
}
