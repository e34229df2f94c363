//! Reading codes: the cache, and what is laid over it.

use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::CodeId;
use counterfoil_domain::time::Timestamp;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{Key, Line, Search};
use crate::selling::{self, Issued};
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
            key: Key { sold_at: row.sold_key, id: row.code_id },
            activated_at: row.activated_at.map(Timestamp),
            redeem_by: Timestamp(row.redeem_by),
        })
    }
}

fn lines(rows: Vec<Row>) -> Result<Vec<Line>, StoreError> {
    rows.into_iter().map(Line::try_from).collect()
}

pub(crate) fn state(name: &str) -> Result<CodeState, StoreError> {
    CodeState::from_stored(name).ok_or_else(|| StoreError::unknown("cached_code", "state", name))
}

fn seq(value: i64) -> Result<u32, StoreError> {
    u32::try_from(value).map_err(|_| StoreError::unknown("cached_code", "seq", value.to_string()))
}

/// A window of cached lines: after a key, or `offset` lines after it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) after: Key,
    pub(super) offset: i64,
    pub(super) limit: i64,
}

/// Newest first, every state, along the index of time.
pub(super) async fn by_time(db: &mut SqliteConnection, window: Window) -> Result<Vec<Line>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT c.code_id AS "code_id!: Uuid", i.code_id AS "own_id?: Uuid", c.source_id AS "source_id!: Uuid",
            c.seq AS "seq!", c.serial AS "serial!", c.masked AS "masked!", c.plan_name AS "plan_name!",
            c.price AS "price!", c.currency AS "currency!", c.state AS "state!", c.customer_email,
            COALESCE(d.name, r.company, '') AS "sold_by!: String", c.sold_key AS "sold_key!", c.activated_at,
            c.redeem_by AS "redeem_by!"
        FROM (
            SELECT code_id FROM cached_code
            WHERE (sold_key, code_id) < (?1, ?2)
            AND NOT EXISTS (SELECT 1 FROM overlay o WHERE o.lease_id = source_id AND o.seq = cached_code.seq)
            ORDER BY sold_key DESC, code_id DESC LIMIT ?3 OFFSET ?4
        ) w
        JOIN cached_code c ON c.code_id = w.code_id
        LEFT JOIN issued_code i ON i.lease_id = c.source_id AND i.seq = c.seq
        LEFT JOIN cached_device d ON d.device_id = c.device_id
        LEFT JOIN cached_reseller r ON r.reseller_id = c.reseller_id
        ORDER BY c.sold_key DESC, c.code_id DESC"#,
        window.after.sold_at,
        window.after.id,
        window.limit,
        window.offset
    )
    .fetch_all(db)
    .await?;
    lines(rows)
}

/// Newest first, one state, along the index of state and time.
pub(super) async fn of_state(
    db: &mut SqliteConnection,
    state: CodeState,
    window: Window,
) -> Result<Vec<Line>, StoreError> {
    let state = state.as_str();
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT c.code_id AS "code_id!: Uuid", i.code_id AS "own_id?: Uuid", c.source_id AS "source_id!: Uuid",
            c.seq AS "seq!", c.serial AS "serial!", c.masked AS "masked!", c.plan_name AS "plan_name!",
            c.price AS "price!", c.currency AS "currency!", c.state AS "state!", c.customer_email,
            COALESCE(d.name, r.company, '') AS "sold_by!: String", c.sold_key AS "sold_key!", c.activated_at,
            c.redeem_by AS "redeem_by!"
        FROM (
            SELECT code_id FROM cached_code
            WHERE state = ?5 AND (sold_key, code_id) < (?1, ?2)
            AND NOT EXISTS (SELECT 1 FROM overlay o WHERE o.lease_id = source_id AND o.seq = cached_code.seq)
            ORDER BY sold_key DESC, code_id DESC LIMIT ?3 OFFSET ?4
        ) w
        JOIN cached_code c ON c.code_id = w.code_id
        LEFT JOIN issued_code i ON i.lease_id = c.source_id AND i.seq = c.seq
        LEFT JOIN cached_device d ON d.device_id = c.device_id
        LEFT JOIN cached_reseller r ON r.reseller_id = c.reseller_id
        ORDER BY c.sold_key DESC, c.code_id DESC"#,
        window.after.sold_at,
        window.after.id,
        window.limit,
        window.offset,
        state
    )
    .fetch_all(db)
    .await?;
    lines(rows)
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

/// A search that finds few: collect along the four indexes, then sort. `states` is a JSON list, empty for all.
pub(super) async fn narrow(
    db: &mut SqliteConnection,
    search: &Search,
    states: &str,
    window: Window,
) -> Result<Vec<Line>, StoreError> {
    let (upper_end, lower_end) = (search.upper_end(), search.lower_end());
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT c.code_id AS "code_id!: Uuid", i.code_id AS "own_id?: Uuid", c.source_id AS "source_id!: Uuid",
            c.seq AS "seq!", c.serial AS "serial!", c.masked AS "masked!", c.plan_name AS "plan_name!",
            c.price AS "price!", c.currency AS "currency!", c.state AS "state!", c.customer_email,
            COALESCE(d.name, r.company, '') AS "sold_by!: String", c.sold_key AS "sold_key!", c.activated_at,
            c.redeem_by AS "redeem_by!"
        FROM (
            SELECT code_id FROM cached_code WHERE serial >= ?5 AND serial < ?6
            UNION SELECT code_id FROM cached_code WHERE last_group >= ?5 AND last_group < ?6
            UNION SELECT code_id FROM cached_code WHERE email_key >= ?7 AND email_key < ?8
            UNION SELECT code_id FROM cached_code WHERE plan_key >= ?7 AND plan_key < ?8
        ) w
        JOIN cached_code c ON c.code_id = w.code_id
        LEFT JOIN issued_code i ON i.lease_id = c.source_id AND i.seq = c.seq
        LEFT JOIN cached_device d ON d.device_id = c.device_id
        LEFT JOIN cached_reseller r ON r.reseller_id = c.reseller_id
        WHERE (c.sold_key, c.code_id) < (?1, ?2)
        AND (?9 = '[]' OR c.state IN (SELECT value FROM json_each(?9)))
        AND NOT EXISTS (SELECT 1 FROM overlay o WHERE o.lease_id = c.source_id AND o.seq = c.seq)
        ORDER BY c.sold_key DESC, c.code_id DESC LIMIT ?3 OFFSET ?4"#,
        window.after.sold_at,
        window.after.id,
        window.limit,
        window.offset,
        search.upper,
        upper_end,
        search.lower,
        lower_end,
        states
    )
    .fetch_all(db)
    .await?;
    lines(rows)
}

/// A search that finds many, or many states far down the list: walk along time and keep what fits.
pub(super) async fn broad(
    db: &mut SqliteConnection,
    search: &Search,
    states: &str,
    window: Window,
) -> Result<Vec<Line>, StoreError> {
    let (upper_end, lower_end) = (search.upper_end(), search.lower_end());
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT c.code_id AS "code_id!: Uuid", i.code_id AS "own_id?: Uuid", c.source_id AS "source_id!: Uuid",
            c.seq AS "seq!", c.serial AS "serial!", c.masked AS "masked!", c.plan_name AS "plan_name!",
            c.price AS "price!", c.currency AS "currency!", c.state AS "state!", c.customer_email,
            COALESCE(d.name, r.company, '') AS "sold_by!: String", c.sold_key AS "sold_key!", c.activated_at,
            c.redeem_by AS "redeem_by!"
        FROM (
            SELECT code_id FROM cached_code INDEXED BY cached_code_by_time
            WHERE (sold_key, code_id) < (?1, ?2)
            AND (?9 = '[]' OR state IN (SELECT value FROM json_each(?9)))
            AND (?5 = '' OR (serial >= ?5 AND serial < ?6) OR (last_group >= ?5 AND last_group < ?6)
                OR (email_key >= ?7 AND email_key < ?8) OR (plan_key >= ?7 AND plan_key < ?8))
            AND NOT EXISTS (SELECT 1 FROM overlay o WHERE o.lease_id = source_id AND o.seq = cached_code.seq)
            ORDER BY sold_key DESC, code_id DESC LIMIT ?3 OFFSET ?4
        ) w
        JOIN cached_code c ON c.code_id = w.code_id
        LEFT JOIN issued_code i ON i.lease_id = c.source_id AND i.seq = c.seq
        LEFT JOIN cached_device d ON d.device_id = c.device_id
        LEFT JOIN cached_reseller r ON r.reseller_id = c.reseller_id
        ORDER BY c.sold_key DESC, c.code_id DESC"#,
        window.after.sold_at,
        window.after.id,
        window.limit,
        window.offset,
        search.upper,
        upper_end,
        search.lower,
        lower_end,
        states
    )
    .fetch_all(db)
    .await?;
    lines(rows)
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
        WHERE code_id IN (
            SELECT code_id FROM cached_code WHERE serial >= ?1 AND serial < ?2
            UNION SELECT code_id FROM cached_code WHERE last_group >= ?1 AND last_group < ?2
            UNION SELECT code_id FROM cached_code WHERE email_key >= ?3 AND email_key < ?4
            UNION SELECT code_id FROM cached_code WHERE plan_key >= ?3 AND plan_key < ?4
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

struct OwnRow {
    code_id: Uuid,
    lease_id: Uuid,
    seq: i64,
    serial: String,
    masked: String,
    plan_name: String,
    price: i64,
    currency: String,
    customer_email: Option<String>,
    sold_at: i64,
    redeem_by: i64,
    voided: bool,
    cached_state: Option<String>,
    activated_at: Option<i64>,
}

/// This device's codes with something laid over them; every code it sold while the cache is empty.
pub(super) async fn own(db: &mut SqliteConnection) -> Result<Vec<Line>, StoreError> {
    let name = sqlx::query_scalar!("SELECT device_name FROM device WHERE one = 1").fetch_optional(&mut *db).await?;
    let name = name.unwrap_or_default();
    let rows = sqlx::query_as!(
        OwnRow,
        r#"SELECT i.code_id AS "code_id!: Uuid", i.lease_id AS "lease_id!: Uuid", i.seq AS "seq!",
            i.serial AS "serial!", i.masked AS "masked!", i.plan_name AS "plan_name!", i.price AS "price!",
            i.currency AS "currency!", i.customer_email, i.sold_at AS "sold_at!", i.redeem_by AS "redeem_by!",
            EXISTS (SELECT 1 FROM overlay v WHERE v.lease_id = i.lease_id AND v.seq = i.seq AND v.kind = 'void')
                AS "voided!: bool",
            c.state AS "cached_state?: String", c.activated_at AS "activated_at?: i64"
        FROM (
            SELECT DISTINCT lease_id, seq FROM overlay
            UNION
            SELECT lease_id, seq FROM issued_code WHERE NOT EXISTS (SELECT 1 FROM feed_position)
        ) o
        JOIN issued_code i ON i.lease_id = o.lease_id AND i.seq = o.seq
        LEFT JOIN cached_code c ON c.source_id = i.lease_id AND c.seq = i.seq"#
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let cached = row.cached_state.as_deref().map(state).transpose()?;
            // A customer may have used the code before its sale or its void arrived.
            let effective = match (row.voided, cached) {
                (true, None | Some(CodeState::Sold)) => CodeState::Voided,
                (_, Some(cached)) => cached,
                (false, None) => CodeState::Sold,
            };
            Ok(Line {
                code_id: CodeId(row.code_id),
                source_id: row.lease_id,
                seq: seq(row.seq)?,
                serial: row.serial,
                masked: row.masked,
                plan_name: row.plan_name,
                price: row.price,
                currency: row.currency,
                state: effective,
                cached_state: cached,
                pending: true,
                customer_email: row.customer_email,
                sold_by: name.clone(),
                key: Key { sold_at: row.sold_at, id: row.code_id },
                activated_at: row.activated_at.map(Timestamp),
                redeem_by: Timestamp(row.redeem_by),
            })
        })
        .collect()
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
    let cached = sqlx::query!(
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
    let issued = selling::repo::by_id(db, selling::code_id(super::lease_of(source), seq(number)?)).await?;
    let overlaid = own(db).await?.into_iter().find(|line| line.source_id == source && i64::from(line.seq) == number);
    let void_requested_at = sqlx::query_scalar!(
        "SELECT op.created_at FROM overlay JOIN op ON op.op_seq = overlay.op_seq
        WHERE overlay.lease_id = ?1 AND overlay.seq = ?2 AND overlay.kind = 'void'",
        source,
        number
    )
    .fetch_optional(&mut *db)
    .await?
    .map(Timestamp);
    let small = |value: i64| u32::try_from(value).map_err(|_| StoreError::unknown("code", "term", value.to_string()));
    if let Some(row) = cached {
        let cached_line = Line {
            code_id: issued.as_ref().map_or(CodeId(row.code_id), |issued| issued.code_id),
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
            key: Key { sold_at: row.sold_key, id: row.code_id },
            activated_at: row.activated_at.map(Timestamp),
            redeem_by: Timestamp(row.redeem_by),
        };
        return Ok(Some(Known {
            central_id: Some(CodeId(row.code_id)),
            issued,
            line: overlaid.unwrap_or(cached_line),
            term_days: small(row.term_days)?,
            cost: row.cost,
            unit: row.unit,
            settled_at: Some(Timestamp(row.settled_at)),
            ended_at: row.ended_at.map(Timestamp),
            void_requested_at,
        }));
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

/// A code whose sale Central refused: it is in no list, but the queue leads to it.
fn rejected(issued: &Issued) -> Line {
    Line {
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
        key: Key { sold_at: issued.sold_at.0, id: issued.code_id.0 },
        activated_at: None,
        redeem_by: issued.redeem_by,
    }
}
