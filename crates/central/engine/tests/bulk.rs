//! One operation on many accounts: tried dry, run account by account, taken back where nobody changed them since.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::{AccountId, BulkId, ResellerId};
use counterfoil_domain::permission::StaffRole;
use serde_json::{Value, json};
use uuid::Uuid;

use super::desk::Shop;
use super::proof::{count, prove};
use super::world::{Answer, World, foreign};
use crate::engine::bulk::{claim, step};
use crate::engine::run_bulk_once;

const SUBSCRIPTIONS: &str = "SELECT COUNT(*) FROM transfer WHERE kind = 'subscription'";

/// A shop with customers, and somebody who orders: staff, or the shop itself.
pub(super) struct Desk {
    pub(super) shop: Shop,
    pub(super) staff: String,
    member: String,
}

impl Desk {
    pub(super) async fn with_credits(amount: i64) -> Self {
        let shop = Shop::with_credits(amount).await;
        let staff = shop.world.staff_token(StaffRole::SuperAdmin).await;
        let member = shop.world.token("reseller", "shop").await;
        Self { shop, staff, member }
    }

    pub(super) fn world(&self) -> &World {
        &self.shop.world
    }

    fn key(&self, audience: &str) -> &str {
        if audience == "admin" { &self.staff } else { &self.member }
    }

    pub(super) async fn post(&self, audience: &str, path: &str, body: &Value) -> Answer {
        self.world().post(&format!("/api/v1/{audience}/accounts{path}"), Some(self.key(audience)), body).await
    }

    pub(super) async fn get(&self, audience: &str, path: &str) -> Answer {
        self.world().get(&format!("/api/v1/{audience}/accounts{path}"), Some(self.key(audience))).await
    }

    /// A customer with a month, for 30 credits.
    pub(super) async fn customer(&self, username: &str) -> String {
        let body = json!({ "account_id": self.mint::<AccountId>(), "reseller_id": self.shop.reseller,
            "plan_id": self.shop.plans[0], "username": username });
        self.post("admin", "", &body).await.expect(200).text("/account/account_id")
    }

    pub(super) fn mint<T: From<Uuid>>(&self) -> T {
        self.world().clock.advance_ms(1);
        mint(self.world().app.now())
    }

    /// Plans and waits until it is tried.
    pub(super) async fn plan(&self, audience: &str, operation: Value, targets: Value) -> BulkId {
        let bulk: BulkId = self.mint();
        let body = json!({ "bulk_id": bulk, "operation": operation, "targets": targets });
        let planned = self.post(audience, "/bulk", &body).await.expect(200);
        assert_eq!(planned.text("/state"), "planning");
        assert_eq!(self.post(audience, "/bulk", &body).await.expect(200).body, planned.body, "a repeat is answered");
        run_bulk_once(&self.world().app).await;
        bulk
    }

    pub(super) async fn bulk(&self, audience: &str, bulk: BulkId) -> Value {
        self.get(audience, &format!("/bulk/{bulk}")).await.expect(200).body["bulk"].clone()
    }

    pub(super) async fn rows(&self, audience: &str, bulk: BulkId, query: &str) -> Vec<Value> {
        let page = self.get(audience, &format!("/bulk/{bulk}/rows{query}")).await.expect(200).body;
        page["items"].as_array().cloned().unwrap_or_default()
    }

    /// Runs or takes back, and waits until it is over.
    pub(super) async fn act(&self, audience: &str, bulk: BulkId, what: &str) -> Value {
        self.post(audience, &format!("/bulk/{bulk}/{what}"), &Value::Null).await.expect(200);
        run_bulk_once(&self.world().app).await;
        self.bulk(audience, bulk).await
    }

    pub(super) async fn account(&self, id: &str) -> Value {
        self.get("admin", &format!("/{id}")).await.expect(200).body
    }

    pub(super) async fn available(&self) -> i64 {
        self.shop.balance().await.available
    }

    pub(super) async fn allow(&self, grants: &[Grant]) {
        let path = format!("/api/v1/admin/resellers/{}/permissions", self.shop.reseller);
        let version = self.world().get(&path, Some(&self.staff)).await.expect(200).body["version"].clone();
        let body = json!({ "version": version, "permissions": { "grants": grants, "max_connections": 3 } });
        self.world().put(&path, Some(&self.staff), &body).await.expect(200);
    }
}

pub(super) fn all() -> Value {
    json!({ "kind": "matching" })
}

pub(super) fn these(ids: &[&str]) -> Value {
    json!({ "kind": "chosen", "account_ids": ids })
}

pub(super) fn suspend() -> Value {
    json!({ "kind": "suspend", "reason": "the street has no power" })
}

pub(super) fn counts(bulk: &Value) -> [i64; 5] {
    ["planned", "refused", "done", "undone", "kept"].map(|name| bulk[name].as_i64().expect("a number"))
}

#[tokio::test]
async fn a_dry_run_changes_nothing_and_the_run_does_what_it_showed() {
    let desk = Desk::with_credits(1_000).await;
    let (anna, boris) = (desk.customer("anna").await, desk.customer("boris").await);
    let carla = desk.customer("carla").await;
    desk.post("admin", &format!("/{carla}/archive"), &json!({ "reason": "moved away" })).await.expect(200);
    let before = desk.account(&anna).await;
    let bulk = desk.plan("admin", json!({ "kind": "extend", "service": { "days": 10 } }), all()).await;
    let planned = desk.bulk("admin", bulk).await;
    assert_eq!((&planned["state"], &planned["total"]), (&json!("planned"), &json!(2)), "archived ones are in no list");
    assert_eq!((counts(&planned), &planned["cost"][0]["value"]), ([2, 0, 0, 0, 0], &json!(20)));
    assert_eq!((desk.account(&anna).await, desk.available().await), (before.clone(), 1_000 - 90));
    let rows = desk.rows("admin", bulk, "").await;
    let told = (&rows[0]["username"], &rows[0]["cost"]["value"], &rows[0]["last_day"], &rows[0]["new_last_day"]);
    assert_eq!(told, (&json!("anna"), &json!(10), &before["last_day"], &json!("2026-12-31")));
    assert_eq!(count(desk.world(), SUBSCRIPTIONS).await, 3);

    let done = desk.act("admin", bulk, "run").await;
    assert_eq!((&done["state"], counts(&done)), (&json!("done"), [0, 0, 2, 0, 0]));
    assert_eq!((&done["paid"][0]["value"], &done["cost"]), (&json!(20), &json!([])));
    assert_eq!(desk.account(&boris).await["last_day"], "2026-12-31");
    assert_eq!(desk.available().await, 1_000 - 110);
    // What was given stays, and that is said.
    assert_eq!(done["undoable"], 0);
    let refused = desk.post("admin", &format!("/bulk/{bulk}/undo"), &Value::Null).await.expect(409);
    assert_eq!((refused.code(), refused.text("/detail").contains("not given back")), ("wrong_state", true));
    // There is nothing left to run.
    desk.post("admin", &format!("/bulk/{bulk}/run"), &Value::Null).await.expect(409);
    prove(desk.world()).await;
}

#[tokio::test]
async fn an_id_that_comes_again_for_other_accounts_is_refused() {
    let desk = Desk::with_credits(1_000).await;
    let (anna, boris) = (desk.customer("anna").await, desk.customer("boris").await);
    let filtered = json!({ "kind": "matching", "search": "an" });
    for (first, others) in [
        (these(&[&anna]), [these(&[&boris]), these(&[&anna, &boris]), filtered.clone()]),
        (filtered.clone(), [these(&[&boris]), all(), json!({ "kind": "matching", "search": "bo" })]),
    ] {
        let asked =
            |bulk: BulkId, targets: &Value| json!({ "bulk_id": bulk, "operation": suspend(), "targets": targets });
        let bulk = desk.plan("admin", suspend(), first.clone()).await;
        let repeated = desk.post("admin", "/bulk", &asked(bulk, &first)).await.expect(200);
        assert_eq!(repeated.text("/state"), "planned", "also once it was tried");
        for other in others {
            let refused = desk.post("admin", "/bulk", &asked(bulk, &other)).await.expect(409);
            assert_eq!(refused.code(), "id_reused", "{first} {other}");
        }
        assert_eq!(desk.bulk("admin", bulk).await["total"], 1);
    }
}

#[tokio::test]
async fn one_that_stops_between_two_accounts_goes_on_and_charges_nobody_twice() {
    let desk = Desk::with_credits(1_000).await;
    for name in ["anna", "boris", "carla"] {
        desk.customer(name).await;
    }
    let bulk = desk.plan("admin", json!({ "kind": "extend", "service": { "plan": desk.shop.plans[0] } }), all()).await;
    desk.post("admin", &format!("/bulk/{bulk}/run"), &Value::Null).await.expect(200);
    let app = &desk.world().app;
    let held = claim(app, bulk.0).await.expect("claimed").expect("nobody has it");
    assert_eq!(run_bulk_once(app).await, 0, "somebody is at it");
    assert!(step(app, &held).await.expect("a part"));
    // It dies here, before it says that it is over; another process takes it up and finds it done.
    desk.world().clock.advance_ms(61_000);
    let other = desk.world().open_again().await.expect("opened");
    assert_eq!(run_bulk_once(&other).await, 1);
    assert!(step(app, &held).await.is_err(), "who was away too long has it no more");
    assert_eq!(counts(&desk.bulk("admin", bulk).await), [0, 0, 3, 0, 0]);
    assert_eq!((desk.available().await, count(desk.world(), SUBSCRIPTIONS).await), (1_000 - 180, 6));

    // Even where what was noted is lost and all is run once more, the id of each extension is its own.
    let mut tx = app.transaction().await.expect("transaction");
    for forget in [
        "UPDATE account_bulk_row SET state = 'planned'",
        "UPDATE account_bulk SET state = 'running', planned = 3, done = 0",
    ] {
        sqlx::query(forget).execute(&mut *tx).await.expect("forgotten");
    }
    tx.commit().await.expect("commit");
    assert_eq!(run_bulk_once(app).await, 1);
    assert_eq!(counts(&desk.bulk("admin", bulk).await), [0, 0, 3, 0, 0]);
    assert_eq!((desk.available().await, count(desk.world(), SUBSCRIPTIONS).await), (1_000 - 180, 6));
    prove(desk.world()).await;
}

#[tokio::test]
async fn a_wallet_that_runs_empty_stops_the_accounts_it_cannot_pay_and_the_plan_says_so_before() {
    let desk = Desk::with_credits(120).await;
    for name in ["anna", "boris", "carla"] {
        desk.customer(name).await;
    }
    assert_eq!(desk.available().await, 30);
    let bulk = desk.plan("admin", json!({ "kind": "extend", "service": { "days": 20 } }), all()).await;
    let detail = desk.get("admin", &format!("/bulk/{bulk}")).await.expect(200).body;
    let short = &detail["short"][0];
    assert_eq!((&short["needed"]["value"], &short["available"]["value"]), (&json!(60), &json!(30)));
    assert_eq!(short["reseller_id"], json!(desk.shop.reseller));
    let done = desk.act("admin", bulk, "run").await;
    assert_eq!(counts(&done), [0, 2, 1, 0, 0]);
    let refused = desk.rows("admin", bulk, "?state=refused").await;
    assert_eq!(refused.len(), 2);
    let told = (&refused[0]["refusal"]["code"], &refused[0]["refusal"]["available"]["value"]);
    assert_eq!(told, (&json!("insufficient_credit"), &json!(10)));
    assert_eq!(desk.available().await, 10);
    prove(desk.world()).await;
}

#[tokio::test]
async fn taking_back_leaves_what_somebody_changed_since() {
    let desk = Desk::with_credits(1_000).await;
    let (anna, boris, carla) =
        (desk.customer("anna").await, desk.customer("boris").await, desk.customer("carla").await);
    // Who was suspended before is not touched, neither by the run nor by taking back.
    desk.post("admin", &format!("/{carla}/suspend"), &json!({ "reason": "did not pay" })).await.expect(200);
    let bulk = desk.plan("admin", suspend(), all()).await;
    assert_eq!(counts(&desk.bulk("admin", bulk).await), [2, 1, 0, 0, 0]);
    let done = desk.act("admin", bulk, "run").await;
    assert_eq!((&done["undoable"], &desk.account(&anna).await["status"]), (&json!(2), &json!("suspended")));
    // Somebody switches one on and off again, for a reason of its own.
    desk.post("admin", &format!("/{boris}/activate"), &Value::Null).await.expect(200);
    desk.post("admin", &format!("/{boris}/suspend"), &json!({ "reason": "shares the password" })).await.expect(200);
    let undone = desk.act("admin", bulk, "undo").await;
    assert_eq!((&undone["state"], counts(&undone)), (&json!("undone"), [0, 1, 0, 1, 1]));
    assert_eq!(desk.account(&anna).await["status"], "active");
    for stays in [&boris, &carla] {
        assert_eq!(desk.account(stays).await["status"], "suspended");
    }
    let kept = desk.rows("admin", bulk, "?state=kept").await;
    assert_eq!((kept.len(), &kept[0]["refusal"]["code"]), (1, &json!("conflict")));
    prove(desk.world()).await;
}

#[tokio::test]
async fn accounts_go_to_another_reseller_and_come_back() {
    let desk = Desk::with_credits(1_000).await;
    let (anna, boris) = (desk.customer("anna").await, desk.customer("boris").await);
    let other: ResellerId = desk.world().add_reseller("other", None).await;
    let to_other = json!({ "kind": "transfer", "reseller_id": other, "reason": "sold the street" });
    let bulk = desk.plan("admin", to_other.clone(), these(&[&anna, &boris, &anna])).await;
    assert_eq!(desk.bulk("admin", bulk).await["total"], 2, "each once");
    desk.act("admin", bulk, "run").await;
    assert_eq!(desk.account(&anna).await["reseller_id"], json!(other));
    assert_eq!(desk.available().await, 1_000 - 60, "no credit moves");
    desk.act("admin", bulk, "undo").await;
    assert_eq!(desk.account(&boris).await["reseller_id"], json!(desk.shop.reseller));
    // A shop gives nobody its accounts, nor takes any.
    desk.allow(Grant::ALL).await;
    let asked = json!({ "bulk_id": desk.mint::<BulkId>(), "operation": to_other, "targets": these(&[&anna]) });
    desk.post("reseller", "/bulk", &asked).await.expect(422);
    prove(desk.world()).await;
}

#[tokio::test]
async fn a_shop_needs_the_grant_and_reaches_its_own_accounts_only() {
    let desk = Desk::with_credits(1_000).await;
    let anna = desk.customer("anna").await;
    let other = desk.world().add_reseller("other", None).await;
    super::desk::fund(desk.world(), other, 100).await;
    let body = json!({ "account_id": desk.mint::<AccountId>(), "reseller_id": other, "plan_id": desk.shop.plans[0],
        "username": "theirs" });
    let theirs = desk.post("admin", "", &body).await.expect(200).text("/account/account_id");
    let nobodys = foreign().to_string();
    let ask = |bulk: BulkId| json!({ "bulk_id": bulk, "operation": suspend(), "targets": these(&[&anna]) });
    let refused = desk.post("reseller", "/bulk", &ask(desk.mint())).await.expect(403);
    assert_eq!((refused.code(), refused.text("/detail").contains("administrator")), ("not_granted", true));

    desk.allow(&[Grant::BulkOperations, Grant::EditAccounts, Grant::ViewAccounts]).await;
    let extend = json!({ "kind": "extend", "service": { "days": 1 } });
    let asked = json!({ "bulk_id": desk.mint::<BulkId>(), "operation": extend, "targets": these(&[&anna]) });
    assert_eq!(desk.post("reseller", "/bulk", &asked).await.expect(403).code(), "not_granted", "extending is not");
    let bulk = desk.plan("reseller", suspend(), these(&[&anna, &theirs, &nobodys])).await;
    let rows = desk.rows("reseller", bulk, "?state=refused").await;
    assert_eq!(rows.len(), 2);
    // Another shop's account is refused in the same words as none.
    assert_eq!((&rows[0]["refusal"], rows[0].get("username")), (&rows[1]["refusal"], None));
    assert_eq!(rows[0]["refusal"]["code"], "not_found");
    // A list is the own one; another's is not there.
    let foreign_list = json!({ "kind": "matching", "reseller_id": other });
    let asked = json!({ "bulk_id": desk.mint::<BulkId>(), "operation": suspend(), "targets": foreign_list });
    desk.post("reseller", "/bulk", &asked).await.expect(404);
    let own = desk.plan("reseller", suspend(), all()).await;
    assert_eq!(desk.bulk("reseller", own).await["total"], 1);
    // Staff and shop do not see each other's.
    desk.get("admin", &format!("/bulk/{bulk}")).await.expect(404);
    desk.post("admin", &format!("/bulk/{bulk}/run"), &Value::Null).await.expect(404);

    // The grant is taken away before it runs.
    desk.post("reseller", &format!("/bulk/{bulk}/run"), &Value::Null).await.expect(200);
    desk.allow(&[Grant::EditAccounts, Grant::ViewAccounts]).await;
    run_bulk_once(&desk.world().app).await;
    let stopped = desk.bulk("reseller", bulk).await;
    assert_eq!((&stopped["state"], &stopped["trouble"]["code"]), (&json!("failed"), &json!("not_granted")));
    assert_eq!(desk.account(&anna).await["status"], "active");
}

#[tokio::test]
async fn a_cancelled_one_keeps_what_it_did_and_can_go_on() {
    let desk = Desk::with_credits(1_000).await;
    let anna = desk.customer("anna").await;
    let bulk = desk.plan("admin", suspend(), all()).await;
    desk.post("admin", &format!("/bulk/{bulk}/run"), &Value::Null).await.expect(200);
    let app = &desk.world().app;
    let held = claim(app, bulk.0).await.expect("claimed").expect("nobody has it");
    desk.post("admin", &format!("/bulk/{bulk}/cancel"), &Value::Null).await.expect(200);
    assert!(step(app, &held).await.is_err(), "nothing comes after a cancellation");
    assert_eq!(run_bulk_once(app).await, 0);
    let cancelled = desk.bulk("admin", bulk).await;
    assert_eq!((&cancelled["state"], counts(&cancelled)), (&json!("cancelled"), [1, 0, 0, 0, 0]));
    assert_eq!(desk.account(&anna).await["status"], "active");
    assert_eq!(counts(&desk.act("admin", bulk, "run").await), [0, 0, 1, 0, 0]);
}

#[tokio::test]
async fn what_was_shown_is_what_is_done() {
    let desk = Desk::with_credits(1_000).await;
    let anna = desk.customer("anna").await;
    let other = desk.world().add_reseller("other", None).await;
    super::desk::fund(desk.world(), other, 100).await;
    let bulk = desk.plan("admin", json!({ "kind": "extend", "service": { "days": 10 } }), all()).await;
    // Its owner changes before the run: another wallet would pay than was shown.
    let body = json!({ "reseller_id": other, "reason": "sold" });
    desk.post("admin", &format!("/{anna}/transfer"), &body).await.expect(200);
    let done = desk.act("admin", bulk, "run").await;
    assert_eq!(counts(&done), [0, 1, 0, 0, 0]);
    assert_eq!(desk.rows("admin", bulk, "").await[0]["refusal"]["code"], "conflict");
    assert_eq!(desk.account(&anna).await["last_day"], "2026-12-21");
    prove(desk.world()).await;
}

#[tokio::test]
async fn lists_are_found_by_plan_and_end_and_what_would_refuse_all_is_refused_at_once() {
    let desk = Desk::with_credits(1_000).await;
    let anna = desk.customer("anna").await;
    desk.customer("boris").await;
    let more = json!({ "subscription_id": desk.mint::<Uuid>(), "service": { "plan": desk.shop.plans[1] } });
    desk.post("admin", &format!("/{anna}/extend"), &more).await.expect(200);
    for (filter, found) in [
        (json!({ "kind": "matching", "plan_id": desk.shop.plans[1] }), 1),
        (json!({ "kind": "matching", "ends_before": "2026-12-22" }), 1),
        (json!({ "kind": "matching", "ends_before": "2026-12-21" }), 0),
        (json!({ "kind": "matching", "search": "bo" }), 1),
        (json!({ "kind": "matching", "status": "suspended" }), 0),
        (json!({ "kind": "matching", "status": "active" }), 2),
    ] {
        let bulk = desk.plan("admin", suspend(), filter.clone()).await;
        assert_eq!(desk.bulk("admin", bulk).await["total"], found, "{filter}");
    }
    for (operation, targets, field) in [
        (json!({ "kind": "extend", "service": { "days": 0 } }), all(), "service"),
        (json!({ "kind": "extend", "service": { "plan": foreign() } }), all(), "service"),
        (json!({ "kind": "suspend", "reason": " " }), all(), "reason"),
        (json!({ "kind": "transfer", "reseller_id": foreign(), "reason": "sold" }), all(), "reseller_id"),
        (suspend(), these(&[]), "account_ids"),
        (suspend(), json!({ "kind": "matching", "ends_before": "soon" }), "ends_before"),
    ] {
        let asked = json!({ "bulk_id": desk.mint::<BulkId>(), "operation": operation, "targets": targets });
        assert_eq!(desk.post("admin", "/bulk", &asked).await.expect(422).text("/fields/0/field"), field);
    }
}

#[tokio::test]
async fn a_list_has_those_of_the_resellers_below_where_it_is_asked_for() {
    let desk = Desk::with_credits(1_000).await;
    let anna = desk.customer("anna").await;
    let below = desk.world().add_reseller("below", Some(desk.shop.reseller)).await;
    let other = desk.world().add_reseller("other", None).await;
    let mut theirs = Vec::new();
    for (owner, username) in [(below, "boris"), (other, "carla")] {
        super::desk::fund(desk.world(), owner, 100).await;
        let body = json!({ "account_id": desk.mint::<AccountId>(), "reseller_id": owner,
            "plan_id": desk.shop.plans[0], "username": username });
        theirs.push(desk.post("admin", "", &body).await.expect(200).text("/account/account_id"));
    }
    desk.allow(&[Grant::BulkOperations, Grant::EditAccounts, Grant::ViewAccounts]).await;
    let with_below = |of: Option<ResellerId>| match of {
        None => json!({ "kind": "matching", "with_below": true }),
        Some(of) => json!({ "kind": "matching", "with_below": true, "reseller_id": of }),
    };
    let shop = desk.shop.reseller;
    for (who, targets, found) in [
        ("reseller", all(), 1),
        ("reseller", with_below(Some(below)), 1),
        ("admin", json!({ "kind": "matching", "reseller_id": shop }), 1),
        ("admin", with_below(Some(shop)), 2),
        ("admin", with_below(None), 3),
    ] {
        let bulk = desk.plan(who, suspend(), targets.clone()).await;
        assert_eq!(desk.bulk(who, bulk).await["total"], found, "{who} {targets}");
    }
    let asked = json!({ "bulk_id": desk.mint::<BulkId>(), "operation": suspend(), "targets": with_below(Some(other)) });
    desk.post("reseller", "/bulk", &asked).await.expect(404);
    // What a shop may do to one account below it, it may do to all of them.
    let bulk = desk.plan("reseller", suspend(), with_below(None)).await;
    assert_eq!(counts(&desk.act("reseller", bulk, "run").await), [0, 0, 2, 0, 0]);
    for (account, status) in [(&anna, "suspended"), (&theirs[0], "suspended"), (&theirs[1], "active")] {
        assert_eq!(desk.account(account).await["status"], status);
    }
}
