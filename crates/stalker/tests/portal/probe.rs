//! What a probe finds out, and that it writes nothing.

use counterfoil_stalker::{ApiAddress, Capabilities, Config, Credentials, Error, Generation, OwnerField, Warning};
use counterfoil_stalker_fake::{FakePortal, Fault, Planned, Setup};

use crate::writes;

async fn probe(fake: &FakePortal) -> Result<Capabilities, Error> {
    let candidates = ApiAddress::candidates(&fake.origin()).expect("addresses");
    let config = Config::new(candidates[0].clone(), Some(Credentials::new("stalker", "secret")));
    let found = config.probe(&candidates, None).await;
    assert_eq!(writes(fake), Vec::<String>::new());
    found
}

async fn probed(setup: Setup, accounts: u32) -> Capabilities {
    let fake = FakePortal::start(setup).await;
    fake.generate(1, accounts);
    probe(&fake).await.expect("a portal")
}

#[tokio::test]
async fn old_and_new_portals_are_told_apart() {
    let old = probed(Setup::stalker(), 5).await;
    assert_eq!(old.generation, Some(Generation::Stalker4));
    assert!(old.api.as_str().ends_with("/stalker_portal/api/"));
    assert_eq!((old.owner, old.resellers), (OwnerField::None, false));
    assert_eq!((old.internal_billing, old.tariff_expiry), (Some(true), Some(false)));
    assert_eq!((old.authentication, old.warnings), (true, vec![Warning::PlainHttp]));

    let new = probed(Setup::ministra(), 5).await;
    assert_eq!(new.generation, Some(Generation::Ministra5));
    assert!(new.api.as_str().ends_with("/stalker_portal/api/v1/"));
    assert_eq!((new.owner, new.resellers), (OwnerField::ResellerId, true));
    assert_eq!(new.tariff_expiry, Some(true));
}

#[tokio::test]
async fn what_an_operator_has_set_is_found() {
    let off = probed(Setup { resellers_for_api: false, internal_billing: false, ..Setup::ministra() }, 5).await;
    assert_eq!((off.owner, off.resellers), (OwnerField::None, false));
    assert_eq!(off.internal_billing, Some(false));
    assert!(off.warnings.contains(&Warning::NoInternalBilling));
    let patched = probed(Setup { custom_reseller: true, ..Setup::stalker() }, 5).await;
    assert_eq!(patched.owner, OwnerField::Reseller);
    let open = probed(Setup { credentials: None, ..Setup::stalker() }, 5).await;
    assert!(!open.authentication && open.warnings.contains(&Warning::NoAuthentication));
}

/// Nothing is concluded from nothing: a portal without accounts may yet hold owners.
#[tokio::test]
async fn an_empty_portal_leaves_questions_open() {
    let empty = probed(Setup::stalker(), 0).await;
    assert_eq!((empty.owner, empty.internal_billing, empty.tariff_expiry), (OwnerField::Unknown, None, None));
    assert!(empty.warnings.contains(&Warning::NoAccounts));
    assert_eq!(empty.owner.name(), None);
}

#[tokio::test]
async fn a_renamed_folder_is_found_where_it_is_named() {
    let fake = FakePortal::start(Setup { folder: "/tv".to_owned(), ..Setup::ministra() }).await;
    assert_eq!(probe(&fake).await, Err(Error::WrongPath));
    let candidates = ApiAddress::candidates(&format!("{}/tv/c/", fake.origin())).expect("addresses");
    let config = Config::new(candidates[0].clone(), Some(Credentials::new("stalker", "secret")));
    assert!(config.probe(&candidates, None).await.expect("a portal").api.as_str().ends_with("/tv/api/v1/"));
}

#[tokio::test]
async fn what_is_wrong_is_told() {
    let fake = FakePortal::start(Setup { credentials: Some(("a".into(), "b".into())), ..Setup::stalker() }).await;
    assert_eq!(probe(&fake).await, Err(Error::WrongCredentials));
    let fake = FakePortal::start(Setup { api_enabled: false, ..Setup::stalker() }).await;
    assert_eq!(probe(&fake).await, Err(Error::ApiDisabled));
    let fake = FakePortal::start(Setup::stalker()).await;
    fake.plan(Planned::always(Fault::MemoryExhausted { megabytes: 64 }).on("stb"));
    let found = probe(&fake).await.expect("a portal that cannot list its accounts");
    assert_eq!((found.owner, found.warnings.last()), (OwnerField::Unknown, Some(&Warning::ListFails)));
    fake.heal();
    fake.plan(Planned::always(Fault::DatabaseDown).on("stb"));
    assert!(matches!(probe(&fake).await, Err(Error::Refused(_))));
}

/// The cheap list of a large portal costs it seconds; one known account tells as much.
#[tokio::test]
async fn a_known_account_spares_the_list() {
    let fake = FakePortal::start(Setup::ministra()).await;
    fake.generate(1, 5);
    let candidates = ApiAddress::candidates(&fake.origin()).expect("addresses");
    let config = Config::new(candidates[0].clone(), Some(Credentials::new("stalker", "secret")));
    let found = config.probe(&candidates, Some(&crate::login("user000002"))).await.expect("a portal");
    assert_eq!(found.owner, OwnerField::ResellerId);
    assert!(fake.asked().iter().all(|request| !request.contains("/stb/")));
}

/// What was found can be kept.
#[tokio::test]
async fn capabilities_are_kept_as_they_are() {
    let found = probed(Setup::ministra(), 5).await;
    let kept = serde_json::to_string(&found).expect("JSON");
    assert_eq!(serde_json::from_str::<Capabilities>(&kept).expect("capabilities"), found);
}
