//! Credit between a reseller and one below it.
//!
//! Two transfers under one lock and in one transaction: out of the one's wallet into its funding, and out of the other's
//! funding into its wallet. So each one's "funded" moves with its wallet and every equation stays true; no transfer
//! stands in the books of two resellers. What was given and is not spent is counted in a row of its own with a floor of
//! zero: nobody can take back what somebody else funded.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::in_words;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{LedgerAccountId, OperatorId, ResellerId, TransferId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_domain::notice::NoticeKind;
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::credits::{FundDirection, FundSubReseller, Funded};
use counterfoil_wire::problem::Code;

use super::{check_note, repo, settle_held};
use crate::dialect::lock_accounts;
use crate::engine::App;
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::ledger::{self, Journal, Posting};
use crate::engine::work::Work;
use crate::engine::{notices, resellers};

/// Wallet and funding of one reseller.
#[derive(Debug, Clone, Copy)]
struct Side {
    reseller: ResellerId,
    wallet: LedgerAccountId,
    funding: LedgerAccountId,
}

/// Moves once under the caller's id, then settles codes that waited for the credit.
pub(crate) async fn fund(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    (scope, upline): (&Scope, ResellerId),
    below: ResellerId,
    asked: &FundSubReseller,
) -> Result<Funded, Failure> {
    let mut work = app.begin(operator).await?;
    let company = resellers::get(work.conn(), operator, scope, below).await?.company;
    if below == upline {
        return Err(Failure::not_found("reseller below yours"));
    }
    let own_company = resellers::get(work.conn(), operator, scope, upline).await?.company;
    let amount = check(&mut work, upline, below, asked).await?;
    let (own, other) = (side(&mut work, upline).await?, side(&mut work, below).await?);
    let (from, to, names) = match asked.direction {
        FundDirection::Give => (own, other, [&*company, &*own_company]),
        FundDirection::TakeBack => (other, own, [&*own_company, &*company]),
    };
    // Before the accounts, so that two at once wait here and not in a circle.
    let given = repo::lock_given(work.conn(), upline, below).await?;
    let mut journal = lock(&mut work, own, other).await?;
    let postings = postings(&work, (from, to), amount, asked, names);
    if !repeated(&mut work, &postings).await? {
        let unspent = unspent(&mut work, upline, other, given).await?;
        move_once(&mut work, &mut journal, &postings, (from, unspent), asked).await?;
        let (kind, id) = actor.who();
        for posting in &postings {
            repo::note_actor(work.conn(), posting.transfer_id, kind, id).await?;
        }
        let change = if asked.direction == FundDirection::Give { amount.value() } else { -amount.value() };
        repo::set_given(work.conn(), upline, below, unspent + change).await?;
        audit::record(&mut work, actor, "credits.downline", Some(below.0), NOTHING, Some(asked)).await?;
        tell(&mut work, (upline, &own_company), (below, &company), amount, asked).await?;
    }
    work.commit().await?;
    let settled_held = settle_held(app, operator, to.reseller).await;
    let mut reader = app.snapshot().await?;
    let balance = ledger::wallet(&mut reader, below).await?.balance;
    let given = repo::given(&mut reader, upline, below).await?;
    Ok(Funded {
        transfer_id: asked.transfer_id,
        own_balance: ledger::wallet(&mut reader, upline).await?.balance,
        balance,
        given: Amount::new(given, balance.unit()).map_err(Failure::internal)?,
        settled_held,
    })
}

async fn check(
    work: &mut Work,
    upline: ResellerId,
    below: ResellerId,
    asked: &FundSubReseller,
) -> Result<Amount, Failure> {
    if let Some(note) = check_note(&asked.note) {
        return Err(Failure::validation(vec![note]));
    }
    let own = ledger::wallet(work.conn(), upline).await?.balance.unit();
    let unit = ledger::wallet(work.conn(), below).await?.balance.unit();
    if own != unit {
        let detail = format!("Your wallet is in {own} and this one in {unit}. Ask the operator to top it up instead.");
        return Err(Failure::new(Code::WrongState, detail));
    }
    let amount = Amount::new(asked.amount, unit).ok().filter(|amount| amount.value() > 0);
    amount.ok_or_else(|| Failure::validation(vec![field("amount", "more than zero")]))
}

async fn side(work: &mut Work, reseller: ResellerId) -> Result<Side, Failure> {
    let wallet = ledger::account_of(work.conn(), AccountKind::Wallet, reseller).await?.id;
    let funding = ledger::account_of(work.conn(), AccountKind::Funding, reseller).await?.id;
    Ok(Side { reseller, wallet, funding })
}

/// How much of what was given is unspent. Of the credit that was there when the two last moved something the gift is spent
/// last; what came later is somebody else's, so what was spent and replaced by the operator is not the upline's to take.
async fn unspent(work: &mut Work, upline: ResellerId, below: Side, given: i64) -> Result<i64, Failure> {
    let Some(last) = repo::last_movement(work.conn(), below.funding, upline).await? else { return Ok(given) };
    let spent = ledger::equation(work.conn(), below.reseller).await?.spent;
    Ok((last.funded - last.withdrawn - spent).clamp(0, given))
}

/// One reseller's accounts after the other's, whoever gives.
async fn lock(work: &mut Work, own: Side, other: Side) -> Result<Journal, Failure> {
    let operator = work.operator();
    let mut sides = [own, other];
    sides.sort_by_key(|side| side.reseller);
    let mut accounts = Vec::with_capacity(4);
    for side in sides {
        accounts.extend(lock_accounts(work.conn(), operator, side.wallet, side.funding).await?);
    }
    Journal::of(accounts)
}

/// What leaves the one's books, and what enters the other's. Each line names the other reseller.
fn postings<'a>(
    work: &Work,
    (from, to): (Side, Side),
    amount: Amount,
    asked: &'a FundSubReseller,
    [to_whom, from_whom]: [&'a str; 2],
) -> [Posting<'a>; 2] {
    let note = Some(asked.note.trim()).filter(|note| !note.is_empty());
    let posting = |transfer_id, source_event, kind, debit, credit, reference| Posting {
        transfer_id,
        source_event,
        kind,
        debit,
        credit,
        amount,
        note,
        reference: Some(reference),
        at: work.now(),
        reverses: None,
    };
    let (id, second) = (asked.transfer_id, mint::<TransferId>(work.now()));
    let (leaves, enters) = (SourceEvent::downline_out(id), SourceEvent::downline_in(id));
    [
        posting(id, leaves, TransferKind::Debit, from.wallet, from.funding, to_whom),
        posting(second, enters, TransferKind::Credit, to.funding, to.wallet, from_whom),
    ]
}

/// Whether both are in the books already. Looked up under the locks, so that of two at once the second finds the first.
async fn repeated(work: &mut Work, postings: &[Posting<'_>; 2]) -> Result<bool, Failure> {
    let mut known = Vec::with_capacity(2);
    for posting in postings {
        let found = ledger::posted_before(work.conn(), posting).await;
        known.push(found.map_err(|error| error.into_failure("to move this", "move less"))?);
    }
    match known[..] {
        [Some(_), Some(_)] => Ok(true),
        [None, None] => Ok(false),
        _ => Err(Failure::internal("half of a movement between two resellers is in the books")),
    }
}

async fn move_once(
    work: &mut Work,
    journal: &mut Journal,
    postings: &[Posting<'_>; 2],
    (from, unspent): (Side, i64),
    asked: &FundSubReseller,
) -> Result<(), Failure> {
    let amount = postings[0].amount;
    let unit = amount.unit();
    // A credit limit is between the operator and whom it trusts: it is not handed on.
    let in_wallet = journal.balance(from.wallet).map_err(|e| e.into_failure("", ""))?.max(0);
    let taking = asked.direction == FundDirection::TakeBack;
    if taking && unspent < amount.value() {
        let unspent = Amount::new(unspent, unit).map_err(Failure::internal)?;
        let (wanted, most) = (in_words::amount(amount), in_words::amount(unspent));
        let detail =
            format!("You can take back what you gave and is not spent: {most}, and you asked for {wanted}. Take less.");
        return Err(Failure::new(Code::InsufficientCredit, detail).amounts(amount, unspent));
    }
    if in_wallet < amount.value() {
        let available = Amount::new(in_wallet, unit).map_err(Failure::internal)?;
        return Err(if taking {
            let (wanted, most) = (in_words::amount(amount), in_words::amount(available));
            let detail = format!("{most} are unspent in this wallet, and you asked for {wanted}. Take less.");
            Failure::new(Code::InsufficientCredit, detail).amounts(amount, available)
        } else {
            in_words::insufficient(amount, available, "in your own wallet to give them", "give less")
        });
    }
    for posting in postings {
        journal.post(work, posting).map_err(|error| error.into_failure("to move this", "move less"))?;
    }
    journal.write(work).await.map_err(|error| error.into_failure("to move this", "move less"))
}

/// Both sides by mail, each with what it has now.
async fn tell(
    work: &mut Work,
    (upline, own_company): (ResellerId, &str),
    (below, company): (ResellerId, &str),
    amount: Amount,
    asked: &FundSubReseller,
) -> Result<(), Failure> {
    if work.mailer().is_none() {
        return Ok(());
    }
    let amount = in_words::amount(amount);
    let note = Some(asked.note.trim()).filter(|note| !note.is_empty()).unwrap_or("none");
    let (kind, done) = match asked.direction {
        FundDirection::Give => (NoticeKind::CreditFunded, "You have given credit to"),
        FundDirection::TakeBack => (NoticeKind::CreditTakenBack, "You have taken credit back from"),
    };
    let id = asked.transfer_id;
    let balance = in_words::amount(ledger::wallet(work.conn(), below).await?.balance);
    let values = [("upline", own_company), ("amount", &*amount), ("note", note), ("balance", &*balance)];
    notices::tell_reseller(work, kind, format!("downline/{id}/below"), below, &values).await?;
    let balance = in_words::amount(ledger::wallet(work.conn(), upline).await?.balance);
    let values = [("downline", company), ("done", done), ("amount", &*amount), ("note", note), ("balance", &*balance)];
    notices::tell_reseller(work, NoticeKind::DownlineCredit, format!("downline/{id}/above"), upline, &values).await
}
