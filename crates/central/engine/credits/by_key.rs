//! Which of a reseller's programs spent its credit.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ledger::SourceEvent;

use super::repo;
use crate::engine::audit::Actor;
use crate::engine::work::Work;

/// Notes the API key that made a sale, beside its transfer, so that a statement names it. A sale by a person is told by the
/// sale itself.
pub(crate) async fn note_key(work: &mut Work, actor: &Actor, event: &SourceEvent) -> Result<(), Failure> {
    if !actor.is_api_key() {
        return Ok(());
    }
    let (kind, id) = actor.who();
    Ok(repo::note_actor_of(work.conn(), event, kind, id).await?)
}
