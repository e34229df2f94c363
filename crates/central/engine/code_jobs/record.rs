//! One row of `code_job`.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{JobId, LotId, OperatorId};
use counterfoil_domain::lot::{CodeJobKind, LotChange};
use counterfoil_domain::portal::JobState;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::jobs::{CodeJob, CodeJobTrouble};
use uuid::Uuid;

use crate::engine::stored::{stored, stored_amount, stored_number, stored_unit};

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct JobRecord {
    pub(crate) id: Uuid,
    pub(crate) operator_id: Uuid,
    pub(crate) lot_id: Uuid,
    pub(crate) lot_number: i64,
    pub(crate) unit: String,
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) seq_from: i64,
    pub(crate) seq_to: i64,
    pub(crate) walked: i64,
    pub(crate) done: i64,
    pub(crate) total: i64,
    pub(crate) changed: i64,
    pub(crate) refused: i64,
    pub(crate) amount: i64,
    pub(crate) reason: String,
    pub(crate) trouble_code: Option<String>,
    pub(crate) trouble_detail: Option<String>,
    pub(crate) undoes: Option<Uuid>,
    pub(crate) undone_by: Option<Uuid>,
    pub(crate) started_at: i64,
    pub(crate) started_by: Uuid,
    pub(crate) started_by_name: Option<String>,
    pub(crate) ended_at: Option<i64>,
}

/// A checked query that yields job records, like `code_records!`.
macro_rules! job_records {
    ($head:literal, $tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::engine::code_jobs::JobRecord,
            $head
                + r#" id AS "id!: uuid::Uuid", operator_id AS "operator_id!: uuid::Uuid", lot_id AS "lot_id!: uuid::Uuid",
                (SELECT COALESCE(stock.number, o.number)
                 FROM lot_order o LEFT JOIN lot_order stock ON stock.lot_id = o.stock_id
                 WHERE o.lot_id = code_job.lot_id) AS "lot_number!: i64",
                (SELECT unit FROM lot_order o WHERE o.lot_id = code_job.lot_id) AS "unit!: String",
                kind AS "kind!: String", state AS "state!: String", seq_from AS "seq_from!: i64",
                seq_to AS "seq_to!: i64", walked AS "walked!: i64", done AS "done!: i64", total AS "total!: i64",
                changed AS "changed!: i64", refused AS "refused!: i64", amount AS "amount!: i64",
                reason AS "reason!: String", trouble_code AS "trouble_code?: String",
                trouble_detail AS "trouble_detail?: String", undoes AS "undoes?: uuid::Uuid",
                undone_by AS "undone_by?: uuid::Uuid", started_at AS "started_at!: i64",
                started_by AS "started_by!: uuid::Uuid",
                (SELECT username FROM staff WHERE staff.id = code_job.started_by) AS "started_by_name?: String",
                ended_at AS "ended_at?: i64" "#
                + $tail,
            $($argument),*
        )
    };
}
pub(super) use job_records;

impl JobRecord {
    pub(crate) const fn job(&self) -> JobId {
        JobId(self.id)
    }

    pub(crate) const fn lot(&self) -> LotId {
        LotId(self.lot_id)
    }

    pub(crate) const fn operator(&self) -> OperatorId {
        OperatorId(self.operator_id)
    }

    pub(crate) fn state(&self) -> Result<JobState, Failure> {
        stored(JobState::from_stored(&self.state), "code_job", "state", self.id)
    }

    pub(crate) fn kind(&self) -> Result<CodeJobKind, Failure> {
        stored(CodeJobKind::from_stored(&self.kind), "code_job", "kind", self.id)
    }

    pub(crate) fn view(self) -> Result<CodeJob, Failure> {
        let (state, kind) = (self.state()?, self.kind()?);
        let id = self.id;
        let number = |value: i64, column: &str| stored_number::<u64>(value, "code_job", column, id);
        let seq = |value: i64, column: &str| stored_number::<u32>(value, "code_job", column, id);
        let unit = stored_unit(&self.unit, "lot_order", self.lot_id)?;
        let trouble = match (&self.trouble_code, self.trouble_detail) {
            (Some(code), Some(detail)) => {
                let code = serde_json::from_value(code.as_str().into()).ok();
                Some(CodeJobTrouble { code: stored(code, "code_job", "trouble_code", self.id)?, detail })
            }
            _ => None,
        };
        let changed = number(self.changed, "changed")?;
        let back = kind.change().and_then(LotChange::undone_by).is_some();
        let undoable = back && state != JobState::Running && self.undone_by.is_none();
        Ok(CodeJob {
            job_id: JobId(self.id),
            lot_id: LotId(self.lot_id),
            lot_number: seq(self.lot_number, "lot_number")?,
            kind,
            state,
            seq_from: seq(self.seq_from, "seq_from")?,
            seq_to: seq(self.seq_to, "seq_to")?,
            done: number(self.done, "done")?,
            total: number(self.total, "total")?,
            changed,
            refused: number(self.refused, "refused")?,
            amount: stored_amount(self.amount, unit, "code_job", self.id)?,
            reason: self.reason,
            trouble,
            started_at: Timestamp(self.started_at),
            started_by: self.started_by_name,
            ended_at: self.ended_at.map(Timestamp),
            undoable: if undoable { changed } else { 0 },
            undone_by: self.undone_by.map(JobId),
        })
    }
}
