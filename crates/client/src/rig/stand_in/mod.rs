//! Central as far as a sync needs it, with faults at will: rows, a log, leases, a ready-made file.

mod answers;
mod desk;
mod file;
mod portals;
mod sessions;
mod steps;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::routing::{get, post, put};
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::digest::Digests;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{AccountId, DeviceId, Epoch, LeaseId};
use counterfoil_domain::oplog::{Known, LogHead, RejectCode};
use counterfoil_wire::accounts::Account;
use counterfoil_wire::brand::ShownBrand;
use counterfoil_wire::orders::Order;
use counterfoil_wire::portals::{Portal, PortalStanding};
use counterfoil_wire::pull::{Change, FeedRow, Gone};
use counterfoil_wire::push::MAX_OPS;
use counterfoil_wire::sessions::SessionView;
use counterfoil_wire::snapshot::SnapshotManifest;
use tokio::sync::Notify;
use uuid::Uuid;

pub(super) use desk::ACCESS;
pub(super) use steps::{in_step, opened, restarted, synced, usernames};

use super::{Rig, TestClock};
use crate::client::Client;
use crate::till::Till;

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It never arrives.
    Unheard,
    /// It is done, and the answer is lost.
    Unanswered,
    /// Nothing comes, ever.
    Hang,
    /// It arrives, and is done when the test lets it go on.
    Held,
    /// Central has no time for it, and says so.
    Busy,
}

/// Where a held request waits.
#[derive(Debug, Default)]
pub(super) struct Gate {
    pub(super) arrived: Notify,
    pub(super) go_on: Notify,
}

#[derive(Debug, Clone)]
pub(super) struct Logged {
    pub(super) seq: u32,
    /// None at the end of a declared loss.
    pub(super) text: Option<String>,
    pub(super) head: LogHead,
}

/// Everything it knows, and everything that is to go wrong.
pub(super) struct World {
    pub(super) epoch: Epoch,
    pub(super) version: i64,
    /// Each row at its newest version; none once it is gone.
    pub(super) rows: BTreeMap<Uuid, (i64, Option<Account>)>,
    pub(super) orders: BTreeMap<Uuid, (i64, Order)>,
    /// Of all other tables.
    pub(super) others: BTreeMap<Uuid, (i64, FeedRow)>,
    /// Ids of the steps of orders that were taken, and of settlements.
    pub(super) steps: Vec<Uuid>,
    /// To the provider, minor units.
    pub(super) owed: i64,
    /// It is from before orders: asked how many tables a device knows, it does not understand.
    pub(super) before_orders: bool,
    /// The operator's, with what accounts should be on each of them.
    pub(super) portals: Vec<Portal>,
    pub(super) standings: Vec<PortalStanding>,
    pub(super) log: Vec<Logged>,
    /// Operations in one answer about the log.
    pub(super) log_page: usize,
    pub(super) watermark: u32,
    /// The hashes of its audit, from line 1 on.
    pub(super) audit: Vec<String>,
    /// What it says the device shows; one from before brands says nothing.
    pub(super) brand: Option<ShownBrand>,
    /// The logos it has, by their names.
    pub(super) logos: BTreeMap<String, Vec<u8>>,
    pub(super) lost_leases: bool,
    /// Ids of the leases that were asked for.
    pub(super) leases_asked: Vec<LeaseId>,
    /// Refuses every operation, as a business would.
    pub(super) rejects: Option<RejectCode>,
    /// Pulls answered with nothing at all.
    pub(super) unchanged: u32,
    pub(super) page: usize,
    /// Its digests are of other rows.
    pub(super) wrong_digests: bool,
    pub(super) file: Option<(SnapshotManifest, Vec<u8>)>,
    /// It is being made: so many questions are answered "later".
    pub(super) later: u32,
    /// The next answers with bytes break off after so many.
    pub(super) cuts: VecDeque<usize>,
    /// Where the device collects them.
    pub(super) part: PathBuf,
    /// So many answers carry a wrong byte.
    pub(super) damaged: u32,
    /// On this clock a minute passes until the first bytes of a part are there.
    pub(super) slow: Option<Arc<TestClock>>,
    /// By the number of the request, counted from the first.
    pub(super) faults: BTreeMap<usize, Fault>,
    pub(super) gate: Arc<Gate>,
    /// Of whoever is signed in; only this device's is the current one.
    pub(super) sessions: Vec<SessionView>,
    /// What somebody else chose for whoever signs in; another one is needed.
    pub(super) given_password: Option<String>,
    /// Ids under which machines were enrolled, in order.
    pub(super) enrolled: Vec<DeviceId>,
    /// The device was reported as lost.
    pub(super) blocked: bool,
    /// What a sign-in has to show beside the password.
    pub(super) second_factor: Option<&'static str>,
    /// `GET /api/v1/…` with the range, in order.
    pub(super) requests: Vec<String>,
}

#[derive(Clone)]
pub(super) struct StandIn(Arc<Mutex<World>>);

impl StandIn {
    /// Serves until the test ends.
    pub(super) async fn start() -> (Self, SocketAddr) {
        let world = World {
            epoch: Epoch(Uuid::from_u128(0xe1)),
            version: 0,
            rows: BTreeMap::new(),
            orders: BTreeMap::new(),
            others: BTreeMap::new(),
            steps: Vec::new(),
            owed: 0,
            before_orders: false,
            portals: Vec::new(),
            standings: Vec::new(),
            log: Vec::new(),
            log_page: MAX_OPS,
            watermark: 0,
            audit: Vec::new(),
            brand: None,
            logos: BTreeMap::new(),
            lost_leases: false,
            leases_asked: Vec::new(),
            rejects: None,
            unchanged: 0,
            page: 2_000,
            wrong_digests: false,
            file: None,
            later: 0,
            cuts: VecDeque::new(),
            part: PathBuf::new(),
            damaged: 0,
            slow: None,
            faults: BTreeMap::new(),
            gate: Arc::default(),
            sessions: Vec::new(),
            given_password: None,
            enrolled: Vec::new(),
            blocked: false,
            second_factor: None,
            requests: Vec::new(),
        };
        let central = Self(Arc::new(Mutex::new(world)));
        let router = Router::new()
            .route("/api/v1/sync/push", post(answers::push))
            .route("/api/v1/sync/pull", get(answers::pull))
            .route("/api/v1/sync/audit", post(answers::checkpoints))
            .route("/api/v1/sync/log", get(answers::log_tail))
            .route("/api/v1/sync/leases/present", post(answers::present))
            .route("/api/v1/sync/snapshot", get(file::manifest))
            .route("/api/v1/sync/snapshot/{id}", get(file::bytes))
            .route("/api/v1/sync/leases", post(answers::no_credit))
            .route("/api/v1/sync/devices", post(sessions::enrol))
            .merge(desk::routes())
            .route("/api/v1/public/brand/logo/{hash}", get(answers::logo))
            .route("/api/v1/about", get(sessions::about))
            .route("/api/v1/reseller/login", post(sessions::shop))
            .route("/api/v1/me/password", put(sessions::change_password))
            .route("/api/v1/admin/portals", get(portals::list))
            .route("/api/v1/admin/portals/{id}/standings", get(portals::standings))
            .fallback(answers::not_found)
            .layer(axum::middleware::from_fn_with_state(central.clone(), answers::faulty))
            .with_state(central.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("listens");
        let address = listener.local_addr().expect("address");
        tokio::spawn(async move { axum::serve(listener, router).await });
        (central, address)
    }

    /// With a device enrolled at it, which holds a lease and syncs only when it is asked to.
    pub(super) async fn with_till() -> (Self, Rig, Arc<Client>, Arc<Till>) {
        let (central, address) = Self::start().await;
        let rig = Rig::at(format!("http://{address}"));
        central.world().part = rig.folder.path().join("snapshot.part");
        let client = rig.open().await;
        let till = client.till().expect("open");
        till.sync.stop();
        rig.enrol(&till).await;
        rig.grant(&till, 1, 300, 128).await;
        (central, rig, client, till)
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().expect("the world")
    }

    /// Changes an account, or ends it.
    pub(super) fn set(&self, key: u128, username: Option<&str>) {
        let mut world = self.world();
        world.version += 1;
        let version = world.version;
        let account = username.map(|username| Account {
            account_id: AccountId(Uuid::from_u128(key)),
            version: 1,
            reseller_id: None,
            username: username.into(),
            email: None,
            mac: None,
            notes: String::new(),
            status: AccountStatus::Active,
            plan_id: None,
            plan_name: None,
            price: None,
            last_day: None,
            ends_at: None,
            max_connections: 1,
            created_at: counterfoil_domain::time::Timestamp(0),
            last_access_at: None,
        });
        world.rows.insert(Uuid::from_u128(key), (version, account));
    }

    /// An order comes, or changes.
    pub(super) fn set_order(&self, order: Order) {
        let mut world = self.world();
        world.version += 1;
        let version = world.version;
        world.orders.insert(order.order_id.0, (version, order));
    }

    /// A row of another table comes, or changes.
    pub(super) fn set_row(&self, row: FeedRow) {
        let mut world = self.world();
        world.version += 1;
        let version = world.version;
        world.others.insert(row.place().1, (version, row));
    }

    pub(super) fn fill(&self, keys: std::ops::Range<u128>) {
        for key in keys {
            self.set(key, Some(&format!("account-{key}")));
        }
    }

    /// The next operation of its log arrives by another way than the one looked at.
    pub(super) fn hears(&self, text: &str) {
        let mut world = self.world();
        let head = world.head().extend(text.as_bytes());
        world.version += 1;
        world.put(Logged { seq: head.seq, text: Some(text.into()), head });
    }

    /// As a backup holds it: the log up to `seq`, another epoch.
    pub(super) fn restore(&self, seq: u32) {
        let mut world = self.world();
        world.epoch = Epoch(Uuid::from_u128(world.epoch.0.as_u128() + 1));
        world.log.retain(|logged| logged.seq <= seq);
        world.lost_leases = true;
    }

    /// How often a request was made whose text begins so.
    pub(super) fn count(&self, beginning: &str) -> usize {
        self.world().requests.iter().filter(|request| request.starts_with(beginning)).count()
    }

    pub(super) fn forget_requests(&self) {
        self.world().requests.clear();
    }

    /// What every device should see.
    pub(super) fn usernames(&self) -> BTreeSet<String> {
        self.world().rows.values().filter_map(|(_, row)| Some(row.as_ref()?.username.clone())).collect()
    }
}

impl World {
    pub(super) fn head(&self) -> LogHead {
        self.log.last().map_or_else(|| LogHead::genesis(DeviceId(Uuid::from_u128(0xd1))), |last| last.head)
    }

    fn known_at(&self, seq: u32) -> Option<Known> {
        if seq == 0 {
            return Some(Known { hash: LogHead::genesis(DeviceId(Uuid::from_u128(0xd1))).hash, lost: false });
        }
        let logged = self.log.iter().find(|logged| logged.seq == seq)?;
        Some(Known { hash: logged.head.hash, lost: logged.text.is_none() })
    }

    fn put(&mut self, logged: Logged) {
        self.log.retain(|other| other.seq != logged.seq);
        self.log.push(logged);
        self.log.sort_by_key(|logged| logged.seq);
    }

    /// Numbers of the operations it has, in order.
    pub(super) fn numbers(&self) -> Vec<u32> {
        self.log.iter().filter(|logged| logged.text.is_some()).map(|logged| logged.seq).collect()
    }

    /// Every row at its newest version, those that are gone too.
    fn feed(&self) -> Vec<Change> {
        let account = |(key, (version, row)): (&Uuid, &(i64, Option<Account>))| {
            let gone = FeedRow::Gone(Gone { of: FeedTable::Account, key: *key });
            Change { version: *version, row: row.clone().map_or(gone, FeedRow::Account) }
        };
        let accounts = self.rows.iter().map(account);
        let orders = self.orders.values();
        let others = self.others.values().map(|(version, row)| Change { version: *version, row: row.clone() });
        accounts
            .chain(
                orders
                    .map(|(version, order)| Change { version: *version, row: FeedRow::Order(Box::new(order.clone())) }),
            )
            .chain(others)
            .collect()
    }

    /// Every row that is there.
    fn changes(&self) -> Vec<Change> {
        self.feed().into_iter().filter(|change| !matches!(change.row, FeedRow::Gone(_))).collect()
    }

    fn digests(&self) -> Digests {
        let mut digests = Digests::default();
        for change in self.changes() {
            let (table, key) = change.row.place();
            digests.add(table, key, change.version);
        }
        if self.wrong_digests {
            digests.add(FeedTable::Plan, Uuid::from_u128(1), 1);
        }
        digests
    }
}
