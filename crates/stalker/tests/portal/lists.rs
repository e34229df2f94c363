//! Full lists: long, slow, with ghosts, cut off; and batches of details.

use std::time::Duration;

use counterfoil_stalker::{AccountNumber, Census, Config, Error, Limits, Portal, Why};
use counterfoil_stalker_fake::{FakePortal, Fault, Planned, Setup, User};

use crate::{both, config, login, mac, number, start};

#[tokio::test]
async fn ghosts_are_counted_and_are_no_accounts() {
    for setup in both() {
        let (fake, portal) = start(Setup { ghosts: 3, ..setup }).await;
        fake.generate(1, 30);
        let rows = portal.accounts().await.expect("a list").collect().await.expect("a whole list");
        assert_eq!((rows.len(), rows.iter().filter(|row| row.is_ghost()).count()), (30, 3));
    }
}

#[tokio::test]
async fn a_census_names_what_is_shared_and_what_no_address_carries() {
    let (fake, portal) = start(Setup::stalker()).await;
    fake.generate(1, 12);
    let mut users: Vec<User> = fake.state().tables.users().cloned().collect();
    users[1].ls = users[0].ls.clone();
    users[3].mac = users[2].mac.clone();
    users[4].mac = "001a790000ff".to_owned();
    users[5].mac = "HELLO-WORLD-12345".to_owned();
    (users[6].login, users[6].mac) = ("a,b".to_owned(), String::new());
    users[7].login = "c/d".to_owned();
    users[8].login = String::new();
    fake.state().tables.replace_users(users);

    let mut census = Census::default();
    let mut rows = portal.boxes().await.expect("a list");
    while let Some(row) = rows.next().await {
        assert!(census.count(&row));
    }
    assert_eq!(rows.end().await.map(|end| end.rows), Ok(12));
    assert_eq!((census.accounts(), census.ghosts()), (12, 0));
    assert_eq!(census.shared_numbers()[0].logins, ["user000001", "user000002"]);
    assert_eq!(census.shared_macs()[0].key, mac("00:1A:79:00:00:03"));
    let why: Vec<Why> = census.odd().iter().map(|odd| odd.why).collect();
    assert_eq!(why, [Why::MisspeltMac, Why::JunkMac, Why::Unaddressable, Why::OddLogin]);
    assert!(census.has_one(&login("USER000001")) && !census.has_one(&login("nobody")));
    assert!(census.unique_number(&number("100003")).is_some());
    assert!(census.unique_number(&number("100001")).is_none());
}

#[tokio::test]
async fn a_list_that_breaks_off_is_never_a_whole_one() {
    let (fake, portal) = start(Setup::ministra()).await;
    fake.generate(1, 1_000);
    fake.plan(Planned::always(Fault::HalfAnswer));
    let mut rows = portal.boxes().await.expect("a list");
    let mut seen = 0;
    while rows.next().await.is_some() {
        seen += 1;
    }
    assert!((1..1_000).contains(&seen), "{seen}");
    assert_eq!(rows.end().await, Err(Error::CutShort));
}

#[tokio::test]
async fn a_list_beyond_its_limit_is_refused() {
    let fake = FakePortal::start(Setup::stalker()).await;
    fake.generate(1, 1_000);
    let limits = Limits { list_bytes: 50_000, answer_bytes: 1_000, ..Limits::default() };
    let portal = Portal::new(&Config { limits, ..config(&fake) }).expect("a client");
    let rows = portal.boxes().await.expect("a list");
    assert_eq!(rows.end().await, Err(Error::TooLarge(50_000)));
    assert_eq!(portal.tariffs().await, Err(Error::TooLarge(1_000)));
}

/// The list is dropped in the middle: the call ends and its place is free again.
#[tokio::test]
async fn a_list_that_nobody_reads_any_more_ends() {
    let fake = FakePortal::start(Setup::stalker()).await;
    fake.generate(1, 5_000);
    let limits = Limits { concurrency: 1, ..Limits::default() };
    let portal = Portal::new(&Config { limits, ..config(&fake) }).expect("a client");
    for _ in 0..3 {
        let mut rows = portal.accounts().await.expect("a list");
        assert!(rows.next().await.is_some());
    }
    assert!(portal.tariffs().await.is_ok());
}

/// No more calls at one time than were allowed: a list that is still being read is one.
#[tokio::test]
async fn calls_wait_for_their_turn() {
    let fake = FakePortal::start(Setup::stalker()).await;
    fake.generate(1, 20_000);
    let limits = Limits { concurrency: 1, ..Limits::default() };
    let portal = Portal::new(&Config { limits, ..config(&fake) }).expect("a client");
    let rows = portal.boxes().await.expect("a list");
    // More rows wait than fit anywhere, so the list cannot end unread.
    let early = tokio::time::timeout(Duration::from_millis(200), portal.tariffs()).await;
    assert!(early.is_err(), "a second call did not wait");
    assert_eq!(fake.asked().len(), 1);
    assert_eq!(rows.end().await.map(|end| end.rows), Ok(20_000));
    assert!(portal.tariffs().await.is_ok());
}

#[test]
fn a_ghost_is_no_account_to_a_census() {
    let mut census = Census::default();
    assert!(!census.count(&counterfoil_stalker::BoxRecord::default()));
    assert_eq!((census.accounts(), census.ghosts()), (0, 1));
}

#[tokio::test]
async fn details_come_in_batches_and_missing_ones_are_named() {
    for setup in both() {
        let (fake, portal) = start(setup).await;
        fake.generate(1, 250);
        let mut asked: Vec<AccountNumber> = (100_001..=100_250).map(|n: u32| number(&n.to_string())).collect();
        let whole = portal.details_by_number(&asked).await.expect("details");
        assert_eq!((whole.records.len(), whole.missing.len()), (250, 0));
        assert_eq!(fake.asked().len(), 3);

        asked.insert(70, number("900001"));
        asked.push(number("900002"));
        let part = portal.details_by_number(&asked).await.expect("details");
        assert_eq!((part.records.len(), part.missing), (250, vec![number("900001"), number("900002")]));

        // A duplicate makes up for a missing one in the portal's own count.
        let mut users: Vec<User> = fake.state().tables.users().cloned().collect();
        users[1].ls = users[0].ls.clone();
        fake.state().tables.replace_users(users);
        let masked = portal.details_by_number(&[number("100001"), number("100002")]).await.expect("details");
        assert_eq!((masked.records.len(), masked.missing), (2, vec![number("100002")]));

        let macs = [mac("00:1A:79:00:00:05"), mac("00:1A:79:00:FF:05")];
        let by_mac = portal.details_by_mac(&macs).await.expect("details");
        assert_eq!((by_mac.records.len(), by_mac.missing), (1, vec![macs[1]]));
        assert!(portal.details_by_mac(&[]).await.expect("nothing").records.is_empty());
    }
}

/// The largest portal there is, over a socket.
#[tokio::test]
async fn fifty_thousand_accounts() {
    let (fake, portal) = start(Setup::ministra()).await;
    fake.generate(1, 50_000);
    let mut census = Census::default();
    let mut rows = portal.boxes().await.expect("a list");
    while let Some(row) = rows.next().await {
        census.count(&row);
    }
    assert_eq!(rows.end().await.map(|end| (end.rows, end.unreadable)), Ok((50_000, 0)));
    assert_eq!(census.accounts(), 50_000);
    assert_eq!(census.odd().iter().filter(|odd| odd.why == Why::JunkMac).count(), 50);
}
