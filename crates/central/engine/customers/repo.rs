//! SQL of customers. The queries are put together, because a search for an address asks accounts and codes at once.

use counterfoil_domain::ids::ResellerId;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::dialect::{Conn, Db};

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    /// What the page goes on from: the address or the serial, and the id.
    pub(super) sort_key: String,
    pub(super) id: Uuid,
    pub(super) email: String,
    pub(super) account_id: Option<Uuid>,
    pub(super) username: Option<String>,
    pub(super) account_status: Option<String>,
    pub(super) last_day: Option<String>,
    pub(super) ends_at: Option<i64>,
    pub(super) code_id: Option<Uuid>,
    pub(super) serial: Option<String>,
    pub(super) code_state: Option<String>,
    pub(super) redeem_by: Option<i64>,
    pub(super) plan_name: Option<String>,
    pub(super) first_sold: i64,
}

pub(super) struct Filter<'a> {
    pub(super) reseller: ResellerId,
    /// Of an address or a serial, in small letters; empty is all.
    pub(super) begins: &'a str,
    pub(super) after: (&'a str, Uuid),
}

/// Of a code, with the account that it was redeemed for.
const CODE: &str = "c.id AS id, COALESCE(c.customer_email, '') AS email, a.id AS account_id, a.username AS username,
    a.status AS account_status, a.last_day AS last_day, a.ends_at AS ends_at, c.id AS code_id, c.serial AS serial,
    c.state AS code_state, c.redeem_by AS redeem_by, c.plan_name AS plan_name,
    COALESCE(c.sold_at, c.settled_at) AS first_sold
  FROM code c LEFT JOIN activation v ON v.code_id = c.id LEFT JOIN account a ON a.id = v.account_id";

/// Of an account, with the last code that was redeemed for it.
const ACCOUNT: &str = "a.id AS id, COALESCE(a.email, '') AS email, a.id AS account_id, a.username AS username,
    a.status AS account_status, a.last_day AS last_day, a.ends_at AS ends_at, c.id AS code_id, c.serial AS serial,
    c.state AS code_state, c.redeem_by AS redeem_by, p.name AS plan_name, a.created_at AS first_sold
  FROM account a LEFT JOIN plan p ON p.id = a.plan_id LEFT JOIN code c ON c.id = (SELECT v.code_id FROM activation v
    WHERE v.account_id = a.id ORDER BY v.activated_at DESC, v.code_id DESC LIMIT 1)";

/// Accounts with an address, and codes that were sold to one and whose account has none.
pub(super) async fn by_email(conn: &mut Conn, filter: &Filter<'_>, limit: i64) -> Result<Vec<Row>, sqlx::Error> {
    let mut query = QueryBuilder::<Db>::new("SELECT * FROM (SELECT * FROM (SELECT a.email AS sort_key, ");
    query.push(ACCOUNT).push(" WHERE a.reseller_id = ").push_bind(filter.reseller.0);
    page(&mut query, filter, "a.email", "a.id", limit);
    query.push(") AS kept UNION ALL SELECT * FROM (SELECT c.customer_email AS sort_key, ");
    query.push(CODE).push(" WHERE c.reseller_id = ").push_bind(filter.reseller.0).push(" AND a.email IS NULL");
    page(&mut query, filter, "c.customer_email", "c.id", limit);
    query.push(") AS sold) AS found ORDER BY sort_key, id LIMIT ").push_bind(limit);
    query.build_query_as().fetch_all(conn).await
}

/// Codes that were sold to an address.
pub(super) async fn by_serial(conn: &mut Conn, filter: &Filter<'_>, limit: i64) -> Result<Vec<Row>, sqlx::Error> {
    let mut query = QueryBuilder::<Db>::new("SELECT c.serial AS sort_key, ");
    query.push(CODE).push(" WHERE c.reseller_id = ").push_bind(filter.reseller.0);
    query.push(" AND c.customer_email IS NOT NULL");
    page(&mut query, filter, "c.serial", "c.id", limit);
    query.build_query_as().fetch_all(conn).await
}

/// Behind the last row of the page before, in the order of the index.
fn page(query: &mut QueryBuilder<Db>, filter: &Filter<'_>, key: &'static str, id: &'static str, limit: i64) {
    let (after, after_id) = filter.after;
    query.push(" AND ").push(key).push(" IS NOT NULL AND (").push(key).push(", ").push(id).push(") > (");
    query.push_bind(after.to_owned()).push(", ").push_bind(after_id).push(")");
    if !filter.begins.is_empty() {
        // Above every character that an address or a serial has.
        let beyond = format!("{}\u{10FFFF}", filter.begins);
        query.push(" AND ").push(key).push(" >= ").push_bind(filter.begins.to_owned());
        query.push(" AND ").push(key).push(" < ").push_bind(beyond);
    }
    query.push(" ORDER BY ").push(key).push(", ").push(id).push(" LIMIT ").push_bind(limit);
}
