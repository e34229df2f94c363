//! The next codes of an allocation: one transaction of its job. Numbers that nobody has by then become the reseller's
//! codes, and are paid by the posting that pays for a lot that is made.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::code::Code;
use counterfoil_domain::ids::LotId;
use counterfoil_domain::reseller::Scope;

use super::change::ChangedPart;
use super::part::{self, PART, Part, Refused};
use super::record::LotRecord;
use super::{repo, stock_repo};
use crate::engine::App;
use crate::engine::candidate;
use crate::engine::code::Family;
use crate::engine::code_jobs::JobRecord;
use crate::engine::stored::{stored, stored_number};
use crate::engine::work::Work;

/// Gives the next numbers of a job. After a refusal the transaction must not be committed.
pub(crate) async fn allocate_part(app: &App, work: &mut Work, job: &JobRecord) -> Result<ChangedPart, Refused> {
    let from = job.seq_from.max(job.walked + 1);
    let to = job.seq_to.min(from + PART - 1);
    if from > to {
        return Ok(ChangedPart::default());
    }
    let operator = work.operator();
    let lot = repo::by_id(work.conn(), operator, &Scope::Operator, job.lot()).await?;
    let lot = lot.ok_or_else(|| Failure::internal("a job's lot is not there"))?;
    part::still_of_use(work, &lot)?;
    let stock = LotId(stored(lot.stock_id, "lot_order", "stock_id", lot.lot_id)?);
    if !stock_repo::lock(work.conn(), stock).await? {
        return Err(Failure::internal(format!("lot {stock} is not kept by the operator")).into());
    }
    let given = give(app, work, &lot, stock, (from, to)).await?;
    stock_repo::give(work.conn(), stock, given.codes).await?;
    if !repo::made(work.conn(), lot.lot(), given.codes, lot.last_seq, to).await? {
        return Err(Failure::internal(format!("lot {} was filled elsewhere under our job", lot.lot_id)).into());
    }
    let refused = to - from + 1 - given.codes;
    Ok(ChangedPart { walked: Some(to), changed: given.codes, refused, amount: given.cost })
}

/// What of these numbers is still nobody's.
async fn give(
    app: &App,
    work: &mut Work,
    lot: &LotRecord,
    stock: LotId,
    (from, to): (i64, i64),
) -> Result<Part, Refused> {
    let reseller = stored(lot.reseller(), "lot_order", "reseller_id", lot.lot_id)?;
    let ground = part::ground_of(work, lot, reseller).await?;
    let number = |seq: i64| stored_number::<u32>(seq, "candidate", "seq", lot.lot_id);
    let first = number(from)?;
    let free = candidate::numbers(work.conn(), stock.0, 0, first, number(to)?).await?;
    if free.is_empty() {
        return Ok(Part::default());
    }
    let family = Family::open(app.keys(), &lot.source())?;
    let codes = free.iter().map(|seq| number(*seq).map(|seq| (seq, family.code(0, seq))));
    let codes = codes.collect::<Result<Vec<(u32, Code)>, Failure>>()?;
    let taken = candidate::hand_over(work, stock.0, lot.lot_id, (from, to)).await?;
    if usize::try_from(taken).ok() != Some(codes.len()) {
        return Err(Failure::internal(format!("codes of lot {stock} were given away under our lock")).into());
    }
    part::give(work, lot, (reseller, &ground), codes, first).await
}
