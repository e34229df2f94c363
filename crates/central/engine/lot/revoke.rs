//! Revoking what the operator keeps: a box of cards that was stolen before anybody was given it. Its codes are candidates and
//! have no rows, so they are marked where they are: nobody is given them, and whoever brings one is told that it is revoked.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::LotId;
use counterfoil_wire::codes::StateCount;
use counterfoil_wire::lots::ChangePreview;

use super::change::ChangedPart;
use super::record::LotRecord;
use super::stock_repo;
use crate::dialect::Conn;
use crate::engine::candidate;
use crate::engine::stored::{stored_amount, stored_number};
use crate::engine::work::Work;

/// What it would do to the numbers of a kept lot. Those that resellers were given are in lots of theirs.
pub(super) async fn dry(conn: &mut Conn, lot: &LotRecord, from: u32, to: u32) -> Result<ChangePreview, Failure> {
    let kept = candidate::count(conn, lot.lot_id, from, to).await?.unsigned_abs();
    let revoked = candidate::count_revoked(conn, lot.lot_id, from, to).await?.unsigned_abs();
    let some = |state: CodeState, count: u64| -> Vec<StateCount> {
        (count > 0).then_some(StateCount { state, count }).into_iter().collect()
    };
    Ok(ChangePreview {
        seq_from: from,
        seq_to: to,
        codes: kept + revoked,
        changed: kept,
        by_state: some(CodeState::Generated, kept),
        refused: some(CodeState::Revoked, revoked),
        gives_back: stored_amount(0, lot.unit()?, "lot_order", lot.lot_id)?,
        undoable: false,
    })
}

/// Revokes the next numbers of a job, under the kept lot's lock: of a number that is allocated at the same time one of the
/// two finds that it came too late.
pub(super) async fn part(work: &mut Work, stock: LotId, (from, to): (i64, i64)) -> Result<ChangedPart, Failure> {
    let number = |seq: i64| stored_number::<u32>(seq, "code_job", "seq_from", stock.0);
    let refused = candidate::count_revoked(work.conn(), stock.0, number(from)?, number(to)?).await?;
    let changed = candidate::revoke(work, stock.0, (from, to)).await?;
    let changed = i64::try_from(changed).map_err(Failure::internal)?;
    stock_repo::revoke(work.conn(), stock, changed).await?;
    Ok(ChangedPart { walked: Some(to), changed, refused, amount: 0 })
}
