//! Trials: codes that cost nothing. Central counts them, so they need it.

use counterfoil_wire::codes::{CreateCode, CreatedCode};
use counterfoil_wire::endpoint::{ResellerCodeCreate, ResellerTrials};
use counterfoil_wire::plans::TrialAllowance;

use crate::session::{SessionError, call};
use crate::till::Till;

/// What the shop may give this month.
pub(crate) async fn list(till: &Till) -> Result<Vec<TrialAllowance>, SessionError> {
    call::<ResellerTrials>(till, &[], &()).await
}

/// Makes one; the same again is answered with the same code.
pub(crate) async fn make(till: &Till, order: &CreateCode) -> Result<CreatedCode, SessionError> {
    let made = call::<ResellerCodeCreate>(till, &[], order).await?;
    till.sync.wake();
    Ok(made)
}
