//! Hold, release, void and revoke for the codes between two serials, whatever lots they are in: tried dry for each lot, and
//! done by a job on each. All jobs begin, or none.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::ids::{OperatorId, StaffId};
use counterfoil_domain::lot::{LotChange, MOST_IN_A_RANGE};
use counterfoil_wire::lots::ChangeLot;
use counterfoil_wire::ranges::{ChangeRange, ChangeRangePart, PreviewRange, RangeJobs, RangePart, RangePreview};

use super::change::{self, dry};
use super::serials::{Piece, pieces};
use super::stock_repo::Whose;
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::Actor;
use crate::engine::stored::stored_number;

/// What a change would do, without doing it.
pub(crate) async fn preview_range(
    conn: &mut Conn,
    operator: OperatorId,
    asked: &PreviewRange,
) -> Result<RangePreview, Failure> {
    let serials = (asked.serial_from.as_str(), asked.serial_to.as_str());
    // What the operator keeps can be revoked and nothing else.
    let whose = if asked.change == LotChange::Revoke { Whose::Anybodys } else { Whose::Resellers };
    let pieces = pieces(conn, operator, whose, serials).await?;
    let mut parts = Vec::with_capacity(pieces.len());
    for Piece { lot, from, to } in pieces {
        let told = dry(conn, &lot, asked.change, from, to).await?;
        parts.push(RangePart {
            lot_id: lot.lot(),
            number: stored_number(lot.number, "lot_order", "number", lot.lot_id)?,
            company: lot.company.unwrap_or_default(),
            seq_from: from,
            seq_to: to,
            codes: told.codes,
            changed: told.changed,
            refused: told.refused,
            gives_back: told.gives_back,
        });
    }
    Ok(RangePreview {
        codes: parts.iter().map(|part| part.codes).sum(),
        changed: parts.iter().map(|part| part.changed).sum(),
        gives_back: sums(parts.iter().map(|part| part.gives_back))?,
        undoable: asked.change.undone_by().is_some(),
        parts,
    })
}

/// One for each unit, in the order they come.
fn sums(amounts: impl Iterator<Item = Amount>) -> Result<Vec<Amount>, Failure> {
    let mut sums: Vec<(Unit, Amount)> = Vec::new();
    for amount in amounts.filter(|amount| amount.value() != 0) {
        match sums.iter_mut().find(|(unit, _)| *unit == amount.unit()) {
            Some((_, sum)) => *sum = sum.checked_add(amount).map_err(Failure::internal)?,
            None => sums.push((amount.unit(), amount)),
        }
    }
    Ok(sums.into_iter().map(|(_, sum)| sum).collect())
}

/// Starts what was shown.
pub(crate) async fn change_range(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    asked: &ChangeRange,
) -> Result<RangeJobs, Failure> {
    find_all(&mut *app.reader().await?, operator, asked).await?;
    if !(1..=MOST_IN_A_RANGE).contains(&asked.parts.len()) {
        return Err(Failure::validation(vec![field("parts", format!("1 to {MOST_IN_A_RANGE} lots at once"))]));
    }
    // On a lot one job goes at a time: two that ask for the same lots wait for each other in one order.
    let mut parts: Vec<&ChangeRangePart> = asked.parts.iter().collect();
    parts.sort_by_key(|part| part.lot_id);
    let mut work = app.begin(operator).await?;
    let mut jobs = Vec::with_capacity(parts.len());
    for part in parts {
        let change = ChangeLot {
            job_id: part.job_id,
            change: asked.change,
            seq_from: Some(part.seq_from),
            seq_to: Some(part.seq_to),
            changed: part.changed,
            reason: asked.reason.clone(),
        };
        jobs.push(change::start_within(&mut work, actor, staff, part.lot_id, &change).await?);
    }
    work.commit().await?;
    app.code_jobs_wake().notify_one();
    jobs.sort_by_key(|job| (job.lot_number, job.seq_from));
    Ok(RangeJobs { jobs })
}

/// An id that is not of this operator is told before anything else is judged.
async fn find_all(conn: &mut Conn, operator: OperatorId, asked: &ChangeRange) -> Result<(), Failure> {
    for part in &asked.parts {
        change::find(conn, operator, part.lot_id).await?;
    }
    Ok(())
}
