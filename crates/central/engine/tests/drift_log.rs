//! What a comparison with a portal changed of an account stands in the log of whoever has it, and of who had it.

use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::ResellerId;
use counterfoil_stalker_fake::Setup;
use serde_json::{Value, json};
use uuid::Uuid;

use super::portals::Served;
use super::proof::prove;
use crate::dialect::Db;

const TAKEN: &str = "account.take_from_portal";
const PUT_BACK: &str = "account.put_back";

async fn let_see_the_log(served: &Served, reseller: ResellerId) {
    let (world, staff) = (served.world(), served.token().await);
    let path = format!("/api/v1/admin/resellers/{reseller}/permissions");
    let version = world.get(&path, Some(&staff)).await.expect(200).body["version"].clone();
    let asked = json!({ "version": version, "permissions": { "grants": [Grant::ViewLogs], "max_connections": 3 } });
    world.put(&path, Some(&staff), &asked).await.expect(200);
}

/// What a reseller's log has of this kind about an account, by its login.
async fn lines(served: &Served, reseller: &str, action: &str, login: &str) -> Vec<Value> {
    let account = {
        let mut reader = served.world().app.reader().await.expect("reader");
        let found = sqlx::query_scalar::<Db, Uuid>("SELECT id FROM account WHERE username = $1").bind(login);
        found.fetch_one(&mut *reader).await.expect("an account")
    };
    let token = served.world().token("reseller", reseller).await;
    let path = format!("/api/v1/reseller/audit?action={action}&subject_id={account}");
    let page = served.world().get(&path, Some(&token)).await.expect(200).body;
    page["items"].as_array().cloned().unwrap_or_default()
}

fn told(line: &Value) -> (&str, Option<&str>, &str) {
    (line["actor"].as_str().expect("who"), line["subject_name"].as_str(), line["detail"].as_str().expect("what"))
}

#[tokio::test]
async fn a_reseller_hears_what_a_comparison_changed_of_its_account() {
    let served = Served::with(Setup::ministra()).await;
    let login = served.customer(1).await;
    let_see_the_log(&served, served.shop.reseller).await;
    served.sync().await;
    served.change(&login, |user| user.end_date = Some("2027-06-30 00:00:00".to_owned()));
    served.sync().await;
    assert_eq!(lines(&served, "shop", TAKEN, &login).await, Vec::<Value>::new(), "a look changes nothing");
    let (repair, _) = served.repair("central", json!({ "all": "differs" })).await;
    let taken = lines(&served, "shop", TAKEN, &login).await;
    let (actor, name, detail) = told(&taken[0]);
    assert_eq!((taken.len(), actor, name), (1, "operator", Some(login.as_str())));
    let detail: Value = serde_json::from_str(detail).expect("JSON");
    assert_eq!(
        (&detail["before"]["last_day"], &detail["after"]["last_day"]),
        (&json!("2026-12-21"), &json!("2027-06-29"))
    );

    served.undo(repair).await;
    let back = lines(&served, "shop", PUT_BACK, &login).await;
    assert_eq!(back.len(), 1);
    let detail: Value = serde_json::from_str(told(&back[0]).2).expect("JSON");
    assert_eq!(detail["after"]["last_day"], json!("2026-12-21"));
    prove(served.world()).await;
}

#[tokio::test]
async fn both_resellers_hear_that_a_comparison_moved_an_account_and_neither_who_the_other_is() {
    let served = Served::with(Setup::ministra()).await;
    let login = served.customer(1).await;
    served.sync().await;
    let other = served.world().add_reseller("other", None).await;
    for reseller in [served.shop.reseller, other] {
        let_see_the_log(&served, reseller).await;
    }
    served
        .edit(|portal| {
            portal["resellers"].as_array_mut().expect("a list").push(json!({ "reseller_id": other, "remote_id": 2 }));
        })
        .await
        .expect(200);
    served.provision().await;
    served.change(&login, |user| user.reseller_id = 2);
    served.sync().await;
    let (repair, _) = served.repair("central", json!({ "all": "differs" })).await;
    for (reseller, name) in [("shop", None), ("other", Some(login.as_str()))] {
        let taken = lines(&served, reseller, TAKEN, &login).await;
        assert_eq!(taken.len(), 1, "{reseller}");
        assert_eq!(told(&taken[0]), ("operator", name, "{}"), "{reseller}");
    }
    served.undo(repair).await;
    for (reseller, name) in [("shop", Some(login.as_str())), ("other", None)] {
        let back = lines(&served, reseller, PUT_BACK, &login).await;
        assert_eq!(back.len(), 1, "{reseller}");
        assert_eq!(told(&back[0]), ("operator", name, "{}"), "{reseller}");
    }
    prove(served.world()).await;
}

#[tokio::test]
async fn an_account_that_is_taken_in_stands_in_its_resellers_log_and_nobodys_in_none() {
    let served = Served::with(Setup::ministra()).await;
    let_see_the_log(&served, served.shop.reseller).await;
    served.sync().await;
    served.repair("central", json!({ "all": "unknown" })).await;
    // The portal's reseller 1 is the shop; the third account names nobody.
    let taken = lines(&served, "shop", TAKEN, "user000001").await;
    let (actor, name, detail) = told(&taken[0]);
    assert_eq!((taken.len(), actor, name), (1, "operator", Some("user000001")));
    assert!(detail.contains("2027-02-01"), "{detail}");
    assert_eq!(lines(&served, "shop", TAKEN, "user000003").await, Vec::<Value>::new());
}
