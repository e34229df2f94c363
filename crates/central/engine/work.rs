//! A unit of work: one writing transaction that knows which followed rows it touched.

use std::collections::BTreeMap;
use std::sync::Arc;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::feed;
use super::live::Live;
use super::provisioning::Wake;
use crate::dialect::{Conn, Tx};

/// A writing transaction. Dropped without [`Work::commit`], nothing happened.
///
/// What it read may not be durable before its own commit returns: on SQLite several units share one. So a success is told
/// after the commit only, even where nothing was changed.
///
/// Locks are taken in one order everywhere: device, lease by id, candidates and codes, subscribers by id, request for credit
/// or what was given to a downline, ledger accounts (one reseller's after another's and by id), feed. The feed is the last, inside [`Work::stamp`].
pub(crate) struct Work {
    tx: Tx,
    operator: OperatorId,
    now: Timestamp,
    touched: BTreeMap<(FeedTable, Uuid), Touched>,
    stamped: bool,
    live: Arc<Live>,
    wakes: Wakes,
    provisioning_wanted: bool,
    audited: bool,
    /// Postings that are judged and not yet written.
    owed: i64,
}

/// Who is told of a commit that has something for them.
pub(crate) struct Wakes {
    pub(crate) provisioning: Arc<Wake>,
    pub(crate) sealing: Arc<Wake>,
}

/// What a transaction did to a row that devices follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Touched {
    /// It is new or changed and stands here: path of the owning reseller; empty for what all devices see.
    At(String),
    /// It is not there any more.
    Gone,
}

impl Work {
    pub(crate) fn new(tx: Tx, operator: OperatorId, now: Timestamp, live: Arc<Live>, wakes: Wakes) -> Self {
        let (touched, stamped, provisioning_wanted, audited, owed) = (BTreeMap::new(), false, false, false, 0);
        Self { tx, operator, now, touched, stamped, live, wakes, provisioning_wanted, audited, owed }
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

    /// Marks a row changed; devices in its scope will receive it. Where it stood elsewhere before, devices that see it
    /// no more will be told so.
    pub(crate) fn touch(&mut self, table: FeedTable, key: impl Into<Uuid>, scope_path: &str) {
        self.touched.insert((table, key.into()), Touched::At(scope_path.to_owned()));
    }

    /// Marks a row deleted.
    #[cfg_attr(not(test), expect(dead_code, reason = "nothing that devices follow can be deleted yet"))]
    pub(crate) fn remove(&mut self, table: FeedTable, key: impl Into<Uuid>) {
        self.touched.insert((table, key.into()), Touched::Gone);
    }

    /// Whoever writes to portals has something to do once this is committed.
    pub(crate) fn wake_provisioning(&mut self) {
        self.provisioning_wanted = true;
    }

    /// Whoever seals the audit has something to do once this is committed.
    pub(crate) fn wake_sealing(&mut self) {
        self.audited = true;
    }

    /// Counts postings that the ledger laid up, and takes off those it has written.
    pub(crate) fn owe_writing(&mut self, postings: i64) {
        self.owed += postings;
    }

    /// Takes the last lock and gives every touched row this transaction's version. Nothing else may lock after it.
    pub(crate) async fn stamp(&mut self) -> Result<i64, Failure> {
        let touched = std::mem::take(&mut self.touched);
        self.stamped = true;
        feed::stamp(self, &touched).await
    }

    /// Stamps what is not yet stamped, commits, and wakes whoever tells listening devices.
    pub(crate) async fn commit(mut self) -> Result<(), Failure> {
        if self.owed != 0 {
            return Err(Failure::internal(format!("{} postings were not written", self.owed)));
        }
        if !self.touched.is_empty() {
            self.stamp().await?;
        }
        self.tx.commit().await?;
        if self.stamped {
            self.live.committed();
        }
        if self.provisioning_wanted {
            self.wakes.provisioning.notify_one();
        }
        if self.audited {
            self.wakes.sealing.notify_one();
        }
        Ok(())
    }
}
