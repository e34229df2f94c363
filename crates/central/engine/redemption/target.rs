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
use crate::engine::account::{FirstService, Seller};
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
        let mut numbers = Vec::with_capacity(asked.len());
        for (at, Asked { found, .. }) in asked.iter().enumerate() {
            let slot: u8 = stored_number(found.slot, "candidate", "slot", found.source_id)?;
            let seq: u32 = stored_number(found.seq, "candidate", "seq", found.source_id)?;
            numbers.push((found.source_id, at, slot, seq));
        }
        // Lease by lease and lot by lot, and in each as they came.
        numbers.sort_unstable();
        let of_sources: Vec<(Uuid, u32)> = numbers.iter().map(|(source, _, _, seq)| (*source, *seq)).collect();
        let codes = settlement::lock_codes(work, &of_sources).await?;
        let mut targets = Vec::with_capacity(asked.len());
        for ((source, at, slot, seq), code) in numbers.into_iter().zip(codes) {
            let lease = leases.get(&source);
            let sighting = match lease {
                Some(_) => settlement::sighting(slot, code)?,
                // Codes of a lot are settled from the day the lot was made.
                None => Sighting { seen: Seen::Settled, code: Some(stored(code, "lot", "code", source)?) },
            };
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
        Ok(targets)
    }

    /// With the service that an account opened for it has from the beginning.
    pub(super) fn wanted(&self, service: Option<FirstService>) -> Wanted<'_> {
        Wanted { subject: &self.asked.subject, seller: &self.seller, service, waits: self.waits }
    }

    pub(super) fn code(&self) -> Option<&CodeRecord> {
        self.sighting.code.as_ref()
    }

    /// The code, if it was used before.
    pub(super) fn used(&self) -> Option<&CodeRecord> {
        self.code().filter(|code| code.activated_at.is_some())
    }

    /// The code, if it was paid before and nobody holds it: no credit stands in its way any more.
    pub(super) fn paid(&self) -> Result<Option<&CodeRecord>, Failure> {
        let Some(code) = self.code().filter(|_| self.sighting.seen == Seen::Settled) else { return Ok(None) };
        Ok((code.state()? != CodeState::Held).then_some(code))
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
