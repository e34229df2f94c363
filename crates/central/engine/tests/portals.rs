//! Portals as staff see them: how they are kept, what a look finds, and whose password stays whose.

use counterfoil_domain::ids::PortalId;
use counterfoil_domain::permission::StaffRole;
use counterfoil_stalker_fake::{FakePortal, Fault, Planned, Setup, User};
use serde_json::{Value, json};

use super::desk::Shop;
use super::proof::count;
use super::world::{Answer, World, foreign};
use crate::engine::run_provisioning_once;

/// A shop whose plans are sold on a portal.
pub(super) struct Served {
    pub(super) shop: Shop,
    pub(super) fake: FakePortal,
    pub(super) portal: PortalId,
}

impl Served {
    /// A portal that was looked at; the first plan is its tariff T2, the shop its reseller 1.
    pub(super) async fn with(setup: Setup) -> Self {
        let served = Self::unlooked(setup).await;
        served.fake.generate(1, 3);
        served.probe().await;
        // Whoever bought before would be brought to it now: nobody has.
        assert_eq!(served.provision().await, 0);
        served
    }

    /// Nobody has looked at it, and it is empty.
    pub(super) async fn unlooked(setup: Setup) -> Self {
        let shop = Shop::with_credits(10_000).await;
        let fake = FakePortal::start(setup).await;
        {
            let state = &mut *fake.state();
            state.tables.add_reseller("Corner Shop", "0", state.now);
        }
        let served = Self { shop, fake, portal: PortalId(foreign()) };
        served.create(&served.settings()).await.expect(200);
        served
    }

    pub(super) fn world(&self) -> &World {
        &self.shop.world
    }

    /// Signs in anew: a test may turn the clock past any session's end.
    pub(super) async fn token(&self) -> String {
        self.world().staff_token(StaffRole::Admin).await
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        let path = format!("/api/v1/admin/portals/{}{path}", self.portal);
        self.world().get(&path, Some(&self.token().await)).await
    }

    /// As a person would fill the form in.
    pub(super) fn settings(&self) -> Value {
        json!({ "portal_id": self.portal, "name": "Main", "address": self.fake.origin(), "user": "stalker",
            "password": "secret", "time_zone": "Europe/Berlin", "status": "active",
            "plans": [{ "plan_id": self.shop.plans[0], "tariff": "T2" }],
            "resellers": [{ "reseller_id": self.shop.reseller, "remote_id": 1 }] })
    }

    pub(super) async fn create(&self, settings: &Value) -> Answer {
        self.world().post("/api/v1/admin/portals", Some(&self.token().await), settings).await
    }

    /// Saves the settings with a change, at the version that stands.
    pub(super) async fn edit(&self, change: impl FnOnce(&mut Value)) -> Answer {
        let mut settings = self.settings();
        settings["version"] = self.read().await["version"].clone();
        change(&mut settings);
        let path = format!("/api/v1/admin/portals/{}", self.portal);
        self.world().put(&path, Some(&self.token().await), &settings).await
    }

    pub(super) async fn read(&self) -> Value {
        self.get("").await.expect(200).body
    }

    pub(super) async fn probe(&self) -> Value {
        self.post("probe", &json!({})).await.expect(200).body
    }

    pub(super) async fn post(&self, action: &str, body: &Value) -> Answer {
        let path = format!("/api/v1/admin/portals/{}/{action}", self.portal);
        self.world().post(&path, Some(&self.token().await), body).await
    }

    /// Everything that is due now.
    pub(super) async fn provision(&self) -> u32 {
        run_provisioning_once(&self.world().app).await
    }

    pub(super) async fn wait_ms(&self, ms: i64) -> u32 {
        self.world().clock.advance_ms(ms);
        self.provision().await
    }

    /// How the accounts stand, in the order of their logins.
    pub(super) async fn accounts(&self) -> Vec<Value> {
        let page = self.get("/accounts").await.expect(200).body;
        page["items"].as_array().cloned().unwrap_or_default()
    }

    /// Changes an account on the portal, as somebody there would.
    pub(super) fn change(&self, login: &str, change: impl Fn(&mut User)) {
        self.change_all(|user| {
            if user.login == login {
                change(user);
            }
        });
    }

    pub(super) fn change_all(&self, change: impl Fn(&mut User)) {
        let state = &mut *self.fake.state();
        let mut users: Vec<User> = state.tables.users().cloned().collect();
        users.iter_mut().for_each(change);
        state.tables.replace_users(users);
    }

    pub(super) fn delete(&self, gone: impl Fn(&User) -> bool) {
        let state = &mut *self.fake.state();
        let users = state.tables.users().filter(|user| !gone(user)).cloned().collect();
        state.tables.replace_users(users);
    }

    /// A user of the portal.
    pub(super) fn user(&self, login: &str) -> User {
        self.fake.state().tables.user(login).cloned().unwrap_or_else(|| panic!("no {login}"))
    }

    /// What was written since the last time.
    pub(super) fn writes(&self) -> Vec<String> {
        self.fake.asked().into_iter().filter(|request| !request.starts_with("GET ")).collect()
    }
}

#[tokio::test]
async fn a_look_finds_what_the_portal_is_and_where() {
    let served = Served::with(Setup::ministra()).await;
    let portal = served.read().await;
    assert_eq!(portal["found"]["generation"], "ministra_5");
    assert_eq!(portal["found"]["owner"], "reseller_id");
    assert_eq!(portal["found"]["internal_billing"], true);
    assert_eq!(portal["found"]["warnings"], json!(["plain_http"]));
    assert!(portal["found"]["api"].as_str().is_some_and(|api| api.ends_with("/stalker_portal/api/v1/")), "{portal}");
    assert!(portal.get("trouble").is_none());
    let choices = served.get("/choices").await.expect(200).body;
    assert_eq!(choices["tariffs"][1]["external_id"], "T2");
    assert_eq!(choices["resellers"], json!([{ "remote_id": 1, "name": "Corner Shop" }]));
}

#[tokio::test]
async fn an_old_portal_has_no_place_for_owners() {
    let served = Served::with(Setup::stalker()).await;
    let portal = served.read().await;
    assert_eq!((&portal["found"]["generation"], &portal["found"]["owner"]), (&json!("stalker_4"), &json!("none")));
}

#[tokio::test]
async fn what_stands_in_the_way_is_told_with_its_remedy() {
    for (fault, code) in [
        (Fault::ApiDisabled, "api_disabled"),
        (Fault::LoginPage, "not_the_portal"),
        (Fault::Nothing, "empty_answer"),
        (Fault::Moved, "moved"),
        (Fault::PhpFatal, "php_failed"),
        (Fault::MemoryExhausted { megabytes: 128 }, "out_of_memory"),
        (Fault::BadGateway, "server_error"),
        (Fault::DatabaseDown, "database_down"),
    ] {
        let served = Served::unlooked(Setup::ministra()).await;
        served.fake.plan(Planned::always(fault));
        let probed = served.probe().await;
        let trouble = &probed["portal"]["trouble"];
        assert_eq!(trouble["code"], code, "{fault:?}: {probed}");
        assert!(trouble["remedy"].as_str().is_some_and(|remedy| remedy.len() > 20), "{trouble}");
        assert!(probed["portal"].get("found").is_none());
        // It is put right.
        served.fake.state().faults.clear();
        served.fake.generate(1, 1);
        assert!(served.probe().await["portal"].get("trouble").is_none());
    }
}

#[tokio::test]
async fn a_wrong_password_is_told_and_none_is_ever_given_back() {
    let served = Served::unlooked(Setup::ministra()).await;
    served.edit(|portal| portal["password"] = json!("a wrong horse")).await.expect(200);
    assert_eq!(served.probe().await["portal"]["trouble"]["code"], "wrong_credentials");
    let edited = served.edit(|_| ()).await.expect(200);
    served.fake.generate(1, 1);
    let probed = served.probe().await;
    assert!(probed["portal"].get("trouble").is_none());
    for told in [edited.body, probed, served.read().await] {
        assert!(!told.to_string().contains("secret"), "{told}");
    }
    let seen =
        count(served.world(), "SELECT COUNT(*) FROM audit WHERE detail LIKE '%secret%' OR detail LIKE '%horse%'");
    assert_eq!(seen.await, 0);
    let sealed = "SELECT COUNT(*) FROM portal WHERE CAST(sealed_password AS TEXT) LIKE '%secret%'";
    assert_eq!(count(served.world(), sealed).await, 0);
}

#[tokio::test]
async fn a_password_is_kept_for_its_user_at_its_address_only() {
    let served = Served::with(Setup::ministra()).await;
    let keep = |portal: &mut Value| drop(portal.as_object_mut().expect("an object").remove("password"));
    served.edit(keep).await.expect(200);
    assert!(served.probe().await["portal"].get("trouble").is_none(), "it was kept");
    let elsewhere = served.edit(|portal| {
        keep(portal);
        portal["address"] = json!("http://portal.example.net");
    });
    assert_eq!(elsewhere.await.expect(422).text("/fields/0/field"), "password");
    let somebody = served.edit(|portal| {
        keep(portal);
        portal["user"] = json!("somebody");
    });
    assert_eq!(somebody.await.expect(422).text("/fields/0/field"), "password");
}

#[tokio::test]
async fn another_address_is_looked_at_before_anything_is_written_there() {
    let served = Served::with(Setup::ministra()).await;
    let moved = served.edit(|portal| portal["address"] = json!("http://portal.example.net")).await.expect(200);
    assert!(moved.body.get("found").is_none(), "{}", moved.body);
}

#[tokio::test]
async fn a_form_that_makes_no_sense_is_told_field_by_field() {
    let served = Served::unlooked(Setup::ministra()).await;
    let shop = served.shop.reseller;
    for (name, value) in [
        ("name", json!("")),
        ("address", json!("ftp://tv.example.org")),
        ("address", json!("https://user:pw@tv.example.org")),
        ("time_zone", json!("Europe/Nowhere")),
        ("certificate", json!("not base64")),
        ("plans", json!([{ "plan_id": foreign() }])),
        ("plans", json!([{ "plan_id": served.shop.plans[0], "tariff": " " }])),
        ("resellers", json!([{ "reseller_id": shop, "remote_id": 0 }])),
        ("resellers", json!([{ "reseller_id": foreign(), "remote_id": 1 }])),
        ("resellers", json!([{ "reseller_id": shop, "remote_id": 1 }, { "reseller_id": shop, "remote_id": 2 }])),
    ] {
        let refused = served.edit(|portal| portal[name] = value.clone()).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), name, "{value}: {}", refused.body);
    }
    assert_eq!(served.read().await["version"], 1, "nothing of it was kept");
}

#[tokio::test]
async fn a_plan_is_provisioned_on_one_portal() {
    let served = Served::unlooked(Setup::ministra()).await;
    let mut second = served.settings();
    second["portal_id"] = json!(uuid::Uuid::from_u128(0xbeef));
    assert_eq!(served.create(&second).await.expect(422).text("/fields/0/field"), "plans");
    second["plans"] = json!([{ "plan_id": served.shop.plans[1] }]);
    served.create(&second).await.expect(200);
}

#[tokio::test]
async fn a_repeat_is_answered_and_an_old_version_refused() {
    let served = Served::unlooked(Setup::ministra()).await;
    served.create(&served.settings()).await.expect(200);
    served.create(&served.settings()).await.expect(200);
    for (field, other) in [("look_every_hours", json!(5)), ("plans", json!([])), ("status", json!("archived"))] {
        let mut settings = served.settings();
        settings[field] = other;
        assert_eq!(served.create(&settings).await.expect(409).code(), "id_reused", "{field}");
    }
    served.edit(|portal| portal["name"] = json!("Other")).await.expect(200);
    assert_eq!(served.edit(|portal| portal["version"] = json!(1)).await.expect(409).code(), "conflict");
    assert_eq!(served.create(&served.settings()).await.expect(409).code(), "id_reused");
}
