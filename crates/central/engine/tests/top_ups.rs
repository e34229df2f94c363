//! Requests for credit: asked, answered once, booked once.

use counterfoil_domain::ids::{ResellerId, TopUpRequestId};
use counterfoil_domain::permission::{MemberRole, StaffRole};
use counterfoil_domain::reseller::SettlementMode;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::desk::Shop;
use super::packs::{edit, packs, shown};
use super::proof::{count, prove};
use super::world::{Answer, PASSWORD, World, call, new_transfer};
use crate::engine::audit::Actor;
use crate::engine::members;

const OWN: &str = "/api/v1/reseller/top-up-requests";
const ALL: &str = "/api/v1/admin/top-up-requests";

fn id(n: u128) -> TopUpRequestId {
    TopUpRequestId(Uuid::from_u128(0x700_0000 + n))
}

fn wish(n: u128, wish: &Value) -> Value {
    json!({ "request_id": id(n), "wish": wish, "note": "Paid today" })
}

struct Room {
    world: World,
    reseller: ResellerId,
    owner: String,
    staff: String,
}

impl Room {
    async fn new() -> Self {
        let world = World::new().await;
        let reseller = world.add_reseller("shop", None).await;
        let owner = world.token("reseller", "shop").await;
        let staff = world.staff_token(StaffRole::Finance).await;
        Self { world, reseller, owner, staff }
    }

    async fn ask(&self, n: u128, what: &Value) -> Answer {
        self.world.post(OWN, Some(&self.owner), &wish(n, what)).await
    }

    async fn approve(&self, n: u128) -> Answer {
        let body = json!({ "transfer_id": new_transfer() });
        self.world.post(&format!("{ALL}/{}/approve", id(n)), Some(&self.staff), &body).await
    }

    async fn reject(&self, n: u128, reason: &str) -> Answer {
        self.world.post(&format!("{ALL}/{}/reject", id(n)), Some(&self.staff), &json!({ "reason": reason })).await
    }

    async fn cancel(&self, n: u128) -> Answer {
        call(&self.world.router, "POST", &format!("{OWN}/{}/cancel", id(n)), Some(&self.owner), None).await
    }

    async fn balance(&self) -> i64 {
        let statement = self.world.get("/api/v1/reseller/credits", Some(&self.owner)).await.expect(200);
        statement.body["balance"]["value"].as_i64().expect("a balance")
    }
}

#[tokio::test]
async fn a_pack_is_asked_for_approved_and_booked_at_the_price_that_was_shown() {
    let room = Room::new().await;
    let admin = room.world.staff_token(StaffRole::Admin).await;
    let business = packs(&room.world, &room.staff).await.remove(1);
    let asked = room.ask(1, &json!({ "pack": shown(&business) })).await.expect(200).body;
    assert_eq!((&asked["state"], &asked["amount"]["value"]), (&json!("open"), &json!(3_600)));
    assert_eq!(asked.pointer("/pack/price/value"), Some(&json!(18_000)));
    assert_eq!(room.ask(1, &json!({ "pack": shown(&business) })).await.expect(200).body, asked, "a repeat");
    assert_eq!(room.ask(1, &json!({ "amount": 3_600 })).await.expect(409).code(), "id_reused");

    // What the pack costs later is not what was asked.
    edit(&room.world, &admin, &business, json!({ "credits": 10 })).await.expect(200);
    let open = room.world.get(&format!("{ALL}?state=open"), Some(&room.staff)).await.expect(200);
    assert_eq!(open.body.pointer("/items/0/company"), Some(&json!("Company of shop")));
    assert_eq!(open.body.pointer("/items/0/asked_by"), Some(&json!("shop")));
    let approved = room.approve(1).await.expect(200).body;
    assert_eq!((&approved["state"], &approved["balance"]["value"]), (&json!("approved"), &json!(3_600)));
    assert_eq!(approved["decided_by"], "staff-finance");
    let again = room.approve(1).await.expect(200).body;
    assert_eq!(again["transfer_id"], approved["transfer_id"], "approved twice, booked once");
    assert_eq!(room.balance().await, 3_600);

    let own = room.world.get(OWN, Some(&room.owner)).await.expect(200);
    assert_eq!(own.body.pointer("/items/0/state"), Some(&json!("approved")));
    assert_eq!(own.body.pointer("/items/0/decided_by"), None, "who of the staff it was is the operator's");
    let statement = room.world.get("/api/v1/reseller/credits", Some(&room.owner)).await.expect(200);
    assert_eq!(statement.body.pointer("/entries/0/source_event"), Some(&json!(format!("top-up/{}", id(1)))));
    assert_eq!(statement.body.pointer("/entries/0/reference"), Some(&json!("Business")));
    assert_eq!(statement.body.pointer("/entries/0/by"), None, "nor in the statement");
    assert_eq!(count(&room.world, "SELECT COUNT(*) FROM pack_sale WHERE price = 18000").await, 1);
    assert_eq!(count(&room.world, "SELECT COUNT(*) FROM audit WHERE action LIKE 'top_up.%'").await, 2);
    prove(&room.world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_answers_at_once_one_stands_and_books_once() {
    let room = Room::new().await;
    room.ask(1, &json!({ "amount": 500 })).await.expect(200);
    let second = room.world.second_process().await;
    let mut hands = JoinSet::new();
    for hand in 0..24 {
        let (router, token) = (if hand % 2 == 0 { &room.world.router } else { &second }.clone(), room.staff.clone());
        let (path, body) = if hand % 3 == 0 {
            (format!("{ALL}/{}/reject", id(1)), json!({ "reason": "not paid" }))
        } else {
            (format!("{ALL}/{}/approve", id(1)), json!({ "transfer_id": new_transfer() }))
        };
        hands.spawn(async move { call(&router, "POST", &path, Some(&token), Some(&body)).await });
    }
    let (router, token) = (room.world.router.clone(), room.owner.clone());
    hands.spawn(async move { call(&router, "POST", &format!("{OWN}/{}/cancel", id(1)), Some(&token), None).await });
    for answer in hands.join_all().await {
        assert!(answer.status == 200 || answer.code() == "wrong_state", "{}", answer.body);
    }
    let booked = count(&room.world, "SELECT COUNT(*) FROM transfer").await;
    let approved = count(&room.world, "SELECT COUNT(*) FROM top_up_request WHERE state = 'approved'").await;
    assert_eq!((room.balance().await, booked), (500 * approved, approved));
    assert_eq!(count(&room.world, "SELECT COUNT(*) FROM top_up_request WHERE state = 'open'").await, 0);
    prove(&room.world).await;
}

#[tokio::test]
async fn a_request_is_rejected_with_a_reason_or_taken_back_and_stays_so() {
    let room = Room::new().await;
    for n in 1..=2 {
        room.ask(n, &json!({ "amount": 30 })).await.expect(200);
    }
    room.reject(1, " ").await.expect(422);
    let rejected = room.reject(1, "Nothing has arrived").await.expect(200).body;
    assert_eq!(rejected["reason"], "Nothing has arrived");
    room.reject(1, "Nothing has arrived").await.expect(200);
    assert_eq!(room.reject(1, "Another reason").await.expect(409).code(), "wrong_state");
    assert_eq!(room.approve(1).await.expect(409).code(), "wrong_state");
    assert_eq!(room.cancel(1).await.expect(409).code(), "wrong_state");
    let own = room.world.get(&format!("{OWN}?state=rejected"), Some(&room.owner)).await.expect(200);
    assert_eq!(own.body.pointer("/items/0/reason"), Some(&json!("Nothing has arrived")));

    room.cancel(2).await.expect(200);
    room.cancel(2).await.expect(200);
    assert_eq!(room.approve(2).await.expect(409).code(), "wrong_state");
    assert_eq!(room.balance().await, 0);
    prove(&room.world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn five_requests_wait_at_most_however_many_are_sent_at_once() {
    let room = Room::new().await;
    let mut hands = JoinSet::new();
    for n in 0..12 {
        let (router, token) = (room.world.router.clone(), room.owner.clone());
        hands.spawn(
            async move { call(&router, "POST", OWN, Some(&token), Some(&wish(n, &json!({ "amount": 1 })))).await },
        );
    }
    let answers = hands.join_all().await;
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status != 200).collect();
    assert_eq!(refused.len(), 7);
    assert!(refused.iter().all(|answer| answer.text("/detail").contains("take one back")));
    let open = count(&room.world, "SELECT COUNT(*) FROM top_up_request WHERE state = 'open'").await;
    assert_eq!(open, 5);
    let first = room.world.get(OWN, Some(&room.owner)).await.expect(200).text("/items/0/request_id");
    let path = format!("{OWN}/{first}/cancel");
    call(&room.world.router, "POST", &path, Some(&room.owner), None).await.expect(200);
    room.ask(99, &json!({ "amount": 1 })).await.expect(200);
}

#[tokio::test]
async fn clerks_ask_and_field_agents_do_not_and_nobody_sees_another_shops_requests() {
    let room = Room::new().await;
    let world = &room.world;
    let other = world.add_reseller("other", None).await;
    let below = world.add_reseller("below", Some(room.reseller)).await;
    assert_ne!(other, below);
    for (name, role, status) in [("clerk", MemberRole::Clerk, 200), ("agent", MemberRole::FieldAgent, 403)] {
        let (actor, password) = (Actor::system(), PASSWORD.to_owned());
        members::add(&world.app, world.operator, &actor, room.reseller, name, password, role).await.expect("member");
        let token = world.token("reseller", name).await;
        let n = if role == MemberRole::Clerk { 1 } else { 2 };
        world.post(OWN, Some(&token), &wish(n, &json!({ "amount": 5 }))).await.expect(status);
    }
    for name in ["other", "below"] {
        let token = world.token("reseller", name).await;
        let listed = world.get(OWN, Some(&token)).await.expect(200);
        assert_eq!(listed.body["items"], json!([]));
        let path = format!("{OWN}/{}/cancel", id(1));
        call(&world.router, "POST", &path, Some(&token), None).await.expect(404);
    }
    for amount in [0, -1, i64::MAX] {
        room.ask(7, &json!({ "amount": amount })).await.expect(422);
    }
    world.add_reseller_of(world.operator, "money", None, SettlementMode::Share).await;
    let money = world.token("reseller", "money").await;
    let starter = packs(world, &room.staff).await.remove(0);
    world.post(OWN, Some(&money), &wish(8, &json!({ "pack": shown(&starter) }))).await.expect(422);
    let in_euros = world.post(OWN, Some(&money), &wish(8, &json!({ "amount": 1_250 }))).await.expect(200);
    assert_eq!(in_euros.body["amount"], json!({ "value": 1_250, "unit": "EUR" }));
}

#[tokio::test]
async fn requests_page_by_time_the_newest_first() {
    let room = Room::new().await;
    for n in 1..=5 {
        room.world.clock.advance_ms(1_000);
        room.ask(n, &json!({ "amount": i64::try_from(n).expect("small") })).await.expect(200);
    }
    let mut seen = Vec::new();
    let mut path = format!("{ALL}?limit=2&state=open");
    loop {
        let page = room.world.get(&path, Some(&room.staff)).await.expect(200).body;
        let items = page["items"].as_array().expect("items").clone();
        seen.extend(items.iter().map(|item| item["amount"]["value"].as_i64().expect("amount")));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{ALL}?limit=2&state=open&after={next}");
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
}

/// Codes that waited for credit are served by an approved request as by any other top-up.
#[tokio::test]
async fn an_approved_request_settles_codes_that_waited() {
    let mut shop = Shop::with_credits(100).await;
    let stock = shop.desk.lease(&shop.world, 90).await;
    shop.desk.sell(&stock, 0, 1, 4);
    shop.desk.push(&shop.world).await;
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM code WHERE state = 'held'").await, 1);
    let owner = shop.world.token("reseller", "shop").await;
    let staff = shop.world.staff_token(StaffRole::Admin).await;
    shop.world.post(OWN, Some(&owner), &wish(1, &json!({ "amount": 60 }))).await.expect(200);
    let path = format!("{ALL}/{}/approve", id(1));
    let approved = shop.world.post(&path, Some(&staff), &json!({ "transfer_id": new_transfer() })).await.expect(200);
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM code WHERE state = 'held'").await, 0);
    assert_eq!(approved.body["balance"]["value"], 40, "ten were left, sixty came, thirty settled the code");
    prove(&shop.world).await;
}
