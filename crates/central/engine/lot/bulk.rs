//! What a reseller makes in one call: up to a hundred codes, in one transaction and paid by one posting.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{CodeId, OperatorId};
use counterfoil_domain::ledger::SourceEvent;
use counterfoil_domain::lot::{LONGEST_LABEL, MOST_BY_RESELLER};
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::codes::CreatedCode;
use counterfoil_wire::lots::{CreateLot, CreatedLot};
use counterfoil_wire::problem::{Code as ProblemCode, FieldProblem};
use serde::Serialize;

use super::list::{self, Viewer};
use super::make::{LotError, NewLot, make};
use super::record::LotRecord;
use super::repo;
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::code::{CodeRecord, Family};
use crate::engine::work::Work;
use crate::engine::{credits, operators};

/// What the audit keeps of a lot that was made.
#[derive(Serialize)]
pub(super) struct Made<'a> {
    pub(super) number: String,
    pub(super) plan: &'a str,
    pub(super) codes: u32,
    pub(super) cost: String,
    pub(super) label: &'a str,
}

/// Makes a lot for a reseller, or answers a repeat with the codes it made before. `scope` is the reseller's own.
pub(crate) async fn create(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    scope: &Scope,
    new: &NewLot<'_>,
    asked: &CreateLot,
) -> Result<CreatedLot, Failure> {
    check(asked)?;
    let known = repo::by_id(&mut *app.reader().await?, operator, scope, asked.lot_id).await?;
    if let Some(known) = known {
        return repeat(app, actor, known, new, asked).await;
    }
    let number = operators::next_number(app, operator).await?;
    let mut work = app.begin(operator).await?;
    let now = work.now();
    let ids: Vec<CodeId> = (0..asked.count).map(|_| mint(now)).collect();
    let codes = match make(app, &mut work, &NewLot { codes: &ids, ..*new }, number).await {
        Ok(codes) => codes,
        Err(LotError::Failed(failure)) => return Err(failure),
        Err(LotError::Taken) => {
            drop(work);
            return repeat_of_now(app, operator, actor, scope, new, asked).await;
        }
    };
    note(&mut work, actor, new, number, asked, &codes).await?;
    credits::note_key(&mut work, actor, &SourceEvent::lot(asked.lot_id)).await?;
    let record = repo::by_id(work.conn(), operator, scope, asked.lot_id).await?;
    let record = record.ok_or_else(|| Failure::internal("a lot that was just made is not there"))?;
    let lot = list::view(work.conn(), Viewer::Reseller, record, None).await?;
    work.commit().await?;
    Ok(CreatedLot { lot, codes })
}

fn check(asked: &CreateLot) -> Result<(), Failure> {
    let mut wrong = Vec::new();
    if !(1..=MOST_BY_RESELLER).contains(&asked.count) {
        let most = MOST_BY_RESELLER;
        wrong.push(field("count", format!("1 to {most} codes at once; the operator can make more for you")));
    }
    wrong.extend(wrong_label(&asked.label));
    if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
}

pub(super) fn wrong_label(label: &str) -> Option<FieldProblem> {
    let fits = label.trim().chars().count() <= LONGEST_LABEL && !label.chars().any(char::is_control);
    (!fits).then(|| field("label", format!("at most {LONGEST_LABEL} characters, in one line")))
}

/// Keeps what was asked for beside the codes that [`make`] made of it.
pub(crate) async fn note(
    work: &mut Work,
    actor: &Actor,
    new: &NewLot<'_>,
    number: i64,
    asked: &CreateLot,
    codes: &[CreatedCode],
) -> Result<(), Failure> {
    let first = &codes.first().ok_or_else(|| Failure::internal("a lot of no codes"))?.row;
    let (currency, unit) = (first.price.unit().to_string(), first.cost.unit().to_string());
    let count = i64::from(asked.count);
    let (operator, made_at) = (work.operator(), work.now().0);
    let order = repo::NewOrder {
        lot: asked.lot_id,
        operator,
        reseller: Some(new.reseller),
        number,
        plan: new.plan.0,
        plan_name: &first.plan_name,
        term_days: i64::from(first.term_days),
        price: first.price.value(),
        currency: &currency,
        cost: first.cost.value(),
        unit: &unit,
        ordered: count,
        made: count,
        from_stock: None,
        customer_email: new.customer_email,
        label: asked.label.trim(),
        redeem_by: first.redeem_by.0,
        made_by_kind: actor.who().0,
        made_by: new.made_by,
        made_at,
    };
    repo::insert_order(work.conn(), &order).await?;
    let cost = first.cost.checked_mul(count).map_err(Failure::internal)?;
    let made = Made {
        number: format!("{number:06}"),
        plan: &first.plan_name,
        codes: asked.count,
        cost: cost.to_string(),
        label: asked.label.trim(),
    };
    audit::record(work, actor, "lot.create", Some(asked.lot_id.0), NOTHING, Some(&made)).await
}

/// The same request at the same time: the other one was first.
async fn repeat_of_now(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    scope: &Scope,
    new: &NewLot<'_>,
    asked: &CreateLot,
) -> Result<CreatedLot, Failure> {
    let mut work = app.begin(operator).await?;
    let known = repo::by_id(work.conn(), operator, scope, asked.lot_id).await?.ok_or_else(id_reused)?;
    // Its answer may not be given before what it rests on is durable.
    work.commit().await?;
    repeat(app, actor, known, new, asked).await
}

pub(super) fn id_reused() -> Failure {
    Failure::new(ProblemCode::IdReused, "This lot id was used before for another lot. Ask again under a new id.")
}

/// The same id again: the same codes, or a refusal when it asks for something else. That they were shown is audited.
async fn repeat(
    app: &App,
    actor: &Actor,
    known: LotRecord,
    new: &NewLot<'_>,
    asked: &CreateLot,
) -> Result<CreatedLot, Failure> {
    let same = known.reseller() == Some(new.reseller)
        && known.plan_id == new.plan.0
        && known.ordered == i64::from(asked.count)
        && known.made_by_kind != "staff";
    if !same {
        return Err(id_reused());
    }
    let mut work = app.begin(OperatorId(known.operator_id)).await?;
    let codes = whole_codes(app, work.conn(), &known).await?;
    let lot = list::view(work.conn(), Viewer::Reseller, known, None).await?;
    audit::record(&mut work, actor, "lot.show_codes", Some(asked.lot_id.0), NOTHING, NOTHING).await?;
    work.commit().await?;
    Ok(CreatedLot { lot, codes })
}

async fn whole_codes(app: &App, conn: &mut Conn, lot: &LotRecord) -> Result<Vec<CreatedCode>, Failure> {
    let family = Family::open(app.keys(), &lot.source())?;
    let most = i64::from(MOST_BY_RESELLER);
    let rows = repo::codes(conn, lot.lot_id, 1, most, most).await?;
    let whole =
        |row: CodeRecord| Ok(CreatedCode { code: family.code(row.slot()?, row.seq()?).reveal(), row: row.to_wire()? });
    rows.into_iter().map(whole).collect()
}
