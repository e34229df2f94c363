//! Credit packs: staff keep them, a reseller sees what it can buy. Needs Central.

use counterfoil_wire::credit_packs::{CreditPack, SaveCreditPack};
use counterfoil_wire::endpoint::{AdminCreditPackCreate, AdminCreditPackUpdate, AdminCreditPacks, ResellerCreditPacks};

use crate::admin::is_staff;
use crate::session::{SessionError, call};
use crate::till::Till;

/// By size: for staff archived ones too, behind the others.
pub(crate) async fn list(till: &Till) -> Result<Vec<CreditPack>, SessionError> {
    if is_staff(till).await? {
        call::<AdminCreditPacks>(till, &[], &()).await
    } else {
        call::<ResellerCreditPacks>(till, &[], &()).await
    }
}

pub(crate) async fn save(till: &Till, pack: &SaveCreditPack) -> Result<CreditPack, SessionError> {
    if pack.version.is_none() {
        call::<AdminCreditPackCreate>(till, &[], pack).await
    } else {
        call::<AdminCreditPackUpdate>(till, &[&pack.pack_id.to_string()], pack).await
    }
}
