//! Accounts of a scope, by user name, by the end of their service or by when they were made.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::ids::{AccountId, OperatorId, ResellerId};
use counterfoil_domain::reseller::{ResellerPath, Scope};
use counterfoil_domain::time::Timestamp;
use counterfoil_portals::Mac;
use counterfoil_wire::accounts::{Account, AccountSort, AccountsQuery};
use counterfoil_wire::page::Page;
use uuid::Uuid;

use super::repo::list::{After, Order};
use super::{AccountRecord, access, repo};
use crate::dialect::Conn;
use crate::engine::http::{key_of, key_text, limit, page};
use crate::engine::{App, operators, resellers};

/// A page.
pub(crate) async fn list(
    app: &App,
    operator: OperatorId,
    scope: &Scope,
    query: &AccountsQuery,
) -> Result<Page<Account>, Failure> {
    let limit = limit(query.limit)?;
    let search = query.search.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(search_of);
    let order = order_of(query, search.is_some())?;
    let after = after_of(order, query.after.as_deref())?;
    let mut reader = app.reader().await?;
    let reseller = match (query.reseller_id, scope) {
        (Some(asked), _) => {
            resellers::path(&mut reader, operator, scope, asked).await?;
            Some(asked)
        }
        (None, Scope::Subtree { reseller, .. }) => Some(*reseller),
        (None, Scope::Operator) => None,
    };
    let filter = repo::list::Filter {
        operator,
        reseller: reseller.map(|id: ResellerId| id.0),
        below: None,
        status: query.status,
        search,
        plan: None,
        ends_before: None,
        order,
        after,
        now: app.now(),
    };
    let rows = repo::list::page(&mut reader, &filter, limit + 1).await?;
    let currency = operators::get(&mut reader, operator).await?.currency;
    let rows = rows.iter().map(|row| row.to_wire(currency, app.now())).collect::<Result<Vec<_>, _>>()?;
    let mut page = page(rows, limit, |row| place_of(order, row));
    access::tell(&mut reader, operator, &mut page.items).await?;
    Ok(page)
}

/// Nothing is found in another order than that of names.
fn order_of(query: &AccountsQuery, searched: bool) -> Result<Order, Failure> {
    let order = Order { by: query.sort.unwrap_or_default(), descending: query.descending.unwrap_or_default() };
    if searched && order != Order::default() {
        let how = "what a search finds is sorted by user name: leave this out, or the search";
        return Err(Failure::validation(vec![field("sort", how)]));
    }
    Ok(order)
}

fn after_of(order: Order, after: Option<&str>) -> Result<Option<After>, Failure> {
    Ok(match order.by {
        AccountSort::Username => key_of(after)?.map(After::Name),
        AccountSort::LastDay => key_of(after)?.map(|(day, id)| After::Day(day, id)),
        AccountSort::Created => key_of(after)?.map(After::Id),
    })
}

fn place_of(order: Order, row: &Account) -> String {
    match order.by {
        AccountSort::Username => key_text(&row.username),
        AccountSort::LastDay => key_text(&(row.last_day.as_deref().unwrap_or_default(), row.account_id)),
        AccountSort::Created => key_text(&row.account_id),
    }
}

/// The accounts of a list that a bulk operation is made from.
pub(crate) struct Matching<'a> {
    pub(crate) operator: OperatorId,
    pub(crate) reseller: Option<Uuid>,
    /// Where that one stands, when the accounts of those below it are meant as well.
    pub(crate) below: Option<&'a ResellerPath>,
    pub(crate) status: Option<AccountStatus>,
    pub(crate) search: Option<&'a str>,
    pub(crate) plan: Option<Uuid>,
    pub(crate) ends_before: Option<&'a str>,
    /// User names after this one.
    pub(crate) after: &'a str,
    pub(crate) now: Timestamp,
}

/// As many of them as `limit`, by user name, found as the list finds them.
pub(crate) async fn matching(conn: &mut Conn, asked: &Matching<'_>, limit: i64) -> Result<Vec<AccountRecord>, Failure> {
    let filter = repo::list::Filter {
        operator: asked.operator,
        reseller: asked.reseller,
        below: asked.below,
        status: asked.status,
        search: asked.search.map(str::trim).filter(|text| !text.is_empty()).map(search_of),
        plan: asked.plan,
        ends_before: asked.ends_before,
        order: Order::default(),
        after: Some(After::Name(asked.after.to_owned())),
        now: asked.now,
    };
    Ok(repo::list::page(conn, &filter, limit).await?)
}

/// What a search means: every text may begin a user name, some are a whole address as well.
fn search_of(text: &str) -> repo::list::Search {
    let text = text.to_lowercase();
    repo::list::Search { mac: text.parse::<Mac>().ok().map(|mac| mac.to_string()), text }
}

/// One account.
pub(crate) async fn get(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    id: AccountId,
    now: Timestamp,
) -> Result<Account, Failure> {
    let account = repo::by_id(conn, operator, id).await?.filter(|account| account.is_in(scope));
    let account = account.ok_or_else(|| Failure::not_found("account"))?;
    let currency = operators::get(conn, operator).await?.currency;
    let mut shown = account.to_wire(currency, now)?;
    access::tell(conn, operator, std::slice::from_mut(&mut shown)).await?;
    Ok(shown)
}
