//! Lots that the operator keeps: nobody can use or owe for their codes, and what is allocated of them is paid to the credit,
//! once. And what is done to codes from one serial to another.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{JobId, LotId, ResellerId, TransferId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::desk::fund;
use super::lots::{Desk, LOTS};
use super::proof::{count, prove};
use super::world::{START, call};
use crate::engine::code_jobs::{claim, step};
use crate::engine::run_code_jobs_once;

pub(super) const ALLOCATIONS: &str = "/api/v1/admin/lots/allocations";
pub(super) const RANGES: &str = "/api/v1/admin/lots/ranges";

impl Desk {
    /// Makes a lot for nobody.
    pub(super) async fn keep(&self, codes: u32) -> LotId {
        let lot = mint(START);
        let body = json!({ "lot_id": lot, "job_id": mint::<JobId>(START), "plan_id": self.shop.plans[0],
            "count": codes, "label": "Cards" });
        self.post(LOTS, &body).await.expect(200);
        run_code_jobs_once(&self.shop.world.app).await;
        lot
    }

    pub(super) async fn dry(&self, reseller: ResellerId, from: &str, to: &str) -> Value {
        let body = json!({ "reseller_id": reseller, "serial_from": from, "serial_to": to });
        self.post(&format!("{ALLOCATIONS}/preview"), &body).await.expect(200).body
    }

    /// What a preview showed, as a request.
    pub(super) async fn asked(&self, reseller: ResellerId, from: &str, to: &str) -> Value {
        let dry = self.dry(reseller, from, to).await;
        let part = |part: &Value| {
            json!({ "stock_id": part["stock_id"], "lot_id": mint::<LotId>(START), "job_id": mint::<JobId>(START),
                "seq_from": part["seq_from"], "seq_to": part["seq_to"], "codes": part["codes"] })
        };
        let parts: Vec<Value> = dry["parts"].as_array().expect("parts").iter().map(part).collect();
        json!({ "reseller_id": reseller, "parts": parts, "total": dry["total"], "label": "For the kiosk" })
    }

    /// Allocates and lets the jobs run; gives the reseller's first lot.
    pub(super) async fn give(&self, reseller: ResellerId, from: &str, to: &str) -> LotId {
        let body = self.asked(reseller, from, to).await;
        self.post(ALLOCATIONS, &body).await.expect(200);
        run_code_jobs_once(&self.shop.world.app).await;
        first(&body, "lot_id").into()
    }

    async fn other(&self, credits: i64) -> ResellerId {
        let other = self.shop.world.add_reseller("other", None).await;
        fund(&self.shop.world, other, credits).await;
        other
    }
}

fn first(body: &Value, id: &str) -> Uuid {
    body["parts"][0][id].as_str().expect("an id").parse().expect("an id")
}

#[tokio::test]
async fn what_the_operator_keeps_is_nobodys_and_cannot_be_used() {
    let desk = Desk::with_credits(60).await;
    let lot = desk.keep(1_200).await;
    let world = &desk.shop.world;
    let detail = desk.get(&format!("{LOTS}/{lot}")).await;
    assert_eq!((detail["lot"].get("reseller_id"), &detail["lot"]["made"]), (None, &json!(1_200)));
    assert_eq!((desk.states(lot).await, desk.available().await), (json!({ "generated": 1_200 }), 60));
    assert_eq!(count(world, "SELECT COUNT(*) FROM candidate").await, 1_200);
    let none = "SELECT (SELECT COUNT(*) FROM code) + (SELECT COUNT(*) FROM transfer WHERE kind = 'online_sale')";
    assert_eq!(count(world, none).await, 0);

    let code = desk.code(lot, 7).await;
    let refused = desk.shop.redeem(&code, 1).await.expect(409);
    assert_eq!((refused.code(), refused.text("/detail").contains("not sold yet")), ("code_not_sold", true));
    let tries = "SELECT COUNT(*) FROM activation_attempt WHERE outcome = 'not_sold'";
    assert_eq!(count(world, tries).await, 1);
    let seen = world.get(&format!("/api/v1/public/codes/{code}"), None).await.expect(200).body;
    assert_eq!((&seen["state"], &seen["plan_name"]), (&json!("not_sold"), &json!("Month")));
    // No shop sees it.
    let member = world.token("reseller", "shop").await;
    assert_eq!(world.get("/api/v1/reseller/lots", Some(&member)).await.expect(200).body["items"], json!([]));
    world.get(&format!("/api/v1/reseller/lots/{lot}"), Some(&member)).await.expect(404);
    // There is nothing to hold and nobody to give anything back to.
    let change = json!({ "change": "void" });
    let refused = desk.post(&format!("{LOTS}/{lot}/changes/preview"), &change).await.expect(409);
    assert_eq!(refused.code(), "wrong_state");
    prove(world).await;
}

#[tokio::test]
async fn an_allocation_is_paid_to_the_credit_and_its_codes_are_used_as_printed() {
    let desk = Desk::with_credits(1_500 * 30).await;
    let stock = desk.keep(2_000).await;
    let printed = desk.code(stock, 1_500).await;
    let reseller = desk.shop.reseller;
    let dry = desk.dry(reseller, "1-101", "000001-1600").await;
    let told = (&dry["codes"], &dry["taken"], &dry["total"]["value"], &dry["after"]["value"]);
    assert_eq!(told, (&json!(1_500), &json!(0), &json!(45_000), &json!(0)));
    assert_eq!(dry.get("refusal"), None);

    let body = desk.asked(reseller, "1-101", "1-1600").await;
    let given = desk.post(ALLOCATIONS, &body).await.expect(200).body;
    assert_eq!(desk.available().await, 45_000, "nothing is charged before a part is given");
    assert_eq!(given["lots"][0]["job"]["kind"], "allocate_codes");
    assert_eq!(desk.post(ALLOCATIONS, &body).await.expect(200).body, given, "a repeat is answered");
    run_code_jobs_once(&desk.shop.world.app).await;
    let done = desk.job(first(&body, "job_id").into()).await;
    let told = (&done["state"], &done["changed"], &done["refused"], &done["amount"]["value"]);
    assert_eq!(told, (&json!("done"), &json!(1_500), &json!(0), &json!(45_000)));
    let own: LotId = first(&body, "lot_id").into();
    assert_eq!((desk.states(own).await, desk.available().await), (json!({ "sold": 1_500 }), 0));
    assert_eq!(desk.states(stock).await, json!({ "allocated": 1_500, "generated": 500 }));

    // The serials are the printed ones, and the code is what it was.
    let detail = desk.get(&format!("{LOTS}/{own}")).await["lot"].clone();
    let told = (&detail["number"], &detail["first_seq"], &detail["last_seq"], &detail["stock_id"]);
    assert_eq!(told, (&json!(1), &json!(101), &json!(1_600), &json!(stock)));
    assert_eq!(desk.code(own, 1_500).await, printed);
    desk.shop.redeem(&printed, 1).await.expect(200);
    assert_eq!(count(&desk.shop.world, "SELECT COUNT(*) FROM code WHERE serial = '000001-1500'").await, 1);
    let refused = desk.shop.redeem(&desk.code(stock, 100).await, 2).await.expect(409);
    assert_eq!(refused.code(), "code_not_sold");
    let events = "SELECT COUNT(*) FROM transfer WHERE kind = 'online_sale'";
    assert_eq!(count(&desk.shop.world, events).await, 2);
    prove(&desk.shop.world).await;
}

#[tokio::test]
async fn what_cannot_be_allocated_is_refused_with_words() {
    let desk = Desk::with_credits(89).await;
    desk.keep(10).await;
    let reseller = desk.shop.reseller;
    let dry = desk.dry(reseller, "1-1", "1-3").await;
    assert_eq!((&dry["refusal"]["code"], &dry["after"]["value"]), (&json!("insufficient_credit"), &json!(-1)));
    let mut body = desk.asked(reseller, "1-1", "1-3").await;
    assert_eq!(desk.post(ALLOCATIONS, &body).await.expect(409).code(), "insufficient_credit");
    body["total"] = json!({ "value": 60, "unit": "credits" });
    assert_eq!(desk.post(ALLOCATIONS, &body).await.expect(409).code(), "conflict");
    body["parts"] = json!([]);
    assert_eq!(desk.post(ALLOCATIONS, &body).await.expect(422).text("/fields/0/field"), "parts");
    for (from, to, field) in [("1-4", "1-3", "serial_to"), ("x", "1-3", "serial_from"), ("7-1", "8-1", "serial_from")] {
        let range = json!({ "reseller_id": reseller, "serial_from": from, "serial_to": to });
        let refused = desk.post(&format!("{ALLOCATIONS}/preview"), &range).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), field, "{from} to {to}");
    }
    let range = json!({ "reseller_id": reseller, "serial_from": "1-1", "serial_to": "1-2" });
    let mut tx = desk.shop.world.app.transaction().await.expect("transaction");
    sqlx::query("UPDATE reseller SET status = 'suspended' WHERE id = $1")
        .bind(reseller.0)
        .execute(&mut *tx)
        .await
        .expect("suspended");
    tx.commit().await.expect("committed");
    let refused = desk.post(&format!("{ALLOCATIONS}/preview"), &range).await.expect(403);
    assert_eq!(refused.code(), "reseller_suspended");
    assert_eq!(count(&desk.shop.world, "SELECT COUNT(*) FROM code").await, 0);
}

#[tokio::test]
async fn codes_that_would_have_expired_are_not_allocated() {
    let desk = Desk::with_credits(300).await;
    desk.keep(10).await;
    let body = desk.asked(desk.shop.reseller, "1-1", "1-3").await;
    let mut tx = desk.shop.world.app.transaction().await.expect("transaction");
    sqlx::query("UPDATE lot_order SET redeem_by = $1").bind(START.0).execute(&mut *tx).await.expect("aged");
    tx.commit().await.expect("committed");
    let refused = desk.post(ALLOCATIONS, &body).await.expect(409);
    assert_eq!((refused.code(), refused.text("/detail").contains("expired")), ("wrong_state", true));
    assert_eq!(desk.dry(desk.shop.reseller, "1-1", "1-3").await["refusal"]["code"], "wrong_state");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn overlapping_allocations_at_once_give_each_code_to_one_reseller() {
    let desk = Desk::with_credits(1_500 * 30).await;
    let other = desk.other(1_500 * 30).await;
    let stock = desk.keep(2_000).await;
    let mine = desk.asked(desk.shop.reseller, "1-1", "1-1500").await;
    let theirs = desk.asked(other, "1-501", "1-2000").await;
    let second = desk.shop.world.second_process().await;
    let mut hands = tokio::task::JoinSet::new();
    for (router, body) in [(desk.shop.world.router.clone(), mine.clone()), (second, theirs.clone())] {
        let staff = desk.staff.clone();
        hands
            .spawn(async move { call(&router, "POST", ALLOCATIONS, Some(&staff), Some(&body)).await.expect(200).body });
    }
    hands.join_all().await;
    let (here, there) = (&desk.shop.world.app, desk.shop.world.open_again().await.expect("a second process"));
    tokio::join!(run_code_jobs_once(here), run_code_jobs_once(&there));
    // Whatever one of the two left behind because the other was at it.
    run_code_jobs_once(here).await;
    let jobs = [desk.job(first(&mine, "job_id").into()).await, desk.job(first(&theirs, "job_id").into()).await];
    let sum = |field: &str| jobs.iter().map(|job| job[field].as_i64().expect("a number")).sum::<i64>();
    assert_eq!((sum("changed"), sum("refused")), (2_000, 1_000), "{jobs:?}");
    assert_eq!(desk.states(stock).await, json!({ "allocated": 2_000 }));
    assert_eq!(count(&desk.shop.world, "SELECT COUNT(*) FROM code WHERE state = 'sold'").await, 2_000);
    assert_eq!(count(&desk.shop.world, "SELECT COUNT(DISTINCT serial) FROM code").await, 2_000);
    let paid = "SELECT CAST(SUM(amount) AS BIGINT) FROM transfer WHERE kind = 'online_sale'";
    assert_eq!(count(&desk.shop.world, paid).await, 2_000 * 30);
    // What was not given was not paid.
    prove(&desk.shop.world).await;
    there.close().await;
}

#[tokio::test]
async fn an_allocation_that_a_process_left_is_finished_by_another_and_one_cancelled_keeps_what_it_gave() {
    let desk = Desk::with_credits(2_500 * 30).await;
    let stock = desk.keep(2_500).await;
    let body = desk.asked(desk.shop.reseller, "1-1", "1-2500").await;
    desk.post(ALLOCATIONS, &body).await.expect(200);
    let (own, job): (LotId, JobId) = (first(&body, "lot_id").into(), first(&body, "job_id").into());
    let app = &desk.shop.world.app;
    let dying = claim(app, job.0).await.expect("claimed").expect("nobody has it");
    assert!(step(app, &dying).await.expect("a part"));
    prove(&desk.shop.world).await;
    desk.shop.world.clock.advance_ms(60_001);
    let heir = claim(app, job.0).await.expect("claimed").expect("its time has ended");
    step(app, &dying).await.expect_err("it is another's");
    assert!(step(app, &heir).await.expect("a part"));
    let cancelled = desk.post(&format!("/api/v1/admin/jobs/{job}/cancel"), &json!({})).await.expect(200).body;
    assert_eq!((&cancelled["state"], &cancelled["changed"]), (&json!("cancelled"), &json!(2_000)));
    step(app, &heir).await.expect_err("it was cancelled");
    assert_eq!((desk.states(own).await, desk.available().await), (json!({ "sold": 2_000 }), 500 * 30));
    assert_eq!(desk.states(stock).await, json!({ "allocated": 2_000, "generated": 500 }));
    prove(&desk.shop.world).await;
    desk.post(&format!("/api/v1/admin/jobs/{job}/resume"), &json!({})).await.expect(200);
    run_code_jobs_once(app).await;
    assert_eq!((desk.states(own).await, desk.available().await), (json!({ "sold": 2_500 }), 0));
    prove(&desk.shop.world).await;
}

#[tokio::test]
async fn a_job_that_runs_out_of_credit_takes_no_code_that_it_cannot_pay() {
    let desk = Desk::with_credits(1_500 * 30).await;
    let stock = desk.keep(1_500).await;
    let body = desk.asked(desk.shop.reseller, "1-1", "1-1500").await;
    desk.post(ALLOCATIONS, &body).await.expect(200);
    let take = json!({ "transfer_id": mint::<TransferId>(START), "note": "a test",
        "kind": "debit", "amount": 30 });
    let path = format!("/api/v1/admin/resellers/{}/credits", desk.shop.reseller);
    desk.post(&path, &take).await.expect(200);
    run_code_jobs_once(&desk.shop.world.app).await;
    let job = desk.job(first(&body, "job_id").into()).await;
    assert_eq!((&job["state"], &job["trouble"]["code"]), (&json!("failed"), &json!("insufficient_credit")));
    assert_eq!(desk.states(stock).await, json!({ "allocated": 1_000, "generated": 500 }));
    prove(&desk.shop.world).await;
}

#[tokio::test]
async fn a_void_gives_back_what_an_allocation_cost_and_the_codes_stay_voided() {
    let desk = Desk::with_credits(40 * 30).await;
    let stock = desk.keep(100).await;
    let own = desk.give(desk.shop.reseller, "1-11", "1-50").await;
    assert_eq!(desk.available().await, 0);
    let voided = desk.change(own, &json!({ "change": "void", "seq_from": 11, "seq_to": 30 })).await;
    assert_eq!((&voided["changed"], &voided["amount"]["value"]), (&json!(20), &json!(600)));
    assert_eq!((desk.states(own).await, desk.available().await), (json!({ "sold": 20, "voided": 20 }), 600));
    let refused =
        desk.post(&format!("{LOTS}/{own}/changes/preview"), &json!({ "change": "hold", "seq_from": 1 })).await;
    assert!(refused.expect(422).text("/fields/0/message").contains("000001-0011 to 000001-0050"));
    let dry = desk.dry(desk.shop.reseller, "1-11", "1-55").await;
    assert_eq!((&dry["codes"], &dry["taken"]), (&json!(5), &json!(40)));
    assert_eq!(desk.shop.redeem(&desk.code(stock, 12).await, 1).await.expect(409).code(), "code_revoked");
    prove(&desk.shop.world).await;
}

#[tokio::test]
async fn a_range_goes_through_several_lots_and_each_reseller_gets_its_own_back() {
    let desk = Desk::with_credits(40 * 30).await;
    let other = desk.other(20 * 30).await;
    desk.keep(30).await;
    let whole = desk.lot(10).await;
    let mine = desk.give(desk.shop.reseller, "1-1", "1-10").await;
    let theirs = desk.give(other, "1-11", "1-20").await;
    let range = json!({ "change": "void", "serial_from": "1-6", "serial_to": "2-4" });
    let dry = desk.post(&format!("{RANGES}/preview"), &range).await.expect(200).body;
    let parts = dry["parts"].as_array().expect("parts");
    let lots: Vec<&Value> = parts.iter().map(|part| &part["lot_id"]).collect();
    assert_eq!(lots, [&json!(mine), &json!(theirs), &json!(whole)]);
    let back = json!([{ "value": 19 * 30, "unit": "credits" }]);
    assert_eq!((&dry["changed"], &dry["gives_back"]), (&json!(19), &back));
    let part = |part: &Value| {
        json!({ "lot_id": part["lot_id"], "job_id": mint::<JobId>(START), "seq_from": part["seq_from"],
            "seq_to": part["seq_to"], "changed": part["changed"] })
    };
    let asked: Vec<Value> = parts.iter().map(part).collect();
    let mut body = json!({ "change": "void", "parts": asked, "reason": "lost" });
    body["parts"][1]["changed"] = json!(9);
    assert_eq!(desk.post(RANGES, &body).await.expect(409).code(), "conflict");
    assert_eq!(count(&desk.shop.world, "SELECT COUNT(*) FROM code_job WHERE kind = 'void_codes'").await, 0);
    body["parts"][1]["changed"] = json!(10);
    let begun = desk.post(RANGES, &body).await.expect(200).body;
    assert_eq!(desk.post(RANGES, &body).await.expect(200).body, begun, "a repeat is answered");
    // Two lots at a time.
    while run_code_jobs_once(&desk.shop.world.app).await > 0 {}
    assert_eq!(desk.states(mine).await, json!({ "sold": 5, "voided": 5 }));
    assert_eq!(desk.states(theirs).await, json!({ "voided": 10 }));
    assert_eq!((desk.states(whole).await, desk.available().await), (json!({ "sold": 6, "voided": 4 }), 29 * 30));
    prove(&desk.shop.world).await;
}

#[tokio::test]
async fn the_print_file_of_a_kept_lot_has_what_nobody_has_yet() {
    let desk = Desk::with_credits(300).await;
    let stock = desk.keep(1_100).await;
    desk.give(desk.shop.reseller, "1-1", "1-10").await;
    let text = super::lots::file(&desk, &format!("{LOTS}/{stock}/print-file")).await;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1 + 1_090);
    let code = desk.code(stock, 11).await;
    assert!(lines[1].starts_with(&format!("000001-0011,{code},Month,30,")), "{}", lines[1]);
}
