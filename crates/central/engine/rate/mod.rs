//! Limits that all processes of one Central count together.

mod repo;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::problem::Code;

use crate::dialect::Conn;

/// At most `hits` in each `window_ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit {
    pub(crate) hits: i64,
    pub(crate) window_ms: i64,
}

impl Limit {
    fn window_start(self, now: Timestamp) -> i64 {
        now.0 - now.0.rem_euclid(self.window_ms)
    }

    fn refusal(self, now: Timestamp) -> Failure {
        let left = self.window_start(now) + self.window_ms - now.0;
        Failure::new(Code::RateLimited, "Too many tries from here. Wait a little and try again.")
            .retry_after_ms(u64::try_from(left).unwrap_or_default())
    }
}

/// Counts one hit and says how many there are in this window, itself included.
pub(crate) async fn count(conn: &mut Conn, bucket: &str, limit: Limit, now: Timestamp) -> Result<i64, Failure> {
    Ok(repo::count(conn, bucket, limit.window_start(now), 1).await?)
}

/// Refuses when the bucket is full; counts nothing.
pub(crate) async fn check(conn: &mut Conn, bucket: &str, limit: Limit, now: Timestamp) -> Result<(), Failure> {
    let hits = repo::hits(conn, bucket, limit.window_start(now)).await?.unwrap_or_default();
    if hits < limit.hits { Ok(()) } else { Err(limit.refusal(now)) }
}

/// The same for several buckets at once.
pub(crate) async fn check_all(conn: &mut Conn, buckets: &[(String, Limit)], now: Timestamp) -> Result<(), Failure> {
    let windows: Vec<(&str, i64)> =
        buckets.iter().map(|(bucket, limit)| (bucket.as_str(), limit.window_start(now))).collect();
    for (bucket, hits) in repo::hits_of(conn, &windows).await? {
        let full = buckets.iter().find(|(name, limit)| *name == bucket && hits >= limit.hits);
        if let Some((_, limit)) = full {
            return Err(limit.refusal(now));
        }
    }
    Ok(())
}

/// Forgets windows that ended more than a day ago.
pub(crate) async fn forget_old(conn: &mut Conn, now: Timestamp) -> Result<(), Failure> {
    Ok(repo::forget(conn, now.plus_days(-1).0).await?)
}
