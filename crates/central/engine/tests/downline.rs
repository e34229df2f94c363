//! Credit between a reseller and those below it.

use counterfoil_domain::ids::{OperatorId, ResellerId, TransferId};
use counterfoil_domain::permission::MemberRole;
use counterfoil_domain::reseller::SettlementMode;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::desk::{Desk, add_plans, fund};
use super::proof::{count, prove};
use super::world::{Answer, PASSWORD, World, call, new_transfer};
use crate::engine::audit::Actor;
use crate::engine::{ledger, members, resellers};

/// One reseller over another, and a third beside them.
struct Family {
    world: World,
    upline: ResellerId,
    below: ResellerId,
    owner: String,
}

fn body(direction: &str, amount: i64, transfer: TransferId) -> Value {
    json!({ "transfer_id": transfer, "direction": direction, "amount": amount, "note": "December" })
}

fn path(below: ResellerId) -> String {
    format!("/api/v1/reseller/sub-resellers/{below}/credits")
}

impl Family {
    async fn with_credits(amount: i64) -> Self {
        let world = World::new().await;
        let upline = world.add_reseller("upline", None).await;
        let below = world.add_reseller("below", Some(upline)).await;
        fund(&world, upline, amount).await;
        let owner = world.token("reseller", "upline").await;
        Self { world, upline, below, owner }
    }

    async fn fund(&self, direction: &str, amount: i64) -> Answer {
        self.world.post(&path(self.below), Some(&self.owner), &body(direction, amount, new_transfer())).await
    }

    /// funded, available of both; each equation holds.
    async fn figures(&self) -> [(i64, i64); 2] {
        let mut figures = [(0, 0); 2];
        for (figure, reseller) in figures.iter_mut().zip([self.upline, self.below]) {
            let mut reader = self.world.app.reader().await.expect("reader");
            let equation = ledger::equation(&mut reader, reseller).await.expect("equation");
            assert!(equation.holds(), "{equation:?}");
            *figure = (equation.funded, equation.available);
        }
        figures
    }
}

#[tokio::test]
async fn credit_goes_down_and_unspent_comes_back_with_both_books_true() {
    let family = Family::with_credits(1_000).await;
    let given = family.fund("give", 300).await.expect(200).body;
    assert_eq!((&given["own_balance"]["value"], &given["balance"]["value"]), (&json!(700), &json!(300)));
    assert_eq!(given["given"]["value"], 300);
    assert_eq!(family.figures().await, [(700, 700), (300, 300)]);
    let back = family.fund("take_back", 120).await.expect(200).body;
    assert_eq!((&back["own_balance"]["value"], &back["given"]["value"]), (&json!(820), &json!(180)));
    assert_eq!(family.figures().await, [(820, 820), (180, 180)]);

    // Each line says to or from whom, and who did it.
    let below = family.world.token("reseller", "below").await;
    for (token, lines) in [
        (&family.owner, [("credit", 120, "Company of below"), ("debit", -300, "Company of below")]),
        (&below, [("debit", -120, "Company of upline"), ("credit", 300, "Company of upline")]),
    ] {
        let statement = family.world.get("/api/v1/reseller/credits", Some(token)).await.expect(200);
        for (at, (kind, delta, whom)) in lines.into_iter().enumerate() {
            let line = &statement.body["entries"][at];
            assert_eq!(
                (&line["kind"], &line["delta"], &line["reference"]),
                (&json!(kind), &json!(delta), &json!(whom))
            );
            assert_eq!((&line["by"], &line["note"]), (&json!("upline"), &json!("December")));
            assert!(line["source_event"].as_str().is_some_and(|event| event.starts_with("downline/")));
        }
    }
    prove(&family.world).await;
}

#[tokio::test]
async fn nobody_gives_more_than_the_wallet_has_or_takes_back_more_than_was_given_and_is_unspent() {
    let family = Family::with_credits(100).await;
    let world = &family.world;
    let short = family.fund("give", 101).await.expect(409);
    assert_eq!((short.code(), &short.body["available"]["value"]), ("insufficient_credit", &json!(100)));
    // The operator's own credit below is not the upline's to take.
    fund(world, family.below, 50).await;
    assert_eq!(family.fund("take_back", 1).await.expect(409).code(), "insufficient_credit");
    family.fund("give", 40).await.expect(200);
    let too_much = family.fund("take_back", 41).await.expect(409);
    assert_eq!(too_much.body["available"]["value"], 40);
    // Spent meanwhile: only what is in the wallet.
    let debit = json!({ "transfer_id": new_transfer(), "kind": "debit", "amount": 70, "note": "a test" });
    let staff = world.staff_token(counterfoil_domain::permission::StaffRole::Admin).await;
    world.post(&format!("/api/v1/admin/resellers/{}/credits", family.below), Some(&staff), &debit).await.expect(200);
    let spent = family.fund("take_back", 40).await.expect(409);
    assert_eq!(spent.body["available"]["value"], 20);
    family.fund("take_back", 20).await.expect(200);
    assert_eq!(family.figures().await, [(80, 80), (0, 0)]);
    for amount in [0, -5, i64::MAX] {
        family.fund("give", amount).await.expect(422);
    }
    prove(world).await;
}

#[tokio::test]
async fn what_was_spent_or_handed_on_and_replaced_by_the_operator_is_not_the_uplines_to_take() {
    let family = Family::with_credits(200).await;
    let world = &family.world;
    add_plans(world).await;
    let below = world.token("reseller", "below").await;
    let mut desk = Desk::enrol(world, &below, 2).await;
    family.fund("give", 90).await.expect(200);
    let stock = desk.lease(world, 90).await;
    desk.sell(&stock, 0, 1, 2);
    desk.push(world).await;
    fund(world, family.below, 60).await;
    // 60 of the 90 are sold; 30 are in the lease, and the wallet has the operator's 60.
    let too_much = family.fund("take_back", 31).await.expect(409);
    assert_eq!((too_much.code(), &too_much.body["available"]["value"]), ("insufficient_credit", &json!(30)));
    assert_eq!(family.fund("take_back", 30).await.expect(200).body["given"]["value"], 0);
    assert_eq!(family.fund("take_back", 1).await.expect(409).body["available"]["value"], 0);

    let deep = world.add_reseller("deep", Some(family.below)).await;
    family.fund("give", 40).await.expect(200);
    world.post(&path(deep), Some(&below), &body("give", 70, new_transfer())).await.expect(200);
    fund(world, family.below, 40).await;
    // Of the 100 that were there with the gift 30 are left, in the lease.
    assert_eq!(family.fund("take_back", 31).await.expect(409).body["available"]["value"], 30);
    assert_eq!(family.fund("take_back", 30).await.expect(200).body["given"]["value"], 0);
    prove(world).await;
}

/// A credit limit lets a reseller sell on trust; it is not handed on, nor taken out of one below.
#[tokio::test]
async fn a_credit_limit_is_not_handed_on() {
    let family = Family::with_credits(10).await;
    for reseller in [family.upline, family.below] {
        let mut work = family.world.app.begin(family.world.operator).await.expect("work");
        let scope = counterfoil_domain::reseller::Scope::Operator;
        let at = resellers::path(work.conn(), family.world.operator, &scope, reseller).await.expect("path");
        assert!(ledger::set_credit_limit(&mut work, reseller, &at, 500).await.expect("limit"));
        work.commit().await.expect("commit");
    }
    assert_eq!(family.fund("give", 11).await.expect(409).code(), "insufficient_credit");
    family.fund("give", 10).await.expect(200);
    assert_eq!(family.fund("take_back", 11).await.expect(409).code(), "insufficient_credit");
}

#[tokio::test]
async fn a_repeat_moves_nothing_and_another_movement_under_its_id_is_refused() {
    let family = Family::with_credits(100).await;
    let asked = body("give", 30, new_transfer());
    let first = family.world.post(&path(family.below), Some(&family.owner), &asked).await.expect(200).body;
    let again = family.world.post(&path(family.below), Some(&family.owner), &asked).await.expect(200).body;
    assert_eq!(first, again);
    for (name, value) in [("amount", json!(31)), ("direction", json!("take_back"))] {
        let mut other = asked.clone();
        other[name] = value;
        let refused = family.world.post(&path(family.below), Some(&family.owner), &other).await.expect(409);
        assert_eq!(refused.code(), "id_reused", "{name}");
    }
    assert_eq!(count(&family.world, "SELECT COUNT(*) FROM audit WHERE action = 'credits.downline'").await, 1);
    assert_eq!(count(&family.world, "SELECT COUNT(*) FROM transfer WHERE source_event LIKE 'downline/%'").await, 2);
    prove(&family.world).await;
}

#[tokio::test]
async fn only_an_owner_only_downwards_and_only_in_one_unit() {
    let family = Family::with_credits(100).await;
    let world = &family.world;
    let beside = world.add_reseller("beside", None).await;
    let money = world.add_reseller_of(world.operator, "money", Some(family.upline), SettlementMode::Share).await;
    let other: OperatorId = world.other_operator().await;
    let theirs = world.add_reseller_of(other, "theirs", None, SettlementMode::Wholesale).await;
    for (reseller, status) in [(beside, 404), (family.upline, 404), (theirs, 404), (money, 409)] {
        let asked = body("give", 1, new_transfer());
        world.post(&path(reseller), Some(&family.owner), &asked).await.expect(status);
    }
    let (actor, role) = (Actor::system(), MemberRole::Clerk);
    members::add(&world.app, world.operator, &actor, family.upline, "clerk", PASSWORD.to_owned(), role)
        .await
        .expect("member");
    for name in ["clerk", "below"] {
        let token = world.token("reseller", name).await;
        let refused = world.post(&path(family.below), Some(&token), &body("give", 1, new_transfer())).await;
        assert!([403, 404].contains(&refused.status.as_u16()), "{name} {}", refused.body);
    }
    assert_eq!(family.figures().await, [(100, 100), (0, 0)]);
}

/// A grandchild is in the subtree, too.
#[tokio::test]
async fn credit_reaches_every_level_below() {
    let family = Family::with_credits(100).await;
    let deep = family.world.add_reseller("deep", Some(family.below)).await;
    family.world.post(&path(deep), Some(&family.owner), &body("give", 60, new_transfer())).await.expect(200);
    // The one between did not give it.
    let between = family.world.token("reseller", "below").await;
    let taken = family.world.post(&path(deep), Some(&between), &body("take_back", 1, new_transfer())).await;
    assert_eq!(taken.expect(409).code(), "insufficient_credit");
    prove(&family.world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_hands_up_and_down_lose_and_make_nothing() {
    let family = Family::with_credits(200).await;
    fund(&family.world, family.below, 7).await;
    let second = family.world.second_process().await;
    let mut hands = JoinSet::new();
    for hand in 0..60 {
        let router = if hand % 2 == 0 { family.world.router.clone() } else { second.clone() };
        let (token, at) = (family.owner.clone(), path(family.below));
        let direction = if hand % 3 == 2 { "take_back" } else { "give" };
        let asked = body(direction, 9, new_transfer());
        hands.spawn(async move {
            let answer = call(&router, "POST", &at, Some(&token), Some(&asked)).await;
            assert!(answer.status == 200 || answer.code() == "insufficient_credit", "{}", answer.body);
        });
    }
    hands.join_all().await;
    let [(upline, own), (below, other)] = family.figures().await;
    assert_eq!((upline + below, own + other), (207, 207));
    let given = count(&family.world, "SELECT CAST(SUM(given) AS BIGINT) FROM downline_credit").await;
    assert_eq!(given, other - 7, "what was given is what is there beside the operator's seven");
    prove(&family.world).await;
}

/// Whatever stops between the two sides, none of them is booked.
#[tokio::test]
async fn a_failure_between_the_two_sides_leaves_neither() {
    let family = Family::with_credits(100).await;
    let transfer = new_transfer();
    // The second event is taken already, so the second posting cannot be written.
    let taken = format!("downline/{transfer}/in");
    let mut work = family.world.app.begin(family.world.operator).await.expect("work");
    let wallet = ledger::account_of(work.conn(), counterfoil_domain::ledger::AccountKind::Wallet, family.upline).await;
    let funding =
        ledger::account_of(work.conn(), counterfoil_domain::ledger::AccountKind::Funding, family.upline).await;
    sqlx::query(
        "INSERT INTO transfer (id, operator_id, source_event, kind, debit_id, credit_id, amount, unit, at)
                 VALUES ($1, $2, $3, 'credit', $4, $5, 1, 'credits', 0)",
    )
    .bind(new_transfer().0)
    .bind(family.world.operator.0)
    .bind(&taken)
    .bind(funding.expect("book").id.0)
    .bind(wallet.expect("book").id.0)
    .execute(work.conn())
    .await
    .expect("inserted");
    work.commit().await.expect("commit");
    let asked = body("give", 30, transfer);
    let refused = family.world.post(&path(family.below), Some(&family.owner), &asked).await;
    assert_ne!(refused.status, 200, "{}", refused.body);
    assert_eq!(family.figures().await, [(100, 100), (0, 0)]);
    assert_eq!(count(&family.world, "SELECT COUNT(*) FROM downline_credit").await, 0);
}
