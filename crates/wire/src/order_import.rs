//! Orders of an older system, out of a file: history, with the names and prices that they had there.

use serde::{Deserialize, Serialize};

use crate::providers::RefusedLine;

/// Lines of a file of orders. An order whose contract id is known is left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportOrders {
    /// Says what would be done, and does nothing.
    pub dry_run: bool,
    /// 1 to 500. They are done together or, where one of them is refused, not at all.
    pub lines: Vec<OrderLine>,
}

/// One line, as it stands in the file: what is wrong with it is Central's to say. What may be empty may be left out.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderLine {
    /// In the file, from 1.
    pub line: u32,
    /// What the order was called, and is called from now on: 3 to 40 letters, digits, hyphens, dots and underscores.
    pub contract_id: String,
    /// User name, e-mail or id.
    pub reseller: String,
    /// Name.
    pub provider: String,
    /// Name or, where several have the same, article.
    pub offering: String,
    /// Units, 1 to 1,000.
    pub quantity: String,
    /// The provider's, of one unit, exactly.
    pub unit_price: String,
    /// Whole percent, 0 to 50.
    pub markup: String,
    /// A state of an order that was paid, or `cancelled`.
    pub state: String,
    /// A day in the operator's zone, or a moment such as `2026-11-20T10:30:00Z`.
    pub placed: String,
    /// Exactly, like the next two; where they are there they must be what unit price, units and markup come to.
    #[serde(default)]
    pub base: String,
    #[serde(default)]
    pub commission: String,
    #[serde(default)]
    pub total: String,
    /// Where it is there, the provider's.
    #[serde(default)]
    pub currency: String,
    /// Empty is all of a fulfilled order, and otherwise none.
    #[serde(default)]
    pub delivered: String,
    /// An amount of the currency. Empty is all of a refunded order, and otherwise nothing.
    #[serde(default)]
    pub refunded: String,
    /// Like `placed`; empty is then, for an order that was paid.
    #[serde(default)]
    pub paid: String,
    /// Like `placed`; empty is when it was paid or, of a cancelled one, placed. Nothing for an order that goes on.
    #[serde(default)]
    pub ended: String,
    /// Empty is the offering's of now.
    #[serde(default)]
    pub term_days: String,
    #[serde(default)]
    pub external_id: String,
    /// A JSON object, or empty.
    #[serde(default)]
    pub details: String,
    pub customer_name: String,
    #[serde(default)]
    pub customer_email: String,
    #[serde(default)]
    pub customer_phone: String,
    #[serde(default)]
    pub customer_note: String,
    /// `cash`, `card`, `transfer`, `other` or empty.
    #[serde(default)]
    pub payment_method: String,
    #[serde(default)]
    pub payment_reference: String,
    /// Why it failed, was cancelled or refunded.
    #[serde(default)]
    pub reason: String,
    /// `market`, `reseller` or empty, which is `reseller`.
    #[serde(default)]
    pub source: String,
}

/// Who the customer is, and what opens what was paid for: not for the log.
impl std::fmt::Debug for OrderLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrderLine")
            .field("line", &self.line)
            .field("contract_id", &self.contract_id)
            .finish_non_exhaustive()
    }
}

/// What became of the lines, or would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportedOrders {
    pub created: u32,
    /// There already, under this contract id.
    pub same: u32,
    /// Whether it was written: not in a dry run, and not where a line is refused.
    pub written: bool,
    /// Each with a field of [`OrderLine`].
    pub refused: Vec<RefusedLine>,
}
