//! A unit of work: one writing transaction that knows which followed rows it touched.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::mail::Mailer;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::live::News;
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
/// Locks are taken in one order everywhere: device, lease by id, kept lot, candidates and codes, subscribers by id, request for credit
/// or what was given to a downline, offering and relationship, order by id, ledger accounts (one reseller's after another's and by id), feed. The feed is the last, inside [`Work::stamp`].
pub(crate) struct Work {
    tx: Tx,
    operator: OperatorId,
    now: Timestamp,
    touched: BTreeMap<(FeedTable, Uuid), Touched>,
    /// What else changed, and where.
    news: BTreeSet<(News, String)>,
    stamped: bool,
    live: Arc<Live>,
    wakes: Wakes,
    woken: BTreeSet<Woken>,
    /// None: mail is not set up, and nobody is told by it.
    mailer: Option<Arc<Mailer>>,
    /// Postings that are judged and not yet written.
    owed: i64,
}

/// Who is told of a commit that has something for them.
pub(crate) struct Wakes {
    pub(crate) provisioning: Arc<Wake>,
    pub(crate) commission: Arc<Wake>,
    pub(crate) sealing: Arc<Wake>,
    pub(crate) notices: Arc<Wake>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Woken {
    Provisioning,
    Commission,
    Sealing,
    Notices,
}

impl Wakes {
    const fn of(&self, woken: Woken) -> &Arc<Wake> {
        match woken {
            Woken::Provisioning => &self.provisioning,
            Woken::Commission => &self.commission,
            Woken::Sealing => &self.sealing,
            Woken::Notices => &self.notices,
        }
    }
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
    pub(crate) fn new(
        tx: Tx,
        operator: OperatorId,
        now: Timestamp,
        live: Arc<Live>,
        wakes: Wakes,
        mailer: Option<Arc<Mailer>>,
    ) -> Self {
        let (touched, news, stamped, owed) = (BTreeMap::new(), BTreeSet::new(), false, 0);
        Self { tx, operator, now, touched, news, stamped, live, wakes, woken: BTreeSet::new(), mailer, owed }
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

    /// Says that something changed that devices do not follow row by row, but show when they ask. The devices of the reseller
    /// with this path will be told so, and the operator's; for `device::STAFF_ONLY` only these.
    pub(crate) fn ring(&mut self, news: News, scope_path: &str) {
        self.news.insert((news, scope_path.to_owned()));
    }

    /// Marks a row deleted.
    #[cfg_attr(not(test), expect(dead_code, reason = "nothing that devices follow can be deleted yet"))]
    pub(crate) fn remove(&mut self, table: FeedTable, key: impl Into<Uuid>) {
        self.touched.insert((table, key.into()), Touched::Gone);
    }

    /// Whoever writes to portals has something to do once this is committed.
    pub(crate) fn wake_provisioning(&mut self) {
        self.woken.insert(Woken::Provisioning);
    }

    /// Whoever posts commission has something to do once this is committed.
    pub(crate) fn wake_commission(&mut self) {
        self.woken.insert(Woken::Commission);
    }

    /// Whoever seals the audit has something to do once this is committed.
    pub(crate) fn wake_sealing(&mut self) {
        self.woken.insert(Woken::Sealing);
    }

    /// Whoever sends mail has something to do once this is committed.
    pub(crate) fn wake_notices(&mut self) {
        self.woken.insert(Woken::Notices);
    }

    /// Through whom mail goes; none when it is not set up.
    pub(crate) fn mailer(&self) -> Option<&Arc<Mailer>> {
        self.mailer.as_ref()
    }

    /// Counts postings that the ledger laid up, and takes off those it has written.
    pub(crate) fn owe_writing(&mut self, postings: i64) {
        self.owed += postings;
    }

    /// Takes the last lock and gives every touched row this transaction's version. Nothing else may lock after it.
    pub(crate) async fn stamp(&mut self) -> Result<i64, Failure> {
        let (touched, news) = (std::mem::take(&mut self.touched), std::mem::take(&mut self.news));
        self.stamped = true;
        feed::stamp(self, &touched, &news).await
    }

    /// Stamps what is not yet stamped, commits, and wakes whoever tells listening devices.
    pub(crate) async fn commit(mut self) -> Result<(), Failure> {
        if self.owed != 0 {
            return Err(Failure::internal(format!("{} postings were not written", self.owed)));
        }
        if !self.touched.is_empty() || !self.news.is_empty() {
            self.stamp().await?;
        }
        self.tx.commit().await?;
        if self.stamped {
            self.live.committed();
        }
        for woken in &self.woken {
            self.wakes.of(*woken).notify_one();
        }
        Ok(())
    }
}
