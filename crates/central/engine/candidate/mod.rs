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

/// Codes of a source before they are stored: as many of each slot, with the numbers from the first on.
pub(crate) struct Candidates {
    pub(crate) slots: Vec<i64>,
    pub(crate) first: i64,
    /// How many of each slot.
    pub(crate) each: i64,
    /// 16 bytes for each code: all of the first slot, then all of the next.
    pub(crate) hashes: Vec<u8>,
}

/// Bytes of a hash.
const HASH: usize = 16;

/// So many codes are made on the thread that asks: handing them to others would take longer.
const AT_ONCE: usize = 1_000;

/// All codes of these slots with the numbers 1 to `last`. Where they are many, each slot is a piece of work for a thread of
/// its own, so that all cores take part and whoever else is served does not wait.
pub(crate) async fn derive(keys: &Keys, family: &Family, slots: &[u8], last: u32) -> Result<Candidates, Failure> {
    let hashes_of = |slot: u8| {
        let (codes, hasher) = (family.derivation().clone(), keys.code_hasher());
        move || -> Vec<u8> { (1..=last).flat_map(|seq| hasher.hash(&codes.code(slot, seq))).collect() }
    };
    let each = usize::try_from(last).map_err(Failure::internal)?;
    let mut hashes = Vec::with_capacity(slots.len() * each * HASH);
    if slots.len() * each <= AT_ONCE {
        for slot in slots {
            hashes.extend(hashes_of(*slot)());
        }
    } else {
        let pieces: Vec<_> = slots.iter().map(|slot| tokio::task::spawn_blocking(hashes_of(*slot))).collect();
        for piece in pieces {
            hashes.extend(piece.await.map_err(Failure::internal)?);
        }
    }
    let slots = slots.iter().copied().map(i64::from).collect();
    Ok(Candidates { slots, first: 1, each: i64::from(last), hashes })
}

/// These codes of one slot, which are numbered without a gap from `first` on.
pub(crate) fn of_codes(keys: &Keys, slot: u8, first: u32, codes: &[Code]) -> Result<Candidates, Failure> {
    let (hasher, each) = (keys.code_hasher(), i64::try_from(codes.len()).map_err(Failure::internal)?);
    let hashes = codes.iter().flat_map(|code| hasher.hash(code)).collect();
    Ok(Candidates { slots: vec![i64::from(slot)], first: i64::from(first), each, hashes })
}

/// Stores them; false when one of the codes exists already, and then the caller withdraws the rest.
pub(crate) async fn insert(work: &mut Work, source: Uuid, candidates: &Candidates) -> Result<bool, Failure> {
    let count = u64::try_from(candidates.hashes.len() / HASH).map_err(Failure::internal)?;
    Ok(insert_new(work, source, candidates).await? == count)
}

/// Stores those that nobody has, and says how many they are.
pub(crate) async fn insert_new(work: &mut Work, source: Uuid, candidates: &Candidates) -> Result<u64, Failure> {
    Ok(dialect::insert_candidates(work.conn(), source, candidates).await?)
}

/// The numbers of a source's slot from one to another that it has codes of; revoked ones are none.
pub(crate) async fn numbers(conn: &mut Conn, source: Uuid, slot: u8, from: u32, to: u32) -> Result<Vec<i64>, Failure> {
    Ok(repo::numbers(conn, source, i64::from(slot), i64::from(from), i64::from(to)).await?)
}

/// How many of a source's first slot can still be given to somebody.
pub(crate) async fn count(conn: &mut Conn, source: Uuid, from: u32, to: u32) -> Result<i64, Failure> {
    Ok(repo::count(conn, source, (i64::from(from), i64::from(to)), false).await?)
}

/// How many of a source's first slot are revoked.
pub(crate) async fn count_revoked(conn: &mut Conn, source: Uuid, from: u32, to: u32) -> Result<i64, Failure> {
    Ok(repo::count(conn, source, (i64::from(from), i64::from(to)), true).await?)
}

/// Revokes the numbers from one to another of a source's first slot, for good, and says how many were not yet. They stay the
/// source's: whoever brings one is told.
pub(crate) async fn revoke(work: &mut Work, source: Uuid, (first, last): (i64, i64)) -> Result<u64, Failure> {
    Ok(repo::revoke(work.conn(), source, first, last).await?)
}

/// Makes the numbers from one to another of a source's first slot another source's, but for revoked ones, and says how many that were. The codes
/// are the same as ever: they derive from where they were made.
pub(crate) async fn hand_over(
    work: &mut Work,
    source: Uuid,
    to: Uuid,
    (first, last): (i64, i64),
) -> Result<u64, Failure> {
    Ok(repo::hand_over(work.conn(), source, to, first, last).await?)
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
    let hasher = app.keys().code_hasher();
    let hashes: Vec<[u8; HASH]> = codes.iter().map(|code| hasher.hash(code)).collect();
    let found = dialect::find_candidates(conn, &hashes).await?;
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
