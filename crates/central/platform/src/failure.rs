//! What a handler answers when it cannot do what was asked: a problem document with a stable code.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use counterfoil_domain::amount::Amount;
use counterfoil_domain::oplog::LogHead;
use counterfoil_wire::problem::{Code, FieldProblem, Problem};

/// A refusal or a fault. Only the fault's cause is logged, and never sent.
#[derive(Debug)]
pub struct Failure {
    problem: Box<Problem>,
    cause: Option<String>,
}

impl Failure {
    /// `detail` says what was wrong, what was expected and what to do.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        let status = status_of(code);
        let problem = Problem {
            kind: "about:blank".to_owned(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code,
            needed: None,
            available: None,
            fields: Vec::new(),
            retry_after_ms: None,
            head: None,
        };
        Self { problem: Box::new(problem), cause: None }
    }

    /// No such thing, or not the caller's: the answer is the same.
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("There is no such {what}, or it is not yours."))
    }

    /// A fault of ours. The cause goes to the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        let mut failure = Self::new(Code::Internal, "Central could not finish this. Nothing was changed; try again.");
        failure.cause = Some(cause.to_string());
        failure
    }

    pub fn validation(fields: Vec<FieldProblem>) -> Self {
        let mut failure = Self::new(Code::ValidationFailed, "Some fields are not right; see `fields`.");
        failure.problem.fields = fields;
        failure
    }

    #[must_use]
    pub fn amounts(mut self, needed: Amount, available: Amount) -> Self {
        self.problem.needed = Some(needed);
        self.problem.available = Some(available);
        self
    }

    #[must_use]
    pub fn retry_after_ms(mut self, ms: u64) -> Self {
        self.problem.retry_after_ms = Some(ms);
        self
    }

    #[must_use]
    pub fn head(mut self, head: LogHead) -> Self {
        self.problem.head = Some(head);
        self
    }

    /// Writes the cause of a fault to the log; a refusal leaves no line. Whoever answers with something else than
    /// the problem document calls this once.
    pub fn log(&self) {
        if let Some(cause) = &self.cause {
            tracing::error!(code = ?self.problem.code, %cause, "request failed");
        }
    }

    pub fn code(&self) -> Code {
        self.problem.code
    }

    /// Why it is a fault of ours, for the log or the console.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

/// What was looked for, or none where there is no such thing for whoever asks. A fault stays one: a database that does not
/// answer says nothing about what is in it.
pub fn if_found<T>(looked: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match looked {
        Ok(found) => Ok(Some(found)),
        Err(failure) if failure.code() == Code::NotFound => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// One wrong field.
pub fn field(name: &str, message: impl Into<String>) -> FieldProblem {
    FieldProblem { field: name.to_owned(), message: message.into() }
}

fn status_of(code: Code) -> StatusCode {
    match code {
        Code::Malformed => StatusCode::BAD_REQUEST,
        Code::NotSignedIn
        | Code::InvalidCredentials
        | Code::SecondFactorNeeded
        | Code::SecondFactorWrong
        | Code::InvalidSignature
        | Code::ApiKeyRevoked
        | Code::ApiKeyExpired => StatusCode::UNAUTHORIZED,
        Code::NotPermitted
        | Code::NotGranted
        | Code::ResellerSuspended
        | Code::DeviceQuarantined
        | Code::PasswordChangeNeeded
        | Code::SecondFactorNotSetUp
        | Code::ApiKeyScope => StatusCode::FORBIDDEN,
        Code::NotFound | Code::CodeUnknown | Code::SnapshotUnavailable => StatusCode::NOT_FOUND,
        Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Code::Conflict
        | Code::DeviceForked
        | Code::LogGap
        | Code::EpochChanged
        | Code::IdReused
        | Code::UsernameTaken
        | Code::EmailTaken
        | Code::MacTaken
        | Code::AccountLimit
        | Code::TrialLimit
        | Code::ApiKeyLimit
        | Code::LeaseLimit
        | Code::InsufficientCredit
        | Code::LastSuperAdmin
        | Code::PayoutTooSmall
        | Code::WrongState
        | Code::AlreadyActivated
        | Code::AlreadyVoided
        | Code::CodeExpired
        | Code::CodeRevoked
        | Code::CodeHeld
        | Code::CodeNotSold => StatusCode::CONFLICT,
        Code::CodeMistyped | Code::ValidationFailed => StatusCode::UNPROCESSABLE_ENTITY,
        Code::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Code::LockedOut => StatusCode::LOCKED,
        Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Code::CursorExpired | Code::SnapshotGone => StatusCode::GONE,
        Code::PortalUnavailable => StatusCode::BAD_GATEWAY,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        self.log();
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(&*self.problem)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.problem.retry_after_ms.map(|ms| ms.div_ceil(1_000)) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed | sqlx::Error::Io(_) => {
                Self::unavailable("The database does not answer. Try again in a moment.", &error)
            }
            sqlx::Error::Database(ref refusal) if refusal.is_unique_violation() => {
                let mut failure = Self::new(
                    Code::Conflict,
                    "Somebody did the same at the same moment. Read it again, then try again.",
                );
                failure.cause = Some(error.to_string());
                failure
            }
            sqlx::Error::Database(ref refusal) if refusal.code().is_some_and(|code| IN_THE_WAY.contains(&&*code)) => {
                Self::unavailable("Another change was in the way. Try again.", &error)
            }
            sqlx::Error::Database(ref refusal) if refusal.code().is_some_and(|code| AWAY.contains(&&*code)) => {
                Self::unavailable("The database does not answer. Try again in a moment.", &error)
            }
            other => Self::internal(other),
        }
    }
}

/// Serialization failure, deadlock and a lock not had in time of PostgreSQL; busy, and busy with a stale snapshot, of
/// SQLite.
const IN_THE_WAY: [&str; 6] = ["40001", "40P01", "55P03", "5", "261", "517"];

/// PostgreSQL ended this connection, stops, has crashed, starts, is only read from, or has too many connections; and what
/// a pooler in front of it says when it has no connection.
const AWAY: [&str; 9] = ["08000", "08003", "08006", "25006", "25P03", "53300", "57P01", "57P02", "57P03"];

impl Failure {
    fn unavailable(detail: &str, cause: &sqlx::Error) -> Self {
        let mut failure = Self::new(Code::Unavailable, detail);
        failure.cause = Some(cause.to_string());
        failure.retry_after_ms(2_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_there_is_not_found() {
        assert_eq!(if_found(Ok(7)).expect("found"), Some(7));
        assert_eq!(if_found::<u8>(Err(Failure::not_found("plan"))).expect("looked"), None);
        for passing in [sqlx::Error::PoolTimedOut, sqlx::Error::PoolClosed, sqlx::Error::WorkerCrashed] {
            assert_eq!(if_found::<u8>(Err(passing.into())).expect_err("a fault").code(), Code::Unavailable);
        }
        assert_eq!(if_found::<u8>(Err(sqlx::Error::RowNotFound.into())).expect_err("ours").code(), Code::Internal);
    }
}
