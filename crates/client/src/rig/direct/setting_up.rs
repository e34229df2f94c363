//! Setting up, renewing and forgetting.

use std::sync::Arc;

use counterfoil_domain::ids::{OpId, ResellerId};
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::portal::PortalStatus;
use counterfoil_stalker_fake::{Fault, Planned};
use counterfoil_wire::sessions::Audience;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use serde_json::json;
use uuid::Uuid;

use super::super::secrecy::Lines;
use super::super::stand_in::Fault as OfCentral;
use super::{Office, PASSWORD, PORTAL, START, told};
use crate::api::{self, ApiError, ErrorCode};
use crate::direct::{self, Known};
use crate::vault::names;

const STANDINGS: &str = "GET /api/v1/admin/portals/";

async fn renew(office: &Office) -> Result<Known, ApiError> {
    Ok(direct::renew(&office.till, PORTAL).await?)
}

/// Nothing of a portal is on this computer.
async fn assert_nothing_kept(office: &Office) {
    assert!(office.known().await.is_empty());
    assert!(office.till.vault().get(names::PORTAL_PASSWORDS).await.expect("read").is_none());
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM direct_standing")
        .fetch_one(&mut *office.till.read().await.expect("db"))
        .await
        .expect("counted");
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn a_portal_that_answers_is_taken_along_with_all_its_accounts() {
    let office = Office::of(1_203).await;
    let known = office.sets_up(PASSWORD).await.expect("set up");
    assert_eq!((known.accounts, known.taken_at, known.user.as_deref()), (1_203, START, Some("stalker")));
    assert!(known.api.starts_with(&office.fake.origin()) && known.api.contains("/api/"), "{}", known.api);
    assert_eq!(office.central.count(STANDINGS), 3, "in pages");
    assert!(office.fake.asked().iter().all(|asked| asked.starts_with("GET ")), "a look writes nothing");
    office.client.shutdown().await;
    let client = office.rig.open().await;
    let till = client.till().expect("open");
    till.sync.stop();
    assert_eq!(direct::portals(&till).await.expect("a list").len(), 1, "it outlives the program");
    client.shutdown().await;
}

#[tokio::test]
async fn what_does_not_answer_as_it_should_is_told_and_nothing_is_kept() {
    let office = Office::of(3).await;
    let (code, detail) = told(office.sets_up("wrong").await);
    assert_eq!(code, ErrorCode::PortalUnavailable);
    assert!(detail.contains("name or password") && detail.contains("custom.ini"), "{detail}");
    let (code, _) = told(office.sets_up("").await);
    assert_eq!(code, ErrorCode::ValidationFailed);
    office.fake.plan(Planned::always(Fault::LoginPage));
    let (code, detail) = told(office.sets_up(PASSWORD).await);
    assert_eq!(code, ErrorCode::PortalUnavailable);
    assert!(detail.contains("page came in place of an answer"), "{detail}");
    office.fake.heal();
    office.central.world().portals[0].address = "http://127.0.0.1:9/stalker_portal/".into();
    let (code, detail) = told(office.sets_up(PASSWORD).await);
    assert_eq!(code, ErrorCode::PortalUnavailable);
    assert!(detail.contains("cannot be reached") && detail.contains("Check the address"), "{detail}");
    office.central.world().portals[0].address = self_signed().await;
    let (code, detail) = told(office.sets_up(PASSWORD).await);
    assert_eq!(code, ErrorCode::PortalUnavailable);
    assert!(detail.contains("certificate is not trusted"), "{detail}");
    assert_nothing_kept(&office).await;
    office.client.shutdown().await;
}

/// The address of a server that nobody vouches for.
async fn self_signed() -> String {
    let certificate = include_bytes!("../../../../stalker/tests/portal/self_signed.pem");
    let key = include_bytes!("../../../../stalker/tests/portal/self_signed.key");
    let certificate = CertificateDer::from_pem_slice(certificate).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(key).expect("a key");
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a certificate and its key");
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            // Whoever does not trust it goes away here.
            let _ = acceptor.accept(socket).await;
        }
    });
    format!("https://{address}/stalker_portal/api/")
}

#[tokio::test]
async fn the_password_is_in_the_keyring_and_nowhere_else() {
    const TYPED: &str = "a-password-of-the-portal";
    let lines = Lines::default();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(lines.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let office = Office::of(3).await;
    let (_, refused) = told(office.sets_up(TYPED).await);
    office.fake.state().setup.credentials = Some(("stalker".into(), TYPED.into()));
    let known = office.sets_up(TYPED).await.expect("set up");
    direct::look(&office.till, PORTAL, "user000001").await.expect("seen");
    let kept = office.till.vault().get(names::PORTAL_PASSWORDS).await.expect("read").expect("kept");
    assert!(String::from_utf8_lossy(&kept).contains(TYPED));
    let rows: Vec<String> = sqlx::query_scalar(
        "SELECT quote(portal_id) || name || address || api || coalesce(api_user, '') || quote(certificate) || owner_field
            || warnings FROM direct_portal
        UNION ALL SELECT body FROM direct_standing UNION ALL SELECT body FROM op",
    )
    .fetch_all(&mut *office.till.read().await.expect("db"))
    .await
    .expect("rows");
    assert_eq!(rows.len(), 4);
    let debug = format!("{known:?} {refused} {:?} {:?}", office.till, office.client);
    office.client.shutdown().await;
    let logged = lines.text();
    assert!(!logged.is_empty(), "nothing was logged, so nothing was tested");
    for text in rows.iter().chain([&debug, &logged]) {
        assert!(!text.contains(TYPED), "the password stands in {text}");
    }
}

#[tokio::test]
async fn a_keyring_that_refuses_keeps_nothing() {
    let office = Office::of(3).await;
    office.rig.secrets.refuse_writes(true);
    assert_eq!(told(office.sets_up(PASSWORD).await).0, ErrorCode::VaultUnavailable);
    office.rig.secrets.refuse_writes(false);
    assert_nothing_kept(&office).await;
    office.client.shutdown().await;
}

#[tokio::test]
async fn a_renewal_replaces_everything_or_nothing() {
    let office = Office::set_up(700).await;
    office.rig.clock.set_wall(START.plus_ms(60_000));
    office.central.world().standings.truncate(600);
    office.want(1, |one| one.reseller_company = Some("Bazaar".into()));
    office.central.forget_requests();
    // The portals, the first page, and the second is lost.
    office.central.world().faults.insert(3, OfCentral::Unheard);
    assert_eq!(told(renew(&office).await).0, ErrorCode::ServerUnreachable);
    let before = office.known().await.remove(0);
    assert_eq!((before.accounts, before.taken_at), (700, START));
    let seen = direct::look(&office.till, PORTAL, "user000001").await.expect("seen");
    assert_eq!(seen.reseller_company.as_deref(), Some("Corner"));
    let after = renew(&office).await.expect("renewed");
    assert_eq!((after.accounts, after.taken_at), (600, START.plus_ms(60_000)));
    let seen = direct::look(&office.till, PORTAL, "user000001").await.expect("seen");
    assert_eq!(seen.reseller_company.as_deref(), Some("Bazaar"));
    office.client.shutdown().await;
}

#[tokio::test]
async fn what_is_an_hour_old_is_renewed_by_itself() {
    let office = Office::set_up(3).await;
    let asked = async |minutes: i64| {
        office.central.forget_requests();
        office.rig.clock.set_wall(START.plus_ms(minutes * 60_000));
        direct::renew_old(&office.till).await;
        office.central.count(STANDINGS)
    };
    assert_eq!(asked(59).await, 0);
    assert_eq!(asked(60).await, 1);
    assert_eq!(asked(90).await, 0, "it was just renewed");
    // The clock was turned back.
    assert_eq!(asked(-5).await, 1);
    office.signs_in(Audience::Admin, StaffRole::Auditor.as_str()).await;
    assert_eq!(asked(500).await, 0, "it is of no use to whoever is signed in");
    office.client.shutdown().await;
}

#[tokio::test]
async fn what_is_put_away_or_reached_otherwise_at_central_is_forgotten() {
    type Change = fn(&mut counterfoil_wire::portals::Portal);
    let changes: [Change; 3] = [
        |portal| portal.status = PortalStatus::Archived,
        |portal| portal.address = "http://elsewhere.example/".into(),
        |portal| portal.user = Some("another".into()),
    ];
    for change in changes {
        let office = Office::set_up(3).await;
        change(&mut office.central.world().portals[0]);
        assert_eq!(told(renew(&office).await).0, ErrorCode::Conflict);
        assert_nothing_kept(&office).await;
        office.client.shutdown().await;
    }
    let office = Office::set_up(3).await;
    office.central.world().portals.clear();
    assert_eq!(told(renew(&office).await).0, ErrorCode::Conflict);
    assert_nothing_kept(&office).await;
    assert_eq!(told(renew(&office).await).0, ErrorCode::PortalNotSetUp);
    office.client.shutdown().await;
}

/// The disk fills up between the keyring and the rows.
#[tokio::test]
async fn a_password_for_another_address_never_stands_beside_the_rows_of_the_old_one() {
    let office = Office::set_up(3).await;
    office.central.world().portals[0].address = format!("{}/stalker_portal/c/", office.fake.origin());
    let mut transaction = office.till.store().write_local().await.expect("transaction");
    sqlx::query("CREATE TRIGGER disk_full BEFORE INSERT ON direct_portal BEGIN SELECT RAISE(ABORT, 'full'); END")
        .execute(&mut *transaction)
        .await
        .expect("a trigger");
    transaction.commit().await.expect("committed");
    office.sets_up(PASSWORD).await.expect_err("nothing more can be written");
    assert_nothing_kept(&office).await;
    office.client.shutdown().await;
}

#[tokio::test]
async fn it_is_forgotten_when_asked_and_when_somebody_signs_in_who_may_not() {
    let office = Office::set_up(3).await;
    direct::signed_in(&office.till).await.expect("looked");
    assert_eq!(office.known().await.len(), 1, "whoever may keeps it");
    direct::forget(&office.till, PORTAL).await.expect("forgotten");
    assert_nothing_kept(&office).await;
    office.sets_up(PASSWORD).await.expect("set up");
    office.signs_in(Audience::Admin, StaffRole::Finance.as_str()).await;
    direct::signed_in(&office.till).await.expect("looked");
    office.signs_in(Audience::Admin, StaffRole::Admin.as_str()).await;
    assert_nothing_kept(&office).await;
    office.client.shutdown().await;
}

#[tokio::test]
async fn only_staff_who_may_and_only_on_the_operators_own_computer() {
    let office = Office::set_up(3).await;
    // May use what is there, and sets nothing up.
    office.signs_in(Audience::Admin, StaffRole::Support.as_str()).await;
    assert_eq!(told(office.sets_up(PASSWORD).await).0, ErrorCode::NotPermitted);
    direct::look(&office.till, PORTAL, "user000001").await.expect("seen");
    for (audience, role) in [(Audience::Admin, "auditor"), (Audience::Reseller, "owner"), (Audience::Admin, "new_one")]
    {
        office.signs_in(audience, role).await;
        assert_nobody_may(&office).await;
    }
    office.signs_in(Audience::Admin, StaffRole::SuperAdmin.as_str()).await;
    office.belongs_to(Some(ResellerId(Uuid::from_u128(2)))).await;
    assert_nobody_may(&office).await;
    assert!(office.fake.asked().iter().all(|asked| asked.starts_with("GET ")));
    office.client.shutdown().await;
}

async fn assert_nobody_may(office: &Office) {
    let till = &office.till;
    assert!(office.known().await.is_empty());
    let refused = |outcome: Result<(), direct::DirectError>| told(outcome.map_err(ApiError::from)).0;
    let outcomes = [
        refused(direct::renew(till, PORTAL).await.map(drop)),
        refused(direct::forget(till, PORTAL).await),
        refused(direct::look(till, PORTAL, "user000001").await.map(drop)),
        refused(direct::compare(till, PORTAL).await.map(drop)),
        refused(direct::comparison(till, PORTAL).await.map(drop)),
        refused(direct::cancel(till, PORTAL).await.map(drop)),
        refused(direct::reprovision(till, PORTAL, &[]).await.map(drop)),
        refused(
            direct::act(till, PORTAL, super::account(1), &counterfoil_wire::boxes::BoxAction::Reboot).await.map(drop),
        ),
    ];
    assert!(outcomes.iter().all(|code| *code == ErrorCode::NotPermitted), "{outcomes:?}");
}

#[tokio::test]
async fn a_machine_on_which_staff_have_worked_becomes_no_shops() {
    let office = Office::set_up(3).await;
    let asked = [direct::Asked { account_id: super::account(1), step_id: OpId(Uuid::from_u128(71)) }];
    direct::reprovision(&office.till, PORTAL, &asked).await.expect("queued");
    let keys = office.till.vault().get(names::DEVICE_KEYS).await.expect("read").expect("kept");
    let before = office.till.enrolled().await.expect("enrolled");
    let request = json!({
        "url": office.rig.server, "audience": "reseller", "username": "kiosk", "password": "correct horse",
        "device_name": "Till 2",
    });
    let (code, detail) = told(api::call(&office.client, "sign_in", request).await);
    assert_eq!(code, ErrorCode::Conflict);
    assert!(detail.contains("another data folder"), "{detail}");
    let after = office.till.enrolled().await.expect("enrolled");
    assert_eq!((after.device_id, after.head, after.reseller_id), (before.device_id, before.head, None));
    assert_eq!(office.till.vault().get(names::DEVICE_KEYS).await.expect("read").expect("kept"), keys);
    assert_eq!(office.known().await.len(), 1, "and staff go on as before");
    office.client.shutdown().await;
}
