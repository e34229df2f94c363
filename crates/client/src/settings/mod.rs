//! What the operator sets for itself, at Central.

use counterfoil_wire::endpoint::{AdminSettings, AdminSettingsUpdate};
use counterfoil_wire::settings::{OperatorSettings, SaveSettings};

use crate::session::{SessionError, call};
use crate::till::Till;

pub(crate) async fn read(till: &Till) -> Result<OperatorSettings, SessionError> {
    call::<AdminSettings>(till, &[], &()).await
}

/// As they were read.
pub(crate) async fn save(till: &Till, asked: &SaveSettings) -> Result<OperatorSettings, SessionError> {
    call::<AdminSettingsUpdate>(till, &[], asked).await
}
