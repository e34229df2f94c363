//! Orders over a Central that is lost and comes back from a backup: what a device delivered since counts once, and what
//! the backup has never heard of is answered, not swallowed.

use std::path::Path;

use counterfoil_wire::push::PushRequest;
use serde_json::json;

use super::desk::{Desk, outcomes};
use super::fulfilments::delivered;
use super::proof::{count, prove};
use super::restoring::epoch;
use super::stall::{Stall, euros};

impl Stall {
    /// Central as the backup has it; everybody signs in anew.
    async fn restore(&mut self, backup: &Path) {
        self.world = self.world.restored_from(backup).await;
        self.later(0).await;
    }
}

#[tokio::test]
async fn a_delivery_that_central_forgot_comes_again_and_counts_once() {
    let (mut stall, folder) = (Stall::new().await, tempfile::tempdir().expect("a folder"));
    let mut desk = Desk::enrol(&stall.world, &stall.owner, 1).await;
    let sold = stall.paid(&stall.owner, 3).await;
    desk.log(delivered(sold.id, 1));
    desk.push(&stall.world).await;
    let (backup, before) = (folder.path().join("backup"), epoch(&stall.world).await);
    stall.world.back_up(&backup).await;

    // Delivered without a network, and acknowledged. No backup holds it, so the device keeps it.
    desk.log(delivered(sold.id, 1));
    let mut kept = desk.clone();
    let pushed = desk.push(&stall.world).await;
    assert_eq!((outcomes(&pushed), pushed.backup_watermark), (vec!["applied".to_owned()], 1));
    let (order, books) = (stall.detail(&stall.owner, &sold).await, stall.own_books().await);

    stall.restore(&backup).await;
    assert_eq!(stall.detail(&stall.owner, &sold).await["order"]["delivered"], 1, "as the backup has it");
    let to_before = PushRequest { epoch: Some(before), ..desk.request(None) };
    assert_eq!(desk.push_request(&stall.world, &to_before).await.expect(409).code(), "epoch_changed");
    let behind = desk.push_request(&stall.world, &desk.request(None)).await.expect(409);
    assert_eq!((behind.code(), &behind.body["head"]["seq"]), ("log_gap", &json!(1)));
    let again = PushRequest { epoch: Some(epoch(&stall.world).await), ..kept.request(None) };
    for _ in 0..2 {
        let answer = kept.push_request(&stall.world, &again).await.expect(200);
        assert_eq!(answer.body["results"][0]["outcome"], "applied");
    }
    assert_eq!(stall.detail(&stall.owner, &sold).await, order, "as before it was lost");
    assert_eq!(stall.own_books().await, books);
    prove(&stall.world).await;

    assert_eq!(outcomes(&kept.push(&stall.world).await), ["applied"], "a repeat");
    kept.log(delivered(sold.id, 1));
    assert_eq!(outcomes(&kept.push(&stall.world).await), ["applied"]);
    let detail = stall.detail(&stall.owner, &sold).await;
    assert_eq!((&detail["order"]["state"], &detail["order"]["delivered"]), (&json!("fulfilled"), &json!(3)));
    assert_eq!(count(&stall.world, "SELECT COUNT(*) FROM order_step WHERE step = 'fulfil'").await, 3);
    prove(&stall.world).await;
}

#[tokio::test]
async fn an_order_that_central_forgot_is_answered_unknown_and_can_be_written_down_again() {
    let (mut stall, folder) = (Stall::new().await, tempfile::tempdir().expect("a folder"));
    let mut desk = Desk::enrol(&stall.world, &stall.owner, 1).await;
    let known = stall.paid(&stall.owner, 2).await;
    let backup = folder.path().join("backup");
    stall.world.back_up(&backup).await;
    let lost = stall.paid(&stall.owner, 2).await;
    let page = stall.detail(&stall.owner, &lost).await["customer_path"].clone();

    stall.restore(&backup).await;
    stall.world.get(&lost.path, Some(&stall.owner)).await.expect(404);
    desk.log(delivered(lost.id, 2));
    desk.log(delivered(known.id, 2));
    let request = desk.request(None);
    assert_eq!(outcomes(&desk.push(&stall.world).await), ["rejected order_unknown", "applied"]);
    assert_eq!(stall.detail(&stall.owner, &known).await["order"]["state"], "fulfilled");
    assert_eq!(stall.own_books().await["customers"], euros(2_240), "of the known one alone");
    prove(&stall.world).await;

    // Under the id that it had, it is called the same, and its customer's page opens again.
    let again = stall.order_under(lost.id, &stall.owner, 2, true).await;
    stall.pay(&stall.owner, &again).await.expect(200);
    assert_eq!(again.path, lost.path);
    assert_eq!(stall.detail(&stall.owner, &again).await["customer_path"], page);
    // The first answer stands for ever; what was delivered is recorded anew.
    let repeat = desk.push_request(&stall.world, &request).await.expect(200);
    assert_eq!(repeat.body["results"][0]["code"], "order_unknown");
    desk.log(delivered(lost.id, 2));
    assert_eq!(outcomes(&desk.push(&stall.world).await), ["applied"]);
    assert_eq!(stall.detail(&stall.owner, &again).await["order"]["state"], "fulfilled");
    assert_eq!(stall.own_books().await["customers"], euros(4_480));
    prove(&stall.world).await;
}
