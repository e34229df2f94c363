//! Where whoever is here is signed in, ending that elsewhere, and one's own password. Central keeps it.

use std::sync::Arc;

use counterfoil_wire::sessions as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::types::id;
use crate::Client;
use crate::session::open;

/// A place where one is signed in.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SessionLine {
    pub session_id: String,
    /// The network address that it was last used from.
    pub address: String,
    /// Unix ms, as the next one.
    pub started_at: i64,
    pub last_used_at: i64,
    /// This one.
    pub current: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SessionRef {
    pub session_id: String,
}

/// Another password. Wherever else one is signed in, that ends.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    pub current_password: String,
    pub new_password: String,
}

impl std::fmt::Debug for ChangePassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChangePassword").finish_non_exhaustive()
    }
}

pub async fn change_password(client: &Arc<Client>, request: ChangePassword) -> Result<(), ApiError> {
    let asked = wire::ChangePassword { current_password: request.current_password, new_password: request.new_password };
    Ok(open::change_password(&*client.till()?, &asked).await?)
}

/// The last used first.
pub async fn sessions(client: &Arc<Client>, (): ()) -> Result<Vec<SessionLine>, ApiError> {
    Ok(open::list(&*client.till()?).await?.into_iter().map(line).collect())
}

/// Ends one; what is open then. Nothing is wrong where it was over already.
pub async fn end_session(client: &Arc<Client>, request: SessionRef) -> Result<Vec<SessionLine>, ApiError> {
    let till = client.till()?;
    open::end(&till, id(&request.session_id)?).await?;
    Ok(open::list(&till).await?.into_iter().map(line).collect())
}

/// Ends all but this one; what is open then.
pub async fn end_other_sessions(client: &Arc<Client>, (): ()) -> Result<Vec<SessionLine>, ApiError> {
    let till = client.till()?;
    open::end_others(&till).await?;
    Ok(open::list(&till).await?.into_iter().map(line).collect())
}

fn line(session: wire::SessionView) -> SessionLine {
    SessionLine {
        session_id: session.session_id.to_string(),
        address: session.address,
        started_at: session.started_at.0,
        last_used_at: session.last_used_at.0,
        current: session.current,
    }
}
