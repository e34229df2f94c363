//! Why a code was not redeemed, in words for the person who holds it. What to do stands in each.

use counterfoil_central_platform::calendar::Day;
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::code::CodeError;
use counterfoil_wire::problem::Code;
use thiserror::Error;

#[derive(Debug, Error)]
pub(crate) enum RedeemError {
    #[error(transparent)]
    Mistyped(#[from] CodeError),
    #[error("no such code")]
    Unknown,
    /// With the day in the operator's zone.
    #[error("used by another account")]
    AlreadyActivated(Day),
    #[error("the shop must confirm it")]
    Held,
    #[error("its redeem-by has passed")]
    Expired,
    /// The operator keeps it.
    #[error("no shop has it yet")]
    NotSold,
    #[error("revoked or voided")]
    Withdrawn,
    #[error("no account with this user name")]
    NoAccount,
    #[error("the account takes no service")]
    AccountClosed,
    #[error("not about the code")]
    Failed(Failure),
}

impl RedeemError {
    /// In the log of attempts.
    pub(super) const fn outcome(&self) -> &'static str {
        match self {
            Self::Mistyped(_) => "mistyped",
            Self::Unknown => "unknown",
            Self::AlreadyActivated(_) => "already_activated",
            Self::Held => "held",
            Self::Expired => "expired",
            Self::NotSold => "not_sold",
            Self::Withdrawn => "withdrawn",
            Self::NoAccount => "no_account",
            Self::AccountClosed => "account_closed",
            Self::Failed(_) => "failed",
        }
    }
}

impl From<Failure> for RedeemError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<sqlx::Error> for RedeemError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<RedeemError> for Failure {
    fn from(error: RedeemError) -> Self {
        let (code, detail) = match error {
            RedeemError::Mistyped(error) => return mistyped(error),
            RedeemError::Failed(failure) => return failure,
            RedeemError::NoAccount => {
                let message = "there is no account with this user name; leave it empty to open a new account";
                return Self::validation(vec![field("username", message)]);
            }
            RedeemError::AlreadyActivated(day) => return already_activated(&day),
            RedeemError::Unknown => (
                Code::CodeUnknown,
                "We do not know this code. Compare it with your receipt; if it is the same, show the receipt to the shop.",
            ),
            RedeemError::Held => (
                Code::CodeHeld,
                "The shop must confirm this code first. Show your receipt to the shop, then try again; the code stays good.",
            ),
            RedeemError::Expired => {
                (Code::CodeExpired, "This code was not used in time and has expired. Show your receipt to the shop.")
            }
            RedeemError::NotSold => (
                Code::CodeNotSold,
                "This card is not sold yet, so it cannot be activated. Show it to the shop where you got it.",
            ),
            RedeemError::Withdrawn => {
                (Code::CodeRevoked, "This code has been cancelled and cannot be used. Show your receipt to the shop.")
            }
            RedeemError::AccountClosed => (
                Code::WrongState,
                "This account is closed or suspended, so the code was not used. Ask the shop, or open a new account.",
            ),
        };
        Self::new(code, detail)
    }
}

fn already_activated(day: &Day) -> Failure {
    Failure::new(
        Code::AlreadyActivated,
        format!(
            "This code was already used on {day}, for another account. If that was not you, show your receipt to the shop."
        ),
    )
}

/// Which kind of slip it is; the text itself is never repeated into a log.
fn mistyped(error: CodeError) -> Failure {
    let detail = match error {
        CodeError::WrongLength => {
            "This is too short or too long for a code. A code looks like PM2D-XXXX-XXXX-XXXX.".to_owned()
        }
        CodeError::BadSymbol { position } => format!(
            "Symbol {position} cannot stand in a code: codes have digits and letters without I, L, O and U. Compare it \
             with your receipt."
        ),
        CodeError::BadCheck | CodeError::BadPrefix => {
            "One symbol is wrong. Compare the code with your receipt; 8 and B, 5 and S, 2 and Z, 6 and G look alike."
                .to_owned()
        }
    };
    Failure::new(Code::CodeMistyped, detail)
}
