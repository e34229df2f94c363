//! What is owed and paid to providers, for staff. Needs Central.

use std::sync::Arc;

use counterfoil_wire::page::PageQuery;
use counterfoil_wire::settlements as wire;
use counterfoil_wire::settlements as domain;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::orders::ProviderAccountView;
use super::types::{AmountView, PageRequest, id};
use super::{ApiError, ErrorCode};
use crate::{Client, settlements};

words! {
    StatementKind { Order, Refund, Settlement }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ProviderAccountsRequest {
    pub provider_id: String,
}

/// The books with one provider, by reseller.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ProviderAccountsView {
    /// Owed through those that owe; what is below zero elsewhere is not taken off.
    pub owed: AmountView,
    /// By company.
    pub accounts: Vec<ProviderAccountView>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ProviderStatementRequest {
    pub provider_id: String,
    /// `2026-11-01`, in the operator's zone; absent is the first of this month.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    /// The last day that counts; absent is today.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
    pub page: PageRequest,
}

/// What moved between two days, and what is owed before and after: `opening` + the movements = `closing`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ProviderStatementView {
    pub provider_id: String,
    pub provider_name: String,
    pub start_date: String,
    pub end_date: String,
    pub opening: AmountView,
    /// The provider's part of what customers paid in these days.
    pub sold: AmountView,
    /// Zero or above.
    pub refunded: AmountView,
    /// Zero or above.
    pub settled: AmountView,
    pub closing: AmountView,
    /// Owed now.
    pub owed_now: AmountView,
    /// Oldest first.
    pub lines: Vec<StatementLineView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct StatementLineView {
    pub at: i64,
    pub kind: StatementKind,
    /// Contract id of the order, or reference of the settlement.
    pub reference: String,
    /// The reseller whose order it was; of a settlement, absent.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// What it adds to what is owed: below zero for a refund or a settlement.
    pub amount: AmountView,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SettlementsRequest {
    pub provider_id: String,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SettlementsPage {
    pub rows: Vec<SettlementView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SettlementView {
    pub settlement_id: String,
    pub provider_id: String,
    pub amount: AmountView,
    /// `2026-11-22`
    pub paid_on: String,
    pub reference: String,
    pub note: String,
    pub recorded_at: i64,
    /// User name.
    pub recorded_by: String,
    pub lines: Vec<SettlementLineView>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SettlementLineView {
    pub relationship_id: String,
    pub company: String,
    pub amount: AmountView,
}

/// Records that a provider was paid all that is owed now, through every relationship or through one.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SettleProvider {
    pub provider_id: String,
    /// Minted by the caller: a repeat is answered and books nothing.
    pub settlement_id: String,
    /// Only what is owed through this one.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relationship_id: Option<String>,
    /// What was paid. Where another sum is owed by now, it is refused.
    pub amount: AmountView,
    /// `2026-11-22`, in the operator's zone; not after today.
    pub paid_on: String,
    pub reference: String,
    pub note: String,
}

pub async fn provider_accounts(
    client: &Arc<Client>,
    request: ProviderAccountsRequest,
) -> Result<ProviderAccountsView, ApiError> {
    let books = settlements::accounts(&*client.till()?, id(&request.provider_id)?).await?;
    let accounts = books.accounts.into_iter().map(ProviderAccountView::from).collect();
    Ok(ProviderAccountsView { owed: books.owed.into(), accounts })
}

pub async fn provider_statement(
    client: &Arc<Client>,
    request: ProviderStatementRequest,
) -> Result<ProviderStatementView, ApiError> {
    no_jump(&request.page)?;
    let query = wire::StatementQuery {
        after: request.page.after,
        limit: Some(request.page.limit.clamp(1, 500)),
        start_date: request.start_date,
        end_date: request.end_date,
    };
    Ok(settlements::statement(&*client.till()?, id(&request.provider_id)?, &query).await?.into())
}

/// The latest first.
pub async fn settlement_page(client: &Arc<Client>, request: SettlementsRequest) -> Result<SettlementsPage, ApiError> {
    no_jump(&request.page)?;
    let query =
        PageQuery { after: request.page.after, limit: Some(request.page.limit.clamp(1, 500)), ..PageQuery::default() };
    let page = settlements::page(&*client.till()?, id(&request.provider_id)?, &query).await?;
    Ok(SettlementsPage { rows: page.items.into_iter().map(SettlementView::from).collect(), next: page.next })
}

pub async fn settle_provider(client: &Arc<Client>, request: SettleProvider) -> Result<SettlementView, ApiError> {
    let asked = wire::SettleProvider {
        settlement_id: id(&request.settlement_id)?,
        relationship_id: request.relationship_id.as_deref().map(id).transpose()?,
        amount: request.amount.try_into()?,
        paid_on: request.paid_on,
        reference: request.reference,
        note: request.note,
    };
    Ok(settlements::settle(&*client.till()?, id(&request.provider_id)?, &asked).await?.into())
}

fn no_jump(page: &PageRequest) -> Result<(), ApiError> {
    if page.after.is_none() && page.offset.is_some_and(|offset| offset > 0) {
        return Err(ApiError::new(ErrorCode::ValidationFailed, "this list goes on from a row, not to a place"));
    }
    Ok(())
}

impl From<wire::ProviderStatement> for ProviderStatementView {
    fn from(statement: wire::ProviderStatement) -> Self {
        let line = |line: wire::StatementLine| StatementLineView {
            at: line.at.0,
            kind: line.kind.into(),
            reference: line.reference,
            company: line.company,
            amount: line.amount.into(),
        };
        Self {
            provider_id: statement.provider_id.to_string(),
            provider_name: statement.provider_name,
            start_date: statement.start_date,
            end_date: statement.end_date,
            opening: statement.opening.into(),
            sold: statement.sold.into(),
            refunded: statement.refunded.into(),
            settled: statement.settled.into(),
            closing: statement.closing.into(),
            owed_now: statement.owed_now.into(),
            lines: statement.lines.into_iter().map(line).collect(),
            next: statement.next,
        }
    }
}

impl From<wire::Settlement> for SettlementView {
    fn from(settlement: wire::Settlement) -> Self {
        let line = |line: wire::SettlementLine| SettlementLineView {
            relationship_id: line.relationship_id.to_string(),
            company: line.company,
            amount: line.amount.into(),
        };
        Self {
            settlement_id: settlement.settlement_id.to_string(),
            provider_id: settlement.provider_id.to_string(),
            amount: settlement.amount.into(),
            paid_on: settlement.paid_on,
            reference: settlement.reference,
            note: settlement.note,
            recorded_at: settlement.recorded_at.0,
            recorded_by: settlement.recorded_by,
            lines: settlement.lines.into_iter().map(line).collect(),
        }
    }
}
