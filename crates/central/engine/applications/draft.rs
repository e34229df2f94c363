//! What an applicant enters, checked. Names and lengths are those of a reseller, so that no approval fails on them.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::application::ApplicantKind;
use counterfoil_domain::ids::ApplicationId;
use counterfoil_wire::applications::Apply;
use counterfoil_wire::problem::FieldProblem;

use super::repo;
use crate::engine::resellers::{email, text};
use crate::engine::staff::check_password;

const MOST_CUSTOMERS: u32 = 1_000_000;

/// An application as it is to be kept.
pub(super) struct Draft {
    pub(super) id: ApplicationId,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) business_name: String,
    pub(super) address: String,
    pub(super) kind: ApplicantKind,
    pub(super) expected_customers: u32,
}

impl Draft {
    /// Every wrong field at once; the password apart, because it goes nowhere but into its hash.
    pub(super) fn check(asked: Apply) -> Result<(Self, String), Failure> {
        let draft = Self {
            id: asked.application_id,
            name: asked.name.trim().to_owned(),
            email: asked.email.trim().to_lowercase(),
            phone: asked.phone.trim().to_owned(),
            business_name: asked.business_name.trim().to_owned(),
            address: one_line(&asked.address),
            kind: asked.kind,
            expected_customers: asked.expected_customers,
        };
        let wrong: Vec<FieldProblem> = [
            text("name", &draft.name, 1, 80),
            email(&draft.email),
            text("phone", &draft.phone, 3, 40),
            check_password(&asked.password),
            text("business_name", &draft.business_name, 1, 80),
            text("address", &draft.address, 1, 300),
            (draft.expected_customers > MOST_CUSTOMERS)
                .then(|| field("expected_customers", "a number from 0 to 1,000,000")),
            (!asked.terms_accepted).then(|| field("terms_accepted", "an application needs the terms to be accepted")),
        ]
        .into_iter()
        .flatten()
        .collect();
        if wrong.is_empty() { Ok((draft, asked.password)) } else { Err(Failure::validation(wrong)) }
    }

    /// Whether a repeat asks for what was taken. The password is not compared: only its hash is known.
    pub(super) fn matches(&self, known: &repo::Row) -> bool {
        (&self.name, &self.email, &self.phone, &self.business_name, &self.address)
            == (&known.name, &known.email, &known.phone, &known.business_name, &known.address)
            && (self.kind.as_str(), i64::from(self.expected_customers)) == (&*known.kind, known.expected_customers)
    }
}

/// An address is typed on several lines and kept on one.
fn one_line(typed: &str) -> String {
    typed.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_on_one_line() {
        assert_eq!(one_line(" 1 Long Road \r\n\r\n Springfield\n"), "1 Long Road, Springfield");
    }
}
