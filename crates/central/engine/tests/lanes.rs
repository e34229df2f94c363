//! Long jobs and short ones beside each other.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{JobId, LotId};
use serde_json::json;

use super::lots::{Desk, LOTS};
use super::world::START;
use crate::engine::run_code_jobs;

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
    while desk.job(long).await["done"] == 0 {
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
