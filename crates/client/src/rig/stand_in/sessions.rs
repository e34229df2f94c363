//! A sign-in at the stand-in: whoever knocks is the shop's owner.

use axum::Json;
use counterfoil_domain::ids::{OperatorId, ResellerId, SessionId};
use counterfoil_wire::public::About;
use counterfoil_wire::sessions::{Audience, Me, SignedIn};
use uuid::Uuid;

use super::super::START;

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

pub(super) async fn shop() -> Json<SignedIn> {
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
        },
    })
}
