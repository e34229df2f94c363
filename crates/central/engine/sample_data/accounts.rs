//! Sample accounts, in batches: a million in minutes.

use std::collections::HashMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::tokens::token_hash;
use counterfoil_domain::ids::{AccountId, OperatorId, ResellerId};
use counterfoil_domain::reseller::{ResellerPath, Scope};
use counterfoil_domain::subscription::{End, extend, zone};
use counterfoil_domain::time::Timestamp;

use super::cast::{PLANS, RESELLERS, roll, sample_id, username};
use super::repo::{self, AccountRow};
use crate::engine::device::STAFF_ONLY;
use crate::engine::{App, account, operators, resellers};

const BATCH: u32 = 2_000;

pub(super) async fn fill(
    app: &App,
    operator: OperatorId,
    accounts: u32,
    progress: &(dyn Fn(&str, u32) + Sync),
) -> Result<(), Failure> {
    let mut reader = app.reader().await?;
    let zone = zone(&operators::get(&mut reader, operator).await?.time_zone).map_err(Failure::internal)?;
    let mut owners: Vec<(ResellerId, ResellerPath, u32)> = Vec::new();
    for reseller in RESELLERS {
        let path = resellers::path(&mut reader, operator, &Scope::Operator, reseller.id()).await?;
        owners.push((reseller.id(), path, reseller.share));
    }
    drop(reader);
    let mut maker = Maker { app, now: app.now(), zone, owners, ends: HashMap::new() };
    let mut from = 0;
    while from < accounts {
        let to = (from + BATCH).min(accounts);
        let rows = (from..to).map(|number| maker.account(number)).collect::<Result<Vec<_>, _>>()?;
        let mut work = app.begin(operator).await?;
        repo::insert_accounts(&mut work, &rows).await?;
        work.commit().await?;
        from = to;
        progress("accounts", from);
    }
    Ok(())
}

struct Maker<'a> {
    app: &'a App,
    now: Timestamp,
    zone: jiff::tz::TimeZone,
    owners: Vec<(ResellerId, ResellerPath, u32)>,
    /// By days from now: calendar arithmetic a million times is a minute.
    ends: HashMap<i64, End>,
}

impl Maker<'_> {
    fn account(&mut self, number: u32) -> Result<AccountRow, Failure> {
        let id: AccountId = sample_id("account", number);
        let plan = &PLANS[roll(number, 1, 5) as usize];
        // Between a term gone and a term to come, most of them running.
        let days = i64::from(roll(number, 2, u32::from(plan.term_days) * 4 / 3)) - i64::from(plan.term_days / 3);
        let end = self.end(days)?;
        let running = end.at > self.now;
        let status = match (running, roll(number, 3, 40)) {
            (true, 0) => "suspended",
            (true, _) => "active",
            (false, _) => "expired",
        };
        let token = account::token(self.app.keys(), id, account::FIRST_GENERATION);
        let owner = self.owner(number);
        Ok(AccountRow {
            id,
            reseller: owner.map(|(id, _)| id),
            path: owner.map_or(STAFF_ONLY, |(_, path)| path.as_str()).to_owned(),
            username: username(number),
            email: (roll(number, 4, 3) > 0).then(|| format!("{}@mail.example", username(number))),
            token_hash: token_hash(&token),
            status,
            plan: plan.id(),
            last_day: end.last_day.to_string(),
            ends_at: end.at,
            created_at: self.now.plus_days(-i64::from(roll(number, 5, 700))),
        })
    }

    fn end(&mut self, days: i64) -> Result<End, Failure> {
        if let Some(end) = self.ends.get(&days) {
            return Ok(*end);
        }
        let end = extend(self.now.plus_days(days), None, 0, &self.zone).map_err(Failure::internal)?;
        self.ends.insert(days, end);
        Ok(end)
    }

    /// Some have no owner: they wait in the Unassigned queue.
    fn owner(&self, number: u32) -> Option<(ResellerId, &ResellerPath)> {
        let mut place = roll(number, 6, 100);
        for (id, path, share) in &self.owners {
            if place < *share {
                return Some((*id, path));
            }
            place -= share;
        }
        None
    }
}
