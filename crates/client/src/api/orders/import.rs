//! Orders of an older system, out of a file. Staff only.

use std::sync::Arc;

use counterfoil_wire::order_import as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Client;
use crate::api::ApiError;
use crate::api::providers::RefusedLine;
use crate::orders::staff;

/// A part of a file: up to 500 lines. They are done together or, where one of them is refused, not at all.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ImportOrders {
    /// Says what would be done, and does nothing.
    pub dry_run: bool,
    pub lines: Vec<OrderLine>,
}

/// One line, as it stands in the file; a cell that is not there is empty.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OrderLine {
    /// In the file, from 1.
    pub line: u32,
    pub contract_id: String,
    /// User name, e-mail or id.
    pub reseller: String,
    pub provider: String,
    pub offering: String,
    pub quantity: String,
    /// Exact, like the sums.
    pub unit_price: String,
    /// Whole percent.
    pub markup: String,
    pub base: String,
    pub commission: String,
    pub total: String,
    pub currency: String,
    pub state: String,
    pub delivered: String,
    pub refunded: String,
    pub placed: String,
    pub paid: String,
    pub ended: String,
    pub term_days: String,
    pub external_id: String,
    /// A JSON object of texts, or empty.
    pub details: String,
    pub customer_name: String,
    pub customer_email: String,
    pub customer_phone: String,
    pub customer_note: String,
    pub payment_method: String,
    pub payment_reference: String,
    pub reason: String,
    pub source: String,
}

impl std::fmt::Debug for OrderLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrderLine").field("line", &self.line).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ImportedOrders {
    pub created: u32,
    /// There already, under this contract id.
    pub same: u32,
    pub written: bool,
    pub refused: Vec<RefusedLine>,
}

/// Takes over orders that are over or under way, or says what that would do.
pub async fn import_orders(client: &Arc<Client>, request: ImportOrders) -> Result<ImportedOrders, ApiError> {
    let lines = request.lines.into_iter().map(wire::OrderLine::from).collect();
    let part = wire::ImportOrders { dry_run: request.dry_run, lines };
    let done = staff::import(&*client.till()?, &part).await?;
    Ok(ImportedOrders {
        created: done.created,
        same: done.same,
        written: done.written,
        refused: done.refused.into_iter().map(RefusedLine::from).collect(),
    })
}

impl From<OrderLine> for wire::OrderLine {
    fn from(line: OrderLine) -> Self {
        Self {
            line: line.line,
            contract_id: line.contract_id,
            reseller: line.reseller,
            provider: line.provider,
            offering: line.offering,
            quantity: line.quantity,
            unit_price: line.unit_price,
            markup: line.markup,
            state: line.state,
            placed: line.placed,
            base: line.base,
            commission: line.commission,
            total: line.total,
            currency: line.currency,
            delivered: line.delivered,
            refunded: line.refunded,
            paid: line.paid,
            ended: line.ended,
            term_days: line.term_days,
            external_id: line.external_id,
            details: line.details,
            customer_name: line.customer_name,
            customer_email: line.customer_email,
            customer_phone: line.customer_phone,
            customer_note: line.customer_note,
            payment_method: line.payment_method,
            payment_reference: line.payment_reference,
            reason: line.reason,
            source: line.source,
        }
    }
}
