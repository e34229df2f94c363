//! Migrations: they only add, a copy is kept before one runs, and a database from the future is refused.

use std::path::Path;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::SqlitePool;

use super::StoreError;
use crate::atomic_file;

static LOCAL: Migrator = sqlx::migrate!("../../migrations/desktop/local");

pub(super) async fn local(pool: &SqlitePool, file: &Path) -> Result<(), StoreError> {
    let applied = applied(pool).await?;
    let newest = LOCAL.iter().map(|migration| migration.version).max().unwrap_or_default();
    if applied.is_some_and(|version| version > newest) {
        return Err(StoreError::FromTheFuture("local.db"));
    }
    if let Some(version) = applied.filter(|version| *version < newest) {
        keep_copy(pool, file, version).await?;
    }
    LOCAL.run(pool).await.map_err(|error| of_migration("local.db", error))
}

pub(super) async fn cache(pool: &SqlitePool) -> Result<(), StoreError> {
    Ok(counterfoil_cache::migrate(pool).await?)
}

/// The newest migration in the file; none in a new one.
async fn applied(pool: &SqlitePool) -> Result<Option<i64>, StoreError> {
    let known: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'")
            .fetch_one(pool)
            .await?;
    if known == 0 {
        return Ok(None);
    }
    Ok(sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations").fetch_one(pool).await?)
}

/// `local.db.before-2`: the whole file, still encrypted, taken while nobody writes.
async fn keep_copy(pool: &SqlitePool, file: &Path, version: i64) -> Result<(), StoreError> {
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(pool).await?;
    let mut copy = file.as_os_str().to_owned();
    copy.push(format!(".before-{}", version + 1));
    let content = std::fs::read(file).map_err(|error| StoreError::of_file("local.db cannot be copied", error))?;
    atomic_file::write(Path::new(&copy), &content)
        .map_err(|error| StoreError::of_file("the copy of local.db cannot be written", error))
}

fn of_migration(file: &'static str, error: MigrateError) -> StoreError {
    match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => StoreError::FromTheFuture(file),
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        other => StoreError::Damaged { file, detail: other.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
    use sqlx::{Connection as _, query, query_as, raw_sql};

    type LogRow = (i64, Vec<u8>, String, Option<Vec<u8>>, Option<i64>, Option<Vec<u8>>, Option<i64>, String, Vec<u8>);
    type Answer = (i64, Option<String>, Option<String>, Option<i64>, bool);

    async fn log(db: &mut SqliteConnection) -> (Vec<LogRow>, Vec<Answer>) {
        let rows = query_as(
            "SELECT op_seq, op_id, kind, lease_id, seq_from, order_id, units, body, hash FROM op ORDER BY op_seq",
        );
        let answers = query_as("SELECT created_at, outcome, reason, acked_version, dismissed FROM op ORDER BY op_seq");
        (rows.fetch_all(&mut *db).await.expect("rows"), answers.fetch_all(db).await.expect("answers"))
    }

    #[tokio::test]
    async fn the_log_of_a_desktop_before_portals_moves_byte_for_byte() {
        let mut db =
            SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(":memory:")).await.expect("opens");
        for before in [
            include_str!("../../../../migrations/desktop/local/0001_start.sql"),
            include_str!("../../../../migrations/desktop/local/0002_backup.sql"),
            include_str!("../../../../migrations/desktop/local/0003_audit.sql"),
            include_str!("../../../../migrations/desktop/local/0004_fulfilments.sql"),
        ] {
            raw_sql(before).execute(&mut db).await.expect("migrated");
        }
        query(
            "INSERT INTO op (op_seq, op_id, kind, lease_id, seq_from, seq_to, order_id, units, body, hash, created_at,
                outcome, reason, acked_version, dismissed)
            VALUES (1, x'01', 'sale', x'a1', 1, 3, NULL, NULL, '{\"a\": 1}', x'0102', 10, 'applied', NULL, 7, FALSE),
                (2, x'02', 'fulfilment', NULL, NULL, NULL, x'b1', 2, '{ }', x'0304', 20, 'rejected', 'order_moved', 8, TRUE),
                (3, x'03', 'close_lease', x'a1', 3, 3, NULL, NULL, '{}', x'0506', 30, NULL, NULL, NULL, FALSE)",
        )
        .execute(&mut db)
        .await
        .expect("a log");
        let before = log(&mut db).await;
        assert_eq!(before.0.len(), 3);
        let portals = include_str!("../../../../migrations/desktop/local/0005_direct.sql");
        raw_sql(portals).execute(&mut db).await.expect("migrated");
        assert_eq!(log(&mut db).await, before);
        let repeated = include_str!("../../../../migrations/desktop/local/0007_repeated.sql");
        raw_sql(repeated).execute(&mut db).await.expect("migrated");
        assert_eq!(log(&mut db).await, before);
        // An operation about a portal is about no lease, and says which account.
        for wrong in [
            "INSERT INTO op (op_seq, op_id, kind, body, hash, created_at) VALUES (4, x'04', 'reprovision', '', x'', 1)",
            "INSERT INTO op (op_seq, op_id, kind, portal_id, account_id, body, hash, created_at)
            VALUES (4, x'04', 'box_contact', x'c1', x'd1', '', x'', 1)",
            "INSERT INTO op (op_seq, op_id, kind, lease_id, portal_id, account_id, body, hash, created_at)
            VALUES (4, x'04', 'reprovision', x'a1', x'c1', x'd1', '', x'', 1)",
        ] {
            raw_sql(wrong).execute(&mut db).await.expect_err("refused");
        }
    }
}
