//! The second factor: set up, asked for, used once, lost and taken away. What an app computes is computed here by the rule.

use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::second_factor::{Secret, step_at};
use counterfoil_domain::time::Timestamp;
use serde_json::{Value, json};

use super::proof::count;
use super::world::{Answer, PASSWORD, World, call, tokens};
use crate::engine::console;

pub(super) const OWN: &str = "/api/v1/me/second-factor";
pub(super) const RECOVERY: &str = "/api/v1/me/second-factor/recovery";
const REMOVE: &str = "/api/v1/admin/sign-ins/remove-second-factor";
const STEP_MS: i64 = 30_000;

/// A telephone whose app was given the secret.
pub(super) struct Phone(Secret);

impl Phone {
    /// Reads what is typed into it: base 32.
    fn given(text: &str) -> Self {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let value = |symbol: u8| alphabet.iter().position(|of| *of == symbol).expect("a symbol of base 32");
        let bits: Vec<u8> = text
            .bytes()
            .flat_map(|symbol| {
                let value = u8::try_from(value(symbol)).expect("five bits");
                (0..5).rev().map(move |place| (value >> place) & 1)
            })
            .collect();
        let bytes: Vec<u8> =
            bits.chunks(8).map(|eight| eight.iter().fold(0_u8, |byte, bit| (byte << 1) | *bit)).collect();
        Self(Secret::from_random(bytes.try_into().expect("twenty bytes")))
    }

    fn at(&self, moment: Timestamp) -> String {
        format!("{:06}", self.0.digits(step_at(moment)))
    }

    pub(super) fn now(&self, world: &World) -> String {
        self.at(world.app.now())
    }

    /// Digits that are none around now.
    pub(super) fn wrong(&self, world: &World) -> String {
        let now = world.app.now();
        let near: Vec<String> = (-2..=2).map(|steps| self.at(now.plus_ms(steps * STEP_MS))).collect();
        let mut all = (0..10).map(|n| format!("{n:06}"));
        all.find(|digits| !near.contains(digits)).expect("ten are more than five")
    }
}

async fn sign_in(world: &World, audience: &str, username: &str, shown: &str) -> Answer {
    let body = json!({ "username": username, "password": PASSWORD, "second_factor": shown });
    world.post(&format!("/api/v1/{audience}/login"), None, &body).await
}

pub(super) async fn begin(world: &World, token: &str) -> Phone {
    let begun = world.post(OWN, Some(token), &json!({ "password": PASSWORD })).await.expect(200);
    Phone::given(&begun.text("/secret"))
}

/// Sets one up, and goes on to the next half minute: the digits that confirmed it are used up.
pub(super) async fn enrol(world: &World, token: &str) -> (Phone, Vec<String>) {
    let app = begin(world, token).await;
    let codes = confirm(world, token, &app).await;
    world.clock.advance_ms(STEP_MS);
    (app, codes)
}

pub(super) async fn confirm(world: &World, token: &str, app: &Phone) -> Vec<String> {
    let on = world.put(OWN, Some(token), &json!({ "code": app.now(world) })).await.expect(200);
    codes_of(&on)
}

fn codes_of(answer: &Answer) -> Vec<String> {
    serde_json::from_value(answer.body["codes"].clone()).expect("codes")
}

fn proof(code: &str) -> Value {
    json!({ "password": PASSWORD, "code": code })
}

async fn standing(world: &World, token: &str) -> Value {
    world.get("/api/v1/me", Some(token)).await.expect(200).body["second_factor"].clone()
}

#[tokio::test]
async fn a_factor_is_set_up_asked_for_and_ended() {
    let (world, owner) = World::with_shop().await;
    assert_eq!(standing(&world, &owner).await, json!({ "on": false, "recovery_codes": 0, "required": false }));
    let begun = world.post(OWN, Some(&owner), &json!({ "password": PASSWORD })).await.expect(200);
    let uri = begun.text("/uri");
    assert!(uri.starts_with("otpauth://totp/Lumen%20Networks:shop?secret="), "{uri}");
    assert!(uri.contains(&begun.text("/secret")), "{uri}");
    // Begun is not on: nothing is asked yet, and wrong digits change nothing.
    let app = Phone::given(&begun.text("/secret"));
    let other = tokens(world.sign_in("reseller", "shop", PASSWORD).await);
    let wrong = world.put(OWN, Some(&owner), &json!({ "code": app.wrong(&world) })).await.expect(401);
    assert_eq!(wrong.code(), "second_factor_wrong");

    let codes = confirm(&world, &owner, &app).await;
    assert_eq!(codes.len(), 10);
    assert_eq!(standing(&world, &owner).await, json!({ "on": true, "recovery_codes": 10, "required": false }));
    // Whoever is signed in elsewhere is not any more.
    world.get("/api/v1/me", Some(&other.access_token)).await.expect(401);
    world.refresh(&other.refresh_token).await.expect(401);
    assert_eq!(world.post(OWN, Some(&owner), &json!({ "password": PASSWORD })).await.code(), "wrong_state");

    assert_eq!(world.sign_in("reseller", "shop", PASSWORD).await.expect(401).code(), "second_factor_needed");
    world.clock.advance_ms(STEP_MS);
    let second = tokens(sign_in(&world, "reseller", "shop", &app.now(&world)).await);
    assert!(second.me.second_factor.on);
    // A session lives on as ever.
    tokens(world.refresh(&second.refresh_token).await);

    world.clock.advance_ms(STEP_MS);
    let end = call(&world.router, "DELETE", OWN, Some(&owner), Some(&proof(&app.now(&world)))).await;
    end.expect(204);
    world.get("/api/v1/me", Some(&second.access_token)).await.expect(401);
    world.sign_in("reseller", "shop", PASSWORD).await.expect(200);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM second_factor").await, 0);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM recovery_code").await, 0);
    let told = "SELECT COUNT(*) FROM audit WHERE action IN ('second_factor.on', 'second_factor.off')";
    assert_eq!(count(&world, told).await, 2);
}

#[tokio::test]
async fn digits_open_once_one_step_early_or_late_and_no_older_ones_after() {
    let (world, owner) = World::with_shop().await;
    let (app, _) = enrol(&world, &owner).await;
    world.clock.advance_ms(10 * STEP_MS);
    let now = world.app.now();
    let try_it = async |steps: i64| sign_in(&world, "reseller", "shop", &app.at(now.plus_ms(steps * STEP_MS))).await;
    for (steps, status) in [(-2, 401), (2, 401), (-1, 200), (-1, 401), (0, 200), (0, 401), (1, 200), (0, 401), (1, 401)]
    {
        let answer = try_it(steps).await.expect(status);
        assert_eq!(answer.code(), if status == 200 { "" } else { "second_factor_wrong" }, "{steps}");
    }
    // What switched it on is used up as well.
    world.add_reseller("kiosk", None).await;
    let kiosk = world.token("reseller", "kiosk").await;
    let other = begin(&world, &kiosk).await;
    confirm(&world, &kiosk, &other).await;
    assert_eq!(sign_in(&world, "reseller", "kiosk", &other.now(&world)).await.code(), "second_factor_wrong");
}

#[tokio::test]
async fn of_two_at_once_with_the_same_digits_or_code_one_is_let_in() {
    let (world, owner) = World::with_shop().await;
    let (app, codes) = enrol(&world, &owner).await;
    for shown in [app.now(&world), codes[0].clone()] {
        let (one, other) =
            tokio::join!(sign_in(&world, "reseller", "shop", &shown), sign_in(&world, "reseller", "shop", &shown));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401], "{shown}");
    }
}

#[tokio::test]
async fn each_recovery_code_opens_once_and_new_ones_void_the_old() {
    let (world, owner) = World::with_shop().await;
    let (app, codes) = enrol(&world, &owner).await;
    let typed = codes[0].to_lowercase().replace('-', " ");
    assert_eq!(tokens(sign_in(&world, "reseller", "shop", &typed).await).me.second_factor.recovery_codes, 9);
    assert_eq!(sign_in(&world, "reseller", "shop", &codes[0]).await.expect(401).code(), "second_factor_wrong");

    let renewed = world.post(RECOVERY, Some(&owner), &proof(&app.now(&world))).await.expect(200);
    let new = codes_of(&renewed);
    assert!(new.len() == 10 && new.iter().all(|code| !codes.contains(code)));
    assert_eq!(standing(&world, &owner).await["recovery_codes"], 10);
    sign_in(&world, "reseller", "shop", &codes[1]).await.expect(401);
    sign_in(&world, "reseller", "shop", &new[1]).await.expect(200);
    // The code of one is nothing for another.
    world.add_reseller("kiosk", None).await;
    let kiosk = world.token("reseller", "kiosk").await;
    enrol(&world, &kiosk).await;
    sign_in(&world, "reseller", "kiosk", &new[2]).await.expect(401);
}

#[tokio::test]
async fn wrong_digits_lock_like_wrong_passwords_and_the_password_alone_does_not_clear_the_way() {
    let (world, owner) = World::with_shop().await;
    let (app, _) = enrol(&world, &owner).await;
    for _ in 0..9 {
        sign_in(&world, "reseller", "shop", &app.wrong(&world)).await.expect(401);
    }
    // Asked for the digits however often: neither counted nor forgiven.
    for _ in 0..12 {
        assert_eq!(world.sign_in("reseller", "shop", PASSWORD).await.code(), "second_factor_needed");
    }
    sign_in(&world, "reseller", "shop", &app.wrong(&world)).await.expect(401);
    assert_eq!(sign_in(&world, "reseller", "shop", &app.now(&world)).await.expect(423).code(), "locked_out");
    // Nor does a stolen session help.
    assert_eq!(world.post(RECOVERY, Some(&owner), &proof(&app.now(&world))).await.expect(423).code(), "locked_out");
    world.clock.advance_ms(15 * 60_000);
    sign_in(&world, "reseller", "shop", &app.now(&world)).await.expect(200);
    let refused = "SELECT COUNT(*) FROM audit WHERE action = 'second_factor.refused'";
    assert_eq!(count(&world, refused).await, 10);
}

#[tokio::test]
async fn a_wrong_password_learns_nothing_of_the_factor() {
    let (world, owner) = World::with_shop().await;
    world.add_reseller("kiosk", None).await;
    let (app, codes) = enrol(&world, &owner).await;
    for username in ["shop", "kiosk", "nobody"] {
        for shown in [None, Some(app.now(&world)), Some(codes[0].clone()), Some("000000".to_owned())] {
            let mut body = json!({ "username": username, "password": "wrong horse" });
            if let Some(shown) = shown {
                body["second_factor"] = shown.into();
            }
            let answer = world.post("/api/v1/reseller/login", None, &body).await.expect(401);
            assert_eq!(answer.code(), "invalid_credentials", "{username}");
        }
    }
    // And nothing was used up.
    sign_in(&world, "reseller", "shop", &codes[0]).await.expect(200);
    sign_in(&world, "reseller", "shop", &app.now(&world)).await.expect(200);
    // Who has none is let in with whatever else was sent.
    sign_in(&world, "reseller", "kiosk", "000000").await.expect(200);
}

#[tokio::test]
async fn a_session_alone_neither_begins_nor_ends_nor_renews() {
    let (world, owner) = World::with_shop().await;
    let wrong = json!({ "password": "wrong horse" });
    assert_eq!(world.post(OWN, Some(&owner), &wrong).await.expect(401).code(), "invalid_credentials");
    assert_eq!(count(&world, "SELECT COUNT(*) FROM second_factor").await, 0);
    assert_eq!(world.post(RECOVERY, Some(&owner), &proof("000000")).await.expect(409).code(), "wrong_state");
    let (app, codes) = enrol(&world, &owner).await;
    let mut guess = proof(&app.now(&world));
    guess["password"] = "wrong horse".into();
    for (body, code) in [(guess, "invalid_credentials"), (proof(&app.wrong(&world)), "second_factor_wrong")] {
        for (method, path) in [("DELETE", OWN), ("POST", RECOVERY)] {
            let answer = call(&world.router, method, path, Some(&owner), Some(&body)).await.expect(401);
            assert_eq!(answer.code(), code, "{method} {path}");
        }
    }
    // A recovery code proves it as well.
    call(&world.router, "DELETE", OWN, Some(&owner), Some(&proof(&codes[3]))).await.expect(204);
    world.sign_in("reseller", "shop", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_secret_that_was_begun_anew_replaces_the_older_one() {
    let (world, owner) = World::with_shop().await;
    let first = begin(&world, &owner).await;
    let second = begin(&world, &owner).await;
    let late = world.put(OWN, Some(&owner), &json!({ "code": first.now(&world) })).await.expect(401);
    assert_eq!(late.code(), "second_factor_wrong");
    confirm(&world, &owner, &second).await;
    let twice = world.put(OWN, Some(&owner), &json!({ "code": second.now(&world) })).await.expect(409);
    assert_eq!(twice.code(), "wrong_state");
}

pub(super) async fn demand_of_staff(world: &World, token: &str, demanded: bool) -> Answer {
    let path = "/api/v1/admin/settings";
    let mut settings = world.get(path, Some(token)).await.expect(200).body;
    for derived in ["currency", "started_with_address"] {
        settings.as_object_mut().expect("settings").remove(derived);
    }
    settings["staff_second_factor"] = demanded.into();
    world.put(path, Some(token), &settings).await
}

#[tokio::test]
async fn staff_without_one_do_nothing_else_where_the_operator_wants_it() {
    let (world, owner) = World::with_shop().await;
    let boss = world.staff_token(StaffRole::SuperAdmin).await;
    demand_of_staff(&world, &boss, true).await.expect(200);
    for path in ["/api/v1/admin/plans", "/api/v1/admin/settings", "/api/v1/admin/audit"] {
        assert_eq!(world.get(path, Some(&boss)).await.expect(403).code(), "second_factor_not_set_up", "{path}");
    }
    // Signing in, seeing what is wanted and setting it up go on; of members nothing is asked.
    let again = tokens(world.sign_in("admin", "staff-super_admin", PASSWORD).await);
    assert!(again.me.second_factor.required);
    world.get("/api/v1/sessions", Some(&again.access_token)).await.expect(200);
    assert_eq!(standing(&world, &owner).await["required"], false);
    world.get("/api/v1/reseller/plans", Some(&owner)).await.expect(200);

    let begun = begin(&world, &again.access_token).await;
    world.get("/api/v1/admin/plans", Some(&again.access_token)).await.expect(403);
    confirm(&world, &again.access_token, &begun).await;
    world.get("/api/v1/admin/plans", Some(&again.access_token)).await.expect(200);
    assert_eq!(standing(&world, &again.access_token).await["required"], false);

    // A desktop that does not know the setting leaves it as it is.
    let path = "/api/v1/admin/settings";
    let mut older = world.get(path, Some(&again.access_token)).await.expect(200).body;
    for unknown in ["currency", "started_with_address", "staff_second_factor"] {
        older.as_object_mut().expect("settings").remove(unknown);
    }
    let saved = world.put(path, Some(&again.access_token), &older).await.expect(200);
    assert_eq!(saved.body["staff_second_factor"], true);
    assert_eq!(
        demand_of_staff(&world, &again.access_token, false).await.expect(200).body["staff_second_factor"],
        false
    );
    let auditor = world.staff_token(StaffRole::Auditor).await;
    world.get("/api/v1/admin/plans", Some(&auditor)).await.expect(200);
}

#[tokio::test]
async fn staff_take_it_away_from_whoever_lost_it_and_the_operator_remembers() {
    let (world, owner) = World::with_shop().await;
    let (app, _) = enrol(&world, &owner).await;
    let admin = world.staff_token(StaffRole::Admin).await;
    let auditor = world.staff_token(StaffRole::Auditor).await;
    let of_shop = json!({ "audience": "reseller", "username": " Shop " });
    assert_eq!(world.post(REMOVE, Some(&auditor), &of_shop).await.expect(403).code(), "not_permitted");
    let removed = world.post(REMOVE, Some(&admin), &of_shop).await.expect(200);
    assert_eq!(removed.body, json!({ "username": "shop", "was_on": true }));
    world.get("/api/v1/me", Some(&owner)).await.expect(401);
    let again = tokens(sign_in(&world, "reseller", "shop", &app.now(&world)).await);
    assert!(!again.me.second_factor.on);
    assert_eq!(world.post(REMOVE, Some(&admin), &of_shop).await.expect(200).body["was_on"], false);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM audit WHERE action = 'second_factor.remove'").await, 1);
    let nobody = json!({ "audience": "reseller", "username": "nobody" });
    assert_eq!(world.post(REMOVE, Some(&admin), &nobody).await.expect(404).code(), "not_found");

    // Staff are the super admin's, and nobody's own goes this way.
    enrol(&world, &admin).await;
    let of_admin = json!({ "audience": "admin", "username": "staff-admin" });
    assert_eq!(world.post(REMOVE, Some(&admin), &of_admin).await.expect(403).code(), "not_permitted");
    let boss = world.staff_token(StaffRole::SuperAdmin).await;
    enrol(&world, &boss).await;
    let of_boss = json!({ "audience": "admin", "username": "staff-super_admin" });
    assert_eq!(world.post(REMOVE, Some(&boss), &of_boss).await.expect(403).code(), "not_permitted");
    assert_eq!(world.post(REMOVE, Some(&boss), &of_admin).await.expect(200).body["was_on"], true);
    world.token("admin", "staff-admin").await;
    // What is left is the console.
    assert!(console::remove_second_factor(&world.app, "Staff-Super_Admin").await.expect("removed"));
    assert!(!console::remove_second_factor(&world.app, "staff-super_admin").await.expect("asked"));
    assert!(console::remove_second_factor(&world.app, "nobody").await.is_err());
    world.get("/api/v1/me", Some(&boss)).await.expect(401);
    world.token("admin", "staff-super_admin").await;
}

#[tokio::test]
async fn nothing_that_opens_stands_readable_in_the_database() {
    let (world, owner) = World::with_shop().await;
    let (app, codes) = enrol(&world, &owner).await;
    sign_in(&world, "reseller", "shop", &codes[0]).await.expect(200);
    let mut reader = world.app.reader().await.expect("reader");
    let sealed: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT secret FROM second_factor").fetch_all(&mut *reader).await.expect("secrets");
    let (plain, text) = (app.0.stored(), app.0.text());
    let readable = |bytes: &[u8]| {
        let shown = String::from_utf8_lossy(bytes);
        shown.contains(plain.as_str()) || shown.contains(&text)
    };
    assert!(sealed.len() == 1 && !readable(&sealed[0]));
    let hashes: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT code_hash FROM recovery_code").fetch_all(&mut *reader).await.expect("hashes");
    assert!(hashes.len() == 9 && hashes.iter().all(|hash| hash.len() == 32));
    let audit: Vec<String> =
        sqlx::query_scalar("SELECT detail FROM audit").fetch_all(&mut *reader).await.expect("audit");
    assert!(audit.iter().any(|line| line.contains("recovery_code")));
    assert!(audit.iter().all(|line| !line.contains(&text) && codes.iter().all(|code| !line.contains(code))));
}
