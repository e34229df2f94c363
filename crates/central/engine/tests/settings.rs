//! What the operator sets: saved as it was read, audited, told to devices, and kept out of what exists already.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{JobId, LotId};
use counterfoil_domain::permission::StaffRole;
use serde_json::{Value, json};

use super::commission::DAY_MS;
use super::dashboard::make;
use super::desk::Shop;
use super::lots::LOTS;
use super::mail_sink::Sink;
use super::proof::count;
use super::web;
use super::world::{Answer, START, World};
use crate::engine::operators;

const PATH: &str = "/api/v1/admin/settings";

async fn read(world: &World) -> Value {
    let token = world.staff_token(StaffRole::Auditor).await;
    world.get(PATH, Some(&token)).await.expect(200).body
}

/// As they are, with these instead.
async fn save(world: &World, changes: &Value) -> Answer {
    let mut asked = read(world).await;
    let fields = asked.as_object_mut().expect("settings");
    fields.remove("currency");
    fields.remove("started_with_address");
    fields.extend(changes.as_object().expect("changes").clone());
    let token = world.staff_token(StaffRole::Admin).await;
    world.put(PATH, Some(&token), &asked).await
}

/// The fields that were refused, in their order.
fn wrong(answer: &Answer) -> Vec<String> {
    let fields = answer.body["fields"].as_array().expect("fields").iter();
    fields.map(|of| of["field"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn settings_are_saved_as_they_were_read_and_stand_in_the_audit() {
    let world = World::new().await;
    let before = read(&world).await;
    assert_eq!(
        (&before["version"], &before["redeem_days"], &before["currency"]),
        (&json!(1), &json!(365), &json!("EUR"))
    );
    let changes = json!({ "operator_name": " Lumen & Sons ", "support_email": "help@lumen.example",
        "support_phone": "+49 30 5550100", "public_address": "https://tv.lumen.example/" });
    let saved = save(&world, &changes).await.expect(200).body;
    assert_eq!((&saved["version"], &saved["operator_name"]), (&json!(2), &json!("Lumen & Sons")));
    assert_eq!(saved["public_address"], json!("https://tv.lumen.example"));
    assert_eq!(read(&world).await, saved);
    assert_eq!(world.get("/api/v1/about", None).await.expect(200).text("/operator_name"), "Lumen & Sons");

    let token = world.staff_token(StaffRole::SuperAdmin).await;
    let lines = world.get("/api/v1/admin/audit?action=operator.settings", Some(&token)).await.expect(200);
    let detail = lines.body["items"][0].to_string();
    assert!(detail.contains("Lumen Networks") && detail.contains("Lumen & Sons"), "{detail}");

    let late = save(&world, &json!({ "version": 1, "operator_name": "Somebody Else" })).await.expect(409);
    assert_eq!((late.code(), &read(&world).await), ("conflict", &saved));
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once_and_the_currency_stays() {
    let world = World::new().await;
    let all = json!({ "operator_name": " ", "time_zone": "Mars/Olympus", "code_prefix": "pm!", "redeem_days": 59,
        "support_email": "nobody", "support_phone": "1".repeat(41), "public_address": "tv.lumen.example" });
    let refused = save(&world, &all).await.expect(422);
    let names = [
        "operator_name",
        "time_zone",
        "code_prefix",
        "redeem_days",
        "support_email",
        "support_phone",
        "public_address",
    ];
    assert_eq!(wrong(&refused), names);
    assert_eq!(save(&world, &json!({ "currency": "USD" })).await.status.as_u16() / 100, 4);
    assert_eq!((&read(&world).await["version"], &read(&world).await["currency"]), (&json!(1), &json!("EUR")));
}

#[tokio::test]
async fn new_codes_follow_the_settings_and_others_keep_theirs() {
    let mut shop = Shop::with_credits(1_000).await;
    let old = make(&shop.world, "shop", shop.plans[0]).await;
    let old_stock = shop.desk.lease(&shop.world, 60).await;
    shop.desk.sell(&old_stock, 0, 1, 1);
    save(&shop.world, &json!({ "code_prefix": "VV9", "redeem_days": 90 })).await.expect(200);
    let world = &shop.world;
    let new = make(world, "shop", shop.plans[0]).await;
    let days = |made: &Answer| {
        let redeem_by = made.body["row"]["redeem_by"].as_i64().expect("a deadline");
        (redeem_by - world.app.now().0) / DAY_MS
    };
    assert_eq!((days(&old), days(&new)), (365, 90));
    assert!(old.text("/code").starts_with("PM2D-") && new.text("/code").starts_with("VV9-"));
    let stock = shop.desk.lease(world, 60).await;
    assert_eq!((stock.terms.redeem_by.0 - world.app.now().0) / DAY_MS, 90);
    assert_eq!((stock.terms.prefix.as_str(), old_stock.terms.prefix.as_str()), ("VV9", "PM2D"));
    // Nor is what the operator keeps good for longer.
    let staff = world.staff_token(StaffRole::SuperAdmin).await;
    let cards = json!({ "lot_id": mint::<LotId>(START), "job_id": mint::<JobId>(START), "plan_id": shop.plans[0],
        "count": 1, "label": "Cards" });
    world.post(LOTS, Some(&staff), &cards).await.expect(200);
    let kept = count(world, "SELECT redeem_by FROM lot_order WHERE label = 'Cards'").await;
    assert_eq!((kept - world.app.now().0) / DAY_MS, 90);
    // A code of before is as good as it was.
    for (at, code) in [(1, old.text("/code")), (2, new.text("/code")), (3, old_stock.code(0, 1))] {
        shop.redeem(&code, at).await.expect(200);
    }
}

#[tokio::test]
async fn customers_are_shown_whom_to_ask_and_devices_the_name() {
    let shop = Shop::with_credits(0).await;
    let world = &shop.world;
    let changes = json!({ "operator_name": "Lumen & Sons", "support_email": "help@lumen.example" });
    save(world, &changes).await.expect(200);
    let pulled = shop.desk.call(world, "GET", "/api/v1/sync/pull", Vec::new()).await.expect(200);
    let rows = pulled.body["changes"].as_array().expect("changes").iter();
    let named: Vec<_> =
        rows.filter(|of| of["row"]["table"] == "settings").map(|of| &of["row"]["data"]["operator_name"]).collect();
    assert_eq!(named, ["Lumen & Sons"]);
    web::get(world, "/activate").await.expect(200, "mailto:help@lumen.example").expect(200, "Lumen &#38; Sons");
}

#[tokio::test]
async fn an_address_that_is_set_goes_before_the_one_of_the_start() {
    let mut world = World::new().await;
    let sink = Sink::new().await;
    world.send_mail(sink.mailer());
    assert_eq!(read(&world).await["started_with_address"], json!("https://central.lumen.example"));
    let address = async || {
        let mut reader = world.app.reader().await.expect("reader");
        let operator = operators::get(&mut reader, world.operator).await.expect("operator");
        operator.address(world.app.mailer().expect("mail")).map(str::to_owned)
    };
    assert_eq!(address().await.as_deref(), Some("https://central.lumen.example"));
    save(&world, &json!({ "public_address": "https://tv.lumen.example" })).await.expect(200);
    assert_eq!(address().await.as_deref(), Some("https://tv.lumen.example"));
}
