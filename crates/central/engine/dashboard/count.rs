//! Adding what was noted to the sums: every process of a Central, a part at a time.
//!
//! Who counts holds a row of the operator until the commit, takes notes away and adds them in the same transaction, so each
//! is counted once whatever ends when. Notes that are committed late are found late.

use std::collections::BTreeMap;
use std::time::Duration;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::calendar::{month_of, zone_of};
use super::close;
use super::repo::{self, Ends, Note, Sums};
use super::repo::{jobs, regulars};
use crate::engine::stored::stored;
use crate::engine::{App, operators};

/// Notes of one transaction: sales wait behind it where there is one writer.
const PART: i64 = 1_000;
/// How far behind the sums are at most while somebody counts. Longer than a commit takes, so that it costs sales little.
const PAUSE: Duration = Duration::from_secs(2);
/// Of notes: an account's status and last day. All others are counted by month.
const SERVICE_END: &str = "service_end";
/// Of notes: a plan and a last day of an account that is switched on.
const SERVICE_OF: &str = "service_of";
/// Of notes: how attempts to write accounts to portals ended. They happened just now.
const ATTEMPTS: [&str; 2] = ["written", "not_written"];
/// Of notes: how bringing an account to a portal came out. It did so just now.
const JOBS: [&str; 4] = ["job_agreed", "job_first", "job_hour", "job_failed"];
/// Of sums: what all plans together brought.
const REVENUE: &str = "revenue";

/// Counts whatever waits, over and over, until the task is dropped.
pub async fn run(app: App) {
    loop {
        run_once(&app).await;
        tokio::time::sleep(PAUSE).await;
    }
}

/// Everything that waits now; says how many notes were counted.
pub async fn run_once(app: &App) -> u32 {
    match count_and_close(app).await {
        Ok(counted) => counted,
        Err(failure) => {
            tracing::warn!("counting for the dashboards failed and goes on later");
            failure.log();
            0
        }
    }
}

/// Days are closed on sums that have all notes.
async fn count_and_close(app: &App) -> Result<u32, Failure> {
    let counted = count_all(app).await?;
    close::close_all(app).await?;
    Ok(counted)
}

async fn count_all(app: &App) -> Result<u32, Failure> {
    let operators = repo::with_waiting(&mut *app.reader().await?, PART).await?;
    let mut counted = 0;
    for operator in operators {
        loop {
            let part = count_part(app, OperatorId(operator)).await?;
            counted += part;
            if i64::from(part) < PART {
                break;
            }
        }
    }
    Ok(counted)
}

async fn count_part(app: &App, operator: OperatorId) -> Result<u32, Failure> {
    let mut work = app.begin(operator).await?;
    let now = work.now();
    // Before the notes: of two processes one has the oldest, and the other waits for it.
    repo::lock(work.conn(), operator, now).await?;
    let zone = zone_of(&operators::get(work.conn(), operator).await?)?;
    let notes = repo::take(work.conn(), operator, PART).await?;
    let mut sums = Totals::default();
    for note in &notes {
        sums.add(operator, note, &zone, now)?;
    }
    repo::add_months(work.conn(), operator, &sums.months).await?;
    repo::add_ends(work.conn(), operator, &sums.ends).await?;
    regulars::add_services(work.conn(), operator, &sums.services).await?;
    regulars::add_tallies(work.conn(), operator, &sums.tallies).await?;
    jobs::add(work.conn(), operator, &sums.jobs).await?;
    work.commit().await?;
    Ok(u32::try_from(notes.len()).unwrap_or(u32::MAX))
}

/// Whose, which month, what, of which plan, in which currency and unit.
pub(super) type MonthKey = (Uuid, String, String, Uuid, String, String);
/// Whose, in which status, until which day.
pub(super) type EndKey = (Uuid, String, String);
/// Whose, until which day, of which plan.
pub(super) type ServiceKey = (Uuid, String, Uuid);
/// Whose, which month, what.
pub(super) type TallyKey = (Uuid, String, String);
/// Which portal, which month, what.
pub(super) type JobKey = (Uuid, String, String);

#[derive(Default)]
struct Totals {
    months: BTreeMap<MonthKey, Sums>,
    ends: BTreeMap<EndKey, Ends>,
    services: BTreeMap<ServiceKey, Ends>,
    tallies: BTreeMap<TallyKey, Ends>,
    jobs: BTreeMap<JobKey, Ends>,
}

impl Totals {
    /// Of the reseller and of the operator; what nobody owns is the operator's only.
    fn add(&mut self, operator: OperatorId, note: &Note, zone: &TimeZone, now: Timestamp) -> Result<(), Failure> {
        if JOBS.contains(&note.kind.as_str()) {
            return self.add_job(note, zone, now);
        }
        for scope in note.reseller_id.into_iter().chain([operator.0]) {
            if note.kind == SERVICE_END {
                let status = stored(note.status.clone(), "statistic_waiting", "status", note.id)?;
                let last_day = stored(note.last_day.clone(), "statistic_waiting", "last_day", note.id)?;
                let ends = self.ends.entry((scope, status, last_day)).or_default();
                ends.count = added(ends.count, note.count)?;
                continue;
            }
            if note.kind == SERVICE_OF {
                let last_day = stored(note.last_day.clone(), "statistic_waiting", "last_day", note.id)?;
                let plan = stored(note.plan_id, "statistic_waiting", "plan_id", note.id)?;
                let services = self.services.entry((scope, last_day, plan)).or_default();
                services.count = added(services.count, note.count)?;
                continue;
            }
            if ATTEMPTS.contains(&note.kind.as_str()) {
                let month = stored(month_of(now, zone), "statistic_waiting", "id", note.id)?;
                let tallies = self.tallies.entry((scope, month, note.kind.clone())).or_default();
                tallies.count = added(tallies.count, note.count)?;
                continue;
            }
            let at = Timestamp(stored(note.at, "statistic_waiting", "at", note.id)?);
            // A till's clock may say anything. What is no day is counted when Central heard of it.
            let month = month_of(at, zone).or_else(|| month_of(now, zone));
            let month = stored(month, "statistic_waiting", "at", note.id)?;
            if let Some(revenue) = revenue(note) {
                let key = (scope, month.clone(), REVENUE.to_owned(), Uuid::nil(), note.currency.clone(), String::new());
                self.months.entry(key).or_default().add(&revenue)?;
            }
            let plan = note.plan_id.unwrap_or_default();
            let key = (scope, month, note.kind.clone(), plan, note.currency.clone(), note.unit.clone());
            self.months.entry(key).or_default().add(&Sums { count: note.count, price: note.price, cost: note.cost })?;
        }
        Ok(())
    }

    /// Portals are the operator's, so there is nothing to count for a reseller.
    fn add_job(&mut self, note: &Note, zone: &TimeZone, now: Timestamp) -> Result<(), Failure> {
        let portal = stored(note.portal_id, "statistic_waiting", "portal_id", note.id)?;
        let month = stored(month_of(now, zone), "statistic_waiting", "id", note.id)?;
        let jobs = self.jobs.entry((portal, month, note.kind.clone())).or_default();
        jobs.count = added(jobs.count, note.count)?;
        Ok(())
    }
}

/// The part that a note has in what all plans together brought: a void or a refund takes it off and is no sale.
fn revenue(note: &Note) -> Option<Sums> {
    match note.kind.as_str() {
        "sold" | "service" | "paid" => Some(Sums { count: note.count, price: note.price, cost: 0 }),
        "voided" | "refunded" => Some(Sums { count: 0, price: -note.price, cost: 0 }),
        _ => None,
    }
}

impl Sums {
    fn add(&mut self, more: &Self) -> Result<(), Failure> {
        self.count = added(self.count, more.count)?;
        self.price = added(self.price, more.price)?;
        self.cost = added(self.cost, more.cost)?;
        Ok(())
    }
}

fn added(sum: i64, more: i64) -> Result<i64, Failure> {
    sum.checked_add(more).ok_or_else(|| Failure::internal("a statistic is out of range"))
}
