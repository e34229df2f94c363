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
    let operators = central.restored().await;
    central.close().await;
    println!(
        "A new epoch begins for {} operator(s). Everybody signs in again; devices compare at their next sync.",
        operators?
    );
    Ok(())
}
