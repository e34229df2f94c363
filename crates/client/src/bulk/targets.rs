//! Which accounts an operation is for. Central knows the beginnings of names and whole addresses; the list on the screen
//! also finds what stands inside words, out of this computer's records. So what was searched for is looked up here, as the
//! list does it, and goes to Central as the accounts that it showed.

use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::bulk::MOST_CHOSEN;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::subscription;
use counterfoil_wire::bulk::{BulkFilter, BulkTargets};

use super::BulkError;
use crate::accounts::{self, Show, Wanted};
use crate::permissions;
use crate::till::Till;

/// A list that was searched becomes its accounts. What is not searched is Central's to walk: it may be far longer.
pub(crate) async fn as_shown(till: &Till, targets: BulkTargets) -> Result<BulkTargets, BulkError> {
    let filter = match targets {
        BulkTargets::Matching(filter) => filter,
        other => return Ok(other),
    };
    let Some(wanted) = wanted(&filter)? else { return Ok(BulkTargets::Matching(filter)) };
    permissions::require(till, Grant::ViewAccounts).await?;
    match accounts::whole(till, &wanted, MOST_CHOSEN).await? {
        Some(account_ids) if account_ids.is_empty() => Err(wrong(
            "search",
            "The list of accounts shows none like this. Check the spelling, or leave it empty for all.".to_owned(),
        )),
        Some(account_ids) => Ok(BulkTargets::Chosen { account_ids }),
        None => Err(wrong(
            "search",
            format!(
                "The list of accounts shows more than {MOST_CHOSEN} like this. Type more of it, or leave it empty and \
                 choose by state, plan or last day."
            ),
        )),
    }
}

/// What the list is asked for; nothing where it is not searched.
fn wanted(filter: &BulkFilter) -> Result<Option<Wanted>, BulkError> {
    let Some(search) = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let show = match filter.status {
        None => Show::InUse,
        Some(AccountStatus::Active) => Show::Active,
        Some(AccountStatus::Expired) => Show::Expired,
        Some(AccountStatus::Suspended) => Show::Suspended,
        Some(AccountStatus::Archived) => {
            return Err(wrong("status", "Archived accounts stay as they are. Choose another state.".to_owned()));
        }
    };
    let ends_before = filter.ends_before.as_deref().map(str::trim).filter(|day| !day.is_empty());
    if ends_before.is_some_and(|day| subscription::last_day(day).is_none()) {
        return Err(wrong("ends_before", "a day such as 2026-12-22".to_owned()));
    }
    Ok(Some(Wanted {
        search: search.to_owned(),
        show,
        reseller: filter.reseller_id,
        plan: filter.plan_id,
        ends_before: ends_before.map(str::to_owned),
        ..Wanted::default()
    }))
}

const fn wrong(field: &'static str, message: String) -> BulkError {
    BulkError::Invalid { field, message }
}
