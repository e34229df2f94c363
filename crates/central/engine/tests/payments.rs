//! Customers' payments: what they earn, once; who pays for what was collected; and what a refund takes back.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{AccountId, PaymentId};
use counterfoil_domain::reseller::SettlementMode;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::commission::{DAY_MS, Trade, prove_commission};
use super::desk::fund;
use super::proof::{count, prove};
use super::world::{Answer, call, foreign};
use crate::dialect::Db;
use crate::engine::{run_counting_once, run_jobs_once};

const OWN: &str = "/api/v1/reseller/payments";
const ALL: &str = "/api/v1/admin/payments";
const WALLETS: &str = "SELECT CAST(SUM(balance) AS BIGINT) FROM ledger_account WHERE kind = 'wallet'";
const FUNDED: i64 = 1_000_000;

/// A trade with an account of the seller that nobody has sold anything to: the operator gave it its service.
struct Isp {
    trade: Trade,
    account: AccountId,
}

impl Isp {
    async fn new() -> Self {
        let trade = Trade::new().await;
        let account = Self::gift(&trade, "ada").await;
        Self { trade, account }
    }

    async fn gift(trade: &Trade, username: &str) -> AccountId {
        let id: AccountId = mint(trade.world.app.now());
        let body = json!({ "account_id": id, "reseller_id": trade.seller, "plan_id": trade.plans[0],
            "username": username, "gift": true });
        trade.world.post("/api/v1/admin/accounts", Some(&trade.admin), &body).await.expect(200);
        id
    }

    /// 9.99 for service, in cash, here, taken by the shop.
    fn payment(&self) -> Value {
        self.trade.world.clock.advance_ms(1);
        let id: PaymentId = mint(self.trade.world.app.now());
        json!({ "payment_id": id, "account_id": self.account, "amount": { "value": 999, "unit": "EUR" },
            "method": "cash", "paid_for": "service", "collected_by": "reseller", "completed": true,
            "paid_on": "2026-11-20" })
    }

    fn with(&self, change: impl FnOnce(&mut Value)) -> Value {
        let mut payment = self.payment();
        change(&mut payment);
        payment
    }

    async fn by_shop(&self, payment: &Value) -> Answer {
        self.trade.world.post(OWN, Some(&self.trade.owner), payment).await
    }

    async fn by_staff(&self, payment: &Value) -> Answer {
        self.trade.world.post(ALL, Some(&self.trade.finance), payment).await
    }

    async fn step(&self, token: &str, list: &str, payment: &Value, step: &str, reason: Option<&str>) -> Answer {
        let path = format!("{list}/{}/{step}", payment["payment_id"].as_str().expect("id"));
        let body = reason.map(|reason| json!({ "reason": reason }));
        call(&self.trade.world.router, "POST", &path, Some(token), body.as_ref()).await
    }

    async fn refund(&self, payment: &Value) -> Answer {
        self.step(&self.trade.finance, ALL, payment, "refund", Some("Paid twice")).await
    }

    async fn wallets(&self) -> i64 {
        count(&self.trade.world, WALLETS).await
    }

    async fn days(&self, path: &str, token: &str) -> Vec<String> {
        let page = self.trade.world.get(path, Some(token)).await.expect(200).body;
        let items = page["items"].as_array().cloned().expect("items");
        items.iter().map(|item| item["paid_on"].as_str().expect("a day").to_owned()).collect()
    }
}

#[tokio::test]
async fn service_that_nobody_sold_earns_once_by_tier_for_the_seller_and_above() {
    let isp = Isp::new().await;
    let payment = isp.payment();
    let first = isp.by_shop(&payment).await.expect(200).body;
    assert_eq!(
        (&first["state"], &first["earns"], &first["charged"]["value"]),
        (&json!("completed"), &json!(true), &json!(999))
    );
    assert_eq!(isp.wallets().await, FUNDED - 999);
    assert_eq!(isp.by_shop(&payment).await.expect(200).body, first, "a repeat");
    assert_eq!(isp.trade.accrue().await, 1);
    assert_eq!(isp.by_shop(&payment).await.expect(200).body, first, "a late one");
    assert_eq!(isp.trade.accrue().await, 0);
    assert_eq!(isp.wallets().await, FUNDED - 999, "once");

    // 10 % of 9.99 are 0.999, and 5 % are 0.4995: half up on each line.
    assert_eq!(isp.trade.balances(&isp.trade.owner).await, [100, 0, 0, 0, 0]);
    assert_eq!(isp.trade.balances(&isp.trade.above).await, [50, 0, 0, 0, 0]);
    let line = isp.trade.earnings(&isp.trade.owner).await["items"][0].clone();
    assert_eq!((&line["source"], &line["source_id"]), (&json!("payment"), &payment["payment_id"]));
    assert_eq!(line["basis"], json!({ "kind": "tier", "from_accounts": 0, "active_accounts": 1 }));
    assert_eq!((&line["reference"], &line["plan_name"]), (&json!("ada"), &json!("Month")));
    let report =
        isp.trade.world.get("/api/v1/reseller/commission-report", Some(&isp.trade.owner)).await.expect(200).body;
    assert_eq!(report["totals"]["revenue"]["value"], 999);
    assert_eq!(report.pointer("/lines/0/source"), Some(&json!("payment")));

    for change in [
        json!({ "amount": { "value": 998, "unit": "EUR" } }),
        json!({ "note": "other" }),
        json!({ "paid_for": "sale" }),
    ] {
        let mut other = payment.clone();
        let (name, value) = change.as_object().and_then(|one| one.iter().next()).expect("a change");
        other[name] = value.clone();
        assert_eq!(isp.by_shop(&other).await.expect(409).code(), "id_reused", "{name}");
    }
    prove_commission(&isp.trade.world).await;
}

#[tokio::test]
async fn a_payment_of_a_sale_of_ours_is_only_noted() {
    let mut isp = Isp::new().await;
    let (trade, account) = (&isp.trade, mint(isp.trade.world.app.now()));
    let body = json!({ "account_id": account, "plan_id": trade.plans[0], "username": "bob" });
    trade.world.post("/api/v1/reseller/accounts", Some(&trade.owner), &body).await.expect(200);
    isp.account = account;
    assert_eq!((isp.trade.accrue().await, isp.wallets().await), (1, FUNDED - 1_000));
    let noted = isp.with(|payment| (payment["paid_for"], payment["amount"]["value"]) = (json!("sale"), json!(1_000)));
    let noted = isp.by_shop(&noted).await.expect(200).body;
    assert_eq!(
        (&noted["state"], &noted["earns"], &noted["charged"]["value"]),
        (&json!("completed"), &json!(false), &json!(0))
    );
    assert_eq!((isp.trade.accrue().await, isp.wallets().await), (0, FUNDED - 1_000));
    assert_eq!(isp.trade.balances(&isp.trade.owner).await, [100, 0, 0, 0, 0]);
    // What the operator took for it would be owed to the shop.
    let theirs =
        isp.with(|payment| (payment["paid_for"], payment["collected_by"]) = (json!("sale"), json!("operator")));
    assert_eq!(isp.by_staff(&theirs).await.expect(422).text("/fields/0/field"), "collected_by");
    // A refund has nothing to take back, and the sale stands.
    isp.refund(&noted).await.expect(200);
    assert_eq!((isp.wallets().await, isp.trade.balances(&isp.trade.owner).await), (FUNDED - 1_000, [100, 0, 0, 0, 0]));
    prove_commission(&isp.trade.world).await;
}

#[tokio::test]
async fn what_the_operator_collected_earns_and_costs_the_shop_nothing() {
    let isp = Isp::new().await;
    let theirs = isp.with(|payment| payment["collected_by"] = json!("operator"));
    assert_eq!(
        isp.by_shop(&theirs).await.expect(422).text("/fields/0/field"),
        "collected_by",
        "a shop mints no commission"
    );
    let recorded = isp.by_staff(&theirs).await.expect(200).body;
    assert_eq!((&recorded["recorded_by"], &recorded["charged"]["value"]), (&json!("staff-finance"), &json!(0)));
    assert_eq!((isp.trade.accrue().await, isp.wallets().await), (1, FUNDED));
    assert_eq!(isp.trade.balances(&isp.trade.owner).await, [100, 0, 0, 0, 0]);
    let own = isp.trade.world.get(OWN, Some(&isp.trade.owner)).await.expect(200).body;
    assert_eq!(own.pointer("/items/0/recorded_by"), None, "who of the staff it was is the operator's");
    // Nor by saying that it came.
    let expected =
        isp.with(|payment| (payment["collected_by"], payment["completed"]) = (json!("operator"), json!(false)));
    isp.by_staff(&expected).await.expect(200);
    let refused = isp.step(&isp.trade.owner, OWN, &expected, "complete", None).await.expect(403);
    assert_eq!(refused.code(), "not_permitted");
    isp.step(&isp.trade.finance, ALL, &expected, "complete", None).await.expect(200);
    assert_eq!((isp.trade.accrue().await, isp.wallets().await), (1, FUNDED));
    prove_commission(&isp.trade.world).await;
}

#[tokio::test]
async fn an_expected_payment_books_when_it_comes_and_one_that_fails_never() {
    let isp = Isp::new().await;
    let expected = isp.with(|payment| (payment["completed"], payment["paid_on"]) = (json!(false), json!("2026-12-01")));
    isp.by_shop(&expected).await.expect(200);
    assert_eq!((isp.trade.accrue().await, isp.wallets().await), (0, FUNDED));
    assert_eq!(isp.refund(&expected).await.expect(409).code(), "wrong_state", "nothing to give back");
    let came = isp.step(&isp.trade.owner, OWN, &expected, "complete", None).await.expect(200).body;
    assert_eq!((&came["state"], &came["changed_by"]), (&json!("completed"), &json!("seller")));
    isp.step(&isp.trade.owner, OWN, &expected, "complete", None).await.expect(200);
    assert_eq!((isp.trade.accrue().await, isp.wallets().await), (1, FUNDED - 999), "once");
    let late = isp.step(&isp.trade.owner, OWN, &expected, "fail", Some("no money")).await.expect(409);
    assert_eq!(late.code(), "wrong_state");

    let lost = isp.with(|payment| payment["completed"] = json!(false));
    isp.by_shop(&lost).await.expect(200);
    isp.step(&isp.trade.owner, OWN, &lost, "fail", Some(" ")).await.expect(422);
    let failed = isp.step(&isp.trade.owner, OWN, &lost, "fail", Some("No money")).await.expect(200).body;
    assert_eq!((&failed["state"], &failed["reason"]), (&json!("failed"), &json!("No money")));
    isp.step(&isp.trade.owner, OWN, &lost, "complete", None).await.expect(409);
    assert_eq!((isp.trade.accrue().await, isp.wallets().await), (0, FUNDED - 999));
    assert_eq!(count(&isp.trade.world, "SELECT COUNT(*) FROM audit WHERE action LIKE 'payment.%'").await, 4);
    prove_commission(&isp.trade.world).await;
}

#[tokio::test]
async fn a_refund_takes_back_what_a_payment_booked_however_far_it_came() {
    let mut isp = Isp::new().await;
    // Before its shares are posted they never are.
    let first = isp.by_shop(&isp.payment()).await.expect(200).body;
    isp.refund(&first).await.expect(200);
    assert_eq!((isp.trade.accrue().await, isp.wallets().await), (0, FUNDED));
    // While they are pending.
    let second = isp.by_shop(&isp.payment()).await.expect(200).body;
    isp.trade.accrue().await;
    let refunded = isp.refund(&second).await.expect(200).body;
    assert_eq!((&refunded["state"], &refunded["reason"]), (&json!("refunded"), &json!("Paid twice")));
    assert_eq!(isp.refund(&second).await.expect(200).body, refunded, "a repeat");
    assert_eq!(isp.wallets().await, FUNDED);
    assert_eq!(isp.trade.balances(&isp.trade.owner).await, [0, 0, 0, 0, 0]);
    assert_eq!(isp.trade.balances(&isp.trade.above).await, [0, 0, 0, 0, 0]);
    prove_commission(&isp.trade.world).await;

    // Once they are available, and once they are paid out: a debt.
    let big = |payment: &mut Value| payment["amount"]["value"] = json!(50_000);
    let third = isp.by_shop(&isp.payment()).await.expect(200).body;
    let fourth = isp.by_shop(&isp.with(big)).await.expect(200).body;
    isp.trade.accrue().await;
    isp.trade.advance(7 * DAY_MS).await;
    run_jobs_once(&isp.trade.world.app).await;
    assert_eq!(isp.trade.balances(&isp.trade.owner).await, [0, 5_100, 0, 0, 0]);
    isp.refund(&third).await.expect(200);
    assert_eq!(isp.trade.balances(&isp.trade.owner).await, [0, 5_000, 0, 0, 0]);
    let id: counterfoil_domain::ids::PayoutId = mint(isp.trade.world.app.now());
    let ask = json!({ "payout_id": id, "method": "cash", "destination": "" });
    isp.trade.world.post("/api/v1/reseller/payouts", Some(&isp.trade.owner), &ask).await.expect(200);
    for (step, body) in [("approve", None), ("sent", Some(json!({ "reference": "T-1" }))), ("confirm", None)] {
        let path = format!("/api/v1/admin/payouts/{id}/{step}");
        call(&isp.trade.world.router, "POST", &path, Some(&isp.trade.finance), body.as_ref()).await.expect(200);
    }
    isp.refund(&fourth).await.expect(200);
    assert_eq!(isp.trade.balances(&isp.trade.owner).await, [0, 0, 0, 5_000, 5_000]);
    assert_eq!(isp.wallets().await, FUNDED);
    prove_commission(&isp.trade.world).await;
}

#[tokio::test]
async fn who_sells_wholesale_keeps_what_customers_pay() {
    let isp = Isp::new().await;
    let world = &isp.trade.world;
    let shop = world.add_reseller_of(world.operator, "keeper", None, SettlementMode::Wholesale).await;
    fund(world, shop, 100).await;
    let token = world.token("reseller", "keeper").await;
    let account: AccountId = mint(world.app.now());
    let body = json!({ "account_id": account, "plan_id": isp.trade.plans[0], "username": "carl" });
    world.post("/api/v1/reseller/accounts", Some(&token), &body).await.expect(200);
    let before = isp.wallets().await;
    let payment = isp.with(|payment| payment["account_id"] = json!(account));
    let noted = world.post(OWN, Some(&token), &payment).await.expect(200).body;
    assert_eq!((&noted["earns"], &noted["charged"]["value"]), (&json!(false), &json!(0)));
    assert_eq!((isp.trade.accrue().await, isp.wallets().await), (0, before));
    isp.by_shop(&isp.with(|payment| payment["account_id"] = json!(account))).await.expect(404);
    prove_commission(world).await;
}

#[tokio::test]
async fn what_cannot_be_is_said_beside_its_field_and_a_wallet_never_passes_its_floor() {
    let isp = Isp::new().await;
    for (field, change) in [
        ("amount", json!({ "amount": { "value": 0, "unit": "EUR" } })),
        ("amount", json!({ "amount": { "value": 999, "unit": "USD" } })),
        ("amount", json!({ "amount": { "value": 999, "unit": "credits" } })),
        ("paid_on", json!({ "paid_on": "2026-11-22" })),
        ("paid_on", json!({ "paid_on": "2025-11-01" })),
        ("paid_on", json!({ "paid_on": "yesterday" })),
        ("note", json!({ "note": "x".repeat(201) })),
        ("reference", json!({ "reference": "x".repeat(201) })),
    ] {
        let (name, value) = change.as_object().and_then(|one| one.iter().next()).expect("a change");
        let refused = isp.by_shop(&isp.with(|payment| payment[name] = value.clone())).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), field, "{value}");
    }
    isp.by_shop(&isp.with(|payment| payment["account_id"] = json!(foreign()))).await.expect(404);
    let refused = isp.by_shop(&isp.with(|payment| payment["amount"]["value"] = json!(FUNDED + 1))).await.expect(409);
    assert_eq!(refused.code(), "insufficient_credit");
    assert_eq!(
        refused.text("/detail"),
        "You need 10000.01 EUR to record this payment, but you only have 10000.00 EUR. Top up the wallet or record the \
         payment as expected and complete it later."
    );
    assert_eq!(count(&isp.trade.world, "SELECT COUNT(*) FROM payment").await, 0);
    isp.by_shop(&isp.payment()).await.expect(200);
    let mut work = isp.trade.world.app.begin(isp.trade.world.operator).await.expect("begun");
    let edit = "UPDATE payment SET amount = 1";
    assert!(sqlx::query::<Db>(edit).execute(&mut *work.conn()).await.is_err(), "a payment is never edited");
}

#[tokio::test]
async fn lists_are_of_their_days_states_accounts_and_resellers() {
    let isp = Isp::new().await;
    for day in ["2026-11-18", "2026-11-20", "2026-11-19"] {
        isp.by_shop(&isp.with(|payment| payment["paid_on"] = json!(day))).await.expect(200);
    }
    isp.by_shop(&isp.with(|payment| (payment["paid_on"], payment["completed"]) = (json!("2026-12-01"), json!(false))))
        .await
        .expect(200);
    let (owner, finance) = (&isp.trade.owner, &isp.trade.finance);
    let all = ["2026-12-01", "2026-11-20", "2026-11-19", "2026-11-18"];
    assert_eq!(isp.days(OWN, owner).await, all);
    assert_eq!(isp.days(ALL, finance).await, all);
    assert_eq!(isp.days(&format!("{ALL}?reseller_id={}", isp.trade.seller), finance).await, all);
    assert_eq!(isp.days(&format!("{OWN}?account_id={}", isp.account), owner).await, all);
    assert_eq!(isp.days(&format!("{OWN}?state=pending"), owner).await, all[..1]);
    assert_eq!(isp.days(&format!("{ALL}?state=completed"), finance).await, all[1..]);
    assert_eq!(isp.days(&format!("{ALL}?start_date=2026-11-19&end_date=2026-11-20"), finance).await, all[1..3]);
    let page = isp.trade.world.get(&format!("{OWN}?limit=2"), Some(owner)).await.expect(200);
    let next = page.text("/next");
    assert_eq!(isp.days(&format!("{OWN}?limit=2&after={next}"), owner).await, all[2..]);
    // The upline sees an account below it, and its own list is its own.
    assert_eq!(isp.days(&format!("{OWN}?account_id={}", isp.account), &isp.trade.above).await, all);
    assert!(isp.days(OWN, &isp.trade.above).await.is_empty());
    let upline = format!("{OWN}?reseller_id={}", isp.trade.upline);
    isp.trade.world.get(&upline, Some(owner)).await.expect(404);
    for query in ["start_date=soon", "start_date=2026-12-02&end_date=2026-12-01", "after=x"] {
        isp.trade.world.get(&format!("{OWN}?{query}"), Some(owner)).await.expect(422);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_that_record_and_refund_one_payment_at_once_each_happens_once() {
    let isp = Isp::new().await;
    let payment = isp.payment();
    let second = isp.trade.world.second_process().await;
    let mut hands = JoinSet::new();
    for hand in 0..8 {
        let router = if hand % 2 == 0 { &isp.trade.world.router } else { &second }.clone();
        let (token, body) = (isp.trade.owner.clone(), payment.clone());
        hands.spawn(async move { call(&router, "POST", OWN, Some(&token), Some(&body)).await });
    }
    assert!(hands.join_all().await.iter().all(|answer| answer.status == 200));
    assert_eq!((isp.wallets().await, isp.trade.accrue().await), (FUNDED - 999, 1));
    let path = format!("{ALL}/{}/refund", payment["payment_id"].as_str().expect("id"));
    let mut hands = JoinSet::new();
    for hand in 0..8 {
        let router = if hand % 2 == 0 { &isp.trade.world.router } else { &second }.clone();
        let (token, path, body) = (isp.trade.finance.clone(), path.clone(), json!({ "reason": "Paid twice" }));
        hands.spawn(async move { call(&router, "POST", &path, Some(&token), Some(&body)).await });
    }
    assert!(hands.join_all().await.iter().all(|answer| answer.status == 200));
    assert_eq!(isp.wallets().await, FUNDED);
    assert_eq!(isp.trade.balances(&isp.trade.owner).await, [0, 0, 0, 0, 0]);
    prove_commission(&isp.trade.world).await;
}

#[tokio::test]
async fn what_came_for_service_is_revenue_until_it_is_given_back() {
    let isp = Isp::new().await;
    let world = &isp.trade.world;
    let (kept, given_back) = (isp.payment(), isp.payment());
    let expected = isp.with(|payment| payment["completed"] = json!(false));
    let noted = isp.with(|payment| payment["paid_for"] = json!("sale"));
    for payment in [&kept, &given_back, &expected, &noted] {
        isp.by_shop(payment).await.expect(200);
    }
    let shown = async || {
        run_counting_once(&world.app).await;
        prove(world).await;
        let dashboard = world.get("/api/v1/reseller/dashboard", Some(&isp.trade.owner)).await.expect(200).body;
        let month = dashboard["figures"]["months"].as_array().and_then(|all| all.last().cloned()).expect("a month");
        [&month["payments"], &month["revenue"][0]["value"]].map(|figure| figure.as_i64().expect("a figure"))
    };
    let before = shown().await;
    assert_eq!(before[0], 2);
    isp.refund(&given_back).await.expect(200);
    assert_eq!(shown().await, [2, before[1] - 999]);
    isp.step(&isp.trade.finance, ALL, &expected, "complete", None).await.expect(200);
    assert_eq!(shown().await, [3, before[1]]);
    assert_eq!(before[1], 2 * 999);
}
