//! What people enter for a provider and for an offering, checked field by field.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::amount::{Currency, Unit};
use counterfoil_domain::ids::ProviderId;
use counterfoil_domain::market::{Nanos, OfferingStatus, ProviderStatus};
use counterfoil_wire::problem::FieldProblem;
use counterfoil_wire::providers::{Offering, Provider, SaveOffering, SaveProvider};

use super::name_key;
use crate::engine::resellers::{email, text};

pub(super) const LONGEST_TERM: i64 = 3_660;
pub(super) const LARGEST_STOCK: i64 = 1_000_000_000;
pub(super) const LONGEST_DESCRIPTION: usize = 2_000;
const LONGEST_NOTES: usize = 1_000;
const LONGEST_WEBSITE: usize = 200;

/// A provider as it is to be.
pub(super) struct ProviderDraft<'a> {
    pub(super) id: ProviderId,
    pub(super) name: &'a str,
    pub(super) name_key: String,
    pub(super) contact_name: &'a str,
    pub(super) email: String,
    pub(super) phone: &'a str,
    pub(super) website: &'a str,
    pub(super) currency: Currency,
    pub(super) status: ProviderStatus,
    pub(super) notes: &'a str,
}

impl<'a> ProviderDraft<'a> {
    /// Every wrong field at once, so that a form can mark them all.
    pub(super) fn check(asked: &'a SaveProvider) -> Result<Self, Failure> {
        let mail = asked.email.trim().to_lowercase();
        let currency = match asked.currency.parse() {
            Ok(Unit::Minor(currency)) => Some(currency),
            _ => None,
        };
        let mut wrong: Vec<FieldProblem> = [
            text("name", asked.name.trim(), 1, 100),
            text("contact_name", asked.contact_name.trim(), 0, 100),
            if mail.is_empty() { None } else { email(&mail) },
            text("phone", asked.phone.trim(), 0, 40),
            website(asked.website.trim()),
            lines("notes", asked.notes.trim(), LONGEST_NOTES),
        ]
        .into_iter()
        .flatten()
        .collect();
        let Some(currency) = currency else {
            wrong.push(field("currency", "three capital letters, such as EUR"));
            return Err(Failure::validation(wrong));
        };
        if !wrong.is_empty() {
            return Err(Failure::validation(wrong));
        }
        Ok(Self {
            id: asked.provider_id,
            name: asked.name.trim(),
            name_key: name_key(&asked.name),
            contact_name: asked.contact_name.trim(),
            email: mail,
            phone: asked.phone.trim(),
            website: asked.website.trim(),
            currency,
            status: asked.status,
            notes: asked.notes.trim(),
        })
    }

    /// Whether a repeated creation asks for what is there.
    pub(super) fn matches(&self, known: &Provider) -> bool {
        (self.name, self.contact_name, &*self.email, self.phone, self.website)
            == (&*known.name, &*known.contact_name, &*known.email, &*known.phone, &*known.website)
            && (self.currency.to_string(), self.status, self.notes)
                == (known.currency.clone(), known.status, &*known.notes)
    }
}

/// An offering as it is to be; of a file, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OfferingDraft {
    pub(super) article: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) base_price: Nanos,
    pub(super) term_days: i64,
    /// JSON.
    pub(super) attributes: String,
    pub(super) stock: Option<i64>,
    pub(super) status: OfferingStatus,
}

impl OfferingDraft {
    pub(super) fn of(asked: &SaveOffering) -> Self {
        Self {
            article: asked.article.trim().to_owned(),
            name: asked.name.trim().to_owned(),
            description: asked.description.trim().to_owned(),
            base_price: asked.base_price,
            term_days: i64::from(asked.term_days),
            attributes: asked.attributes.to_json(),
            stock: asked.stock,
            status: asked.status,
        }
    }

    /// As it is shown.
    pub(super) fn of_known(known: &Offering) -> Self {
        Self {
            article: known.article.clone(),
            name: known.name.clone(),
            description: known.description.clone(),
            base_price: known.base_price,
            term_days: i64::from(known.term_days),
            attributes: known.attributes.to_json(),
            stock: known.stock,
            status: known.status,
        }
    }

    /// What is wrong with it.
    pub(super) fn wrong(&self) -> Vec<FieldProblem> {
        let term = (!(0..=LONGEST_TERM).contains(&self.term_days))
            .then(|| field("term_days", "1 to 3,660 days, or 0 where it does not end"));
        let stock = self.stock.filter(|stock| !(0..=LARGEST_STOCK).contains(stock));
        [
            text("article", &self.article, 1, 64),
            text("name", &self.name, 1, 100),
            lines("description", &self.description, LONGEST_DESCRIPTION),
            term,
            stock.map(|_| field("stock", "0 to 1,000,000,000 units, or none where there is no limit")),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Text that may have several lines.
fn lines(name: &str, value: &str, most: usize) -> Option<FieldProblem> {
    let plain = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    let fits = value.chars().count() <= most && value.chars().all(plain);
    (!fits).then(|| field(name, format!("at most {most} characters")))
}

/// It becomes a link that people open, so nothing but the web's own schemes.
fn website(value: &str) -> Option<FieldProblem> {
    if value.is_empty() {
        return None;
    }
    let host = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | '<' | '>' | '\\');
    let fits = value.chars().count() <= LONGEST_WEBSITE
        && host.is_some_and(|host| host.starts_with(char::is_alphanumeric) && host.chars().all(plain));
    (!fits).then(|| field("website", "an address such as https://example.org, or none"))
}

#[cfg(test)]
mod tests {
    use super::{lines, website};

    #[test]
    fn a_website_is_of_the_web() {
        for good in ["", "https://example.org", "http://example.org:8080/a?b=c#d"] {
            assert!(website(good).is_none(), "{good}");
        }
        let long = format!("https://{}", "a".repeat(200));
        for bad in
            ["example.org", "javascript:alert(1)", "https://", "https:// example.org", "https://a\"b", long.as_str()]
        {
            assert!(website(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn text_of_several_lines_has_nothing_that_cannot_be_seen() {
        assert!(lines("notes", "one\ntwo\tthree", 13).is_none());
        assert!(lines("notes", "one\ntwo\tthree", 12).is_some());
        assert!(lines("notes", "a\u{0}b", 13).is_some());
    }
}
