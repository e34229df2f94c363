//! The second factor of whoever is signed in, at Central. Nothing of it is kept here.

use counterfoil_wire::endpoint::{
    AdminSecondFactorRemove, Me, RecoveryCodesRenew, SecondFactorBegin, SecondFactorConfirm, SecondFactorEnd,
};
use counterfoil_wire::second_factor::{
    BeginSecondFactor, ConfirmSecondFactor, ProveSecondFactor, RecoveryCodes, RemoveSecondFactor, RemovedSecondFactor,
    SecondFactor, SecondFactorSecret,
};

use crate::session::{SessionError, call};
use crate::till::Till;

pub(crate) async fn standing(till: &Till) -> Result<SecondFactor, SessionError> {
    Ok(call::<Me>(till, &[], &()).await?.second_factor)
}

pub(crate) async fn begin(till: &Till, password: String) -> Result<SecondFactorSecret, SessionError> {
    call::<SecondFactorBegin>(till, &[], &BeginSecondFactor { password }).await
}

pub(crate) async fn confirm(till: &Till, code: String) -> Result<RecoveryCodes, SessionError> {
    call::<SecondFactorConfirm>(till, &[], &ConfirmSecondFactor { code }).await
}

pub(crate) async fn end(till: &Till, password: String, code: String) -> Result<(), SessionError> {
    call::<SecondFactorEnd>(till, &[], &ProveSecondFactor { password, code }).await
}

pub(crate) async fn renew(till: &Till, password: String, code: String) -> Result<RecoveryCodes, SessionError> {
    call::<RecoveryCodesRenew>(till, &[], &ProveSecondFactor { password, code }).await
}

/// From somebody who lost app and recovery codes.
pub(crate) async fn remove(till: &Till, asked: &RemoveSecondFactor) -> Result<RemovedSecondFactor, SessionError> {
    call::<AdminSecondFactorRemove>(till, &[], asked).await
}
