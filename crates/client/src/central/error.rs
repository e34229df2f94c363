//! What can go wrong between here and Central, told apart by what a person can do about it.

use std::error::Error;

use counterfoil_wire::problem::{Code, Problem};
use thiserror::Error;

use crate::api::{ApiError, ErrorCode, FieldProblem};

#[derive(Debug, Clone, Error)]
pub(crate) enum CentralError {
    /// No network, no such host, nobody listens, or no answer in time: normal for a shop.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    /// Its certificate is not trusted by this machine.
    #[error("the server's certificate is not trusted: {0}")]
    Untrusted(String),
    /// Its certificate begins later than this machine's clock stands.
    #[error("this machine's clock is behind the server's certificate: {0}")]
    ClockBehind(String),
    /// Something answers that does not speak this version of the protocol.
    #[error("the server does not fit this version: {0}")]
    Incompatible(String),
    #[error("the server failed ({status})")]
    Failed { status: u16, retry_after_ms: Option<u64> },
    /// Central says why.
    #[error("{}", .0.detail)]
    Problem(Box<Problem>),
    /// The session ended and cannot be renewed.
    #[error("nobody is signed in")]
    NotSignedIn,
}

impl CentralError {
    pub(crate) fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem(problem) => Some(problem),
            _ => None,
        }
    }

    pub(crate) fn is(&self, code: Code) -> bool {
        self.problem().is_some_and(|problem| problem.code == code)
    }

    /// Whether nothing of Central was reached: the shop is simply offline.
    pub(crate) fn is_offline(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Failed { .. } => true,
            Self::Problem(problem) => matches!(problem.code, Code::Unavailable | Code::Internal),
            Self::Untrusted(_) | Self::ClockBehind(_) | Self::Incompatible(_) | Self::NotSignedIn => false,
        }
    }

    /// Whether Central has decided: asked again, it answers the same.
    pub(crate) fn is_final(&self) -> bool {
        self.problem().is_some_and(|problem| problem.retry_after_ms.is_none()) && !self.is_offline()
    }

    /// When Central asks for patience.
    pub(crate) fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::Failed { retry_after_ms, .. } => *retry_after_ms,
            other => other.problem().and_then(|problem| problem.retry_after_ms),
        }
    }
}

/// Tells an untrusted certificate from an unreachable server.
pub(super) fn of_transport(error: &reqwest::Error) -> CentralError {
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    let mut deepest = error.to_string();
    while let Some(inner) = source {
        let wrapped = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let tls = inner
            .downcast_ref::<rustls::Error>()
            .or_else(|| wrapped.and_then(|wrapped| wrapped.downcast_ref::<rustls::Error>()));
        if let Some(untrusted) = tls.and_then(of_certificate) {
            return untrusted;
        }
        deepest = inner.to_string();
        source = inner.source();
    }
    if error.is_timeout() {
        return CentralError::Unreachable("no answer in time".into());
    }
    CentralError::Unreachable(deepest)
}

/// A certificate that is not trusted. One that is not valid yet is no fault of the server's: it begins to use a certificate
/// when it gets it, and a machine whose battery is empty starts years ago.
fn of_certificate(tls: &rustls::Error) -> Option<CentralError> {
    use rustls::CertificateError::{NotValidYet, NotValidYetContext};

    let rustls::Error::InvalidCertificate(why) = tls else { return None };
    let behind = matches!(why, NotValidYet | NotValidYetContext { .. });
    let what = tls.to_string();
    Some(if behind { CentralError::ClockBehind(what) } else { CentralError::Untrusted(what) })
}

/// The code the UI has words for.
pub(crate) fn reason(error: &CentralError) -> ErrorCode {
    match error {
        CentralError::Unreachable(_) => ErrorCode::ServerUnreachable,
        CentralError::Untrusted(_) => ErrorCode::ServerUntrusted,
        CentralError::ClockBehind(_) => ErrorCode::ClockImplausible,
        CentralError::Incompatible(_) => ErrorCode::ServerIncompatible,
        CentralError::Failed { .. } => ErrorCode::ServerError,
        CentralError::NotSignedIn => ErrorCode::NotSignedIn,
        CentralError::Problem(problem) => of_problem(problem.code),
    }
}

fn of_problem(code: Code) -> ErrorCode {
    match code {
        Code::Malformed
        | Code::MethodNotAllowed
        | Code::UnsupportedMediaType
        | Code::InvalidSignature
        | Code::LogGap
        | Code::EpochChanged
        | Code::CursorExpired
        | Code::SnapshotUnavailable
        | Code::SnapshotGone => ErrorCode::ServerIncompatible,
        Code::NotSignedIn | Code::ApiKeyRevoked | Code::ApiKeyExpired => ErrorCode::NotSignedIn,
        Code::InvalidCredentials => ErrorCode::InvalidCredentials,
        Code::SecondFactorNeeded => ErrorCode::SecondFactorNeeded,
        Code::SecondFactorWrong => ErrorCode::SecondFactorWrong,
        Code::SecondFactorNotSetUp => ErrorCode::SecondFactorNotSetUp,
        Code::PasswordChangeNeeded => ErrorCode::PasswordChangeNeeded,
        Code::LastSuperAdmin => ErrorCode::LastSuperAdmin,
        Code::NotPermitted | Code::ResellerSuspended | Code::ApiKeyScope => ErrorCode::NotPermitted,
        Code::NotGranted => ErrorCode::NotGranted,
        Code::MacTaken => ErrorCode::MacTaken,
        Code::AccountLimit => ErrorCode::AccountLimit,
        Code::DeviceQuarantined => ErrorCode::DeviceQuarantined,
        Code::NotFound | Code::CodeUnknown => ErrorCode::NotFound,
        Code::DeviceForked => ErrorCode::DeviceForked,
        Code::UsernameTaken => ErrorCode::UsernameTaken,
        Code::EmailTaken => ErrorCode::EmailTaken,
        Code::TrialLimit => ErrorCode::TrialLimit,
        Code::ApiKeyLimit => ErrorCode::ApiKeyLimit,
        Code::LeaseLimit => ErrorCode::LeaseLimit,
        Code::InsufficientCredit => ErrorCode::InsufficientCredit,
        Code::PayoutTooSmall => ErrorCode::PayoutTooSmall,
        Code::AlreadyActivated => ErrorCode::AlreadyActivated,
        Code::AlreadyVoided => ErrorCode::AlreadyVoided,
        Code::Conflict
        | Code::IdReused
        | Code::WrongState
        | Code::CodeExpired
        | Code::CodeRevoked
        | Code::CodeNotSold => ErrorCode::Conflict,
        Code::CodeHeld => ErrorCode::Held,
        Code::BodyTooLarge => ErrorCode::BodyTooLarge,
        Code::CodeMistyped | Code::ValidationFailed => ErrorCode::ValidationFailed,
        Code::LockedOut => ErrorCode::LockedOut,
        Code::RateLimited => ErrorCode::RateLimited,
        Code::PortalUnavailable => ErrorCode::PortalUnavailable,
        Code::Internal | Code::Unavailable => ErrorCode::ServerError,
    }
}

impl From<CentralError> for ApiError {
    fn from(error: CentralError) -> Self {
        let mut answer = Self::new(reason(&error), error.to_string());
        if let CentralError::Problem(problem) = error {
            answer.needed = problem.needed.map(|amount| Box::new(amount.into()));
            answer.available = problem.available.map(|amount| Box::new(amount.into()));
            answer.retry_after_ms = problem.retry_after_ms;
            let fields = problem.fields.into_iter();
            answer = answer
                .with_fields(fields.map(|field| FieldProblem { field: field.field, message: field.message }).collect());
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rustls::CertificateError;
    use rustls::pki_types::UnixTime;

    use super::*;

    #[test]
    fn a_certificate_that_begins_later_than_the_clock_stands_is_the_clocks_fault() {
        let of = |why| of_certificate(&rustls::Error::InvalidCertificate(why)).map(|error| reason(&error));
        let at = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let later = CertificateError::NotValidYetContext { time: at(1), not_before: at(1_780_000_000) };
        assert_eq!(of(later), Some(ErrorCode::ClockImplausible));
        assert_eq!(of(CertificateError::NotValidYet), Some(ErrorCode::ClockImplausible));
        for why in [CertificateError::Expired, CertificateError::UnknownIssuer, CertificateError::NotValidForName] {
            assert_eq!(of(why), Some(ErrorCode::ServerUntrusted));
        }
        assert!(of_certificate(&rustls::Error::HandshakeNotComplete).is_none());
    }
}
