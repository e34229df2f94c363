//! Names and logins that portals, their rewrite rules and their databases do things to.

use counterfoil_stalker::{AccountFields, AccountKey, Creation, Error, FieldText, Login, NewAccount, StoredMac};
use counterfoil_stalker_fake::{Setup, User};

use crate::{account, both, by_login, login, mac, named, start, writes};

/// What every one of these reaches is its own account, though others begin like it.
#[tokio::test]
async fn odd_logins_reach_their_own_account() {
    let odd = ["a+b", "ivan&x", "100%", "o'neil", "Іван", "a b", "x#1", "y?z", "me@example.org", "..", "50%2B", "a;b"];
    for setup in both() {
        let (fake, portal) = start(setup).await;
        // Whom a careless address would reach.
        for name in ["ivan", "a", "x", "y", "50+", "a_b"] {
            portal.create(&account(name)).await.expect("an account");
        }
        for name in odd {
            let created = portal.create(&account(name)).await;
            assert!(matches!(created, Ok(Creation::Created(_))), "{name}: {created:?}");
        }
        for name in odd {
            let written = portal.update(&by_login(name), &named("changed")).await.expect("a change");
            assert_eq!(written.record.login, name);
        }
        let changed: Vec<String> = {
            let state = fake.state();
            state.tables.users().filter(|user| user.full_name == "changed").map(|user| user.login.clone()).collect()
        };
        assert_eq!(changed, odd);
        for name in odd {
            portal.delete(&by_login(name)).await.expect("a deletion");
        }
        assert_eq!(fake.state().tables.users().count(), 6);
    }
}

/// A login with a comma or a slash is there, and no address reaches it: its box does.
#[tokio::test]
async fn logins_that_no_address_carries_are_reached_by_their_box() {
    for name in ["a,b", "a/b"] {
        assert!(Login::new(name).is_err());
        let (fake, portal) = start(Setup::stalker()).await;
        let box_mac = "00:1A:79:00:00:01";
        add(&fake, name, box_mac);
        for other in ["a", "b"] {
            add(&fake, other, "");
        }
        let written = portal.update(&AccountKey::Mac(mac(box_mac)), &named("changed")).await.expect("a change");
        assert_eq!(written.record.login, name);
        assert_eq!(writes(&fake), ["PUT /stalker_portal/api/accounts/00:1A:79:00:00:01 full_name=changed"]);
        assert_eq!(fake.state().tables.users().filter(|user| user.full_name == "changed").count(), 1);
    }
}

fn add(fake: &counterfoil_stalker_fake::FakePortal, name: &str, stored_mac: &str) {
    fake.generate(900, 1);
    let mut state = fake.state();
    let mut users: Vec<User> = state.tables.users().cloned().collect();
    if let Some(user) = users.last_mut() {
        (user.login, user.mac, user.ls) = (name.to_owned(), stored_mac.to_owned(), String::new());
    }
    state.tables.replace_users(users);
}

/// Letter case does not count for a portal, and the record says how the login is spelt.
#[tokio::test]
async fn letter_case_is_the_portals() {
    let (_fake, portal) = start(Setup::stalker()).await;
    portal.create(&account("Ivan")).await.expect("an account");
    let found = portal.account(&login("IVAN")).await.expect("an answer").expect("an account");
    assert_eq!(found.login, "Ivan");
    assert!(matches!(portal.create(&account("ivan")).await, Ok(Creation::AlreadyThere(_))));
}

/// An emoji is refused before it is sent, or left out by a caller who says so.
#[tokio::test]
async fn an_emoji_never_becomes_question_marks() {
    assert!(FieldText::new("Ann😀Bee").is_err());
    let (name, whole) = FieldText::fitted("Ann😀Bee");
    assert!(!whole);
    let (fake, portal) = start(Setup::stalker()).await;
    let fields = AccountFields { full_name: Some(name), ..AccountFields::default() };
    let Ok(Creation::Created(written)) = portal.create(&NewAccount { login: login("ann"), fields }).await else {
        panic!("not created")
    };
    assert!(written.comparison.agrees());
    assert_eq!(fake.state().tables.user("ann").expect("a row").full_name, "AnnBee");
}

/// Names are sent in UTF-8, whatever the portal's operator types; what another program has spoilt stays as it is.
#[tokio::test]
async fn cyrillic_is_sent_as_utf8_and_spoilt_names_are_shown_as_they_are() {
    for strict_sql in [false, true] {
        let (fake, portal) = start(Setup { strict_sql, ..Setup::stalker() }).await;
        let written = match portal.create(&account("Іван")).await {
            Ok(Creation::Created(written)) => written,
            other => panic!("{other:?}"),
        };
        assert!(written.comparison.agrees());
        let sent = writes(&fake).pop().expect("a request");
        assert!(sent.ends_with("login=%D0%86%D0%B2%D0%B0%D0%BD&full_name=%D0%86%D0%B2%D0%B0%D0%BD"), "{sent}");
        add(&fake, "spoilt", "");
        let mut users: Vec<User> = fake.state().tables.users().cloned().collect();
        users[1].full_name = "????".to_owned();
        fake.state().tables.replace_users(users);
        let found = portal.account(&login("spoilt")).await.expect("an answer").expect("an account");
        assert_eq!(found.full_name, "????");
    }
}

/// What a box is found by is always sent in the one spelling that a portal finds.
#[tokio::test]
async fn every_spelling_of_a_mac_finds_the_box() {
    let (fake, portal) = start(Setup::ministra()).await;
    fake.generate(0xAB_CD, 1);
    for spelling in [
        "00:1A:79:00:AB:CD",
        "00:1a:79:00:ab:cd",
        "00-1A-79-00-AB-CD",
        "001A.7900.ABCD",
        "001a7900abcd",
        "00:1А:79:00:АВ:СD",
    ] {
        let found = portal.accounts_of_mac(mac(spelling)).await.expect("an answer");
        assert_eq!(found.len(), 1, "{spelling}");
    }
    assert!(fake.asked().iter().all(|request| request.ends_with("/accounts/00:1A:79:00:AB:CD")));
    assert_eq!("HELLO-WORLD-12345".parse::<counterfoil_stalker::Mac>().ok(), None);
}

/// A record whose stored MAC the portal itself would never find again.
#[tokio::test]
async fn a_misspelt_mac_is_told_apart() {
    let (fake, portal) = start(Setup::stalker()).await;
    add(&fake, "texp", "001a790000ff");
    let found = portal.account(&login("texp")).await.expect("an answer").expect("an account");
    assert_eq!(found.mac(), StoredMac::Misspelt(mac("00:1A:79:00:00:FF")));
    assert_eq!(portal.look(&AccountKey::Mac(mac("00:1A:79:00:00:FF"))).await, Err(Error::NotFound));
}

/// Something in front of the portal makes another login of this one: nothing is written to that other account.
#[tokio::test]
async fn a_login_that_becomes_another_is_not_written_to() {
    let (fake, portal) = start(Setup { decodes_twice: true, ..Setup::stalker() }).await;
    portal.create(&account("a&b")).await.expect("an account");
    fake.asked();
    let other = by_login("a%26b");
    assert_eq!(portal.update(&other, &named("changed")).await, Err(Error::WrongRecord));
    assert_eq!(portal.delete(&other).await, Err(Error::WrongRecord));
    assert_eq!(portal.create(&account("a%26b")).await, Err(Error::WrongRecord));
    assert_eq!(writes(&fake), Vec::<String>::new());
}
