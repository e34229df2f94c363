//! SQL of the shared limits.

use crate::dialect::Conn;

pub(super) async fn count(conn: &mut Conn, bucket: &str, window: i64, by: i64) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"INSERT INTO rate_window (bucket, window_start, hits) VALUES ($1, $2, $3)
           ON CONFLICT (bucket, window_start) DO UPDATE SET hits = rate_window.hits + excluded.hits
           RETURNING hits AS "hits!: i64""#,
        bucket,
        window,
        by
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn hits(conn: &mut Conn, bucket: &str, window: i64) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT hits AS "hits!: i64" FROM rate_window WHERE bucket = $1 AND window_start = $2"#,
        bucket,
        window
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn forget(conn: &mut Conn, before: i64) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM rate_window WHERE window_start < $1", before).execute(conn).await.map(|_| ())
}
