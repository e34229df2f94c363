//! The books of an order: the customer's money is payable to the provider, or markup. A part of nothing posts nothing.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{LedgerAccountId, TransferId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_domain::market::Refund;
use uuid::Uuid;

use super::record::OrderRecord;
use crate::dialect::lock_order_books;
use crate::engine::ledger::{Journal, Posting};
use crate::engine::work::Work;

struct Part {
    kind: TransferKind,
    event: SourceEvent,
    from: AccountKind,
    to: AccountKind,
    amount: i64,
}

/// An order that was paid before it came here, and what went back of it.
pub(super) type History<'a> = (&'a OrderRecord, Option<(TransferId, Refund)>);

/// The customer paid the whole total.
pub(super) async fn pay(work: &mut Work, order: &OrderRecord) -> Result<(), Failure> {
    post(work, order.relationship_id, &[(order, payment(order))]).await
}

/// The customer got something back.
pub(super) async fn give_back(
    work: &mut Work,
    order: &OrderRecord,
    refund: TransferId,
    split: Refund,
) -> Result<(), Failure> {
    post(work, order.relationship_id, &[(order, giving_back(refund, split))]).await
}

/// What customers paid through a relationship before its books were kept here, and what they got back.
pub(super) async fn take_over(work: &mut Work, relationship: Uuid, orders: &[History<'_>]) -> Result<(), Failure> {
    let mut all = Vec::with_capacity(orders.len());
    for (order, refund) in orders {
        all.push((*order, payment(order)));
        all.extend(refund.map(|(id, split)| (*order, giving_back(id, split))));
    }
    post(work, relationship, &all).await
}

fn payment(order: &OrderRecord) -> [Part; 2] {
    [
        Part {
            kind: TransferKind::OrderBase,
            event: SourceEvent::order_base(order.order_id()),
            from: AccountKind::OrderCustomers,
            to: AccountKind::ProviderPayable,
            amount: order.base,
        },
        Part {
            kind: TransferKind::OrderMarkup,
            event: SourceEvent::order_markup(order.order_id()),
            from: AccountKind::OrderCustomers,
            to: AccountKind::OrderMarkup,
            amount: order.markup_amount,
        },
    ]
}

fn giving_back(refund: TransferId, split: Refund) -> [Part; 2] {
    [
        Part {
            kind: TransferKind::OrderBaseRefund,
            event: SourceEvent::order_base_refund(refund),
            from: AccountKind::ProviderPayable,
            to: AccountKind::OrderCustomers,
            amount: split.base,
        },
        Part {
            kind: TransferKind::OrderMarkupRefund,
            event: SourceEvent::order_markup_refund(refund),
            from: AccountKind::OrderMarkup,
            to: AccountKind::OrderCustomers,
            amount: split.markup,
        },
    ]
}

/// All books of the relationship are locked at once and by id, so that two orders cannot wait for each other.
async fn post(work: &mut Work, relationship: Uuid, moves: &[(&OrderRecord, [Part; 2])]) -> Result<(), Failure> {
    if moves.iter().flat_map(|(_, parts)| parts).all(|part| part.amount == 0) {
        return Ok(());
    }
    let mut journal = Journal::of(lock_order_books(work.conn(), relationship).await?)?;
    let at = work.now();
    for (order, part) in moves.iter().flat_map(|(order, parts)| parts.iter().map(move |part| (*order, part))) {
        if part.amount == 0 {
            continue;
        }
        let posting = Posting {
            transfer_id: mint(at),
            source_event: part.event.clone(),
            kind: part.kind,
            debit: book(&journal, order, part.from)?,
            credit: book(&journal, order, part.to)?,
            amount: order.amount(part.amount)?,
            note: None,
            reference: Some(&order.contract_id),
            at,
            reverses: None,
        };
        journal.post(work, &posting).map_err(|error| error.into_failure("for this order", "change the order"))?;
    }
    journal.write(work).await.map_err(|error| error.into_failure("for this order", "change the order"))
}

fn book(journal: &Journal, order: &OrderRecord, kind: AccountKind) -> Result<LedgerAccountId, Failure> {
    let book = journal.of_kind(kind).map(|account| account.id);
    book.ok_or_else(|| Failure::internal(format!("no {} account of {}", kind.as_str(), order.relationship_id)))
}
