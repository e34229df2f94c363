//! What the UI gets when a call does not succeed: a code it has words for, and the figures those words need.

use serde::Serialize;
use ts_rs::TS;

use super::types::AmountView;

/// Why a call did not succeed. Codes are never renamed or reused: the UI's words hang on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    InsufficientLease,
    InsufficientCredit,
    LeaseExpired,
    NoLease,
    QuantityOutOfRange,
    InvalidEmail,
    PlanUnknown,
    NotPermitted,
    NotGranted,
    NotSignedIn,
    InvalidCredentials,
    PasswordChangeNeeded,
    LastSuperAdmin,
    SecondFactorNeeded,
    SecondFactorWrong,
    SecondFactorNotSetUp,
    LockedOut,
    RateLimited,
    ServerUnreachable,
    ServerError,
    ServerUntrusted,
    ServerIncompatible,
    NotFound,
    Conflict,
    ValidationFailed,
    AlreadyActivated,
    AlreadyVoided,
    DiskFull,
    StorageFailed,
    VaultUnavailable,
    VaultWrongPassphrase,
    PassphraseTooShort,
    KeyMissing,
    DeviceForked,
    DeviceQuarantined,
    LeaseRevoked,
    LeaseLimit,
    Held,
    ClockImplausible,
    UsernameTaken,
    EmailTaken,
    MacTaken,
    AccountLimit,
    TrialLimit,
    ApiKeyLimit,
    PayoutTooSmall,
    BodyTooLarge,
    PortalUnavailable,
    PortalNotSetUp,
    SentNotLogged,
    Internal,
}

impl ErrorCode {
    /// The name in JSON and in the database.
    pub fn as_str(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(name)) => name,
            _ => String::from("internal"),
        }
    }
}

/// One wrong field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FieldProblem {
    pub field: String,
    pub message: String,
}

/// The answer to a call that did not succeed. `detail` is for logs and support, never shown instead of the UI's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, thiserror::Error)]
#[error("{}: {detail}", code.as_str())]
pub struct ApiError {
    pub code: ErrorCode,
    pub detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub needed: Option<Box<AmountView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub available: Option<Box<AmountView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub fields: Option<Box<[FieldProblem]>>,
    /// When it is worth trying again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub retry_after_ms: Option<u64>,
}

impl ApiError {
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), needed: None, available: None, fields: None, retry_after_ms: None }
    }

    /// What was needed and what there is (product.md rule 10).
    #[must_use]
    pub fn with_shortage(mut self, needed: AmountView, available: AmountView) -> Self {
        self.needed = Some(Box::new(needed));
        self.available = Some(Box::new(available));
        self
    }

    /// A form with wrong fields.
    #[must_use]
    pub fn with_fields(mut self, fields: Vec<FieldProblem>) -> Self {
        self.fields = (!fields.is_empty()).then(|| fields.into_boxed_slice());
        self
    }
}
