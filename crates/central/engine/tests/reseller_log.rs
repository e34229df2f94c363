//! A reseller's own log: what concerns it and those below it, and nothing else.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::{AccountId, MemberId, ResellerId};
use counterfoil_domain::permission::StaffRole;
use counterfoil_wire::audit::AuditEntry;
use counterfoil_wire::page::Page;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::desk::{Shop, fund};
use super::proof::{count, prove};
use super::second_factor::enrol;
use super::world::{Answer, PASSWORD, World, call};

const LOG: &str = "/api/v1/reseller/audit";

/// Above, in between, below, and somebody else.
struct Tree {
    shop: Shop,
    kiosk: ResellerId,
    other: ResellerId,
}

impl Tree {
    async fn new() -> Self {
        let shop = Shop::with_credits(10_000).await;
        let world = &shop.world;
        let kiosk = world.add_reseller("kiosk", Some(shop.reseller)).await;
        let other = world.add_reseller("other", None).await;
        for reseller in [kiosk, other] {
            fund(world, reseller, 1_000).await;
        }
        for reseller in [shop.reseller, kiosk, other] {
            allow(world, reseller, &[Grant::ViewLogs, Grant::CreateAccounts, Grant::EditAccounts]).await;
        }
        Self { shop, kiosk, other }
    }

    const fn world(&self) -> &World {
        &self.shop.world
    }

    /// A customer of whoever has this token.
    async fn customer(&self, token: &str, username: &str) -> String {
        self.world().clock.advance_ms(1);
        let id: AccountId = mint(self.world().app.now());
        let body = json!({ "account_id": id, "plan_id": self.shop.plans[0], "username": username });
        self.world().post("/api/v1/reseller/accounts", Some(token), &body).await.expect(200);
        id.to_string()
    }
}

async fn allow(world: &World, reseller: ResellerId, grants: &[Grant]) {
    let token = world.staff_token(StaffRole::Admin).await;
    let path = format!("/api/v1/admin/resellers/{reseller}/permissions");
    let version = world.get(&path, Some(&token)).await.expect(200).body["version"].clone();
    let body = json!({ "version": version, "permissions": { "grants": grants, "max_connections": 3 } });
    world.put(&path, Some(&token), &body).await.expect(200);
}

async fn ask(world: &World, token: &str, query: &str) -> Answer {
    world.get(&format!("{LOG}?{query}"), Some(token)).await
}

/// Page by page.
async fn all(world: &World, token: &str, query: &str, limit: u32) -> Vec<AuditEntry> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let answer = ask(world, token, &format!("{query}&limit={limit}{after}")).await.expect(200);
        let page: Page<AuditEntry> = serde_json::from_value(answer.body).expect("a page");
        found.extend(page.items);
        match page.next {
            Some(next) => after = format!("&after={next}"),
            None => return found,
        }
    }
}

/// The newest line about this.
async fn line(world: &World, token: &str, action: &str, subject: &str) -> Option<AuditEntry> {
    all(world, token, &format!("action={action}&subject_id={subject}"), 500).await.into_iter().next()
}

#[tokio::test]
async fn a_log_has_the_own_subtree_and_nothing_else() {
    let tree = Tree::new().await;
    let world = tree.world();
    let [shop, kiosk, other] = [
        world.token("reseller", "shop").await,
        world.token("reseller", "kiosk").await,
        world.token("reseller", "other").await,
    ];
    let mine = tree.customer(&shop, "anna").await;
    let below = tree.customer(&kiosk, "ben").await;
    let foreign = tree.customer(&other, "carl").await;
    let sees = async |token: &str, subject: &str| line(world, token, "account.create", subject).await.is_some();
    assert!(sees(&shop, &mine).await && sees(&shop, &below).await && !sees(&shop, &foreign).await);
    assert!(!sees(&kiosk, &mine).await && sees(&kiosk, &below).await && !sees(&kiosk, &foreign).await);
    assert!(!sees(&other, &mine).await && !sees(&other, &below).await && sees(&other, &foreign).await);
    // Everything that a log has is about it: no line is in the logs of two who do not stand above one another.
    let [of_shop, of_kiosk, of_other] =
        [all(world, &shop, "", 500).await, all(world, &kiosk, "", 500).await, all(world, &other, "", 500).await];
    assert!(of_kiosk.iter().all(|line| of_shop.iter().any(|one| one.audit_id == line.audit_id)));
    assert!(of_other.iter().all(|line| of_shop.iter().all(|one| one.audit_id != line.audit_id)));
    for (token, reseller) in [(&shop, tree.shop.reseller), (&kiosk, tree.kiosk), (&other, tree.other)] {
        let credits = line(world, token, "credits.move", &reseller.to_string()).await.expect("its credits");
        assert!(credits.detail.contains("amount"), "{credits:?}");
    }
    let asked = format!("subject_id={}", tree.other);
    assert!(all(world, &shop, &asked, 500).await.is_empty(), "asked for by its id");
    // The operator's own affairs are in nobody's.
    let told = |line: &AuditEntry| line.action.starts_with("plan.") || line.action.starts_with("staff.");
    assert!(!of_shop.iter().chain(&of_other).any(told));
    assert!(count(world, "SELECT COUNT(*) FROM audit WHERE action LIKE 'plan.%'").await > 0);
    prove(world).await;
}

#[tokio::test]
async fn staff_and_those_above_have_no_name_no_address_and_no_secret() {
    let tree = Tree::new().await;
    let world = tree.world();
    let admin = world.staff_token(StaffRole::Admin).await;
    let [shop, kiosk] = [world.token("reseller", "shop").await, world.token("reseller", "kiosk").await];
    let mine = tree.customer(&shop, "anna").await;
    let edit = json!({ "version": 1, "notes": "Moved", "max_connections": 1 });
    world.put(&format!("/api/v1/admin/accounts/{mine}"), Some(&admin), &edit).await.expect(200);
    let edited = line(world, &shop, "account.edit", &mine).await.expect("a line");
    let who = (edited.actor.as_str(), edited.actor_id, edited.actor_name.as_deref(), edited.address.as_str());
    assert_eq!(who, ("operator", None, None, ""));
    assert!(edited.detail.contains("Moved") && edited.seal.is_none());
    assert_eq!(edited.subject_name.as_deref(), Some("anna"));
    let made = line(world, &shop, "account.create", &mine).await.expect("a line");
    assert_eq!((made.actor.as_str(), made.actor_name.as_deref()), ("member", Some("shop")));
    assert!(!made.address.is_empty());

    // The kiosk sees that somebody above did it; those above see the kiosk's people.
    let below = tree.customer(&kiosk, "ben").await;
    let edit = json!({ "version": 1, "notes": "Seen by the shop", "max_connections": 1 });
    world.put(&format!("/api/v1/reseller/accounts/{below}"), Some(&shop), &edit).await.expect(200);
    let edited = line(world, &kiosk, "account.edit", &below).await.expect("a line");
    assert_eq!((edited.actor.as_str(), edited.actor_id, edited.address.as_str()), ("reseller", None, ""));
    let edited = line(world, &shop, "account.create", &below).await.expect("a line");
    assert_eq!(edited.actor_name.as_deref(), Some("kiosk"));
    // What staff changed of the reseller itself is told without what it was.
    let created = line(world, &shop, "reseller.create", &tree.shop.reseller.to_string()).await.expect("a line");
    assert_eq!(created.detail, "{}");
    let text = serde_json::to_string(&all(world, &shop, "", 500).await).expect("text");
    assert!(!text.contains("staff-admin"), "{text}");
}

#[tokio::test]
async fn an_account_that_moves_takes_its_past_nowhere() {
    let tree = Tree::new().await;
    let world = tree.world();
    let admin = world.staff_token(StaffRole::Admin).await;
    let [shop, other] = [world.token("reseller", "shop").await, world.token("reseller", "other").await];
    let moved = tree.customer(&shop, "anna").await;
    let to = json!({ "reseller_id": tree.other, "reason": "The shop closes" });
    world.post(&format!("/api/v1/admin/accounts/{moved}/transfer"), Some(&admin), &to).await.expect(200);
    let gone = line(world, &shop, "account.transfer", &moved).await.expect("the shop hears that it is gone");
    let come = line(world, &other, "account.transfer", &moved).await.expect("the other hears that it is there");
    assert_eq!((gone.audit_id, gone.detail.as_str(), gone.subject_name.as_deref()), (come.audit_id, "{}", None));
    assert_eq!((come.detail.as_str(), come.subject_name.as_deref()), ("{}", Some("anna")));
    assert!(line(world, &other, "account.create", &moved).await.is_none());
    assert!(line(world, &shop, "account.create", &moved).await.is_some());
}

#[tokio::test]
async fn who_may_not_see_the_log_is_told_who_can_allow_it() {
    let tree = Tree::new().await;
    let world = tree.world();
    let owner = world.token("reseller", "shop").await;
    let id: MemberId = mint(world.app.now());
    let clerk = json!({ "member_id": id, "username": "clara", "password": PASSWORD, "role": "clerk", "active": true });
    world.post("/api/v1/reseller/members", Some(&owner), &clerk).await.expect(200);
    let clerk = world.first_token("clara").await;
    for path in [LOG.to_owned(), format!("{LOG}/file")] {
        assert_eq!(world.get(&path, Some(&clerk)).await.expect(403).code(), "not_permitted");
        world.get(&path, Some(&owner)).await.expect(200);
    }
    allow(world, tree.shop.reseller, &[Grant::ViewAccounts]).await;
    for path in [LOG.to_owned(), format!("{LOG}/file")] {
        assert_eq!(world.get(&path, Some(&owner)).await.expect(403).code(), "not_granted");
    }
    // The clerk's sign-in was seen by the owner while that was allowed.
    allow(world, tree.shop.reseller, &[Grant::ViewLogs]).await;
    let signed_in = all(world, &owner, "action=session.open&who=clara", 500).await;
    assert_eq!((signed_in.len(), signed_in[0].subject_name.as_deref()), (1, Some("clara")));
}

#[tokio::test]
async fn a_log_is_read_page_by_page_and_filtered() {
    let tree = Tree::new().await;
    let world = tree.world();
    let [shop, kiosk] = [world.token("reseller", "shop").await, world.token("reseller", "kiosk").await];
    for username in ["anna", "ben", "carl"] {
        tree.customer(&shop, username).await;
        tree.customer(&kiosk, &format!("{username}-b")).await;
    }
    let lines = all(world, &shop, "", 500).await;
    assert!(lines.len() >= 10 && lines.is_sorted_by_key(|line| std::cmp::Reverse((line.at, line.audit_id))));
    assert_eq!(all(world, &shop, "", 1).await, lines);
    for (query, fits) in [
        ("who=shop", &(|line: &AuditEntry| line.actor_name.as_deref() == Some("shop")) as &dyn Fn(&AuditEntry) -> bool),
        ("who=operator", &|line| line.actor == "operator"),
        ("who=system", &|line| line.actor == "system"),
        ("who=other", &|_| false),
        ("who=staff-admin", &|_| false),
        ("action=account.create", &|line| line.action == "account.create"),
        ("action=account", &|line| line.action.starts_with("account.")),
        ("action=acc", &|_| false),
        ("action=a%25", &|_| false),
        ("who=kiosk&action=account", &|line| {
            line.actor_name.as_deref() == Some("kiosk") && line.action.starts_with("account.")
        }),
    ] {
        let expected: Vec<_> = lines.iter().filter(|line| fits(line)).cloned().collect();
        assert_eq!(all(world, &shop, query, 500).await, expected, "{query}");
        assert_eq!(all(world, &shop, query, 1).await, expected, "{query}");
    }
    let (from, until) = (lines[2].at.0, lines[0].at.0);
    let period: Vec<_> = lines.iter().filter(|line| (from..until).contains(&line.at.0)).cloned().collect();
    assert_eq!(all(world, &shop, &format!("from={from}&until={until}"), 1).await, period);
    assert_eq!(ask(world, &shop, "after=x.y").await.expect(422).code(), "validation_failed");
}

#[tokio::test]
async fn a_file_has_every_line_and_is_in_the_log_itself() {
    let tree = Tree::new().await;
    let world = tree.world();
    let owner = world.token("reseller", "shop").await;
    let account = tree.customer(&owner, "anna").await;
    let edit = json!({ "version": 1, "notes": "Moved", "max_connections": 1 });
    // The newest line is the first one, and two of one moment are in any order.
    world.clock.advance_ms(1_000);
    world.put(&format!("/api/v1/reseller/accounts/{account}"), Some(&owner), &edit).await.expect(200);
    let request = axum::http::Request::get(format!("{LOG}/file?action=account"));
    let request = request.header("authorization", format!("Bearer {owner}"));
    let request = request.body(axum::body::Body::empty()).expect("a request");
    let response = world.router.clone().oneshot(request).await.expect("an answer");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let bytes = axum::body::to_bytes(response.into_body(), 10_000_000).await.expect("a body");
    let text = String::from_utf8(bytes.to_vec()).expect("text");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "time,time_zone,actor,user,action,subject,subject_id,detail,address");
    assert_eq!(lines.len(), 1 + all(world, &owner, "action=account", 500).await.len());
    assert!(lines[1].contains("account.edit,anna,") && lines[2].contains("account.create,anna,"), "{text}");
    let exported = all(world, &owner, "action=audit.export", 500).await;
    let detail: Value = serde_json::from_str(&exported[0].detail).expect("JSON");
    assert_eq!((exported.len(), &detail["after"]["action"]), (1, &json!("account")));
    let refused = world.get(&format!("{LOG}/file?after=x"), Some(&owner)).await.expect(422);
    assert_eq!(refused.body["fields"][0]["field"], "after");
}

#[tokio::test]
async fn a_second_factor_that_was_taken_away_is_told_whoever_did_it() {
    let tree = Tree::new().await;
    let world = tree.world();
    let admin = world.staff_token(StaffRole::Admin).await;
    let [owner, other] = [world.token("reseller", "shop").await, world.token("reseller", "other").await];
    let id: MemberId = mint(world.app.now());
    let clerk = json!({ "member_id": id, "username": "clara", "password": PASSWORD, "role": "clerk", "active": true });
    world.post("/api/v1/reseller/members", Some(&owner), &clerk).await.expect(200);
    let told = async |token: &str| line(world, token, "second_factor.remove", &id.to_string()).await;

    enrol(world, &world.first_token("clara").await).await;
    let path = format!("/api/v1/reseller/members/{id}/second-factor");
    call(&world.router, "DELETE", &path, Some(&owner), None).await.expect(200);
    let by_owner = told(&owner).await.expect("a line");
    assert_eq!((by_owner.actor.as_str(), by_owner.actor_name.as_deref()), ("member", Some("shop")));
    assert_eq!(by_owner.subject_name.as_deref(), Some("clara"));
    assert!(by_owner.detail.contains("clara"), "{by_owner:?}");

    enrol(world, &world.token("reseller", "clara").await).await;
    let whose = json!({ "audience": "reseller", "username": "clara" });
    world.post("/api/v1/admin/sign-ins/remove-second-factor", Some(&admin), &whose).await.expect(200);
    let by_staff = told(&owner).await.expect("a line");
    assert_eq!((by_staff.actor.as_str(), by_staff.actor_name.as_deref()), ("operator", None));
    assert_eq!((by_staff.detail.as_str(), by_staff.subject_name.as_deref()), ("{}", Some("clara")));
    assert!(told(&other).await.is_none());
}

/// Whose log a line is in cannot be changed afterwards.
#[tokio::test]
async fn a_line_is_taken_out_of_no_log() {
    let tree = Tree::new().await;
    for statement in ["UPDATE audit_concern SET at = 0", "DELETE FROM audit_concern"] {
        let mut tx = tree.world().app.transaction().await.expect("a transaction");
        let error = sqlx::query(statement).execute(&mut *tx).await.expect_err(statement);
        assert!(error.to_string().contains("append-only"), "{statement}: {error}");
    }
}
