//! A reseller with a brand of its own: who sets it, and whose brand is shown to whom.

use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::permission::{MemberRole, StaffRole};
use counterfoil_wire::brand::ShownBrand;
use counterfoil_wire::pull::PullPage;
use serde_json::{Value, json};

use super::brand::{PIXEL, fetch};
use super::desk::{Desk, Shop, redeem};
use super::market::Stall;
use super::proof::count;
use super::web;
use super::world::{Answer, PASSWORD, World, call, foreign};
use crate::engine::audit::Actor;
use crate::engine::members;

const OWN: &str = "/api/v1/reseller/brand";
const OWN_LOGO: &str = "/api/v1/reseller/brand/logo";
const OPERATORS: &str = "/api/v1/admin/brand";

fn of(reseller: ResellerId) -> String {
    format!("/api/v1/admin/resellers/{reseller}/brand")
}

/// Staff give a reseller these grants in place of those that it has.
async fn grant(world: &World, reseller: ResellerId, grants: &[Grant]) {
    let staff = world.staff_token(StaffRole::Admin).await;
    let path = format!("/api/v1/admin/resellers/{reseller}/permissions");
    let version = world.get(&path, Some(&staff)).await.expect(200).body["version"].clone();
    let asked = json!({ "version": version, "permissions": { "grants": grants, "max_connections": 3 } });
    world.put(&path, Some(&staff), &asked).await.expect(200);
}

/// Staff set a reseller's brand, whatever its version is.
async fn dress(world: &World, reseller: ResellerId, panel_name: &str, accent: Option<&str>) -> Value {
    let staff = world.staff_token(StaffRole::Admin).await;
    let version = world.get(&of(reseller), Some(&staff)).await.expect(200).body["version"].clone();
    let mut asked = json!({ "version": version, "panel_name": panel_name });
    if let Some(accent) = accent {
        asked["accent"] = accent.into();
    }
    world.put(&of(reseller), Some(&staff), &asked).await.expect(200).body
}

async fn dress_operator(world: &World) {
    let staff = world.staff_token(StaffRole::Admin).await;
    let asked = json!({ "version": 1, "panel_name": "Lumen TV", "accent": "#1f4079" });
    world.put(OPERATORS, Some(&staff), &asked).await.expect(200);
    world.put(&format!("{OPERATORS}/logo"), Some(&staff), &json!({ "version": 2, "png": PIXEL })).await.expect(200);
}

fn worn(name: &str, accent: Option<&str>) -> ShownBrand {
    ShownBrand { name: name.to_owned(), accent: accent.map(str::to_owned), logo: None }
}

/// What a device is told to show, and the end of the feed that it knows then.
async fn shown(world: &World, desk: &Desk) -> (ShownBrand, String) {
    let answer = desk.call(world, "GET", "/api/v1/sync/pull", Vec::new()).await.expect(200);
    let page: PullPage = serde_json::from_value(answer.body).expect("a page");
    (page.brand.expect("a brand"), page.cursor)
}

/// A reseller, one below it, and a till of each.
struct Chain {
    world: World,
    north: ResellerId,
    kiosk: ResellerId,
    tills: [Desk; 2],
}

impl Chain {
    async fn new() -> Self {
        let world = World::new().await;
        let north = world.add_reseller("north", None).await;
        let kiosk = world.add_reseller("kiosk", Some(north)).await;
        let tills = [
            Desk::enrol(&world, &world.token("reseller", "north").await, 1).await,
            Desk::enrol(&world, &world.token("reseller", "kiosk").await, 2).await,
        ];
        Self { world, north, kiosk, tills }
    }

    async fn names(&self) -> [String; 2] {
        let [north, kiosk] = &self.tills;
        [shown(&self.world, north).await.0.name, shown(&self.world, kiosk).await.0.name]
    }
}

#[tokio::test]
async fn an_owner_sets_it_where_the_operator_allows_one_and_nobody_else_does() {
    let world = World::new().await;
    let shop = world.add_reseller("shop", None).await;
    let owner = world.token("reseller", "shop").await;
    let asked = json!({ "version": 0, "panel_name": " Corner TV ", "accent": "#7A1F5C" });
    let refused = |answer: Answer| {
        let answer = answer.expect(403);
        assert_eq!((answer.code(), answer.text("/detail")), ("not_granted", Grant::Branding.refusal()));
    };
    refused(world.get(OWN, Some(&owner)).await);
    refused(world.put(OWN, Some(&owner), &asked).await);
    refused(world.put(OWN_LOGO, Some(&owner), &json!({ "version": 0, "png": PIXEL })).await);
    refused(call(&world.router, "DELETE", OWN_LOGO, Some(&owner), None).await);

    grant(&world, shop, &[Grant::Branding]).await;
    assert_eq!(world.get(OWN, Some(&owner)).await.expect(200).body, json!({ "version": 0, "panel_name": "" }));
    let (operator, actor, clerk) = (world.operator, Actor::system(), MemberRole::Clerk);
    members::add(&world.app, operator, &actor, shop, "clara", PASSWORD.to_owned(), clerk).await.expect("member");
    let clerk = world.token("reseller", "clara").await;
    assert_eq!(world.put(OWN, Some(&clerk), &asked).await.expect(403).code(), "not_permitted");

    let saved = world.put(OWN, Some(&owner), &asked).await.expect(200).body;
    assert_eq!(saved, json!({ "version": 1, "panel_name": "Corner TV", "accent": "#7a1f5c" }));
    assert_eq!(world.put(OWN, Some(&owner), &asked).await.expect(409).code(), "conflict");
    let staff = world.staff_token(StaffRole::Auditor).await;
    assert_eq!(world.get(&of(shop), Some(&staff)).await.expect(200).body, saved);
    assert_eq!(world.put(&of(shop), Some(&staff), &asked).await.expect(403).code(), "not_permitted");
    assert_eq!(count(&world, "SELECT COUNT(*) FROM audit WHERE action = 'reseller.brand'").await, 1);
    let wrong = json!({ "version": 1, "panel_name": "x".repeat(61), "accent": "#808080" });
    assert_eq!(world.put(OWN, Some(&owner), &wrong).await.expect(422).body["fields"][1]["field"], json!("accent"));
    // The operator's own is another one.
    assert_eq!(world.get(OPERATORS, Some(&staff)).await.expect(200).body, json!({ "version": 1, "panel_name": "" }));
}

#[tokio::test]
async fn a_reseller_of_another_operator_is_not_found_before_anything_is_judged() {
    let world = World::new().await;
    let other = world.other_operator().await;
    let mode = counterfoil_domain::reseller::SettlementMode::Wholesale;
    let theirs = world.add_reseller_of(other, "their-shop", None, mode).await;
    let staff = world.staff_token(StaffRole::Admin).await;
    for id in [theirs, ResellerId(foreign())] {
        let wrong = json!({ "version": 9, "panel_name": "x".repeat(90), "accent": "red" });
        let logo = format!("{}/logo", of(id));
        world.get(&of(id), Some(&staff)).await.expect(404);
        world.put(&of(id), Some(&staff), &wrong).await.expect(404);
        world.put(&logo, Some(&staff), &json!({ "version": 9, "png": "%" })).await.expect(404);
        call(&world.router, "DELETE", &logo, Some(&staff), None).await.expect(404);
    }
    assert_eq!(count(&world, "SELECT COUNT(*) FROM reseller_brand").await, 0);
}

#[tokio::test]
async fn a_logo_of_a_shop_is_checked_named_by_its_hash_and_taken_away() {
    let world = World::new().await;
    let shop = world.add_reseller("shop", None).await;
    grant(&world, shop, &[Grant::Branding]).await;
    let owner = world.token("reseller", "shop").await;
    let till = Desk::enrol(&world, &owner, 1).await;
    for wrong in ["%", "PHN2Zy8+"] {
        let refused = world.put(OWN_LOGO, Some(&owner), &json!({ "version": 0, "png": wrong })).await.expect(422);
        assert_eq!(refused.body["fields"][0]["field"], json!("png"));
    }
    assert_eq!(count(&world, "SELECT COUNT(*) FROM reseller_brand").await, 0);
    let put = json!({ "version": 0, "png": PIXEL });
    let saved = world.put(OWN_LOGO, Some(&owner), &put).await.expect(200).body;
    assert_eq!(world.put(OWN_LOGO, Some(&owner), &put).await.expect(409).code(), "conflict");
    let hash = saved["logo"].as_str().expect("a hash");
    assert_eq!(fetch(&world, hash, None).await.0, 200);
    // What it did not set is its own all the same: its company, and no colour of the operator's.
    dress_operator(&world).await;
    let logo = Some(hash.to_owned());
    assert_eq!(shown(&world, &till).await.0, ShownBrand { logo, ..worn("Company of shop", None) });

    let delete = async || call(&world.router, "DELETE", OWN_LOGO, Some(&owner), None).await.expect(200).body;
    assert_eq!(delete().await, json!({ "version": 2, "panel_name": "" }));
    assert_eq!(delete().await["version"], json!(2), "where there is none, nothing changes");
    assert_eq!(count(&world, "SELECT COUNT(*) FROM audit WHERE action = 'reseller.logo'").await, 2);
    assert_eq!(shown(&world, &till).await.0.name, "Lumen TV", "with nothing set it has no brand");
    // The operator wears the same picture, so it is there still.
    assert_eq!(fetch(&world, hash, None).await.0, 200);
}

#[tokio::test]
async fn the_nearest_brand_above_is_worn_as_a_whole_and_goes_with_its_permission() {
    let chain = Chain::new().await;
    let (world, [north, kiosk]) = (&chain.world, &chain.tills);
    assert_eq!(chain.names().await, ["Lumen Networks", "Lumen Networks"]);
    dress_operator(world).await;
    let operators = shown(world, kiosk).await.0;
    assert_eq!((operators.name.as_str(), operators.accent.as_deref()), ("Lumen TV", Some("#1f4079")));
    assert!(operators.logo.is_some());

    // Set, but not allowed: shown to nobody.
    dress(world, chain.north, "North TV", None).await;
    assert_eq!(chain.names().await, ["Lumen TV", "Lumen TV"]);
    grant(world, chain.north, &[Grant::Branding]).await;
    assert_eq!(shown(world, north).await.0, worn("North TV", None), "not the operator's colour and logo");
    assert_eq!(shown(world, kiosk).await.0, worn("North TV", None));

    dress(world, chain.kiosk, "", Some("#7a1f5c")).await;
    assert_eq!(chain.names().await, ["North TV", "North TV"]);
    grant(world, chain.kiosk, &[Grant::Branding]).await;
    assert_eq!(shown(world, kiosk).await.0, worn("Company of kiosk", Some("#7a1f5c")));
    assert_eq!(shown(world, north).await.0.name, "North TV");

    grant(world, chain.kiosk, &[]).await;
    assert_eq!(chain.names().await, ["North TV", "North TV"], "at once");
    grant(world, chain.north, &[Grant::ViewAccounts]).await;
    assert_eq!(chain.names().await, ["Lumen TV", "Lumen TV"]);
}

#[tokio::test]
async fn devices_below_are_told_of_every_change_that_is_theirs() {
    let chain = Chain::new().await;
    let world = &chain.world;
    let aside = world.add_reseller("aside", None).await;
    let elsewhere = Desk::enrol(world, &world.token("reseller", "aside").await, 3).await;
    // Whether anything came behind a place of the feed, and where it ends now.
    let news = async |desk: &Desk, cursor: &mut String| {
        let path = format!("/api/v1/sync/pull?cursor={cursor}");
        let answer = desk.call(world, "GET", &path, Vec::new()).await.expect(200);
        let page: PullPage = serde_json::from_value(answer.body).expect("a page");
        *cursor = page.cursor;
        !page.changes.is_empty()
    };
    let (mut here, mut there) = (shown(world, &chain.tills[1]).await.1, shown(world, &elsewhere).await.1);
    dress(world, chain.north, "North TV", None).await;
    assert!(news(&chain.tills[1], &mut here).await);
    grant(world, chain.north, &[Grant::Branding]).await;
    assert!(news(&chain.tills[1], &mut here).await, "what is above may be worn now");
    grant(world, chain.north, &[Grant::Branding, Grant::ViewAccounts]).await;
    assert!(!news(&chain.tills[1], &mut here).await, "no brand is another one by that");
    assert!(!news(&elsewhere, &mut there).await);
    dress_operator(world).await;
    assert!(news(&elsewhere, &mut there).await, "the operator's is everybody's");
    assert_eq!(dress(world, aside, "Aside TV", None).await["version"], json!(1));
}

#[tokio::test]
async fn a_page_that_did_not_change_is_another_one_under_another_brand() {
    let chain = Chain::new().await;
    let (world, till) = (&chain.world, &chain.tills[1]);
    let cursor = shown(world, till).await.1;
    let path = format!("/api/v1/sync/pull?cursor={cursor}");
    let answer = till.call(world, "GET", &path, Vec::new()).await.expect(200);
    let tag = answer.headers.get("etag").expect("a tag").clone();
    till.pull_knowing(world, &path, &tag).await.expect(304);
    // As an older Central would take it away: without a word to the feed.
    let mut tx = world.app.transaction().await.expect("transaction");
    sqlx::query("UPDATE operator SET panel_name = 'Other TV'").execute(&mut *tx).await.expect("renamed");
    tx.commit().await.expect("commit");
    let answer = till.pull_knowing(world, &path, &tag).await.expect(200);
    assert_eq!(answer.text("/brand/name"), "Other TV");
}

#[tokio::test]
async fn customers_see_the_brand_of_their_shop_where_the_shop_is_known() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    let lease = shop.desk.lease(world, 365).await;
    let token = redeem(world, &lease.code(0, 1), 1).await.expect(200).text("/token");
    let path = format!("/api/v1/public/subscriptions/{token}");
    assert_eq!(world.get(&path, None).await.expect(200).body.get("brand"), None);
    dress(world, shop.reseller, "Corner TV", Some("#7a1f5c")).await;
    grant(world, shop.reseller, &[Grant::Branding]).await;
    let told = world.get(&path, None).await.expect(200);
    assert_eq!(told.body["brand"], json!({ "name": "Corner TV", "accent": "#7a1f5c" }));
    let page = web::post(world, "/subscription", "same-origin", format!("token={token}")).await;
    page.expect(200, "<bdi>Corner TV</bdi>").expect(200, "<bdi>Lumen Networks</bdi>");
    // Whose shop it is, nobody knows before: the operator's page.
    assert!(!web::get(world, "/subscription").await.html.contains("Corner TV"));
}

/// The page that answers a code, sent for the account with this id.
async fn activate(world: &World, code: &str, account: u8) -> web::Page {
    let account = uuid::Uuid::from_bytes([account; 16]);
    web::post(world, "/activate", "same-origin", format!("code={code}&account_id={account}")).await
}

#[tokio::test]
async fn who_has_activated_a_code_sees_the_brand_of_its_shop_and_nobody_sees_it_before() {
    let mut shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    shop.desk.sell(&lease, 0, 1, 2);
    shop.desk.void(&lease, 1);
    shop.desk.push(&shop.world).await;
    let world = &shop.world;
    let staff = world.staff_token(StaffRole::Support).await;
    let listed = world.get("/api/v1/admin/codes", Some(&staff)).await.expect(200);
    let rows = listed.body["items"].as_array().expect("rows");
    let second = rows.iter().find(|row| row["seq"] == 2).expect("the second");
    let hold = format!("/api/v1/admin/codes/{}/hold", second["code_id"].as_str().expect("an id"));
    world.post(&hold, Some(&staff), &json!({ "reason": "asked by the shop" })).await.expect(200);
    let used = lease.code(0, 3);
    activate(world, &used, 3).await.expect(200, "<dd><bdi>Lumen Networks</bdi>");

    let refused = [lease.code(0, 1), lease.code(0, 2), used.clone(), "PM2D-M0BP-0419-5CYQ".to_owned()];
    let mut before = Vec::new();
    for code in &refused {
        before.push(activate(world, code, 9).await.html);
    }
    dress(world, shop.reseller, "Corner TV", Some("#7a1f5c")).await;
    grant(world, shop.reseller, &[Grant::Branding]).await;
    for (code, before) in refused.iter().zip(before) {
        // Whose code it is would be told by any difference.
        assert_eq!(activate(world, code, 9).await.html, before);
    }
    assert!(!web::get(world, "/activate").await.html.contains("Corner TV"));
    let done = activate(world, &lease.code(0, 4), 4).await.expect(200, "<dd><bdi>Corner TV</bdi>");
    // The page is the operator's, as the one of a subscription is.
    done.expect(200, "data-testid=\"brand\"").expect(200, "<bdi>Lumen Networks</bdi></p>");
    let again = activate(world, &used, 3).await.expect(200, "data-testid=\"repeated\"");
    again.expect(200, "<dd><bdi>Corner TV</bdi>");

    grant(world, shop.reseller, &[]).await;
    assert!(!activate(world, &used, 3).await.html.contains("Corner TV"), "not without the grant");
}

#[tokio::test]
async fn a_seller_of_the_market_is_known_by_its_brand() {
    let stall = Stall::new().await;
    let world = &stall.world;
    dress(world, stall.shop, "Corner TV", None).await;
    assert!(!web::get(world, "/market").await.html.contains("Corner TV"));
    grant(world, stall.shop, &[Grant::Branding]).await;
    web::get(world, "/market").await.expect(200, "<bdi>Corner TV</bdi> (<bdi>Company of shop</bdi>)");
    let offers = world.get("/api/v1/public/offerings", None).await.expect(200);
    assert_eq!(offers.text("/items/0/brand/name"), "Corner TV");
}
