//! Rows that move between resellers, leave and come back: what each device makes of the feed is what it may see, and its
//! digest is Central's.

use std::collections::{BTreeMap, BTreeSet};

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::digest::Digests;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{AccountId, ResellerId};
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::pull::{FeedRow, PullPage};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use uuid::Uuid;

use super::desk::Desk;
use super::proof::{count, prove};
use super::world::{Answer, START, World};
use crate::dialect::Db;
use crate::engine::device::STAFF_ONLY;
use crate::engine::feed;

/// Accounts that a story moves about.
const ACCOUNTS: usize = 6;

/// A device and what it made of the feed so far.
struct Viewer {
    desk: Desk,
    /// Path; empty for staff.
    path: String,
    cursor: Option<String>,
    rows: BTreeMap<(FeedTable, Uuid), i64>,
}

impl Viewer {
    async fn ask(&self, world: &World, limit: u32) -> Answer {
        let cursor = self.cursor.as_ref().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let path = format!("/api/v1/sync/pull?limit={limit}{cursor}");
        self.desk.call(world, "GET", &path, Vec::new()).await
    }

    /// Pulls one page; at the head, compares digests. False at the head.
    async fn pull(&mut self, world: &World, limit: u32) -> bool {
        let answer = self.ask(world, limit).await.expect(200);
        let page: PullPage = serde_json::from_value(answer.body).expect("a page");
        assert!(page.changes.len() <= limit as usize);
        for change in &page.changes {
            let (table, key) = name(&change.row);
            match &change.row {
                FeedRow::Gone(_) => self.rows.remove(&(table, key)),
                _ => self.rows.insert((table, key), change.version),
            };
        }
        self.cursor = Some(page.cursor);
        assert_eq!(page.digests.is_some(), !page.more);
        if let Some(digests) = page.digests {
            let mut own = Digests::default();
            for ((table, key), version) in &self.rows {
                own.add(*table, *key, *version);
            }
            assert_eq!(own.differences(&digests), [], "{}", self.path);
        }
        page.more
    }

    async fn catch_up(&mut self, world: &World, limit: u32) {
        while self.pull(world, limit).await {}
    }

    fn accounts(&self) -> BTreeSet<Uuid> {
        self.rows.keys().filter(|(table, _)| *table == FeedTable::Account).map(|(_, key)| *key).collect()
    }

    fn sees(&self, path: &str) -> bool {
        path.is_empty() || path.starts_with(&self.path)
    }
}

fn name(row: &FeedRow) -> (FeedTable, Uuid) {
    match row {
        FeedRow::Settings(row) => (FeedTable::Settings, row.operator_id.0),
        FeedRow::Reseller(row) => (FeedTable::Reseller, row.reseller_id.0),
        FeedRow::Plan(row) => (FeedTable::Plan, row.plan_id.0),
        FeedRow::Device(row) => (FeedTable::Device, row.device_id.0),
        FeedRow::Lease(row) => (FeedTable::Lease, row.lease_id.0),
        FeedRow::Balance(row) => (FeedTable::Balance, row.reseller_id.0),
        FeedRow::Code(row) => (FeedTable::Code, row.code_id.0),
        FeedRow::Entry(row) => (FeedTable::Entry, row.transfer_id.0),
        FeedRow::Account(row) => (FeedTable::Account, row.account_id.0),
        FeedRow::Order(row) => (FeedTable::Order, row.order_id.0),
        FeedRow::Gone(row) => (row.of, row.key),
    }
}

/// Five resellers (two below the first, one below one of those), a device of each and of the staff, and some accounts.
struct Town {
    world: World,
    /// Where an account may stand: a reseller, the Unassigned queue, or where everyone sees it.
    places: Vec<(Option<ResellerId>, String)>,
    viewers: Vec<Viewer>,
    accounts: Vec<AccountId>,
    /// Where each stands now; none is deleted.
    stands: Vec<Option<usize>>,
}

impl Town {
    async fn new() -> Self {
        let world = World::new().await;
        let top = world.add_reseller("top", None).await;
        let left = world.add_reseller("left", Some(top)).await;
        let right = world.add_reseller("right", Some(top)).await;
        let deep = world.add_reseller("deep", Some(left)).await;
        let beside = world.add_reseller("beside", None).await;
        let path = |above: &[ResellerId]| above.iter().fold(String::from("/"), |path, id| path + &id.to_string() + "/");
        let mut places: Vec<(Option<ResellerId>, String)> =
            [vec![top], vec![top, left], vec![top, right], vec![top, left, deep], vec![beside]]
                .into_iter()
                .map(|above| (above.last().copied(), path(&above)))
                .collect();
        let mut viewers = Vec::new();
        for (seed, username) in (1..).zip(["top", "left", "right", "deep", "beside"]) {
            let token = world.token("reseller", username).await;
            let desk = Desk::enrol(&world, &token, seed).await;
            let path = places[usize::from(seed) - 1].1.clone();
            viewers.push(Viewer { desk, path, cursor: None, rows: BTreeMap::new() });
        }
        let token = world.staff_token(StaffRole::Admin).await;
        let desk = Desk::enrol(&world, &token, 9).await;
        viewers.push(Viewer { desk, path: String::new(), cursor: None, rows: BTreeMap::new() });
        places.push((None, STAFF_ONLY.to_owned()));
        places.push((None, String::new()));
        let accounts = (0..ACCOUNTS).map(|_| mint(START)).collect();
        Self { world, places, viewers, accounts, stands: vec![None; ACCOUNTS] }
    }

    /// Accounts to their places, or away, in one transaction.
    async fn put(&mut self, moves: &[(usize, Option<usize>)]) {
        let mut work = self.world.app.begin(self.world.operator).await.expect("work");
        for (account, place) in moves {
            let id = self.accounts[*account];
            if let Some((reseller, path)) = place.map(|place| &self.places[place]) {
                sqlx::query::<Db>(
                    "INSERT INTO account (id, operator_id, reseller_id, username, token_hash, status, created_at)
                     VALUES ($1, $2, $3, $4, $5, 'active', 0) ON CONFLICT (id) DO UPDATE SET reseller_id = $3",
                )
                .bind(id.0)
                .bind(self.world.operator.0)
                .bind(reseller.map(|id| id.0))
                .bind(id.to_string())
                .bind(id.0.as_bytes().to_vec())
                .execute(work.conn())
                .await
                .expect("an account");
                work.touch(FeedTable::Account, id, path);
            } else {
                // The program deletes no account, and nothing counts one that is gone: here it is nobody's first.
                for statement in
                    ["UPDATE account SET reseller_id = NULL WHERE id = $1", "DELETE FROM account WHERE id = $1"]
                {
                    let gone = sqlx::query::<Db>(statement).bind(id.0);
                    gone.execute(work.conn()).await.expect("no account");
                }
                work.remove(FeedTable::Account, id);
            }
            self.stands[*account] = *place;
        }
        work.commit().await.expect("commit");
    }

    /// Changes the database behind Central.
    async fn tell(&self, order: &'static str) {
        let mut work = self.world.app.begin(self.world.operator).await.expect("work");
        sqlx::query::<Db>(order).execute(work.conn()).await.expect("done");
        work.commit().await.expect("commit");
    }

    async fn faults(&self) -> Vec<String> {
        let mut snapshot = self.world.app.snapshot().await.expect("snapshot");
        feed::verify(&mut snapshot, self.world.operator).await.expect("a proof")
    }

    /// Everyone reads to the end, and has what it may see.
    async fn check(&mut self, limit: u32) {
        for viewer in &mut self.viewers {
            viewer.catch_up(&self.world, limit).await;
            let stands = self.accounts.iter().zip(&self.stands);
            let visible = stands
                .filter(|(_, place)| place.is_some_and(|place| viewer.sees(&self.places[place].1)))
                .map(|(id, _)| id.0);
            assert_eq!(viewer.accounts(), visible.collect(), "{}", viewer.path);
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    Put(Vec<(usize, Option<usize>)>),
    /// One device reads one page.
    Read(usize, u32),
    /// Everyone reads everything.
    Quiet(u32),
    /// A device loses its copy.
    Forget(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let place = prop_oneof![6 => (0..7_usize).prop_map(Some), 1 => Just(None)];
    prop_oneof![
        8 => prop::collection::vec((0..ACCOUNTS, place), 1..4).prop_map(Step::Put),
        4 => (0..6_usize, 1..4_u32).prop_map(|(viewer, limit)| Step::Read(viewer, limit)),
        2 => (1..8_u32).prop_map(Step::Quiet),
        1 => (0..6_usize).prop_map(Step::Forget),
    ]
}

async fn follow(town: &mut Town, steps: &[Step]) {
    for step in steps {
        match step {
            Step::Put(moves) => town.put(moves).await,
            Step::Read(viewer, limit) => drop(town.viewers[*viewer].pull(&town.world, *limit).await),
            Step::Quiet(limit) => town.check(*limit).await,
            Step::Forget(viewer) => {
                let viewer = &mut town.viewers[*viewer];
                (viewer.cursor, viewer.rows) = (None, BTreeMap::new());
            }
        }
    }
    town.check(2_000).await;
}

#[test]
fn whatever_moves_every_device_has_what_it_may_see_and_nothing_else() {
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    // One town for all stories: what one leaves behind is where the next begins.
    let town = std::cell::RefCell::new(runtime.block_on(Town::new()));
    let config = Config { cases: 16, max_shrink_iters: 200, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&prop::collection::vec(step(), 1..40), |steps| {
            runtime.block_on(follow(&mut town.borrow_mut(), &steps));
            Ok(())
        })
        .expect("replicas");
    let town = town.into_inner();
    runtime.block_on(prove(&town.world));
    runtime.block_on(town.world.app.close());
}

/// A page may end between the row's new version and whatever changed before it: the exit has its own place in the order.
#[tokio::test]
async fn a_row_that_leaves_is_gone_below_and_only_changed_above() {
    let mut town = Town::new().await;
    town.put(&[(0, Some(3)), (1, Some(3))]).await;
    town.check(1).await;
    let [top, left, right, deep] = [0, 1, 2, 3];
    town.put(&[(0, Some(2))]).await;
    let seen = async |town: &Town, viewer: usize| {
        let answer = town.viewers[viewer].ask(&town.world, 100).await.expect(200);
        let page: PullPage = serde_json::from_value(answer.body).expect("a page");
        page.changes.into_iter().map(|change| matches!(change.row, FeedRow::Gone(_))).collect::<Vec<_>>()
    };
    assert_eq!(seen(&town, top).await, [false]);
    assert_eq!(seen(&town, left).await, [true]);
    assert_eq!(seen(&town, deep).await, [true]);
    assert_eq!(seen(&town, right).await, [false]);
    // Back again before anybody looked: for those below it never left.
    town.put(&[(0, Some(3))]).await;
    assert_eq!(seen(&town, deep).await, [false]);
    assert_eq!(seen(&town, right).await, [true]);
    assert_eq!(count(&town.world, "SELECT COUNT(*) FROM feed_exit").await, 1);
    town.check(1).await;
}

#[tokio::test]
async fn sums_from_before_they_were_kept_are_counted_at_the_next_start_and_wrong_ones_are_found() {
    let mut town = Town::new().await;
    town.put(&[(0, Some(3)), (1, Some(5)), (2, Some(6))]).await;
    assert_eq!(town.faults().await, Vec::<String>::new());
    // As a database from an older version is found.
    town.tell("DELETE FROM feed_digest").await;
    town.tell("UPDATE feed SET digested = FALSE").await;
    assert_eq!(town.faults().await.len(), 8);
    let _router = town.world.second_process().await;
    assert_eq!(town.faults().await, Vec::<String>::new());
    town.check(100).await;

    town.tell("UPDATE feed_row SET version = version - 1 WHERE table_no = 0").await;
    assert_eq!(town.faults().await.len(), 1);
    town.tell("UPDATE feed_row SET version = version + 1 WHERE table_no = 0").await;
    town.tell("UPDATE feed_digest SET row_count = row_count + 1 WHERE scope_path = '/'").await;
    assert_eq!(town.faults().await.len(), 1);
}

/// A side table that was changed behind Central is found at the daily look and made again, so devices are right without
/// anybody's help. What a table has lost is nowhere else: it is told for as long as it is so.
#[tokio::test]
async fn the_daily_look_makes_the_feed_right_and_tells_of_rows_that_are_gone() {
    let mut town = Town::new().await;
    town.put(&[(0, Some(3)), (1, Some(5)), (2, Some(6))]).await;
    town.check(100).await;
    let look = async |town: &Town| {
        town.world.clock.advance_ms(Timestamp::DAY_MS);
        feed::look(&town.world.app).await.expect("a look")
    };
    assert_eq!(look(&town).await, 0);
    for (change, faults) in [
        // Of the settings, which everyone sees: the sum of one place, and a row that nobody is told of any more.
        ("DELETE FROM feed_row WHERE table_no = 0", 2),
        ("UPDATE feed_digest SET row_count = row_count + 1 WHERE scope_path = '/'", 1),
        // Six places below the top and everyone's.
        ("DELETE FROM feed_digest", 8),
    ] {
        town.tell(change).await;
        assert_eq!(town.faults().await.len(), faults, "{change}: {:?}", town.faults().await);
        assert_eq!(look(&town).await, 1, "{change}");
        assert_eq!(town.faults().await, Vec::<String>::new(), "{change}");
        assert_eq!(look(&town).await, 0, "{change}");
        town.check(100).await;
    }
    // Nobody looks twice a day.
    town.tell("DELETE FROM feed_digest").await;
    assert_eq!(feed::look(&town.world.app).await.expect("a look"), 0);
    assert_eq!(look(&town).await, 1);

    town.tell("UPDATE account SET reseller_id = NULL").await;
    town.tell("DELETE FROM account").await;
    for _ in 0..2 {
        assert_eq!(look(&town).await, 1);
        let faults = town.faults().await;
        assert!(faults.len() == 3 && faults.iter().all(|fault| fault.contains("is gone")), "{faults:?}");
    }
}

#[tokio::test]
async fn sums_hold_for_more_rows_than_one_statement_writes() {
    let world = World::new().await;
    let rows: Vec<Uuid> = (1..=2_500).map(Uuid::from_u128).collect();
    let mut work = world.app.begin(world.operator).await.expect("begins");
    for row in &rows {
        work.touch(FeedTable::Account, *row, "/a/b/");
    }
    work.commit().await.expect("commits");
    assert_eq!(wrong_sums(&world).await, [""; 0]);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM feed_row WHERE scope_path = '/a/b/'").await, 2_500);
    let mut work = world.app.begin(world.operator).await.expect("begins");
    for (at, row) in rows.iter().enumerate() {
        match at % 100 {
            0 => work.touch(FeedTable::Account, *row, "/c/"),
            50 => work.remove(FeedTable::Account, *row),
            _ => work.touch(FeedTable::Account, *row, "/a/b/"),
        }
    }
    work.commit().await.expect("commits");
    assert_eq!(wrong_sums(&world).await, [""; 0]);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM feed_row WHERE scope_path = '/a/b/'").await, 2_450);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM feed_row WHERE scope_path = '/c/'").await, 25);
}

async fn wrong_sums(world: &World) -> Vec<String> {
    let mut snapshot = world.app.snapshot().await.expect("begins");
    let faults = feed::verify(&mut snapshot, world.operator).await.expect("looked through");
    faults.into_iter().filter(|fault| fault.contains("sums")).collect()
}
