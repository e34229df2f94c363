//! What tests do with a till at the stand-in, and what must be true of both in the end.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::Rig;
use super::StandIn;
use crate::client::Client;
use crate::outbox::repo as log;
use crate::sync;
use crate::till::Till;

/// One whole sync, which must succeed.
pub(in crate::rig) async fn synced(till: &Till) {
    sync::run_now(till).await.expect("a sync");
}

/// Ended, and opened again without syncing by itself.
pub(in crate::rig) async fn restarted(rig: &Rig, client: Arc<Client>, till: Arc<Till>) -> (Arc<Client>, Arc<Till>) {
    drop(till);
    client.shutdown().await;
    drop(client);
    opened(rig).await
}

/// Open, and syncing only when it is asked to.
pub(in crate::rig) async fn opened(rig: &Rig) -> (Arc<Client>, Arc<Till>) {
    let client = rig.open().await;
    let till = client.till().expect("open");
    till.sync.stop();
    (client, till)
}

/// The accounts this device has.
pub(in crate::rig) async fn usernames(till: &Till) -> BTreeSet<String> {
    let rows: Vec<String> = sqlx::query_scalar("SELECT username FROM cached_account")
        .fetch_all(&mut *till.read().await.expect("db"))
        .await
        .expect("rows");
    rows.into_iter().collect()
}

/// Both agree: every row, every operation.
pub(in crate::rig) async fn in_step(central: &StandIn, till: &Till) {
    assert_eq!(usernames(till).await, central.usernames());
    let mut db = till.read().await.expect("db");
    let (unsent, attention) = log::counts(&mut db).await.expect("counts");
    assert_eq!((unsent, attention), (0, 0));
    let running = counterfoil_cache::digests(&mut db).await.expect("digests");
    assert_eq!(running, counterfoil_cache::recount(&mut db).await.expect("recounted"));
    assert_eq!(running, central.world().digests());
    let head = till.enrolled().await.expect("enrolled").head;
    assert_eq!(central.world().head(), head);
}
