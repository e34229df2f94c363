//! Customers of a reseller: found by address and by serial, page by page, and nobody else's.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{AccountId, CodeId};
use serde_json::{Value, json};

use super::desk::{Shop, redeem};
use crate::dialect::Db;

const OWN: &str = "/api/v1/reseller/customers";

async fn rows(shop: &Shop, token: &str, query: &str) -> Vec<Value> {
    let page = shop.world.get(&format!("{OWN}{query}"), Some(token)).await.expect(200).body;
    page["items"].as_array().cloned().expect("items")
}

fn seen(rows: &[Value]) -> Vec<(&str, &str)> {
    rows.iter().map(|row| (row["email"].as_str().expect("email"), row["state"].as_str().expect("state"))).collect()
}

async fn plan(shop: &Shop) -> Value {
    let token = shop.world.token("reseller", "shop").await;
    let plans = shop.world.get("/api/v1/reseller/plans", Some(&token)).await.expect(200).body;
    let found = plans["items"].as_array().or_else(|| plans.as_array()).expect("plans");
    found.iter().find(|plan| plan["name"] == "Month").expect("a plan")["plan_id"].clone()
}

async fn code(shop: &Shop, token: &str, plan: &Value, email: Option<&str>) -> Value {
    shop.world.clock.advance_ms(1);
    let id: CodeId = mint(shop.world.app.now());
    let mut body = json!({ "code_id": id, "plan_id": plan });
    if let Some(email) = email {
        body["customer_email"] = json!(email);
    }
    let made = shop.world.post("/api/v1/reseller/codes", Some(token), &body).await.expect(200).body;
    json!({ "code": made["code"], "serial": made["row"]["serial"] })
}

#[tokio::test]
async fn who_bought_is_found_by_address_and_by_serial() {
    let shop = Shop::with_credits(10_000).await;
    let token = shop.world.token("reseller", "shop").await;
    let plan = plan(&shop).await;
    let waits = code(&shop, &token, &plan, Some("zoe@example.org")).await;
    let used = code(&shop, &token, &plan, Some("bob@example.org")).await;
    code(&shop, &token, &plan, None).await;
    redeem(&shop.world, used["code"].as_str().expect("code"), 7).await.expect(200);
    let account: AccountId = mint(shop.world.app.now());
    let body = json!({ "account_id": account, "plan_id": plan, "username": "ada", "email": "ada@example.org" });
    shop.world.post("/api/v1/reseller/accounts", Some(&token), &body).await.expect(200);

    let all = rows(&shop, &token, "").await;
    let expected = [("ada@example.org", "active"), ("bob@example.org", "active"), ("zoe@example.org", "waiting")];
    assert_eq!(seen(&all), expected);
    assert_eq!(
        (&all[0]["username"], &all[0]["plan_name"], all[0].get("serial")),
        (&json!("ada"), &json!("Month"), None)
    );
    assert_eq!(all[1]["serial"], used["serial"]);
    assert!(all[1].get("account_id").is_some() && all[1].get("last_day").is_some());
    assert!(all[2].get("account_id").is_none() && all[2].get("redeem_by").is_some());
    assert!(!all.iter().any(|row| row.to_string().contains(waits["code"].as_str().expect("code"))), "no secret");

    // Page by page, over both kinds.
    let first = shop.world.get(&format!("{OWN}?limit=2"), Some(&token)).await.expect(200);
    assert_eq!(seen(first.body["items"].as_array().expect("items")), expected[..2]);
    let rest = rows(&shop, &token, &format!("?limit=2&after={}", first.text("/next"))).await;
    assert_eq!(seen(&rest), expected[2..]);

    assert_eq!(seen(&rows(&shop, &token, "?search=Bo").await), expected[1..2]);
    assert_eq!(rows(&shop, &token, "?search=nobody").await.len(), 0);
    assert_eq!(rows(&shop, &token, "?search=%25").await.len(), 0, "a sign stands for itself");
    let serial = waits["serial"].as_str().expect("serial");
    assert_eq!(seen(&rows(&shop, &token, &format!("?search={serial}")).await), expected[2..]);
    let lot = &serial[..=serial.find('-').expect("a hyphen")];
    assert_eq!(
        rows(&shop, &token, &format!("?search={lot}&limit=500"))
            .await
            .iter()
            .filter(|row| row["serial"] == serial)
            .count(),
        1
    );

    // An address of the account itself is the customer's; its code is not listed beside it.
    let mut work = shop.world.app.begin(shop.world.operator).await.expect("begun");
    let set = "UPDATE account SET email = 'bobby@example.org' WHERE email IS NULL";
    sqlx::query::<Db>(set).execute(&mut *work.conn()).await.expect("set");
    let off = "UPDATE account SET status = 'suspended' WHERE username = 'ada'";
    sqlx::query::<Db>(off).execute(&mut *work.conn()).await.expect("off");
    work.commit().await.expect("committed");
    let all = rows(&shop, &token, "").await;
    assert_eq!(
        seen(&all),
        [("ada@example.org", "cancelled"), ("bobby@example.org", "active"), ("zoe@example.org", "waiting")]
    );
    assert_eq!(all[1]["serial"], used["serial"]);

    let other = shop.world.add_reseller("other", None).await;
    let theirs = shop.world.token("reseller", "other").await;
    assert_eq!(rows(&shop, &theirs, "").await.len(), 0);
    let staff = shop.world.staff_token(counterfoil_domain::permission::StaffRole::Auditor).await;
    let of = async |id| shop.world.get(&format!("/api/v1/admin/resellers/{id}/customers"), Some(&staff)).await;
    assert_eq!(of(shop.reseller).await.expect(200).body["items"].as_array().map(Vec::len), Some(3));
    assert_eq!(of(other).await.expect(200).body["items"].as_array().map(Vec::len), Some(0));
}
