//! Which external providers the signed-in shop sells, and at which markup. Needs Central.

use counterfoil_domain::ids::ProviderId;
use counterfoil_domain::permission::{MemberAction, MemberRole};
use counterfoil_wire::endpoint::{
    ResellerExternalProviders, ResellerOfferings, ResellerRelationship, ResellerRelationshipEnd,
    ResellerRelationshipOpen, ResellerRelationshipUpdate,
};
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::problem::Code;
use counterfoil_wire::providers::{Offering, OfferingsQuery};
use counterfoil_wire::relationships::{ExternalProvider, OpenRelationship, Relationship, SaveRelationship};
use counterfoil_wire::sessions::Audience;

use crate::central::CentralError;
use crate::device;
use crate::session::{SessionError, call};
use crate::till::Till;

/// Whether whoever is signed in may open, change and end relationships.
pub(crate) async fn may_manage(till: &Till) -> Result<bool, SessionError> {
    let member = device::repo::member(&mut *till.read().await?).await?.ok_or(CentralError::NotSignedIn)?;
    let role = MemberRole::from_stored(&member.role).filter(|_| member.audience == Audience::Reseller);
    Ok(role.is_some_and(|role| role.may(MemberAction::ManageRelationships)))
}

/// Providers that the shop sells, once sold or may sell, by name.
pub(crate) async fn external(till: &Till, query: &PageQuery) -> Result<Page<ExternalProvider>, SessionError> {
    call::<ResellerExternalProviders>(till, &[], query).await
}

/// What a provider offers, by name, at its own prices.
pub(crate) async fn offerings(
    till: &Till,
    provider: ProviderId,
    query: &OfferingsQuery,
) -> Result<Page<Offering>, SessionError> {
    call::<ResellerOfferings>(till, &[&provider.to_string()], query).await
}

/// The relationship with a provider; none where there never was one.
pub(crate) async fn with(till: &Till, provider: ProviderId) -> Result<Option<Relationship>, SessionError> {
    match call::<ResellerRelationship>(till, &[&provider.to_string()], &()).await {
        Ok(relationship) => Ok(Some(relationship)),
        Err(SessionError::Central(error)) if error.is(Code::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

pub(crate) async fn open(till: &Till, asked: &OpenRelationship) -> Result<Relationship, SessionError> {
    call::<ResellerRelationshipOpen>(till, &[], asked).await
}

pub(crate) async fn save(
    till: &Till,
    provider: ProviderId,
    asked: &SaveRelationship,
) -> Result<Relationship, SessionError> {
    call::<ResellerRelationshipUpdate>(till, &[&provider.to_string()], asked).await
}

/// Ended before is answered.
pub(crate) async fn end(till: &Till, provider: ProviderId) -> Result<Relationship, SessionError> {
    call::<ResellerRelationshipEnd>(till, &[&provider.to_string()], &()).await
}
