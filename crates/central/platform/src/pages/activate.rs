//! `/activate`: from a code on a receipt to a running subscription.

use askama::Template;
use axum::http::StatusCode;
use counterfoil_domain::ids::AccountId;
use counterfoil_wire::brand::ShownBrand;
use counterfoil_wire::problem::Code;
use counterfoil_wire::public::{Activation, ActivationRequest};
use serde::Deserialize;

use super::words::{Trouble, of_activation};
use super::{Letterhead, Page, stylesheet_path};
use crate::calendar::{Day, days};
use crate::failure::Failure;

/// What the form sends. All of it text as typed: what is wrong comes back with it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct ActivationForm {
    pub(super) code: String,
    pub(super) username: String,
    /// Of the account that would be opened, minted when the form was first shown: a repeat after a lost answer is
    /// recognised by it.
    pub(super) account_id: String,
    /// Only fill the form: a suggestion was chosen, or another page brings a code along.
    pub(super) fill: Option<String>,
}

/// A code, a user name: not for the log.
impl std::fmt::Debug for ActivationForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ActivationForm").field("account_id", &self.account_id).finish_non_exhaustive()
    }
}

impl ActivationForm {
    /// An empty form.
    pub fn new(account_id: AccountId) -> Self {
        Self { account_id: account_id.to_string(), ..Self::default() }
    }

    /// With an id of ours when it came without one, or with one that is none.
    #[must_use]
    pub fn with_id_or(mut self, fresh: AccountId) -> Self {
        if self.account_id.parse::<AccountId>().is_err() {
            self.account_id = fresh.to_string();
        }
        self
    }

    /// Whether the customer only wants the form filled.
    pub fn only_fills(&self) -> bool {
        self.fill.is_some()
    }

    /// What to ask the engine.
    pub fn request(&self) -> Result<ActivationRequest, Failure> {
        let username = self.username.trim();
        if self.code.trim().is_empty() {
            return Err(Failure::new(Code::CodeMistyped, "Type the code that stands on your receipt."));
        }
        Ok(ActivationRequest {
            code: self.code.clone(),
            username: (!username.is_empty()).then(|| username.to_owned()),
            account_id: self.account_id.parse().map_err(Failure::internal)?,
        })
    }
}

#[derive(Template)]
#[template(path = "activate.html")]
struct FormPage<'a> {
    letterhead: &'a Letterhead,
    stylesheet: &'a str,
    form: &'a ActivationForm,
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
#[template(path = "activated.html")]
struct DonePage<'a> {
    letterhead: &'a Letterhead,
    stylesheet: &'a str,
    activation: &'a Activation,
    seller: Option<&'a ShownBrand>,
    /// The plan was added to an account there was: nothing new to note down.
    extended: bool,
    term: String,
    last_day: Day,
}

impl DonePage<'_> {
    /// The token in fours, which are easier to note down. They are copied without the gaps.
    fn token_groups(&self) -> Vec<String> {
        let token: Vec<char> = self.activation.token.iter().flat_map(|token| token.chars()).collect();
        token.chunks(4).map(|group| group.iter().collect()).collect()
    }
}

/// The form, empty or filled.
pub fn form(letterhead: &Letterhead, form: &ActivationForm) -> Page {
    Page::render(StatusCode::OK, None, &FormPage { letterhead, stylesheet: stylesheet_path(), form, trouble: None })
}

/// The form with what was typed, and what is wrong. `fresh` replaces an id that another code has used up.
pub fn refused(letterhead: &Letterhead, form: &ActivationForm, failure: &Failure, fresh: AccountId) -> Page {
    failure.log();
    let trouble = of_activation(failure.problem(), form, letterhead);
    let mut form = form.clone();
    if failure.code() == Code::IdReused {
        form.account_id = fresh.to_string();
    }
    let page = FormPage { letterhead, stylesheet: stylesheet_path(), form: &form, trouble: Some(&trouble) };
    Page::render(trouble.status, trouble.retry_after_s, &page)
}

/// The subscription runs: what to note down, how long it lasts, what to do next. With the brand of the shop whose code it
/// was, where that has one.
pub fn done(letterhead: &Letterhead, activation: &Activation, seller: Option<&ShownBrand>) -> Page {
    let page = DonePage {
        letterhead,
        stylesheet: stylesheet_path(),
        activation,
        seller,
        extended: activation.password.is_none(),
        term: days(i64::from(activation.term_days)),
        last_day: Day::new(&activation.last_day, &activation.time_zone),
    };
    Page::render(StatusCode::OK, None, &page)
}
