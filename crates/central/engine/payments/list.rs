//! Payments by the day they were paid, the latest first.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::subscription;
use counterfoil_wire::payments::{Payments, PaymentsQuery};
use uuid::Uuid;

use super::repo::{Filter, Whose};
use super::{repo, view};
use crate::engine::http::{key_of, key_text, limit, page};
use crate::engine::{App, account, operators, resellers};

const FIRST_DAY: &str = "0000-01-01";
const LAST_DAY: &str = "9999-12-31";

/// A page of a scope's: of one account, of one reseller, or all that staff see.
pub(crate) async fn list(
    app: &App,
    operator: OperatorId,
    scope: &Scope,
    query: &PaymentsQuery,
) -> Result<Payments, Failure> {
    let limit = limit(query.limit)?;
    let first = day("start_date", query.start_date.as_deref(), FIRST_DAY)?;
    let last = day("end_date", query.end_date.as_deref(), LAST_DAY)?;
    if last < first {
        return Err(Failure::validation(vec![field("end_date", "not before the first day")]));
    }
    let before = key_of::<(String, Uuid)>(query.after.as_deref())?;
    let before = before.filter(|(day, _)| *day <= last).unwrap_or((last, Uuid::max()));
    let mut reader = app.reader().await?;
    if let Some(account) = query.account_id {
        account::get(&mut reader, operator, scope, account, app.now()).await?;
    }
    let whose = match (query.account_id, query.reseller_id, scope) {
        (Some(account), _, _) => Whose::Account(account, scope.path_prefix()),
        (None, Some(asked), _) => {
            resellers::path(&mut reader, operator, scope, asked).await?;
            Whose::Reseller(asked)
        }
        (None, None, Scope::Subtree { reseller, .. }) => Whose::Reseller(*reseller),
        (None, None, Scope::Operator) => Whose::Operator(operator),
    };
    let filter = Filter { whose, state: query.state, first: &first, before: (&before.0, before.1) };
    let rows = repo::list(&mut reader, &filter, limit + 1).await?;
    let currency = operators::get(&mut reader, operator).await?.currency;
    let rows = rows.into_iter().map(|row| view(row, scope)).collect::<Result<Vec<_>, _>>()?;
    let page = page(rows, limit, |row| key_text(&(&row.paid_on, row.payment_id)));
    Ok(Payments { currency: currency.to_string(), items: page.items, next: page.next })
}

fn day(name: &str, asked: Option<&str>, otherwise: &str) -> Result<String, Failure> {
    let Some(text) = asked else { return Ok(otherwise.to_owned()) };
    let day = subscription::last_day(text);
    let day = day.ok_or_else(|| Failure::validation(vec![field(name, "a day such as 2026-12-01")]))?;
    Ok(day.to_string())
}
