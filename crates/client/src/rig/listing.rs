//! The Codes page: nothing flickers, nothing is listed twice, every jump lands where it should.

use std::collections::BTreeSet;

use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::{CodeId, DeviceId, ResellerId};
use counterfoil_domain::oplog::OpOutcome;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::codes::CodeRow;
use counterfoil_wire::pull::{Change, FeedRow, PullPage};
use counterfoil_wire::push::OpResult;
use uuid::Uuid;

use super::{PLAN, Rig, START, sell};
use crate::codes::{self, Effort, Line, Order, Wanted};
use crate::outbox::repo as log;
use crate::sync::apply;
use crate::till::Till;

/// A lot of another machine.
pub(super) const OTHER: Uuid = Uuid::from_u128(0x07e4);

pub(super) fn row(id: u128, source: Uuid, seq: u32, state: CodeState, settled_at: i64) -> CodeRow {
    let amount = |value, unit: &str| Amount::new(value, unit.parse::<Unit>().expect("unit")).expect("amount");
    CodeRow {
        code_id: CodeId(Uuid::from_u128(id)),
        serial: format!("{:06}-{seq:04}", if source == OTHER { 2 } else { 1 }),
        source_id: source,
        seq,
        masked: format!("PM2D-····-····-{seq:04}"),
        reseller_id: ResellerId(Uuid::from_u128(2)),
        device_id: Some(DeviceId(Uuid::from_u128(0xd1))),
        plan_id: PLAN,
        plan_name: "Family".into(),
        term_days: 30,
        price: amount(999, "EUR"),
        cost: amount(30, "credits"),
        state,
        held_reason: None,
        flagged: false,
        customer_email: (seq.is_multiple_of(2)).then(|| format!("Customer{seq}@example.org")),
        sold_at: None,
        settled_at: Timestamp(settled_at),
        activated_at: None,
        ended_at: None,
        redeem_by: START.plus_days(365),
    }
}

pub(super) fn page(version: i64, rows: Vec<CodeRow>) -> PullPage {
    PullPage {
        changes: rows.into_iter().map(|row| Change { version, row: FeedRow::Code(row) }).collect(),
        cursor: format!("cursor-{version}"),
        version,
        more: false,
        digests: None,
        backup_watermark: None,
        audit: None,
        brand: None,
        server_time: START,
    }
}

/// What `pull` does with a page, without a server.
pub(super) async fn pulled(till: &Till, page: &PullPage) {
    apply::page(till, page).await.expect("applied");
    let mut transaction = till.store().write_local().await.expect("transaction");
    log::drop_covered(&mut transaction, page.version).await.expect("dropped");
    transaction.commit().await.expect("committed");
}

async fn answered(till: &Till, op_seq: u32, outcome: OpOutcome, version: i64) {
    let mut transaction = till.store().write_local().await.expect("transaction");
    log::answer(&mut transaction, &OpResult { op_seq, outcome, version }).await.expect("answered");
    transaction.commit().await.expect("committed");
}

pub(super) async fn list(till: &Till, wanted: Wanted) -> Vec<Line> {
    codes::list(till, &Wanted { limit: 500, ..wanted }).await.expect("listed").lines
}

async fn total(till: &Till) -> u32 {
    codes::counts(till, &Wanted::default()).await.expect("counted").by_state.values().sum()
}

#[tokio::test]
async fn a_sale_never_flickers_between_push_and_pull() {
    let (_rig, client, till, lease) = Rig::with_lease().await;
    pulled(&till, &page(1, vec![])).await;
    let sold = sell(&till, 1, 1).await.expect("sold");
    let once = async |what: &str, pending: bool, state: CodeState| {
        let lines = list(&till, Wanted::default()).await;
        assert_eq!(lines.len(), 1, "{what}");
        assert_eq!((lines[0].code_id, lines[0].pending, lines[0].state), (sold[0].code_id, pending, state), "{what}");
        assert_eq!(total(&till).await, 1, "{what}");
    };
    once("sold", true, CodeState::Sold).await;
    answered(&till, 1, OpOutcome::Applied, 5).await;
    once("answered", true, CodeState::Sold).await;
    pulled(&till, &page(4, vec![])).await;
    once("an older page", true, CodeState::Sold).await;
    pulled(&till, &page(5, vec![row(1, lease.0, 1, CodeState::Sold, START.0)])).await;
    once("the page that has it", false, CodeState::Sold).await;
    pulled(&till, &page(6, vec![row(1, lease.0, 1, CodeState::Activated, START.0)])).await;
    once("used", false, CodeState::Activated).await;
    client.shutdown().await;
}

#[tokio::test]
async fn a_code_redeemed_before_its_sale_arrived_says_so() {
    let (_rig, client, till, lease) = Rig::with_lease().await;
    let sold = sell(&till, 1, 1).await.expect("sold");
    pulled(&till, &page(3, vec![row(1, lease.0, 1, CodeState::Activated, START.0)])).await;
    let lines = list(&till, Wanted::default()).await;
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].state, lines[0].pending), (CodeState::Activated, true));
    let refused = codes::void(&till, &[sold[0].code_id]).await.expect_err("used");
    assert!(matches!(refused, codes::CodesError::AlreadyActivated(_)));
    client.shutdown().await;
}

#[tokio::test]
async fn a_refused_void_is_undone_and_stays_in_the_queue() {
    let (_rig, client, till, lease) = Rig::with_lease().await;
    let sold = sell(&till, 1, 1).await.expect("sold");
    answered(&till, 1, OpOutcome::Applied, 2).await;
    pulled(&till, &page(2, vec![row(1, lease.0, 1, CodeState::Sold, START.0)])).await;
    codes::void(&till, &[sold[0].code_id]).await.expect("voided");
    assert_eq!(list(&till, Wanted::default()).await[0].state, CodeState::Voided);
    let only_sold = Wanted { states: vec![CodeState::Sold], ..Wanted::default() };
    assert!(list(&till, only_sold).await.is_empty());
    let code = counterfoil_domain::oplog::RejectCode::AlreadyActivated;
    answered(&till, 2, OpOutcome::Rejected { code }, 3).await;
    assert_eq!(list(&till, Wanted::default()).await[0].state, CodeState::Sold);
    let queue = crate::queue::list(&till).await.expect("queue");
    assert_eq!(queue.iter().map(|item| item.reason.as_deref()).collect::<Vec<_>>(), [Some("already_activated")]);
    assert!(crate::queue::dismiss(&till, 2).await.expect("dismissed"));
    assert!(crate::queue::list(&till).await.expect("queue").is_empty());
    client.shutdown().await;
}

#[tokio::test]
async fn a_page_and_its_cursor_are_both_there_or_neither() {
    let (_rig, client, till, lease) = Rig::with_lease().await;
    pulled(&till, &page(1, vec![row(1, lease.0, 1, CodeState::Sold, 10)])).await;
    // The second row takes the place of the first under another id: the page cannot be applied.
    let broken = page(2, vec![row(2, lease.0, 2, CodeState::Sold, 11), row(3, lease.0, 1, CodeState::Sold, 12)]);
    apply::page(&till, &broken).await.expect_err("cannot be applied");
    let cursor: String = sqlx::query_scalar("SELECT cursor FROM feed_position")
        .fetch_one(&mut *till.read().await.expect("db"))
        .await
        .expect("cursor");
    assert_eq!(cursor, "cursor-1");
    assert_eq!(total(&till).await, 1);
    client.shutdown().await;
}

#[tokio::test]
async fn pages_jumps_states_and_searches_agree_with_the_whole_list() {
    let (_rig, client, till, _) = Rig::with_lease().await;
    let states = [CodeState::Sold, CodeState::Activated, CodeState::Held];
    let rows = (1..=90_u32).map(|seq| {
        let state = states[usize::try_from(seq % 3).expect("small")];
        row(u128::from(seq), OTHER, seq, state, START.0 - 1_000 + 30 * i64::from(seq))
    });
    pulled(&till, &page(1, rows.collect())).await;
    sell(&till, 1, 5).await.expect("sold");
    let whole = list(&till, Wanted::default()).await;
    assert_eq!(whole.len(), 95);
    assert!(whole.is_sorted_by(|a, b| a.place < b.place), "newest first");
    assert_eq!(total(&till).await, 95);

    for filter in [vec![], vec![CodeState::Sold], vec![CodeState::Sold, CodeState::Held]] {
        let expected: Vec<CodeId> =
            whole.iter().filter(|l| filter.is_empty() || filter.contains(&l.state)).map(|l| l.code_id).collect();
        let wanted = Wanted { states: filter.clone(), limit: 7, ..Wanted::default() };
        let mut walked = Vec::new();
        let mut after = None;
        loop {
            let page = codes::list(&till, &Wanted { after: after.clone(), ..wanted.clone() }).await.expect("page");
            walked.extend(page.lines.iter().map(|line| line.code_id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(walked, expected, "{filter:?}");
        for offset in 0..expected.len() + 2 {
            let jump = Wanted { offset: u32::try_from(offset).ok(), ..wanted.clone() };
            let lines = codes::list(&till, &jump).await.expect("page").lines;
            let ids: Vec<CodeId> = lines.iter().map(|line| line.code_id).collect();
            let there: Vec<CodeId> = expected.iter().copied().skip(offset).take(7).collect();
            assert_eq!(ids, there, "{filter:?} from {offset}");
        }
    }
    for (typed, finds) in [("000002-009", 1), ("customer8", 6), ("FAMILY", 90), ("0042", 1), ("nothing", 0)] {
        let found = list(&till, Wanted { search: typed.into(), ..Wanted::default() }).await;
        assert_eq!(found.len(), finds, "{typed}");
        let wanted = Wanted { search: typed.into(), ..Wanted::default() };
        let counted: u32 = codes::counts(&till, &wanted).await.expect("counted").by_state.values().sum();
        assert_eq!(usize::try_from(counted).expect("few"), finds, "{typed}");
    }
    client.shutdown().await;
}

/// Every line by key, `limit` at a time.
pub(super) async fn walk(till: &Till, wanted: &Wanted) -> Vec<CodeId> {
    let mut walked = Vec::new();
    let mut after = None;
    loop {
        let page = codes::list(till, &Wanted { after, ..wanted.clone() }).await.expect("page");
        walked.extend(page.lines.iter().map(|line| line.code_id));
        after = page.next;
        if after.is_none() {
            return walked;
        }
    }
}

#[tokio::test]
async fn a_search_finds_the_same_lines_in_both_orders_page_by_page_and_by_jumps() {
    let (_rig, client, till, _) = Rig::with_lease().await;
    // Lots are sold at one moment; of the old ones, some are found by more than one index.
    let rows = (1..=120_u32)
        .map(|seq| row(u128::from(seq), OTHER, seq, CodeState::Sold, START.0 - 1_000 + i64::from(seq / 30) * 100));
    pulled(&till, &page(1, rows.collect())).await;
    sell(&till, 1, 3).await.expect("sold");
    for typed in ["0", "00", "000002-00", "000002-01", "customer", "f", "family", "customer8", "1", "zzz"] {
        let search = Wanted { search: typed.into(), limit: 500, ..Wanted::default() };
        let mut both = Vec::new();
        for (sorted, order) in [(1_000, Order::Newest), (0, Order::Found)] {
            let effort = Effort { sorted, counted: 10 };
            let wanted = Wanted { effort, ..search.clone() };
            let page = codes::list(&till, &wanted).await.expect("listed");
            assert!(page.lines.is_empty() || page.order == order, "{typed}");
            assert!(page.lines.is_sorted_by(|a, b| a.place < b.place), "{typed} {order:?}");
            let whole: Vec<CodeId> = page.lines.iter().map(|line| line.code_id).collect();
            let wanted = Wanted { limit: 7, ..wanted };
            assert_eq!(walk(&till, &wanted).await, whole, "{typed} {order:?}");
            for offset in [0, 3, 29, 31, 64, 119] {
                let jump = Wanted { offset: u32::try_from(offset).ok(), ..wanted.clone() };
                let lines = codes::list(&till, &jump).await.expect("page").lines;
                let ids: Vec<CodeId> = lines.iter().map(|line| line.code_id).collect();
                let there: Vec<CodeId> = whole.iter().copied().skip(offset).take(7).collect();
                assert_eq!(ids, there, "{typed} {order:?} from {offset}");
            }
            let counts = codes::counts(&till, &wanted).await.expect("counted");
            let told = counts.by_state.values().sum::<u32>() as usize;
            match counts.more_than {
                Some(least) => assert!(whole.len() > 10 && least == 10 && told == 0, "{typed} {order:?}"),
                None => assert_eq!(told, whole.len(), "{typed} {order:?}"),
            }
            both.push(whole.into_iter().collect::<BTreeSet<_>>());
        }
        assert_eq!(both[0], both[1], "{typed}: both orders have the same lines");
    }
    client.shutdown().await;
}
