//! Of signing in and staying signed in.

use counterfoil_domain::ids::{OperatorId, ResellerId, SessionId};
use counterfoil_wire::second_factor::SecondFactor;
use counterfoil_wire::sessions::{
    Audience, LoginRequest, Me, RefreshRequest, SessionView, SignedIn, UnlockSignIn, UnlockedSignIn,
};

use super::{AT, id};

pub(crate) fn login() -> LoginRequest {
    LoginRequest {
        username: "corner-shop".into(),
        password: "correct horse".into(),
        second_factor: Some("081804".into()),
    }
}

pub(crate) fn unlock_sign_in() -> UnlockSignIn {
    UnlockSignIn { audience: Audience::Reseller, username: "corner-shop".into() }
}

pub(crate) fn unlocked_sign_in() -> UnlockedSignIn {
    UnlockedSignIn { username: "corner-shop".into(), was_locked: true }
}

pub(crate) fn refresh() -> RefreshRequest {
    RefreshRequest { refresh_token: "refresh-token-sample".into() }
}

pub(crate) fn signed_in() -> SignedIn {
    SignedIn {
        session_id: id::<SessionId>(9),
        access_token: "access-token-sample".into(),
        access_expires_at: AT,
        refresh_token: "refresh-token-sample".into(),
        me: Me {
            user_id: id(8),
            username: "corner-shop".into(),
            audience: Audience::Reseller,
            role: "owner".into(),
            operator_id: id::<OperatorId>(1),
            reseller_id: Some(id::<ResellerId>(4)),
            reseller_name: Some("Corner Shop".into()),
            must_change_password: false,
            second_factor: SecondFactor { on: true, recovery_codes: 9, required: false },
        },
    }
}

pub(crate) fn session() -> SessionView {
    SessionView { session_id: id(9), started_at: AT, last_used_at: AT, address: "192.0.2.7".into(), current: true }
}
