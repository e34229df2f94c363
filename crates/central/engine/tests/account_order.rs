//! Accounts in each order that can be asked for, page by page.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::AccountId;
use counterfoil_domain::permission::StaffRole;
use serde_json::{Value, json};

use super::commission::DAY_MS;
use super::dashboard::write;
use super::desk::Shop;
use super::world::{Answer, World};

const ALL: &str = "/api/v1/admin/accounts";
const OWN: &str = "/api/v1/reseller/accounts";

/// Made in this order; the second and the last by the plan that lasts longer, and the third never had service.
async fn shop() -> Shop {
    let shop = Shop::with_credits(10_000).await;
    let token = shop.world.token("reseller", "shop").await;
    for (name, plan) in [("dora", 0), ("anna", 1), ("carla", 0), ("berta", 0), ("elsa", 1)] {
        shop.world.clock.advance_ms(1);
        let id: AccountId = mint(shop.world.app.now());
        let body = json!({ "account_id": id, "plan_id": shop.plans[plan], "username": name });
        shop.world.post(OWN, Some(&token), &body).await.expect(200);
    }
    write(&shop.world, "UPDATE account SET last_day = NULL, ends_at = NULL WHERE username = 'carla'").await;
    shop
}

async fn page(world: &World, token: &str, path: &str, query: &str) -> Answer {
    world.get(&format!("{path}?{query}"), Some(token)).await
}

/// All of them, two at a time.
async fn names(world: &World, token: &str, path: &str, query: &str) -> Vec<String> {
    let (mut names, mut after) = (Vec::new(), String::new());
    loop {
        let shown = page(world, token, path, &format!("limit=2&{query}{after}")).await.expect(200).body;
        let rows = shown["items"].as_array().expect("accounts");
        names.extend(rows.iter().map(|row| row["username"].as_str().expect("a name").to_owned()));
        match shown.get("next").and_then(Value::as_str) {
            Some(next) => after = format!("&after={next}"),
            None => return names,
        }
    }
}

#[tokio::test]
async fn accounts_are_listed_by_name_by_end_and_by_when_they_were_made() {
    let shop = shop().await;
    let world = &shop.world;
    let (staff, owner) = (world.staff_token(StaffRole::Auditor).await, world.token("reseller", "shop").await);
    let id = shop.reseller;
    let orders = [
        ("sort=username", ["anna", "berta", "carla", "dora", "elsa"]),
        // Those of one day are in the order in which they were made, and who never had service is before all.
        ("sort=last_day", ["carla", "dora", "berta", "anna", "elsa"]),
        ("sort=created", ["dora", "anna", "carla", "berta", "elsa"]),
    ];
    for (sort, expected) in orders {
        let mut reversed = expected;
        reversed.reverse();
        for (path, token, of) in
            [(ALL, &staff, String::new()), (ALL, &staff, format!("&reseller_id={id}")), (OWN, &owner, String::new())]
        {
            assert_eq!(names(world, token, path, &format!("{sort}{of}")).await, expected, "{path} {sort}");
            let down = format!("{sort}&descending=true{of}");
            assert_eq!(names(world, token, path, &down).await, reversed, "{path} {down}");
        }
    }
    world.clock.advance_ms(35 * DAY_MS);
    let owner = world.token("reseller", "shop").await;
    assert_eq!(names(world, &owner, OWN, "status=expired&sort=last_day").await, ["carla", "dora", "berta"]);
    assert_eq!(names(world, &owner, OWN, "status=active&sort=created&descending=true").await, ["elsa", "anna"]);
}

#[tokio::test]
async fn a_page_of_one_order_is_none_of_another_and_what_is_found_is_by_name() {
    let shop = shop().await;
    let world = &shop.world;
    let owner = world.token("reseller", "shop").await;
    let first = page(world, &owner, OWN, "limit=2&sort=last_day").await.expect(200).body;
    let after = first["next"].as_str().expect("another page");
    for other in ["sort=created", "sort=username"] {
        let refused = page(world, &owner, OWN, &format!("{other}&after={after}")).await.expect(422);
        assert_eq!(refused.body["fields"][0]["field"], "after");
    }
    for sort in ["sort=last_day", "sort=created", "descending=true"] {
        let refused = page(world, &owner, OWN, &format!("search=an&{sort}")).await.expect(422);
        assert_eq!(refused.body["fields"][0]["field"], "sort", "{sort}");
    }
    assert_eq!(names(world, &owner, OWN, "search=an&sort=username").await, ["anna"]);
    assert_eq!(page(world, &owner, OWN, "sort=plan").await.code(), "malformed");
}
