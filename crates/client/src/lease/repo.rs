//! Rows of held leases.

use counterfoil_domain::code::{SourceKey, WordList};
use counterfoil_domain::ids::{LeaseId, PlanId};
use counterfoil_domain::lease::{LeaseState, Reservation, SignedLease, Slot, Watermark};
use counterfoil_domain::time::Timestamp;
use ed25519_dalek::VerifyingKey;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{CodeSource, HeldLease, HeldSlot, LeaseError};
use crate::outbox::Marks;
use crate::store::StoreError;

/// Every held lease, its use merged with the keyring's.
///
/// A lease the keyring knows nothing of counts as closed: it may have been closed and forgotten before this file was
/// restored.
pub(crate) async fn leases(db: &mut SqliteConnection, marks: &Marks) -> Result<Vec<HeldLease>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT lease_id AS "lease_id: Uuid", number, state, unit, amount, used, max_codes, seq, issued_at,
            issue_until, settle_until, redeem_by, granted_version
        FROM lease ORDER BY issued_at, lease_id"#
    )
    .fetch_all(&mut *db)
    .await?;
    let mut leases = Vec::with_capacity(rows.len());
    for row in rows {
        let lease_id = LeaseId(row.lease_id);
        let stored = Watermark { seq: small("seq", row.seq)?, used: row.used, closed: false };
        let mark = match marks.leases.get(&lease_id) {
            Some(mark) => stored.max(*mark),
            None => Watermark { closed: true, ..stored },
        };
        leases.push(HeldLease {
            lease_id,
            number: small("number", row.number)?,
            state: state(&row.state)?,
            unit: row.unit,
            amount: row.amount,
            max_codes: small("max_codes", row.max_codes)?,
            mark,
            issued_at: Timestamp(row.issued_at),
            issue_until: Timestamp(row.issue_until),
            settle_until: Timestamp(row.settle_until),
            redeem_by: Timestamp(row.redeem_by),
            granted_version: row.granted_version,
            slots: slots(db, lease_id).await?,
        });
    }
    Ok(leases)
}

async fn slots(db: &mut SqliteConnection, lease: LeaseId) -> Result<Vec<HeldSlot>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT slot, plan_id AS "plan_id: Uuid", plan_name, term_days, cost, price, currency
        FROM lease_slot WHERE lease_id = ?1 ORDER BY slot"#,
        lease.0
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let slot = Slot {
                slot: small("slot", row.slot)?,
                plan_id: PlanId(row.plan_id),
                plan_version: 0,
                term_days: small("term_days", row.term_days)?,
                cost: row.cost,
                price: row.price,
            };
            Ok(HeldSlot { slot, plan_name: row.plan_name, currency: row.currency })
        })
        .collect()
}

/// Whether this file has the lease.
pub(super) async fn is_held(db: &mut SqliteConnection, lease: LeaseId) -> Result<bool, StoreError> {
    let found =
        sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM lease WHERE lease_id = ?1"#, lease.0)
            .fetch_optional(db)
            .await?;
    Ok(found.is_some())
}

/// What the codes of a lease are derived from; the signed terms are checked again on the way out of the database.
pub(crate) async fn code_source(
    db: &mut SqliteConnection,
    lease: LeaseId,
    central: &VerifyingKey,
) -> Result<Option<CodeSource>, LeaseError> {
    let row = sqlx::query!("SELECT blob, source_key FROM lease WHERE lease_id = ?1", lease.0)
        .fetch_optional(db)
        .await
        .map_err(StoreError::from)?;
    let Some(row) = row else { return Ok(None) };
    let signed = SignedLease::verify(&row.blob, central).map_err(|error| LeaseError::Untrusted(error.to_string()))?;
    let key: [u8; 32] = row
        .source_key
        .as_slice()
        .try_into()
        .map_err(|_| StoreError::unknown("lease", "source_key", format!("{} bytes", row.source_key.len())))?;
    let terms = signed.terms();
    let words = WordList::by_version(terms.word_list).ok_or(LeaseError::WordList(terms.word_list))?;
    Ok(Some(CodeSource { lease_id: lease, key: SourceKey::from_bytes(key), prefix: terms.prefix.clone(), words }))
}

pub(crate) struct NewLease<'a> {
    pub(crate) number: u32,
    pub(crate) signed: &'a SignedLease,
    pub(crate) key: &'a SourceKey,
    pub(crate) version: i64,
}

/// Keeps a granted lease; a repeat changes nothing.
pub(crate) async fn insert(db: &mut SqliteConnection, lease: &NewLease<'_>) -> Result<(), StoreError> {
    let terms = lease.signed.terms();
    let id = terms.lease_id.0;
    let blob = lease.signed.bytes();
    let key = lease.key.reveal().as_slice();
    let unit = terms.unit.to_string();
    let currency = terms.currency.to_string();
    let (number, max_codes) = (i64::from(lease.number), i64::from(terms.max_codes));
    let open = LeaseState::Open.as_str();
    sqlx::query!(
        "INSERT INTO lease (lease_id, number, blob, source_key, state, unit, amount, max_codes, issued_at,
            issue_until, settle_until, redeem_by, granted_version)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT (lease_id) DO NOTHING",
        id,
        number,
        blob,
        key,
        open,
        unit,
        terms.amount,
        max_codes,
        terms.issued_at.0,
        terms.issue_until.0,
        terms.settle_until.0,
        terms.redeem_by.0,
        lease.version
    )
    .execute(&mut *db)
    .await?;
    for slot in &terms.slots {
        let term_days = i64::from(slot.term_days);
        sqlx::query!(
            "INSERT INTO lease_slot (lease_id, slot, plan_id, plan_name, term_days, cost, price, currency)
            VALUES (?1, ?2, ?3, '', ?4, ?5, ?6, ?7) ON CONFLICT (lease_id, slot) DO NOTHING",
            id,
            slot.slot,
            slot.plan_id.0,
            term_days,
            slot.cost,
            slot.price,
            currency
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Spends a reservation. False when the lease no longer allows it.
pub(crate) async fn spend(db: &mut SqliteConnection, reservation: &Reservation) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "UPDATE lease SET used = ?2, seq = ?3
        WHERE lease_id = ?1 AND state = 'open' AND ?2 <= amount AND ?3 <= max_codes AND seq < ?3",
        reservation.lease_id.0,
        reservation.mark.used,
        reservation.mark.seq
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Moves the use forward to what the keyring or Central knows; never back.
pub(crate) async fn raise_use(db: &mut SqliteConnection, lease: LeaseId, mark: Watermark) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE lease SET used = MIN(amount, MAX(used, ?2)), seq = MIN(max_codes, MAX(seq, ?3)) WHERE lease_id = ?1",
        lease.0,
        mark.used,
        mark.seq
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Leaves `open`; a lease that left it never comes back. One that is over can still be revoked.
pub(crate) async fn end(db: &mut SqliteConnection, lease: LeaseId, to: LeaseState) -> Result<bool, StoreError> {
    let to = to.as_str();
    let done = sqlx::query!(
        "UPDATE lease SET state = ?2
        WHERE lease_id = ?1 AND state <> ?2 AND (state IN ('open', 'closed') OR (state = 'expired' AND ?2 = 'revoked'))",
        lease.0,
        to
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives the slots the plan names the cache has.
pub(crate) async fn name_plan(db: &mut SqliteConnection, plan: PlanId, name: &str) -> Result<(), StoreError> {
    sqlx::query!("UPDATE lease_slot SET plan_name = ?2 WHERE plan_id = ?1 AND plan_name <> ?2", plan.0, name)
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) fn state(name: &str) -> Result<LeaseState, StoreError> {
    LeaseState::from_stored(name).ok_or_else(|| StoreError::unknown("lease", "state", name))
}

fn small<T: TryFrom<i64>>(column: &'static str, value: i64) -> Result<T, StoreError> {
    T::try_from(value).map_err(|_| StoreError::unknown("lease", column, value.to_string()))
}
