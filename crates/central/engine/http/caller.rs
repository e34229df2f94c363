//! Who asks: extractors that take the bearer token and refuse the wrong audience.

use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::header;
use axum::http::request::Parts;
use counterfoil_central_platform::api_keys::is_key;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::{MemberId, OperatorId, ResellerId, SessionId, StaffId};
use counterfoil_domain::permission::{MemberAction, MemberRole, StaffAction, StaffRole};
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::problem::Code;
use counterfoil_wire::sessions::Me;
use uuid::Uuid;

use crate::engine::App;
use crate::engine::api_keys::{self, KnownKey};
use crate::engine::audit::Actor;
use crate::engine::permissions;
use crate::engine::second_factor;
use crate::engine::sessions::{self, Identity, Who};

/// Anyone signed in as a person.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) identity: Identity,
    pub(crate) address: ClientAddress,
}

impl Caller {
    /// Who did not choose the own password does so before anything else.
    fn with_own_password(self) -> Result<Self, Failure> {
        if self.identity.must_change {
            return Err(Failure::new(
                Code::PasswordChangeNeeded,
                "Somebody else chose your password. Choose another one first: PUT /api/v1/me/password.",
            ));
        }
        Ok(self)
    }
}

/// Anyone signed in as a person, also whoever has to choose another password before anything else.
#[derive(Debug, Clone)]
pub(crate) struct AnyCaller(pub(crate) Caller);

/// A member of the operator's staff.
#[derive(Debug, Clone)]
pub(crate) struct StaffCaller {
    pub(crate) id: StaffId,
    pub(crate) role: StaffRole,
    pub(crate) operator: OperatorId,
    pub(crate) scope: Scope,
    pub(crate) actor: Actor,
    pub(crate) session: SessionId,
}

/// Anyone signed in, also before another password is chosen, and any API key.
pub(crate) struct KnownCaller(pub(crate) Me);

/// A member of a reseller, or an API key of one where it may be used.
#[derive(Debug, Clone)]
pub(crate) struct MemberCaller {
    /// None: an API key.
    person: Option<(MemberId, SessionId)>,
    /// The member's or the key's.
    pub(crate) by: Uuid,
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

    /// Who it is, where only a person will do.
    pub(crate) fn person(&self) -> Result<MemberId, Failure> {
        self.person.map(|(id, _)| id).ok_or_else(not_for_keys)
    }

    /// The one that this call came in, as [`Self::person`].
    pub(crate) fn session(&self) -> Result<SessionId, Failure> {
        self.person.map(|(_, session)| session).ok_or_else(not_for_keys)
    }

    /// The member's role has to allow it, and the operator the reseller.
    pub(crate) async fn require_granted(&self, app: &App, action: MemberAction, grant: Grant) -> Result<(), Failure> {
        self.require(action)?;
        permissions::require(&mut *app.reader().await?, self.reseller, grant).await
    }
}

fn not_for_keys() -> Failure {
    Failure::new(
        Code::ApiKeyScope,
        "This call is for people, not for API keys. Somebody of the shop can do it, in Counterfoil.",
    )
}

fn not_permitted(role: &str) -> Failure {
    Failure::new(Code::NotPermitted, format!("The role {role} may not do this. Ask somebody whose role may."))
}

fn bearer(parts: &Parts) -> Result<String, Failure> {
    parts
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim().to_owned())
        .ok_or_else(sessions::not_signed_in)
}

/// What a request is signed in with.
enum SignedInAs {
    Person(Caller),
    /// Let in by what it is for, to the route that is asked.
    Key(KnownKey, ClientAddress),
}

impl SignedInAs {
    async fn of(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let token = bearer(parts)?;
        let address = ClientAddress::from_request_parts(parts, app).await?;
        if !is_key(&token) {
            return Ok(Self::Person(Caller { identity: sessions::identify(app, &token).await?, address }));
        }
        let key = api_keys::authenticate(app, &token, address).await?;
        let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        key.check_reach(parts.method.as_str(), route)?;
        Ok(Self::Key(key, address))
    }
}

impl FromRequestParts<App> for AnyCaller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        match SignedInAs::of(parts, app).await? {
            SignedInAs::Person(caller) => Ok(Self(caller)),
            SignedInAs::Key(..) => Err(not_for_keys()),
        }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let AnyCaller(caller) = AnyCaller::from_request_parts(parts, app).await?;
        caller.with_own_password()
    }
}

impl FromRequestParts<App> for KnownCaller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        Ok(Self(match SignedInAs::of(parts, app).await? {
            SignedInAs::Person(caller) => sessions::me(app, caller.identity).await?,
            SignedInAs::Key(key, _) => key.me(),
        }))
    }
}

impl FromRequestParts<App> for StaffCaller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let Caller { identity, address } = Caller::from_request_parts(parts, app).await?;
        let (actor, session) = (identity.actor(address), identity.session);
        match identity.who {
            Who::Staff { id, role } => {
                second_factor::require_of_staff(app, id).await?;
                Ok(Self { id, role, operator: identity.operator, scope: Scope::Operator, actor, session })
            }
            Who::Member { .. } => Err(wrong_audience("the operator's staff")),
        }
    }
}

impl FromRequestParts<App> for MemberCaller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let Caller { identity, address } = match SignedInAs::of(parts, app).await? {
            SignedInAs::Person(caller) => caller.with_own_password()?,
            SignedInAs::Key(key, address) => return Ok(Self::of_key(key, address)),
        };
        let (actor, session) = (identity.actor(address), identity.session);
        match identity.who {
            Who::Member { id, role, reseller, path, .. } => {
                let (scope, operator) = (Scope::Subtree { reseller, path }, identity.operator);
                Ok(Self { person: Some((id, session)), by: id.0, role, operator, reseller, scope, actor })
            }
            Who::Staff { .. } => Err(wrong_audience("members of a reseller")),
        }
    }
}

impl MemberCaller {
    /// Its scopes were looked at; of the roles it has the one that may all that they leave.
    fn of_key(key: KnownKey, address: ClientAddress) -> Self {
        let (actor, reseller) = (key.actor(address), key.reseller);
        let scope = Scope::Subtree { reseller, path: key.path };
        Self { person: None, by: key.id.0, role: MemberRole::Owner, operator: key.operator, reseller, scope, actor }
    }
}

fn wrong_audience(of: &str) -> Failure {
    Failure::new(Code::NotPermitted, format!("This call is for {of}. Sign in as one of them."))
}
