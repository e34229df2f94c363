//! What is owed to a provider: the ledger, its statement and its settlements say the same.

use axum::http::StatusCode;
use counterfoil_central_platform::ids::mint;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::proof::{count, prove};
use super::stall::{Stall, euros, settlement};
use super::world::{START, call, foreign};
use crate::dialect::Db;
use crate::engine::console;

const HANDS: usize = 8;

/// The sums of a statement, in minor units.
fn sums(statement: &Value) -> [i64; 6] {
    ["opening", "sold", "refunded", "settled", "closing", "owed_now"]
        .map(|name| statement[name]["value"].as_i64().expect("an amount"))
}

fn owed(accounts: &Value) -> i64 {
    accounts["owed"]["value"].as_i64().expect("an amount")
}

#[tokio::test]
async fn what_is_owed_is_settled_once_and_a_refund_after_it_is_not_taken_off_elsewhere() {
    let stall = Stall::new().await;
    let beside = stall.beside("beside").await;
    let sold = stall.paid(&stall.owner, 3).await;
    stall.paid(&beside, 1).await;
    let accounts = stall.books("accounts").await;
    assert_eq!(owed(&accounts), 4_000);
    let own = accounts["accounts"].as_array().expect("accounts").iter().find(|of| of["payable"] == euros(3_000));
    let own = own.expect("the shop's");
    assert_eq!((&own["customers"], &own["markup"]), (&euros(3_360), &euros(360)));

    let all = settlement(4_000);
    let settled = stall.settle(&all).await.expect(200).body;
    assert_eq!(settled["lines"].as_array().expect("lines").len(), 2);
    assert_eq!(settled["recorded_by"], "staff-admin");
    assert_eq!(stall.settle(&all).await.expect(200).body, settled, "a repeat");
    let mut other = all.clone();
    other["reference"] = "T-2".into();
    assert_eq!(stall.settle(&other).await.expect(409).code(), "id_reused");
    assert_eq!(stall.settle(&settlement(4_000)).await.expect(409).code(), "conflict");
    assert_eq!(stall.books("settlements").await["items"], json!([settled]));

    // A third of it comes back from the provider's part, which was paid already.
    stall.refund(&stall.owner, &sold, 1_120).await.expect(200);
    let accounts = stall.books("accounts").await;
    assert_eq!(owed(&accounts), 0);
    assert!(accounts["accounts"].as_array().expect("accounts").iter().any(|of| of["payable"] == euros(-1_000)));
    stall.paid(&beside, 1).await;
    assert_eq!(owed(&stall.books("accounts").await), 1_000);
    stall.world.clock.advance_ms(1_000);
    let once_more = stall.settle(&settlement(1_000)).await.expect(200).body;
    assert_eq!(once_more["lines"][0]["company"], company_of(&settled, 1_000));
    let statement = stall.books("statement").await;
    assert_eq!(sums(&statement), [0, 5_000, 1_000, 5_000, -1_000, -1_000]);
    assert_eq!(stall.books("settlements?limit=1").await["items"][0], once_more);
    prove(&stall.world).await;
}

/// The company of the line with this amount.
fn company_of(settled: &Value, amount: i64) -> Value {
    let lines = settled["lines"].as_array().expect("lines");
    lines.iter().find(|line| line["amount"] == euros(amount)).expect("a line")["company"].clone()
}

#[tokio::test]
async fn one_relationship_can_be_settled_alone() {
    let stall = Stall::new().await;
    let beside = stall.beside("beside").await;
    stall.paid(&stall.owner, 2).await;
    stall.paid(&beside, 1).await;
    let mut alone = settlement(2_000);
    alone["relationship_id"] = json!(stall.relationship);
    let settled = stall.settle(&alone).await.expect(200).body;
    assert_eq!(settled["lines"][0]["relationship_id"], json!(stall.relationship));
    assert_eq!(stall.settle(&alone).await.expect(200).body, settled, "a repeat");
    assert_eq!(owed(&stall.books("accounts").await), 1_000);
    alone["settlement_id"] = json!(foreign());
    alone["relationship_id"] = json!(foreign());
    assert_eq!(stall.settle(&alone).await.expect(404).code(), "not_found");
    prove(&stall.world).await;
}

#[tokio::test]
async fn a_statement_is_the_ledger_over_refunds_and_months() {
    let mut stall = Stall::new().await;
    let november = stall.paid(&stall.owner, 4).await;
    stall.world.clock.advance_ms(1_000);
    stall.refund(&stall.owner, &november, 1_120).await.expect(200);
    stall.later(20).await;
    let statement = stall.books("statement").await;
    assert_eq!((&statement["start_date"], &statement["end_date"]), (&json!("2026-12-01"), &json!("2026-12-11")));
    assert_eq!(sums(&statement), [3_000, 0, 0, 0, 3_000, 3_000]);
    stall.paid(&stall.owner, 1).await;
    stall.world.clock.advance_ms(1_000);
    stall.refund(&stall.owner, &november, 1_120).await.expect(200);
    stall.world.clock.advance_ms(1_000);
    stall.settle(&settlement(3_000)).await.expect(200);
    assert_eq!(sums(&stall.books("statement").await), [3_000, 1_000, 1_000, 3_000, 0, 0]);
    let before = stall.books("statement?start_date=2026-11-01&end_date=2026-11-30").await;
    assert_eq!(sums(&before), [0, 4_000, 1_000, 0, 3_000, 0]);
    let both = stall.books("statement?start_date=2026-11-01").await;
    assert_eq!(sums(&both), [0, 5_000, 2_000, 3_000, 0, 0]);

    // Line by line, whatever the pages.
    let (mut lines, mut after) = (Vec::new(), String::new());
    loop {
        let page = stall.books(&format!("statement?start_date=2026-11-01&limit=2{after}")).await;
        assert_eq!(sums(&page), sums(&both));
        lines.extend(page["lines"].as_array().expect("lines").clone());
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(json!(lines), both["lines"]);
    let amounts: Vec<_> = lines.iter().map(|line| line["amount"]["value"].as_i64().expect("an amount")).collect();
    assert_eq!(amounts, [4_000, -1_000, 1_000, -1_000, -3_000]);
    let kinds: Vec<_> = lines.iter().map(|line| line["kind"].as_str().expect("a kind")).collect();
    assert_eq!(kinds, ["order", "refund", "order", "refund", "settlement"]);
    let path =
        format!("/api/v1/admin/providers/{}/statement?start_date=2026-12-01&end_date=2026-11-01", stall.provider);
    stall.world.get(&path, Some(&stall.staff)).await.expect(422);
    prove(&stall.world).await;
}

#[tokio::test]
async fn what_cannot_be_settled_says_why() {
    let stall = Stall::new().await;
    stall.paid(&stall.owner, 1).await;
    for (field, wrong) in [
        ("amount", euros(0)),
        ("amount", json!({ "value": 1_000, "unit": "USD" })),
        ("amount", json!({ "value": 1_000, "unit": "credits" })),
        ("paid_on", json!("2026-11-22")),
        ("paid_on", json!("21.11.2026")),
        ("reference", json!("  ")),
        ("reference", json!("x".repeat(201))),
        ("note", json!("x".repeat(201))),
    ] {
        let mut body = settlement(1_000);
        body[field] = wrong.clone();
        let refused = stall.settle(&body).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), field, "{wrong}");
    }
    let mut other = settlement(999);
    let refused = stall.settle(&other).await.expect(409);
    assert!(refused.text("/detail").contains("10.00 EUR"), "{}", refused.body);
    other["amount"] = euros(1_000);
    let path = format!("/api/v1/admin/providers/{}/settlements", foreign());
    stall.world.post(&path, Some(&stall.staff), &other).await.expect(404);
    assert_eq!(count(&stall.world, "SELECT COUNT(*) FROM provider_settlement").await, 0);
    stall.settle(&other).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_settlements_at_once_one_is_booked() {
    let stall = Stall::new().await;
    let beside = stall.beside("beside").await;
    stall.paid(&stall.owner, 1).await;
    stall.paid(&beside, 1).await;
    let second = stall.world.second_process().await;
    let path = format!("/api/v1/admin/providers/{}/settlements", stall.provider);
    let send = async |bodies: Vec<Value>| {
        let mut hands = JoinSet::new();
        for (hand, body) in bodies.into_iter().enumerate() {
            let router = if hand % 2 == 0 { stall.world.router.clone() } else { second.clone() };
            let (path, token) = (path.clone(), stall.staff.clone());
            hands.spawn(async move { call(&router, "POST", &path, Some(&token), Some(&body)).await });
        }
        hands.join_all().await
    };
    let answers = send((0..HANDS).map(|_| settlement(2_000)).collect()).await;
    let won = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
    let late = answers.iter().filter(|answer| answer.code() == "conflict").count();
    assert_eq!((won, late), (1, HANDS - 1));

    stall.paid(&stall.owner, 1).await;
    let same = settlement(1_000);
    let answers = send(vec![same; HANDS]).await;
    let bodies: Vec<_> = answers.into_iter().map(|answer| answer.expect(200).body).collect();
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!(count(&stall.world, "SELECT COUNT(*) FROM provider_settlement").await, 2);
    prove(&stall.world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn customers_who_pay_while_a_provider_is_settled_are_owed_after_it() {
    let stall = Stall::new().await;
    stall.paid(&stall.owner, 1).await;
    let mut orders = Vec::new();
    for _ in 0..HANDS {
        orders.push(stall.order(&stall.owner, 1, true).await);
    }
    let mut hands = JoinSet::new();
    for sold in orders {
        let (router, token) = (stall.world.router.clone(), stall.owner.clone());
        let body = json!({ "step_id": mint::<Uuid>(START), "method": "cash" });
        let path = format!("{}/pay", sold.path);
        hands.spawn(async move { call(&router, "POST", &path, Some(&token), Some(&body)).await.expect(200).body });
    }
    // It may be a conflict each time, because somebody paid; never a wrong sum.
    let mut settled = 0;
    for _ in 0..HANDS {
        let sum = owed(&stall.books("accounts").await);
        if sum > 0 && stall.settle(&settlement(sum)).await.status == StatusCode::OK {
            settled += sum;
        }
    }
    hands.join_all().await;
    let left = owed(&stall.books("accounts").await);
    assert_eq!(settled + left, 1_000 * i64::try_from(HANDS + 1).expect("few"));
    prove(&stall.world).await;
}

#[tokio::test]
async fn books_that_do_not_say_what_the_orders_say_are_found() {
    let stall = Stall::new().await;
    stall.paid(&stall.owner, 2).await;
    stall.settle(&settlement(2_000)).await.expect(200);
    let faults =
        async || console::verify_operator(&stall.world.app, stall.world.operator).await.expect("a report").faults;
    assert_eq!(faults().await, Vec::<String>::new());
    let tell = async |order: &'static str| {
        let mut work = stall.world.app.begin(stall.world.operator).await.expect("work");
        sqlx::query::<Db>(order).execute(work.conn()).await.expect("done");
        work.commit().await.expect("commit");
    };
    tell("UPDATE market_order SET delivered = 1, state = 'partial'").await;
    assert!(faults().await.iter().any(|fault| fault.contains("is not what its steps come to")));
    tell("UPDATE market_order SET delivered = 0, state = 'paid'").await;
    assert_eq!(faults().await, Vec::<String>::new());
    tell("UPDATE ledger_account SET balance = balance + 1 WHERE kind = 'order_markup'").await;
    let found = faults().await;
    assert!(found.iter().any(|fault| fault.contains("is not what became of it")), "{found:?}");
    assert!(found.iter().any(|fault| fault.contains("do not come to what its books say")), "{found:?}");
}
