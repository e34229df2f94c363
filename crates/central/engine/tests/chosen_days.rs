//! Service until a day that somebody chose, and service that the operator gives: for one account and from a file.

use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::{AccountId, BulkId, PlanId};
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::reseller::SettlementMode;
use serde_json::{Value, json};

use super::bulk::{Desk, counts};
use super::desk::fund;
use super::proof::prove;
use crate::engine::run_bulk_once;

/// Sends a file and waits until it is tried.
async fn import(desk: &Desk, audience: &str, gift: bool, lines: &[Value]) -> BulkId {
    let bulk: BulkId = desk.mint();
    let operation = json!({ "kind": "create", "file": "customers.csv", "lines": lines.len(), "gift": gift });
    let body = json!({ "bulk_id": bulk, "operation": operation, "targets": { "kind": "lines" } });
    desk.post(audience, "/bulk", &body).await.expect(200);
    let part = json!({ "first": 1, "lines": lines });
    desk.post(audience, &format!("/bulk/{bulk}/lines"), &part).await.expect(200);
    run_bulk_once(&desk.world().app).await;
    bulk
}

fn line(number: u32, last_day: &str, gift: &str) -> Value {
    json!({ "line": number, "plan": "Month", "reseller": "shop", "last_day": last_day, "gift": gift })
}

fn columns(rows: &[Value]) -> Vec<&Value> {
    rows.iter().map(|row| &row["refusal"]["columns"]).collect()
}

#[tokio::test]
async fn a_day_is_paid_day_by_day_and_must_be_to_come() {
    let desk = Desk::with_credits(100).await;
    let body = |day: &str| {
        json!({ "account_id": desk.mint::<AccountId>(), "reseller_id": desk.shop.reseller,
            "plan_id": desk.shop.plans[0], "last_day": day })
    };
    let made = desk.post("admin", "", &body(" 2026-12-01 ")).await.expect(200).body;
    assert_eq!((&made["account"]["last_day"], &made["cost"]["value"]), (&json!("2026-12-01"), &json!(10)));
    assert_eq!(desk.available().await, 90);
    for wrong in ["2026-11-21", "2026-11-20", "2099-01-01", "soon"] {
        let refused = desk.post("admin", "", &body(wrong)).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), "last_day", "{wrong}");
    }
    let mut gift = body("2026-12-01");
    gift["gift"] = json!(true);
    let given = desk.post("admin", "", &gift).await.expect(200).body;
    assert_eq!((&given["account"]["last_day"], given.get("cost")), (&json!("2026-12-01"), None));
    let poor = desk.post("admin", "", &body("2027-11-21")).await.expect(409);
    assert_eq!((poor.code(), &poor.body["needed"]["value"]), ("insufficient_credit", &json!(365)));
    assert_eq!(desk.available().await, 90);
    prove(desk.world()).await;
}

#[tokio::test]
async fn a_price_is_for_a_whole_term_and_a_trial_too() {
    let desk = Desk::with_credits(100).await;
    let share = desk.world().add_reseller_of(desk.world().operator, "share", None, SettlementMode::Share).await;
    fund(desk.world(), share, 5_000).await;
    let week = json!({ "plan_id": desk.mint::<PlanId>(), "name": "Week", "kind": "custom",
        "price": { "value": 0, "unit": "EUR" }, "term_days": 7, "features": [], "status": "active", "trials_a_month": 3 });
    let made = desk.world().post("/api/v1/admin/plans", Some(&desk.staff), &week).await.expect(200);
    let trial = made.body["plan_id"].clone();
    let month = json!(desk.shop.plans[0]);
    for (reseller, plan) in [(json!(share), &month), (json!(desk.shop.reseller), &trial)] {
        let body = json!({ "account_id": desk.mint::<AccountId>(), "reseller_id": reseller, "plan_id": plan,
            "last_day": "2026-12-01" });
        let refused = desk.post("admin", "", &body).await.expect(422);
        let told = (refused.text("/fields/0/field"), refused.text("/fields/0/message").contains("empty"));
        assert_eq!(told, ("last_day".to_owned(), true), "{}", refused.body);
    }
    // What the operator gives has no price.
    let gift = json!({ "account_id": desk.mint::<AccountId>(), "reseller_id": share, "plan_id": month,
        "last_day": "2026-12-01", "gift": true });
    assert_eq!(desk.post("admin", "", &gift).await.expect(200).text("/account/last_day"), "2026-12-01");
    prove(desk.world()).await;
}

#[tokio::test]
async fn lines_of_a_file_say_until_when_and_who_pays() {
    let desk = Desk::with_credits(1_000).await;
    let lines = [
        line(2, "2026-12-01", ""),
        line(3, "", "Yes"),
        line(4, "2026-12-05", "yes"),
        line(5, "", "no"),
        line(6, "2026-11-21", ""),
        line(7, "soon", "maybe"),
    ];
    let bulk = import(&desk, "admin", true, &lines).await;
    let planned = desk.bulk("admin", bulk).await;
    assert_eq!((counts(&planned), &planned["cost"][0]["value"]), ([4, 2, 0, 0, 0], &json!(40)));
    let shown = desk.rows("admin", bulk, "?state=planned").await;
    let costs: Vec<_> = shown.iter().map(|row| (&row["new_last_day"], row["cost"]["value"].as_i64())).collect();
    let [near, month, gift] = ["2026-12-01", "2026-12-21", "2026-12-05"].map(Value::from);
    assert_eq!(costs, [(&near, Some(10)), (&month, None), (&gift, None), (&month, Some(30))]);
    let refused = desk.rows("admin", bulk, "?state=refused").await;
    assert_eq!(columns(&refused), [&json!(["last_day"]), &json!(["gift", "last_day"])]);
    let done = desk.act("admin", bulk, "run").await;
    assert_eq!((counts(&done), &done["paid"][0]["value"]), ([0, 2, 4, 0, 0], &json!(40)));
    assert_eq!(desk.available().await, 1_000 - 40);
    prove(desk.world()).await;
}

#[tokio::test]
async fn only_who_may_move_credits_gives_service_away_by_a_file() {
    let mut desk = Desk::with_credits(1_000).await;
    let asked = |bulk: BulkId| {
        json!({ "bulk_id": bulk, "targets": { "kind": "lines" },
            "operation": { "kind": "create", "file": "a.csv", "lines": 1, "gift": true } })
    };
    let all = import(&desk, "admin", true, &[line(2, "", "yes")]).await;
    desk.allow(Grant::ALL).await;
    desk.post("reseller", "/bulk", &asked(desk.mint())).await.expect(422);
    // Support keeps accounts and moves no credits; neither orders such a file, nor runs one.
    desk.staff = desk.world().staff_token(StaffRole::Support).await;
    desk.post("admin", "/bulk", &asked(desk.mint())).await.expect(403);
    desk.post("admin", &format!("/bulk/{all}/run"), &Value::Null).await.expect(403);
    for audience in ["admin", "reseller"] {
        let bulk = import(&desk, audience, false, &[line(2, "", "yes"), line(3, "", "no")]).await;
        assert_eq!(counts(&desk.bulk(audience, bulk).await), [1, 1, 0, 0, 0], "{audience}");
        assert_eq!(columns(&desk.rows(audience, bulk, "?state=refused").await), [&json!(["gift"])]);
    }
}
