//! The sale: durable, numbered once, whole or not at all.

use counterfoil_domain::code::{CURRENT_LIST, Prefix, derive_code};
use counterfoil_domain::lease::Watermark;
use counterfoil_domain::oplog::{LogHead, Op, OpBody};

use super::{COST, Rig, numbers, refused, sell};
use crate::api::ErrorCode;
use crate::outbox::{Marks, repo as log};
use crate::till::Till;
use crate::vault::names;

async fn marks(till: &Till) -> Marks {
    till.vault().read(names::WATERMARK).await.expect("read").expect("kept")
}

async fn ops(till: &Till) -> Vec<Op> {
    let tail = log::tail(&mut till.read().await.expect("db"), 0, 1_000).await.expect("tail");
    tail.iter().map(|op| Op::from_bytes(op.body.as_bytes()).expect("an operation")).collect()
}

#[tokio::test]
async fn a_sale_is_numbered_in_the_keyring_chained_in_the_log_and_derived_as_central_does() {
    let (_rig, client, till, lease) = Rig::with_lease().await;
    let sold = sell(&till, 1, 3).await.expect("sold");
    assert_eq!(numbers(&sold), [1, 2, 3]);
    let prefix = Prefix::new("PM2D").expect("prefix");
    for code in &sold {
        let derived = derive_code(&Rig::lease_key(1), lease.into(), &prefix, 0, code.seq, CURRENT_LIST);
        assert_eq!(code.code, derived.reveal());
        assert_eq!(code.serial, format!("000001-{:04}", code.seq));
    }
    let tail = log::tail(&mut till.read().await.expect("db"), 0, 10).await.expect("tail");
    assert_eq!(tail.len(), 1);
    let device = till.enrolled().await.expect("enrolled");
    let head = LogHead::genesis(device.device_id).extend(tail[0].body.as_bytes());
    let marks = marks(&till).await;
    assert_eq!((device.head, marks.log), (head, head));
    assert_eq!(marks.leases[&lease], Watermark { seq: 3, used: 3 * COST, closed: false });
    assert!(matches!(ops(&till).await[0].body, OpBody::Sale { seq_from: 1, seq_to: 3, .. }));
    client.shutdown().await;
}

#[tokio::test]
async fn a_repeat_of_a_sale_is_answered_not_sold_again() {
    let (rig, client, till, _) = Rig::with_lease().await;
    let first = sell(&till, 1, 2).await.expect("sold");
    let again = sell(&till, 1, 2).await.expect("answered");
    assert_eq!(numbers(&first), numbers(&again));
    drop(till);
    client.shutdown().await;
    // Also after a restart: the person did not see the answer.
    let client = rig.open().await;
    let till = client.till().expect("open");
    let again = sell(&till, 1, 2).await.expect("answered");
    assert_eq!(again.iter().map(|c| &c.code).collect::<Vec<_>>(), first.iter().map(|c| &c.code).collect::<Vec<_>>());
    assert_eq!(ops(&till).await.len(), 1);
    client.shutdown().await;
}

#[tokio::test]
async fn one_sale_may_span_two_leases_and_is_whole_or_refused() {
    let (rig, client, till, first) = Rig::with_lease().await;
    let second = rig.grant(&till, 2, 2 * COST, 128).await;
    let sold = sell(&till, 1, 11).await.expect("ten and one");
    assert_eq!(sold.iter().filter(|code| code.lease_id == first).count(), 10);
    assert_eq!(sold.iter().filter(|code| code.lease_id == second).count(), 1);
    let bodies: Vec<_> = ops(&till).await.into_iter().map(|op| op.body).collect();
    assert_eq!(bodies.len(), 2, "one operation for each lease");
    let error = sell(&till, 2, 2).await.expect_err("one is left");
    assert_eq!(error.code, ErrorCode::InsufficientLease);
    let (needed, available) = (error.needed.expect("needed"), error.available.expect("available"));
    assert_eq!((needed.value, available.value, needed.unit.as_str()), (60, 30, "credits"));
    assert_eq!(numbers(&sell(&till, 3, 1).await.expect("the last one")), [2]);
    assert_eq!(refused(sell(&till, 4, 1).await), ErrorCode::InsufficientLease);
    assert_eq!(refused(sell(&till, 5, 0).await), ErrorCode::QuantityOutOfRange);
    assert_eq!(refused(sell(&till, 6, 101).await), ErrorCode::QuantityOutOfRange);
    client.shutdown().await;
}

#[tokio::test]
async fn a_restored_database_reuses_no_number_of_either_kind() {
    let (rig, client, till, _) = Rig::with_lease().await;
    sell(&till, 1, 1).await.expect("sold");
    drop(till);
    client.shutdown().await;
    let backup = rig.backup();
    let client = rig.open().await;
    let till = client.till().expect("open");
    let lost = sell(&till, 2, 2).await.expect("sold");
    assert_eq!(numbers(&lost), [2, 3]);
    drop(till);
    client.shutdown().await;

    rig.restore(&backup);
    let client = rig.open().await;
    let till = client.till().expect("open");
    let gaps = log::gaps(&mut till.read().await.expect("db")).await.expect("gaps");
    assert_eq!(gaps.iter().map(|gap| (gap.after.seq, gap.through.seq)).collect::<Vec<_>>(), [(1, 2)]);
    let sold = sell(&till, 3, 1).await.expect("sold");
    assert_eq!(numbers(&sold), [4], "two and three were given out");
    assert_eq!(ops(&till).await.iter().map(|op| op.op_seq).collect::<Vec<_>>(), [1, 3]);
    assert!(lost.iter().all(|code| code.code != sold[0].code));
    // What was sold is counted though the database forgot it: six codes are left of ten.
    assert_eq!(numbers(&sell(&till, 4, 6).await.expect("six are left")), [5, 6, 7, 8, 9, 10]);
    assert_eq!(refused(sell(&till, 5, 1).await), ErrorCode::InsufficientLease);
    client.shutdown().await;
}

#[tokio::test]
async fn a_crash_between_keyring_and_commit_burns_its_numbers_and_nothing_else() {
    let (rig, client, till, lease) = Rig::with_lease().await;
    sell(&till, 1, 1).await.expect("sold");
    // The keyring was written for a sale of two whose commit never came.
    let mut ahead = marks(&till).await;
    ahead.log = ahead.log.extend(b"an operation nobody has");
    ahead.leases.insert(lease, Watermark { seq: 3, used: 3 * COST, closed: false });
    till.vault().write(names::WATERMARK, &ahead).await.expect("kept");
    drop(till);
    client.shutdown().await;

    let client = rig.open().await;
    let till = client.till().expect("open");
    let sold = sell(&till, 2, 1).await.expect("sold");
    assert_eq!(numbers(&sold), [4]);
    assert_eq!(sold[0].op_seq, 3);
    let tail = log::tail(&mut till.read().await.expect("db"), 1, 10).await.expect("tail");
    assert_eq!(marks(&till).await.log, ahead.log.extend(tail[0].body.as_bytes()), "chained from the keyring's head");
    client.shutdown().await;
}

#[tokio::test]
async fn a_keyring_that_refuses_sells_nothing_and_burns_nothing() {
    let (rig, client, till, _) = Rig::with_lease().await;
    rig.secrets.refuse_writes(true);
    assert_eq!(refused(sell(&till, 1, 2).await), ErrorCode::VaultUnavailable);
    assert!(ops(&till).await.is_empty());
    rig.secrets.refuse_writes(false);
    assert_eq!(numbers(&sell(&till, 1, 2).await.expect("sold")), [1, 2]);
    client.shutdown().await;
}

#[tokio::test]
async fn what_a_restored_central_forgot_waits_again() {
    let (_rig, client, till, _) = Rig::with_lease().await;
    for sale in 1..=3 {
        sell(&till, sale, 1).await.expect("sold");
    }
    let mut transaction = till.store().write_local().await.expect("transaction");
    for op_seq in 1..=3 {
        let outcome = counterfoil_domain::oplog::OpOutcome::Applied;
        let result = counterfoil_wire::push::OpResult { op_seq, outcome, version: i64::from(op_seq) };
        log::answer(&mut transaction, &result).await.expect("answered");
    }
    log::drop_covered(&mut transaction, 3).await.expect("dropped");
    assert_eq!(log::counts(&mut transaction).await.expect("counts"), (0, 0));
    log::reopen(&mut transaction, 1).await.expect("reopened");
    assert_eq!(log::counts(&mut transaction).await.expect("counts"), (2, 0));
    transaction.commit().await.expect("committed");
    client.shutdown().await;
}

#[tokio::test]
async fn sales_at_once_stand_in_line() {
    let (_rig, client, till, _) = Rig::with_lease().await;
    let sales = (0..12).map(|sale| {
        let till = std::sync::Arc::clone(&till);
        tokio::spawn(async move { sell(&till, sale, 1).await })
    });
    let mut numbers_sold = Vec::new();
    let mut refusals = 0;
    for sale in sales.collect::<Vec<_>>() {
        match sale.await.expect("ran") {
            Ok(codes) => numbers_sold.extend(numbers(&codes)),
            Err(error) => {
                assert_eq!(error.code, ErrorCode::InsufficientLease);
                refusals += 1;
            }
        }
    }
    numbers_sold.sort_unstable();
    assert_eq!(numbers_sold, (1..=10).collect::<Vec<_>>());
    assert_eq!(refusals, 2);
    client.shutdown().await;
}

#[tokio::test]
async fn what_is_not_an_address_is_no_sale() {
    let (_rig, client, till, _) = Rig::with_lease().await;
    for bad in ["", "a", "a@b", "@b.c", "a b@c.d", "a@b..c", "a@b@c.d"] {
        let order = crate::selling::Order { customer_email: Some(bad.into()), ..super::order(1, 1) };
        let outcome = crate::selling::sell(&till, &order).await.map_err(crate::api::ApiError::from);
        assert_eq!(refused(outcome), ErrorCode::InvalidEmail, "{bad}");
    }
    let order = crate::selling::Order { customer_email: Some("a.b@c.example".into()), ..super::order(1, 1) };
    assert_eq!(crate::selling::sell(&till, &order).await.expect("sold").len(), 1);
    client.shutdown().await;
}
