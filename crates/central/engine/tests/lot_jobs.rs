//! Jobs of lots: long ones beside short ones, and one that goes on too late.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{JobId, LotId};
use serde_json::json;

use super::lots::{Desk, LOTS};
use super::proof::{count, prove};
use super::world::START;
use crate::engine::code_jobs::{claim, step};
use crate::engine::{run_code_jobs, run_code_jobs_once};

impl Desk {
    async fn order(&self, codes: u32) -> JobId {
        let (lot, job): (LotId, JobId) = (mint(START), mint(START));
        let body = json!({ "lot_id": lot, "job_id": job, "reseller_id": self.shop.reseller, "plan_id": self.shop.plans[0],
            "count": codes, "label": "Cards" });
        self.post(LOTS, &body).await.expect(200);
        job
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_job_holds_up_no_short_one_that_is_ordered_after_it() {
    let desk = Desk::with_credits(40_001 * 30).await;
    let working = tokio::spawn(run_code_jobs(desk.shop.world.app.clone()));
    let long = desk.order(40_000).await;
    let not_begun = async || {
        let job = desk.job(long).await;
        job["done"] == 0 && job["state"] == "running"
    };
    while not_begun().await {
        tokio::task::yield_now().await;
    }
    let short = desk.order(1).await;
    while desk.job(short).await["state"] == "running" {
        tokio::task::yield_now().await;
    }
    assert_eq!(desk.job(short).await["state"], "done");
    assert_eq!(desk.job(long).await["state"], "running", "it is not done for long");
    working.abort();
}

#[tokio::test]
async fn a_job_that_goes_on_after_the_last_day_of_its_codes_makes_no_more_of_them() {
    let desk = Desk::with_credits(1_500 * 30).await;
    let job = desk.order(1_500).await;
    let world = &desk.shop.world;
    let held = claim(&world.app, job.0).await.expect("claimed").expect("nobody has it");
    assert!(step(&world.app, &held).await.expect("a part"));
    // The process dies here, and nobody starts another one for a year.
    world.clock.set(START.plus_days(366));
    run_code_jobs_once(&world.app).await;
    let stopped = "SELECT COUNT(*) FROM code_job WHERE state = 'failed' AND trouble_code = 'wrong_state'";
    assert_eq!(count(world, stopped).await, 1);
    assert_eq!((count(world, "SELECT COUNT(*) FROM code").await, desk.available().await), (1_000, 500 * 30));
    prove(world).await;
}
