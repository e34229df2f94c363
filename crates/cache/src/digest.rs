//! What the rows of each table add up to.

use counterfoil_domain::digest::Digests;
use counterfoil_domain::feed::FeedTable;
use sqlx::SqliteConnection;

use crate::{CacheError, versions};

/// The running sums.
pub async fn digests(db: &mut SqliteConnection) -> Result<Digests, CacheError> {
    let mut digests = Digests::default();
    for row in sqlx::query!("SELECT table_no, sum FROM table_digest").fetch_all(db).await? {
        let table = usize::try_from(row.table_no).ok().and_then(|at| FeedTable::ALL.get(at));
        let table = table.ok_or_else(|| CacheError::Schema(format!("there is no table {}", row.table_no)))?;
        digests.set(*table, row.sum.cast_unsigned());
    }
    Ok(digests)
}

pub(crate) async fn keep(db: &mut SqliteConnection, before: &Digests, now: &Digests) -> Result<(), CacheError> {
    for table in before.differences(now) {
        let (table_no, sum) = (i64::from(table.ordinal()), now.of(table).cast_signed());
        sqlx::query!(
            "INSERT INTO table_digest (table_no, sum) VALUES (?1, ?2) ON CONFLICT (table_no) DO UPDATE SET sum = ?2",
            table_no,
            sum
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// The sums of the rows themselves: reads all of them.
pub async fn recount(db: &mut SqliteConnection) -> Result<Digests, CacheError> {
    let mut digests = Digests::default();
    for table in FeedTable::ALL {
        versions::each(db, table, |key, version| digests.add(table, key, version)).await?;
    }
    Ok(digests)
}
