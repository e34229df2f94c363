//! Codes made online, one or many at once. They derive like those of a lease, from the lot's id and salt; Central keeps
//! keyed hashes only and derives a code again to show it.

mod repo;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::{in_words, salt};
use counterfoil_domain::amount::Amount;
use counterfoil_domain::code::{CURRENT_LIST, CodeState};
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{CodeId, DeviceId, LotId, OperatorId, PlanId, ResellerId};
use counterfoil_domain::lease::LeaseTerms;
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_domain::reseller::{ResellerStatus, SettlementMode};
use counterfoil_wire::codes::CreatedCode;
use counterfoil_wire::problem::Code as ProblemCode;
use serde::Serialize;
use uuid::Uuid;

use super::App;
use super::audit::{self, Actor};
use super::code::{self, CodeRecord, Family, Source};
use super::settlement::{Books, Movement};
use super::stored::{stored, stored_currency, stored_number};
use super::work::Work;
use super::{candidate, lease};

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

/// Makes one code, or answers a repeat with the code it made before.
pub(crate) async fn create_one(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    lot: &NewLot<'_>,
) -> Result<CreatedCode, Failure> {
    let id = *lot.codes.first().ok_or_else(|| Failure::internal("a lot of no codes"))?;
    let mut work = app.begin(operator).await?;
    if let Some(existing) = code::find(work.conn(), operator, id.0).await? {
        return repeat(app, &mut work, lot, &existing).await;
    }
    let mut made = make(app, &mut work, lot).await?;
    let created = made.pop().ok_or_else(|| Failure::internal("a lot made no code"))?;
    let detail = Made { serial: &created.row.serial, plan: &created.row.plan_name };
    audit::record(&mut work, actor, "code.create", Some(id.0), None::<&Made<'_>>, Some(&detail)).await?;
    work.commit().await?;
    Ok(created)
}

/// The same id again: the same answer, or a refusal when it asks for something else.
async fn repeat(app: &App, work: &mut Work, lot: &NewLot<'_>, existing: &CodeRecord) -> Result<CreatedCode, Failure> {
    let same = existing.reseller_id == lot.reseller.0 && existing.plan_id == lot.plan.0;
    let operator = work.operator();
    let stored_lot = repo::find(work.conn(), operator, existing.source_id).await?;
    let Some(found) = stored_lot.filter(|_| same) else {
        return Err(Failure::new(
            ProblemCode::IdReused,
            "This code id was used before for another code. Ask again under a new id.",
        ));
    };
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
pub(crate) async fn make(app: &App, work: &mut Work, lot: &NewLot<'_>) -> Result<Vec<CreatedCode>, Failure> {
    let (operator, now) = (work.operator(), work.now());
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
    let unit = mode.unit(currency);
    let plans = lease::repo::sellable_plans(work.conn(), operator).await?;
    let Some(plan) = plans.into_iter().find(|plan| plan.id == lot.plan.0) else {
        return Err(Failure::validation(vec![field("plan_id", "choose an active plan of this operator")]));
    };
    let term_days = stored_number(plan.term_days, "plan", "term_days", plan.id)?;
    let cost = mode.cost(term_days, plan.price);
    let count = i64::try_from(lot.codes.len()).unwrap_or(i64::MAX);
    let number = lease::repo::next_number(work.conn(), operator).await?;
    let (source, family) = materialise(app, work, &ground.code_prefix, lot.codes.len()).await?;
    let new = repo::NewLot { source: &source, reseller: lot.reseller.0, number, made_by: lot.made_by, made_at: now.0 };
    repo::insert(work.conn(), &new).await?;

    let mut books = Books::lock(work, lot.reseller.0, None, unit).await?;
    let total = Amount::new(cost, unit).and_then(|cost| cost.checked_mul(count)).map_err(Failure::internal)?;
    if total.value() > books.spendable() {
        let available = Amount::new(books.spendable(), unit).map_err(Failure::internal)?;
        return Err(in_words::insufficient(total, available, "to create this code", "choose a shorter plan"));
    }
    let pattern = CodeRecord {
        id: Uuid::nil(),
        operator_id: operator.0,
        reseller_id: lot.reseller.0,
        reseller_path: ground.path,
        device_id: None,
        source_id: source.id,
        slot: 0,
        seq: 0,
        serial: String::new(),
        masked: String::new(),
        plan_id: plan.id,
        plan_name: plan.name,
        term_days: plan.term_days,
        price: plan.price,
        currency: currency.to_string(),
        cost,
        unit: unit.to_string(),
        state: CodeState::Sold.as_str().to_owned(),
        held_reason: None,
        flagged: false,
        customer_email: lot.customer_email.map(str::to_lowercase),
        sale_id: None,
        sold_at: Some(now.0),
        settled_at: now.0,
        activated_at: None,
        ended_at: None,
        redeem_by: now.plus_days(LeaseTerms::REDEEM_DAYS).0,
    };
    fill(work, &mut books, lot.codes, number, &family, &pattern).await
}

/// Stores each code of the lot and moves its cost.
async fn fill(
    work: &mut Work,
    books: &mut Books,
    codes: &[CodeId],
    number: i64,
    family: &Family,
    pattern: &CodeRecord,
) -> Result<Vec<CreatedCode>, Failure> {
    let mut made = Vec::with_capacity(codes.len());
    for (id, seq) in codes.iter().zip(1_u32..) {
        let code = family.code(0, seq);
        let record = CodeRecord {
            id: id.0,
            seq: i64::from(seq),
            serial: format!("{number:06}-{seq:04}"),
            masked: code.masked(),
            ..pattern.clone()
        };
        code::insert(work.conn(), &record).await?;
        let movement = Movement {
            kind: TransferKind::OnlineSale,
            from: AccountKind::Wallet,
            to: AccountKind::Issued,
            amount: record.cost,
            event: SourceEvent::settlement(record.source_id, seq),
            reference: record.serial.clone(),
            note: None,
        };
        books.post(work, movement).await?;
        work.touch(FeedTable::Code, record.id, &record.reseller_path);
        made.push(CreatedCode { code: code.reveal(), row: record.to_wire()? });
    }
    Ok(made)
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
