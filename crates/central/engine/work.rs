//! A unit of work: one writing transaction that knows which followed rows it touched.

use std::collections::BTreeSet;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::feed;
use crate::dialect::{Conn, Tx};

/// A writing transaction. Dropped without [`Work::commit`], nothing happened.
///
/// What it read may not be durable before its own commit returns: on SQLite several units share one. So a success is told
/// after the commit only, even where nothing was changed.
///
/// Locks are taken in one order everywhere: device, lease, candidates, ledger accounts by id, feed. The feed is the
/// last, inside [`Work::stamp`].
pub(crate) struct Work {
    tx: Tx,
    operator: OperatorId,
    now: Timestamp,
    touched: BTreeSet<Touched>,
    /// Postings that are judged and not yet written.
    owed: i64,
}

/// A row that devices follow and this transaction changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Touched {
    pub(crate) table: FeedTable,
    pub(crate) key: Uuid,
    /// Path of the owning reseller; empty for what all devices see.
    pub(crate) scope_path: String,
    pub(crate) gone: bool,
}

impl Work {
    pub(crate) fn new(tx: Tx, operator: OperatorId, now: Timestamp) -> Self {
        Self { tx, operator, now, touched: BTreeSet::new(), owed: 0 }
    }

    pub(crate) fn conn(&mut self) -> &mut Conn {
        &mut self.tx
    }

    pub(crate) const fn operator(&self) -> OperatorId {
        self.operator
    }

    /// The time of the whole transaction.
    pub(crate) const fn now(&self) -> Timestamp {
        self.now
    }

    /// Marks a row changed; devices in its scope will receive it.
    pub(crate) fn touch(&mut self, table: FeedTable, key: impl Into<Uuid>, scope_path: &str) {
        self.touched.insert(Touched { table, key: key.into(), scope_path: scope_path.to_owned(), gone: false });
    }

    /// Counts postings that the ledger laid up, and takes off those it has written.
    pub(crate) fn owe_writing(&mut self, postings: i64) {
        self.owed += postings;
    }

    /// Takes the last lock and gives every touched row this transaction's version. Nothing else may lock after it.
    pub(crate) async fn stamp(&mut self) -> Result<i64, Failure> {
        let touched = std::mem::take(&mut self.touched);
        feed::stamp(self, &touched).await
    }

    /// Stamps what is not yet stamped, and commits.
    pub(crate) async fn commit(mut self) -> Result<(), Failure> {
        if self.owed != 0 {
            return Err(Failure::internal(format!("{} postings were not written", self.owed)));
        }
        if !self.touched.is_empty() {
            self.stamp().await?;
        }
        Ok(self.tx.commit().await?)
    }
}
