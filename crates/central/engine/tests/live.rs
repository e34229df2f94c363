//! Live streams: whoever listens is told of what it may see, at once, by whichever process it was changed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::BodyDataStream;
use axum::http::{StatusCode, header};
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::reseller::{ResellerStatus, Scope, SettlementMode};
use counterfoil_wire::live::{Head, News, NewsSet};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use uuid::Uuid;

use super::commission::Trade;
use super::desk::{Desk, Shop, add_plans, fund};
use super::proof::until_somebody_waits;
use super::stall::Stall;
use super::world::{PASSWORD, World, save_reseller};
use crate::engine::audit::Actor;
use crate::engine::{device, resellers};

/// Longer than any test waits for what must come; what must not come is shown by what comes after it.
const PATIENCE: Duration = Duration::from_secs(30);

/// A stream as a device reads it.
struct Ear {
    body: BodyDataStream,
    text: String,
}

impl Ear {
    async fn open(desk: &Desk, router: &Router) -> Self {
        let response = desk.listen(router).await;
        assert_eq!(response.status(), StatusCode::OK);
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        assert_eq!(header(header::CONTENT_TYPE), "text/event-stream");
        assert_eq!(header(header::CACHE_CONTROL), "no-store, no-transform");
        assert_eq!(header(header::HeaderName::from_static("x-accel-buffering")), "no");
        Self { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The next event as it came over the wire, without comments; none at the end of the stream.
    async fn event(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                if event.starts_with(':') {
                    continue;
                }
                return Some(event);
            }
            let piece = tokio::time::timeout(PATIENCE, self.body.next()).await.expect("told in time")?;
            self.text.push_str(std::str::from_utf8(&piece.expect("bytes")).expect("text"));
        }
    }

    async fn head(&mut self) -> Head {
        let event = self.event().await.expect("the stream goes on");
        let data = event.lines().find_map(|line| line.strip_prefix("data: ")).expect("data");
        serde_json::from_str(data).expect("a head")
    }

    /// Events up to a version, and how many they were.
    async fn until(&mut self, version: i64) -> usize {
        for told in 1.. {
            if self.head().await.version >= version {
                return told;
            }
        }
        unreachable!("a loop without end")
    }

    /// What changed besides rows, by what it is told up to a version.
    async fn news_until(&mut self, version: i64) -> NewsSet {
        let mut news = NewsSet::default();
        loop {
            let head = self.head().await;
            news = news.and(head.news);
            if head.version >= version {
                return news;
            }
        }
    }
}

async fn version(world: &World) -> i64 {
    let mut reader = world.app.reader().await.expect("reader");
    crate::dialect::feed_heads(&mut reader, &[world.operator.0]).await.expect("heads")[0].version
}

async fn refusal(desk: &Desk, router: &Router) -> (u16, String) {
    let response = desk.listen(router).await;
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 10_000).await.expect("a body");
    let problem: Value = serde_json::from_slice(&body).expect("a problem");
    (status, problem["code"].as_str().expect("a code").to_owned())
}

#[tokio::test]
async fn a_write_at_one_process_is_told_by_the_other() {
    let shop = Shop::with_credits(1_000).await;
    let other = shop.world.second_process().await;
    let (mut here, before) = (Ear::open(&shop.desk, &shop.world.router).await, version(&shop.world).await);
    let first = here.event().await.expect("where the feed stands");
    let epoch =
        serde_json::from_str::<Head>(first.split_once("data: ").expect("data").1.lines().next().expect("a line"))
            .expect("a head")
            .epoch;
    // Everything that is ever sent: a version, and no word of what happened.
    assert_eq!(first, format!("event: head\ndata: {{\"epoch\":\"{epoch}\",\"version\":{before}}}\nretry: 2000"));
    let mut there = Ear::open(&shop.desk, &other).await;
    assert_eq!(there.head().await, Head { epoch, version: before, news: NewsSet::default() });

    fund(&shop.world, shop.reseller, 50).await;
    let after = version(&shop.world).await;
    assert!(after > before);
    let told = here.event().await.expect("told");
    assert_eq!(told, format!("event: head\ndata: {{\"epoch\":\"{epoch}\",\"version\":{after}}}"));
    assert_eq!(there.head().await, Head { epoch, version: after, news: NewsSet::default() });
}

#[tokio::test]
async fn nobody_is_told_of_what_it_cannot_see() {
    let world = World::new().await;
    add_plans(&world).await;
    let top = world.add_reseller("top", None).await;
    let below = world.add_reseller("below", Some(top)).await;
    let beside = world.add_reseller("beside", None).await;
    let mut ears = Vec::new();
    for (seed, username) in [(1, "top"), (2, "below"), (3, "beside")] {
        let token = world.token("reseller", username).await;
        ears.push(Desk::enrol(&world, &token, seed).await);
    }
    let staff = world.staff_token(StaffRole::Admin).await;
    ears.push(Desk::enrol(&world, &staff, 9).await);
    let mut streams = Vec::new();
    for desk in &ears {
        let mut ear = Ear::open(desk, &world.router).await;
        ear.until(version(&world).await).await;
        streams.push(ear);
    }
    // One change for each, and then one for all: who was told of more than its own would have heard more often.
    let mut versions = Vec::new();
    for reseller in [top, below, beside] {
        fund(&world, reseller, 10).await;
        versions.push(version(&world).await);
        for (ear, sees) in streams.iter_mut().zip([
            [true, true, false],
            [false, true, false],
            [false, false, true],
            [true, true, true],
        ]) {
            if sees[versions.len() - 1] {
                ear.until(versions[versions.len() - 1]).await;
            }
        }
    }
    let plans = add_plans(&world).await;
    assert_eq!(plans.len(), 2);
    let last = version(&world).await;
    for ear in &mut streams {
        // Adding two plans is two commits.
        assert!(ear.until(last).await <= 2, "told of another's row");
    }
}

/// Requests and applications are no rows of the feed. Whose they are hears that something changed, and so do staff; nobody
/// else does, not even an upline.
#[tokio::test]
async fn news_are_told_to_whose_they_are_and_to_staff() {
    let world = World::new().await;
    let top = world.add_reseller("top", None).await;
    world.add_reseller("below", Some(top)).await;
    let (above, owner) = (world.token("reseller", "top").await, world.token("reseller", "below").await);
    let staff = world.staff_token(StaffRole::Admin).await;
    let mut desks = Vec::new();
    for (seed, token) in [(1, &above), (2, &owner), (3, &staff)] {
        desks.push(Desk::enrol(&world, token, seed).await);
    }
    let mut streams = Vec::new();
    for desk in &desks {
        let mut ear = Ear::open(desk, &world.router).await;
        ear.until(version(&world).await).await;
        streams.push(ear);
    }
    let wish = json!({ "request_id": Uuid::from_u128(1), "wish": { "amount": 100 }, "note": "" });
    world.post("/api/v1/reseller/top-up-requests", Some(&owner), &wish).await.expect(200);
    let application = json!({ "application_id": Uuid::from_u128(2), "name": "Sam Sample", "email": "sam@example.org",
        "phone": "+49 30 5550100", "password": PASSWORD, "business_name": "Corner Shop", "address": "1 Long Road",
        "kind": "company", "expected_customers": 40, "terms_accepted": true });
    world.post("/api/v1/reseller/signup", None, &application).await.expect(200);
    // A row for all, so that what was not told by then is not told at all.
    add_plans(&world).await;
    let last = version(&world).await;
    let mut told = Vec::new();
    for ear in &mut streams {
        told.push(ear.news_until(last).await);
    }
    let of = |news: &[News]| news.iter().copied().collect::<NewsSet>();
    assert_eq!(told, [of(&[]), of(&[News::TopUps]), of(&[News::Applications, News::TopUps])]);
}

#[tokio::test]
async fn who_earned_is_told_by_the_posting() {
    let trade = Trade::new().await;
    let above = Desk::enrol(&trade.world, &trade.above, 2).await;
    let mut streams = Vec::new();
    for desk in [&trade.desk, &above] {
        let mut ear = Ear::open(desk, &trade.world.router).await;
        ear.until(version(&trade.world).await).await;
        streams.push(ear);
    }
    trade.activate(1, 1).await;
    let sold = version(&trade.world).await;
    assert!(streams[0].news_until(sold).await.is_empty(), "nothing is earned before it is posted");
    trade.accrue().await;
    let posted = version(&trade.world).await;
    assert!(posted > sold);
    for ear in &mut streams {
        let earnings: NewsSet = [News::Earnings].into_iter().collect();
        assert_eq!(ear.news_until(posted).await, earnings);
    }
}

#[tokio::test]
async fn a_burst_is_few_events() {
    let shop = Shop::with_credits(1_000).await;
    let mut ear = Ear::open(&shop.desk, &shop.world.router).await;
    ear.head().await;
    for _ in 0..40 {
        fund(&shop.world, shop.reseller, 1).await;
    }
    let events = ear.until(version(&shop.world).await).await;
    assert!(events < 40, "{events} events for 40 commits");
}

#[tokio::test]
async fn a_frozen_device_hears_no_more() {
    let shop = Shop::with_credits(100).await;
    let other = shop.world.second_process().await;
    let mut ear = Ear::open(&shop.desk, &other).await;
    ear.head().await;
    let mut work = shop.world.app.begin(shop.world.operator).await.expect("work");
    let record = device::lock(&mut work, shop.desk.id).await.expect("device");
    device::quarantine(&mut work, &record).await.expect("frozen");
    work.commit().await.expect("committed");
    while ear.event().await.is_some() {}
    assert_eq!(refusal(&shop.desk, &other).await, (403, "device_quarantined".to_owned()));
}

#[tokio::test]
async fn a_suspended_resellers_devices_hear_no_more() {
    let shop = Shop::with_credits(100).await;
    let mut ear = Ear::open(&shop.desk, &shop.world.router).await;
    ear.head().await;
    let mut change = save_reseller(shop.reseller, "shop", None, SettlementMode::Wholesale);
    let staff = shop.world.staff_token(StaffRole::Admin).await;
    let stands = shop.world.get(&format!("/api/v1/admin/resellers/{}", shop.reseller), Some(&staff)).await.expect(200);
    change.version = stands.body["version"].as_i64().and_then(|version| version.try_into().ok());
    change.status = ResellerStatus::Suspended;
    let edited = resellers::edit(
        &shop.world.app,
        shop.world.operator,
        &Scope::Operator,
        &Actor::system(),
        shop.reseller,
        change,
    )
    .await;
    edited.expect("suspended");
    while ear.event().await.is_some() {}
    assert_eq!(refusal(&shop.desk, &shop.world.router).await, (403, "reseller_suspended".to_owned()));
}

#[tokio::test]
async fn a_device_has_one_stream_and_a_stopping_process_none() {
    let shop = Shop::with_credits(100).await;
    let mut older = Ear::open(&shop.desk, &shop.world.router).await;
    older.head().await;
    let mut newer = Ear::open(&shop.desk, &shop.world.router).await;
    newer.head().await;
    assert_eq!(older.event().await, None, "the newer wins");
    assert_eq!(shop.world.app.live().count(), 1);
    shop.world.app.end_live_streams();
    assert_eq!(newer.event().await, None);
    assert_eq!(refusal(&shop.desk, &shop.world.router).await, (503, "unavailable".to_owned()));
}

/// What is committed while a look asks its questions is told by that look or by the next. Only on PostgreSQL can one of the
/// questions be made to wait.
#[tokio::test]
async fn a_change_between_two_questions_of_a_look_is_told() {
    if crate::dialect::ENGINE == "sqlite" {
        return;
    }
    let world = World::new().await;
    let (own, beside) = (world.add_reseller("own", None).await, world.add_reseller("beside", None).await);
    let desk = Desk::enrol(&world, &world.token("reseller", "own").await, 1).await;
    let mut ear = Ear::open(&desk, &world.router).await;
    // Told by a look: the next one asks what changed since.
    fund(&world, own, 10).await;
    ear.until(version(&world).await).await;
    let mut rings = world.app.begin(world.operator).await.expect("begun");
    sqlx::query("LOCK TABLE feed_news").execute(rings.conn()).await.expect("locked");
    // The look that this one wakes knows which rows moved, and waits for what was rung.
    fund(&world, beside, 10).await;
    until_somebody_waits(&world).await;
    fund(&world, own, 10).await;
    let told = version(&world).await;
    resellers::ring(&mut rings, News::TopUps, beside).await.expect("rung");
    rings.commit().await.expect("committed");
    ear.until(told).await;
}

/// Streams that are opened, read and dropped while others write at two processes: each hears of the last version, however
/// its opening fell between the commits.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_listens_hears_of_the_last_version() {
    let shop = Shop::with_credits(1_000).await;
    let other = shop.world.second_process().await;
    let (world, done) = (Arc::new(shop.world), Arc::new(AtomicBool::new(false)));
    let writing = {
        let (world, done, reseller) = (world.clone(), done.clone(), shop.reseller);
        tokio::spawn(async move {
            for _ in 0..60 {
                fund(&world, reseller, 1).await;
            }
            done.store(true, Ordering::SeqCst);
        })
    };
    let mut routers = [world.router.clone(), other].into_iter().cycle();
    let mut opened = 0;
    loop {
        // Asked before the stream is opened: the last one is opened after the last commit or hears of it.
        let last = done.load(Ordering::SeqCst);
        let mut ear = Ear::open(&shop.desk, &routers.next().expect("a router")).await;
        let seen = version(&world).await;
        ear.until(seen).await;
        opened += 1;
        if last {
            break;
        }
    }
    writing.await.expect("written");
    assert!(opened > 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_order_is_told_to_its_shop_and_not_to_those_above_it() {
    let world = World::new().await;
    let top = world.add_reseller("top", None).await;
    world.add_reseller("shop", Some(top)).await;
    let above = Desk::enrol(&world, &world.token("reseller", "top").await, 1).await;
    let stall = Stall::of(world, "shop").await;
    let own = Desk::enrol(&stall.world, &stall.owner, 2).await;
    let (mut upper, mut lower) =
        (Ear::open(&above, &stall.world.router).await, Ear::open(&own, &stall.world.router).await);
    upper.head().await;
    lower.head().await;
    stall.paid(&stall.owner, 1).await;
    lower.until(version(&stall.world).await).await;
    // The next that is told above is of its own wallet.
    fund(&stall.world, top, 100).await;
    assert!(upper.head().await.version >= version(&stall.world).await);
}
