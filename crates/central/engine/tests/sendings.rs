//! Sendings: who is reached is shown before, nothing goes out twice, and nobody becomes everybody by mistake.

use counterfoil_domain::ids::SendingId;
use counterfoil_stalker_fake::{Fault, Planned, Setup, When};
use serde_json::{Value, json};

use super::boxes::{Account, mac};
use super::portals::Served;
use super::proof::count;
use super::world::{Answer, foreign};
use crate::engine::audit::Actor;
use crate::engine::{App, restored, run_sendings_once, sendings};

const DAY_MS: i64 = 86_400_000;
const ID: &str = "0195c0de-0000-7000-8000-00000000aaaa";

impl Served {
    async fn reach(&self, to: &Value) -> Value {
        self.post("reach", &json!({ "to": to })).await.expect(200).body
    }

    async fn start(&self, what: &Value, to: &Value, reached: u64) -> Answer {
        self.start_as(ID, what, to, reached).await
    }

    async fn start_as(&self, id: &str, what: &Value, to: &Value, reached: u64) -> Answer {
        self.post("sendings", &json!({ "sending_id": id, "what": what, "to": to, "reached": reached })).await
    }

    async fn turn(&self) -> u32 {
        run_sendings_once(&self.world().app).await
    }

    /// Turn after turn, until nothing goes on.
    async fn send_all(&self) {
        while self.turn().await > 0 {}
    }

    async fn sending(&self) -> Value {
        let path = format!("/api/v1/admin/sendings/{ID}");
        self.world().get(&path, Some(&self.token().await)).await.expect(200).body
    }

    async fn cancel(&self) -> Value {
        let path = format!("/api/v1/admin/sendings/{ID}/cancel");
        self.world().post(&path, Some(&self.token().await), &json!({})).await.expect(200).body
    }

    fn posts(&self) -> Vec<String> {
        self.writes().into_iter().filter(|write| write.starts_with("POST ")).collect()
    }
}

fn these(accounts: &[Account]) -> Value {
    json!({ "kind": "these", "accounts": accounts.iter().map(|one| one.id.clone()).collect::<Vec<_>>() })
}

fn message() -> Value {
    json!({ "kind": "message", "text": "Maintenance tonight" })
}

/// State, served, failed, unknown, skipped.
fn figures(sending: &Value) -> (String, [u64; 4]) {
    let figure = |name: &str| sending[name].as_u64().expect("a figure");
    let state = sending["state"].as_str().expect("a state").to_owned();
    (state, [figure("served"), figure("failed"), figure("unknown"), figure("skipped")])
}

/// A process that stops at this moment of a turn.
async fn dies_over_it(app: &App, over: impl Fn() -> bool) {
    let app = app.clone();
    let dies = tokio::spawn(async move { run_sendings_once(&app).await });
    while !over() {
        tokio::task::yield_now().await;
    }
    dies.abort();
    assert!(dies.await.is_err_and(|error| error.is_cancelled()));
}

#[tokio::test]
async fn who_is_reached_is_told_with_those_who_are_not() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 7).await;
    served.change(&accounts[1].login, |user| user.mac.clear());
    served.change(&accounts[2].login, |user| user.mac = "001a79bb0003".to_owned());
    served.change(&accounts[3].login, |user| user.mac = "00:1A:79:00:00:01".to_owned());
    served.change(&accounts[4].login, |user| user.mac = mac(6));
    served.change(&accounts[6].login, |user| user.login = "renamed".to_owned());
    let reach = served.reach(&json!({ "kind": "linked" })).await;
    let problem = |number: usize, mac: &str, why: &str, others: &[&str]| json!({ "username": accounts[number].login, "mac": mac, "why": why, "shared_with": others });
    let problems = [
        problem(2, "001a79bb0003", "misspelt", &[]),
        problem(3, "00:1A:79:00:00:01", "shared", &["user000001"]),
        problem(4, &mac(6), "shared", &[&accounts[5].login]),
        problem(5, &mac(6), "shared", &[&accounts[4].login]),
    ];
    assert_eq!(
        reach,
        json!({ "chosen": 7, "reached": 1, "not_linked": 0, "missing": 1, "without_box": 1, "unusable": 4,
            "problems": problems })
    );
    // One who is named twice is one, and a stranger is nobody.
    let mut to = these(&accounts[..1]);
    let id = to["accounts"][0].clone();
    to["accounts"] = json!([id, id, foreign()]);
    let reach = served.reach(&to).await;
    assert_eq!((&reach["chosen"], &reach["reached"], &reach["not_linked"]), (&json!(2), &json!(1), &json!(1)));
    assert!(served.posts().is_empty(), "nothing is sent");
}

#[tokio::test]
async fn a_choice_reaches_its_accounts_and_nobody_else() {
    let (served, accounts) = Served::with_boxes(Setup::ministra(), 3).await;
    let (shop, plans) = (served.shop.reseller, served.shop.plans);
    for (to, reached) in [
        (json!({ "kind": "reseller", "reseller_id": shop }), 3),
        (json!({ "kind": "plan", "plan_id": plans[0] }), 3),
        (json!({ "kind": "plan", "plan_id": plans[1] }), 0),
        (json!({ "kind": "state", "state": "agreed" }), 3),
        (json!({ "kind": "state", "state": "attention" }), 0),
        (json!({ "kind": "linked" }), 3),
        (json!({ "kind": "everybody" }), 6),
    ] {
        assert_eq!(served.reach(&to).await["reached"], reached, "{to}");
    }
    served.post("reach", &json!({ "to": { "kind": "reseller", "reseller_id": foreign() } })).await.expect(404);
    served.post("reach", &json!({ "to": { "kind": "these", "accounts": [] } })).await.expect(422);

    let to = these(&accounts[..2]);
    served.start(&message(), &to, 2).await.expect(200);
    assert!(served.events().is_empty(), "it is sent by and by");
    served.send_all().await;
    let told = |account: &Account| (account.login.clone(), "send_msg".to_owned(), "Maintenance tonight".to_owned());
    assert_eq!(served.events(), [told(&accounts[0]), told(&accounts[1])]);
    assert_eq!(figures(&served.sending().await), ("done".to_owned(), [2, 0, 0, 0]));
    // The same again is the same sending, and another one under its id is none.
    assert_eq!(figures(&served.start(&message(), &to, 2).await.expect(200).body).0, "done");
    assert_eq!(served.start(&json!({ "kind": "reboot" }), &to, 2).await.expect(409).code(), "id_reused");
    served.send_all().await;
    assert_eq!(served.events().len(), 2);
}

#[tokio::test]
async fn nothing_is_sent_when_others_are_reached_than_were_shown() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 3).await;
    let to = json!({ "kind": "linked" });
    assert_eq!(served.reach(&to).await["reached"], 3);
    served.change(&accounts[0].login, |user| user.mac.clear());
    let refused = served.start(&message(), &to, 3).await.expect(409);
    assert_eq!(refused.code(), "conflict");
    assert!(refused.text("/detail").contains("2 accounts"), "{}", refused.body);
    served.send_all().await;
    assert!(served.posts().is_empty());
    assert_eq!(count(served.world(), "SELECT COUNT(*) FROM sending").await, 0);
}

#[tokio::test]
async fn accounts_without_boxes_or_numbers_never_become_everybody() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 2).await;
    for account in &accounts {
        served.change(&account.login, |user| {
            user.mac.clear();
            user.ls.clear();
        });
    }
    for what in [message(), json!({ "kind": "reboot" }), json!({ "kind": "cut_off" })] {
        let refused = served.start(&what, &these(&accounts), 0).await.expect(409);
        assert_eq!(refused.code(), "wrong_state", "{}", refused.body);
    }
    // They lose their boxes after they were shown and before it is sent.
    served.change(&accounts[0].login, |user| user.mac = mac(1));
    served.change(&accounts[1].login, |user| user.mac = mac(2));
    served.start(&message(), &these(&accounts), 2).await.expect(200);
    served.change(&accounts[0].login, |user| user.mac.clear());
    served.change(&accounts[1].login, |user| user.mac.clear());
    served.send_all().await;
    assert_eq!(figures(&served.sending().await), ("done".to_owned(), [0, 0, 0, 2]));
    assert!(served.posts().is_empty() && served.events().is_empty());
}

#[tokio::test]
async fn a_box_that_has_become_somebody_elses_is_passed_over() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 3).await;
    served.start(&message(), &these(&accounts), 3).await.expect(200);
    served.change(&accounts[0].login, |user| user.mac.clear());
    served.change("user000001", |user| user.mac = mac(1));
    served.change("user000002", |user| user.mac = mac(2));
    served.send_all().await;
    let told: Vec<_> = served.events().into_iter().map(|(login, ..)| login).collect();
    assert_eq!(told, [accounts[2].login.clone()]);
    let sending = served.sending().await;
    assert_eq!(figures(&sending), ("done".to_owned(), [1, 0, 0, 2]));
    assert_eq!(sending["unserved"][0]["username"], accounts[0].login);
    assert!(sending["unserved"][0]["detail"].as_str().is_some_and(|detail| detail.contains("another account's")));
    assert!(sending["unserved"][1]["detail"].as_str().is_some_and(|detail| detail.contains("Several")));
}

#[tokio::test]
async fn everybody_is_reached_only_by_whoever_types_the_portals_name() {
    let (served, _) = Served::with_boxes(Setup::stalker(), 2).await;
    let to = json!({ "kind": "everybody" });
    let reach = served.reach(&to).await;
    assert_eq!((&reach["reached"], &reach["chosen"]), (&json!(5), &json!(2)));
    let start = |confirmed: Option<&'static str>| {
        let asked = json!({ "sending_id": ID, "what": message(), "to": to, "reached": 5, "confirmed": confirmed });
        async {
            let asked = asked;
            served.post("sendings", &asked).await
        }
    };
    for confirmed in [None, Some(""), Some("main"), Some("Other")] {
        assert_eq!(start(confirmed).await.expect(422).text("/fields/0/field"), "confirmed", "{confirmed:?}");
    }
    let packages = json!({ "kind": "subscribe", "packages": ["VOD1"] });
    let asked = json!({ "sending_id": ID, "what": packages, "to": to, "reached": 5, "confirmed": "Main" });
    assert_eq!(served.post("sendings", &asked).await.expect(422).text("/fields/0/field"), "what");
    start(Some(" Main ")).await.expect(200);
    served.send_all().await;
    assert_eq!(served.events().len(), 5);
    assert_eq!(served.posts().len(), 1);
    assert_eq!(figures(&served.sending().await), ("done".to_owned(), [5, 0, 0, 0]));
}

#[tokio::test]
async fn what_frees_a_box_is_not_done_to_many() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 2).await;
    for kind in ["reset_device", "sign_in_again"] {
        let refused = served.start(&json!({ "kind": kind }), &these(&accounts), 2).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), "what");
    }
}

/// It stops after the batch was begun: once before the portal has done anything, once after.
#[tokio::test]
async fn what_a_crash_leaves_begun_is_never_sent_again() {
    for (when, done) in [(When::Before, 0), (When::After, 2)] {
        let (served, accounts) = Served::with_boxes(Setup::stalker(), 2).await;
        served.start(&message(), &these(&accounts), 2).await.expect(200);
        served.fake.plan(Planned { when, ..Planned::lost_answer("POST", Fault::Silence) });
        let sent = || served.fake.state().requests.iter().any(|request| request.method == "POST");
        dies_over_it(&served.world().app, sent).await;
        assert_eq!(count(served.world(), "SELECT COUNT(*) FROM sending_batch WHERE state = 'begun'").await, 1);
        assert_eq!(served.turn().await, 0, "it is claimed");
        served.world().clock.advance_ms(6 * 60_000);
        served.send_all().await;
        assert_eq!((served.posts().len(), served.events().len()), (1, done), "{when:?}");
        let sending = served.sending().await;
        assert_eq!(figures(&sending), ("done".to_owned(), [0, 0, 2, 0]));
        assert_eq!(sending["unserved"][1]["username"], accounts[1].login);
        assert_eq!(sending["unserved"][1]["outcome"], "unknown");
    }
}

#[tokio::test]
async fn a_lost_answer_is_told_as_unknown_and_not_sent_again() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 2).await;
    for (to, reached, confirmed) in [(these(&accounts), 2, None), (json!({ "kind": "everybody" }), 5, Some("Main"))] {
        let id = uuid::Uuid::from_u128(0xbbbb_0000 + reached);
        served.fake.plan(Planned::lost_answer("POST", Fault::GatewayTimeout));
        let asked =
            json!({ "sending_id": id, "what": message(), "to": to, "reached": reached, "confirmed": confirmed });
        served.post("sendings", &asked).await.expect(200);
        served.send_all().await;
        served.world().clock.advance_ms(DAY_MS / 2);
        served.send_all().await;
        assert_eq!(served.posts().len(), 1, "{to}");
        let path = format!("/api/v1/admin/sendings/{id}");
        let sending = served.world().get(&path, Some(&served.token().await)).await.expect(200).body;
        let reached = u64::try_from(reached).expect("a figure");
        assert_eq!(figures(&sending), ("done".to_owned(), [0, 0, reached, 0]));
    }
}

#[tokio::test]
async fn a_portal_that_is_away_gets_it_later_and_leaves_nothing_unknown() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 2).await;
    served.start(&message(), &these(&accounts), 2).await.expect(200);
    served.fake.plan(Planned::always(Fault::ApiDisabled));
    served.send_all().await;
    let sending = served.sending().await;
    assert_eq!(figures(&sending), ("waiting".to_owned(), [0, 0, 0, 0]));
    assert_eq!(sending["trouble"]["code"], "api_disabled");
    assert_eq!(served.read().await["trouble"]["code"], "api_disabled", "the portal rests for all");
    served.fake.heal();
    served.send_all().await;
    assert!(served.events().is_empty(), "it rests");
    served.world().clock.advance_ms(60_000);
    served.send_all().await;
    let sending = served.sending().await;
    assert_eq!(figures(&sending), ("done".to_owned(), [2, 0, 0, 0]));
    assert!(sending.get("trouble").is_none());
    assert!(served.read().await.get("trouble").is_none());
    assert_eq!(served.events().len(), 2);
}

/// The call itself was refused before the portal did anything.
#[tokio::test]
async fn what_was_certainly_not_sent_is_sent_later() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 2).await;
    served.start(&message(), &these(&accounts), 2).await.expect(200);
    served.fake.plan(Planned { when: When::Before, ..Planned::lost_answer("POST", Fault::ApiDisabled) });
    served.send_all().await;
    assert_eq!(figures(&served.sending().await), ("sending".to_owned(), [0, 0, 0, 0]));
    served.world().clock.advance_ms(60_000);
    served.send_all().await;
    assert_eq!(figures(&served.sending().await), ("done".to_owned(), [2, 0, 0, 0]));
    assert_eq!(served.events().len(), 2);
}

#[tokio::test]
async fn a_message_of_yesterday_is_not_sent_any_more() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 2).await;
    served.start(&message(), &these(&accounts), 2).await.expect(200);
    served.edit(|portal| portal["status"] = json!("paused")).await.expect(200);
    served.send_all().await;
    assert_eq!(served.sending().await["state"], "waiting", "a paused portal is left alone");
    served.world().clock.advance_ms(DAY_MS);
    served.edit(|_| ()).await.expect(200);
    served.send_all().await;
    assert_eq!(figures(&served.sending().await), ("expired".to_owned(), [0, 0, 0, 0]));
    assert!(served.posts().is_empty());
}

#[tokio::test]
async fn what_is_cancelled_in_the_middle_stays_where_it_is() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 103).await;
    served.start(&message(), &these(&accounts), 103).await.expect(200);
    assert_eq!(served.turn().await, 1);
    assert_eq!(figures(&served.sending().await), ("sending".to_owned(), [100, 0, 0, 0]));
    let cancelled = served.cancel().await;
    assert_eq!(figures(&cancelled), ("cancelled".to_owned(), [100, 0, 0, 0]));
    served.send_all().await;
    served.world().clock.advance_ms(DAY_MS);
    served.send_all().await;
    assert_eq!((served.events().len(), served.posts().len()), (100, 1));
    assert_eq!(served.cancel().await["ended_at"], cancelled["ended_at"], "twice is once");
}

/// Cancelled while a process is at a batch and dies over it.
#[tokio::test]
async fn a_cancelled_sending_tells_what_is_unknown() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 2).await;
    served.start(&message(), &these(&accounts), 2).await.expect(200);
    served.fake.plan(Planned::lost_answer("POST", Fault::Silence));
    let sent = || served.events().len() == 2;
    dies_over_it(&served.world().app, sent).await;
    served.cancel().await;
    served.world().clock.advance_ms(6 * 60_000);
    served.send_all().await;
    assert_eq!(figures(&served.sending().await), ("cancelled".to_owned(), [0, 0, 2, 0]));
    assert_eq!(served.events().len(), 2);
}

#[tokio::test]
async fn packages_of_many_are_read_back_and_taken_up_after_a_crash() {
    let (served, accounts) = Served::with_boxes(Setup::ministra(), 6).await;
    served.change(&accounts[5].login, |user| user.tariff_plan_id = 1);
    let what = json!({ "kind": "subscribe", "packages": ["VOD1"] });
    served.start(&what, &these(&accounts), 6).await.expect(200);
    served.fake.plan(Planned { when: When::Before, ..Planned::lost_answer("PUT", Fault::Silence) });
    let stuck = || {
        let state = served.fake.state();
        state.faults.is_empty() && state.tables.users().filter(|user| user.packages == [3]).count() == 3
    };
    dies_over_it(&served.world().app, stuck).await;
    served.world().clock.advance_ms(6 * 60_000);
    served.send_all().await;
    let sending = served.sending().await;
    assert_eq!(figures(&sending), ("done".to_owned(), [5, 1, 0, 0]));
    assert_eq!(sending["unserved"][0]["username"], accounts[5].login, "its tariff has no such package");
    let with = served.fake.state().tables.users().filter(|user| user.packages == [3]).count();
    assert_eq!(with, 5);
}

#[tokio::test]
async fn of_two_processes_one_sends_a_batch() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 103).await;
    let other = served.world().open_again().await.expect("a second process");
    served.start(&message(), &these(&accounts), 103).await.expect(200);
    for _ in 0..4 {
        tokio::join!(run_sendings_once(&served.world().app), run_sendings_once(&other));
    }
    assert_eq!(figures(&served.sending().await), ("done".to_owned(), [103, 0, 0, 0]));
    assert_eq!((served.events().len(), served.posts().len()), (103, 2));
    other.close().await;
}

#[tokio::test]
async fn a_restored_central_sends_nothing_of_before() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 2).await;
    served.start(&message(), &these(&accounts), 2).await.expect(200);
    restored(&served.world().app).await.expect("restored");
    served.send_all().await;
    assert_eq!(figures(&served.sending().await), ("cancelled".to_owned(), [0, 0, 2, 0]));
    assert!(served.posts().is_empty());
}

#[tokio::test]
async fn sendings_are_listed_with_the_newest_first() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 1).await;
    for number in 1..=3_u128 {
        let id = uuid::Uuid::from_u128(number).to_string();
        served.start_as(&id, &json!({ "kind": "reboot" }), &these(&accounts), 1).await.expect(200);
        served.world().clock.advance_ms(1_000);
    }
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let page = served.get(&format!("/sendings?limit=2{after}")).await.expect(200).body;
        seen.extend(page["items"].as_array().expect("rows").iter().map(|row| row["sending_id"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    let ids: Vec<_> = [3, 2, 1].map(uuid::Uuid::from_u128).into_iter().map(|id| json!(id)).collect();
    assert_eq!(seen, ids);
    // Another operator sees nothing of it.
    let other = served.world().other_operator().await;
    let id = SendingId(uuid::Uuid::from_u128(1));
    let mut reader = served.world().app.reader().await.expect("a reader");
    assert!(sendings::get(&mut reader, other, id).await.is_err());
    drop(reader);
    assert!(sendings::cancel(&served.world().app, other, &Actor::system(), id).await.is_err());
}
