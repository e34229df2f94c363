//! One operation on many accounts (product.md 4.6): its accounts are written down, each is tried dry, a person looks at
//! that and runs it, and what can be taken back is taken back by the opposite operation. All of it is kept in the database
//! and goes on whoever watches; of several processes one is at it ([`worker`]). What is done to an account is the operation
//! on one ([`row`]): it has no rules of its own here.

mod lines;
mod record;
mod repo;
mod row;
mod worker;

use std::collections::BTreeSet;

use counterfoil_central_platform::failure::{Failure, field, if_found};
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::bulk::{BulkKind, BulkRowState, BulkState, MOST_CHOSEN};
use counterfoil_domain::ids::{AccountId, BulkId, OperatorId, ResellerId, SubscriptionId};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::subscription;
use counterfoil_wire::accounts::Service;
use counterfoil_wire::bulk::{
    Bulk, BulkDetail, BulkFilter, BulkMove, BulkOperation, BulkRow, BulkRowsQuery, BulkTargets, PlanBulk, ShortWallet,
};
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::problem::Code;
use uuid::Uuid;

use super::account::{self, Asker};
use super::audit::{self, NOTHING};
use super::http::{key_of, key_text, limit, newest_before, page};
use super::stored::{stored_amount, stored_unit};
use super::work::Work;
use super::{App, resellers};
use crate::dialect::Conn;

pub(crate) use lines::{created, receive};
pub(crate) use record::BulkRecord;
pub use worker::run as run_bulk;
pub use worker::run_once as run_bulk_once;
#[cfg(test)]
pub(crate) use worker::{claim, step};

/// As long as a plan's term may be.
const MOST_DAYS: u16 = 3_660;
const NO_PLAN: &str = "there is no such plan";
/// Wallets that are named when they have too little.
const SHORT_SHOWN: i64 = 20;

/// Who orders: the operator's staff, or the members of a reseller. Neither sees what the other ordered.
pub(crate) struct Orderer<'a> {
    pub(crate) asker: Asker<'a>,
    /// None for staff.
    pub(crate) of: Option<ResellerId>,
    pub(crate) by: Uuid,
}

/// Writes an operation down and has its accounts tried. Once under the caller's id; a repeat is answered.
pub(crate) async fn plan(app: &App, orderer: &Orderer<'_>, asked: &PlanBulk) -> Result<Bulk, Failure> {
    let operator = orderer.asker.operator;
    let mut work = app.begin(operator).await?;
    if let Some(known) = repo::by_id(work.conn(), asked.bulk_id).await? {
        let same =
            (known.operator(), known.of(), known.operation()?) == (operator, orderer.of, asked.operation.clone());
        if !same || !same_targets(&mut work, orderer, &known, &asked.targets).await? {
            return Err(id_reused());
        }
        let known = known.view()?;
        work.commit().await?;
        return Ok(known);
    }
    check(&mut work, &asked.operation).await?;
    let creates = matches!(asked.operation, BulkOperation::Create { .. });
    let (chosen, list) = match &asked.targets {
        BulkTargets::Lines if creates => (Vec::new(), None),
        BulkTargets::Chosen { account_ids } if !creates => (chosen(account_ids)?, None),
        BulkTargets::Matching(filter) if !creates => (Vec::new(), Some(list_of(&mut work, orderer, filter).await?)),
        _ => return Err(wrong_targets()),
    };
    let now = work.now();
    let total = i64::try_from(chosen.len()).map_err(Failure::internal)?;
    let new = repo::NewBulk { list, total, ..new_bulk(orderer, asked) };
    if !repo::insert(work.conn(), operator, &new, now).await? {
        return Err(id_reused());
    }
    let rows: Vec<_> = chosen.into_iter().map(|account| (account, mint::<SubscriptionId>(now).0)).collect();
    repo::insert_rows(work.conn(), asked.bulk_id, 1, &rows).await?;
    let planned = known(work.conn(), operator, orderer.of, asked.bulk_id).await?.view()?;
    let subject = Some(asked.bulk_id.0);
    audit::record(&mut work, orderer.asker.actor, "account.bulk_plan", subject, NOTHING, Some(&planned)).await?;
    work.commit().await?;
    app.bulk_wake().notify_one();
    Ok(planned)
}

/// Whether it was ordered for what is asked for now.
async fn same_targets(
    work: &mut Work,
    orderer: &Orderer<'_>,
    known: &BulkRecord,
    asked: &BulkTargets,
) -> Result<bool, Failure> {
    Ok(match asked {
        // They come in calls of their own; from which file, and how many, the operation says.
        BulkTargets::Lines => true,
        BulkTargets::Chosen { account_ids } => {
            let most = i64::try_from(MOST_CHOSEN).map_err(Failure::internal)?;
            let written = repo::accounts(work.conn(), known.bulk(), most + 1).await?;
            written == chosen(account_ids)?
        }
        BulkTargets::Matching(filter) => known.list() == list_of(work, orderer, filter).await?,
    })
}

fn id_reused() -> Failure {
    Failure::new(Code::IdReused, "This id belongs to another operation. Mint a new id for a new one.")
}

fn wrong_targets() -> Failure {
    let message = "accounts are created from the lines of a file, and nothing else is done to those";
    Failure::validation(vec![field("targets", message)])
}

fn new_bulk<'a>(orderer: &Orderer<'_>, asked: &'a PlanBulk) -> repo::NewBulk<'a> {
    let (mut plan, mut days, mut to_reseller, mut reason, mut gift) = (None, None, None, None, false);
    let (mut file, mut lines) = (None, None);
    match &asked.operation {
        BulkOperation::Extend { service, gift: given } => {
            gift = *given;
            match service {
                Service::Plan(id) => plan = Some(id.0),
                Service::Days(count) => days = Some(i64::from(*count)),
            }
        }
        BulkOperation::Suspend { reason: why } => reason = Some(why.trim()),
        BulkOperation::Activate => {}
        BulkOperation::Transfer { reseller_id, reason: why } => {
            (to_reseller, reason) = (Some(reseller_id.0), Some(why.trim()));
        }
        BulkOperation::PlanChange { plan_id } => plan = Some(plan_id.0),
        BulkOperation::Create { file: name, lines: count, gift: given } => {
            (file, lines, gift) = (Some(name.trim()), Some(i64::from(*count)), *given);
        }
    }
    repo::NewBulk {
        id: asked.bulk_id,
        reseller: orderer.of,
        ordered_by: orderer.by,
        kind: asked.operation.kind().as_str(),
        plan,
        days,
        gift,
        to_reseller,
        reason,
        file,
        lines,
        list: None,
        total: 0,
    }
}

/// What would refuse every account is refused at once.
async fn check(work: &mut Work, operation: &BulkOperation) -> Result<(), Failure> {
    let operator = work.operator();
    let wrong = |name: &str, message: String| Err(Failure::validation(vec![field(name, message)]));
    match operation {
        BulkOperation::Extend { service: Service::Days(days), .. } if !(1..=MOST_DAYS).contains(days) => {
            wrong("service", format!("1 to {MOST_DAYS} days"))
        }
        BulkOperation::Extend { service: Service::Plan(plan), .. } => {
            if repo::has_plan(work.conn(), operator, *plan).await? {
                Ok(())
            } else {
                wrong("service", NO_PLAN.to_owned())
            }
        }
        BulkOperation::PlanChange { plan_id } => {
            if repo::has_plan(work.conn(), operator, *plan_id).await? {
                Ok(())
            } else {
                wrong("plan_id", NO_PLAN.to_owned())
            }
        }
        BulkOperation::Suspend { reason } => account::reason(reason).map(|_| ()),
        BulkOperation::Transfer { reseller_id, reason } => {
            account::reason(reason)?;
            match if_found(resellers::path(work.conn(), operator, &Scope::Operator, *reseller_id).await)? {
                Some(_) => Ok(()),
                None => wrong("reseller_id", "there is no such reseller".to_owned()),
            }
        }
        BulkOperation::Create { file, lines, .. } => lines::check(file, *lines),
        BulkOperation::Extend { .. } | BulkOperation::Activate => Ok(()),
    }
}

/// Each once, in the order of the choice.
fn chosen(ids: &[AccountId]) -> Result<Vec<AccountId>, Failure> {
    let mut seen = BTreeSet::new();
    let once: Vec<AccountId> = ids.iter().copied().filter(|id| seen.insert(*id)).collect();
    if (1..=MOST_CHOSEN).contains(&once.len()) {
        return Ok(once);
    }
    let message = format!("choose 1 to {MOST_CHOSEN} accounts; for more, take a list");
    Err(Failure::validation(vec![field("account_ids", message)]))
}

/// Whose accounts a list has follows the list of accounts itself.
async fn list_of<'a>(
    work: &mut Work,
    orderer: &Orderer<'_>,
    filter: &'a BulkFilter,
) -> Result<repo::List<'a>, Failure> {
    let (operator, scope) = (work.operator(), orderer.asker.scope);
    if let Some(reseller) = filter.reseller_id {
        resellers::path(work.conn(), operator, scope, reseller).await?;
    }
    let ends_before = filter.ends_before.as_deref().map(str::trim).filter(|day| !day.is_empty());
    if ends_before.is_some_and(|day| subscription::last_day(day).is_none()) {
        return Err(Failure::validation(vec![field("ends_before", "a day such as 2026-12-22")]));
    }
    Ok(repo::List {
        search: filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty()),
        status: filter.status.map(AccountStatus::as_str),
        plan: filter.plan_id.map(|id| id.0),
        reseller: filter.reseller_id.or(orderer.of).map(|id| id.0),
        with_below: filter.with_below,
        ends_before,
    })
}

/// One that this side ordered.
pub(crate) async fn known(
    conn: &mut Conn,
    operator: OperatorId,
    of: Option<ResellerId>,
    id: BulkId,
) -> Result<BulkRecord, Failure> {
    let record = repo::by_id(conn, id).await?.filter(|known| (known.operator(), known.of()) == (operator, of));
    record.ok_or_else(|| Failure::not_found("bulk operation"))
}

/// What one does to each account: whoever runs it must be allowed that.
pub(crate) async fn operation(
    conn: &mut Conn,
    operator: OperatorId,
    of: Option<ResellerId>,
    id: BulkId,
) -> Result<BulkOperation, Failure> {
    known(conn, operator, of, id).await?.operation()
}

/// The newest first.
pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    of: Option<ResellerId>,
    query: &PageQuery,
) -> Result<Page<Bulk>, Failure> {
    let (limit, before) = (limit(query.limit)?, newest_before(query.after.as_deref())?);
    let records = match of {
        None => repo::of_staff(conn, operator, before, limit + 1).await?,
        Some(reseller) => repo::of_reseller(conn, reseller, before, limit + 1).await?,
    };
    let bulks = records.iter().map(BulkRecord::view).collect::<Result<Vec<_>, _>>()?;
    Ok(page(bulks, limit, |bulk| key_text(&(bulk.ordered_at.0, bulk.bulk_id))))
}

/// With the wallets that have too little for what is planned.
pub(crate) async fn get(
    conn: &mut Conn,
    operator: OperatorId,
    of: Option<ResellerId>,
    id: BulkId,
) -> Result<BulkDetail, Failure> {
    let record = known(conn, operator, of, id).await?;
    let (mut short, moves) = (Vec::new(), moves_of(conn, &record).await?);
    if record.state()? == BulkState::Planned {
        for wallet in repo::short(conn, id, SHORT_SHOWN).await? {
            let unit = stored_unit(&wallet.unit, "ledger_account", wallet.reseller)?;
            let amount = |value| stored_amount(value, unit, "ledger_account", wallet.reseller);
            short.push(ShortWallet {
                reseller_id: ResellerId(wallet.reseller),
                needed: amount(wallet.needed)?,
                available: amount(wallet.available)?,
                company: wallet.company,
            });
        }
    }
    Ok(BulkDetail { bulk: record.view()?, short, moves })
}

/// The accounts that a change of plans takes to another portal, by where they are now; none once it runs. As with one
/// account: what no portal serves stays where it is, and whose plan no portal serves is where it was made.
async fn moves_of(conn: &mut Conn, record: &BulkRecord) -> Result<Vec<BulkMove>, Failure> {
    let BulkOperation::PlanChange { plan_id } = record.operation()? else { return Ok(Vec::new()) };
    if record.state()? != BulkState::Planned {
        return Ok(Vec::new());
    }
    let Some(to) = repo::moves::serving(conn, plan_id).await? else { return Ok(Vec::new()) };
    let mut moves = Vec::new();
    for row in repo::moves::leaving(conn, record.bulk(), &to).await? {
        moves.push(BulkMove { from: row.portal, to: to.clone(), accounts: row.accounts.unsigned_abs() });
    }
    // The two databases order what is not there differently.
    moves.sort_by(|one, other| one.from.cmp(&other.from));
    Ok(moves)
}

/// Its accounts, in the order in which they were written down.
pub(crate) async fn rows(
    conn: &mut Conn,
    operator: OperatorId,
    of: Option<ResellerId>,
    id: BulkId,
    query: &BulkRowsQuery,
) -> Result<Page<BulkRow>, Failure> {
    known(conn, operator, of, id).await?;
    let limit = limit(query.limit)?;
    let after = key_of::<i64>(query.after.as_deref())?.unwrap_or_default();
    let state = query.state.map(BulkRowState::as_str);
    let rows = repo::rows(conn, id, state, after, limit + 1).await?;
    let rows = rows.into_iter().map(record::RowRecord::view).collect::<Result<Vec<_>, _>>()?;
    Ok(page(rows, limit, |row| key_text(&row.position)))
}

/// What a person can do to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// What the dry run showed, or what is left of it.
    Run,
    Cancel,
    Undo,
}

/// A repeat is answered.
pub(crate) async fn decide(app: &App, orderer: &Orderer<'_>, id: BulkId, decision: Decision) -> Result<Bulk, Failure> {
    let operator = orderer.asker.operator;
    let mut work = app.begin(operator).await?;
    let before = known(work.conn(), operator, orderer.of, id).await?;
    let (state, kind, now) = (before.state()?, before.kind()?, work.now());
    let so_already = match decision {
        Decision::Run => state == BulkState::Running,
        Decision::Cancel => state == BulkState::Cancelled,
        Decision::Undo => matches!(state, BulkState::Undoing | BulkState::Undone),
    };
    if so_already {
        let known = before.view()?;
        work.commit().await?;
        return Ok(known);
    }
    let (action, done) = match decision {
        Decision::Run => ("account.bulk_run", repo::run(work.conn(), id).await?),
        Decision::Cancel => ("account.bulk_cancel", repo::cancel(work.conn(), id, now).await?),
        Decision::Undo => ("account.bulk_undo", kind.can_be_undone() && repo::undo(work.conn(), id).await?),
    };
    if !done {
        return Err(not_now(decision, state, kind));
    }
    let after = known(work.conn(), operator, orderer.of, id).await?.view()?;
    let before = before.view()?;
    audit::record(&mut work, orderer.asker.actor, action, Some(id.0), Some(&before), Some(&after)).await?;
    work.commit().await?;
    app.bulk_wake().notify_one();
    Ok(after)
}

fn not_now(decision: Decision, state: BulkState, kind: BulkKind) -> Failure {
    let state = state.as_str();
    let detail = match decision {
        Decision::Run => {
            format!("This operation is {state}, and no account of it waits to be changed. Plan a new one.")
        }
        Decision::Cancel => format!("This operation is {state}: only one that goes on can be cancelled."),
        Decision::Undo if kind == BulkKind::Create => {
            "What new accounts cost is not given back: this cannot be undone. Archive those that nobody needs, each on its \
             own page."
                .to_owned()
        }
        Decision::Undo if !kind.can_be_undone() => {
            "Service that was given stays, and what it cost is not given back: this cannot be undone.".to_owned()
        }
        Decision::Undo => format!("This operation is {state}, and no account of it can be put back."),
    };
    Failure::new(Code::WrongState, detail)
}
