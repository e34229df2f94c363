//! What moved between two days, anchored in the ledger: what is owed now is its, and the days are counted back from there.
//! So a statement of this month costs this month, however long the books are.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OperatorId, OrderId, ProviderId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::settlements::{ProviderStatement, StatementKind, StatementLine, StatementQuery};
use uuid::Uuid;

use super::{Provider, provider, repo};
use crate::engine::commission::Period;
use crate::engine::http::{key_of, key_text, limit};
use crate::engine::stored::stored;
use crate::engine::{App, operators};

/// A page of a statement. Its sums are of all its days, on every page.
pub(crate) async fn statement(
    app: &App,
    operator: OperatorId,
    id: ProviderId,
    query: &StatementQuery,
) -> Result<ProviderStatement, Failure> {
    let limit = limit(query.limit)?;
    let after = key_of::<(i64, Uuid)>(query.after.as_deref())?;
    // One moment: the books and what moved them are of the same commit.
    let mut moment = app.snapshot().await?;
    let provider = provider(&mut moment, operator, id).await?;
    let settings = operators::get(&mut moment, operator).await?;
    let days = (query.start_date.as_deref(), query.end_date.as_deref());
    let period = Period::read(&settings, days, app.now())?;
    let owed = repo::owed(&mut moment, id).await?;
    let within = repo::moved(&mut moment, id, period.range).await?;
    let since = repo::moved(&mut moment, id, (period.range.1, Timestamp(i64::MAX))).await?;
    let (first, end) = ((period.range.0.0, Uuid::nil()), period.range.1);
    let after = after.map_or(first, |after| after.max(first));
    let mut rows = repo::steps(&mut moment, id, end, after, limit + 1).await?;
    rows.extend(repo::paid(&mut moment, id, end, after, limit + 1).await?);
    drop(moment);
    let closing = owed - since.adds();
    let (lines, next) = page_of(rows, limit, &provider)?;
    Ok(ProviderStatement {
        provider_id: id,
        opening: provider.amount(closing - within.adds())?,
        sold: provider.amount(within.sold)?,
        refunded: provider.amount(within.refunded)?,
        settled: provider.amount(within.settled)?,
        closing: provider.amount(closing)?,
        owed_now: provider.amount(owed)?,
        provider_name: provider.name,
        start_date: period.start,
        end_date: period.end,
        lines,
        next,
    })
}

/// Sales, refunds and settlements into one order, cut to a page.
fn page_of(
    mut rows: Vec<repo::MovementRow>,
    limit: i64,
    provider: &Provider,
) -> Result<(Vec<StatementLine>, Option<String>), Failure> {
    rows.sort_by_key(|row| (row.at, row.id));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| key_text(&(last.at, last.id)));
    let lines = rows.into_iter().map(|row| line(row, provider)).collect::<Result<_, _>>()?;
    Ok((lines, next))
}

fn line(row: repo::MovementRow, provider: &Provider) -> Result<StatementLine, Failure> {
    let kind = match row.kind.as_str() {
        "pay" => Some(StatementKind::Order),
        "refund" => Some(StatementKind::Refund),
        "settlement" => Some(StatementKind::Settlement),
        _ => None,
    };
    Ok(StatementLine {
        at: Timestamp(row.at),
        kind: stored(kind, "order_step", "step", row.id)?,
        reference: row.reference,
        company: row.company,
        order_id: row.order_id.map(OrderId),
        amount: provider.amount(row.amount)?,
    })
}
