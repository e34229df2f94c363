//! External providers and what they offer: staff keep them. Needs Central.

use counterfoil_domain::ids::ProviderId;
use counterfoil_domain::permission::{StaffAction, StaffRole};
use counterfoil_wire::endpoint::{
    AdminOfferingCreate, AdminOfferingUpdate, AdminOfferings, AdminOfferingsImport, AdminProvider, AdminProviderCreate,
    AdminProviderUpdate, AdminProviders,
};
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::providers::{
    ImportOfferings, ImportedOfferings, Offering, OfferingsQuery, Provider, SaveOffering, SaveProvider,
};
use counterfoil_wire::sessions::Audience;

use crate::central::CentralError;
use crate::device;
use crate::session::{SessionError, call};
use crate::till::Till;

/// Whether whoever is signed in may change providers and what they offer.
pub(crate) async fn may_manage(till: &Till) -> Result<bool, SessionError> {
    let member = device::repo::member(&mut *till.read().await?).await?.ok_or(CentralError::NotSignedIn)?;
    let role = StaffRole::from_stored(&member.role).filter(|_| member.audience == Audience::Admin);
    Ok(role.is_some_and(|role| role.may(StaffAction::ManageProviders)))
}

/// By name.
pub(crate) async fn page(till: &Till, query: &PageQuery) -> Result<Page<Provider>, SessionError> {
    call::<AdminProviders>(till, &[], query).await
}

pub(crate) async fn one(till: &Till, id: ProviderId) -> Result<Provider, SessionError> {
    call::<AdminProvider>(till, &[&id.to_string()], &()).await
}

/// A new one has no revision.
pub(crate) async fn save(till: &Till, provider: &SaveProvider) -> Result<Provider, SessionError> {
    if provider.revision == 0 {
        call::<AdminProviderCreate>(till, &[], provider).await
    } else {
        call::<AdminProviderUpdate>(till, &[&provider.provider_id.to_string()], provider).await
    }
}

/// What a provider offers, by name.
pub(crate) async fn offerings(
    till: &Till,
    provider: ProviderId,
    query: &OfferingsQuery,
) -> Result<Page<Offering>, SessionError> {
    call::<AdminOfferings>(till, &[&provider.to_string()], query).await
}

/// A new one has no revision.
pub(crate) async fn save_offering(
    till: &Till,
    provider: ProviderId,
    offering: &SaveOffering,
) -> Result<Offering, SessionError> {
    let provider = provider.to_string();
    if offering.revision == 0 {
        call::<AdminOfferingCreate>(till, &[&provider], offering).await
    } else {
        call::<AdminOfferingUpdate>(till, &[&provider, &offering.offering_id.to_string()], offering).await
    }
}

/// A part of a file.
pub(crate) async fn import(
    till: &Till,
    provider: ProviderId,
    part: &ImportOfferings,
) -> Result<ImportedOfferings, SessionError> {
    call::<AdminOfferingsImport>(till, &[&provider.to_string()], part).await
}
