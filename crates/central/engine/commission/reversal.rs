//! Taking the shares of a sale back: its customer got the money back.
//!
//! One posting for each share, which names the posting it reverses: out of what is pending, or, where the share was
//! available before, as a debt. What is available pays debts at once, and so does whatever becomes available later.

use std::collections::{BTreeMap, BTreeSet};

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::commission::EarningState;
use counterfoil_domain::ids::{EarningId, OperatorId, ResellerId, TransferId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_wire::commission::{EarningDetail, ReverseEarning, SourceKind};
use counterfoil_wire::live::News;
use uuid::Uuid;

use super::books::{Books, Movement};
use super::earnings::{Viewer, detail};
use super::repo::{due, earnings as repo};
use crate::engine::App;
use crate::engine::audit::{self, Actor};
use crate::engine::credits::check_note;
use crate::engine::operators;
use crate::engine::resellers;
use crate::engine::stored::stored;
use crate::engine::work::Work;

/// All shares of the sale behind an earning; asked again nothing happens.
pub(crate) async fn reverse(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    id: EarningId,
    asked: &ReverseEarning,
) -> Result<EarningDetail, Failure> {
    let mut work = app.begin(operator).await?;
    let before = detail(work.conn(), operator, Viewer::Staff, id).await?;
    let reason = asked.reason.trim();
    if reason.is_empty() {
        return Err(Failure::validation(vec![field("reason", "say why: the resellers read it")]));
    }
    if check_note(reason).is_some() {
        return Err(Failure::validation(vec![field("reason", "at most 200 characters")]));
    }
    let earning = &before.earning;
    let shares = repo::of_source(work.conn(), earning.source, earning.source_id).await?;
    let resellers: Vec<_> = shares.iter().map(|share| ResellerId(share.beneficiary_id)).collect();
    let currency = operators::get(work.conn(), operator).await?.currency;
    let mut books = Books::lock(&mut work, &resellers, currency).await?;
    // Read again: now nobody else moves them.
    let shares = repo::of_source(work.conn(), earning.source, earning.source_id).await?;
    let reversed = take_back(&mut work, &mut books, &shares, reason).await?;
    if reversed > 0 {
        let after = detail(work.conn(), operator, Viewer::Staff, id).await?;
        audit::record(&mut work, actor, "earning.reverse", Some(id.0), Some(&before.earning), Some(&after.earning))
            .await?;
    }
    let after = detail(work.conn(), operator, Viewer::Staff, id).await?;
    work.commit().await?;
    Ok(after)
}

/// All shares of a sale that does not stand any more, in the transaction that says so. What is not posted yet never will be.
pub(crate) async fn take_back_sale(work: &mut Work, source: SourceKind, id: Uuid, reason: &str) -> Result<(), Failure> {
    // Whoever posts takes the row away and commits with the shares, so they are there when the row is not.
    if due::drop(work.conn(), source, id).await? {
        return Ok(());
    }
    let shares = repo::of_source(work.conn(), source, id).await?;
    if shares.is_empty() {
        return Err(Failure::internal(format!("no shares of the {} {id} are due or posted", source.as_str())));
    }
    let resellers: Vec<_> = shares.iter().map(|share| ResellerId(share.beneficiary_id)).collect();
    let operator = work.operator();
    let currency = operators::get(work.conn(), operator).await?.currency;
    let mut books = Books::lock(work, &resellers, currency).await?;
    // Read again: now nobody else moves them.
    let shares = repo::of_source(work.conn(), source, id).await?;
    take_back(work, &mut books, &shares, reason).await.map(|_| ())
}

async fn take_back(work: &mut Work, books: &mut Books, shares: &[repo::Share], reason: &str) -> Result<usize, Failure> {
    let mut last = BTreeMap::<ResellerId, TransferId>::new();
    let (mut done, mut whose) = (Vec::new(), BTreeSet::new());
    for share in shares {
        let state = stored(EarningState::from_stored(&share.state), "earning", "state", share.id)?;
        let reseller = ResellerId(share.beneficiary_id);
        let from = match state {
            EarningState::Reversed => continue,
            EarningState::Pending => AccountKind::CommissionPending,
            EarningState::Available | EarningState::Paid => AccountKind::CommissionClawback,
        };
        let transfer = if share.amount > 0 {
            let movement = Movement {
                kind: TransferKind::CommissionReversed,
                from,
                to: AccountKind::CommissionExpense,
                amount: share.amount,
                event: SourceEvent::earning_reversed(share.id.into()),
                reverses: share.transfer_id.map(TransferId),
                reference: Some(&share.reference),
                note: Some(reason),
            };
            let transfer = books.post(work, reseller, movement)?;
            last.insert(reseller, transfer);
            Some(transfer)
        } else {
            None
        };
        done.push((share.id, transfer));
        whose.insert(reseller);
    }
    for (reseller, by) in last {
        books.net(work, reseller, by)?;
    }
    books.write(work).await?;
    let now = work.now();
    for (id, transfer) in &done {
        if !repo::reverse(work.conn(), *id, *transfer, reason, now).await? {
            return Err(Failure::internal("an earning left its state under the lock of its books"));
        }
    }
    for reseller in whose {
        resellers::ring(work, News::Earnings, reseller).await?;
    }
    Ok(done.len())
}
