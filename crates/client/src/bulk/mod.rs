//! One operation on many accounts. Central writes its accounts down, tries them and does it; here it is asked for and
//! watched.

mod targets;

use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::BulkId;
use counterfoil_wire::bulk::{AddBulkLines, Bulk, BulkDetail, BulkRow, BulkRowsQuery, CreatedAccount, PlanBulk};
use counterfoil_wire::endpoint::{
    AdminBulk, AdminBulkCancel, AdminBulkCreated, AdminBulkLines, AdminBulkPlan, AdminBulkRows, AdminBulkRun,
    AdminBulkUndo, AdminBulks, ResellerBulk, ResellerBulkCancel, ResellerBulkCreated, ResellerBulkLines,
    ResellerBulkPlan, ResellerBulkRows, ResellerBulkRun, ResellerBulkUndo, ResellerBulks,
};
use counterfoil_wire::page::{Page, PageQuery};
use thiserror::Error;

use crate::accounts::{self, AccountsError, Right};
use crate::admin::is_staff;
use crate::permissions::{self, PermissionError};
use crate::session::{SessionError, call};
use crate::till::Till;

pub(crate) use targets::as_shown;

/// Why no operation was planned.
#[derive(Debug, Error)]
pub(crate) enum BulkError {
    #[error("{message}")]
    Invalid { field: &'static str, message: String },
    #[error(transparent)]
    Permission(#[from] PermissionError),
    #[error(transparent)]
    Accounts(#[from] AccountsError),
    #[error(transparent)]
    Session(#[from] SessionError),
}

/// What whoever is signed in may do to many accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rights {
    /// From the lines of a file.
    pub(crate) create: Right,
    pub(crate) extend: Right,
    /// Suspending, and switching on again.
    pub(crate) edit: Right,
    pub(crate) transfer: Right,
    pub(crate) gift: Right,
}

/// A shop needs the grant for many besides the one for each.
pub(crate) async fn rights(till: &Till) -> Result<Rights, SessionError> {
    let single = accounts::rights(till).await?;
    let many = is_staff(till).await? || permissions::own(till).await?.permissions.allow(Grant::BulkOperations);
    Ok(of_single(&single, many))
}

fn of_single(single: &accounts::Rights, many: bool) -> Rights {
    let both = |right: Right| match (single.edit, right, many) {
        (Right::NotThisRole, _, _) => Right::NotThisRole,
        (_, Right::Yes, false) => Right::NotThisShop,
        _ => right,
    };
    Rights {
        create: both(single.create),
        extend: both(single.extend),
        edit: both(single.edit),
        transfer: both(single.transfer),
        gift: both(single.gift),
    }
}

/// The newest first: what staff ordered, or what this shop did.
pub(crate) async fn list(till: &Till, query: &PageQuery) -> Result<Page<Bulk>, SessionError> {
    if is_staff(till).await? {
        call::<AdminBulks>(till, &[], query).await
    } else {
        call::<ResellerBulks>(till, &[], query).await
    }
}

pub(crate) async fn detail(till: &Till, bulk: BulkId) -> Result<BulkDetail, SessionError> {
    let bulk = bulk.to_string();
    if is_staff(till).await? {
        call::<AdminBulk>(till, &[&bulk], &()).await
    } else {
        call::<ResellerBulk>(till, &[&bulk], &()).await
    }
}

pub(crate) async fn rows(till: &Till, bulk: BulkId, query: &BulkRowsQuery) -> Result<Page<BulkRow>, SessionError> {
    let bulk = bulk.to_string();
    if is_staff(till).await? {
        call::<AdminBulkRows>(till, &[&bulk], query).await
    } else {
        call::<ResellerBulkRows>(till, &[&bulk], query).await
    }
}

/// Has it tried; nothing is changed.
pub(crate) async fn plan(till: &Till, asked: PlanBulk) -> Result<Bulk, BulkError> {
    let asked = PlanBulk { targets: as_shown(till, asked.targets).await?, ..asked };
    let planned = if is_staff(till).await? {
        call::<AdminBulkPlan>(till, &[], &asked).await
    } else {
        call::<ResellerBulkPlan>(till, &[], &asked).await
    };
    Ok(planned?)
}

/// The next lines of the file that accounts are created from. A part that is there already is answered.
pub(crate) async fn add_lines(till: &Till, bulk: BulkId, asked: &AddBulkLines) -> Result<Bulk, SessionError> {
    let bulk = bulk.to_string();
    if is_staff(till).await? {
        call::<AdminBulkLines>(till, &[&bulk], asked).await
    } else {
        call::<ResellerBulkLines>(till, &[&bulk], asked).await
    }
}

/// What opens the accounts that were created. Nothing of it is kept on this machine.
pub(crate) async fn created(
    till: &Till,
    bulk: BulkId,
    query: &PageQuery,
) -> Result<Page<CreatedAccount>, SessionError> {
    let bulk = bulk.to_string();
    if is_staff(till).await? {
        call::<AdminBulkCreated>(till, &[&bulk], query).await
    } else {
        call::<ResellerBulkCreated>(till, &[&bulk], query).await
    }
}

pub(crate) async fn run(till: &Till, bulk: BulkId) -> Result<Bulk, SessionError> {
    let bulk = bulk.to_string();
    if is_staff(till).await? {
        call::<AdminBulkRun>(till, &[&bulk], &()).await
    } else {
        call::<ResellerBulkRun>(till, &[&bulk], &()).await
    }
}

pub(crate) async fn cancel(till: &Till, bulk: BulkId) -> Result<Bulk, SessionError> {
    let bulk = bulk.to_string();
    if is_staff(till).await? {
        call::<AdminBulkCancel>(till, &[&bulk], &()).await
    } else {
        call::<ResellerBulkCancel>(till, &[&bulk], &()).await
    }
}

pub(crate) async fn undo(till: &Till, bulk: BulkId) -> Result<Bulk, SessionError> {
    let bulk = bulk.to_string();
    if is_staff(till).await? {
        call::<AdminBulkUndo>(till, &[&bulk], &()).await
    } else {
        call::<ResellerBulkUndo>(till, &[&bulk], &()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn single(edit: Right, extend: Right) -> accounts::Rights {
        accounts::Rights {
            create: Right::Yes,
            extend,
            edit,
            archive: Right::Yes,
            reset_token: Right::Yes,
            transfer: Right::NotThisRole,
            pay: Right::Yes,
            gift: Right::NotThisRole,
            max_connections: 3,
            max_accounts: None,
            accounts: None,
        }
    }

    #[test]
    fn many_take_what_one_takes_and_the_word_of_the_operator() {
        let owner = of_single(&single(Right::Yes, Right::Yes), true);
        assert_eq!((owner.extend, owner.edit, owner.transfer), (Right::Yes, Right::Yes, Right::NotThisRole));
        let without = of_single(&single(Right::Yes, Right::Yes), false);
        assert_eq!((without.extend, without.edit), (Right::NotThisShop, Right::NotThisShop));
        assert_eq!((owner.create, without.create), (Right::Yes, Right::NotThisShop));
        // A field agent sells, and changes no accounts: neither one by one nor many.
        let agent = of_single(&single(Right::NotThisRole, Right::Yes), true);
        assert_eq!(agent.extend, Right::NotThisRole);
        let no_extending = of_single(&single(Right::Yes, Right::NotThisShop), true);
        assert_eq!((no_extending.extend, no_extending.edit), (Right::NotThisShop, Right::Yes));
    }
}
