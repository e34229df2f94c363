//! SQL of the chain of hashes.

use counterfoil_domain::audit::AuditHash;
use counterfoil_domain::ids::{ContradictionId, DeviceId, Epoch, OperatorId};
use counterfoil_domain::time::Timestamp;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};

/// Where a chain ends.
pub(in super::super) struct Head {
    pub(in super::super) seq: i64,
    pub(in super::super) hash: Vec<u8>,
}

/// None: nothing was ever sealed.
pub(in super::super) async fn head(conn: &mut Conn, operator: OperatorId) -> Result<Option<Head>, sqlx::Error> {
    sqlx::query_as!(
        Head,
        r#"SELECT seq AS "seq!: i64", hash AS "hash!: Vec<u8>" FROM audit_chain WHERE operator_id = $1"#,
        operator.0
    )
    .fetch_optional(conn)
    .await
}

/// Holds the end of the chain until the commit: one seals at a time.
pub(in super::super) async fn lock(
    conn: &mut Conn,
    operator: OperatorId,
    genesis: &AuditHash,
) -> Result<Head, sqlx::Error> {
    let genesis = genesis.as_slice();
    sqlx::query!(
        "INSERT INTO audit_chain (operator_id, seq, hash) VALUES ($1, 0, $2) ON CONFLICT (operator_id) DO NOTHING",
        operator.0,
        genesis
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query_as!(
        Head,
        r#"UPDATE audit_chain SET seq = seq WHERE operator_id = $1
           RETURNING seq AS "seq!: i64", hash AS "hash!: Vec<u8>""#,
        operator.0
    )
    .fetch_one(conn)
    .await
}

/// Operators that have something to seal.
pub(in super::super) async fn with_waiting(conn: &mut Conn) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT o.id AS "id!: Uuid" FROM operator o
           WHERE EXISTS (SELECT 1 FROM audit_waiting w WHERE w.operator_id = o.id) ORDER BY o.id"#
    )
    .fetch_all(conn)
    .await
}

pub(in super::super) async fn waiting(conn: &mut Conn, operator: OperatorId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT COUNT(*) AS "rows!: i64" FROM audit_waiting WHERE operator_id = $1"#, operator.0)
        .fetch_one(conn)
        .await
}

/// A line with all that its hash covers.
#[derive(Debug, Clone)]
pub(in super::super) struct Line {
    pub(in super::super) id: Uuid,
    pub(in super::super) at: i64,
    pub(in super::super) actor: String,
    pub(in super::super) actor_id: Option<Uuid>,
    pub(in super::super) action: String,
    pub(in super::super) subject: Option<Uuid>,
    pub(in super::super) detail: String,
    pub(in super::super) address: String,
}

/// The next lines to seal, in the order of their ids, which is nearly that of time.
pub(in super::super) async fn next_waiting(
    conn: &mut Conn,
    operator: OperatorId,
    limit: i64,
) -> Result<Vec<Line>, sqlx::Error> {
    sqlx::query_as!(
        Line,
        r#"SELECT a.id AS "id!: Uuid", a.at AS "at!: i64", a.actor AS "actor!: String", a.actor_id AS "actor_id?: Uuid",
                  a.action AS "action!: String", a.subject_id AS "subject?: Uuid", a.detail AS "detail!: String",
                  a.address AS "address!: String"
           FROM audit_waiting w JOIN audit a ON a.id = w.audit_id
           WHERE w.operator_id = $1 ORDER BY w.audit_id LIMIT $2"#,
        operator.0,
        limit
    )
    .fetch_all(conn)
    .await
}

/// A line's place.
pub(in super::super) struct NewSeal {
    pub(in super::super) seq: i64,
    pub(in super::super) audit: Uuid,
    pub(in super::super) hash: AuditHash,
}

pub(in super::super) async fn insert_seals(
    conn: &mut Conn,
    operator: OperatorId,
    seals: &[NewSeal],
) -> Result<(), sqlx::Error> {
    for batch in seals.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new("INSERT INTO audit_seal (operator_id, seq, audit_id, hash) ");
        query.push_values(batch, |mut row, seal| {
            row.push_bind(operator.0).push_bind(seal.seq).push_bind(seal.audit).push_bind(seal.hash.as_slice());
        });
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
        let mut query = QueryBuilder::<Db>::new("DELETE FROM audit_waiting WHERE operator_id = ");
        query.push_bind(operator.0).push(" AND audit_id IN (");
        let mut ids = query.separated(", ");
        for seal in batch {
            ids.push_bind(seal.audit);
        }
        query.push(")");
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}

pub(in super::super) async fn set_head(
    conn: &mut Conn,
    operator: OperatorId,
    seq: i64,
    hash: &AuditHash,
) -> Result<(), sqlx::Error> {
    let hash = hash.as_slice();
    sqlx::query!("UPDATE audit_chain SET seq = $2, hash = $3 WHERE operator_id = $1", operator.0, seq, hash)
        .execute(conn)
        .await
        .map(|_| ())
}

/// What the chain has in one place.
pub(in super::super) async fn hash_at(
    conn: &mut Conn,
    operator: OperatorId,
    seq: i64,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT hash AS "hash!: Vec<u8>" FROM audit_seal WHERE operator_id = $1 AND seq = $2"#,
        operator.0,
        seq
    )
    .fetch_optional(conn)
    .await
}

/// A seal, with its line where there still is one.
pub(in super::super) struct Sealed {
    pub(in super::super) seq: i64,
    pub(in super::super) audit: Uuid,
    pub(in super::super) hash: Vec<u8>,
    pub(in super::super) at: Option<i64>,
    pub(in super::super) actor: Option<String>,
    pub(in super::super) actor_id: Option<Uuid>,
    pub(in super::super) action: Option<String>,
    pub(in super::super) subject: Option<Uuid>,
    pub(in super::super) detail: Option<String>,
    pub(in super::super) address: Option<String>,
}

/// A stretch of the chain.
pub(in super::super) async fn sealed(
    conn: &mut Conn,
    operator: OperatorId,
    after: i64,
    limit: i64,
) -> Result<Vec<Sealed>, sqlx::Error> {
    sqlx::query_as!(
        Sealed,
        r#"SELECT s.seq AS "seq!: i64", s.audit_id AS "audit!: Uuid", s.hash AS "hash!: Vec<u8>", a.at AS "at?: i64",
                  a.actor AS "actor?: String", a.actor_id AS "actor_id?: Uuid", a.action AS "action?: String",
                  a.subject_id AS "subject?: Uuid", a.detail AS "detail?: String", a.address AS "address?: String"
           FROM audit_seal s LEFT JOIN audit a ON a.id = s.audit_id AND a.operator_id = s.operator_id
           WHERE s.operator_id = $1 AND s.seq > $2 ORDER BY s.seq LIMIT $3"#,
        operator.0,
        after,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Lines that are neither sealed nor about to be: nobody's transaction wrote them.
pub(in super::super) async fn strays(conn: &mut Conn, operator: OperatorId) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT a.id AS "id!: Uuid" FROM audit a
           WHERE a.operator_id = $1 AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.audit_id = a.id)
             AND NOT EXISTS (SELECT 1 FROM audit_waiting w WHERE w.operator_id = a.operator_id AND w.audit_id = a.id)
           ORDER BY a.id LIMIT 20"#,
        operator.0
    )
    .fetch_all(conn)
    .await
}

/// What waits to be sealed and is not there any more.
pub(in super::super) async fn lost_waiting(conn: &mut Conn, operator: OperatorId) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT w.audit_id AS "id!: Uuid" FROM audit_waiting w
           WHERE w.operator_id = $1 AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.id = w.audit_id)
           ORDER BY w.audit_id LIMIT 20"#,
        operator.0
    )
    .fetch_all(conn)
    .await
}

/// The epoch of this operator ends, at the end of the chain.
pub(in super::super) async fn note_restore(conn: &mut Conn, operator: OperatorId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO audit_restore (operator_id, epoch, seq)
         SELECT o.id, o.epoch, COALESCE(c.seq, 0) FROM operator o LEFT JOIN audit_chain c ON c.operator_id = o.id
         WHERE o.id = $1 ON CONFLICT (operator_id, epoch) DO NOTHING",
        operator.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Up to where the chain of an epoch that ended is still this one.
pub(in super::super) async fn restored_at(
    conn: &mut Conn,
    operator: OperatorId,
    epoch: Epoch,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT seq AS "seq!: i64" FROM audit_restore WHERE operator_id = $1 AND epoch = $2"#,
        operator.0,
        epoch.0
    )
    .fetch_optional(conn)
    .await
}

pub(in super::super) struct NewContradiction<'a> {
    pub(in super::super) id: ContradictionId,
    pub(in super::super) device: DeviceId,
    pub(in super::super) epoch: Epoch,
    pub(in super::super) seq: i64,
    pub(in super::super) told: &'a [u8],
    pub(in super::super) held: Option<&'a [u8]>,
}

/// False when the device told the same before.
pub(in super::super) async fn insert_contradiction(
    conn: &mut Conn,
    operator: OperatorId,
    now: Timestamp,
    new: &NewContradiction<'_>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO audit_contradiction (id, operator_id, device_id, epoch, seq, told, held, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (device_id, epoch, seq, told) DO NOTHING",
        new.id.0,
        operator.0,
        new.device.0,
        new.epoch.0,
        new.seq,
        new.told,
        new.held,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(in super::super) struct Contradicted {
    pub(in super::super) id: Uuid,
    pub(in super::super) device: Uuid,
    pub(in super::super) device_name: String,
    pub(in super::super) company: Option<String>,
    pub(in super::super) seq: i64,
    pub(in super::super) told: Vec<u8>,
    pub(in super::super) held: Option<Vec<u8>>,
    pub(in super::super) at: i64,
}

/// The newest first.
pub(in super::super) async fn contradictions(
    conn: &mut Conn,
    operator: OperatorId,
    limit: i64,
) -> Result<Vec<Contradicted>, sqlx::Error> {
    sqlx::query_as!(
        Contradicted,
        r#"SELECT c.id AS "id!: Uuid", c.device_id AS "device!: Uuid", d.name AS "device_name!: String",
                  r.company AS "company?: String", c.seq AS "seq!: i64", c.told AS "told!: Vec<u8>",
                  c.held AS "held?: Vec<u8>", c.at AS "at!: i64"
           FROM audit_contradiction c JOIN device d ON d.id = c.device_id LEFT JOIN reseller r ON r.id = d.reseller_id
           WHERE c.operator_id = $1 ORDER BY c.at DESC, c.id DESC LIMIT $2"#,
        operator.0,
        limit
    )
    .fetch_all(conn)
    .await
}
