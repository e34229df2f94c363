//! Signing in with a second factor or with a password that somebody else chose, and where somebody is signed in: listed,
//! ended one by one or all but this one, however often it is asked. And a machine that is signed in at for the first time.

use std::sync::Arc;
use std::time::Duration;

use counterfoil_domain::ids::{OperatorId, ResellerId, SessionId};
use counterfoil_wire::reports::ReportName;
use counterfoil_wire::second_factor::SecondFactor;
use counterfoil_wire::sessions::{Audience, Me, SessionView, SignedIn};
use serde_json::{Value, json};
use uuid::Uuid;

use super::market::signed_in;
use super::stand_in::{Fault, StandIn, opened, restarted, usernames};
use super::{Rig, START};
use crate::api::{self, ErrorCode};
use crate::central::{Address, CentralError};
use crate::outbox::Marks;
use crate::reports::{self, Asked, Format, Stage, Words};
use crate::session::{self, SessionError};
use crate::sync;
use crate::vault::names;

/// This device's and two others, the last used first.
fn three() -> Vec<SessionView> {
    let session = |id: u128| SessionView {
        session_id: SessionId(Uuid::from_u128(id)),
        started_at: START,
        last_used_at: START.plus_days(-i64::try_from(id).expect("small")),
        address: format!("192.0.2.{id}"),
        current: id == 5,
    };
    [5, 6, 7].map(session).to_vec()
}

fn addresses(shown: &Value) -> Vec<&str> {
    shown.as_array().expect("sessions").iter().map(|one| one["address"].as_str().expect("an address")).collect()
}

#[tokio::test]
async fn sessions_are_listed_and_ended_once() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    signed_in(&till, Audience::Reseller, "owner").await;
    central.world().sessions = three();
    let shown = api::call(&client, "sessions", Value::Null).await.expect("listed");
    assert_eq!(addresses(&shown), ["192.0.2.5", "192.0.2.6", "192.0.2.7"]);
    assert_eq!((&shown[0]["current"], &shown[1]["current"]), (&json!(true), &json!(false)));
    let one = json!({ "session_id": Uuid::from_u128(6) });
    for _ in 0..2 {
        let left = api::call(&client, "end_session", one.clone()).await.expect("ended, also where it was over");
        assert_eq!(addresses(&left), ["192.0.2.5", "192.0.2.7"]);
    }
    client.shutdown().await;
}

#[tokio::test]
async fn all_others_are_ended_and_what_a_broken_line_leaves_is_ended_by_the_next_try() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    signed_in(&till, Audience::Admin, "support").await;
    central.world().sessions = three();
    central.forget_requests();
    // The list is told and one is ended; of the other nothing is heard.
    central.world().faults.insert(3, Fault::Unheard);
    let cut = api::call(&client, "end_other_sessions", Value::Null).await.expect_err("the line is cut");
    assert_eq!(cut.code, ErrorCode::ServerUnreachable);
    assert_eq!(central.world().sessions.len(), 2);
    let left = api::call(&client, "end_other_sessions", Value::Null).await.expect("ended");
    assert_eq!(addresses(&left), ["192.0.2.5"]);
    client.shutdown().await;
}

#[tokio::test]
async fn a_password_that_somebody_else_chose_is_changed_before_it_signs_in() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.world().given_password = Some("chosen by another".into());
    let form = |new: Option<&str>| {
        let mut form = json!({ "url": rig.server, "audience": "reseller", "username": "kiosk",
            "password": "chosen by another", "device_name": "Till 1" });
        if let Some(new) = new {
            form["new_password"] = new.into();
        }
        form
    };
    let needed = api::call(&client, "sign_in", form(None)).await.expect_err("another is needed");
    assert_eq!(needed.code, ErrorCode::PasswordChangeNeeded);
    // What opens nothing is not kept.
    assert!(till.vault().get(names::REFRESH_TOKEN).await.expect("read").is_none());
    central.forget_requests();
    let state = api::call(&client, "sign_in", form(Some("a password of my own"))).await.expect("signed in");
    assert_eq!((&state["user"]["username"], &state["user"]["signed_in"]), (&json!("kiosk"), &json!(true)));
    // The sign-in that waited goes on: no password is asked for twice.
    assert_eq!((central.count("POST /api/v1/reseller/login"), central.count("PUT /api/v1/me/password")), (0, 1));
    assert!(till.vault().get(names::REFRESH_TOKEN).await.expect("read").is_some());
    client.shutdown().await;
}

#[tokio::test]
async fn a_second_factor_is_sent_once_it_was_asked_for() {
    let (central, rig, client, _till) = StandIn::with_till().await;
    central.world().second_factor = Some("081804");
    let sign_in = async |shown: Option<&str>| {
        let mut request = json!({ "url": rig.server, "audience": "reseller", "username": "kiosk",
            "password": "correct horse", "device_name": "Till 2" });
        if let Some(shown) = shown {
            request["second_factor"] = shown.into();
        }
        api::call(&client, "sign_in", request).await.map_err(|error| error.code)
    };
    assert_eq!(sign_in(None).await, Err(ErrorCode::SecondFactorNeeded));
    assert_eq!(sign_in(Some("000000")).await, Err(ErrorCode::SecondFactorWrong));
    let state = sign_in(Some("081804")).await.expect("signed in");
    assert_eq!(state["user"]["signed_in"], true);
    client.shutdown().await;
}

#[tokio::test]
async fn a_second_factor_is_not_asked_for_twice_while_another_password_is_chosen() {
    let (central, rig, client, _till) = StandIn::with_till().await;
    central.world().given_password = Some("chosen by another".into());
    central.world().second_factor = Some("081804");
    let mut form = json!({ "url": rig.server, "audience": "reseller", "username": "kiosk",
        "password": "chosen by another", "device_name": "Till 2" });
    let first = api::call(&client, "sign_in", form.clone()).await.expect_err("the factor comes first");
    assert_eq!(first.code, ErrorCode::SecondFactorNeeded);
    form["second_factor"] = "081804".into();
    let second = api::call(&client, "sign_in", form.clone()).await.expect_err("then another password");
    assert_eq!(second.code, ErrorCode::PasswordChangeNeeded);
    // These digits are used up by now.
    central.world().second_factor = Some("914377");
    form["new_password"] = "a password of my own".into();
    let state = api::call(&client, "sign_in", form).await.expect("signed in");
    assert_eq!(state["user"]["signed_in"], true);
    client.shutdown().await;
}

fn of_the_shop(rig: &Rig) -> Value {
    json!({ "url": rig.server, "audience": "reseller", "username": "kiosk", "password": "correct horse",
        "device_name": "Till 2" })
}

#[tokio::test]
async fn two_presses_on_a_new_machine_enrol_it_once() {
    let (central, address) = StandIn::start().await;
    let rig = Rig::at(format!("http://{address}"));
    let (client, till) = opened(&rig).await;
    let press = || api::call(&client, "sign_in", of_the_shop(&rig));
    let (first, second) = tokio::join!(press(), press());
    for state in [first, second] {
        assert_eq!(state.expect("signed in")["user"]["signed_in"], true);
    }
    let device = till.enrolled().await.expect("enrolled").device_id;
    assert_eq!(central.world().enrolled, [device, device], "the second says it once more");
    let marks: Marks = till.vault().read(names::WATERMARK).await.expect("read").expect("kept");
    assert_eq!(marks.device, device, "the keyring numbers for the device that was enrolled");
    client.shutdown().await;
}

#[tokio::test]
async fn a_machine_of_the_staff_that_becomes_a_shops_begins_from_nothing() {
    let (central, address) = StandIn::start().await;
    let rig = Rig::at(format!("http://{address}"));
    let (client, till) = opened(&rig).await;
    rig.enrol(&till).await;
    let mut transaction = till.store().write_local().await.expect("transaction");
    sqlx::query("UPDATE device SET reseller_id = NULL").execute(&mut *transaction).await.expect("of the operator");
    transaction.commit().await.expect("committed");
    central.fill(1..4);
    // Where its log ends, whether there is a file, and then the page: that one is under way.
    central.world().faults.insert(3, Fault::Held);
    let gate = Arc::clone(&central.world().gate);
    let syncing = Arc::clone(&till);
    let syncing = tokio::spawn(async move { sync::run_now(&syncing).await });
    gate.arrived.notified().await;
    let (form, caller) = (of_the_shop(&rig), Arc::clone(&client));
    let mut signing_in = tokio::spawn(async move { api::call(&caller, "sign_in", form).await });
    let early = tokio::time::timeout(Duration::from_millis(400), &mut signing_in).await;
    assert!(early.is_err(), "it waits for what was asked for the staff: {early:?}");
    gate.go_on.notify_one();
    syncing.await.expect("ends").expect("a sync");
    signing_in.await.expect("ends").expect("signed in");
    assert_eq!(central.count("GET /api/v1/sync/snapshot"), 2, "no page of the operator's stands in the shop's cache");
    assert_eq!(usernames(&till).await, central.usernames());
    client.shutdown().await;
}

#[tokio::test]
async fn a_sign_in_that_cannot_be_written_down_leaves_nobody_under_anothers_name() {
    let (_central, rig, client, till) = StandIn::with_till().await;
    signed_in(&till, Audience::Admin, "support").await;
    till.store().pretend_free(Some(1 << 20));
    let full = api::call(&client, "sign_in", of_the_shop(&rig)).await.expect_err("the disk is full");
    assert_eq!(full.code, ErrorCode::DiskFull);
    till.store().pretend_free(None);
    let state = api::call(&client, "app_state", Value::Null).await.expect("a state");
    assert_eq!(state["user"]["username"], "leila");
    assert!(till.vault().get(names::REFRESH_TOKEN).await.expect("read").is_none(), "it is the other's");
    let asked = api::call(&client, "sessions", Value::Null).await.expect_err("nobody asks");
    assert_eq!(asked.code, ErrorCode::NotSignedIn);
    client.shutdown().await;
}

#[tokio::test]
async fn a_session_is_of_no_use_under_anothers_name() {
    let (central, rig, client, till) = StandIn::with_till().await;
    signed_in(&till, Audience::Admin, "support").await;
    // The database is from before, when somebody else was signed in; the keyring is not.
    let mut transaction = till.store().write_local().await.expect("transaction");
    let before = "UPDATE member SET user_id = zeroblob(16), username = 'kiosk'";
    sqlx::query(before).execute(&mut *transaction).await.expect("as before");
    transaction.commit().await.expect("committed");
    let (client, till) = restarted(&rig, client, till).await;
    let asked = api::call(&client, "sessions", Value::Null).await.expect_err("not in the other's name");
    assert_eq!(asked.code, ErrorCode::NotSignedIn);
    assert_eq!(central.count("POST /api/v1/session/refresh"), 0, "nothing is asked of Central");
    let state = api::call(&client, "app_state", Value::Null).await.expect("a state");
    assert_eq!(state["user"]["signed_in"], false);
    assert!(till.vault().get(names::REFRESH_TOKEN).await.expect("read").is_none());
    client.shutdown().await;
}

#[tokio::test]
async fn what_one_person_asked_for_is_not_asked_again_in_anothers_name() {
    let (_central, rig, client, till) = StandIn::with_till().await;
    let address = Address::parse(&rig.server).expect("an address");
    let of = |user: u128, access: &str| SignedIn {
        session_id: SessionId(Uuid::from_u128(user)),
        access_token: access.into(),
        access_expires_at: START,
        refresh_token: "refresh".into(),
        me: Me {
            user_id: Uuid::from_u128(user),
            username: "leila".into(),
            audience: Audience::Reseller,
            role: "owner".into(),
            operator_id: OperatorId(Uuid::from_u128(1)),
            reseller_id: Some(ResellerId(Uuid::from_u128(2))),
            reseller_name: Some("Kiosk".into()),
            must_change_password: false,
            second_factor: SecondFactor::default(),
        },
    };
    till.session.adopt(&till, &of(1, "first")).await.expect("kept");
    let refused = till.session.token(&till, &address).await.expect("a token");
    till.session.adopt(&till, &of(1, "renewed")).await.expect("kept");
    assert_eq!(till.session.renew(&till, &address, &refused).await.expect("the same person's").text(), "renewed");
    till.session.adopt(&till, &of(2, "another's")).await.expect("kept");
    let asked = till.session.renew(&till, &address, &refused).await.map(|token| token.text().to_owned());
    assert!(matches!(asked, Err(SessionError::Central(CentralError::NotSignedIn))), "{asked:?}");
    client.shutdown().await;
}

#[tokio::test]
async fn a_report_that_one_person_asked_for_does_not_go_on_in_anothers_name() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    signed_in(&till, Audience::Reseller, "owner").await;
    central.forget_requests();
    central.world().faults.insert(1, Fault::Held);
    let folder = tempfile::tempdir().expect("folder");
    let (id, folder) = (Uuid::from_u128(9), folder.path().to_owned());
    let (name, format, words) = (ReportName::Payments, Format::Csv, Words::default());
    reports::start(&till, Asked { id, name, days: (None, None), format, words, folder }).expect("begun");
    let gate = Arc::clone(&central.world().gate);
    gate.arrived.notified().await;
    session::sign_out(&till).await.expect("signed out");
    let stage = || till.files.progress(id).expect("known").stage;
    let given_up = async {
        while matches!(stage(), Stage::Making) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), given_up).await.expect("it is given up");
    assert!(matches!(stage(), Stage::Cancelled), "{:?}", stage());
    client.shutdown().await;
}

#[tokio::test]
async fn a_sign_out_that_waits_for_central_does_not_end_the_session_after_it() {
    let (central, rig, client, till) = StandIn::with_till().await;
    signed_in(&till, Audience::Reseller, "owner").await;
    central.forget_requests();
    central.world().faults.insert(1, Fault::Held);
    let gate = Arc::clone(&central.world().gate);
    let caller = Arc::clone(&client);
    let leaving = tokio::spawn(async move { api::call(&caller, "sign_out", Value::Null).await });
    gate.arrived.notified().await;
    let (form, caller) = (of_the_shop(&rig), Arc::clone(&client));
    let mut coming = tokio::spawn(async move { api::call(&caller, "sign_in", form).await });
    let early = tokio::time::timeout(Duration::from_millis(400), &mut coming).await;
    assert!(early.is_err(), "it waits until the one before is forgotten: {early:?}");
    gate.go_on.notify_one();
    leaving.await.expect("ends").expect("signed out");
    coming.await.expect("ends").expect("signed in");
    let state = api::call(&client, "app_state", Value::Null).await.expect("a state");
    assert_eq!(state["user"]["signed_in"], true);
    client.shutdown().await;
}
