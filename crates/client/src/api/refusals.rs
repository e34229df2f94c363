//! The features' errors as codes the UI has words for. The only place where one becomes the other.

use counterfoil_portals::Concern;

use super::{ApiError, ErrorCode, FieldProblem};
use crate::accounts::AccountsError;
use crate::bulk::BulkError;
use crate::codes::CodesError;
use crate::credit::CreditError;
use crate::direct::DirectError;
use crate::lease::LeaseError;
use crate::orders::OrdersError;
use crate::outbox::LogWriteError;
use crate::permissions::PermissionError;
use crate::printing::PrintError;
use crate::reports::ReportError;
use crate::session::SessionError;
use crate::store::StoreError;
use crate::sync::SyncError;
use crate::vault::VaultError;

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::DiskFull => ErrorCode::DiskFull,
            StoreError::WrongKey(_) => ErrorCode::KeyMissing,
            _ => ErrorCode::StorageFailed,
        };
        Self::new(code, error.to_string())
    }
}

impl From<VaultError> for ApiError {
    fn from(error: VaultError) -> Self {
        let code = match &error {
            VaultError::WrongPassphrase => ErrorCode::VaultWrongPassphrase,
            VaultError::PassphraseTooShort(_) => ErrorCode::PassphraseTooShort,
            VaultError::DiskFull => ErrorCode::DiskFull,
            VaultError::Missing(_) => ErrorCode::KeyMissing,
            VaultError::Unavailable(_) | VaultError::Damaged(_) => ErrorCode::VaultUnavailable,
        };
        Self::new(code, error.to_string())
    }
}

impl From<LogWriteError> for ApiError {
    fn from(error: LogWriteError) -> Self {
        match error {
            LogWriteError::NotEnrolled => Self::new(ErrorCode::NotSignedIn, "this device is not enrolled"),
            LogWriteError::Quarantined(detail) => Self::new(ErrorCode::DeviceQuarantined, detail),
            LogWriteError::Store(error) => error.into(),
            LogWriteError::Vault(error) => error.into(),
        }
    }
}

impl From<LeaseError> for ApiError {
    fn from(error: LeaseError) -> Self {
        let detail = error.to_string();
        match error {
            LeaseError::NotAResellerDevice => Self::new(ErrorCode::NotPermitted, detail),
            LeaseError::Unknown => Self::new(ErrorCode::NotFound, detail),
            LeaseError::NotOpen => Self::new(ErrorCode::Conflict, detail),
            LeaseError::NotInKeyring => Self::new(ErrorCode::KeyMissing, detail),
            LeaseError::Limit => Self::new(ErrorCode::LeaseLimit, detail),
            LeaseError::Untrusted(_) => Self::new(ErrorCode::ServerUntrusted, detail),
            LeaseError::WordList(_) => Self::new(ErrorCode::ServerIncompatible, detail),
            LeaseError::Central(error) => error.into(),
            LeaseError::Log(error) => error.into(),
            LeaseError::Store(error) => error.into(),
            LeaseError::Vault(error) => error.into(),
        }
    }
}

impl From<SessionError> for ApiError {
    fn from(error: SessionError) -> Self {
        let detail = error.to_string();
        match error {
            SessionError::Address => Self::new(ErrorCode::ValidationFailed, detail),
            SessionError::OtherOperator(_) | SessionError::OperatorsOwn => Self::new(ErrorCode::Conflict, detail),
            SessionError::PasswordChangeNeeded => Self::new(ErrorCode::PasswordChangeNeeded, detail),
            SessionError::OtherReseller => Self::new(ErrorCode::NotPermitted, detail),
            SessionError::Untrusted(_) => Self::new(ErrorCode::ServerUntrusted, detail),
            SessionError::Central(error) => error.into(),
            SessionError::Store(error) => error.into(),
            SessionError::Vault(error) => error.into(),
        }
    }
}

impl From<DirectError> for ApiError {
    fn from(error: DirectError) -> Self {
        let detail = error.to_string();
        match error {
            DirectError::NotPermitted => Self::new(ErrorCode::NotPermitted, detail),
            DirectError::NotSetUp => Self::new(ErrorCode::PortalNotSetUp, detail),
            DirectError::NotFound(_) => Self::new(ErrorCode::NotFound, detail),
            DirectError::Invalid { field, message } => {
                let fields = vec![FieldProblem { field: field.into(), message }];
                Self::new(ErrorCode::ValidationFailed, detail).with_fields(fields)
            }
            DirectError::Conflict(_) => Self::new(ErrorCode::Conflict, detail),
            DirectError::Portal(trouble) => {
                let of_portal = matches!(trouble.concern, Concern::Portal | Concern::Passing);
                Self::new(if of_portal { ErrorCode::PortalUnavailable } else { ErrorCode::Conflict }, detail)
            }
            DirectError::NotLogged(_) => Self::new(ErrorCode::SentNotLogged, detail),
            DirectError::Session(error) => error.into(),
            DirectError::Log(error) => error.into(),
            DirectError::Store(error) => error.into(),
            DirectError::Vault(error) => error.into(),
        }
    }
}

impl From<CodesError> for ApiError {
    fn from(error: CodesError) -> Self {
        let detail = error.to_string();
        match error {
            CodesError::NotFound => Self::new(ErrorCode::NotFound, detail),
            CodesError::Place => Self::new(ErrorCode::ValidationFailed, detail),
            CodesError::AlreadyActivated(_) => Self::new(ErrorCode::AlreadyActivated, detail),
            CodesError::AlreadyVoided(_) => Self::new(ErrorCode::AlreadyVoided, detail),
            CodesError::NotVoidable(_) => Self::new(ErrorCode::Conflict, detail),
            CodesError::OtherDevice(_) | CodesError::NotPermitted => Self::new(ErrorCode::NotPermitted, detail),
            CodesError::Central(error) => error.into(),
            CodesError::Session(error) => error.into(),
            CodesError::Log(error) => error.into(),
            CodesError::Store(error) => error.into(),
        }
    }
}

impl From<CreditError> for ApiError {
    fn from(error: CreditError) -> Self {
        match error {
            CreditError::Place => Self::new(ErrorCode::ValidationFailed, "not a place in the list"),
            CreditError::Store(error) => error.into(),
            CreditError::Vault(error) => error.into(),
        }
    }
}

impl From<SyncError> for ApiError {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Central(error) => error.into(),
            other => Self::new(other.code(), other.to_string()),
        }
    }
}

impl From<PrintError> for ApiError {
    fn from(error: PrintError) -> Self {
        Self::new(ErrorCode::Internal, error.to_string())
    }
}

impl From<ReportError> for ApiError {
    fn from(error: ReportError) -> Self {
        let (detail, full) = (error.to_string(), error.is_full());
        match error {
            ReportError::Session(error) => error.into(),
            ReportError::TooLong(_) => Self::new(ErrorCode::BodyTooLarge, detail),
            ReportError::Busy => Self::new(ErrorCode::Conflict, detail),
            ReportError::Folder { .. } | ReportError::Write(_) | ReportError::Workbook(_) => {
                Self::new(if full { ErrorCode::DiskFull } else { ErrorCode::StorageFailed }, detail)
            }
            ReportError::Layout(_) | ReportError::BrokeOff(_) => Self::new(ErrorCode::Internal, detail),
        }
    }
}

impl From<PermissionError> for ApiError {
    fn from(error: PermissionError) -> Self {
        let detail = error.to_string();
        match error {
            PermissionError::NotGranted(_) => Self::new(ErrorCode::NotGranted, detail),
            PermissionError::Store(error) => error.into(),
        }
    }
}

impl From<AccountsError> for ApiError {
    fn from(error: AccountsError) -> Self {
        let detail = error.to_string();
        match error {
            AccountsError::NotFound => Self::new(ErrorCode::NotFound, detail),
            AccountsError::Place => Self::new(ErrorCode::ValidationFailed, detail),
            AccountsError::Store(error) => error.into(),
        }
    }
}

impl From<BulkError> for ApiError {
    fn from(error: BulkError) -> Self {
        let detail = error.to_string();
        match error {
            BulkError::Invalid { field, message } => {
                let fields = vec![FieldProblem { field: field.into(), message }];
                Self::new(ErrorCode::ValidationFailed, detail).with_fields(fields)
            }
            BulkError::Permission(error) => error.into(),
            BulkError::Accounts(error) => error.into(),
            BulkError::Session(error) => error.into(),
        }
    }
}

impl From<OrdersError> for ApiError {
    fn from(error: OrdersError) -> Self {
        let detail = error.to_string();
        match error {
            OrdersError::Place => Self::new(ErrorCode::ValidationFailed, detail),
            OrdersError::NotPermitted => Self::new(ErrorCode::NotPermitted, detail),
            OrdersError::Moved(_) => Self::new(ErrorCode::Conflict, detail),
            OrdersError::Invalid { field, message } => {
                let fields = vec![FieldProblem { field: field.into(), message }];
                Self::new(ErrorCode::ValidationFailed, detail).with_fields(fields)
            }
            OrdersError::Session(error) => error.into(),
            OrdersError::Log(error) => error.into(),
            OrdersError::Store(error) => error.into(),
        }
    }
}
