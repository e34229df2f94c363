//! Taking the shares of a sale back.

use counterfoil_domain::ids::TransferId;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::commission::SourceKind;
use uuid::Uuid;

use crate::dialect::Conn;

/// A share of a sale, as far as taking it back goes.
pub(in crate::engine::commission) struct Share {
    pub(in crate::engine::commission) id: Uuid,
    pub(in crate::engine::commission) beneficiary_id: Uuid,
    pub(in crate::engine::commission) amount: i64,
    pub(in crate::engine::commission) state: String,
    pub(in crate::engine::commission) reference: String,
    pub(in crate::engine::commission) transfer_id: Option<Uuid>,
}

pub(in crate::engine::commission) async fn of_source(
    conn: &mut Conn,
    kind: SourceKind,
    id: Uuid,
) -> Result<Vec<Share>, sqlx::Error> {
    let kind = kind.as_str();
    sqlx::query_as!(
        Share,
        r#"SELECT id AS "id!: Uuid", beneficiary_id AS "beneficiary_id!: Uuid", amount, state, reference,
                  transfer_id AS "transfer_id?: Uuid"
           FROM earning WHERE source_kind = $1 AND source_id = $2 ORDER BY level"#,
        kind,
        id
    )
    .fetch_all(conn)
    .await
}

pub(in crate::engine::commission) async fn reverse(
    conn: &mut Conn,
    id: Uuid,
    transfer: Option<TransferId>,
    reason: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let transfer = transfer.map(|id| id.0);
    let done = sqlx::query!(
        "UPDATE earning SET state = 'reversed', reversal_id = $2, reversed_at = $3, reason = $4
         WHERE id = $1 AND state <> 'reversed'",
        id,
        transfer,
        now.0,
        reason
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
