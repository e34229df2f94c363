//! A look at all accounts of a portal: what changed by the cheap list ([`listing`]), what it is by the details
//! ([`details`]), and where it disagrees with Central ([`conclude`]). Nothing is concluded from a part of a list, and what
//! nobody would believe unasked is asked about first. It writes nothing to the portal and nothing to a customer's account;
//! when accounts were last at the portal stands beside them ([`access`]).

mod access;
mod conclude;
mod details;
mod judge;
mod listing;
mod oddities;
mod repo;

use counterfoil_domain::portal::JobPhase;

use super::portal_jobs::{Held, Stop};

pub(crate) use conclude::compare_again;

/// Goes on from where it stands.
pub(crate) async fn run(held: &Held<'_>) -> Result<(), Stop> {
    let phase = held.job.phase()?;
    if phase == JobPhase::Listing {
        listing::list(held).await?;
    }
    if matches!(phase, JobPhase::Listing | JobPhase::Details) {
        details::read(held).await?;
    }
    conclude::compare(held).await
}
