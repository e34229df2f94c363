//! Limits that all processes of one Central count together.

mod repo;

use std::collections::{BTreeSet, HashMap};

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::problem::Code;

use crate::dialect::{self, Conn};

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

/// Counts one hit, or refuses it where the bucket is full: of many at once no more pass than one after the other. What it
/// counted of a refused one is gone with the caller's transaction.
pub(crate) async fn take(conn: &mut Conn, bucket: &str, limit: Limit, now: Timestamp) -> Result<(), Failure> {
    if count(conn, bucket, limit, now).await? <= limit.hits { Ok(()) } else { Err(limit.refusal(now)) }
}

/// Takes back one hit that was counted at that moment.
pub(crate) async fn give_back(conn: &mut Conn, bucket: &str, limit: Limit, at: Timestamp) -> Result<(), Failure> {
    repo::count(conn, bucket, limit.window_start(at), -1).await?;
    Ok(())
}

/// Refuses when the bucket is full; counts nothing.
pub(crate) async fn check(conn: &mut Conn, bucket: &str, limit: Limit, now: Timestamp) -> Result<(), Failure> {
    let hits = repo::hits(conn, bucket, limit.window_start(now)).await?.unwrap_or_default();
    if hits < limit.hits { Ok(()) } else { Err(limit.refusal(now)) }
}

/// The same for many at once, each with buckets of its own: a refusal when one of them is full.
pub(crate) async fn check_all(
    conn: &mut Conn,
    all: &[&[(String, Limit)]],
    now: Timestamp,
) -> Result<Vec<Result<(), Failure>>, Failure> {
    let window = |(bucket, limit): &'_ (String, Limit)| (bucket.clone(), limit.window_start(now));
    let windows: BTreeSet<(String, i64)> = all.iter().flat_map(|buckets| buckets.iter().map(window)).collect();
    let windows: Vec<(String, i64)> = windows.into_iter().collect();
    let hits: HashMap<String, i64> = dialect::hits_of(conn, &windows).await?.into_iter().collect();
    let full = |(bucket, limit): &&(String, Limit)| hits.get(bucket).is_some_and(|hits| *hits >= limit.hits);
    let judge = |buckets: &&[(String, Limit)]| match buckets.iter().find(full) {
        Some((_, limit)) => Err(limit.refusal(now)),
        None => Ok(()),
    };
    Ok(all.iter().map(judge).collect())
}

/// Forgets windows that ended more than a day ago.
pub(crate) async fn forget_old(conn: &mut Conn, now: Timestamp) -> Result<(), Failure> {
    Ok(repo::forget(conn, now.plus_days(-1).0).await?)
}
