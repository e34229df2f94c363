//! Why a sale did not happen. Nothing was shown and nothing is half done.

use counterfoil_domain::lease::Refusal;
use thiserror::Error;

use crate::api::types::AmountView;
use crate::api::{ApiError, ErrorCode};
use crate::lease::LeaseError;
use crate::outbox::LogWriteError;
use crate::store::StoreError;

#[derive(Debug, Error)]
pub(crate) enum SellError {
    #[error("not an e-mail address")]
    Email,
    #[error("no lease of this device has this plan")]
    PlanUnknown,
    #[error("the machine's clock is more than a year ahead of the last time Central told")]
    Clock,
    #[error("the operator withdrew this device's lease")]
    Revoked,
    #[error("this role may not sell")]
    NotPermitted,
    #[error("{refusal}")]
    Refused { refusal: Refusal, unit: String },
    #[error(transparent)]
    Lease(#[from] LeaseError),
    #[error(transparent)]
    Log(#[from] LogWriteError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<SellError> for ApiError {
    fn from(error: SellError) -> Self {
        let detail = error.to_string();
        match error {
            SellError::Email => Self::new(ErrorCode::InvalidEmail, detail),
            SellError::PlanUnknown => Self::new(ErrorCode::PlanUnknown, detail),
            SellError::Clock => Self::new(ErrorCode::ClockImplausible, detail),
            SellError::Revoked => Self::new(ErrorCode::LeaseRevoked, detail),
            SellError::NotPermitted => Self::new(ErrorCode::NotPermitted, detail),
            SellError::Refused { refusal, unit } => of_refusal(&refusal, unit, detail),
            SellError::Lease(error) => error.into(),
            SellError::Log(error) => error.into(),
            SellError::Store(error) => error.into(),
        }
    }
}

fn of_refusal(refusal: &Refusal, unit: String, detail: String) -> ApiError {
    match *refusal {
        Refusal::Quantity => ApiError::new(ErrorCode::QuantityOutOfRange, detail),
        Refusal::NoLease => ApiError::new(ErrorCode::NoLease, detail),
        Refusal::Expired { .. } => ApiError::new(ErrorCode::LeaseExpired, detail),
        Refusal::Amount { needed, available } => ApiError::new(ErrorCode::InsufficientLease, detail)
            .with_shortage(AmountView { value: needed, unit: unit.clone() }, AmountView { value: available, unit }),
        Refusal::Codes { needed, available } => {
            let codes = |count: u32| AmountView { value: i64::from(count), unit: "codes".into() };
            ApiError::new(ErrorCode::InsufficientLease, detail).with_shortage(codes(needed), codes(available))
        }
    }
}
