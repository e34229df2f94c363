//! When an entry of a history begins that staff may date ahead, such as a rate or a price.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::subscription;
use counterfoil_domain::time::Timestamp;

use super::operators;
use super::work::Work;

/// Now, or the first moment of a day to come in the operator's zone.
pub(crate) async fn start(work: &mut Work, from_day: Option<&str>) -> Result<Timestamp, Failure> {
    let Some(text) = from_day else { return Ok(work.now()) };
    let wrong = |message: &str| Failure::validation(vec![field("from_day", message)]);
    let operator = work.operator();
    let zone = operators::get(work.conn(), operator).await?.time_zone;
    let zone = subscription::zone(&zone).map_err(Failure::internal)?;
    let day = subscription::last_day(text).ok_or_else(|| wrong("a day such as 2026-12-01"))?;
    let start = subscription::start_of(day, &zone).map_err(|_| wrong("a day in the calendar"))?;
    if start < work.now() {
        return Err(wrong("a day to come: for a change from now on leave it out"));
    }
    Ok(start)
}
