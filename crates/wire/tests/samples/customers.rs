//! An invented customer.

use counterfoil_domain::customer::CustomerState;
use counterfoil_wire::customers;

use super::{AT, id};

pub(crate) fn customer() -> customers::Customer {
    customers::Customer {
        email: "ada@example.org".into(),
        state: CustomerState::Active,
        account_id: Some(id(43)),
        username: Some("ada".into()),
        code_id: Some(id(7)),
        serial: Some("412-0007".into()),
        plan_name: Some("Month".into()),
        first_sold: AT,
        last_day: Some("2026-12-22".into()),
        redeem_by: Some(AT),
    }
}
