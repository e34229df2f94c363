//! Pages of the cached accounts. Each way to look at them goes along an index in its order.

use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::ids::{AccountId, ResellerId};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use thiserror::Error;
use uuid::Uuid;

use crate::store::StoreError;
use crate::till::Till;

/// Rows of a page at most.
const MOST: u32 = 500;
/// What ends within so many days ends soon.
const SOON_DAYS: i64 = 7;

/// Which accounts, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Show {
    /// All but archived ones, by user name.
    #[default]
    InUse,
    /// Archived ones too, by user name.
    All,
    Active,
    /// Active ones whose service is over in a week, the first to end first.
    EndingSoon,
    /// The last to end first.
    Expired,
    Suspended,
    Archived,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    /// The start of a user name, an e-mail address or a MAC address.
    pub(crate) search: String,
    pub(crate) show: Show,
    pub(crate) reseller: Option<ResellerId>,
    pub(crate) after: Option<String>,
    pub(crate) offset: Option<u32>,
    pub(crate) limit: u32,
}

/// An account as the cache has it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Line {
    pub(crate) account_id: Uuid,
    pub(crate) revision: i64,
    pub(crate) reseller_id: Option<Uuid>,
    pub(crate) reseller_company: Option<String>,
    pub(crate) username: String,
    name_key: String,
    pub(crate) email: Option<String>,
    pub(crate) mac: Option<String>,
    pub(crate) notes: String,
    status: String,
    pub(crate) plan_id: Option<Uuid>,
    pub(crate) plan_name: Option<String>,
    pub(crate) last_day: Option<String>,
    pub(crate) ends_at: i64,
    pub(crate) max_connections: i64,
    pub(crate) created_at: i64,
}

impl Line {
    /// Now, not when it was sent.
    pub(crate) fn status(&self, now: Timestamp) -> Result<AccountStatus, StoreError> {
        let sent = AccountStatus::from_stored(&self.status)
            .ok_or_else(|| StoreError::unknown("cached_account", "status", self.status.clone()))?;
        let of_time = matches!(sent, AccountStatus::Active | AccountStatus::Expired);
        let ends_at = Some(Timestamp(self.ends_at));
        Ok(if of_time { AccountStatus::Active.at(now, ends_at) } else { sent })
    }
}

#[derive(Debug, Error)]
pub(crate) enum AccountsError {
    #[error("no such account here")]
    NotFound,
    #[error("not a place in the list")]
    Place,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for AccountsError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Where a page goes on: behind this row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Place {
    End(i64, Uuid),
    Name(String, Uuid),
}

const COLUMNS: &str = "SELECT a.account_id, a.revision, a.reseller_id, r.company AS reseller_company, a.username,
    a.name_key, a.email, a.mac, a.notes, a.status, a.plan_id, a.plan_name, a.last_day, a.ends_at, a.max_connections,
    a.created_at FROM cached_account a LEFT JOIN cached_reseller r ON r.reseller_id = a.reseller_id ";

/// A page, and where the next one goes on.
pub(crate) async fn list(till: &Till, wanted: &Wanted) -> Result<(Vec<Line>, Option<String>), AccountsError> {
    let limit = usize::try_from(wanted.limit.clamp(1, MOST)).unwrap_or(1);
    let after = wanted.after.as_deref().map(serde_json::from_str::<Place>).transpose();
    let after = after.map_err(|_| AccountsError::Place)?;
    let mut query = QueryBuilder::<Sqlite>::new("");
    let take = i64::try_from(limit).unwrap_or(i64::MAX) + 1;
    let now = till.trusted_now();
    let order = select(&mut query, wanted, after.as_ref(), now, take)?;
    let mut lines: Vec<Line> = query.build_query_as().fetch_all(&mut *till.read().await?).await?;
    let more = lines.len() > limit;
    lines.truncate(limit);
    let next = lines.last().filter(|_| more).map(|line| match order {
        Order::Name => Place::Name(line.name_key.clone(), line.account_id),
        Order::SoonestEnd | Order::LatestEnd => Place::End(line.ends_at, line.account_id),
    });
    let next = next.map(|place| serde_json::to_string(&place).unwrap_or_default());
    Ok((lines, next))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Name,
    SoonestEnd,
    LatestEnd,
}

impl Order {
    /// What was found is listed by name, whatever is looked for in it.
    fn of(wanted: &Wanted) -> Self {
        match wanted.show {
            Show::EndingSoon if wanted.search.trim().is_empty() => Self::SoonestEnd,
            Show::Expired if wanted.search.trim().is_empty() => Self::LatestEnd,
            _ => Self::Name,
        }
    }

    fn clause(self) -> &'static str {
        match self {
            Self::Name => " ORDER BY a.name_key, a.account_id",
            Self::SoonestEnd => " ORDER BY a.ends_at, a.account_id",
            Self::LatestEnd => " ORDER BY a.ends_at DESC, a.account_id DESC",
        }
    }
}

fn select(
    query: &mut QueryBuilder<Sqlite>,
    wanted: &Wanted,
    after: Option<&Place>,
    now: Timestamp,
    take: i64,
) -> Result<Order, AccountsError> {
    let order = Order::of(wanted);
    query.push(COLUMNS).push("WHERE ");
    shown(query, wanted.show, now);
    if let Some(reseller) = wanted.reseller {
        query.push(" AND a.reseller_id = ").push_bind(reseller.0);
    }
    searched(query, wanted.search.trim());
    match (order, after) {
        (_, None) => {}
        (Order::Name, Some(Place::Name(key, id))) => behind(query, "(a.name_key, a.account_id) > (", key.clone(), *id),
        (Order::SoonestEnd, Some(Place::End(at, id))) => behind(query, "(a.ends_at, a.account_id) > (", *at, *id),
        (Order::LatestEnd, Some(Place::End(at, id))) => behind(query, "(a.ends_at, a.account_id) < (", *at, *id),
        // Of another list.
        (_, Some(_)) => return Err(AccountsError::Place),
    }
    query.push(order.clause()).push(" LIMIT ").push_bind(take);
    if let (None, Some(offset)) = (after, wanted.offset) {
        query.push(" OFFSET ").push_bind(i64::from(offset));
    }
    Ok(order)
}

fn behind<T>(query: &mut QueryBuilder<Sqlite>, than: &str, key: T, id: Uuid)
where
    T: for<'q> sqlx::Encode<'q, Sqlite> + sqlx::Type<Sqlite> + Send + 'static,
{
    query.push(" AND ").push(than).push_bind(key).push(", ").push_bind(id).push(")");
}

fn shown(query: &mut QueryBuilder<Sqlite>, show: Show, now: Timestamp) {
    let of_time = "a.status IN ('active', 'expired') AND a.ends_at ";
    match show {
        Show::InUse => drop(query.push("a.status <> 'archived'")),
        Show::All => drop(query.push("TRUE")),
        Show::Active => drop(query.push(of_time).push(">= ").push_bind(now.0)),
        Show::Expired => drop(query.push(of_time).push("< ").push_bind(now.0)),
        Show::EndingSoon => {
            query.push(of_time).push("BETWEEN ").push_bind(now.0);
            query.push(" AND ").push_bind(now.plus_days(SOON_DAYS).0);
        }
        Show::Suspended => drop(query.push("a.status = 'suspended'")),
        Show::Archived => drop(query.push("a.status = 'archived'")),
    }
}

/// Three short walks along three indexes, each of what begins so.
fn searched(query: &mut QueryBuilder<Sqlite>, search: &str) {
    if search.is_empty() {
        return;
    }
    let (lower, mac) = (search.to_lowercase(), mac_start(search));
    query.push(" AND a.rowid IN (");
    begins(query, "name_key", lower.clone());
    query.push(" UNION ");
    begins(query, "email", lower);
    if let Some(mac) = mac {
        query.push(" UNION ");
        begins(query, "mac", mac);
    }
    query.push(")");
}

fn begins(query: &mut QueryBuilder<Sqlite>, column: &'static str, text: String) {
    let beyond = format!("{text}\u{10ffff}");
    query.push("SELECT rowid FROM cached_account WHERE ").push(column).push(" >= ").push_bind(text);
    query.push(" AND ").push(column).push(" < ").push_bind(beyond);
}

/// The start of a MAC address in the one spelling they are kept in; none when it is none.
fn mac_start(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, ':' | '-' | '.' | ' ')).collect();
    if !(2..=12).contains(&digits.len()) || !digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    let upper: Vec<char> = digits.to_uppercase().chars().collect();
    Some(upper.chunks(2).map(|pair| pair.iter().collect::<String>()).collect::<Vec<_>>().join(":"))
}

/// The name of a reseller, where it is known here.
pub(crate) async fn company(till: &Till, reseller: ResellerId) -> Result<Option<String>, StoreError> {
    let name = sqlx::query_scalar!("SELECT company FROM cached_reseller WHERE reseller_id = ?1", reseller.0);
    Ok(name.fetch_optional(&mut *till.read().await?).await?)
}

/// One account.
pub(crate) async fn find(db: &mut SqliteConnection, id: AccountId) -> Result<Line, AccountsError> {
    let mut query = QueryBuilder::<Sqlite>::new(COLUMNS);
    query.push("WHERE a.account_id = ").push_bind(id.0);
    query.build_query_as().fetch_optional(db).await?.ok_or(AccountsError::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_of_a_mac_is_known_in_any_spelling() {
        assert_eq!(mac_start("001a79").as_deref(), Some("00:1A:79"));
        assert_eq!(mac_start("00-1A-79-0").as_deref(), Some("00:1A:79:0"));
        for none in ["a", "anna", "00:1A:79:0B:2C:3D:FF"] {
            assert_eq!(mac_start(none), None, "{none}");
        }
    }
}
