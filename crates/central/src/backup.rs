//! `backup` and `restored`.

use anyhow::Result;

use crate::arguments::{Backup, Database};
use crate::central::Central;

pub(crate) async fn run(options: Backup) -> Result<()> {
    let central = Central::open_existing(&options.database).await?;
    let done = backup(&central, &options).await;
    central.close().await;
    done
}

async fn backup(central: &Central, options: &Backup) -> Result<()> {
    let way = &options.way;
    if let Some(file) = &way.to {
        let marks = central.backup_to(&options.database.database_url, file).await?;
        println!("{} holds everything up to {}.", file.display(), versions(&marks));
    } else if way.begin {
        for mark in central.backup_begin().await? {
            println!("{mark}");
        }
    } else {
        central.backup_finish(&way.done).await?;
        println!("Devices may forget what they sent up to {}.", versions(&way.done));
    }
    Ok(())
}

fn versions(marks: &[counterfoil_central_platform::console::BackupMark]) -> String {
    let versions: Vec<_> = marks.iter().map(|mark| format!("version {}", mark.version)).collect();
    if versions.is_empty() { "the beginning: there is no operator yet".to_owned() } else { versions.join(", ") }
}

pub(crate) async fn restored(database: Database) -> Result<()> {
    let central = Central::open_existing(&database).await?;
    let restored = begin_anew(&central).await;
    central.close().await;
    let (operators, api_keys) = restored?;
    println!(
        "A new epoch begins for {operators} operator(s). Everybody signs in again; devices compare at their next sync.

What was done since the backup is forgotten. Do it again, from your papers, before shops are let in:
  - machines that were blocked or lost: block them again, and revoke their leases
  - codes that were revoked or held
  - staff and members who were shut out or made: shut out or make them again
  - passwords and second factors that were changed, reset or taken away: as they were at the backup
  - API keys that were revoked: {api_keys} are let in now. `counterfoil-central admin revoke-api-keys` revokes all of them
  - credit, plans, prices, rates, resellers, orders, payments and settlements: enter them again
OPERATIONS.md, \"Restore\", says what comes back by itself. Then `serve`, and `verify`."
    );
    Ok(())
}

/// How many operators begin anew, and how many API keys are let in.
async fn begin_anew(central: &Central) -> Result<(u32, u32)> {
    Ok((central.restored().await?, central.count_api_keys().await?))
}
