//! Accounts from the lines of a file: tried first, created once, and refused line by line with what is wrong where.

use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::BulkId;
use counterfoil_domain::permission::StaffRole;
use serde_json::{Value, json};

use super::bulk::{Desk, counts, suspend, these};
use super::proof::{count, prove};
use super::world::foreign;
use crate::engine::bulk::{claim, step};
use crate::engine::run_bulk_once;

const ACCOUNTS: &str = "SELECT COUNT(*) FROM account";
const SUBSCRIPTIONS: &str = "SELECT COUNT(*) FROM transfer WHERE kind = 'subscription'";

fn create(lines: usize) -> Value {
    json!({ "kind": "create", "file": "customers.csv", "lines": lines })
}

/// Orders it; no line is sent yet.
async fn order(desk: &Desk, audience: &str, lines: usize) -> BulkId {
    let bulk: BulkId = desk.mint();
    let body = json!({ "bulk_id": bulk, "operation": create(lines), "targets": { "kind": "lines" } });
    let ordered = desk.post(audience, "/bulk", &body).await.expect(200);
    assert_eq!((ordered.text("/state"), &ordered.body["counted"]), ("receiving".to_owned(), &json!(false)));
    assert_eq!(desk.post(audience, "/bulk", &body).await.expect(200).body, ordered.body, "a repeat is answered");
    bulk
}

/// Sends a file and waits until it is tried.
async fn import(desk: &Desk, audience: &str, lines: &[Value]) -> BulkId {
    let bulk = order(desk, audience, lines.len()).await;
    let part = json!({ "first": 1, "lines": lines });
    let sent = desk.post(audience, &format!("/bulk/{bulk}/lines"), &part).await.expect(200);
    assert_eq!(sent.text("/state"), "planning");
    run_bulk_once(&desk.world().app).await;
    bulk
}

/// A line of the shop's own.
fn line(number: u32, username: &str) -> Value {
    json!({ "line": number, "username": username, "plan": "Month", "reseller": "shop" })
}

async fn allow(desk: &Desk, grants: &[Grant], max_accounts: u32) {
    let path = format!("/api/v1/admin/resellers/{}/permissions", desk.shop.reseller);
    let version = desk.world().get(&path, Some(&desk.staff)).await.expect(200).body["version"].clone();
    let permissions = json!({ "grants": grants, "max_accounts": max_accounts, "max_connections": 3 });
    let body = json!({ "version": version, "permissions": permissions });
    desk.world().put(&path, Some(&desk.staff), &body).await.expect(200);
}

#[tokio::test]
async fn every_line_says_what_is_wrong_where_and_the_run_creates_what_was_shown() {
    let desk = Desk::with_credits(1_000).await;
    desk.customer("anna").await;
    let bulk = import(
        &desk,
        "admin",
        &[
            json!({ "line": 2, "username": " boris ", "plan": "mONTH", "reseller": "Shop", "max_connections": "2",
                "mac": "00-1a-79-0b-2c-3d", "notes": "third floor" }),
            json!({ "line": 3, "plan": desk.shop.plans[1], "reseller": desk.shop.reseller }),
            line(4, "anna"),
            line(5, "boris"),
            json!({ "line": 6, "plan": "Month", "reseller": "shop", "mac": "00:1A:79:0B:2C:3D" }),
            json!({ "line": 7, "username": "No Name", "plan": "Year", "reseller": "nobody", "email": "x",
                "max_connections": "many" }),
            json!({ "line": 8 }),
        ],
    )
    .await;
    let planned = desk.bulk("admin", bulk).await;
    assert_eq!((&planned["state"], &planned["counted"]), (&json!("planned"), &json!(true)));
    assert_eq!((counts(&planned), &planned["cost"][0]["value"]), ([2, 5, 0, 0, 0], &json!(120)));
    let refused = desk.rows("admin", bulk, "?state=refused").await;
    let told: Vec<_> = refused.iter().map(|row| (&row["line"]["line"], &row["refusal"]["columns"])).collect();
    let all_of_seven = json!(["reseller", "plan", "max_connections", "username", "email"]);
    assert_eq!(
        told,
        [
            (&json!(4), &json!(["username"])),
            (&json!(5), &json!(["username"])),
            (&json!(6), &json!(["mac"])),
            (&json!(7), &all_of_seven),
            (&json!(8), &json!(["reseller", "plan"])),
        ]
    );
    assert_eq!(refused[0]["refusal"]["code"], "username_taken");
    assert!(refused[1]["refusal"]["detail"].as_str().expect("words").contains("line 2"), "{}", refused[1]);
    // Nothing happened yet.
    assert_eq!((count(desk.world(), ACCOUNTS).await, desk.available().await), (1, 1_000 - 30));
    let shown = desk.rows("admin", bulk, "?state=planned").await;

    let done = desk.act("admin", bulk, "run").await;
    assert_eq!((counts(&done), &done["paid"][0]["value"]), ([0, 5, 2, 0, 0], &json!(120)));
    assert_eq!((count(desk.world(), ACCOUNTS).await, desk.available().await), (3, 1_000 - 150));
    let rows = desk.rows("admin", bulk, "?state=done").await;
    assert_eq!((&rows[1]["username"], &rows[1]["new_last_day"]), (&shown[1]["username"], &shown[1]["new_last_day"]));
    let boris = desk.account(rows[0]["account_id"].as_str().expect("an id")).await;
    let fields = (&boris["username"], &boris["mac"], &boris["max_connections"], &boris["notes"], &boris["last_day"]);
    let expected = (json!("boris"), json!("00:1A:79:0B:2C:3D"), json!(2), json!("third floor"), json!("2026-12-21"));
    assert_eq!(fields, (&expected.0, &expected.1, &expected.2, &expected.3, &expected.4));
    // It stays, and that is said.
    assert_eq!(done["undoable"], 0);
    let refused = desk.post("admin", &format!("/bulk/{bulk}/undo"), &Value::Null).await.expect(409);
    assert!(refused.text("/detail").contains("Archive"), "{}", refused.body);
    prove(desk.world()).await;
}

#[tokio::test]
async fn who_ordered_them_is_shown_what_opens_them_and_nobody_else() {
    let desk = Desk::with_credits(1_000).await;
    let bulk = import(&desk, "admin", &[line(2, "anna"), line(3, "boris"), line(4, "carla")]).await;
    let path = format!("/bulk/{bulk}/created");
    assert_eq!(desk.get("admin", &path).await.expect(200).body["items"], json!([]), "nothing is created yet");
    desk.act("admin", bulk, "run").await;
    let rows = desk.rows("admin", bulk, "").await;
    let id = |at: usize| rows[at]["account_id"].as_str().expect("an id").to_owned();
    // A new password is told where it was made, and nothing opens what is archived.
    desk.post("admin", &format!("/{}/reset-token", id(1)), &Value::Null).await.expect(200);
    desk.post("admin", &format!("/{}/archive", id(2)), &json!({ "reason": "a mistake" })).await.expect(200);
    let created = desk.get("admin", &path).await.expect(200).body["items"].clone();
    assert_eq!(created.as_array().map(Vec::len), Some(1));
    // It is what a single creation says again.
    let again = json!({ "account_id": id(0), "reseller_id": desk.shop.reseller, "plan_id": desk.shop.plans[0],
        "username": "anna" });
    let single = desk.post("admin", "", &again).await.expect(200).body;
    let known = (&created[0]["line"], &created[0]["username"], &created[0]["password"], &created[0]["token"]);
    assert_eq!(known, (&json!(2), &json!("anna"), &single["password"], &single["token"]));

    let other = desk.world().staff_token(StaffRole::Admin).await;
    let full = format!("/api/v1/admin/accounts{path}");
    assert_eq!(desk.world().get(&full, Some(&other)).await.expect(403).code(), "not_permitted");
    let suspended = json!({ "bulk_id": desk.mint::<BulkId>(), "operation": suspend(), "targets": these(&[&id(0)]) });
    let suspended = desk.post("admin", "/bulk", &suspended).await.expect(200).text("/bulk_id");
    desk.get("admin", &format!("/bulk/{suspended}/created")).await.expect(409);
    // Who looked is written down; who was refused saw nothing.
    assert_eq!(count(desk.world(), "SELECT COUNT(*) FROM audit WHERE action = 'account.bulk_passwords'").await, 2);
    prove(desk.world()).await;
}

#[tokio::test]
async fn one_that_stops_between_two_lines_creates_none_twice() {
    let desk = Desk::with_credits(1_000).await;
    let bulk = import(&desk, "admin", &[line(2, "anna"), line(3, ""), line(4, "carla")]).await;
    desk.post("admin", &format!("/bulk/{bulk}/run"), &Value::Null).await.expect(200);
    let app = &desk.world().app;
    let held = claim(app, bulk.0).await.expect("claimed").expect("nobody has it");
    assert!(step(app, &held).await.expect("a part"));
    // It dies before it says that it is over; another process takes it up and finds it done.
    desk.world().clock.advance_ms(61_000);
    let other = desk.world().open_again().await.expect("opened");
    assert_eq!(run_bulk_once(&other).await, 1);
    assert!(step(app, &held).await.is_err(), "who was away too long has it no more");
    assert_eq!(counts(&desk.bulk("admin", bulk).await), [0, 0, 3, 0, 0]);

    // Even where what was noted is lost and all is run once more, each line has the id of its account.
    let mut tx = app.transaction().await.expect("transaction");
    for forget in [
        "UPDATE account_bulk_row SET state = 'planned'",
        "UPDATE account_bulk SET state = 'running', planned = 3, done = 0",
    ] {
        sqlx::query(forget).execute(&mut *tx).await.expect("forgotten");
    }
    tx.commit().await.expect("commit");
    assert_eq!(run_bulk_once(app).await, 1);
    assert_eq!(counts(&desk.bulk("admin", bulk).await), [0, 0, 3, 0, 0]);
    assert_eq!((count(desk.world(), ACCOUNTS).await, count(desk.world(), SUBSCRIPTIONS).await), (3, 3));
    assert_eq!(desk.available().await, 1_000 - 90);
    prove(desk.world()).await;
}

#[tokio::test]
async fn lines_come_in_parts_and_nothing_is_tried_before_all_are_there() {
    let desk = Desk::with_credits(1_000).await;
    let bulk = order(&desk, "admin", 3).await;
    let path = format!("/bulk/{bulk}/lines");
    let part = json!({ "first": 1, "lines": [line(2, "anna"), line(3, "boris")] });
    let first = desk.post("admin", &path, &part).await.expect(200).body;
    assert_eq!((&first["state"], &first["total"]), (&json!("receiving"), &json!(2)));
    assert_eq!(desk.post("admin", &path, &part).await.expect(200).body, first, "a repeat is answered");
    assert_eq!(run_bulk_once(&desk.world().app).await, 0);
    desk.post("admin", &format!("/bulk/{bulk}/run"), &Value::Null).await.expect(409);
    // A line is left out; one is too many; none is sent.
    let send = |first: u32, lines: Value| json!({ "first": first, "lines": lines });
    desk.post("admin", &path, &send(4, json!([line(5, "carla")]))).await.expect(409);
    let more = json!([line(4, "carla"), line(5, "dora")]);
    assert_eq!(desk.post("admin", &path, &send(3, more)).await.expect(422).text("/fields/0/field"), "lines");
    desk.post("admin", &path, &send(3, json!([]))).await.expect(422);
    let last = send(3, json!([line(4, "carla")]));
    assert_eq!(desk.post("admin", &path, &last).await.expect(200).text("/state"), "planning");
    run_bulk_once(&desk.world().app).await;
    assert_eq!(counts(&desk.bulk("admin", bulk).await), [3, 0, 0, 0, 0]);
    assert_eq!(desk.post("admin", &path, &last).await.expect(200).text("/state"), "planned", "answered, not added");

    // One that is not sent to its end is dropped, and takes no more.
    let dropped = order(&desk, "admin", 2).await;
    let path = format!("/bulk/{dropped}/lines");
    desk.post("admin", &path, &send(1, json!([line(2, "dora")]))).await.expect(200);
    desk.post("admin", &format!("/bulk/{dropped}/cancel"), &Value::Null).await.expect(200);
    desk.post("admin", &path, &send(2, json!([line(3, "emil")]))).await.expect(409);
    desk.post("admin", &format!("/bulk/{dropped}/run"), &Value::Null).await.expect(409);
    assert_eq!(count(desk.world(), ACCOUNTS).await, 0);
}

#[tokio::test]
async fn the_limit_of_accounts_is_told_for_all_lines_together() {
    let desk = Desk::with_credits(10_000).await;
    allow(&desk, &[Grant::BulkOperations, Grant::CreateAccounts, Grant::ViewAccounts], 110).await;
    desk.customer("anna").await;
    // More than are tried in one part.
    let lines: Vec<Value> = (0..120).map(|at: u32| json!({ "line": at + 2, "plan": "Month" })).collect();
    let bulk = import(&desk, "reseller", &lines).await;
    let planned = desk.bulk("reseller", bulk).await;
    assert_eq!((counts(&planned), &planned["cost"][0]["value"]), ([109, 11, 0, 0, 0], &json!(109 * 30)));
    let refused = desk.rows("reseller", bulk, "?state=refused").await;
    assert_eq!((&refused[0]["line"]["line"], &refused[0]["refusal"]["code"]), (&json!(111), &json!("account_limit")));
    assert!(refused[0]["refusal"]["detail"].as_str().expect("words").contains("(110)"), "{}", refused[0]);
    assert_eq!(counts(&desk.act("reseller", bulk, "run").await), [0, 11, 109, 0, 0]);
    prove(desk.world()).await;
}

#[tokio::test]
async fn a_wallet_with_too_little_is_told_before_and_what_was_refused_can_come_again() {
    let desk = Desk::with_credits(50).await;
    let bulk = import(&desk, "admin", &[line(2, "anna"), line(3, "boris")]).await;
    let short = desk.get("admin", &format!("/bulk/{bulk}")).await.expect(200).body["short"][0].clone();
    assert_eq!((&short["needed"]["value"], &short["available"]["value"]), (&json!(60), &json!(50)));
    assert_eq!(counts(&desk.act("admin", bulk, "run").await), [0, 1, 1, 0, 0]);
    let refused = desk.rows("admin", bulk, "?state=refused").await;
    assert_eq!(refused[0]["refusal"]["code"], "insufficient_credit");
    super::desk::fund(desk.world(), desk.shop.reseller, 100).await;
    let again = import(&desk, "admin", &[refused[0]["line"].clone()]).await;
    assert_eq!(counts(&desk.act("admin", again, "run").await), [0, 0, 1, 0, 0]);
    assert_eq!((desk.available().await, count(desk.world(), ACCOUNTS).await), (90, 2));
    prove(desk.world()).await;
}

#[tokio::test]
async fn a_shop_needs_both_grants_and_creates_for_itself() {
    let desk = Desk::with_credits(1_000).await;
    desk.world().add_reseller("other", None).await;
    let ask = || json!({ "bulk_id": foreign(), "operation": create(1), "targets": { "kind": "lines" } });
    for grants in [vec![Grant::CreateAccounts], vec![Grant::BulkOperations, Grant::ViewAccounts]] {
        allow(&desk, &grants, 100).await;
        assert_eq!(desk.post("reseller", "/bulk", &ask()).await.expect(403).code(), "not_granted");
    }
    desk.allow(&[Grant::BulkOperations, Grant::CreateAccounts, Grant::ViewAccounts]).await;
    let bulk = import(
        &desk,
        "reseller",
        &[
            json!({ "line": 2, "username": "anna", "plan": "Month" }),
            json!({ "line": 3, "plan": "Month", "reseller": "other" }),
            json!({ "line": 4, "plan": "Month", "reseller": foreign() }),
            json!({ "line": 5, "plan": "Month", "max_connections": "4" }),
        ],
    )
    .await;
    let rows = desk.rows("reseller", bulk, "").await;
    // Another shop is refused in the same words as none.
    assert_eq!(rows[1]["refusal"], rows[2]["refusal"]);
    assert_eq!(rows[1]["refusal"]["columns"], json!(["reseller"]));
    assert_eq!(rows[3]["refusal"]["columns"], json!(["max_connections"]), "a shop gives at most three");
    let done = desk.act("reseller", bulk, "run").await;
    assert_eq!(counts(&done), [0, 3, 1, 0, 0]);
    let anna = desk.account(rows[0]["account_id"].as_str().expect("an id")).await;
    assert_eq!(anna["reseller_id"], json!(desk.shop.reseller));
    let path = format!("/bulk/{bulk}/created");
    assert_eq!(desk.get("reseller", &path).await.expect(200).body["items"].as_array().map(Vec::len), Some(1));
    // Staff do not see it, nor send lines to it.
    desk.get("admin", &path).await.expect(404);
    let part = json!({ "first": 1, "lines": [line(2, "anna")] });
    desk.post("admin", &format!("/bulk/{bulk}/lines"), &part).await.expect(404);
    prove(desk.world()).await;
}

#[tokio::test]
async fn a_file_is_for_new_accounts_only_and_has_a_name_and_lines() {
    let desk = Desk::with_credits(100).await;
    let file = |name: &str, lines: u32| json!({ "kind": "create", "file": name, "lines": lines });
    let lines = || json!({ "kind": "lines" });
    for (operation, targets, field) in [
        (create(1), json!({ "kind": "matching" }), "targets"),
        (create(1), these(&[]), "targets"),
        (suspend(), lines(), "targets"),
        (file(" ", 1), lines(), "file"),
        (file("customers.csv", 0), lines(), "lines"),
        (file("customers.csv", 100_001), lines(), "lines"),
    ] {
        let asked = json!({ "bulk_id": desk.mint::<BulkId>(), "operation": operation, "targets": targets });
        assert_eq!(desk.post("admin", "/bulk", &asked).await.expect(422).text("/fields/0/field"), field);
    }
}
