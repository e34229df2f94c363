//! Accounts, and what resellers may do.

use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::grant::{Permissions, Template};
use counterfoil_domain::ids::{AccountId, SubscriptionId};
use counterfoil_wire::{accounts, permissions};

use super::{AT, credits, euros, id};

pub(crate) fn account() -> accounts::Account {
    accounts::Account {
        account_id: id::<AccountId>(16),
        version: 3,
        reseller_id: Some(id(4)),
        username: "amber-fox-41".into(),
        email: Some("customer@example.org".into()),
        mac: Some("00:1A:79:0B:2C:3D".into()),
        notes: "Second floor".into(),
        status: AccountStatus::Active,
        plan_id: Some(id(6)),
        plan_name: Some("Month".into()),
        price: Some(euros(999)),
        last_day: Some("2026-12-22".into()),
        ends_at: Some(AT),
        max_connections: 2,
        created_at: AT,
        last_access_at: Some(AT),
    }
}

pub(crate) fn create_account() -> accounts::CreateAccount {
    accounts::CreateAccount {
        account_id: id(16),
        reseller_id: Some(id(4)),
        plan_id: id(6),
        last_day: Some("2026-12-31".into()),
        username: Some("amber-fox-41".into()),
        email: Some("customer@example.org".into()),
        mac: Some("00:1A:79:0B:2C:3D".into()),
        notes: Some("Second floor".into()),
        max_connections: Some(2),
        gift: true,
    }
}

pub(crate) fn credentials() -> accounts::Credentials {
    accounts::Credentials {
        account: account(),
        password: "correct horse".into(),
        token: "subscription-token".into(),
        cost: Some(credits(30)),
    }
}

pub(crate) fn save_account() -> accounts::SaveAccount {
    accounts::SaveAccount {
        version: 3,
        email: None,
        mac: Some("00:1A:79:0B:2C:3D".into()),
        notes: String::new(),
        max_connections: 1,
    }
}

pub(crate) fn extend_account() -> [accounts::ExtendAccount; 2] {
    let subscription_id = id::<SubscriptionId>(17);
    [accounts::Service::Plan(id(6)), accounts::Service::Days(30)].map(|service| accounts::ExtendAccount {
        subscription_id,
        service,
        gift: false,
    })
}

pub(crate) fn extended() -> accounts::Extended {
    accounts::Extended { account: account(), cost: Some(credits(30)), repeated: false }
}

pub(crate) fn account_reason() -> accounts::AccountReason {
    accounts::AccountReason { reason: "Moved away".into() }
}

pub(crate) fn ask_access() -> accounts::AskAccess {
    accounts::AskAccess { account_ids: vec![id(16), id(30)] }
}

pub(crate) fn account_seen() -> accounts::AccountSeen {
    accounts::AccountSeen { account_id: id(16), last_access_at: AT }
}

pub(crate) fn account_portals() -> accounts::AccountPortals {
    accounts::AccountPortals {
        now: Some("Main".into()),
        plans: vec![accounts::ServingPortal { plan_id: id(5), portal: "Second".into() }],
    }
}

pub(crate) fn change_plan() -> accounts::ChangePlan {
    accounts::ChangePlan { plan_change_id: id(18), plan_id: id(6) }
}

pub(crate) fn transfer_account() -> accounts::TransferAccount {
    accounts::TransferAccount { reseller_id: id(5), reason: "The shop closed".into() }
}

pub(crate) fn account_event() -> accounts::AccountEvent {
    accounts::AccountEvent {
        at: AT,
        action: "account.edit".into(),
        by: accounts::ActorKind::Member,
        by_name: Some("corner-shop".into()),
        serial: Some("000123-0007".into()),
        plan_name: Some("Month".into()),
        last_day: Some("2026-12-22".into()),
        cost: Some(credits(30)),
        reason: Some("Moved away".into()),
        changes: vec![accounts::FieldChange {
            field: "email".into(),
            before: None,
            after: Some("a@example.org".into()),
        }],
    }
}

pub(crate) fn reseller_permissions() -> permissions::ResellerPermissions {
    permissions::ResellerPermissions {
        reseller_id: id(4),
        version: 2,
        template: Some(Template::Premium),
        permissions: Permissions { max_accounts: Some(500), ..Permissions::default() },
        accounts: Some(41),
    }
}

pub(crate) fn save_permissions() -> permissions::SavePermissions {
    permissions::SavePermissions { version: 2, template: None, permissions: Permissions::default() }
}

pub(crate) fn permission_template() -> permissions::PermissionTemplate {
    let template = Template::Trial;
    permissions::PermissionTemplate { template, version: 2, permissions: template.built_in(), changed_at: Some(AT) }
}

pub(crate) fn save_template() -> permissions::SaveTemplate {
    permissions::SaveTemplate { version: 2, permissions: Template::Basic.built_in() }
}
