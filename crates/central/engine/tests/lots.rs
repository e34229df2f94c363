//! Codes in bulk: by a shop at once, by staff as a job, and what is done to many of them.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{JobId, LotId};
use counterfoil_domain::permission::StaffRole;
use serde_json::{Value, json};
use uuid::Uuid;

use super::desk::{Shop, fund};
use super::proof::{count, prove};
use super::world::{Answer, START, call, foreign};
use crate::engine::code_jobs::{claim, step};
use crate::engine::{lot, run_code_jobs_once};

pub(super) const LOTS: &str = "/api/v1/admin/lots";
const OWN: &str = "/api/v1/reseller/lots";

pub(super) struct Desk {
    pub(super) shop: Shop,
    pub(super) staff: String,
    member: String,
}

impl Desk {
    pub(super) async fn with_credits(amount: i64) -> Self {
        let shop = Shop::with_credits(amount).await;
        let staff = shop.world.staff_token(StaffRole::SuperAdmin).await;
        let member = shop.world.token("reseller", "shop").await;
        Self { shop, staff, member }
    }

    async fn allow_bulk(&self) {
        let path = format!("/api/v1/admin/resellers/{}/permissions", self.shop.reseller);
        let body = json!({ "version": 0, "permissions": { "grants": ["bulk_operations"], "max_connections": 3 } });
        self.shop.world.put(&path, Some(&self.staff), &body).await.expect(200);
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.shop.world.post(path, Some(&self.staff), body).await
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        self.shop.world.get(path, Some(&self.staff)).await.expect(200).body
    }

    /// As the shop.
    async fn make(&self, body: &Value) -> Answer {
        self.shop.world.post(OWN, Some(&self.member), body).await
    }

    fn own(&self, lot: LotId, codes: u32) -> Value {
        json!({ "lot_id": lot, "plan_id": self.shop.plans[0], "count": codes, "label": "Cards" })
    }

    fn ordered(&self, lot: LotId, job: JobId, codes: u32) -> Value {
        json!({ "lot_id": lot, "job_id": job, "reseller_id": self.shop.reseller, "plan_id": self.shop.plans[0],
            "count": codes, "label": "Cards" })
    }

    /// Orders a lot and makes it.
    pub(super) async fn lot(&self, codes: u32) -> LotId {
        let lot = mint(START);
        self.post(LOTS, &self.ordered(lot, mint(START), codes)).await.expect(200);
        run_code_jobs_once(&self.shop.world.app).await;
        lot
    }

    pub(super) async fn job(&self, job: JobId) -> Value {
        self.get(&format!("/api/v1/admin/jobs/{job}")).await
    }

    async fn preview(&self, lot: LotId, body: &Value) -> Value {
        self.post(&format!("{LOTS}/{lot}/changes/preview"), body).await.expect(200).body
    }

    /// Tries a change dry, does it, and gives the job as it ended.
    pub(super) async fn change(&self, lot: LotId, change: &Value) -> Value {
        let dry = self.preview(lot, change).await;
        let (job, mut body): (JobId, Value) = (mint(START), change.clone());
        body["job_id"] = json!(job);
        body["changed"] = dry["changed"].clone();
        body["reason"] = json!("a test");
        self.post(&format!("{LOTS}/{lot}/changes"), &body).await.expect(200);
        run_code_jobs_once(&self.shop.world.app).await;
        self.job(job).await
    }

    pub(super) async fn states(&self, lot: LotId) -> Value {
        let detail = self.get(&format!("{LOTS}/{lot}")).await;
        let states = detail["lot"]["by_state"].as_array().expect("counts").iter();
        states.map(|one| (one["state"].as_str().expect("a state").to_owned(), one["count"].clone())).collect()
    }

    pub(super) async fn available(&self) -> i64 {
        self.shop.balance().await.available
    }

    /// One whole code of a lot.
    pub(super) async fn code(&self, lot: LotId, seq: u32) -> String {
        let scope = counterfoil_domain::reseller::Scope::Operator;
        let mut reader = self.shop.world.app.reader().await.expect("reader");
        let record =
            lot::by_id(&mut reader, self.shop.world.operator, &scope, lot).await.expect("read").expect("a lot");
        let keys = self.shop.world.app.keys();
        crate::engine::code::Family::open(keys, &record.source()).expect("keys").code(0, seq).reveal()
    }
}

#[tokio::test]
async fn a_shop_makes_many_at_once_where_it_is_allowed_and_a_repeat_shows_the_same_codes() {
    let desk = Desk::with_credits(700).await;
    let lot: LotId = mint(START);
    assert_eq!(desk.make(&desk.own(lot, 20)).await.expect(403).code(), "not_granted");
    desk.allow_bulk().await;
    let made = desk.make(&desk.own(lot, 20)).await.expect(200).body;
    let codes = made["codes"].as_array().expect("codes");
    assert_eq!((codes.len(), codes[19]["row"]["serial"].as_str()), (20, Some("000001-0020")));
    assert_eq!((&made["lot"]["made"], &made["lot"]["cost"]["value"]), (&json!(20), &json!(30)));
    assert_eq!(desk.available().await, 100);
    assert_eq!(count(&desk.shop.world, "SELECT COUNT(*) FROM transfer WHERE kind = 'online_sale'").await, 1);

    // The same again is answered, whatever the wallet has by now; another lot under the id is not.
    assert_eq!(desk.make(&desk.own(lot, 20)).await.expect(200).body, made);
    assert_eq!(desk.make(&desk.own(lot, 2)).await.expect(409).code(), "id_reused");
    let short = desk.make(&desk.own(mint(START), 4)).await.expect(409);
    assert_eq!((short.code(), short.text("/detail").contains("120 credits")), ("insufficient_credit", true));
    for wrong in [0, 101] {
        assert_eq!(desk.make(&desk.own(mint(START), wrong)).await.expect(422).text("/fields/0/field"), "count");
    }
    let code = codes[7]["code"].as_str().expect("a code");
    desk.shop.redeem(code, 1).await.expect(200);
    assert_eq!(desk.states(lot).await, json!({ "activated": 1, "sold": 19 }));
    assert_eq!(desk.available().await, 100);
    prove(&desk.shop.world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_lot_asked_for_many_times_at_once_is_made_once() {
    let desk = Desk::with_credits(600).await;
    desk.allow_bulk().await;
    let body = desk.own(mint(START), 20);
    let second = desk.shop.world.second_process().await;
    let mut hands = tokio::task::JoinSet::new();
    for hand in 0..8 {
        let router = if hand % 2 == 0 { desk.shop.world.router.clone() } else { second.clone() };
        let (token, body) = (desk.member.clone(), body.clone());
        hands.spawn(async move { call(&router, "POST", OWN, Some(&token), Some(&body)).await.expect(200).body });
    }
    let answers = hands.join_all().await;
    assert!(answers.iter().all(|answer| answer["codes"] == answers[0]["codes"]));
    assert_eq!(desk.available().await, 0);
    prove(&desk.shop.world).await;
}

#[tokio::test]
async fn a_lot_is_its_sellers_and_those_above() {
    let desk = Desk::with_credits(600).await;
    desk.allow_bulk().await;
    let lot: LotId = mint(START);
    desk.make(&desk.own(lot, 2)).await.expect(200);
    desk.shop.world.add_reseller("other", None).await;
    let other = desk.shop.world.token("reseller", "other").await;
    let world = &desk.shop.world;
    assert_eq!(world.get(&format!("{OWN}/{lot}"), Some(&other)).await.expect(404).code(), "not_found");
    assert_eq!(world.get(OWN, Some(&other)).await.expect(200).body["items"], json!([]));
    let own = world.get(OWN, Some(&desk.member)).await.expect(200).body;
    assert_eq!((&own["items"][0]["label"], &own["items"][0]["made_by"]), (&json!("Cards"), &json!("shop")));
    // What staff ordered for it, it sees; who they are, it is not told.
    let ordered = desk.lot(3).await;
    let seen = world.get(&format!("{OWN}/{ordered}"), Some(&desk.member)).await.expect(200).body;
    assert_eq!((&seen["lot"]["made"], &seen["lot"]["made_by"], &seen["jobs"]), (&json!(3), &Value::Null, &json!([])));
    let order = json!({ "lot_id": mint::<LotId>(START), "job_id": mint::<JobId>(START), "reseller_id": foreign(),
        "plan_id": desk.shop.plans[0], "count": 2 });
    desk.post(LOTS, &order).await.expect(404);
}

#[tokio::test]
async fn lists_page_by_key_and_find_numbers_labels_and_companies() {
    let desk = Desk::with_credits(6_000).await;
    for _ in 0..5 {
        desk.lot(2).await;
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = desk.get(&format!("{LOTS}?limit=2{after}")).await;
        seen.extend(page["items"].as_array().expect("items").iter().map(|lot| lot["number"].as_u64().expect("number")));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 5);
    seen.sort_unstable();
    assert_eq!(seen, [1, 2, 3, 4, 5]);
    for (search, found) in [("000003", 1), ("3-0001", 1), ("card", 5), ("company%20of", 5), ("month", 5), ("none", 0)] {
        let page = desk.get(&format!("{LOTS}?search={search}")).await;
        assert_eq!(page["items"].as_array().expect("items").len(), found, "{search}");
    }
    let first = desk.get(&format!("{LOTS}?search=1")).await;
    assert_eq!(first["items"][0]["by_state"], json!([{ "state": "sold", "count": 2 }]));
    assert_eq!(first["items"][0]["job"]["state"], "done");
}

#[tokio::test]
async fn a_preview_says_what_it_costs_and_the_job_makes_it_part_by_part() {
    let desk = Desk::with_credits(2_500 * 30 + 10).await;
    let asked = json!({ "reseller_id": desk.shop.reseller, "plan_id": desk.shop.plans[0], "count": 2_500 });
    let preview = desk.post(&format!("{LOTS}/preview"), &asked).await.expect(200).body;
    assert_eq!((&preview["total"]["value"], &preview["after"]["value"]), (&json!(75_000), &json!(10)));
    assert_eq!(preview.get("refusal"), None);
    let (lot, job): (LotId, JobId) = (mint(START), mint(START));
    let mut body = desk.ordered(lot, job, 2_500);
    body["total"] = json!({ "value": 74_999, "unit": "credits" });
    assert_eq!(desk.post(LOTS, &body).await.expect(409).code(), "conflict");
    body["total"] = preview["total"].clone();
    let ordered = desk.post(LOTS, &body).await.expect(200).body;
    assert_eq!((&ordered["made"], &ordered["job"]["state"]), (&json!(0), &json!("running")));
    assert_eq!(desk.post(LOTS, &body).await.expect(200).body, ordered, "a repeat is answered");
    assert_eq!(desk.available().await, 75_010, "nothing is charged before a part is made");

    assert_eq!(run_code_jobs_once(&desk.shop.world.app).await, 1);
    let done = desk.job(job).await;
    let told = (&done["state"], &done["done"], &done["amount"]["value"]);
    assert_eq!(told, (&json!("done"), &json!(2_500), &json!(75_000)));
    assert_eq!(desk.states(lot).await, json!({ "sold": 2_500 }));
    let sales = "SELECT COUNT(*) FROM transfer WHERE kind = 'online_sale'";
    assert_eq!((count(&desk.shop.world, sales).await, desk.available().await), (3, 10));
    let last = "SELECT COUNT(*) FROM code WHERE serial LIKE '%-2500'";
    assert_eq!(count(&desk.shop.world, last).await, 1);
    // Its codes are codes as any other, and one price for all.
    desk.shop.redeem(&desk.code(lot, 2_500).await, 1).await.expect(200);
    desk.post(LOTS, &desk.ordered(lot, job, 2_501)).await.expect(409);
    prove(&desk.shop.world).await;
}

#[tokio::test]
async fn a_lot_that_the_wallet_cannot_pay_is_refused_before_anything_is_made() {
    let desk = Desk::with_credits(89).await;
    let asked = json!({ "reseller_id": desk.shop.reseller, "plan_id": desk.shop.plans[0], "count": 3 });
    let preview = desk.post(&format!("{LOTS}/preview"), &asked).await.expect(200).body;
    assert_eq!((&preview["refusal"]["code"], &preview["after"]["value"]), (&json!("insufficient_credit"), &json!(-1)));
    let refused = desk.post(LOTS, &desk.ordered(mint(START), mint(START), 3)).await.expect(409);
    assert_eq!((refused.code(), refused.body["needed"]["value"].as_i64()), ("insufficient_credit", Some(90)));
    for (count, field) in [(0, "count"), (1_000_001, "count")] {
        let refused = desk.post(LOTS, &desk.ordered(mint(START), mint(START), count)).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), field);
    }
    let none = "SELECT (SELECT COUNT(*) FROM lot_order) + (SELECT COUNT(*) FROM code_job) + (SELECT COUNT(*) FROM lot)";
    assert_eq!(count(&desk.shop.world, none).await, 0);
}

#[tokio::test]
async fn a_job_that_runs_out_of_credit_stops_says_so_and_goes_on_when_there_is_more() {
    let desk = Desk::with_credits(1_500 * 30).await;
    let (lot, job): (LotId, JobId) = (mint(START), mint(START));
    desk.post(LOTS, &desk.ordered(lot, job, 1_500)).await.expect(200);
    // The shop sells meanwhile.
    let app = &desk.shop.world.app;
    let held = claim(app, job.0).await.expect("claimed").expect("nobody has it");
    assert!(step(app, &held).await.expect("a part"));
    let single = json!({ "code_id": foreign(), "plan_id": desk.shop.plans[0] });
    desk.shop.world.post("/api/v1/reseller/codes", Some(&desk.member), &single).await.expect(200);
    desk.shop.world.clock.advance_ms(60_001);
    run_code_jobs_once(app).await;
    let stopped = desk.job(job).await;
    assert_eq!((&stopped["state"], &stopped["trouble"]["code"]), (&json!("failed"), &json!("insufficient_credit")));
    assert_eq!((&stopped["done"], desk.available().await), (&json!(1_000), 499 * 30));
    prove(&desk.shop.world).await;

    fund(&desk.shop.world, desk.shop.reseller, 30).await;
    desk.post(&format!("/api/v1/admin/jobs/{job}/resume"), &json!({})).await.expect(200);
    run_code_jobs_once(app).await;
    assert_eq!((&desk.job(job).await["state"], desk.available().await), (&json!("done"), 0));
    assert_eq!(desk.states(lot).await, json!({ "sold": 1_500 }));
    prove(&desk.shop.world).await;
}

#[tokio::test]
async fn of_two_processes_one_makes_a_lot_and_what_a_dead_one_left_is_finished_by_another() {
    let desk = Desk::with_credits(3_000 * 30).await;
    let (lot, job): (LotId, JobId) = (mint(START), mint(START));
    desk.post(LOTS, &desk.ordered(lot, job, 3_000)).await.expect(200);
    let app = &desk.shop.world.app;
    let other = desk.shop.world.open_again().await.expect("a second process");
    let dying = claim(app, job.0).await.expect("claimed").expect("nobody has it");
    assert!(claim(&other, job.0).await.expect("asked").is_none());
    assert!(step(app, &dying).await.expect("a part"));
    prove(&desk.shop.world).await;
    assert_eq!(run_code_jobs_once(&other).await, 0, "it may still be at it");
    desk.shop.world.clock.advance_ms(60_001);
    let heir = claim(&other, job.0).await.expect("claimed").expect("its time has ended");
    assert!(step(&other, &heir).await.expect("a part"));
    // Who was taken for dead and is not, makes nothing beside it.
    step(app, &dying).await.expect_err("it is another's");
    assert!(step(&other, &heir).await.expect("a part"));
    assert!(!step(&other, &heir).await.expect("the end"));
    assert_eq!((desk.states(lot).await, desk.available().await), (json!({ "sold": 3_000 }), 0));
    assert_eq!(desk.job(job).await["state"], "done");
    prove(&desk.shop.world).await;
    other.close().await;
}

#[tokio::test]
async fn a_cancelled_job_keeps_what_it_made_and_can_be_resumed() {
    let desk = Desk::with_credits(2_500 * 30).await;
    let (lot, job): (LotId, JobId) = (mint(START), mint(START));
    desk.post(LOTS, &desk.ordered(lot, job, 2_500)).await.expect(200);
    let app = &desk.shop.world.app;
    let held = claim(app, job.0).await.expect("claimed").expect("nobody has it");
    assert!(step(app, &held).await.expect("a part"));
    let path = format!("/api/v1/admin/jobs/{job}");
    let support = desk.shop.world.staff_token(StaffRole::Finance).await;
    let refused = desk.shop.world.post(&format!("{path}/cancel"), Some(&support), &json!({})).await;
    assert_eq!(refused.expect(403).code(), "not_permitted");
    let cancelled = desk.post(&format!("{path}/cancel"), &json!({})).await.expect(200).body;
    assert_eq!((&cancelled["state"], &cancelled["done"]), (&json!("cancelled"), &json!(1_000)));
    step(app, &held).await.expect_err("it was cancelled");
    assert_eq!(run_code_jobs_once(app).await, 0);
    assert_eq!((desk.states(lot).await, desk.available().await), (json!({ "sold": 1_000 }), 1_500 * 30));
    prove(&desk.shop.world).await;
    assert_eq!(desk.post(&format!("{path}/cancel"), &json!({})).await.expect(409).code(), "wrong_state");
    desk.post(&format!("{path}/confirm"), &json!({})).await.expect(404);

    desk.post(&format!("{path}/resume"), &json!({})).await.expect(200);
    assert_eq!(run_code_jobs_once(app).await, 1);
    assert_eq!((desk.states(lot).await, desk.available().await), (json!({ "sold": 2_500 }), 0));
    prove(&desk.shop.world).await;
}

#[tokio::test]
async fn a_number_whose_code_somebody_has_is_left_out_and_the_lot_is_whole_all_the_same() {
    let desk = Desk::with_credits(10 * 30).await;
    let (lot, job): (LotId, JobId) = (mint(START), mint(START));
    desk.post(LOTS, &desk.ordered(lot, job, 10)).await.expect(200);
    // Of 2^55 codes, the lot's third is another's already.
    let theirs = counterfoil_domain::code::Code::parse(&desk.code(lot, 3).await).expect("a code");
    let hash = desk.shop.world.app.keys().code_hash(&theirs);
    let mut tx = desk.shop.world.app.transaction().await.expect("transaction");
    sqlx::query("INSERT INTO candidate (code_hash, source_id, slot, seq) VALUES ($1, $2, 0, 1)")
        .bind(hash.as_slice())
        .bind(Uuid::nil())
        .execute(&mut *tx)
        .await
        .expect("inserted");
    tx.commit().await.expect("committed");
    run_code_jobs_once(&desk.shop.world.app).await;
    let detail = desk.get(&format!("{LOTS}/{lot}")).await;
    assert_eq!((&detail["lot"]["made"], &detail["lot"]["last_seq"]), (&json!(10), &json!(11)));
    assert_eq!(count(&desk.shop.world, "SELECT COUNT(*) FROM code WHERE seq = 3").await, 0);
    assert_eq!(desk.available().await, 0);
    prove(&desk.shop.world).await;
}

#[tokio::test]
async fn a_range_is_held_released_and_taken_back() {
    let desk = Desk::with_credits(1_200 * 30).await;
    let lot = desk.lot(1_200).await;
    desk.shop.redeem(&desk.code(lot, 5).await, 1).await.expect(200);
    let range = json!({ "change": "hold", "seq_from": 1, "seq_to": 1_100 });
    let dry = desk.preview(lot, &range).await;
    assert_eq!((&dry["codes"], &dry["changed"], &dry["undoable"]), (&json!(1_100), &json!(1_099), &json!(true)));
    assert_eq!(dry["refused"], json!([{ "state": "activated", "count": 1 }]));
    let held = desk.change(lot, &range).await;
    let told = (&held["state"], &held["changed"], &held["refused"], &held["undoable"]);
    assert_eq!(told, (&json!("done"), &json!(1_099), &json!(1), &json!(1_099)));
    assert_eq!(desk.states(lot).await, json!({ "activated": 1, "held": 1_099, "sold": 100 }));
    assert_eq!(desk.shop.redeem(&desk.code(lot, 9).await, 2).await.expect(409).code(), "code_held");
    prove(&desk.shop.world).await;

    // A person approved one meanwhile: it stays as it is.
    let id: Vec<Uuid> = ids(&desk, "held").await;
    let approve = format!("/api/v1/admin/codes/{}/approve", id[0]);
    desk.post(&approve, &json!({ "reason": "a test" })).await.expect(200);
    let job: JobId = mint(START);
    let undo = format!("/api/v1/admin/jobs/{}/undo", held["job_id"].as_str().expect("an id"));
    desk.post(&undo, &json!({ "job_id": job })).await.expect(200);
    run_code_jobs_once(&desk.shop.world.app).await;
    let back = desk.job(job).await;
    assert_eq!((&back["state"], &back["changed"], &back["refused"]), (&json!("done"), &json!(1_098), &json!(1)));
    assert_eq!(desk.states(lot).await, json!({ "activated": 1, "sold": 1_199 }));
    let again = json!({ "job_id": mint::<JobId>(START) });
    assert_eq!(desk.post(&undo, &again).await.expect(409).code(), "wrong_state");
    desk.post(&undo, &json!({ "job_id": job })).await.expect(200);
    prove(&desk.shop.world).await;
}

/// Codes of the operator in a state.
async fn ids(desk: &Desk, state: &str) -> Vec<Uuid> {
    let page = desk.get(&format!("/api/v1/admin/codes?state={state}&limit=3")).await;
    let items = page["items"].as_array().expect("items").iter();
    items.map(|code| code["code_id"].as_str().expect("an id").parse().expect("an id")).collect()
}

#[tokio::test]
async fn a_lot_is_voided_and_its_credits_come_back_once() {
    let desk = Desk::with_credits(1_100 * 30).await;
    let lot = desk.lot(1_100).await;
    desk.shop.redeem(&desk.code(lot, 1).await, 1).await.expect(200);
    let one = ids(&desk, "sold").await[0];
    desk.post(&format!("/api/v1/admin/codes/{one}/void"), &json!({ "reason": "a test" })).await.expect(200);
    let whole = json!({ "change": "void" });
    let dry = desk.preview(lot, &whole).await;
    assert_eq!((&dry["changed"], &dry["gives_back"]["value"]), (&json!(1_098), &json!(1_098 * 30)));
    assert_eq!(dry["undoable"], false);
    let voided = desk.change(lot, &whole).await;
    assert_eq!((&voided["changed"], &voided["amount"]["value"]), (&json!(1_098), &json!(1_098 * 30)));
    assert_eq!((desk.states(lot).await, desk.available().await), (json!({ "activated": 1, "voided": 1_099 }), 32_970));
    assert_eq!(voided["undoable"], 0);
    prove(&desk.shop.world).await;
    let undo = format!("/api/v1/admin/jobs/{}/undo", voided["job_id"].as_str().expect("an id"));
    let refused = desk.post(&undo, &json!({ "job_id": mint::<JobId>(START) })).await;
    assert_eq!(refused.expect(409).code(), "wrong_state");
    // Nothing is left to void.
    let mut body = json!({ "job_id": mint::<JobId>(START), "change": "void", "changed": 0, "reason": "a test" });
    assert_eq!(desk.post(&format!("{LOTS}/{lot}/changes"), &body).await.expect(409).code(), "wrong_state");
    body["changed"] = json!(7);
    assert_eq!(desk.post(&format!("{LOTS}/{lot}/changes"), &body).await.expect(409).code(), "conflict");
}

#[tokio::test]
async fn a_revoked_lot_gives_nothing_back_and_a_range_outside_it_is_refused() {
    let desk = Desk::with_credits(90).await;
    let lot = desk.lot(3).await;
    for range in [json!([0, 2]), json!([2, 1]), json!([1, 4])] {
        let body = json!({ "change": "revoke", "seq_from": range[0], "seq_to": range[1] });
        let refused = desk.post(&format!("{LOTS}/{lot}/changes/preview"), &body).await.expect(422);
        assert!(refused.text("/fields/0/message").contains("000001-0001 to 000001-0003"), "{}", refused.body);
    }
    let revoked = desk.change(lot, &json!({ "change": "revoke", "seq_from": 2 })).await;
    assert_eq!((&revoked["changed"], &revoked["amount"]["value"]), (&json!(2), &json!(0)));
    assert_eq!((desk.states(lot).await, desk.available().await), (json!({ "revoked": 2, "sold": 1 }), 0));
    prove(&desk.shop.world).await;
}

#[tokio::test]
async fn on_a_lot_one_job_goes_at_a_time() {
    let desk = Desk::with_credits(3_000 * 30).await;
    let (lot, job): (LotId, JobId) = (mint(START), mint(START));
    desk.post(LOTS, &desk.ordered(lot, job, 3_000)).await.expect(200);
    let app = &desk.shop.world.app;
    let held = claim(app, job.0).await.expect("claimed").expect("nobody has it");
    assert!(step(app, &held).await.expect("a part"));
    let body = json!({ "job_id": mint::<JobId>(START), "change": "hold", "changed": 1_000, "reason": "a test" });
    let refused = desk.post(&format!("{LOTS}/{lot}/changes"), &body).await.expect(409);
    assert_eq!((refused.code(), refused.text("/detail").contains("Another job")), ("conflict", true));
    let mut same = body.clone();
    same["job_id"] = json!(job);
    assert_eq!(desk.post(&format!("{LOTS}/{lot}/changes"), &same).await.expect(409).code(), "id_reused");
}

#[tokio::test]
async fn the_print_file_has_what_can_still_be_used_and_the_audit_has_who_took_it() {
    let desk = Desk::with_credits(1_200 * 30).await;
    let lot = desk.lot(1_100).await;
    desk.change(lot, &json!({ "change": "void", "seq_from": 1, "seq_to": 50 })).await;
    let text = file(&desk, &format!("{LOTS}/{lot}/print-file")).await;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines[0], lines.len()), ("serial,code,plan,term_days,redeem_by,time_zone", 1 + 1_050));
    let code = desk.code(lot, 51).await;
    assert_eq!(lines[1], format!("000001-0051,{code},Month,30,2027-11-21 01:00,Europe/Berlin"));
    assert_eq!(count(&desk.shop.world, "SELECT COUNT(*) FROM audit WHERE action = 'lot.print_file'").await, 1);
    let part = file(&desk, &format!("{LOTS}/{lot}/print-file?seq_from=1099")).await;
    assert_eq!(part.lines().count(), 3);
}

pub(super) async fn file(desk: &Desk, path: &str) -> String {
    use tower::ServiceExt as _;
    let request = axum::http::Request::get(path).header("authorization", format!("Bearer {}", desk.staff));
    let request = request.body(axum::body::Body::empty()).expect("a request");
    let response = desk.shop.world.router.clone().oneshot(request).await.expect("an answer");
    assert_eq!(
        (response.status().as_u16(), &response.headers()["cache-control"]),
        (200, &"no-store".parse().expect("value"))
    );
    let bytes = axum::body::to_bytes(response.into_body(), 10_000_000).await.expect("a body");
    String::from_utf8(bytes.to_vec()).expect("text")
}
