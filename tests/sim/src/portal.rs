//! The portal of a story: the fake one on a real socket, with invented customers of somebody else on it.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use counterfoil_stalker_fake::{FakePortal, Fault, Planned, Setup, User, When};
use jiff::Timestamp as Moment;
use serde_json::json;
use uuid::Uuid;

use crate::truth::ProvisioningRow;
use crate::world::World;

/// Accounts that were there before: nothing may ever be written to them.
const BYSTANDERS: u32 = 3;
/// Hours until everything that may pass has passed, with the longest pause between two tries of an hour.
const HOURS_AT_REST: usize = 12;
const HOUR_MS: i64 = 3_600_000;

/// The portal, and what stood on it at the start.
pub struct Beside {
    fake: FakePortal,
    /// Looks at all its accounts that were started.
    looks: u128,
    bystanders: BTreeMap<String, User>,
}

fn portal_id() -> Uuid {
    Uuid::from_u128(0x0090_27a1)
}

impl World {
    /// Starts a portal, tells Central where it is, and has it looked at.
    pub(crate) async fn put_portal(&mut self) -> Result<()> {
        let fake = FakePortal::start(Setup::ministra()).await;
        fake.generate(1, BYSTANDERS);
        let shops: Vec<_> = self.street.judge().shops.iter().map(|shop| shop.id).collect();
        {
            let state = &mut *fake.state();
            for shop in &shops {
                state.tables.add_reseller(&shop.to_string(), "0", state.now);
            }
        }
        let plans: Vec<_> = self.street.judge().plans.iter().map(|plan| plan.id).collect();
        let numbered = (1..).zip(&shops).map(|(number, shop)| json!({ "reseller_id": shop, "remote_id": number }));
        // When it is looked at, the story says.
        let settings = json!({
            "portal_id": portal_id(), "name": "Portal", "address": fake.origin(), "user": "stalker",
            "password": "secret", "time_zone": "UTC", "status": "active", "look_every_hours": 0,
            "plans": plans.iter().zip(["T1", "T2", "T1"])
                .map(|(plan, tariff)| json!({ "plan_id": plan, "tariff": tariff })).collect::<Vec<_>>(),
            "resellers": numbered.collect::<Vec<_>>(),
        });
        let kept = self.staff("POST", "/api/v1/admin/portals", Some(settings)).await?;
        ensure!(kept.status.is_success(), "a portal: {}", kept.json());
        let found = self.staff("POST", &format!("/api/v1/admin/portals/{}/probe", portal_id()), None).await?.json();
        ensure!(found["portal"]["found"]["owner"] == "reseller_id", "a portal that holds owners: {found}");
        let bystanders = fake.state().tables.users().map(|user| (user.login.clone(), user.clone())).collect();
        self.portal = Some(Beside { fake, looks: 0, bystanders });
        Ok(())
    }

    /// Whatever is due is written, with this going wrong at the portal.
    pub(crate) async fn provision(&mut self, trouble: u8) -> Result<()> {
        let Some(portal) = &self.portal else { return Ok(()) };
        let planned = of_number(trouble);
        if planned.is_some() {
            self.street.judge().meet("portal trouble");
        }
        portal.fake.state().faults.extend(planned);
        let tried = self.central.provision().await;
        if tried > 0 {
            self.street.judge().meet("provisioned");
        }
        if let Some(portal) = &self.portal {
            portal.fake.heal();
        }
        Ok(())
    }

    /// All its accounts are looked at, with this going wrong there. A look writes nothing to it.
    pub(crate) async fn look_at_portal(&mut self, trouble: u8) -> Result<()> {
        let Some(portal) = &mut self.portal else { return Ok(()) };
        portal.looks += 1;
        let id = Uuid::from_u128(0x0100_0000_0000 + portal.looks);
        portal.fake.state().requests.clear();
        portal.fake.state().faults.extend(of_number(trouble));
        let body = json!({ "job_id": id, "everything": trouble.is_multiple_of(2) });
        self.staff("POST", &format!("/api/v1/admin/portals/{}/sync", portal_id()), Some(body)).await?;
        self.central.work_on_portals().await;
        let job = self.staff("GET", &format!("/api/v1/admin/jobs/{id}"), None).await?.json();
        let state = job["state"].as_str().unwrap_or("not started").to_owned();
        // Nobody is there to answer, and the next look asks again.
        if state == "asking" {
            self.staff("POST", &format!("/api/v1/admin/jobs/{id}/cancel"), Some(json!({}))).await?;
        }
        let mut judge = self.street.judge();
        judge.meet(match state.as_str() {
            "done" => "looked at the portal",
            "asking" => "a look asked",
            _ => "a look failed",
        });
        if let Some(portal) = &self.portal {
            let writes: Vec<String> =
                portal.fake.asked().into_iter().filter(|line| !line.starts_with("GET ")).collect();
            if !writes.is_empty() {
                judge.object("portal look", format!("a look wrote to the portal: {writes:?}"));
            }
            portal.fake.heal();
        }
        Ok(())
    }

    /// At rest a look finds nothing to repair: each customer stands there as Central would write it.
    async fn portal_agrees(&mut self) -> Result<()> {
        if self.portal.is_none() || self.street.judge().met.contains_key("central restored") {
            return Ok(());
        }
        self.look_at_portal(0).await?;
        let report = self.staff("GET", &format!("/api/v1/admin/portals/{}/drift", portal_id()), None).await?.json();
        let counts = &report["counts"];
        let disagree = ["differs", "missing", "unlinked"].iter().any(|kind| counts[*kind] != 0);
        if disagree || counts["unknown"] != BYSTANDERS {
            self.street.judge().object("portal drift", format!("at rest they disagree: {report}"));
        }
        Ok(())
    }

    /// At rest the portal shows each customer what was promised, and nobody else was touched.
    pub(crate) async fn portal_rests(&mut self) -> Result<()> {
        for _ in 0..HOURS_AT_REST {
            self.pass(HOUR_MS);
            self.provision(0).await?;
        }
        self.portal_agrees().await?;
        let rows = self.central.truth()?.provisioning().await?;
        let Some(portal) = &self.portal else { return Ok(()) };
        let mut there: BTreeMap<String, Vec<User>> = BTreeMap::new();
        for user in portal.fake.state().tables.users() {
            there.entry(user.login.clone()).or_default().push(user.clone());
        }
        let mut judge = self.street.judge();
        let restored = judge.met.contains_key("central restored");
        for (login, before) in &portal.bystanders {
            let now = there.remove(login).unwrap_or_default();
            if format!("{now:?}") != format!("{:?}", [before]) {
                judge.object("portal bystander", format!("{login}: {before:?}, now {now:?}"));
            }
        }
        let numbers: BTreeMap<Uuid, u32> = (1..).zip(&judge.shops).map(|(number, shop)| (shop.id.0, number)).collect();
        for row in &rows {
            let users = there.remove(&row.login).unwrap_or_default();
            if let Err(detail) = stands(row, &users, &numbers, self.central.clock_ms(), restored) {
                judge.object("portal", format!("{detail}: {row:?}, on the portal {users:?}"));
            }
        }
        // A Central that was restored may have forgotten accounts that it had created.
        if !restored && let Some((login, users)) = there.first_key_value() {
            judge.object("portal", format!("nobody asked for {login}: {users:?}"));
        }
        Ok(())
    }
}

/// One account beside its record.
fn stands(
    row: &ProvisioningRow,
    users: &[User],
    numbers: &BTreeMap<Uuid, u32>,
    now: i64,
    restored: bool,
) -> Result<(), &'static str> {
    match (&*row.state, &*row.code) {
        ("agreed", "") => {}
        ("agreed", _) => return Err("agreed, with a trouble"),
        _ => return Err("not as wanted at rest"),
    }
    let ends_at = row.ends_at.ok_or("an account without service is on the portal")?;
    let over = ends_at < now;
    let [user] = users else {
        return if users.is_empty() && over { Ok(()) } else { Err("not exactly once on the portal") };
    };
    if restored {
        // What a restored Central forgot may be on the portal: it gives more than is known to be promised, never less.
        return Ok(());
    }
    // This portal ends accounts by itself, by a run at night that is not played.
    if !over && user.off {
        return Err("off before its end");
    }
    // The portal cuts at the beginning of its end date; the last moment promised is the end of the day before.
    let end = Moment::from_millisecond(ends_at + 1).ok().map(|moment| moment.strftime("%Y-%m-%d 00:00:00").to_string());
    // What ended before it could be written is only switched off.
    if !over && user.end_date != end {
        return Err("another end than promised");
    }
    if row.reseller_id.and_then(|reseller| numbers.get(&reseller)) != Some(&user.reseller_id) {
        return Err("another owner");
    }
    Ok(())
}

/// What goes wrong, by number; most often nothing.
fn of_number(number: u8) -> Option<Planned> {
    let lost = |method, fault| Some(Planned::lost_answer(method, fault));
    match number {
        0..=127 => None,
        128..=143 => lost("POST", Fault::Nothing),
        144..=159 => lost("POST", Fault::HalfAnswer),
        160..=175 => lost("PUT", Fault::GatewayTimeout),
        176..=191 => lost("PUT", Fault::HalfAnswer),
        // The look that would tell what became of a creation.
        192..=207 => Some(Planned { after: 1, ..Planned::lost_answer("GET", Fault::Nothing) }),
        208..=219 => Some(Planned { when: When::Before, ..Planned::lost_answer("POST", Fault::PhpFatal) }),
        220..=231 => Some(Planned::always(Fault::DatabaseDown)),
        232..=243 => Some(Planned::always(Fault::ApiDisabled)),
        _ => Some(Planned::always(Fault::LoginPage)),
    }
}
