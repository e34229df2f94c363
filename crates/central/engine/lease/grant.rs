//! Cutting a lease: its escrow, its terms and all its codes, in one transaction.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::{salt, seal};
use counterfoil_domain::amount::{Amount, Currency, Unit};
use counterfoil_domain::code::{CURRENT_LIST, Prefix};
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{DeviceId, LeaseId, LedgerAccountId, OperatorId, PlanId, ResellerId};
use counterfoil_domain::lease::{LeaseTerms, SignedLease, Slot, WalletShare, default_amount};
use counterfoil_domain::ledger::{SourceEvent, TransferKind};
use counterfoil_domain::reseller::{ResellerStatus, SettlementMode};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::leases::{GrantedLease, RequestLease};

use super::error::LeaseError;
use super::{repo, usage};
use crate::engine::candidate;
use crate::engine::code::{Family, Source};
use crate::engine::device::{self, DeviceRecord};
use crate::engine::ledger::{self, Posting};
use crate::engine::prices::{self, Sellable};
use crate::engine::settlement::Books;
use crate::engine::stored::{stored, stored_currency, stored_number};
use crate::engine::work::Work;
use crate::engine::{App, operators};

/// Each code of a lease is a target for guessing, so no lease has more.
const MOST_CODES: u16 = 1_024;
/// A clash of 55 random bits happens once in ages; twice in a row means something else is wrong.
const SALTS: u32 = 4;

/// Grants a lease, or answers a repeat with the one that was granted.
pub(crate) async fn grant(
    app: &App,
    device: &DeviceRecord,
    request: &RequestLease,
) -> Result<GrantedLease, LeaseError> {
    let granted = repo::find(&mut *app.reader().await?, request.lease_id).await?;
    let (number, three_day_use) = match granted {
        Some(granted) => (granted.number, 0),
        None if request.granted_before => return Err(LeaseError::Unknown),
        None => {
            let three_day_use = three_day_use(app, device, request).await?;
            try_dry(app, device, request, three_day_use).await?;
            (operators::next_number(app, device.operator()).await?, three_day_use)
        }
    };
    let mut work = app.begin(device.operator()).await?;
    let device = device::lock_heard(&mut work, device.device_id()).await?;
    if device.is_quarantined()? {
        return Err(LeaseError::Quarantined);
    }
    if let Some(lease) = repo::lock(work.conn(), request.lease_id).await? {
        if lease.device_id != device.id {
            return Err(LeaseError::IdReused);
        }
        let version = repo::version_of(work.conn(), device.operator(), request.lease_id).await?;
        let family = Family::open(app.keys(), &lease.source())?;
        work.commit().await?;
        return answer(app, &device, request.lease_id, lease.number, &lease.blob, &family, version);
    }
    let draft = Draft::read(&mut work, &device, request, three_day_use).await?;
    let (signed, family) = draft.cut(app, &mut work, number).await?;
    let version = work.stamp().await?;
    work.commit().await?;
    answer(app, &device, request.lease_id, number, signed.bytes(), &family, version)
}

/// Refuses in a transaction that is dropped what would be refused in the grant: its number would be used up by then, and a
/// till whose wallet is empty asks again and again.
async fn try_dry(
    app: &App,
    device: &DeviceRecord,
    request: &RequestLease,
    three_day_use: i64,
) -> Result<(), LeaseError> {
    let mut work = app.begin(device.operator()).await?;
    let device = device::lock_heard(&mut work, device.device_id()).await?;
    if device.is_quarantined()? {
        return Err(LeaseError::Quarantined);
    }
    Draft::read(&mut work, &device, request, three_day_use).await?;
    Ok(())
}

/// What the amount is suggested by, where none is asked for. A month of sales is read for it: before the transaction, so that
/// nobody waits, and an estimate may be a moment old.
async fn three_day_use(app: &App, device: &DeviceRecord, request: &RequestLease) -> Result<i64, LeaseError> {
    if request.amount.is_some() {
        return Ok(0);
    }
    let now = app.now();
    let since = now.plus_days(-usage::DAYS);
    let daily = repo::daily_use(&mut *app.reader().await?, device.device_id(), since).await?;
    Ok(usage::three_day_p95(&daily, now))
}

fn answer(
    app: &App,
    device: &DeviceRecord,
    lease: LeaseId,
    number: i64,
    blob: &[u8],
    family: &Family,
    version: i64,
) -> Result<GrantedLease, LeaseError> {
    let sealed = seal::seal_lease_key(&device.sealing_key, lease, family.key()).map_err(Failure::internal)?;
    Ok(GrantedLease {
        lease_id: lease,
        number: stored_number(number, "lease", "number", lease.0)?,
        blob: STANDARD.encode(blob),
        sealed_key: STANDARD.encode(sealed),
        version,
        server_time: app.now(),
    })
}

/// A lease before it has a salt.
struct Draft {
    lease: LeaseId,
    device: DeviceId,
    reseller: ResellerId,
    reseller_path: String,
    unit: Unit,
    currency: Currency,
    prefix: Prefix,
    redeem_days: i64,
    amount: i64,
    max_codes: u16,
    slots: Vec<Slot>,
    slot_names: Vec<String>,
    wallet: LedgerAccountId,
    now: Timestamp,
}

impl Draft {
    async fn read(
        work: &mut Work,
        device: &DeviceRecord,
        request: &RequestLease,
        three_day_use: i64,
    ) -> Result<Self, LeaseError> {
        let reseller = ResellerId(device.reseller_id.ok_or(LeaseError::NoReseller)?);
        let held = repo::open_leases(work.conn(), device.device_id()).await?;
        if usize::try_from(held).unwrap_or(usize::MAX) >= LeaseTerms::MAX_OPEN_PER_DEVICE {
            return Err(LeaseError::TooMany);
        }
        let (operator, now) = (work.operator(), work.now());
        let ground = repo::ground(work.conn(), reseller.0).await?;
        let status = ResellerStatus::from_stored(&ground.status);
        if stored(status, "reseller", "status", reseller.0)? != ResellerStatus::Active {
            return Err(LeaseError::Suspended);
        }
        let mode = SettlementMode::from_stored(&ground.settlement_mode);
        let mode = stored(mode, "reseller", "settlement_mode", reseller.0)?;
        let currency = stored_currency(&ground.currency, "operator", operator.0)?;
        let prefix = Prefix::new(&ground.code_prefix).ok();
        let prefix = stored(prefix, "operator", "code_prefix", operator.0)?;
        let (slots, slot_names) = slots(prices::sellable(work.conn(), operator, reseller, now).await?, mode)?;
        let cheapest = slots.first().ok_or(LeaseError::NoPlans)?.cost;
        let max_codes = max_codes(request.max_codes)?;
        let suggested = suggested_amount(&slots, mode, three_day_use);
        let tills = repo::tills_at_work(work.conn(), reseller, now.plus_days(-usage::DAYS)).await?;
        let unit = mode.unit(currency);
        // From here on the wallet is locked: what is spendable now is spendable at the posting below.
        let books = Books::lock(work, reseller.0, None, unit).await?;
        let spendable = books.spendable();
        let dearest = slots.iter().map(|slot| slot.cost).filter(|cost| *cost <= spendable).max().unwrap_or(cheapest);
        let share = WalletShare { spendable, tills, cheapest, dearest };
        let amount = decide_amount(request.amount, suggested, share, unit)?;
        Ok(Self {
            lease: request.lease_id,
            device: device.device_id(),
            reseller,
            reseller_path: ground.path,
            unit,
            currency,
            prefix,
            redeem_days: ground.redeem_days,
            amount,
            max_codes,
            slots,
            slot_names,
            wallet: books.wallet_id()?,
            now,
        })
    }

    /// Stores the lease and its codes, and moves the escrow.
    async fn cut(self, app: &App, work: &mut Work, number: i64) -> Result<(SignedLease, Family), LeaseError> {
        let escrow = ledger::open_lease_account(work, self.reseller, self.lease, self.unit).await?;
        let (signed, family) = self.sign_and_materialise(app, work).await?;
        let new = repo::NewLease {
            terms: signed.terms(),
            number,
            ledger_account: escrow.0,
            blob: signed.bytes(),
            slot_names: &self.slot_names,
        };
        repo::insert(work.conn(), &new).await?;
        let reference = format!("{number:06}");
        let posting = Posting {
            transfer_id: mint(self.now),
            source_event: SourceEvent::lease_grant(self.lease),
            kind: TransferKind::LeaseGrant,
            debit: self.wallet,
            credit: escrow,
            amount: Amount::new(self.amount, self.unit).map_err(Failure::internal)?,
            note: None,
            reference: Some(&reference),
            at: self.now,
            reverses: None,
        };
        ledger::post(work, &posting)
            .await
            .map_err(|error| error.into_failure("for this lease", "ask for a smaller lease"))?;
        work.touch(FeedTable::Lease, self.lease, &self.reseller_path);
        Ok((signed, family))
    }

    /// Every code the lease can produce, under its keyed hash; with another salt when one of them exists already.
    async fn sign_and_materialise(&self, app: &App, work: &mut Work) -> Result<(SignedLease, Family), LeaseError> {
        let operator = work.operator();
        let slots: Vec<u8> = self.slots.iter().map(|slot| slot.slot).collect();
        for _ in 0..SALTS {
            let terms = self.terms(app, operator, salt::fresh()?);
            let source = Source {
                id: self.lease.0,
                operator,
                device: self.device,
                key_id: i64::from(terms.key_id),
                salt: terms.salt.to_vec(),
                word_list: i64::from(terms.word_list),
                prefix: self.prefix.as_str().to_owned(),
            };
            let family = Family::open(app.keys(), &source)?;
            let made = candidate::derive(app.keys(), &family, &slots, u32::from(self.max_codes)).await?;
            if candidate::insert(work, self.lease.0, &made).await? {
                let signed = SignedLease::sign(terms, &app.keys().lease_signing_key()).map_err(Failure::internal)?;
                return Ok((signed, family));
            }
            candidate::withdraw(work, self.lease.0).await?;
        }
        Err(Failure::internal(format!("no salt gives lease {} codes of its own", self.lease)).into())
    }

    fn terms(&self, app: &App, operator_id: OperatorId, salt: [u8; 16]) -> LeaseTerms {
        let issue_until = self.now.plus_days(LeaseTerms::ISSUE_DAYS);
        LeaseTerms {
            lease_id: self.lease,
            operator_id,
            reseller_id: self.reseller,
            device_id: self.device,
            key_id: app.keys().key_id(),
            unit: self.unit,
            currency: self.currency,
            amount: self.amount,
            max_codes: self.max_codes,
            prefix: self.prefix.clone(),
            slots: self.slots.clone(),
            issued_at: self.now,
            issue_until,
            settle_until: issue_until.plus_days(LeaseTerms::SETTLE_DAYS),
            redeem_by: self.now.plus_days(self.redeem_days),
            salt,
            word_list: CURRENT_LIST.version(),
        }
    }
}

/// The cheapest plans first, so that the same plans always stand in the same slots; a free plan is not sold from a
/// lease, because nothing would limit it.
fn slots(plans: Vec<Sellable>, mode: SettlementMode) -> Result<(Vec<Slot>, Vec<String>), LeaseError> {
    let mut priced = Vec::with_capacity(plans.len());
    for plan in plans {
        let term_days: u16 = stored_number(plan.term_days, "plan", "term_days", plan.id)?;
        let plan_version: u32 = stored_number(plan.revision, "plan", "revision", plan.id)?;
        let cost = plan.cost(mode)?;
        if cost > 0 {
            let slot = Slot { slot: 0, plan_id: PlanId(plan.id), plan_version, term_days, cost, price: plan.price };
            priced.push((slot, plan.name));
        }
    }
    priced.sort_by_key(|(slot, _)| (slot.cost, slot.price, slot.plan_id));
    priced.truncate(LeaseTerms::MAX_SLOTS);
    let numbered = priced.into_iter().zip(0_u8..).map(|((slot, name), number)| (Slot { slot: number, ..slot }, name));
    Ok(numbered.unzip())
}

fn max_codes(asked: Option<u16>) -> Result<u16, LeaseError> {
    match asked.unwrap_or(LeaseTerms::DEFAULT_MAX_CODES) {
        codes @ 1..=MOST_CODES => Ok(codes),
        _ => {
            Err(LeaseError::Invalid { field: "max_codes", message: format!("a lease covers 1 to {MOST_CODES} codes") })
        }
    }
}

/// Use is counted in days of service, whatever the unit: where the lease holds money, a day is worth what it costs in
/// the dearest plan.
fn suggested_amount(slots: &[Slot], mode: SettlementMode, three_day_use: i64) -> i64 {
    let days = default_amount(three_day_use);
    match mode {
        SettlementMode::Wholesale => days,
        SettlementMode::Share => slots
            .iter()
            .map(|slot| {
                let term = i64::from(slot.term_days).max(1);
                days.saturating_mul(slot.cost) / term
            })
            .max()
            .unwrap_or(days)
            .min(Amount::MAX),
    }
}

fn decide_amount(asked: Option<i64>, suggested: i64, share: WalletShare, unit: Unit) -> Result<i64, LeaseError> {
    let WalletShare { spendable, cheapest, .. } = share;
    let of = |value: i64| Amount::new(value, unit).map_err(|error| LeaseError::from(Failure::internal(error)));
    let invalid = |message: String| LeaseError::Invalid { field: "amount", message };
    match asked {
        Some(asked) if asked < cheapest => Err(invalid(format!("one code of the cheapest plan takes {cheapest}"))),
        Some(asked) if asked > Amount::MAX => Err(invalid(format!("a lease holds at most {}", Amount::MAX))),
        Some(asked) if asked > spendable => {
            Err(LeaseError::Insufficient { needed: of(asked)?, available: of(spendable)? })
        }
        Some(asked) => Ok(asked),
        None => match share.amount(suggested) {
            Some(amount) => Ok(amount),
            None => Err(LeaseError::Insufficient { needed: of(cheapest)?, available: of(spendable)? }),
        },
    }
}
