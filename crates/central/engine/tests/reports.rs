//! Reports: each figure is what was sold, earned or paid, once, in its month and currency, and nobody else's.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{AccountId, PaymentId};
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::reports::{Cell, ReportName, ReportQuery};
use serde_json::{Value, json};

use super::commission::{DAY_MS, Trade};
use super::dashboard::{DECEMBER, change, customer, make, write};
use super::desk::{Shop, fund, redeem};
use super::proof::prove;
use super::world::{START, World};
use crate::engine::reports::{Asked, read};
use crate::engine::run_counting_once;

async fn own(world: &World, username: &str, report: &str) -> Value {
    run_counting_once(&world.app).await;
    let token = world.token("reseller", username).await;
    world.get(&format!("/api/v1/reseller/reports/{report}"), Some(&token)).await.expect(200).body
}

async fn all(world: &World, report: &str) -> Value {
    run_counting_once(&world.app).await;
    let token = world.staff_token(StaffRole::Auditor).await;
    world.get(&format!("/api/v1/admin/reports/{report}"), Some(&token)).await.expect(200).body
}

/// Rows or totals with the values alone: `10.00 EUR` is `"1000 EUR"`, an empty cell is null.
fn plain(shown: &Value, part: &str) -> Vec<Vec<Value>> {
    let rows = shown[part].as_array().cloned().unwrap_or_default();
    rows.iter().map(|row| row.as_array().expect("cells").iter().map(value).collect()).collect()
}

fn value(cell: &Value) -> Value {
    let Some(cell) = cell.as_object() else { return Value::Null };
    let (_, inner) = cell.iter().next().expect("one value");
    match inner.get("unit") {
        Some(unit) => json!(format!("{} {}", inner["value"], unit.as_str().expect("a unit"))),
        None => inner.clone(),
    }
}

/// One column of all rows.
fn column(shown: &Value, key: &str) -> Vec<Value> {
    let columns = shown["columns"].as_array().expect("columns");
    let at = columns.iter().position(|column| column["key"] == key).expect("a column");
    plain(shown, "rows").into_iter().map(|row| row[at].clone()).collect()
}

fn rows<const N: usize>(rows: [Value; N]) -> Vec<Vec<Value>> {
    rows.into_iter().map(|row| row.as_array().cloned().expect("a row")).collect()
}

/// Every row is as wide as the report, and its cells are of their columns' kinds.
fn fits(shown: &Value) {
    let columns = shown["columns"].as_array().expect("columns");
    for part in ["rows", "totals"] {
        for row in shown[part].as_array().into_iter().flatten() {
            let cells = row.as_array().expect("cells");
            assert_eq!(cells.len(), columns.len(), "{row}");
            for (cell, column) in cells.iter().zip(columns) {
                let Some(cell) = cell.as_object() else { continue };
                let kind = cell.keys().next().expect("a kind");
                let same = column["kind"] == kind.as_str() || column["kind"] == "figure";
                // A word stands where a plan has no name.
                assert!(same || (column["kind"] == "text" && kind == "word"), "{kind} in {column}");
            }
        }
    }
}

#[tokio::test]
async fn sales_stand_in_their_months_and_a_void_in_its_own() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    world.clock.set(DECEMBER.plus_ms(-1));
    let november = make(world, "shop", shop.plans[1]).await;
    world.clock.set(DECEMBER);
    make(world, "shop", shop.plans[0]).await;
    let used = make(world, "shop", shop.plans[0]).await;
    redeem(world, &used.text("/code"), 1).await.expect(200);
    change(world, &november.text("/row/code_id"), "void").await;

    let shown = own(world, "shop", "sales?start_date=2026-11-15&end_date=2026-12-01").await;
    let sold = rows([
        json!(["2026-11", "Quarter", 1, 0, 0, 0, "2500 EUR"]),
        json!(["2026-12", "Month", 2, 0, 0, 0, "2000 EUR"]),
        json!(["2026-12", "Quarter", 0, 0, 0, 1, "-2500 EUR"]),
    ]);
    assert_eq!(plain(&shown, "rows"), sold);
    assert_eq!(plain(&shown, "totals"), rows([json!([null, null, 3, 0, 0, 1, "2000 EUR"])]));
    let period = json!({ "start_date": "2026-11-01", "end_date": "2026-12-31", "whole_months": true });
    assert_eq!((&shown["period"], &shown["time_zone"]), (&period, &json!("Europe/Berlin")));
    // What was asked is one month: the other is not in it.
    let one = own(world, "shop", "sales?start_date=2026-12-01&end_date=2026-12-01").await;
    assert_eq!(plain(&one, "rows"), sold[1..]);

    let both = "start_date=2026-10-01&end_date=2026-12-31";
    let months = all(world, &format!("monthly-revenue?{both}")).await;
    let expected = rows([
        json!(["2026-10", 0, 0, 0, 0, "0 EUR"]),
        json!(["2026-11", 1, 0, 0, 0, "2500 EUR"]),
        json!(["2026-12", 2, 0, 0, 1, "-500 EUR"]),
    ]);
    assert_eq!(plain(&months, "rows"), expected);
    let used = all(world, &format!("credit-usage?{both}")).await;
    let expected = rows([
        json!(["2026-11", "90 credits", "0 credits", "0 credits", "0 credits", "90 credits"]),
        json!(["2026-12", "60 credits", "0 credits", "90 credits", "0 credits", "-30 credits"]),
    ]);
    assert_eq!(plain(&used, "rows"), expected);
    let codes = all(world, &format!("code-usage?{both}")).await;
    let expected = rows([
        json!(["2026-11", "Quarter", 1, 0, 0, 0]),
        json!(["2026-12", "Month", 2, 1, 0, 0]),
        json!(["2026-12", "Quarter", 0, 0, 1, 0]),
    ]);
    assert_eq!(plain(&codes, "rows"), expected);
    let rate = own(world, "shop", &format!("activation-rate?{both}")).await;
    let expected = rows([json!(["2026-11", "Quarter", 1, 0, 0]), json!(["2026-12", "Month", 2, 1, 5_000])]);
    assert_eq!(plain(&rate, "rows"), expected);
    assert_eq!(plain(&rate, "totals"), rows([json!([null, null, 3, 1, 3_333])]));
    for shown in [&shown, &months, &used, &codes, &rate] {
        fits(shown);
    }
    prove(world).await;
}

#[tokio::test]
async fn currencies_are_rows_of_their_own() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    make(world, "shop", shop.plans[0]).await;
    write(world, "UPDATE operator SET currency = 'USD'").await;
    make(world, "shop", shop.plans[1]).await;
    let sold = make(world, "shop", shop.plans[1]).await;
    change(world, &sold.text("/row/code_id"), "void").await;
    let plans = all(world, "revenue-by-plan").await;
    let expected = rows([json!(["Month", 1, 0, 0, 0, "1000 EUR"]), json!(["Quarter", 2, 0, 0, 1, "2500 USD"])]);
    assert_eq!(plain(&plans, "rows"), expected);
    let expected = rows([json!([null, 1, 0, 0, 0, "1000 EUR"]), json!([null, 2, 0, 0, 1, "2500 USD"])]);
    assert_eq!(plain(&plans, "totals"), expected);
    let compared = all(world, "resellers").await;
    assert_eq!(column(&compared, "revenue"), [json!("1000 EUR"), json!("2500 USD")]);
    assert_eq!(column(&compared, "sales"), [json!(1), json!(2)]);
    // Accounts have no currency, so they stand once.
    assert_eq!(column(&compared, "accounts_now"), [json!(0), Value::Null]);
    let kpis = all(world, "kpis").await;
    let shown = plain(&kpis, "rows");
    for expected in [json!(["revenue", "1000 EUR"]), json!(["revenue", "2500 USD"]), json!(["used", "120 credits"])] {
        assert!(shown.contains(expected.as_array().expect("a row")), "{expected} in {shown:?}");
    }
    for shown in [&plans, &compared, &kpis] {
        fits(shown);
    }
}

#[tokio::test]
async fn a_shop_sees_its_own_and_the_operator_all() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    let below = world.add_reseller("below", Some(shop.reseller)).await;
    fund(world, below, 500).await;
    make(world, "shop", shop.plans[0]).await;
    make(world, "below", shop.plans[1]).await;
    customer(world, "below", shop.plans[0], "ada").await;
    assert_eq!(column(&own(world, "shop", "sales").await, "revenue"), [json!("1000 EUR")]);
    assert_eq!(column(&own(world, "below", "sales").await, "revenue"), [json!("1000 EUR"), json!("2500 EUR")]);
    let compared = all(world, "resellers").await;
    assert_eq!(column(&compared, "company"), [json!("Company of below"), json!("Company of shop")]);
    assert_eq!(column(&compared, "revenue"), [json!("3500 EUR"), json!("1000 EUR")]);
    assert_eq!(column(&compared, "active_now"), [json!(1), json!(0)]);
    assert_eq!(plain(&compared, "totals"), rows([json!([null, null, 3, "4500 EUR", "0 EUR", null, null])]));
    let standing = all(world, "subscriptions").await;
    assert_eq!((column(&standing, "active"), standing.get("period")), (vec![json!(1), json!(0)], None));
    let growth = all(world, "growth").await;
    assert_eq!(plain(&growth, "rows"), rows([json!(["2026-11", 1, 2, 2])]));
    assert_eq!(plain(&growth, "totals"), rows([json!([null, 1, 2, null])]));

    // Another operator in the same database has none of it.
    let other = world.other_operator().await;
    let query = ReportQuery::default();
    let asked = Asked { operator: other, reseller: None, scope: &Scope::Operator, query: &query };
    let theirs = read(&world.app, &asked, ReportName::Resellers).await.expect("a report");
    assert!(theirs.rows.is_empty());
    let theirs = read(&world.app, &asked, ReportName::MonthlyRevenue).await.expect("a report");
    assert!(theirs.rows.iter().all(|row| row.get(1) == Some(&Cell::Count(0))), "{:?}", theirs.rows);
}

#[tokio::test]
async fn a_name_is_of_one_audience_and_others_are_nothing() {
    let shop = Shop::with_credits(0).await;
    let owner = shop.world.token("reseller", "shop").await;
    let staff = shop.world.staff_token(StaffRole::Finance).await;
    for name in ReportName::ALL {
        let (ours, theirs, token, other) = if name.is_of_reseller() {
            ("reseller", "admin", &owner, &staff)
        } else {
            ("admin", "reseller", &staff, &owner)
        };
        let path = |audience: &str| format!("/api/v1/{audience}/reports/{}", name.as_str());
        let shown = shop.world.get(&path(ours), Some(token)).await.expect(200).body;
        assert_eq!(shown["name"], name.as_str());
        fits(&shown);
        shop.world.get(&path(theirs), Some(other)).await.expect(404);
    }
    shop.world.get("/api/v1/admin/reports/nonsense", Some(&staff)).await.expect(404);
    shop.world.get("/api/v1/admin/reports/growth?limit=501", Some(&staff)).await.expect(422);
    shop.world.get("/api/v1/admin/reports/growth?start_date=2026-11-31", Some(&staff)).await.expect(422);
    shop.world.get("/api/v1/admin/reports/growth?start_date=1990-01-01", Some(&staff)).await.expect(422);
    // Support may look things up, and reports are not among them.
    let support = shop.world.staff_token(StaffRole::Support).await;
    shop.world.get("/api/v1/admin/reports/growth", Some(&support)).await.expect(403);
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap_and_totals_are_told_once() {
    let shop = Shop::with_credits(1_000).await;
    for name in ["beta", "gamma", "delta"] {
        shop.world.add_reseller(name, None).await;
    }
    make(&shop.world, "shop", shop.plans[0]).await;
    make(&shop.world, "shop", shop.plans[1]).await;
    for (report, count) in [("resellers", 4), ("subscriptions", 4), ("commission", 4), ("revenue-by-plan", 2)] {
        let whole = all(&shop.world, report).await;
        assert_eq!((plain(&whole, "rows").len(), whole.get("next")), (count, None), "{report}");
        let (mut found, mut after) = (Vec::new(), String::new());
        loop {
            let page = all(&shop.world, &format!("{report}?limit=1{after}")).await;
            assert_eq!(page.get("totals").is_some(), after.is_empty(), "{report}");
            found.extend(plain(&page, "rows"));
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        assert_eq!(found, plain(&whole, "rows"), "{report}");
    }
}

#[tokio::test]
async fn commission_is_told_line_by_line_and_in_sum() {
    let mut trade = Trade::new().await;
    trade.earn(1, 30).await;
    trade.activate(60, 1).await;
    trade.accrue().await;
    let newest = trade.earnings(&trade.owner).await["items"][0].clone();
    trade.reverse(&newest).await.expect(200);

    let lines = own(&trade.world, "seller", "earnings").await;
    assert_eq!(plain(&lines, "rows").len(), 31);
    assert_eq!(column(&lines, "price")[0], json!("1000 EUR"));
    assert_eq!((&column(&lines, "basis")[1], &column(&lines, "rate")[1]), (&json!("codes"), &json!(2_000)));
    assert_eq!((&column(&lines, "earned")[0], &column(&lines, "taken_back")[0]), (&Value::Null, &json!("200 EUR")));
    let total = &plain(&lines, "totals")[0];
    assert_eq!((&total[11], &total[12]), (&json!("6000 EUR"), &json!("200 EUR")));
    // A page at a time it is the same.
    let first = own(&trade.world, "seller", "earnings?limit=20").await;
    let next = first["next"].as_str().expect("more").to_owned();
    let second = own(&trade.world, "seller", &format!("earnings?limit=20&after={next}")).await;
    assert_eq!([plain(&first, "rows"), plain(&second, "rows")].concat(), plain(&lines, "rows"));
    assert_eq!(second.get("next"), None);
    // Days that are not asked for are not in it.
    let day = own(&trade.world, "seller", "earnings?start_date=2026-11-28&end_date=2026-11-28").await;
    assert_eq!(plain(&day, "rows").len(), 1);
    assert!(
        plain(&own(&trade.world, "seller", "earnings?start_date=2026-11-29&end_date=2026-11-29").await, "rows")
            .is_empty()
    );

    let shown = all(&trade.world, "commission").await;
    assert_eq!(column(&shown, "earned"), [json!("6000 EUR"), json!("1500 EUR")]);
    assert_eq!(column(&shown, "overrides"), [json!("0 EUR"), json!("1500 EUR")]);
    let total = &plain(&shown, "totals")[0];
    let expected =
        json!([null, null, 30, "30000 EUR", "6000 EUR", "1500 EUR", "7500 EUR", "250 EUR", null, null, null]);
    assert_eq!(total, expected.as_array().expect("a row"));
    for shown in [&lines, &shown] {
        fits(shown);
    }
}

#[tokio::test]
async fn payouts_and_payments_say_what_was_really_paid() {
    let mut trade = Trade::new().await;
    trade.earn(1, 30).await;
    let wish = json!({ "payout_id": mint::<AccountId>(START).0, "method": "cash", "destination": "" });
    let payout = trade.world.post("/api/v1/reseller/payouts", Some(&trade.owner), &wish).await.expect(200);
    let asked = all(&trade.world, "payouts").await;
    assert_eq!((column(&asked, "amount"), column(&asked, "paid_out")), (vec![json!("6000 EUR")], vec![Value::Null]));
    for (what, body) in [("approve", json!({})), ("sent", json!({ "reference": "T-1" })), ("confirm", json!({}))] {
        let path = format!("/api/v1/admin/payouts/{}/{what}", payout.text("/payout_id"));
        trade.world.post(&path, Some(&trade.finance), &body).await.expect(200);
    }
    let paid = all(&trade.world, "payouts").await;
    assert_eq!((column(&paid, "paid_out"), column(&paid, "reference")), (vec![json!("6000 EUR")], vec![json!("T-1")]));
    let total = &plain(&paid, "totals")[0];
    assert_eq!((&total[3], &total[4]), (&json!("6000 EUR"), &json!("6000 EUR")));

    let account: AccountId = mint(trade.world.app.now());
    let body = json!({ "account_id": account, "reseller_id": trade.seller, "plan_id": trade.plans[0],
        "username": "ada", "gift": true });
    trade.world.post("/api/v1/admin/accounts", Some(&trade.admin), &body).await.expect(200);
    for (day, completed) in [("2026-11-20", true), ("2026-11-30", false), ("2026-10-31", true)] {
        trade.world.clock.advance_ms(1);
        let id: PaymentId = mint(trade.world.app.now());
        let body = json!({ "payment_id": id, "account_id": account, "amount": { "value": 999, "unit": "EUR" },
            "method": "cash", "paid_for": "sale", "collected_by": "reseller", "completed": false, "paid_on": day });
        trade.world.post("/api/v1/admin/payments", Some(&trade.finance), &body).await.expect(200);
        if completed {
            let path = format!("/api/v1/admin/payments/{id}/complete");
            trade.world.post(&path, Some(&trade.finance), &json!({})).await.expect(200);
        }
    }
    let shown = all(&trade.world, "payments?start_date=2026-11-01&end_date=2026-11-30").await;
    assert_eq!(column(&shown, "paid_on"), [json!("2026-11-30"), json!("2026-11-20")]);
    assert_eq!(column(&shown, "received"), [Value::Null, json!("999 EUR")]);
    let total = &plain(&shown, "totals")[0];
    assert_eq!((&total[3], &total[4]), (&json!("1998 EUR"), &json!("999 EUR")));
    for shown in [&paid, &shown] {
        fits(shown);
    }
}

#[tokio::test]
async fn customers_and_figures_of_now_need_no_period() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    customer(world, "shop", shop.plans[0], "ada").await;
    write(world, "UPDATE account SET email = 'ada@example.org'").await;
    let shown = own(world, "shop", "customers").await;
    assert_eq!((column(&shown, "email"), shown.get("period")), (vec![json!("ada@example.org")], None));
    assert_eq!((column(&shown, "account"), column(&shown, "state")), (vec![json!("ada")], vec![json!("active")]));
    let kpis = plain(&all(world, "kpis").await, "rows");
    let figure = |name: &str| kpis.iter().find(|row| row[0] == name).expect("a figure")[1].clone();
    let names = ["resellers", "active_resellers", "selling_resellers", "accounts", "accounts_per_reseller"];
    assert_eq!(names.map(figure), [json!(1), json!(1), json!(1), json!(1), json!(100)]);
    assert_eq!(figure("activation_rate"), Value::Null);
    // Nothing was forgotten when the days pass: the account is over, and the sale stays in its month.
    world.clock.set(START.plus_ms(40 * DAY_MS));
    assert_eq!(column(&all(world, "subscriptions").await, "expired"), [json!(1)]);
    assert_eq!(plain(&all(world, "revenue-by-plan").await, "rows"), Vec::<Vec<Value>>::new());
}

#[tokio::test]
async fn who_may_not_see_figures_or_accounts_is_told_who_can_allow_it() {
    let shop = Shop::with_credits(0).await;
    let world = &shop.world;
    let admin = world.staff_token(StaffRole::Admin).await;
    let path = format!("/api/v1/admin/resellers/{}/permissions", shop.reseller);
    let statistics = json!({ "version": 0, "permissions": { "grants": ["view_statistics"], "max_connections": 3 } });
    world.put(&path, Some(&admin), &statistics).await.expect(200);
    let owner = world.token("reseller", "shop").await;
    world.get("/api/v1/reseller/reports/sales", Some(&owner)).await.expect(200);
    let refused = world.get("/api/v1/reseller/reports/customers", Some(&owner)).await.expect(403);
    assert_eq!(refused.code(), "not_granted");
}
