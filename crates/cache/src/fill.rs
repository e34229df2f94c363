//! A whole cache in one go, as Central makes it for a device.

use std::path::Path;

use counterfoil_domain::digest::Digests;
use counterfoil_wire::pull::{Change, FeedRow};
use sqlx::{Connection as _, QueryBuilder, Sqlite, SqliteConnection};

use crate::{CacheError, create, digest, rows, set_position, verify};

/// A new file that takes every row once. Indexes and triggers wait until all rows are in: kept up row by row they cost
/// more than everything else together.
#[derive(Debug)]
pub struct Fill {
    db: SqliteConnection,
    /// Their statements, as the migrations made them.
    later: Vec<String>,
    digests: Digests,
    rows: u64,
}

impl Fill {
    /// Fails when the file exists.
    pub async fn begin(file: &Path) -> Result<Self, CacheError> {
        let mut db = create(file).await?;
        let waiting: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid",
        )
        .fetch_all(&mut db)
        .await?;
        let mut later = Vec::new();
        for (kind, name, sql) in waiting {
            define(&mut db, &format!("DROP {kind} {name}")).await?;
            later.push(sql);
        }
        sqlx::query("BEGIN").execute(&mut db).await?;
        Ok(Self { db, later, digests: Digests::default(), rows: 0 })
    }

    /// Rows that were not put before; the end of a row has no place in a new file.
    pub async fn put(&mut self, changes: &[Change]) -> Result<(), CacheError> {
        for Change { version, row } in changes {
            if let FeedRow::Gone(gone) = row {
                return Err(CacheError::Damaged(format!("the end of row {} in a new file", gone.key)));
            }
            let (table, key) = row.place();
            rows::put(&mut self.db, row, *version).await?;
            self.digests.add(table, key, *version);
            self.rows += 1;
        }
        Ok(())
    }

    /// What the rows put so far add up to.
    pub fn digests(&self) -> &Digests {
        &self.digests
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Makes what waited, says where the feed goes on, and closes the file.
    pub async fn finish(mut self, cursor: &str, version: i64) -> Result<(), CacheError> {
        digest::keep(&mut self.db, &Digests::default(), &self.digests).await?;
        // What the triggers would have counted.
        sqlx::query!("INSERT INTO code_count (state, count) SELECT state, COUNT(*) FROM cached_code GROUP BY state")
            .execute(&mut self.db)
            .await?;
        sqlx::query!("INSERT INTO order_count (state, count) SELECT state, COUNT(*) FROM cached_order GROUP BY state")
            .execute(&mut self.db)
            .await?;
        self.index_words().await?;
        for sql in std::mem::take(&mut self.later) {
            define(&mut self.db, &sql).await?;
        }
        set_position(&mut self.db, cursor, version).await?;
        sqlx::query("COMMIT").execute(&mut self.db).await?;
        sqlx::query("ANALYZE").execute(&mut self.db).await?;
        // Once here, and not on each of the machines that fetch it: their hashes say that it is this file.
        verify(&mut self.db).await?;
        Ok(self.db.close().await?)
    }

    /// In one piece each: nobody adds to a file that is handed out before it is where it belongs.
    async fn index_words(&mut self) -> Result<(), CacheError> {
        sqlx::query!("INSERT INTO code_search (code_search) VALUES ('rebuild')").execute(&mut self.db).await?;
        sqlx::query!("INSERT INTO code_search (code_search) VALUES ('optimize')").execute(&mut self.db).await?;
        sqlx::query!("INSERT INTO account_search (account_search) VALUES ('rebuild')").execute(&mut self.db).await?;
        sqlx::query!("INSERT INTO account_search (account_search) VALUES ('optimize')").execute(&mut self.db).await?;
        Ok(())
    }
}

/// A definition cannot be a parameter; these are the migrations' own.
async fn define(db: &mut SqliteConnection, sql: &str) -> Result<(), CacheError> {
    QueryBuilder::<Sqlite>::new(sql).build().execute(db).await?;
    Ok(())
}
