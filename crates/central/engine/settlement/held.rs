//! Codes that wait for credit.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{LeaseId, OperatorId, ResellerId};
use counterfoil_domain::settlement::Settlement;

use super::{Books, Number, Sight, look, repo, settle};
use crate::engine::App;
use crate::engine::lease;
use crate::engine::stored::stored_number;
use crate::engine::work::Work;

/// Codes looked at in one transaction, so that none keeps the reseller's books for long.
pub(crate) const TURN: i64 = 500;

/// Settles at most so many codes of this reseller that wait for credit, oldest first, and says how many. What the credit
/// there is cannot pay is not looked at, so codes that are too dear never stand in the way of those behind them, and
/// nothing settled means that nothing can.
///
/// Give it a unit of work of its own, after the top-up has committed: it locks leases, and leases come before ledger
/// accounts. A process that ends between the two loses nothing: a job looks for waiting codes as well.
pub(crate) async fn settle_held(work: &mut Work, reseller: ResellerId, most: i64) -> Result<u32, Failure> {
    let waiting = repo::waiting(work.conn(), reseller, most).await?;
    // All leases first and by id, whatever the order of their codes: two top-ups at once must not wait in a circle.
    let leases = lease::lock_all(work, waiting.iter().map(|waiting| waiting.source_id).collect()).await?;
    let mut codes = Vec::new();
    for waiting in &waiting {
        let Some(lease) = leases.get(&waiting.source_id) else { continue };
        let seq = stored_number(waiting.seq, "code", "seq", waiting.source_id)?;
        let Some(slot) = lease::repo::slot_of_seq(work.conn(), LeaseId(lease.id), seq).await? else { continue };
        let slot_number = stored_number(slot.slot, "lease_slot", "slot", lease.id)?;
        let sighting = look(work, lease, &[(slot_number, seq)]).await?.pop();
        codes.extend(sighting.map(|sighting| (lease, slot, seq, sighting)));
    }
    let mut settled = 0;
    for (lease, slot, seq, sighting) in codes {
        let mut books = Books::lock(work, reseller.0, Some(lease.ledger_account_id), lease.unit()?).await?;
        let masked = sighting.code.as_ref().map(|code| code.masked.clone()).unwrap_or_default();
        let sight = Sight { lease, slot: &slot, sale: None };
        let done = settle(work, &mut books, sight, vec![Number { seq, masked, sighting }]).await?;
        books.write(work).await?;
        match done.first().map(|(_, how)| *how) {
            Some(Settlement::FromEscrow | Settlement::FromWallet) => settled += 1,
            // Oldest first; one that is too dear does not stop a cheaper one behind it.
            Some(Settlement::Held(_) | Settlement::Already | Settlement::Fork) | None => {}
        }
    }
    Ok(settled)
}

/// Looks at all resellers until nothing more can settle: for top-ups whose process ended before it came to the waiting
/// codes, and for those that let more codes settle than one turn takes.
pub(crate) async fn settle_waiting(app: &App) -> Result<u32, Failure> {
    settle_in_turns(app, TURN).await
}

/// The same, so many codes to a transaction.
pub(crate) async fn settle_in_turns(app: &App, most: i64) -> Result<u32, Failure> {
    let mut reader = app.reader().await?;
    let waiting = repo::resellers_waiting(&mut reader).await?;
    drop(reader);
    let mut settled = 0;
    for (operator, reseller) in waiting {
        loop {
            match settle_turn(app, OperatorId(operator), ResellerId(reseller), most).await {
                Ok(0) => break,
                Ok(count) => settled += count,
                // One that fails must not keep the others from their turn.
                Err(failure) => {
                    failure.log();
                    break;
                }
            }
        }
    }
    Ok(settled)
}

async fn settle_turn(app: &App, operator: OperatorId, reseller: ResellerId, most: i64) -> Result<u32, Failure> {
    let mut work = app.begin(operator).await?;
    let settled = settle_held(&mut work, reseller, most).await?;
    if settled > 0 {
        work.commit().await?;
    }
    Ok(settled)
}
