//! The audit: its chain under many hands and against tampering, what devices remember of it, its list and its file.

use axum::http::header;
use counterfoil_domain::audit::AuditHash;
use counterfoil_domain::ids::Epoch;
use counterfoil_domain::permission::StaffRole;
use counterfoil_wire::audit::AuditEntry;
use counterfoil_wire::page::Page;
use counterfoil_wire::pull::{AUDIT_HEADER, ChainHead, PullPage};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tower::ServiceExt as _;
use uuid::Uuid;

use super::desk::{Desk, Shop, add_plans};
use super::proof::{count, prove};
use super::world::World;
use crate::dialect::ENGINE;
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::{App, backup, console, operators, run_sealing_once};

const LIST: &str = "/api/v1/admin/audit";

/// One line, as every feature writes it.
async fn act(app: &App, world: &World, action: &str) {
    // Lines of one moment are sealed in no order that a test could know.
    world.clock.advance_ms(1);
    let mut work = app.begin(world.operator).await.expect("work");
    let after = json!({ "note": "=1+1" });
    audit::record(&mut work, &Actor::system(), action, Some(Uuid::nil()), NOTHING, Some(&after)).await.expect("a line");
    work.commit().await.expect("commit");
}

async fn faults(world: &World) -> Vec<String> {
    console::verify_operator(&world.app, world.operator).await.expect("a report").faults
}

async fn head(world: &World) -> ChainHead {
    audit::head(&mut world.app.reader().await.expect("reader"), world.operator).await.expect("a head")
}

async fn epoch(world: &World) -> Epoch {
    operators::get(&mut world.app.reader().await.expect("reader"), world.operator).await.expect("operator").epoch
}

/// What somebody with the database in his hands does. The walls inside it are taken down first.
async fn tamper(world: &World, statements: &[&'static str]) {
    let walls: &[&'static str] = match ENGINE {
        "postgres" => {
            &["DROP TRIGGER audit_is_immutable ON audit", "DROP TRIGGER audit_seal_is_immutable ON audit_seal"]
        }
        _ => &[
            "DROP TRIGGER audit_is_immutable",
            "DROP TRIGGER audit_is_kept",
            "DROP TRIGGER audit_seal_is_immutable",
            "DROP TRIGGER audit_seal_is_kept",
        ],
    };
    let mut tx = world.app.transaction().await.expect("a transaction");
    for statement in walls.iter().chain(statements) {
        sqlx::query(*statement).execute(&mut *tx).await.expect("done");
    }
    tx.commit().await.expect("commit");
}

/// Five sealed lines of one's own, the third last but two.
async fn sealed(world: &World) -> i64 {
    for action in ["plan.edit", "plan.edit", "credits.move", "plan.edit", "plan.edit"] {
        act(&world.app, world, action).await;
    }
    assert!(run_sealing_once(&world.app).await >= 5);
    prove(world).await;
    head(world).await.seq - 2
}

async fn told(world: &World, desk: &Desk, checkpoints: &[(Epoch, ChainHead)]) -> Vec<String> {
    let checkpoint = |(epoch, head): &(Epoch, ChainHead)| json!({ "epoch": epoch, "seq": head.seq, "hash": head.hash });
    let body = json!({ "checkpoints": checkpoints.iter().map(checkpoint).collect::<Vec<_>>() });
    let answer = desk.call(world, "POST", "/api/v1/sync/audit", body.to_string().into_bytes()).await.expect(200);
    let judged = answer.body["checkpoints"].as_array().expect("judged").clone();
    judged.iter().map(|one| one["verdict"].as_str().unwrap_or_default().to_owned()).collect()
}

/// Whether the database itself refuses to rewrite history.
#[tokio::test]
async fn lines_and_seals_cannot_be_changed_or_removed() {
    let world = World::new().await;
    sealed(&world).await;
    for statement in [
        "UPDATE audit SET detail = '{}'",
        "DELETE FROM audit",
        "UPDATE audit_seal SET seq = seq + 1000",
        "DELETE FROM audit_seal",
    ] {
        let mut tx = world.app.transaction().await.expect("a transaction");
        let error = sqlx::query(statement).execute(&mut *tx).await.expect_err(statement);
        assert!(error.to_string().contains("append-only"), "{statement}: {error}");
    }
    prove(&world).await;
}

#[tokio::test]
async fn a_line_that_was_changed_is_named() {
    let world = World::new().await;
    let seq = sealed(&world).await;
    tamper(&world, &["UPDATE audit SET detail = '{}' WHERE action = 'credits.move'"]).await;
    let faults = faults(&world).await;
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].starts_with(&format!("line {seq} of the audit")), "{faults:?}");
    assert!(faults[0].ends_with("credits.move) is not what was sealed"), "{faults:?}");
}

#[tokio::test]
async fn a_line_that_was_removed_is_named_with_its_seal_or_without() {
    let world = World::new().await;
    let seq = sealed(&world).await;
    tamper(&world, &["DELETE FROM audit WHERE action = 'credits.move'"]).await;
    let found = faults(&world).await;
    assert!(
        matches!(&found[..], [only] if only.starts_with(&format!("line {seq} of the audit")) && only.ends_with("removed"))
    );

    let world = World::new().await;
    sealed(&world).await;
    tamper(
        &world,
        &[
            "DELETE FROM audit_seal WHERE audit_id IN (SELECT id FROM audit WHERE action = 'credits.move')",
            "DELETE FROM audit WHERE action = 'credits.move'",
        ],
    )
    .await;
    let found = faults(&world).await;
    assert!(matches!(&found[..], [only] if only.starts_with(&format!("the audit has no line {seq}"))), "{found:?}");
}

#[tokio::test]
async fn a_line_that_was_slipped_in_or_lost_before_its_seal_is_named() {
    let world = World::new().await;
    sealed(&world).await;
    act(&world.app, &world, "account.edit").await;
    tamper(&world, &["DELETE FROM audit_waiting"]).await;
    let found = faults(&world).await;
    assert!(matches!(&found[..], [only] if only.contains("is not in its chain and does not wait")), "{found:?}");

    let world = World::new().await;
    sealed(&world).await;
    act(&world.app, &world, "account.edit").await;
    tamper(&world, &["DELETE FROM audit WHERE action = 'account.edit'"]).await;
    let found = faults(&world).await;
    assert!(matches!(&found[..], [only] if only.contains("removed before it was in the chain")), "{found:?}");
    // It holds nothing up.
    act(&world.app, &world, "account.edit").await;
    assert_eq!(run_sealing_once(&world.app).await, 1);
}

/// With the program at hand, history can be written anew so that it proves: only a device knows better.
#[tokio::test]
async fn a_history_that_was_written_anew_contradicts_what_a_device_remembers() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    let epoch = epoch(world).await;
    sealed(world).await;
    let remembered = head(world).await;
    assert_eq!(told(world, &shop.desk, &[(epoch, remembered.clone())]).await, ["same"]);
    tamper(
        world,
        &[
            "UPDATE audit SET detail = '{}' WHERE action = 'credits.move'",
            "DELETE FROM audit_seal",
            "DELETE FROM audit_chain",
            "INSERT INTO audit_waiting (operator_id, audit_id) SELECT operator_id, id FROM audit",
        ],
    )
    .await;
    run_sealing_once(&world.app).await;
    prove(world).await;
    // A second telling is not a second contradiction.
    for _ in 0..2 {
        assert_eq!(told(world, &shop.desk, &[(epoch, remembered.clone())]).await, ["contradicted"]);
    }
    assert_eq!(count(world, "SELECT COUNT(*) FROM audit_contradiction").await, 1);
    assert_eq!(count(world, "SELECT COUNT(*) FROM audit WHERE action = 'audit.contradiction'").await, 1);
    let auditor = world.staff_token(StaffRole::Auditor).await;
    let chain = world.get("/api/v1/admin/audit/chain", Some(&auditor)).await.expect(200);
    let shown = &chain.body["contradictions"][0];
    assert_eq!((&shown["device_name"], &shown["seq"]), (&json!("Till"), &json!(remembered.seq)));
    assert_eq!(shown["told_hash"], json!(remembered.hash));
    assert_ne!(shown["held_hash"], json!(remembered.hash));
}

#[tokio::test]
async fn a_chain_that_was_cut_off_at_its_end_contradicts_what_a_device_remembers() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    sealed(world).await;
    let before = head(world).await;
    act(&world.app, world, "account.edit").await;
    run_sealing_once(&world.app).await;
    let (epoch, remembered) = (epoch(world).await, head(world).await);
    tamper(
        world,
        &[
            "DELETE FROM audit_seal WHERE audit_id IN (SELECT id FROM audit WHERE action = 'account.edit')",
            "DELETE FROM audit WHERE action = 'account.edit'",
            "UPDATE audit_chain SET seq = seq - 1",
        ],
    )
    .await;
    let mut hash = AuditHash::default();
    hex::decode_to_slice(&before.hash, &mut hash).expect("a hash");
    let mut tx = world.app.transaction().await.expect("a transaction");
    sqlx::query("UPDATE audit_chain SET hash = $1").bind(hash.as_slice()).execute(&mut *tx).await.expect("done");
    tx.commit().await.expect("commit");
    prove(world).await;
    assert_eq!(told(world, &shop.desk, &[(epoch, before), (epoch, remembered)]).await, ["same", "contradicted"]);
}

#[tokio::test]
async fn what_a_restore_lost_is_no_contradiction_and_what_it_kept_is_proved() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    sealed(world).await;
    let (first, kept) = (epoch(world).await, head(world).await);
    assert_eq!(backup::restored(&world.app).await.expect("restored"), 1);
    run_sealing_once(&world.app).await;
    let second = epoch(world).await;
    // What the old Central sealed after the backup: nobody has it any more.
    let lost = ChainHead { seq: kept.seq + 1, hash: "ab".repeat(32) };
    let wrong = ChainHead { seq: kept.seq - 1, hash: "ab".repeat(32) };
    let remembered = [(first, kept.clone()), (first, lost.clone()), (first, wrong), (second, kept), (second, lost)];
    let verdicts = told(world, &shop.desk, &remembered).await;
    assert_eq!(verdicts, ["same", "lost_in_restore", "contradicted", "same", "contradicted"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_hands_write_and_several_seal_and_every_line_is_sealed_once() {
    let world = World::new().await;
    let second = world.open_again().await.expect("a second process");
    let mut tasks = JoinSet::new();
    for hand in 0..6 {
        let (app, operator) = (if hand % 2 == 0 { world.app.clone() } else { second.clone() }, world.operator);
        tasks.spawn(async move {
            for _ in 0..20 {
                let mut work = app.begin(operator).await.expect("work");
                audit::record(&mut work, &Actor::system(), "plan.edit", None, NOTHING, NOTHING).await.expect("a line");
                // Some are rolled back.
                if hand < 5 {
                    work.commit().await.expect("commit");
                }
            }
        });
    }
    for app in [world.app.clone(), world.app.clone(), second.clone()] {
        tasks.spawn(async move {
            for _ in 0..40 {
                run_sealing_once(&app).await;
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.expect("no panic");
    }
    run_sealing_once(&world.app).await;
    let lines = count(&world, "SELECT COUNT(*) FROM audit").await;
    assert!(lines >= 100);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM audit_seal").await, lines);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM audit_waiting").await, 0);
    assert_eq!(head(&world).await.seq, lines);
    prove(&world).await;
    second.close().await;
}

/// On SQLite there is one writer, and no line commits late.
#[tokio::test]
async fn a_line_that_commits_late_is_sealed_late() {
    if ENGINE != "postgres" {
        return;
    }
    let world = World::new().await;
    let mut late = world.app.begin(world.operator).await.expect("work");
    audit::record(&mut late, &Actor::system(), "plan.create", None, NOTHING, NOTHING).await.expect("a line");
    act(&world.app, &world, "plan.edit").await;
    run_sealing_once(&world.app).await;
    late.commit().await.expect("commit");
    assert_eq!(run_sealing_once(&world.app).await, 1);
    prove(&world).await;
    let first = "SELECT COUNT(*) FROM audit_seal s JOIN audit a ON a.id = s.audit_id
                 WHERE a.action = 'plan.create' AND s.seq = (SELECT MAX(seq) FROM audit_seal)";
    assert_eq!(count(&world, first).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealer_that_ends_in_the_middle_leaves_whole_lines_and_another_goes_on() {
    let world = World::new().await;
    for round in 0..12_u64 {
        for _ in 0..5 {
            act(&world.app, &world, "plan.edit").await;
        }
        let app = world.app.clone();
        let sealer = tokio::spawn(async move { run_sealing_once(&app).await });
        tokio::time::sleep(std::time::Duration::from_micros(round * 300)).await;
        sealer.abort();
        let _ = sealer.await;
        assert_eq!(faults(&world).await, Vec::<String>::new());
    }
    run_sealing_once(&world.app).await;
    assert_eq!(count(&world, "SELECT COUNT(*) FROM audit_waiting").await, 0);
    prove(&world).await;
}

#[tokio::test]
async fn a_device_is_told_the_end_of_the_chain_with_a_body_and_without() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    sealed(world).await;
    let path = "/api/v1/sync/pull";
    let first = shop.desk.call(world, "GET", path, Vec::new()).await.expect(200);
    let page: PullPage = serde_json::from_value(first.body).expect("a page");
    assert_eq!(page.audit, Some(head(world).await));
    let path = format!("{path}?cursor={}", page.cursor);
    let whole = shop.desk.call(world, "GET", &path, Vec::new()).await.expect(200);
    act(&world.app, world, "plan.edit").await;
    run_sealing_once(&world.app).await;
    // What others did is no reason to send it a page again.
    let same = shop.desk.pull_knowing(world, &path, &whole.headers[header::ETAG]).await.expect(304);
    let told = same.headers[AUDIT_HEADER].to_str().expect("text");
    assert_eq!(ChainHead::from_text(told), Some(head(world).await));
}

#[tokio::test]
async fn what_a_device_tells_is_checked() {
    let shop = Shop::with_credits(1_000).await;
    let one = |seq: i64, hash: &str| json!({ "epoch": Uuid::nil(), "seq": seq, "hash": hash });
    let whole = "ab".repeat(32);
    for wrong in [vec![one(0, &whole)], vec![one(1, "ab")], vec![one(1, &whole); 101]] {
        let body = json!({ "checkpoints": wrong }).to_string().into_bytes();
        let refused = shop.desk.call(&shop.world, "POST", "/api/v1/sync/audit", body).await.expect(422);
        assert_eq!(refused.code(), "validation_failed");
    }
}

struct Reading {
    world: World,
    token: String,
}

impl Reading {
    async fn new() -> Self {
        let world = World::new().await;
        add_plans(&world).await;
        world.add_reseller("shop", None).await;
        let token = world.staff_token(StaffRole::Auditor).await;
        run_sealing_once(&world.app).await;
        Self { world, token }
    }

    async fn list(&self, query: &str) -> Page<AuditEntry> {
        let answer = self.world.get(&format!("{LIST}?{query}"), Some(&self.token)).await.expect(200);
        serde_json::from_value(answer.body).expect("a page")
    }

    /// Page by page.
    async fn all(&self, query: &str, limit: u32) -> Vec<AuditEntry> {
        let (mut found, mut after) = (Vec::new(), String::new());
        loop {
            let page = self.list(&format!("{query}&limit={limit}{after}")).await;
            found.extend(page.items);
            match page.next {
                Some(next) => after = format!("&after={next}"),
                None => return found,
            }
        }
    }
}

#[tokio::test]
async fn the_list_is_read_page_by_page_and_filtered() {
    let reading = Reading::new().await;
    for at in 0..4 {
        act(&reading.world.app, &reading.world, if at % 2 == 0 { "plan.edit" } else { "lot.order" }).await;
    }
    let all = reading.all("", 500).await;
    assert!(all.len() >= 8 && all.is_sorted_by_key(|line| std::cmp::Reverse((line.at, line.audit_id))));
    assert_eq!(reading.all("", 1).await, all);
    for (query, fits) in [
        (
            "who=staff-auditor",
            &(|line: &AuditEntry| line.actor_name.as_deref() == Some("staff-auditor")) as &dyn Fn(&AuditEntry) -> bool,
        ),
        ("who=system", &|line| line.actor == "system"),
        ("who=nobody", &|_| false),
        ("action=plan.edit", &|line| line.action == "plan.edit"),
        ("action=plan", &|line| line.action.starts_with("plan.")),
        ("action=pla", &|_| false),
        ("who=system&action=lot", &|line| line.actor == "system" && line.action == "lot.order"),
        ("subject_id=00000000-0000-0000-0000-000000000000", &|line| line.subject_id == Some(Uuid::nil())),
    ] {
        let expected: Vec<_> = all.iter().filter(|line| fits(line)).cloned().collect();
        assert_eq!(reading.all(query, 500).await, expected, "{query}");
        assert_eq!(reading.all(query, 1).await, expected, "{query}");
    }
    let (from, until) = (all[2].at.0, all[0].at.0);
    let period = reading.all(&format!("from={from}&until={until}"), 1).await;
    assert_eq!(period, all[1..3]);
    let named = reading.list("action=session.open").await.items;
    assert_eq!(
        (named[0].actor_name.as_deref(), named[0].subject_name.as_deref()),
        (Some("staff-auditor"), Some("staff-auditor"))
    );
    // A line that is not sealed yet says so; a sealed one has the hash that this program computes of it.
    assert!(all[0].seal.is_none());
    let sealed = all.iter().filter_map(|line| line.seal.as_ref()).collect::<Vec<_>>();
    assert!(sealed.len() >= 4 && sealed.windows(2).all(|pair| pair[0].previous_hash == pair[1].hash));
}

#[tokio::test]
async fn the_file_has_every_line_no_formula_and_is_audited_itself() {
    let reading = Reading::new().await;
    act(&reading.world.app, &reading.world, "=cmd.edit").await;
    let request = axum::http::Request::get(format!("{LIST}/file?who=system"));
    let request = request.header("authorization", format!("Bearer {}", reading.token));
    let request = request.body(axum::body::Body::empty()).expect("a request");
    let response = reading.world.router.clone().oneshot(request).await.expect("an answer");
    assert_eq!(
        (response.status().as_u16(), &response.headers()["cache-control"]),
        (200, &"no-store".parse().expect("value"))
    );
    let bytes = axum::body::to_bytes(response.into_body(), 10_000_000).await.expect("a body");
    let text = String::from_utf8(bytes.to_vec()).expect("text");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("seq,time,time_zone,actor,user,action,subject,subject_id,detail,address"));
    assert_eq!(lines.len(), 1 + reading.all("who=system", 500).await.len());
    assert!(lines[1].contains(",'=cmd.edit,"), "{}", lines[1]);
    let exported = reading.list("action=audit.export").await.items;
    let detail: Value = serde_json::from_str(&exported[0].detail).expect("JSON");
    assert_eq!((exported.len(), &detail["after"]["who"]), (1, &json!("system")));
}
