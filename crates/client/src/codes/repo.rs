//! Reading codes: the cache, and what is laid over it.

use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::CodeId;
use counterfoil_domain::time::Timestamp;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{Line, Place, Search};
use crate::store::StoreError;

struct Row {
    code_id: Uuid,
    own_id: Option<Uuid>,
    source_id: Uuid,
    seq: i64,
    serial: String,
    masked: String,
    plan_name: String,
    price: i64,
    currency: String,
    state: String,
    customer_email: Option<String>,
    sold_by: String,
    sold_key: i64,
    activated_at: Option<i64>,
    redeem_by: i64,
}

impl TryFrom<Row> for Line {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            place: Place::Time(row.sold_key, row.serial.clone()),
            code_id: CodeId(row.own_id.unwrap_or(row.code_id)),
            source_id: row.source_id,
            seq: seq(row.seq)?,
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
        })
    }
}

pub(crate) fn state(name: &str) -> Result<CodeState, StoreError> {
    CodeState::from_stored(name).ok_or_else(|| StoreError::unknown("cached_code", "state", name))
}

pub(super) fn seq(value: i64) -> Result<u32, StoreError> {
    u32::try_from(value).map_err(|_| StoreError::unknown("cached_code", "seq", value.to_string()))
}

/// A window of cached lines by time: behind a moment and a serial, or `offset` lines behind it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window<'a> {
    pub(super) sold_at: i64,
    pub(super) serial: &'a str,
    pub(super) offset: i64,
    pub(super) limit: i64,
}

impl Window<'_> {
    /// From the top.
    pub(super) const NEWEST: Window<'static> = Window { sold_at: i64::MAX, serial: "", offset: 0, limit: 0 };
    /// From the top, with the oldest there.
    pub(super) const OLDEST: Window<'static> = Window { sold_at: i64::MIN, ..Window::NEWEST };
}

/// The lines at these places of the table, in this order.
pub(super) async fn lines(db: &mut SqliteConnection, rowids: &[i64]) -> Result<Vec<Line>, StoreError> {
    if rowids.is_empty() {
        return Ok(Vec::new());
    }
    let rowids = serde_json::to_string(rowids).unwrap_or_default();
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT c.code_id AS "code_id!: Uuid", i.code_id AS "own_id?: Uuid", c.source_id AS "source_id!: Uuid",
            c.seq AS "seq!", c.serial AS "serial!", c.masked AS "masked!", c.plan_name AS "plan_name!",
            c.price AS "price!", c.currency AS "currency!", c.state AS "state!", c.customer_email,
            COALESCE(d.name, r.company, '') AS "sold_by!: String", c.sold_key AS "sold_key!", c.activated_at,
            c.redeem_by AS "redeem_by!"
        FROM json_each(?1) w
        CROSS JOIN cached_code c ON c.rowid = w.value
        LEFT JOIN issued_code i ON i.lease_id = c.source_id AND i.seq = c.seq
        LEFT JOIN cached_device d ON d.device_id = c.device_id
        LEFT JOIN cached_reseller r ON r.reseller_id = c.reseller_id
        ORDER BY w.key"#,
        rowids
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Line::try_from).collect()
}

/// How many lines a search finds, counted up to `most`: along four indexes, a line found twice counts twice.
pub(super) async fn found(db: &mut SqliteConnection, search: &Search, most: i64) -> Result<i64, StoreError> {
    let (upper_end, lower_end) = (search.upper_end(), search.lower_end());
    let count = sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM (
            SELECT 1 FROM cached_code WHERE serial >= ?1 AND serial < ?2
            UNION ALL SELECT 1 FROM cached_code WHERE last_group >= ?1 AND last_group < ?2
            UNION ALL SELECT 1 FROM cached_code WHERE email_key >= ?3 AND email_key < ?4
            UNION ALL SELECT 1 FROM cached_code WHERE plan_key >= ?3 AND plan_key < ?4
            LIMIT ?5
        )"#,
        search.upper,
        upper_end,
        search.lower,
        lower_end,
        most
    )
    .fetch_one(db)
    .await?;
    Ok(count)
}

/// What a search finds, newest first: collected along the four indexes, then sorted. `states` is a JSON list, empty for
/// all.
pub(super) async fn few(
    db: &mut SqliteConnection,
    search: &Search,
    states: &str,
    window: Window<'_>,
) -> Result<Vec<i64>, StoreError> {
    let (upper_end, lower_end) = (search.upper_end(), search.lower_end());
    Ok(sqlx::query_scalar!(
        r#"SELECT f.rowid AS "rowid!: i64" FROM (
            SELECT rowid AS place FROM cached_code WHERE serial >= ?5 AND serial < ?6
            UNION SELECT rowid FROM cached_code WHERE last_group >= ?5 AND last_group < ?6
            UNION SELECT rowid FROM cached_code WHERE email_key >= ?7 AND email_key < ?8
            UNION SELECT rowid FROM cached_code WHERE plan_key >= ?7 AND plan_key < ?8
        ) w CROSS JOIN cached_code f ON f.rowid = w.place
        WHERE (f.sold_key, f.serial) < (?1, ?2)
        AND (?9 = '[]' OR f.state IN (SELECT value FROM json_each(?9)))
        AND f.rowid NOT IN (
            SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
        ORDER BY f.sold_key DESC, f.serial DESC LIMIT ?3 OFFSET ?4"#,
        window.sold_at,
        window.serial,
        window.limit,
        window.offset,
        search.upper,
        upper_end,
        search.lower,
        lower_end,
        states
    )
    .fetch_all(db)
    .await?)
}

/// The same, walking along time and keeping what fits: for what is found often in some states, or in many states far
/// down the list.
pub(super) async fn broad(
    db: &mut SqliteConnection,
    search: &Search,
    states: &str,
    window: Window<'_>,
) -> Result<Vec<i64>, StoreError> {
    let (upper_end, lower_end) = (search.upper_end(), search.lower_end());
    Ok(sqlx::query_scalar!(
        r#"SELECT rowid AS "rowid!: i64" FROM cached_code INDEXED BY cached_code_by_time
        WHERE (sold_key, serial) < (?1, ?2)
        AND (?9 = '[]' OR state IN (SELECT value FROM json_each(?9)))
        AND (?5 = '' OR (serial >= ?5 AND serial < ?6) OR (last_group >= ?5 AND last_group < ?6)
            OR (email_key >= ?7 AND email_key < ?8) OR (plan_key >= ?7 AND plan_key < ?8))
        AND rowid NOT IN (
            SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
        ORDER BY sold_key DESC, serial DESC LIMIT ?3 OFFSET ?4"#,
        window.sold_at,
        window.serial,
        window.limit,
        window.offset,
        search.upper,
        upper_end,
        search.lower,
        lower_end,
        states
    )
    .fetch_all(db)
    .await?)
}

/// The kept counts of the cache, per state.
pub(super) async fn kept_counts(db: &mut SqliteConnection) -> Result<Vec<(CodeState, i64)>, StoreError> {
    let rows = sqlx::query!("SELECT state, count FROM code_count WHERE count > 0").fetch_all(db).await?;
    rows.into_iter().map(|row| Ok((state(&row.state)?, row.count))).collect()
}

/// Counts what a search finds in the cache, without what is laid over.
pub(super) async fn searched_counts(
    db: &mut SqliteConnection,
    search: &Search,
) -> Result<Vec<(CodeState, i64)>, StoreError> {
    let (upper_end, lower_end) = (search.upper_end(), search.lower_end());
    let rows = sqlx::query!(
        r#"SELECT state AS "state!", COUNT(*) AS "count!: i64" FROM cached_code
        WHERE rowid IN (
            SELECT rowid FROM cached_code WHERE serial >= ?1 AND serial < ?2
            UNION SELECT rowid FROM cached_code WHERE last_group >= ?1 AND last_group < ?2
            UNION SELECT rowid FROM cached_code WHERE email_key >= ?3 AND email_key < ?4
            UNION SELECT rowid FROM cached_code WHERE plan_key >= ?3 AND plan_key < ?4
        )
        AND NOT EXISTS (SELECT 1 FROM overlay o WHERE o.lease_id = source_id AND o.seq = cached_code.seq)
        GROUP BY state"#,
        search.upper,
        upper_end,
        search.lower,
        lower_end
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|row| Ok((state(&row.state)?, row.count))).collect()
}
