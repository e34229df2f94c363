//! Redeeming a code, once: settle it if nobody has, capture it, and extend the subscriber, in one transaction.

mod error;
mod guard;
mod lookup;
mod repo;
mod subject;

use counterfoil_central_platform::calendar::Day;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_domain::code::{Code, CodeState};
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{AccountId, CodeId, LeaseId, OperatorId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_domain::settlement::{Seen, Settlement};
use counterfoil_domain::subscription::{self as term, End};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::public::{Activation, ActivationRequest};

use super::App;
use super::account::{self, AccountRecord};
use super::candidate::{self, Found};
use super::code::CodeRecord;
use super::device;
use super::lease::{self, LeaseRecord, SlotRecord};
use super::settlement::{self, Books, Movement, Number, Sight, Sighting};
use super::stored::{stored, stored_number};
use super::work::Work;

pub(crate) use error::RedeemError;
pub(crate) use guard::Guard;
pub(crate) use lookup::{look_up, subscription};
use subject::Subject;

/// Redeems a code for an account, or answers a repeat with the first success.
pub(crate) async fn activate(
    app: &App,
    request: &ActivationRequest,
    address: ClientAddress,
) -> Result<Activation, RedeemError> {
    let code = Code::parse(&request.code)?;
    // Nobody is called so, and PostgreSQL takes no zero byte in a text.
    if request.username.as_deref().is_some_and(|name| name.contains(char::is_control)) {
        return Err(RedeemError::NoAccount);
    }
    let subject = Subject::of(request);
    let guard = Guard::new(Some(&subject.bucket()), address);
    let mut reader = app.reader().await?;
    guard.check(&mut reader, app.now()).await?;
    let found = candidate::find(app, &mut reader, &code).await?;
    drop(reader);
    let Some(found) = found else {
        guard.miss(app).await?;
        return Err(RedeemError::Unknown);
    };
    let mut seen = None;
    let result = redeem(app, &code, &found, &subject, &guard, &mut seen).await;
    if let Err(error) = &result
        && !matches!(error, RedeemError::Failed(_))
    {
        guard.refused(app, seen, error.outcome()).await?;
    }
    result
}

/// A code about to be redeemed, locked with its lease.
struct Target {
    lease: Option<(LeaseRecord, SlotRecord)>,
    seq: u32,
    sighting: Sighting,
}

impl Target {
    async fn lock(work: &mut Work, found: &Found) -> Result<Self, RedeemError> {
        let seq = stored_number(found.seq, "candidate", "seq", found.source_id)?;
        if found.lease_operator.is_none() {
            let code = settlement::lock_code(work, found.source_id, seq).await?;
            let code = stored(code, "lot", "code", found.source_id)?;
            return Ok(Self { lease: None, seq, sighting: Sighting { seen: Seen::Settled, code: Some(code) } });
        }
        let slot_number = stored_number(found.slot, "candidate", "slot", found.source_id)?;
        let lease_id = LeaseId(found.source_id);
        let lease = lease::repo::lock(work.conn(), lease_id).await?;
        let lease = stored(lease, "candidate", "source_id", found.source_id)?;
        let slot = found.slot_record()?;
        let sighting = settlement::look(work, &lease, slot_number, seq).await?;
        Ok(Self { lease: Some((lease, slot)), seq, sighting })
    }

    fn redeem_by(&self) -> i64 {
        let of_code = self.sighting.code.as_ref().map(|code| code.redeem_by);
        let of_lease = self.lease.as_ref().map(|(lease, _)| lease.redeem_by);
        of_code.or(of_lease).unwrap_or(i64::MIN)
    }

    /// What stands against it before anything is asked about the subscriber.
    fn check(&self, now: Timestamp) -> Result<(), RedeemError> {
        if let Some(code) = &self.sighting.code {
            match code.state()? {
                // Handled by the caller: the same subscriber gets the first answer again.
                CodeState::Activated => return Ok(()),
                CodeState::Voided | CodeState::Revoked => return Err(RedeemError::Withdrawn),
                CodeState::Expired => return Err(RedeemError::Expired),
                CodeState::Held if code.is_paid()? => return Err(RedeemError::Held),
                _ => {}
            }
        }
        if now.0 >= self.redeem_by() { Err(RedeemError::Expired) } else { Ok(()) }
    }
}

async fn redeem(
    app: &App,
    code: &Code,
    found: &Found,
    subject: &Subject,
    guard: &Guard,
    seen: &mut Option<CodeId>,
) -> Result<Activation, RedeemError> {
    let operator = found.lease_operator.or(found.lot_operator);
    let operator = OperatorId(stored(operator, "candidate", "source_id", found.source_id)?);
    let mut work = app.begin(operator).await?;
    let target = Target::lock(&mut work, found).await?;
    *seen = target.sighting.code.as_ref().map(|code| CodeId(code.id));
    if target.sighting.seen == Seen::OtherSlot {
        return refuse_second_plan(work, &target).await;
    }
    target.check(work.now())?;
    if let Some(used) = target.sighting.code.as_ref().filter(|code| code.activated_at.is_some()) {
        return repeat(app, work, used, subject, &found.time_zone).await;
    }
    let reseller = match (&target.lease, &target.sighting.code) {
        (Some((lease, _)), _) => lease.reseller_id,
        (None, Some(code)) => code.reseller_id,
        (None, None) => return Err(RedeemError::Unknown),
    };
    let (account, opened) = subject.account(app, &mut work, reseller).await?;
    let (code, mut books) = settle(&mut work, code, target).await?;
    if code.state()? == CodeState::Held {
        return wait(work).await;
    }
    capture(&mut work, &mut books, &code)?;
    books.write(&mut work).await?;
    let zone_name = found.time_zone.clone();
    let zone = stored(term::zone(&zone_name).ok(), "operator", "time_zone", operator)?;
    let current = current_end(&account)?;
    let end = term::extend(work.now(), current, code.term_days()?, &zone).map_err(Failure::internal)?;
    account::extend(&mut work, &account, code.plan_id, end).await?;
    let (now, last_day) = (work.now(), end.last_day.to_string());
    let new = repo::NewActivation {
        code: code.id,
        account: AccountId(account.id),
        opened_account: opened,
        last_day: &last_day,
        ends_at: end.at,
        now,
        address: guard.address(),
    };
    if !repo::activate(work.conn(), &new).await? {
        return Err(Failure::internal(format!("code {} left its state under our lock", code.id)).into());
    }
    work.touch(FeedTable::Code, code.id, &code.reseller_path);
    guard.note(work.conn(), Some(CodeId(code.id)), "activated", now).await?;
    let secrets = opened.then(|| Secrets::of(app, &account));
    let end = Ending { last_day, ends_at: end.at, time_zone: zone_name };
    let answer = answer(&code, &account, end, secrets, false)?;
    work.commit().await?;
    Ok(answer)
}

/// Settles at first sight, and again when it waited: perhaps there is credit by now.
async fn settle(work: &mut Work, text: &Code, target: Target) -> Result<(CodeRecord, Books), RedeemError> {
    let Some((lease, slot)) = &target.lease else {
        let code = target.sighting.code.ok_or(RedeemError::Unknown)?;
        let books = Books::lock(work, code.reseller_id, None, code.unit()?).await?;
        return Ok((code, books));
    };
    let mut books = Books::lock(work, lease.reseller_id, Some(lease.ledger_account_id), lease.unit()?).await?;
    let number = Number { seq: target.seq, masked: text.masked(), sighting: target.sighting };
    let sight = Sight { lease, slot, sale: None };
    let settled = settlement::settle(work, &mut books, sight, vec![number]).await?.pop();
    let (code, how) = stored(settled, "candidate", "seq", lease.id)?;
    if how == Settlement::FromWallet {
        let (device, serial) = (counterfoil_domain::ids::DeviceId(lease.device_id), &code.serial);
        device::report(work, Some(device), "late_claim", &serde_json::json!({ "serials": [serial] })).await?;
    }
    Ok((code, books))
}

/// That it was seen, and waits, is kept although the customer is sent to the shop.
async fn wait(work: Work) -> Result<Activation, RedeemError> {
    work.commit().await?;
    Err(RedeemError::Held)
}

/// One number, two plans: one of the two was never sold by an honest device. The first one seen stands.
async fn refuse_second_plan(mut work: Work, target: &Target) -> Result<Activation, RedeemError> {
    if let Some((lease, slot)) = &target.lease {
        let detail = serde_json::json!({ "serial": lease.serial(target.seq), "slot": slot.slot });
        let device = counterfoil_domain::ids::DeviceId(lease.device_id);
        device::report(&mut work, Some(device), "number_in_two_plans", &detail).await?;
    }
    work.commit().await?;
    Err(RedeemError::Withdrawn)
}

/// Used means captured: ISSUED → CONSUMED.
fn capture(work: &mut Work, books: &mut Books, code: &CodeRecord) -> Result<(), Failure> {
    let movement = Movement {
        kind: TransferKind::Activation,
        from: AccountKind::Issued,
        to: AccountKind::Consumed,
        amount: code.cost,
        event: SourceEvent::activation(code.source_id, code.seq()?),
        reference: code.serial.clone(),
        note: None,
    };
    books.post(work, &movement)
}

fn current_end(account: &AccountRecord) -> Result<Option<End>, Failure> {
    let (Some(day), Some(at)) = (&account.last_day, account.ends_at) else { return Ok(None) };
    let last_day = stored(term::last_day(day), "account", "last_day", account.id)?;
    Ok(Some(End { last_day, at: Timestamp(at) }))
}

/// The code was used before: its subscriber gets the first answer again, anyone else is told so.
async fn repeat(
    app: &App,
    mut work: Work,
    code: &CodeRecord,
    subject: &Subject,
    time_zone: &str,
) -> Result<Activation, RedeemError> {
    let first = repo::activation(work.conn(), code.id).await?;
    let first = stored(first, "activation", "code_id", code.id)?;
    let account = account::lock(&mut work, AccountId(first.account_id)).await?;
    let account = stored(account, "activation", "account_id", code.id)?;
    // Success is not told before the activation it rests on is durable.
    work.commit().await?;
    if !subject.is(&account) {
        let at = stored(code.activated_at, "code", "activated_at", code.id)?;
        return Err(RedeemError::AlreadyActivated(Day::of(Timestamp(at), time_zone)));
    }
    // Whoever minted the account's id may see again what was shown then; a user name alone opens nothing.
    let secrets = (first.opened_account && subject.minted(&account)).then(|| Secrets::of(app, &account));
    let end = Ending { last_day: first.last_day, ends_at: Timestamp(first.ends_at), time_zone: time_zone.to_owned() };
    Ok(answer(code, &account, end, secrets, true)?)
}

struct Secrets {
    password: String,
    token: String,
}

impl Secrets {
    fn of(app: &App, account: &AccountRecord) -> Self {
        let (id, generation) = (AccountId(account.id), account.credential_generation);
        Self {
            password: account::password(app.keys(), id, generation),
            token: account::token(app.keys(), id, generation),
        }
    }
}

struct Ending {
    last_day: String,
    ends_at: Timestamp,
    time_zone: String,
}

fn answer(
    code: &CodeRecord,
    account: &AccountRecord,
    end: Ending,
    secrets: Option<Secrets>,
    repeated: bool,
) -> Result<Activation, Failure> {
    let (password, token) = secrets.map_or((None, None), |secrets| (Some(secrets.password), Some(secrets.token)));
    Ok(Activation {
        account_id: AccountId(account.id),
        username: account.username.clone(),
        password,
        token,
        plan_name: code.plan_name.clone(),
        term_days: code.term_days()?,
        last_day: end.last_day,
        ends_at: end.ends_at,
        time_zone: end.time_zone,
        repeated,
    })
}

/// Forgets attempts older than half a year.
pub(crate) async fn forget_attempts(app: &App) -> Result<(), Failure> {
    let mut tx = app.transaction().await?;
    repo::forget_attempts(&mut tx, app.now().plus_days(-183)).await?;
    Ok(tx.commit().await?)
}
