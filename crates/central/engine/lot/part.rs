//! The next codes of an order: one transaction of its job, paid by one posting. What the operator keeps is nobody's code
//! yet: only its hash is stored, and nobody pays.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::in_words;
use counterfoil_domain::code::Code;
use counterfoil_domain::ids::{CodeId, LotId, ResellerId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::problem::Code as ProblemCode;

use super::ground::{self, Ground};
use super::make::{Batch, serial};
use super::record::LotRecord;
use super::repo;
use crate::engine::App;
use crate::engine::candidate;
use crate::engine::code::{CodeRecord, Family};
use crate::engine::lease;
use crate::engine::prices::Sellable;
use crate::engine::settlement::{Books, Movement};
use crate::engine::stored::{stored_currency, stored_number};
use crate::engine::work::Work;

/// Codes made in one transaction: a shop that sells meanwhile waits for no more than that.
pub(super) const PART: i64 = 1_000;

/// Why a job does not go on, for a person to read.
#[derive(Debug)]
pub(crate) enum Refused {
    /// Something to be set right; then the job can be resumed.
    Problem(Failure),
    Failed(Failure),
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// What a part made; nothing at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Part {
    pub(crate) codes: i64,
    pub(crate) cost: i64,
}

/// Makes the next codes of a lot. After a refusal the transaction must not be committed.
pub(crate) async fn make_part(app: &App, work: &mut Work, lot: LotId) -> Result<Part, Refused> {
    let operator = work.operator();
    let lot = repo::by_id(work.conn(), operator, &Scope::Operator, lot).await?;
    let lot = lot.ok_or_else(|| Failure::internal("a job's lot is not there"))?;
    let left = (lot.ordered - lot.made).min(PART);
    if left <= 0 {
        return Ok(Part::default());
    }
    still_of_use(work, &lot)?;
    let first: u32 = stored_number(lot.last_seq + 1, "lot_order", "last_seq", lot.lot_id)?;
    let last: u32 = stored_number(lot.last_seq + left, "lot_order", "last_seq", lot.lot_id)?;
    let family = Family::open(app.keys(), &lot.source())?;
    let derived = (first..=last).map(|seq| family.code(0, seq)).collect();
    let new = nobodys(app, work, lot.lot(), first, derived).await?;
    let made = match lot.reseller() {
        Some(reseller) => {
            let ground = ground_of(work, &lot, reseller).await?;
            give(work, &lot, (reseller, &ground), new, first).await?
        }
        None => Part { codes: i64::try_from(new.len()).map_err(Failure::internal)?, cost: 0 },
    };
    if !repo::made(work.conn(), lot.lot(), made.codes, lot.last_seq, i64::from(last)).await? {
        return Err(Failure::internal(format!("lot {} was made elsewhere under our job", lot.lot_id)).into());
    }
    Ok(made)
}

/// A job that was stopped may be resumed much later: what is printed on its cards is over by then.
pub(super) fn still_of_use(work: &Work, lot: &LotRecord) -> Result<(), Refused> {
    if lot.redeem_by > work.now().0 {
        return Ok(());
    }
    let detail =
        "The codes of this lot were to be used by now, so no more of them are made. Order a new lot for the rest.";
    Err(Refused::Problem(Failure::new(ProblemCode::WrongState, detail)))
}

/// The terms of the order; only whether the reseller may still have codes is asked anew.
pub(super) async fn ground_of(work: &mut Work, lot: &LotRecord, reseller: ResellerId) -> Result<Ground, Refused> {
    let today = lease::repo::ground(work.conn(), reseller.0).await?;
    ground::active(&today.status, reseller).map_err(Refused::Problem)?;
    Ok(Ground {
        code_prefix: lot.prefix.clone(),
        reseller_path: today.path,
        plan: Sellable {
            id: lot.plan_id,
            name: lot.plan_name.clone(),
            revision: 0,
            term_days: lot.term_days,
            price: lot.price,
            trials_a_month: None,
        },
        currency: stored_currency(&lot.currency, "lot_order", lot.lot_id)?,
        unit: lot.unit()?,
        cost: lot.cost,
        redeem_by: Timestamp(lot.redeem_by),
    })
}

/// Stores the codes that nobody has; of 2^55 a number whose code is taken is left out, and the lot goes on behind it.
async fn nobodys(
    app: &App,
    work: &mut Work,
    lot: LotId,
    first: u32,
    derived: Vec<Code>,
) -> Result<Vec<(u32, Code)>, Failure> {
    let hashes = candidate::of_codes(app.keys(), 0, first, &derived)?;
    let new = candidate::insert_new(work, lot.0, &hashes).await?;
    let mut derived: Vec<(u32, Code)> = (first..).zip(derived).collect();
    if usize::try_from(new).map_err(Failure::internal)? != derived.len() {
        let last = derived.last().map_or(first, |(last, _)| *last);
        let ours = candidate::numbers(work.conn(), lot.0, 0, first, last).await?;
        derived.retain(|(seq, _)| ours.contains(&i64::from(*seq)));
    }
    Ok(derived)
}

/// Makes these numbers the reseller's codes, paid by one posting that `first` tells from the lot's others.
pub(super) async fn give(
    work: &mut Work,
    lot: &LotRecord,
    (reseller, ground): (ResellerId, &Ground),
    codes: Vec<(u32, Code)>,
    first: u32,
) -> Result<Part, Refused> {
    let (operator, now) = (work.operator(), work.now());
    let batch = Batch {
        lot: lot.lot_id,
        reseller,
        number: lot.number,
        ground,
        customer_email: lot.customer_email.as_deref(),
        made_at: now,
    };
    let records = batch.records(operator, codes.into_iter().map(|(seq, code)| (mint::<CodeId>(now), seq, code)));
    if !batch.store(work, &records).await? {
        return Err(Failure::internal(format!("numbers of lot {} were taken", lot.lot_id)).into());
    }
    pay(work, lot, (reseller, ground), &records, first).await?;
    Ok(Part {
        codes: i64::try_from(records.len()).map_err(Failure::internal)?,
        cost: ground.total(records.len())?.value(),
    })
}

async fn pay(
    work: &mut Work,
    lot: &LotRecord,
    (reseller, ground): (ResellerId, &Ground),
    records: &[(CodeRecord, Code)],
    first: u32,
) -> Result<(), Refused> {
    let total = ground.total(records.len())?;
    let mut books = Books::lock(work, reseller.0, None, ground.unit).await?;
    if total.value() > books.spendable() {
        let available = ground.amount(books.spendable())?;
        let failure = in_words::insufficient(total, available, "for the next codes of this lot", "cancel the rest");
        return Err(Refused::Problem(failure));
    }
    let last = records.last().map_or(i64::from(first), |(record, _)| record.seq);
    let movement = Movement {
        kind: TransferKind::OnlineSale,
        from: AccountKind::Wallet,
        to: AccountKind::Issued,
        amount: total.value(),
        event: SourceEvent::lot_part(lot.lot(), first),
        reference: format!("{}\u{2026}{last:04}", serial(lot.number, first)),
        note: None,
    };
    books.post(work, &movement)?;
    Ok(books.write(work).await?)
}
