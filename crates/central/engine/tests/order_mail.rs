//! Who is told what of an order by mail: the customer of each step and nobody else's, the reseller of what waits, once each,
//! and nothing waits for a mail server.

use serde_json::{Value, json};

use super::desk::Desk;
use super::fulfilments::delivered;
use super::mail_sink::Sink;
use super::orders::{OWN, ending, id};
use super::proof::count;
use super::stall::{Sold, Stall, euros};
use super::world::call;
use crate::engine::{run_jobs_once, run_notices_once};

const DAY_MS: i64 = 86_400_000;

/// A mail as its reader sees it.
#[derive(Debug)]
struct Letter {
    to: String,
    subject: String,
    text: String,
}

/// A stall whose Central sends mail.
struct Post {
    stall: Stall,
    sink: Sink,
    /// Letters that were looked at.
    read: usize,
}

impl Post {
    async fn new() -> Self {
        let (mut stall, sink) = (Stall::new().await, Sink::new().await);
        stall.world.send_mail(sink.mailer());
        Self { stall, sink, read: 0 }
    }

    /// What came since this was asked before.
    async fn came(&mut self) -> Vec<Letter> {
        while run_notices_once(&self.stall.world.app).await > 0 {}
        let taken = self.sink.taken();
        let new = taken[self.read..].iter().map(|mail| Letter {
            to: mail.recipients.join(" ").replace("RCPT TO:", ""),
            subject: mail.header("Subject"),
            text: mail.text(),
        });
        let new = new.collect();
        self.read = taken.len();
        new
    }

    /// Takes a step twice, as somebody who did not hear the answer.
    async fn twice(&self, sold: &Sold, step: &str, body: &Value) {
        for _ in 0..2 {
            self.stall.world.post(&format!("{}/{step}", sold.path), Some(&self.stall.owner), body).await.expect(200);
        }
    }

    async fn page(&self, sold: &Sold) -> Value {
        self.stall.detail(&self.stall.owner, sold).await["customer_path"].clone()
    }
}

/// The one letter that came, to Ada, with the address of her order's page; nothing that opens anything else.
#[track_caller]
fn told_ada(letters: &[Letter], sold: &Sold, page: &Value, words: &[&str]) {
    let [letter] = letters else { panic!("one letter: {letters:?}") };
    let contract = sold.path.rsplit('/').next().expect("a contract");
    assert_eq!(letter.to, "<ada@mail.example>");
    assert!(letter.subject.contains(contract), "{letter:?}");
    let link = format!("https://central.lumen.example{}", page.as_str().expect("a page"));
    for words in words.iter().chain(&["Dear Ada Ames,", link.as_str(), "Company of shop"]) {
        assert!(letter.text.contains(words), "{words}: {letter:?}");
    }
    assert_eq!(letter.text.matches("/order/").count(), 1, "no page but this one's");
    for secret in ["amber-17", "{", "}"] {
        assert!(!letter.text.contains(secret) && !letter.subject.contains(secret), "{secret}: {letter:?}");
    }
}

#[tokio::test]
async fn the_customer_is_told_of_each_step_once_and_what_opens_something_stands_on_the_page() {
    let mut post = Post::new().await;
    let mut desk = Desk::enrol(&post.stall.world, &post.stall.owner, 1).await;
    let sold = post.stall.order(&post.stall.owner, 3, true).await;
    post.stall.order_under(sold.id, &post.stall.owner, 3, true).await;
    let page = post.page(&sold).await;
    let placed = post.came().await;
    told_ada(&placed, &sold, &page, &["3 × Cinema, 4K", "Total: 33.60 EUR", "nothing was charged"]);

    let pay = json!({ "step_id": id(), "method": "cash", "reference": "R-7" });
    let submit = json!({ "step_id": id(), "external_id": "NL-4711" });
    let part = json!({ "step_id": id(), "units": 1, "details": { "login": "amber-17" } });
    let steps = [
        ("pay", pay, "your payment of 33.60 EUR"),
        ("submit", submit, "has asked for the delivery"),
        ("fulfill", part, "1 now, that makes 1 of 3"),
    ];
    for (step, body, words) in &steps {
        post.twice(&sold, step, body).await;
        let letters = post.came().await;
        told_ada(&letters, &sold, &page, &[*words]);
    }
    // A device in the field records the rest, and does not hear the answer.
    desk.log(delivered(sold.id, 2));
    let request = desk.request(None);
    desk.push(&post.stall.world).await;
    desk.push_request(&post.stall.world, &request).await.expect(200);
    let letters = post.came().await;
    told_ada(&letters, &sold, &page, &["2 now, that makes 3 of 3"]);
    for (amount, words) in [(1_000, "given you back 10.00 EUR"), (2_360, "That makes 33.60 EUR in all")] {
        let body = json!({ "refund_id": id(), "amount": euros(amount), "reason": "Two were late" });
        post.twice(&sold, "refund", &body).await;
        let letters = post.came().await;
        told_ada(&letters, &sold, &page, &[words, "Two were late"]);
    }
    assert_eq!(count(&post.stall.world, "SELECT COUNT(*) FROM notice").await, 7);
}

#[tokio::test]
async fn an_end_is_told_with_its_reason_and_a_draft_was_promised_to_nobody() {
    let mut post = Post::new().await;
    let draft = post.stall.order(&post.stall.owner, 1, false).await;
    post.twice(&draft, "cancel", &ending("Never mind")).await;
    assert!(post.came().await.is_empty());

    let cancelled = post.stall.order(&post.stall.owner, 1, true).await;
    let failed = post.stall.paid(&post.stall.owner, 2).await;
    post.came().await;
    let page = post.page(&cancelled).await;
    post.twice(&cancelled, "cancel", &ending("The shop closes in May")).await;
    let letters = post.came().await;
    told_ada(&letters, &cancelled, &page, &["The shop closes in May", "you owe nothing"]);
    let page = post.page(&failed).await;
    post.twice(&failed, "fail", &ending("No signal there")).await;
    let letters = post.came().await;
    told_ada(&letters, &failed, &page, &["No signal there", "gives you back what you paid"]);
}

#[tokio::test]
async fn a_reminder_is_the_resellers_and_opens_nothing() {
    let mut post = Post::new().await;
    // What somebody types as a name is no place for an address.
    let body = json!({ "order_id": id(), "offering_id": post.stall.offering, "quantity": 1, "place": true,
        "customer": { "name": "{link} {contract}", "email": "ada@mail.example" } });
    let placed = post.stall.world.post(OWN, Some(&post.stall.owner), &body).await.expect(200);
    let (contract, page) = (placed.text("/order/contract_id"), placed.text("/customer_path"));
    post.came().await;
    for (days, reminders) in [(1, 1), (0, 0), (2, 1), (4, 1), (30, 0)] {
        post.stall.world.clock.advance_ms(days * DAY_MS);
        for _ in 0..2 {
            run_jobs_once(&post.stall.world.app).await;
        }
        let letters = post.came().await;
        let letters: Vec<_> = letters.iter().filter(|letter| letter.subject.contains(&contract)).collect();
        assert_eq!(letters.len(), reminders, "after {days} days more: {letters:?}");
        for letter in letters {
            assert_eq!(letter.to, "<shop@example.org>");
            assert!(
                letter.text.contains("Record the payment") && letter.text.contains("Northlight Media"),
                "{letter:?}"
            );
            assert!(!letter.text.contains(&page) && !letter.text.contains("/order/"), "{letter:?}");
        }
    }
}

#[tokio::test]
async fn a_broken_mail_server_holds_no_step_up_and_everything_is_told_later() {
    let mut post = Post::new().await;
    post.sink.greet_with(Some("554 no service here"));
    let sold = post.stall.paid(&post.stall.owner, 1).await;
    assert!(post.came().await.is_empty());
    post.stall.deliver(&sold, 1).await.expect(200);
    let order = post.stall.detail(&post.stall.owner, &sold).await["order"].clone();
    assert_eq!((&order["state"], &order["delivered"]), (&json!("fulfilled"), &json!(1)));
    assert!(post.came().await.is_empty());
    let waiting = "SELECT COUNT(*) FROM notice WHERE state = 'queued'";
    assert_eq!(count(&post.stall.world, waiting).await, 3);

    post.sink.greet_with(None);
    post.stall.world.clock.advance_ms(3_600_000);
    let mut told: Vec<String> = post.came().await.into_iter().map(|letter| letter.subject).collect();
    told.sort_unstable();
    let contract = order["contract_id"].as_str().expect("a contract");
    let expected = [
        format!("Your order {contract} at Company of shop"),
        format!("Your order {contract}: delivered"),
        format!("Your order {contract}: paid"),
    ];
    assert_eq!(told, expected);
    // A mailbox that refuses one mail stops no other.
    post.stall.later(0).await;
    post.sink.answer_next("550 no such mailbox");
    post.stall.paid(&post.stall.owner, 1).await;
    assert_eq!(post.came().await.len(), 1);
    let refused =
        call(&post.stall.world.router, "GET", "/api/v1/admin/notices?state=failed", Some(&post.stall.staff), None);
    assert_eq!(refused.await.expect(200).body["items"].as_array().map(Vec::len), Some(1));
}
