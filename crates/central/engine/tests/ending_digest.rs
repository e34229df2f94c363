//! The daily mail to a shop about services that end soon.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::AccountId;
use counterfoil_domain::permission::StaffRole;
use serde_json::{Value, json};

use super::desk::Shop;
use super::mail_sink::{Sink, Taken};
use super::proof::count;
use crate::engine::{run_jobs_once, run_notices_once};

const DAY_MS: i64 = 86_400_000;
const CHOICES: &str = "/api/v1/reseller/notices";

/// A shop with two customers whose plan ends on 21 December 2026.
struct Room {
    shop: Shop,
    sink: Sink,
}

impl Room {
    async fn new() -> Self {
        let (mut shop, sink) = (Shop::with_credits(1_000).await, Sink::new().await);
        shop.world.send_mail(sink.mailer());
        let room = Self { shop, sink };
        for name in ["bea", "ada"] {
            let id: AccountId = mint(room.shop.world.app.now());
            let body = json!({ "account_id": id, "plan_id": room.shop.plans[0], "username": name });
            room.shop.world.post("/api/v1/reseller/accounts", Some(&room.owner().await), &body).await.expect(200);
        }
        room
    }

    async fn owner(&self) -> String {
        self.shop.world.token("reseller", "shop").await
    }

    /// What was sent by the jobs of so many days later, and of a minute after.
    async fn after(&self, days: i64) -> Vec<Taken> {
        let before = self.sink.taken().len();
        self.shop.world.clock.advance_ms(days * DAY_MS);
        for _ in 0..2 {
            run_jobs_once(&self.shop.world.app).await;
        }
        run_notices_once(&self.shop.world.app).await;
        self.sink.taken().split_off(before)
    }

    async fn choose(&self, choices: Value) -> Value {
        self.shop.world.put(CHOICES, Some(&self.owner().await), &choices).await.expect(200).body
    }
}

#[tokio::test]
async fn a_shop_is_told_once_a_day_whose_service_ends_within_a_week() {
    let room = Room::new().await;
    assert!(room.after(22).await.is_empty(), "on the 13th eight days are left");
    let sent = room.after(1).await;
    assert_eq!(sent.len(), 1, "one mail for both");
    assert_eq!(sent[0].recipients, ["RCPT TO:<shop@example.org>"]);
    assert_eq!(sent[0].header("Subject"), "Company of shop: services that end soon");
    let text = sent[0].text();
    assert!(text.contains("that end in the next 7 days: 2\n"), "{text}");
    assert!(text.contains("21 December 2026: ada (Month)\n21 December 2026: bea (Month)\n"), "{text}");
    assert!(room.after(0).await.is_empty(), "once a day");
    assert_eq!(room.after(1).await.len(), 1, "and again on the next");
    assert_eq!(room.after(6).await.len(), 1, "the last day is the 21st");
    assert!(room.after(1).await.is_empty(), "what is over does not end soon");
    let events = "SELECT COUNT(DISTINCT source_event) FROM notice WHERE kind = 'services_ending'";
    assert_eq!(count(&room.shop.world, events).await, 3);
}

#[tokio::test]
async fn a_shop_chooses_how_far_ahead_and_whether_at_all() {
    let room = Room::new().await;
    let owner = room.owner().await;
    let known = room.shop.world.get(CHOICES, Some(&owner)).await.expect(200).body;
    assert_eq!(known["ending_days"], 7);
    for days in [0, 32] {
        let asked = json!({ "off": [], "ending_days": days });
        let refused = room.shop.world.put(CHOICES, Some(&owner), &asked).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), "ending_days");
    }
    assert_eq!(room.choose(json!({ "off": [], "ending_days": 10 })).await["ending_days"], 10);
    assert_eq!(room.choose(json!({ "off": [] })).await["ending_days"], 10, "absent: as it was");
    let chosen = "SELECT COUNT(*) FROM audit WHERE action = 'notices.choose'";
    assert_eq!(count(&room.shop.world, chosen).await, 1, "the same again is no change");
    assert!(room.after(19).await.is_empty());
    assert!(room.after(1).await[0].text().contains("in the next 10 days: 2"));
    room.choose(json!({ "off": ["services_ending"] })).await;
    assert!(room.after(1).await.is_empty());
    room.choose(json!({ "off": [] })).await;
    assert_eq!(room.after(1).await.len(), 1);
}

#[tokio::test]
async fn who_may_not_see_accounts_is_told_of_none() {
    let room = Room::new().await;
    let admin = room.shop.world.staff_token(StaffRole::Admin).await;
    let path = format!("/api/v1/admin/resellers/{}/permissions", room.shop.reseller);
    let asked = json!({ "version": 0, "permissions": { "grants": [], "max_connections": 1 } });
    room.shop.world.put(&path, Some(&admin), &asked).await.expect(200);
    assert!(room.after(25).await.is_empty());
}
