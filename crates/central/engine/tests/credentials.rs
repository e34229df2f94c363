//! What opens an account: its own, and only until it is given anew.

use std::collections::BTreeSet;

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::AccountId;
use serde_json::json;

use super::desk::Shop;
use super::world::Answer;

const ACCOUNTS: &str = "/api/v1/reseller/accounts";

#[tokio::test]
async fn each_account_has_a_password_and_a_token_of_its_own() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    let owner = world.token("reseller", "shop").await;
    let (mut passwords, mut tokens) = (BTreeSet::new(), BTreeSet::new());
    let mut keep = |shown: &Answer| {
        let (password, token) = (shown.text("/password"), shown.text("/token"));
        assert!(!password.is_empty() && (1..=64).contains(&token.len()), "{token}");
        assert!(passwords.insert(password) && tokens.insert(token), "nobody else has these");
    };
    let mut last = None;
    for name in ["anna", "berta", "carla"] {
        world.clock.advance_ms(1);
        let id: AccountId = mint(world.app.now());
        let body = json!({ "account_id": id, "plan_id": shop.plans[0], "username": name });
        let made = world.post(ACCOUNTS, Some(&owner), &body).await.expect(200);
        keep(&made);
        last = Some(made);
    }
    // A new one takes the place of the old one, which opens nothing any more.
    let made = last.expect("the last of three");
    let page =
        async |shown: &Answer| world.get(&format!("/api/v1/public/subscriptions/{}", shown.text("/token")), None).await;
    assert_eq!(page(&made).await.expect(200).text("/username"), "carla");
    let path = format!("{ACCOUNTS}/{}/reset-token", made.text("/account/account_id"));
    let reset = world.post(&path, Some(&owner), &json!({})).await.expect(200);
    keep(&reset);
    page(&made).await.expect(404);
    assert_eq!(page(&reset).await.expect(200).text("/username"), "carla");
}
