//! One code at a time: a lot of one.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{CodeId, OperatorId};
use counterfoil_domain::ledger::SourceEvent;
use counterfoil_wire::codes::CreatedCode;
use counterfoil_wire::problem::Code as ProblemCode;
use serde::Serialize;

use super::make::{LotError, NewLot, make};
use super::repo;
use crate::engine::App;
use crate::engine::audit::{self, Actor};
use crate::engine::code::{self, CodeRecord, Family};
use crate::engine::{credits, operators};

#[derive(Serialize)]
struct Made<'a> {
    serial: &'a str,
    plan: &'a str,
}

/// Makes one code, or answers a repeat with the code it made before.
pub(crate) async fn create_one(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    lot: &NewLot<'_>,
) -> Result<CreatedCode, Failure> {
    let id = *lot.codes.first().ok_or_else(|| Failure::internal("a lot of no codes"))?;
    let existing = code::find(&mut *app.reader().await?, operator, id.0).await?;
    if let Some(existing) = existing {
        return repeat(app, operator, lot, &existing).await;
    }
    let number = operators::next_number(app, operator).await?;
    let mut work = app.begin(operator).await?;
    let mut made = match make(app, &mut work, lot, number).await {
        Ok(made) => made,
        Err(LotError::Failed(failure)) => return Err(failure),
        Err(LotError::Taken) => {
            drop(work);
            return repeat_of_now(app, operator, lot, id).await;
        }
    };
    let created = made.pop().ok_or_else(|| Failure::internal("a lot made no code"))?;
    credits::note_key(&mut work, actor, &SourceEvent::lot(lot.id)).await?;
    let detail = Made { serial: &created.row.serial, plan: &created.row.plan_name };
    audit::record(&mut work, actor, "code.create", Some(id.0), None::<&Made<'_>>, Some(&detail)).await?;
    work.commit().await?;
    Ok(created)
}

/// The same request at the same time: the other one was first.
async fn repeat_of_now(app: &App, operator: OperatorId, lot: &NewLot<'_>, id: CodeId) -> Result<CreatedCode, Failure> {
    let mut work = app.begin(operator).await?;
    let existing = code::find(work.conn(), operator, id.0).await?.ok_or_else(id_reused)?;
    // Its answer may not be given before what it rests on is durable.
    work.commit().await?;
    repeat(app, operator, lot, &existing).await
}

fn id_reused() -> Failure {
    Failure::new(ProblemCode::IdReused, "This code id was used before for another code. Ask again under a new id.")
}

/// The same id again from whoever made the code: the same answer, or a refusal when it asks for something else. To anybody
/// else, and for a code of a lot that was ordered, it is a used id: lists show ids, and whole codes are shown to their maker
/// only, those of a lot where looking is audited.
async fn repeat(
    app: &App,
    operator: OperatorId,
    lot: &NewLot<'_>,
    existing: &CodeRecord,
) -> Result<CreatedCode, Failure> {
    let same = existing.reseller_id == lot.reseller.0 && existing.plan_id == lot.plan.0;
    let stored_lot = repo::single(&mut *app.reader().await?, operator, existing.source_id, lot.made_by).await?;
    let found = stored_lot.filter(|_| same).ok_or_else(id_reused)?;
    let family = Family::open(app.keys(), &found.source(operator))?;
    let code = family.code(existing.slot()?, existing.seq()?);
    Ok(CreatedCode { code: code.reveal(), row: existing.to_wire()? })
}
