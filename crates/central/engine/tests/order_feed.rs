//! Orders in the feed: their reseller's devices and the operator's have them, nobody above, and no desktop from before.

use std::collections::BTreeMap;

use counterfoil_domain::digest::Digests;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::OrderId;
use counterfoil_wire::orders::Order;
use counterfoil_wire::pull::{FeedRow, PullPage};
use uuid::Uuid;

use super::desk::Desk;
use super::proof::prove;
use super::stall::Stall;
use super::world::World;

/// A device and what it has of the feed.
struct Replica {
    desk: Desk,
    /// What it says of the tables it knows.
    tables: &'static str,
    cursor: Option<String>,
    rows: BTreeMap<(FeedTable, Uuid), i64>,
    orders: BTreeMap<OrderId, Order>,
}

impl Replica {
    async fn new(world: &World, token: &str, seed: u8, tables: &'static str) -> Self {
        let desk = Desk::enrol(world, token, seed).await;
        Self { desk, tables, cursor: None, rows: BTreeMap::new(), orders: BTreeMap::new() }
    }

    /// Pulls to the end; there, its digest is Central's.
    async fn catch_up(&mut self, world: &World, limit: u32) {
        loop {
            let cursor = self.cursor.as_ref().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let path = format!("/api/v1/sync/pull?limit={limit}{}{cursor}", self.tables);
            let answer = self.desk.call(world, "GET", &path, Vec::new()).await.expect(200);
            let page: PullPage = serde_json::from_value(answer.body).expect("a page");
            for change in page.changes {
                let place = change.row.place();
                match change.row {
                    FeedRow::Gone(_) => drop(self.rows.remove(&place)),
                    FeedRow::Order(order) => {
                        self.rows.insert(place, change.version);
                        self.orders.insert(order.order_id, *order);
                    }
                    _ => drop(self.rows.insert(place, change.version)),
                }
            }
            self.cursor = Some(page.cursor);
            if let Some(digests) = page.digests {
                let mut own = Digests::default();
                for ((table, key), version) in &self.rows {
                    own.add(*table, *key, *version);
                }
                assert_eq!(own.differences(&digests), []);
            }
            if !page.more {
                return;
            }
        }
    }
}

#[tokio::test]
async fn orders_reach_their_reseller_and_staff_and_nobody_above_or_before() {
    let world = World::new().await;
    let top = world.add_reseller("top", None).await;
    world.add_reseller("shop", Some(top)).await;
    let above = world.token("reseller", "top").await;
    let stall = Stall::of(world, "shop").await;
    let world = &stall.world;
    let mut replicas = [
        Replica::new(world, &stall.owner, 1, "&tables=10").await,
        Replica::new(world, &stall.staff, 2, "&tables=10").await,
        Replica::new(world, &above, 3, "&tables=10").await,
        Replica::new(world, &stall.owner, 4, "").await,
        Replica::new(world, &stall.owner, 5, "&tables=9").await,
    ];
    for replica in &mut replicas {
        replica.catch_up(world, 2).await;
    }
    let draft = stall.order(&stall.owner, 1, false).await;
    let mut sold = Vec::new();
    for _ in 0..3 {
        sold.push(stall.paid(&stall.owner, 1).await);
    }
    stall.refund(&stall.owner, &sold[0], 1_120).await.expect(200);
    for replica in &mut replicas {
        replica.catch_up(world, 1).await;
    }
    assert_eq!(replicas.each_ref().map(|replica| replica.orders.len()), [4, 4, 0, 0, 0]);
    for sold in sold.iter().chain([&draft]) {
        let shown = stall.detail(&stall.owner, sold).await["order"].clone();
        for replica in &replicas[..2] {
            assert_eq!(serde_json::to_value(&replica.orders[&sold.id]).expect("JSON"), shown);
        }
    }
    // Their own orders those above have.
    stall.sell_by(&above).await;
    stall.paid(&above, 1).await;
    for replica in &mut replicas {
        replica.catch_up(world, 2_000).await;
    }
    assert_eq!(replicas.each_ref().map(|replica| replica.orders.len()), [4, 5, 1, 0, 0]);
    // A desktop that was updated reads everything again, and has them.
    replicas[3].tables = "&tables=10";
    (replicas[3].cursor, replicas[3].rows) = (None, BTreeMap::new());
    replicas[3].catch_up(world, 3).await;
    assert_eq!(replicas[3].orders, replicas[0].orders);
    prove(world).await;
}
