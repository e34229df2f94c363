//! What is known of the portals beyond the recordings: the habits that reach everybody.

use counterfoil_stalker_fake::{FakePortal, Setup, User};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const DONE: &str = r#"{"status":"OK","results":true}"#;

async fn start(setup: Setup) -> FakePortal {
    let fake = FakePortal::start(setup).await;
    fake.generate(1, 4);
    fake
}

/// Status and body.
async fn ask(fake: &FakePortal, method: &str, target: &str, body: &str) -> (u16, String) {
    let mut socket = TcpStream::connect(fake.origin().replace("http://", "")).await.expect("a connection");
    let request = format!(
        "{method} /stalker_portal/api/{target} HTTP/1.1\r\nHost: portal\r\nConnection: close\r\n\
         Authorization: Basic c3RhbGtlcjpzZWNyZXQ=\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(request.as_bytes()).await.expect("a request sent");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, body.to_owned())
}

fn users(fake: &FakePortal) -> Vec<User> {
    fake.state().tables.users().cloned().collect()
}

#[tokio::test]
async fn no_identifier_is_everybody() {
    let fake = start(Setup::stalker()).await;
    for target in ["stb_msg/", "stb_msg/0", "send_event", "send_event/0"] {
        let (_, answer) = ask(&fake, "POST", target, "event=send_msg&msg=hello").await;
        assert_eq!(answer, DONE);
        assert_eq!(std::mem::take(&mut fake.state().tables.events).len(), 4, "{target}");
    }
    ask(&fake, "PUT", "account_subscription/", "subscribed[]=HBO&subscribed[]=VOD1").await;
    assert!(users(&fake).iter().all(|user| !user.packages.is_empty()));
    ask(&fake, "DELETE", "account_subscription/0", "").await;
    assert!(users(&fake).iter().all(|user| user.packages.is_empty()));
    ask(&fake, "PUT", "itv_subscription/", "sub_ch[]=1").await;
    assert!(users(&fake).iter().all(|user| user.sub_ch.is_some()));
    ask(&fake, "PUT", "stb_auth/", "reset_device_id=1").await;
    assert!(users(&fake).iter().all(|user| user.mac.is_empty()));
}

#[tokio::test]
async fn accounts_and_boxes_refuse_a_write_to_everybody() {
    let fake = start(Setup::ministra()).await;
    for target in ["accounts/", "accounts/0", "users/", "users/0", "stb/", "stb/0"] {
        for method in ["PUT", "DELETE"] {
            let (_, answer) = ask(&fake, method, target, "status=0").await;
            assert_eq!(answer, r#"{"status":"ERROR","results":null,"error":"Identifier required"}"#, "{target}");
        }
    }
    assert_eq!(users(&fake).len(), 4);
    fake.state().setup.multiple_stb_update = true;
    ask(&fake, "PUT", "stb/", "status=0").await;
    assert!(users(&fake).iter().all(|user| user.off));
}

#[tokio::test]
async fn a_comma_is_every_account_without_a_number() {
    let fake = start(Setup::stalker()).await;
    let mut rows = users(&fake);
    rows[1].ls = String::new();
    rows[2].ls = String::new();
    fake.state().tables.replace_users(rows);
    assert_eq!(ask(&fake, "DELETE", "stb/,", "").await.1, DONE);
    assert_eq!(users(&fake).iter().map(|user| user.id).collect::<Vec<_>>(), [1, 4]);
}

#[tokio::test]
async fn one_number_is_all_accounts_that_have_it() {
    let fake = start(Setup::stalker()).await;
    let mut rows = users(&fake);
    rows[1].ls = rows[0].ls.clone();
    let number = rows[0].ls.clone();
    fake.state().tables.replace_users(rows);
    assert_eq!(ask(&fake, "DELETE", &format!("accounts/{number}"), "").await.1, DONE);
    assert_eq!(users(&fake).len(), 2);
}

#[tokio::test]
async fn a_login_is_cut_at_an_ampersand() {
    let fake = start(Setup::stalker()).await;
    assert_eq!(ask(&fake, "DELETE", "users/user000001%26zzz", "").await.1, DONE);
    assert_eq!(users(&fake).len(), 3);
}

/// A strict database refuses what a lenient one changes, and its error tells the customer's password, or cannot be
/// written at all.
#[tokio::test]
async fn a_strict_database_tells_too_much_or_nothing() {
    let fake = start(Setup { strict_sql: true, ..Setup::stalker() }).await;
    let (status, answer) = ask(&fake, "POST", "accounts/", "login=x&password=hunter2&end_date=31.01.2027").await;
    assert_eq!(status, 200);
    assert!(answer.contains("Query failed by reason") && answer.contains("'hunter2'"), "{answer}");
    let spoilt = ask(&fake, "POST", "accounts/", "login=x&full_name=%C8%E2%E0%ED").await;
    assert_eq!(spoilt, (200, String::new()));
    assert_eq!(users(&fake).len(), 4);
}

#[tokio::test]
async fn a_hole_in_the_table_is_filled() {
    let fake = start(Setup::stalker()).await;
    ask(&fake, "DELETE", "users/user000002", "").await;
    ask(&fake, "POST", "accounts/", "login=new").await;
    let logins: Vec<String> = users(&fake).into_iter().map(|user| user.login).collect();
    assert_eq!(logins, ["user000001", "new", "user000003", "user000004"]);
}
