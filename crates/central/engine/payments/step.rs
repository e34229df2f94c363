//! The steps of a payment: it came, it did not, or the customer got it back. The first answer stands: the row is locked,
//! and its state is looked at under the lock.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::in_words;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::PaymentId;
use counterfoil_domain::ledger::{SourceEvent, TransferKind};
use counterfoil_domain::payment::{CollectedBy, PaidFor, PaymentState};
use counterfoil_domain::reseller::{Scope, SettlementMode};
use counterfoil_wire::commission::SourceKind;
use counterfoil_wire::payments::Payment;
use counterfoil_wire::problem::Code;

use super::{check_reason, get, repo};
use crate::engine::account::Asker;
use crate::engine::audit::{self, Actor};
use crate::engine::commission::{self, SoldService};
use crate::engine::credits::{self, Booking};
use crate::engine::stored::stored;
use crate::engine::work::Work;
use crate::engine::{App, lease, ledger};

/// What is said of a payment.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step<'a> {
    Complete,
    /// For this reason, as the next.
    Fail(&'a str),
    Refund(&'a str),
}

impl<'a> Step<'a> {
    const fn state(self) -> PaymentState {
        match self {
            Self::Complete => PaymentState::Completed,
            Self::Fail(_) => PaymentState::Failed,
            Self::Refund(_) => PaymentState::Refunded,
        }
    }

    const fn action(self) -> &'static str {
        match self {
            Self::Complete => "payment.complete",
            Self::Fail(_) => "payment.fail",
            Self::Refund(_) => "payment.refund",
        }
    }

    fn reason(self) -> Option<&'a str> {
        match self {
            Self::Complete => None,
            Self::Fail(reason) | Self::Refund(reason) => Some(reason.trim()),
        }
    }
}

/// Takes a step. The same again is answered, and nothing happens.
pub(crate) async fn step(app: &App, asker: &Asker<'_>, id: PaymentId, step: Step<'_>) -> Result<Payment, Failure> {
    let mut work = app.begin(asker.operator).await?;
    get(work.conn(), asker.operator, asker.scope, id).await?;
    step.reason().map_or(Ok(()), check_reason)?;
    repo::lock(work.conn(), id).await?;
    let before = get(work.conn(), asker.operator, &Scope::Operator, id).await?;
    check_asker(asker, &before)?;
    if before.state == step.state() {
        let known = get(work.conn(), asker.operator, asker.scope, id).await;
        work.commit().await?;
        let same = step.reason().is_none() || before.reason.as_deref() == step.reason();
        return if same { known } else { Err(wrong_state(&before)) };
    }
    if !before.state.may_become(step.state()) {
        return Err(wrong_state(&before));
    }
    match step {
        Step::Complete => {
            let plan_name = repo::plan_name(work.conn(), before.account_id).await?;
            complete(&mut work, asker.actor, &before, plan_name.as_deref()).await?;
        }
        Step::Fail(_) => end(&mut work, asker.actor, &before, step).await?,
        Step::Refund(reason) => {
            end(&mut work, asker.actor, &before, step).await?;
            give_back(&mut work, asker.actor, &before, reason.trim()).await?;
        }
    }
    let after = get(work.conn(), asker.operator, &Scope::Operator, id).await?;
    audit::record(&mut work, asker.actor, step.action(), Some(id.0), Some(&before), Some(&after)).await?;
    let shown = get(work.conn(), asker.operator, asker.scope, id).await?;
    work.commit().await?;
    if matches!(step, Step::Refund(_)) && before.charged.value() > 0 {
        credits::settle_held(app, asker.operator, before.reseller_id).await;
    }
    Ok(shown)
}

/// A shop that could say that the operator's money came would earn of money that nobody has.
fn check_asker(asker: &Asker<'_>, payment: &Payment) -> Result<(), Failure> {
    if *asker.scope == Scope::Operator || payment.collected_by == CollectedBy::Reseller {
        return Ok(());
    }
    let detail = "The operator collects this payment, so its people say whether it came.";
    Err(Failure::new(Code::NotPermitted, detail))
}

fn wrong_state(payment: &Payment) -> Failure {
    let detail = match payment.state {
        PaymentState::Pending => "This payment is expected. It can come, or fail.",
        PaymentState::Completed => "This payment has come. To take it back, refund it.",
        PaymentState::Failed => "This payment has failed. If the money came after all, record another payment.",
        PaymentState::Refunded => "This payment was refunded already.",
    };
    Failure::new(Code::WrongState, detail)
}

async fn end(work: &mut Work, actor: &Actor, payment: &Payment, step: Step<'_>) -> Result<(), Failure> {
    let now = work.now();
    let (from, to, reason) = (payment.state, step.state(), step.reason().unwrap_or_default());
    let ended = repo::Ended { from, to, reason, by: actor.who() };
    changed(repo::end(work.conn(), payment.payment_id, &ended, now).await?)
}

fn changed(done: bool) -> Result<(), Failure> {
    if done { Ok(()) } else { Err(Failure::internal("a payment changed under its lock")) }
}

/// The money is here: what it books, in the same transaction.
pub(super) async fn complete(
    work: &mut Work,
    actor: &Actor,
    payment: &Payment,
    plan_name: Option<&str>,
) -> Result<(), Failure> {
    let is_sold = is_sold_by_share(work, payment).await?;
    let mut charged = Amount::zero(payment.amount.unit());
    if is_sold {
        if payment.collected_by == CollectedBy::Reseller {
            charge(work, actor, payment).await?;
            charged = payment.amount;
        }
        let sold = SoldService {
            source: SourceKind::Payment,
            id: payment.payment_id.0,
            seller: payment.reseller_id,
            account: payment.account_id,
            username: &payment.username,
            plan_name: plan_name.unwrap_or(NO_PLAN),
            price: payment.amount,
        };
        commission::owe_for_service(work, &sold).await?;
    }
    let now = work.now();
    let completed = repo::Completed { earns: is_sold, charged: charged.value(), by: actor.who() };
    changed(repo::complete(work.conn(), payment.payment_id, &completed, now).await?)
}

/// What an account without a plan has paid for.
const NO_PLAN: &str = "Service";

/// Only then there are shares of it: a sale of ours earns by itself, and who sells wholesale keeps what customers pay.
async fn is_sold_by_share(work: &mut Work, payment: &Payment) -> Result<bool, Failure> {
    if payment.paid_for == PaidFor::Sale {
        return Ok(false);
    }
    let ground = lease::repo::ground(work.conn(), payment.reseller_id.0).await?;
    let mode = SettlementMode::from_stored(&ground.settlement_mode);
    Ok(stored(mode, "reseller", "settlement_mode", payment.reseller_id)? == SettlementMode::Share)
}

/// What the reseller collected is the operator's: out of its wallet, which is all that it owes and has.
async fn charge(work: &mut Work, actor: &Actor, payment: &Payment) -> Result<(), Failure> {
    let wallet = ledger::wallet(work.conn(), payment.reseller_id).await?;
    let spendable = wallet.balance.checked_add(wallet.credit_limit).map_err(Failure::internal)?;
    if payment.amount.value() > spendable.value() {
        let way_out = "record the payment as expected and complete it later";
        return Err(in_words::insufficient(payment.amount, spendable, "to record this payment", way_out));
    }
    let event = SourceEvent::payment_collected(payment.payment_id);
    book(work, actor, payment, TransferKind::Debit, event).await
}

/// What a completed payment booked, taken back: the wallet first, then the shares.
async fn give_back(work: &mut Work, actor: &Actor, payment: &Payment, reason: &str) -> Result<(), Failure> {
    if payment.charged.value() > 0 {
        let event = SourceEvent::payment_refunded(payment.payment_id);
        book(work, actor, payment, TransferKind::Credit, event).await?;
    }
    if payment.earns {
        commission::take_back_sale(work, SourceKind::Payment, payment.payment_id.0, reason).await?;
    }
    Ok(())
}

/// Once: the event is unique.
async fn book(
    work: &mut Work,
    actor: &Actor,
    payment: &Payment,
    kind: TransferKind,
    source_event: SourceEvent,
) -> Result<(), Failure> {
    let booking = Booking {
        transfer_id: mint(work.now()),
        source_event,
        kind,
        amount: payment.amount.value(),
        note: &payment.username,
        pack: None,
    };
    credits::book(work, actor, payment.reseller_id, &booking).await.map(|_| ())
}
