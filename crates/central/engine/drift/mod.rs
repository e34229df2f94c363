//! Drift: where a portal and Central disagree about accounts, as the last look at all of them found, and what is done
//! about it. A repair is tried dry first ([`preview`]), goes by what was shown, and can be taken back as far as it says.

mod ground;
mod plan;
mod push;
mod record;
mod repair;
mod repo;
mod to_central;
mod to_portal;
mod undo;

use std::collections::BTreeMap;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::ids::{JobId, OperatorId, PortalId, StaffId};
use counterfoil_domain::portal::{DriftKind, PortalJobKind, RepairChange, RepairDirection, RepairRefusal};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::drift::{
    ChangeCount, DriftReport, DriftRow, Oddities, PreviewRepair, PreviewRow, RefusalCount, RepairDrift, RepairPreview,
    WhichDrift,
};
use counterfoil_wire::jobs::PortalJob;
use counterfoil_wire::page::MAX_LIMIT;
use counterfoil_wire::problem::Code;

use super::App;
use super::audit::Actor;
use super::portal_jobs::{self, NewJob};
use super::portals;
use super::stored::{stored, stored_number};
use crate::dialect::Conn;

pub(crate) use push::{push_assignments, start_push};
pub(crate) use repair::repair;
pub(crate) use undo::{start_undo, undo};

/// Rows read at a time.
const PART: i64 = 1_000;
/// Rows that a preview shows.
const SHOWN: usize = MAX_LIMIT as usize;

/// What the last look found.
pub(crate) async fn report(conn: &mut Conn, operator: OperatorId, portal: PortalId) -> Result<DriftReport, Failure> {
    portals::record(conn, operator, portal).await?;
    let found = repo::report(conn, portal).await?;
    let oddities = match &found.oddities {
        Some(text) => stored(serde_json::from_str(text).ok(), "portal", "oddities", portal)?,
        None => Oddities::default(),
    };
    let mut report = DriftReport {
        as_of: found.compared_at.map(Timestamp),
        accounts: stored_number(found.listed_accounts, "portal", "listed_accounts", portal)?,
        oddities,
        ..DriftReport::default()
    };
    for (kind, count) in repo::counts(conn, portal).await? {
        let count = stored_number(count, "portal_account", "drift", portal)?;
        match stored(DriftKind::from_stored(&kind), "portal_account", "drift", portal)? {
            DriftKind::Differs => report.counts.differs = count,
            DriftKind::Missing => report.counts.missing = count,
            DriftKind::Unlinked => report.counts.unlinked = count,
            DriftKind::Unknown => report.counts.unknown = count,
        }
    }
    Ok(report)
}

/// Accounts that disagree, in one way or in any, by their names on the portal.
pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    portal: PortalId,
    kind: Option<DriftKind>,
    after: &str,
    limit: i64,
) -> Result<Vec<DriftRow>, Failure> {
    portals::record(conn, operator, portal).await?;
    let rows = match kind {
        Some(kind) => repo::of_kind(conn, portal, kind, after, limit + 1).await?,
        None => repo::of_any_kind(conn, portal, after, limit + 1).await?,
    };
    rows.into_iter().map(record::Row::view).collect()
}

/// What a repair would do, without doing it.
pub(crate) async fn preview(
    app: &App,
    operator: OperatorId,
    portal: PortalId,
    asked: &PreviewRepair,
) -> Result<RepairPreview, Failure> {
    // One moment, however many rows there are.
    let mut reader = app.snapshot().await?;
    let record = portals::record(&mut reader, operator, portal).await?;
    check(&asked.which)?;
    let found = repo::report(&mut reader, portal).await?;
    let ground = ground::read(app, &mut reader, operator, &record).await?;
    let mut sums = Sums::default();
    let mut after = String::new();
    loop {
        let rows = match &asked.which {
            WhichDrift::All(kind) => repo::of_kind(&mut reader, portal, *kind, &after, PART).await?,
            WhichDrift::These(keys) if after.is_empty() => repo::of_keys(&mut reader, portal, keys).await?,
            WhichDrift::These(_) => Vec::new(),
        };
        let Some(last) = rows.last() else { break };
        after.clone_from(&last.key);
        for row in rows {
            sums.add(plan::plan(&row, asked.toward, &ground)?.into_row(row));
        }
    }
    Ok(sums.preview(Timestamp(found.compared_at.unwrap_or_default())))
}

fn check(which: &WhichDrift) -> Result<(), Failure> {
    match which {
        WhichDrift::These(keys) if keys.is_empty() || keys.len() > MAX_LIMIT as usize => {
            Err(Failure::validation(vec![field("which", format!("1 to {MAX_LIMIT} by name, or all of a kind"))]))
        }
        _ => Ok(()),
    }
}

/// One row of a preview, and whether it could be taken back.
struct Previewed {
    row: PreviewRow,
    undoable: bool,
}

#[derive(Default)]
struct Sums {
    accounts: u64,
    repaired: u64,
    not_undoable: u64,
    changes: BTreeMap<&'static str, (Option<RepairChange>, u64)>,
    refusals: BTreeMap<&'static str, (Option<RepairRefusal>, u64)>,
    rows: Vec<PreviewRow>,
}

impl Sums {
    fn add(&mut self, previewed: Previewed) {
        let row = previewed.row;
        self.accounts += 1;
        self.repaired += u64::from(!row.changes.is_empty());
        self.not_undoable += u64::from(!row.changes.is_empty() && !previewed.undoable);
        for change in &row.changes {
            let sum = self.changes.entry(change.as_str()).or_default();
            *sum = (Some(*change), sum.1 + 1);
        }
        for refusal in &row.refusals {
            let sum = self.refusals.entry(refusal.as_str()).or_default();
            *sum = (Some(*refusal), sum.1 + 1);
        }
        if self.rows.len() < SHOWN {
            self.rows.push(row);
        }
    }

    fn preview(self, as_of: Timestamp) -> RepairPreview {
        let changes = self.changes.into_values();
        let refusals = self.refusals.into_values();
        RepairPreview {
            as_of,
            accounts: self.accounts,
            repaired: self.repaired,
            not_undoable: self.not_undoable,
            changes: changes.filter_map(|(change, accounts)| Some(ChangeCount { change: change?, accounts })).collect(),
            refusals: refusals
                .filter_map(|(refusal, accounts)| Some(RefusalCount { refusal: refusal?, accounts }))
                .collect(),
            rows: self.rows,
        }
    }
}

/// Starts the repair of what was shown.
pub(crate) async fn start_repair(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    portal: PortalId,
    asked: &RepairDrift,
) -> Result<PortalJob, Failure> {
    let kind = match asked.toward {
        RepairDirection::Portal => PortalJobKind::RepairPortal,
        RepairDirection::Central => PortalJobKind::RepairCentral,
    };
    let new = NewJob::new(asked.job_id, portal, kind);
    let mut work = app.begin(operator).await?;
    portal_jobs::ready(work.conn(), operator, portal).await?;
    if let Some(known) = portal_jobs::known(&mut work, &new).await? {
        work.commit().await?;
        return Ok(known);
    }
    check(&asked.which)?;
    let found = repo::report(work.conn(), portal).await?;
    if found.compared_at != Some(asked.as_of.0) {
        return Err(Failure::new(
            Code::Conflict,
            "The accounts were compared again since this was shown. Look at what would be done now, and repair that.",
        ));
    }
    portal_jobs::insert(&mut work, actor, staff, &new).await?;
    let items = match &asked.which {
        WhichDrift::All(kind) => repo::freeze_kind(work.conn(), new.id, portal, *kind).await?,
        WhichDrift::These(keys) => repo::freeze_keys(work.conn(), new.id, portal, keys).await?,
    };
    if items == 0 {
        return Err(Failure::new(Code::WrongState, "None of these accounts disagree any more. Nothing was done."));
    }
    repo::set_total(work.conn(), new.id, items).await?;
    let job = portal_jobs::get(work.conn(), operator, new.id).await?;
    work.commit().await?;
    app.portal_jobs_wake().notify_one();
    Ok(job)
}

/// The repair that a job takes back.
pub(crate) fn taken_back(job: &portal_jobs::JobRecord) -> Result<JobId, Failure> {
    stored(job.undoes, "portal_job", "undoes", job.id).map(JobId)
}
