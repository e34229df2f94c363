//! What whoever is signed in may do with accounts, and why not: by the role, or by the operator's word for the shop.

use counterfoil_domain::grant::{Grant, Permissions};
use counterfoil_domain::permission::{MemberAction, MemberRole, StaffAction, StaffRole};
use counterfoil_wire::sessions::Audience;

use crate::central::CentralError;
use crate::session::SessionError;
use crate::till::Till;
use crate::{device, permissions};

/// Whether something is allowed, and who could allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Right {
    Yes,
    /// Another role may.
    NotThisRole,
    /// The operator did not allow it to the shop.
    NotThisShop,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rights {
    pub(crate) create: Right,
    pub(crate) extend: Right,
    pub(crate) edit: Right,
    pub(crate) archive: Right,
    pub(crate) reset_token: Right,
    pub(crate) transfer: Right,
    /// Recording what customers paid.
    pub(crate) pay: Right,
    /// Service that costs the reseller nothing.
    pub(crate) gift: Right,
    pub(crate) max_connections: u16,
    pub(crate) max_accounts: Option<u32>,
    pub(crate) accounts: Option<u32>,
}

fn by_role(may: bool) -> Right {
    if may { Right::Yes } else { Right::NotThisRole }
}

/// A shop by this machine's records, also without a network.
pub(crate) async fn rights(till: &Till) -> Result<Rights, SessionError> {
    let member = device::repo::member(&mut *till.read().await?).await?.ok_or(CentralError::NotSignedIn)?;
    match member.audience {
        Audience::Admin => Ok(of_staff(StaffRole::from_stored(&member.role))),
        Audience::Reseller => {
            let own = permissions::own(till).await?;
            let rights = of_member(MemberRole::from_stored(&member.role), &own.permissions);
            Ok(Rights { accounts: own.accounts, ..rights })
        }
    }
}

/// A role that this build does not know may do nothing.
fn of_staff(role: Option<StaffRole>) -> Rights {
    let may = |action| by_role(role.is_some_and(|role| role.may(action)));
    let manage = may(StaffAction::ManageAccounts);
    let gift = if manage == Right::Yes { may(StaffAction::MoveCredits) } else { manage };
    Rights {
        create: manage,
        extend: manage,
        edit: manage,
        archive: manage,
        reset_token: manage,
        transfer: may(StaffAction::ManageResellers),
        pay: may(StaffAction::MoveCredits),
        gift,
        max_connections: Permissions::MOST_CONNECTIONS,
        max_accounts: None,
        accounts: None,
    }
}

fn of_member(role: Option<MemberRole>, permissions: &Permissions) -> Rights {
    let may = |action, grant| {
        if !role.is_some_and(|role| role.may(action)) {
            Right::NotThisRole
        } else if permissions.allow(grant) {
            Right::Yes
        } else {
            Right::NotThisShop
        }
    };
    Rights {
        create: may(MemberAction::Sell, Grant::CreateAccounts),
        extend: may(MemberAction::Sell, Grant::ExtendAccounts),
        edit: may(MemberAction::ManageAccounts, Grant::EditAccounts),
        archive: may(MemberAction::ManageAccounts, Grant::ArchiveAccounts),
        reset_token: may(MemberAction::ManageAccounts, Grant::ResetTokens),
        transfer: Right::NotThisRole,
        pay: may(MemberAction::RecordPayments, Grant::ExtendAccounts),
        gift: Right::NotThisRole,
        max_connections: permissions.max_connections,
        max_accounts: permissions.max_accounts,
        accounts: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_the_role_first_and_the_shop_then() {
        let usual = Permissions::default();
        let owner = of_member(Some(MemberRole::Owner), &usual);
        assert_eq!((owner.create, owner.edit, owner.archive), (Right::Yes, Right::Yes, Right::NotThisShop));
        let agent = of_member(Some(MemberRole::FieldAgent), &usual);
        assert_eq!((agent.extend, agent.edit, agent.archive), (Right::Yes, Right::NotThisRole, Right::NotThisRole));
        assert_eq!((owner.pay, agent.pay), (Right::Yes, Right::NotThisRole));
        let support = of_staff(Some(StaffRole::Support));
        assert_eq!(
            (support.edit, support.transfer, support.gift),
            (Right::Yes, Right::NotThisRole, Right::NotThisRole)
        );
        assert_eq!((support.pay, of_staff(Some(StaffRole::Finance)).pay), (Right::NotThisRole, Right::Yes));
        assert_eq!(of_staff(None).create, Right::NotThisRole);
    }
}
