//! Names that are locked now, for staff. What was typed is kept as a hash only, because it may be anything, also a password in
//! the wrong field: a lock is told where its name is somebody's, found by the hashes of all names there are.

use std::collections::HashMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::sessions::{Audience, LockedName};

use super::audience_name;
use super::guard::{LOCK_MS, MAX_ATTEMPTS, name_hash};
use super::repo::tries;
use crate::engine::App;

/// The latest lock first; those of staff only for whoever may let staff try again.
pub(crate) async fn locked(app: &App, operator: OperatorId, staff_too: bool) -> Result<Vec<LockedName>, Failure> {
    let mut reader = app.reader().await?;
    let locks = tries::locks(&mut reader, app.now()).await?;
    // Most of the time nobody is: then no name is read.
    if locks.is_empty() {
        return Ok(Vec::new());
    }
    let names = tries::names(&mut reader, operator).await?;
    drop(reader);
    let mut known: HashMap<_, _> =
        names.into_iter().map(|name| ((name.audience.clone(), name_hash(&name.username)), name)).collect();
    let found = locks.into_iter().filter_map(|lock| {
        let name = known.remove(&(lock.audience, lock.name_hash))?;
        let audience =
            if name.audience == audience_name(Audience::Admin) { Audience::Admin } else { Audience::Reseller };
        let until = Timestamp(lock.until);
        Some(LockedName {
            audience,
            username: name.username,
            reseller_name: name.company,
            since: until.plus_ms(-LOCK_MS),
            until,
            tries: MAX_ATTEMPTS.unsigned_abs().try_into().unwrap_or(u32::MAX),
        })
    });
    Ok(found.filter(|name| staff_too || name.audience == Audience::Reseller).collect())
}
