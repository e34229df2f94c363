//! Commission: what is earned of a sale, once; held, released, taken back; and the same however late it is posted.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{CodeId, CommissionRuleId, PlanId, RateId, ResellerId};
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::reseller::SettlementMode;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::desk::{Desk, add_plans, fund, redeem};
use super::proof::{count, prove};
use super::world::{Answer, START, World, foreign};
use crate::dialect::Db;
use crate::engine::{App, commission, run_accruals_once, run_jobs_once};

pub(super) const DAY_MS: i64 = 86_400_000;
pub(super) const OWN: &str = "/api/v1/reseller/earnings";
const RULES: &str = "/api/v1/admin/commissions/rules";

/// A reseller that sells by share, with one above it, both with money to sell from.
pub(super) struct Trade {
    pub(super) world: World,
    pub(super) upline: ResellerId,
    pub(super) seller: ResellerId,
    pub(super) plans: [PlanId; 2],
    pub(super) desk: Desk,
    pub(super) owner: String,
    pub(super) above: String,
    pub(super) finance: String,
    pub(super) admin: String,
}

impl Trade {
    pub(super) async fn new() -> Self {
        let world = World::new().await;
        let plans = add_plans(&world).await;
        let upline = world.add_reseller_of(world.operator, "upline", None, SettlementMode::Share).await;
        let seller = world.add_reseller_of(world.operator, "seller", Some(upline), SettlementMode::Share).await;
        fund(&world, seller, 1_000_000).await;
        let (owner, above) = (world.token("reseller", "seller").await, world.token("reseller", "upline").await);
        let desk = Desk::enrol(&world, &owner, 1).await;
        let (finance, admin) = (world.staff_token(StaffRole::Finance).await, world.staff_token(StaffRole::Admin).await);
        Self { world, upline, seller, plans, desk, owner, above, finance, admin }
    }

    /// Codes of 10.00 that are activated, by as many accounts from this number on.
    pub(super) async fn activate(&self, first: u8, codes: u8) {
        for n in 0..codes {
            let id: CodeId = mint(self.world.app.now());
            let body = json!({ "code_id": id, "plan_id": self.plans[0] });
            let made = self.world.post("/api/v1/reseller/codes", Some(&self.owner), &body).await.expect(200);
            redeem(&self.world, &made.text("/code"), first + n).await.expect(200);
        }
    }

    /// Earned and released.
    pub(super) async fn earn(&mut self, first: u8, codes: u8) {
        self.activate(first, codes).await;
        self.accrue().await;
        self.advance(7 * DAY_MS).await;
        run_jobs_once(&self.world.app).await;
    }

    /// So much later; everybody signs in again.
    pub(super) async fn advance(&mut self, ms: i64) {
        self.world.clock.advance_ms(ms);
        self.owner = self.world.token("reseller", "seller").await;
        self.above = self.world.token("reseller", "upline").await;
        self.finance = self.world.staff_token(StaffRole::Finance).await;
        self.admin = self.world.staff_token(StaffRole::Admin).await;
    }

    pub(super) async fn accrue(&self) -> u32 {
        run_accruals_once(&self.world.app).await
    }

    pub(super) async fn earnings(&self, token: &str) -> Value {
        self.world.get(OWN, Some(token)).await.expect(200).body
    }

    /// Pending, available, on the way, paid, owed.
    pub(super) async fn balances(&self, token: &str) -> [i64; 5] {
        let earnings = self.earnings(token).await;
        ["pending", "available", "on_the_way", "paid", "owed"]
            .map(|name| earnings["balances"][name]["value"].as_i64().expect("a balance"))
    }

    pub(super) async fn reverse(&self, earning: &Value) -> Answer {
        let path = format!("/api/v1/admin/earnings/{}/reverse", earning["earning_id"].as_str().expect("id"));
        self.world.post(&path, Some(&self.finance), &json!({ "reason": "The customer was refunded" })).await
    }

    pub(super) async fn set_rules(&self, change: impl FnOnce(&mut Value)) -> Answer {
        let id: CommissionRuleId = mint(self.world.app.now());
        let mut body = json!({ "rule_id": id, "code_rate": 2_000,
            "tiers": [{ "from_accounts": 0, "rate": 1_000 }, { "from_accounts": 2, "rate": 1_500 }],
            "override_rate": 500, "override_levels": 1, "cap": 5_000,
            "terms": { "hold_days": 7, "minimum_payout": 5_000 }, "note": "A test" });
        change(&mut body);
        self.world.post(RULES, Some(&self.admin), &body).await
    }

    /// A customer of the seller without a code, who pays 10.00.
    pub(super) async fn customer(&self, name: &str) -> Answer {
        self.world.clock.advance_ms(1);
        let id: counterfoil_domain::ids::AccountId = mint(self.world.app.now());
        let body = json!({ "account_id": id, "plan_id": self.plans[0], "username": name });
        self.world.post("/api/v1/reseller/accounts", Some(&self.owner), &body).await
    }

    async fn spoil(&self, statement: &'static str) {
        let mut work = self.world.app.begin(self.world.operator).await.expect("begun");
        sqlx::query::<Db>(statement).execute(&mut *work.conn()).await.expect("spoilt");
        work.commit().await.expect("committed");
    }
}

/// Of every sale the parts are the price, and what stands in the books is what stands in the rows.
pub(super) async fn prove_commission(world: &World) {
    prove(world).await;
    for (fault, query) in [
        (
            "a sale of which more than all was given away",
            "SELECT COUNT(*) FROM (SELECT source_id FROM earning
           GROUP BY source_kind, source_id, price HAVING SUM(amount) > price) AS too_much",
        ),
        (
            "an earning that is not in the books",
            "SELECT COUNT(*) FROM earning e WHERE e.amount > 0 AND NOT EXISTS
           (SELECT 1 FROM transfer t WHERE t.id = e.transfer_id AND t.amount = e.amount)",
        ),
        (
            "pending books that are not the pending earnings",
            "SELECT COUNT(*) FROM ledger_account a
           WHERE a.kind = 'commission_pending' AND a.balance <> COALESCE((SELECT CAST(SUM(e.amount) AS BIGINT)
             FROM earning e WHERE e.beneficiary_id = a.reseller_id AND e.state = 'pending'), 0)",
        ),
        (
            "a debt beside what could pay it",
            "SELECT COUNT(*) FROM ledger_account a JOIN ledger_account b
           ON b.reseller_id = a.reseller_id AND b.kind = 'commission_available'
           WHERE a.kind = 'commission_clawback' AND a.balance < 0 AND b.balance > 0",
        ),
        (
            "a debt turned into a gift",
            "SELECT COUNT(*) FROM ledger_account
           WHERE kind = 'commission_clawback' AND balance > 0",
        ),
        (
            "available books that are not the earnings in no payout less what was netted",
            "SELECT COUNT(*) FROM ledger_account a WHERE a.kind = 'commission_clearing' AND a.balance <>
           COALESCE((SELECT CAST(SUM(p.amount) AS BIGINT) FROM payout p WHERE p.reseller_id = a.reseller_id
             AND p.state IN ('requested', 'approved', 'sent')), 0)",
        ),
    ] {
        let mut reader = world.app.reader().await.expect("reader");
        let faults: i64 = sqlx::query_scalar::<Db, i64>(query).fetch_one(&mut *reader).await.expect("a count");
        assert_eq!(faults, 0, "{fault}");
    }
}

#[tokio::test]
async fn an_activation_earns_once_for_the_seller_and_for_who_is_above_it() {
    let mut trade = Trade::new().await;
    let stock = trade.desk.lease(&trade.world, 3_000).await;
    trade.desk.sell(&stock, 0, 1, 3);
    // The first before its sale arrives, the second after it; the third is never used.
    redeem(&trade.world, &stock.code(0, 1), 1).await.expect(200);
    redeem(&trade.world, &stock.code(0, 1), 1).await.expect(200);
    trade.desk.push(&trade.world).await;
    redeem(&trade.world, &stock.code(0, 2), 2).await.expect(200);
    assert_eq!(trade.accrue().await, 2);
    assert_eq!(trade.accrue().await, 0);
    assert_eq!(trade.balances(&trade.owner).await, [400, 0, 0, 0, 0]);
    assert_eq!(trade.balances(&trade.above).await, [100, 0, 0, 0, 0]);

    let line = trade.earnings(&trade.owner).await["items"][0].clone();
    assert_eq!(line["basis"], json!({ "kind": "codes" }));
    assert_eq!(
        (&line["rate"], &line["price"]["value"], &line["amount"]["value"]),
        (&json!(2_000), &json!(1_000), &json!(200))
    );
    assert_eq!((&line["state"], &line["level"], &line["rules_version"]), (&json!("pending"), &json!(0), &json!(1)));
    let over = trade.earnings(&trade.above).await["items"][0].clone();
    assert_eq!(over["basis"], json!({ "kind": "override", "level": 1 }));
    assert_eq!((&over["amount"]["value"], &over["seller"]), (&json!(50), &json!("Company of seller")));

    let path = format!("{OWN}/{}", line["earning_id"].as_str().expect("id"));
    let detail = trade.world.get(&path, Some(&trade.owner)).await.expect(200).body;
    assert_eq!(detail.pointer("/rules/code_rate"), Some(&json!(2_000)));
    assert_eq!(detail.pointer("/events/0/kind"), Some(&json!("commission_earned")));
    trade.world.get(&path, Some(&trade.above)).await.expect(404);
    prove_commission(&trade.world).await;
}

#[tokio::test]
async fn a_wholesale_reseller_earns_nothing_of_its_own_sales() {
    let shop = super::desk::Shop::with_credits(100).await;
    let stock = shop.desk.lease(&shop.world, 60).await;
    shop.redeem(&stock.code(0, 1), 1).await.expect(200);
    assert_eq!(run_accruals_once(&shop.world.app).await, 0);
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM commission_due").await, 0);
    let token = shop.world.token("reseller", "shop").await;
    let earnings = shop.world.get(OWN, Some(&token)).await.expect(200).body;
    assert_eq!((&earnings["settlement_mode"], &earnings["items"]), (&json!("wholesale"), &json!([])));
    prove_commission(&shop.world).await;
}

#[tokio::test]
async fn a_payment_is_paid_by_the_accounts_of_its_day_however_late_it_is_posted() {
    let mut trade = Trade::new().await;
    trade.set_rules(|_| {}).await.expect(200);
    for name in ["ada", "ben", "cyd"] {
        trade.customer(name).await.expect(200);
    }
    // Afterwards everything is otherwise: rules, rate, and the seller's accounts.
    trade.advance(40 * DAY_MS).await;
    trade.set_rules(|rules| rules["tiers"] = json!([{ "from_accounts": 0, "rate": 9_000 }])).await.expect(200);
    let rate: RateId = mint(START);
    let body = json!({ "rate_id": rate, "rate": { "kind": "fixed", "basis_points": 9_999 }, "note": "" });
    let path = format!("/api/v1/admin/resellers/{}/rates", trade.seller);
    trade.world.post(&path, Some(&trade.admin), &body).await.expect(200);
    assert_eq!(trade.accrue().await, 3);

    let items = trade.earnings(&trade.owner).await["items"].as_array().cloned().expect("items");
    let evidence = |n: usize| (items[n]["basis"].clone(), items[n]["amount"]["value"].clone());
    let tier = |from: u32, active: u32| json!({ "kind": "tier", "from_accounts": from, "active_accounts": active });
    assert_eq!(evidence(0), (tier(2, 3), json!(150)));
    assert_eq!(evidence(1), (tier(2, 2), json!(150)));
    assert_eq!(evidence(2), (tier(0, 1), json!(100)));
    assert!(items.iter().all(|item| item["rules_version"] == json!(2) && item["source"] == json!("subscription")));
    prove_commission(&trade.world).await;
}

#[tokio::test]
async fn the_cap_cuts_the_upline_and_a_fixed_rate_beats_the_rules() {
    let trade = Trade::new().await;
    trade.set_rules(|rules| (rules["cap"], rules["override_rate"]) = (json!(3_200), json!(500))).await.expect(200);
    let rate: RateId = mint(START);
    let body = json!({ "rate_id": rate, "rate": { "kind": "fixed", "basis_points": 3_000 }, "note": "" });
    let path = format!("/api/v1/admin/resellers/{}/rates", trade.seller);
    trade.world.post(&path, Some(&trade.admin), &body).await.expect(200);
    trade.activate(1, 1).await;
    trade.accrue().await;
    let own = trade.earnings(&trade.owner).await["items"][0].clone();
    assert_eq!((&own["basis"]["kind"], &own["amount"]["value"]), (&json!("fixed"), &json!(300)));
    let over = trade.earnings(&trade.above).await["items"][0].clone();
    assert_eq!(
        (&over["rate"], &over["rate_before_cap"], &over["amount"]["value"]),
        (&json!(200), &json!(500), &json!(20))
    );
    prove_commission(&trade.world).await;
}

#[tokio::test]
async fn a_share_of_nothing_is_a_line_that_says_why_and_moves_nothing() {
    let mut trade = Trade::new().await;
    trade.set_rules(|rules| rules["cap"] = json!(0)).await.expect(200);
    trade.activate(1, 1).await;
    assert_eq!(trade.accrue().await, 1);
    let own = trade.earnings(&trade.owner).await["items"][0].clone();
    assert_eq!((&own["amount"]["value"], &own["rate_before_cap"]), (&json!(0), &json!(2_000)));
    assert_eq!(count(&trade.world, "SELECT COUNT(*) FROM transfer WHERE kind = 'commission_earned'").await, 0);
    trade.advance(7 * DAY_MS).await;
    run_jobs_once(&trade.world.app).await;
    assert_eq!(trade.earnings(&trade.owner).await["items"][0]["state"], "available");
    trade.reverse(&own).await.expect(200);
    prove_commission(&trade.world).await;
}

/// Nothing that is wrong with commission keeps a customer from service, and one damaged row holds up one sale.
#[tokio::test]
async fn damaged_rules_wait_for_a_person_and_the_customer_does_not() {
    let mut trade = Trade::new().await;
    trade.set_rules(|_| {}).await.expect(200);
    trade.activate(1, 2).await;
    trade
        .spoil(
            "UPDATE commission_due SET currency = 'USD' WHERE source_id = (SELECT source_id FROM commission_due ORDER BY source_id LIMIT 1)",
        )
        .await;
    assert_eq!(trade.accrue().await, 1, "the other is posted");
    let book = trade.world.get(RULES, Some(&trade.admin)).await.expect(200).body;
    assert_eq!(book["waiting"], 1);
    assert!(book["trouble"].as_str().expect("why").contains("currency"), "{book}");
    assert_eq!(trade.accrue().await, 0, "it rests");
    trade.spoil("UPDATE commission_due SET currency = 'EUR'").await;
    trade.advance(3_600_000).await;
    assert_eq!(trade.accrue().await, 1);
    assert_eq!(trade.balances(&trade.owner).await, [400, 0, 0, 0, 0]);
    prove_commission(&trade.world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn however_many_post_at_once_each_sale_earns_once() {
    let mut trade = Trade::new().await;
    trade.activate(1, 12).await;
    let other: App = trade.world.open_again().await.expect("opens");
    let mut hands = JoinSet::new();
    for hand in 0..8 {
        let app = if hand % 2 == 0 { trade.world.app.clone() } else { other.clone() };
        hands.spawn(async move { run_accruals_once(&app).await });
    }
    assert_eq!(hands.join_all().await.iter().sum::<u32>(), 12);
    assert_eq!(trade.balances(&trade.owner).await, [2_400, 0, 0, 0, 0]);
    trade.advance(7 * DAY_MS).await;
    let mut hands = JoinSet::new();
    for hand in 0..6 {
        let app = if hand % 2 == 0 { trade.world.app.clone() } else { other.clone() };
        hands.spawn(async move { commission::release(&app).await.expect("released") });
    }
    assert_eq!(hands.join_all().await.iter().sum::<u32>(), 24);
    assert_eq!(trade.balances(&trade.owner).await, [0, 2_400, 0, 0, 0]);
    assert_eq!(trade.balances(&trade.above).await, [0, 600, 0, 0, 0]);
    prove_commission(&trade.world).await;
}

#[tokio::test]
async fn an_earning_waits_until_its_day_and_is_taken_back_before_and_after_it() {
    let mut trade = Trade::new().await;
    trade.activate(1, 3).await;
    trade.accrue().await;
    let items = trade.earnings(&trade.owner).await["items"].as_array().cloned().expect("items");
    // Before: out of what is pending, for the seller and for who is above it.
    trade.reverse(&items[0]).await.expect(200);
    assert_eq!(trade.balances(&trade.owner).await, [400, 0, 0, 0, 0]);
    assert_eq!(trade.balances(&trade.above).await, [100, 0, 0, 0, 0]);
    let again = trade.reverse(&items[0]).await.expect(200).body;
    assert_eq!(again.pointer("/earning/state"), Some(&json!("reversed")));
    assert_eq!(trade.balances(&trade.owner).await, [400, 0, 0, 0, 0], "once");
    let reverses = "SELECT COUNT(*) FROM transfer WHERE kind = 'commission_reversed' AND reverses IS NOT NULL";
    assert_eq!(count(&trade.world, reverses).await, 2);

    trade.advance(7 * DAY_MS - 1).await;
    run_jobs_once(&trade.world.app).await;
    assert_eq!(trade.balances(&trade.owner).await, [400, 0, 0, 0, 0]);
    trade.world.clock.advance_ms(1);
    run_jobs_once(&trade.world.app).await;
    assert_eq!(trade.balances(&trade.owner).await, [0, 400, 0, 0, 0]);
    // After: a debt, which what is available pays at once.
    trade.reverse(&items[1]).await.expect(200);
    assert_eq!(trade.balances(&trade.owner).await, [0, 200, 0, 0, 0]);
    let reason = json!({ "reason": " " });
    let path = format!("/api/v1/admin/earnings/{}/reverse", items[2]["earning_id"].as_str().expect("id"));
    trade.world.post(&path, Some(&trade.finance), &reason).await.expect(422);
    prove_commission(&trade.world).await;
}

#[tokio::test]
async fn rules_begin_in_their_day_and_are_never_changed() {
    let mut trade = Trade::new().await;
    let first = trade.set_rules(|rules| rules["from_day"] = json!("2026-12-01")).await.expect(200).body;
    assert_eq!((&first["now"]["rules"]["version"], first["history"].as_array().map(Vec::len)), (&json!(1), Some(2)));
    for (field, change) in [
        ("tiers", json!({ "tiers": [{ "from_accounts": 3, "rate": 1 }] })),
        ("override_levels", json!({ "override_levels": 6 })),
        ("terms.hold_days", json!({ "terms": { "hold_days": 366, "minimum_payout": 1 } })),
        ("terms.minimum_payout", json!({ "terms": { "hold_days": 1, "minimum_payout": 0 } })),
        ("from_day", json!({ "from_day": "2026-11-01" })),
        ("note", json!({ "note": "x".repeat(501) })),
    ] {
        let set = |rules: &mut Value| {
            let (name, value) = change.as_object().and_then(|one| one.iter().next()).expect("a change");
            rules[name] = value.clone();
        };
        let refused = trade.set_rules(set).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), field);
    }
    trade.activate(1, 1).await;
    trade.advance(11 * DAY_MS).await;
    trade.activate(2, 1).await;
    trade.accrue().await;
    let items = trade.earnings(&trade.owner).await["items"].as_array().cloned().expect("items");
    let versions: Vec<_> = items.iter().map(|item| item["rules_version"].as_i64().expect("version")).collect();
    assert_eq!(versions, [2, 1]);
    assert_eq!(count(&trade.world, "SELECT COUNT(*) FROM audit WHERE action = 'commission.rules'").await, 1);
    let mut work = trade.world.app.begin(trade.world.operator).await.expect("begun");
    let change = "UPDATE commission_rule SET hold_days = 0";
    assert!(sqlx::query::<Db>(change).execute(&mut *work.conn()).await.is_err(), "rules are append-only");
}

#[tokio::test]
async fn the_report_is_of_its_period_and_its_sums_are_its_lines() {
    let trade = Trade::new().await;
    trade.activate(1, 3).await;
    trade.accrue().await;
    let items = trade.earnings(&trade.owner).await["items"].as_array().cloned().expect("items");
    trade.reverse(&items[2]).await.expect(200);
    let path = "/api/v1/reseller/commission-report";
    let report = trade.world.get(path, Some(&trade.owner)).await.expect(200).body;
    assert_eq!((&report["start_date"], &report["end_date"]), (&json!("2026-11-01"), &json!("2026-11-21")));
    let totals = &report["totals"];
    let value = |name: &str| totals[name]["value"].as_i64().expect("an amount");
    assert_eq!((totals["payments"].as_i64(), value("revenue"), value("own")), (Some(2), 2_000, 400));
    assert_eq!((value("overrides"), value("earned"), value("reversed")), (0, 400, 200));
    let lines = report["lines"].as_array().expect("lines");
    assert_eq!(lines.len(), 3);
    let accounts = report["accounts"].as_array().expect("accounts");
    let revenue: i64 = accounts.iter().map(|one| one["revenue"]["value"].as_i64().expect("revenue")).sum();
    assert_eq!((accounts.len(), revenue), (2, 2_000));

    let above = trade.world.get(path, Some(&trade.above)).await.expect(200).body;
    assert_eq!((&above["totals"]["overrides"]["value"], &above["totals"]["payments"]), (&json!(100), &json!(0)));
    for days in ["start_date=2026-11-22&end_date=2026-11-30", "end_date=2026-11-20"] {
        let other = trade.world.get(&format!("{path}?{days}"), Some(&trade.owner)).await.expect(200).body;
        assert_eq!((&other["lines"], &other["totals"]["payments"]), (&json!([]), &json!(0)), "{days}");
    }
    for days in ["start_date=2026-12-01&end_date=2026-11-01", "start_date=soon", "end_date=2026-02-30"] {
        trade.world.get(&format!("{path}?{days}"), Some(&trade.owner)).await.expect(422);
    }
    let all = trade.world.get("/api/v1/admin/commissions?search=SELLER", Some(&trade.finance)).await.expect(200).body;
    assert_eq!(all["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(all.pointer("/items/0/totals"), Some(totals));
    assert_eq!(all.pointer("/items/0/balances/pending/value"), Some(&json!(400)));
}

#[tokio::test]
async fn earnings_page_by_time_and_another_shop_sees_none_of_them() {
    let trade = Trade::new().await;
    for n in 1..=5 {
        trade.world.clock.advance_ms(1_000);
        trade.activate(n, 1).await;
    }
    trade.accrue().await;
    let mut seen = Vec::new();
    let mut path = format!("/api/v1/admin/resellers/{}/earnings?limit=2&state=pending", trade.seller);
    let first = path.clone();
    loop {
        let page = trade.world.get(&path, Some(&trade.finance)).await.expect(200).body;
        seen.extend(
            page["items"].as_array().expect("items").iter().map(|item| item["sold_at"].as_i64().expect("time")),
        );
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{first}&after={next}");
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.windows(2).all(|pair| pair[0] > pair[1]), "{seen:?}");
    trade.world.add_reseller("other", None).await;
    let other = trade.world.token("reseller", "other").await;
    assert_eq!(trade.earnings(&other).await["items"], json!([]));
    trade.world.get(&format!("{OWN}/{}", foreign()), Some(&other)).await.expect(404);
    let path = format!("/api/v1/admin/resellers/{}/earnings", trade.upline);
    let above = trade.world.get(&path, Some(&trade.finance)).await.expect(200);
    assert_eq!(above.body["items"].as_array().map(Vec::len), Some(5));
}
