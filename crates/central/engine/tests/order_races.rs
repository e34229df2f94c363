//! Two hands on one order: one wins, the other is told so, and books and stock say what happened.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::OrderId;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::desk::{Desk, outcomes};
use super::fulfilments::delivered;
use super::orders::{OWN, ending, id, order_of};
use super::proof::{count, prove, until_so_many_wait, until_somebody_waits};
use super::stall::{Sold, Stall, euros};
use super::world::{START, call};
use crate::dialect::Db;

const ORDERS: usize = 8;
const LEFT: &str = "SELECT stock FROM offering WHERE article = 'NL-RACE'";

/// What somebody asks: a method, what follows the order's path, a body.
type Ask = (&'static str, &'static str, Value);

impl Stall {
    /// Orders of one unit each, of an offering that has a hundred.
    async fn one_each(&self, place: bool) -> Vec<Sold> {
        let offering = self.offer("NL-RACE", "10", Some(100)).await;
        let mut orders = Vec::new();
        for _ in 0..ORDERS {
            let mut asked = order_of(offering, 1, place);
            let id: OrderId = mint(START);
            asked["order_id"] = json!(id);
            let made = self.ask(&asked).await.expect(200);
            orders.push(Sold { id, path: format!("{OWN}/{}", made.text("/order/contract_id")) });
        }
        orders
    }

    /// Asks all of this of every order at once, at two processes of this Central. Says for each order what was done, as
    /// the part behind its path; what was not done was refused because somebody else was first.
    async fn at_once(&self, orders: &[Sold], asks: impl Fn(&Sold) -> Vec<Ask>) -> Vec<Vec<&'static str>> {
        let second = self.world.second_process().await;
        let mut hands = JoinSet::new();
        for (at, sold) in orders.iter().enumerate() {
            for (hand, (method, what, body)) in asks(sold).into_iter().enumerate() {
                let router = if hand % 2 == 0 { self.world.router.clone() } else { second.clone() };
                let (token, path) = (self.owner.clone(), format!("{}{what}", sold.path));
                hands.spawn(async move { (at, what, call(&router, method, &path, Some(&token), Some(&body)).await) });
            }
        }
        let mut done = vec![Vec::new(); orders.len()];
        for (at, what, answer) in hands.join_all().await {
            match answer.status.as_u16() {
                200 => done[at].push(what),
                409 => assert!(["conflict", "wrong_state"].contains(&answer.code()), "{what}: {}", answer.body),
                _ => panic!("{what}: {}", answer.body),
            }
        }
        done
    }

    async fn order_now(&self, sold: &Sold) -> Value {
        self.detail(&self.owner, sold).await["order"].clone()
    }
}

fn number(value: usize) -> i64 {
    i64::try_from(value).expect("few")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_placing_and_changing_a_draft_one_wins_each_time() {
    let stall = Stall::new().await;
    let drafts = stall.one_each(false).await;
    let offering = stall.order_now(&drafts[0]).await["offering_id"].clone();
    let done = stall
        .at_once(&drafts, |draft| {
            // The total of what was there when it was looked at.
            let place = json!({ "step_id": id(), "total": euros(1_120) });
            let change = json!({ "order_id": draft.id, "offering_id": offering, "quantity": 4, "place": false,
                "customer": { "name": "Ada Ames", "email": "ada@mail.example" } });
            vec![("POST", "/place", place), ("PUT", "", change)]
        })
        .await;
    let mut placed = 0;
    for (draft, done) in drafts.iter().zip(done) {
        let order = stall.order_now(draft).await;
        let expected = match *done {
            ["/place"] => ("placed", 1, 1_120),
            [""] => ("draft", 4, 4_480),
            _ => panic!("one wins: {done:?}"),
        };
        placed += i64::from(expected.0 == "placed");
        let found = (&order["state"], &order["quantity"], &order["price"]["total"]);
        assert_eq!(found, (&json!(expected.0), &json!(expected.1), &euros(expected.2)));
    }
    assert_eq!(count(&stall.world, LEFT).await, 100 - placed, "a draft holds nothing");
    prove(&stall.world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_paying_and_cancelling_one_wins_and_only_what_is_paid_is_submitted() {
    let stall = Stall::new().await;
    let orders = stall.one_each(true).await;
    let done = stall
        .at_once(&orders, |_| {
            let pay = json!({ "step_id": id(), "method": "cash" });
            let submit = json!({ "step_id": id(), "external_id": "NL-4711" });
            vec![("POST", "/pay", pay), ("POST", "/cancel", ending("Changed my mind")), ("POST", "/submit", submit)]
        })
        .await;
    let mut cancelled = 0;
    for (sold, done) in orders.iter().zip(done) {
        let has = |what: &'static str| done.contains(&what);
        let state = match (has("/cancel"), has("/pay"), has("/submit")) {
            (true, false, false) => "cancelled",
            (false, true, false) => "paid",
            (false, true, true) => "pending",
            _ => panic!("one wins: {done:?}"),
        };
        cancelled += usize::from(state == "cancelled");
        assert_eq!(stall.order_now(sold).await["state"], state);
    }
    let paid = number(ORDERS - cancelled);
    assert_eq!(count(&stall.world, LEFT).await, 100 - paid, "each cancelled unit came back once");
    assert_eq!(stall.own_books().await["customers"], euros(1_120 * paid));
    prove(&stall.world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_delivers_what_is_given_back_is_refused_or_was_first() {
    let stall = Stall::new().await;
    let orders = stall.one_each(true).await;
    let mut desk = Desk::enrol(&stall.world, &stall.owner, 1).await;
    for sold in &orders {
        stall.pay(&stall.owner, sold).await.expect(200);
        desk.log(delivered(sold.id, 1));
    }
    let hands = stall.at_once(&orders, |_| {
        let refund = || json!({ "refund_id": id(), "amount": euros(1_120), "reason": "Not wanted any more" });
        let deliver = json!({ "step_id": id(), "units": 1 });
        vec![("POST", "/refund", refund()), ("POST", "/fulfill", deliver), ("POST", "/refund", refund())]
    });
    let (done, pushed) = tokio::join!(hands, desk.push(&stall.world));
    for ((sold, done), answer) in orders.iter().zip(done).zip(outcomes(&pushed)) {
        assert!(["applied", "rejected order_moved"].contains(&answer.as_str()), "{answer}");
        let times = |what: &str| done.iter().filter(|done| **done == what).count();
        assert_eq!(times("/refund"), 1, "the money goes back once: {done:?}");
        let delivered = times("/fulfill") + usize::from(answer == "applied");
        assert!(delivered <= 1, "{done:?}, {answer}");
        let order = stall.order_now(sold).await;
        let found = (&order["state"], &order["delivered"], &order["refunded"]);
        assert_eq!(found, (&json!("refunded"), &json!(delivered), &euros(1_120)));
    }
    let books = stall.own_books().await;
    assert_eq!((&books["customers"], &books["payable"], &books["markup"]), (&euros(0), &euros(0), &euros(0)));
    assert_eq!(count(&stall.world, LEFT).await, 100 - number(ORDERS), "a refund gives no stock back");
    prove(&stall.world).await;
}

#[tokio::test]
async fn an_order_is_in_the_way_of_an_edit_only_where_it_takes_off_a_stock() {
    let stall = Stall::new().await;
    let path = format!("/api/v1/admin/providers/{}/offerings", stall.provider);
    for (article, stock, status) in [("NLFREE", None, 200), ("NLFEW", Some(9), 409)] {
        let offering = stall.offer(article, "1", stock).await;
        stall.ask(&order_of(offering, 2, true)).await.expect(200);
        // As it was read before the order.
        let body = json!({ "offering_id": offering, "article": article, "name": article, "base_price": "2",
            "term_days": 30, "stock": stock, "status": "withdrawn", "revision": 1 });
        stall.world.put(&format!("{path}/{offering}"), Some(&stall.staff), &body).await.expect(status);
    }
    let left = "SELECT stock FROM offering WHERE article = 'NLFEW'";
    assert_eq!(count(&stall.world, left).await, 7, "no figure of before the order");
    prove(&stall.world).await;
}

#[tokio::test]
async fn an_order_that_waited_for_a_change_of_its_offering_is_not_placed_at_the_price_before() {
    let stall = Stall::new().await;
    let offering = stall.offer("NL-RACE", "10", Some(100)).await;
    let dearer = "UPDATE offering SET base_price = base_price * 2 WHERE id = $1";
    let held = "UPDATE offering SET status = status WHERE id = $1";
    let marked_up = "UPDATE relationship SET markup = 50 WHERE id = $1";
    let withdrawn = "UPDATE offering SET status = 'withdrawn' WHERE id = $1";
    let changes = [
        (vec![(dearer, offering)], 1_120),
        (vec![(held, offering), (marked_up, stall.relationship)], 2_240),
        (vec![(withdrawn, offering)], 3_000),
    ];
    for (change, shown) in changes {
        let mut staff = stall.world.app.begin(stall.world.operator).await.expect("begun");
        for (order, id) in change {
            sqlx::query::<Db>(order).bind(id).execute(staff.conn()).await.expect("changed");
        }
        let mut asked = order_of(offering, 1, true);
        asked["total"] = euros(shown);
        let ends = async {
            // On SQLite the order waits for the only writer, and finds everything as it is then.
            until_somebody_waits(&stall.world).await;
            staff.commit().await.expect("committed");
        };
        let (answer, ()) = tokio::join!(stall.ask(&asked), ends);
        let refused = answer.expect(409);
        assert!(["conflict", "wrong_state"].contains(&refused.code()), "{}", refused.body);
    }
    assert_eq!(count(&stall.world, LEFT).await, 100);
    assert_eq!(count(&stall.world, "SELECT COUNT(*) FROM market_order").await, 0);
    prove(&stall.world).await;
}

#[tokio::test]
async fn a_draft_that_is_placed_twice_at_once_takes_the_last_unit_and_both_hear_of_it() {
    let stall = Stall::new().await;
    let offering = stall.offer("NL-RACE", "10", Some(1)).await;
    let made = stall.ask(&order_of(offering, 1, false)).await.expect(200);
    let path = format!("{OWN}/{}/place", made.text("/order/contract_id"));
    let place = json!({ "step_id": id(), "total": euros(1_120) });
    let mut staff = stall.world.app.begin(stall.world.operator).await.expect("begun");
    let held = "UPDATE offering SET status = status WHERE id = $1";
    sqlx::query::<Db>(held).bind(offering).execute(staff.conn()).await.expect("held");
    let ends = async {
        until_so_many_wait(&stall.world, 2).await;
        staff.commit().await.expect("committed");
    };
    let hand = || stall.world.post(&path, Some(&stall.owner), &place);
    let (one, other, ()) = tokio::join!(hand(), hand(), ends);
    assert_eq!(one.expect(200).body, other.expect(200).body);
    assert_eq!(count(&stall.world, LEFT).await, 0);
    prove(&stall.world).await;
}
