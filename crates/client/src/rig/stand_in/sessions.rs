//! A sign-in at the stand-in: whoever knocks, and shows what is asked for, is the shop's owner. And what sessions it has
//! open.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use counterfoil_domain::ids::{OperatorId, ResellerId, SessionId};
use counterfoil_wire::devices::{EnrolDevice, Enrolled};
use counterfoil_wire::public::About;
use counterfoil_wire::second_factor::SecondFactor;
use counterfoil_wire::sessions::{Audience, ChangePassword, LoginRequest, Me, SessionView, SignedIn};
use uuid::Uuid;

use super::super::{START, signs_leases};
use super::StandIn;
use super::answers::problem;

const OPERATOR: OperatorId = OperatorId(Uuid::from_u128(1));

pub(super) async fn about() -> Json<About> {
    Json(About {
        operator_id: OPERATOR,
        operator_name: "Example TV".into(),
        time_zone: "Europe/Berlin".into(),
        currency: "EUR".into(),
        version: "0.0.0".into(),
        server_time: START,
    })
}

pub(super) async fn shop(State(central): State<StandIn>, Json(asked): Json<LoginRequest>) -> Response {
    let wanted = central.world().second_factor;
    match (wanted, asked.second_factor.as_deref()) {
        (Some(_), None) => return problem(StatusCode::UNAUTHORIZED, "second_factor_needed"),
        (Some(right), Some(shown)) if right != shown => {
            return problem(StatusCode::UNAUTHORIZED, "second_factor_wrong");
        }
        _ => {}
    }
    Json(SignedIn {
        session_id: SessionId(Uuid::from_u128(9)),
        access_token: "access".into(),
        access_expires_at: START,
        refresh_token: "refresh".into(),
        me: Me {
            user_id: Uuid::from_u128(3),
            username: "kiosk".into(),
            audience: Audience::Reseller,
            role: "owner".into(),
            operator_id: OPERATOR,
            reseller_id: Some(ResellerId(Uuid::from_u128(2))),
            reseller_name: Some("Kiosk".into()),
            must_change_password: central.world().given_password.is_some(),
            second_factor: SecondFactor::default(),
        },
    })
    .into_response()
}

/// Whatever machine asks becomes the shop's.
pub(super) async fn enrol(State(central): State<StandIn>, Json(asked): Json<EnrolDevice>) -> Json<Enrolled> {
    let mut world = central.world();
    world.enrolled.push(asked.device_id);
    Json(Enrolled {
        device_id: asked.device_id,
        operator_id: OPERATOR,
        reseller_id: Some(ResellerId(Uuid::from_u128(2))),
        central_key: BASE64_STANDARD.encode(signs_leases().verifying_key().as_bytes()),
        epoch: world.epoch,
        server_time: START,
    })
}

pub(super) async fn list(State(central): State<StandIn>) -> Json<Vec<SessionView>> {
    Json(central.world().sessions.clone())
}

pub(super) async fn end(State(central): State<StandIn>, Path(id): Path<SessionId>) -> Response {
    let mut world = central.world();
    let before = world.sessions.len();
    world.sessions.retain(|session| session.session_id != id);
    if world.sessions.len() == before {
        return problem(StatusCode::NOT_FOUND, "not_found");
    }
    StatusCode::NO_CONTENT.into_response()
}

pub(super) async fn change_password(State(central): State<StandIn>, Json(asked): Json<ChangePassword>) -> Response {
    let mut world = central.world();
    if world.given_password.as_ref() != Some(&asked.current_password) {
        return problem(StatusCode::UNAUTHORIZED, "invalid_credentials");
    }
    world.given_password = None;
    StatusCode::NO_CONTENT.into_response()
}
