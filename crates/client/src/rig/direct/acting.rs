//! What is done to boxes, and what is left to Central.

use counterfoil_domain::ids::{OpId, PortalId};
use counterfoil_domain::oplog::{OpBody, RejectCode};
use counterfoil_domain::portal::{BoxContact, BoxOutcome, PortalStatus};
use counterfoil_stalker_fake::{Fault, Planned};
use counterfoil_wire::boxes::{BoxActed, BoxAction};
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::stand_in::{opened, synced};
use super::{Office, PORTAL, account, login, told};
use crate::api::{self, ApiError, ErrorCode};
use crate::device;
use crate::direct::{self, Asked};

async fn act(office: &Office, number: u32, action: BoxAction) -> Result<BoxActed, ApiError> {
    Ok(direct::act(&office.till, PORTAL, account(number), &action).await?)
}

fn message(text: &str) -> BoxAction {
    BoxAction::Message { text: text.into(), hide_after_s: None }
}

async fn queue(office: &Office) -> Vec<Value> {
    let page = api::call(&office.client, "queue_page", Value::Null).await.expect("the queue");
    page["items"].as_array().expect("items").clone()
}

async fn write_again(office: &Office, steps: &[(u32, u128)]) -> Result<u32, ApiError> {
    let asked =
        |(number, step): &(u32, u128)| Asked { account_id: account(*number), step_id: OpId(Uuid::from_u128(*step)) };
    let accounts: Vec<Asked> = steps.iter().map(asked).collect();
    Ok(direct::reprovision(&office.till, PORTAL, &accounts).await?)
}

#[tokio::test]
async fn what_was_done_to_a_box_is_logged_and_told_to_central() {
    let office = Office::set_up(5).await;
    for (action, contact, event) in [
        (message("The server is back at noon"), BoxContact::Message, "send_msg"),
        (BoxAction::Reboot, BoxContact::Reboot, "reboot"),
        (BoxAction::ReloadPortal, BoxContact::ReloadPortal, "reload_portal"),
        (BoxAction::UpdateChannels, BoxContact::UpdateChannels, "update_channels"),
        (BoxAction::CutOff, BoxContact::CutOff, "cut_off"),
    ] {
        let acted = act(&office, 1, action).await.expect("sent");
        assert_eq!((acted.outcome, acted.trouble), (BoxOutcome::Queued, None));
        assert_eq!(office.events().pop(), Some((login(1), event.to_owned())));
        let op = office.ops().await.pop().expect("logged");
        let (portal_id, account_id, outcome) = (PORTAL, account(1), BoxOutcome::Queued);
        assert_eq!((op.schema, op.body), (3, OpBody::BoxContact { portal_id, account_id, contact, outcome }));
    }
    let first = &queue(&office).await[0];
    assert_eq!(
        (&first["kind"], &first["contact"], &first["contact_outcome"], &first["subject"], &first["state"]),
        (&json!("box_contact"), &json!("message"), &json!("queued"), &json!("user000001 · Main"), &json!("waiting"))
    );
    synced(&office.till).await;
    {
        let world = office.central.world();
        assert_eq!(world.numbers(), [1, 2, 3, 4, 5]);
        assert!(
            world.log.iter().all(|op| op.text.as_ref().is_some_and(|text| !text.contains("noon"))),
            "no word of it"
        );
    }
    assert!(queue(&office).await.is_empty());
    office.client.shutdown().await;
}

#[tokio::test]
async fn a_lost_answer_is_logged_as_unknown_and_nothing_is_sent_again() {
    let office = Office::set_up(3).await;
    office.fake.plan(Planned::lost_answer("POST", Fault::Nothing));
    let acted = act(&office, 2, BoxAction::Reboot).await.expect("nobody knows");
    assert_eq!(acted.outcome, BoxOutcome::Unknown);
    assert!(acted.trouble.is_some_and(|trouble| !trouble.remedy.is_empty()));
    assert_eq!(office.events().len(), 1);
    let op = office.ops().await.pop().expect("logged");
    assert!(matches!(op.body, OpBody::BoxContact { outcome: BoxOutcome::Unknown, .. }));
    assert_eq!(queue(&office).await[0]["contact_outcome"], "unknown");
    office.client.shutdown().await;
}

#[tokio::test]
async fn what_is_refused_is_not_logged() {
    let office = Office::set_up(5).await;
    office.change(2, |user| user.mac = "00:1A:79:00:00:01".into());
    let (code, detail) = told(act(&office, 1, BoxAction::Reboot).await);
    assert_eq!(code, ErrorCode::Conflict);
    assert!(detail.contains(&login(2)), "who would be reached too: {detail}");
    assert_eq!(told(act(&office, 900, BoxAction::Reboot).await).0, ErrorCode::NotFound);
    assert_eq!(told(act(&office, 3, message("hello 😀")).await).0, ErrorCode::ValidationFailed);
    for action in
        [BoxAction::ResetDevice, BoxAction::SignInAgain, BoxAction::Subscribe { packages: vec!["HBO".into()] }]
    {
        assert_eq!(told(act(&office, 3, action).await).0, ErrorCode::ValidationFailed);
    }
    office.fake.plan(Planned::always(Fault::ApiDisabled));
    assert_eq!(told(act(&office, 3, BoxAction::Reboot).await).0, ErrorCode::PortalUnavailable);
    office.fake.heal();
    office.central.world().portals[0].status = PortalStatus::Paused;
    direct::renew(&office.till, PORTAL).await.expect("renewed");
    assert_eq!(told(act(&office, 3, BoxAction::Reboot).await).0, ErrorCode::Conflict, "nothing is sent to it");
    assert!(office.events().is_empty() && office.ops().await.is_empty());
    office.client.shutdown().await;
}

#[tokio::test]
async fn a_log_that_cannot_be_written_is_said() {
    let office = Office::set_up(3).await;
    office.rig.secrets.refuse_writes(true);
    let (code, detail) = told(act(&office, 1, BoxAction::Reboot).await);
    assert_eq!(code, ErrorCode::SentNotLogged);
    assert!(detail.contains("could not be written down"), "{detail}");
    assert_eq!((office.events().len(), office.ops().await.len()), (1, 0));
    office.rig.secrets.refuse_writes(false);
    // What is known beforehand is not tried.
    let mut transaction = office.till.store().write_local().await.expect("transaction");
    device::repo::quarantine(&mut transaction, "a copy").await.expect("frozen");
    transaction.commit().await.expect("committed");
    assert_eq!(told(act(&office, 1, BoxAction::Reboot).await).0, ErrorCode::DeviceQuarantined);
    assert_eq!(office.events().len(), 1);
    office.client.shutdown().await;
}

#[tokio::test]
async fn a_write_is_queued_once_for_each_step() {
    let office = Office::set_up(5).await;
    assert_eq!(write_again(&office, &[(1, 71), (2, 72)]).await.expect("queued"), 2);
    assert_eq!(write_again(&office, &[(1, 71), (2, 72)]).await.expect("answered"), 2);
    assert_eq!(write_again(&office, &[(2, 72), (3, 73)]).await.expect("queued"), 2);
    let bodies: Vec<_> = office.ops().await.into_iter().map(|op| (op.op_id.0.as_u128(), op.body)).collect();
    let body = |number| OpBody::Reprovision { portal_id: PORTAL, account_id: account(number) };
    assert_eq!(bodies, [(71, body(1)), (72, body(2)), (73, body(3))]);
    assert!(office.fake.asked().is_empty(), "a desktop writes no field");
    let item = queue(&office).await.remove(2);
    assert_eq!(
        (&item["kind"], &item["subject"], &item["quantity"]),
        (&json!("reprovision"), &json!("user000003 · Main"), &json!(1))
    );
    synced(&office.till).await;
    assert!(queue(&office).await.is_empty());
    office.client.shutdown().await;
}

#[tokio::test]
async fn all_of_a_request_is_queued_or_nothing() {
    let office = Office::set_up(3).await;
    assert_eq!(told(write_again(&office, &[(1, 71), (900, 72)]).await).0, ErrorCode::NotFound);
    assert_eq!(told(write_again(&office, &[]).await).0, ErrorCode::ValidationFailed);
    let many: Vec<(u32, u128)> = (0..501).map(|step| (1, step)).collect();
    assert_eq!(told(write_again(&office, &many).await).0, ErrorCode::ValidationFailed);
    let elsewhere = PortalId(Uuid::from_u128(0x91));
    let asked = [Asked { account_id: account(1), step_id: OpId(Uuid::from_u128(71)) }];
    let refused = direct::reprovision(&office.till, elsewhere, &asked).await.map_err(ApiError::from);
    assert_eq!(told(refused).0, ErrorCode::PortalNotSetUp);
    assert!(office.ops().await.is_empty());
    office.client.shutdown().await;
}

#[tokio::test]
async fn what_central_does_not_take_is_explained_and_put_away() {
    let office = Office::set_up(3).await;
    write_again(&office, &[(1, 71)]).await.expect("queued");
    office.central.world().rejects = Some(RejectCode::AccountUnknown);
    synced(&office.till).await;
    // Also when nothing of the portal is left here.
    direct::forget(&office.till, PORTAL).await.expect("forgotten");
    let item = queue(&office).await.remove(0);
    assert_eq!((&item["state"], &item["reason"]), (&json!("rejected"), &json!("account_unknown")));
    assert_eq!(item["subject"], json!(account(1).to_string()));
    api::call(&office.client, "dismiss_item", json!({ "op_seq": 1 })).await.expect("dismissed");
    assert!(queue(&office).await.is_empty());
    office.client.shutdown().await;
}

#[tokio::test]
async fn both_come_back_from_central_to_a_database_older_than_its_keyring() {
    let Office { central, rig, client, till, fake } = Office::set_up(3).await;
    drop(till);
    client.shutdown().await;
    let backup = rig.backup();
    let (client, till) = opened(&rig).await;
    let office = Office { central, rig, client, till, fake };
    act(&office, 1, BoxAction::CutOff).await.expect("sent");
    write_again(&office, &[(2, 72)]).await.expect("queued");
    synced(&office.till).await;
    let Office { central, rig, client, till, fake } = office;
    drop(till);
    client.shutdown().await;
    rig.restore(&backup);
    let (client, till) = opened(&rig).await;
    let office = Office { central, rig, client, till, fake };
    synced(&office.till).await;
    let contacts = office.ops().await.iter().filter(|op| matches!(op.body, OpBody::BoxContact { .. })).count();
    let writes = office.ops().await.iter().filter(|op| matches!(op.body, OpBody::Reprovision { .. })).count();
    assert_eq!((contacts, writes), (1, 1));
    assert_eq!(office.events().len(), 1, "nothing is sent again");
    office.client.shutdown().await;
}
