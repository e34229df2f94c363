//! What every feature is given: the store, the keys, the clock.

use std::sync::Arc;
use std::time::Duration;

use counterfoil_central_platform::clock::{Clock, ManualClock};
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::keys::Keys;
use counterfoil_central_platform::mail::Mailer;
use counterfoil_central_platform::passwords::Passwords;
use counterfoil_central_platform::settings::MAIL_KEPT_DAYS;
use counterfoil_central_platform::snapshots::Snapshots;
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::problem::Code;
use thiserror::Error;

use super::feed;
use super::live::Live;
use super::provisioning::{Clients, Wake};
use super::redemption::{Findings, Redemptions};
use super::schema::{Fit, Schema, SchemaError};
use super::work::{Wakes, Work};
use crate::dialect::{Db, ENGINE, Pool, Store, Tx};

/// How often a serving process looks whether a newer one has taken the database from it.
const SCHEMA_WATCH: Duration = Duration::from_secs(5);

/// Why a database cannot be used.
#[derive(Debug, Error)]
pub enum OpenError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Schema(#[from] SchemaError),
    #[error(
        "the key file is not the one of this database: with it every code would be unknown. Give the right one with \
         --keys, or restore it from its backup"
    )]
    OtherKeys,
    #[error("the rows that devices follow could not be counted: {0}")]
    Feed(String),
}

/// One Central process.
#[derive(Clone)]
pub struct App {
    store: Store,
    keys: Arc<Keys>,
    clock: Arc<dyn Clock>,
    passwords: Passwords,
    live: Arc<Live>,
    findings: Arc<Findings>,
    redemptions: Arc<Redemptions>,
    provisioning: Arc<Wake>,
    portal_clients: Arc<Clients>,
    portal_jobs: Arc<Wake>,
    code_jobs: Arc<Wake>,
    bulk: Arc<Wake>,
    sending: Arc<Wake>,
    commission: Arc<Wake>,
    sealing: Arc<Wake>,
    notices: Arc<Wake>,
    /// None: mail is not set up.
    mailer: Option<Arc<Mailer>>,
    mail_kept_days: u32,
    /// None: this process makes none.
    snapshots: Option<Arc<Snapshots>>,
}

impl App {
    /// Opens the database and brings its schema up to date. What a newer Central has added to it stands; where a newer
    /// one has changed what this one relies on, it is refused.
    pub async fn open(
        url: &str,
        keys: Arc<Keys>,
        clock: Arc<dyn Clock>,
        passwords: Passwords,
    ) -> Result<Self, OpenError> {
        let store = Store::open(url).await?;
        if let Fit::Ahead(migration) = store.migrate(&Schema::of_this_program()).await? {
            tracing::warn!(migration, "a newer Central has added to this database; this one goes on without it");
        }
        let app = Self {
            store,
            keys,
            clock,
            passwords,
            live: Arc::default(),
            findings: Arc::default(),
            redemptions: Arc::default(),
            provisioning: Arc::default(),
            portal_clients: Arc::default(),
            portal_jobs: Arc::default(),
            code_jobs: Arc::default(),
            bulk: Arc::default(),
            sending: Arc::default(),
            commission: Arc::default(),
            sealing: Arc::default(),
            notices: Arc::default(),
            mailer: None,
            mail_kept_days: MAIL_KEPT_DAYS,
            snapshots: None,
        };
        app.check_keys().await?;
        feed::count_uncounted(&app)
            .await
            .map_err(|failure| OpenError::Feed(failure.cause().unwrap_or_default().to_owned()))?;
        Ok(app)
    }

    /// The same, offering ready-made files from a folder.
    #[must_use]
    pub fn with_snapshots(self, snapshots: Arc<Snapshots>) -> Self {
        Self { snapshots: Some(snapshots), ..self }
    }

    /// The same, telling people of what happens by mail.
    #[must_use]
    pub fn with_mailer(self, mailer: Arc<Mailer>) -> Self {
        Self { mailer: Some(mailer), ..self }
    }

    /// The same, keeping mails that were sent for so many days.
    #[must_use]
    pub fn keeping_mail_for(self, days: u32) -> Self {
        Self { mail_kept_days: days, ..self }
    }

    pub(crate) const fn mail_kept_days(&self) -> u32 {
        self.mail_kept_days
    }

    pub(crate) fn mailer(&self) -> Option<&Arc<Mailer>> {
        self.mailer.as_ref()
    }

    /// Where shops and customers reach this Central, as the program was started.
    pub(crate) fn started_with_address(&self) -> Option<&str> {
        self.mailer.as_ref().and_then(|mailer| mailer.central_address())
    }

    pub(crate) fn snapshots(&self) -> Option<&Arc<Snapshots>> {
        self.snapshots.as_ref()
    }

    /// The first keys a database sees are its own for ever.
    async fn check_keys(&self) -> Result<(), OpenError> {
        let mut tx = self.store.begin().await?;
        let fingerprint = self.keys.fingerprint();
        let fingerprint = fingerprint.as_slice();
        sqlx::query!(
            "INSERT INTO key_check (one, fingerprint) VALUES (1, $1) ON CONFLICT (one) DO NOTHING",
            fingerprint
        )
        .execute(&mut *tx)
        .await?;
        let known = sqlx::query_scalar!("SELECT fingerprint FROM key_check WHERE one = 1").fetch_one(&mut *tx).await?;
        tx.commit().await?;
        if known == fingerprint { Ok(()) } else { Err(OpenError::OtherKeys) }
    }

    /// Begins a writing transaction for one operator.
    pub(crate) async fn begin(&self, operator: OperatorId) -> Result<Work, Failure> {
        let tx = self.store.begin().await?;
        let wakes = Wakes {
            provisioning: Arc::clone(&self.provisioning),
            commission: Arc::clone(&self.commission),
            sealing: Arc::clone(&self.sealing),
            notices: Arc::clone(&self.notices),
        };
        let mailer = self.mailer.clone();
        Ok(Work::new(tx, operator, self.clock.now(), Arc::clone(&self.live), wakes, mailer))
    }

    /// Begins a writing transaction for what belongs to no operator.
    pub(crate) async fn transaction(&self) -> Result<Tx, Failure> {
        Ok(self.store.begin().await?)
    }

    /// A connection that sees the last commit.
    pub(crate) async fn reader(&self) -> Result<sqlx::pool::PoolConnection<Db>, Failure> {
        Ok(self.store.reader().await?)
    }

    /// A transaction that sees one moment, however long it reads.
    pub(crate) async fn snapshot(&self) -> Result<sqlx::Transaction<'static, Db>, Failure> {
        Ok(self.store.snapshot().await?)
    }

    pub(crate) fn readers(&self) -> &Pool {
        self.store.readers()
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// This Central at another moment: sample data has a past.
    pub(crate) fn at(&self, moment: Timestamp) -> Self {
        Self { clock: Arc::new(ManualClock::at(moment)), ..self.clone() }
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    pub(crate) fn live(&self) -> &Live {
        &self.live
    }

    pub(crate) fn findings(&self) -> &Findings {
        &self.findings
    }

    pub(crate) fn redemptions(&self) -> &Redemptions {
        &self.redemptions
    }

    /// Told after each commit that wants something written to a portal.
    pub(crate) fn provisioning_wake(&self) -> &Wake {
        &self.provisioning
    }

    /// Told after each commit of a sale whose shares are due.
    pub(crate) fn commission_wake(&self) -> &Wake {
        &self.commission
    }

    /// Told when a sending was started or cancelled.
    pub(crate) fn sending_wake(&self) -> &Wake {
        &self.sending
    }

    /// Told after each commit that has a line of the audit in it.
    pub(crate) fn sealing_wake(&self) -> &Wake {
        &self.sealing
    }

    /// Told after each commit that has a mail to send.
    pub(crate) fn notices_wake(&self) -> &Wake {
        &self.notices
    }

    pub(crate) fn portal_clients(&self) -> &Clients {
        &self.portal_clients
    }

    /// Told after each commit that starts a job of a portal.
    pub(crate) fn portal_jobs_wake(&self) -> &Wake {
        &self.portal_jobs
    }

    /// Told after each commit that starts a job of a lot.
    pub(crate) fn code_jobs_wake(&self) -> &Wake {
        &self.code_jobs
    }

    /// Told after each commit that has something to do with many accounts.
    pub(crate) fn bulk_wake(&self) -> &Wake {
        &self.bulk
    }

    /// Requests that may share a transaction or a commit.
    pub(crate) fn together(&self) -> usize {
        self.store.together()
    }

    /// Ends the live streams, which would otherwise never end, before this process stops.
    pub fn end_live_streams(&self) {
        self.live.stop();
    }

    /// The database answers and has a schema for this program.
    pub(crate) async fn check_ready(&self) -> Result<(), Failure> {
        let checked = Schema::of_this_program().check(&mut *self.reader().await?).await;
        match checked {
            Ok(Fit::Exact | Fit::Ahead(_)) => Ok(()),
            Err(SchemaError::Database(error)) => Err(error.into()),
            Err(other) => Err(Failure::new(Code::Unavailable, format!("{other}."))),
        }
    }

    /// Ends when the database was taken by a newer Central that this one must not write beside, and says why.
    pub async fn superseded(&self) -> SchemaError {
        let schema = Schema::of_this_program();
        loop {
            if let Ok(mut reader) = self.reader().await
                && let Err(error @ SchemaError::Newer { .. }) = schema.check(&mut reader).await
            {
                return error;
            }
            tokio::time::sleep(SCHEMA_WATCH).await;
        }
    }

    /// Connections now open and idle, and live streams, for `/metrics`.
    pub fn observe(&self) {
        let pool = self.readers();
        let labels = [("engine", ENGINE)];
        metrics::gauge!("counterfoil_pool_connections", &labels).set(f64::from(pool.size()));
        let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
        metrics::gauge!("counterfoil_pool_idle_connections", &labels).set(f64::from(idle));
        let streams = u32::try_from(self.live.count()).unwrap_or(u32::MAX);
        metrics::gauge!("counterfoil_live_streams").set(f64::from(streams));
    }

    pub async fn close(&self) {
        self.store.close().await;
    }
}
