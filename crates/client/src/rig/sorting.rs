//! The Codes page in an order that somebody chose: each line once, in its place, page by page and by jumps.

use std::cmp::Ordering;

use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::{CodeId, LeaseId};

use super::listing::{OTHER, list, page, pulled, row, walk};
use super::{Rig, START, sell};
use crate::codes::{self, CodesError, Effort, Line, Order, Sort, SortBy, Wanted};
use crate::till::Till;

const BY: [SortBy; 4] = [SortBy::Sold, SortBy::Serial, SortBy::Plan, SortBy::State];
const PLANS: [&str; 3] = ["sport", "Family", "Weekend"];
const STATES: [CodeState; 4] = [CodeState::Activated, CodeState::Sold, CodeState::Held, CodeState::Expired];

/// Lots of one moment, of three plans and four states, and own lines among them, some laid over what Central has of them.
async fn lines(till: &Till, lease: LeaseId) -> Vec<Line> {
    let rows = (1..=60_u32).map(|seq| {
        let at = |of: usize| usize::try_from(seq).expect("small") % of;
        let mut row = row(u128::from(seq), OTHER, seq, STATES[at(4)], START.0 - 500 + i64::from(seq / 20) * 500);
        row.plan_name = PLANS[at(3)].into();
        row
    });
    pulled(till, &page(1, rows.collect())).await;
    let sold = sell(till, 1, 5).await.expect("sold");
    codes::void(till, &[sold[1].code_id, sold[3].code_id]).await.expect("voided");
    let known = [(1_u32, CodeState::Activated), (2, CodeState::Sold), (3, CodeState::Sold)];
    let known = known.map(|(seq, state)| row(900 + u128::from(seq), lease.0, seq, state, START.0));
    pulled(till, &page(2, known.to_vec())).await;
    list(till, Wanted::default()).await
}

/// What the order says of two lines, told without it.
fn compare(sort: Sort, a: &Line, b: &Line) -> Ordering {
    let newest = (b.sold_at, &b.serial).cmp(&(a.sold_at, &a.serial));
    let key = match sort.by {
        SortBy::Sold => newest.reverse(),
        SortBy::Serial => a.serial.cmp(&b.serial),
        SortBy::Plan => {
            a.plan_name.to_lowercase().cmp(&b.plan_name.to_lowercase()).then_with(|| b.serial.cmp(&a.serial))
        }
        SortBy::State => a.state.cmp(&b.state),
    };
    let key = if sort.descending { key.reverse() } else { key };
    if sort.by == SortBy::State { key.then(newest) } else { key }
}

fn ids(lines: &[Line]) -> Vec<CodeId> {
    lines.iter().map(|line| line.code_id).collect()
}

fn sorts() -> impl Iterator<Item = Sort> {
    BY.into_iter().flat_map(|by| [false, true].map(|descending| Sort { by, descending }))
}

#[tokio::test]
async fn each_order_has_each_line_once_page_by_page_and_by_jumps() {
    let (_rig, client, till, lease) = Rig::with_lease().await;
    let whole = lines(&till, lease).await;
    assert_eq!(whole.len(), 65);
    for sort in sorts() {
        let mut expected: Vec<Line> = whole.clone();
        expected.sort_by(|a, b| compare(sort, a, b));
        let expected = ids(&expected);
        let wanted = Wanted { sort: Some(sort), limit: 7, ..Wanted::default() };
        assert_eq!(ids(&list(&till, wanted.clone()).await), expected, "{sort:?}");
        assert_eq!(walk(&till, &wanted).await, expected, "{sort:?}");
        for offset in 0..expected.len() + 2 {
            let jump = Wanted { offset: u32::try_from(offset).ok(), ..wanted.clone() };
            let there: Vec<CodeId> = expected.iter().copied().skip(offset).take(7).collect();
            let page = codes::list(&till, &jump).await.expect("page");
            assert_eq!(ids(&page.lines), there, "{sort:?} from {offset}");
        }
    }
    client.shutdown().await;
}

#[tokio::test]
async fn codes_of_chosen_states_come_by_time_or_by_state_and_no_other_order_is_taken_for_one() {
    let (_rig, client, till, lease) = Rig::with_lease().await;
    let whole = lines(&till, lease).await;
    let chosen = [vec![CodeState::Held], vec![CodeState::Held, CodeState::Voided, CodeState::Activated]];
    for (states, sort) in chosen.iter().flat_map(|states| sorts().map(move |sort| (states, sort))) {
        let served = matches!(sort.by, SortBy::Sold | SortBy::State);
        let in_force = if served { sort } else { Sort { by: SortBy::Sold, descending: true } };
        let mut expected: Vec<Line> = whole.iter().filter(|line| states.contains(&line.state)).cloned().collect();
        expected.sort_by(|a, b| compare(in_force, a, b));
        let expected = ids(&expected);
        let wanted = Wanted { sort: Some(sort), states: states.clone(), limit: 4, ..Wanted::default() };
        let first = codes::list(&till, &wanted).await.expect("page");
        let newest = in_force == Sort { by: SortBy::Sold, descending: true };
        assert_eq!(first.order, if newest { Order::Newest } else { Order::Chosen(sort) }, "{sort:?}");
        assert_eq!(walk(&till, &wanted).await, expected, "{states:?} {sort:?}");
        for offset in 0..=expected.len() {
            let jump = Wanted { offset: u32::try_from(offset).ok(), ..wanted.clone() };
            let there: Vec<CodeId> = expected.iter().copied().skip(offset).take(4).collect();
            let page = codes::list(&till, &jump).await.expect("page");
            assert_eq!(ids(&page.lines), there, "{states:?} {sort:?} from {offset}");
        }
    }
    client.shutdown().await;
}

#[tokio::test]
async fn a_search_keeps_its_own_order_and_the_place_of_another_order_is_refused() {
    let (_rig, client, till, lease) = Rig::with_lease().await;
    lines(&till, lease).await;
    let search = Wanted { search: "family".into(), ..Wanted::default() };
    let found = ids(&list(&till, search.clone()).await);
    assert_eq!(found.len(), 20);
    let broad = Wanted { effort: Effort { sorted: 0, counted: 10 }, limit: 7, ..search.clone() };
    let of_a_search = codes::list(&till, &broad).await.expect("page").next;
    assert!(of_a_search.is_some());
    for sort in sorts() {
        assert_eq!(ids(&list(&till, Wanted { sort: Some(sort), ..search.clone() }).await), found, "{sort:?}");
        let wanted = Wanted { sort: Some(sort), limit: 7, ..Wanted::default() };
        let next = codes::list(&till, &wanted).await.expect("page").next;
        for other in sorts().filter(|other| *other != sort) {
            let mixed = Wanted { sort: Some(other), after: next.clone(), ..wanted.clone() };
            let refused = codes::list(&till, &mixed).await.expect_err("another order");
            assert!(matches!(refused, CodesError::Place), "{sort:?} {other:?}: {refused}");
        }
        let mixed = Wanted { after: of_a_search.clone(), ..wanted.clone() };
        let refused = codes::list(&till, &mixed).await.expect_err("of a search");
        assert!(matches!(refused, CodesError::Place), "{sort:?}: {refused}");
        // A search takes the place of a list by time, which is its own order too.
        if sort != (Sort { by: SortBy::Sold, descending: true }) {
            let refused = codes::list(&till, &Wanted { after: next, ..search.clone() }).await.expect_err("of a list");
            assert!(matches!(refused, CodesError::Place), "{sort:?}: {refused}");
        }
    }
    client.shutdown().await;
}
