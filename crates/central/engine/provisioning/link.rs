//! Which account of a portal is a customer's.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::PortalId;
use uuid::Uuid;

use super::{repo, want};
use crate::dialect::Conn;
use crate::engine::work::Work;

/// The portal's account of this login is the customer's, as it stands: nothing is written to it for now.
pub(crate) async fn link(work: &mut Work, portal: PortalId, account: Uuid, login: &str) -> Result<(), Failure> {
    let operator = work.operator();
    Ok(repo::link(work.conn(), operator, portal, account, login).await?)
}

/// The same, and Central's values are written over it, the password too.
pub(crate) async fn link_and_write(
    work: &mut Work,
    portal: PortalId,
    account: Uuid,
    login: &str,
) -> Result<(), Failure> {
    let (operator, now) = (work.operator(), work.now());
    repo::link_and_write(work.conn(), operator, portal, account, login, now).await?;
    work.wake_provisioning();
    Ok(())
}

/// Nobody says any more that it is the customer's. It is wanted anew, so that a customer who paid is not taken for served.
pub(crate) async fn unlink(work: &mut Work, portal: PortalId, account: Uuid) -> Result<(), Failure> {
    want(work, &[account]).await?;
    Ok(repo::unlink(work.conn(), portal, account).await?)
}

/// An account that was deleted on the portal is created again. It has to be wanted.
pub(crate) async fn make_anew(work: &mut Work, portal: PortalId, account: Uuid) -> Result<(), Failure> {
    Ok(repo::make_anew(work.conn(), portal, account).await?)
}

/// Customers' accounts that are on a portal, by id.
pub(crate) async fn linked_after(
    conn: &mut Conn,
    portal: PortalId,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Uuid>, Failure> {
    Ok(repo::linked_after(conn, portal, after, limit).await?)
}

pub(crate) async fn count_linked(conn: &mut Conn, portal: PortalId) -> Result<i64, Failure> {
    Ok(repo::count_linked(conn, portal).await?)
}
