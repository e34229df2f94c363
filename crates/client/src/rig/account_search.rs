//! A search for accounts finds what a scan finds, part after part, page by page and by jumps.

use counterfoil_domain::ids::ResellerId;
use uuid::Uuid;

use super::stand_in::{StandIn, synced};
use crate::accounts::{Line, Show, Wanted, list};
use crate::till::Till;

const NAMES: [&str; 5] = ["Anna", "berta", "ANTON", "joanna", "o'be"];
/// What is typed, and what a MAC address begins with that begins so.
const TYPED: [(&str, Option<&str>); 12] = [
    ("a", None),
    ("an", None),
    (" ANN ", None),
    ("b", None),
    ("o'", None),
    ("be@", None),
    ("00", Some("00")),
    ("001a", Some("00:1A")),
    ("00:1a:79:0", Some("00:1A:79:0")),
    ("be", Some("BE")),
    ("example", None),
    ("joan 3", None),
];

async fn change(till: &Till, sql: &'static str) {
    sqlx::query(sql).execute(&till.store().cache_pool()).await.expect("changed");
}

async fn all(till: &Till, wanted: Wanted) -> Vec<Uuid> {
    let (lines, next) = list(till, &Wanted { limit: 500, ..wanted }).await.expect("a page");
    assert!(next.is_none());
    lines.iter().map(|line| line.account_id).collect()
}

async fn paged(till: &Till, wanted: &Wanted) -> Vec<Uuid> {
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let asked = Wanted { limit: 3, after: after.take(), ..wanted.clone() };
        let (lines, next) = list(till, &asked).await.expect("a page");
        seen.extend(lines.iter().map(|line| line.account_id));
        match next {
            Some(next) => after = Some(next),
            None => return seen,
        }
    }
}

/// The part that a line is found in, and its place there; none where it is not found.
fn place(line: &Line, typed: &str, mac: Option<&str>) -> Option<(u8, String, String, Uuid)> {
    let typed = typed.trim().to_lowercase();
    let name = line.username.to_lowercase();
    let (email, own) = (line.email.clone().unwrap_or_default(), line.mac.clone().unwrap_or_default());
    let words: Vec<&str> = typed.split_whitespace().collect();
    let has = |word: &&str| name.contains(word) || email.contains(word) || own.contains(&word.to_uppercase());
    if name.starts_with(&typed) {
        Some((0, String::new(), name, line.account_id))
    } else if email.starts_with(&typed) {
        Some((1, email, name, line.account_id))
    } else if mac.is_some_and(|mac| own.starts_with(mac)) {
        Some((2, own, name, line.account_id))
    } else if words.iter().any(|word| word.chars().count() > 2) && words.iter().all(has) {
        Some((3, String::new(), name, line.account_id))
    } else {
        None
    }
}

#[tokio::test]
async fn a_search_for_accounts_finds_what_a_scan_finds_part_after_part() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    for key in 1..=60_u128 {
        let name = NAMES[usize::try_from(key * 7 % 5).expect("small")];
        central.set(key, Some(&format!("{name}{key}")));
    }
    synced(&till).await;
    change(
        &till,
        "UPDATE cached_account SET email = substr('annbe@joan', 1 + rowid * 3 % 10) || rowid || '@mail.example'
         WHERE rowid % 3 > 0",
    )
    .await;
    change(
        &till,
        "UPDATE cached_account SET mac = printf('%02X:1A:79:%02X:00:00', rowid % 2 * 190, rowid) WHERE rowid % 4 > 0",
    )
    .await;
    change(&till, "UPDATE cached_account SET status = 'suspended' WHERE rowid % 5 = 0").await;
    change(&till, "UPDATE cached_account SET status = 'archived' WHERE rowid % 7 = 0").await;
    change(&till, "UPDATE cached_account SET reseller_id = zeroblob(16) WHERE rowid % 2 = 0").await;
    let mut parts = [0; 4];
    let shows = [Show::InUse, Show::All, Show::Active, Show::Suspended, Show::Archived];
    let resellers = [None, Some(ResellerId(Uuid::nil()))];
    for (show, reseller) in shows.into_iter().flat_map(|show| resellers.map(|reseller| (show, reseller))) {
        let shown = Wanted { show, reseller, limit: 500, ..Wanted::default() };
        let (whole, _) = list(&till, &shown).await.expect("a page");
        for (typed, mac) in TYPED {
            let mut expected: Vec<_> = whole.iter().filter_map(|line| place(line, typed, mac)).collect();
            expected.sort();
            for (part, ..) in &expected {
                parts[usize::from(*part)] += 1;
            }
            let expected: Vec<Uuid> = expected.into_iter().map(|(.., id)| id).collect();
            let wanted = Wanted { search: typed.to_owned(), ..shown.clone() };
            assert_eq!(all(&till, wanted.clone()).await, expected, "{typed:?} {show:?}");
            assert_eq!(paged(&till, &wanted).await, expected, "{typed:?} {show:?}");
            for offset in [1, 4, expected.len() / 2, expected.len().saturating_sub(1), expected.len() + 2] {
                let jump = Wanted { offset: u32::try_from(offset).ok(), limit: 5, ..wanted.clone() };
                let (lines, _) = list(&till, &jump).await.expect("a page");
                let there: Vec<Uuid> = expected.iter().copied().skip(offset).take(5).collect();
                let lines: Vec<Uuid> = lines.iter().map(|line| line.account_id).collect();
                assert_eq!(lines, there, "{typed:?} {show:?} from {offset}");
            }
        }
    }
    assert!(parts.iter().all(|found| *found > 3), "{parts:?}");
    client.shutdown().await;
}

#[tokio::test]
async fn the_place_of_one_search_is_none_of_another_that_has_no_such_part() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    for (key, name) in [(1, "one"), (2, "two"), (3, "three")] {
        central.set(key, Some(name));
    }
    synced(&till).await;
    change(&till, "UPDATE cached_account SET mac = printf('00:1A:79:00:00:%02X', rowid)").await;
    let wanted = Wanted { search: "001a".into(), limit: 1, ..Wanted::default() };
    let (lines, next) = list(&till, &wanted).await.expect("a page");
    assert_eq!((lines.len(), next.is_some()), (1, true));
    let other = Wanted { search: "tw".into(), after: next, ..wanted };
    assert!(list(&till, &other).await.is_err());
    client.shutdown().await;
}
