//! What an operator sets at a desktop. What stands in the books, as the currency does, is set once.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::code::Prefix;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::lease::LeaseTerms;
use counterfoil_domain::subscription;
use counterfoil_wire::problem::{Code, FieldProblem};
use counterfoil_wire::settings::{OperatorSettings, SaveSettings};

use super::{Operator, get, repo};
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::{self, Actor};
use crate::engine::resellers::{email, text};

const LONGEST_NAME: usize = 80;
const LONGEST_PHONE: usize = 40;
const LONGEST_ADDRESS: usize = 200;

/// As they are now. `started_with` is the address that this program was started with.
pub(crate) async fn settings(
    conn: &mut Conn,
    operator: OperatorId,
    started_with: Option<&str>,
) -> Result<OperatorSettings, Failure> {
    Ok(view(get(conn, operator).await?, started_with))
}

fn view(operator: Operator, started_with: Option<&str>) -> OperatorSettings {
    OperatorSettings {
        version: operator.version,
        operator_name: operator.name,
        time_zone: operator.time_zone,
        currency: operator.currency.to_string(),
        code_prefix: operator.code_prefix.as_str().to_owned(),
        redeem_days: operator.redeem_days,
        support_email: operator.support_email,
        support_phone: operator.support_phone,
        public_address: operator.public_address.unwrap_or_default(),
        staff_second_factor: operator.staff_second_factor,
        started_with_address: started_with.map(str::to_owned),
    }
}

/// Saves them as they were read. Codes that exist keep their prefix and deadline, and services their end.
pub(crate) async fn save(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    asked: &SaveSettings,
) -> Result<OperatorSettings, Failure> {
    let asked = checked(asked)?;
    let started_with = app.started_with_address();
    let mut work = app.begin(operator).await?;
    let before = settings(work.conn(), operator, started_with).await?;
    if !repo::update(work.conn(), operator, &asked).await? {
        let now = get(work.conn(), operator).await?.version;
        return Err(Failure::new(
            Code::Conflict,
            format!("Somebody changed the settings meanwhile: they are at version {now}. Read them again."),
        ));
    }
    work.touch(FeedTable::Settings, operator, "");
    let after = settings(work.conn(), operator, started_with).await?;
    audit::record(&mut work, actor, "operator.settings", Some(operator.0), Some(&before), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

/// As they are stored; every wrong field at once.
fn checked(asked: &SaveSettings) -> Result<SaveSettings, Failure> {
    let asked = SaveSettings {
        operator_name: asked.operator_name.trim().to_owned(),
        time_zone: asked.time_zone.trim().to_owned(),
        code_prefix: asked.code_prefix.trim().to_ascii_uppercase(),
        support_email: asked.support_email.trim().to_owned(),
        support_phone: asked.support_phone.trim().to_owned(),
        public_address: asked.public_address.trim().trim_end_matches('/').to_owned(),
        ..*asked
    };
    let mut wrong = wrong("operator_name", &asked.operator_name, &asked.time_zone, &asked.code_prefix);
    let days = LeaseTerms::LEAST_REDEEM_DAYS..=LeaseTerms::MOST_REDEEM_DAYS;
    if !days.contains(&i64::from(asked.redeem_days)) {
        wrong.push(field("redeem_days", format!("{} to {} days", days.start(), days.end())));
    }
    if !asked.support_email.is_empty()
        && let Some(problem) = email(&asked.support_email)
    {
        wrong.push(FieldProblem { field: "support_email".to_owned(), ..problem });
    }
    wrong.extend(text("support_phone", &asked.support_phone, 0, LONGEST_PHONE));
    if !asked.public_address.is_empty() && !is_address(&asked.public_address) {
        wrong.push(field("public_address", "an address such as https://central.example.org"));
    }
    if wrong.is_empty() { Ok(asked) } else { Err(Failure::validation(wrong)) }
}

/// What is asked of an operator from its first day on.
pub(super) fn wrong(name_field: &str, name: &str, time_zone: &str, code_prefix: &str) -> Vec<FieldProblem> {
    let mut wrong = Vec::new();
    if name.trim().is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        wrong.push(field(name_field, "an operator's name has 1 to 80 characters"));
    }
    if let Err(error) = subscription::zone(time_zone) {
        wrong.push(field("time_zone", error.to_string()));
    }
    if let Err(error) = Prefix::new(code_prefix) {
        wrong.push(field("code_prefix", error.to_string()));
    }
    wrong
}

/// Where pages are opened: a scheme, a host, and maybe a path.
fn is_address(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '@' | '"' | '<' | '>' | '\\');
    text.chars().count() <= LONGEST_ADDRESS && !host.is_empty() && !host.starts_with(['/', ':']) && !host.contains(odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_scheme_and_a_host_and_opens_pages() {
        for good in ["https://central.example.org", "http://192.0.2.7:8080", "https://example.org/central"] {
            assert!(is_address(good), "{good}");
        }
        for bad in
            ["central.example.org", "https://", "https:///apply", "ftp://example.org", "https://a b", "https://a?x=1"]
        {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
