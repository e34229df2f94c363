//! A device for tests: real files, real SQLCipher, secrets in memory, clocks that obey, and leases signed by a key the
//! test has instead of Central's.

mod account_search;
mod accounts;
mod audit;
mod brand;
mod bulk;
mod closing_and_voiding;
mod complaints;
mod copying;
mod credit;
mod damage;
mod digests;
mod direct;
mod inside;
mod lease_ends;
mod listing;
mod live;
mod market;
mod measure;
mod network;
pub(crate) mod orders;
mod permissions;
mod prices;
mod recovering;
mod restored;
mod sales;
mod secrecy;
mod sessions;
mod sorting;
mod stand_in;
mod time;

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use counterfoil_domain::amount::{Currency, Unit};
use counterfoil_domain::code::{Prefix, SourceKey};
use counterfoil_domain::ids::{DeviceId, LeaseId, OperatorId, PlanId, ResellerId, SaleId};
use counterfoil_domain::lease::{LeaseTerms, SignedLease, Slot};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::second_factor::SecondFactor;
use counterfoil_wire::sessions::{Audience, Me};
use ed25519_dalek::SigningKey;
use tempfile::TempDir;
use uuid::Uuid;

use crate::api::{ApiError, ErrorCode};
use crate::client::{Client, OpenOptions};
use crate::clock::Clock;
use crate::device::{self, DeviceKeys};
use crate::lease;
use crate::network::Network;
use crate::outbox::{LogWriter, Marks};
use crate::selling::{self, Issued, Order};
use crate::sync::Pace;
use crate::till::Till;
use crate::vault::{MemoryStore, names};

pub(crate) const START: Timestamp = Timestamp(1_780_000_000_000);
pub(crate) const PLAN: PlanId = PlanId(Uuid::from_u128(0x51));
pub(crate) const COST: i64 = 30;

/// Central's key.
fn signs_leases() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// Clocks a test turns.
#[derive(Debug)]
pub(crate) struct TestClock(Mutex<(Timestamp, Duration)>);

impl TestClock {
    pub(crate) fn set_wall(&self, wall: Timestamp) {
        self.0.lock().expect("clock").0 = wall;
    }

    pub(crate) fn pass(&self, time: Duration) {
        self.0.lock().expect("clock").1 += time;
    }
}

impl Clock for TestClock {
    fn wall(&self) -> Timestamp {
        self.0.lock().expect("clock").0
    }

    fn elapsed(&self) -> Duration {
        self.0.lock().expect("clock").1
    }
}

pub(crate) struct Rig {
    pub(crate) folder: TempDir,
    pub(crate) secrets: MemoryStore,
    pub(crate) clock: Arc<TestClock>,
    central: SigningKey,
    device_id: DeviceId,
    server: String,
}

impl Rig {
    /// A folder with nothing in it, and a server nobody listens at.
    pub(crate) fn new() -> Self {
        Self::at("http://127.0.0.1:9".into())
    }

    pub(crate) fn at(server: String) -> Self {
        Self {
            folder: tempfile::tempdir().expect("folder"),
            secrets: MemoryStore::default(),
            clock: Arc::new(TestClock(Mutex::new((START, Duration::ZERO)))),
            central: signs_leases(),
            device_id: DeviceId(Uuid::from_u128(0xd1)),
            server,
        }
    }

    /// The next enrolment is of another device.
    pub(crate) fn next_device(&mut self) {
        self.device_id = DeviceId(Uuid::from_u128(self.device_id.0.as_u128() + 1));
    }

    fn options(&self) -> OpenOptions {
        let clock: Arc<dyn Clock> = Arc::<TestClock>::clone(&self.clock);
        OpenOptions::new(self.folder.path(), "0.0.0").with_clock(clock).with_secrets_in_memory(self.secrets.clone())
    }

    fn options_with_keyring(&self) -> OpenOptions {
        let clock: Arc<dyn Clock> = Arc::<TestClock>::clone(&self.clock);
        OpenOptions::new(self.folder.path(), "0.0.0").with_clock(clock)
    }

    pub(crate) async fn open(&self) -> Arc<Client> {
        Client::open(self.options()).await.expect("opens")
    }

    /// Opened on a network and at a pace of the test's choice.
    async fn open_with(&self, network: Arc<dyn Network>, pace: Pace) -> Arc<Client> {
        Client::open(OpenOptions { network, pace, ..self.options() }).await.expect("opens")
    }

    /// Opened, enrolled, with one lease of 300 credits and 128 codes.
    pub(crate) async fn with_lease() -> (Self, Arc<Client>, Arc<Till>, LeaseId) {
        let rig = Self::new();
        let client = rig.open().await;
        let till = client.till().expect("open");
        rig.enrol(&till).await;
        let lease = rig.grant(&till, 1, 300, 128).await;
        (rig, client, till, lease)
    }

    /// What a sign-in leaves behind.
    pub(crate) async fn enrol(&self, till: &Till) {
        till.vault().write(names::DEVICE_KEYS, &DeviceKeys::mint().expect("keys")).await.expect("kept");
        till.vault().write(names::WATERMARK, &Marks::new(self.device_id)).await.expect("kept");
        let mut transaction = till.store().write_local().await.expect("transaction");
        device::repo::begin_enrolment(&mut transaction, &self.server, self.device_id, "Till 2").await.expect("begun");
        let enrolment = device::repo::Enrolment {
            operator_id: OperatorId(Uuid::from_u128(1)),
            operator_name: "Example TV",
            time_zone: "Europe/Berlin",
            currency: "EUR",
            reseller_id: Some(ResellerId(Uuid::from_u128(2))),
            central_key: self.central.verifying_key().to_bytes(),
        };
        device::repo::finish_enrolment(&mut transaction, &enrolment).await.expect("finished");
        device::repo::learn_server_time(&mut transaction, START).await.expect("told");
        let me = Me {
            user_id: Uuid::from_u128(3),
            username: "kiosk".into(),
            audience: Audience::Reseller,
            role: "owner".into(),
            operator_id: OperatorId(Uuid::from_u128(1)),
            reseller_id: Some(ResellerId(Uuid::from_u128(2))),
            reseller_name: Some("Kiosk".into()),
            must_change_password: false,
            second_factor: SecondFactor::default(),
        };
        device::repo::save_member(&mut transaction, &me).await.expect("saved");
        transaction.commit().await.expect("committed");
        till.learn_time(START);
    }

    pub(crate) fn terms(&self, number: u32, amount: i64, max_codes: u16) -> LeaseTerms {
        LeaseTerms {
            lease_id: LeaseId(Uuid::from_u128(0x1ea5e + u128::from(number))),
            operator_id: OperatorId(Uuid::from_u128(1)),
            reseller_id: ResellerId(Uuid::from_u128(2)),
            device_id: self.device_id,
            key_id: 1,
            unit: Unit::Credits,
            currency: Currency::new(*b"EUR").expect("currency"),
            amount,
            max_codes,
            prefix: Prefix::new("PM2D").expect("prefix"),
            slots: vec![Slot { slot: 0, plan_id: PLAN, plan_version: 1, term_days: 30, cost: COST, price: 999 }],
            issued_at: START.plus_ms(i64::from(number)),
            issue_until: START.plus_days(30),
            settle_until: START.plus_days(60),
            redeem_by: START.plus_days(365),
            salt: [0xa5; 16],
            word_list: 1,
        }
    }

    pub(crate) fn lease_key(number: u32) -> SourceKey {
        SourceKey::from_bytes([u8::try_from(number).expect("few leases"); 32])
    }

    /// A lease as `take` keeps it.
    pub(crate) async fn grant(&self, till: &Till, number: u32, amount: i64, max_codes: u16) -> LeaseId {
        let signed = SignedLease::sign(self.terms(number, amount, max_codes), &self.central).expect("signed");
        let lease_id = signed.terms().lease_id;
        let mut writer = LogWriter::begin(till).await.expect("log");
        writer.marks_mut().leases.entry(lease_id).or_default();
        lease::forget_over(&mut writer, till.last_server_time()).await.expect("forgotten");
        let key = Self::lease_key(number);
        let lease = lease::repo::NewLease { number, signed: &signed, key: &key, version: 1 };
        lease::repo::insert(writer.db(), &lease).await.expect("inserted");
        writer.commit().await.expect("committed");
        lease_id
    }

    /// The databases as files, as a backup program takes them.
    pub(crate) fn backup(&self) -> Vec<(String, Vec<u8>)> {
        ["local.db", "local.db-wal"]
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), std::fs::read(self.folder.path().join(name)).ok()?)))
            .collect()
    }

    /// Puts a backup in place of what is there.
    pub(crate) fn restore(&self, backup: &[(String, Vec<u8>)]) {
        for name in ["local.db", "local.db-wal", "local.db-shm"] {
            let _ = std::fs::remove_file(self.folder.path().join(name));
        }
        for (name, content) in backup {
            std::fs::write(self.folder.path().join(name), content).expect("restored");
        }
    }
}

pub(crate) fn order(sale: u128, quantity: u32) -> Order {
    Order { sale_id: SaleId(Uuid::from_u128(sale)), plan_id: PLAN, quantity, customer_email: None }
}

pub(crate) async fn sell(till: &Till, sale: u128, quantity: u32) -> Result<Vec<Issued>, ApiError> {
    Ok(selling::sell(till, &order(sale, quantity)).await?)
}

pub(crate) fn numbers(codes: &[Issued]) -> Vec<u32> {
    codes.iter().map(|code| code.seq).collect()
}

pub(crate) fn refused<T: std::fmt::Debug>(outcome: Result<T, ApiError>) -> ErrorCode {
    outcome.expect_err("must be refused").code
}
