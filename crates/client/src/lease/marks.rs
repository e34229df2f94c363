//! What the keyring need not remember of leases any more.

use counterfoil_domain::ids::LeaseId;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::outbox::LogWriter;
use crate::store::StoreError;

/// Leases whose marks stay, the newest.
const KEPT: i64 = 16;

/// All marks are one item of the keyring, because one write covers a sale, and items are small: on Windows 2,560 bytes,
/// which is some thirty leases, and then nothing could be sold. So marks of leases that are over go, once they are settled
/// or newer ones take their place, but not before Central has answered that they were closed. What has no mark cannot be
/// sold from, so this is safe.
pub(crate) async fn forget_over(writer: &mut LogWriter<'_>, server_now: Timestamp) -> Result<(), StoreError> {
    let over: Vec<Uuid> = sqlx::query_scalar!(
        r#"SELECT lease_id AS "lease_id: Uuid" FROM lease
        WHERE state <> 'open' AND (settle_until < ?1 OR (
            lease_id NOT IN (SELECT lease_id FROM lease ORDER BY issued_at DESC, lease_id DESC LIMIT ?2)
            AND NOT EXISTS (
                SELECT 1 FROM op WHERE op.lease_id = lease.lease_id AND op.kind = 'close_lease' AND op.outcome IS NULL)))"#,
        server_now.0,
        KEPT
    )
    .fetch_all(writer.db())
    .await?;
    for lease in over {
        writer.marks_mut().leases.remove(&LeaseId(lease));
    }
    Ok(())
}
