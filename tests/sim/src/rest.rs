//! At rest: no faults, nothing held back. Queues empty, caches are Central's rows, every promise is kept.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use counterfoil_model::reference::Verdict;
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use uuid::Uuid;

use crate::machine::Outcome;
use crate::market::rest::{cached_orders, of_shop};
use crate::truth::{BookRow, CodeRow, LeaseRow, OrderRow};
use crate::world::World;

/// Syncs of a machine until its queue must be empty and nothing changes any more: one tells what it closes in the next.
const SYNCS: usize = 8;
/// Exchanges of all machines until then: each sync asks for the log, pushes, pulls and looks for stock.
const MOST_EXCHANGES: usize = 300;

/// What the caches are held to. A story rests only when none of it changes any more: what a machine tells last, those
/// that synced before it hear with their next sync.
#[derive(PartialEq, Eq)]
struct AtCentral {
    books: Vec<BookRow>,
    leases: Vec<LeaseRow>,
    codes: Vec<CodeRow>,
    orders: Vec<OrderRow>,
}

impl World {
    pub(crate) fn is_honest(&self, m: usize) -> bool {
        let device = self.machines[m].device;
        let judge = self.street.judge();
        !judge.cloned[device] && !judge.reference.logs[device].frozen
    }

    /// L2: with the network back, the queue of every honest device empties, within a bounded number of exchanges.
    pub async fn drain(&mut self) -> Result<()> {
        let before = self.street.exchanges();
        let mut there = self.at_central().await?;
        let mut rests = false;
        for _ in 0..SYNCS {
            self.pass(60_000);
            for m in 0..self.machines.len() {
                let outcome = self.machines[m].ask("sync", Value::Null).await?;
                if let Outcome::Refused(why) = outcome
                    && self.is_honest(m)
                {
                    self.street.judge().object("L2", format!("machine {m} cannot sync with nothing in the way: {why}"));
                }
            }
            let now = self.at_central().await?;
            // A sync may end with a lease closed, which only the next one tells.
            rests = now == there && self.waiting().await?.is_none();
            if rests {
                break;
            }
            there = now;
        }
        if let Some(detail) = self.waiting().await? {
            self.street.judge().object("L2", detail);
        }
        if !rests {
            self.street.judge().object("L2", format!("Central still changes after {SYNCS} syncs of each machine"));
        }
        let exchanges = self.street.exchanges() - before;
        if exchanges > MOST_EXCHANGES {
            self.street.judge().object("L2", format!("{exchanges} exchanges until the queues were empty"));
        }
        self.check().await
    }

    /// What an honest machine has not told Central, or was stopped from telling.
    async fn waiting(&mut self) -> Result<Option<String>> {
        for m in 0..self.machines.len() {
            if !self.is_honest(m) {
                continue;
            }
            let facts = self.machines[m].facts().await?;
            if facts.waiting > 0 || facts.quarantined.is_some() {
                return Ok(Some(format!("machine {m} still has {} operations: {facts:?}", facts.waiting)));
            }
        }
        Ok(None)
    }

    async fn at_central(&self) -> Result<AtCentral> {
        let truth = self.central.truth()?;
        let mut books = truth.books().await?;
        books.sort_by_key(|row| (row.owner_id, row.kind.clone()));
        let mut leases = truth.leases().await?;
        leases.sort_by_key(|row| row.id);
        Ok(AtCentral { books, leases, codes: truth.codes().await?, orders: truth.orders().await? })
    }

    /// Each honest machine's cache is what Central has in its scope, row by row.
    pub async fn compare_caches(&mut self) -> Result<()> {
        let AtCentral { books, leases, codes, orders } = self.at_central().await?;
        for m in 0..self.machines.len() {
            if !self.is_honest(m) {
                continue;
            }
            let shop = self.street.judge().shop_of_device[self.machines[m].device];
            // The first shop has the third below it.
            let scope: BTreeSet<Uuid> = {
                let judge = self.street.judge();
                let below: &[usize] = if shop == 0 { &[0, 2] } else { std::slice::from_ref(&shop) };
                below.iter().map(|shop| judge.shops[*shop].id.0).collect()
            };
            let real: BTreeMap<Uuid, (String, i64)> = codes
                .iter()
                .filter(|row| scope.contains(&row.reseller_id))
                .map(|row| (row.id, (row.state.clone(), row.cost)))
                .collect();
            let file = self.machines[m].cache_file()?;
            let mut cache = SqliteConnectOptions::new().filename(file).connect().await?;
            let cached: Vec<(Uuid, String, i64)> =
                sqlx::query_as("SELECT code_id, state, cost FROM cached_code").fetch_all(&mut cache).await?;
            let cached: BTreeMap<Uuid, (String, i64)> =
                cached.into_iter().map(|(id, state, cost)| (id, (state, cost))).collect();
            self.same("codes", m, &real, &cached);
            let real: BTreeMap<Uuid, (String, i64, i64)> = leases
                .iter()
                .filter(|row| scope.contains(&row.reseller_id))
                .map(|row| (row.id, (row.state.clone(), row.escrow, row.codes_settled)))
                .collect();
            let cached: Vec<(Uuid, String, i64, i64)> =
                sqlx::query_as("SELECT lease_id, state, escrow, codes_settled FROM cached_lease")
                    .fetch_all(&mut cache)
                    .await?;
            let cached = cached.into_iter().map(|(id, state, escrow, n)| (id, (state, escrow, n))).collect();
            self.same("leases", m, &real, &cached);
            let balance = |shop: &Uuid, kinds: &[&str]| -> i64 {
                let of = books.iter().filter(|row| row.reseller_id == *shop && kinds.contains(&row.kind.as_str()));
                of.map(|row| row.balance).sum()
            };
            let real: BTreeMap<Uuid, (i64, i64, i64)> = scope
                .iter()
                .map(|shop| {
                    let spent = balance(shop, &["issued", "consumed"]);
                    (*shop, (balance(shop, &["wallet"]), balance(shop, &["lease"]), spent))
                })
                .collect();
            let cached: Vec<(Uuid, i64, i64, i64)> =
                sqlx::query_as("SELECT reseller_id, available, reserved, spent FROM cached_balance")
                    .fetch_all(&mut cache)
                    .await?;
            let cached =
                cached.into_iter().map(|(id, available, held, spent)| (id, (available, held, spent))).collect();
            self.same("balances", m, &real, &cached);
            // Orders are their shop's alone, and not of the shop above it.
            let own = self.street.judge().shops[shop].id.0;
            self.same("orders", m, &of_shop(&orders, own), &cached_orders(&mut cache).await?);
            cache.close().await?;
        }
        Ok(())
    }

    pub(crate) fn same<T: PartialEq + std::fmt::Debug>(
        &self,
        what: &str,
        m: usize,
        real: &BTreeMap<Uuid, T>,
        cached: &BTreeMap<Uuid, T>,
    ) {
        if real == cached {
            return;
        }
        let differs = real.iter().find(|(id, row)| cached.get(id) != Some(row)).map(|(id, row)| (id, Some(row)));
        let differs = differs.or_else(|| cached.keys().find(|id| !real.contains_key(id)).map(|id| (id, None)));
        let detail = differs.map(|(id, row)| format!("{id}: Central {row:?}, cache {:?}", cached.get(id)));
        let detail = format!("{what} of machine {m}: {}", detail.unwrap_or_default());
        self.street.judge().object("cache is Central's rows", detail);
    }

    /// Read-your-writes: what a machine showed stands in its own list.
    pub async fn check_lists(&mut self, m: usize) -> Result<()> {
        if self.machines[m].listed.values().all(|certain| !certain) || !self.is_honest(m) {
            return Ok(());
        }
        let mut seen = BTreeSet::new();
        let mut after: Option<String> = None;
        loop {
            let mut page = json!({ "limit": 100 });
            if let Some(after) = &after {
                page["after"] = json!(after);
            }
            let arguments = json!({ "filter": { "search": "", "states": [] }, "page": page });
            let Outcome::Done(page) = self.machines[m].ask("codes_page", arguments).await? else { return Ok(()) };
            let rows = page["rows"].as_array().cloned().unwrap_or_default();
            seen.extend(rows.iter().filter_map(|row| row["serial"].as_str().map(str::to_owned)));
            after = page["next"].as_str().map(str::to_owned);
            if after.is_none() {
                break;
            }
        }
        let missing = self.shown.iter().find(|shown| {
            let certain = self.machines[m].listed.get(&shown.code_id) == Some(&true);
            certain && shown.device == self.machines[m].device && !seen.contains(&self.serial(shown))
        });
        if let Some(missing) = missing {
            let detail = format!("machine {m} no longer lists {}, but {seen:?}", self.serial(missing));
            self.street.judge().object("read your writes", detail);
        }
        Ok(())
    }

    fn serial(&self, shown: &crate::world::Shown) -> String {
        let judge = self.street.judge();
        let number = judge.numbers.get(&shown.typed.lease).copied().unwrap_or_default();
        format!("{number:06}-{:04}", shown.typed.seq)
    }

    /// L1: every code an honest device showed on a lease nobody revoked is accepted when first redeemed.
    pub async fn redeem_all(&mut self) -> Result<()> {
        for shown in self.shown.clone() {
            let promised = {
                let judge = self.street.judge();
                let stock = judge.reference.stocks.get(&shown.typed.lease);
                let stands =
                    stock.is_some_and(|stock| stock.cut.is_none() && !stock.expired && self.now().0 < stock.redeem_by);
                stands && !shown.voided && !judge.cloned[shown.device]
            };
            let verdict = self.redeem(&shown.code, shown.typed, 20).await?;
            let kept = match verdict {
                None | Some(Verdict::Activated { .. } | Verdict::Repeated | Verdict::UsedByOther) => true,
                Some(_) => false,
            };
            if promised && !kept {
                let detail = format!("{:?} sold by device {}: {verdict:?}", shown.typed, shown.device);
                self.street.judge().object("L1", detail);
            }
        }
        Ok(())
    }

    /// What Central says of itself at rest, for the history.
    pub async fn note_rest(&mut self) -> Result<()> {
        if !self.street.history.is_on() {
            return Ok(());
        }
        self.note_books().await?;
        self.note_codes().await?;
        self.note_market().await
    }

    /// The books as staff read them.
    pub async fn note_books(&mut self) -> Result<()> {
        if !self.street.history.is_on() {
            return Ok(());
        }
        let shops: Vec<_> = self.street.judge().shops.iter().map(|shop| shop.id).collect();
        for id in shops {
            let invoked = self.street.history.invoked();
            let answer = self.staff("GET", &format!("/api/v1/admin/resellers/{id}/credits?limit=1"), None).await?;
            let result = answer.json()["equation"].clone();
            self.street.history.answered(invoked, "staff", "books", &json!({ "reseller": id }), &result);
        }
        Ok(())
    }

    async fn note_codes(&mut self) -> Result<()> {
        let mut after = String::new();
        loop {
            let invoked = self.street.history.invoked();
            let answer = self.staff("GET", &format!("/api/v1/admin/codes?limit=500{after}"), None).await?.json();
            let codes: Vec<Value> = answer["items"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|code| {
                    json!({ "serial": code["serial"], "state": code["state"], "reseller": code["reseller_id"],
                    "cost": code["cost"]["value"] })
                })
                .collect();
            self.street.history.answered(invoked, "staff", "codes", &json!({ "after": after }), &json!(codes));
            match answer["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return Ok(()),
            }
        }
    }
}
