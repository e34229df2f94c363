//! Comparing all accounts of a portal with what was taken along: behind the screen, with how far it is and a way to stop
//! it. What it finds is in memory only.

mod judge;
mod work;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use counterfoil_domain::ids::PortalId;
use counterfoil_domain::permission::StaffAction;
use counterfoil_domain::portal::DriftKind;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::drift::{DriftCounts, DriftRow};
use counterfoil_wire::portals::PortalTrouble;
use tokio_util::sync::CancellationToken;

use super::{DirectError, reach, rights};
use crate::till::Till;

/// Rows that are remembered; all are counted.
const MOST_ROWS: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Running,
    Done,
    Cancelled,
    Failed,
}

/// How far it is, and what was found until now.
#[derive(Debug, Clone)]
pub(crate) struct Comparison {
    pub(crate) portal_id: PortalId,
    pub(crate) state: State,
    pub(crate) started_at: Timestamp,
    pub(crate) ended_at: Option<Timestamp>,
    /// Accounts that have been read.
    pub(crate) accounts: u64,
    /// Of so many, once the portal has listed them.
    pub(crate) of: Option<u64>,
    pub(crate) counts: DriftCounts,
    pub(crate) rows: Vec<DriftRow>,
    pub(crate) trouble: Option<PortalTrouble>,
}

/// One comparison.
#[derive(Debug)]
struct Job {
    portal_id: PortalId,
    state: Mutex<Comparison>,
    cancelled: CancellationToken,
}

impl Job {
    fn new(portal_id: PortalId, started_at: Timestamp) -> Self {
        let comparison = Comparison {
            portal_id,
            state: State::Running,
            started_at,
            ended_at: None,
            accounts: 0,
            of: None,
            counts: DriftCounts::default(),
            rows: Vec::new(),
            trouble: None,
        };
        Self { portal_id, state: Mutex::new(comparison), cancelled: CancellationToken::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Comparison> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn comparison(&self) -> Comparison {
        self.lock().clone()
    }

    fn is_running(&self) -> bool {
        self.lock().state == State::Running
    }

    fn listed(&self, of: usize) {
        self.lock().of = Some(of as u64);
    }

    /// So many more accounts were read, and this was found.
    fn add(&self, accounts: usize, found: Vec<DriftRow>) {
        let mut state = self.lock();
        // A part that was on its way when it was cancelled.
        if state.state != State::Running {
            return;
        }
        state.accounts += accounts as u64;
        for row in found {
            *counted(&mut state.counts, row.kind) += 1;
            if state.rows.len() < MOST_ROWS {
                state.rows.push(row);
            }
        }
    }

    /// The first end stands.
    fn end(&self, state: State, trouble: Option<PortalTrouble>, at: Timestamp) {
        let mut now = self.lock();
        if now.state == State::Running {
            now.state = state;
            now.trouble = trouble;
            now.ended_at = Some(at);
        }
    }
}

const fn counted(counts: &mut DriftCounts, kind: DriftKind) -> &mut u64 {
    match kind {
        DriftKind::Differs => &mut counts.differs,
        DriftKind::Missing => &mut counts.missing,
        DriftKind::Unlinked => &mut counts.unlinked,
        DriftKind::Unknown => &mut counts.unknown,
    }
}

/// The latest of each portal since the program started.
#[derive(Debug, Default)]
pub(super) struct Comparisons(Mutex<BTreeMap<PortalId, Arc<Job>>>);

impl Comparisons {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<PortalId, Arc<Job>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, portal: PortalId) -> Option<Arc<Job>> {
        self.lock().get(&portal).map(Arc::clone)
    }

    /// A new one, or the one that is running; true where it is new.
    fn begin(&self, portal: PortalId, at: Timestamp) -> (Arc<Job>, bool) {
        let mut jobs = self.lock();
        if let Some(running) = jobs.get(&portal).filter(|job| job.is_running()) {
            return (Arc::clone(running), false);
        }
        let job = Arc::new(Job::new(portal, at));
        jobs.insert(portal, Arc::clone(&job));
        (job, true)
    }

    pub(super) fn forget(&self, portal: PortalId) {
        if let Some(job) = self.lock().remove(&portal) {
            job.cancelled.cancel();
        }
    }

    pub(super) fn forget_all(&self) {
        for job in std::mem::take(&mut *self.lock()).into_values() {
            job.cancelled.cancel();
        }
    }
}

/// Starts one; while one of this portal is running, that one goes on.
pub(crate) async fn compare(till: &Arc<Till>, portal: PortalId) -> Result<Comparison, DirectError> {
    rights::require(till, StaffAction::RepairAccounts).await?;
    let connection = reach::connection(till, portal).await?;
    let (job, is_new) = till.direct.comparisons.begin(portal, till.clock().wall());
    if is_new {
        let (till, job) = (Arc::clone(till), Arc::clone(&job));
        tokio::spawn(async move {
            let outcome = tokio::select! {
                biased;
                () = job.cancelled.cancelled() => return job.end(State::Cancelled, None, till.clock().wall()),
                outcome = work::compare(&till, &connection, &job) => outcome,
            };
            let at = till.clock().wall();
            match outcome {
                Ok(()) => job.end(State::Done, None, at),
                Err(error) => {
                    tracing::warn!(%error, "the accounts of a portal were not compared");
                    job.end(State::Failed, Some(told(error, at)), at);
                }
            }
        });
    }
    Ok(job.comparison())
}

pub(crate) async fn comparison(till: &Till, portal: PortalId) -> Result<Option<Comparison>, DirectError> {
    rights::require(till, StaffAction::RepairAccounts).await?;
    Ok(till.direct.comparisons.find(portal).map(|job| job.comparison()))
}

/// What was found until then stays; one that has ended stays as it is.
pub(crate) async fn cancel(till: &Till, portal: PortalId) -> Result<Comparison, DirectError> {
    rights::require(till, StaffAction::RepairAccounts).await?;
    let job = till.direct.comparisons.find(portal);
    let job = job.ok_or_else(|| DirectError::NotFound("of this portal was compared".into()))?;
    job.end(State::Cancelled, None, till.clock().wall());
    job.cancelled.cancel();
    Ok(job.comparison())
}

fn told(error: DirectError, since: Timestamp) -> PortalTrouble {
    match error {
        DirectError::Portal(trouble) => PortalTrouble {
            code: trouble.code.to_owned(),
            detail: trouble.detail,
            remedy: trouble.remedy.to_owned(),
            since,
        },
        other => PortalTrouble {
            code: "internal".to_owned(),
            detail: format!("This computer could not go on: {other}."),
            remedy: "Compare again. If it stops again, the program's log says why.".to_owned(),
            since,
        },
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const PORTAL: PortalId = PortalId(Uuid::from_u128(0x90));

    fn row(kind: DriftKind) -> DriftRow {
        DriftRow {
            key: "l:ann".into(),
            kind,
            login: "ann".into(),
            account_number: String::new(),
            mac: String::new(),
            account_id: None,
            reseller_company: None,
            fields: Vec::new(),
        }
    }

    #[test]
    fn all_are_counted_and_the_first_five_hundred_kept() {
        let job = Job::new(PORTAL, Timestamp(1));
        job.listed(600);
        job.add(400, vec![row(DriftKind::Differs); 400]);
        job.add(200, vec![row(DriftKind::Unknown); 200]);
        job.end(State::Done, None, Timestamp(2));
        let now = job.comparison();
        assert_eq!((now.accounts, now.of, now.rows.len()), (600, Some(600), MOST_ROWS));
        assert_eq!((now.counts.differs, now.counts.unknown), (400, 200));
    }

    #[test]
    fn the_first_end_stands_and_nothing_is_added_behind_it() {
        let job = Job::new(PORTAL, Timestamp(1));
        job.add(3, vec![row(DriftKind::Missing)]);
        job.end(State::Cancelled, None, Timestamp(2));
        job.add(3, vec![row(DriftKind::Missing)]);
        job.end(State::Done, None, Timestamp(3));
        let now = job.comparison();
        assert_eq!((now.state, now.ended_at, now.accounts), (State::Cancelled, Some(Timestamp(2)), 3));
        assert_eq!((now.counts.missing, now.rows.len()), (1, 1));
    }

    #[test]
    fn one_runs_on_a_portal_and_what_is_forgotten_is_stopped() {
        let all = Comparisons::default();
        let (first, is_new) = all.begin(PORTAL, Timestamp(1));
        assert!(is_new);
        let (same, is_new) = all.begin(PORTAL, Timestamp(2));
        assert!(!is_new && Arc::ptr_eq(&first, &same));
        first.end(State::Failed, None, Timestamp(3));
        let (second, is_new) = all.begin(PORTAL, Timestamp(4));
        assert!(is_new && second.is_running());
        all.forget(PORTAL);
        assert!(second.cancelled.is_cancelled() && all.find(PORTAL).is_none());
    }
}
