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
