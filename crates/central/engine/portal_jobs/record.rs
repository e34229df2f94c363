//! One row of `portal_job`.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{JobId, OperatorId, PortalId};
use counterfoil_domain::portal::{JobPhase, JobQuestion, JobState, PortalJobKind};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::jobs::{PortalJob, Question};
use uuid::Uuid;

use crate::engine::portals::trouble;
use crate::engine::stored::{stored, stored_number};

#[derive(Debug, Clone)]
pub(crate) struct JobRecord {
    pub(crate) id: Uuid,
    pub(crate) operator_id: Uuid,
    pub(crate) portal_id: Uuid,
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) phase: String,
    pub(crate) done: i64,
    pub(crate) total: Option<i64>,
    pub(crate) changed: i64,
    pub(crate) refused: i64,
    pub(crate) question: Option<String>,
    pub(crate) question_accounts: i64,
    pub(crate) question_of: i64,
    pub(crate) confirmed: bool,
    pub(crate) trouble_code: Option<String>,
    pub(crate) trouble_detail: Option<String>,
    pub(crate) trouble_remedy: Option<String>,
    pub(crate) walked: Option<Uuid>,
    pub(crate) undoes: Option<Uuid>,
    pub(crate) undone_by: Option<Uuid>,
    pub(crate) started_at: i64,
    pub(crate) started_by: Option<Uuid>,
    pub(crate) started_by_name: Option<String>,
    pub(crate) ended_at: Option<i64>,
    /// Items that can be put back.
    pub(crate) undoable: i64,
}

/// A checked query that yields job records, like `account_records!`.
macro_rules! job_records {
    ($head:literal, $tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::engine::portal_jobs::JobRecord,
            $head
                + r#" id AS "id!: uuid::Uuid", operator_id AS "operator_id!: uuid::Uuid",
                portal_id AS "portal_id!: uuid::Uuid", kind AS "kind!: String", state AS "state!: String",
                phase AS "phase!: String", done AS "done!: i64", total AS "total?: i64", changed AS "changed!: i64",
                refused AS "refused!: i64", question AS "question?: String",
                question_accounts AS "question_accounts!: i64", question_of AS "question_of!: i64",
                confirmed AS "confirmed!: bool", trouble_code AS "trouble_code?: String",
                trouble_detail AS "trouble_detail?: String", trouble_remedy AS "trouble_remedy?: String",
                walked AS "walked?: uuid::Uuid", undoes AS "undoes?: uuid::Uuid",
                undone_by AS "undone_by?: uuid::Uuid", started_at AS "started_at!: i64",
                started_by AS "started_by?: uuid::Uuid",
                (SELECT username FROM staff WHERE staff.id = portal_job.started_by) AS "started_by_name?: String",
                ended_at AS "ended_at?: i64",
                (SELECT COUNT(*) FROM portal_job_item item
                 WHERE item.job_id = portal_job.id AND item.state = 'done' AND item.before IS NOT NULL)
                  AS "undoable!: i64" "#
                + $tail,
            $($argument),*
        )
    };
}
pub(super) use job_records;

impl JobRecord {
    pub(crate) fn state(&self) -> Result<JobState, Failure> {
        stored(JobState::from_stored(&self.state), "portal_job", "state", self.id)
    }

    pub(crate) fn kind(&self) -> Result<PortalJobKind, Failure> {
        stored(PortalJobKind::from_stored(&self.kind), "portal_job", "kind", self.id)
    }

    pub(crate) fn phase(&self) -> Result<JobPhase, Failure> {
        stored(JobPhase::from_stored(&self.phase), "portal_job", "phase", self.id)
    }

    pub(crate) const fn job(&self) -> JobId {
        JobId(self.id)
    }

    pub(crate) const fn portal(&self) -> PortalId {
        PortalId(self.portal_id)
    }

    pub(crate) const fn operator(&self) -> OperatorId {
        OperatorId(self.operator_id)
    }

    pub(crate) fn view(self) -> Result<PortalJob, Failure> {
        let (state, kind, phase) = (self.state()?, self.kind()?, self.phase()?);
        let number = |value: i64, column: &str| stored_number(value, "portal_job", column, self.id);
        let question = match &self.question {
            Some(about) if state == JobState::Asking => Some(Question {
                about: stored(JobQuestion::from_stored(about), "portal_job", "question", self.id)?,
                accounts: number(self.question_accounts, "question_accounts")?,
                of: number(self.question_of, "question_of")?,
            }),
            _ => None,
        };
        let takes_back = state != JobState::Running && self.undone_by.is_none();
        Ok(PortalJob {
            job_id: JobId(self.id),
            portal_id: PortalId(self.portal_id),
            kind,
            state,
            phase,
            done: number(self.done, "done")?,
            total: self.total.map(|total| number(total, "total")).transpose()?,
            changed: number(self.changed, "changed")?,
            refused: number(self.refused, "refused")?,
            question,
            trouble: trouble(self.trouble_code, self.trouble_detail, self.trouble_remedy, self.ended_at),
            started_at: Timestamp(self.started_at),
            started_by: self.started_by_name,
            ended_at: self.ended_at.map(Timestamp),
            undoable: if takes_back { stored_number(self.undoable, "portal_job_item", "state", self.id)? } else { 0 },
            undone_by: self.undone_by.map(JobId),
        })
    }
}
