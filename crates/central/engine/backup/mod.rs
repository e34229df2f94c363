//! Backups: how far the newest one reaches, and what a database restored from one does first.
//!
//! A device keeps an operation until a backup holds it. A backup is marked by the feed's version: everything that was
//! committed up to it is inside, because version order is commit order.

pub(crate) mod repo;

use std::path::Path;

use counterfoil_central_platform::console::BackupMark;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{DeviceId, Epoch};
use counterfoil_wire::problem::Code;
use serde_json::json;

use super::audit::{self, Actor, NOTHING};
use super::work::Work;
use super::{App, operators, sendings};
use crate::copy;
use crate::dialect::Conn;

/// Numbers of leases and lots that a restored Central skips, for those that were given out after the backup: they come
/// back under their own numbers, which stand in serials that customers hold. One more is skipped for each second that the
/// backup is old: who restores it twice begins behind what was given out in between.
const SKIPPED_NUMBERS: i64 = 10_000;

/// Where the feeds stand now: a backup begun after this holds at least so much.
pub async fn backup_begin(app: &App) -> Result<Vec<BackupMark>, Failure> {
    Ok(repo::marks(&mut *app.snapshot().await?).await?)
}

/// The backup that began at these marks is whole and safe: devices may forget what it holds.
pub async fn backup_finish(app: &App, marks: &[BackupMark]) -> Result<(), Failure> {
    for mark in marks {
        let mut work = app.begin(mark.operator).await?;
        if !repo::finish(work.conn(), mark).await? {
            return Err(Failure::new(
                Code::WrongState,
                "This mark is not of this database as it is: it was restored since, or belongs to another. Back up anew.",
            ));
        }
        let after = json!({ "version": mark.version });
        audit::record(&mut work, &Actor::system(), "backup.finish", Some(mark.operator.0), NOTHING, Some(&after))
            .await?;
        work.commit().await?;
    }
    Ok(())
}

/// Copies the database into a new file, proves that the copy opens and is whole, and marks it.
pub async fn backup_to(app: &App, url: &str, file: &Path) -> Result<Vec<BackupMark>, Failure> {
    let marks = copy::copy(url, file, app.now()).await.map_err(Failure::internal)?;
    backup_finish(app, &marks).await?;
    Ok(marks)
}

/// Whether this database is a copy that nobody said was restored.
pub async fn is_backup(app: &App) -> Result<bool, Failure> {
    Ok(repo::is_copy(&mut *app.reader().await?).await?)
}

/// This database was restored from a backup: a new epoch makes every device compare. All sign-ins end, because a token
/// that was exchanged or withdrawn since the backup would be good again.
pub async fn restored(app: &App) -> Result<u32, Failure> {
    let mut operators = 0;
    for mark in backup_begin(app).await? {
        let mut work = app.begin(mark.operator).await?;
        let (epoch, now) = (Epoch(mint(work.now())), work.now());
        let newest = repo::newest_act(work.conn(), mark.operator).await?.unwrap_or(now);
        let skipped = SKIPPED_NUMBERS + now.ms_since(newest).max(0) / 1_000;
        audit::note_restore(&mut work).await?;
        repo::begin_epoch(work.conn(), mark.operator, epoch, skipped).await?;
        repo::end_sessions(work.conn(), mark.operator, now).await?;
        sendings::end_after_restore(&mut work).await?;
        let after = json!({ "version": mark.version });
        audit::record(&mut work, &Actor::system(), "backup.restored", Some(mark.operator.0), NOTHING, Some(&after))
            .await?;
        work.commit().await?;
        operators += 1;
    }
    let mut tx = app.transaction().await?;
    repo::forget_copy(&mut tx).await?;
    tx.commit().await?;
    Ok(operators)
}

/// The last operation of a device up to which the newest backup holds everything. `head` is the end of its log.
pub(crate) async fn watermark(conn: &mut Conn, device: DeviceId, head: u32) -> Result<u32, Failure> {
    let missing = repo::first_missing(conn, device).await?;
    Ok(missing.map_or(head, |seq| u32::try_from(seq - 1).unwrap_or_default()))
}

/// The same for a device that only reads.
pub(crate) async fn watermark_of(conn: &mut Conn, device: DeviceId) -> Result<u32, Failure> {
    let head = repo::log_end(conn, device).await?;
    watermark(conn, device, u32::try_from(head).unwrap_or_default()).await
}

/// Refuses whoever speaks to the Central of before a restore. Under a lock of the device, so it holds until the commit.
pub(crate) async fn check_epoch(work: &mut Work, epoch: Epoch) -> Result<(), Failure> {
    let operator = work.operator();
    if operators::get(work.conn(), operator).await?.epoch == epoch {
        return Ok(());
    }
    Err(Failure::new(
        Code::EpochChanged,
        "Central was restored from a backup. Show it the leases of this device and ask for its log, then go on.",
    ))
}
