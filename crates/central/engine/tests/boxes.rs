//! The box of one account: shown as its portal has it, and told something without anybody else hearing it.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::AccountId;
use counterfoil_stalker_fake::{Fault, Planned, Setup};
use serde_json::{Value, json};

use super::portals::Served;
use super::proof::count;
use super::world::{Answer, START};

/// An account of ours on the portal.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) login: String,
}

impl Served {
    /// This many accounts of the first plan, on the portal and each with a box: `00:1A:79:BB:00:01` and so on.
    pub(super) async fn with_boxes(setup: Setup, accounts: u8) -> (Self, Vec<Account>) {
        let served = Self::with(setup).await;
        let stock = served.shop.desk.lease(served.world(), i64::from(accounts) * 30).await;
        for account in 1..=accounts {
            served.shop.redeem(&stock.code(0, u32::from(account)), account).await.expect(200);
            // Nobody redeems so many at once.
            served.world().clock.advance_ms(60_000);
        }
        assert_eq!(served.provision().await, u32::from(accounts));
        let text = |row: &Value, name: &str| row[name].as_str().expect("a text").to_owned();
        let rows = served.get("/accounts?limit=500").await.expect(200).body["items"].clone();
        let accounts: Vec<_> = rows
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| Account { id: text(row, "account_id"), login: text(row, "username") })
            .collect();
        for (number, account) in accounts.iter().enumerate() {
            served.change(&account.login, |user| user.mac = mac(number + 1));
        }
        served.fake.asked();
        (served, accounts)
    }

    /// What boxes would fetch, by login: whose, what, and the text.
    pub(super) fn events(&self) -> Vec<(String, String, String)> {
        let state = self.fake.state();
        let login = |id: u32| state.tables.users().find(|user| user.id == id).map(|user| user.login.clone());
        let events = state.tables.events.iter();
        let mut events: Vec<_> = events
            .map(|one| (login(one.user_id).unwrap_or_default(), one.event.clone(), one.message.clone()))
            .collect();
        events.sort();
        events
    }

    async fn look_at(&self, account: &Account) -> Answer {
        self.get(&format!("/accounts/{}/box", account.id)).await
    }

    async fn act(&self, account: &Account, action: &Value) -> Answer {
        self.post(&format!("accounts/{}/box", account.id), &json!({ "action": action })).await
    }
}

pub(super) fn mac(number: usize) -> String {
    format!("00:1A:79:BB:{:02X}:{:02X}", number / 256, number % 256)
}

fn message(text: &str) -> Value {
    json!({ "kind": "message", "text": text })
}

#[tokio::test]
async fn a_box_is_shown_as_its_portal_has_it() {
    let (served, accounts) = Served::with_boxes(Setup::ministra(), 1).await;
    let shown = served.look_at(&accounts[0]).await.expect(200).body;
    assert_eq!(shown["username"], accounts[0].login);
    assert_eq!((&shown["mac"], &shown["address"]), (&json!(mac(1)), &json!("usable")));
    assert_eq!((&shown["enabled"], &shown["shared_with"]), (&json!(true), &json!([])));
    assert_eq!(shown["end_date"], "2026-12-22 00:00:00", "by the portal's own clock");
    assert_eq!(shown["tariff"], json!({ "external_id": "T2", "name": "Премиум" }));
    assert_eq!((&shown["plan"]["name"], &shown["plan"]["tariff"]), (&json!("Month"), &json!("T2")));
    let package = |id: &str, name: &str, optional: bool| json!({ "external_id": id, "name": name, "optional": optional, "subscribed": false });
    let packages =
        [package("BASE", "Base TV", false), package("HBO", "HBO pack", false), package("VOD1", "Single VOD", true)];
    assert_eq!(shown["packages"], json!(packages));
    assert!(served.writes().is_empty());
}

#[tokio::test]
async fn each_order_reaches_this_box_and_no_other() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 3).await;
    let own = &accounts[1];
    for (action, event) in [
        (message("Maintenance tonight"), "send_msg"),
        (json!({ "kind": "reboot" }), "reboot"),
        (json!({ "kind": "reload_portal" }), "reload_portal"),
        (json!({ "kind": "update_channels" }), "update_channels"),
        (json!({ "kind": "cut_off" }), "cut_off"),
    ] {
        served.fake.state().tables.events.clear();
        served.writes();
        assert_eq!(served.act(own, &action).await.expect(200).body, json!({ "outcome": "queued" }), "{action}");
        let text = action["text"].as_str().unwrap_or_default();
        assert_eq!(served.events(), [(own.login.clone(), event.to_owned(), text.to_owned())]);
        assert_eq!(served.writes().len(), 1, "one write and no more");
    }
    let off = served.fake.state().tables.user(&own.login).map(|user| user.off);
    assert_eq!(off, Some(false), "cut off is not switched off");
    let done = served.act(own, &json!({ "kind": "sign_in_again" })).await.expect(200);
    assert_eq!(done.body["outcome"], "done");
    let asked = "SELECT COUNT(*) FROM audit WHERE action = 'portal.box'";
    assert_eq!(count(served.world(), asked).await, 6, "who asked for it is known");
}

#[tokio::test]
async fn a_box_that_cannot_be_addressed_is_named_and_left_alone() {
    let (served, accounts) = Served::with_boxes(Setup::stalker(), 1).await;
    let account = &accounts[0];
    for (stored, why, says) in [
        ("", "no_box", "has no box"),
        ("001a79bb0001", "misspelt", "001a79bb0001"),
        ("HELLO-WORLD-12345", "junk", "HELLO-WORLD-12345"),
        // The first of those that were there before.
        ("00:1A:79:00:00:01", "shared", "user000001"),
    ] {
        served.change(&account.login, |user| user.mac = stored.to_owned());
        assert_eq!(served.look_at(account).await.expect(200).body["address"], why);
        for action in [message("Hello"), json!({ "kind": "reset_device" }), json!({ "kind": "cut_off" })] {
            let refused = served.act(account, &action).await.expect(409);
            assert_eq!(refused.code(), "wrong_state");
            assert!(refused.text("/detail").contains(says), "{why}: {}", refused.body);
        }
    }
    assert!(served.writes().is_empty(), "nothing is sent, least of all to everybody");
    assert!(served.events().is_empty());
}

#[tokio::test]
async fn a_lost_answer_stays_unknown_and_is_not_sent_again() {
    for action in [message("Hello"), json!({ "kind": "reboot" })] {
        let (served, accounts) = Served::with_boxes(Setup::stalker(), 1).await;
        served.fake.plan(Planned::lost_answer("POST", Fault::Nothing));
        let told = served.act(&accounts[0], &action).await.expect(200).body;
        assert_eq!((&told["outcome"], &told["trouble"]["code"]), (&json!("unknown"), &json!("empty_answer")));
        assert_eq!((served.events().len(), served.writes().len()), (1, 1));
    }
}

#[tokio::test]
async fn a_device_is_reset_whatever_becomes_of_the_answer() {
    for lost in [false, true] {
        let (served, accounts) = Served::with_boxes(Setup::stalker(), 2).await;
        if lost {
            served.fake.plan(Planned::lost_answer("PUT", Fault::Nothing).on("stb_auth"));
        }
        let told = served.act(&accounts[0], &json!({ "kind": "reset_device" })).await.expect(200).body;
        assert_eq!(told, json!({ "outcome": "done" }), "it was seen");
        let macs: Vec<_> = accounts
            .iter()
            .map(|one| served.fake.state().tables.user(&one.login).map(|user| user.mac.clone()).unwrap_or_default())
            .collect();
        assert_eq!(macs, [String::new(), mac(2)]);
    }
}

#[tokio::test]
async fn packages_are_read_back_and_never_claimed_where_they_are_not() {
    let (served, accounts) = Served::with_boxes(Setup::ministra(), 2).await;
    let account = &accounts[0];
    let change = |kind: &str, package: &str| json!({ "kind": kind, "packages": [package] });
    served.fake.plan(Planned::lost_answer("PUT", Fault::Nothing).on("account_subscription"));
    // The answer is lost, and a look shows what was done.
    assert_eq!(served.act(account, &change("subscribe", "VOD1")).await.expect(200).body["outcome"], "done");
    assert_eq!(served.look_at(account).await.expect(200).body["packages"][2]["subscribed"], true);
    served.writes();
    assert_eq!(served.act(account, &change("subscribe", "VOD1")).await.expect(200).body["outcome"], "done");
    assert!(served.writes().is_empty(), "it has it already");
    // Part of the tariff, and no customer chooses it.
    let refused = served.act(account, &change("subscribe", "HBO")).await.expect(409);
    assert!(refused.text("/detail").contains("optional"), "{}", refused.body);
    assert_eq!(served.act(account, &change("unsubscribe", "VOD1")).await.expect(200).body["outcome"], "done");
    assert!(served.fake.state().tables.users().all(|user| user.packages.is_empty()));
}

#[tokio::test]
async fn what_is_not_on_the_portal_or_cannot_be_asked_is_told() {
    let (served, accounts) = Served::with_boxes(Setup::ministra(), 1).await;
    let account = &accounts[0];
    let nobody = Account { id: mint::<AccountId>(START).to_string(), login: String::new() };
    served.look_at(&nobody).await.expect(404);
    served.act(&nobody, &message("Hello")).await.expect(404);
    let wrong = served.act(account, &message("Hello 😀")).await.expect(422);
    assert_eq!(wrong.text("/fields/0/field"), "text");

    served.edit(|portal| portal["status"] = json!("paused")).await.expect(200);
    served.look_at(account).await.expect(200);
    assert_eq!(served.act(account, &message("Hello")).await.expect(409).code(), "wrong_state");
    served.edit(|_| ()).await.expect(200);

    served.fake.plan(Planned::always(Fault::ApiDisabled));
    for answer in [served.look_at(account).await, served.act(account, &message("Hello")).await] {
        let away = answer.expect(502);
        assert_eq!(away.code(), "portal_unavailable");
        assert!(away.text("/detail").contains("custom.ini"), "{}", away.body);
    }
    served.fake.heal();
    {
        let state = &mut *served.fake.state();
        let users = state.tables.users().filter(|user| user.login != account.login).cloned().collect();
        state.tables.replace_users(users);
    }
    assert!(served.look_at(account).await.expect(409).text("/detail").contains("deleted or renamed"));
    assert!(served.events().is_empty());
}

#[tokio::test]
async fn an_account_that_is_not_linked_is_neither_shown_nor_told_anything() {
    let served = Served::with(Setup::ministra()).await;
    let stock = served.shop.desk.lease(served.world(), 30).await;
    served.shop.redeem(&stock.code(0, 1), 1).await.expect(200);
    let row = &served.accounts().await[0];
    let account = Account { id: row["account_id"].as_str().expect("an id").to_owned(), login: String::new() };
    // Somebody on the portal has this name, and nobody said that it is the customer.
    let login = row["username"].as_str().expect("a login").to_owned();
    served.change("user000001", |user| user.login.clone_from(&login));
    served.provision().await;
    assert_eq!(served.look_at(&account).await.expect(409).code(), "wrong_state");
    assert_eq!(served.act(&account, &message("Hello")).await.expect(409).code(), "wrong_state");
    assert!(served.events().is_empty());
}
