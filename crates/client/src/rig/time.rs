//! Clocks that are wrong.

use std::time::Duration;

use counterfoil_domain::time::Timestamp;

use super::{Rig, START, refused, sell};
use crate::api::ErrorCode;

#[tokio::test]
async fn a_clock_turned_back_changes_nothing() {
    let (rig, client, till, _) = Rig::with_lease().await;
    rig.clock.set_wall(START.plus_days(-3_650));
    sell(&till, 1, 1).await.expect("inside its budget");
    // Thirty days passed on the clock nobody can turn: the lease is over, whatever the wall says.
    rig.clock.pass(Duration::from_hours(31 * 24));
    assert_eq!(refused(sell(&till, 2, 1).await), ErrorCode::LeaseExpired);
    client.shutdown().await;
}

#[tokio::test]
async fn a_clock_ten_years_ahead_is_named_as_what_it_is() {
    let (rig, client, till, _) = Rig::with_lease().await;
    rig.clock.set_wall(START.plus_days(3_650));
    assert_eq!(refused(sell(&till, 1, 1).await), ErrorCode::ClockImplausible);
    rig.clock.set_wall(START.plus_days(31));
    assert_eq!(refused(sell(&till, 2, 1).await), ErrorCode::LeaseExpired);
    rig.clock.set_wall(START.plus_days(1));
    sell(&till, 3, 1).await.expect("set right, it sells");
    client.shutdown().await;
}

#[tokio::test]
async fn a_clock_ten_years_ahead_neither_closes_leases_nor_takes_new_ones() {
    let (rig, client, till, _) = Rig::with_lease().await;
    let device = till.device().await.expect("device").expect("enrolled");
    rig.clock.set_wall(START.plus_days(3_650));
    // Nobody listens: to ask for a lease would be an error.
    crate::lease::top_up_if_low(&till, &device).await.expect("there is nothing to do");
    assert_eq!(crate::outbox::repo::counts(&mut till.read().await.expect("db")).await.expect("counts").0, 0);
    client.shutdown().await;
}

#[tokio::test]
async fn the_last_server_time_survives_a_restart() {
    let (rig, client, till, _) = Rig::with_lease().await;
    let told = START.plus_days(31);
    let mut transaction = till.store().write_local().await.expect("transaction");
    crate::device::repo::learn_server_time(&mut transaction, told).await.expect("told");
    crate::device::repo::learn_server_time(&mut transaction, Timestamp(5)).await.expect("told");
    transaction.commit().await.expect("committed");
    drop(till);
    client.shutdown().await;
    let client = rig.open().await;
    let till = client.till().expect("open");
    assert_eq!(till.last_server_time(), told);
    assert_eq!(refused(sell(&till, 1, 1).await), ErrorCode::LeaseExpired);
    client.shutdown().await;
}
