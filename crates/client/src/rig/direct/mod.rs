//! A desktop of the operator's, with a portal that Central has and that answers by itself.

mod acting;
mod comparing;
mod looking;
mod setting_up;

use std::sync::Arc;

use counterfoil_domain::ids::{AccountId, OperatorId, PortalId, SessionId};
use counterfoil_domain::oplog::Op;
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::portal::{OwnerField, PortalStatus, ProvisioningState};
use counterfoil_domain::subscription::zone;
use counterfoil_domain::time::Timestamp;
use counterfoil_stalker_fake::{FakePortal, Setup, User};
use counterfoil_wire::portals::{AccountCounts, Portal, PortalFindings, PortalStanding, WantedService};
use counterfoil_wire::second_factor::SecondFactor;
use counterfoil_wire::sessions::{Audience, Me, SignedIn};
use jiff::civil::Date;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::stand_in::StandIn;
use super::{Rig, START};
use crate::api::{ApiError, ErrorCode};
use crate::client::Client;
use crate::device;
use crate::direct::{self, Known};
use crate::outbox::repo as log;
use crate::till::Till;

const PORTAL: PortalId = PortalId(Uuid::from_u128(0x90));
/// As the portal of [`Setup`] asks for it.
const PASSWORD: &str = "secret";

/// The account of the portal's row with this number.
fn account(number: u32) -> AccountId {
    AccountId(Uuid::from_u128(0xacc0_0000 + u128::from(number)))
}

fn login(number: u32) -> String {
    format!("user{number:06}")
}

/// What Central wants of an account that the portal shows as it should be.
fn as_it_is(user: &User) -> PortalStanding {
    let number: u32 = user.login[4..].parse().expect("an invented login");
    let cut: Date = user.end_date.as_deref().expect("an end")[..10].parse().expect("a day");
    let midnight = cut.to_zoned(zone("Europe/Berlin").expect("a zone")).expect("a moment");
    let owned = user.reseller_id > 0;
    PortalStanding {
        account_id: account(number),
        login: user.login.clone(),
        reseller_company: owned.then(|| "Corner".to_owned()),
        nobodys: !owned,
        state: ProvisioningState::Agreed,
        service: Some(WantedService {
            enabled: !user.off,
            over: false,
            until: Some(Timestamp(midnight.timestamp().as_millisecond() - 1)),
            tariff: Some(format!("T{}", user.tariff_plan_id)),
            owner: owned.then_some(user.reseller_id),
        }),
        agreed: None,
    }
}

fn known_at_central(address: String) -> Portal {
    Portal {
        portal_id: PORTAL,
        version: 1,
        name: "Main".into(),
        address,
        user: Some("stalker".into()),
        time_zone: "Europe/Berlin".into(),
        certificate: None,
        status: PortalStatus::Active,
        look_every_hours: 24,
        next_look_at: None,
        found: Some(PortalFindings {
            at: START,
            api: "http://portal.example/stalker_portal/api/v1/".into(),
            generation: None,
            authentication: true,
            internal_billing: Some(true),
            owner: OwnerField::ResellerId,
            resellers: true,
            warnings: Vec::new(),
        }),
        trouble: None,
        plans: Vec::new(),
        resellers: Vec::new(),
        accounts: AccountCounts::default(),
    }
}

struct Office {
    central: StandIn,
    rig: Rig,
    client: Arc<Client>,
    till: Arc<Till>,
    fake: FakePortal,
}

impl Office {
    /// So many accounts on the portal, as Central wants them; a member of staff who may do everything is signed in.
    async fn of(accounts: u32) -> Self {
        let fake = FakePortal::start(Setup::ministra()).await;
        fake.generate(1, accounts);
        let (central, address) = StandIn::start().await;
        central.world().portals = vec![known_at_central(fake.origin())];
        central.world().standings = fake.state().tables.users().map(as_it_is).collect();
        let rig = Rig::at(format!("http://{address}"));
        let client = rig.open().await;
        let till = client.till().expect("open");
        till.sync.stop();
        rig.enrol(&till).await;
        let office = Self { central, rig, client, till, fake };
        office.belongs_to(None).await;
        office.signs_in(Audience::Admin, StaffRole::Admin.as_str()).await;
        office
    }

    /// The same with the portal set up.
    async fn set_up(accounts: u32) -> Self {
        let office = Self::of(accounts).await;
        office.sets_up(PASSWORD).await.expect("set up");
        office.fake.asked();
        office
    }

    async fn sets_up(&self, password: &str) -> Result<Known, ApiError> {
        Ok(direct::set_up(&self.till, PORTAL, Some(Zeroizing::new(password.to_owned()))).await?)
    }

    /// Whose computer it is: the operator's own, or a shop's.
    async fn belongs_to(&self, reseller: Option<counterfoil_domain::ids::ResellerId>) {
        let mut transaction = self.till.store().write_local().await.expect("transaction");
        let enrolment = device::repo::Enrolment {
            operator_id: OperatorId(Uuid::from_u128(1)),
            operator_name: "Example TV",
            time_zone: "Europe/Berlin",
            currency: "EUR",
            reseller_id: reseller,
            central_key: self.rig.central.verifying_key().to_bytes(),
        };
        device::repo::finish_enrolment(&mut transaction, &enrolment).await.expect("finished");
        transaction.commit().await.expect("committed");
    }

    /// What a sign-in leaves behind.
    async fn signs_in(&self, audience: Audience, role: &str) {
        let me = Me {
            user_id: Uuid::from_u128(7),
            username: "nora".into(),
            audience,
            role: role.into(),
            operator_id: OperatorId(Uuid::from_u128(1)),
            reseller_id: None,
            reseller_name: None,
            must_change_password: false,
            second_factor: SecondFactor::default(),
        };
        let signed_in = SignedIn {
            session_id: SessionId(Uuid::from_u128(8)),
            access_token: "access".into(),
            access_expires_at: START,
            refresh_token: "refresh".into(),
            me,
        };
        self.till.session.adopt(&self.till, &signed_in).await.expect("kept");
        let mut transaction = self.till.store().write_local().await.expect("transaction");
        device::repo::save_member(&mut transaction, &signed_in.me).await.expect("saved");
        transaction.commit().await.expect("committed");
    }

    /// An account on the portal becomes another.
    fn change(&self, number: u32, change: impl FnOnce(&mut User)) {
        let state = &mut *self.fake.state();
        let mut users: Vec<User> = state.tables.users().cloned().collect();
        change(users.iter_mut().find(|user| user.login == login(number)).expect("an account"));
        state.tables.replace_users(users);
    }

    /// What Central wants of an account becomes something else.
    fn want(&self, number: u32, change: impl FnOnce(&mut PortalStanding)) {
        let mut world = self.central.world();
        change(world.standings.iter_mut().find(|one| one.account_id == account(number)).expect("an account"));
    }

    async fn known(&self) -> Vec<Known> {
        direct::portals(&self.till).await.expect("a list")
    }

    async fn ops(&self) -> Vec<Op> {
        let tail = log::tail(&mut self.till.read().await.expect("db"), 0, 1_000).await.expect("tail");
        tail.iter().map(|op| Op::from_bytes(op.body.as_bytes()).expect("an operation")).collect()
    }

    /// What boxes will fetch: the login and the event.
    fn events(&self) -> Vec<(String, String)> {
        let state = self.fake.state();
        let login = |id| state.tables.users().find(|user| user.id == id).map(|user| user.login.clone());
        let told = state.tables.events.iter().map(|event| (login(event.user_id).expect("a box"), event.event.clone()));
        told.collect()
    }
}

/// The code, with the sentence that is shown beside it.
fn told<T: std::fmt::Debug>(outcome: Result<T, ApiError>) -> (ErrorCode, String) {
    let error = outcome.expect_err("must be refused");
    (error.code, error.detail)
}
