//! What customers paid for their accounts. Needs Central.

use counterfoil_domain::ids::PaymentId;
use counterfoil_wire::endpoint::{
    AdminPaymentComplete, AdminPaymentFail, AdminPaymentRecord, AdminPaymentRefund, AdminPayments,
    ResellerPaymentComplete, ResellerPaymentFail, ResellerPaymentRecord, ResellerPayments,
};
use counterfoil_wire::payments::{Payment, PaymentReason, Payments, PaymentsQuery, RecordPayment};

use crate::admin::is_staff;
use crate::session::{SessionError, call};
use crate::till::Till;

/// The latest day first: for staff of all accounts, for a shop of its own.
pub(crate) async fn page(till: &Till, query: &PaymentsQuery) -> Result<Payments, SessionError> {
    if is_staff(till).await? {
        call::<AdminPayments>(till, &[], query).await
    } else {
        call::<ResellerPayments>(till, &[], query).await
    }
}

/// The same again is answered, and books nothing.
pub(crate) async fn record(till: &Till, asked: &RecordPayment) -> Result<Payment, SessionError> {
    if is_staff(till).await? {
        call::<AdminPaymentRecord>(till, &[], asked).await
    } else {
        call::<ResellerPaymentRecord>(till, &[], asked).await
    }
}

pub(crate) async fn complete(till: &Till, id: PaymentId) -> Result<Payment, SessionError> {
    let id = id.to_string();
    if is_staff(till).await? {
        call::<AdminPaymentComplete>(till, &[&id], &()).await
    } else {
        call::<ResellerPaymentComplete>(till, &[&id], &()).await
    }
}

pub(crate) async fn fail(till: &Till, id: PaymentId, reason: String) -> Result<Payment, SessionError> {
    let (id, reason) = (id.to_string(), PaymentReason { reason });
    if is_staff(till).await? {
        call::<AdminPaymentFail>(till, &[&id], &reason).await
    } else {
        call::<ResellerPaymentFail>(till, &[&id], &reason).await
    }
}

/// Staff only.
pub(crate) async fn refund(till: &Till, id: PaymentId, reason: String) -> Result<Payment, SessionError> {
    call::<AdminPaymentRefund>(till, &[&id.to_string()], &PaymentReason { reason }).await
}
