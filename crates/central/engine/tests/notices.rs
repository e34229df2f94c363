//! Mail: written with what it tells of, sent over a real connection, once as far as that can be.

use std::collections::BTreeSet;
use std::sync::Arc;

use counterfoil_domain::ids::{NoticeId, ResellerId};
use counterfoil_domain::notice::NoticeKind;
use counterfoil_domain::permission::StaffRole;
use serde_json::{Value, json};
use uuid::Uuid;

use super::commission::Trade;
use super::mail_sink::{Sink, mailer};
use super::proof::count;
use super::world::{Answer, PASSWORD, World, call, new_transfer};
use crate::engine::notices::{self, New};
use crate::engine::{run_jobs_once, run_notices_once};

const NOTICES: &str = "/api/v1/admin/notices";
const TEMPLATES: &str = "/api/v1/admin/notice-templates";
const CHOICES: &str = "/api/v1/reseller/notices";
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// A Central that sends, its mail server, and an administrator.
struct Room {
    world: World,
    sink: Sink,
    admin: String,
}

impl Room {
    async fn new() -> Self {
        let (mut world, sink) = (World::new().await, Sink::new().await);
        world.send_mail(sink.mailer());
        let admin = world.staff_token(StaffRole::Admin).await;
        Self { world, sink, admin }
    }

    async fn apply(&self, n: u128, business: &str) {
        let asked = json!({ "application_id": Uuid::from_u128(n), "name": "Sam Sample",
            "email": format!("sam{n}@example.org"), "phone": "+49 30 5550100", "password": PASSWORD,
            "business_name": business, "address": "1 Long Road", "kind": "company", "expected_customers": 40,
            "terms_accepted": true });
        self.world.post("/api/v1/reseller/signup", None, &asked).await.expect(200);
    }

    async fn decide(&self, n: u128, step: &str, body: &Value) -> Answer {
        let path = format!("/api/v1/admin/applications/{}/{step}", Uuid::from_u128(n));
        self.world.post(&path, Some(&self.admin), body).await.expect(200)
    }

    async fn approve(&self, n: u128) -> Answer {
        let body = json!({ "reseller_id": Uuid::from_u128(0x50 + n), "username": format!("shop-{n}"),
            "settlement_mode": "wholesale", "rate": { "kind": "by_tier" }, "credit_limit": 0, "notes": "" });
        self.decide(n, "approve", &body).await
    }

    async fn credit(&self, reseller: ResellerId, kind: &str, amount: i64) -> Value {
        let body = json!({ "transfer_id": new_transfer(), "kind": kind, "amount": amount, "note": "By bank" });
        let path = format!("/api/v1/admin/resellers/{reseller}/credits");
        self.world.post(&path, Some(&self.admin), &body).await.expect(200);
        body
    }

    async fn send(&self) -> u32 {
        run_notices_once(&self.world.app).await
    }

    /// A sign-in of now: the clock goes on.
    async fn token(&self) -> String {
        self.world.token("admin", "staff-admin").await
    }

    /// The newest notice, as staff see it.
    async fn newest(&self) -> Value {
        self.world.get(NOTICES, Some(&self.token().await)).await.expect(200).body["items"][0].clone()
    }

    async fn again(&self, notice: &Value) -> Answer {
        let path = format!("{NOTICES}/{}/send-again", notice["notice_id"].as_str().expect("id"));
        call(&self.world.router, "POST", &path, Some(&self.token().await), None).await
    }

    async fn save(&self, kind: &str, body: &Value) -> Answer {
        self.world.put(&format!("{TEMPLATES}/{kind}"), Some(&self.admin), body).await
    }
}

#[tokio::test]
async fn an_applicant_is_told_of_each_step_and_the_page_says_that_it_was() {
    let room = Room::new().await;
    room.apply(1, "فروشگاه شهر").await;
    assert_eq!(room.send().await, 1);
    let received = room.sink.last();
    assert_eq!(received.header("Subject"), "Lumen Networks has received your application");
    assert_eq!(received.recipients, ["RCPT TO:<sam1@example.org>"]);
    assert!(received.text().contains("the application of فروشگاه شهر"), "{}", received.text());

    let approved = room.approve(1).await;
    assert_eq!(approved.text("/letter/mailed/state"), "queued");
    assert_eq!((room.send().await, room.send().await), (1, 0));
    let welcome = room.sink.last();
    assert_eq!(welcome.header("Subject"), "فروشگاه شهر: welcome to Lumen Networks");
    assert!(welcome.header("From").ends_with(" <desk@lumen.example>"), "{}", welcome.header("From"));
    let text = welcome.text();
    assert!(text.contains("User name: shop-1") && text.contains("Server: https://central.lumen.example"), "{text}");
    assert!(!text.contains(PASSWORD));
    let path = format!("/api/v1/admin/applications/{}", Uuid::from_u128(1));
    let shown = room.world.get(&path, Some(&room.admin)).await.expect(200);
    assert_eq!(shown.text("/letter/mailed/state"), "sent");
    assert_eq!(shown.text("/letter/text").trim_end(), text.trim_end(), "what is shown is what was sent");

    // The same decision again is no other event.
    room.approve(1).await;
    assert_eq!((room.send().await, room.sink.taken().len()), (0, 2));
}

#[tokio::test]
async fn what_a_person_wrote_stays_where_it_belongs() {
    let room = Room::new().await;
    let words = json!({ "subject": "No: {reason}", "text": "{name}: {reason}" });
    room.save("application_rejected", &json!({ "version": 0, "words": words })).await.expect(200);
    room.apply(1, "Corner Shop").await;
    assert_eq!(room.send().await, 1);
    let reason = "too far\nBcc: all@example.org\n.\nQUIT {name}";
    room.decide(1, "reject", &json!({ "reason": reason })).await;
    assert_eq!(room.send().await, 1);
    let rejected = room.sink.last();
    assert_eq!(rejected.header("Subject"), "No: too far Bcc: all@example.org . QUIT {name}");
    assert_eq!(rejected.recipients.len(), 1);
    assert!(!rejected.headers().iter().any(|name| name.eq_ignore_ascii_case("bcc")), "{}", rejected.data);
    assert_eq!(rejected.text().trim_end(), format!("Sam Sample: {reason}"));
    assert_eq!(room.sink.taken().len(), 2, "nothing in a mail ends it");
}

#[tokio::test]
async fn an_address_that_is_none_fails_alone() {
    let room = Room::new().await;
    let mut work = room.world.app.begin(room.world.operator).await.expect("work");
    for (n, to) in ["a@example.org\r\nBcc: all@example.org", "a b@example.org", "b@example.org"].into_iter().enumerate()
    {
        let kind = NoticeKind::ApplicationReceived;
        let new = New { kind, event: format!("test/{n}"), to, reseller: None, values: &[("name", "Sam")] };
        notices::write(&mut work, &new).await.expect("a notice");
        notices::write(&mut work, &new).await.expect("the same event");
    }
    work.commit().await.expect("commit");
    assert_eq!(room.send().await, 3);
    assert_eq!(room.sink.taken().len(), 1);
    assert_eq!(count(&room.world, "SELECT COUNT(*) FROM notice WHERE state = 'failed'").await, 2);
}

#[tokio::test]
async fn a_server_that_has_no_time_is_asked_again_later() {
    let room = Room::new().await;
    room.sink.answer_next("451 4.3.0 try again later");
    room.apply(1, "Corner Shop").await;
    assert_eq!(room.send().await, 1);
    let waits = room.newest().await;
    assert_eq!((&waits["state"], &waits["attempts"]), (&json!("queued"), &json!(1)));
    assert!(waits["trouble"].as_str().is_some_and(|trouble| trouble.contains("451")), "{waits}");
    assert_eq!(room.send().await, 0, "not at once");
    assert_eq!(room.again(&waits).await.expect(409).code(), "wrong_state", "it waits already");
    room.world.clock.advance_ms(MINUTE_MS);
    assert_eq!((room.send().await, room.sink.taken().len()), (1, 1));
    let sent = room.newest().await;
    assert_eq!((&sent["state"], sent.get("trouble")), (&json!("sent"), None));
    assert_eq!(room.again(&sent).await.expect(409).code(), "wrong_state", "it was sent");
}

#[tokio::test]
async fn a_recipient_that_is_refused_is_not_tried_again_by_itself() {
    let room = Room::new().await;
    room.sink.answer_next("550 5.1.1 no such user");
    room.apply(1, "Corner Shop").await;
    assert_eq!(room.send().await, 1);
    let failed = room.newest().await;
    assert_eq!((&failed["state"], &failed["attempts"]), (&json!("failed"), &json!(1)));
    assert!(failed["trouble"].as_str().is_some_and(|trouble| trouble.contains("no such user")), "{failed}");
    room.world.clock.advance_ms(DAY_MS);
    assert_eq!(room.send().await, 0);
    let setup = room.world.get("/api/v1/admin/mail", Some(&room.token().await)).await.expect(200);
    assert_eq!((&setup.body["queued"], &setup.body["failed"]), (&json!(0), &json!(1)));
    assert_eq!(setup.text("/server/host"), "127.0.0.1");
    assert_eq!(room.again(&failed).await.expect(200).text("/state"), "queued");
    assert_eq!((room.send().await, room.sink.taken().len()), (1, 1));
    assert_eq!(count(&room.world, "SELECT COUNT(*) FROM audit WHERE action = 'notice.send_again'").await, 1);
}

#[tokio::test]
async fn a_server_that_refuses_everybody_makes_no_mail_fail() {
    let room = Room::new().await;
    room.apply(1, "Corner Shop").await;
    room.apply(2, "Other Shop").await;
    room.sink.greet_with(Some("554 no service here"));
    assert_eq!(room.send().await, 0);
    assert_eq!(count(&room.world, "SELECT COUNT(*) FROM notice WHERE state = 'queued'").await, 2);
    assert_eq!(count(&room.world, "SELECT COUNT(*) FROM notice WHERE attempts > 0").await, 1, "one try told all");
    room.sink.greet_with(None);
    room.world.clock.advance_ms(MINUTE_MS);
    assert_eq!((room.send().await, room.sink.taken().len()), (2, 2));
}

#[tokio::test]
async fn a_server_that_is_away_for_two_days_costs_no_mail() {
    let room = Room::new().await;
    room.apply(1, "Corner Shop").await;
    room.sink.greet_with(Some("554 no service here"));
    for _ in 0..48 {
        assert_eq!(room.send().await, 0);
        room.world.clock.advance_ms(60 * MINUTE_MS);
    }
    let waits = room.newest().await;
    assert_eq!((&waits["state"], &waits["attempts"]), (&json!("queued"), &json!(48)));
    room.sink.greet_with(None);
    assert_eq!((room.send().await, room.sink.taken().len()), (1, 1));
}

#[tokio::test]
async fn what_waits_too_long_is_given_up() {
    let room = Room::new().await;
    room.apply(1, "Corner Shop").await;
    for _ in 0..8 {
        room.sink.answer_next("451 4.3.0 try again later");
        assert_eq!(room.send().await, 1);
        room.world.clock.advance_ms(DAY_MS / 2);
    }
    run_jobs_once(&room.world.app).await;
    let given_up = room.newest().await;
    assert_eq!((&given_up["state"], &given_up["attempts"]), (&json!("given_up"), &json!(8)));
    let why = given_up["trouble"].as_str().expect("a reason");
    assert!(why.contains("3 days") && why.contains("451"), "{why}");
    assert_eq!(room.send().await, 0);

    // Nobody sends while mail is not set up any more.
    room.again(&given_up).await.expect(200);
    let without = room.world.open_again().await.expect("another process");
    assert_eq!(run_notices_once(&without).await, 0);
    room.world.clock.advance_ms(4 * DAY_MS);
    run_jobs_once(&without).await;
    let waited = "SELECT COUNT(*) FROM notice WHERE state = 'given_up' AND trouble LIKE '%3 days%'";
    assert_eq!(count(&room.world, waited).await, 1);
}

#[tokio::test]
async fn what_was_being_sent_when_mail_was_switched_off_is_given_up_as_well() {
    let room = Room::new().await;
    room.apply(1, "Corner Shop").await;
    let id: NoticeId = serde_json::from_value(room.newest().await["notice_id"].clone()).expect("id");
    notices::claim(&room.world.app, id.0).await.expect("a claim").expect("nobody has it");
    // It ends here, and begins again without a mail server.
    let without = room.world.open_again().await.expect("another process");
    room.world.clock.advance_ms(4 * DAY_MS);
    run_jobs_once(&without).await;
    let waited = "SELECT COUNT(*) FROM notice WHERE state = 'given_up' AND trouble LIKE '%3 days%'";
    assert_eq!(count(&room.world, waited).await, 1);
}

#[tokio::test]
async fn a_central_that_ends_after_sending_sends_the_same_mail_again() {
    let room = Room::new().await;
    room.apply(1, "Corner Shop").await;
    let id: NoticeId = serde_json::from_value(room.newest().await["notice_id"].clone()).expect("id");
    let held = notices::claim(&room.world.app, id.0).await.expect("a claim").expect("nobody has it");
    assert!(notices::claim(&room.world.app, id.0).await.expect("a claim").is_none(), "one at a time");
    let mailer = room.sink.mailer();
    mailer.connection().expect("a way").send(&held.mail()).await.expect("taken");
    // It ends here, before it noted that.
    assert_eq!(room.send().await, 0, "somebody seems to be at it");
    room.world.clock.advance_ms(6 * MINUTE_MS);
    assert_eq!(room.send().await, 1);
    let ids: Vec<String> = room.sink.taken().iter().map(|mail| mail.header("Message-ID")).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1], "its reader's program can tell");
    assert!(ids[0].contains(&id.to_string()));
    // Who comes back from the dead changes nothing.
    notices::mark(&room.world.app, &held, Ok(())).await.expect("noted or not");
    assert_eq!(room.newest().await["attempts"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_centrals_send_each_mail_once() {
    let room = Room::new().await;
    for n in 1..=6 {
        room.apply(n, &format!("Shop {n}")).await;
    }
    let other = room.world.open_again().await.expect("another process").with_mailer(Arc::new(room.sink.mailer()));
    let (ours, theirs) = tokio::join!(run_notices_once(&room.world.app), run_notices_once(&other));
    assert_eq!(ours + theirs, 6);
    let ids: BTreeSet<String> = room.sink.taken().iter().map(|mail| mail.header("Message-ID")).collect();
    assert_eq!((ids.len(), room.sink.taken().len()), (6, 6));
}

#[tokio::test]
async fn a_movement_is_told_once_and_not_to_who_does_without() {
    let room = Room::new().await;
    let shop = room.world.add_reseller("shop", None).await;
    let body = room.credit(shop, "bonus", 300).await;
    let path = format!("/api/v1/admin/resellers/{shop}/credits");
    room.world.post(&path, Some(&room.admin), &body).await.expect(200);
    assert_eq!(room.send().await, 1, "the same movement again is the same event");
    let told = room.sink.last();
    assert_eq!(told.header("Subject"), "Company of shop: your credit has changed");
    let text = told.text();
    assert!(text.contains("300 credits (bonus). Note: By bank") && text.contains("now have 300 credits"), "{text}");

    let owner = room.world.token("reseller", "shop").await;
    let choices = room.world.get(CHOICES, Some(&owner)).await.expect(200);
    assert_eq!(
        (choices.text("/to"), choices.body["choices"][0]["wanted"].clone()),
        ("shop@example.org".to_owned(), json!(true))
    );
    let off = json!({ "off": ["credit_moved"] });
    let saved = room.world.put(CHOICES, Some(&owner), &off).await.expect(200);
    let wanted = |kind: &str| {
        let choices = saved.body["choices"].as_array().expect("choices");
        choices.iter().find(|choice| choice["kind"] == kind).map(|choice| choice["wanted"] == true)
    };
    assert_eq!(
        (wanted("credit_moved"), wanted("low_credit"), wanted("application_approved")),
        (Some(false), Some(true), None)
    );
    room.credit(shop, "bonus", 5).await;
    assert_eq!(room.send().await, 0);
    let kept = json!({ "off": ["application_approved"] });
    assert_eq!(room.world.put(CHOICES, Some(&owner), &kept).await.expect(422).code(), "validation_failed");
    room.world.put(CHOICES, Some(&owner), &json!({ "off": [] })).await.expect(200);
    room.credit(shop, "debit", 5).await;
    assert_eq!(room.send().await, 1);
    assert!(room.sink.last().text().contains("-5 credits (debit)"));
    assert_eq!(count(&room.world, "SELECT COUNT(*) FROM audit WHERE action = 'notices.choose'").await, 2);
}

#[tokio::test]
async fn low_credit_is_told_once_for_each_crossing() {
    let room = Room::new().await;
    let shop = room.world.add_reseller("shop", None).await;
    let owner = room.world.token("reseller", "shop").await;
    room.world.put(CHOICES, Some(&owner), &json!({ "off": ["credit_moved"] })).await.expect(200);
    let look = async |told: u32| {
        for _ in 0..2 {
            run_jobs_once(&room.world.app).await;
        }
        assert_eq!(room.send().await, told);
    };
    room.credit(shop, "bonus", 300).await;
    look(0).await;
    room.credit(shop, "debit", 201).await;
    look(1).await;
    let text = room.sink.last().text();
    assert!(text.contains("99 credits left, which is less than 100 credits"), "{text}");
    room.credit(shop, "debit", 9).await;
    look(0).await;
    room.credit(shop, "bonus", 100).await;
    look(0).await;
    room.credit(shop, "debit", 100).await;
    look(1).await;
    room.world.put(CHOICES, Some(&owner), &json!({ "off": ["low_credit", "credit_moved"] })).await.expect(200);
    room.credit(shop, "bonus", 100).await;
    look(0).await;
    room.credit(shop, "debit", 100).await;
    look(0).await;
}

#[tokio::test]
async fn the_steps_of_a_payout_are_told() {
    let mut trade = Trade::new().await;
    let sink = Sink::new().await;
    trade.world.send_mail(sink.mailer());
    trade.earn(1, 25).await;
    let id = new_transfer();
    let wish = json!({ "payout_id": id, "method": "bank_transfer", "destination": "DE02 1203 0000 0000 2020 51" });
    trade.world.post("/api/v1/reseller/payouts", Some(&trade.owner), &wish).await.expect(200);
    for (step, body) in [
        ("approve", None),
        ("approve", None),
        ("sent", Some(json!({ "reference": "T-77" }))),
        ("fail", Some(json!({ "reason": "The account is closed" }))),
    ] {
        let path = format!("/api/v1/admin/payouts/{id}/{step}");
        call(&trade.world.router, "POST", &path, Some(&trade.finance), body.as_ref()).await.expect(200);
    }
    // Their wallets are low as well: nobody paid for anything yet.
    while run_notices_once(&trade.world.app).await > 0 {}
    let texts: Vec<String> = sink
        .taken()
        .iter()
        .filter(|mail| mail.header("Subject").contains("payout"))
        .map(super::mail_sink::Taken::text)
        .collect();
    assert_eq!(texts.len(), 3, "{texts:?}");
    assert!(
        texts.iter().any(|text| text.contains("Your payout of 50.00 EUR (Commission for November 2026) is approved"))
    );
    assert!(texts.iter().any(|text| text.contains("under: T-77")));
    assert!(texts.iter().any(|text| text.contains("The account is closed")));
}

#[tokio::test]
async fn words_are_checked_changed_and_put_back() {
    let room = Room::new().await;
    let save = async |version: u32, subject: &str, text: &str| {
        let words = json!({ "subject": subject, "text": text });
        room.save("application_received", &json!({ "version": version, "words": words })).await
    };
    for (subject, text, field) in [
        ("Hello {nobody}", "Text", "subject"),
        ("Hello", "Your password is {password}", "text"),
        ("Hello\r\nBcc: all@example.org", "Text", "subject"),
        ("", "Text", "subject"),
        ("Hello", " ", "text"),
    ] {
        let refused = save(0, subject, text).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), field, "{subject}");
    }
    let unknown = save(0, "Hello {nobody}", "Text").await.expect(422);
    assert!(unknown.text("/fields/0/message").contains("there is {operator}, {name}, {business}"), "{}", unknown.body);
    let path = format!("{TEMPLATES}/application_received/preview");
    let words = json!({ "subject": "سلام {name}", "text": "{business}" });
    let preview = room.world.post(&path, Some(&room.admin), &words).await.expect(200);
    assert_eq!(
        (preview.text("/subject"), preview.text("/text")),
        ("سلام Sam Sample".to_owned(), "Corner Shop\n".to_owned())
    );

    let saved = save(0, "سلام {name}", "{business}").await.expect(200);
    assert_eq!((&saved.body["version"], &saved.body["built_in"]), (&json!(1), &json!(false)));
    assert_eq!(save(0, "Late", "Text").await.expect(409).code(), "conflict");
    room.apply(1, "Corner Shop").await;
    let back = room.save("application_received", &json!({ "version": 1 })).await.expect(200);
    assert_eq!((&back.body["version"], &back.body["built_in"]), (&json!(2), &json!(true)));
    room.apply(2, "Other Shop").await;
    while room.send().await > 0 {}
    let subjects: BTreeSet<String> = room.sink.taken().iter().map(|mail| mail.header("Subject")).collect();
    let both = ["Lumen Networks has received your application", "سلام Sam Sample"].map(str::to_owned);
    assert_eq!(subjects, BTreeSet::from(both), "a mail keeps the words that it was written in");
    let all = room.world.get(TEMPLATES, Some(&room.admin)).await.expect(200);
    assert_eq!(all.body.as_array().map(Vec::len), Some(NoticeKind::ALL.len()));
    room.world.put(&format!("{TEMPLATES}/nothing"), Some(&room.admin), &json!({ "version": 0 })).await.expect(404);
    assert_eq!(count(&room.world, "SELECT COUNT(*) FROM audit WHERE action = 'notice_template.edit'").await, 2);
}

#[tokio::test]
async fn without_a_mail_server_nothing_waits() {
    let (world, sink) = (World::new().await, Sink::new().await);
    let admin = world.staff_token(StaffRole::Admin).await;
    let mut room = Room { world, sink, admin };
    room.apply(1, "Corner Shop").await;
    let approved = room.approve(1).await;
    assert!(approved.body["letter"].get("mailed").is_none());
    assert!(approved.text("/letter/text").contains("{server}"), "it is there to be copied");
    assert_eq!(count(&room.world, "SELECT COUNT(*) FROM notice").await, 0);
    let setup = room.world.get("/api/v1/admin/mail", Some(&room.admin)).await.expect(200);
    assert!(setup.body.get("server").is_none());
    let test = json!({ "to": "nina@example.org" });
    let refused = room.world.post("/api/v1/admin/mail/test", Some(&room.admin), &test).await.expect(409);
    assert_eq!(refused.code(), "wrong_state");
    run_jobs_once(&room.world.app).await;
    // Setting it up tells of nothing that was there before.
    let mailer = room.sink.mailer();
    room.world.send_mail(mailer);
    run_jobs_once(&room.world.app).await;
    assert_eq!((room.send().await, room.sink.taken().len()), (0, 0));
}

#[tokio::test]
async fn a_test_mail_says_what_is_wrong_and_fills_no_mailbox() {
    let mut room = Room::new().await;
    let test = async |room: &Room, to: &str| {
        room.world.post("/api/v1/admin/mail/test", Some(&room.admin), &json!({ "to": to })).await
    };
    assert_eq!(test(&room, "nina").await.expect(422).text("/fields/0/field"), "to");
    assert!(test(&room, "nina@example.org").await.expect(200).body.get("trouble").is_none());
    assert_eq!(room.sink.last().header("Subject"), "Lumen Networks: a test");
    room.sink.answer_next("550 5.1.1 no such user");
    assert!(test(&room, "nina@example.org").await.expect(200).text("/trouble").contains("no such user"));
    // Nobody listens at this port.
    room.world.send_mail(mailer(1));
    assert!(test(&room, "nina@example.org").await.expect(200).text("/trouble").contains("cannot be reached"));
    for _ in 3..10 {
        test(&room, "nina@example.org").await.expect(200);
    }
    assert_eq!(test(&room, "nina@example.org").await.expect(429).code(), "rate_limited");
    assert_eq!(count(&room.world, "SELECT COUNT(*) FROM notice").await, 0);
    assert_eq!(count(&room.world, "SELECT COUNT(*) FROM audit WHERE action = 'mail.test'").await, 10);
}
