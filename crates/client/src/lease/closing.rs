//! Closing a lease: the keyring first, then the database and the log (offline.md 1.6).

use counterfoil_domain::ids::LeaseId;
use counterfoil_domain::lease::LeaseState;
use counterfoil_domain::oplog::OpBody;

use super::{LeaseError, repo};
use crate::api::Topic;
use crate::outbox::LogWriter;
use crate::till::Till;

/// Issues no more from this lease and says how much of it was used; Central gives the rest back.
pub(crate) async fn close(till: &Till, lease_id: LeaseId) -> Result<(), LeaseError> {
    let mut writer = LogWriter::begin(till).await?;
    let marks = writer.marks().clone();
    let leases = repo::leases(writer.db(), &marks).await?;
    let lease = leases.into_iter().find(|lease| lease.lease_id == lease_id).ok_or(LeaseError::Unknown)?;
    if lease.state != LeaseState::Open {
        return Err(LeaseError::NotOpen);
    }
    let mark = writer.marks_mut().leases.get_mut(&lease_id).ok_or(LeaseError::NotInKeyring)?;
    *mark = mark.max(lease.mark);
    mark.closed = true;
    let (last_seq, used) = (mark.seq, mark.used);
    repo::raise_use(writer.db(), lease_id, lease.mark).await?;
    repo::end(writer.db(), lease_id, LeaseState::Closed).await?;
    writer.append(OpBody::CloseLease { lease_id, last_seq, used }).await?;
    writer.commit().await?;
    for topic in [Topic::Credit, Topic::Selling, Topic::Queue] {
        till.tell(topic);
    }
    till.sync.wake();
    Ok(())
}
