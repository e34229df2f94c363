//! A server that fails: refusals the UI has words for, and nothing lost.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::any;
use serde_json::{Value, json};

use super::stand_in::StandIn;
use super::{Rig, numbers, refused, sell};
use crate::api::{self, ApiError, ErrorCode};
use crate::client::Client;
use crate::device;
use crate::outbox::repo as log;
use crate::sync::{self, Connection};

/// A server that answers everything the same way.
async fn serving(status: StatusCode, body: &'static str) -> SocketAddr {
    let router = Router::new().fallback(any(move || async move { (status, body) }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("listens");
    let address = listener.local_addr().expect("address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn check(client: &Arc<Client>, url: String) -> Result<Value, ApiError> {
    api::call(client, "check_server", json!({ "url": url })).await
}

#[tokio::test]
async fn each_way_to_fail_has_its_code() {
    let rig = Rig::new();
    let client = rig.open().await;
    let failing = serving(StatusCode::INTERNAL_SERVER_ERROR, "oops").await;
    assert_eq!(refused(check(&client, format!("http://{failing}")).await), ErrorCode::ServerError);
    let garbage = serving(StatusCode::OK, "<html>welcome to the router</html>").await;
    assert_eq!(refused(check(&client, format!("http://{garbage}")).await), ErrorCode::ServerIncompatible);
    let strange = serving(StatusCode::IM_A_TEAPOT, "").await;
    assert_eq!(refused(check(&client, format!("http://{strange}")).await), ErrorCode::ServerIncompatible);
    let problem = r#"{"type":"about:blank","title":"t","status":429,"detail":"later","code":"rate_limited","retry_after_ms":1500}"#;
    let limited = serving(StatusCode::TOO_MANY_REQUESTS, problem).await;
    let error = check(&client, format!("http://{limited}")).await.expect_err("limited");
    assert_eq!((error.code, error.retry_after_ms), (ErrorCode::RateLimited, Some(1_500)));
    assert_eq!(refused(check(&client, "http://127.0.0.1:9".into()).await), ErrorCode::ServerUnreachable);
    assert_eq!(refused(check(&client, "not an address".into()).await), ErrorCode::ValidationFailed);
    assert_eq!(refused(api::call(&client, "no_such_command", Value::Null).await), ErrorCode::NotFound);
    assert_eq!(refused(api::call(&client, "sell", json!({"x": 1})).await), ErrorCode::ValidationFailed);
    client.shutdown().await;
}

#[tokio::test]
async fn a_sync_that_fails_keeps_every_operation_and_the_shop_sells_on() {
    for (status, body, offline) in [
        (StatusCode::INTERNAL_SERVER_ERROR, "oops", true),
        (StatusCode::OK, "garbage", false),
        (StatusCode::OK, r#"{"head":{"seq":0,"hash":"00"}}"#, false),
    ] {
        let address = serving(status, body).await;
        let rig = Rig::at(format!("http://{address}"));
        let client = rig.open().await;
        let till = client.till().expect("open");
        rig.enrol(&till).await;
        rig.grant(&till, 1, 300, 128).await;
        sell(&till, 1, 2).await.expect("sold");
        sync::run_now(&till).await.expect_err("cannot succeed");
        let connection = till.sync.state().connection;
        assert_eq!(matches!(connection, Connection::Offline { .. }), offline, "{body}: {connection:?}");
        assert_eq!(log::counts(&mut till.read().await.expect("db")).await.expect("counts").0, 1);
        assert_eq!(numbers(&sell(&till, 2, 1).await.expect("sells on")), [3]);
        client.shutdown().await;
    }
}

#[tokio::test]
async fn a_quarantine_outlives_a_restart() {
    let problem = r#"{"type":"about:blank","title":"t","status":409,"detail":"the log contradicts what Central has","code":"device_forked"}"#;
    let address = serving(StatusCode::CONFLICT, problem).await;
    let rig = Rig::at(format!("http://{address}"));
    let client = rig.open().await;
    let till = client.till().expect("open");
    rig.enrol(&till).await;
    rig.grant(&till, 1, 300, 128).await;
    sell(&till, 1, 1).await.expect("sold");
    let _ = sync::run_now(&till).await;
    assert_eq!(refused(sell(&till, 2, 1).await), ErrorCode::DeviceQuarantined);
    drop(till);
    client.shutdown().await;
    let client = rig.open().await;
    assert_eq!(refused(sell(&client.till().expect("open"), 3, 1).await), ErrorCode::DeviceQuarantined);
    let status = api::call(&client, "status", Value::Null).await.expect("status");
    assert!(status["quarantined"].as_str().is_some_and(|why| why.contains("contradicts")), "{status}");
    client.shutdown().await;
}

#[tokio::test]
async fn a_frozen_till_is_put_aside_and_the_machine_set_up_anew() {
    let problem = r#"{"type":"about:blank","title":"t","status":409,"detail":"the log contradicts what Central has","code":"device_forked"}"#;
    let address = serving(StatusCode::CONFLICT, problem).await;
    let mut rig = Rig::at(format!("http://{address}"));
    let client = rig.open().await;
    let till = client.till().expect("open");
    rig.enrol(&till).await;
    rig.grant(&till, 1, 300, 128).await;
    let start_over = async || api::call(&client, "start_over", Value::Null).await;
    assert_eq!(refused(start_over().await), ErrorCode::Conflict, "a till that can sell keeps its records");
    // From here on a sync, this one or the one that a sale wakes, is told to freeze.
    sell(&till, 1, 3).await.expect("sold");
    let _ = sync::run_now(&till).await;
    drop(till);

    let state = start_over().await.expect("put aside");
    assert_eq!(state["phase"], "sign_in");
    assert!(rig.folder.path().join("set-aside/1/local.db").is_file(), "nothing is deleted");
    rig.next_device();
    let till = client.till().expect("open");
    rig.enrol(&till).await;
    rig.grant(&till, 2, 300, 128).await;
    assert_eq!(numbers(&sell(&till, 2, 2).await.expect("sells")), [1, 2]);
    drop(till);
    client.shutdown().await;
}

#[tokio::test]
async fn a_machine_whose_setting_up_again_was_cut_short_can_be_set_up_all_the_same() {
    let (rig, client, till, _) = Rig::with_lease().await;
    let mut transaction = till.store().write_local().await.expect("transaction");
    device::repo::quarantine(&mut transaction, "a copy").await.expect("frozen");
    transaction.commit().await.expect("committed");
    drop(till);
    // The records are put aside, and the keyring does not keep the key of what comes after them.
    rig.secrets.forget();
    rig.secrets.refuse_writes(true);
    assert_eq!(refused(api::call(&client, "start_over", Value::Null).await), ErrorCode::VaultUnavailable);
    rig.secrets.refuse_writes(false);
    let state = api::call(&client, "app_state", Value::Null).await.expect("a state");
    assert_eq!(state["phase"], "sign_in");
    assert!(rig.folder.path().join("set-aside/1/local.db").is_file());
    client.shutdown().await;
}

#[tokio::test]
async fn a_device_that_is_blocked_stops_when_it_only_reads() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    sync::run_now(&till).await.expect("synced");
    central.world().blocked = true;
    sync::run_now(&till).await.expect_err("it is blocked");
    assert_eq!(refused(sell(&till, 1, 1).await), ErrorCode::DeviceQuarantined);
    client.shutdown().await;
}
