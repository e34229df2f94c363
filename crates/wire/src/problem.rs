//! Errors as RFC 9457 problem documents with a stable code. The UI has the words; `detail` serves other programs.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::oplog::LogHead;
use serde::{Deserialize, Serialize};

/// `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `about:blank` as long as the code says it all.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// What was wrong, what was expected, what to do.
    pub detail: String,
    pub code: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed: Option<Amount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available: Option<Amount>,
    /// One line per wrong field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// When to try again, milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// With `log_gap` and `device_forked`: what Central has of the device's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<LogHead>,
}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    pub field: String,
    pub message: String,
}

/// What went wrong, for programs. Codes are never renamed or reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Code {
    /// 400: not JSON, or not of the documented shape.
    Malformed,
    /// 401: no token, or one that is wrong, expired or revoked.
    NotSignedIn,
    /// 401: user name or password are wrong.
    InvalidCredentials,
    /// 401: name and password are right, and a second factor is asked for.
    SecondFactorNeeded,
    /// 401: the password is right, and the second factor is wrong or used up.
    SecondFactorWrong,
    /// 403: staff must set one up before anything else.
    SecondFactorNotSetUp,
    /// 401: the device's signature is missing or wrong.
    InvalidSignature,
    /// 401: this API key was revoked; the shop's owner can make a new one.
    ApiKeyRevoked,
    /// 401: this API key has expired; the shop's owner can make a new one.
    ApiKeyExpired,
    /// 403: this API key is not for that, or no API key is; `detail` says which.
    ApiKeyScope,
    /// 403: the role may not do this.
    NotPermitted,
    /// 403: the operator does not allow it to this reseller; `detail` says what and who can change it.
    NotGranted,
    /// 403: the reseller is suspended or inactive.
    ResellerSuspended,
    /// 403: Central froze the device after a fork, or it was blocked.
    DeviceQuarantined,
    /// 403: somebody else chose the password: change it first (`me/password`).
    PasswordChangeNeeded,
    /// 404: no such thing, or not yours.
    NotFound,
    /// 405
    MethodNotAllowed,
    /// 409: somebody changed it meanwhile; read it again.
    Conflict,
    /// 409: the log contradicts what Central has.
    DeviceForked,
    /// 409: send the log from `head` on.
    LogGap,
    /// 409: the id was used before with other content.
    IdReused,
    /// 409
    UsernameTaken,
    /// 409
    EmailTaken,
    /// 409: another account has this MAC address.
    MacTaken,
    /// 409: the reseller has as many accounts as it may have.
    AccountLimit,
    /// 409: the reseller has given as many trials of this plan as it may this month.
    TrialLimit,
    /// 409: the reseller has as many API keys as it may have.
    ApiKeyLimit,
    /// 409: at most two open leases.
    LeaseLimit,
    /// 409: `needed` is more than `available`.
    InsufficientCredit,
    /// 409: without this one nobody could manage the staff.
    LastSuperAdmin,
    /// 409: less than the least payout is available; see `needed` and `available`.
    PayoutTooSmall,
    /// 409: another state was expected, e.g. to void an activated code.
    WrongState,
    /// 409
    AlreadyActivated,
    /// 409
    AlreadyVoided,
    /// 409
    CodeExpired,
    /// 409
    CodeRevoked,
    /// 409: the shop must confirm this code.
    CodeHeld,
    /// 409: the operator keeps this code; no shop has it yet.
    CodeNotSold,
    /// 404: well-formed, but no such code.
    CodeUnknown,
    /// 422: one symbol is wrong.
    CodeMistyped,
    /// 413
    BodyTooLarge,
    /// 415: the body is not JSON.
    UnsupportedMediaType,
    /// 422: see `fields`.
    ValidationFailed,
    /// 423: too many wrong passwords; `retry_after_ms`.
    LockedOut,
    /// 429
    RateLimited,
    /// 409: Central was restored from a backup since the device last looked: present the leases and ask for the log.
    EpochChanged,
    /// 410: the cursor is older than the tombstones, or of another epoch: pull from the start.
    CursorExpired,
    /// 404: no snapshot is offered: few rows, another schema, or not made yet. Pull pages.
    SnapshotUnavailable,
    /// 410: this snapshot is not kept any more: ask for the manifest again.
    SnapshotGone,
    /// 502: the portal did not answer as a portal does; `detail` says what to do.
    PortalUnavailable,
    /// 500
    Internal,
    /// 503: starting, stopping, or the database does not answer.
    Unavailable,
}
