//! Who is told of what beside the operator's own movements: rejected requests, credit of an upline, and customers of a shop.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{AccountId, CodeId, SubscriptionId, TopUpRequestId};
use counterfoil_domain::permission::StaffRole;
use serde_json::{Value, json};

use super::dashboard::write;
use super::desk::{Shop, redeem};
use super::mail_sink::{Sink, Taken};
use super::proof::count;
use super::world::new_transfer;
use crate::engine::{run_jobs_once, run_notices_once};

const DAY_MS: i64 = 86_400_000;

/// A shop whose Central sends, and its mail server.
struct Room {
    shop: Shop,
    sink: Sink,
}

impl Room {
    async fn new() -> Self {
        let (mut shop, sink) = (Shop::with_credits(1_000).await, Sink::new().await);
        shop.world.send_mail(sink.mailer());
        let room = Self { shop, sink };
        room.do_without(json!([])).await;
        room
    }

    /// A sign-in of now: the clock goes on.
    async fn owner(&self) -> String {
        self.shop.world.token("reseller", "shop").await
    }

    /// What was sent by now, the newest last.
    async fn sent(&self) -> Vec<Taken> {
        run_notices_once(&self.shop.world.app).await;
        self.sink.taken()
    }

    /// Jobs of so many days later, and how many mails there were in all.
    async fn after(&self, days: i64) -> usize {
        self.shop.world.clock.advance_ms(days * DAY_MS);
        run_jobs_once(&self.shop.world.app).await;
        self.sent().await.len()
    }

    async fn account(&self, name: &str, email: Option<&str>) -> String {
        let id: AccountId = mint(self.shop.world.app.now());
        let mut body = json!({ "account_id": id, "plan_id": self.shop.plans[0], "username": name });
        if let Some(email) = email {
            body["email"] = json!(email);
        }
        let owner = self.owner().await;
        for _ in 0..2 {
            self.shop.world.post("/api/v1/reseller/accounts", Some(&owner), &body).await.expect(200);
        }
        id.to_string()
    }

    /// And without the mail of each day, which has tests of its own.
    async fn do_without(&self, kinds: Value) {
        let owner = self.owner().await;
        let mut kinds = kinds.as_array().expect("kinds").clone();
        kinds.push(json!("services_ending"));
        let off = json!({ "off": kinds });
        self.shop.world.put("/api/v1/reseller/notices", Some(&owner), &off).await.expect(200);
    }
}

#[tokio::test]
async fn who_asked_for_credit_is_told_why_not() {
    let room = Room::new().await;
    let world = &room.shop.world;
    let id: TopUpRequestId = mint(world.app.now());
    let wish = json!({ "request_id": id, "wish": { "amount": 300 }, "note": "" });
    world.post("/api/v1/reseller/top-up-requests", Some(&room.owner().await), &wish).await.expect(200);
    let staff = world.staff_token(StaffRole::Finance).await;
    let path = format!("/api/v1/admin/top-up-requests/{id}/reject");
    for _ in 0..2 {
        world.post(&path, Some(&staff), &json!({ "reason": "Your last transfer has not come." })).await.expect(200);
    }
    let sent = room.sent().await;
    assert_eq!(sent.len(), 1, "the same answer again is the same event");
    assert_eq!(sent[0].recipients, ["RCPT TO:<shop@example.org>"]);
    let text = sent[0].text();
    assert!(text.contains("300 credits") && text.contains("Your last transfer has not come."), "{text}");
}

#[tokio::test]
async fn both_sides_are_told_of_credit_between_them() {
    let room = Room::new().await;
    let world = &room.shop.world;
    let below = world.add_reseller("below", Some(room.shop.reseller)).await;
    for (direction, amount, to_them, to_us) in [
        ("give", 300, "has given you 300 credits", "You have given credit to Company of below: 300 credits"),
        (
            "take_back",
            100,
            "has taken back 100 credits",
            "You have taken credit back from Company of below: 100 credits",
        ),
    ] {
        let before = room.sent().await.len();
        let body = json!({ "transfer_id": new_transfer(), "direction": direction, "amount": amount, "note": "May" });
        let path = format!("/api/v1/reseller/sub-resellers/{below}/credits");
        for _ in 0..2 {
            world.post(&path, Some(&room.owner().await), &body).await.expect(200);
        }
        let sent = room.sent().await.split_off(before);
        assert_eq!(sent.len(), 2, "each side once");
        let of = |to: &str| {
            let found = sent.iter().find(|mail| mail.recipients == [format!("RCPT TO:<{to}@example.org>")]);
            found.expect("a mail").text()
        };
        assert!(of("below").contains(to_them) && of("below").contains("Note: May"), "{}", of("below"));
        assert!(of("shop").contains(to_us), "{}", of("shop"));
        let balance = if direction == "give" { ("300 credits", "700 credits") } else { ("200 credits", "800 credits") };
        assert!(of("below").contains(&format!("now have {}", balance.0)), "{}", of("below"));
        assert!(of("shop").contains(&format!("now have {}", balance.1)), "{}", of("shop"));
    }
}

#[tokio::test]
async fn a_customer_with_an_address_is_told_of_the_account_and_never_of_its_password() {
    let room = Room::new().await;
    room.account("ada", Some("ada@example.org")).await;
    room.account("bea", None).await;
    let sent = room.sent().await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].recipients, ["RCPT TO:<ada@example.org>"]);
    let text = sent[0].text();
    for words in ["Company of shop has made", "User name: ada", "Plan: Month", "21 December 2026"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    room.do_without(json!(["account_created"])).await;
    room.account("cleo", Some("cleo@example.org")).await;
    assert_eq!(room.sent().await.len(), 1, "the shop does without");
}

#[tokio::test]
async fn who_bought_a_code_is_told_when_it_is_activated() {
    let room = Room::new().await;
    let world = &room.shop.world;
    let mut codes = Vec::new();
    for email in [Some("dora@example.org"), None] {
        let id: CodeId = mint(world.app.now());
        let mut body = json!({ "code_id": id, "plan_id": room.shop.plans[0] });
        if let Some(email) = email {
            body["customer_email"] = json!(email);
        }
        let made = world.post("/api/v1/reseller/codes", Some(&room.owner().await), &body).await.expect(200);
        codes.push(made.text("/code"));
    }
    for (account, code) in (1..).zip(&codes) {
        for _ in 0..2 {
            redeem(world, code, account).await.expect(200);
        }
    }
    let sent = room.sent().await;
    assert_eq!(sent.len(), 1, "once, and nobody where no address is known");
    assert_eq!(sent[0].recipients, ["RCPT TO:<dora@example.org>"]);
    let text = sent[0].text();
    assert!(text.contains("21 December 2026") && !text.contains(&codes[0]), "{text}");
}

#[tokio::test]
async fn service_that_ends_is_told_once_three_days_before() {
    let room = Room::new().await;
    let world = &room.shop.world;
    room.do_without(json!(["account_created"])).await;
    // The last day of all is the 21st of December.
    let ada = room.account("ada", Some("ada@example.org")).await;
    room.account("bea", Some("bea@example.org")).await;
    room.account("cleo", None).await;
    assert_eq!(room.after(0).await, 0, "the first look notes where it stands");
    assert_eq!(room.after(26).await, 0, "the 17th");
    // Ada is renewed in time.
    let id: SubscriptionId = mint(world.app.now());
    let body = json!({ "subscription_id": id, "service": { "plan": room.shop.plans[0] } });
    let path = format!("/api/v1/reseller/accounts/{ada}/extend");
    world.post(&path, Some(&room.owner().await), &body).await.expect(200);
    assert_eq!(room.after(1).await, 1, "the 18th");
    let told = room.sink.last();
    assert_eq!(told.recipients, ["RCPT TO:<bea@example.org>"]);
    assert_eq!(told.header("Subject"), "Your service at Company of shop ends on 21 December 2026");
    for days in [0, 1, 2, 3] {
        assert_eq!(room.after(days).await, 1, "once");
    }
    // No Central ran for weeks: what is over is not told, what is ahead is.
    assert_eq!(room.after(24).await, 2, "the 17th of January: Ada's last day is the 20th");
    assert_eq!(room.sink.last().recipients, ["RCPT TO:<ada@example.org>"]);
}

#[tokio::test]
async fn mails_that_were_sent_are_kept_for_ninety_days_and_others_are_kept() {
    let room = Room::new().await;
    let notices = "SELECT COUNT(*) FROM notice";
    room.account("ada", Some("ada@example.org")).await;
    assert_eq!(room.sent().await.len(), 1);
    write(
        &room.shop.world,
        "INSERT INTO notice (id, operator_id, source_event, kind, recipient, language, subject, body, state, created_at,
                             queued_at, next_attempt_at)
         SELECT operator_id, operator_id, 'a test', kind, recipient, language, subject, body, 'failed', created_at,
                queued_at, next_attempt_at FROM notice",
    )
    .await;
    room.do_without(json!(["expiry_soon", "low_credit"])).await;
    room.after(90).await;
    assert_eq!(count(&room.shop.world, notices).await, 2, "ninety days are not over");
    room.shop.world.clock.advance_ms(1);
    room.after(0).await;
    let left = "SELECT COUNT(*) FROM notice WHERE state = 'failed'";
    assert_eq!((count(&room.shop.world, notices).await, count(&room.shop.world, left).await), (1, 1));
}

#[tokio::test]
async fn how_long_mails_are_kept_is_set_where_central_is_started() {
    let room = Room::new().await;
    room.account("ada", Some("ada@example.org")).await;
    assert_eq!(room.sent().await.len(), 1);
    let sooner = room.shop.world.app.clone().keeping_mail_for(30);
    room.shop.world.clock.advance_ms(30 * DAY_MS + 1);
    run_jobs_once(&sooner).await;
    let sent = "SELECT COUNT(*) FROM notice WHERE kind = 'account_created'";
    assert_eq!(count(&room.shop.world, sent).await, 0);
}
