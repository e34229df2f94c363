//! The replay: with what was in force it gives what was posted, and with other rules what one computes by hand.

use std::collections::BTreeMap;

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{OperatorId, RateId, ResellerId};
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_wire::simulation::SimulateCommission;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use uuid::Uuid;

use super::commission::{DAY_MS, Trade};
use super::proof::count;
use crate::dialect::Db;
use crate::engine::commission::{Part, simulate};

const SIMULATE: &str = "/api/v1/admin/commissions/simulate";

/// Own then and now, overrides then and now, of each reseller.
type Sums = BTreeMap<ResellerId, [i64; 4]>;

/// Of whom, at what price, with what, with so many active accounts.
#[derive(Debug, Clone)]
struct Sold {
    seller: usize,
    price: i64,
    source: &'static str,
    accounts: i64,
}

fn sold() -> impl Strategy<Value = Sold> {
    let source = prop_oneof![Just("code"), Just("subscription"), Just("payment")];
    (0..4_usize, 1..200_000_i64, source, 0..80_i64).prop_map(|(seller, price, source, accounts)| Sold {
        seller,
        price,
        source,
        accounts,
    })
}

/// Rules of which every part counts.
fn rules() -> impl Strategy<Value = Value> {
    (0..10_001_u16, 0..10_001_u16, 0..3_000_u16, 0..4_u8, 0..10_001_u16).prop_map(|(code, tier, over, levels, cap)| {
        json!({ "code_rate": code, "override_rate": over, "override_levels": levels, "cap": cap,
            "tiers": [{ "from_accounts": 0, "rate": 1_000 }, { "from_accounts": 40, "rate": tier }] })
    })
}

/// Three above one another, and one beside them.
async fn sellers(trade: &Trade) -> [ResellerId; 4] {
    let of = SettlementMode::Share;
    let deep = trade.world.add_reseller_of(trade.world.operator, "deep", Some(trade.seller), of).await;
    let beside = trade.world.add_reseller_of(trade.world.operator, "beside", None, of).await;
    [trade.upline, trade.seller, deep, beside]
}

async fn set_rate(trade: &Trade, reseller: ResellerId, rate: &Value) {
    let id: RateId = mint(trade.world.app.now());
    let body = json!({ "rate_id": id, "rate": rate, "note": "" });
    let path = format!("/api/v1/admin/resellers/{reseller}/rates");
    trade.world.post(&path, Some(&trade.admin), &body).await.expect(200);
}

/// Says that these sales are due; each is a moment later than the one before.
async fn sell(trade: &Trade, sellers: &[ResellerId; 4], sales: &[Sold]) {
    let mut reader = trade.world.app.reader().await.expect("reader");
    let account: Uuid =
        sqlx::query_scalar::<Db, Uuid>("SELECT id FROM account").fetch_one(&mut *reader).await.expect("an account");
    drop(reader);
    let mut work = trade.world.app.begin(trade.world.operator).await.expect("begun");
    let mut at = work.now().0;
    for sale in sales {
        at += 1;
        let id: Uuid = mint(work.now());
        sqlx::query::<Db>(
            "INSERT INTO commission_due (source_kind, source_id, operator_id, seller_id, account_id, reference, plan_name,
               price, currency, active_accounts, sold_at, due_at)
             VALUES ($1, $2, $3, $4, $5, 'reference', 'Month', $6, 'EUR', $7, $8, $8)",
        )
        .bind(sale.source)
        .bind(id)
        .bind(trade.world.operator.0)
        .bind(sellers[sale.seller].0)
        .bind(account)
        .bind(sale.price)
        .bind(sale.accounts)
        .bind(at)
        .execute(work.conn())
        .await
        .expect("due");
    }
    work.commit().await.expect("committed");
}

/// All parts of a replay: sales, those that stay the same, the count that the first part tells, and the sums.
async fn replay(trade: &Trade, asked: &SimulateCommission, part: Part) -> (u64, u64, u64, Sums) {
    let (mut sales, mut same, mut total, mut sums) = (0, 0, 0, Sums::new());
    let mut after = None;
    loop {
        let mut moment = trade.world.app.snapshot().await.expect("a moment");
        let operator: OperatorId = trade.world.operator;
        let now = trade.world.app.now();
        let (answer, next) = simulate(&mut moment, operator, asked, (after, part), now).await.expect("a part");
        assert!(answer.sales <= part.sales.unsigned_abs());
        assert_eq!(answer.total.is_some(), after.is_none(), "the first part tells how many there are");
        (sales, same, total) = (sales + answer.sales, same + answer.same, total + answer.total.unwrap_or_default());
        for one in answer.resellers {
            assert!(one.company.starts_with("Company of "), "{}", one.company);
            let sum = sums.entry(one.reseller_id).or_default();
            let more = [one.own_then, one.own_now, one.overrides_then, one.overrides_now];
            for (sum, more) in sum.iter_mut().zip(more) {
                *sum += more.value();
            }
        }
        let Some(place) = next else { return (sales, same, total, sums) };
        assert!(after.is_none_or(|before| before < place), "it goes on");
        after = Some(place);
    }
}

fn november() -> SimulateCommission {
    let (start_date, end_date) = ("2026-11-01".to_owned(), "2026-12-31".to_owned());
    SimulateCommission { start_date, end_date, rules: None, rates: Vec::new(), after: None }
}

/// What stands in the table, own and overrides apart.
async fn posted(trade: &Trade) -> BTreeMap<ResellerId, [i64; 2]> {
    let mut reader = trade.world.app.reader().await.expect("reader");
    let rows: Vec<(Uuid, i64, i64)> = sqlx::query_as::<Db, (Uuid, i64, i64)>(
        "SELECT beneficiary_id, CASE WHEN level = 0 THEN amount ELSE 0 END, CASE WHEN level > 0 THEN amount ELSE 0 END
         FROM earning WHERE state <> 'reversed'",
    )
    .fetch_all(&mut *reader)
    .await
    .expect("rows");
    let mut sums = BTreeMap::<ResellerId, [i64; 2]>::new();
    for (id, own, over) in rows {
        let sum = sums.entry(ResellerId(id)).or_default();
        *sum = [sum[0] + own, sum[1] + over];
    }
    sums
}

/// Rates change between the sales; the rules do not.
async fn unchanged_rules_give_what_was_posted(rules: Value, rates: Vec<Option<u16>>, sales: Vec<Sold>, part: Part) {
    let mut trade = Trade::new().await;
    let set = |body: &mut Value| {
        for (name, value) in rules.as_object().expect("an object") {
            body[name] = value.clone();
        }
    };
    trade.set_rules(set).await.expect(200);
    trade.customer("ada").await.expect(200);
    let sellers = sellers(&trade).await;
    let half = sales.len() / 2;
    for (round, some) in [&sales[..half], &sales[half..]].into_iter().enumerate() {
        trade.advance(DAY_MS).await;
        for (seller, rate) in sellers.iter().zip(rates.iter().skip(round * 4)) {
            let rate =
                rate.map_or_else(|| json!({ "kind": "by_tier" }), |bp| json!({ "kind": "fixed", "basis_points": bp }));
            set_rate(&trade, *seller, &rate).await;
        }
        trade.world.clock.advance_ms(1);
        sell(&trade, &sellers, some).await;
        trade.world.clock.advance_ms(1_000);
        while trade.accrue().await > 0 {}
    }
    assert_eq!(count(&trade.world, "SELECT COUNT(*) FROM commission_due").await, 0);
    // The customer's account was sold as well.
    let sold = sales.len() as u64 + 1;
    let (all, same, total, sums) = replay(&trade, &november(), part).await;
    assert_eq!((all, same, total), (sold, sold, sold));
    let posted = posted(&trade).await;
    assert_eq!(sums.len(), posted.len());
    for (id, [own_then, own_now, over_then, over_now]) in sums {
        assert_eq!((own_now, over_now), (own_then, over_then), "unchanged rules change nothing");
        assert_eq!([own_now, over_now], posted[&id], "what stands in the table");
    }
    trade.world.app.close().await;
}

#[test]
fn with_unchanged_rules_every_sale_gives_what_was_posted() {
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    let config = Config { cases: 6, failure_persistence: None, ..Config::default() };
    let rates = prop::collection::vec(prop::option::of(0..10_001_u16), 8);
    let part = (1..30_i64, 1..4_usize).prop_map(|(sales, sellers)| Part { sales, sellers });
    TestRunner::new(config)
        .run(&(rules(), rates, prop::collection::vec(sold(), 20..90), part), |(rules, rates, sales, part)| {
            runtime.block_on(unchanged_rules_give_what_was_posted(rules, rates, sales, part));
            Ok(())
        })
        .expect("the replay");
}

/// November, with what is proposed.
async fn ask(trade: &Trade, proposed: Value) -> Value {
    let mut body = json!({ "start_date": "2026-11-01", "end_date": "2026-11-30" });
    for (name, value) in proposed.as_object().expect("an object") {
        body[name] = value.clone();
    }
    trade.world.post(SIMULATE, Some(&trade.finance), &body).await.expect(200).body
}

/// Own then and now, overrides then and now.
fn of(part: &Value, reseller: ResellerId) -> [i64; 4] {
    let resellers = part["resellers"].as_array().expect("resellers");
    let one = resellers.iter().find(|one| one["reseller_id"] == json!(reseller)).expect("the reseller");
    ["own_then", "own_now", "overrides_then", "overrides_now"]
        .map(|name| one[name]["value"].as_i64().expect("an amount"))
}

/// Three codes of 10.00: 2.00 for the seller and 0.50 for its upline of each, by the rules that every operator starts with.
#[tokio::test]
async fn other_rules_and_rates_give_what_one_computes_by_hand() {
    let trade = Trade::new().await;
    trade.activate(1, 3).await;
    trade.accrue().await;
    let same = ask(&trade, json!({})).await;
    assert_eq!((&same["sales"], &same["same"], &same["total"]), (&json!(3), &json!(3), &json!(3)));
    assert_eq!((of(&same, trade.seller), of(&same, trade.upline)), ([600, 600, 0, 0], [0, 0, 150, 150]));
    assert_eq!((&same["currency"], &same["next"]), (&json!("EUR"), &Value::Null));

    // 30 % for the seller; the cap of 32 % leaves the upline 2 of its 5 %, and nothing is left for a second one.
    let rules = json!({ "code_rate": 3_000, "tiers": [{ "from_accounts": 0, "rate": 0 }], "override_rate": 500,
        "override_levels": 2, "cap": 3_200 });
    let other = ask(&trade, json!({ "rules": rules })).await;
    assert_eq!(other["same"], json!(0));
    assert_eq!((of(&other, trade.seller), of(&other, trade.upline)), ([600, 900, 0, 0], [0, 0, 150, 60]));

    // A rate of its own beats the rules, and changes nobody else's.
    let rates = json!([{ "reseller_id": trade.seller, "rate": { "kind": "fixed", "basis_points": 1_000 } }]);
    let agreed = ask(&trade, json!({ "rates": rates })).await;
    assert_eq!((of(&agreed, trade.seller), of(&agreed, trade.upline)), ([600, 300, 0, 0], [0, 0, 150, 150]));
    let none = json!({ "code_rate": 0, "tiers": [{ "from_accounts": 0, "rate": 0 }], "override_rate": 0,
        "override_levels": 0, "cap": 0 });
    let nothing = ask(&trade, json!({ "rules": none })).await;
    assert_eq!((of(&nothing, trade.seller), of(&nothing, trade.upline)), ([600, 0, 0, 0], [0, 0, 150, 0]));
}

/// No row tells who stood above the seller then: its place does, which never changes.
#[tokio::test]
async fn an_upline_that_had_no_share_then_has_one_now() {
    let trade = Trade::new().await;
    trade.set_rules(|rules| rules["override_levels"] = json!(0)).await.expect(200);
    trade.activate(1, 2).await;
    assert_eq!(trade.accrue().await, 2);
    assert_eq!(count(&trade.world, "SELECT COUNT(*) FROM earning WHERE level > 0").await, 0);
    let rules = json!({ "code_rate": 2_000, "tiers": [{ "from_accounts": 0, "rate": 0 }], "override_rate": 500,
        "override_levels": 1, "cap": 5_000 });
    let part = ask(&trade, json!({ "rules": rules })).await;
    assert_eq!((of(&part, trade.seller), of(&part, trade.upline)), ([400, 400, 0, 0], [0, 0, 0, 100]));
    assert_eq!(part["same"], json!(0));
}

/// What was taken back did not stay earned, what waits is not posted, and other days are other days.
#[tokio::test]
async fn only_what_stands_in_the_period_is_replayed_and_nothing_is_written() {
    let trade = Trade::new().await;
    trade.set_rules(|rules| rules["cap"] = json!(0)).await.expect(200);
    trade.activate(1, 3).await;
    trade.accrue().await;
    let line = trade.earnings(&trade.owner).await["items"][0].clone();
    trade.reverse(&line).await.expect(200);
    trade.activate(4, 1).await;
    let before = count(&trade.world, "SELECT COUNT(*) FROM audit").await;
    let ask = async |start: &str, end: &str| {
        let body = json!({ "start_date": start, "end_date": end });
        trade.world.post(SIMULATE, Some(&trade.finance), &body).await
    };
    let part = ask("2026-11-21", "2026-11-21").await.expect(200).body;
    // Shares of nothing count: the tables know them.
    assert_eq!((&part["total"], &part["sales"], &part["same"]), (&json!(2), &json!(2), &json!(2)));
    for (start, end) in [("2026-11-01", "2026-11-20"), ("2026-11-22", "2026-12-31")] {
        let other = ask(start, end).await.expect(200).body;
        assert_eq!((&other["total"], &other["resellers"]), (&json!(0), &json!([])), "{start}");
    }
    assert_eq!(count(&trade.world, "SELECT COUNT(*) FROM audit").await, before);
    assert_eq!(ask("2026-12-02", "2026-12-01").await.expect(422).text("/fields/0/field"), "end_date");

    for (field, change) in [
        (
            "rules.tiers",
            json!({ "rules": { "code_rate": 0, "tiers": [], "override_rate": 0, "override_levels": 0, "cap": 0 } }),
        ),
        (
            "rules.override_levels",
            json!({ "rules": { "code_rate": 0, "tiers": [{ "from_accounts": 0, "rate": 0 }],
            "override_rate": 0, "override_levels": 6, "cap": 0 } }),
        ),
        (
            "rates",
            json!({ "rates": [{ "reseller_id": trade.seller, "rate": { "kind": "fixed", "basis_points": 10_001 } }] }),
        ),
        ("after", json!({ "after": "nonsense" })),
    ] {
        let mut body = json!({ "start_date": "2026-11-01", "end_date": "2026-11-30" });
        for (name, value) in change.as_object().expect("an object") {
            body[name] = value.clone();
        }
        let refused = trade.world.post(SIMULATE, Some(&trade.finance), &body).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), field);
    }
}
