//! A restored Central is shown what it lost, and devices may forget only what a backup holds.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil_central_platform::console::BackupMark;
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{DeviceId, Epoch, LeaseId, PlanId};
use counterfoil_domain::lease::{LeaseTerms, SignedLease};
use counterfoil_wire::leases::{PresentLeases, PresentedLease};
use counterfoil_wire::problem::Code;
use counterfoil_wire::pull::PullPage;
use counterfoil_wire::push::PushRequest;
use ed25519_dalek::SigningKey;
use serde_json::json;

use super::desk::{Desk, Shop, Stock, outcomes};
use super::proof::{count, prove, until_somebody_waits};
use super::world::{Answer, START, World};
use crate::dialect::Db;
use crate::engine::{backup, operators};

pub(super) async fn epoch(world: &World) -> Epoch {
    let mut reader = world.app.reader().await.expect("reader");
    operators::get(&mut reader, world.operator).await.expect("operator").epoch
}

/// As the command does on a database that came from a backup.
async fn restore(world: &World) -> Epoch {
    assert_eq!(backup::restored(&world.app).await.expect("restored"), 1);
    epoch(world).await
}

fn signed(world: &World, terms: LeaseTerms) -> SignedLease {
    SignedLease::sign(terms, &world.app.keys().lease_signing_key()).expect("terms that can stand")
}

fn presented(number: u32, lease: &SignedLease) -> PresentedLease {
    PresentedLease { number, blob: STANDARD.encode(lease.bytes()) }
}

/// A lease that Central signed and has no row of, as one granted after the backup.
fn lost(world: &World, like: &Stock, number: u32, change: impl FnOnce(&mut LeaseTerms)) -> (Stock, PresentedLease) {
    let mut terms = like.terms.clone();
    terms.lease_id = mint(START);
    terms.salt = *terms.lease_id.0.as_bytes();
    change(&mut terms);
    let lease = signed(world, terms);
    (Stock::of(world, lease.terms().clone()), presented(number, &lease))
}

async fn present(world: &World, desk: &Desk, epoch: Epoch, leases: Vec<PresentedLease>) -> Answer {
    let body = serde_json::to_vec(&PresentLeases { epoch, leases }).expect("JSON");
    desk.call(world, "POST", "/api/v1/sync/leases/present", body).await
}

async fn standings(world: &World, desk: &Desk, epoch: Epoch, leases: Vec<PresentedLease>) -> serde_json::Value {
    present(world, desk, epoch, leases).await.expect(200).body["standings"].clone()
}

#[tokio::test]
async fn a_lease_that_was_lost_comes_back_with_its_codes_its_credit_and_its_number() {
    let mut shop = Shop::with_credits(1_000).await;
    let kept = shop.desk.lease(&shop.world, 300).await;
    let epoch = restore(&shop.world).await;
    let (stock, shown) = lost(&shop.world, &kept, 77, |terms| terms.amount = 400);
    let both = vec![presented(1, &signed(&shop.world, kept.terms.clone())), shown];
    let answer = present(&shop.world, &shop.desk, epoch, both.clone()).await.expect(200);
    assert_eq!(answer.body["standings"], json!(["known", "restored"]));
    assert!(answer.body["version"].as_i64().is_some_and(|version| version > 0), "{}", answer.body);
    let balance = shop.balance().await;
    assert_eq!((balance.available, balance.reserved), (300, 700));
    // The answer was lost, and the device asks again.
    assert_eq!(standings(&shop.world, &shop.desk, epoch, both).await, json!(["known", "known"]));
    assert_eq!(shop.balance().await, balance);
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM lease WHERE number = 77").await, 1);

    shop.desk.sell(&stock, 0, 1, 2);
    assert_eq!(outcomes(&shop.desk.push(&shop.world).await), ["applied"]);
    shop.redeem(&stock.code(0, 1), 7).await.expect(200);
    // First sight by a customer, as with any lease.
    shop.redeem(&stock.code(1, 3), 8).await.expect(200);
    // What is granted from now on has a number that was not given out before the restore.
    let token = shop.world.token("reseller", "shop").await;
    let second = Desk::enrol(&shop.world, &token, 2).await;
    let granted = second.ask_lease(&shop.world, mint(START), Some(60), None).await.expect(200);
    let number = granted.body["number"].as_u64().expect("a number");
    assert!((10_002..100_002).contains(&number), "{number}");
    prove(&shop.world).await;
}

#[tokio::test]
async fn a_lease_that_nobody_has_any_more_is_not_cut_anew_under_its_id() {
    let shop = Shop::with_credits(1_000).await;
    let balance = shop.balance().await;
    let body = json!({ "lease_id": mint::<LeaseId>(START), "granted_before": true });
    let refused = shop.desk.call(&shop.world, "POST", "/api/v1/sync/leases", body.to_string().into_bytes()).await;
    assert_eq!(refused.expect(404).body["code"], json!("not_found"));
    assert_eq!(shop.balance().await, balance);
}

#[tokio::test]
async fn a_lease_without_time_or_credit_comes_back_expired_and_the_wallet_pays() {
    let mut shop = Shop::with_credits(1_000).await;
    let kept = shop.desk.lease(&shop.world, 300).await;
    let epoch = restore(&shop.world).await;
    let (short, shown) = lost(&shop.world, &kept, 77, |terms| terms.amount = 701);
    assert_eq!(standings(&shop.world, &shop.desk, epoch, vec![shown]).await, json!(["expired"]));
    let balance = shop.balance().await;
    assert_eq!((balance.available, balance.reserved), (700, 300));
    shop.desk.sell(&short, 0, 1, 1);
    assert_eq!(outcomes(&shop.desk.push(&shop.world).await), ["applied"]);
    assert_eq!(shop.balance().await.available, 670, "a late claim on the wallet");
    shop.redeem(&short.code(0, 1), 7).await.expect(200);

    let (late, shown) = lost(&shop.world, &kept, 78, |terms| terms.amount = 30);
    shop.world.clock.set(kept.terms.settle_until);
    assert_eq!(standings(&shop.world, &shop.desk, epoch, vec![shown]).await, json!(["expired"]));
    shop.redeem(&late.code(0, 1), 8).await.expect(200);
    assert_eq!(shop.balance().await.available, 640);
    prove(&shop.world).await;
}

#[tokio::test]
async fn two_tills_with_leases_of_one_lost_plan_show_them_at_once_and_both_are_taken_back() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    let kept = shop.desk.lease(world, 300).await;
    let epoch = restore(world).await;
    let plan: PlanId = mint(START);
    let (_, shown) = lost(world, &kept, 77, |terms| terms.slots[0].plan_id = plan);
    // The other till was first: the plan is there again, and not committed yet.
    let mut first = world.app.begin(world.operator).await.expect("begun");
    let put = "INSERT INTO plan (id, operator_id, name, kind, price, term_days, features, status, revision, created_at)
               VALUES ($1, $2, 'Restored plan', 'custom', 1000, 30, '[]', 'archived', 1, 0)";
    sqlx::query::<Db>(put).bind(plan.0).bind(world.operator.0).execute(&mut *first.conn()).await.expect("put");
    first.touch(FeedTable::Plan, plan, "");
    let second = standings(world, &shop.desk, epoch, vec![shown]);
    let ends = async {
        // On SQLite the second one waits for the only writer, and finds the plan.
        until_somebody_waits(world).await;
        first.commit().await.expect("committed");
    };
    let (told, ()) = tokio::join!(second, ends);
    assert_eq!(told, json!(["restored"]));
    assert_eq!(count(world, "SELECT COUNT(*) FROM lease_slot WHERE plan_name LIKE 'Restored plan%'").await, 1);
    prove(world).await;
}

#[tokio::test]
async fn nothing_comes_back_that_this_central_did_not_sign_for_this_device() {
    let shop = Shop::with_credits(1_000).await;
    let kept = shop.desk.lease(&shop.world, 300).await;
    let token = shop.world.token("reseller", "shop").await;
    let other = Desk::enrol(&shop.world, &token, 2).await;
    let epoch = restore(&shop.world).await;
    let world = &shop.world;

    let mut terms = kept.terms.clone();
    terms.lease_id = mint(START);
    let stranger = SignedLease::sign(terms, &SigningKey::from_bytes(&[9; 32])).expect("terms");
    let own = signed(world, kept.terms.clone());
    let wrong = vec![
        presented(5, &stranger),
        lost(world, &kept, 6, |terms| terms.device_id = DeviceId::from_bytes([9; 16])).1,
        lost(world, &kept, 7, |terms| terms.operator_id = mint(START)).1,
        lost(world, &kept, 8, |terms| terms.reseller_id = mint(START)).1,
        PresentedLease { number: 9, blob: "no base64".to_owned() },
    ];
    let refused = json!(vec!["refused"; wrong.len()]);
    assert_eq!(standings(world, &shop.desk, epoch, wrong).await, refused);
    // Nor one device another's.
    assert_eq!(standings(world, &other, epoch, vec![presented(1, &own)]).await, json!(["refused"]));
    let many = vec![presented(1, &own); 17];
    assert_eq!(present(world, &shop.desk, epoch, many).await.expect(422).text("/fields/0/field"), "leases");
    let (_, late) = lost(world, &kept, 10, |_| ());
    world.clock.set(kept.terms.redeem_by);
    assert_eq!(standings(world, &shop.desk, epoch, vec![late]).await, json!(["refused"]));
    assert_eq!(count(world, "SELECT COUNT(*) FROM lease").await, 1);
    prove(world).await;
}

#[tokio::test]
async fn a_new_epoch_is_told_to_whoever_speaks_to_the_old_one() {
    let mut shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 300).await;
    let token = shop.world.token("reseller", "shop").await;
    let pull = async |cursor: &str| {
        shop.desk.call(&shop.world, "GET", &format!("/api/v1/sync/pull{cursor}"), Vec::new()).await
    };
    let page: PullPage = serde_json::from_value(pull("").await.expect(200).body).expect("a page");
    let shown = vec![presented(1, &signed(&shop.world, lease.terms.clone()))];
    let before = epoch(&shop.world).await;
    let after = restore(&shop.world).await;
    assert_ne!(before, after);
    assert_eq!(pull(&format!("?cursor={}", page.cursor)).await.expect(410).code(), "cursor_expired");
    assert_eq!(present(&shop.world, &shop.desk, before, shown).await.expect(409).code(), "epoch_changed");
    shop.world.get("/api/v1/sessions", Some(&token)).await.expect(401);
    let tail = shop.desk.call(&shop.world, "GET", "/api/v1/sync/log?after=0", Vec::new()).await.expect(200);
    assert_eq!(tail.body["epoch"], json!(after));

    shop.desk.sell(&lease, 0, 1, 1);
    let ask = async |epoch| {
        let request = PushRequest { epoch, ..shop.desk.request(None) };
        shop.desk.push_request(&shop.world, &request).await
    };
    assert_eq!(ask(Some(before)).await.expect(409).code(), "epoch_changed");
    ask(Some(after)).await.expect(200);
    // Who does not ask, as programs from before, is answered as ever.
    ask(None).await.expect(200);
    prove(&shop.world).await;
}

#[tokio::test]
async fn a_device_may_forget_what_a_backup_holds_and_no_more() {
    let mut shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 300).await;
    let told = async |shop: &Shop| {
        let answer = shop.desk.call(&shop.world, "GET", "/api/v1/sync/pull", Vec::new()).await.expect(200);
        answer.body["backup_watermark"].as_u64().expect("with the last page")
    };
    shop.desk.sell(&lease, 0, 1, 1);
    assert_eq!(shop.desk.push(&shop.world).await.backup_watermark, 0);
    let first = backup::backup_begin(&shop.world.app).await.expect("marks");
    // Written while the backup is made: not surely in it.
    shop.desk.sell(&lease, 0, 2, 2);
    assert_eq!(shop.desk.push(&shop.world).await.backup_watermark, 0);
    assert_eq!(told(&shop).await, 0, "the backup is not known to be whole");
    backup::backup_finish(&shop.world.app, &first).await.expect("whole");
    assert_eq!(told(&shop).await, 1);
    shop.desk.sell(&lease, 0, 3, 3);
    assert_eq!(shop.desk.push(&shop.world).await.backup_watermark, 1);
    let second = backup::backup_begin(&shop.world.app).await.expect("marks");
    backup::backup_finish(&shop.world.app, &second).await.expect("whole");
    assert_eq!(told(&shop).await, 3);
    backup::backup_finish(&shop.world.app, &first).await.expect("an older one moves nothing back");
    assert_eq!(told(&shop).await, 3);

    let refused = async |marks: &[BackupMark]| {
        let refusal = backup::backup_finish(&shop.world.app, marks).await.expect_err("refused");
        assert_eq!(refusal.code(), Code::WrongState);
    };
    let ahead = second.iter().map(|mark| BackupMark { version: mark.version + 1_000, ..*mark }).collect::<Vec<_>>();
    refused(&ahead).await;
    restore(&shop.world).await;
    refused(&second).await;
    assert_eq!(told(&shop).await, 3);
}
