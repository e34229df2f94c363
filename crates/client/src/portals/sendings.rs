//! Sendings to the boxes of many accounts: asked for here, sent by Central, whoever closes which window.

use counterfoil_domain::ids::{PortalId, SendingId};
use counterfoil_wire::endpoint::{
    AdminPortalReach, AdminSending, AdminSendingCancel, AdminSendingCreate, AdminSendings,
};
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::sendings::{Addressees, AskReach, Reach, Sending, StartSending};

use super::PORTAL_LIMIT;
use crate::session::{SessionError, call, call_within};
use crate::till::Till;

/// Who would be reached now. Nothing is sent.
pub(crate) async fn reach(till: &Till, portal: PortalId, to: Addressees) -> Result<Reach, SessionError> {
    call_within::<AdminPortalReach>(till, PORTAL_LIMIT, &[&portal.to_string()], &AskReach { to }).await
}

/// Starts it; the same again is answered with what became of it.
pub(crate) async fn start(till: &Till, portal: PortalId, asked: &StartSending) -> Result<Sending, SessionError> {
    call_within::<AdminSendingCreate>(till, PORTAL_LIMIT, &[&portal.to_string()], asked).await
}

/// The newest first.
pub(crate) async fn list(till: &Till, portal: PortalId, query: &PageQuery) -> Result<Page<Sending>, SessionError> {
    call::<AdminSendings>(till, &[&portal.to_string()], query).await
}

pub(crate) async fn one(till: &Till, sending: SendingId) -> Result<Sending, SessionError> {
    call::<AdminSending>(till, &[&sending.to_string()], &()).await
}

/// What has not begun is never sent.
pub(crate) async fn cancel(till: &Till, sending: SendingId) -> Result<Sending, SessionError> {
    call::<AdminSendingCancel>(till, &[&sending.to_string()], &()).await
}
