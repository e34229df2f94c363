//! Who a session belongs to.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_domain::ids::{MemberId, OperatorId, ResellerId, SessionId, StaffId};
use counterfoil_domain::permission::{MemberRole, StaffRole};
use counterfoil_domain::reseller::{ResellerPath, ResellerStatus};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::second_factor::SecondFactor;
use counterfoil_wire::sessions::{Audience, Me};
use uuid::Uuid;

use super::{check_status, repo};
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::Actor;
use crate::engine::stored::stored;

/// Of a user who has not opened one.
const NO_SESSION: SessionId = SessionId(Uuid::nil());

/// A user, and the session if there is one yet.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) operator: OperatorId,
    pub(crate) username: String,
    pub(crate) who: Who,
    /// Somebody else chose the password.
    pub(crate) must_change: bool,
    /// Nil before the session is opened.
    pub(crate) session: SessionId,
}

#[derive(Debug, Clone)]
pub(crate) enum Who {
    Staff {
        id: StaffId,
        role: StaffRole,
    },
    Member {
        id: MemberId,
        role: MemberRole,
        reseller: ResellerId,
        company: String,
        path: ResellerPath,
        status: ResellerStatus,
    },
}

impl Identity {
    pub(crate) fn user(&self) -> Uuid {
        match &self.who {
            Who::Staff { id, .. } => id.0,
            Who::Member { id, .. } => id.0,
        }
    }

    pub(crate) const fn audience(&self) -> Audience {
        match &self.who {
            Who::Staff { .. } => Audience::Admin,
            Who::Member { .. } => Audience::Reseller,
        }
    }

    pub(crate) fn actor(&self, address: ClientAddress) -> Actor {
        match &self.who {
            Who::Staff { id, .. } => Actor::staff(*id, address),
            Who::Member { id, .. } => Actor::member(*id, address),
        }
    }

    pub(crate) fn check_active(&self) -> Result<(), Failure> {
        match &self.who {
            Who::Staff { .. } => Ok(()),
            Who::Member { status, .. } => check_status(*status),
        }
    }

    pub(crate) fn me(self, second_factor: SecondFactor) -> Me {
        let (user_id, audience) = (self.user(), self.audience());
        let (role, reseller_id, reseller_name) = match self.who {
            Who::Staff { role, .. } => (role.as_str(), None, None),
            Who::Member { role, reseller, company, .. } => (role.as_str(), Some(reseller), Some(company)),
        };
        Me {
            user_id,
            username: self.username,
            audience,
            role: role.to_owned(),
            operator_id: self.operator,
            reseller_id,
            reseller_name,
            must_change_password: self.must_change,
            second_factor,
        }
    }
}

/// The user with this name, and the hash of the password.
pub(super) async fn by_username(
    app: &App,
    audience: Audience,
    username: &str,
) -> Result<Option<(Identity, String)>, Failure> {
    let mut conn = app.reader().await?;
    match audience {
        Audience::Admin => {
            let Some(row) = repo::staff_by_username(&mut conn, username).await? else { return Ok(None) };
            let hash = row.password_hash.clone();
            Ok(Some((staff(row, NO_SESSION)?, hash)))
        }
        Audience::Reseller => {
            let Some(row) = repo::member_by_username(&mut conn, username).await? else { return Ok(None) };
            let hash = row.password_hash.clone();
            Ok(Some((member(row, NO_SESSION)?, hash)))
        }
    }
}

/// Whose access token has this hash, if it is still valid.
pub(super) async fn of_token(conn: &mut Conn, hash: &[u8], now: Timestamp) -> Result<Option<Identity>, Failure> {
    match repo::session_of_token(conn, hash, now).await? {
        Some(session) => of_session(conn, session).await,
        None => Ok(None),
    }
}

/// Whose session this is, if it is still open.
pub(super) async fn of_session(conn: &mut Conn, session: SessionId) -> Result<Option<Identity>, Failure> {
    let Some(open) = repo::open_session(conn, session).await? else { return Ok(None) };
    match open.audience.as_str() {
        "admin" => repo::staff_by_id(conn, open.user).await?.map(|row| staff(row, session)).transpose(),
        "reseller" => repo::member_by_id(conn, open.user).await?.map(|row| member(row, session)).transpose(),
        _ => stored(None, "session", "audience", session),
    }
}

fn staff(row: repo::StaffUser, session: SessionId) -> Result<Identity, Failure> {
    let who =
        Who::Staff { id: StaffId(row.id), role: stored(StaffRole::from_stored(&row.role), "staff", "role", row.id)? };
    let (operator, username, must_change) = (row.operator, row.username, row.must_change);
    Ok(Identity { operator, username, who, must_change, session })
}

fn member(row: repo::MemberUser, session: SessionId) -> Result<Identity, Failure> {
    let who = Who::Member {
        id: MemberId(row.id),
        role: stored(MemberRole::from_stored(&row.role), "member", "role", row.id)?,
        reseller: ResellerId(row.reseller),
        company: row.company,
        path: stored(ResellerPath::from_stored(&row.path), "reseller", "path", row.reseller)?,
        status: stored(ResellerStatus::from_stored(&row.status), "reseller", "status", row.reseller)?,
    };
    let (operator, username, must_change) = (row.operator, row.username, row.must_change);
    Ok(Identity { operator, username, who, must_change, session })
}
