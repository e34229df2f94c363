//! Selling: from a plan and a quantity to codes that exist, whatever happens next.

mod error;
mod page;
pub(crate) mod repo;

use counterfoil_domain::code::Code;
use counterfoil_domain::ids::{CodeId, LeaseId, PlanId, SaleId};
use counterfoil_domain::lease::{LeaseState, Refusal, Reservation, plan_sale};
use counterfoil_domain::oplog::OpBody;
use counterfoil_domain::time::Timestamp;
use ed25519_dalek::VerifyingKey;
use sha2::{Digest as _, Sha256};

pub(crate) use error::SellError;
pub(crate) use page::{InHand, Tile, in_hand, tiles};

use crate::api::Topic;
use crate::lease::{self, CodeSource, HeldLease, HeldSlot, LeaseError};
use crate::outbox::{About, LogWriter, repo as log};
use crate::till::Till;

/// A server clock this far behind the machine's means that the machine's is wrong.
const PLAUSIBLE_MS: i64 = 400 * Timestamp::DAY_MS;

/// What the counter asks for.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) sale_id: SaleId,
    pub(crate) plan_id: PlanId,
    pub(crate) quantity: u32,
    pub(crate) customer_email: Option<String>,
}

/// A code this device sold.
#[derive(Clone)]
pub(crate) struct Issued {
    pub(crate) code_id: CodeId,
    pub(crate) lease_id: LeaseId,
    pub(crate) seq: u32,
    pub(crate) slot: u8,
    pub(crate) sale_id: SaleId,
    pub(crate) serial: String,
    pub(crate) code: String,
    pub(crate) masked: String,
    pub(crate) plan_id: PlanId,
    pub(crate) plan_name: String,
    pub(crate) term_days: u16,
    pub(crate) cost: i64,
    pub(crate) unit: String,
    pub(crate) price: i64,
    pub(crate) currency: String,
    pub(crate) customer_email: Option<String>,
    pub(crate) sold_at: Timestamp,
    pub(crate) redeem_by: Timestamp,
    pub(crate) op_seq: u32,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issued").field("serial", &self.serial).field("code", &self.masked).finish_non_exhaustive()
    }
}

/// The id of a code before Central gave it one: a function of what makes it unique, so that a restored file gives the
/// same.
pub(crate) fn code_id(lease: LeaseId, seq: u32) -> CodeId {
    let mut hasher = Sha256::new();
    hasher.update(b"counterfoil/issued-code/v1\0");
    hasher.update(lease.as_bytes());
    hasher.update(seq.to_be_bytes());
    let digest: [u8; 32] = hasher.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    CodeId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// Sells. When this returns the codes are on the disk, numbered in the keyring and in the log; a repeat of the same sale
/// returns them again.
pub(crate) async fn sell(till: &Till, order: &Order) -> Result<Vec<Issued>, SellError> {
    check_email(order.customer_email.as_deref())?;
    let mut writer = LogWriter::begin(till).await?;
    let before = repo::of_sale(writer.db(), order.sale_id).await?;
    if !before.is_empty() {
        return Ok(before);
    }
    let marks = writer.marks().clone();
    let leases = lease::repo::leases(writer.db(), &marks).await?;
    let planned = plan(till, &leases, order)?;
    let central = central_key(&writer)?;
    let now = writer.now();
    repo::insert_sale(writer.db(), order, now).await?;
    let mut issued = Vec::new();
    for reservation in planned {
        issued.extend(issue(&mut writer, &leases, reservation, order, &central).await?);
    }
    writer.commit().await?;
    for topic in [Topic::Selling, Topic::Codes, Topic::Credit, Topic::Queue] {
        till.tell(topic);
    }
    till.sync.wake();
    Ok(issued)
}

fn plan(till: &Till, leases: &[HeldLease], order: &Order) -> Result<Vec<Reservation>, SellError> {
    let with_plan: Vec<_> = leases
        .iter()
        .filter_map(|lease| lease.slot_of_plan(order.plan_id).map(|slot| (lease.budget(), slot.slot.cost)))
        .collect();
    if with_plan.is_empty() && !leases.is_empty() {
        return Err(SellError::PlanUnknown);
    }
    plan_sale(&with_plan, order.quantity, till.trusted_now()).map_err(|refusal| {
        let unit = leases.iter().find(|lease| lease.budget().is_open()).map_or_else(String::new, |l| l.unit.clone());
        let revoked = |lease: &HeldLease| lease.state == LeaseState::Revoked;
        if refusal == Refusal::NoLease && leases.iter().any(revoked) {
            return SellError::Revoked;
        }
        if let Refusal::Expired { .. } = refusal {
            let ahead = till.clock().wall().ms_since(till.last_server_time());
            if ahead > PLAUSIBLE_MS {
                return SellError::Clock;
            }
        }
        SellError::Refused { refusal, unit }
    })
}

async fn issue(
    writer: &mut LogWriter<'_>,
    leases: &[HeldLease],
    reservation: Reservation,
    order: &Order,
    central: &VerifyingKey,
) -> Result<Vec<Issued>, SellError> {
    let lease = leases.iter().find(|lease| lease.lease_id == reservation.lease_id).ok_or(SellError::PlanUnknown)?;
    let slot = lease.slot_of_plan(order.plan_id).ok_or(SellError::PlanUnknown)?;
    let source = lease::repo::code_source(writer.db(), lease.lease_id, central)
        .await?
        .ok_or(SellError::Lease(LeaseError::Unknown))?;
    if !lease::repo::spend(writer.db(), &reservation).await? {
        return Err(SellError::Lease(LeaseError::NotOpen));
    }
    writer.marks_mut().leases.insert(lease.lease_id, reservation.mark);
    let about = About { lease_id: lease.lease_id, seq_from: reservation.seq_from, seq_to: reservation.seq_to };
    let body = OpBody::Sale {
        sale_id: order.sale_id,
        lease_id: lease.lease_id,
        slot: slot.slot.slot,
        plan_id: order.plan_id,
        seq_from: reservation.seq_from,
        seq_to: reservation.seq_to,
        customer_email: order.customer_email.clone(),
    };
    let op_seq = writer.append(body).await?;
    let sold =
        Sold { sale_id: order.sale_id, customer_email: order.customer_email.clone(), sold_at: writer.now(), op_seq };
    let mut issued = Vec::new();
    for seq in reservation.seq_from..=reservation.seq_to {
        let code = derive(lease, slot, &source, seq, &sold);
        repo::insert_code(writer.db(), &code).await?;
        issued.push(code);
    }
    log::overlay(writer.db(), about, log::OverlayKind::Sale, op_seq).await?;
    Ok(issued)
}

/// What the codes of one operation share.
#[derive(Debug, Clone)]
pub(crate) struct Sold {
    pub(crate) sale_id: SaleId,
    pub(crate) customer_email: Option<String>,
    pub(crate) sold_at: Timestamp,
    pub(crate) op_seq: u32,
}

/// The code of a number, with everything a receipt says.
pub(crate) fn derive(lease: &HeldLease, slot: &HeldSlot, source: &CodeSource, seq: u32, sold: &Sold) -> Issued {
    let code: Code = source.code(slot.slot.slot, seq);
    Issued {
        code_id: code_id(lease.lease_id, seq),
        lease_id: lease.lease_id,
        seq,
        slot: slot.slot.slot,
        sale_id: sold.sale_id,
        serial: lease.serial(seq),
        code: code.reveal(),
        masked: code.masked(),
        plan_id: slot.slot.plan_id,
        plan_name: slot.plan_name.clone(),
        term_days: slot.slot.term_days,
        cost: slot.slot.cost,
        unit: lease.unit.clone(),
        price: slot.slot.price,
        currency: slot.currency.clone(),
        customer_email: sold.customer_email.clone(),
        sold_at: sold.sold_at,
        redeem_by: lease.redeem_by,
        op_seq: sold.op_seq,
    }
}

fn central_key(writer: &LogWriter<'_>) -> Result<VerifyingKey, SellError> {
    let key = writer.device().central_key.ok_or(SellError::Lease(LeaseError::NotAResellerDevice))?;
    VerifyingKey::from_bytes(&key).map_err(|error| SellError::Lease(LeaseError::Untrusted(error.to_string())))
}

/// Typing errors, not existence: one `@` with something before it and a dotted name after it.
fn check_email(email: Option<&str>) -> Result<(), SellError> {
    let Some(email) = email else { return Ok(()) };
    let fits = email.len() <= 254
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
        && email.split_once('@').is_some_and(|(name, domain)| {
            !name.is_empty()
                && !domain.contains('@')
                && domain.contains('.')
                && domain.split('.').all(|label| !label.is_empty())
        });
    if fits { Ok(()) } else { Err(SellError::Email) }
}
