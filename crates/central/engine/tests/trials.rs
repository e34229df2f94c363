//! Trials: they cost nobody anything, and nobody gives more of them in a month than the plan says.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{AccountId, CodeId, JobId, LotId, PlanId, PriceId, SubscriptionId};
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_domain::time::Timestamp;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::commission::DAY_MS;
use super::desk::{Shop, redeem};
use super::proof::{count, prove};
use super::world::{Answer, START, World};
use crate::engine::run_accruals_once;

const CODES: &str = "/api/v1/reseller/codes";
const ACCOUNTS: &str = "/api/v1/reseller/accounts";
/// 2026-12-01 00:00 in Berlin, which is still November in Greenwich.
const DECEMBER: Timestamp = Timestamp(START.0 + 9 * DAY_MS + 23 * 3_600_000);

/// A shop without a credit that may give a week away so many times a month.
struct Tryout {
    shop: Shop,
    staff: String,
    week: PlanId,
}

fn week(id: PlanId, a_month: u32) -> Value {
    json!({ "plan_id": id, "name": "Week", "kind": "custom", "price": { "value": 0, "unit": "EUR" }, "term_days": 7,
        "features": [], "status": "active", "trials_a_month": a_month })
}

impl Tryout {
    async fn new(a_month: u32) -> Self {
        let shop = Shop::with_credits(0).await;
        let staff = shop.world.staff_token(StaffRole::SuperAdmin).await;
        let week_id: PlanId = mint(START);
        shop.world.post("/api/v1/admin/plans", Some(&staff), &week(week_id, a_month)).await.expect(200);
        Self { shop, staff, week: week_id }
    }

    fn world(&self) -> &World {
        &self.shop.world
    }

    async fn give(&self, username: &str) -> Answer {
        let token = self.world().token("reseller", username).await;
        self.give_as(&token).await
    }

    async fn give_as(&self, token: &str) -> Answer {
        let id: CodeId = mint(self.world().app.now());
        self.world().post(CODES, Some(token), &json!({ "code_id": id, "plan_id": self.week })).await
    }

    /// Given, and how many there are in all.
    async fn shown(&self, username: &str) -> (u64, u64) {
        let token = self.world().token("reseller", username).await;
        let body = self.world().get("/api/v1/reseller/trials", Some(&token)).await.expect(200).body;
        (body[0]["given"].as_u64().expect("given"), body[0]["a_month"].as_u64().expect("a month"))
    }

    async fn as_staff(&self, path: &str, body: &Value) -> Answer {
        self.world().post(path, Some(&self.staff), body).await
    }

    async fn customer(&self, token: &str, name: &str, gift: bool) -> (AccountId, Answer) {
        let id: AccountId = mint(self.world().app.now());
        let mut body = json!({ "account_id": id, "plan_id": self.week, "username": name });
        let path = if gift { "/api/v1/admin/accounts" } else { ACCOUNTS };
        if gift {
            body["gift"] = json!(true);
            body["reseller_id"] = json!(self.shop.reseller);
        }
        (id, self.world().post(path, Some(token), &body).await)
    }
}

#[tokio::test]
async fn a_shop_without_credit_gives_as_many_as_the_plan_says() {
    let tryout = Tryout::new(2).await;
    let world = tryout.world();
    let first = tryout.give("shop").await.expect(200);
    assert_eq!((first.body["row"]["cost"]["value"].as_i64(), first.text("/row/state")), (Some(0), "sold".to_owned()));
    tryout.give("shop").await.expect(200);
    let refused = tryout.give("shop").await.expect(409);
    assert_eq!(refused.code(), "trial_limit");
    let words = "You need 1 of the trial Week, but only 0 of 2 are left this month. There are new ones on 1 December 2026 \
                 (Berlin); void one that was not used, or ask the operator for more.";
    assert_eq!(refused.text("/detail"), words);
    assert_eq!(tryout.shown("shop").await, (2, 2));
    // Each reseller has its own.
    world.add_reseller("beside", None).await;
    assert_eq!(tryout.shown("beside").await, (0, 2));
    tryout.give("beside").await.expect(200);
    // The books have moved nothing.
    assert_eq!(count(world, "SELECT COUNT(*) FROM transfer").await, 0);
    prove(world).await;

    let staff =
        world.get(&format!("/api/v1/admin/resellers/{}/trials", tryout.shop.reseller), Some(&tryout.staff)).await;
    let expected = json!([{ "plan_id": tryout.week, "name": "Week", "term_days": 7, "a_month": 2, "given": 2,
        "again_on": "2026-12-01" }]);
    assert_eq!(staff.expect(200).body, expected);
}

#[tokio::test]
async fn a_repeat_is_answered_and_a_void_gives_one_back() {
    let tryout = Tryout::new(1).await;
    let token = tryout.world().token("reseller", "shop").await;
    let body = json!({ "code_id": mint::<CodeId>(START), "plan_id": tryout.week });
    let made = tryout.world().post(CODES, Some(&token), &body).await.expect(200);
    assert_eq!(tryout.world().post(CODES, Some(&token), &body).await.expect(200).body, made.body);
    assert_eq!(tryout.give("shop").await.expect(409).code(), "trial_limit");
    let void = format!("/api/v1/admin/codes/{}/void", made.text("/row/code_id"));
    tryout.as_staff(&void, &json!({ "reason": "a test" })).await.expect(200);
    assert_eq!(tryout.shown("shop").await, (0, 1));
    // What was used stays given.
    let used = tryout.give("shop").await.expect(200);
    redeem(tryout.world(), &used.text("/code"), 1).await.expect(200);
    assert_eq!(tryout.give("shop").await.expect(409).code(), "trial_limit");
    prove(tryout.world()).await;
}

#[tokio::test]
async fn a_crowd_at_once_gets_no_more_than_there_are() {
    let tryout = std::sync::Arc::new(Tryout::new(5).await);
    let token = tryout.world().token("reseller", "shop").await;
    let mut crowd = JoinSet::new();
    for _ in 0..16 {
        let (tryout, token) = (tryout.clone(), token.clone());
        crowd.spawn(async move { tryout.give_as(&token).await.status.as_u16() });
    }
    let mut answers = crowd.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [[200_u16; 5].as_slice(), [409; 11].as_slice()].concat());
    assert_eq!(tryout.shown("shop").await, (5, 5));
}

#[tokio::test]
async fn a_month_begins_in_the_operators_zone() {
    let tryout = Tryout::new(1).await;
    tryout.world().clock.set(DECEMBER.plus_ms(-1));
    tryout.give("shop").await.expect(200);
    assert_eq!(tryout.give("shop").await.expect(409).code(), "trial_limit");
    tryout.world().clock.set(DECEMBER);
    assert_eq!(tryout.shown("shop").await, (0, 1));
    tryout.give("shop").await.expect(200);
}

#[tokio::test]
async fn an_account_is_tried_once_and_counts_like_a_code() {
    let tryout = Tryout::new(2).await;
    let world = tryout.world();
    let token = world.token("reseller", "shop").await;
    let (ada, made) = tryout.customer(&token, "ada", false).await;
    assert_eq!(made.expect(200).body["account"]["plan_name"], "Week");
    let again = |id: AccountId| {
        (
            format!("{ACCOUNTS}/{id}/extend"),
            json!({ "subscription_id": mint::<SubscriptionId>(START),
            "service": { "plan": tryout.week }, "gift": false }),
        )
    };
    let (path, body) = again(ada);
    assert_eq!(world.post(&path, Some(&token), &body).await.expect(409).code(), "wrong_state");
    tryout.give("shop").await.expect(200);
    let (_, refused) = tryout.customer(&token, "berta", false).await;
    assert_eq!(refused.expect(409).code(), "trial_limit");
    // Nothing of it is left.
    assert_eq!(count(world, "SELECT COUNT(*) FROM account").await, 1);
    // The operator gives what it likes, and it counts.
    let (_, gift) = tryout.customer(&tryout.staff, "carla", true).await;
    gift.expect(200);
    assert_eq!(tryout.shown("shop").await, (3, 2));
    prove(world).await;
}

#[tokio::test]
async fn a_trial_is_in_no_lease_no_lot_of_staff_and_no_price_list() {
    let tryout = Tryout::new(3).await;
    super::desk::fund(tryout.world(), tryout.shop.reseller, 600).await;
    let stock = tryout.shop.desk.lease(&tryout.shop.world, 600).await;
    assert_eq!(stock.terms.slots.iter().map(|slot| slot.plan_id).collect::<Vec<_>>(), tryout.shop.plans);

    let preview = json!({ "reseller_id": tryout.shop.reseller, "plan_id": tryout.week, "count": 5 });
    let refused = tryout.as_staff("/api/v1/admin/lots/preview", &preview).await.expect(422);
    assert_eq!(refused.body["fields"][0]["field"], "plan_id");
    let order = json!({ "lot_id": mint::<LotId>(START), "job_id": mint::<JobId>(START),
        "reseller_id": tryout.shop.reseller, "plan_id": tryout.week, "count": 5, "label": "" });
    tryout.as_staff("/api/v1/admin/lots", &order).await.expect(422);

    let path = format!("/api/v1/admin/resellers/{}/prices/{}", tryout.shop.reseller, tryout.week);
    let set = |price: i64| {
        json!({ "price_id": mint::<PriceId>(START), "allowed": true, "price": { "value": price, "unit": "EUR" },
            "note": "" })
    };
    assert_eq!(tryout.as_staff(&path, &set(1)).await.expect(422).body["fields"][0]["field"], "price");
    tryout.as_staff(&path, &set(0)).await.expect(200);
}

#[tokio::test]
async fn a_price_of_before_is_forgotten_while_a_plan_is_a_trial() {
    let tryout = Tryout::new(0).await;
    let path = format!("/api/v1/admin/resellers/{}/prices/{}", tryout.shop.reseller, tryout.week);
    let price = json!({ "price_id": mint::<PriceId>(START), "allowed": true, "price": { "value": 300, "unit": "EUR" },
        "note": "" });
    tryout.as_staff(&path, &price).await.expect(200);
    // Seven days of credit, which the shop has not.
    assert_eq!(tryout.give("shop").await.expect(409).code(), "insufficient_credit");
    let plan = format!("/api/v1/admin/plans/{}", tryout.week);
    let mut trial = week(tryout.week, 4);
    trial["version"] = json!(1);
    let edited = tryout.world().put(&plan, Some(&tryout.staff), &trial).await.expect(200);
    assert_eq!(edited.body["trials_a_month"], 4);
    let made = tryout.give("shop").await.expect(200);
    assert_eq!((&made.body["row"]["price"]["value"], &made.body["row"]["cost"]["value"]), (&json!(0), &json!(0)));
    // A client that knows no trials edits the rest.
    trial.as_object_mut().expect("an object").remove("trials_a_month");
    trial["version"] = json!(2);
    let edited = tryout.world().put(&plan, Some(&tryout.staff), &trial).await.expect(200);
    assert_eq!(edited.body["trials_a_month"], 4);
    trial["version"] = json!(3);
    trial["trials_a_month"] = json!(0);
    let edited = tryout.world().put(&plan, Some(&tryout.staff), &trial).await.expect(200);
    assert_eq!(edited.body.get("trials_a_month"), None);
}

#[tokio::test]
async fn a_plan_that_is_no_trial_is_not_saved_as_one() {
    let tryout = Tryout::new(1).await;
    let mut wrong = week(mint(START), 1_001);
    wrong["price"] = json!({ "value": 1, "unit": "EUR" });
    wrong["term_days"] = json!(32);
    let refused = tryout.as_staff("/api/v1/admin/plans", &wrong).await.expect(422);
    let fields = refused.body["fields"].as_array().expect("fields").iter();
    assert_eq!(
        fields.map(|one| one["field"].as_str()).collect::<Vec<_>>(),
        [Some("trials_a_month"), Some("price"), Some("term_days")]
    );
    // What stays a trial is checked as one, also when the edit says nothing of it.
    let mut edit = week(tryout.week, 1);
    edit.as_object_mut().expect("an object").remove("trials_a_month");
    edit["version"] = json!(1);
    edit["price"] = json!({ "value": 500, "unit": "EUR" });
    let path = format!("/api/v1/admin/plans/{}", tryout.week);
    let refused = tryout.world().put(&path, Some(&tryout.staff), &edit).await.expect(422);
    assert_eq!(refused.body["fields"][0]["field"], "price");
}

#[tokio::test]
async fn a_trial_in_share_mode_earns_nothing() {
    let tryout = Tryout::new(2).await;
    let world = tryout.world();
    world.add_reseller_of(world.operator, "seller", None, SettlementMode::Share).await;
    let made = tryout.give("seller").await.expect(200);
    redeem(world, &made.text("/code"), 7).await.expect(200);
    run_accruals_once(&world.app).await;
    assert_eq!(count(world, "SELECT COUNT(*) FROM earning").await, 0);
    assert_eq!(count(world, "SELECT COUNT(*) FROM commission_due").await, 0);
    prove(world).await;
}
