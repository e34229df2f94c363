//! The market at rest: every machine shows what Central has, and the history says what that is.

use std::collections::BTreeMap;

use anyhow::Result;
use counterfoil_wire::orders::Order;
use serde_json::{Value, json};
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::acts::told;
use super::{door, provider};
use crate::machine::Outcome;
use crate::truth::OrderRow;
use crate::world::World;

/// What of an order moves: its state, units delivered, money given back.
type Moved = (String, i64, i64);

/// Orders of a shop, as Central has them.
pub(crate) fn of_shop(rows: &[OrderRow], shop: Uuid) -> BTreeMap<Uuid, Moved> {
    let own = rows.iter().filter(|row| row.reseller_id == shop);
    own.map(|row| (row.id, (row.state.clone(), row.delivered, row.refunded))).collect()
}

/// Orders of a machine's cache.
pub(crate) async fn cached_orders(cache: &mut SqliteConnection) -> Result<BTreeMap<Uuid, Moved>> {
    let rows: Vec<(Uuid, String)> = sqlx::query_as("SELECT order_id, body FROM cached_order").fetch_all(cache).await?;
    rows.into_iter()
        .map(|(id, body)| {
            let order: Order = serde_json::from_str(&body)?;
            let moved = (order.state.as_str().to_owned(), i64::from(order.delivered), order.refunded.value());
            Ok((id, moved))
        })
        .collect()
}

impl World {
    /// With nothing in the way any more, what a machine shows of orders is what Central has: nothing is laid over them.
    pub(crate) async fn check_orders_shown(&mut self, m: usize) -> Result<()> {
        if !self.is_honest(m) {
            return Ok(());
        }
        let shop = {
            let judge = self.street.judge();
            judge.shops[judge.shop_of_device[self.machines[m].device]].id.0
        };
        let mut shown = BTreeMap::new();
        let mut after: Option<String> = None;
        loop {
            let mut request = json!({ "search": "", "page": { "limit": 100 } });
            if let Some(after) = &after {
                request["page"]["after"] = json!(after);
            }
            // Nobody is signed in at a machine whose session was copied.
            let Outcome::Done(page) = self.machines[m].ask("order_page", request).await? else { return Ok(()) };
            for row in page["rows"].as_array().into_iter().flatten() {
                if row["unsent"] != 0 {
                    let detail = format!("machine {m} still shows units that Central has not: {row}");
                    self.street.judge().object("L2", detail);
                }
                let id: Uuid = row["order_id"].as_str().unwrap_or_default().parse()?;
                let number = |value: &Value| value.as_i64().unwrap_or(-1);
                let state = row["state"].as_str().unwrap_or_default().to_owned();
                shown.insert(id, (state, number(&row["delivered"]), number(&row["refunded"]["value"])));
            }
            after = page["next"].as_str().map(str::to_owned);
            if after.is_none() {
                break;
            }
        }
        let real = of_shop(&self.central.truth()?.orders().await?, shop);
        self.same("shown orders", m, &real, &shown);
        Ok(())
    }

    /// All orders and the provider's books, for the history.
    pub(crate) async fn note_market(&mut self) -> Result<()> {
        let mut after = String::new();
        loop {
            let invoked = self.street.history.invoked();
            let path = format!("{}?limit=500{after}", door::STAFF);
            let answer = self.staff("GET", &path, None).await?.json();
            let orders: Vec<Value> = answer["items"].as_array().into_iter().flatten().map(told).collect();
            self.street.history.answered(invoked, "staff", "orders", &json!({ "after": after }), &json!(orders));
            match answer["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        let invoked = self.street.history.invoked();
        let path = format!("/api/v1/admin/providers/{}/accounts", provider());
        let accounts = self.staff("GET", &path, None).await?.json()["accounts"].clone();
        let books = |account: &Value| {
            let of = |name: &str| account[name]["value"].clone();
            json!({ "shop": account["company"], "customers": of("customers"), "payable": of("payable"),
                "settled": of("settled"), "markup": of("markup") })
        };
        let books: Vec<Value> = accounts.as_array().into_iter().flatten().map(books).collect();
        self.street.history.answered(invoked, "staff", "provider_books", &Value::Null, &json!(books));
        Ok(())
    }
}
