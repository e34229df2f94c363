//! What the operator looks like, at Central.

use counterfoil_wire::brand::{Brand, SaveBrand, SaveLogo};
use counterfoil_wire::endpoint::{AdminBrand, AdminBrandUpdate, AdminLogoDelete, AdminLogoUpdate, PublicLogo};
use counterfoil_wire::problem::Code;

use crate::central::{Address, Caller, CentralError};
use crate::session::{SessionError, call};
use crate::till::Till;

pub(crate) async fn read(till: &Till) -> Result<Brand, SessionError> {
    call::<AdminBrand>(till, &[], &()).await
}

/// As it was read.
pub(crate) async fn save(till: &Till, asked: &SaveBrand) -> Result<Brand, SessionError> {
    call::<AdminBrandUpdate>(till, &[], asked).await
}

/// In place of the one that was read.
pub(crate) async fn save_logo(till: &Till, asked: &SaveLogo) -> Result<Brand, SessionError> {
    call::<AdminLogoUpdate>(till, &[], asked).await
}

pub(crate) async fn delete_logo(till: &Till) -> Result<Brand, SessionError> {
    call::<AdminLogoDelete>(till, &[], &()).await
}

/// The picture itself; none where it was taken away meanwhile.
pub(crate) async fn logo(till: &Till) -> Result<Option<Vec<u8>>, SessionError> {
    let device = till.device().await?.ok_or(CentralError::NotSignedIn)?;
    let address = Address::parse(&device.server_url)
        .ok_or_else(|| CentralError::Incompatible("the stored address cannot be read".into()))?;
    match till.central().bytes::<PublicLogo>(&address, &(), Caller::Nobody).await {
        Ok(png) => Ok(Some(png)),
        Err(error) if error.is(Code::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
