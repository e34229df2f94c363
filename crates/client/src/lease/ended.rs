//! Leases that are over at Central, whatever this device's own file says of them.

use counterfoil_domain::ids::LeaseId;
use uuid::Uuid;

use super::repo;
use crate::store::StoreError;
use crate::till::Till;

struct Ended {
    lease_id: Uuid,
    state: String,
}

/// Ends here what Central's rows show as ended. Read off the rows and not off the page that brought them: a kill between the
/// two files, an older `local.db` or a lease that was fetched again would leave it open for ever, and what is sold from it
/// is held.
pub(crate) async fn end_as_central(till: &Till) -> Result<(), StoreError> {
    let ended = sqlx::query_as!(
        Ended,
        r#"SELECT lease.lease_id AS "lease_id!: Uuid", cached_lease.state AS "state!" FROM lease
        JOIN cached_lease ON cached_lease.lease_id = lease.lease_id
        WHERE cached_lease.state <> 'open' AND lease.state <> cached_lease.state
        AND (lease.state IN ('open', 'closed') OR (lease.state = 'expired' AND cached_lease.state = 'revoked'))"#
    )
    .fetch_all(&mut *till.read().await?)
    .await?;
    if ended.is_empty() {
        return Ok(());
    }
    let mut transaction = till.store().write_local().await?;
    for Ended { lease_id, state } in ended {
        repo::end(&mut transaction, LeaseId(lease_id), repo::state(&state)?).await?;
    }
    transaction.commit().await?;
    Ok(())
}
