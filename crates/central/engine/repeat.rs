//! A creation whose id is used already: a repeat of one whose answer was lost, or an id that was minted badly.

use counterfoil_central_platform::failure::{Failure, if_found};
use counterfoil_wire::problem::Code;

use super::work::Work;

/// What stands under the id, where it is what was asked for: `known` as it was looked for in the caller's own scope, `what`
/// as people call such a thing. Ends the unit, because neither answer may be told before what it rests on is durable. A look
/// that failed is no answer about the id: that stays the fault it is.
pub(crate) async fn answer<T: Send>(
    work: Work,
    known: Result<T, Failure>,
    same: impl FnOnce(&T) -> bool + Send,
    what: &str,
) -> Result<T, Failure> {
    let known = if_found(known)?.filter(same);
    work.commit().await?;
    known.ok_or_else(|| id_reused(what))
}

/// The id of something new is another one's.
pub(crate) fn id_reused(what: &str) -> Failure {
    Failure::new(Code::IdReused, format!("This id belongs to another {what}. Mint a new id for a new {what}."))
}
