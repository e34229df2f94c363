//! `sample-data`.

use anyhow::Result;

use crate::arguments::SampleData;
use crate::central::Central;

/// Told every so many accounts.
const STEP: u32 = 100_000;

pub(crate) async fn run(options: SampleData) -> Result<()> {
    let central = Central::open(&options.database).await?;
    let progress = |done: u32| {
        if done.is_multiple_of(STEP) {
            println!("{done} accounts …");
        }
    };
    let sample = central.fill_with_sample_data(options.accounts, &progress).await;
    central.close().await;
    let sample = sample?;
    if sample.fresh {
        println!("Sample data is in place, with {} accounts.", options.accounts);
    } else {
        println!("Sample data is already there.");
    }
    println!("\nSign-ins (invented, and known to everyone):\n");
    println!("  {:<9} {:<12} {:<20} who", "as", "user name", "password");
    for sign_in in &sample.sign_ins {
        println!("  {:<9} {:<12} {:<20} {}", sign_in.audience, sign_in.username, sign_in.password, sign_in.who);
    }
    Ok(())
}
