//! Who bought from a reseller, by e-mail address or by serial. Each kind of list is read along an index of its own.

mod repo;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::code::CodeState;
use counterfoil_domain::customer::CustomerState;
use counterfoil_domain::ids::{AccountId, CodeId, OperatorId, ResellerId};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::customers::{Customer, CustomersQuery};
use counterfoil_wire::page::Page;
use uuid::Uuid;

use super::http::{key_of, key_text, limit, page};
use super::stored::stored;
use super::{App, resellers};

/// A page of a reseller's customers.
pub(crate) async fn list(
    app: &App,
    operator: OperatorId,
    scope: &Scope,
    reseller: ResellerId,
    query: &CustomersQuery,
) -> Result<Page<Customer>, Failure> {
    let limit = limit(query.limit)?;
    let after = key_of::<(String, Uuid)>(query.after.as_deref())?.unwrap_or_default();
    let search = query.search.as_deref().unwrap_or_default().trim().to_lowercase();
    let mut reader = app.reader().await?;
    resellers::path(&mut reader, operator, scope, reseller).await?;
    let filter = repo::Filter { reseller, begins: &search, after: (&after.0, after.1) };
    let rows = if is_serial(&search) {
        repo::by_serial(&mut reader, &filter, limit + 1).await?
    } else {
        repo::by_email(&mut reader, &filter, limit + 1).await?
    };
    let page = page(rows, limit, |row| key_text(&(&row.sort_key, row.id)));
    let items = page.items.into_iter().map(|row| view(row, app.now())).collect::<Result<_, _>>()?;
    Ok(Page { items, next: page.next })
}

/// Serials are digits, a hyphen, digits: no address begins with all of that.
fn is_serial(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || c == '-')
}

fn view(row: repo::Row, now: Timestamp) -> Result<Customer, Failure> {
    let id = row.id;
    let state = match (&row.account_status, &row.code_state, row.redeem_by) {
        (Some(status), _, _) => {
            let status = stored(AccountStatus::from_stored(status), "account", "status", id)?;
            CustomerState::of_account(status, row.ends_at.map(Timestamp), now)
        }
        (None, Some(state), Some(redeem_by)) => {
            let state = stored(CodeState::from_stored(state), "code", "state", id)?;
            CustomerState::of_code(state, Timestamp(redeem_by), now)
        }
        _ => return Err(Failure::internal(format!("customer {id} is neither an account nor a code"))),
    };
    Ok(Customer {
        email: row.email,
        state,
        account_id: row.account_id.map(AccountId),
        username: row.username,
        code_id: row.code_id.map(CodeId),
        serial: row.serial,
        plan_name: row.plan_name,
        first_sold: Timestamp(row.first_sold),
        last_day: row.last_day,
        redeem_by: row.redeem_by.map(Timestamp).filter(|_| state == CustomerState::Waiting),
    })
}

#[cfg(test)]
mod tests {
    use super::is_serial;

    #[test]
    fn what_is_searched_is_a_serial_or_an_address() {
        assert!(is_serial("4") && is_serial("412-") && is_serial("412-0007"));
        assert!(!is_serial("") && !is_serial("-4") && !is_serial("4ever@") && !is_serial("ada"));
    }
}
