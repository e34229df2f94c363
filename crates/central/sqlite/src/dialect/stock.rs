//! Codes and what they may come from.

use counterfoil_domain::time::Timestamp;
use serde_json::{Value, json};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{Conn, Db, count, hex_of, insert_attempts, json_of, json_rows};
use crate::engine::batch::{ROWS, kept};
use crate::engine::candidate::{Candidates, Found};
use crate::engine::code::{CodeRecord, code_records};
use crate::engine::lease::{LeaseRecord, lease_records};
use crate::engine::redemption::{Attempt, NewActivation};

/// The leases with these ids. The writing transaction already has the only lock.
pub(crate) async fn lock_leases(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<LeaseRecord>, sqlx::Error> {
    let ids = json_of(ids);
    lease_records!("SELECT", "FROM lease WHERE id IN (SELECT unhex(value) FROM json_each($1)) ORDER BY id", ids)
        .fetch_all(conn)
        .await
}

/// The codes of these numbers, each of its lease or lot and whatever their slots. Numbers that nobody saw have none.
pub(crate) async fn lock_codes(conn: &mut Conn, numbers: &[(Uuid, i64)]) -> Result<Vec<CodeRecord>, sqlx::Error> {
    let numbers = json_rows(numbers, |(source, number)| json!([hex_of(*source), number]));
    code_records!(
        "WITH asked (source, number) AS (SELECT unhex(value ->> 0), value ->> 1 FROM json_each($1)) SELECT",
        "FROM asked CROSS JOIN code WHERE code.source_id = asked.source AND code.seq = asked.number",
        numbers
    )
    .fetch_all(conn)
    .await
}

/// The codes of a lease or lot from one number to another, whatever their slots. The writing transaction already has the
/// only lock.
pub(crate) async fn lock_code_range(
    conn: &mut Conn,
    source: Uuid,
    from: i64,
    to: i64,
) -> Result<Vec<CodeRecord>, sqlx::Error> {
    code_records!("SELECT", "FROM code WHERE source_id = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq", source, from, to)
        .fetch_all(conn)
        .await
}

/// Codes at first sight. Says how many were new: an id or a number that is taken is left alone. They have so many columns
/// that taking them out of JSON would cost more than preparing statements of several lengths.
pub(crate) async fn insert_codes(conn: &mut Conn, codes: &[&CodeRecord]) -> Result<usize, sqlx::Error> {
    let mut stored = 0;
    for batch in codes.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO code (id, operator_id, reseller_id, device_id, source_id, slot, seq, serial, masked, plan_id,
               plan_name, term_days, price, currency, cost, unit, state, held_reason, flagged, customer_email, sale_id,
               sold_at, settled_at, redeem_by) ",
        );
        query.push_values(batch, |mut row, code| {
            row.push_bind(code.id).push_bind(code.operator_id).push_bind(code.reseller_id).push_bind(code.device_id);
            row.push_bind(code.source_id).push_bind(code.slot).push_bind(code.seq);
            row.push_bind(code.serial.as_str()).push_bind(code.masked.as_str());
            row.push_bind(code.plan_id).push_bind(code.plan_name.as_str()).push_bind(code.term_days);
            row.push_bind(code.price).push_bind(code.currency.as_str());
            row.push_bind(code.cost).push_bind(code.unit.as_str());
            row.push_bind(code.state.as_str()).push_bind(code.held_reason.as_deref()).push_bind(code.flagged);
            row.push_bind(code.customer_email.as_deref()).push_bind(code.sale_id).push_bind(code.sold_at);
            row.push_bind(code.settled_at).push_bind(code.redeem_by);
        });
        query.push(" ON CONFLICT DO NOTHING");
        stored += query.build().persistent(kept(batch)).execute(&mut *conn).await?.rows_affected();
    }
    Ok(usize::try_from(stored).unwrap_or(usize::MAX))
}

/// Stores codes of a lease or lot that are not there yet, and says how many that were. Their hashes are one value, where a
/// row for each code would be four, and are written in their own order: page after page of the index, each once.
pub(crate) async fn insert_candidates(
    conn: &mut Conn,
    source: Uuid,
    candidates: &Candidates,
) -> Result<u64, sqlx::Error> {
    let slots = Value::from(candidates.slots.as_slice()).to_string();
    let done = sqlx::query!(
        "WITH RECURSIVE number (number) AS (
           SELECT 0 WHERE $5 > 0 UNION ALL SELECT number + 1 FROM number WHERE number + 1 < $5)
         INSERT INTO candidate (code_hash, source_id, slot, seq)
         SELECT substr($1, (slots.key * $5 + number) * 16 + 1, 16), $2, slots.value, $4 + number
         FROM json_each($3) AS slots CROSS JOIN number WHERE TRUE
         ORDER BY 1 ON CONFLICT (code_hash) DO NOTHING",
        &candidates.hashes[..],
        source,
        slots,
        candidates.first,
        candidates.each
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// What is known of the codes with these hashes; one that no lease or lot can produce is left out.
pub(crate) async fn find_candidates(conn: &mut Conn, hashes: &[[u8; 16]]) -> Result<Vec<Found>, sqlx::Error> {
    let hashes: Vec<_> = hashes.iter().map(hex::encode).collect();
    let hashes = Value::from(hashes).to_string();
    sqlx::query_as!(
        Found,
        r#"SELECT c.code_hash AS "code_hash!: Vec<u8>", c.source_id AS "source_id!: Uuid", c.slot AS "slot!: i64",
             c.seq AS "seq!: i64", lease.operator_id AS "lease_operator?: Uuid", lot.operator_id AS "lot_operator?: Uuid",
             (lot.id IS NOT NULL AND lot.reseller_id IS NULL) AS "in_stock!: bool", c.revoked AS "revoked!: bool",
             operator.time_zone AS "time_zone!: String", s.plan_id AS "plan_id?: Uuid", s.plan_name AS "plan_name?: String",
             s.term_days AS "term_days?: i64", s.cost AS "cost?: i64", s.price AS "price?: i64"
           FROM candidate c LEFT JOIN lease ON lease.id = c.source_id LEFT JOIN lot ON lot.id = c.source_id
             JOIN operator ON operator.id = COALESCE(lease.operator_id, lot.operator_id)
             LEFT JOIN lease_slot s ON s.lease_id = c.source_id AND s.slot = c.slot
           WHERE c.code_hash IN (SELECT unhex(value) FROM json_each($1))"#,
        hashes
    )
    .fetch_all(conn)
    .await
}

/// Marks codes used, each from a state that allows it, and keeps who redeemed them and by which of these tries. Says how
/// many were.
pub(crate) async fn activate_codes(
    conn: &mut Conn,
    now: Timestamp,
    new: &[NewActivation<'_>],
    tries: &[Attempt<'_>],
) -> Result<usize, sqlx::Error> {
    let codes: Vec<Uuid> = new.iter().map(|new| new.code).collect();
    let used = use_codes(conn, now, &codes).await?;
    // The caller undoes all of it.
    if used == new.len() {
        insert_activations(conn, now, new).await?;
        insert_attempts(conn, tries).await?;
    }
    Ok(used)
}

async fn use_codes(conn: &mut Conn, now: Timestamp, codes: &[Uuid]) -> Result<usize, sqlx::Error> {
    let ids = json_of(codes);
    let done = sqlx::query!(
        "UPDATE code SET state = 'activated', activated_at = $1
         WHERE state IN ('generated', 'allocated', 'leased', 'sold')
           AND id IN (SELECT unhex(value) FROM json_each($2))",
        now.0,
        ids
    )
    .execute(conn)
    .await?;
    Ok(count(&done))
}

async fn insert_activations(conn: &mut Conn, now: Timestamp, new: &[NewActivation<'_>]) -> Result<(), sqlx::Error> {
    let rows = json_rows(new, |new| {
        json!([hex_of(new.code), hex_of(new.account.0), new.opened_account, new.last_day, new.ends_at.0, new.address])
    });
    sqlx::query!(
        "INSERT INTO activation (code_id, account_id, opened_account, last_day, ends_at, activated_at, address)
         SELECT unhex(value ->> 0), unhex(value ->> 1), value ->> 2, value ->> 3, value ->> 4, $1, value ->> 5
         FROM json_each($2)",
        now.0,
        rows
    )
    .execute(conn)
    .await
    .map(|_| ())
}
