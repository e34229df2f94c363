//! Requests for credit: a shop asks, staff answer. Needs Central.

use counterfoil_domain::ids::{TopUpRequestId, TransferId};
use counterfoil_wire::endpoint::{
    AdminTopUpApprove, AdminTopUpReject, AdminTopUps, ResellerTopUpCancel, ResellerTopUpCreate, ResellerTopUps,
};
use counterfoil_wire::page::Page;
use counterfoil_wire::top_ups::{ApproveTopUp, RejectTopUp, RequestTopUp, TopUpRequest, TopUpsQuery};

use crate::admin::is_staff;
use crate::session::{SessionError, call};
use crate::till::Till;

/// The newest first: for staff of all resellers, for a shop its own.
pub(crate) async fn list(till: &Till, query: &TopUpsQuery) -> Result<Page<TopUpRequest>, SessionError> {
    if is_staff(till).await? {
        call::<AdminTopUps>(till, &[], query).await
    } else {
        call::<ResellerTopUps>(till, &[], query).await
    }
}

/// Asks; the same again is answered, not asked twice.
pub(crate) async fn ask(till: &Till, asked: &RequestTopUp) -> Result<TopUpRequest, SessionError> {
    call::<ResellerTopUpCreate>(till, &[], asked).await
}

pub(crate) async fn cancel(till: &Till, request: TopUpRequestId) -> Result<TopUpRequest, SessionError> {
    call::<ResellerTopUpCancel>(till, &[&request.to_string()], &()).await
}

/// Books the credit, once however often it is approved.
pub(crate) async fn approve(
    till: &Till,
    request: TopUpRequestId,
    transfer_id: TransferId,
) -> Result<TopUpRequest, SessionError> {
    let approved = call::<AdminTopUpApprove>(till, &[&request.to_string()], &ApproveTopUp { transfer_id }).await?;
    till.sync.wake();
    Ok(approved)
}

pub(crate) async fn reject(till: &Till, request: TopUpRequestId, reason: String) -> Result<TopUpRequest, SessionError> {
    call::<AdminTopUpReject>(till, &[&request.to_string()], &RejectTopUp { reason }).await
}
