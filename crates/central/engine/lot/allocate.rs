//! Giving a reseller what the operator keeps: first what it costs, then a lot of the reseller for each lot that gives
//! some, which a job fills part by part (`given.rs`).

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::in_words;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{OperatorId, ResellerId, StaffId};
use counterfoil_domain::lot::{CodeJobKind, MOST_IN_A_RANGE};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::lots::LotRefusal;
use counterfoil_wire::problem::{Code as ProblemCode, FieldProblem};
use counterfoil_wire::ranges::{
    Allocate, AllocatePart, Allocated, AllocationPart, AllocationPreview, PreviewAllocation,
};
use serde::Serialize;

use super::bulk::{id_reused, wrong_label};
use super::change::{self, range};
use super::ground::Ground;
use super::list::{self, Viewer};
use super::make::serial;
use super::order::{no_trial, wallet};
use super::record::LotRecord;
use super::repo;
use super::serials::{Piece, pieces};
use super::stock_repo::Whose;
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::candidate;
use crate::engine::code::Source;
use crate::engine::code_jobs::{self, NewJob};
use crate::engine::stored::stored_number;
use crate::engine::work::Work;
use crate::engine::{operators, resellers};

/// What it would take, without doing it.
pub(crate) async fn preview_allocation(
    app: &App,
    operator: OperatorId,
    asked: &PreviewAllocation,
) -> Result<AllocationPreview, Failure> {
    let mut reader = app.snapshot().await?;
    resellers::get(&mut reader, operator, &Scope::Operator, asked.reseller_id).await?;
    let serials = (asked.serial_from.as_str(), asked.serial_to.as_str());
    let pieces = pieces(&mut reader, operator, Whose::Nobodys, serials).await?;
    one_plan(&pieces)?;
    let mut parts = Vec::with_capacity(pieces.len());
    let mut sum: Option<Amount> = None;
    for piece in &pieces {
        let (part, cost) = dry(&mut reader, operator, asked.reseller_id, piece, app.now()).await?;
        sum = Some(sum.map_or(Ok(cost), |sum| sum.checked_add(cost)).map_err(Failure::internal)?);
        parts.push(part);
    }
    let total = sum.ok_or_else(|| Failure::internal("a range of no lots"))?;
    let (balance, spendable) = wallet(&mut reader, asked.reseller_id).await?;
    let amount = |value: i64| Amount::new(value, total.unit()).map_err(Failure::internal);
    let available = amount(spendable)?;
    let codes: u64 = parts.iter().map(|part| part.codes).sum();
    let refusal = match too_late(&pieces, app.now()) {
        Some(failure) => Some(failure),
        None if codes == 0 => Some(none_left()),
        None => (total.value() > spendable).then(|| short(total, available)),
    };
    let plan = &pieces[0].lot;
    Ok(AllocationPreview {
        plan_id: plan.plan_id.into(),
        plan_name: plan.plan_name.clone(),
        codes,
        taken: parts.iter().map(|part| part.taken).sum(),
        total,
        balance: amount(balance)?,
        available,
        after: amount(balance.saturating_sub(total.value()))?,
        parts,
        refusal: refusal.map(|failure| LotRefusal { code: failure.code(), detail: failure.problem().detail.clone() }),
    })
}

/// Codes of several plans would be one sum of several prices.
fn one_plan(pieces: &[Piece]) -> Result<(), Failure> {
    let mut names: Vec<&str> = pieces.iter().map(|piece| piece.lot.plan_name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    if pieces.windows(2).all(|two| two[0].lot.plan_id == two[1].lot.plan_id) {
        return Ok(());
    }
    let message = format!("these serials are of several plans ({}): choose those of one", names.join(", "));
    Err(Failure::validation(vec![field("serial_to", message)]))
}

async fn dry(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
    piece: &Piece,
    now: Timestamp,
) -> Result<(AllocationPart, Amount), Failure> {
    let Piece { lot, from, to } = piece;
    let ground = Ground::of_stock(conn, operator, reseller, lot, now).await?;
    no_trial(&ground.plan)?;
    let free = candidate::count(conn, lot.lot_id, *from, *to).await?;
    let codes = usize::try_from(free).map_err(Failure::internal)?;
    let part = AllocationPart {
        stock_id: lot.lot(),
        number: stored_number(lot.number, "lot_order", "number", lot.lot_id)?,
        seq_from: *from,
        seq_to: *to,
        codes: free.unsigned_abs(),
        taken: u64::from(to - from + 1).saturating_sub(free.unsigned_abs()),
        cost: ground.amount(ground.cost)?,
    };
    Ok((part, ground.total(codes)?))
}

/// The day until which a code can be used stands on its card.
fn too_late(pieces: &[Piece], now: Timestamp) -> Option<Failure> {
    let old = pieces.iter().find(|piece| piece.lot.redeem_by <= now.0)?;
    let number = old.lot.number;
    let detail = format!("The codes of lot {number:06} were to be used by now and have expired. Leave this lot out.");
    Some(Failure::new(ProblemCode::WrongState, detail))
}

fn none_left() -> Failure {
    Failure::new(
        ProblemCode::WrongState,
        "Resellers have all of these codes already, or they are revoked. Choose serials that are still kept.",
    )
}

fn short(total: Amount, available: Amount) -> Failure {
    in_words::insufficient(total, available, "for these codes", "allocate fewer of them")
}

/// What the audit keeps.
#[derive(Serialize)]
struct Given<'a> {
    from: String,
    to: String,
    plan: &'a str,
    codes: u64,
    cost: String,
    label: &'a str,
}

/// Begins to give what was shown, or answers a repeat with the lots as they are now.
pub(crate) async fn allocate(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    asked: &Allocate,
) -> Result<Allocated, Failure> {
    find_all(&mut *app.reader().await?, operator, asked).await?;
    check(asked)?;
    let first = &asked.parts[0];
    if repo::by_id(&mut *app.reader().await?, operator, &Scope::Operator, first.lot_id).await?.is_some() {
        return shown(&mut *app.reader().await?, operator, asked).await;
    }
    let mut numbers = Vec::with_capacity(asked.parts.len());
    for _ in &asked.parts {
        numbers.push(operators::next_number(app, operator).await?);
    }
    let mut work = app.begin(operator).await?;
    let mut total = Amount::zero(asked.total.unit());
    for (part, number) in asked.parts.iter().zip(numbers) {
        let Some(cost) = order_part(&mut work, actor, staff, asked, (part, number)).await? else {
            drop(work);
            return repeat_of_now(app, operator, asked).await;
        };
        total = total.checked_add(cost).map_err(|_| changed())?;
    }
    if total != asked.total {
        return Err(changed());
    }
    let (_, spendable) = wallet(work.conn(), asked.reseller_id).await?;
    if total.value() > spendable {
        return Err(short(total, Amount::new(spendable, total.unit()).map_err(Failure::internal)?));
    }
    let lots = shown(work.conn(), operator, asked).await?;
    work.commit().await?;
    app.code_jobs_wake().notify_one();
    Ok(lots)
}

fn changed() -> Failure {
    Failure::new(
        ProblemCode::Conflict,
        "Some of these codes were allocated, or their price has changed, since this was shown. Look again, and allocate what \
         you see.",
    )
}

/// An id that is not of this operator is told before anything else is judged.
async fn find_all(conn: &mut Conn, operator: OperatorId, asked: &Allocate) -> Result<(), Failure> {
    resellers::get(conn, operator, &Scope::Operator, asked.reseller_id).await?;
    for part in &asked.parts {
        change::find(conn, operator, part.stock_id).await?;
    }
    Ok(())
}

fn check(asked: &Allocate) -> Result<(), Failure> {
    let mut wrong: Vec<FieldProblem> = wrong_label(&asked.label).into_iter().collect();
    if !(1..=MOST_IN_A_RANGE).contains(&asked.parts.len()) {
        wrong.push(field("parts", format!("1 to {MOST_IN_A_RANGE} lots at once")));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
}

/// Puts the reseller's lot and its job, and says what its codes will cost; none when the id was taken a moment ago.
async fn order_part(
    work: &mut Work,
    actor: &Actor,
    staff: StaffId,
    asked: &Allocate,
    (part, number): (&AllocatePart, i64),
) -> Result<Option<Amount>, Failure> {
    let (operator, now) = (work.operator(), work.now());
    let lot = change::find(work.conn(), operator, part.stock_id).await?;
    if lot.reseller_id.is_some() {
        let message = format!("lot {:06} is a reseller's: only what the operator keeps is allocated", lot.number);
        return Err(Failure::validation(vec![field("parts", message)]));
    }
    let (from, to) = range(&lot, Some(part.seq_from), Some(part.seq_to))?;
    let piece = Piece { lot, from, to };
    if let Some(failure) = too_late(std::slice::from_ref(&piece), now) {
        return Err(failure);
    }
    let ground = Ground::of_stock(work.conn(), operator, asked.reseller_id, &piece.lot, now).await?;
    no_trial(&ground.plan)?;
    let free = candidate::count(work.conn(), piece.lot.lot_id, from, to).await?;
    if free == 0 {
        return Err(none_left());
    }
    if free.unsigned_abs() != part.codes {
        return Err(changed());
    }
    if !insert(work, staff, asked, (part, number), &piece.lot, &ground, free).await? {
        return Ok(None);
    }
    let job = NewJob {
        id: part.job_id,
        lot: part.lot_id,
        kind: CodeJobKind::Allocate,
        seq_from: i64::from(from),
        seq_to: i64::from(to),
        total: i64::from(to - from + 1),
        reason: "",
        undoes: None,
    };
    code_jobs::insert(work, staff, &job).await?;
    let cost = ground.total(usize::try_from(free).map_err(Failure::internal)?)?;
    let given = Given {
        from: serial(piece.lot.number, from),
        to: serial(piece.lot.number, to),
        plan: &ground.plan.name,
        codes: part.codes,
        cost: cost.to_string(),
        label: asked.label.trim(),
    };
    audit::record(work, actor, "lot.allocate", Some(part.lot_id.0), NOTHING, Some(&given)).await?;
    Ok(Some(cost))
}

async fn insert(
    work: &mut Work,
    staff: StaffId,
    asked: &Allocate,
    (part, number): (&AllocatePart, i64),
    stock: &LotRecord,
    ground: &Ground,
    free: i64,
) -> Result<bool, Failure> {
    let (operator, now) = (work.operator(), work.now());
    let source = Source { id: part.lot_id.0, ..stock.source() };
    let reseller = asked.reseller_id;
    let new = repo::NewLot { source: &source, reseller: Some(reseller.0), number, made_by: staff.0, made_at: now.0 };
    if !repo::insert(work.conn(), &new).await? {
        return Ok(false);
    }
    let (currency, unit) = (ground.currency.to_string(), ground.unit.to_string());
    let order = repo::NewOrder {
        lot: part.lot_id,
        operator,
        reseller: Some(reseller),
        number,
        plan: ground.plan.id,
        plan_name: &ground.plan.name,
        term_days: ground.plan.term_days,
        price: ground.plan.price,
        currency: &currency,
        cost: ground.cost,
        unit: &unit,
        ordered: free,
        made: 0,
        from_stock: Some((part.stock_id, i64::from(part.seq_from))),
        customer_email: None,
        label: asked.label.trim(),
        redeem_by: stock.redeem_by,
        made_by_kind: "staff",
        made_by: staff.0,
        made_at: now.0,
    };
    repo::insert_order(work.conn(), &order).await?;
    Ok(true)
}

/// The same request at the same time: the other one was first.
async fn repeat_of_now(app: &App, operator: OperatorId, asked: &Allocate) -> Result<Allocated, Failure> {
    let mut work = app.begin(operator).await?;
    let lots = shown(work.conn(), operator, asked).await?;
    // Its answer may not be given before what it rests on is durable.
    work.commit().await?;
    Ok(lots)
}

/// The lots of a request as they are now; refused where an id is another's.
async fn shown(conn: &mut Conn, operator: OperatorId, asked: &Allocate) -> Result<Allocated, Failure> {
    let mut lots = Vec::with_capacity(asked.parts.len());
    for part in &asked.parts {
        let lot = repo::by_id(conn, operator, &Scope::Operator, part.lot_id).await?.ok_or_else(id_reused)?;
        if lot.reseller() != Some(asked.reseller_id) || lot.stock_id != Some(part.stock_id.0) {
            return Err(id_reused());
        }
        let job = code_jobs::of_lot(conn, part.lot_id).await?.into_iter().next();
        lots.push(list::view(conn, Viewer::Staff, lot, job).await?);
    }
    Ok(Allocated { lots })
}
