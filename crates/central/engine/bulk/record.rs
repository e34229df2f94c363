//! One row of `account_bulk`, and one of its accounts, and what people are shown of them.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::bulk::{BulkKind, BulkRowState, BulkState};
use counterfoil_domain::ids::{AccountId, BulkId, OperatorId, PlanId, ResellerId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::accounts::Service;
use counterfoil_wire::bulk::{Bulk, BulkLine, BulkOperation, BulkRefusal, BulkRow};
use counterfoil_wire::problem::Code;
use uuid::Uuid;

use super::lines;
use super::repo::List;
use crate::engine::audit::Actor;
use crate::engine::stored::{stored, stored_amount, stored_currency, stored_number, stored_unit};

#[derive(Debug, Clone)]
pub(crate) struct BulkRecord {
    pub(super) id: Uuid,
    pub(super) operator_id: Uuid,
    /// Whose members ordered it; none for staff.
    pub(super) reseller_id: Option<Uuid>,
    pub(super) currency: String,
    pub(super) ordered_by: Uuid,
    pub(super) ordered_by_name: Option<String>,
    pub(super) ordered_at: i64,
    pub(super) kind: String,
    pub(super) plan_id: Option<Uuid>,
    pub(super) days: Option<i64>,
    pub(super) gift: i64,
    pub(super) to_reseller: Option<Uuid>,
    pub(super) reason: Option<String>,
    pub(super) file: Option<String>,
    pub(super) lines: Option<i64>,
    pub(super) filter_search: Option<String>,
    pub(super) filter_status: Option<String>,
    pub(super) filter_plan: Option<Uuid>,
    pub(super) filter_reseller: Option<Uuid>,
    pub(super) filter_below: i64,
    pub(super) filter_ends_before: Option<String>,
    pub(super) walked: Option<String>,
    pub(super) state: String,
    pub(super) total: i64,
    pub(super) tried: i64,
    pub(super) planned: i64,
    pub(super) refused: i64,
    pub(super) done: i64,
    pub(super) undone: i64,
    pub(super) kept: i64,
    pub(super) cost_credits: i64,
    pub(super) cost_money: i64,
    pub(super) paid_credits: i64,
    pub(super) paid_money: i64,
    pub(super) trouble_code: Option<String>,
    pub(super) trouble_detail: Option<String>,
    pub(super) ended_at: Option<i64>,
}

/// A checked query that yields bulk records, like `code_records!`.
macro_rules! bulk_records {
    ($head:literal, $tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::engine::bulk::BulkRecord,
            $head
                + r#" id AS "id!: uuid::Uuid", operator_id AS "operator_id!: uuid::Uuid",
                reseller_id AS "reseller_id?: uuid::Uuid",
                (SELECT o.currency FROM operator o WHERE o.id = account_bulk.operator_id) AS "currency!: String",
                ordered_by AS "ordered_by!: uuid::Uuid",
                COALESCE((SELECT username FROM staff WHERE staff.id = account_bulk.ordered_by),
                  (SELECT username FROM member WHERE member.id = account_bulk.ordered_by)) AS "ordered_by_name?: String",
                ordered_at AS "ordered_at!: i64", kind AS "kind!: String", plan_id AS "plan_id?: uuid::Uuid",
                days AS "days?: i64", gift AS "gift!: i64", to_reseller AS "to_reseller?: uuid::Uuid",
                reason AS "reason?: String", file AS "file?: String", lines AS "lines?: i64",
                filter_search AS "filter_search?: String",
                filter_status AS "filter_status?: String", filter_plan AS "filter_plan?: uuid::Uuid",
                filter_reseller AS "filter_reseller?: uuid::Uuid", filter_below AS "filter_below!: i64",
                filter_ends_before AS "filter_ends_before?: String", walked AS "walked?: String",
                state AS "state!: String", total AS "total!: i64", tried AS "tried!: i64", planned AS "planned!: i64",
                refused AS "refused!: i64", done AS "done!: i64", undone AS "undone!: i64", kept AS "kept!: i64",
                cost_credits AS "cost_credits!: i64", cost_money AS "cost_money!: i64",
                paid_credits AS "paid_credits!: i64", paid_money AS "paid_money!: i64",
                trouble_code AS "trouble_code?: String", trouble_detail AS "trouble_detail?: String",
                ended_at AS "ended_at?: i64" "#
                + $tail,
            $($argument),*
        )
    };
}
pub(super) use bulk_records;

const TABLE: &str = "account_bulk";
const ROW_TABLE: &str = "account_bulk_row";
const LINE_TABLE: &str = "account_bulk_line";

impl BulkRecord {
    pub(super) const fn bulk(&self) -> BulkId {
        BulkId(self.id)
    }

    pub(super) const fn operator(&self) -> OperatorId {
        OperatorId(self.operator_id)
    }

    /// Whose members ordered it; none for staff.
    pub(super) fn of(&self) -> Option<ResellerId> {
        self.reseller_id.map(ResellerId)
    }

    /// Whoever ordered it does it: from where is told by the order.
    pub(super) fn actor(&self) -> Actor {
        if self.reseller_id.is_none() { Actor::job_of(self.ordered_by) } else { Actor::job_of_member(self.ordered_by) }
    }

    pub(super) fn state(&self) -> Result<BulkState, Failure> {
        stored(BulkState::from_stored(&self.state), TABLE, "state", self.id)
    }

    pub(super) fn kind(&self) -> Result<BulkKind, Failure> {
        stored(BulkKind::from_stored(&self.kind), TABLE, "kind", self.id)
    }

    /// The list that its accounts are taken from; of one whose accounts were chosen, a list that leaves nothing out.
    pub(super) fn list(&self) -> List<'_> {
        List {
            search: self.filter_search.as_deref(),
            status: self.filter_status.as_deref(),
            plan: self.filter_plan,
            reseller: self.filter_reseller,
            with_below: self.filter_below == 1,
            ends_before: self.filter_ends_before.as_deref(),
        }
    }

    pub(super) fn filter_status(&self) -> Result<Option<AccountStatus>, Failure> {
        let status = self.filter_status.as_deref();
        status.map(|name| stored(AccountStatus::from_stored(name), TABLE, "filter_status", self.id)).transpose()
    }

    pub(super) fn operation(&self) -> Result<BulkOperation, Failure> {
        let id = self.id;
        let reason = || stored(self.reason.clone(), TABLE, "reason", id);
        Ok(match self.kind()? {
            BulkKind::Extend => {
                let service = match (self.plan_id, self.days) {
                    (Some(plan), None) => Service::Plan(PlanId(plan)),
                    (None, Some(days)) => Service::Days(stored_number(days, TABLE, "days", id)?),
                    _ => return stored(None, TABLE, "plan_id", id),
                };
                BulkOperation::Extend { service, gift: self.gift == 1 }
            }
            BulkKind::Suspend => BulkOperation::Suspend { reason: reason()? },
            BulkKind::Activate => BulkOperation::Activate,
            BulkKind::PlanChange => {
                BulkOperation::PlanChange { plan_id: PlanId(stored(self.plan_id, TABLE, "plan_id", id)?) }
            }
            BulkKind::Transfer => BulkOperation::Transfer {
                reseller_id: ResellerId(stored(self.to_reseller, TABLE, "to_reseller", id)?),
                reason: reason()?,
            },
            BulkKind::Create => BulkOperation::Create {
                file: stored(self.file.clone(), TABLE, "file", id)?,
                lines: self.expected()?,
                gift: self.gift == 1,
            },
        })
    }

    /// Lines that its file has.
    pub(super) fn expected(&self) -> Result<u32, Failure> {
        let lines = stored(self.lines, TABLE, "lines", self.id)?;
        stored_number(lines, TABLE, "lines", self.id)
    }

    /// What it costs in each unit that anybody pays in.
    fn sums(&self, credits: i64, money: i64) -> Result<Vec<Amount>, Failure> {
        let currency = stored_currency(&self.currency, "operator", self.operator_id)?;
        let sums = [(credits, Unit::Credits), (money, Unit::Minor(currency))];
        let paid = sums.into_iter().filter(|(sum, _)| *sum != 0);
        paid.map(|(sum, unit)| stored_amount(sum, unit, TABLE, self.id)).collect()
    }

    pub(super) fn view(&self) -> Result<Bulk, Failure> {
        let (id, state, kind) = (self.id, self.state()?, self.kind()?);
        let number = |value: i64, column: &str| stored_number::<u64>(value, TABLE, column, id);
        let trouble = match (&self.trouble_code, &self.trouble_detail) {
            (Some(code), Some(detail)) => Some(BulkRefusal {
                code: stored(code_of(code), TABLE, "trouble_code", id)?,
                detail: detail.clone(),
                needed: None,
                available: None,
                columns: Vec::new(),
            }),
            _ => None,
        };
        let done = number(self.done, "done")?;
        let back = kind.can_be_undone() && !state.goes_on();
        Ok(Bulk {
            bulk_id: BulkId(id),
            operation: self.operation()?,
            state,
            total: number(self.total, "total")?,
            counted: self.walked.is_none() && state != BulkState::Receiving,
            tried: number(self.tried, "tried")?,
            planned: number(self.planned, "planned")?,
            refused: number(self.refused, "refused")?,
            done,
            undone: number(self.undone, "undone")?,
            kept: number(self.kept, "kept")?,
            undoable: if back { done } else { 0 },
            cost: self.sums(self.cost_credits, self.cost_money)?,
            paid: self.sums(self.paid_credits, self.paid_money)?,
            trouble,
            ordered_at: Timestamp(self.ordered_at),
            ordered_by: self.ordered_by_name.clone(),
            ended_at: self.ended_at.map(Timestamp),
        })
    }
}

/// A code as it is stored.
pub(super) fn code_text(code: Code) -> String {
    let value = serde_json::to_value(code).ok();
    value.as_ref().and_then(serde_json::Value::as_str).unwrap_or("internal").to_owned()
}

fn code_of(text: &str) -> Option<Code> {
    serde_json::from_value(text.into()).ok()
}

/// One account of a bulk operation.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct RowRecord {
    pub(super) position: i64,
    pub(super) account_id: Uuid,
    pub(super) event_id: Uuid,
    pub(super) state: String,
    pub(super) username: Option<String>,
    pub(super) owner_id: Option<Uuid>,
    pub(super) cost: i64,
    pub(super) unit: Option<String>,
    pub(super) was_status: Option<String>,
    pub(super) was_last_day: Option<String>,
    pub(super) new_last_day: Option<String>,
    /// Of a change of plans.
    pub(super) was_plan: Option<Uuid>,
    pub(super) was_plan_name: Option<String>,
    pub(super) revision: Option<i64>,
    pub(super) refusal_code: Option<String>,
    pub(super) refusal_detail: Option<String>,
    pub(super) needed: Option<i64>,
    pub(super) available: Option<i64>,
    pub(super) refusal_columns: Option<String>,
    /// What it is created from; the cells are there where this is.
    pub(super) line: Option<i64>,
    pub(super) line_username: Option<String>,
    pub(super) line_email: Option<String>,
    pub(super) line_plan: Option<String>,
    pub(super) line_last_day: Option<String>,
    pub(super) line_gift: Option<String>,
    pub(super) line_mac: Option<String>,
    pub(super) line_max_connections: Option<String>,
    pub(super) line_notes: Option<String>,
    pub(super) line_reseller: Option<String>,
}

impl RowRecord {
    pub(super) const fn account(&self) -> AccountId {
        AccountId(self.account_id)
    }

    pub(super) fn state(&self) -> Result<BulkRowState, Failure> {
        stored(BulkRowState::from_stored(&self.state), ROW_TABLE, "state", self.position)
    }

    /// What it costs in credits, and in money.
    pub(super) fn costs(&self) -> Result<(i64, i64), Failure> {
        let Some(unit) = &self.unit else { return Ok((0, 0)) };
        match stored_unit(unit, ROW_TABLE, self.position)? {
            Unit::Credits => Ok((self.cost, 0)),
            Unit::Minor(_) => Ok((0, self.cost)),
        }
    }

    /// It stands so, and nothing is in its way.
    pub(super) fn set(&mut self, state: BulkRowState) {
        state.as_str().clone_into(&mut self.state);
        (self.refusal_code, self.refusal_detail, self.needed, self.available) = (None, None, None, None);
        self.refusal_columns = None;
    }

    /// What it is created from; none of an account that was there before.
    pub(super) fn given(&self) -> Result<Option<BulkLine>, Failure> {
        let Some(line) = self.line else { return Ok(None) };
        let cell = |cell: &Option<String>| cell.clone().unwrap_or_default();
        Ok(Some(BulkLine {
            line: stored_number(line, LINE_TABLE, "line", self.position)?,
            username: cell(&self.line_username),
            email: cell(&self.line_email),
            plan: cell(&self.line_plan),
            last_day: cell(&self.line_last_day),
            gift: cell(&self.line_gift),
            mac: cell(&self.line_mac),
            max_connections: cell(&self.line_max_connections),
            notes: cell(&self.line_notes),
            reseller: cell(&self.line_reseller),
        }))
    }

    /// It stands so because of this.
    pub(super) fn stop(&mut self, state: BulkRowState, failure: &Failure) {
        self.set(state);
        let problem = failure.problem();
        let wrong: Vec<&str> = problem.fields.iter().map(|field| field.message.as_str()).collect();
        self.refusal_code = Some(code_text(problem.code));
        self.refusal_detail = Some(if wrong.is_empty() { problem.detail.clone() } else { wrong.join("; ") });
        if self.line.is_some() {
            let columns = lines::columns_of(problem);
            self.refusal_columns = (!columns.is_empty()).then(|| columns.join(","));
        }
        if let (Some(needed), Some(available)) = (problem.needed, problem.available) {
            (self.needed, self.available) = (Some(needed.value()), Some(available.value()));
            self.unit = Some(needed.unit().to_string());
        }
    }

    pub(super) fn view(self) -> Result<BulkRow, Failure> {
        let (state, position, line) = (self.state()?, self.position, self.given()?);
        let unit = self.unit.as_deref().map(|unit| stored_unit(unit, ROW_TABLE, position)).transpose()?;
        let amount = |value: Option<i64>| match (value, unit) {
            (Some(value), Some(unit)) => stored_amount(value, unit, ROW_TABLE, position).map(Some),
            _ => Ok(None),
        };
        let refusal = match (&self.refusal_code, self.refusal_detail) {
            (Some(code), Some(detail)) => Some(BulkRefusal {
                code: stored(code_of(code), ROW_TABLE, "refusal_code", position)?,
                detail,
                needed: amount(self.needed)?,
                available: amount(self.available)?,
                columns: self.refusal_columns.iter().flat_map(|names| names.split(',')).map(str::to_owned).collect(),
            }),
            _ => None,
        };
        let pays = self.cost > 0 && state != BulkRowState::Refused;
        Ok(BulkRow {
            position: stored_number(position, ROW_TABLE, "position", position)?,
            account_id: AccountId(self.account_id),
            username: self.username,
            state,
            cost: amount(pays.then_some(self.cost))?,
            last_day: self.was_last_day,
            new_last_day: self.new_last_day,
            plan_name: self.was_plan_name,
            refusal,
            line,
        })
    }
}
