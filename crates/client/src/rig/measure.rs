//! What a sale costs, with everything that makes it safe. Run by hand:
//! `cargo nextest run -p counterfoil-client --release --run-ignored only --no-capture measure`

use std::time::Instant;

use super::{Rig, sell};
use crate::client::Client;

const SALES: u32 = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn a_sale() {
    let in_keyring = std::env::var("COUNTERFOIL_MEASURE_KEYRING").is_ok();
    let rig = Rig::new();
    let options = if in_keyring { rig.options_with_keyring() } else { rig.options() };
    let client = Client::open(options).await.expect("opens");
    let till = client.till().expect("a vault that answers");
    rig.enrol(&till).await;
    rig.grant(&till, 1, 1_000_000, 60_000).await;
    let mut took: Vec<u128> = Vec::new();
    for sale in 0..u128::from(SALES) {
        let started = Instant::now();
        sell(&till, sale, 1).await.expect("sold");
        took.push(started.elapsed().as_micros());
    }
    let started = Instant::now();
    sell(&till, 1_000_000, 100).await.expect("sold");
    let hundred = started.elapsed().as_micros();
    took.sort_unstable();
    let at = |share: usize| took[took.len() * share / 100];
    println!(
        "{}: one code p50 {} µs, p95 {} µs, max {} µs; a hundred codes {hundred} µs",
        if in_keyring { "real keyring" } else { "secrets in memory" },
        at(50),
        at(95),
        took[took.len() - 1]
    );
    client.shutdown().await;
}
