//! Limits on guessing. An honest slip passes the check symbol in one of twenty-five cases, so a well-formed code that
//! nobody knows is treated as hostile; one that is known costs nothing.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::CodeId;
use counterfoil_domain::time::Timestamp;

use super::repo::Attempt;
use crate::dialect::{self, Conn};
use crate::engine::App;
use crate::engine::rate::{self, Limit};

const HOUR_MS: i64 = 3_600_000;

const PER_SUBJECT: Limit = Limit { hits: 5, window_ms: HOUR_MS / 4 };
const PER_NETWORK: Limit = Limit { hits: 30, window_ms: HOUR_MS };
/// One a second over the window, in bursts of a hundred.
const OVERALL: Limit = Limit { hits: 100, window_ms: 100_000 };

/// Who tries: an account where one is named, and the network in any case.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    buckets: Vec<(String, Limit)>,
    address: String,
}

impl Guard {
    /// `subject` is what the tries are for; none for a mere look-up.
    pub(crate) fn new(subject: Option<&str>, address: ClientAddress) -> Self {
        let mut buckets =
            vec![("miss/all".to_owned(), OVERALL), (format!("miss/network/{}", address.network()), PER_NETWORK)];
        if let Some(subject) = subject {
            buckets.push((format!("miss/account/{subject}"), PER_SUBJECT));
        }
        Self { buckets, address: address.to_string() }
    }

    /// Refuses before anything is looked up when there were too many misses.
    pub(crate) async fn check(&self, conn: &mut Conn, now: Timestamp) -> Result<(), Failure> {
        Self::check_all(&[self], conn, now).await?.pop().unwrap_or(Ok(()))
    }

    /// The same for many, in their order.
    pub(crate) async fn check_all(
        guards: &[&Self],
        conn: &mut Conn,
        now: Timestamp,
    ) -> Result<Vec<Result<(), Failure>>, Failure> {
        let buckets: Vec<&[(String, Limit)]> = guards.iter().map(|guard| guard.buckets.as_slice()).collect();
        rate::check_all(conn, &buckets, now).await
    }

    /// Counts a miss.
    pub(crate) async fn miss(&self, app: &App) -> Result<(), Failure> {
        let (mut tx, now) = (app.transaction().await?, app.now());
        for (bucket, limit) in &self.buckets {
            rate::count(&mut tx, bucket, *limit, now).await?;
        }
        self.note(&mut tx, None, "unknown", now).await?;
        Ok(tx.commit().await?)
    }

    /// Notes a try that was refused, in a transaction of its own: the refused one is gone.
    pub(crate) async fn refused(&self, app: &App, code: Option<CodeId>, outcome: &str) -> Result<(), Failure> {
        let (mut tx, now) = (app.transaction().await?, app.now());
        self.note(&mut tx, code, outcome, now).await?;
        Ok(tx.commit().await?)
    }

    /// A try for the log of attempts. The text that was typed is not kept.
    pub(super) fn attempt<'a>(&'a self, code: Option<CodeId>, outcome: &'a str, now: Timestamp) -> Attempt<'a> {
        Attempt { id: mint(now), at: now, address: &self.address, code, outcome }
    }

    async fn note(&self, conn: &mut Conn, code: Option<CodeId>, outcome: &str, now: Timestamp) -> Result<(), Failure> {
        Ok(dialect::insert_attempts(conn, &[self.attempt(code, outcome, now)]).await?)
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}
