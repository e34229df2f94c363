//! `sample-data`.

use std::fmt::Write as _;

use anyhow::Result;
use counterfoil_central_platform::console::{SampleSignIn, SampleSize};

use crate::arguments::SampleData;
use crate::central::Central;

/// Told every so many.
const STEP: u32 = 10_000;

/// Accounts with which a portal is kept at all.
const MOST_ON_PORTAL: u32 = 20_000;

pub(crate) async fn run(options: SampleData) -> Result<()> {
    let central = Central::open(&options.database).await?;
    let progress = |what: &str, done: u32| {
        if done.is_multiple_of(STEP) {
            println!("{done} {what} …");
        }
    };
    let size = SampleSize { accounts: options.accounts, codes: options.codes, shops: options.shops };
    // A real portal, too, would be busy for days with more.
    let portal = options.portal.as_deref().filter(|_| options.accounts <= MOST_ON_PORTAL);
    let sample = central.fill_with_sample_data(size, portal, &progress).await;
    central.close().await;
    let sample = sample?;
    let mut said = String::new();
    if sample.fresh {
        let SampleSize { accounts, codes, .. } = size;
        let _ = writeln!(said, "Sample data is in place, with {accounts} accounts and {codes} codes.");
    } else {
        let _ = writeln!(said, "Sample data is already there.");
    }
    let _ = writeln!(said, "\nSign-ins (invented, and known to everyone):\n");
    let _ = writeln!(said, "  {:<9} {:<12} {:<20} who", "as", "user name", "password");
    for SampleSignIn { audience, username, password, who } in &sample.sign_ins {
        let _ = writeln!(said, "  {audience:<9} {username:<12} {password:<20} {who}");
    }
    // Whoever reads only the first lines has seen enough.
    let _ = std::io::Write::write_all(&mut std::io::stdout(), said.as_bytes());
    Ok(())
}
