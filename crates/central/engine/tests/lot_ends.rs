//! How codes end that the operator keeps: a box that was stolen is revoked, and nobody is given or uses what was in it.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{JobId, LotId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::lots::{Desk, LOTS, file};
use super::proof::{count, prove};
use super::stock::{ALLOCATIONS, RANGES};
use super::world::START;
use crate::engine::code_jobs::{claim, list, step};
use crate::engine::run_code_jobs_once;

#[tokio::test]
async fn a_stolen_box_is_never_given_and_never_used() {
    let desk = Desk::with_credits(300).await;
    let (world, stock) = (&desk.shop.world, desk.keep(1_200).await);
    desk.give(desk.shop.reseller, "1-1", "1-10").await;
    let stolen = json!({ "change": "revoke", "seq_from": 5, "seq_to": 1_100 });
    let dry = desk.post(&format!("{LOTS}/{stock}/changes/preview"), &stolen).await.expect(200).body;
    let told = (&dry["codes"], &dry["changed"], &dry["refused"], &dry["gives_back"]["value"], &dry["undoable"]);
    assert_eq!(told, (&json!(1_090), &json!(1_090), &json!([]), &json!(0), &json!(false)));
    let job = desk.change(stock, &stolen).await;
    let told = (&job["kind"], &job["state"], &job["changed"], &job["amount"]["value"], &job["undoable"]);
    assert_eq!(told, (&json!("revoke_codes"), &json!("done"), &json!(1_090), &json!(0), &json!(0)));
    assert_eq!(desk.states(stock).await, json!({ "allocated": 10, "generated": 100, "revoked": 1_090 }));
    let audited = "SELECT COUNT(*) FROM audit WHERE action = 'lot.revoke_codes' AND detail LIKE '%a test%'";
    assert_eq!(count(world, audited).await, 1);

    // Whoever holds one is told like of any revoked code; the others are what they were.
    let code = desk.code(stock, 500).await;
    assert_eq!(desk.shop.redeem(&code, 1).await.expect(409).code(), "code_revoked");
    let tries = "SELECT COUNT(*) FROM activation_attempt WHERE outcome = 'withdrawn'";
    assert_eq!(count(world, tries).await, 1);
    let seen = world.get(&format!("/api/v1/public/codes/{code}"), None).await.expect(200).body;
    assert_eq!((&seen["state"], &seen["plan_name"]), (&json!("withdrawn"), &json!("Month")));
    assert_eq!(desk.shop.redeem(&desk.code(stock, 1_150).await, 2).await.expect(409).code(), "code_not_sold");
    desk.shop.redeem(&desk.code(stock, 7).await, 3).await.expect(200);

    // Nobody is given one, and none is printed again.
    let dry = desk.dry(desk.shop.reseller, "1-1", "1-1200").await;
    assert_eq!((&dry["codes"], &dry["taken"]), (&json!(100), &json!(1_100)));
    let none = desk.dry(desk.shop.reseller, "1-20", "1-30").await;
    assert_eq!((&none["codes"], &none["refusal"]["code"]), (&json!(0), &json!("wrong_state")));
    assert_eq!(file(&desk, &format!("{LOTS}/{stock}/print-file")).await.lines().count(), 1 + 100);
    let again = desk.post(&format!("{LOTS}/{stock}/changes/preview"), &stolen).await.expect(200).body;
    let left = json!([{ "state": "revoked", "count": 1_090 }]);
    assert_eq!((&again["changed"], &again["refused"]), (&json!(0), &left));
    let mut body = stolen.clone();
    (body["job_id"], body["changed"], body["reason"]) = (json!(mint::<JobId>(START)), json!(0), json!("stolen"));
    assert_eq!(desk.post(&format!("{LOTS}/{stock}/changes"), &body).await.expect(409).code(), "wrong_state");
    prove(world).await;
}

#[tokio::test]
async fn a_box_that_is_revoked_while_it_is_allocated_is_paid_as_far_as_it_was_given() {
    let desk = Desk::with_credits(2_000 * 30).await;
    let (app, stock) = (&desk.shop.world.app, desk.keep(2_000).await);
    let given = desk.asked(desk.shop.reseller, "1-1", "1-2000").await;
    desk.post(ALLOCATIONS, &given).await.expect(200);
    let [own, job] = ["lot_id", "job_id"].map(|id| given["parts"][0][id].as_str().expect("an id").to_owned());
    let own: LotId = own.parse().expect("an id");
    let held = claim(app, job.parse().expect("an id")).await.expect("claimed").expect("nobody has it");
    assert!(step(app, &held).await.expect("a part"));
    let revoked = desk.change(stock, &json!({ "change": "revoke", "seq_from": 1_501, "seq_to": 2_000 })).await;
    assert_eq!(revoked["changed"], 500);
    while step(app, &held).await.expect("a part") {}
    assert_eq!(desk.states(own).await, json!({ "sold": 1_500 }));
    assert_eq!(desk.states(stock).await, json!({ "allocated": 1_500, "revoked": 500 }));
    assert_eq!(desk.available().await, 500 * 30);
    prove(&desk.shop.world).await;
}

#[tokio::test]
async fn a_range_revokes_what_is_kept_and_what_was_given_of_it() {
    let desk = Desk::with_credits(300).await;
    let stock = desk.keep(30).await;
    let own = desk.give(desk.shop.reseller, "1-1", "1-10").await;
    let range = json!({ "change": "revoke", "serial_from": "1-6", "serial_to": "1-20" });
    let dry = desk.post(&format!("{RANGES}/preview"), &range).await.expect(200).body;
    let part = |part: &Value| {
        json!({ "lot_id": part["lot_id"], "job_id": mint::<JobId>(START), "seq_from": part["seq_from"],
            "seq_to": part["seq_to"], "changed": part["changed"] })
    };
    let parts: Vec<Value> = dry["parts"].as_array().expect("parts").iter().map(part).collect();
    assert_eq!((parts.len(), &dry["changed"], &dry["gives_back"]), (2, &json!(15), &json!([])));
    let body = json!({ "change": "revoke", "parts": parts, "reason": "the van was stolen" });
    desk.post(RANGES, &body).await.expect(200);
    while run_code_jobs_once(&desk.shop.world.app).await > 0 {}
    assert_eq!(desk.states(own).await, json!({ "revoked": 5, "sold": 5 }));
    assert_eq!(desk.states(stock).await, json!({ "allocated": 10, "generated": 10, "revoked": 10 }));
    // Only to revoke is for both: nobody has anything to hold of what is kept.
    let range = json!({ "change": "hold", "serial_from": "1-1", "serial_to": "1-30" });
    let dry = desk.post(&format!("{RANGES}/preview"), &range).await.expect(200).body;
    assert_eq!((dry["parts"].as_array().map(Vec::len), &dry["changed"]), (Some(1), &json!(5)));
    prove(&desk.shop.world).await;
}

#[tokio::test]
async fn a_range_is_cancelled_and_taken_back_as_one() {
    let desk = Desk::with_credits(40 * 30).await;
    let lots = [desk.lot(20).await, desk.lot(20).await];
    let range = json!({ "change": "hold", "serial_from": "1-11", "serial_to": "2-10" });
    let dry = desk.post(&format!("{RANGES}/preview"), &range).await.expect(200).body;
    let parts = dry["parts"].as_array().expect("parts").iter().map(|part| {
        json!({ "lot_id": part["lot_id"], "job_id": mint::<JobId>(START), "seq_from": part["seq_from"],
            "seq_to": part["seq_to"], "changed": part["changed"] })
    });
    let parts: Vec<Value> = parts.collect();
    let ids: Vec<Value> = parts.iter().map(|part| part["job_id"].clone()).collect();
    let body = json!({ "change": "hold", "parts": parts, "reason": "lost" });
    desk.post(RANGES, &body).await.expect(200);
    // One of the two is over by then, and stays so.
    let held = claim(&desk.shop.world.app, uuid(&ids[0])).await.expect("claimed").expect("nobody has it");
    while step(&desk.shop.world.app, &held).await.expect("a part") {}
    let cancel = json!({ "job_ids": ids });
    let jobs = desk.post(&format!("{RANGES}/cancel"), &cancel).await.expect(200).body["jobs"].clone();
    assert_eq!((&jobs[0]["state"], &jobs[1]["state"]), (&json!("done"), &json!("cancelled")));
    assert_eq!(desk.post(&format!("{RANGES}/cancel"), &cancel).await.expect(200).body["jobs"], jobs);
    for job in &ids[1..] {
        desk.post(&format!("/api/v1/admin/jobs/{}/resume", uuid(job)), &json!({})).await.expect(200);
    }
    run_code_jobs_once(&desk.shop.world.app).await;
    assert_eq!(desk.states(lots[1]).await, json!({ "held": 10, "sold": 10 }));

    let part = |job: &Value| json!({ "job_id": job, "undo_id": mint::<JobId>(START) });
    let undo = json!({ "jobs": ids.iter().map(part).collect::<Vec<_>>() });
    let back = desk.post(&format!("{RANGES}/undo"), &undo).await.expect(200).body;
    assert_eq!(desk.post(&format!("{RANGES}/undo"), &undo).await.expect(200).body, back, "a repeat is answered");
    while run_code_jobs_once(&desk.shop.world.app).await > 0 {}
    for lot in lots {
        assert_eq!(desk.states(lot).await, json!({ "sold": 20 }));
    }
    // Once: of a range that was taken back nothing begins again.
    let again = json!({ "jobs": ids.iter().map(part).collect::<Vec<_>>() });
    assert_eq!(desk.post(&format!("{RANGES}/undo"), &again).await.expect(409).code(), "wrong_state");
    assert_eq!(
        desk.post(&format!("{RANGES}/cancel"), &json!({ "job_ids": [] })).await.expect(422).code(),
        "validation_failed"
    );
    prove(&desk.shop.world).await;
}

fn uuid(id: &Value) -> Uuid {
    id.as_str().expect("an id").parse().expect("an id")
}

#[tokio::test]
async fn what_was_done_to_codes_is_found_again_by_whoever_looks() {
    let desk = Desk::with_credits(10 * 30).await;
    let first = desk.lot(2).await;
    desk.shop.world.clock.advance_ms(1_000);
    let second = desk.lot(3).await;
    desk.shop.world.clock.advance_ms(1_000);
    let held = desk.change(first, &json!({ "change": "hold" })).await;
    let all = desk.get(&format!("{LOTS}/jobs")).await;
    let told: Vec<_> =
        all["items"].as_array().expect("jobs").iter().map(|job| (&job["lot_id"], &job["kind"])).collect();
    let expected =
        [(json!(first), json!("hold_codes")), (json!(second), json!("make_lot")), (json!(first), json!("make_lot"))];
    assert_eq!(told, expected.iter().map(|(lot, kind)| (lot, kind)).collect::<Vec<_>>());
    assert_eq!((&all["items"][0], all.get("next")), (&held, None));

    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = desk.get(&format!("{LOTS}/jobs?limit=1{after}")).await;
        seen.extend(page["items"].as_array().expect("jobs").iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(Value::Array(seen), all["items"]);
    // Another operator has its own.
    let other = desk.shop.world.other_operator().await;
    let mut reader = desk.shop.world.app.reader().await.expect("reader");
    let theirs = list(&mut reader, other, (i64::MAX, Uuid::max()), 10).await.expect("read");
    assert!(theirs.is_empty());
}
