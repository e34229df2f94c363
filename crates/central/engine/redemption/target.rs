//! A number about to be redeemed, and what stands against it.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::code::CodeState;
use counterfoil_domain::settlement::Seen;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::RedeemError;
use super::lane::Asked;
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
}

impl<'a> Target<'a> {
    /// Takes the code's lock; the lease's is held.
    pub(super) async fn lock(
        work: &mut Work,
        at: usize,
        asked: &'a Asked,
        lease: Option<&'a LeaseRecord>,
    ) -> Result<Self, Failure> {
        let (found, source) = (&asked.found, asked.found.source_id);
        let seq = stored_number(found.seq, "candidate", "seq", source)?;
        let slot = stored_number(found.slot, "candidate", "slot", source)?;
        let sighting = if let Some(lease) = lease {
            settlement::look(work, lease, slot, seq).await?
        } else {
            let code = settlement::lock_code(work, source, seq).await?;
            Sighting { seen: Seen::Settled, code: Some(stored(code, "lot", "code", source)?) }
        };
        Ok(Self { at, asked, lease, slot, seq, sighting })
    }

    pub(super) fn code(&self) -> Option<&CodeRecord> {
        self.sighting.code.as_ref()
    }

    /// The code, if it was used before.
    pub(super) fn used(&self) -> Option<&CodeRecord> {
        self.code().filter(|code| code.activated_at.is_some())
    }

    pub(super) fn reseller(&self) -> Result<Uuid, RedeemError> {
        let of_lease = self.lease.map(|lease| lease.reseller_id);
        of_lease.or(self.code().map(|code| code.reseller_id)).ok_or(RedeemError::Unknown)
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
