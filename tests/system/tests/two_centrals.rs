//! Two Central processes on one PostgreSQL are one Central: sessions, locks, limits, leases, codes, the feed and live
//! updates.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use counterfoil_domain::code::{Prefix, SourceKey, WordList, derive_code};
use counterfoil_domain::ids::LeaseId;
use counterfoil_system_tests::{Follower, Shop, equation, fresh_id, redeem, redeem_for, state_of};
use counterfoil_testkit::central::{Central, Engine, SHOP};
use counterfoil_testkit::postgres::psql;
use counterfoil_testkit::within;
use serde_json::{Value, json};

async fn both() -> Result<(Central, Central)> {
    let a = Central::start(Engine::Postgres).await?;
    let b = a.beside().await?;
    Ok((a, b))
}

/// One POST, and what it was answered.
async fn post(central: &Central, path: &str, body: Value) -> Result<(u16, Value)> {
    let answer = reqwest::Client::new().post(format!("{}{path}", central.url())).json(&body).send().await?;
    Ok((answer.status().as_u16(), answer.json().await?))
}

async fn login(central: &Central, username: &str, password: &str) -> Result<(u16, Value)> {
    post(central, "/api/v1/reseller/login", json!({ "username": username, "password": password })).await
}

async fn refresh(central: &Central, session: &Value) -> Result<(u16, Value)> {
    post(central, "/api/v1/session/refresh", json!({ "refresh_token": session["refresh_token"] })).await
}

/// What `/me` answers to the access token of a session.
async fn me(central: &Central, session: &Value) -> Result<u16> {
    let token = session["access_token"].as_str().context("an access token")?;
    let answer = reqwest::Client::new().get(format!("{}/api/v1/me", central.url())).bearer_auth(token).send().await?;
    Ok(answer.status().as_u16())
}

async fn sessions() -> Result<()> {
    let (a, b) = both().await?;
    let (status, first) = login(&a, SHOP.username, SHOP.password).await?;
    assert_eq!(status, 200, "{first}");
    assert_eq!(me(&b, &first).await?, 200, "a session of one is good at the other");

    let (status, second) = refresh(&b, &first).await?;
    assert_eq!(status, 200, "{second}");
    assert_eq!((me(&a, &second).await?, me(&b, &second).await?), (200, 200));
    // The grace for a lost answer passes: what was exchanged is now only known to a thief.
    psql(a.database_url(), "UPDATE session_token SET replaced_at = replaced_at - 60000 WHERE replaced_at IS NOT NULL")?;
    let (status, answer) = refresh(&a, &first).await?;
    assert_eq!(status, 401, "a second use ends the family: {answer}");
    assert_eq!(me(&b, &second).await?, 401, "also at the other");
    assert_eq!(refresh(&b, &second).await?.0, 401);

    // Ten wrong passwords, five at each, lock the name at both.
    for number in 0..10 {
        let central = if number % 2 == 0 { &a } else { &b };
        assert_eq!(login(central, "cedar", "wrong").await?.0, 401, "try {number}");
    }
    for central in [&a, &b] {
        assert_eq!(login(central, "cedar", "sample-cedar").await?.0, 423, "locked, also with the right password");
    }
    a.run(&["verify"])?;
    Ok(())
}

/// Codes of the right form that nobody made.
fn guesses() -> Result<Vec<String>> {
    let key = SourceKey::from_bytes([7; 32]);
    let (prefix, words) = (Prefix::new("PM2D")?, WordList::by_version(1).context("the first list")?);
    let lease = LeaseId::from_bytes([9; 16]);
    Ok((1..=7).map(|seq| derive_code(&key, lease.into(), &prefix, 0, seq, words).reveal()).collect())
}

async fn limits() -> Result<()> {
    let (a, b) = both().await?;
    let account = fresh_id();
    let mut answers = Vec::new();
    for (number, code) in guesses()?.iter().enumerate() {
        let central = if number % 2 == 0 { &a } else { &b };
        answers.push(redeem_for(central, code, account).await?.0);
    }
    assert_eq!(answers, [404, 404, 404, 404, 404, 429, 429], "five misses of one account, wherever it asks");
    Ok(())
}

async fn stock() -> Result<()> {
    let (a, b) = both().await?;
    let folder = tempfile::tempdir()?;
    let shop = Shop::open(&folder.path().join("1")).await?;
    shop.sign_in(&a.url(), SHOP.username, SHOP.password).await?;
    let plan = shop.cheapest_plan().await?;
    shop.settle().await?;
    let before = equation(&shop.call("credit_overview", Value::Null).await?)?;
    ensure!(before[2] > 0, "the first granted a lease: {before:?}");

    // From here on the desktop talks to the second, under the same enrolment.
    shop.sign_in(&b.url(), SHOP.username, SHOP.password).await?;
    let code = shop.sell(&plan, 1).await?.remove(0);
    shop.settle().await?;
    let customer = fresh_id();
    let (status, first) = redeem_for(&a, &code, customer).await?;
    assert_eq!(status, 200, "sold through one, redeemed at the other: {first}");
    let (status, again) = redeem(&b, &code).await?;
    assert_eq!((status, again["code"].as_str()), (409, Some("already_activated")), "{again}");
    let (status, repeated) = redeem_for(&b, &code, customer).await?;
    assert_eq!((status, &repeated["repeated"]), (200, &json!(true)), "{repeated}");

    shop.settle().await?;
    let recent = shop.call("sell_page", Value::Null).await?["recent"][0].clone();
    let serial = recent["serial"].as_str().context("a serial")?;
    assert_eq!(state_of(&shop, serial).await?, "activated", "the feed of the second has what the first did");
    let after = equation(&shop.call("credit_overview", Value::Null).await?)?;
    assert_eq!(after[0], before[0]);
    ensure!(after[3] > before[3], "{before:?} {after:?}");
    b.run(&["verify"])?;
    Ok(())
}

/// A change through the first wakes whoever listens at the second, which commits nothing itself meanwhile.
async fn live() -> Result<()> {
    let (a, b) = both().await?;
    let folder = tempfile::tempdir()?;
    let (here, there) = (Shop::open(&folder.path().join("1")).await?, Shop::open(&folder.path().join("2")).await?);
    for (shop, central) in [(&here, &a), (&there, &b)] {
        shop.sign_in(&central.url(), SHOP.username, SHOP.password).await?;
        shop.settle().await?;
    }
    let mut follower = Follower::enrol(&a.url(), SHOP).await?;
    let known = follower.pull_all(&a.url()).await?;
    let mut ear = follower.listen(&b.url()).await?;
    ear.until(known).await?;
    let live = async || Ok(there.call("status", Value::Null).await?["updates"] == "live");
    there.until("its live stream holds", live).await?;

    let plan = here.cheapest_plan().await?;
    let code = here.sell(&plan, 1).await?.remove(0);
    let recent = here.call("sell_page", Value::Null).await?["recent"][0].clone();
    let serial = recent["serial"].as_str().context("a serial")?;
    here.settle().await?;
    let (status, answer) = redeem(&a, &code).await?;
    assert_eq!(status, 200, "{answer}");

    // What was told is there to be read, at either.
    let changed = ear.head().await?.context("the stream goes on")?.version;
    ensure!(changed > known, "{changed} after {known}");
    ensure!(follower.pull_all(&b.url()).await? >= changed);
    let whole = follower.pull_all(&a.url()).await?;
    assert_eq!(follower.pull_all(&b.url()).await?, whole, "one feed");
    // The desktop was told, too: by itself it would ask in five minutes.
    there
        .until("the other till's code is redeemed here", async || {
            Ok(state_of(&there, serial).await.is_ok_and(|state| state == "activated"))
        })
        .await
}

#[tokio::test]
async fn a_change_through_one_wakes_whoever_listens_at_the_other() -> Result<()> {
    within(Duration::from_mins(2), live()).await
}

#[tokio::test]
async fn sessions_and_locks_are_shared() -> Result<()> {
    within(Duration::from_mins(2), sessions()).await
}

#[tokio::test]
async fn limits_are_counted_together() -> Result<()> {
    within(Duration::from_mins(2), limits()).await
}

#[tokio::test]
async fn leases_codes_and_the_feed_are_shared() -> Result<()> {
    within(Duration::from_mins(2), stock()).await
}
