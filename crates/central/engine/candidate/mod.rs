//! Every code a lease or lot can produce, sold or not, under a keyed hash: what makes a redemption before the sale's
//! sync one index lookup.

mod repo;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::keys::Keys;
use counterfoil_domain::code::Code;
use uuid::Uuid;

use super::App;
use super::code::Family;
use super::lease::SlotRecord;
use super::stored::stored;
use super::work::Work;
use crate::dialect::Conn;

pub(crate) use repo::Found;

/// One code before it is stored.
pub(crate) struct Candidate {
    hash: [u8; 16],
    slot: u8,
    seq: u32,
}

/// All codes of these slots with the numbers 1 to `last`.
pub(crate) fn derive(keys: &Keys, family: &Family, slots: &[u8], last: u32) -> Vec<Candidate> {
    let numbers = slots.iter().flat_map(|slot| (1..=last).map(move |seq| (*slot, seq)));
    numbers.map(|(slot, seq)| Candidate { hash: keys.code_hash(&family.code(slot, seq)), slot, seq }).collect()
}

/// Stores them; false when one of the codes exists already, and then the caller withdraws the rest.
pub(crate) async fn insert(work: &mut Work, source: Uuid, candidates: &[Candidate]) -> Result<bool, Failure> {
    for batch in candidates.chunks(repo::BATCH) {
        if repo::insert(work.conn(), source, batch).await? != batch.len() {
            return Ok(false);
        }
    }
    Ok(true)
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
    Ok(repo::find(conn, &app.keys().code_hash(code)).await?)
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
