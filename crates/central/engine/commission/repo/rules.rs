//! SQL of the versions of an operator's rules.

use counterfoil_domain::commission::PayTerms;
use counterfoil_domain::ids::{CommissionRuleId, OperatorId, StaffId};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;

pub(in crate::engine::commission) struct Row {
    pub(in crate::engine::commission) id: Uuid,
    pub(in crate::engine::commission) version: i64,
    pub(in crate::engine::commission) rules: String,
    pub(in crate::engine::commission) hold_days: i64,
    pub(in crate::engine::commission) minimum_payout: i64,
    pub(in crate::engine::commission) valid_from: i64,
    pub(in crate::engine::commission) set_at: i64,
    pub(in crate::engine::commission) set_by: Option<String>,
    pub(in crate::engine::commission) note: String,
}

macro_rules! rules {
    ($rest:literal, $($value:expr),*) => {
        sqlx::query_as!(
            Row,
            r#"SELECT c.id AS "id!: Uuid", c.version AS "version!: i64", c.rules AS "rules!: String",
                      c.hold_days AS "hold_days!: i64", c.minimum_payout AS "minimum_payout!: i64",
                      c.valid_from AS "valid_from!: i64", c.set_at AS "set_at!: i64", s.username AS "set_by?: String",
                      c.note AS "note!: String"
               FROM commission_rule c LEFT JOIN staff s ON s.id = c.set_by "# + $rest,
            $($value),*
        )
    };
}

/// The last to begin first; of those that begin together, the one in force.
pub(in crate::engine::commission) async fn history(
    conn: &mut Conn,
    operator: OperatorId,
) -> Result<Vec<Row>, sqlx::Error> {
    rules!("WHERE c.operator_id = $1 ORDER BY c.valid_from DESC, c.version DESC LIMIT 200", operator.0)
        .fetch_all(conn)
        .await
}

/// None where no version has begun.
pub(in crate::engine::commission) async fn at(
    conn: &mut Conn,
    operator: OperatorId,
    at: Timestamp,
) -> Result<Option<Row>, sqlx::Error> {
    rules!(
        "WHERE c.operator_id = $1 AND c.valid_from <= $2 ORDER BY c.valid_from DESC, c.version DESC LIMIT 1",
        operator.0,
        at.0
    )
    .fetch_optional(conn)
    .await
}

pub(in crate::engine::commission) async fn of_version(
    conn: &mut Conn,
    operator: OperatorId,
    version: u32,
) -> Result<Option<Row>, sqlx::Error> {
    let version = i64::from(version);
    rules!("WHERE c.operator_id = $1 AND c.version = $2", operator.0, version).fetch_optional(conn).await
}

pub(in crate::engine::commission) async fn lock(conn: &mut Conn, operator: OperatorId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE operator SET name = name WHERE id = $1", operator.0).execute(conn).await.map(|_| ())
}

pub(in crate::engine::commission) struct New<'a> {
    pub(in crate::engine::commission) id: CommissionRuleId,
    pub(in crate::engine::commission) version: i64,
    pub(in crate::engine::commission) rules: &'a str,
    pub(in crate::engine::commission) terms: PayTerms,
    pub(in crate::engine::commission) valid_from: Timestamp,
    pub(in crate::engine::commission) set_by: StaffId,
    pub(in crate::engine::commission) note: &'a str,
}

pub(in crate::engine::commission) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    new: &New<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let hold_days = i64::from(new.terms.hold_days);
    sqlx::query!(
        "INSERT INTO commission_rule (id, operator_id, version, rules, hold_days, minimum_payout, valid_from, set_at,
                                      set_by, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        new.id.0,
        operator.0,
        new.version,
        new.rules,
        hold_days,
        new.terms.minimum_payout,
        new.valid_from.0,
        now.0,
        new.set_by.0,
        new.note
    )
    .execute(conn)
    .await
    .map(|_| ())
}
