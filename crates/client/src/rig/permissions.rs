//! What the operator does not allow the shop, its machine refuses without asking.

use std::sync::Arc;

use counterfoil_domain::grant::{Grant, Permissions};
use counterfoil_wire::permissions::Policy;
use uuid::Uuid;

use super::stand_in::{StandIn, synced};
use crate::accounts::{Right, rights};
use crate::api::accounts::{AccountRef, AccountsRequest, AccountsShow, account, accounts_page};
use crate::api::permissions::own_permissions;
use crate::api::types::PageRequest;
use crate::api::{ApiError, ErrorCode};
use crate::client::Client;
use crate::till::Till;

const SHOP: Uuid = Uuid::from_u128(2);

/// As the feed would bring it.
async fn allow(till: &Till, permissions: Option<&Permissions>) {
    let policy = permissions.map(Policy::from);
    let body = serde_json::json!({ "company": "Kiosk", "policy": policy }).to_string();
    sqlx::query(
        "INSERT INTO cached_reseller (reseller_id, company, settlement_mode, body, version)
        VALUES (?1, 'Kiosk', 'wholesale', ?2, 1) ON CONFLICT (reseller_id) DO UPDATE SET body = ?2",
    )
    .bind(SHOP)
    .bind(body)
    .execute(&till.store().cache_pool())
    .await
    .expect("written");
}

async fn listed(client: &Arc<Client>) -> Result<usize, ApiError> {
    let page = PageRequest { after: None, offset: None, limit: 50 };
    let all = AccountsRequest { search: String::new(), show: AccountsShow::InUse, reseller_id: None, sort: None, page };
    accounts_page(client, all).await.map(|page| page.rows.len())
}

#[tokio::test]
async fn a_shop_that_may_not_see_accounts_is_refused_by_its_own_machine() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..4);
    synced(&till).await;
    assert_eq!(listed(&client).await.expect("its row has not come: Central decides"), 3);
    allow(&till, Some(&Permissions::default())).await;
    assert_eq!(listed(&client).await.expect("allowed"), 3);
    let blind = Permissions { grants: [Grant::CreateAccounts].into(), ..Permissions::default() };
    allow(&till, Some(&blind)).await;
    let refused = listed(&client).await.expect_err("refused");
    assert_eq!((refused.code, refused.detail), (ErrorCode::NotGranted, Grant::ViewAccounts.refusal()));
    let one = AccountRef { account_id: Uuid::from_u128(1).to_string() };
    assert_eq!(account(&client, one).await.expect_err("refused").code, ErrorCode::NotGranted);
    client.shutdown().await;
}

#[tokio::test]
async fn what_a_shop_may_do_is_known_without_a_network() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..6);
    synced(&till).await;
    let before = central.world().requests.len();
    sqlx::query("UPDATE cached_account SET reseller_id = ?1 WHERE username <> 'account-5'")
        .bind(SHOP)
        .execute(&till.store().cache_pool())
        .await
        .expect("owned");
    sqlx::query("UPDATE cached_account SET status = 'archived' WHERE username = 'account-4'")
        .execute(&till.store().cache_pool())
        .await
        .expect("archived");
    let some = Permissions { max_accounts: Some(3), max_connections: 2, ..Permissions::default() };
    allow(&till, Some(&some)).await;
    let own = own_permissions(&client, ()).await.expect("known");
    assert_eq!((own.accounts, own.permissions.max_accounts, own.permissions.max_connections), (Some(3), Some(3), 2));
    let may = rights(&till).await.expect("known");
    assert_eq!((may.create, may.archive, may.accounts), (Right::Yes, Right::NotThisShop, Some(3)));
    assert_eq!(central.world().requests.len(), before, "nothing was asked");
    // A Central that does not say is asked.
    allow(&till, None).await;
    own_permissions(&client, ()).await.expect_err("the stand-in knows no sessions");
    client.shutdown().await;
}
