//! The books of one reseller with a page of its wallet's lines.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::ledger::{AccountKind, TransferKind};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::credits::{EntryView, Statement};
use uuid::Uuid;

use super::{low, repo};
use crate::dialect::Conn;
use crate::engine::ledger;
use crate::engine::resellers;

/// Which lines of a wallet, and where the page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    /// All below this number.
    All { before: i64 },
    /// Those of a kind or a period, before this time and transfer.
    Some { kind: Option<TransferKind>, from: Timestamp, until: Timestamp, before: (i64, Uuid) },
}

/// Newest first, with one line more than the limit if there are more, and no `next` yet. The connection sees one moment, so that the equation and the lines belong together.
pub(crate) async fn statement(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    reseller: ResellerId,
    lines: Lines,
    limit: i64,
) -> Result<Statement, Failure> {
    resellers::path(conn, operator, scope, reseller).await?;
    let wallet = ledger::wallet(conn, reseller).await?;
    let equation = ledger::equation(conn, reseller).await?;
    let entries = read(conn, scope, reseller, lines, limit + 1).await?;
    Ok(Statement {
        reseller_id: reseller,
        balance: wallet.balance,
        credit_limit: wallet.credit_limit,
        equation,
        low_credit: low::low_credit(conn, operator, reseller).await?,
        entries,
        next: None,
    })
}

async fn read(
    conn: &mut Conn,
    scope: &Scope,
    reseller: ResellerId,
    lines: Lines,
    limit: i64,
) -> Result<Vec<EntryView>, Failure> {
    let account = ledger::account_of(conn, AccountKind::Wallet, reseller).await?.id;
    let rows = match lines {
        Lines::All { before } => repo::lines(conn, account, before, limit).await?,
        Lines::Some { kind, from, until, before } => {
            // Said twice, because SQLite begins to read at the plain limit: a page deep in the list would pass all before it.
            let until = until.min(Timestamp(before.0.saturating_add(1)));
            let span = repo::Span { from, until, before };
            match kind {
                Some(kind) => repo::lines_of_kind(conn, account, kind, span, limit).await?,
                None => repo::lines_of_period(conn, account, span, limit).await?,
            }
        }
    };
    rows.into_iter().map(|row| row.view(reseller, account, *scope == Scope::Operator)).collect()
}
