//! The customers who paid a shop most: by address, or by account, this month, without what was voided or given back.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{AccountId, CodeId, PaymentId};
use counterfoil_domain::permission::StaffRole;
use serde_json::{Value, json};

use super::commission::Trade;
use super::dashboard::{DECEMBER, change, own};
use super::world::START;

/// Whose it is, how often and how much, in the order of the answer.
fn paid(shown: &Value) -> Vec<(String, u64, i64)> {
    let rows = shown["top_customers"].as_array().expect("customers").clone();
    let named = |row: &Value| row["email"].as_str().or_else(|| row["username"].as_str()).map(str::to_owned);
    let one = |row: &Value| {
        assert_eq!(row["paid"]["unit"], "EUR");
        (
            named(row).expect("a name"),
            row["sales"].as_u64().expect("times"),
            row["paid"]["value"].as_i64().expect("sum"),
        )
    };
    rows.iter().map(one).collect()
}

fn row(name: &str, times: u64, sum: i64) -> (String, u64, i64) {
    (name.to_owned(), times, sum)
}

async fn sell(trade: &Trade, plan: usize, email: Option<&str>) -> String {
    trade.world.clock.advance_ms(1);
    let id: CodeId = mint(trade.world.app.now());
    let mut body = json!({ "code_id": id, "plan_id": trade.plans[plan] });
    if let Some(email) = email {
        body["customer_email"] = json!(email);
    }
    trade.world.post("/api/v1/reseller/codes", Some(&trade.owner), &body).await.expect(200).text("/row/code_id")
}

async fn account(trade: &Trade, name: &str, email: Option<&str>, gift: bool) -> String {
    trade.world.clock.advance_ms(1);
    let id: AccountId = mint(trade.world.app.now());
    let mut body = json!({ "account_id": id, "plan_id": trade.plans[0], "username": name });
    if let Some(email) = email {
        body["email"] = json!(email);
    }
    let (path, token) = if gift {
        body["gift"] = json!(true);
        body["reseller_id"] = json!(trade.seller);
        ("/api/v1/admin/accounts", &trade.admin)
    } else {
        ("/api/v1/reseller/accounts", &trade.owner)
    };
    trade.world.post(path, Some(token), &body).await.expect(200).text("/account/account_id")
}

/// 9.99, taken by the shop.
async fn pay(trade: &Trade, account: &str, paid_for: &str) -> PaymentId {
    trade.world.clock.advance_ms(1);
    let id: PaymentId = mint(trade.world.app.now());
    let body = json!({ "payment_id": id, "account_id": account, "amount": { "value": 999, "unit": "EUR" },
        "method": "cash", "paid_for": paid_for, "collected_by": "reseller", "completed": true, "paid_on": "2026-11-20" });
    trade.world.post("/api/v1/reseller/payments", Some(&trade.owner), &body).await.expect(200);
    id
}

#[tokio::test]
async fn what_customers_paid_is_added_up_by_address_and_by_account() {
    let trade = Trade::new().await;
    assert_eq!(paid(&own(&trade.world, "seller").await), []);
    sell(&trade, 0, Some("zoe@example.org")).await;
    let quarter = sell(&trade, 1, Some("zoe@example.org")).await;
    sell(&trade, 1, None).await;
    let ada = account(&trade, "ada", Some("ada@example.org"), false).await;
    sell(&trade, 0, Some("ada@example.org")).await;
    account(&trade, "carla", None, false).await;
    let berta = account(&trade, "berta", None, true).await;
    let payment = pay(&trade, &berta, "service").await;
    // It was sold here, and its sale is what counts.
    pay(&trade, &ada, "sale").await;
    let shown = own(&trade.world, "seller").await;
    let all = [
        row("zoe@example.org", 2, 3_500),
        row("ada@example.org", 2, 2_000),
        row("carla", 1, 1_000),
        row("berta", 1, 999),
    ];
    assert_eq!(paid(&shown), all);
    let rows = &shown["top_customers"];
    assert_eq!((rows[0].get("account_id"), rows[0].get("username")), (None, None));
    assert_eq!((rows[3].get("email"), &rows[3]["account_id"]), (None, &json!(berta)));
    assert_eq!(rows[3]["last_at"], json!(trade.world.app.now().0 - 1));

    change(&trade.world, &quarter, "void").await;
    let back = format!("/api/v1/admin/payments/{payment}/refund");
    trade.world.post(&back, Some(&trade.finance), &json!({ "reason": "Paid twice" })).await.expect(200);
    let left = [row("ada@example.org", 2, 2_000), row("carla", 1, 1_000), row("zoe@example.org", 1, 1_000)];
    assert_eq!(paid(&own(&trade.world, "seller").await), left);
}

#[tokio::test]
async fn they_are_of_this_month_and_of_this_shop() {
    let mut trade = Trade::new().await;
    let ada = account(&trade, "ada", Some("ada@example.org"), false).await;
    assert_eq!(paid(&own(&trade.world, "upline").await), []);
    // Whoever has the account now knows its address; who sold it keeps what was paid.
    let staff = trade.world.staff_token(StaffRole::SuperAdmin).await;
    let moved = json!({ "reseller_id": trade.upline, "reason": "a test" });
    let path = format!("/api/v1/admin/accounts/{ada}/transfer");
    trade.world.post(&path, Some(&staff), &moved).await.expect(200);
    assert_eq!(paid(&own(&trade.world, "seller").await), [row("ada", 1, 1_000)]);
    assert_eq!(paid(&own(&trade.world, "upline").await), []);
    trade.advance(DECEMBER.0 - START.0).await;
    assert_eq!(paid(&own(&trade.world, "seller").await), []);
    sell(&trade, 0, Some("zoe@example.org")).await;
    assert_eq!(paid(&own(&trade.world, "seller").await), [row("zoe@example.org", 1, 1_000)]);
}

#[tokio::test]
async fn the_ten_who_paid_most_are_listed() {
    let trade = Trade::new().await;
    for n in 0..12 {
        sell(&trade, usize::from(n == 4), Some(&format!("c{n:02}@example.org"))).await;
    }
    let shown = paid(&own(&trade.world, "seller").await);
    let names: Vec<_> = shown.iter().map(|(name, ..)| name.as_str()).collect();
    // The most first, then who came last.
    let expected = ["c04", "c11", "c10", "c09", "c08", "c07", "c06", "c05", "c03", "c02"];
    assert_eq!(names, expected.map(|name| format!("{name}@example.org")));
}

#[tokio::test]
async fn a_shop_that_may_not_see_accounts_is_told_of_no_customers() {
    let trade = Trade::new().await;
    sell(&trade, 0, Some("zoe@example.org")).await;
    assert_eq!(paid(&own(&trade.world, "seller").await).len(), 1);
    let path = format!("/api/v1/admin/resellers/{}/permissions", trade.seller);
    let figures = json!({ "version": 0, "permissions": { "grants": ["view_statistics"], "max_connections": 3 } });
    trade.world.put(&path, Some(&trade.admin), &figures).await.expect(200);
    let shown = own(&trade.world, "seller").await;
    assert_eq!(shown.get("top_customers"), None);
    assert_eq!(shown["figures"]["revenue"][0]["this_month"]["value"], json!(1_000));
}
