//! Attempts that take longer than their claim, creations with which somebody else was quicker, and portals that fail for hours.

use counterfoil_stalker_fake::{Fault, Planned, Setup, When};
use serde_json::{Value, json};

use super::portals::Served;
use crate::engine::run_provisioning_once;

const HOUR_MS: i64 = 3_600_000;

/// State and trouble of the only account.
async fn only(served: &Served) -> (Value, Value) {
    let accounts = served.accounts().await;
    assert_eq!(accounts.len(), 1, "{accounts:?}");
    (accounts[0]["state"].clone(), accounts[0]["trouble"]["code"].clone())
}

/// The portal keeps its answer back until another process has written what the customer bought since.
#[tokio::test]
async fn an_attempt_that_takes_longer_than_its_claim_leaves_what_another_one_noted() {
    let served = Served::with(Setup::ministra()).await;
    let other = served.world().open_again().await.expect("a second process");
    let login = served.bought(1).await;
    served.fake.plan(Planned::lost_answer("POST", Fault::Held).on("accounts"));
    let app = served.world().app.clone();
    let slow = tokio::spawn(async move { run_provisioning_once(&app).await });
    while served.fake.state().tables.users().count() < 4 {
        tokio::task::yield_now().await;
    }
    served.world().clock.advance_ms(4 * 60_000);
    served.bought(1).await;
    assert_eq!(run_provisioning_once(&other).await, 1);
    served.fake.heal();
    assert_eq!(slow.await.expect("it ends"), 1);
    // What the slow one wrote may have come last: the account is looked at once more.
    assert_eq!(served.wait_ms(1).await, 1);
    assert_eq!(only(&served).await, (json!("agreed"), Value::Null));
    assert_eq!(served.user(&login).end_date.as_deref(), Some("2027-01-21 00:00:00"));
    assert_eq!(served.provision().await, 0);
    other.close().await;
}

#[tokio::test]
async fn who_says_whose_an_account_is_while_it_is_being_tried_is_heard() {
    let served = Served::with(Setup::ministra()).await;
    let login = served.bought(1).await;
    served.change("user000001", |user| user.login.clone_from(&login));
    served.provision().await;
    assert_eq!(only(&served).await, (json!("attention"), json!("login_taken")));
    served.post("accounts/retry", &json!({ "which": "all" })).await.expect(200);
    drop(served.fake.asked());
    served.fake.plan(Planned::lost_answer("GET", Fault::Held).on("users"));
    let app = served.world().app.clone();
    let slow = tokio::spawn(async move { run_provisioning_once(&app).await });
    while served.fake.asked().is_empty() {
        tokio::task::yield_now().await;
    }
    let account = served.accounts().await[0]["account_id"].as_str().expect("an id").to_owned();
    served.post(&format!("accounts/{account}/adopt"), &json!({})).await.expect(200);
    served.fake.heal();
    assert_eq!(slow.await.expect("it ends"), 1);
    assert_eq!(served.wait_ms(1).await, 1);
    assert_eq!(only(&served).await, (json!("agreed"), Value::Null));
    assert_eq!(served.user(&login).end_date.as_deref(), Some("2026-12-22 00:00:00"));
}

/// Between the look and the creation, whose answer is lost as well.
#[tokio::test]
async fn an_account_with_which_somebody_else_was_quicker_is_not_taken_for_ours() {
    let served = Served::with(Setup::ministra()).await;
    let login = served.bought(1).await;
    served.fake.plan(Planned { when: When::Before, ..Planned::lost_answer("POST", Fault::Held) }.on("accounts"));
    let app = served.world().app.clone();
    let tried = tokio::spawn(async move { run_provisioning_once(&app).await });
    while served.writes().is_empty() {
        tokio::task::yield_now().await;
    }
    let theirs = {
        let state = &mut *served.fake.state();
        let mut user = state.tables.users().next().cloned().expect("an account");
        user.login.clone_from(&login);
        user.mac = String::new();
        state.tables.add(user.clone());
        user
    };
    served.fake.heal();
    assert_eq!(tried.await.expect("it ends"), 1);
    assert_eq!(only(&served).await, (json!("attention"), json!("login_taken")));
    served.wait_ms(HOUR_MS).await;
    assert_eq!(served.writes(), Vec::<String>::new());
    let there = served.user(&login);
    assert_eq!((there.password, there.end_date), (theirs.password, theirs.end_date));
}

/// The portal is so slow that it creates the account after it was asked once more whether it is there.
#[tokio::test]
async fn a_creation_that_comes_late_is_known_again_without_a_person() {
    let served = Served::with(Setup::ministra()).await;
    let login = served.bought(1).await;
    let account = served.accounts().await[0]["account_id"].as_str().expect("an id").to_owned();
    drop(served.fake.asked());
    served.fake.plan(Planned::lost_answer("GET", Fault::Held).on("users"));
    let app = served.world().app.clone();
    let tried = tokio::spawn(async move { run_provisioning_once(&app).await });
    while served.fake.asked().is_empty() {
        tokio::task::yield_now().await;
    }
    {
        let state = &mut *served.fake.state();
        let mut user = state.tables.users().next().cloned().expect("an account");
        user.login.clone_from(&login);
        (user.mac, user.comment) = (String::new(), Some(format!("Counterfoil {account}")));
        state.tables.add(user);
    }
    served.fake.heal();
    assert_eq!(tried.await.expect("it ends"), 1);
    assert_eq!(only(&served).await, (json!("agreed"), Value::Null));
    assert_eq!(served.user(&login).end_date.as_deref(), Some("2026-12-22 00:00:00"));
}

#[tokio::test]
async fn a_portal_that_failed_for_hours_gets_what_was_sold_without_a_person() {
    let served = Served::with(Setup::ministra()).await;
    let login = served.bought(1).await;
    served.fake.plan(Planned::always(Fault::BadGateway));
    served.provision().await;
    for _ in 0..9 {
        served.wait_ms(HOUR_MS).await;
    }
    assert_eq!(only(&served).await, (json!("attention"), json!("server_error")), "a person is shown it");
    served.fake.heal();
    served.wait_ms(HOUR_MS).await;
    assert_eq!(only(&served).await, (json!("agreed"), Value::Null));
    assert_eq!(served.user(&login).end_date.as_deref(), Some("2026-12-22 00:00:00"));
}
