//! One transaction for the redemptions of a batch. Each kind of lock is taken for all of them, in the order that
//! [`Work`] names: leases by id, codes by number, subscribers, the books of one reseller after another, the feed.
//!
//! A customer's refusal is the outcome of that redemption only. A failure undoes the transaction, and all are tried alone.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use counterfoil_central_platform::calendar::Day;
use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::{AccountId, CodeId, DeviceId, OperatorId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_domain::settlement::{Seen, Settlement};
use counterfoil_domain::subscription::{self as term, End};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::answer::{Activated, Ending, Secrets, answer};
use super::lane::{Asked, Told};
use super::target::Target;
use super::{RedeemError, repo, subject, used};
use crate::engine::App;
use crate::engine::account::{self, AccountRecord, Extension, FirstService};
use crate::engine::code::CodeRecord;
use crate::engine::device;
use crate::engine::lease::{self, LeaseRecord};
use crate::engine::settlement::{self, Books, Movement, Number, Sight};
use crate::engine::stored::stored;
use crate::engine::work::Work;

/// One outcome for each, in their order. No number may be in it twice.
pub(super) async fn redeem(app: &App, operator: OperatorId, asked: &[Asked]) -> Result<Vec<Told>, Failure> {
    let mut work = app.begin(operator).await?;
    let leases = lock_leases(&mut work, asked).await?;
    let mut outcomes = Outcomes(asked.iter().map(|_| Known::default()).collect());
    let targets = lock_targets(&mut work, asked, &leases, &mut outcomes).await?;
    let targets = repeat(app, &mut work, targets, &mut outcomes).await?;
    let (admitted, mut subscribers) = admit(app, &mut work, targets, &mut outcomes).await?;
    let mut captured = Vec::with_capacity(admitted.len());
    for ((reseller, _), group) in by_books(admitted) {
        captured.extend(settle_and_capture(&mut work, reseller, group, &mut outcomes).await?);
    }
    // In the order they came: two for one account follow one another.
    captured.sort_by_key(|one| one.admitted.target.at);
    let extended = extend(&mut work, &captured, &mut subscribers).await?;
    used::write(&mut work, &captured, &extended).await?;
    for (one, end) in captured.iter().zip(extended) {
        let account = &subscribers[&one.admitted.account].record;
        used::tell(&mut work, &one.code, account, &end.ending).await?;
        let secrets = end.opened.then(|| Secrets::of(app, account));
        let answer = answer(&one.code, account, end.ending, secrets, false)?;
        outcomes.set(one.admitted.target.at, Ok(answer));
    }
    // Success is not told before what it rests on is durable, that of a repeat neither.
    work.commit().await?;
    outcomes.told()
}

/// What is known so far of each, in the order of the batch.
struct Outcomes(Vec<Known>);

#[derive(Default)]
struct Known {
    /// The code's row.
    seen: Option<CodeId>,
    outcome: Option<Result<Activated, RedeemError>>,
}

impl Outcomes {
    fn set(&mut self, at: usize, outcome: Result<Activated, RedeemError>) {
        self.0[at].outcome = Some(outcome);
    }

    /// Keeps a refusal and gives back what was not refused; a failure concerns all.
    fn sort_out<T>(&mut self, at: usize, result: Result<T, RedeemError>) -> Result<Option<T>, Failure> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(RedeemError::Failed(failure)) => Err(failure),
            Err(refusal) => {
                self.set(at, Err(refusal));
                Ok(None)
            }
        }
    }

    fn told(self) -> Result<Vec<Told>, Failure> {
        let told = self.0.into_iter().map(|known| Some(Told { seen: known.seen, outcome: known.outcome? }));
        told.collect::<Option<_>>().ok_or_else(|| Failure::internal("a redemption of a batch has no outcome"))
    }
}

async fn lock_leases(work: &mut Work, asked: &[Asked]) -> Result<BTreeMap<Uuid, LeaseRecord>, Failure> {
    let of_leases = asked.iter().filter(|one| one.found.lease_operator.is_some());
    let ids: Vec<Uuid> = of_leases.map(|one| one.found.source_id).collect();
    let leases = lease::lock_all(work, ids.clone()).await?;
    for id in ids {
        stored(leases.get(&id), "candidate", "source_id", id)?;
    }
    Ok(leases)
}

/// Those that nothing about the code stands against.
async fn lock_targets<'a>(
    work: &mut Work,
    asked: &'a [Asked],
    leases: &'a BTreeMap<Uuid, LeaseRecord>,
    outcomes: &mut Outcomes,
) -> Result<Vec<Target<'a>>, Failure> {
    let mut targets = Vec::with_capacity(asked.len());
    for target in Target::lock(work, asked, leases).await? {
        let at = target.at;
        outcomes.0[at].seen = target.code().map(|code| CodeId(code.id));
        if target.sighting.seen == Seen::OtherSlot {
            report_second_plan(work, &target).await?;
            outcomes.set(at, Err(RedeemError::Withdrawn));
        } else if outcomes.sort_out(at, target.check(work.now()))?.is_some() {
            targets.push(target);
        }
    }
    Ok(targets)
}

/// One number, two plans: one of the two was never sold by an honest device. The first one seen stands.
async fn report_second_plan(work: &mut Work, target: &Target<'_>) -> Result<(), Failure> {
    let Some(lease) = target.lease else { return Ok(()) };
    let detail = serde_json::json!({ "serial": lease.serial(target.seq), "slot": target.slot });
    device::report(work, Some(DeviceId(lease.device_id)), "number_in_two_plans", &detail).await
}

/// Of a code that was used before, its subscriber gets the first answer again, and anyone else is told so. Gives back the
/// others.
async fn repeat<'a>(
    app: &App,
    work: &mut Work,
    targets: Vec<Target<'a>>,
    outcomes: &mut Outcomes,
) -> Result<Vec<Target<'a>>, Failure> {
    let mut left = Vec::with_capacity(targets.len());
    for target in targets {
        if let Some(code) = target.used() {
            outcomes.set(target.at, first_answer(app, work, code, target.asked).await?);
        } else {
            left.push(target);
        }
    }
    Ok(left)
}

async fn first_answer(
    app: &App,
    work: &mut Work,
    code: &CodeRecord,
    asked: &Asked,
) -> Result<Result<Activated, RedeemError>, Failure> {
    let time_zone = &asked.found.time_zone;
    let first = repo::activation(work.conn(), code.id).await?;
    let first = stored(first, "activation", "code_id", code.id)?;
    // Without a lock: those of the batch are taken after this, and by id.
    let account = account::find(work, AccountId(first.account_id)).await?;
    let account = stored(account, "activation", "account_id", code.id)?;
    if !asked.subject.is(&account) {
        let at = stored(code.activated_at, "code", "activated_at", code.id)?;
        return Ok(Err(RedeemError::AlreadyActivated(Day::of(Timestamp(at), time_zone))));
    }
    // Whoever minted the account's id may see again what was shown then, and nothing that it was given since; a user name
    // alone opens nothing.
    let secrets = (first.opened_account && asked.subject.minted(&account))
        .then(|| Secrets::of(app, &account))
        .filter(|_| account.credential_generation == account::FIRST_GENERATION);
    let end = Ending { last_day: first.last_day, ends_at: Timestamp(first.ends_at), time_zone: time_zone.clone() };
    Ok(Ok(answer(code, &account, end, secrets, true)?))
}

/// A target whose subscriber takes service.
pub(super) struct Admitted<'a> {
    pub(super) target: Target<'a>,
    pub(super) account: Uuid,
    /// It was opened for this code, with its service.
    served: bool,
}

/// An account under its lock, and where its service ends by now.
struct Subscriber {
    record: AccountRecord,
    end: Option<End>,
}

type Subscribers = HashMap<Uuid, Subscriber>;

async fn admit<'a>(
    app: &App,
    work: &mut Work,
    targets: Vec<Target<'a>>,
    outcomes: &mut Outcomes,
) -> Result<(Vec<Admitted<'a>>, Subscribers), Failure> {
    let mut wanted = Vec::with_capacity(targets.len());
    for target in &targets {
        wanted.push(target.wanted(first_service(work, target)?));
    }
    let accounts = subject::accounts(app, work, &wanted).await?;
    let (mut admitted, mut subscribers) = (Vec::with_capacity(targets.len()), Subscribers::new());
    for (target, account) in targets.into_iter().zip(accounts) {
        let Some((record, opened)) = outcomes.sort_out(target.at, account)? else { continue };
        let account = record.id;
        if let Entry::Vacant(new) = subscribers.entry(account) {
            let end = record.end()?;
            new.insert(Subscriber { record, end });
        }
        let served = opened && subscribers[&account].end.is_some();
        admitted.push(Admitted { target, account, served });
    }
    Ok((admitted, subscribers))
}

/// By reseller and lease, which is the order in which the books are opened.
fn by_books(admitted: Vec<Admitted<'_>>) -> BTreeMap<(Uuid, Option<Uuid>), Vec<Admitted<'_>>> {
    let mut groups = BTreeMap::<_, Vec<_>>::new();
    for one in admitted {
        let reseller = one.target.seller.id;
        groups.entry((reseller, one.target.lease.map(|lease| lease.id))).or_default().push(one);
    }
    groups
}

/// A code that is used now.
pub(super) struct Captured<'a> {
    pub(super) admitted: Admitted<'a>,
    pub(super) code: CodeRecord,
}

/// Settles at first sight, and again what waited: perhaps there is credit by now. What is settled is captured; what waits
/// is kept, although the customer is sent to the shop.
async fn settle_and_capture<'a>(
    work: &mut Work,
    reseller: Uuid,
    group: Vec<Admitted<'a>>,
    outcomes: &mut Outcomes,
) -> Result<Vec<Captured<'a>>, Failure> {
    let Some(first) = group.first() else { return Ok(Vec::new()) };
    let lease = first.target.lease;
    let unit = match (lease, first.target.code()) {
        (Some(lease), _) => lease.unit()?,
        (None, code) => stored(code, "lot", "code", first.target.asked.found.source_id)?.unit()?,
    };
    let mut books = Books::lock(work, reseller, lease.map(|lease| lease.ledger_account_id), unit).await?;
    let settled = match lease {
        Some(lease) => settle(work, &mut books, lease, group).await?,
        None => of_lots(group)?,
    };
    let mut captured = Vec::with_capacity(settled.len());
    for one in settled {
        if one.code.state()? == CodeState::Held {
            outcomes.set(one.admitted.target.at, Err(RedeemError::Held));
            continue;
        }
        capture(work, &mut books, &one.code)?;
        captured.push(one);
    }
    books.write(work).await?;
    Ok(captured)
}

/// A code of a lot was settled when the lot was made.
fn of_lots(group: Vec<Admitted<'_>>) -> Result<Vec<Captured<'_>>, Failure> {
    let mut all = Vec::with_capacity(group.len());
    for admitted in group {
        let code = admitted.target.code().cloned();
        let code = stored(code, "lot", "code", admitted.target.asked.found.source_id)?;
        all.push(Captured { admitted, code });
    }
    Ok(all)
}

async fn settle<'a>(
    work: &mut Work,
    books: &mut Books,
    lease: &LeaseRecord,
    group: Vec<Admitted<'a>>,
) -> Result<Vec<Captured<'a>>, Failure> {
    let mut by_slot: BTreeMap<u8, Vec<Admitted<'a>>> = BTreeMap::new();
    for one in group {
        by_slot.entry(one.target.slot).or_default().push(one);
    }
    let mut all = Vec::new();
    for of_slot in by_slot.into_values() {
        let slot = of_slot[0].target.asked.found.slot_record()?;
        let number = |one: &Admitted<'_>| {
            let target = &one.target;
            Number { seq: target.seq, masked: target.asked.code.masked(), sighting: target.sighting.clone() }
        };
        let numbers = of_slot.iter().map(number).collect();
        let settled = settlement::settle(work, books, Sight { lease, slot: &slot, sale: None }, numbers).await?;
        for (admitted, (code, how)) in of_slot.into_iter().zip(settled) {
            if how == Settlement::FromWallet {
                let detail = serde_json::json!({ "serials": [code.serial] });
                device::report(work, Some(DeviceId(lease.device_id)), "late_claim", &detail).await?;
            }
            all.push(Captured { admitted, code });
        }
    }
    Ok(all)
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

/// What a code that is used now did to its account.
pub(super) struct Extended {
    pub(super) ending: Ending,
    /// It is the first service of an account that was opened under the caller's id.
    pub(super) opened: bool,
}

/// Service of an account that is opened for a code which is sure to be used: opened and extended is written twice.
fn first_service(work: &Work, target: &Target<'_>) -> Result<Option<FirstService>, Failure> {
    let Some(code) = target.paid()? else { return Ok(None) };
    let end = end_by(work, target.asked, None, code)?;
    Ok(Some(FirstService { plan: code.plan_id, end }))
}

/// Where service ends that this code goes on with.
fn end_by(work: &Work, asked: &Asked, current: Option<End>, code: &CodeRecord) -> Result<End, Failure> {
    let zone = stored(term::zone(&asked.found.time_zone).ok(), "operator", "time_zone", work.operator())?;
    term::extend(work.now(), current, code.term_days()?, &zone).map_err(Failure::internal)
}

/// Service ends later for each code; each account is written once, and none that was opened with it.
async fn extend(
    work: &mut Work,
    captured: &[Captured<'_>],
    subscribers: &mut Subscribers,
) -> Result<Vec<Extended>, Failure> {
    let mut extended = Vec::with_capacity(captured.len());
    let mut plans = BTreeMap::new();
    for Captured { admitted, code } in captured {
        let (asked, account) = (admitted.target.asked, admitted.account);
        let subscriber = stored(subscribers.get_mut(&account), "account", "id", account)?;
        let begun = subscriber.end.filter(|_| admitted.served);
        let end = begun.map_or_else(|| end_by(work, asked, subscriber.end, code), Ok)?;
        let opened = admitted.served || subscriber.end.is_none() && asked.subject.opens(&subscriber.record);
        subscriber.end = Some(end);
        if !admitted.served {
            plans.insert(account, (code.plan_id, end));
        }
        let time_zone = asked.found.time_zone.clone();
        let ending = Ending { last_day: end.last_day.to_string(), ends_at: end.at, time_zone };
        extended.push(Extended { ending, opened });
    }
    let extensions: Vec<_> = plans
        .into_iter()
        .map(|(account, (plan, end))| Extension { account: &subscribers[&account].record, plan, end })
        .collect();
    account::extend(work, &extensions).await?;
    Ok(extended)
}
