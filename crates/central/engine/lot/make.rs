//! Making codes inside a transaction.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::{in_words, salt};
use counterfoil_domain::code::{CURRENT_LIST, Code, CodeState};
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{CodeId, DeviceId, LotId, OperatorId, PlanId, ResellerId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::codes::CreatedCode;
use thiserror::Error;
use uuid::Uuid;

use super::ground::Ground;
use super::repo;
use crate::dialect;
use crate::engine::App;
use crate::engine::candidate;
use crate::engine::code::{self, CodeRecord, Family, Source};
use crate::engine::settlement::{Books, Movement};
use crate::engine::trials;
use crate::engine::work::Work;

/// Salts tried until all codes are new; a second try is already rare.
const SALTS: usize = 8;

/// What one lot is to hold.
pub(crate) struct NewLot<'a> {
    pub(crate) id: LotId,
    pub(crate) reseller: ResellerId,
    pub(crate) plan: PlanId,
    /// One id for each code, minted by whoever asks.
    pub(crate) codes: &'a [CodeId],
    pub(crate) customer_email: Option<&'a str>,
    /// Member or staff.
    pub(crate) made_by: Uuid,
}

/// Why a lot was not made.
#[derive(Debug, Error)]
pub(crate) enum LotError {
    /// The lot or a code has one of the ids already, perhaps since a moment ago.
    #[error("an id was used before")]
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

/// Makes a lot inside a transaction: the cost of all its codes moves from the wallet to ISSUED, or nothing happens.
/// After an error the transaction must not be committed.
pub(crate) async fn make(
    app: &App,
    work: &mut Work,
    lot: &NewLot<'_>,
    number: i64,
) -> Result<Vec<CreatedCode>, LotError> {
    let (operator, now) = (work.operator(), work.now());
    let ground = Ground::read(work.conn(), operator, lot.reseller, lot.plan, now).await?;
    let mut books = Books::lock(work, lot.reseller.0, None, ground.unit).await?;
    // Asked behind the wallet's lock: of two equal requests at once the second must find the first, not an empty wallet.
    if code::any(work.conn(), lot.codes).await? || repo::exists(work.conn(), lot.id).await? {
        return Err(LotError::Taken);
    }
    if let Some(trial) = ground.plan.trial() {
        trials::within_limit(work.conn(), operator, lot.reseller, &trial, lot.codes.len(), now).await?;
    }
    let total = ground.total(lot.codes.len())?;
    if total.value() > books.spendable() {
        let available = ground.amount(books.spendable())?;
        let (purpose, way_out) = match lot.codes {
            [_] => ("to create this code", "choose a shorter plan"),
            _ => ("to create these codes", "create fewer of them"),
        };
        return Err(in_words::insufficient(total, available, purpose, way_out).into());
    }
    let (source, codes) = materialise(app, work, lot.id, &ground.code_prefix, lot.codes.len()).await?;
    let new =
        repo::NewLot { source: &source, reseller: Some(lot.reseller.0), number, made_by: lot.made_by, made_at: now.0 };
    // Another reseller's request with one of the ids is not kept away by our wallet's lock.
    if !repo::insert(work.conn(), &new).await? {
        return Err(LotError::Taken);
    }
    let batch = Batch {
        lot: source.id,
        reseller: lot.reseller,
        number,
        ground: &ground,
        customer_email: lot.customer_email,
        made_at: now,
    };
    let numbered = lot.codes.iter().copied().zip((1_u32..).zip(codes));
    let records = batch.records(operator, numbered.map(|(id, (seq, code))| (id, seq, code)));
    if !batch.store(work, &records).await? {
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
    let made = records.into_iter().map(|(row, code)| Ok(CreatedCode { code: code.reveal(), row: row.to_wire()? }));
    made.collect()
}

/// Codes of one lot that are written together.
pub(super) struct Batch<'a> {
    pub(super) lot: Uuid,
    pub(super) reseller: ResellerId,
    pub(super) number: i64,
    pub(super) ground: &'a Ground,
    pub(super) customer_email: Option<&'a str>,
    pub(super) made_at: Timestamp,
}

impl Batch<'_> {
    /// The rows of these codes, with the codes.
    pub(super) fn records(
        &self,
        operator: OperatorId,
        codes: impl Iterator<Item = (CodeId, u32, Code)>,
    ) -> Vec<(CodeRecord, Code)> {
        let ground = self.ground;
        let (currency, unit) = (ground.currency.to_string(), ground.unit.to_string());
        let email = self.customer_email.map(str::to_lowercase);
        let record = |(id, seq, code): (CodeId, u32, Code)| {
            let record = CodeRecord {
                id: id.0,
                operator_id: operator.0,
                reseller_id: self.reseller.0,
                reseller_path: ground.reseller_path.clone(),
                device_id: None,
                source_id: self.lot,
                slot: 0,
                seq: i64::from(seq),
                serial: serial(self.number, seq),
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
                customer_email: email.clone(),
                sale_id: None,
                sold_at: Some(self.made_at.0),
                settled_at: self.made_at.0,
                activated_at: None,
                ended_at: None,
                redeem_by: ground.redeem_by.0,
            };
            (record, code)
        };
        codes.map(record).collect()
    }

    /// Writes the rows and tells those who follow them; false when an id or a number is taken.
    pub(super) async fn store(&self, work: &mut Work, records: &[(CodeRecord, Code)]) -> Result<bool, Failure> {
        let all: Vec<&CodeRecord> = records.iter().map(|(record, _)| record).collect();
        if dialect::insert_codes(work.conn(), &all).await? != all.len() {
            return Ok(false);
        }
        for record in all {
            work.touch(FeedTable::Code, record.id, &record.reseller_path);
        }
        Ok(true)
    }
}

/// `000123-0007`
pub(super) fn serial(number: i64, seq: u32) -> String {
    format!("{number:06}-{seq:04}")
}

/// What a new lot's codes derive from.
pub(super) fn new_source(app: &App, operator: OperatorId, id: LotId, prefix: &str) -> Result<Source, Failure> {
    Ok(Source {
        id: id.0,
        operator,
        device: DeviceId(Uuid::nil()),
        key_id: i64::from(app.keys().key_id()),
        salt: salt::fresh()?.to_vec(),
        word_list: i64::from(CURRENT_LIST.version()),
        prefix: prefix.to_owned(),
    })
}

/// A new lot's codes, stored under their keyed hashes; with another salt when one of them exists already.
async fn materialise(
    app: &App,
    work: &mut Work,
    id: LotId,
    prefix: &str,
    count: usize,
) -> Result<(Source, Vec<Code>), Failure> {
    let last = u32::try_from(count).map_err(Failure::internal)?;
    for _ in 0..SALTS {
        let source = new_source(app, work.operator(), id, prefix)?;
        let family = Family::open(app.keys(), &source)?;
        let codes: Vec<Code> = (1..=last).map(|seq| family.code(0, seq)).collect();
        let made = candidate::of_codes(app.keys(), 0, 1, &codes)?;
        if candidate::insert(work, id.0, &made).await? {
            return Ok((source, codes));
        }
        candidate::withdraw(work, id.0).await?;
    }
    Err(Failure::internal(format!("no salt gives lot {id} codes of its own")))
}
