//! What is owed to external providers and what they were paid (product.md X3).
//!
//! The ledger says what is owed: one account per relationship of a reseller with a provider. A statement says how it came
//! to that, and a settlement takes it down. All of it is in the provider's currency, in minor units.

mod repo;
mod settle;
mod statement;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::ids::{OperatorId, ProviderId, RelationshipId, ResellerId, SettlementId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::orders::ProviderAccount;
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::settlements::{ProviderAccounts, Settlement, SettlementLine};

use super::App;
use super::http::{key_text, limit, newest_before, page};
use super::stored::{stored_amount, stored_currency};
use crate::dialect::Conn;

pub(crate) use settle::settle;
pub(crate) use statement::statement;

/// A provider as its books know it.
struct Provider {
    id: ProviderId,
    name: String,
    unit: Unit,
}

impl Provider {
    fn of(row: repo::ProviderRow) -> Result<Self, Failure> {
        let unit = Unit::Minor(stored_currency(&row.currency, "provider", row.id)?);
        Ok(Self { id: ProviderId(row.id), name: row.name, unit })
    }

    fn amount(&self, value: i64) -> Result<Amount, Failure> {
        stored_amount(value, self.unit, "ledger_account", self.id)
    }
}

/// One provider; not found when it is another operator's.
async fn provider(conn: &mut Conn, operator: OperatorId, id: ProviderId) -> Result<Provider, Failure> {
    let row = repo::provider(conn, operator, id).await?;
    Provider::of(row.ok_or_else(|| Failure::not_found("provider"))?)
}

/// The books with one provider, by reseller.
pub(crate) async fn accounts(app: &App, operator: OperatorId, id: ProviderId) -> Result<ProviderAccounts, Failure> {
    let mut moment = app.snapshot().await?;
    let provider = provider(&mut moment, operator, id).await?;
    let rows = repo::accounts(&mut moment, id).await?;
    drop(moment);
    let owed: i64 = rows.iter().map(|row| row.payable.max(0)).sum();
    let accounts = rows.into_iter().map(|row| account(row, &provider)).collect::<Result<_, _>>()?;
    Ok(ProviderAccounts { owed: provider.amount(owed)?, accounts })
}

fn account(row: repo::AccountRow, provider: &Provider) -> Result<ProviderAccount, Failure> {
    Ok(ProviderAccount {
        relationship_id: RelationshipId(row.relationship_id),
        reseller_id: ResellerId(row.reseller_id),
        company: row.company,
        provider_id: provider.id,
        provider_name: provider.name.clone(),
        customers: provider.amount(-row.customers)?,
        payable: provider.amount(row.payable)?,
        settled: provider.amount(row.settled)?,
        markup: provider.amount(row.markup)?,
    })
}

/// What a provider was paid, the latest first.
pub(crate) async fn list(
    app: &App,
    operator: OperatorId,
    id: ProviderId,
    query: &PageQuery,
) -> Result<Page<Settlement>, Failure> {
    let (limit, before) = (limit(query.limit)?, newest_before(query.after.as_deref())?);
    let mut moment = app.snapshot().await?;
    let provider = provider(&mut moment, operator, id).await?;
    let rows = repo::list(&mut moment, id, before, limit + 1).await?;
    let mut lines = match (rows.first(), rows.last()) {
        (Some(newest), Some(oldest)) => {
            let span = ((oldest.recorded_at, oldest.id), (newest.recorded_at, newest.id));
            repo::lines_between(&mut moment, id, span).await?
        }
        _ => Vec::new(),
    };
    drop(moment);
    let mut settlements = Vec::with_capacity(rows.len());
    for row in rows {
        let (own, others) = lines.into_iter().partition(|line| line.settlement_id == row.id);
        lines = others;
        settlements.push(view(row, own, &provider)?);
    }
    Ok(page(settlements, limit, |row| key_text(&(row.recorded_at.0, row.settlement_id))))
}

fn view(row: repo::Row, lines: Vec<repo::LineRow>, provider: &Provider) -> Result<Settlement, Failure> {
    let line = |line: repo::LineRow| {
        Ok::<_, Failure>(SettlementLine {
            relationship_id: RelationshipId(line.relationship_id),
            company: line.company,
            amount: stored_amount(line.amount, provider.unit, "provider_settlement_line", row.id)?,
        })
    };
    Ok(Settlement {
        settlement_id: SettlementId(row.id),
        provider_id: provider.id,
        amount: stored_amount(row.amount, provider.unit, "provider_settlement", row.id)?,
        paid_on: row.paid_on,
        reference: row.reference,
        note: row.note,
        recorded_at: Timestamp(row.recorded_at),
        recorded_by: row.recorded_by,
        lines: lines.into_iter().map(line).collect::<Result<_, _>>()?,
    })
}
