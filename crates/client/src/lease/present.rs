//! Showing a restored Central the leases it may have lost.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use counterfoil_domain::ids::Epoch;
use counterfoil_wire::endpoint::LeasePresent;
use counterfoil_wire::leases::{LeaseStanding, MAX_PRESENTED, PresentLeases, PresentedLease};
use uuid::Uuid;

use super::LeaseError;
use crate::store::StoreError;
use crate::till::{AsDevice, Till};

struct Held {
    lease_id: Uuid,
    number: i64,
    blob: Vec<u8>,
}

/// Shows every lease whose codes can still be redeemed. Central knows most of them, and says so.
pub(crate) async fn present(till: &Till, asking: &AsDevice<'_>, epoch: Epoch) -> Result<(), LeaseError> {
    // Those too, whose time is over by this clock: it may be wrong, and Central knows.
    let held =
        sqlx::query_as!(Held, r#"SELECT lease_id AS "lease_id: Uuid", number, blob FROM lease ORDER BY issued_at"#)
            .fetch_all(&mut *till.read().await?)
            .await
            .map_err(StoreError::from)?;
    for some in held.chunks(MAX_PRESENTED) {
        let request = PresentLeases { epoch, leases: some.iter().map(shown).collect() };
        let answer = till.central().call::<LeasePresent>(&asking.address, &[], &request, asking.caller()).await;
        let answer = answer.map_err(LeaseError::Central)?;
        for (lease, standing) in some.iter().zip(&answer.standings) {
            note(till, lease.lease_id, *standing, answer.version).await?;
        }
    }
    Ok(())
}

fn shown(lease: &Held) -> PresentedLease {
    PresentedLease {
        number: u32::try_from(lease.number).unwrap_or_default(),
        blob: BASE64_STANDARD.encode(&lease.blob),
    }
}

async fn note(till: &Till, lease: Uuid, standing: LeaseStanding, version: i64) -> Result<(), StoreError> {
    match standing {
        LeaseStanding::Known => return Ok(()),
        LeaseStanding::Refused => {
            tracing::error!(%lease, "Central does not take this lease back");
            return Ok(());
        }
        LeaseStanding::Restored | LeaseStanding::Expired => {}
    }
    tracing::warn!(%lease, ?standing, "Central had lost this lease");
    let mut transaction = till.store().write_local().await?;
    // It stands in the feed at this version now.
    sqlx::query!("UPDATE lease SET granted_version = ?2 WHERE lease_id = ?1", lease, version)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}
