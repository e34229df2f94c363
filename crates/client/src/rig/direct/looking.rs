//! Looking at one account.

use std::collections::BTreeMap;

use counterfoil_domain::portal::{BoxAddress, DriftField, Moved, ProvisioningState};
use counterfoil_stalker_fake::{Fault, Planned};
use serde_json::json;

use super::{Office, PORTAL, account, login, told};
use crate::api::{self, ApiError, ErrorCode};
use crate::direct::{self, Seen};

async fn look(office: &Office, search: &str) -> Result<Seen, ApiError> {
    Ok(direct::look(&office.till, PORTAL, search).await?)
}

#[tokio::test]
async fn an_account_is_found_by_its_login_its_mac_in_any_spelling_and_its_number() {
    let office = Office::set_up(20).await;
    for search in [
        "user000010",
        " USER000010 ",
        "00:1A:79:00:00:0A",
        "00-1a-79-00-00-0a",
        "001a.7900.000a",
        "001A7900000A",
        "100010",
    ] {
        let seen = look(&office, search).await.unwrap_or_else(|error| panic!("{search}: {error}"));
        assert_eq!((seen.portal_box.username.as_str(), seen.account_id), ("user000010", Some(account(10))), "{search}");
        assert_eq!((seen.account_number.as_str(), seen.fields.len(), seen.waiting), ("100010", 0, false), "{search}");
        assert_eq!(seen.portal_box.address, BoxAddress::Usable);
    }
    for (search, code) in [
        ("nobody", ErrorCode::NotFound),
        ("00:1A:79:00:00:FF", ErrorCode::NotFound),
        (" ", ErrorCode::ValidationFailed),
    ] {
        assert_eq!(told(look(&office, search).await).0, code, "{search}");
    }
    assert!(office.fake.asked().iter().all(|asked| asked.starts_with("GET ")), "a look writes nothing");
    office.client.shutdown().await;
}

#[tokio::test]
async fn of_several_accounts_with_one_mac_or_number_none_is_chosen() {
    let office = Office::set_up(5).await;
    office.change(2, |user| user.mac = "00:1A:79:00:00:01".into());
    office.change(3, |user| user.ls = "100004".into());
    for (search, what) in [("00:1A:79:00:00:01", "MAC address"), ("100004", "account number")] {
        let (code, detail) = told(look(&office, search).await);
        assert_eq!(code, ErrorCode::Conflict);
        assert!(detail.contains(what) && detail.contains("2 accounts") && detail.contains("user00000"), "{detail}");
    }
    let seen = look(&office, &login(2)).await.expect("by its login");
    assert_eq!((seen.portal_box.address, seen.portal_box.shared_with), (BoxAddress::Shared, vec![login(1)]));
    office.client.shutdown().await;
}

#[tokio::test]
async fn what_differs_is_told_three_ways_as_of_now() {
    let office = Office::of(5).await;
    office.want(1, |one| {
        let agreed = [("end_date", "2027-02-02"), ("enabled", "on")];
        one.agreed = Some(BTreeMap::from(agreed.map(|(field, value)| (field.to_owned(), value.to_owned()))));
    });
    office.want(2, |one| one.state = ProvisioningState::Waiting);
    office.want(3, |one| one.service = None);
    office.sets_up(super::PASSWORD).await.expect("set up");
    office.change(1, |user| {
        user.end_date = Some("2029-01-01 00:00:00".into());
        user.off = true;
    });
    let seen = look(&office, "user000001").await.expect("seen");
    let fields: Vec<_> = seen.fields.iter().map(|one| (one.field, one.portal.as_deref(), one.moved)).collect();
    assert_eq!(
        fields,
        [(DriftField::Enabled, Some("off"), Moved::Portal), (DriftField::EndDate, Some("2029-01-01"), Moved::Portal)]
    );
    assert!(look(&office, "user000002").await.expect("seen").waiting);
    let unwanted = look(&office, "user000003").await.expect("seen");
    assert!(unwanted.fields.iter().all(|one| one.central.is_none()) && !unwanted.fields.is_empty());
    // By the time its service is over, Central has switched it off.
    office.rig.clock.set_wall(counterfoil_domain::time::Timestamp(1_900_000_000_000));
    let late = look(&office, "user000004").await.expect("seen");
    assert_eq!(late.fields.len(), 0, "the portal's night ends it by itself");
    office.change(4, |user| user.end_date = Some("2039-01-01 00:00:00".into()));
    let served = look(&office, "user000004").await.expect("seen");
    assert_eq!(served.fields.iter().map(|one| one.field).collect::<Vec<_>>(), [DriftField::Enabled]);
    office.client.shutdown().await;
}

#[tokio::test]
async fn an_account_that_central_did_not_tell_of_is_shown_alone() {
    let office = Office::of(3).await;
    office.central.world().standings.remove(2);
    office.sets_up(super::PASSWORD).await.expect("set up");
    let request = json!({ "portal_id": PORTAL.to_string(), "search": "user000003" });
    let seen = api::call(&office.client, "direct_account", request).await.expect("seen");
    assert_eq!((&seen["account_id"], &seen["waiting"]), (&json!(null), &json!(false)));
    assert_eq!(seen["fields"][0], json!({ "field": "enabled", "portal": "on", "moved": "unknown" }));
    assert_eq!(seen["portal_box"]["username"], "user000003");
    office.client.shutdown().await;
}

#[tokio::test]
async fn a_portal_that_is_away_is_told_with_what_to_do() {
    let office = Office::set_up(3).await;
    office.fake.plan(Planned::always(Fault::ApiDisabled));
    let (code, detail) = told(look(&office, "user000001").await);
    assert_eq!(code, ErrorCode::PortalUnavailable);
    assert!(detail.contains("switched off") && detail.contains("enable_api"), "{detail}");
    office.till.vault().remove(crate::vault::names::PORTAL_PASSWORDS).await.expect("removed");
    assert_eq!(told(look(&office, "user000001").await).0, ErrorCode::PortalNotSetUp);
    office.client.shutdown().await;
}
