//! Invented values of what customers see without a sign-in.

use counterfoil_wire::public;

use super::{AT, id, shown_brand};

pub(crate) fn about() -> public::About {
    public::About {
        operator_id: id(1),
        operator_name: "Lumen Networks".into(),
        time_zone: "Europe/Berlin".into(),
        currency: "EUR".into(),
        version: "0.1.0".into(),
        server_time: AT,
    }
}

pub(crate) fn activation_request() -> public::ActivationRequest {
    public::ActivationRequest { code: "PM2D-M0BP-0419-5CYQ".into(), username: None, account_id: id(16) }
}

pub(crate) fn activation() -> public::Activation {
    public::Activation {
        account_id: id(16),
        username: "amber-fox-41".into(),
        password: Some("correct horse".into()),
        token: Some("subscription-token".into()),
        plan_name: "Month".into(),
        term_days: 30,
        last_day: "2026-12-21".into(),
        ends_at: AT,
        time_zone: "Europe/Berlin".into(),
        repeated: false,
    }
}

pub(crate) fn public_code() -> public::PublicCode {
    public::PublicCode {
        state: public::PublicCodeState::Usable,
        plan_name: "Month".into(),
        term_days: 30,
        redeem_by: AT,
    }
}

pub(crate) fn subscription() -> public::Subscription {
    public::Subscription {
        username: "amber-fox-41".into(),
        status: "active".into(),
        plan_name: Some("Month".into()),
        last_day: Some("2026-12-21".into()),
        ends_at: Some(AT),
        time_zone: "Europe/Berlin".into(),
        brand: Some(shown_brand()),
    }
}
