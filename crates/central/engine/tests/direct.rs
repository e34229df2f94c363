//! What a desktop needs to look at a portal without Central, and what it tells of that later.

use std::time::Duration;

use counterfoil_domain::ids::{AccountId, PortalId};
use counterfoil_domain::oplog::OpBody;
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::portal::{BoxContact, BoxOutcome};
use counterfoil_stalker_fake::Setup;
use serde_json::json;
use uuid::Uuid;

use super::boxes::Account;
use super::desk::{Desk, outcomes};
use super::portals::Served;
use super::proof::{count, until_somebody_waits};
use crate::dialect::Db;
use crate::engine::{lease, provisioning};

/// No portal.
const ELSEWHERE: Uuid = Uuid::from_u128(77);

fn id_of(account: &Account) -> AccountId {
    serde_json::from_value(json!(account.id)).expect("an id")
}

#[tokio::test]
async fn what_accounts_should_be_is_told_page_by_page() {
    let (served, accounts) = Served::with_boxes(Setup::ministra(), 3).await;
    let first = served.get("/standings?limit=2").await.expect(200).body;
    let rows = first["items"].as_array().expect("rows");
    assert_eq!((rows.len(), &rows[0]["login"]), (2, &json!(accounts[0].login)));
    let row = &rows[0];
    assert_eq!(
        (&row["account_id"], &row["state"], &row["nobodys"]),
        (&json!(accounts[0].id), &json!("agreed"), &json!(false))
    );
    assert_eq!(row["service"]["enabled"], json!(true));
    assert_eq!((&row["service"]["tariff"], &row["service"]["owner"]), (&json!("T2"), &json!(1)));
    assert_eq!(row["agreed"]["end_date"], "2026-12-22", "as the portal keeps it");
    let after = first["next"].as_str().expect("more");
    let rest = served.get(&format!("/standings?limit=2&after={after}")).await.expect(200).body;
    assert_eq!((rest["items"].as_array().map(Vec::len), &rest["next"]), (Some(1), &json!(null)));
    let auditor = served.world().staff_token(StaffRole::Auditor).await;
    let path = format!("/api/v1/admin/portals/{}/standings", served.portal);
    served.world().get(&path, Some(&auditor)).await.expect(403);
    served
        .world()
        .get(&format!("/api/v1/admin/portals/{ELSEWHERE}/standings"), Some(&served.token().await))
        .await
        .expect(404);
}

#[tokio::test]
async fn of_an_account_whose_login_is_somebody_elses_there_nothing_is_told() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 2).await;
    let mut work = served.world().app.begin(served.world().operator).await.expect("a transaction");
    let taken = "UPDATE provisioning SET created = FALSE WHERE login = $1";
    let login = accounts[0].login.as_str();
    sqlx::query::<Db>(taken).bind(login).execute(&mut *work.conn()).await.expect("taken");
    work.commit().await.expect("committed");
    let told = served.get("/standings").await.expect(200).body;
    assert_eq!(
        (told["items"].as_array().map(Vec::len), &told["items"][0]["login"]),
        (Some(1), &json!(accounts[1].login))
    );
    let mut office = Desk::enrol(served.world(), &served.token().await, 9).await;
    office.log(OpBody::Reprovision { portal_id: served.portal, account_id: id_of(&accounts[0]) });
    assert_eq!(outcomes(&office.push(served.world()).await), ["rejected account_unknown"]);
}

#[tokio::test]
async fn a_write_that_was_asked_for_without_central_is_made_with_centrals_values() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 2).await;
    served.change(&accounts[1].login, |user| user.off = true);
    let mut office = Desk::enrol(served.world(), &served.token().await, 9).await;
    // Twice in one push, and the other one before it: accounts are locked in the order of their ids.
    for account in [&accounts[1], &accounts[0], &accounts[1]] {
        office.log(OpBody::Reprovision { portal_id: served.portal, account_id: id_of(account) });
    }
    assert_eq!(outcomes(&office.push(served.world()).await), ["applied", "applied", "applied"]);
    assert_eq!(served.provision().await, 2);
    let off = served.fake.state().tables.user(&accounts[1].login).map(|user| user.off);
    assert_eq!(off, Some(false), "switched on again, as Central has it");
    assert_eq!(
        count(served.world(), "SELECT COUNT(*) FROM audit WHERE action = 'portal.reprovision' AND actor = 'device'")
            .await,
        3
    );
}

#[tokio::test]
async fn what_was_done_to_a_box_without_central_is_only_written_down() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 1).await;
    let mut office = Desk::enrol(served.world(), &served.token().await, 9).await;
    let (portal_id, account_id) = (served.portal, id_of(&accounts[0]));
    let contact =
        OpBody::BoxContact { portal_id, account_id, contact: BoxContact::Reboot, outcome: BoxOutcome::Unknown };
    office.log(contact.clone());
    office.log(OpBody::BoxContact {
        portal_id: PortalId(ELSEWHERE),
        account_id,
        contact: BoxContact::Message,
        outcome: BoxOutcome::Queued,
    });
    assert_eq!(outcomes(&office.push(served.world()).await), ["applied", "rejected account_unknown"]);
    assert!(served.events().is_empty(), "nothing is sent for it");
    let path = format!("/api/v1/admin/accounts/{}/history", accounts[0].id);
    let line = served.world().get(&path, Some(&served.token().await)).await.expect(200).body["items"][0].clone();
    assert_eq!((&line["action"], &line["by"]), (&json!("portal.direct_box"), &json!("device")));
    assert!(line["by_name"].is_string(), "which desktop it was: {line}");
    // A shop has nothing to do with portals.
    let mut till = served.shop.desk.clone();
    till.log(contact);
    assert_eq!(outcomes(&till.push(served.world()).await), ["rejected account_unknown"]);
}

/// With its books in hand a till that waited for another's lease, or for an account on a portal, could wait in a circle. On
/// SQLite whoever writes is alone anyway.
#[tokio::test]
async fn a_push_waits_for_nothing_that_is_not_its_devices() {
    if crate::dialect::ENGINE == "sqlite" {
        return;
    }
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 1).await;
    let world = served.world();
    let owner = world.token("reseller", "shop").await;
    let foreign = Desk::enrol(world, &owner, 2).await.lease(world, 60).await;
    let (portal_id, account_id) = (served.portal, id_of(&accounts[0]));
    let mut till = served.shop.desk.clone();
    till.sell(&foreign, 0, 1, 1);
    till.log(OpBody::Reprovision { portal_id, account_id });
    let mut open = world.app.begin(world.operator).await.expect("begun");
    lease::repo::lock(open.conn(), foreign.id()).await.expect("locked").expect("the lease");
    assert!(provisioning::lock_created(&mut open, portal_id, account_id).await.expect("locked"));
    let pushed = tokio::time::timeout(Duration::from_secs(30), till.push(world)).await;
    let told = outcomes(&pushed.expect("it waits for nobody"));
    assert_eq!(told, ["rejected lease_unknown", "rejected account_unknown"]);
}

/// Whoever else locks accounts on portals does it by id: a push in the order of its log could wait in a circle. On SQLite whoever
/// writes is alone anyway.
#[tokio::test]
async fn accounts_of_a_push_are_locked_by_id_whatever_was_done_to_them() {
    if crate::dialect::ENGINE == "sqlite" {
        return;
    }
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 2).await;
    let (world, portal_id) = (served.world(), served.portal);
    let mut ids: Vec<AccountId> = accounts.iter().map(id_of).collect();
    ids.sort_unstable();
    let mut office = Desk::enrol(world, &served.token().await, 9).await;
    for account_id in [ids[1], ids[0]] {
        let (contact, outcome) = (BoxContact::Reboot, BoxOutcome::Unknown);
        office.log(OpBody::BoxContact { portal_id, account_id, contact, outcome });
    }
    let mut open = world.app.begin(world.operator).await.expect("begun");
    assert!(provisioning::lock_created(&mut open, portal_id, ids[0]).await.expect("locked"));
    let rest = async {
        until_somebody_waits(world).await;
        assert!(provisioning::lock_created(&mut open, portal_id, ids[1]).await.expect("nobody has it"));
        open.commit().await.expect("committed");
    };
    let (pushed, ()) = tokio::join!(office.push(world), rest);
    assert_eq!(outcomes(&pushed), ["applied", "applied"]);
}
