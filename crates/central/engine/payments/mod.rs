//! What customers paid for their accounts (the ISP model).
//!
//! A payment says what it is for. For a sale of ours it is only noted, because the sale earns by itself. For service that
//! nobody sold here it *is* the sale: completed, of a reseller that sells by share, its shares are due in the same
//! transaction, under its id; and where the reseller has the customer's money, the price comes out of its wallet, as the
//! price of everything that it sells by share. A refund takes both back.

mod list;
mod record;
mod repo;
mod step;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::amount::Unit;
use counterfoil_domain::ids::{AccountId, OperatorId, PaymentId, ResellerId};
use counterfoil_domain::payment::{CollectedBy, PaidFor, PaymentMethod, PaymentState};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::payments::Payment;

use super::credits::check_note;
use super::stored::{stored, stored_amount, stored_currency};
use crate::dialect::Conn;

pub(crate) use list::list;
pub(crate) use record::record;
pub(crate) use step::{Step, step};

/// One payment; not found when it is of an account outside the scope.
async fn get(conn: &mut Conn, operator: OperatorId, scope: &Scope, id: PaymentId) -> Result<Payment, Failure> {
    let row = repo::by_id(conn, operator, id).await?;
    let row = row.filter(|row| row.reseller_path.starts_with(scope.path_prefix()));
    view(row.ok_or_else(|| Failure::not_found("payment"))?, scope)
}

/// Who of the staff it was is not told to resellers.
fn view(row: repo::Row, scope: &Scope) -> Result<Payment, Failure> {
    let id = row.id;
    let unit = Unit::Minor(stored_currency(&row.currency, "payment", id)?);
    let staff = *scope == Scope::Operator;
    Ok(Payment {
        payment_id: PaymentId(id),
        account_id: AccountId(row.account_id),
        username: row.username,
        reseller_id: ResellerId(row.reseller_id),
        company: row.company,
        amount: stored_amount(row.amount, unit, "payment", id)?,
        method: stored(PaymentMethod::from_stored(&row.method), "payment", "method", id)?,
        paid_for: stored(PaidFor::from_stored(&row.paid_for), "payment", "paid_for", id)?,
        collected_by: stored(CollectedBy::from_stored(&row.collected_by), "payment", "collected_by", id)?,
        state: stored(PaymentState::from_stored(&row.state), "payment", "state", id)?,
        paid_on: row.paid_on,
        reference: row.reference,
        note: row.note,
        earns: row.earns == 1,
        charged: stored_amount(row.charged, unit, "payment", id)?,
        recorded_at: Timestamp(row.recorded_at),
        recorded_by: row.recorded_by_member.or(row.recorded_by_staff.filter(|_| staff)),
        completed_at: row.completed_at.map(Timestamp),
        ended_at: row.ended_at.map(Timestamp),
        changed_by: row.changed_by_member.or(row.changed_by_staff.filter(|_| staff)),
        reason: row.reason,
    })
}

/// Why a payment failed or was given back.
fn check_reason(reason: &str) -> Result<(), Failure> {
    if reason.is_empty() {
        return Err(Failure::validation(vec![field("reason", "say why: the reseller reads it")]));
    }
    if check_note(reason).is_some() {
        return Err(Failure::validation(vec![field("reason", "at most 200 characters")]));
    }
    Ok(())
}
