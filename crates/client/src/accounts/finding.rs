//! What a search finds, part after part: those whose user name begins so, then those whose e-mail address does, then those
//! whose MAC address does, then those that contain it. Each of the first three is walked along its own index, so a page
//! costs its own lines, also where a letter begins most of a million names.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::list::{ACCOUNTS, AccountsError, Asked, COLUMNS, Line, RESELLERS, Show, chosen};
use super::order::{Part, Place};
use super::search::{self, Search};

/// So many lines of a search, from a place on or, without one, after as many as a jump leaves out.
pub(super) async fn found(
    db: &mut SqliteConnection,
    asked: &Asked<'_>,
    search: &Search,
    take: i64,
) -> Result<Vec<(Line, Part)>, AccountsError> {
    let from = asked.after.map(|place| Part::of(place).ok_or(AccountsError::Place)).transpose()?;
    let mut parts = search.parts().skip_while(|part| from.is_some_and(|from| from != *part)).peekable();
    if parts.peek().is_none() {
        return Err(AccountsError::Place);
    }
    let mut skip = if from.is_some() { 0 } else { i64::from(asked.wanted.offset.unwrap_or(0)) };
    let (mut lines, mut left) = (Vec::new(), take);
    for part in parts {
        let place = asked.after.filter(|_| from == Some(part));
        let page = match part {
            Part::Inside => containing(db, asked, search, place, (left, skip)).await?,
            _ => beginning(db, asked, search, (part, place), (left, skip)).await?,
        };
        if !page.is_empty() {
            skip = 0;
        } else if skip > 0 && part != Part::Inside {
            skip -= count(db, asked, search, part).await?;
        }
        left -= i64::try_from(page.len()).unwrap_or(left);
        lines.extend(page.into_iter().map(|line| (line, part)));
        if left <= 0 {
            break;
        }
    }
    Ok(lines)
}

/// Those of a part that begin so, in its order.
async fn beginning(
    db: &mut SqliteConnection,
    asked: &Asked<'_>,
    search: &Search,
    (part, place): (Part, Option<&Place>),
    (take, skip): (i64, i64),
) -> Result<Vec<Line>, AccountsError> {
    let mut query = QueryBuilder::<Sqlite>::new(COLUMNS);
    query.push(ACCOUNTS).push(index(asked, part)).push(RESELLERS);
    chosen(&mut query, asked);
    search.begins(&mut query, part);
    if let Some(place) = place {
        part.behind(&mut query, place)?;
    }
    query.push(part.clause()).push(" LIMIT ").push_bind(take).push(" OFFSET ").push_bind(skip);
    Ok(query.build_query_as().fetch_all(db).await?)
}

async fn count(
    db: &mut SqliteConnection,
    asked: &Asked<'_>,
    search: &Search,
    part: Part,
) -> Result<i64, AccountsError> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT COUNT(*) FROM ");
    query.push(ACCOUNTS).push(index(asked, part)).push("WHERE ");
    chosen(&mut query, asked);
    search.begins(&mut query, part);
    Ok(query.build_query_scalar().fetch_one(db).await?)
}

/// The index that has a part in its order. SQLite knows no numbers of what is bound, and takes the one of the ends of
/// service where it finds that cheaper: then all of it is sorted for one page.
fn index(asked: &Asked<'_>, part: Part) -> &'static str {
    match part {
        Part::Email => "INDEXED BY cached_account_by_email ",
        Part::Mac => "INDEXED BY cached_account_by_mac ",
        _ if asked.wanted.reseller.is_some() => "INDEXED BY cached_account_by_reseller ",
        _ if matches!(asked.wanted.show, Show::Suspended | Show::Archived) => "INDEXED BY cached_account_out ",
        _ => "INDEXED BY cached_account_by_name ",
    }
}

/// Those that contain what is searched for and begin with none of it, by name.
async fn containing(
    db: &mut SqliteConnection,
    asked: &Asked<'_>,
    search: &Search,
    place: Option<&Place>,
    (take, skip): (i64, i64),
) -> Result<Vec<Line>, AccountsError> {
    let Some(words) = &search.words else { return Ok(Vec::new()) };
    let Some(question) = search::rarest(db, words).await? else { return Ok(Vec::new()) };
    let mut query = QueryBuilder::<Sqlite>::new(COLUMNS);
    search::candidates(&mut query, question);
    query.push(RESELLERS);
    chosen(&mut query, asked);
    search::compared(&mut query, words);
    search.only_contains(&mut query);
    if let Some(place) = place {
        Part::Inside.behind(&mut query, place)?;
    }
    query.push(Part::Inside.clause()).push(" LIMIT ").push_bind(take).push(" OFFSET ").push_bind(skip);
    Ok(query.build_query_as().fetch_all(db).await?)
}
