//! Once a day the feed is compared with the rows that it tells of, and what can be worked out again is put right.
//!
//! Sums and rows of the feed follow from the tables. A row of a table that is gone follows from nothing: it is told, again
//! at each look, until somebody brings it back from a backup.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::OperatorId;
use serde_json::json;

use super::{digest, repo, table};
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::device::STAFF_ONLY;
use crate::engine::work::Work;

/// Faults of a kind that are told by name; they come in crowds or not at all.
const TOLD: i64 = 20;

/// Rows that are put back into the feed in one transaction.
const TOGETHER: i64 = 1_000;

/// What is wrong with a feed, told for people.
#[derive(Debug)]
struct Faults {
    /// Stored sums that are not those of their rows, and rows that devices are not told of.
    derived: Vec<String>,
    /// Rows that are gone.
    lost: Vec<String>,
}

/// Everything that is wrong with the feed. Give it a snapshot.
pub(crate) async fn verify(conn: &mut Conn, operator: OperatorId) -> Result<Vec<String>, Failure> {
    let Faults { derived, lost } = find(conn, operator).await?;
    Ok(derived.into_iter().chain(lost).collect())
}

async fn find(conn: &mut Conn, operator: OperatorId) -> Result<Faults, Failure> {
    let mut faults = Faults { derived: digest::verify(conn, operator).await?, lost: Vec::new() };
    for row in repo::unlisted(conn, operator, STAFF_ONLY, TOLD).await? {
        let what = name(table(row.table_no, row.row_key)?);
        faults.derived.push(format!("the feed does not tell devices of {what} {}", row.row_key));
    }
    for row in repo::lost(conn, operator, TOLD).await? {
        let what = name(table(row.table_no, row.row_key)?);
        faults.lost.push(format!("{what} {} is gone, and the feed still tells of it", row.row_key));
    }
    Ok(faults)
}

/// Looks at every feed that nobody looked at for a day, and says in how many something was wrong.
pub(crate) async fn look(app: &App) -> Result<u32, Failure> {
    let (now, yesterday) = (app.now(), app.now().plus_days(-1));
    let due = repo::looked_before(&mut *app.reader().await?, yesterday).await?;
    let mut wrong = 0;
    for operator in due.into_iter().map(OperatorId) {
        let mut tx = app.transaction().await?;
        let first = repo::look_now(&mut tx, operator, yesterday, now).await?;
        tx.commit().await?;
        if first {
            wrong += u32::from(look_at(app, operator).await?);
        }
    }
    Ok(wrong)
}

async fn look_at(app: &App, operator: OperatorId) -> Result<bool, Failure> {
    let mut snapshot = app.snapshot().await?;
    let Faults { derived, lost } = find(&mut snapshot, operator).await?;
    drop(snapshot);
    let count = u32::try_from(derived.len() + lost.len()).unwrap_or(u32::MAX);
    metrics::gauge!("counterfoil_feed_faults").set(f64::from(count));
    for fault in derived.iter().chain(&lost) {
        tracing::error!(%operator, "{fault}");
    }
    if !derived.is_empty() {
        mend(app, operator, &derived).await?;
    }
    Ok(count > 0)
}

/// Counts all rows anew, and puts those that the feed does not know back into it, part by part.
async fn mend(app: &App, operator: OperatorId, faults: &[String]) -> Result<(), Failure> {
    let mut work = app.begin(operator).await?;
    let after = json!({ "faults": faults });
    audit::record(&mut work, &Actor::system(), "feed.mend", Some(operator.0), NOTHING, Some(&after)).await?;
    digest::recount(&mut work).await?;
    work.commit().await?;
    loop {
        let mut work = app.begin(operator).await?;
        let listed = list_again(&mut work).await?;
        if !listed {
            return Ok(());
        }
        work.commit().await?;
    }
}

async fn list_again(work: &mut Work) -> Result<bool, Failure> {
    let operator = work.operator();
    let unlisted = repo::unlisted(work.conn(), operator, STAFF_ONLY, TOGETHER).await?;
    for row in &unlisted {
        work.touch(table(row.table_no, row.row_key)?, row.row_key, &row.scope_path);
    }
    Ok(!unlisted.is_empty())
}

const fn name(table: FeedTable) -> &'static str {
    match table {
        FeedTable::Settings => "the settings of operator",
        FeedTable::Reseller => "reseller",
        FeedTable::Plan => "plan",
        FeedTable::Device => "device",
        FeedTable::Lease => "lease",
        FeedTable::Balance => "the balance of reseller",
        FeedTable::Code => "code",
        FeedTable::Entry => "transfer",
        FeedTable::Account => "account",
        FeedTable::Order => "order",
    }
}
