//! A movement between the operator and a wallet, inside the transaction of whoever wants it.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::ids::{ResellerId, TransferId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_wire::problem::Code;

use super::repo;
use crate::engine::audit::Actor;
use crate::engine::credit_packs::{self, PackTerms};
use crate::engine::ledger::{self, Posted, Posting};
use crate::engine::work::Work;

pub(crate) struct Booking<'a> {
    pub(crate) transfer_id: TransferId,
    pub(crate) source_event: SourceEvent,
    pub(crate) kind: TransferKind,
    /// In the wallet's unit; negative for an adjustment that takes away.
    pub(crate) amount: i64,
    pub(crate) note: &'a str,
    /// What is sold with it.
    pub(crate) pack: Option<&'a PackTerms>,
}

impl Booking<'_> {
    /// Whether it takes out of the wallet.
    pub(crate) const fn takes(&self) -> bool {
        match self.kind {
            TransferKind::Refund | TransferKind::Debit => true,
            TransferKind::Adjustment => self.amount < 0,
            _ => false,
        }
    }
}

/// Posts once; a repeat of the same event is answered and moves nothing. The caller has checked the kind and the sign of
/// the amount.
pub(crate) async fn book(
    work: &mut Work,
    actor: &Actor,
    reseller: ResellerId,
    booking: &Booking<'_>,
) -> Result<Posted, Failure> {
    let unit = ledger::wallet(work.conn(), reseller).await?.balance.unit();
    if let Some(pack) = booking.pack {
        check_pack(pack, booking.amount, unit)?;
    }
    let wallet = ledger::account_of(work.conn(), AccountKind::Wallet, reseller).await?.id;
    let funding = ledger::account_of(work.conn(), AccountKind::Funding, reseller).await?.id;
    let (debit, credit) = if booking.takes() { (wallet, funding) } else { (funding, wallet) };
    let amount = booking.amount.checked_abs().and_then(|value| Amount::new(value, unit).ok());
    let amount = amount.ok_or_else(|| Failure::validation(vec![field("amount", "too large")]))?;
    let posting = Posting {
        transfer_id: booking.transfer_id,
        source_event: booking.source_event.clone(),
        kind: booking.kind,
        debit,
        credit,
        amount,
        note: Some(booking.note.trim()).filter(|note| !note.is_empty()),
        reference: booking.pack.map(|pack| &*pack.name),
        at: work.now(),
        reverses: None,
    };
    let posted = ledger::post(work, &posting)
        .await
        .map_err(|error| error.into_failure("to take this out of the wallet", "take less"))?;
    if posted.repeated {
        if !credit_packs::was_sold(work.conn(), posted.transfer_id, booking.pack).await? {
            let detail = "This id was used before for something else. Mint a new id for a new movement.";
            return Err(Failure::new(Code::IdReused, detail));
        }
        return Ok(posted);
    }
    let (kind, id) = actor.who();
    repo::note_actor(work.conn(), booking.transfer_id, kind, id).await?;
    if let Some(pack) = booking.pack {
        credit_packs::note_sale(work, booking.transfer_id, reseller, pack).await?;
    }
    Ok(posted)
}

fn check_pack(pack: &PackTerms, amount: i64, unit: Unit) -> Result<(), Failure> {
    if unit != Unit::Credits {
        let message = format!("packs are of credits, and this wallet is in {unit}: name an amount instead");
        return Err(Failure::validation(vec![field("pack", message)]));
    }
    if amount != pack.credits {
        let message = format!("{} has {} credits: leave the amount to the pack", pack.name, pack.credits);
        return Err(Failure::validation(vec![field("amount", message)]));
    }
    Ok(())
}
