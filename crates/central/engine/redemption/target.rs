//! A number about to be redeemed, and what stands against it.

use std::collections::BTreeMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::code::CodeState;
use counterfoil_domain::settlement::{HeldReason, Seen};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::RedeemError;
use super::lane::Asked;
use super::subject::Wanted;
use crate::engine::account::Seller;
use crate::engine::code::CodeRecord;
use crate::engine::lease::LeaseRecord;
use crate::engine::settlement::{self, Sighting};
use crate::engine::stored::{stored, stored_number};
use crate::engine::work::Work;

/// Locked, with its lease.
pub(super) struct Target<'a> {
    /// Its place in the batch.
    pub(super) at: usize,
    pub(super) asked: &'a Asked,
    /// None when it is of a lot.
    pub(super) lease: Option<&'a LeaseRecord>,
    pub(super) slot: u8,
    pub(super) seq: u32,
    pub(super) sighting: Sighting,
    /// Whose code it is.
    pub(super) seller: Seller,
    /// It was seen before, and would go on waiting for the shop.
    waits: bool,
}

impl<'a> Target<'a> {
    /// Takes the locks of the codes; those of the leases are held.
    pub(super) async fn lock(
        work: &mut Work,
        asked: &'a [Asked],
        leases: &'a BTreeMap<Uuid, LeaseRecord>,
    ) -> Result<Vec<Self>, Failure> {
        let mut of_sources = BTreeMap::<Uuid, Vec<(usize, u8, u32)>>::new();
        for (at, Asked { found, .. }) in asked.iter().enumerate() {
            let slot = stored_number(found.slot, "candidate", "slot", found.source_id)?;
            let seq = stored_number(found.seq, "candidate", "seq", found.source_id)?;
            of_sources.entry(found.source_id).or_default().push((at, slot, seq));
        }
        let mut targets = Vec::with_capacity(asked.len());
        for (source, numbers) in of_sources {
            let lease = leases.get(&source);
            let sightings = match lease {
                Some(lease) => {
                    let numbers: Vec<_> = numbers.iter().map(|(_, slot, seq)| (*slot, *seq)).collect();
                    settlement::look(work, lease, &numbers).await?
                }
                None => of_lot(work, source, &numbers).await?,
            };
            for ((at, slot, seq), sighting) in numbers.into_iter().zip(sightings) {
                let seller = match (lease, &sighting.code) {
                    (Some(lease), _) => Seller { id: lease.reseller_id, path: lease.reseller_path.clone() },
                    (None, code) => {
                        let code = stored(code.as_ref(), "lot", "code", source)?;
                        Seller { id: code.reseller_id, path: code.reseller_path.clone() }
                    }
                };
                let waits = waits(work, &sighting).await?;
                targets.push(Self { at, asked: &asked[at], lease, slot, seq, sighting, seller, waits });
            }
        }
        Ok(targets)
    }

    pub(super) fn wanted(&self) -> Wanted<'_> {
        Wanted { subject: &self.asked.subject, seller: &self.seller, waits: self.waits }
    }

    pub(super) fn code(&self) -> Option<&CodeRecord> {
        self.sighting.code.as_ref()
    }

    /// The code, if it was used before.
    pub(super) fn used(&self) -> Option<&CodeRecord> {
        self.code().filter(|code| code.activated_at.is_some())
    }

    fn redeem_by(&self) -> i64 {
        let of_lease = self.lease.map(|lease| lease.redeem_by);
        self.code().map(|code| code.redeem_by).or(of_lease).unwrap_or(i64::MIN)
    }

    /// What stands against it before anything is asked about the subscriber.
    pub(super) fn check(&self, now: Timestamp) -> Result<(), RedeemError> {
        if let Some(code) = self.code() {
            match code.state()? {
                // Handled by the caller: the same subscriber gets the first answer again.
                CodeState::Activated => return Ok(()),
                CodeState::Voided | CodeState::Revoked => return Err(RedeemError::Withdrawn),
                CodeState::Expired => return Err(RedeemError::Expired),
                CodeState::Held if code.is_paid()? => return Err(RedeemError::Held),
                _ => {}
            }
        }
        if now.0 >= self.redeem_by() { Err(RedeemError::Expired) } else { Ok(()) }
    }
}

/// Whether a code that waits would go on waiting, as the books stand before they are locked.
async fn waits(work: &mut Work, sighting: &Sighting) -> Result<bool, Failure> {
    let Some(code) = sighting.code.as_ref().filter(|_| sighting.seen == Seen::Held) else { return Ok(false) };
    Ok(code.held_reason()? != Some(HeldReason::NoCredit) || !settlement::is_payable(work.conn(), code.id).await?)
}

/// Codes of a lot are settled from the day the lot was made.
async fn of_lot(work: &mut Work, lot: Uuid, numbers: &[(usize, u8, u32)]) -> Result<Vec<Sighting>, Failure> {
    let seqs: Vec<u32> = numbers.iter().map(|(_, _, seq)| *seq).collect();
    let codes = settlement::lock_codes(work, lot, &seqs).await?;
    let sighting = |code: Option<_>| {
        let code = stored(code, "lot", "code", lot)?;
        Ok(Sighting { seen: Seen::Settled, code: Some(code) })
    };
    codes.into_iter().map(sighting).collect()
}
