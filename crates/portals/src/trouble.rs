//! What stands in the way, told apart by whom it concerns and whether waiting helps.

use counterfoil_stalker::{Error, Refusal};

/// Whom it concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// No account can be written now.
    Portal,
    /// This account; the same again may work later.
    Passing,
    /// This account, and a person has to decide.
    Person,
}

/// Something that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Whom it is about, and whether it may pass.
    pub concern: Concern,
    /// Stable, for programs.
    pub code: &'static str,
    /// For people, without anything that is secret.
    pub detail: String,
    /// What to do about it.
    pub remedy: &'static str,
}

impl Trouble {
    pub(super) fn person(code: &'static str, detail: impl Into<String>, remedy: &'static str) -> Self {
        Self { concern: Concern::Person, code, detail: detail.into(), remedy }
    }

    /// Nothing the portal could help.
    pub fn internal() -> Self {
        let remedy = "Resume it. If it stops again, the log of Central says why.";
        Self::person("internal", "Central could not go on.", remedy)
    }

    /// Whether the same again may work a moment later.
    pub fn may_pass(&self) -> bool {
        self.concern == Concern::Passing || self.code == "timed_out" || self.code == "unreachable"
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self {
            concern: concern(&error),
            code: error.code(),
            detail: sentence(&error.to_string()),
            remedy: error.remedy(),
        }
    }
}

fn concern(error: &Error) -> Concern {
    match error {
        Error::NotSeen(why) => concern(why),
        Error::Unreachable(_)
        | Error::UntrustedCertificate(_)
        | Error::TimedOut(_)
        | Error::WrongCredentials
        | Error::ApiDisabled
        | Error::WrongPath
        | Error::Moved(_)
        | Error::Forbidden
        | Error::NotThePortal(_)
        | Error::Refused(Refusal::DatabaseDown | Refusal::MissingExtension(_)) => Concern::Portal,
        error if error.is_passing() => Concern::Passing,
        // The same value may be refused for ever, but more often the answer was spoilt.
        Error::Unreadable(_) | Error::Vanished => Concern::Passing,
        _ => Concern::Person,
    }
}

/// As it stands on a screen.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_portal_that_is_away_blames_no_account() {
        for error in [
            Error::Unreachable("refused".into()),
            Error::TimedOut(Duration::from_secs(30)),
            Error::WrongCredentials,
            Error::NotSeen(Box::new(Error::ApiDisabled)),
            Error::Refused(Refusal::DatabaseDown),
        ] {
            assert_eq!(Trouble::from(error.clone()).concern, Concern::Portal, "{error}");
        }
        for error in [Error::EmptyAnswer, Error::CutShort, Error::Server(502), Error::Refused(Refusal::Sql("x".into()))]
        {
            assert_eq!(Trouble::from(error.clone()).concern, Concern::Passing, "{error}");
        }
        for error in [Error::Taken("MAC address"), Error::Ambiguous { what: "login", count: 2 }, Error::WrongRecord] {
            assert_eq!(Trouble::from(error.clone()).concern, Concern::Person, "{error}");
        }
    }

    #[test]
    fn what_is_told_is_a_sentence() {
        assert_eq!(Trouble::from(Error::ApiDisabled).detail, "The portal's API is switched off.");
    }
}
