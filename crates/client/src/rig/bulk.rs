//! Many accounts that were found: those that the list shows, and no others.

use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::bulk::MOST_CHOSEN;
use counterfoil_domain::ids::{AccountId, PlanId};
use counterfoil_wire::bulk::{BulkFilter, BulkTargets};
use uuid::Uuid;

use super::stand_in::{StandIn, synced};
use crate::accounts::{self, Wanted};
use crate::bulk::{BulkError, as_shown};
use crate::till::Till;

/// Changes the cache as Central's rows would.
async fn change(till: &Till, sql: &'static str) {
    sqlx::query(sql).execute(&till.store().cache_pool()).await.expect("changed");
}

fn searched(search: &str) -> BulkFilter {
    BulkFilter { search: Some(search.to_owned()), ..BulkFilter::default() }
}

async fn taken(till: &Till, filter: BulkFilter) -> Vec<u128> {
    match as_shown(till, BulkTargets::Matching(filter)).await.expect("accounts") {
        BulkTargets::Chosen { account_ids } => account_ids.into_iter().map(|id| id.0.as_u128()).collect(),
        other => panic!("{other:?}"),
    }
}

/// The field that stands in the way.
async fn refused(till: &Till, filter: BulkFilter) -> &'static str {
    match as_shown(till, BulkTargets::Matching(filter)).await {
        Err(BulkError::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_was_searched_is_taken_as_the_list_shows_it() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    for (key, name) in [(1, "Joanna"), (2, "anna"), (3, "hannah"), (4, "berta")] {
        central.set(key, Some(name));
    }
    synced(&till).await;
    let wanted = Wanted { search: "anna".into(), limit: 100, ..Wanted::default() };
    let (lines, _) = accounts::list(&till, &wanted).await.expect("a page");
    let shown: Vec<u128> = lines.iter().map(|line| line.account_id.as_u128()).collect();
    assert_eq!(shown, [2, 3, 1]);
    assert_eq!(taken(&till, searched(" anna ")).await, shown);

    change(&till, "UPDATE cached_account SET status = 'suspended' WHERE username = 'hannah'").await;
    let suspended = BulkFilter { status: Some(AccountStatus::Suspended), ..searched("anna") };
    assert_eq!(taken(&till, suspended).await, [3]);
    change(&till, "UPDATE cached_account SET last_day = '2026-12-01' WHERE username = 'Joanna'").await;
    change(&till, "UPDATE cached_account SET last_day = '2026-12-02' WHERE username = 'anna'").await;
    let ending = BulkFilter { ends_before: Some("2026-12-02".into()), ..searched("anna") };
    assert_eq!(taken(&till, ending).await, [1], "one without a last day ends before none");
    change(&till, "UPDATE cached_account SET plan_id = randomblob(16) WHERE username = 'Joanna'").await;
    change(&till, "UPDATE cached_account SET plan_id = zeroblob(16) WHERE username = 'anna'").await;
    let of_plan = BulkFilter { plan_id: Some(PlanId(Uuid::nil())), ..searched("anna") };
    assert_eq!(taken(&till, of_plan).await, [2]);
    change(&till, "UPDATE cached_account SET status = 'archived' WHERE username = 'anna'").await;
    assert_eq!(taken(&till, searched("anna")).await, [3, 1], "archived ones are in no list that is changed");
    client.shutdown().await;
}

#[tokio::test]
async fn a_search_that_shows_none_is_refused_and_what_is_not_searched_is_centrals() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..4);
    synced(&till).await;
    assert_eq!(refused(&till, searched("nobody")).await, "search");
    let day = BulkFilter { ends_before: Some("soon".into()), ..searched("account") };
    assert_eq!(refused(&till, day).await, "ends_before");
    let archived = BulkFilter { status: Some(AccountStatus::Archived), ..searched("account") };
    assert_eq!(refused(&till, archived).await, "status");
    let all = BulkTargets::Matching(BulkFilter { search: Some("  ".into()), ..BulkFilter::default() });
    assert_eq!(as_shown(&till, all.clone()).await.expect("asked of Central"), all);
    let chosen = BulkTargets::Chosen { account_ids: vec![AccountId(Uuid::from_u128(9))] };
    assert_eq!(as_shown(&till, chosen.clone()).await.expect("as they were chosen"), chosen);
    client.shutdown().await;
}

#[tokio::test]
async fn a_list_is_taken_whole_or_not_at_all() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    let most = MOST_CHOSEN as u128;
    central.fill(1..most + 2);
    synced(&till).await;
    assert_eq!(refused(&till, searched("account")).await, "search");
    change(&till, "UPDATE cached_account SET status = 'archived' WHERE username = 'account-7'").await;
    assert_eq!(taken(&till, searched("account")).await.len(), MOST_CHOSEN);
    client.shutdown().await;
}
