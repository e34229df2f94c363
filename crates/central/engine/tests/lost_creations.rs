//! Creations that nobody saw, of accounts of which nothing is wanted by the next try.

use counterfoil_stalker_fake::{Fault, Planned, Setup};
use serde_json::{Value, json};

use super::portals::Served;

const DAY_MS: i64 = 86_400_000;

impl Served {
    /// State and trouble of its only account, and the account's id.
    async fn only_account(&self) -> (Value, Value, String) {
        let accounts = self.accounts().await;
        assert_eq!(accounts.len(), 1, "{accounts:?}");
        let id = accounts[0]["account_id"].as_str().expect("an id").to_owned();
        (accounts[0]["state"].clone(), accounts[0]["trouble"].clone(), id)
    }
}

/// It is on the portal, and on there, while Central knows of no account there and wants none.
#[tokio::test]
async fn a_creation_that_nobody_saw_is_switched_off_when_nothing_is_wanted_any_more() {
    for (done_to_it, passes_ms) in [("suspend", 60_000), ("archive", 60_000), ("its service ends", 40 * DAY_MS)] {
        let served = Served::with(Setup::ministra()).await;
        let login = served.bought(1).await;
        served.fake.plan(Planned::lost_answer("POST", Fault::Nothing).on("accounts"));
        // The look that would tell is lost too.
        served.fake.plan(Planned { after: 1, ..Planned::lost_answer("GET", Fault::Nothing) }.on("users"));
        served.provision().await;
        let (state, _, account) = served.only_account().await;
        assert_eq!((state, served.user(&login).off), (json!("waiting"), false), "{done_to_it}");

        if passes_ms < DAY_MS {
            let path = format!("/api/v1/admin/accounts/{account}/{done_to_it}");
            let reason = json!({ "reason": "Has not paid" });
            served.world().post(&path, Some(&served.token().await), &reason).await.expect(200);
        }
        served.wait_ms(passes_ms).await;
        let (state, trouble, _) = served.only_account().await;
        assert_eq!((state, trouble), (json!("agreed"), Value::Null), "{done_to_it}");
        assert!(served.user(&login).off, "{done_to_it}");
        served.sync().await;
        let counts = json!({ "differs": 0, "missing": 0, "unlinked": 0, "unknown": 3 });
        assert_eq!(served.report().await["counts"], counts, "{done_to_it}");
    }
}

#[tokio::test]
async fn somebody_elses_account_stays_as_it_is_when_nothing_is_wanted_of_the_customers() {
    let served = Served::with(Setup::ministra()).await;
    let login = served.bought(1).await;
    served.change("user000001", |user| user.login.clone_from(&login));
    let theirs = served.user(&login);
    served.wait_ms(40 * DAY_MS).await;
    let (state, trouble, _) = served.only_account().await;
    assert_eq!((state, trouble), (json!("agreed"), Value::Null));
    assert_eq!(served.writes(), Vec::<String>::new());
    assert_eq!(format!("{:?}", served.user(&login)), format!("{theirs:?}"));
}

#[tokio::test]
async fn nothing_is_created_of_which_nothing_is_wanted() {
    let served = Served::with(Setup::ministra()).await;
    served.bought(1).await;
    served.wait_ms(40 * DAY_MS).await;
    let (state, trouble, _) = served.only_account().await;
    assert_eq!((state, trouble), (json!("agreed"), Value::Null));
    assert_eq!(served.writes(), Vec::<String>::new());
}
