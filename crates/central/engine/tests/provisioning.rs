//! Accounts on portals: written after the money, read back, never twice, never to somebody else's account.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::time::Timestamp;
use counterfoil_stalker_fake::{Fault, Planned, Setup, When};
use serde_json::{Value, json};

use super::desk::Stock;
use super::portals::Served;
use super::proof::{count, prove};
use super::world::START;
use crate::engine::run_provisioning_once;

const DAY_MS: i64 = 86_400_000;

impl Served {
    async fn stock(&self) -> Stock {
        self.shop.desk.lease(self.world(), 365).await
    }

    /// Redeems the code of this number for an account, and says what the customer was told.
    async fn redeem(&self, stock: &Stock, seq: u32, account: u8) -> Value {
        self.shop.redeem(&stock.code(0, seq), account).await.expect(200).body
    }

    /// A column of the account of this login on the portal.
    fn shown<T>(&self, login: &Value, column: impl Fn(&counterfoil_stalker_fake::User) -> T) -> Option<T> {
        self.fake.state().tables.user(login.as_str().expect("a login")).map(column)
    }

    async fn state(&self) -> String {
        let accounts = self.accounts().await;
        assert_eq!(accounts.len(), 1, "{accounts:?}");
        let code = accounts[0]["trouble"]["code"].as_str().unwrap_or("no trouble");
        format!("{}, {code}", accounts[0]["state"].as_str().expect("a state"))
    }
}

#[tokio::test]
async fn what_a_customer_was_promised_stands_on_the_portal() {
    for setup in [Setup::ministra(), Setup::stalker()] {
        let holds_owners = setup.resellers_for_api;
        let served = Served::with(setup).await;
        let stock = served.stock().await;
        let told = served.redeem(&stock, 1, 1).await;
        assert!(served.writes().is_empty(), "nothing is sent with the money");
        assert_eq!(served.provision().await, 1);
        let login = &told["username"];
        assert_eq!(served.shown(login, |user| user.password.clone()).as_deref(), told["password"].as_str());
        // 30 days from the 21st of November; the portal cuts five minutes into its end date.
        assert_eq!(told["last_day"], "2026-12-21");
        let end = served.shown(login, |user| user.end_date.clone()).expect("an account");
        assert_eq!(end.as_deref(), Some("2026-12-22 00:00:00"));
        assert_eq!(served.shown(login, |user| (user.off, user.tariff_plan_id)), Some((false, 2)));
        let owner = u32::from(holds_owners);
        assert_eq!(served.shown(login, |user| user.reseller_id), Some(owner));
        assert_eq!(served.state().await, "agreed, no trouble");
        // Nothing more is to be done.
        assert_eq!(served.provision().await, 0);
        assert_eq!(served.read().await["accounts"], json!({ "waiting": 0, "agreed": 1, "attention": 0 }));
        prove(served.world()).await;
    }
}

#[tokio::test]
async fn an_account_that_is_opened_with_its_service_is_brought_to_the_portal() {
    let mut served = Served::with(Setup::ministra()).await;
    let stock = served.stock().await;
    // Paid before it is used, so that nothing is left to decide.
    served.shop.desk.sell(&stock, 0, 1, 2);
    served.shop.desk.push(&served.shop.world).await;
    let told = served.redeem(&stock, 1, 1).await;
    assert_eq!((&told["last_day"], &told["repeated"]), (&json!("2026-12-21"), &json!(false)));
    assert_eq!(served.provision().await, 1);
    let end = served.shown(&told["username"], |user| user.end_date.clone()).flatten();
    assert_eq!(end.as_deref(), Some("2026-12-22 00:00:00"));
    // The next one goes on where this one ends.
    assert_eq!(served.redeem(&stock, 2, 1).await["last_day"], "2027-01-20");
    assert_eq!(served.provision().await, 1);
    assert_eq!(served.state().await, "agreed, no trouble");
    prove(served.world()).await;
}

#[tokio::test]
async fn an_extension_moves_the_end_and_switches_on_what_the_portal_has_cut() {
    let served = Served::with(Setup::ministra()).await;
    let stock = served.stock().await;
    let login = served.redeem(&stock, 1, 1).await["username"].clone();
    served.provision().await;
    served.world().clock.set(START.plus_ms(40 * DAY_MS));
    {
        let state = &mut *served.fake.state();
        let users = state.tables.users().cloned().map(|mut user| {
            user.off = true;
            user
        });
        let users = users.collect();
        state.tables.replace_users(users);
    }
    served.redeem(&stock, 2, 1).await;
    served.provision().await;
    let end = served.shown(&login, |user| (user.off, user.end_date.clone())).expect("an account");
    // The 31st of December and 30 days.
    assert_eq!(end, (false, Some("2027-01-31 00:00:00".to_owned())));
    let owner = served.shown(&login, |user| user.reseller_id);
    assert_eq!(owner, Some(1), "an edit keeps the owner");
    assert_eq!(served.fake.state().tables.users().count(), 4, "three that were there, and one");
}

#[tokio::test]
async fn a_portal_that_is_away_stops_no_sale_and_gets_all_of_it_later() {
    let served = Served::with(Setup::ministra()).await;
    let stock = served.stock().await;
    served.fake.plan(Planned::always(Fault::DatabaseDown));
    for account in 1..=6 {
        served.redeem(&stock, u32::from(account), account).await;
    }
    assert!(served.provision().await <= 6);
    let portal = served.read().await;
    assert_eq!(portal["trouble"]["code"], "database_down", "{portal}");
    assert_eq!(served.provision().await, 0, "it rests");
    served.fake.state().faults.clear();
    for _ in 0..4 {
        served.wait_ms(60_000).await;
    }
    let portal = served.read().await;
    assert_eq!(portal["accounts"], json!({ "waiting": 0, "agreed": 6, "attention": 0 }));
    assert!(portal.get("trouble").is_none(), "{portal}");
    assert_eq!(served.fake.state().tables.users().count(), 9);
}

#[tokio::test]
async fn a_lost_answer_makes_no_second_account() {
    for fault in [Fault::Nothing, Fault::HalfAnswer, Fault::GatewayTimeout] {
        let served = Served::with(Setup::ministra()).await;
        let stock = served.stock().await;
        let login = served.redeem(&stock, 1, 1).await["username"].clone();
        served.fake.plan(Planned::lost_answer("POST", fault).on("accounts"));
        // The look that would tell is lost too.
        served.fake.plan(Planned { after: 1, ..Planned::lost_answer("GET", Fault::Nothing) }.on("users"));
        served.provision().await;
        assert!(served.state().await.starts_with("waiting"), "{fault:?}");
        served.wait_ms(60_000).await;
        assert_eq!(served.state().await, "agreed, no trouble", "{fault:?}");
        let same = served.fake.state().tables.users().filter(|user| user.login == login).count();
        assert_eq!(same, 1, "{fault:?}");
    }
}

/// Nobody saw the creation, and before the next try the customer has paid for another month.
#[tokio::test]
async fn a_creation_that_nobody_saw_is_known_again_when_more_is_wanted() {
    let served = Served::with(Setup::ministra()).await;
    let stock = served.stock().await;
    let login = served.redeem(&stock, 1, 1).await["username"].clone();
    served.fake.plan(Planned::lost_answer("POST", Fault::Nothing).on("accounts"));
    served.fake.plan(Planned { after: 1, ..Planned::lost_answer("GET", Fault::Nothing) }.on("users"));
    served.provision().await;
    served.redeem(&stock, 2, 1).await;
    served.wait_ms(60_000).await;
    assert_eq!(served.state().await, "agreed, no trouble");
    assert_eq!(served.shown(&login, |user| user.end_date.clone()).flatten().as_deref(), Some("2027-01-21 00:00:00"));
    let account = served.accounts().await[0]["account_id"].as_str().expect("an id").to_owned();
    assert_eq!(served.shown(&login, |user| user.comment.clone()).flatten(), Some(format!("Counterfoil {account}")));
}

#[tokio::test]
async fn an_account_that_was_there_is_not_written_to_until_a_person_says_whose_it_is() {
    let served = Served::with(Setup::ministra()).await;
    let stock = served.stock().await;
    let told = served.redeem(&stock, 1, 1).await;
    let login = told["username"].clone();
    let theirs = {
        let state = &mut *served.fake.state();
        let mut user = state.tables.users().next().cloned().expect("an account");
        user.login = login.as_str().expect("a login").to_owned();
        user.mac = String::new();
        state.tables.add(user.clone());
        user
    };
    served.provision().await;
    served.wait_ms(DAY_MS).await;
    assert_eq!(served.state().await, "attention, login_taken");
    assert!(served.writes().is_empty());
    assert_eq!(served.shown(&login, |user| user.password.clone()), Some(theirs.password));
    let account = served.accounts().await[0]["account_id"].clone();
    let adopt = format!("accounts/{}/adopt", account.as_str().expect("an id"));
    assert_eq!(served.post(&adopt, &json!({})).await.expect(200).body["state"], "waiting");
    served.provision().await;
    assert_eq!(served.state().await, "agreed, no trouble");
    assert_eq!(served.shown(&login, |user| user.password.clone()).as_deref(), told["password"].as_str());
    assert_eq!(served.post(&adopt, &json!({})).await.expect(409).code(), "wrong_state");
}

#[tokio::test]
async fn what_the_portal_shows_otherwise_is_tried_again_and_then_shown_to_a_person() {
    let served = Served::with(Setup::ministra()).await;
    served.edit(|portal| portal["plans"][0]["tariff"] = json!("NO SUCH")).await.expect(200);
    let stock = served.stock().await;
    let login = served.redeem(&stock, 1, 1).await["username"].clone();
    served.provision().await;
    assert_eq!(served.state().await, "waiting, differs");
    for _ in 0..3 {
        served.wait_ms(3_600_000).await;
    }
    let account = served.accounts().await.remove(0);
    assert_eq!((&account["state"], &account["trouble"]["code"]), (&json!("attention"), &json!("differs")));
    assert_eq!(account["differences"], json!([{ "field": "tariff", "wanted": "NO SUCH", "found": "T1" }]));
    // Put right in the settings, it is brought to the portal by itself.
    served.edit(|_| ()).await.expect(200);
    served.provision().await;
    assert_eq!(served.state().await, "agreed, no trouble");
    assert_eq!(served.shown(&login, |user| user.tariff_plan_id), Some(2));
}

#[tokio::test]
async fn an_account_that_was_deleted_on_the_portal_comes_back_only_when_a_person_says_so() {
    let served = Served::with(Setup::ministra()).await;
    let stock = served.stock().await;
    let login = served.redeem(&stock, 1, 1).await["username"].clone();
    served.provision().await;
    {
        let state = &mut *served.fake.state();
        let users = state.tables.users().filter(|user| user.login != login).cloned().collect();
        state.tables.replace_users(users);
    }
    served.redeem(&stock, 2, 1).await;
    served.provision().await;
    served.wait_ms(DAY_MS).await;
    assert_eq!(served.state().await, "attention, gone");
    assert_eq!(served.shown(&login, |_| ()), None);
    assert_eq!(served.post("accounts/retry", &json!({ "which": "all" })).await.expect(200).body["accounts"], 1);
    served.provision().await;
    assert_eq!(served.state().await, "agreed, no trouble");
    assert_eq!(served.shown(&login, |user| user.off), Some(false));
}

#[tokio::test]
async fn central_ends_accounts_where_the_portal_does_not() {
    let served = Served::with(Setup { internal_billing: false, ..Setup::ministra() }).await;
    let stock = served.stock().await;
    let login = served.redeem(&stock, 1, 1).await["username"].clone();
    served.provision().await;
    // The last moment that was promised: the 21st of December in Berlin.
    let Timestamp(last) = Timestamp(1_797_894_000_000 - 1);
    served.world().clock.set(Timestamp(last));
    assert_eq!(served.provision().await, 0);
    assert_eq!(served.shown(&login, |user| user.off), Some(false));
    served.world().clock.set(Timestamp(last + 1));
    assert_eq!(served.provision().await, 1);
    assert_eq!(served.shown(&login, |user| user.off), Some(true));
    assert_eq!(served.provision().await, 0);
}

#[tokio::test]
async fn what_was_sold_before_the_portal_was_known_is_brought_to_it() {
    let served = Served::with(Setup::ministra()).await;
    served.edit(|portal| portal["plans"] = json!([])).await.expect(200);
    let stock = served.stock().await;
    for account in 1..=3 {
        served.redeem(&stock, u32::from(account), account).await;
    }
    assert_eq!(served.provision().await, 0);
    served.edit(|_| ()).await.expect(200);
    assert_eq!(served.provision().await, 3);
    assert_eq!(served.read().await["accounts"]["agreed"], 3);
    // A plan that is taken off leaves its accounts as they are; what one of them buys is brought there.
    served.edit(|portal| portal["plans"] = json!([])).await.expect(200);
    served.redeem(&stock, 4, 1).await;
    assert_eq!(count(served.world(), "SELECT COUNT(*) FROM provisioning WHERE state = 'waiting'").await, 1);
    served.provision().await;
    assert_eq!(served.fake.state().tables.users().filter(|user| !user.off).count(), 6);
}

#[tokio::test]
async fn of_two_processes_one_writes() {
    let served = Served::with(Setup::ministra()).await;
    let other = served.world().open_again().await.expect("a second process");
    let stock = served.stock().await;
    for account in 1..=12 {
        served.redeem(&stock, u32::from(account), account).await;
    }
    tokio::join!(run_provisioning_once(&served.world().app), run_provisioning_once(&other));
    let posts = served.writes().into_iter().filter(|write| write.starts_with("POST ")).count();
    assert_eq!(posts, 12);
    assert_eq!(served.read().await["accounts"], json!({ "waiting": 0, "agreed": 12, "attention": 0 }));
    other.close().await;
}

#[tokio::test]
async fn a_process_that_dies_over_an_account_leaves_it_to_another() {
    let served = Served::with(Setup::ministra()).await;
    let stock = served.stock().await;
    let login = served.redeem(&stock, 1, 1).await["username"].clone();
    served.fake.plan(Planned { when: When::After, ..Planned::lost_answer("POST", Fault::Silence) }.on("accounts"));
    let app = served.world().app.clone();
    let dies = tokio::spawn(async move { run_provisioning_once(&app).await });
    while served.writes().is_empty() && served.fake.state().tables.users().count() < 4 {
        tokio::task::yield_now().await;
    }
    dies.abort();
    assert!(dies.await.is_err_and(|error| error.is_cancelled()));
    assert_eq!(served.provision().await, 0, "it is claimed");
    served.wait_ms(4 * 60_000).await;
    assert_eq!(served.state().await, "agreed, no trouble");
    assert_eq!(served.fake.state().tables.users().filter(|user| user.login == login).count(), 1);
}

/// Twelve codes for one account while somebody writes it without a pause: the last end is what stands on the portal.
#[tokio::test]
async fn a_change_that_comes_while_it_is_written_is_not_lost() {
    let served = Served::with(Setup::ministra()).await;
    let stock = served.stock().await;
    let login = served.redeem(&stock, 1, 1).await["username"].clone();
    let over = std::cell::Cell::new(false);
    let sell = async {
        let mut last = Value::Null;
        for seq in 2..=12 {
            last = served.redeem(&stock, seq, 1).await["last_day"].clone();
        }
        over.set(true);
        last
    };
    let write = async {
        while !over.get() {
            served.provision().await;
            tokio::task::yield_now().await;
        }
    };
    let (last_day, ()) = tokio::join!(sell, write);
    served.wait_ms(1).await;
    assert_eq!(last_day, "2027-11-16");
    let end = served.shown(&login, |user| user.end_date.clone()).flatten();
    assert_eq!(end.as_deref(), Some("2027-11-17 00:00:00"));
    assert_eq!(served.state().await, "agreed, no trouble");
    assert_eq!(served.provision().await, 0);
}

#[tokio::test]
async fn a_paused_portal_is_left_alone() {
    let served = Served::with(Setup::ministra()).await;
    served.edit(|portal| portal["status"] = json!("paused")).await.expect(200);
    let stock = served.stock().await;
    served.redeem(&stock, 1, 1).await;
    assert_eq!(served.provision().await, 0);
    assert!(served.writes().is_empty());
    served.edit(|_| ()).await.expect(200);
    assert_eq!(served.provision().await, 1);
}

#[tokio::test]
async fn a_reseller_without_a_number_on_the_portal_is_told() {
    let served = Served::with(Setup::ministra()).await;
    served.edit(|portal| portal["resellers"] = json!([])).await.expect(200);
    let stock = served.stock().await;
    let login = served.redeem(&stock, 1, 1).await["username"].clone();
    served.provision().await;
    assert_eq!(served.state().await, "agreed, owner_unmapped");
    assert_eq!(served.shown(&login, |user| user.reseller_id), Some(0));
    served.edit(|_| ()).await.expect(200);
    served.provision().await;
    assert_eq!(served.state().await, "agreed, no trouble");
    assert_eq!(served.shown(&login, |user| user.reseller_id), Some(1), "the owner was brought there");
}

#[tokio::test]
async fn accounts_page_by_login_and_by_state() {
    let served = Served::with(Setup::ministra()).await;
    let stock = served.stock().await;
    for account in 1..=5 {
        served.redeem(&stock, u32::from(account), account).await;
    }
    served.provision().await;
    served.redeem(&stock, 6, 6).await;
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let page = served.get(&format!("/accounts?limit=2&state=agreed{after}")).await.expect(200).body;
        seen.extend(page["items"].as_array().expect("rows").iter().map(|row| row["username"].to_string()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted());
    assert_eq!(count(served.world(), "SELECT COUNT(*) FROM provisioning WHERE state = 'waiting'").await, 1);
    let unknown: counterfoil_domain::ids::PortalId = mint(START);
    let path = format!("/api/v1/admin/portals/{unknown}/accounts");
    served.world().get(&path, Some(&served.token().await)).await.expect(404);
}
