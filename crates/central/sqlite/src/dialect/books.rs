//! The books, and postings written many at a time.

use counterfoil_domain::ids::{LedgerAccountId, OperatorId};
use counterfoil_domain::ledger::Entry;
use serde_json::json;
use uuid::Uuid;

use super::{Conn, count, hex_of, json_rows};
use crate::engine::ledger::{LockedAccount, Moved, NewTransfer, Written};

/// The write lock of the whole database is held already.
pub(crate) async fn lock_accounts(
    conn: &mut Conn,
    operator: OperatorId,
    one: LedgerAccountId,
    other: LedgerAccountId,
) -> Result<Vec<LockedAccount>, sqlx::Error> {
    sqlx::query_as!(
        LockedAccount,
        r#"SELECT a.id AS "id!: Uuid", a.reseller_id AS "reseller!: Uuid", r.path, a.kind, a.unit, a.balance, a.floor,
                  a.seq, a.head_hash
           FROM ledger_account a JOIN reseller r ON r.id = a.reseller_id
           WHERE a.operator_id = $1 AND a.id IN ($2, $3) ORDER BY a.id"#,
        operator.0,
        one.0,
        other.0
    )
    .fetch_all(conn)
    .await
}

/// The books of one reseller and, if there is one, of a lease. The writing transaction already has the only lock.
pub(crate) async fn lock_books(
    conn: &mut Conn,
    reseller: Uuid,
    lease_account: Option<Uuid>,
) -> Result<Vec<LockedAccount>, sqlx::Error> {
    sqlx::query_as!(
        LockedAccount,
        r#"SELECT a.id AS "id!: Uuid", a.reseller_id AS "reseller!: Uuid", r.path, a.kind, a.unit, a.balance, a.floor,
                  a.seq, a.head_hash
           FROM ledger_account a JOIN reseller r ON r.id = a.reseller_id
           WHERE (a.owner_id = $1 AND a.kind IN ('wallet', 'issued', 'consumed')) OR a.id = $2
           ORDER BY a.id"#,
        reseller,
        lease_account
    )
    .fetch_all(conn)
    .await
}

/// What a reseller earns into. The writing transaction already has the only lock.
pub(crate) async fn lock_commission(conn: &mut Conn, reseller: Uuid) -> Result<Vec<LockedAccount>, sqlx::Error> {
    sqlx::query_as!(
        LockedAccount,
        r#"SELECT a.id AS "id!: Uuid", a.reseller_id AS "reseller!: Uuid", r.path, a.kind, a.unit, a.balance, a.floor,
                  a.seq, a.head_hash
           FROM ledger_account a JOIN reseller r ON r.id = a.reseller_id
           WHERE a.owner_id = $1 AND a.kind IN ('commission_expense', 'commission_pending', 'commission_available',
             'commission_clearing', 'commission_paid', 'commission_clawback')
           ORDER BY a.id"#,
        reseller
    )
    .fetch_all(conn)
    .await
}

/// The four books of one relationship. The writing transaction already has the only lock.
pub(crate) async fn lock_order_books(conn: &mut Conn, relationship: Uuid) -> Result<Vec<LockedAccount>, sqlx::Error> {
    sqlx::query_as!(
        LockedAccount,
        r#"SELECT a.id AS "id!: Uuid", a.reseller_id AS "reseller!: Uuid", r.path, a.kind, a.unit, a.balance, a.floor,
                  a.seq, a.head_hash
           FROM ledger_account a JOIN reseller r ON r.id = a.reseller_id
           WHERE a.owner_id = $1
             AND a.kind IN ('order_customers', 'provider_payable', 'provider_paid', 'order_markup')
           ORDER BY a.id"#,
        relationship
    )
    .fetch_all(conn)
    .await
}

/// Writes postings: the transfers whose event is new, their entries, and the balances, never past the floor and only from
/// the state that the entries continue. Says how many transfers were new and how many accounts moved.
pub(crate) async fn post(
    conn: &mut Conn,
    operator: OperatorId,
    new: &[NewTransfer],
    entries: &[Entry],
    moved: &[Moved],
) -> Result<Written, sqlx::Error> {
    let transfers = insert_transfers(conn, operator, new).await?;
    // The caller undoes all of it: the entries of the others would have nothing to belong to.
    if transfers < new.len() {
        return Ok(Written { transfers, accounts: 0 });
    }
    insert_entries(conn, entries).await?;
    Ok(Written { transfers, accounts: move_balances(conn, moved).await? })
}

async fn insert_transfers(conn: &mut Conn, operator: OperatorId, new: &[NewTransfer]) -> Result<usize, sqlx::Error> {
    let rows = json_rows(new, |new| {
        let unit = new.amount.unit().to_string();
        json!([
            hex_of(new.id.0),
            new.event.as_str(),
            new.kind.as_str(),
            hex_of(new.debit.0),
            hex_of(new.credit.0),
            new.amount.value(),
            unit,
            new.reverses.map(|id| hex_of(id.0)),
            new.note,
            new.reference,
            new.at.0
        ])
    });
    let done = sqlx::query!(
        "INSERT INTO transfer
           (id, operator_id, source_event, kind, debit_id, credit_id, amount, unit, reverses, note, reference, at)
         SELECT unhex(value ->> 0), $1, value ->> 1, value ->> 2, unhex(value ->> 3), unhex(value ->> 4), value ->> 5,
           value ->> 6, unhex(value ->> 7), value ->> 8, value ->> 9, value ->> 10
         FROM json_each($2) WHERE TRUE
         ON CONFLICT (source_event) DO NOTHING",
        operator.0,
        rows
    )
    .execute(conn)
    .await?;
    Ok(count(&done))
}

async fn insert_entries(conn: &mut Conn, new: &[Entry]) -> Result<(), sqlx::Error> {
    let rows = json_rows(new, |new| {
        json!([
            hex_of(new.account.0),
            new.seq,
            hex_of(new.transfer.0),
            new.delta,
            new.balance_before,
            new.balance_after,
            hex::encode(new.prev_hash)
        ])
    });
    sqlx::query!(
        "INSERT INTO entry (account_id, seq, transfer_id, delta, balance_before, balance_after, prev_hash)
         SELECT unhex(value ->> 0), value ->> 1, unhex(value ->> 2), value ->> 3, value ->> 4, value ->> 5,
           unhex(value ->> 6)
         FROM json_each($1)",
        rows
    )
    .execute(conn)
    .await
    .map(|_| ())
}

async fn move_balances(conn: &mut Conn, moved: &[Moved]) -> Result<usize, sqlx::Error> {
    let rows = json_rows(moved, |moved| {
        json!([hex_of(moved.id.0), moved.delta, moved.seq, hex::encode(moved.head), moved.was])
    });
    let done = sqlx::query!(
        "WITH moved (id, delta, seq, head_hash, was) AS (
           SELECT unhex(value ->> 0), value ->> 1, value ->> 2, unhex(value ->> 3), value ->> 4 FROM json_each($1))
         UPDATE ledger_account
         SET balance = ledger_account.balance + moved.delta, seq = moved.seq, head_hash = moved.head_hash FROM moved
         WHERE ledger_account.id = moved.id AND ledger_account.seq = moved.was
           AND ledger_account.balance + moved.delta >= ledger_account.floor",
        rows
    )
    .execute(conn)
    .await?;
    Ok(count(&done))
}
