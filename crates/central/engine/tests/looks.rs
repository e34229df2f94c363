//! Looks for changes that Central begins by itself, and portals that may not be archived yet.

use counterfoil_stalker_fake::Setup;
use serde_json::{Value, json};

use super::dashboard::write;
use super::portals::Served;
use super::proof::{count, prove};
use super::world::Answer;
use crate::engine::{run_jobs_once, run_portal_jobs_once};

const HOUR_MS: i64 = 3_600_000;
const LOOKS: &str = "SELECT COUNT(*) FROM portal_job WHERE kind = 'sync_changes'";

impl Served {
    /// What is due so much later is begun; how many looks there were in all.
    async fn after(&self, hours: i64) -> i64 {
        self.world().clock.advance_ms(hours * HOUR_MS);
        run_jobs_once(&self.world().app).await;
        count(self.world(), LOOKS).await
    }

    async fn every(&self, hours: u32) -> Answer {
        self.edit(|portal| portal["look_every_hours"] = json!(hours)).await
    }
}

#[tokio::test]
async fn a_portal_is_looked_at_a_day_after_the_last_look_by_whomever() {
    let served = Served::with(Setup::ministra()).await;
    let portal = served.read().await;
    assert_eq!(portal["look_every_hours"], 24);
    let made_at = served.world().app.now().0;
    let next = portal["next_look_at"].as_i64().expect("a moment");
    assert!((made_at..=made_at + 24 * HOUR_MS).contains(&next), "{portal}");
    assert_eq!(served.after(23).await, 0);
    assert_eq!(served.after(1).await, 1);
    // It goes: nobody begins another one, however late.
    assert_eq!(served.after(48).await, 1);
    run_portal_jobs_once(&served.world().app).await;
    let job = served.get("/jobs").await.expect(200).body["items"][0].clone();
    assert_eq!((&job["kind"], &job["state"]), (&json!("sync_changes"), &json!("done")), "{job}");
    assert_eq!(job.get("started_by"), None, "nobody asked for it");
    let line = "SELECT COUNT(*) FROM audit WHERE action = 'portal.sync_changes' AND actor = 'system'";
    assert_eq!(count(served.world(), line).await, 1);

    // It began two days ago, so the next is due; one that a person begins counts as well.
    assert_eq!(served.after(0).await, 2);
    run_portal_jobs_once(&served.world().app).await;
    assert_eq!(served.after(23).await, 2);
    served.sync().await;
    assert_eq!(served.after(23).await, 3);
    assert_eq!(served.after(1).await, 4);
    prove(served.world()).await;
}

#[tokio::test]
async fn two_processes_begin_one_look() {
    let served = Served::with(Setup::ministra()).await;
    let other = served.world().open_again().await.expect("another process");
    served.world().clock.advance_ms(24 * HOUR_MS);
    tokio::join!(run_jobs_once(&served.world().app), run_jobs_once(&other));
    assert_eq!(count(served.world(), LOOKS).await, 1);
    // Whoever does it, and is done before the other one looks again, leaves nothing due.
    run_portal_jobs_once(&other).await;
    tokio::join!(run_jobs_once(&served.world().app), run_jobs_once(&other));
    assert_eq!(count(served.world(), LOOKS).await, 1);
}

#[tokio::test]
async fn what_is_switched_off_paused_or_asking_is_left_alone() {
    let served = Served::with(Setup::ministra()).await;
    let never = served.every(0).await.expect(200).body;
    assert_eq!((&never["look_every_hours"], never.get("next_look_at")), (&json!(0), None));
    assert_eq!(served.after(1_000).await, 0);
    let kept = served.edit(|_| ()).await.expect(200).body;
    assert_eq!(kept["look_every_hours"], 0, "who does not say keeps what is known");
    assert_eq!(served.every(721).await.expect(422).text("/fields/0/field"), "look_every_hours");
    let pause = |portal: &mut Value| {
        portal["look_every_hours"] = json!(1);
        portal["status"] = json!("paused");
    };
    let paused = served.edit(pause).await.expect(200).body;
    assert_eq!(paused.get("next_look_at"), None);
    assert_eq!(served.after(2).await, 0);
    served.every(1).await.expect(200);
    assert_eq!(served.after(2).await, 1);
    write(served.world(), "UPDATE portal_job SET state = 'asking', question = 'accounts_vanish'").await;
    assert_eq!(served.after(10).await, 1, "a person has to answer first");
    write(served.world(), "UPDATE portal_job SET state = 'cancelled', question = NULL").await;
    assert_eq!(served.after(0).await, 2);
}

#[tokio::test]
async fn a_portal_with_plans_that_are_sold_is_not_archived() {
    let served = Served::with(Setup::ministra()).await;
    let archive = |portal: &mut Value| portal["status"] = json!("archived");
    let refused = served.edit(archive).await.expect(409);
    assert_eq!(refused.code(), "wrong_state");
    assert!(refused.text("/detail").contains("sold on this portal: Month."), "{}", refused.body);
    assert_eq!(served.read().await["status"], "active");
    let bare = |portal: &mut Value| {
        archive(portal);
        portal["plans"] = json!([]);
    };
    assert_eq!(served.edit(bare).await.expect(200).text("/status"), "archived");
}

#[tokio::test]
async fn a_plan_that_is_not_sold_any_more_keeps_no_portal() {
    let served = Served::with(Setup::ministra()).await;
    write(served.world(), "UPDATE plan SET status = 'archived'").await;
    let archived = served.edit(|portal| portal["status"] = json!("archived")).await.expect(200);
    assert_eq!(archived.text("/status"), "archived");
}
