//! `/apply`: somebody asks to become a reseller.

use askama::Template;
use axum::http::StatusCode;
use counterfoil_domain::application::ApplicantKind;
use counterfoil_domain::ids::ApplicationId;
use counterfoil_wire::applications::Apply;
use counterfoil_wire::problem::{Code, FieldProblem};
use serde::Deserialize;

use super::words::Trouble;
use super::words::application::{of_application, wrong_fields};
use super::{Letterhead, Page, stylesheet_path};
use crate::failure::{Failure, field};

/// What the form sends. All of it text as typed: what is wrong comes back with it, but for the passwords.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct ApplyForm {
    /// Minted when the form was first shown: a repeat after a lost answer is recognised by it.
    pub(super) application_id: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) password: String,
    pub(super) password_again: String,
    pub(super) business_name: String,
    pub(super) address: String,
    pub(super) kind: String,
    pub(super) expected_customers: String,
    /// Present when the box is ticked.
    pub(super) terms_accepted: Option<String>,
}

/// A password, and who somebody is: not for the log.
impl std::fmt::Debug for ApplyForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApplyForm").field("application_id", &self.application_id).finish_non_exhaustive()
    }
}

impl ApplyForm {
    /// An empty form.
    pub fn new(id: ApplicationId) -> Self {
        Self { application_id: id.to_string(), ..Self::default() }
    }

    /// With an id of ours when it came without one, or with one that is none.
    #[must_use]
    pub fn with_id_or(mut self, fresh: ApplicationId) -> Self {
        if self.application_id.parse::<ApplicationId>().is_err() {
            self.application_id = fresh.to_string();
        }
        self
    }

    /// What is wrong with it before anything else is looked at: what only a form can get wrong.
    pub fn slips(&self) -> Vec<FieldProblem> {
        [
            (self.password != self.password_again).then(|| field("password_again", "the same password twice")),
            ApplicantKind::from_stored(&self.kind).is_none().then(|| field("kind", "one of the two")),
            self.customers().is_none().then(|| field("expected_customers", "a number from 0 to 1,000,000")),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// What to ask the engine; where [`Self::slips`] found something, with a value in its place that will do.
    pub fn request(&self) -> Result<Apply, Failure> {
        Ok(Apply {
            application_id: self.application_id.parse().map_err(Failure::internal)?,
            name: self.name.clone(),
            email: self.email.clone(),
            phone: self.phone.clone(),
            password: self.password.clone(),
            business_name: self.business_name.clone(),
            address: self.address.clone(),
            kind: ApplicantKind::from_stored(&self.kind).unwrap_or(ApplicantKind::Company),
            expected_customers: self.customers().unwrap_or_default(),
            terms_accepted: self.terms_accepted.is_some(),
        })
    }

    /// People write 1,000, 1.000 and 1 000.
    fn customers(&self) -> Option<u32> {
        let digits: String = self.expected_customers.chars().filter(|c| !matches!(c, ' ' | ',' | '.')).collect();
        digits.parse().ok()
    }
}

#[derive(Template)]
#[template(path = "apply.html")]
struct FormPage<'a> {
    letterhead: &'a Letterhead,
    stylesheet: &'a str,
    form: &'a ApplyForm,
    trouble: Option<&'a Trouble>,
    wrong: Vec<(&'static str, String)>,
}

impl FormPage<'_> {
    /// What is wrong with a field.
    fn wrong_with(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|(name, _)| *name == field).map(|(_, said)| said.as_str())
    }
}

#[derive(Template)]
#[template(path = "applied.html")]
struct DonePage<'a> {
    letterhead: &'a Letterhead,
    stylesheet: &'a str,
    form: &'a ApplyForm,
}

/// The form, empty or filled.
pub fn form(letterhead: &Letterhead, form: &ApplyForm) -> Page {
    let page = FormPage { letterhead, stylesheet: stylesheet_path(), form, trouble: None, wrong: Vec::new() };
    Page::render(StatusCode::OK, None, &page)
}

/// The form with what was typed, and what is wrong at each field. `fresh` replaces an id that is used up.
pub fn refused(letterhead: &Letterhead, form: &ApplyForm, failure: &Failure, fresh: ApplicationId) -> Page {
    failure.log();
    let trouble = of_application(failure.problem());
    let mut form = form.clone();
    if failure.code() == Code::IdReused {
        form.application_id = fresh.to_string();
    }
    let wrong = wrong_fields(failure.problem());
    let page = FormPage { letterhead, stylesheet: stylesheet_path(), form: &form, trouble: Some(&trouble), wrong };
    Page::render(trouble.status, trouble.retry_after_s, &page)
}

/// It was received, and what happens next.
pub fn done(letterhead: &Letterhead, form: &ApplyForm) -> Page {
    let page = DonePage { letterhead, stylesheet: stylesheet_path(), form };
    Page::render(StatusCode::OK, None, &page)
}
