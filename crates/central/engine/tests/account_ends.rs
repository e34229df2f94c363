//! Accounts are ended when their service is over, whatever stands in the way and whatever was known of the portal.

use counterfoil_domain::time::Timestamp;
use counterfoil_stalker_fake::Setup;
use serde_json::{Value, json};

use super::portals::Served;

/// The first moment of the 22nd of December in Berlin, behind what a month from the 21st of November promises.
const OVER: Timestamp = Timestamp(1_797_894_000_000);
const HOUR_MS: i64 = 3_600_000;

fn without_billing() -> Setup {
    Setup { internal_billing: false, ..Setup::ministra() }
}

/// The service of this account is over: it is served before, and not after.
async fn ends(served: &Served, login: &str) {
    assert!(!served.user(login).off, "it is served");
    served.world().clock.set(OVER);
    assert_eq!(served.provision().await, 1);
    assert!(served.user(login).off, "it is over");
    assert_eq!(served.provision().await, 0);
}

#[tokio::test]
async fn an_account_that_waits_for_a_person_is_ended_all_the_same() {
    let served = Served::with(without_billing()).await;
    served.edit(|portal| portal["plans"][0]["tariff"] = json!("NO SUCH")).await.expect(200);
    let login = served.customer(1).await;
    for _ in 0..3 {
        served.wait_ms(HOUR_MS).await;
    }
    assert_eq!(served.read().await["accounts"], json!({ "waiting": 0, "agreed": 0, "attention": 1 }));
    ends(&served, &login).await;
}

#[tokio::test]
async fn an_account_on_a_portal_that_was_empty_when_it_was_looked_at_is_ended() {
    let served = Served::unlooked(without_billing()).await;
    assert!(served.probe().await["portal"]["found"]["internal_billing"].is_null(), "nobody can tell");
    let login = served.customer(1).await;
    ends(&served, &login).await;
}

#[tokio::test]
async fn a_look_that_finds_that_the_portal_ends_nobody_any_more_leaves_it_to_central() {
    let served = Served::with(Setup::ministra()).await;
    let login = served.customer(1).await;
    served.fake.state().setup.internal_billing = false;
    assert_eq!(served.probe().await["portal"]["found"]["internal_billing"], false);
    assert_eq!(served.provision().await, 1);
    ends(&served, &login).await;
}

#[tokio::test]
async fn an_account_whose_plan_was_taken_off_the_portal_is_ended_there() {
    let served = Served::with(without_billing()).await;
    let login = served.customer(1).await;
    served.edit(|portal| portal["plans"] = json!([])).await.expect(200);
    assert_eq!(served.provision().await, 0, "it stays as it is");
    ends(&served, &login).await;
}

#[tokio::test]
async fn whoever_is_suspended_is_switched_off_though_the_portal_refuses_something_else() {
    let served = Served::with(Setup::ministra()).await;
    let login = served.customer(1).await;
    let id = served.accounts().await[0]["account_id"].as_str().expect("an id").to_owned();
    let (world, token, path) = (served.world(), served.token().await, format!("/api/v1/admin/accounts/{id}"));
    let version = world.get(&path, Some(&token)).await.expect(200).body["version"].clone();
    let box_of_another = served.user("user000001").mac;
    let edit = json!({ "version": version, "mac": box_of_another, "notes": "", "max_connections": 1 });
    world.put(&path, Some(&token), &edit).await.expect(200);
    served.provision().await;
    let trouble = |accounts: Vec<Value>| accounts[0]["trouble"]["code"].clone();
    assert_eq!(trouble(served.accounts().await), "taken");
    let reason = json!({ "reason": "Has not paid" });
    world.post(&format!("{path}/suspend"), Some(&token), &reason).await.expect(200);
    served.provision().await;
    assert!(served.user(&login).off);
    assert_eq!(trouble(served.accounts().await), "taken", "a person is still to decide about the box");
}

#[tokio::test]
async fn a_time_zone_that_is_put_right_moves_the_ends_that_stand_on_the_portal() {
    let served = Served::with(Setup::ministra()).await;
    let login = served.customer(1).await;
    let end = || served.user(&login).end_date;
    assert_eq!(end().as_deref(), Some("2026-12-22 00:00:00"));
    // The end of the 21st in Berlin is the morning of the 22nd there, behind that day's cut.
    served.edit(|portal| portal["time_zone"] = json!("Asia/Tokyo")).await.expect(200);
    served.provision().await;
    assert_eq!(end().as_deref(), Some("2026-12-23 00:00:00"));
}
