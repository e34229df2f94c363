//! SQL of a reseller's log.

use counterfoil_domain::ids::ResellerId;
use uuid::Uuid;

use super::Line;
use crate::dialect::Conn;

/// Notes a line for the reseller whose subject it is about, the one whose people or device did it, the one that `left` names,
/// and those above each of them. For nobody where it is about nothing of a reseller.
///
/// The rows are looked for by IN: as a table of its own, SQLite takes seven times as long for them.
pub(in super::super) async fn note(conn: &mut Conn, line: &Line<'_>, left: Option<Uuid>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "WITH RECURSIVE upward (id) AS (
           SELECT r.id FROM reseller r WHERE r.id IN (
             SELECT reseller_id FROM account WHERE id = $2
             UNION ALL SELECT reseller_id FROM account_bulk WHERE id = $2
             UNION ALL SELECT reseller_id FROM code WHERE id = $2
             UNION ALL SELECT reseller_id FROM lot_order WHERE lot_id = $2
             UNION ALL SELECT reseller_id FROM lease WHERE id = $2
             UNION ALL SELECT reseller_id FROM market_order WHERE id = $2
             UNION ALL SELECT reseller_id FROM payment WHERE id = $2
             UNION ALL SELECT reseller_id FROM payout WHERE id = $2
             UNION ALL SELECT reseller_id FROM top_up_request WHERE id = $2
             UNION ALL SELECT reseller_id FROM relationship WHERE id = $2
             UNION ALL SELECT beneficiary_id FROM earning WHERE id = $2
             UNION ALL SELECT id FROM reseller WHERE id = $2
             UNION ALL SELECT id FROM reseller WHERE id = $4
             UNION ALL SELECT reseller_id FROM member WHERE id = $2
             UNION ALL SELECT reseller_id FROM member WHERE id = $3
             UNION ALL SELECT reseller_id FROM device WHERE id = $2
             UNION ALL SELECT reseller_id FROM device WHERE id = $3)
           UNION SELECT c.parent_id FROM upward JOIN reseller c ON c.id = upward.id WHERE c.parent_id IS NOT NULL)
         INSERT INTO audit_concern (reseller_id, at, audit_id)
         SELECT upward.id, a.at, a.id FROM upward CROSS JOIN audit a WHERE a.id = $1",
        line.id,
        line.subject,
        line.actor_id,
        left
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Who {
    Anybody,
    /// 'staff' or 'system': somebody without a name here.
    Kind(&'static str),
    User(Uuid),
    /// Nobody of this reseller is called so.
    Nobody,
}

impl Who {
    const fn parts(self) -> (&'static str, Option<Uuid>) {
        match self {
            Self::Anybody => ("", None),
            Self::Kind(kind) => (kind, None),
            Self::User(id) => ("", Some(id)),
            Self::Nobody => ("nobody", None),
        }
    }
}

/// Lines of one reseller's log, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Filter {
    pub(in super::super) reseller: ResellerId,
    pub(in super::super) who: Who,
    /// A pattern of LIKE, with `\` before what stands for itself.
    pub(in super::super) action: String,
    pub(in super::super) subject: Option<Uuid>,
    pub(in super::super) from: i64,
    pub(in super::super) until: i64,
    /// Behind this (time, id).
    pub(in super::super) before: (i64, Uuid),
}

/// A line, with where its people and its subject stand.
#[derive(Debug, Clone)]
pub(in super::super) struct LogRow {
    pub(in super::super) id: Uuid,
    pub(in super::super) at: i64,
    pub(in super::super) actor: String,
    pub(in super::super) actor_id: Option<Uuid>,
    /// Of a member or a device, never of the staff.
    pub(in super::super) actor_name: Option<String>,
    pub(in super::super) actor_path: Option<String>,
    pub(in super::super) action: String,
    pub(in super::super) subject_id: Option<Uuid>,
    pub(in super::super) subject_name: Option<String>,
    /// Of a lot or a lease.
    pub(in super::super) subject_number: Option<i64>,
    pub(in super::super) subject_path: Option<String>,
    pub(in super::super) detail: String,
    pub(in super::super) address: String,
}

/// The newest first. What a filter passes over are lines of this reseller alone.
pub(in super::super) async fn lines(conn: &mut Conn, filter: &Filter, limit: i64) -> Result<Vec<LogRow>, sqlx::Error> {
    let (kind, user) = filter.who.parts();
    let (at, id) = filter.before;
    let until = filter.until.min(at.saturating_add(1));
    sqlx::query_as!(
        LogRow,
        r#"SELECT a.id AS "id!: Uuid", a.at AS "at!: i64", a.actor AS "actor!: String", a.actor_id AS "actor_id?: Uuid",
                  COALESCE(m.username, f.name) AS "actor_name?: String", w.path AS "actor_path?: String",
                  a.action AS "action!: String", a.subject_id AS "subject_id?: Uuid",
                  COALESCE(r.company, k.username, c.serial, b.username, d.name) AS "subject_name?: String",
                  COALESCE(s.number, o.number, l.number) AS "subject_number?: i64", t.path AS "subject_path?: String",
                  a.detail AS "detail!: String", a.address AS "address!: String"
           FROM (SELECT x.id, x.at, x.actor, x.actor_id, x.action, x.subject_id, x.detail, x.address
                 FROM audit_concern n JOIN audit x ON x.id = n.audit_id
                 WHERE n.reseller_id = $1 AND n.at >= $2 AND n.at < $3 AND (n.at < $4 OR n.audit_id < $5)
                   AND (x.actor = $6 OR $6 = '') AND (x.actor_id = $7 OR $7 IS NULL)
                   AND x.action LIKE $8 ESCAPE '\' AND (x.subject_id = $9 OR $9 IS NULL)
                 ORDER BY n.at DESC, n.audit_id DESC LIMIT $10) AS a
           LEFT JOIN member m ON m.id = a.actor_id LEFT JOIN device f ON f.id = a.actor_id
           LEFT JOIN reseller w ON w.id = COALESCE(m.reseller_id, f.reseller_id)
           LEFT JOIN reseller r ON r.id = a.subject_id LEFT JOIN account k ON k.id = a.subject_id
           LEFT JOIN code c ON c.id = a.subject_id LEFT JOIN member b ON b.id = a.subject_id
           LEFT JOIN device d ON d.id = a.subject_id LEFT JOIN lot_order o ON o.lot_id = a.subject_id
           LEFT JOIN lot_order s ON s.lot_id = o.stock_id LEFT JOIN lease l ON l.id = a.subject_id
           LEFT JOIN reseller t ON t.id = COALESCE(r.id, k.reseller_id, c.reseller_id, b.reseller_id, d.reseller_id,
             o.reseller_id, l.reseller_id)
           ORDER BY a.at DESC, a.id DESC"#,
        filter.reseller.0,
        filter.from,
        until,
        at,
        id,
        kind,
        user,
        filter.action,
        filter.subject,
        limit
    )
    .fetch_all(conn)
    .await
}

/// The member of this name, with the path of its reseller.
pub(in super::super) async fn member(conn: &mut Conn, name: &str) -> Result<Option<(Uuid, String)>, sqlx::Error> {
    let found = sqlx::query!(
        r#"SELECT m.id AS "id!: Uuid", r.path AS "path!: String"
           FROM member m JOIN reseller r ON r.id = m.reseller_id WHERE m.username = $1"#,
        name
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.map(|row| (row.id, row.path)))
}
