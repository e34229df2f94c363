//! A portal and Central beside each other: what a look finds, what nobody believes unasked, and repairs either way.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{AccountId, CodeId, JobId};
use counterfoil_stalker_fake::{Fault, Planned, Setup};
use serde_json::{Value, json};

use super::portals::Served;
use super::proof::{count, prove};
use super::world::START;
use crate::dialect::Db;
use crate::engine::run_portal_jobs_once;

const DAY_MS: i64 = 86_400_000;

impl Served {
    async fn job(&self, id: JobId) -> Value {
        let path = format!("/api/v1/admin/jobs/{id}");
        self.world().get(&path, Some(&self.token().await)).await.expect(200).body
    }

    async fn decide(&self, id: JobId, decision: &str) -> super::world::Answer {
        let path = format!("/api/v1/admin/jobs/{id}/{decision}");
        self.world().post(&path, Some(&self.token().await), &json!({})).await
    }

    /// Starts a job and does it.
    async fn start_job(&self, action: &str, mut body: Value) -> (JobId, Value) {
        // Ids of one moment are in no order that anybody could tell.
        self.world().clock.advance_ms(1);
        let id: JobId = mint(self.world().app.now());
        body["job_id"] = json!(id);
        self.post(action, &body).await.expect(200);
        run_portal_jobs_once(&self.world().app).await;
        (id, self.job(id).await)
    }

    pub(super) async fn sync(&self) -> Value {
        let (_, job) = self.start_job("sync", json!({ "everything": false })).await;
        assert_eq!(job["state"], "done", "{job}");
        job
    }

    /// A look that may come to no end.
    pub(super) async fn look(&self) -> Value {
        self.start_job("sync", json!({ "everything": false })).await.1
    }

    pub(super) async fn report(&self) -> Value {
        self.get("/drift").await.expect(200).body
    }

    /// Accounts that disagree in one way.
    async fn drift(&self, kind: &str) -> Vec<Value> {
        let page = self.get(&format!("/drift/accounts?kind={kind}")).await.expect(200).body;
        page["items"].as_array().cloned().unwrap_or_default()
    }

    async fn preview(&self, toward: &str, which: Value) -> Value {
        self.post("drift/preview", &json!({ "toward": toward, "which": which })).await.expect(200).body
    }

    /// Looks at what a repair would do, and does it.
    pub(super) async fn repair(&self, toward: &str, which: Value) -> (JobId, Value) {
        let shown = self.preview(toward, which.clone()).await;
        let body = json!({ "toward": toward, "which": which, "as_of": shown["as_of"] });
        let (id, job) = self.start_job("drift/repair", body).await;
        assert_eq!(job["state"], "done", "{job}");
        self.provision().await;
        (id, job)
    }

    pub(super) async fn undo(&self, repair: JobId) -> Value {
        self.world().clock.advance_ms(1);
        let id: JobId = mint(self.world().app.now());
        let path = format!("/api/v1/admin/jobs/{repair}/undo");
        let token = self.token().await;
        self.world().post(&path, Some(&token), &json!({ "job_id": id })).await.expect(200);
        run_portal_jobs_once(&self.world().app).await;
        self.job(id).await
    }

    /// What was asked of the portal since, by resource.
    fn asked_of(&self, resource: &str) -> usize {
        self.fake.asked().iter().filter(|line| line.contains(&format!("/{resource}"))).count()
    }

    /// Sells a month to an account; gives its login.
    pub(super) async fn bought(&self, account: u8) -> String {
        let id: CodeId = mint(self.world().app.now());
        let token = self.world().token("reseller", "shop").await;
        let body = json!({ "code_id": id, "plan_id": self.shop.plans[0] });
        let made = self.world().post("/api/v1/reseller/codes", Some(&token), &body).await.expect(200).body;
        let code = made["code"].as_str().expect("a code");
        let told = self.shop.redeem(code, account).await.expect(200).body;
        told["username"].as_str().expect("a login").to_owned()
    }

    /// A customer of ours on the portal.
    pub(super) async fn customer(&self, account: u8) -> String {
        let login = self.bought(account).await;
        self.provision().await;
        login
    }

    async fn undo_again(&self, repair: JobId) -> String {
        let path = format!("/api/v1/admin/jobs/{repair}/undo");
        let body = json!({ "job_id": mint::<JobId>(self.world().app.now()) });
        self.world().post(&path, Some(&self.token().await), &body).await.expect(409).code().to_owned()
    }

    /// Status, last day and reseller of a customer's account.
    async fn account(&self, login: &str) -> (String, Option<String>, Option<String>) {
        let query =
            "SELECT a.status, a.last_day, r.username FROM account a LEFT JOIN reseller r ON r.id = a.reseller_id
                     WHERE a.username = $1";
        let mut reader = self.world().app.reader().await.expect("reader");
        sqlx::query_as::<Db, _>(query).bind(login).fetch_one(&mut *reader).await.expect("an account")
    }

    async fn plan_of(&self, login: &str) -> Option<String> {
        let query = "SELECT p.name FROM account a LEFT JOIN plan p ON p.id = a.plan_id WHERE a.username = $1";
        let mut reader = self.world().app.reader().await.expect("reader");
        sqlx::query_scalar::<Db, _>(query).bind(login).fetch_one(&mut *reader).await.expect("an account")
    }

    async fn unassigned(&self) -> Vec<Value> {
        let page = self.world().get("/api/v1/admin/unassigned", Some(&self.token().await)).await.expect(200).body;
        page["items"].as_array().cloned().unwrap_or_default()
    }
}

/// A look finds all as it was left; the next one asks for nothing but the cheap list.
#[tokio::test]
async fn a_look_without_changes_reads_the_cheap_list_and_nothing_else() {
    for setup in [Setup::ministra(), Setup::stalker()] {
        let served = Served::with(setup).await;
        served.customer(1).await;
        let first = served.sync().await;
        assert_eq!(first["changed"], 3, "three accounts that nobody knows: {first}");
        let report = served.report().await;
        assert_eq!(report["accounts"], 4);
        assert_eq!(report["counts"], json!({ "differs": 0, "missing": 0, "unlinked": 0, "unknown": 3 }));
        assert_eq!(report["as_of"], first["ended_at"]);
        served.fake.state().requests.clear();
        served.sync().await;
        assert_eq!((served.asked_of("stb"), served.asked_of("accounts"), served.asked_of("users")), (1, 0, 0));
        assert_eq!(served.report().await["counts"], report["counts"]);
        assert!(served.writes().is_empty(), "a look writes nothing");
        // All details are read when somebody wants that.
        served.start_job("sync", json!({ "everything": true })).await;
        assert!(served.asked_of("accounts") > 0);
    }
}

#[tokio::test]
async fn three_ways_tell_what_changed_where_and_a_repair_can_be_taken_back() {
    let served = Served::with(Setup::ministra()).await;
    let login = served.customer(1).await;
    served.sync().await;
    served.change(&login, |user| {
        (user.off, user.reseller_id) = (true, 0);
        user.end_date = Some("2030-01-01 00:00:00".to_owned());
    });
    served.sync().await;
    let rows = served.drift("differs").await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!((&rows[0]["login"], &rows[0]["reseller_company"]), (&json!(login), &json!("Company of shop")));
    assert_eq!(
        rows[0]["fields"],
        json!([
            { "field": "enabled", "portal": "off", "central": "on", "agreed": "on", "moved": "portal" },
            { "field": "end_date", "portal": "2030-01-01", "central": "2026-12-22", "agreed": "2026-12-22",
              "moved": "portal" },
            { "field": "owner", "portal": "0", "central": "1", "agreed": "1", "moved": "portal" },
        ])
    );
    let preview = served.preview("portal", json!({ "all": "differs" })).await;
    assert_eq!((&preview["repaired"], &preview["not_undoable"]), (&json!(1), &json!(0)));
    let before = served.user(&login);
    let (repair, job) = served.repair("portal", json!({ "all": "differs" })).await;
    assert_eq!((&job["changed"], &job["undoable"]), (&json!(1), &json!(1)));
    let after = served.user(&login);
    assert_eq!((after.off, after.reseller_id), (false, 1));
    assert_eq!(after.end_date.as_deref(), Some("2026-12-22 00:00:00"));
    assert_eq!(served.drift("differs").await, Vec::<Value>::new(), "no other look is needed to see that");

    let undone = served.undo(repair).await;
    assert_eq!((&undone["state"], &undone["changed"]), (&json!("done"), &json!(1)), "{undone}");
    let back = served.user(&login);
    assert_eq!((back.off, back.reseller_id, back.end_date), (before.off, before.reseller_id, before.end_date));
    assert_eq!(served.drift("differs").await, rows);
    assert_eq!(served.job(repair).await["undoable"], 0);
    assert_eq!(served.undo_again(repair).await, "wrong_state");
    prove(served.world()).await;
}

#[tokio::test]
async fn what_a_customer_bought_since_a_repair_is_not_taken_back_with_it() {
    let served = Served::with(Setup::ministra()).await;
    let login = served.customer(1).await;
    served.sync().await;
    served.change(&login, |user| user.off = true);
    served.sync().await;
    let (repair, _) = served.repair("portal", json!({ "all": "differs" })).await;
    served.bought(1).await;
    served.provision().await;
    let undone = served.undo(repair).await;
    assert_eq!((&undone["changed"], &undone["refused"]), (&json!(0), &json!(1)), "{undone}");
    let user = served.user(&login);
    assert_eq!((user.off, user.end_date.as_deref()), (false, Some("2027-01-21 00:00:00")));
    assert_eq!(served.drift("differs").await, Vec::<Value>::new());
}

#[tokio::test]
async fn what_the_portal_has_is_taken_without_a_credit_or_a_write_and_given_back() {
    let served = Served::with(Setup::ministra()).await;
    let login = served.customer(1).await;
    served.sync().await;
    let other = served.world().add_reseller("other", None).await;
    served
        .edit(|portal| {
            portal["resellers"].as_array_mut().expect("a list").push(json!({ "reseller_id": other, "remote_id": 2 }));
        })
        .await
        .expect(200);
    served.provision().await;
    served.change(&login, |user| {
        user.reseller_id = 2;
        user.end_date = Some("2027-06-30 00:00:00".to_owned());
    });
    served.sync().await;
    served.fake.state().requests.clear();
    let (repair, job) = served.repair("central", json!({ "all": "differs" })).await;
    assert_eq!((&job["changed"], &job["refused"]), (&json!(1), &json!(0)), "{job}");
    assert!(served.writes().is_empty(), "the portal is as it should be: {:?}", served.writes());
    assert_eq!(served.account(&login).await, ("active".into(), Some("2027-06-29".into()), Some("other".into())));
    assert_eq!(served.drift("differs").await, Vec::<Value>::new());
    served.sync().await;
    assert_eq!(served.report().await["counts"]["differs"], 0);
    served.undo(repair).await;
    assert_eq!(served.account(&login).await, ("active".into(), Some("2026-12-21".into()), Some("shop".into())));
    assert_eq!(served.drift("differs").await.len(), 1);
    prove(served.world()).await;
}

#[tokio::test]
async fn accounts_that_nobody_knows_are_taken_in_with_their_owner_or_with_none() {
    let served = Served::with(Setup::ministra()).await;
    served.sync().await;
    let rows = served.drift("unknown").await;
    let logins: Vec<_> = rows.iter().map(|row| row["login"].as_str().expect("a login")).collect();
    assert_eq!(logins, ["user000001", "user000002", "user000003"]);
    let refused = served.preview("portal", json!({ "all": "unknown" })).await;
    assert_eq!((&refused["repaired"], &refused["refusals"][0]["refusal"]), (&json!(0), &json!("not_ours")));
    let (repair, job) = served.repair("central", json!({ "all": "unknown" })).await;
    assert_eq!(job["changed"], 3, "{job}");
    // The portal's reseller 1 is the shop; the third account names nobody.
    assert_eq!(served.account("user000001").await, ("active".into(), Some("2027-02-01".into()), Some("shop".into())));
    assert_eq!(served.account("user000003").await, ("active".into(), Some("2027-04-03".into()), None));
    assert_eq!(served.plan_of("user000001").await.as_deref(), Some("Month"), "sold as T2");
    assert_eq!(served.plan_of("user000002").await, None, "nothing is sold as T1");
    served.sync().await;
    assert_eq!(served.report().await["counts"], json!({ "differs": 0, "missing": 0, "unlinked": 0, "unknown": 0 }));
    assert!(served.writes().is_empty(), "{:?}", served.writes());

    // Nobody's account is given away by a person, and the portal follows.
    let unassigned = served.unassigned().await;
    assert_eq!(unassigned.len(), 1, "{unassigned:?}");
    let assign = json!({ "reseller_id": served.shop.reseller, "which": "all" });
    let token = served.token().await;
    let told = served.world().post("/api/v1/admin/unassigned/assign", Some(&token), &assign).await.expect(200);
    assert_eq!(told.body["accounts"], 1);
    served.provision().await;
    assert_eq!(served.user("user000003").reseller_id, 1);
    assert_eq!(served.user("user000003").password, "pw3", "nobody's password is changed by that");
    assert_eq!(served.unassigned().await, Vec::<Value>::new());
    served.sync().await;
    assert_eq!(served.report().await["counts"]["differs"], 0);

    // Taken back: those that nobody touched since are put away, and stand on the portal as they did.
    let undone = served.undo(repair).await;
    assert_eq!((&undone["changed"], &undone["refused"]), (&json!(2), &json!(1)), "{undone}");
    assert_eq!(served.drift("unknown").await.len(), 2);
    assert_eq!(served.account("user000001").await.0, "archived");
    let (_, again) = served.repair("central", json!({ "all": "unknown" })).await;
    assert_eq!(again["changed"], 2, "{again}");
    assert_eq!(served.account("user000001").await.0, "active");
    assert_eq!(count(served.world(), "SELECT COUNT(*) FROM account").await, 3, "none is there twice");
    prove(served.world()).await;
}

#[tokio::test]
async fn an_account_that_is_gone_from_the_portal_is_made_anew() {
    let served = Served::with(Setup::ministra()).await;
    let login = served.customer(1).await;
    served.sync().await;
    served.delete(|user| user.login == login);
    served.sync().await;
    let rows = served.drift("missing").await;
    assert_eq!((rows.len(), &rows[0]["login"]), (1, &json!(login)));
    let refused = served.preview("central", json!({ "these": [rows[0]["key"]] })).await;
    assert_eq!(refused["refusals"], json!([{ "refusal": "not_there", "accounts": 1 }]));
    let preview = served.preview("portal", json!({ "these": [rows[0]["key"]] })).await;
    assert_eq!((&preview["repaired"], &preview["not_undoable"]), (&json!(1), &json!(1)), "{preview}");
    served.repair("portal", json!({ "these": [rows[0]["key"]] })).await;
    assert!(!served.user(&login).off);
    assert_eq!(served.drift("missing").await, Vec::<Value>::new());
    served.sync().await;
    assert_eq!(served.report().await["counts"]["missing"], 0);
}

#[tokio::test]
async fn the_same_login_is_not_the_same_customer_until_a_person_says_so() {
    let served = Served::with(Setup::ministra()).await;
    let login = served.bought(1).await;
    let mut theirs = served.user("user000001");
    (theirs.login, theirs.mac, theirs.password) = (login.clone(), String::new(), "theirs".to_owned());
    served.fake.state().tables.add(theirs);
    served.provision().await;
    served.sync().await;
    let rows = served.drift("unlinked").await;
    assert_eq!((rows.len(), &rows[0]["login"]), (1, &json!(login)));
    let end = served.user(&login).end_date;
    let (repair, _) = served.repair("central", json!({ "all": "unlinked" })).await;
    assert_eq!((served.user(&login).end_date, served.user(&login).password), (end, "theirs".to_owned()));
    assert_eq!(served.account(&login).await, ("active".into(), Some("2027-02-01".into()), Some("shop".into())));
    served.undo(repair).await;
    assert_eq!(served.account(&login).await.1.as_deref(), Some("2026-12-21"));
    assert_eq!(served.drift("unlinked").await.len(), 1);
    served.provision().await;
    assert_eq!(served.read().await["accounts"]["attention"], 1, "it is told again that the name is taken");
    served.repair("portal", json!({ "all": "unlinked" })).await;
    assert_eq!(served.user(&login).end_date.as_deref(), Some("2026-12-22 00:00:00"));
    assert_ne!(served.user(&login).password, "theirs");
    assert_eq!(served.drift("unlinked").await, Vec::<Value>::new());
}

#[tokio::test]
async fn accounts_do_not_vanish_unasked() {
    let served = Served::with(Setup::ministra()).await;
    served.fake.generate(4, 40);
    served.sync().await;
    let known = served.report().await;
    served.delete(|user| user.id > 30);
    let (id, job) = served.start_job("sync", json!({ "everything": false })).await;
    assert_eq!(job["state"], "asking", "{job}");
    assert_eq!(job["question"], json!({ "about": "accounts_vanish", "accounts": 13, "of": 43 }));
    assert_eq!(served.report().await["as_of"], known["as_of"], "nothing is concluded");
    assert_eq!(served.drift("unknown").await.len(), 43);
    // Nothing else goes on meanwhile.
    let other = json!({ "job_id": mint::<JobId>(START.plus_ms(1)), "everything": false });
    assert_eq!(served.post("sync", &other).await.expect(409).code(), "conflict");
    served.decide(id, "cancel").await.expect(200);
    // The portal was restored: they are there again.
    served.fake.state().tables.replace_users(Vec::new());
    served.fake.generate(1, 43);
    served.sync().await;
    assert_eq!(served.drift("unknown").await.len(), 43);
    // They are gone, and somebody says so.
    served.delete(|user| user.id > 30);
    let (id, _) = served.start_job("sync", json!({ "everything": false })).await;
    served.decide(id, "confirm").await.expect(200);
    run_portal_jobs_once(&served.world().app).await;
    assert_eq!(served.job(id).await["state"], "done");
    assert_eq!(served.report().await["counts"]["unknown"], count_of(&served));
}

fn count_of(served: &Served) -> usize {
    served.fake.state().tables.users().count()
}

#[tokio::test]
async fn owners_do_not_vanish_unasked_and_central_keeps_each() {
    let served = Served::with(Setup::ministra()).await;
    served.fake.generate(4, 27);
    served.sync().await;
    served.repair("central", json!({ "all": "unknown" })).await;
    let owned = "SELECT COUNT(*) FROM account WHERE reseller_id IS NOT NULL";
    assert_eq!(count(served.world(), owned).await, 20);
    // Somebody has switched the portal's owners off.
    served.fake.state().setup.resellers_for_api = false;
    let (id, job) = served.start_job("sync", json!({ "everything": true })).await;
    assert_eq!(job["question"], json!({ "about": "owners_vanish", "accounts": 20, "of": 20 }), "{job}");
    assert_eq!(served.report().await["counts"]["differs"], 0);
    served.decide(id, "confirm").await.expect(200);
    run_portal_jobs_once(&served.world().app).await;
    assert_eq!(count(served.world(), owned).await, 20, "a look never takes an owner");
    let taken = served.preview("central", json!({ "all": "differs" })).await;
    assert_eq!(taken["repaired"], 0, "nor does a repair: {taken}");
}

#[tokio::test]
async fn half_a_list_concludes_nothing_and_is_resumed() {
    let served = Served::with(Setup::ministra()).await;
    served.fake.generate(4, 300);
    served.sync().await;
    for fault in [Fault::HalfAnswer, Fault::Nothing, Fault::PhpFatal, Fault::LoginPage] {
        served.fake.plan(Planned::always(fault).on("stb"));
        let (id, job) = served.start_job("sync", json!({ "everything": false })).await;
        assert_eq!(job["state"], "failed", "{fault:?}: {job}");
        assert!(job["trouble"]["remedy"].as_str().is_some_and(|remedy| remedy.len() > 20), "{job}");
        assert_eq!(served.report().await["counts"]["unknown"], 303);
        served.fake.heal();
        served.decide(id, "resume").await.expect(200);
        run_portal_jobs_once(&served.world().app).await;
        assert_eq!(served.job(id).await["state"], "done", "{fault:?}");
    }
    // In the middle of the details, it goes on where it stopped.
    served.change_all(|user| user.off = !user.off);
    served.fake.plan(Planned { after: 2, ..Planned::always(Fault::DatabaseDown).on("accounts") });
    let (id, job) = served.start_job("sync", json!({ "everything": false })).await;
    assert_eq!((&job["state"], &job["phase"]), (&json!("failed"), &json!("details")), "{job}");
    served.fake.heal();
    served.fake.state().requests.clear();
    served.decide(id, "resume").await.expect(200);
    run_portal_jobs_once(&served.world().app).await;
    assert_eq!(served.job(id).await["state"], "done");
    assert_eq!(served.asked_of("stb"), 0, "the list is not read again");
}

#[tokio::test]
async fn a_cancelled_job_stops_while_the_portal_is_silent() {
    let served = Served::with(Setup::ministra()).await;
    served.fake.plan(Planned::always(Fault::Silence));
    let id: JobId = mint(START.plus_ms(5));
    served.post("sync", &json!({ "job_id": id, "everything": false })).await.expect(200);
    let app = served.world().app.clone();
    let working = tokio::spawn(async move { run_portal_jobs_once(&app).await });
    while count(served.world(), "SELECT COUNT(*) FROM portal_job WHERE claim IS NOT NULL").await == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(served.decide(id, "cancel").await.expect(200).body["state"], "cancelled");
    assert_eq!(working.await.expect("it stops by itself"), 1);
    assert_eq!(served.job(id).await["state"], "cancelled");
    served.fake.heal();
    served.decide(id, "resume").await.expect(200);
    run_portal_jobs_once(&served.world().app).await;
    assert_eq!(served.job(id).await["state"], "done");
    assert_eq!(served.decide(id, "cancel").await.expect(409).code(), "wrong_state");
}

#[tokio::test]
async fn a_repair_does_what_was_shown_or_nothing() {
    let served = Served::with(Setup::ministra()).await;
    let login = served.customer(1).await;
    served.sync().await;
    served.change(&login, |user| user.end_date = Some("2026-12-01 00:00:00".to_owned()));
    served.sync().await;
    let shown = served.preview("central", json!({ "all": "differs" })).await;
    // Before anybody decides, the customer pays for another month.
    served.bought(1).await;
    let body = json!({ "toward": "central", "which": { "all": "differs" }, "as_of": shown["as_of"] });
    let (_, job) = served.start_job("drift/repair", body.clone()).await;
    assert_eq!((&job["changed"], &job["refused"]), (&json!(0), &json!(1)), "{job}");
    assert_eq!(served.account(&login).await.1.as_deref(), Some("2027-01-20"), "what was sold stands");
    served.provision().await;
    // After another look the old preview holds no more.
    served.sync().await;
    let mut stale = body;
    stale["job_id"] = json!(mint::<JobId>(START.plus_ms(77)));
    assert_eq!(served.post("drift/repair", &stale).await.expect(409).code(), "conflict");
}

/// The name was on the portal before, so that what is bought stands in Central alone.
#[tokio::test]
async fn what_a_customer_bought_since_the_look_is_not_lost_with_a_link() {
    let served = Served::with(Setup::ministra()).await;
    let login = served.bought(1).await;
    served.change("user000001", |user| user.login.clone_from(&login));
    served.provision().await;
    served.sync().await;
    let which = json!({ "all": "unlinked" });
    let shown = served.preview("central", which.clone()).await;
    served.bought(1).await;
    let body = json!({ "toward": "central", "which": which, "as_of": shown["as_of"] });
    let (_, job) = served.start_job("drift/repair", body).await;
    assert_eq!((&job["changed"], &job["refused"]), (&json!(0), &json!(1)), "{job}");
    assert_eq!(served.account(&login).await.1.as_deref(), Some("2027-01-20"), "what was sold stands");
    // Another look shows what is given up, and then it is the person's to decide.
    served.sync().await;
    let ends = served.drift("unlinked").await.remove(0)["fields"].clone();
    let central: Vec<_> = ends.as_array().expect("fields").iter().filter_map(|field| field.get("central")).collect();
    assert_eq!(central, [&json!("2027-01-21")]);
    let (_, job) = served.repair("central", which).await;
    assert_eq!(job["changed"], 1, "{job}");
    assert_eq!(served.account(&login).await.1.as_deref(), Some("2027-02-01"));
}

/// A portal takes all spellings for one login, and Central's user names are none of them twice.
#[tokio::test]
async fn an_account_that_is_another_customers_in_another_spelling_is_not_given_to_a_second() {
    let served = Served::with(Setup::ministra()).await;
    served.change("user000001", |user| "Ivan".clone_into(&mut user.login));
    served.sync().await;
    served.repair("central", json!({ "these": ["l:ivan"] })).await;
    let (world, account) = (served.world(), mint::<AccountId>(served.world().app.now()));
    let body = json!({ "account_id": account, "plan_id": served.shop.plans[0], "username": "ivan" });
    let token = world.token("reseller", "shop").await;
    world.post("/api/v1/reseller/accounts", Some(&token), &body).await.expect(200);
    served.provision().await;
    let adopt = format!("accounts/{account}/adopt");
    assert_eq!(served.post(&adopt, &json!({})).await.expect(409).code(), "conflict");
    assert_eq!(served.user("Ivan").password, "pw1");
}

#[tokio::test]
async fn what_several_accounts_have_is_named_and_never_touched() {
    let served = Served::with(Setup::ministra()).await;
    served.change("user000002", |user| {
        user.ls = "100001".to_owned();
        user.mac = "00:1A:79:00:00:01".to_owned();
    });
    let mut twin = served.user("user000003");
    twin.mac = "HELLO-WORLD-12345".to_owned();
    served.fake.state().tables.add(twin);
    served.sync().await;
    let odd = served.report().await["oddities"].clone();
    assert_eq!((&odd["ghosts"], &odd["odd"][0]["why"]), (&json!(0), &json!("junk_mac")), "{odd}");
    assert_eq!(odd["shared_logins"]["first"][0]["name"], "user000003");
    assert_eq!(odd["shared_numbers"]["first"][0]["logins"], json!(["user000001", "user000002"]));
    assert_eq!(odd["shared_macs"]["first"][0]["name"], "00:1A:79:00:00:01");
    let known: Vec<_> = served.drift("unknown").await.iter().map(|row| row["login"].clone()).collect();
    assert_eq!(known, [json!("user000001"), json!("user000002")]);
    served.repair("central", json!({ "all": "unknown" })).await;
    assert_eq!(count(served.world(), "SELECT COUNT(*) FROM account").await, 2);
}

#[tokio::test]
async fn every_assignment_is_pushed_where_the_portal_can_hold_it() {
    let served = Served::with(Setup::ministra()).await;
    for account in 1..=3 {
        served.customer(account).await;
    }
    served.change_all(|user| user.reseller_id = 0);
    let (_, job) = served.start_job("push-assignments", json!({})).await;
    assert_eq!((&job["state"], &job["changed"], &job["total"]), (&json!("done"), &json!(3), &json!(3)), "{job}");
    served.provision().await;
    let owned = |served: &Served| served.fake.state().tables.users().filter(|user| user.reseller_id == 1).count();
    assert_eq!(owned(&served), 3, "ours, and nobody else's");
    let old = Served::with(Setup::stalker()).await;
    let refused = old.post("push-assignments", &json!({ "job_id": mint::<JobId>(START) })).await.expect(409);
    assert_eq!(refused.code(), "wrong_state");
}

#[tokio::test]
async fn of_two_processes_one_does_a_job_and_a_dead_one_leaves_it() {
    let served = Served::with(Setup::ministra()).await;
    served.fake.generate(4, 50);
    let id: JobId = mint(START.plus_ms(9));
    served.post("sync", &json!({ "job_id": id, "everything": false })).await.expect(200);
    served.fake.state().requests.clear();
    let app = &served.world().app;
    let (one, other) = tokio::join!(run_portal_jobs_once(app), run_portal_jobs_once(app));
    assert_eq!(one + other, 1);
    assert_eq!((&served.job(id).await["state"], served.asked_of("stb")), (&json!("done"), 1));
    // One that dies in the middle.
    served.fake.plan(Planned::always(Fault::Silence).on("stb"));
    let id: JobId = mint(START.plus_ms(11));
    served.post("sync", &json!({ "job_id": id, "everything": false })).await.expect(200);
    let dying = app.clone();
    let dying = tokio::spawn(async move { run_portal_jobs_once(&dying).await });
    while count(served.world(), "SELECT COUNT(*) FROM portal_job WHERE claim IS NOT NULL").await == 0 {
        tokio::task::yield_now().await;
    }
    dying.abort();
    assert!(dying.await.is_err());
    served.fake.heal();
    assert_eq!(run_portal_jobs_once(app).await, 0, "it may still be at it");
    served.world().clock.advance_ms(DAY_MS / 24 / 60 + 1);
    assert_eq!(run_portal_jobs_once(app).await, 1);
    assert_eq!(served.job(id).await["state"], "done");
}
