//! Codes made online, one or many at once. They derive like those of a lease, from the lot's id and salt; Central keeps
//! keyed hashes only and derives a code again to show it.

mod repo;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::{in_words, salt};
use counterfoil_domain::amount::{Amount, Currency, Unit};
use counterfoil_domain::code::{CURRENT_LIST, Code, CodeState};
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{CodeId, DeviceId, LotId, OperatorId, PlanId, ResellerId};
use counterfoil_domain::lease::LeaseTerms;
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_domain::reseller::{ResellerStatus, SettlementMode};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::codes::CreatedCode;
use counterfoil_wire::problem::Code as ProblemCode;
use serde::Serialize;
use thiserror::Error;
use uuid::Uuid;

use super::App;
use super::audit::{self, Actor};
use super::code::{self, CodeRecord, Family, Source};
use super::lease::repo::Sellable;
use super::settlement::{Books, Movement};
use super::stored::{stored, stored_currency, stored_number};
use super::work::Work;
use super::{candidate, lease, operators};

/// Salts tried until all codes are new; a second try is already rare.
const SALTS: usize = 8;

/// What one lot is to hold.
pub(crate) struct NewLot<'a> {
    pub(crate) reseller: ResellerId,
    pub(crate) plan: PlanId,
    /// One id for each code, minted by whoever asks.
    pub(crate) codes: &'a [CodeId],
    pub(crate) customer_email: Option<&'a str>,
    /// Member or staff.
    pub(crate) made_by: Uuid,
}

#[derive(Serialize)]
struct Made<'a> {
    serial: &'a str,
    plan: &'a str,
}

/// Why a lot was not made.
#[derive(Debug, Error)]
pub(crate) enum LotError {
    /// A code has one of the ids already, perhaps since a moment ago.
    #[error("a code id was used before")]
    Taken,
    #[error("not about the ids")]
    Failed(Failure),
}

impl From<Failure> for LotError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<sqlx::Error> for LotError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Makes one code, or answers a repeat with the code it made before.
pub(crate) async fn create_one(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    lot: &NewLot<'_>,
) -> Result<CreatedCode, Failure> {
    let id = *lot.codes.first().ok_or_else(|| Failure::internal("a lot of no codes"))?;
    if let Some(existing) = code::find(&mut *app.reader().await?, operator, id.0).await? {
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

/// The same id again: the same answer, or a refusal when it asks for something else.
async fn repeat(
    app: &App,
    operator: OperatorId,
    lot: &NewLot<'_>,
    existing: &CodeRecord,
) -> Result<CreatedCode, Failure> {
    let same = existing.reseller_id == lot.reseller.0 && existing.plan_id == lot.plan.0;
    let stored_lot = repo::find(&mut *app.reader().await?, operator, existing.source_id).await?;
    let found = stored_lot.filter(|_| same).ok_or_else(id_reused)?;
    let source = Source {
        id: found.id,
        operator,
        device: DeviceId(Uuid::nil()),
        key_id: found.key_id,
        salt: found.salt,
        word_list: found.word_list,
        prefix: found.prefix,
    };
    let family = Family::open(app.keys(), &source)?;
    let code = family.code(existing.slot()?, existing.seq()?);
    Ok(CreatedCode { code: code.reveal(), row: existing.to_wire()? })
}

/// Makes a lot inside a transaction: the cost of all its codes moves from the wallet to ISSUED, or nothing happens.
/// After an error the transaction must not be committed.
pub(crate) async fn make(
    app: &App,
    work: &mut Work,
    lot: &NewLot<'_>,
    number: i64,
) -> Result<Vec<CreatedCode>, LotError> {
    let (operator, now) = (work.operator(), work.now());
    let ground = Ground::read(work, lot).await?;
    let mut books = Books::lock(work, lot.reseller.0, None, ground.unit).await?;
    // Asked behind the wallet's lock: of two equal requests at once the second must find the first, not an empty wallet.
    if code::any(work.conn(), lot.codes).await? {
        return Err(LotError::Taken);
    }
    let total = ground.total(lot.codes.len())?;
    if total.value() > books.spendable() {
        let available = Amount::new(books.spendable(), ground.unit).map_err(Failure::internal)?;
        return Err(in_words::insufficient(total, available, "to create this code", "choose a shorter plan").into());
    }
    let (source, family) = materialise(app, work, &ground.code_prefix, lot.codes.len()).await?;
    let new = repo::NewLot { source: &source, reseller: lot.reseller.0, number, made_by: lot.made_by, made_at: now.0 };
    repo::insert(work.conn(), &new).await?;
    let records = records(operator, now, lot, number, &source, &family, &ground);
    let all: Vec<&CodeRecord> = records.iter().map(|(record, _)| record).collect();
    // Another reseller's request with one of the ids is not kept away by our wallet's lock.
    if code::insert(work.conn(), &all).await? != all.len() {
        return Err(LotError::Taken);
    }
    let movement = Movement {
        kind: TransferKind::OnlineSale,
        from: AccountKind::Wallet,
        to: AccountKind::Issued,
        amount: total.value(),
        event: SourceEvent::lot(LotId(source.id)),
        reference: match records.as_slice() {
            [(only, _)] => only.serial.clone(),
            _ => format!("{number:06}"),
        },
        note: None,
    };
    books.post(work, &movement)?;
    books.write(work).await?;
    let mut made = Vec::with_capacity(records.len());
    for (record, code) in records {
        work.touch(FeedTable::Code, record.id, &record.reseller_path);
        made.push(CreatedCode { code: code.reveal(), row: record.to_wire()? });
    }
    Ok(made)
}

/// What all codes of a lot have in common.
struct Ground {
    code_prefix: String,
    reseller_path: String,
    plan: Sellable,
    currency: Currency,
    unit: Unit,
    cost: i64,
}

impl Ground {
    async fn read(work: &mut Work, lot: &NewLot<'_>) -> Result<Self, Failure> {
        let operator = work.operator();
        let ground = lease::repo::ground(work.conn(), lot.reseller.0).await?;
        let status = ResellerStatus::from_stored(&ground.status);
        if stored(status, "reseller", "status", lot.reseller.0)? != ResellerStatus::Active {
            return Err(Failure::new(
                ProblemCode::ResellerSuspended,
                "This reseller is suspended or inactive, so no codes can be made for it. Make it active first.",
            ));
        }
        let mode = SettlementMode::from_stored(&ground.settlement_mode);
        let mode = stored(mode, "reseller", "settlement_mode", lot.reseller.0)?;
        let currency = stored_currency(&ground.currency, "operator", operator.0)?;
        let plans = lease::repo::sellable_plans(work.conn(), operator).await?;
        let Some(plan) = plans.into_iter().find(|plan| plan.id == lot.plan.0) else {
            return Err(Failure::validation(vec![field("plan_id", "choose an active plan of this operator")]));
        };
        let term_days = stored_number(plan.term_days, "plan", "term_days", plan.id)?;
        let cost = mode.cost(term_days, plan.price);
        let (code_prefix, reseller_path) = (ground.code_prefix, ground.path);
        Ok(Self { code_prefix, reseller_path, plan, currency, unit: mode.unit(currency), cost })
    }

    fn total(&self, codes: usize) -> Result<Amount, Failure> {
        let codes = i64::try_from(codes).map_err(Failure::internal)?;
        Amount::new(self.cost, self.unit).and_then(|cost| cost.checked_mul(codes)).map_err(Failure::internal)
    }
}

/// The rows of a lot's codes, with the codes.
fn records(
    operator: OperatorId,
    now: Timestamp,
    lot: &NewLot<'_>,
    number: i64,
    source: &Source,
    family: &Family,
    ground: &Ground,
) -> Vec<(CodeRecord, Code)> {
    let (currency, unit) = (ground.currency.to_string(), ground.unit.to_string());
    let redeem_by = now.plus_days(LeaseTerms::REDEEM_DAYS).0;
    let record = |(id, seq): (&CodeId, u32)| {
        let code = family.code(0, seq);
        let record = CodeRecord {
            id: id.0,
            operator_id: operator.0,
            reseller_id: lot.reseller.0,
            reseller_path: ground.reseller_path.clone(),
            device_id: None,
            source_id: source.id,
            slot: 0,
            seq: i64::from(seq),
            serial: format!("{number:06}-{seq:04}"),
            masked: code.masked(),
            plan_id: ground.plan.id,
            plan_name: ground.plan.name.clone(),
            term_days: ground.plan.term_days,
            price: ground.plan.price,
            currency: currency.clone(),
            cost: ground.cost,
            unit: unit.clone(),
            state: CodeState::Sold.as_str().to_owned(),
            held_reason: None,
            flagged: false,
            customer_email: lot.customer_email.map(str::to_lowercase),
            sale_id: None,
            sold_at: Some(now.0),
            settled_at: now.0,
            activated_at: None,
            ended_at: None,
            redeem_by,
        };
        (record, code)
    };
    lot.codes.iter().zip(1_u32..).map(record).collect()
}

/// A new lot's codes under their keyed hashes; with another salt when one of them exists already.
async fn materialise(app: &App, work: &mut Work, prefix: &str, count: usize) -> Result<(Source, Family), Failure> {
    let id = mint::<LotId>(work.now());
    let last = u32::try_from(count).map_err(Failure::internal)?;
    for _ in 0..SALTS {
        let source = Source {
            id: id.0,
            operator: work.operator(),
            device: DeviceId(Uuid::nil()),
            key_id: i64::from(app.keys().key_id()),
            salt: salt::fresh()?.to_vec(),
            word_list: i64::from(CURRENT_LIST.version()),
            prefix: prefix.to_owned(),
        };
        let family = Family::open(app.keys(), &source)?;
        let made = candidate::derive(app.keys(), &family, &[0], last);
        if candidate::insert(work, id.0, &made).await? {
            return Ok((source, family));
        }
        candidate::withdraw(work, id.0).await?;
    }
    Err(Failure::internal(format!("no salt gives lot {id} codes of its own")))
}
