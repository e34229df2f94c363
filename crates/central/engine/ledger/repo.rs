//! SQL of the ledger.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{LedgerAccountId, OperatorId, ResellerId, TransferId};
use counterfoil_domain::ledger::{EntryHash, SourceEvent, TransferKind};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::Posting;
use crate::dialect::Conn;

/// A transfer already in the books.
pub(super) struct Known {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) debit: Uuid,
    pub(super) credit: Uuid,
    pub(super) amount: i64,
    pub(super) unit: String,
}

pub(super) async fn transfer_of_event(conn: &mut Conn, event: &str) -> Result<Option<Known>, sqlx::Error> {
    sqlx::query_as!(
        Known,
        r#"SELECT id AS "id!: Uuid", kind, debit_id AS "debit!: Uuid", credit_id AS "credit!: Uuid", amount, unit
           FROM transfer WHERE source_event = $1"#,
        event
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn transfer_exists(conn: &mut Conn, id: TransferId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM transfer WHERE id = $1"#, id.0)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

pub(super) async fn is_reversed(conn: &mut Conn, id: TransferId) -> Result<bool, sqlx::Error> {
    let found =
        sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM transfer WHERE reverses = $1"#, id.0)
            .fetch_optional(conn)
            .await?;
    Ok(found.is_some())
}

/// A transfer before it is stored.
#[derive(Debug)]
pub(crate) struct NewTransfer {
    pub(crate) id: TransferId,
    pub(crate) event: SourceEvent,
    pub(crate) kind: TransferKind,
    pub(crate) debit: LedgerAccountId,
    pub(crate) credit: LedgerAccountId,
    pub(crate) amount: Amount,
    pub(crate) reverses: Option<TransferId>,
    pub(crate) note: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) at: Timestamp,
}

impl NewTransfer {
    pub(super) fn of(posting: &Posting<'_>) -> Self {
        Self {
            id: posting.transfer_id,
            event: posting.source_event.clone(),
            kind: posting.kind,
            debit: posting.debit,
            credit: posting.credit,
            amount: posting.amount,
            reverses: posting.reverses,
            note: posting.note.map(str::to_owned),
            reference: posting.reference.map(str::to_owned),
            at: posting.at,
        }
    }
}

/// What an account's new entries come to.
pub(crate) struct Moved {
    pub(crate) id: LedgerAccountId,
    pub(crate) delta: i64,
    pub(crate) seq: i64,
    pub(crate) head: EntryHash,
    /// The entry they continue.
    pub(crate) was: i64,
}

/// What writing postings came to: all, or the transaction is undone.
pub(crate) struct Written {
    /// Those whose event was new.
    pub(crate) transfers: usize,
    /// Accounts that moved.
    pub(crate) accounts: usize,
}

pub(super) struct New<'a> {
    pub(super) id: LedgerAccountId,
    pub(super) operator: OperatorId,
    pub(super) reseller: ResellerId,
    pub(super) kind: &'a str,
    pub(super) owner: Uuid,
    pub(super) unit: &'a str,
    pub(super) floor: i64,
}

pub(super) async fn open(conn: &mut Conn, new: &New<'_>, genesis: &EntryHash) -> Result<(), sqlx::Error> {
    let genesis = genesis.as_slice();
    sqlx::query!(
        "INSERT INTO ledger_account (id, operator_id, reseller_id, kind, owner_id, unit, floor, head_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        new.id.0,
        new.operator.0,
        new.reseller.0,
        new.kind,
        new.owner,
        new.unit,
        new.floor,
        genesis
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Leaves an account alone that is there.
pub(super) async fn open_once(conn: &mut Conn, new: &New<'_>, genesis: &EntryHash) -> Result<(), sqlx::Error> {
    let genesis = genesis.as_slice();
    sqlx::query!(
        "INSERT INTO ledger_account (id, operator_id, reseller_id, kind, owner_id, unit, floor, head_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (kind, owner_id) DO NOTHING",
        new.id.0,
        new.operator.0,
        new.reseller.0,
        new.kind,
        new.owner,
        new.unit,
        new.floor,
        genesis
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) struct Account {
    pub(super) id: Uuid,
    pub(super) unit: String,
    pub(super) balance: i64,
    pub(super) floor: i64,
}

pub(super) async fn account_of(conn: &mut Conn, kind: &str, owner: Uuid) -> Result<Option<Account>, sqlx::Error> {
    sqlx::query_as!(
        Account,
        r#"SELECT id AS "id!: Uuid", unit, balance, floor FROM ledger_account WHERE kind = $1 AND owner_id = $2"#,
        kind,
        owner
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn set_floor(conn: &mut Conn, id: LedgerAccountId, floor: i64) -> Result<bool, sqlx::Error> {
    let set = sqlx::query!("UPDATE ledger_account SET floor = $2 WHERE id = $1 AND balance >= $2", id.0, floor)
        .execute(conn)
        .await?;
    Ok(set.rows_affected() == 1)
}

pub(super) struct Sum {
    pub(super) kind: String,
    pub(super) balance: i64,
}

pub(super) async fn sums(conn: &mut Conn, reseller: ResellerId) -> Result<Vec<Sum>, sqlx::Error> {
    sqlx::query_as!(
        Sum,
        r#"SELECT kind, CAST(SUM(balance) AS BIGINT) AS "balance!: i64" FROM ledger_account
           WHERE reseller_id = $1 GROUP BY kind"#,
        reseller.0
    )
    .fetch_all(conn)
    .await
}

/// A wallet with where its chain ends, and its reseller's threshold.
pub(super) struct Wallet {
    pub(super) unit: String,
    pub(super) floor: i64,
    pub(super) seq: i64,
    pub(super) head_hash: Vec<u8>,
    pub(super) low_credit: Option<i64>,
}

pub(super) async fn wallet(conn: &mut Conn, reseller: ResellerId) -> Result<Option<Wallet>, sqlx::Error> {
    sqlx::query_as!(
        Wallet,
        "SELECT a.unit, a.floor, a.seq, a.head_hash, r.low_credit
         FROM ledger_account a JOIN reseller r ON r.id = a.owner_id WHERE a.kind = 'wallet' AND a.owner_id = $1",
        reseller.0
    )
    .fetch_optional(conn)
    .await
}

/// An account with what its entries must lead to.
pub(super) struct Kept {
    pub(super) id: Uuid,
    pub(super) reseller: Uuid,
    pub(super) balance: i64,
    pub(super) seq: i64,
    pub(super) head_hash: Vec<u8>,
}

pub(super) async fn accounts(
    conn: &mut Conn,
    operator: OperatorId,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Kept>, sqlx::Error> {
    sqlx::query_as!(
        Kept,
        r#"SELECT id AS "id!: Uuid", reseller_id AS "reseller!: Uuid", balance, seq, head_hash
           FROM ledger_account WHERE operator_id = $1 AND id > $2 ORDER BY id LIMIT $3"#,
        operator.0,
        after,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(super) struct Line {
    pub(super) seq: i64,
    pub(super) transfer: Uuid,
    pub(super) delta: i64,
    pub(super) balance_before: i64,
    pub(super) balance_after: i64,
    pub(super) prev_hash: Vec<u8>,
}

pub(super) async fn entries(conn: &mut Conn, account: Uuid, after: i64, limit: i64) -> Result<Vec<Line>, sqlx::Error> {
    sqlx::query_as!(
        Line,
        r#"SELECT seq, transfer_id AS "transfer!: Uuid", delta, balance_before, balance_after, prev_hash
           FROM entry WHERE account_id = $1 AND seq > $2 ORDER BY seq LIMIT $3"#,
        account,
        after,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(super) struct UnitSum {
    pub(super) unit: String,
    pub(super) sum: i64,
}

/// Of all balances: zero in each unit, because every posting takes what it gives.
pub(super) async fn unit_sums(conn: &mut Conn, operator: OperatorId) -> Result<Vec<UnitSum>, sqlx::Error> {
    sqlx::query_as!(
        UnitSum,
        r#"SELECT unit, CAST(SUM(balance) AS BIGINT) AS "sum!: i64" FROM ledger_account
           WHERE operator_id = $1 GROUP BY unit"#,
        operator.0
    )
    .fetch_all(conn)
    .await
}

/// Transfers whose two entries are not exactly what they say.
pub(super) async fn wrong_transfers(conn: &mut Conn, operator: OperatorId) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT t.id AS "id!: Uuid" FROM transfer t
           WHERE t.operator_id = $1 AND NOT (
             EXISTS (SELECT 1 FROM entry e WHERE e.transfer_id = t.id AND e.account_id = t.debit_id AND e.delta = -t.amount)
             AND EXISTS (SELECT 1 FROM entry e WHERE e.transfer_id = t.id AND e.account_id = t.credit_id AND e.delta = t.amount)
             AND (SELECT COUNT(*) FROM entry e WHERE e.transfer_id = t.id) = 2)
           ORDER BY t.id LIMIT 20"#,
        operator.0
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn resellers(conn: &mut Conn, operator: OperatorId) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT id AS "id!: Uuid" FROM reseller WHERE operator_id = $1 ORDER BY id"#, operator.0)
        .fetch_all(conn)
        .await
}
