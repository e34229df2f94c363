//! Pages of the cached accounts. Each way to look at them goes along an index in its order; searches are in `finding`.

use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::ids::{AccountId, PlanId, ResellerId};
use counterfoil_domain::time::Timestamp;
use sqlx::{Connection as _, QueryBuilder, Sqlite, SqliteConnection};
use thiserror::Error;
use uuid::Uuid;

use super::finding;
use super::order::{Part, Place, Sort};
use super::search::Search;
use crate::store::StoreError;
use crate::till::Till;

/// Rows of a page at most.
const MOST: u32 = 500;
/// What ends within so many days ends soon.
const SOON_DAYS: i64 = 7;

/// Which accounts, and in which order where nobody chose one.
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
    /// The start of a user name, an e-mail address or a MAC address; behind these, words that they contain.
    pub(crate) search: String,
    pub(crate) show: Show,
    pub(crate) reseller: Option<ResellerId>,
    pub(crate) plan: Option<PlanId>,
    /// The last day of service is before this day, `2026-12-22`.
    pub(crate) ends_before: Option<String>,
    /// None: as [`Show`] says. What a search finds has its own order: [`Part`].
    pub(crate) sort: Option<Sort>,
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
    /// Lower case.
    pub(super) fn name_key(&self) -> &str {
        &self.name_key
    }

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

pub(super) const COLUMNS: &str =
    "SELECT a.account_id, a.revision, a.reseller_id, r.company AS reseller_company, a.username,
    a.name_key, a.email, a.mac, a.notes, a.status, a.plan_id, a.plan_name, a.last_day, a.ends_at, a.max_connections,
    a.created_at FROM ";
pub(super) const ACCOUNTS: &str = "cached_account a ";
pub(super) const RESELLERS: &str = "LEFT JOIN cached_reseller r ON r.reseller_id = a.reseller_id WHERE ";

/// The list as the indexes of what is out of use have it: SQLite takes one only where the question repeats its words.
const OUT_OF_USE: &str = "a.status IN ('suspended', 'archived') AND a.status = ";

/// What all parts of a page are asked with.
pub(super) struct Asked<'a> {
    pub(super) wanted: &'a Wanted,
    pub(super) after: Option<&'a Place>,
    now: Timestamp,
}

/// A page, and where the next one goes on.
pub(crate) async fn list(till: &Till, wanted: &Wanted) -> Result<(Vec<Line>, Option<String>), AccountsError> {
    let limit = usize::try_from(wanted.limit.clamp(1, MOST)).unwrap_or(1);
    let after = wanted.after.as_deref().map(serde_json::from_str::<Place>).transpose();
    let after = after.map_err(|_| AccountsError::Place)?;
    let asked = Asked { wanted, after: after.as_ref(), now: till.trusted_now() };
    let mut lines = read(till, &asked, limit).await?;
    let more = lines.len() > limit;
    lines.truncate(limit);
    let next = lines.last().filter(|_| more).map(|(line, part)| part.place(line));
    let next = next.map(|place| serde_json::to_string(&place).unwrap_or_default());
    Ok((lines.into_iter().map(|(line, _)| line).collect(), next))
}

/// All that [`list`] would show, page after page, at one moment; none where that is more than `most`.
pub(crate) async fn whole(till: &Till, wanted: &Wanted, most: usize) -> Result<Option<Vec<AccountId>>, AccountsError> {
    let asked = Asked { wanted, after: None, now: till.trusted_now() };
    let lines = read(till, &asked, most).await?;
    Ok((lines.len() <= most).then(|| lines.into_iter().map(|(line, _)| AccountId(line.account_id)).collect()))
}

/// So many lines and one more, where there is one.
async fn read(till: &Till, asked: &Asked<'_>, limit: usize) -> Result<Vec<(Line, Part)>, AccountsError> {
    let take = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let mut reader = till.read().await?;
    let search = asked.wanted.search.trim();
    if search.is_empty() {
        let sort = Sort::of(asked.wanted);
        let lines = listed(&mut reader, asked, sort, take).await?;
        return Ok(lines.into_iter().map(|line| (line, Part::Listed(sort))).collect());
    }
    // One state of the cache: between two statements a row could move from one part to another. Dropped, it is ended
    // without anybody waiting for that.
    let mut db = reader.begin().await?;
    finding::found(&mut db, asked, &Search::of(search), take).await
}

/// All that are shown, in an order.
async fn listed(
    db: &mut SqliteConnection,
    asked: &Asked<'_>,
    sort: Sort,
    take: i64,
) -> Result<Vec<Line>, AccountsError> {
    let mut query = QueryBuilder::<Sqlite>::new(COLUMNS);
    query.push(ACCOUNTS).push(RESELLERS);
    chosen(&mut query, asked);
    if let Some(place) = asked.after {
        sort.behind(&mut query, place)?;
    }
    query.push(sort.clause()).push(" LIMIT ").push_bind(take);
    if let (None, Some(offset)) = (asked.after, asked.wanted.offset) {
        query.push(" OFFSET ").push_bind(i64::from(offset));
    }
    Ok(query.build_query_as().fetch_all(db).await?)
}

pub(super) fn chosen(query: &mut QueryBuilder<Sqlite>, asked: &Asked<'_>) {
    shown(query, asked.wanted.show, asked.now);
    if let Some(reseller) = asked.wanted.reseller {
        query.push(" AND a.reseller_id = ").push_bind(reseller.0);
    }
    if let Some(plan) = asked.wanted.plan {
        query.push(" AND a.plan_id = ").push_bind(plan.0);
    }
    if let Some(day) = &asked.wanted.ends_before {
        query.push(" AND a.last_day < ").push_bind(day.clone());
    }
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
        Show::Suspended => drop(query.push(OUT_OF_USE).push("'suspended'")),
        Show::Archived => drop(query.push(OUT_OF_USE).push("'archived'")),
    }
}

/// The name of a reseller, where it is known here.
pub(crate) async fn company(till: &Till, reseller: ResellerId) -> Result<Option<String>, StoreError> {
    let name = sqlx::query_scalar!("SELECT company FROM cached_reseller WHERE reseller_id = ?1", reseller.0);
    Ok(name.fetch_optional(&mut *till.read().await?).await?)
}

/// One account.
pub(crate) async fn find(db: &mut SqliteConnection, id: AccountId) -> Result<Line, AccountsError> {
    let mut query = QueryBuilder::<Sqlite>::new(COLUMNS);
    query.push(ACCOUNTS).push(RESELLERS).push("a.account_id = ").push_bind(id.0);
    query.build_query_as().fetch_optional(db).await?.ok_or(AccountsError::NotFound)
}
