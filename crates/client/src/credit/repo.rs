//! Rows of balances, entries and other devices' leases.

use counterfoil_domain::ids::{DeviceId, LeaseId, ResellerId};
use counterfoil_domain::lease::LeaseState;
use counterfoil_domain::ledger::Equation;
use counterfoil_domain::time::Timestamp;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{CreditError, Low};
use crate::lease::repo::state;
use crate::store::StoreError;

#[derive(Debug, Clone)]
pub(super) struct Balance {
    pub(super) unit: String,
    pub(super) books: Equation,
    pub(super) credit_limit: i64,
    /// Of the feed when it changed last.
    pub(super) version: i64,
    own_low: Option<i64>,
    /// The operator's, of wallets in this unit.
    general_low: Option<i64>,
}

impl Balance {
    pub(super) fn low(&self) -> Option<Low> {
        let threshold = self.own_low.or(self.general_low)?;
        Some(Low { threshold, own: self.own_low.is_some() })
    }
}

pub(super) async fn balance(db: &mut SqliteConnection, reseller: ResellerId) -> Result<Option<Balance>, StoreError> {
    let row = sqlx::query!(
        "SELECT unit, funded, available, reserved, spent, credit_limit, version, low_credit,
            (SELECT low_credits FROM cached_settings LIMIT 1) AS low_credits,
            (SELECT low_money FROM cached_settings LIMIT 1) AS low_money
        FROM cached_balance WHERE reseller_id = ?1",
        reseller.0
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Balance {
        own_low: row.low_credit,
        general_low: if row.unit == "credits" { row.low_credits } else { row.low_money },
        unit: row.unit,
        books: Equation { funded: row.funded, available: row.available, reserved: row.reserved, spent: row.spent },
        credit_limit: row.credit_limit,
        version: row.version,
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
    /// Unix ms.
    pub(crate) at: i64,
    pub(crate) kind: String,
    pub(crate) delta: i64,
    pub(crate) balance_before: i64,
    pub(crate) balance_after: i64,
    pub(crate) unit: String,
    pub(crate) note: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) source_event: Option<String>,
    pub(crate) by: Option<String>,
}

/// Which lines are shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) kind: Option<String>,
    pub(crate) from: Option<Timestamp>,
    /// Before this moment.
    pub(crate) until: Option<Timestamp>,
}

impl Entry {
    pub(crate) fn key(&self) -> String {
        format!("{}.{}.{}", self.at, self.account_id.simple(), self.seq)
    }
}

/// The entries of the own wallet, newest first; staff see all.
pub(crate) async fn history(
    db: &mut SqliteConnection,
    reseller: Option<ResellerId>,
    filter: &Filter,
    after: Option<&str>,
    offset: u32,
    limit: u32,
) -> Result<Vec<Entry>, CreditError> {
    let (at, account, seq) = match after {
        Some(text) => place(text).ok_or(CreditError::Place)?,
        None => (i64::MAX, Uuid::max(), i64::MAX),
    };
    let reseller = reseller.map(|id| id.0);
    let (from, until) = (filter.from.map_or(i64::MIN, |at| at.0), filter.until.map_or(i64::MAX, |at| at.0));
    // Said twice, because SQLite begins to read at the plain limit: a page deep in the list would pass all before it.
    let until = until.min(at.saturating_add(1));
    let rows = match &filter.kind {
        // Two statements, because each has an index of its own.
        None => {
            sqlx::query_as!(
                Entry,
                r#"SELECT account_id AS "account_id: Uuid", seq, at, kind, delta, balance_before,
                    balance_after, unit, note, reference, source_event, done_by AS by
                FROM cached_entry
                WHERE (at, account_id, seq) < (?1, ?2, ?3) AND at >= ?4 AND at < ?5
                    AND (?6 IS NULL OR reseller_id = ?6)
                ORDER BY at DESC, account_id DESC, seq DESC LIMIT ?7 OFFSET ?8"#,
                at,
                account,
                seq,
                from,
                until,
                reseller,
                limit,
                offset
            )
            .fetch_all(db)
            .await
        }
        Some(kind) => {
            sqlx::query_as!(
                Entry,
                r#"SELECT account_id AS "account_id: Uuid", seq, at, kind, delta, balance_before,
                    balance_after, unit, note, reference, source_event, done_by AS by
                FROM cached_entry
                WHERE kind = ?9 AND (at, account_id, seq) < (?1, ?2, ?3) AND at >= ?4 AND at < ?5
                    AND (?6 IS NULL OR reseller_id = ?6)
                ORDER BY at DESC, account_id DESC, seq DESC LIMIT ?7 OFFSET ?8"#,
                at,
                account,
                seq,
                from,
                until,
                reseller,
                limit,
                offset,
                kind
            )
            .fetch_all(db)
            .await
        }
    };
    Ok(rows.map_err(StoreError::from)?)
}

/// Where a wallet's chain ends, as Central told with its balance.
pub(super) struct Anchor {
    pub(super) seq: Option<i64>,
    pub(super) head: Option<String>,
    pub(super) available: i64,
}

pub(super) async fn anchor(db: &mut SqliteConnection, reseller: ResellerId) -> Result<Option<Anchor>, StoreError> {
    let row = sqlx::query_as!(
        Anchor,
        "SELECT wallet_seq AS seq, wallet_head AS head, available FROM cached_balance WHERE reseller_id = ?1",
        reseller.0
    );
    Ok(row.fetch_optional(db).await?)
}

/// What the hash of a line covers.
pub(super) struct ChainLine {
    pub(super) account_id: Uuid,
    pub(super) seq: i64,
    pub(super) transfer_id: Uuid,
    pub(super) delta: i64,
    pub(super) balance_before: i64,
    pub(super) balance_after: i64,
}

/// The next lines of a wallet, the oldest first.
pub(super) async fn chain(
    db: &mut SqliteConnection,
    reseller: ResellerId,
    after: i64,
    limit: u32,
) -> Result<Vec<ChainLine>, StoreError> {
    let lines = sqlx::query_as!(
        ChainLine,
        r#"SELECT account_id AS "account_id: Uuid", seq, transfer_id AS "transfer_id: Uuid", delta, balance_before,
            balance_after
        FROM cached_entry
        WHERE account_id = (SELECT account_id FROM cached_entry WHERE reseller_id = ?1 LIMIT 1) AND seq > ?2
        ORDER BY seq LIMIT ?3"#,
        reseller.0,
        after,
        limit
    );
    Ok(lines.fetch_all(db).await?)
}

fn place(text: &str) -> Option<(i64, Uuid, i64)> {
    let mut parts = text.split('.');
    let place = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some(place)
}
