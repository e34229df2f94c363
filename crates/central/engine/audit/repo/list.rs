//! SQL of the list.

use counterfoil_domain::ids::OperatorId;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::dialect::{Conn, Db};

/// Whose lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Who {
    Anybody,
    System,
    User(Uuid),
}

/// Lines that one index has in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Filter {
    pub(in super::super) operator: OperatorId,
    pub(in super::super) who: Who,
    pub(in super::super) action: Option<String>,
    pub(in super::super) subject: Option<Uuid>,
    pub(in super::super) from: i64,
    pub(in super::super) until: i64,
    /// Behind this (time, id).
    pub(in super::super) before: (i64, Uuid),
}

/// A line as it is listed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(in super::super) struct Row {
    pub(in super::super) id: Uuid,
    pub(in super::super) at: i64,
    pub(in super::super) actor: String,
    pub(in super::super) actor_id: Option<Uuid>,
    pub(in super::super) actor_name: Option<String>,
    pub(in super::super) action: String,
    pub(in super::super) subject_id: Option<Uuid>,
    pub(in super::super) subject_name: Option<String>,
    pub(in super::super) detail: String,
    pub(in super::super) address: String,
    pub(in super::super) seq: Option<i64>,
    pub(in super::super) hash: Option<Vec<u8>>,
    pub(in super::super) previous_hash: Option<Vec<u8>>,
}

/// The newest first. Names are looked up for the lines of the page alone.
pub(in super::super) async fn lines(conn: &mut Conn, filter: &Filter, limit: i64) -> Result<Vec<Row>, sqlx::Error> {
    let mut query = QueryBuilder::<Db>::new(
        "SELECT a.id, a.at, a.actor, a.actor_id, COALESCE(s.username, m.username, f.name, w.name) AS actor_name, a.action,
                a.subject_id,
                COALESCE(r.company, k.username, p.name, d.name, o.username, b.username, g.name, x.name) AS subject_name,
                a.detail, a.address, l.seq, l.hash, q.hash AS previous_hash
         FROM (SELECT * FROM audit WHERE ",
    );
    // Among a million lines SQLite would look for one subject along the time, were the operator a plain column there.
    query.push(if filter.subject.is_some() { "COALESCE(operator_id, operator_id) = " } else { "operator_id = " });
    query.push_bind(filter.operator.0);
    match filter.who {
        Who::Anybody => {}
        Who::System => drop(query.push(" AND actor_id IS NULL AND actor = 'system'")),
        Who::User(id) => drop(query.push(" AND actor_id = ").push_bind(id)),
    }
    if let Some(action) = &filter.action {
        query.push(" AND action = ").push_bind(action.clone());
    }
    if let Some(subject) = filter.subject {
        query.push(" AND subject_id = ").push_bind(subject);
    }
    // As a pair, (at, id) < (…), it would draw SQLite to the index by time, whatever else is asked for.
    let (at, id) = filter.before;
    query.push(" AND at >= ").push_bind(filter.from);
    query.push(" AND at < ").push_bind(filter.until.min(at.saturating_add(1)));
    query.push(" AND (at < ").push_bind(at).push(" OR id < ").push_bind(id);
    query.push(") ORDER BY at DESC, id DESC LIMIT ").push_bind(limit);
    query.push(
        ") AS a
         LEFT JOIN staff s ON s.id = a.actor_id LEFT JOIN member m ON m.id = a.actor_id
         LEFT JOIN device f ON f.id = a.actor_id LEFT JOIN api_key w ON w.id = a.actor_id
         LEFT JOIN reseller r ON r.id = a.subject_id LEFT JOIN account k ON k.id = a.subject_id
         LEFT JOIN plan p ON p.id = a.subject_id LEFT JOIN device d ON d.id = a.subject_id
         LEFT JOIN staff o ON o.id = a.subject_id LEFT JOIN member b ON b.id = a.subject_id
         LEFT JOIN portal g ON g.id = a.subject_id LEFT JOIN api_key x ON x.id = a.subject_id
         LEFT JOIN audit_seal l ON l.audit_id = a.id
         LEFT JOIN audit_seal q ON q.operator_id = l.operator_id AND q.seq = l.seq - 1
         ORDER BY a.at DESC, a.id DESC",
    );
    query.build_query_as().fetch_all(conn).await
}

/// Users of this name: one of the staff, one of a reseller, both or none; and API keys, of which each shop may have one.
pub(in super::super) async fn users(
    conn: &mut Conn,
    operator: OperatorId,
    name: &str,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id!: Uuid" FROM staff WHERE username = $2 AND operator_id = $1
           UNION ALL SELECT id FROM member WHERE username = $2 AND operator_id = $1
           UNION ALL SELECT id FROM api_key WHERE name = $2 AND operator_id = $1"#,
        operator.0,
        name
    )
    .fetch_all(conn)
    .await
}

/// The actions there are, each found by one step along the index.
pub(in super::super) async fn actions(conn: &mut Conn, operator: OperatorId) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"WITH RECURSIVE found (action) AS (
             SELECT MIN(action) FROM audit WHERE operator_id = $1
             UNION ALL
             SELECT (SELECT MIN(a.action) FROM audit a WHERE a.operator_id = $1 AND a.action > found.action)
             FROM found WHERE found.action IS NOT NULL)
           SELECT action AS "action!: String" FROM found WHERE action IS NOT NULL ORDER BY action"#,
        operator.0
    )
    .fetch_all(conn)
    .await
}
