//! What a person enters for a reseller, checked.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::amount::Amount;
use counterfoil_domain::grant::Template;
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::reseller::{ResellerStatus, SettlementMode};
use counterfoil_wire::problem::FieldProblem;
use counterfoil_wire::resellers::{Reseller, SaveReseller};

use crate::engine::sessions::normal_name;
use crate::engine::staff::{check_password, check_username};

/// A reseller as it is to be.
pub(super) struct Draft {
    pub(super) id: ResellerId,
    pub(super) username: String,
    pub(super) password: Option<String>,
    pub(super) company: String,
    pub(super) email: String,
    pub(super) contact: String,
    pub(super) phone: String,
    pub(super) parent_id: Option<ResellerId>,
    pub(super) settlement_mode: SettlementMode,
    pub(super) credit_limit: i64,
    pub(super) status: ResellerStatus,
    pub(super) template: Option<Template>,
}

impl Draft {
    /// Every wrong field at once, so that a form can mark them all.
    pub(super) fn check(asked: SaveReseller) -> Result<Self, Failure> {
        let draft = Self {
            id: asked.reseller_id,
            username: normal_name(&asked.username),
            password: asked.password,
            company: asked.company.trim().to_owned(),
            email: asked.email.trim().to_lowercase(),
            contact: asked.contact.trim().to_owned(),
            phone: asked.phone.trim().to_owned(),
            parent_id: asked.parent_id,
            settlement_mode: asked.settlement_mode,
            credit_limit: asked.credit_limit,
            status: asked.status,
            template: asked.template,
        };
        let wrong: Vec<FieldProblem> = [
            check_username(&draft.username),
            draft.password.as_deref().and_then(check_password),
            text("company", &draft.company, 1, 80),
            email(&draft.email),
            text("contact", &draft.contact, 0, 80),
            text("phone", &draft.phone, 0, 40),
            (!(0..=Amount::MAX).contains(&draft.credit_limit))
                .then(|| field("credit_limit", "a credit limit is zero or more")),
        ]
        .into_iter()
        .flatten()
        .collect();
        if wrong.is_empty() { Ok(draft) } else { Err(Failure::validation(wrong)) }
    }

    /// What an edit cannot change.
    pub(super) fn check_against(&self, id: ResellerId, known: &Reseller) -> Result<(), Failure> {
        let mut wrong = Vec::new();
        if self.id != id {
            wrong.push(field("reseller_id", "the same as in the path"));
        }
        if self.parent_id != known.parent_id {
            wrong.push(field("parent_id", "a reseller stays where it was created"));
        }
        if self.template.is_some() {
            wrong.push(field("template", "taken at creation: change what it may do by its permissions"));
        }
        if self.settlement_mode != known.settlement_mode {
            wrong.push(field("settlement_mode", "fixed at creation: its books count that unit"));
        }
        if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
    }

    /// Whether a repeated creation asks for what is there.
    pub(super) fn matches(&self, known: &Reseller) -> bool {
        (&self.username, &self.company, &self.email, self.parent_id, self.settlement_mode)
            == (&known.username, &known.company, &known.email, known.parent_id, known.settlement_mode)
            && (&self.contact, &self.phone, self.credit_limit)
                == (&known.contact, &known.phone, known.credit_limit.value())
    }
}

pub(crate) fn text(name: &str, value: &str, least: usize, most: usize) -> Option<FieldProblem> {
    let fits = (least..=most).contains(&value.chars().count()) && !value.chars().any(char::is_control);
    (!fits).then(|| field(name, format!("{least} to {most} characters")))
}

/// Whether mail arrives, only sending shows; this refuses what cannot be an address.
pub(crate) fn email(value: &str) -> Option<FieldProblem> {
    let fits = value.len() <= 254
        && !value.chars().any(|c| c.is_whitespace() || c.is_control())
        && value
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'));
    (!fits).then(|| field("email", "an address such as name@example.org"))
}
