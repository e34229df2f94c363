//! What people enter for an account, checked field by field.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::account::{LONGEST_NOTES, username};
use counterfoil_domain::grant::Permissions;
use counterfoil_domain::subscription::last_day;
use counterfoil_portals::Mac;
use counterfoil_wire::accounts::{CreateAccount, SaveAccount};
use counterfoil_wire::problem::FieldProblem;

use super::service::not_a_day;

const LONGEST_EMAIL: usize = 254;
const LONGEST_REASON: usize = 200;

/// What stands in the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) email: Option<String>,
    /// As everybody writes it.
    pub(super) mac: Option<String>,
    pub(super) notes: String,
    pub(super) max_connections: u16,
}

impl Draft {
    /// With the user name, if one is wished for.
    pub(super) fn of_new(asked: &CreateAccount, most: u16) -> Result<(Self, Option<String>), Failure> {
        let mut wrong = Vec::new();
        let wished = asked.username.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let name =
            wished.and_then(|name| username(name).map_err(|e| wrong.push(field("username", e.to_string()))).ok());
        let connections = asked.max_connections.unwrap_or(1);
        let notes = asked.notes.as_deref().unwrap_or_default();
        let draft = check(asked.email.as_deref(), asked.mac.as_deref(), notes, connections, most, &mut wrong);
        if chosen_day(asked).is_some_and(|day| last_day(day).is_none()) {
            wrong.push(not_a_day());
        }
        if wrong.is_empty() { Ok((draft, name.map(str::to_owned))) } else { Err(Failure::validation(wrong)) }
    }

    /// An account keeps the connections that it has, also where the reseller may give fewer by now.
    pub(super) fn of_edit(asked: &SaveAccount, most: u16) -> Result<Self, Failure> {
        let mut wrong = Vec::new();
        let (email, mac) = (asked.email.as_deref(), asked.mac.as_deref());
        let draft = check(email, mac, &asked.notes, asked.max_connections, most, &mut wrong);
        if wrong.is_empty() { Ok(draft) } else { Err(Failure::validation(wrong)) }
    }
}

fn check(
    email: Option<&str>,
    mac: Option<&str>,
    notes: &str,
    max_connections: u16,
    most: u16,
    wrong: &mut Vec<FieldProblem>,
) -> Draft {
    let email = email.map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty());
    if email.as_deref().is_some_and(|email| !is_address(email)) {
        wrong.push(field("email", "an address such as name@example.org, or none"));
    }
    let mac = mac.map(str::trim).filter(|text| !text.is_empty()).map(str::parse::<Mac>);
    if matches!(mac, Some(Err(_))) {
        wrong.push(field("mac", "a MAC address such as 00:1A:79:0B:2C:3D, or none"));
    }
    let mac = mac.and_then(Result::ok).map(|mac| mac.to_string());
    let notes = notes.trim().to_owned();
    if notes.chars().count() > LONGEST_NOTES {
        wrong.push(field("notes", format!("at most {LONGEST_NOTES} characters")));
    }
    if !(1..=most).contains(&max_connections) {
        wrong.push(field("max_connections", format!("1 to {most}")));
    }
    Draft { email, mac, notes, max_connections }
}

fn is_address(text: &str) -> bool {
    let parts: Vec<&str> = text.split('@').collect();
    let plain = !text.contains(char::is_whitespace) && text.chars().count() <= LONGEST_EMAIL;
    plain && parts.len() == 2 && parts.iter().all(|part| !part.is_empty())
}

/// The last day of the first service, where somebody chose one.
pub(super) fn chosen_day(asked: &CreateAccount) -> Option<&str> {
    asked.last_day.as_deref().map(str::trim).filter(|day| !day.is_empty())
}

/// Connections that whoever asks may give one account.
pub(super) fn most_connections(limits: Option<&Permissions>) -> u16 {
    limits.map_or(Permissions::MOST_CONNECTIONS, |limits| limits.max_connections)
}

/// Why an account is switched off or given away: it stands in its history.
pub(crate) fn reason(text: &str) -> Result<&str, Failure> {
    let text = text.trim();
    if (1..=LONGEST_REASON).contains(&text.chars().count()) {
        return Ok(text);
    }
    let message = format!("say why, in 1 to {LONGEST_REASON} characters: it stands in the account's history");
    Err(Failure::validation(vec![field("reason", message)]))
}
