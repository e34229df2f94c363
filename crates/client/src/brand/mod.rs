//! What the operator and its resellers look like: set at Central, and kept on this computer as far as it shows it.

mod repo;
mod shown;

use counterfoil_domain::ids::ResellerId;
use counterfoil_wire::brand::{Brand, SaveBrand, SaveLogo};
use counterfoil_wire::endpoint::{
    AdminBrand, AdminBrandUpdate, AdminLogoDelete, AdminLogoUpdate, AdminResellerBrand, AdminResellerBrandUpdate,
    AdminResellerLogoDelete, AdminResellerLogoUpdate, PublicLogo, ResellerBrand, ResellerBrandUpdate,
    ResellerLogoDelete, ResellerLogoUpdate,
};
use counterfoil_wire::problem::Code;

use crate::central::{Address, Caller, CentralError};
use crate::session::{SessionError, call};
use crate::till::Till;
pub(crate) use repo::{forget, keep};
pub(crate) use shown::{Shown, fetch_logo, shown};

/// Whose brand it is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whose {
    Operator,
    /// Of the shop that whoever is signed in owns.
    Own,
    Reseller(ResellerId),
}

pub(crate) async fn read(till: &Till, whose: Whose) -> Result<Brand, SessionError> {
    match whose {
        Whose::Operator => call::<AdminBrand>(till, &[], &()).await,
        Whose::Own => call::<ResellerBrand>(till, &[], &()).await,
        Whose::Reseller(id) => call::<AdminResellerBrand>(till, &[&id.to_string()], &()).await,
    }
}

/// As it was read.
pub(crate) async fn save(till: &Till, whose: Whose, asked: &SaveBrand) -> Result<Brand, SessionError> {
    match whose {
        Whose::Operator => call::<AdminBrandUpdate>(till, &[], asked).await,
        Whose::Own => call::<ResellerBrandUpdate>(till, &[], asked).await,
        Whose::Reseller(id) => call::<AdminResellerBrandUpdate>(till, &[&id.to_string()], asked).await,
    }
}

/// In place of the one that was read.
pub(crate) async fn save_logo(till: &Till, whose: Whose, asked: &SaveLogo) -> Result<Brand, SessionError> {
    match whose {
        Whose::Operator => call::<AdminLogoUpdate>(till, &[], asked).await,
        Whose::Own => call::<ResellerLogoUpdate>(till, &[], asked).await,
        Whose::Reseller(id) => call::<AdminResellerLogoUpdate>(till, &[&id.to_string()], asked).await,
    }
}

pub(crate) async fn delete_logo(till: &Till, whose: Whose) -> Result<Brand, SessionError> {
    match whose {
        Whose::Operator => call::<AdminLogoDelete>(till, &[], &()).await,
        Whose::Own => call::<ResellerLogoDelete>(till, &[], &()).await,
        Whose::Reseller(id) => call::<AdminResellerLogoDelete>(till, &[&id.to_string()], &()).await,
    }
}

/// The picture with this SHA-256; none where nobody wears it any more.
pub(crate) async fn logo(till: &Till, hash: &str) -> Result<Option<Vec<u8>>, SessionError> {
    let device = till.device().await?.ok_or(CentralError::NotSignedIn)?;
    let address = Address::parse(&device.server_url)
        .ok_or_else(|| CentralError::Incompatible("the stored address cannot be read".into()))?;
    match till.central().bytes::<PublicLogo>(&address, &[hash], &(), Caller::Nobody).await {
        Ok(png) => Ok(Some(png)),
        Err(error) if error.is(Code::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
