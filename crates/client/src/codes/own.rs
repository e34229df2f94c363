//! This device's own codes, and everything known of one code.

use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::CodeId;
use counterfoil_domain::time::Timestamp;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::cached::{self, Asked, Way};
use super::repo::{seq, state};
use super::{Line, Place};
use crate::selling::{self, Issued};
use crate::store::StoreError;

/// This device's codes with something laid over them; every code it sold while the cache is empty.
pub(super) async fn all(db: &mut SqliteConnection) -> Result<Vec<Line>, StoreError> {
    let asked = Asked { way: Way::Own, search: None, states: &[], after: None, offset: 0, limit: 0 };
    Ok(cached::read(db, &asked).await?.own)
}

/// Everything known of one code.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// What Central calls it; none before it is in the cache.
    pub(crate) central_id: Option<CodeId>,
    /// Present where this device sold it.
    pub(crate) issued: Option<Issued>,
    pub(crate) line: Line,
    pub(crate) term_days: u32,
    pub(crate) cost: i64,
    pub(crate) unit: String,
    pub(crate) settled_at: Option<Timestamp>,
    pub(crate) ended_at: Option<Timestamp>,
    /// When this device asked for a void that is not confirmed.
    pub(crate) void_requested_at: Option<Timestamp>,
}

/// Finds a code by this device's id of it or by Central's.
pub(crate) async fn find(db: &mut SqliteConnection, id: CodeId) -> Result<Option<Known>, StoreError> {
    let place = match selling::repo::by_id(db, id).await? {
        Some(issued) => Some((issued.lease_id.0, i64::from(issued.seq))),
        None => sqlx::query!(r#"SELECT source_id AS "source_id: Uuid", seq FROM cached_code WHERE code_id = ?1"#, id.0)
            .fetch_optional(&mut *db)
            .await?
            .map(|row| (row.source_id, row.seq)),
    };
    let Some((source, number)) = place else { return Ok(None) };
    let issued = selling::repo::by_id(db, selling::code_id(super::lease_of(source), seq(number)?)).await?;
    let overlaid = all(db).await?.into_iter().find(|line| line.source_id == source && i64::from(line.seq) == number);
    let void_requested_at = void_requested_at(db, source, number).await?;
    if let Some(mut known) = in_cache(db, source, number, issued.as_ref()).await? {
        known.issued = issued;
        known.void_requested_at = void_requested_at;
        known.line = overlaid.unwrap_or(known.line);
        return Ok(Some(known));
    }
    let Some(issued) = issued else { return Ok(None) };
    let line = overlaid.unwrap_or_else(|| rejected(&issued));
    Ok(Some(Known {
        central_id: None,
        term_days: u32::from(issued.term_days),
        cost: issued.cost,
        unit: issued.unit.clone(),
        issued: Some(issued),
        line,
        settled_at: None,
        ended_at: None,
        void_requested_at,
    }))
}

async fn void_requested_at(
    db: &mut SqliteConnection,
    source: Uuid,
    number: i64,
) -> Result<Option<Timestamp>, StoreError> {
    let at = sqlx::query_scalar!(
        "SELECT op.created_at FROM overlay JOIN op ON op.op_seq = overlay.op_seq
        WHERE overlay.lease_id = ?1 AND overlay.seq = ?2 AND overlay.kind = 'void'",
        source,
        number
    )
    .fetch_optional(db)
    .await?;
    Ok(at.map(Timestamp))
}

/// The code as the cache has it, with nothing laid over.
async fn in_cache(
    db: &mut SqliteConnection,
    source: Uuid,
    number: i64,
    issued: Option<&Issued>,
) -> Result<Option<Known>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT c.code_id AS "code_id!: Uuid", c.serial AS "serial!", c.masked AS "masked!",
            c.plan_name AS "plan_name!", c.price AS "price!", c.currency AS "currency!", c.state AS "state!",
            c.customer_email, COALESCE(d.name, r.company, '') AS "sold_by!: String", c.sold_key AS "sold_key!",
            c.activated_at, c.redeem_by AS "redeem_by!", c.term_days AS "term_days!", c.cost AS "cost!",
            c.unit AS "unit!", c.settled_at AS "settled_at!", c.ended_at
        FROM cached_code c
        LEFT JOIN cached_device d ON d.device_id = c.device_id
        LEFT JOIN cached_reseller r ON r.reseller_id = c.reseller_id
        WHERE c.source_id = ?1 AND c.seq = ?2"#,
        source,
        number
    )
    .fetch_optional(&mut *db)
    .await?;
    row.map(|row| {
        let term_days = u32::try_from(row.term_days)
            .map_err(|_| StoreError::unknown("cached_code", "term_days", row.term_days.to_string()))?;
        let line = Line {
            place: Place::Time(row.sold_key, row.serial.clone()),
            code_id: issued.map_or(CodeId(row.code_id), |issued| issued.code_id),
            source_id: source,
            seq: seq(number)?,
            serial: row.serial,
            masked: row.masked,
            plan_name: row.plan_name,
            price: row.price,
            currency: row.currency,
            state: state(&row.state)?,
            cached_state: None,
            pending: false,
            customer_email: row.customer_email,
            sold_by: row.sold_by,
            sold_at: row.sold_key,
            activated_at: row.activated_at.map(Timestamp),
            redeem_by: Timestamp(row.redeem_by),
        };
        Ok(Known {
            central_id: Some(CodeId(row.code_id)),
            issued: None,
            line,
            term_days,
            cost: row.cost,
            unit: row.unit,
            settled_at: Some(Timestamp(row.settled_at)),
            ended_at: row.ended_at.map(Timestamp),
            void_requested_at: None,
        })
    })
    .transpose()
}

/// A code whose sale Central refused: it is in no list, but the queue leads to it.
fn rejected(issued: &Issued) -> Line {
    Line {
        place: Place::Time(issued.sold_at.0, issued.serial.clone()),
        code_id: issued.code_id,
        source_id: issued.lease_id.0,
        seq: issued.seq,
        serial: issued.serial.clone(),
        masked: issued.masked.clone(),
        plan_name: issued.plan_name.clone(),
        price: issued.price,
        currency: issued.currency.clone(),
        state: CodeState::Revoked,
        cached_state: None,
        pending: false,
        customer_email: issued.customer_email.clone(),
        sold_by: String::new(),
        sold_at: issued.sold_at.0,
        activated_at: None,
        redeem_by: issued.redeem_by,
    }
}
