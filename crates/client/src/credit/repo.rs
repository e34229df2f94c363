//! Rows of balances, entries and other devices' leases.

use counterfoil_domain::ids::{DeviceId, LeaseId, ResellerId};
use counterfoil_domain::lease::LeaseState;
use counterfoil_domain::ledger::Equation;
use counterfoil_domain::time::Timestamp;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::CreditError;
use crate::lease::repo::state;
use crate::store::StoreError;

#[derive(Debug, Clone)]
pub(super) struct Balance {
    pub(super) unit: String,
    pub(super) books: Equation,
    pub(super) credit_limit: i64,
}

pub(super) async fn balance(db: &mut SqliteConnection, reseller: ResellerId) -> Result<Option<Balance>, StoreError> {
    let row = sqlx::query!(
        "SELECT unit, funded, available, reserved, spent, credit_limit FROM cached_balance WHERE reseller_id = ?1",
        reseller.0
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Balance {
        unit: row.unit,
        books: Equation { funded: row.funded, available: row.available, reserved: row.reserved, spent: row.spent },
        credit_limit: row.credit_limit,
    }))
}

pub(super) async fn cache_version(db: &mut SqliteConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar!("SELECT version FROM feed_position WHERE one = 1").fetch_optional(db).await?.unwrap_or(0))
}

/// The cost of sales the cached balance does not know of.
pub(super) async fn unseen_sales(db: &mut SqliteConnection, version: i64) -> Result<i64, StoreError> {
    let cost = sqlx::query_scalar!(
        r#"SELECT COALESCE(SUM(i.cost), 0) AS "cost!: i64" FROM overlay o
        JOIN issued_code i ON i.lease_id = o.lease_id AND i.seq = o.seq
        LEFT JOIN cached_code c ON c.source_id = o.lease_id AND c.seq = o.seq
        WHERE o.kind = 'sale' AND (o.version IS NULL OR o.version > ?1)
        -- Redeemed before its sale arrived: Central has settled it.
        AND c.code_id IS NULL"#,
        version
    )
    .fetch_one(db)
    .await?;
    Ok(cost)
}

/// A lease of another device.
#[derive(Debug, Clone)]
pub(crate) struct OtherLease {
    pub(crate) lease_id: LeaseId,
    pub(crate) number: u32,
    pub(crate) device_name: String,
    pub(crate) state: LeaseState,
    pub(crate) unit: String,
    pub(crate) amount: i64,
    pub(crate) escrow: i64,
    pub(crate) codes_settled: u32,
    pub(crate) max_codes: u32,
    pub(crate) issue_until: Timestamp,
    pub(crate) settle_until: Timestamp,
}

pub(super) async fn other_leases(
    db: &mut SqliteConnection,
    device: DeviceId,
    reseller: Option<ResellerId>,
) -> Result<Vec<OtherLease>, StoreError> {
    let reseller = reseller.map(|id| id.0);
    let rows = sqlx::query!(
        r#"SELECT lease_id AS "lease_id: Uuid", number, device_name, state, unit, amount, escrow, codes_settled,
            max_codes, issue_until, settle_until
        FROM cached_lease WHERE device_id <> ?1 AND reseller_id = ?2 AND state = 'open'
        ORDER BY issued_at DESC LIMIT 100"#,
        device.0,
        reseller
    )
    .fetch_all(db)
    .await?;
    let small =
        |value: i64| u32::try_from(value).map_err(|_| StoreError::unknown("cached_lease", "n", value.to_string()));
    rows.into_iter()
        .map(|row| {
            Ok(OtherLease {
                lease_id: LeaseId(row.lease_id),
                number: small(row.number)?,
                device_name: row.device_name,
                state: state(&row.state)?,
                unit: row.unit,
                amount: row.amount,
                escrow: row.escrow,
                codes_settled: small(row.codes_settled)?,
                max_codes: small(row.max_codes)?,
                issue_until: Timestamp(row.issue_until),
                settle_until: Timestamp(row.settle_until),
            })
        })
        .collect()
}

/// A line of the history.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) account_id: Uuid,
    pub(crate) seq: i64,
    pub(crate) at: Timestamp,
    pub(crate) kind: String,
    pub(crate) delta: i64,
    pub(crate) balance_before: i64,
    pub(crate) balance_after: i64,
    pub(crate) unit: String,
    pub(crate) note: Option<String>,
    pub(crate) reference: Option<String>,
}

impl Entry {
    pub(crate) fn key(&self) -> String {
        format!("{}.{}.{}", self.at.0, self.account_id.simple(), self.seq)
    }
}

/// The entries of the own wallet, newest first; staff see all.
pub(crate) async fn history(
    db: &mut SqliteConnection,
    reseller: Option<ResellerId>,
    after: Option<&str>,
    offset: u32,
    limit: u32,
) -> Result<Vec<Entry>, CreditError> {
    let (at, account, seq) = match after {
        Some(text) => place(text).ok_or(CreditError::Place)?,
        None => (i64::MAX, Uuid::max(), i64::MAX),
    };
    let reseller = reseller.map(|id| id.0);
    let rows = sqlx::query!(
        r#"SELECT account_id AS "account_id: Uuid", seq, at, kind, delta, balance_before, balance_after, unit, note,
            reference
        FROM cached_entry
        WHERE (at, account_id, seq) < (?1, ?2, ?3) AND (?4 IS NULL OR reseller_id = ?4)
        ORDER BY at DESC, account_id DESC, seq DESC LIMIT ?5 OFFSET ?6"#,
        at,
        account,
        seq,
        reseller,
        limit,
        offset
    )
    .fetch_all(db)
    .await
    .map_err(StoreError::from)?;
    let entries = rows.into_iter().map(|row| Entry {
        account_id: row.account_id,
        seq: row.seq,
        at: Timestamp(row.at),
        kind: row.kind,
        delta: row.delta,
        balance_before: row.balance_before,
        balance_after: row.balance_after,
        unit: row.unit,
        note: row.note,
        reference: row.reference,
    });
    Ok(entries.collect())
}

fn place(text: &str) -> Option<(i64, Uuid, i64)> {
    let mut parts = text.split('.');
    let place = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some(place)
}
