//! Pages of the cached accounts: each way to look at them, along its index.

use counterfoil_domain::time::Timestamp;

use super::stand_in::{StandIn, synced};
use crate::accounts::{Show, Sort, SortBy, Wanted, list};
use crate::till::Till;

/// Changes the cache as Central's rows would.
async fn change(till: &Till, sql: &'static str, now: Timestamp) {
    sqlx::query(sql).bind(now.0).execute(&till.store().cache_pool()).await.expect("changed");
}

async fn names(till: &Till, wanted: Wanted) -> Vec<String> {
    let (lines, _) = list(till, &Wanted { limit: 100, ..wanted }).await.expect("a page");
    lines.into_iter().map(|line| line.username).collect()
}

async fn shown(till: &Till, show: Show) -> Vec<String> {
    names(till, Wanted { show, ..Wanted::default() }).await
}

async fn found(till: &Till, search: &str) -> Vec<String> {
    names(till, Wanted { search: search.to_owned(), ..Wanted::default() }).await
}

#[tokio::test]
async fn accounts_are_listed_as_they_stand_now() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..7);
    synced(&till).await;
    let now = till.trusted_now();
    change(&till, "UPDATE cached_account SET ends_at = ?1 + 86400000 * 30", now).await;
    change(&till, "UPDATE cached_account SET ends_at = ?1 - 1 WHERE username = 'account-2'", now).await;
    change(&till, "UPDATE cached_account SET ends_at = ?1 - 9 WHERE username = 'account-1'", now).await;
    change(&till, "UPDATE cached_account SET ends_at = ?1 + 86400000 WHERE username = 'account-4'", now).await;
    change(&till, "UPDATE cached_account SET status = 'suspended' WHERE username = 'account-5' AND ?1 > 0", now).await;
    change(&till, "UPDATE cached_account SET status = 'archived' WHERE username = 'account-6' AND ?1 > 0", now).await;
    assert_eq!(shown(&till, Show::InUse).await, ["account-1", "account-2", "account-3", "account-4", "account-5"]);
    assert_eq!(shown(&till, Show::Active).await, ["account-3", "account-4"]);
    assert_eq!(shown(&till, Show::EndingSoon).await, ["account-4"]);
    assert_eq!(shown(&till, Show::Expired).await, ["account-2", "account-1"], "the last to end first");
    assert_eq!(shown(&till, Show::Suspended).await, ["account-5"]);
    assert_eq!(shown(&till, Show::Archived).await, ["account-6"]);
    assert_eq!(shown(&till, Show::All).await.len(), 6);
    client.shutdown().await;
}

#[tokio::test]
async fn accounts_are_found_by_what_begins_so() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    for (key, name) in [(1, "Anna"), (2, "anton"), (3, "berta"), (4, "50%_off")] {
        central.set(key, Some(name));
    }
    synced(&till).await;
    let now = till.trusted_now();
    change(&till, "UPDATE cached_account SET email = 'an@x.org' WHERE username = 'berta' AND ?1 > 0", now).await;
    change(&till, "UPDATE cached_account SET mac = '00:1A:79:00:00:02' WHERE username = 'anton' AND ?1 > 0", now).await;
    assert_eq!(found(&till, "AN").await, ["Anna", "anton", "berta"]);
    assert_eq!(found(&till, "an@").await, ["berta"]);
    assert_eq!(found(&till, "001a79").await, ["anton"]);
    assert_eq!(found(&till, "00-1A-79-00-00-02").await, ["anton"]);
    assert_eq!(found(&till, "50%").await, ["50%_off"], "every character stands for itself");
    assert_eq!(found(&till, "nobody").await, Vec::<String>::new());
    client.shutdown().await;
}

#[tokio::test]
async fn what_only_contains_it_comes_after_what_begins_so() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    for (key, name) in [(1, "Joanna"), (2, "anna"), (3, "hannah"), (4, "Bert"), (5, "zoe")] {
        central.set(key, Some(name));
    }
    synced(&till).await;
    let now = till.trusted_now();
    change(&till, "UPDATE cached_account SET email = 'joe@annex.org' WHERE username = 'Bert' AND ?1 > 0", now).await;
    change(&till, "UPDATE cached_account SET mac = '00:1A:79:0B:2C:3D' WHERE username = 'zoe' AND ?1 > 0", now).await;
    let all = ["anna", "Bert", "hannah", "Joanna"];
    assert_eq!(found(&till, "ann").await, all);
    assert_eq!(found(&till, "na").await, Vec::<String>::new(), "two letters are in too much");
    assert_eq!(found(&till, "nex JOE").await, ["Bert"], "each word, wherever it is");
    assert_eq!(found(&till, "anna nobody").await, Vec::<String>::new());
    for mac in ["0B2C", "2c:3d", "79-0b", "1a79"] {
        assert_eq!(found(&till, mac).await, ["zoe"], "{mac}");
    }
    change(&till, "UPDATE cached_account SET status = 'archived' WHERE username = 'hannah' AND ?1 > 0", now).await;
    assert_eq!(found(&till, "ann").await, ["anna", "Bert", "Joanna"]);
    let wanted = Wanted { show: Show::All, search: "ann".into(), limit: 1, ..Wanted::default() };
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let (lines, next) = list(&till, &Wanted { after: after.take(), ..wanted.clone() }).await.expect("a page");
        seen.extend(lines.into_iter().map(|line| line.username));
        match next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, all);
    for offset in 0..6_u32 {
        let (lines, _) = list(&till, &Wanted { offset: Some(offset), ..wanted.clone() }).await.expect("a page");
        let there = all.get(usize::try_from(offset).expect("small"));
        assert_eq!(lines.first().map(|line| line.username.as_str()), there.copied(), "from {offset}");
    }
    // The place of a search is none of the list without one.
    let (_, next) = list(&till, &Wanted { offset: Some(1), ..wanted.clone() }).await.expect("a page");
    assert!(list(&till, &Wanted { after: next, search: String::new(), ..wanted }).await.is_err());
    change(&till, "DELETE FROM cached_account WHERE username = 'anna' AND ?1 > 0", now).await;
    assert_eq!(found(&till, "nna").await, ["Joanna"]);
    client.shutdown().await;
}

#[tokio::test]
async fn pages_follow_one_another_without_gap_or_repeat() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..30);
    synced(&till).await;
    let now = till.trusted_now();
    // Several end at the same moment: the id decides between them.
    change(&till, "UPDATE cached_account SET ends_at = ?1 - 1 - (rowid % 4)", now).await;
    for show in [Show::InUse, Show::Expired] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let wanted = Wanted { show, limit: 7, after: after.take(), ..Wanted::default() };
            let (lines, next) = list(&till, &wanted).await.expect("a page");
            seen.extend(lines.into_iter().map(|line| line.username));
            match next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, shown(&till, show).await, "{show:?}");
        assert_eq!(seen.len(), 29);
        let jumped = Wanted { show, limit: 3, offset: Some(5), ..Wanted::default() };
        let (lines, _) = list(&till, &jumped).await.expect("a page");
        assert_eq!(lines[0].username, seen[5]);
    }
    // The place of one list is none of another.
    let wanted = Wanted { limit: 7, ..Wanted::default() };
    let (_, next) = list(&till, &wanted).await.expect("a page");
    assert!(list(&till, &Wanted { show: Show::Expired, after: next, ..wanted }).await.is_err());
    client.shutdown().await;
}

#[tokio::test]
async fn each_kind_is_listed_in_each_order_page_by_page() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..30);
    synced(&till).await;
    let now = till.trusted_now();
    change(&till, "UPDATE cached_account SET ends_at = ?1 - 1 - (rowid * 7 % 5)", now).await;
    change(&till, "UPDATE cached_account SET ends_at = ?1 + 3600000 + rowid % 3 WHERE rowid % 3 = 0", now).await;
    change(&till, "UPDATE cached_account SET status = 'suspended' WHERE rowid % 5 = 0 AND ?1 > 0", now).await;
    change(&till, "UPDATE cached_account SET status = 'archived' WHERE rowid % 7 = 0 AND ?1 > 0", now).await;
    for show in [Show::InUse, Show::All, Show::Active, Show::EndingSoon, Show::Expired, Show::Suspended, Show::Archived]
    {
        for by in [SortBy::Name, SortBy::End, SortBy::Made] {
            let up = Wanted { show, sort: Some(Sort { by, descending: false }), ..Wanted::default() };
            let down = Wanted { sort: Some(Sort { by, descending: true }), ..up.clone() };
            let mut backward = paged(&till, &down).await;
            backward.reverse();
            let forward = paged(&till, &up).await;
            assert_eq!(forward, backward, "{show:?} {by:?}");
            let mut sorted = forward.clone();
            sorted.sort_by(|a, b| match by {
                SortBy::Name => (&a.1, &a.3).cmp(&(&b.1, &b.3)),
                SortBy::End => (a.2, &a.3).cmp(&(b.2, &b.3)),
                SortBy::Made => a.3.cmp(&b.3),
            });
            assert_eq!(forward, sorted, "{show:?} {by:?}");
            assert_eq!(forward.len(), shown(&till, show).await.len(), "{show:?} {by:?}");
            assert!(forward.len() > 3, "{show:?} {by:?}");
        }
    }
    // What is searched for is listed by name, whatever the order of the list is.
    let by_end = Sort { by: SortBy::End, descending: true };
    let found = names(&till, Wanted { search: "account-1".into(), sort: Some(by_end), ..Wanted::default() }).await;
    let mut sorted = found.clone();
    sorted.sort();
    assert!(found.len() > 3);
    assert_eq!(found, sorted);
    client.shutdown().await;
}

/// Name, name in lower case, end and id of each, three at a time.
async fn paged(till: &Till, wanted: &Wanted) -> Vec<(String, String, i64, uuid::Uuid)> {
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let asked = Wanted { limit: 3, after: after.take(), ..wanted.clone() };
        let (lines, next) = list(till, &asked).await.expect("a page");
        let row = |line: crate::accounts::Line| {
            let key = line.username.to_lowercase();
            (line.username, key, line.ends_at, line.account_id)
        };
        seen.extend(lines.into_iter().map(row));
        match next {
            Some(next) => after = Some(next),
            None => return seen,
        }
    }
}
