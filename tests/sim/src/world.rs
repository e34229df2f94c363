//! The world a story happens in: Central, three shops, their machines, customers, staff, and the judge beside them.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use counterfoil_central_platform::chance::seeded;
use counterfoil_central_platform::clock::{Clock as _, ManualClock};
use counterfoil_client::test_support::chance as client_chance;
use counterfoil_domain::ids::{PlanId, ResellerId};
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_domain::time::Timestamp;
use counterfoil_model::reference::{Reference, Shop};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::central::{Answer, Central, Copy, Engine, GIVEN, PASSWORD, ask};
use crate::chance::Chance;
use crate::history::History;
use crate::judge::{Judge, PlanNow, ShopNow, Typed};
use crate::lots::Album;
use crate::machine::{Image, Machine, Outcome};
use crate::market::Last;
use crate::money::Asked;
use crate::network::Street;
use crate::portal::Beside;

/// 2026-11-21 12:00 UTC.
pub const START: Timestamp = Timestamp(1_795_262_400_000);
/// Username, mode, credit limit, first credit and parent of each shop.
pub(crate) const SHOPS: [(&str, SettlementMode, i64, i64, Option<usize>); 3] = [
    ("anker", SettlementMode::Wholesale, 0, 3_000, None),
    ("birke", SettlementMode::Share, 3_000, 40_000, None),
    ("dock", SettlementMode::Wholesale, 200, 1_500, Some(0)),
];
/// Shop of each machine.
const MACHINES: [usize; 5] = [0, 0, 1, 1, 2];
const PLANS: [(&str, u16, i64); 3] = [("Month", 30, 999), ("Quarter", 90, 2_499), ("Weekend", 3, 299)];

/// A code somebody holds.
#[derive(Debug, Clone)]
pub struct Shown {
    pub typed: Typed,
    pub code: String,
    pub device: usize,
    pub code_id: String,
    pub voided: bool,
}

/// A Central as it was, with what should be then.
pub struct Saved {
    pub copy: Copy,
    pub judge: Judge,
}

/// A world before anything happened, to begin many stories from.
pub struct Template {
    engine: Engine,
    copy: Copy,
    judge: Judge,
    images: Vec<Image>,
    last_id: u64,
    /// Ids of the story's own, so far.
    ids: u64,
}

pub struct World {
    pub central: Central,
    pub street: Arc<Street>,
    pub machines: Vec<Machine>,
    pub shown: Vec<Shown>,
    pub chance: Chance,
    pub saved: Option<Saved>,
    pub portal: Option<Beside>,
    /// What opens staff's session, and each shop's owner's.
    pub(crate) token: String,
    pub(crate) desks: [String; SHOPS.len()],
    /// What was sent last, for whoever sends it again.
    pub(crate) last: Last,
    /// Payments and payouts so far.
    pub(crate) asked: Asked,
    /// Codes that the operator made ahead.
    pub(crate) album: Album,
    /// Milliseconds of Central's time since the start of the story.
    pub passed: i64,
    ids: u64,
}

impl Template {
    /// Sets Central up and enrols the machines, by the same calls as people do.
    pub async fn build(engine: Engine) -> Result<Self> {
        // No story's: what is minted in it must not be minted again.
        seed(u64::MAX);
        let clock = Arc::new(ManualClock::at(START));
        let central = Central::start(engine, clock, None).await?;
        let reference = Reference::new(SHOPS.map(|(_, _, limit, ..)| Shop { limit, ..Shop::default() }).to_vec());
        let shops = SHOPS.iter().zip(1..).map(|((_, mode, ..), n)| ShopNow { id: reseller(n), mode: *mode }).collect();
        let street = Street::new(Judge::new(reference, shops), History::default());
        let mut world = World::with(central, street, Chance::new(u64::MAX));
        world.central.create_admin().await?;
        world.serve();
        world.furnish().await?;
        let mut images = Vec::new();
        for (device, shop) in MACHINES.into_iter().enumerate() {
            images.push(world.enrol(device, shop).await?);
        }
        let copy = world.central.copy().await?;
        world.central.close().await;
        let judge = world.street.judge().clone();
        Ok(Self { engine, copy, judge, images, last_id: 1_000_000, ids: world.ids })
    }
}

/// From here on all chance of this thread follows from the number.
fn seed(number: u64) {
    seeded::seed(Some(number));
    client_chance::seed(Some(number ^ 0x00C1_1E27));
}

fn reseller(number: u128) -> ResellerId {
    ResellerId(Uuid::from_u128(0x0005_0b00 + number))
}

impl World {
    fn with(central: Central, street: Arc<Street>, chance: Chance) -> Self {
        Self {
            central,
            street,
            machines: Vec::new(),
            shown: Vec::new(),
            chance,
            saved: None,
            portal: None,
            token: String::new(),
            desks: Default::default(),
            last: Last::default(),
            asked: Asked::default(),
            album: Album::default(),
            passed: 0,
            ids: 0,
        }
    }

    /// A world as the template left it.
    pub async fn begin(template: &Template, number: u64, history: History) -> Result<Self> {
        seed(number);
        seeded::ids_from(template.last_id);
        let clock = Arc::new(ManualClock::at(START.plus_ms(600_000)));
        let central = Central::start(template.engine, clock, Some(&template.copy)).await?;
        let street = Street::new(template.judge.clone(), history);
        let mut world = Self::with(central, street, Chance::new(number));
        world.ids = template.ids;
        world.serve();
        let now = world.now();
        for (number, image) in template.images.iter().enumerate() {
            let machine = Machine::new(format!("machine-{number}"), image, &world.street, now)?;
            world.machines.push(machine);
        }
        world.street.history.at(now.0);
        let epoch = world.central.truth()?.epoch().await?;
        {
            let mut judge = world.street.judge();
            judge.now = now.0;
            judge.epoch = Some(epoch);
        }
        world.put_portal().await?;
        world.note_books().await?;
        Ok(world)
    }

    /// Ends the world and gives the history back.
    pub fn end(world: Self) -> History {
        let street = Arc::clone(&world.street);
        drop(world);
        street.history.take()
    }

    pub fn now(&self) -> Timestamp {
        self.central.clock.now()
    }

    /// Tells the street which processes answer now.
    pub fn serve(&mut self) {
        let routers = (0..self.central.processes()).map(|_| self.central.router()).collect();
        self.street.serve(routers);
    }

    /// A new id of the story.
    pub fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(0x5100_0000_0000_7000_8000_0000_0000_0000 + u128::from(self.ids))
    }

    /// Time goes on everywhere.
    pub fn pass(&mut self, ms: i64) {
        self.central.clock.advance_ms(ms);
        self.passed += ms;
        for machine in &self.machines {
            machine.pass(ms);
        }
        let now = self.now().0;
        self.street.judge().now = now;
        self.street.history.at(now);
    }

    /// A customer's call, from an address of their own.
    pub async fn redeem_call(&self, code: &str, who: usize) -> Result<Answer> {
        let account = Uuid::from_u128(0xacc0_0000 + who as u128);
        let body = json!({ "code": code, "account_id": account });
        let mut request = Request::post("/api/v1/public/activations")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))?;
        let place = u8::try_from(who % 250).unwrap_or(0);
        let peer = std::net::SocketAddr::from(([198, 51, place, 7], 4_000));
        request.extensions_mut().insert(ConnectInfo(peer));
        self.street.touch();
        ask(self.street.router().context("Central runs")?, request).await
    }

    /// Plans, shops and their first credit, and a market.
    async fn furnish(&mut self) -> Result<()> {
        for (number, (name, term_days, price)) in (1..).zip(PLANS) {
            let id = PlanId(Uuid::from_u128(0x0091_a400 + number));
            let plan = PlanNow { id, name: name.into(), version: 0, term_days, price };
            self.save_plan(&plan, true).await?;
        }
        for (index, (username, mode, limit, credit, parent)) in SHOPS.into_iter().enumerate() {
            let id = self.street.judge().shops[index].id;
            let parent = parent.map(|parent| self.street.judge().shops[parent].id);
            let body = json!({
                "reseller_id": id, "username": username, "password": GIVEN, "company": username,
                "email": format!("{username}@example.org"), "contact": "Sam Sample", "phone": "+49 30 5550100",
                "parent_id": parent, "settlement_mode": mode, "credit_limit": limit, "status": "active",
            });
            let answer = self.staff("POST", "/api/v1/admin/resellers", Some(body)).await?;
            ensure!(answer.status.is_success(), "a reseller: {}", answer.json());
            self.settle_in(username).await?;
            self.move_credits(index, "purchase", credit).await?;
        }
        self.furnish_market().await
    }

    /// Makes or changes a plan, and notes what it is now.
    pub async fn save_plan(&mut self, plan: &PlanNow, new: bool) -> Result<()> {
        let mut body = json!({
            "plan_id": plan.id, "name": plan.name, "kind": "custom", "term_days": plan.term_days, "features": [],
            "price": { "value": plan.price, "unit": "EUR" }, "status": "active",
        });
        let (method, path) = if new {
            ("POST", "/api/v1/admin/plans".to_owned())
        } else {
            body["version"] = json!(plan.version);
            ("PUT", format!("/api/v1/admin/plans/{}", plan.id))
        };
        let answer = self.staff(method, &path, Some(body)).await?;
        ensure!(answer.status.is_success(), "a plan: {}", answer.json());
        let version = answer.json()["version"].as_u64().and_then(|version| u32::try_from(version).ok());
        let saved = PlanNow { version: version.context("its version")?, ..plan.clone() };
        let mut judge = self.street.judge();
        judge.plans.retain(|known| known.id != plan.id);
        judge.plans.push(saved);
        Ok(())
    }

    /// Moves credits and compares with the reference.
    pub async fn move_credits(&mut self, shop: usize, kind: &str, amount: i64) -> Result<()> {
        let transfer = self.id();
        let id = self.street.judge().shops[shop].id;
        let invoked = self.street.history.invoked();
        let body = json!({ "transfer_id": transfer, "kind": kind, "amount": amount, "note": "by the story" });
        let path = format!("/api/v1/admin/resellers/{id}/credits");
        let answer = self.staff("POST", &path, Some(body)).await?;
        let arguments = json!({ "reseller": id, "kind": kind, "amount": amount });
        let result = if answer.status.is_success() { json!("ok") } else { json!({ "refused": answer.code() }) };
        self.street.history.answered(invoked, "staff", "move_credits", &arguments, &result);
        let mut judge = self.street.judge();
        let expected = if kind == "debit" {
            judge.reference.withdraw(shop, amount)
        } else {
            judge.reference.fund(shop, amount);
            true
        };
        if answer.status.is_success() != expected {
            let detail = format!("{kind} of {amount} at shop {shop}: {}, reference {expected}", answer.json());
            judge.object("I1 floor", detail);
        }
        Ok(())
    }

    async fn enrol(&mut self, device: usize, shop: usize) -> Result<Image> {
        let mut machine = Machine::blank(device, &self.street, self.now())?;
        let sign_in = json!({
            "url": "http://127.0.0.1:1", "audience": "reseller", "username": SHOPS[shop].0, "password": PASSWORD,
            "device_name": format!("Till {device}"),
        });
        self.street.judge().enrolling = Some(shop);
        // Signing in brings the plans and takes the first lease.
        let outcome = machine.ask("sign_in", sign_in).await?;
        ensure!(matches!(outcome, Outcome::Done(_)), "a machine signs in: {outcome:?}");
        ensure!(self.street.judge().devices.len() == device + 1, "Central enrolled the machine");
        let outcome = machine.ask("sync", Value::Null).await?;
        ensure!(matches!(outcome, Outcome::Done(_)), "a machine syncs: {outcome:?}");
        ensure!(!self.street.judge().terms.is_empty(), "the first lease is taken");
        machine.image().await
    }
}
