//! The page of accounts that a filter finds.

use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::reseller::ResellerPath;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::accounts::AccountSort;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::dialect::{Conn, Db};
use crate::engine::account::record::{AccountRecord, COLUMNS};

/// Which accounts a page of the list has.
pub(in crate::engine::account) struct Filter<'a> {
    pub(in crate::engine::account) operator: OperatorId,
    pub(in crate::engine::account) reseller: Option<Uuid>,
    /// Where that one stands, when the accounts of those below it are meant as well.
    pub(in crate::engine::account) below: Option<&'a ResellerPath>,
    pub(in crate::engine::account) status: Option<AccountStatus>,
    pub(in crate::engine::account) search: Option<Search>,
    pub(in crate::engine::account) plan: Option<Uuid>,
    /// The last day of service is before this one.
    pub(in crate::engine::account) ends_before: Option<&'a str>,
    /// By name where something is searched for.
    pub(in crate::engine::account) order: Order,
    /// Behind this one; of the same order.
    pub(in crate::engine::account) after: Option<After>,
    pub(in crate::engine::account) now: Timestamp,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::engine::account) struct Order {
    pub(in crate::engine::account) by: AccountSort,
    pub(in crate::engine::account) descending: bool,
}

/// The last account of the page before, as its order knows it.
pub(in crate::engine::account) enum After {
    Name(String),
    Day(String, Uuid),
    Id(Uuid),
}

impl Order {
    /// As the indexes have it. Service that never began ends before all other.
    fn clause(self) -> &'static str {
        match (self.by, self.descending) {
            (AccountSort::Username, false) => " ORDER BY username LIMIT ",
            (AccountSort::Username, true) => " ORDER BY username DESC LIMIT ",
            (AccountSort::LastDay, false) => " ORDER BY COALESCE(last_day, ''), id LIMIT ",
            (AccountSort::LastDay, true) => " ORDER BY COALESCE(last_day, '') DESC, id DESC LIMIT ",
            (AccountSort::Created, false) => " ORDER BY id LIMIT ",
            (AccountSort::Created, true) => " ORDER BY id DESC LIMIT ",
        }
    }
}

/// The start of a user name, or a whole e-mail address; and the MAC address that the text is.
pub(in crate::engine::account) struct Search {
    pub(in crate::engine::account) text: String,
    pub(in crate::engine::account) mac: Option<String>,
}

/// In the order asked for. What is searched is found by index: names that begin so, and addresses that are so.
pub(in crate::engine::account) async fn page(
    conn: &mut Conn,
    filter: &Filter<'_>,
    limit: i64,
) -> Result<Vec<AccountRecord>, sqlx::Error> {
    let mut query = QueryBuilder::<Db>::new("");
    let Some(search) = &filter.search else {
        part(&mut query, filter, limit);
        return query.build_query_as().fetch_all(conn).await;
    };
    query.push("SELECT * FROM (SELECT * FROM (");
    // Above every character that a name may have.
    let beyond = format!("{}\u{10FFFF}", search.text);
    start(&mut query, filter);
    query.push(" AND username >= ").push_bind(search.text.clone()).push(" AND username < ").push_bind(beyond);
    end(&mut query, filter.order, limit);
    query.push(") AS named UNION SELECT * FROM (");
    start(&mut query, filter);
    query.push(" AND email = ").push_bind(search.text.clone());
    end(&mut query, filter.order, limit);
    query.push(") AS written");
    if let Some(mac) = &search.mac {
        query.push(" UNION SELECT * FROM (");
        start(&mut query, filter);
        query.push(" AND mac = ").push_bind(mac.clone());
        end(&mut query, filter.order, limit);
        query.push(") AS boxed");
    }
    query.push(") AS found ORDER BY username LIMIT ").push_bind(limit);
    query.build_query_as().fetch_all(conn).await
}

fn part(query: &mut QueryBuilder<Db>, filter: &Filter<'_>, limit: i64) {
    start(query, filter);
    end(query, filter.order, limit);
}

fn start(query: &mut QueryBuilder<Db>, filter: &Filter<'_>) {
    query.push("SELECT ").push(COLUMNS).push(" FROM account WHERE operator_id = ").push_bind(filter.operator.0);
    behind(query, filter);
    if let Some(path) = filter.below {
        query.push(" AND reseller_id IN (SELECT r.id FROM reseller r WHERE r.operator_id = ");
        query.push_bind(filter.operator.0).push(" AND r.path LIKE ").push_bind(format!("{}%", path.as_str())).push(")");
    } else if let Some(reseller) = filter.reseller {
        query.push(" AND reseller_id = ").push_bind(reseller);
    }
    if let Some(plan) = filter.plan {
        query.push(" AND plan_id = ").push_bind(plan);
    }
    if let Some(day) = filter.ends_before {
        query.push(" AND last_day < ").push_bind(day.to_owned());
    }
    let now = filter.now.0;
    match filter.status {
        None => {}
        Some(AccountStatus::Active) => drop(query.push(" AND status = 'active' AND ends_at >= ").push_bind(now)),
        Some(AccountStatus::Expired) => {
            query
                .push(" AND status IN ('active', 'expired') AND (ends_at IS NULL OR ends_at < ")
                .push_bind(now)
                .push(")");
        }
        Some(other) => drop(query.push(" AND status = ").push_bind(other.as_str())),
    }
}

fn behind(query: &mut QueryBuilder<Db>, filter: &Filter<'_>) {
    let than = if filter.order.descending { " < " } else { " > " };
    match &filter.after {
        None => {}
        Some(After::Name(name)) => drop(query.push(" AND username").push(than).push_bind(name.clone())),
        Some(After::Day(day, id)) => {
            query.push(" AND (COALESCE(last_day, ''), id)").push(than).push("(").push_bind(day.clone());
            query.push(", ").push_bind(*id).push(")");
        }
        Some(After::Id(id)) => drop(query.push(" AND id").push(than).push_bind(*id)),
    }
}

fn end(query: &mut QueryBuilder<Db>, order: Order, limit: i64) {
    query.push(order.clause()).push_bind(limit);
}
