//! The books: their locks, and postings written many at a time.

use counterfoil_domain::ids::{LedgerAccountId, OperatorId};
use counterfoil_domain::ledger::Entry;
use uuid::Uuid;

use super::{Conn, column};
use crate::engine::ledger::{LockedAccount, Moved, NewTransfer, Written};

/// Locked in the order of their ids, so that two transfers between the same accounts cannot wait for each other.
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
           WHERE a.operator_id = $1 AND a.id IN ($2, $3) ORDER BY a.id FOR NO KEY UPDATE OF a"#,
        operator.0,
        one.0,
        other.0
    )
    .fetch_all(conn)
    .await
}

/// The books of one reseller and, if there is one, of a lease; locked in the order of their ids until the commit.
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
           ORDER BY a.id FOR NO KEY UPDATE OF a"#,
        reseller,
        lease_account
    )
    .fetch_all(conn)
    .await
}

/// What a reseller earns into. Locked in the order of their ids until the commit.
pub(crate) async fn lock_commission(conn: &mut Conn, reseller: Uuid) -> Result<Vec<LockedAccount>, sqlx::Error> {
    sqlx::query_as!(
        LockedAccount,
        r#"SELECT a.id AS "id!: Uuid", a.reseller_id AS "reseller!: Uuid", r.path, a.kind, a.unit, a.balance, a.floor,
                  a.seq, a.head_hash
           FROM ledger_account a JOIN reseller r ON r.id = a.reseller_id
           WHERE a.owner_id = $1 AND a.kind IN ('commission_expense', 'commission_pending', 'commission_available',
             'commission_clearing', 'commission_paid', 'commission_clawback')
           ORDER BY a.id FOR NO KEY UPDATE OF a"#,
        reseller
    )
    .fetch_all(conn)
    .await
}

/// The four books of one relationship. Locked in the order of their ids until the commit.
pub(crate) async fn lock_order_books(conn: &mut Conn, relationship: Uuid) -> Result<Vec<LockedAccount>, sqlx::Error> {
    sqlx::query_as!(
        LockedAccount,
        r#"SELECT a.id AS "id!: Uuid", a.reseller_id AS "reseller!: Uuid", r.path, a.kind, a.unit, a.balance, a.floor,
                  a.seq, a.head_hash
           FROM ledger_account a JOIN reseller r ON r.id = a.reseller_id
           WHERE a.owner_id = $1
             AND a.kind IN ('order_customers', 'provider_payable', 'provider_paid', 'order_markup')
           ORDER BY a.id FOR NO KEY UPDATE OF a"#,
        relationship
    )
    .fetch_all(conn)
    .await
}

/// Writes postings in one statement: the transfers whose event is new, their entries, and the balances, never past the
/// floor and only from the state that the entries continue. Says how many transfers were new and how many accounts moved.
pub(crate) async fn post(
    conn: &mut Conn,
    operator: OperatorId,
    new: &[NewTransfer],
    entries: &[Entry],
    moved: &[Moved],
) -> Result<Written, sqlx::Error> {
    let posted = sqlx::query!(
        r#"WITH written AS (
             INSERT INTO transfer
               (id, operator_id, source_event, kind, debit_id, credit_id, amount, unit, reverses, note, reference, at)
             SELECT id, $1, source_event, kind, debit_id, credit_id, amount, unit, reverses, note, reference, at
             FROM UNNEST($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::bigint[], $8::text[],
                    $9::uuid[], $10::text[], $11::text[], $12::bigint[])
               AS new (id, source_event, kind, debit_id, credit_id, amount, unit, reverses, note, reference, at)
             ON CONFLICT (source_event) DO NOTHING RETURNING id
           ), entered AS (
             INSERT INTO entry (account_id, seq, transfer_id, delta, balance_before, balance_after, prev_hash)
             SELECT account_id, seq, transfer_id, delta, balance_before, balance_after, prev_hash
             FROM UNNEST($13::uuid[], $14::bigint[], $15::uuid[], $16::bigint[], $17::bigint[], $18::bigint[],
                    $19::bytea[])
               AS new (account_id, seq, transfer_id, delta, balance_before, balance_after, prev_hash)
               JOIN written ON written.id = new.transfer_id
           ), moved AS (
             UPDATE ledger_account
             SET balance = ledger_account.balance + change.delta, seq = change.seq, head_hash = change.head_hash
             FROM UNNEST($20::uuid[], $21::bigint[], $22::bigint[], $23::bytea[], $24::bigint[])
               AS change (id, delta, seq, head_hash, was)
             WHERE ledger_account.id = change.id AND ledger_account.seq = change.was
               AND ledger_account.balance + change.delta >= ledger_account.floor
             RETURNING ledger_account.id
           )
           SELECT (SELECT COUNT(*) FROM written) AS "transfers!: i64", (SELECT COUNT(*) FROM moved) AS "accounts!: i64""#,
        operator.0,
        &column(new, |new| new.id.0)[..],
        &column(new, |new| new.event.as_str())[..] as _,
        &column(new, |new| new.kind.as_str())[..] as _,
        &column(new, |new| new.debit.0)[..],
        &column(new, |new| new.credit.0)[..],
        &column(new, |new| new.amount.value())[..],
        &column(new, |new| new.amount.unit().to_string())[..],
        &column(new, |new| new.reverses.map(|id| id.0))[..] as _,
        &column(new, |new| new.note.as_deref())[..] as _,
        &column(new, |new| new.reference.as_deref())[..] as _,
        &column(new, |new| new.at.0)[..],
        &column(entries, |entry| entry.account.0)[..],
        &column(entries, |entry| entry.seq)[..],
        &column(entries, |entry| entry.transfer.0)[..],
        &column(entries, |entry| entry.delta)[..],
        &column(entries, |entry| entry.balance_before)[..],
        &column(entries, |entry| entry.balance_after)[..],
        &column(entries, |entry| entry.prev_hash.as_slice())[..] as _,
        &column(moved, |moved| moved.id.0)[..],
        &column(moved, |moved| moved.delta)[..],
        &column(moved, |moved| moved.seq)[..],
        &column(moved, |moved| moved.head.as_slice())[..] as _,
        &column(moved, |moved| moved.was)[..]
    )
    .fetch_one(conn)
    .await?;
    let count = |rows: i64| usize::try_from(rows).unwrap_or(usize::MAX);
    Ok(Written { transfers: count(posted.transfers), accounts: count(posted.accounts) })
}
