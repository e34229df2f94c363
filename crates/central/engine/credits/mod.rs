//! Movements of a wallet that a person asks for.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::credits::{MoveCredits, Moved, Statement};
use counterfoil_wire::problem::FieldProblem;

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::ledger::{self, Posting};
use super::{resellers, settlement};
use crate::dialect::Conn;

const LONGEST_NOTE: usize = 200;

/// Moves once under the caller's id, then settles codes that waited for the credit.
pub(crate) async fn move_credits(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    reseller: ResellerId,
    asked: &MoveCredits,
) -> Result<Moved, Failure> {
    let mut work = app.begin(operator).await?;
    resellers::path(work.conn(), operator, &Scope::Operator, reseller).await?;
    check(asked)?;
    let unit = ledger::wallet(work.conn(), reseller).await?.balance.unit();
    let wallet = ledger::account_of(work.conn(), AccountKind::Wallet, reseller).await?.id;
    let funding = ledger::account_of(work.conn(), AccountKind::Funding, reseller).await?.id;
    let taking = takes(asked);
    let (debit, credit) = if taking { (wallet, funding) } else { (funding, wallet) };
    let amount = asked.amount.checked_abs().and_then(|value| Amount::new(value, unit).ok());
    let amount = amount.ok_or_else(|| Failure::validation(vec![field("amount", "too large")]))?;
    let posting = Posting {
        transfer_id: asked.transfer_id,
        source_event: SourceEvent::request(asked.transfer_id),
        kind: asked.kind,
        debit,
        credit,
        amount,
        note: Some(asked.note.trim()).filter(|note| !note.is_empty()),
        reference: None,
        at: work.now(),
        reverses: None,
    };
    let posted = ledger::post(&mut work, &posting)
        .await
        .map_err(|error| error.into_failure("to take this out of the wallet", "take less"))?;
    if !posted.repeated {
        audit::record(&mut work, actor, "credits.move", Some(reseller.0), NOTHING, Some(asked)).await?;
    }
    work.commit().await?;
    let settled_held = if taking { 0 } else { settle_held(app, operator, reseller).await };
    let balance = ledger::wallet(&mut *app.reader().await?, reseller).await?.balance;
    Ok(Moved { transfer_id: asked.transfer_id, balance, settled_held })
}

/// The movement is booked, so a failure here is not the caller's: the waiting codes settle a little later.
async fn settle_held(app: &App, operator: OperatorId, reseller: ResellerId) -> u32 {
    let settle = async {
        let mut work = app.begin(operator).await?;
        let settled = settlement::settle_held(&mut work, reseller).await?;
        work.commit().await?;
        Ok::<_, Failure>(settled)
    };
    settle.await.unwrap_or_else(|failure| {
        tracing::warn!(%reseller, code = ?failure.code(), "codes that wait for credit did not settle now");
        0
    })
}

const fn takes(asked: &MoveCredits) -> bool {
    match asked.kind {
        TransferKind::Refund | TransferKind::Debit => true,
        TransferKind::Adjustment => asked.amount < 0,
        _ => false,
    }
}

fn check(asked: &MoveCredits) -> Result<(), Failure> {
    let mut wrong: Vec<FieldProblem> = Vec::new();
    match asked.kind {
        TransferKind::Purchase
        | TransferKind::Credit
        | TransferKind::Bonus
        | TransferKind::Refund
        | TransferKind::Debit
            if asked.amount <= 0 =>
        {
            wrong.push(field("amount", "more than zero"));
        }
        TransferKind::Adjustment if asked.amount == 0 => wrong.push(field("amount", "not zero")),
        TransferKind::Purchase
        | TransferKind::Credit
        | TransferKind::Bonus
        | TransferKind::Refund
        | TransferKind::Debit
        | TransferKind::Adjustment => {}
        _ => wrong.push(field("kind", "one of purchase, credit, bonus, refund, debit, adjustment")),
    }
    let note = asked.note.trim();
    if note.chars().count() > LONGEST_NOTE {
        wrong.push(field("note", format!("at most {LONGEST_NOTE} characters")));
    }
    let explained = matches!(asked.kind, TransferKind::Purchase | TransferKind::Credit);
    if note.is_empty() && !explained {
        wrong.push(field("note", "say why: it stands in the statement"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
}

/// The books of one reseller with a page of its wallet's entries below `before`, newest first.
pub(crate) async fn statement(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    reseller: ResellerId,
    before: Option<i64>,
    limit: i64,
) -> Result<Statement, Failure> {
    resellers::path(conn, operator, scope, reseller).await?;
    let wallet = ledger::wallet(conn, reseller).await?;
    let equation = ledger::equation(conn, reseller).await?;
    let mut entries = ledger::wallet_entries(conn, reseller, before.unwrap_or(i64::MAX), limit).await?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = entries.len() > most;
    entries.truncate(most);
    let next = entries.last().filter(|_| more).map(|entry| entry.seq.to_string());
    Ok(Statement {
        reseller_id: reseller,
        balance: wallet.balance,
        credit_limit: wallet.credit_limit,
        equation,
        entries,
        next,
    })
}
