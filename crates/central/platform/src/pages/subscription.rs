//! `/subscription`: how long it still lasts. The token comes in a form, never in an address.

use askama::Template;
use axum::http::StatusCode;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::public::Subscription;
use serde::Deserialize;

use super::words::{Trouble, of_subscription};
use super::{Letterhead, Page, stylesheet_path};
use crate::calendar::{Day, days};
use crate::failure::{Failure, field};

/// What the form sends.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct SubscriptionForm {
    token: String,
}

/// A token: not for the log.
impl std::fmt::Debug for SubscriptionForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SubscriptionForm").finish_non_exhaustive()
    }
}

impl SubscriptionForm {
    /// The token, without the spaces that copying brings along.
    pub fn token(&self) -> Result<String, Failure> {
        let token: String = self.token.split_whitespace().collect();
        if token.is_empty() {
            return Err(Failure::validation(vec![field("token", "type your token")]));
        }
        Ok(token)
    }
}

/// How it stands, as the page tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Running,
    /// Today is the last day.
    LastDay,
    Ended,
    Suspended,
    Closed,
    NotStarted,
}

impl Standing {
    fn of(status: &str, days_left: Option<i32>) -> Self {
        match (status, days_left) {
            ("suspended", _) => Self::Suspended,
            ("archived", _) => Self::Closed,
            (_, None) => Self::NotStarted,
            (_, Some(left)) if left < 0 => Self::Ended,
            (_, Some(0)) => Self::LastDay,
            _ => Self::Running,
        }
    }

    fn runs(self) -> bool {
        matches!(self, Self::Running | Self::LastDay)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Running => "Active",
            Self::LastDay => "Last day",
            Self::Ended => "Ended",
            Self::Suspended => "Paused",
            Self::Closed => "Closed",
            Self::NotStarted => "Not started",
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Running => "good",
            Self::LastDay | Self::Suspended | Self::NotStarted => "wait",
            Self::Ended | Self::Closed => "over",
        }
    }

    /// What a further code would do, if there is a point in one.
    fn renewal(self) -> Option<&'static str> {
        match self {
            Self::Running | Self::LastDay => Some("Add a new code"),
            Self::Ended => Some("Renew with a new code"),
            Self::NotStarted => Some("Activate a code"),
            Self::Suspended | Self::Closed => None,
        }
    }
}

/// The days left as a strip of days, weeks or months, in units of the drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Strip {
    /// Days that the whole strip stands for.
    whole: i32,
    filled: i32,
    /// Where one piece is torn from the next.
    perforations: Vec<i32>,
    piece: &'static str,
}

impl Strip {
    fn of(left: i32) -> Self {
        let (pieces, size, piece) = match left {
            ..=31 => (31, 1, "a day"),
            32..=91 => (13, 7, "a week"),
            92..=372 => (12, 31, "a month"),
            _ => (left.saturating_add(371) / 372, 372, "a year"),
        };
        let whole = pieces * size;
        Self {
            whole,
            filled: left.clamp(0, whole),
            perforations: (1..pieces).map(|at| at.saturating_mul(size)).collect(),
            piece,
        }
    }
}

#[derive(Template)]
#[template(path = "subscription.html")]
struct FormPage<'a> {
    letterhead: &'a Letterhead,
    stylesheet: &'a str,
    form: &'a SubscriptionForm,
    trouble: Option<&'a Trouble>,
}

impl FormPage<'_> {
    fn wrong(&self, field: &str) -> bool {
        self.trouble.is_some_and(|trouble| trouble.is_at(field))
    }

    fn title(&self) -> &str {
        self.trouble.map(|trouble| trouble.title.as_str()).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "subscription_shown.html")]
struct ShownPage<'a> {
    letterhead: &'a Letterhead,
    stylesheet: &'a str,
    subscription: &'a Subscription,
    standing: Standing,
    last_day: Option<Day>,
    left: i32,
    left_words: String,
    strip: Strip,
}

/// The empty form.
pub fn form(letterhead: &Letterhead) -> Page {
    let form = SubscriptionForm::default();
    let page = FormPage { letterhead, stylesheet: stylesheet_path(), form: &form, trouble: None };
    Page::render(StatusCode::OK, None, &page)
}

/// The form with what was typed, and what is wrong.
pub fn refused(letterhead: &Letterhead, form: &SubscriptionForm, failure: &Failure) -> Page {
    failure.log();
    let trouble = of_subscription(failure.problem());
    let page = FormPage { letterhead, stylesheet: stylesheet_path(), form, trouble: Some(&trouble) };
    Page::render(trouble.status, trouble.retry_after_s, &page)
}

/// How it stands at `now`.
pub fn shown(letterhead: &Letterhead, subscription: &Subscription, now: Timestamp) -> Page {
    let last_day = subscription.last_day.as_deref().map(|day| Day::new(day, &subscription.time_zone));
    let days_left = last_day.as_ref().and_then(|day| day.left(now, &subscription.time_zone));
    let left = days_left.unwrap_or_default().max(0);
    let page = ShownPage {
        letterhead,
        stylesheet: stylesheet_path(),
        subscription,
        standing: Standing::of(&subscription.status, days_left),
        last_day,
        left,
        left_words: days(i64::from(left)),
        strip: Strip::of(left),
    };
    Page::render(StatusCode::OK, None, &page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strip_is_torn_in_days_weeks_months_and_years() {
        for (left, whole, pieces) in [(0, 31, 31), (22, 31, 31), (32, 91, 13), (300, 372, 12), (800, 1_116, 3)] {
            let strip = Strip::of(left);
            assert_eq!((strip.whole, strip.filled, strip.perforations.len() + 1), (whole, left, pieces), "{left}");
        }
        assert!(Strip::of(i32::MAX).whole > 0);
    }

    #[test]
    fn the_calendar_decides_whether_it_runs() {
        assert_eq!(Standing::of("active", Some(3)), Standing::Running);
        assert_eq!(Standing::of("active", Some(0)), Standing::LastDay);
        assert_eq!(Standing::of("active", Some(-1)), Standing::Ended);
        assert_eq!(Standing::of("expired", Some(-40)), Standing::Ended);
        assert_eq!(Standing::of("suspended", Some(3)), Standing::Suspended);
        assert_eq!(Standing::of("active", None), Standing::NotStarted);
    }
}
