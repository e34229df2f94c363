//! Codes and what they may come from.

use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::{Conn, column, count};
use crate::engine::candidate::{Candidates, Found};
use crate::engine::code::{CodeRecord, code_records};
use crate::engine::lease::{LeaseRecord, lease_records};
use crate::engine::redemption::{Attempt, NewActivation};

/// The leases with these ids, locked in their order until the commit.
pub(crate) async fn lock_leases(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<LeaseRecord>, sqlx::Error> {
    lease_records!("SELECT", "FROM lease WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", ids).fetch_all(conn).await
}

/// The codes of these numbers, each of its lease or lot and whatever their slots, locked one after the other until the
/// commit. Numbers that nobody saw have none.
pub(crate) async fn lock_codes(conn: &mut Conn, numbers: &[(Uuid, i64)]) -> Result<Vec<CodeRecord>, sqlx::Error> {
    code_records!(
        "SELECT",
        "FROM UNNEST($1::uuid[], $2::bigint[]) AS asked (source, number),
           LATERAL (SELECT * FROM code WHERE source_id = asked.source AND seq = asked.number OFFSET 0 FOR UPDATE) AS code",
        &column(numbers, |(source, _)| *source)[..],
        &column(numbers, |(_, number)| *number)[..]
    )
    .fetch_all(conn)
    .await
}

/// The codes of a lease or lot from one number to another, whatever their slots, locked in the order of their numbers
/// until the commit.
pub(crate) async fn lock_code_range(
    conn: &mut Conn,
    source: Uuid,
    from: i64,
    to: i64,
) -> Result<Vec<CodeRecord>, sqlx::Error> {
    code_records!(
        "SELECT",
        "FROM code WHERE source_id = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq FOR UPDATE",
        source,
        from,
        to
    )
    .fetch_all(conn)
    .await
}

/// Codes at first sight. Says how many were new: an id or a number that is taken is left alone.
pub(crate) async fn insert_codes(conn: &mut Conn, codes: &[&CodeRecord]) -> Result<usize, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO code
           (id, operator_id, reseller_id, device_id, source_id, slot, seq, serial, masked, plan_id, plan_name,
           term_days, price, currency, cost, unit, state, held_reason, flagged, customer_email, sale_id, sold_at,
           settled_at, redeem_by)
         SELECT *
         FROM UNNEST(
                $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::bigint[], $8::text[],
                $9::text[], $10::uuid[], $11::text[], $12::bigint[], $13::bigint[], $14::text[], $15::bigint[],
                $16::text[], $17::text[], $18::text[], $19::boolean[], $20::text[], $21::uuid[], $22::bigint[],
                $23::bigint[], $24::bigint[])
         ON CONFLICT DO NOTHING",
        &column(codes, |code| code.id)[..],
        &column(codes, |code| code.operator_id)[..],
        &column(codes, |code| code.reseller_id)[..],
        &column(codes, |code| code.device_id)[..] as _,
        &column(codes, |code| code.source_id)[..],
        &column(codes, |code| code.slot)[..],
        &column(codes, |code| code.seq)[..],
        &column(codes, |code| code.serial.as_str())[..] as _,
        &column(codes, |code| code.masked.as_str())[..] as _,
        &column(codes, |code| code.plan_id)[..],
        &column(codes, |code| code.plan_name.as_str())[..] as _,
        &column(codes, |code| code.term_days)[..],
        &column(codes, |code| code.price)[..],
        &column(codes, |code| code.currency.as_str())[..] as _,
        &column(codes, |code| code.cost)[..],
        &column(codes, |code| code.unit.as_str())[..] as _,
        &column(codes, |code| code.state.as_str())[..] as _,
        &column(codes, |code| code.held_reason.as_deref())[..] as _,
        &column(codes, |code| code.flagged)[..],
        &column(codes, |code| code.customer_email.as_deref())[..] as _,
        &column(codes, |code| code.sale_id)[..] as _,
        &column(codes, |code| code.sold_at)[..] as _,
        &column(codes, |code| code.settled_at)[..],
        &column(codes, |code| code.redeem_by)[..]
    )
    .execute(conn)
    .await?;
    Ok(count(&done))
}

/// Stores codes of a lease or lot that are not there yet, and says how many that were. Their hashes are one value, where a
/// row for each code would be four, and are written in their own order: page after page of the index, each once.
pub(crate) async fn insert_candidates(
    conn: &mut Conn,
    source: Uuid,
    candidates: &Candidates,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO candidate (code_hash, source_id, slot, seq)
         SELECT substr($1::bytea, (((place - 1) * $5::bigint + number) * 16 + 1)::int, 16), $2, slot, $4::bigint + number
         FROM UNNEST($3::bigint[]) WITH ORDINALITY AS slots (slot, place),
              generate_series(0::bigint, $5::bigint - 1) AS number
         ORDER BY 1 ON CONFLICT (code_hash) DO NOTHING",
        &candidates.hashes[..],
        source,
        &candidates.slots[..],
        candidates.first,
        candidates.each
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// What is known of the codes with these hashes; one that no lease or lot can produce is left out. The planner cannot see
/// how many they are, so that it keeps one plan: see the module.
pub(crate) async fn find_candidates(conn: &mut Conn, hashes: &[[u8; 16]]) -> Result<Vec<Found>, sqlx::Error> {
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
           WHERE c.code_hash = ANY((SELECT $1::bytea[])::bytea[])"#,
        &column(hashes, |hash| &hash[..])[..] as _
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
    let done = sqlx::query!(
        "WITH used AS (
           UPDATE code SET state = 'activated', activated_at = $1
           WHERE state IN ('generated', 'allocated', 'leased', 'sold') AND id = ANY($2) RETURNING id
         ), tried AS (
           INSERT INTO activation_attempt (id, at, address, code_id, outcome)
           SELECT attempt.id, attempt.at, attempt.address, attempt.code_id, attempt.outcome
           FROM UNNEST($8::uuid[], $9::bigint[], $10::text[], $11::uuid[], $12::text[])
             AS attempt (id, at, address, code_id, outcome) JOIN used ON used.id = attempt.code_id
         )
         INSERT INTO activation (code_id, account_id, opened_account, last_day, ends_at, activated_at, address)
         SELECT code_id, account_id, opened_account, last_day, ends_at, $1, address
         FROM UNNEST($2::uuid[], $3::uuid[], $4::boolean[], $5::text[], $6::bigint[], $7::text[])
           AS new (code_id, account_id, opened_account, last_day, ends_at, address) JOIN used ON used.id = new.code_id",
        now.0,
        &column(new, |new| new.code)[..],
        &column(new, |new| new.account.0)[..],
        &column(new, |new| new.opened_account)[..],
        &column(new, |new| new.last_day)[..] as _,
        &column(new, |new| new.ends_at.0)[..],
        &column(new, |new| new.address)[..] as _,
        &column(tries, |one| one.id)[..],
        &column(tries, |one| one.at.0)[..],
        &column(tries, |one| one.address)[..] as _,
        &column(tries, |one| one.code.map(|code| code.0))[..] as _,
        &column(tries, |one| one.outcome)[..] as _
    )
    .execute(conn)
    .await?;
    Ok(count(&done))
}
