//! Every code a lease or lot can produce, sold or not, under a keyed hash: what makes a redemption before the sale's
//! sync one index lookup.

mod repo;

use std::collections::HashMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::keys::Keys;
use counterfoil_domain::code::Code;
use uuid::Uuid;

use super::App;
use super::code::Family;
use super::lease::SlotRecord;
use super::stored::stored;
use super::work::Work;
use crate::dialect::{self, Conn};

pub(crate) use repo::Found;

/// The codes of one slot before they are stored: the hashes of the numbers from the first, one behind the other.
pub(crate) struct Candidates {
    slot: u8,
    first: u32,
    hashes: Vec<u8>,
}

/// Bytes of a hash.
const HASH: usize = 16;

/// All codes of these slots with the numbers 1 to `last`.
pub(crate) fn derive(keys: &Keys, family: &Family, slots: &[u8], last: u32) -> Vec<Candidates> {
    let of_slot = |slot: &u8| {
        let hashes = (1..=last).flat_map(|seq| keys.code_hash(&family.code(*slot, seq))).collect();
        Candidates { slot: *slot, first: 1, hashes }
    };
    slots.iter().map(of_slot).collect()
}

/// These codes of one slot, which are numbered without a gap from `first` on.
pub(crate) fn of_codes<'a>(keys: &Keys, slot: u8, first: u32, codes: impl Iterator<Item = &'a Code>) -> Candidates {
    Candidates { slot, first, hashes: codes.flat_map(|code| keys.code_hash(code)).collect() }
}

/// Stores them; false when one of the codes exists already, and then the caller withdraws the rest.
pub(crate) async fn insert(work: &mut Work, source: Uuid, candidates: &[Candidates]) -> Result<bool, Failure> {
    for one in candidates {
        let count = u64::try_from(one.hashes.len() / HASH).map_err(Failure::internal)?;
        if insert_new(work, source, one).await? != count {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Stores those that nobody has, and says how many they are.
pub(crate) async fn insert_new(work: &mut Work, source: Uuid, candidates: &Candidates) -> Result<u64, Failure> {
    let Candidates { slot, first, hashes } = candidates;
    Ok(dialect::insert_candidates(work.conn(), source, i64::from(*slot), i64::from(*first), hashes).await?)
}

/// The numbers of a source's slot from one to another that it has codes of.
pub(crate) async fn numbers(conn: &mut Conn, source: Uuid, slot: u8, from: u32, to: u32) -> Result<Vec<i64>, Failure> {
    Ok(repo::numbers(conn, source, i64::from(slot), i64::from(from), i64::from(to)).await?)
}

/// Takes back all codes of a source that was not stored after all.
pub(crate) async fn withdraw(work: &mut Work, source: Uuid) -> Result<(), Failure> {
    Ok(repo::delete_unseen(work.conn(), source).await?)
}

/// Forgets the numbers above `last` that nobody has seen.
pub(crate) async fn forget_above(work: &mut Work, source: Uuid, last: u32) -> Result<(), Failure> {
    Ok(repo::delete_unseen_above(work.conn(), source, i64::from(last)).await?)
}

/// Which code this is, if any lease or lot can produce it.
pub(crate) async fn find(app: &App, conn: &mut Conn, code: &Code) -> Result<Option<Found>, Failure> {
    Ok(find_all(app, conn, &[code]).await?.pop().flatten())
}

/// The same for many, in their order.
pub(crate) async fn find_all(app: &App, conn: &mut Conn, codes: &[&Code]) -> Result<Vec<Option<Found>>, Failure> {
    let hashes: Vec<[u8; HASH]> = codes.iter().map(|code| app.keys().code_hash(code)).collect();
    let found = repo::find(conn, &hashes).await?;
    let found: HashMap<Vec<u8>, Found> = found.into_iter().map(|found| (found.code_hash.clone(), found)).collect();
    Ok(hashes.iter().map(|hash| found.get(hash.as_slice()).cloned()).collect())
}

impl Found {
    /// The lease's slot this code was sold from.
    pub(crate) fn slot_record(&self) -> Result<SlotRecord, Failure> {
        let of = self.source_id;
        Ok(SlotRecord {
            slot: self.slot,
            plan_id: stored(self.plan_id, "lease_slot", "plan_id", of)?,
            plan_name: stored(self.plan_name.clone(), "lease_slot", "plan_name", of)?,
            term_days: stored(self.term_days, "lease_slot", "term_days", of)?,
            cost: stored(self.cost, "lease_slot", "cost", of)?,
            price: stored(self.price, "lease_slot", "price", of)?,
        })
    }
}
