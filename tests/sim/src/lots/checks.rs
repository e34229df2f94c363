//! What must hold of kept codes after every step.

use std::collections::BTreeMap;

use counterfoil_model::lots::Card;
use uuid::Uuid;

use crate::checks::object;
use crate::judge::{Judge, Objection};
use crate::truth::{CodeRow, KeptRow};

/// Every lot that the operator keeps has given and lost what it should.
pub(crate) fn kept(judge: &Judge, rows: &[KeptRow]) -> Result<(), Objection> {
    let mut real: BTreeMap<Uuid, &KeptRow> = rows.iter().map(|row| (row.lot_id, row)).collect();
    for (lot, printed) in &judge.reference.lots {
        let Some(row) = real.remove(&lot.0) else { return object("kept codes", format!("lot {lot} is gone")) };
        let (allocated, revoked) = printed.gone();
        let made = i64::try_from(printed.cards.len()).unwrap_or(i64::MAX);
        let expected = KeptRow { lot_id: lot.0, made, allocated, revoked };
        if *row != expected {
            return object("kept codes", format!("Central {row:?}, reference {expected:?}"));
        }
    }
    real.keys().next().map_or(Ok(()), |id| object("kept codes", format!("nobody made lot {id}")))
}

/// Whether a code is a card that a shop should have, as it is. None: it is no card.
pub(crate) fn card(cards: &BTreeMap<(Uuid, i64), Card>, row: &CodeRow, shop: impl Fn(usize) -> Uuid) -> Option<bool> {
    let card = cards.get(&(row.source_id, row.seq))?;
    let state = if matches!(card, Card::Used(..)) { "activated" } else { "sold" };
    let given = card.given()?;
    let expected = (shop(given.shop), given.cost, state, None);
    Some((row.reseller_id, row.cost, row.state.as_str(), row.held_reason.as_deref()) == expected)
}
