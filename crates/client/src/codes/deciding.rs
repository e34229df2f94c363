//! What only the operator's staff do to one code: hold it, let it pass, withdraw it. Through Central, which decides.

use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::CodeId;
use counterfoil_wire::codes::CodeReason;
use counterfoil_wire::endpoint::{AdminCodeApprove, AdminCodeHold, AdminCodeRevoke};

use super::CodesError;
use super::own::find;
use crate::api::Topic;
use crate::session;
use crate::till::Till;

/// What staff decide about a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Nobody can use it until it is let pass.
    Hold,
    /// A held code can be used again.
    Approve,
    /// It is withdrawn for good, and nothing is given back.
    Revoke,
}

impl Decision {
    /// What can be decided about a code in this state.
    pub(crate) fn of(state: CodeState) -> &'static [Self] {
        match state {
            CodeState::Sold => &[Self::Hold, Self::Revoke],
            CodeState::Held => &[Self::Approve, Self::Revoke],
            _ => &[],
        }
    }
}

/// Asks Central for it, with the reason that the audit keeps.
pub(crate) async fn decide(till: &Till, id: CodeId, decision: Decision, reason: String) -> Result<(), CodesError> {
    let mut db = till.read().await?;
    let known = find(&mut db, id).await?.ok_or(CodesError::NotFound)?;
    drop(db);
    let (id, reason) = (known.central_id.ok_or(CodesError::NotFound)?.to_string(), CodeReason { reason });
    match decision {
        Decision::Hold => session::call::<AdminCodeHold>(till, &[&id], &reason).await?,
        Decision::Approve => session::call::<AdminCodeApprove>(till, &[&id], &reason).await?,
        Decision::Revoke => session::call::<AdminCodeRevoke>(till, &[&id], &reason).await?,
    };
    till.tell(Topic::Codes);
    till.sync.wake();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_code_that_may_still_be_used_is_decided_about() {
        for state in CodeState::ALL {
            let decisions = Decision::of(state);
            assert_eq!(decisions.contains(&Decision::Hold), state == CodeState::Sold, "{state:?}");
            assert_eq!(decisions.contains(&Decision::Approve), state == CodeState::Held, "{state:?}");
            let open = matches!(state, CodeState::Sold | CodeState::Held);
            assert_eq!(decisions.contains(&Decision::Revoke), open, "{state:?}");
        }
    }
}
