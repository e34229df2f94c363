//! Who asks: extractors that take the bearer token and refuse the wrong audience.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::{MemberId, OperatorId, ResellerId, StaffId};
use counterfoil_domain::permission::{MemberAction, MemberRole, StaffAction, StaffRole};
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::problem::Code;

use crate::engine::App;
use crate::engine::audit::Actor;
use crate::engine::permissions;
use crate::engine::second_factor;
use crate::engine::sessions::{self, Identity, Who};

/// Anyone signed in.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) identity: Identity,
    pub(crate) address: ClientAddress,
}

/// A member of the operator's staff.
#[derive(Debug, Clone)]
pub(crate) struct StaffCaller {
    pub(crate) id: StaffId,
    pub(crate) role: StaffRole,
    pub(crate) operator: OperatorId,
    pub(crate) scope: Scope,
    pub(crate) actor: Actor,
}

/// A member of a reseller.
#[derive(Debug, Clone)]
pub(crate) struct MemberCaller {
    pub(crate) id: MemberId,
    pub(crate) role: MemberRole,
    pub(crate) operator: OperatorId,
    pub(crate) reseller: ResellerId,
    /// The reseller and everything below it.
    pub(crate) scope: Scope,
    pub(crate) actor: Actor,
}

impl StaffCaller {
    pub(crate) fn require(&self, action: StaffAction) -> Result<(), Failure> {
        if self.role.may(action) { Ok(()) } else { Err(not_permitted(self.role.as_str())) }
    }
}

impl MemberCaller {
    pub(crate) fn require(&self, action: MemberAction) -> Result<(), Failure> {
        if self.role.may(action) { Ok(()) } else { Err(not_permitted(self.role.as_str())) }
    }

    /// The member's role has to allow it, and the operator the reseller.
    pub(crate) async fn require_granted(&self, app: &App, action: MemberAction, grant: Grant) -> Result<(), Failure> {
        self.require(action)?;
        permissions::require(&mut *app.reader().await?, self.reseller, grant).await
    }
}

fn not_permitted(role: &str) -> Failure {
    Failure::new(Code::NotPermitted, format!("The role {role} may not do this. Ask somebody whose role may."))
}

impl FromRequestParts<App> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim().to_owned())
            .ok_or_else(sessions::not_signed_in)?;
        let address = ClientAddress::from_request_parts(parts, app).await?;
        Ok(Self { identity: sessions::identify(app, &token).await?, address })
    }
}

impl FromRequestParts<App> for StaffCaller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let Caller { identity, address } = Caller::from_request_parts(parts, app).await?;
        let actor = identity.actor(address);
        match identity.who {
            Who::Staff { id, role } => {
                second_factor::require_of_staff(app, id).await?;
                Ok(Self { id, role, operator: identity.operator, scope: Scope::Operator, actor })
            }
            Who::Member { .. } => Err(wrong_audience("the operator's staff")),
        }
    }
}

impl FromRequestParts<App> for MemberCaller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let Caller { identity, address } = Caller::from_request_parts(parts, app).await?;
        let actor = identity.actor(address);
        match identity.who {
            Who::Member { id, role, reseller, path, .. } => {
                let scope = Scope::Subtree { reseller, path };
                Ok(Self { id, role, operator: identity.operator, reseller, scope, actor })
            }
            Who::Staff { .. } => Err(wrong_audience("members of a reseller")),
        }
    }
}

fn wrong_audience(of: &str) -> Failure {
    Failure::new(Code::NotPermitted, format!("This call is for {of}. Sign in as one of them."))
}
