//! A whole new copy of Central's rows, made beside the one in use and put in its place when it is whole.
//!
//! Needed on the first sync, after Central was restored, after a long absence, and when the rows here do not add up to
//! Central's. What is shown until then is the old copy. The new one is fetched as a ready-made file where Central offers
//! one, otherwise read page by page; each stage is on the disk, so a kill goes on where it was:
//!
//! | On the disk | Next |
//! |---|---|
//! | nothing | ask for the manifest; begin an empty copy when there is none |
//! | `snapshot.json`, `snapshot.part` | fetch the next chunks and unpack them; when all are here check, and move to `next.db` |
//! | `next.db` | pull pages into it from where it stands; at the end of the feed it becomes the cache |

mod durable;
mod fetch;
mod files;
mod finish;
mod inflate;
mod pages;
mod snapshot;
mod unpack;

use super::SyncError;
use crate::store::StoreError;
use crate::till::{AsDevice, Till};

use files::Files;
pub(super) use snapshot::Fetched;

/// What one run has tried. The next run may try it again.
#[derive(Debug)]
pub(super) struct Attempt {
    /// A ready-made file may be asked for.
    pub(super) snapshots: bool,
    /// The copy came as one: where it does not add up, pages are better.
    from_snapshot: bool,
    /// A ready-made file that is being fetched and unpacked.
    arriving: Option<fetch::Arriving>,
    /// Chunks that arrived damaged.
    damaged: u32,
    /// Copies given up because Central moved on.
    begun: u32,
    /// Times Central was waited for while it made a file.
    waited: u32,
    /// The rows were found different from Central's and are read again.
    pub(super) repaired: bool,
}

impl Default for Attempt {
    fn default() -> Self {
        Self { snapshots: true, from_snapshot: false, arriving: None, damaged: 0, begun: 0, waited: 0, repaired: false }
    }
}

/// Says that everything must be read again, and drops what was begun for the same reason before. The rows stay.
pub(super) async fn require(till: &Till) -> Result<(), StoreError> {
    let mut transaction = till.store().write_cache().await?;
    counterfoil_cache::void_position(&mut transaction).await?;
    transaction.commit().await?;
    discard(till).await
}

/// Drops everything unfinished.
pub(super) async fn discard(till: &Till) -> Result<(), StoreError> {
    Files::of(till).discard()?;
    till.store().discard_next().await
}

impl Attempt {
    /// Nothing of an unfinished file is written any more when this returns.
    async fn stop_unpacking(&mut self) {
        if let Some(arriving) = self.arriving.take() {
            arriving.inflater.stop().await;
        }
    }
}

/// Fetches the next part of a ready-made file, for a cache that nothing was read into yet.
pub(super) async fn fetch(till: &Till, asking: &AsDevice<'_>, attempt: &mut Attempt) -> Result<Fetched, SyncError> {
    if till.store().has_next() {
        return Ok(Fetched::Ready);
    }
    snapshot::advance(till, asking, attempt).await
}

/// One step; true when more wait.
pub(super) async fn advance(till: &Till, asking: &AsDevice<'_>, attempt: &mut Attempt) -> Result<bool, SyncError> {
    match fetch(till, asking, attempt).await? {
        Fetched::Part => Ok(true),
        Fetched::Ready | Fetched::Unavailable => pages::page(till, asking, attempt).await,
    }
}
