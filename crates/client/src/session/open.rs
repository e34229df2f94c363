//! The sessions that Central has open for whoever is signed in here, and the password that opens them.

use counterfoil_domain::ids::SessionId;
use counterfoil_wire::endpoint::{MePassword, SessionDelete, Sessions};
use counterfoil_wire::problem::Code;
use counterfoil_wire::sessions::{ChangePassword, SessionView};

use super::{SessionError, call};
use crate::till::Till;

/// The last used first.
pub(crate) async fn list(till: &Till) -> Result<Vec<SessionView>, SessionError> {
    call::<Sessions>(till, &[], &()).await
}

/// Ends one, or finds that it is over: somebody else may have been faster.
pub(crate) async fn end(till: &Till, session: SessionId) -> Result<(), SessionError> {
    match call::<SessionDelete>(till, &[&session.to_string()], &()).await {
        Err(SessionError::Central(error)) if error.is(Code::NotFound) => Ok(()),
        ended => ended,
    }
}

/// Ends all but the one that asks. One after the other: where the line is cut, those that are left are still in the list.
pub(crate) async fn end_others(till: &Till) -> Result<(), SessionError> {
    for session in list(till).await?.into_iter().filter(|session| !session.current) {
        end(till, session.session_id).await?;
    }
    Ok(())
}

/// Another password; this session goes on, the others end.
pub(crate) async fn change_password(till: &Till, asked: &ChangePassword) -> Result<(), SessionError> {
    call::<MePassword>(till, &[], asked).await
}
