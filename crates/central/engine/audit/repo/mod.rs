//! SQL of the audit.

pub(super) mod chain;
pub(super) mod list;
pub(super) mod log;

use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;

pub(super) struct Line<'a> {
    pub(super) id: Uuid,
    pub(super) operator: OperatorId,
    pub(super) at: Timestamp,
    pub(super) actor: &'static str,
    pub(super) actor_id: Option<Uuid>,
    pub(super) action: &'a str,
    pub(super) subject: Option<Uuid>,
    pub(super) detail: &'a str,
    pub(super) address: &'a str,
}

/// Who did something.
pub(super) struct Doer {
    pub(super) actor: String,
    pub(super) actor_id: Option<Uuid>,
}

/// Who was the first to do this to it.
pub(super) async fn first_to(conn: &mut Conn, action: &str, subject: Uuid) -> Result<Option<Doer>, sqlx::Error> {
    sqlx::query_as!(
        Doer,
        r#"SELECT actor AS "actor!: String", actor_id AS "actor_id?: Uuid" FROM audit
           WHERE subject_id = $1 AND action = $2 ORDER BY at, id LIMIT 1"#,
        subject,
        action
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn insert(conn: &mut Conn, line: &Line<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO audit (id, operator_id, at, actor, actor_id, action, subject_id, detail, address)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        line.id,
        line.operator.0,
        line.at.0,
        line.actor,
        line.actor_id,
        line.action,
        line.subject,
        line.detail,
        line.address
    )
    .execute(conn)
    .await
    .map(|_| ())
}
