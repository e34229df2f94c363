//! The words for every problem a customer can meet: what is wrong, and what to do.

pub(super) mod application;
pub(super) mod order;

use axum::http::StatusCode;
use counterfoil_wire::problem::{Code, Problem};

use super::Letterhead;
use super::activate::ActivationForm;
use super::mistyped::{Suggestion, mistake};
use crate::calendar::waiting;

/// Where on the form it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Code,
    Username,
    Token,
    /// Nowhere: the form is right.
    Nowhere,
}

/// What went wrong, as the page says it.
pub(super) struct Trouble {
    pub(super) status: StatusCode,
    pub(super) retry_after_s: Option<u64>,
    pub(super) place: Place,
    /// Nothing is wrong with what was typed: it only takes time.
    pub(super) waiting: bool,
    pub(super) title: String,
    pub(super) said: String,
    pub(super) way_out: String,
    pub(super) suggestions: Vec<Suggestion>,
    /// Whether the subscription page may answer the question.
    pub(super) see_subscription: bool,
}

impl Trouble {
    fn new(problem: &Problem, place: Place, title: &str, said: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self {
            status: StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            retry_after_s: problem.retry_after_ms.map(|ms| ms.div_ceil(1_000)),
            place,
            waiting: matches!(
                problem.code,
                Code::CodeHeld
                    | Code::InsufficientCredit
                    | Code::ResellerSuspended
                    | Code::RateLimited
                    | Code::LockedOut
                    | Code::Unavailable
            ),
            title: title.to_owned(),
            said: said.into(),
            way_out: way_out.into(),
            suggestions: Vec::new(),
            see_subscription: false,
        }
    }

    /// The id of the field, to link to.
    pub(super) fn anchor(&self) -> Option<&'static str> {
        match self.place {
            Place::Code => Some("code"),
            Place::Username => Some("username"),
            Place::Token => Some("token"),
            Place::Nowhere => None,
        }
    }

    pub(super) fn is_at(&self, field: &str) -> bool {
        self.anchor() == Some(field)
    }
}

/// For `/activate`.
pub(super) fn of_activation(problem: &Problem, form: &ActivationForm, letterhead: &Letterhead) -> Trouble {
    let operator = &letterhead.operator_name;
    let at_code = |title, said: String, way_out: &str| Trouble::new(problem, Place::Code, title, said, way_out);
    match problem.code {
        Code::CodeMistyped => mistyped(problem, form, letterhead),
        Code::CodeUnknown => at_code(
            "We do not know this code",
            format!("It is written correctly, but {operator} never issued it."),
            "Compare it with your receipt once more. If it is the same, the shop where you bought it can help: take \
             the receipt along.",
        ),
        Code::AlreadyActivated => Trouble {
            see_subscription: true,
            ..at_code(
                "This code is already used",
                first_sentence(&problem.detail),
                "Was it you? Then see below how long your subscription lasts. Otherwise go to the shop where you bought \
                 it, and take the receipt along.",
            )
        },
        Code::CodeExpired => at_code(
            "This code is too old",
            "Every code has a day until which it can be activated, and that day has passed.".to_owned(),
            "Ask the shop where you bought it, and take the receipt along: the day stands on it.",
        ),
        Code::CodeRevoked => at_code(
            "This code was withdrawn",
            "It cannot be activated any more. Your account is as it was.".to_owned(),
            "Ask the shop where you bought it, and take the receipt along.",
        ),
        Code::AlreadyVoided => at_code(
            "This code was cancelled",
            "The shop cancelled it before it was used. Your account is as it was.".to_owned(),
            "Ask the shop where you bought it, and take the receipt along.",
        ),
        Code::CodeNotSold => at_code(
            "This card is not sold yet",
            "No shop has sold it so far, so it cannot be activated. Your account is as it was.".to_owned(),
            "Ask the shop where you got it, and show the card.",
        ),
        Code::CodeHeld | Code::InsufficientCredit | Code::ResellerSuspended => Trouble::new(
            problem,
            Place::Nowhere,
            "The shop must confirm this code first",
            "Nothing is lost: the code is good, and it stays yours.",
            "Keep the receipt and tell the shop where you bought it. Then activate the same code here.",
        ),
        Code::NotFound => Trouble::new(
            problem,
            Place::Username,
            "There is no account with this user name",
            "The code was not used up.",
            "Check how the user name is written. Leave it empty to get a new account.",
        ),
        Code::WrongState => Trouble::new(
            problem,
            Place::Username,
            "This account takes no codes now",
            "It is paused or closed, so the code was not used up.",
            "Ask the shop where you bought the code. Or leave the user name empty to get a new account.",
        ),
        Code::ValidationFailed => invalid(problem),
        Code::IdReused => at_code(
            "This form was used for another code",
            "One form activates one code. Nothing was changed.".to_owned(),
            "The form is fresh now, with what you typed: press the button again.",
        ),
        _ => of_any(problem, "The code was not used up by this try, and it can never be used twice."),
    }
}

/// For `/subscription`.
pub(super) fn of_subscription(problem: &Problem) -> Trouble {
    match problem.code {
        Code::NotFound => Trouble::new(
            problem,
            Place::Token,
            "No subscription has this token",
            "A token is a long row of letters and digits, shown when the code was activated. Capital and small \
             letters differ.",
            "Compare it with what you noted. If it is lost, the shop where you bought the code can give you a new one.",
        ),
        Code::ValidationFailed => Trouble::new(
            problem,
            Place::Token,
            "Type your token",
            "The field is empty, or holds no token.",
            WHICH_TOKEN,
        ),
        _ => of_any(problem, "Your subscription is as it was."),
    }
}

const WHICH_TOKEN: &str = "The token was shown when the code was activated, below the password.";

const OUR_FAULT: &str = "Try again in a moment. If it stays like this, tell the shop where you bought your code.";

/// What can happen on either page. Codes that only other callers meet are a fault of ours here.
fn of_any(problem: &Problem, comfort: &str) -> Trouble {
    let nowhere = |title, said: &str, way_out: String| Trouble::new(problem, Place::Nowhere, title, said, way_out);
    let again = || "What you typed is still here: try again.".to_owned();
    match problem.code {
        Code::RateLimited | Code::LockedOut => {
            let pause = waiting(problem.retry_after_ms.unwrap_or(60_000));
            nowhere("Too many tries from here", comfort, format!("Wait {pause}, then try again."))
        }
        Code::Unavailable => {
            let pause = waiting(problem.retry_after_ms.unwrap_or(60_000));
            nowhere("We cannot answer right now", comfort, format!("Wait {pause}, then press the button again."))
        }
        Code::Conflict => nowhere("Somebody was faster", "The same was asked twice at the same moment.", again()),
        Code::Malformed | Code::UnsupportedMediaType | Code::MethodNotAllowed => nowhere(
            "The form did not arrive whole",
            comfort,
            "Fill it in again and send it. If that does not help, open this page afresh.".to_owned(),
        ),
        Code::BodyTooLarge => nowhere(
            "That is more than this form takes",
            comfort,
            "Type the one line it asks for, and nothing else.".to_owned(),
        ),
        Code::NotSignedIn
        | Code::InvalidCredentials
        | Code::SecondFactorNeeded
        | Code::SecondFactorWrong
        | Code::SecondFactorNotSetUp
        | Code::InvalidSignature
        | Code::ApiKeyRevoked
        | Code::ApiKeyExpired
        | Code::ApiKeyScope
        | Code::NotPermitted
        | Code::NotGranted
        | Code::ResellerSuspended
        | Code::DeviceQuarantined
        | Code::PasswordChangeNeeded
        | Code::NotFound
        | Code::DeviceForked
        | Code::LogGap
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
        | Code::CodeNotSold
        | Code::CodeUnknown
        | Code::CodeMistyped
        | Code::ValidationFailed
        | Code::EpochChanged
        | Code::CursorExpired
        | Code::SnapshotUnavailable
        | Code::SnapshotGone
        | Code::PortalUnavailable
        | Code::Internal => nowhere("Something went wrong on our side", comfort, OUR_FAULT.to_owned()),
    }
}

fn mistyped(problem: &Problem, form: &ActivationForm, letterhead: &Letterhead) -> Trouble {
    match mistake(&form.code, &letterhead.code_prefix) {
        Some(found) => {
            let trouble = Trouble::new(problem, Place::Code, found.title, found.said, found.way_out);
            Trouble { suggestions: found.suggestions, ..trouble }
        }
        None => Trouble::new(
            problem,
            Place::Code,
            "One symbol is not right",
            "This code does not add up: it was mistyped.",
            "Compare it with your receipt, symbol by symbol.",
        ),
    }
}

/// The first wrong field that is on the form, in the server's words.
fn invalid(problem: &Problem) -> Trouble {
    let wrong = problem.fields.iter().find_map(|field| match field.field.as_str() {
        "code" => Some((Place::Code, "The code is not right yet", field)),
        "username" => Some((Place::Username, "The user name is not right yet", field)),
        _ => None,
    });
    match wrong {
        Some((place, title, field)) => Trouble::new(
            problem,
            place,
            title,
            sentence(&field.message),
            "Change it and press the button again. The code was not used up.",
        ),
        None => Trouble::new(
            problem,
            Place::Nowhere,
            "Something on the form is not right yet",
            "The code was not used up.",
            "Look at what you typed and try again, or open this page afresh.",
        ),
    }
}

/// The page has its own advice; of the server's detail it wants the fact only.
fn first_sentence(detail: &str) -> String {
    detail.split_inclusive(". ").next().unwrap_or_default().trim().to_owned()
}

/// A capital at the beginning and a full stop at the end.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Failure, field};

    /// Every code the wire has; `of_any` has no wildcard, so that a new one is noticed there first.
    const ALL: &[Code] = &[
        Code::Malformed,
        Code::NotSignedIn,
        Code::InvalidCredentials,
        Code::SecondFactorNeeded,
        Code::SecondFactorWrong,
        Code::SecondFactorNotSetUp,
        Code::InvalidSignature,
        Code::NotPermitted,
        Code::ResellerSuspended,
        Code::DeviceQuarantined,
        Code::PasswordChangeNeeded,
        Code::NotFound,
        Code::MethodNotAllowed,
        Code::Conflict,
        Code::DeviceForked,
        Code::LogGap,
        Code::IdReused,
        Code::UsernameTaken,
        Code::EmailTaken,
        Code::TrialLimit,
        Code::ApiKeyLimit,
        Code::LeaseLimit,
        Code::InsufficientCredit,
        Code::LastSuperAdmin,
        Code::PayoutTooSmall,
        Code::WrongState,
        Code::AlreadyActivated,
        Code::AlreadyVoided,
        Code::CodeExpired,
        Code::CodeRevoked,
        Code::CodeHeld,
        Code::CodeNotSold,
        Code::CodeUnknown,
        Code::CodeMistyped,
        Code::BodyTooLarge,
        Code::UnsupportedMediaType,
        Code::ValidationFailed,
        Code::LockedOut,
        Code::RateLimited,
        Code::EpochChanged,
        Code::CursorExpired,
        Code::SnapshotUnavailable,
        Code::SnapshotGone,
        Code::Internal,
        Code::Unavailable,
    ];

    fn typed(code: &str) -> ActivationForm {
        ActivationForm { code: code.to_owned(), ..ActivationForm::default() }
    }

    fn activation(failure: &Failure) -> Trouble {
        of_activation(failure.problem(), &typed("PM2D-M0BP-0419-5CYQ"), &Letterhead::default())
    }

    #[test]
    fn every_problem_has_words_on_either_page() {
        for code in ALL {
            let failure = Failure::new(*code, "It was used on 3 December 2026.");
            for trouble in [activation(&failure), of_subscription(failure.problem())] {
                assert_eq!(trouble.status.as_u16(), failure.problem().status, "{code:?}");
                for text in [&trouble.title, &trouble.said, &trouble.way_out] {
                    assert!(text.len() > 8, "{code:?}: {text}");
                }
                assert!(trouble.said.ends_with('.') && trouble.way_out.ends_with('.'), "{code:?}");
            }
        }
    }

    #[test]
    fn what_a_customer_meets_has_words_of_its_own() {
        let titles: Vec<String> = [
            Code::CodeMistyped,
            Code::CodeUnknown,
            Code::AlreadyActivated,
            Code::CodeExpired,
            Code::CodeRevoked,
            Code::AlreadyVoided,
            Code::CodeHeld,
            Code::CodeNotSold,
            Code::RateLimited,
            Code::NotFound,
            Code::ValidationFailed,
            Code::Internal,
            Code::Unavailable,
        ]
        .into_iter()
        .map(|code| activation(&Failure::new(code, "Detail.")).title)
        .collect();
        let mut distinct = titles.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), titles.len(), "{titles:?}");
    }

    #[test]
    fn a_limit_says_how_long_to_wait() {
        let trouble = activation(&Failure::new(Code::RateLimited, "").retry_after_ms(200_000));
        assert!(trouble.way_out.contains("4 minutes"), "{}", trouble.way_out);
        assert_eq!(trouble.retry_after_s, Some(200));
    }

    #[test]
    fn a_wrong_field_is_named_in_a_sentence() {
        let failure = Failure::validation(vec![field("username", "a user name has 1 to 50 characters")]);
        let trouble = activation(&failure);
        assert!(trouble.is_at("username"));
        assert_eq!(trouble.said, "A user name has 1 to 50 characters.");
        assert!(activation(&Failure::validation(vec![field("account_id", "no")])).anchor().is_none());
    }

    #[test]
    fn a_used_code_leads_on() {
        let trouble = activation(&Failure::new(Code::AlreadyActivated, "It was used on 3 December 2026."));
        assert!(trouble.see_subscription && trouble.said.contains("3 December"));
    }
}
