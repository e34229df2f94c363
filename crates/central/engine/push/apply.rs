//! One operation: what it does, and the answer it gets for ever.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{DeviceId, LeaseId, PlanId, SaleId};
use counterfoil_domain::oplog::{Op, OpBody, OpError, OpOutcome, RejectCode};
use counterfoil_domain::settlement::{Seen, Settlement};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::problem::Code;
use serde::Serialize;

use super::fulfilment::{self, Fulfilled};
use super::portal::{self, Named};
use crate::engine::App;
use crate::engine::code::{self, Family, VoidError};
use crate::engine::device::{self, DeviceRecord};
use crate::engine::lease::{self, Closing, LeaseRecord};
use crate::engine::settlement::{self, Books, Number, SaleFacts, Sight};
use crate::engine::work::Work;

/// The last instant people write dates for; a device's clock may say anything.
const END_OF_TIME: i64 = 253_402_300_799_999;
const LONGEST_EMAIL: usize = 254;

pub(super) const fn rejected(code: RejectCode) -> OpOutcome {
    OpOutcome::Rejected { code }
}

const LEASE_UNKNOWN: OpOutcome = rejected(RejectCode::LeaseUnknown);

/// Applies one operation. An error aborts the push; everything else is its answer.
pub(super) async fn apply(
    app: &App,
    work: &mut Work,
    device: &DeviceRecord,
    seq: u32,
    bytes: &str,
) -> Result<OpOutcome, Failure> {
    let op = match Op::from_bytes(bytes.as_bytes()) {
        Ok(op) => op,
        // A final "malformed" would lose a sale that only a newer Central can read.
        Err(OpError::FromTheFuture(schema)) => {
            return Err(Failure::new(
                Code::Unavailable,
                format!("Operation {seq} has schema {schema}, which this Central does not know. Update Central first."),
            ));
        }
        Err(OpError::Malformed(_)) => return Ok(rejected(RejectCode::Malformed)),
    };
    if op.device_id != device.device_id() || op.op_seq != seq {
        return Ok(rejected(RejectCode::Malformed));
    }
    let (op_id, created_at) = (op.op_id, op.created_at);
    match op.body {
        OpBody::Sale { lease_id, sale_id, slot, plan_id, seq_from, seq_to, customer_email } => {
            let Some(lease) = own_lease(work, device, lease_id).await? else { return Ok(LEASE_UNKNOWN) };
            let range = Range { slot, plan_id, from: seq_from, to: seq_to };
            sale(app, work, &lease, &range, &facts(sale_id, created_at, customer_email)).await
        }
        OpBody::Void { lease_id, seq } => {
            let Some(lease) = own_lease(work, device, lease_id).await? else { return Ok(LEASE_UNKNOWN) };
            void(work, &lease, seq).await
        }
        OpBody::CloseLease { lease_id, last_seq, used } => {
            let Some(lease) = own_lease(work, device, lease_id).await? else { return Ok(LEASE_UNKNOWN) };
            let closed = lease::close(work, &lease, Closing { last_seq, used }).await?;
            Ok(if closed { OpOutcome::Applied } else { rejected(RejectCode::CloseRefused) })
        }
        OpBody::Fulfilment { order_id, units, external_id, details } => {
            let done = Fulfilled { order_id, units, external_id, details };
            fulfilment::apply(work, device, (op_id, created_at), &done).await
        }
        OpBody::Reprovision { portal_id, account_id } => {
            portal::reprovision(work, device, &Named { portal_id, account_id, created_at }).await
        }
        OpBody::BoxContact { portal_id, account_id, contact, outcome } => {
            portal::contact(work, device, &Named { portal_id, account_id, created_at }, (contact, outcome)).await
        }
    }
}

async fn own_lease(work: &mut Work, device: &DeviceRecord, lease: LeaseId) -> Result<Option<LeaseRecord>, Failure> {
    let lease = lease::repo::lock(work.conn(), lease).await?;
    Ok(lease.filter(|lease| lease.device_id == device.id))
}

/// A device's clock may say anything.
pub(super) fn clamped(at: Timestamp) -> Timestamp {
    Timestamp(at.0.clamp(0, END_OF_TIME))
}

/// A bad address must not lose a sale: it is left out.
fn facts(sale_id: SaleId, sold_at: Timestamp, email: Option<String>) -> SaleFacts {
    let email = email.map(|email| email.trim().to_owned());
    SaleFacts {
        sale_id,
        sold_at: clamped(sold_at),
        customer_email: email
            .filter(|email| !email.is_empty() && email.len() <= LONGEST_EMAIL && !email.contains(char::is_control)),
    }
}

struct Range {
    slot: u8,
    plan_id: PlanId,
    from: u32,
    to: u32,
}

#[derive(Serialize)]
struct TwoPlans<'a> {
    lease: &'a str,
    slot: u8,
    numbers: &'a [u32],
}

#[derive(Serialize)]
struct LateClaims {
    serials: Vec<String>,
}

async fn sale(
    app: &App,
    work: &mut Work,
    lease: &LeaseRecord,
    range: &Range,
    facts: &SaleFacts,
) -> Result<OpOutcome, Failure> {
    let slot = lease::repo::slot(work.conn(), LeaseId(lease.id), range.slot).await?;
    let Some(slot) = slot.filter(|slot| slot.plan_id == range.plan_id.0) else {
        return Ok(rejected(RejectCode::OutsideLease));
    };
    if range.from == 0 || range.from > range.to || range.to > lease.max_codes()? {
        return Ok(rejected(RejectCode::OutsideLease));
    }
    let numbers: Vec<(u8, u32)> = (range.from..=range.to).map(|seq| (range.slot, seq)).collect();
    let sightings = settlement::look(work, lease, &numbers).await?;
    // The whole sale or nothing: what is honest in it can still be redeemed.
    let forked = numbers.iter().zip(&sightings).filter(|(_, sighting)| sighting.seen == Seen::OtherSlot);
    let forked: Vec<u32> = forked.map(|((_, seq), _)| *seq).collect();
    if !forked.is_empty() {
        let number = format!("{:06}", lease.number);
        let detail = TwoPlans { lease: &number, slot: range.slot, numbers: &forked };
        device::report(work, Some(device_of(lease)), "number_in_two_plans", &detail).await?;
        return Ok(rejected(RejectCode::Fork));
    }
    let family = Family::open(app.keys(), &lease.source())?;
    let mut books = Books::lock(work, lease.reseller_id, Some(lease.ledger_account_id), lease.unit()?).await?;
    let (mut outcome, mut late) = (OpOutcome::Applied, Vec::new());
    let numbers = numbers.into_iter().zip(sightings).map(|((_, seq), sighting)| {
        let masked = family.code(range.slot, seq).masked();
        Number { seq, masked, sighting }
    });
    let sight = Sight { lease, slot: &slot, sale: Some(facts) };
    let settled = settlement::settle(work, &mut books, sight, numbers.collect()).await?;
    books.write(work).await?;
    for (code, how) in settled {
        match how {
            Settlement::Held(reason) if outcome == OpOutcome::Applied => outcome = OpOutcome::Held { reason },
            Settlement::FromWallet => late.push(code.serial),
            _ => {}
        }
    }
    if !late.is_empty() {
        device::report(work, Some(device_of(lease)), "late_claim", &LateClaims { serials: late }).await?;
    }
    Ok(outcome)
}

fn device_of(lease: &LeaseRecord) -> DeviceId {
    DeviceId(lease.device_id)
}

async fn void(work: &mut Work, lease: &LeaseRecord, seq: u32) -> Result<OpOutcome, Failure> {
    let Some(code) = settlement::lock_codes(work, lease.id, &[seq]).await?.pop().flatten() else {
        return Ok(rejected(RejectCode::CodeUnknown));
    };
    Ok(match code::void(work, code, "voided at the counter").await {
        Ok(_) => OpOutcome::Applied,
        Err(VoidError::AlreadyVoided) => rejected(RejectCode::AlreadyVoided),
        Err(VoidError::AlreadyActivated) => rejected(RejectCode::AlreadyActivated),
        Err(VoidError::NotVoidable(_)) => rejected(RejectCode::NotVoidable),
        Err(VoidError::Failed(failure)) => return Err(failure),
    })
}
