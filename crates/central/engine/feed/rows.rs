//! The content of changed rows.

use std::collections::HashMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{LedgerAccountId, PlanId, ResellerId, TransferId};
use counterfoil_domain::ledger::TransferKind;
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::credits::EntryView;
use counterfoil_wire::pull::{FeedRow, Settings};
use uuid::Uuid;

use super::repo::{self, ChangedRow, EntryRecord, KeySpan, Span};
use crate::dialect::Conn;
use crate::engine::operators::Operator;
use crate::engine::stored::stored;
use crate::engine::{ledger, permissions, plans, prices, resellers};

/// The rows of a page by table and key.
pub(super) type Rows = HashMap<(i64, Uuid), FeedRow>;

/// Which rows are asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source<'a> {
    /// What changed between two places of the feed.
    Page(Span<'a>),
    /// All of one table between two keys.
    Keys(KeySpan<'a>),
}

/// Reads what changed in a span. A reseller's row comes again when somebody edits it; the figures of its wallet, which
/// move with every sale, follow in its `Balance`.
///
/// What is many is read at once; settings, plans, resellers and balances are few.
pub(super) async fn read(
    conn: &mut Conn,
    operator: &Operator,
    source: &Source<'_>,
    changed: &[ChangedRow],
    now: Timestamp,
) -> Result<Rows, Failure> {
    let mut rows = Rows::new();
    for table in FeedTable::ALL {
        let table_no = i64::from(table.ordinal());
        let keys = changed.iter().filter(|row| row.table_no == table_no && !row.gone).map(|row| row.row_key);
        let keys: Vec<Uuid> = keys.collect();
        if keys.is_empty() {
            continue;
        }
        for (key, row) in read_table(conn, operator, source, table, &keys, now).await? {
            rows.insert((table_no, key), row);
        }
    }
    Ok(rows)
}

async fn read_table(
    conn: &mut Conn,
    operator: &Operator,
    source: &Source<'_>,
    table: FeedTable,
    keys: &[Uuid],
    now: Timestamp,
) -> Result<Vec<(Uuid, FeedRow)>, Failure> {
    let mut rows = Vec::with_capacity(keys.len());
    match table {
        FeedTable::Settings => rows.extend(keys.iter().map(|key| (*key, FeedRow::Settings(settings(operator))))),
        FeedTable::Reseller => {
            for key in keys {
                rows.push((*key, reseller(conn, operator, ResellerId(*key), now).await?));
            }
        }
        FeedTable::Plan => {
            for key in keys {
                rows.push((*key, FeedRow::Plan(plans::get(conn, operator.id, PlanId(*key)).await?)));
            }
        }
        FeedTable::Balance => {
            for key in keys {
                rows.push((*key, FeedRow::Balance(ledger::balance(conn, ResellerId(*key)).await?)));
            }
        }
        FeedTable::Device => {
            let found = match source {
                Source::Page(span) => repo::devices(conn, span).await?,
                Source::Keys(span) => repo::devices_of(conn, span).await?,
            };
            for device in found {
                rows.push((device.id, FeedRow::Device(device.to_wire()?)));
            }
        }
        FeedTable::Lease => {
            let found = match source {
                Source::Page(span) => repo::leases(conn, span).await?,
                Source::Keys(span) => repo::leases_of(conn, span).await?,
            };
            for lease in found {
                rows.push((lease.id, FeedRow::Lease(lease.to_wire()?)));
            }
        }
        FeedTable::Code => {
            let found = match source {
                Source::Page(span) => repo::codes(conn, span).await?,
                Source::Keys(span) => repo::codes_of(conn, span).await?,
            };
            for code in found {
                rows.push((code.id, FeedRow::Code(code.to_wire()?)));
            }
        }
        FeedTable::Entry => {
            let found = match source {
                Source::Page(span) => repo::entries(conn, span).await?,
                Source::Keys(span) => repo::entries_of(conn, span).await?,
            };
            for entry in found {
                rows.push((entry.transfer_id, FeedRow::Entry(view(entry)?)));
            }
        }
        FeedTable::Account => {
            let found = match source {
                Source::Page(span) => repo::accounts(conn, span).await?,
                Source::Keys(span) => repo::accounts_of(conn, span).await?,
            };
            for account in found {
                rows.push((account.id, FeedRow::Account(account.to_wire(operator.currency, now)?)));
            }
        }
        FeedTable::Order => rows = orders(conn, source).await?,
    }
    Ok(rows)
}

async fn reseller(conn: &mut Conn, operator: &Operator, id: ResellerId, now: Timestamp) -> Result<FeedRow, Failure> {
    let mut reseller = resellers::get(conn, operator.id, &Scope::Operator, id).await?;
    reseller.policy = Some((&permissions::of(conn, id).await?).into());
    reseller.price_list = Some(prices::terms(conn, id, now).await?);
    Ok(FeedRow::Reseller(reseller))
}

async fn orders(conn: &mut Conn, source: &Source<'_>) -> Result<Vec<(Uuid, FeedRow)>, Failure> {
    let found = match source {
        Source::Page(span) => repo::orders(conn, span).await?,
        Source::Keys(span) => repo::orders_of(conn, span).await?,
    };
    found.into_iter().map(|order| Ok((order.id, FeedRow::Order(Box::new(order.to_wire()?))))).collect()
}

fn settings(operator: &Operator) -> Settings {
    Settings {
        operator_id: operator.id,
        operator_name: operator.shown_name().to_owned(),
        time_zone: operator.time_zone.clone(),
        currency: operator.currency.to_string(),
        code_prefix: operator.code_prefix.as_str().to_owned(),
        low_credit: Some(operator.low_credit),
    }
}

fn view(entry: EntryRecord) -> Result<EntryView, Failure> {
    let kind = TransferKind::from_stored(&entry.kind);
    Ok(EntryView {
        transfer_id: TransferId(entry.transfer_id),
        reseller_id: ResellerId(entry.reseller_id),
        account_id: LedgerAccountId(entry.account_id),
        seq: entry.seq,
        at: Timestamp(entry.at),
        kind: stored(kind, "transfer", "kind", entry.transfer_id)?,
        delta: entry.delta,
        balance_before: entry.balance_before,
        balance_after: entry.balance_after,
        unit: entry.unit,
        note: entry.note,
        reference: entry.reference,
        source_event: Some(entry.source_event),
        by: entry.by,
    })
}
