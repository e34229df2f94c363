//! First sight settles a code: its sale or its redemption, whichever reaches Central first.
//!
//! The rule is `counterfoil_domain::settlement`; here its facts are read under the locks (lease, code, ledger accounts
//! by id) and what it decides is posted in the same transaction.

mod books;
mod held;
mod repo;

use std::collections::HashMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::code::CodeState;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{LeaseId, SaleId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_domain::settlement::{self as rule, HeldReason, LeaseFacts, Seen, Settlement};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::code::CodeRecord;
use super::lease::{self, LeaseRecord, SlotRecord};
use super::work::Work;
use crate::dialect::{self, Conn};

pub(crate) use books::{Books, Movement};
#[cfg(test)]
pub(crate) use held::settle_in_turns;
pub(crate) use held::{TURN, settle_held, settle_waiting};

/// What a device says of a sale. Its clock is for people to read.
#[derive(Debug, Clone)]
pub(crate) struct SaleFacts {
    pub(crate) sale_id: SaleId,
    pub(crate) sold_at: Timestamp,
    pub(crate) customer_email: Option<String>,
}

/// A (lease, seq) as Central has it, its row locked.
#[derive(Debug, Clone)]
pub(crate) struct Sighting {
    pub(crate) seen: Seen,
    pub(crate) code: Option<CodeRecord>,
}

/// Codes now seen: in which lease and slot, and what is known of their sale.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    pub(crate) lease: &'a LeaseRecord,
    pub(crate) slot: &'a SlotRecord,
    pub(crate) sale: Option<&'a SaleFacts>,
}

/// One of them: its number, how it may be shown, and what was known of it before.
pub(crate) struct Number {
    pub(crate) seq: u32,
    pub(crate) masked: String,
    pub(crate) sighting: Sighting,
}

/// Looks numbers of a lease up, each once, under their locks; one sighting for each, in their order.
pub(crate) async fn look(
    work: &mut Work,
    lease: &LeaseRecord,
    numbers: &[(u8, u32)],
) -> Result<Vec<Sighting>, Failure> {
    let of_lease: Vec<(Uuid, u32)> = numbers.iter().map(|(_, seq)| (lease.id, *seq)).collect();
    let known = lock_codes(work, &of_lease).await?;
    numbers.iter().zip(known).map(|((slot, _), code)| sighting(*slot, code)).collect()
}

/// What a lease's number in this slot is, its code under its lock.
pub(crate) fn sighting(slot: u8, code: Option<CodeRecord>) -> Result<Sighting, Failure> {
    let seen = match &code {
        None => Seen::New,
        Some(code) if code.slot()? != slot => Seen::OtherSlot,
        Some(code) if code.is_paid()? => Seen::Settled,
        Some(_) => Seen::Held,
    };
    Ok(Sighting { seen, code })
}

/// The codes of these numbers of leases and lots, each once and whatever their slots; in their order. Their locks are taken
/// by lease or lot and number.
pub(crate) async fn lock_codes(work: &mut Work, numbers: &[(Uuid, u32)]) -> Result<Vec<Option<CodeRecord>>, Failure> {
    let numbers: Vec<(Uuid, i64)> = numbers.iter().map(|(source, seq)| (*source, i64::from(*seq))).collect();
    let mut ordered = numbers.clone();
    ordered.sort_unstable();
    let known = dialect::lock_codes(work.conn(), &ordered).await?;
    let mut known: HashMap<(Uuid, i64), CodeRecord> =
        known.into_iter().map(|code| ((code.source_id, code.seq), code)).collect();
    Ok(numbers.iter().map(|number| known.remove(number)).collect())
}

/// The code of this number without the lock, for what only looks.
pub(crate) async fn find_code(conn: &mut Conn, source: Uuid, seq: i64) -> Result<Option<CodeRecord>, Failure> {
    Ok(repo::find_code(conn, source, seq).await?)
}

/// Whether the lease or the wallet could pay a code that waits for credit, as they stand.
pub(crate) async fn is_payable(conn: &mut Conn, code: Uuid) -> Result<bool, Failure> {
    Ok(repo::is_payable(conn, code).await?)
}

/// Settles what was looked up, each number once, in their order. The caller has refused a fork, and writes the books.
pub(crate) async fn settle(
    work: &mut Work,
    books: &mut Books,
    sight: Sight<'_>,
    numbers: Vec<Number>,
) -> Result<Vec<(CodeRecord, Settlement)>, Failure> {
    let lease = sight.lease;
    let mut settled = Vec::with_capacity(numbers.len());
    let mut new = Vec::new();
    for Number { seq, masked, sighting: Sighting { seen, code } } in numbers {
        // Once the question of the cut is behind a code, it waits for credit only.
        let past_cut = match &code {
            Some(code) => code.held_reason()? == Some(HeldReason::NoCredit),
            None => false,
        };
        let facts = facts(lease, books, past_cut)?;
        let how = rule::settle(facts, seen, seq, sight.slot.cost, books.spendable());
        if how == Settlement::Fork {
            return Err(Failure::internal(format!("number {seq} of lease {} is in two slots", lease.id)));
        }
        let code = match code {
            None => {
                new.push(settled.len());
                first_sight(work, sight, seq, masked, how)
            }
            Some(mut code) => {
                add_sale(work, &mut code, sight.sale).await?;
                if how != Settlement::Already {
                    decide(work, &mut code, how).await?;
                }
                code
            }
        };
        post(work, books, sight, seq, how)?;
        work.touch(FeedTable::Code, code.id, &lease.reseller_path);
        settled.push((code, how));
    }
    let new: Vec<&CodeRecord> = new.into_iter().map(|at| &settled[at].0).collect();
    if !new.is_empty() && dialect::insert_codes(work.conn(), &new).await? != new.len() {
        return Err(Failure::internal(format!("a number of lease {} was seen under our lock", lease.id)));
    }
    count(work, lease, settled.iter().map(|(_, how)| *how)).await?;
    Ok(settled)
}

/// Keeps how many codes of the lease have settled.
async fn count(
    work: &mut Work,
    lease: &LeaseRecord,
    settled: impl Iterator<Item = Settlement> + Send,
) -> Result<(), Failure> {
    let count = settled.filter(|how| matches!(how, Settlement::FromEscrow | Settlement::FromWallet)).count();
    if count > 0 {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        lease::repo::count_settled(work.conn(), LeaseId(lease.id), count).await?;
    }
    work.touch(FeedTable::Lease, lease.id, &lease.reseller_path);
    Ok(())
}

/// Settles a code that a person let pass although it was sold after the cut. The caller writes the books.
pub(crate) async fn approve(
    work: &mut Work,
    books: &mut Books,
    sight: &Sight<'_>,
    seq: u32,
    mut code: CodeRecord,
) -> Result<(CodeRecord, Settlement), Failure> {
    let facts = facts(sight.lease, books, true)?;
    let how = rule::settle(facts, Seen::Held, seq, sight.slot.cost, books.spendable());
    decide(work, &mut code, how).await?;
    post(work, books, *sight, seq, how)?;
    work.touch(FeedTable::Code, code.id, &sight.lease.reseller_path);
    count(work, sight.lease, std::iter::once(how)).await?;
    Ok((code, how))
}

fn facts(lease: &LeaseRecord, books: &Books, past_cut: bool) -> Result<LeaseFacts, Failure> {
    let cut = if past_cut { Some(u32::MAX) } else { lease.cut()? };
    Ok(LeaseFacts { state: lease.state()?, cut, escrow: books.escrow() })
}

fn first_sight(work: &Work, sight: Sight<'_>, seq: u32, masked: String, how: Settlement) -> CodeRecord {
    let (lease, slot) = (sight.lease, sight.slot);
    let (state, held_reason) = state_of(how);
    CodeRecord {
        id: mint(work.now()),
        operator_id: lease.operator_id,
        reseller_id: lease.reseller_id,
        reseller_path: lease.reseller_path.clone(),
        device_id: Some(lease.device_id),
        source_id: lease.id,
        slot: slot.slot,
        seq: i64::from(seq),
        serial: lease.serial(seq),
        masked,
        plan_id: slot.plan_id,
        plan_name: slot.plan_name.clone(),
        term_days: slot.term_days,
        price: slot.price,
        currency: lease.currency.clone(),
        cost: slot.cost,
        unit: lease.unit.clone(),
        state: state.as_str().to_owned(),
        held_reason: held_reason.map(|reason| reason.as_str().to_owned()),
        flagged: how == Settlement::FromWallet,
        customer_email: sight.sale.and_then(|sale| sale.customer_email.clone()),
        sale_id: sight.sale.map(|sale| sale.sale_id.0),
        sold_at: sight.sale.map(|sale| sale.sold_at.0),
        settled_at: work.now().0,
        activated_at: None,
        ended_at: None,
        redeem_by: lease.redeem_by,
    }
}

/// The first word about a sale stands; a repeat adds only what is missing.
async fn add_sale(work: &mut Work, code: &mut CodeRecord, sale: Option<&SaleFacts>) -> Result<(), Failure> {
    let Some(sale) = sale.filter(|_| code.sale_id.is_none()) else { return Ok(()) };
    code.sale_id = Some(sale.sale_id.0);
    code.sold_at = Some(sale.sold_at.0);
    code.customer_email = code.customer_email.take().or_else(|| sale.customer_email.clone());
    repo::put_sale(work.conn(), code).await?;
    Ok(())
}

async fn decide(work: &mut Work, code: &mut CodeRecord, how: Settlement) -> Result<(), Failure> {
    let (state, held_reason) = state_of(how);
    state.as_str().clone_into(&mut code.state);
    code.held_reason = held_reason.map(|reason| reason.as_str().to_owned());
    code.flagged |= how == Settlement::FromWallet;
    if repo::put_decision(work.conn(), code).await? {
        Ok(())
    } else {
        Err(Failure::internal(format!("code {} left its state under our lock", code.id)))
    }
}

const fn state_of(how: Settlement) -> (CodeState, Option<HeldReason>) {
    match how {
        Settlement::Held(reason) => (CodeState::Held, Some(reason)),
        Settlement::Already | Settlement::FromEscrow | Settlement::FromWallet | Settlement::Fork => {
            (CodeState::Sold, None)
        }
    }
}

fn post(work: &mut Work, books: &mut Books, sight: Sight<'_>, seq: u32, how: Settlement) -> Result<(), Failure> {
    let (kind, from) = match how {
        Settlement::FromEscrow => (TransferKind::Sale, AccountKind::Lease),
        Settlement::FromWallet => (TransferKind::LateSale, AccountKind::Wallet),
        Settlement::Already | Settlement::Held(_) | Settlement::Fork => return Ok(()),
    };
    let movement = Movement {
        kind,
        from,
        to: AccountKind::Issued,
        amount: sight.slot.cost,
        event: SourceEvent::settlement(sight.lease.id, seq),
        reference: sight.lease.serial(seq),
        note: None,
    };
    books.post(work, &movement)
}
