//! What can go wrong between here and a portal, told apart by what a person can do about it.

use std::time::Duration;

use crate::id::InvalidId;
use crate::refusal::Refusal;
use crate::value::InvalidValue;

/// Nothing in it holds a password, a statement, a path of the portal's machine or more than a line of its words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No connection was made: nothing was sent.
    #[error("the portal cannot be reached: {0}")]
    Unreachable(String),
    /// TLS failed before anything was sent; see [`presented_certificate`](crate::presented_certificate).
    #[error("the portal's certificate is not trusted: {0}")]
    UntrustedCertificate(String),
    /// [`Limits::call`](crate::Limits) or [`Limits::list`](crate::Limits) passed.
    #[error("the portal did not answer within {} s", .0.as_secs())]
    TimedOut(Duration),
    /// HTTP 401.
    #[error("the portal refuses the API user's name or password")]
    WrongCredentials,
    /// HTTP 404 that says so: `enable_api` is off in `custom.ini`.
    #[error("the portal's API is switched off")]
    ApiDisabled,
    /// Another HTTP 404.
    #[error("there is no portal API at this address")]
    WrongPath,
    /// A redirection, which is not followed; where to, as far as that may be shown.
    #[error("the portal sends us elsewhere: {0}")]
    Moved(String),
    /// HTTP 403, or 414 where the address is too long for it.
    #[error("the portal's web server forbids this address")]
    Forbidden,
    /// Another HTTP status of failure.
    #[error("the portal's web server answered {0}")]
    Server(u16),
    /// HTML or text with HTTP 200; its first words.
    #[error("a page came in place of an answer: {0}")]
    NotThePortal(String),
    /// No byte, or white space only: most often PHP died with its errors hidden.
    #[error("the portal answered with nothing at all")]
    EmptyAnswer,
    /// PHP's own words for it.
    #[error("the portal ran out of memory at {megabytes} MiB")]
    OutOfMemory {
        /// PHP's `memory_limit`.
        megabytes: u64,
    },
    /// A fatal error of PHP, without paths and values.
    #[error("the portal's program failed: {0}")]
    PhpFailed(String),
    /// The connection closed, or the JSON ended, before its end.
    #[error("the answer ended in the middle")]
    CutShort,
    /// More than [`Limits`](crate::Limits) allows, in bytes.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(u64),
    /// JSON of another shape; what was expected.
    #[error("the answer is not what this call gives: {0}")]
    Unreadable(String),
    /// `"status":"ERROR"`.
    #[error("the portal refused: {0:?}")]
    Refused(Refusal),
    /// `"status":"OK"` with `"results":false`.
    #[error("the portal said OK and did nothing")]
    Declined,
    /// Told by a look: nothing was written.
    #[error("no account, box or row answers to this")]
    NotFound,
    /// A write would reach all of them.
    #[error("{count} accounts answer to the same {what}")]
    Ambiguous { what: &'static str, count: usize },
    /// Another account has it already; the portal itself would not have minded.
    #[error("another account has this {0}")]
    Taken(&'static str),
    /// Nothing of it is believed.
    #[error("the portal answered about another account than the one asked for")]
    WrongRecord,
    /// The write was confirmed, and the read behind it finds no such account.
    #[error("the portal said OK, and what was written is not there")]
    Vanished,
    /// The write was sent, and the look that would tell what became of it failed.
    #[error("it was written, and could not be read back: {0}")]
    NotSeen(Box<Error>),
    /// What it lacks.
    #[error("this portal cannot do it: {0}")]
    Unsupported(&'static str),
    /// A text that cannot be an identifier: nothing was sent.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// A text or date that a portal would not store as it is: nothing was sent.
    #[error(transparent)]
    Value(#[from] InvalidValue),
}

/// What is known about a write that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The portal has written nothing.
    Nothing,
    /// It may have written. Look before trying again.
    Unknown,
}

impl Error {
    /// What is known about the write that met this error.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::TimedOut(_)
            | Self::Server(_)
            | Self::NotThePortal(_)
            | Self::EmptyAnswer
            | Self::OutOfMemory { .. }
            | Self::PhpFailed(_)
            | Self::CutShort
            | Self::TooLarge(_)
            | Self::Unreadable(_)
            | Self::Vanished
            | Self::NotSeen(_) => Outcome::Unknown,
            Self::Refused(refusal) if !refusal.is_before_writing() => Outcome::Unknown,
            _ => Outcome::Nothing,
        }
    }

    /// The same error, met by the look behind a write that was sent.
    pub(crate) fn after_writing(self) -> Self {
        match self {
            Self::NotFound => Self::Vanished,
            Self::Vanished | Self::NotSeen(_) => self,
            other => Self::NotSeen(Box::new(other)),
        }
    }

    /// Whether the same call may succeed later without anybody doing something, once it is known what the first did.
    pub fn is_passing(&self) -> bool {
        if let Self::NotSeen(why) = self {
            return why.is_passing();
        }
        matches!(
            self,
            Self::Unreachable(_)
                | Self::TimedOut(_)
                | Self::Server(_)
                | Self::EmptyAnswer
                | Self::CutShort
                | Self::PhpFailed(_)
                | Self::OutOfMemory { .. }
                | Self::Refused(Refusal::DatabaseDown | Refusal::Sql(_))
        )
    }

    /// A stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "unreachable",
            Self::UntrustedCertificate(_) => "untrusted_certificate",
            Self::TimedOut(_) => "timed_out",
            Self::WrongCredentials => "wrong_credentials",
            Self::ApiDisabled => "api_disabled",
            Self::WrongPath => "wrong_path",
            Self::Moved(_) => "moved",
            Self::Forbidden => "forbidden",
            Self::Server(_) => "server_error",
            Self::NotThePortal(_) => "not_the_portal",
            Self::EmptyAnswer => "empty_answer",
            Self::OutOfMemory { .. } => "out_of_memory",
            Self::PhpFailed(_) => "php_failed",
            Self::CutShort => "cut_short",
            Self::TooLarge(_) => "too_large",
            Self::Unreadable(_) => "unreadable",
            Self::Refused(refusal) => refusal.code(),
            Self::Declined => "declined",
            Self::NotFound => "not_found",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Taken(_) => "taken",
            Self::WrongRecord => "wrong_record",
            Self::Vanished => "vanished",
            Self::NotSeen(_) => "not_seen",
            Self::Unsupported(_) => "unsupported",
            Self::Id(_) => "invalid_id",
            Self::Value(_) => "invalid_value",
        }
    }

    /// What to do about it, for whoever runs the portal or uses it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "Check the address and port, and whether the portal's machine is up.",
            Self::UntrustedCertificate(_) => {
                "Give the portal a certificate of a known authority, or look at its certificate and trust this one."
            }
            Self::TimedOut(_) => {
                "Large lists take minutes: try again when the portal is less busy, or allow it more time."
            }
            Self::WrongCredentials => {
                "Use api_auth_login and api_auth_password from the section [server_api] of the portal's custom.ini."
            }
            Self::ApiDisabled => "Set enable_api = true in the portal's custom.ini.",
            Self::WrongPath => "The address usually ends in /stalker_portal/api/ or /stalker_portal/api/v1/.",
            Self::Moved(_) => "Use the address that it names.",
            Self::Forbidden => "A rule of the portal's web server or a firewall stands between: ask whoever runs it.",
            Self::Server(_) | Self::PhpFailed(_) => "Look at the web server's error log on the portal's machine.",
            Self::NotThePortal(_) => "Some other program answers at this address: check it, and any proxy in front.",
            Self::EmptyAnswer | Self::OutOfMemory { .. } => {
                "Raise memory_limit in the portal's php.ini: 512M is enough for 50,000 accounts."
            }
            Self::CutShort => {
                "Try again. If it stays so, look for a proxy that ends long answers, after 60 s as a rule."
            }
            Self::TooLarge(_) => "No portal answers this much: check the address.",
            Self::Unreadable(_) => "This portal answers in a way that is not known: please report its version.",
            Self::Refused(refusal) => refusal.remedy(),
            Self::Declined => "There was nothing to change, or the portal does not know what was asked for.",
            Self::NotFound => "It was deleted or renamed in the portal: look at the list again.",
            Self::Ambiguous { .. } => "Put the duplicate right in the portal: a write would reach all of them.",
            Self::Taken(_) => "Choose another one, or put the other account right first.",
            Self::WrongRecord => {
                "Nothing was written. The portal's rewrite rules change this login: address it by MAC."
            }
            Self::NotSeen(why) => why.remedy(),
            Self::Vanished => "Look at the portal: somebody else may be changing the same account.",
            Self::Unsupported(_) => "Leave it out: the portal would drop it without a word.",
            Self::Id(_) | Self::Value(_) => "Change the value.",
        }
    }
}

impl Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::AccountNotFound | Self::BoxNotFound | Self::SomeNotFound => "not_found",
            Self::LoginTaken | Self::MacTaken | Self::BoxTaken | Self::NameTaken => "taken",
            Self::InvalidMac => "invalid_mac",
            Self::NothingToWrite => "nothing_to_write",
            Self::ResellerUnknown => "reseller_unknown",
            Self::ResellerHasAccounts => "reseller_has_accounts",
            Self::ResourceDenied => "resource_denied",
            Self::NoSuchResource { .. } | Self::NoSuchAction => "unsupported",
            Self::Malformed(_) => "malformed",
            Self::MissingExtension(_) => "missing_extension",
            Self::DatabaseDown => "database_down",
            Self::Sql(_) => "database_refused",
            Self::Other(_) => "refused",
        }
    }

    fn remedy(&self) -> &'static str {
        match self {
            Self::AccountNotFound | Self::BoxNotFound | Self::SomeNotFound => {
                "It was deleted or renamed in the portal: look at the list again."
            }
            Self::LoginTaken | Self::MacTaken | Self::BoxTaken | Self::NameTaken => {
                "Choose another one. After a lost answer it may be your own: compare before trying again."
            }
            Self::InvalidMac => "Write it as 00:1A:79:AA:BB:CC.",
            Self::NothingToWrite => "This portal knows none of these fields: probe it again.",
            Self::ResellerUnknown => "Create the reseller in the portal first, or map it to one that is there.",
            Self::ResellerHasAccounts => "Move its accounts to another reseller first.",
            Self::ResourceDenied => "Set allow_resellers_info_for_api = true in the portal's custom.ini.",
            Self::NoSuchResource { .. } | Self::NoSuchAction => "This version of the portal cannot do this.",
            Self::Malformed(_) => "This is a fault of the client: please report it.",
            Self::MissingExtension(_) => "Install the PHP extension that it names on the portal's machine.",
            Self::DatabaseDown => "The portal's own database is down or refuses it: ask whoever runs the portal.",
            Self::Sql(_) => "The portal's database refused a value: check dates and unusual characters.",
            Self::Other(_) => "Look at the portal's own log.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_without_a_clear_answer_may_have_happened() {
        for error in [Error::TimedOut(Duration::from_secs(30)), Error::EmptyAnswer, Error::CutShort, Error::Server(504)]
        {
            assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
        }
        for error in [Error::WrongCredentials, Error::Unreachable("refused".to_owned()), Error::Declined] {
            assert_eq!(error.outcome(), Outcome::Nothing, "{error}");
        }
        assert_eq!(Error::Refused(Refusal::LoginTaken).outcome(), Outcome::Nothing);
        assert_eq!(Error::Refused(Refusal::Sql(String::new())).outcome(), Outcome::Unknown);
    }
}
