//! What slows down guessing: ten wrong passwords lock a name, fifty an address. A try is counted before the password is
//! looked at, for the name and for the address, so that many at once are no way around; and names that do not exist lock
//! like any other, so that a lock tells nothing.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::problem::Code;
use counterfoil_wire::sessions::Audience;
use sha2::{Digest as _, Sha256};

use super::repo::tries;
use super::{audience_name, wait_ms};
use crate::engine::App;
use crate::engine::rate::{self, Limit};
use crate::engine::work::Work;

pub(super) const MAX_ATTEMPTS: i64 = 10;
pub(super) const LOCK_MS: i64 = 15 * 60_000;
const WRONG_PER_NETWORK: Limit = Limit { hits: 50, window_ms: 15 * 60_000 };

pub(super) fn name_hash(username: &str) -> Vec<u8> {
    Sha256::digest(username.as_bytes()).to_vec()
}

fn bucket(address: ClientAddress) -> String {
    format!("sign-in/{}", address.network())
}

/// A try that was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    at: Timestamp,
    /// The lock that it set: it was the last one allowed.
    locked_until: Option<Timestamp>,
}

/// Counts a try, or refuses it.
pub(super) async fn begin(
    app: &App,
    audience: Audience,
    username: &str,
    address: ClientAddress,
) -> Result<Counted, Failure> {
    let now = app.now();
    let mut tx = app.transaction().await?;
    rate::check(&mut tx, &bucket(address), WRONG_PER_NETWORK, now).await?;
    let try_it = tries::Try { audience: audience_name(audience), name_hash: &name_hash(username), now };
    let lock_until = now.plus_ms(LOCK_MS);
    let outcome = tries::count_try(&mut tx, &try_it, MAX_ATTEMPTS, lock_until).await?;
    if let tries::Outcome::Locked(until) = outcome {
        return Err(Failure::new(
            Code::LockedOut,
            "Too many wrong passwords. Wait a quarter of an hour, or ask the operator.",
        )
        .retry_after_ms(wait_ms(until, now)));
    }
    rate::take(&mut tx, &bucket(address), WRONG_PER_NETWORK, now).await?;
    tx.commit().await?;
    Ok(Counted { at: now, locked_until: (outcome == tries::Outcome::Last).then_some(lock_until) })
}

/// The password was right, so its network guessed nothing. The name stays counted until all that was asked for is right.
pub(super) async fn right(app: &App, address: ClientAddress, counted: Counted) -> Result<(), Failure> {
    let mut tx = app.transaction().await?;
    rate::give_back(&mut tx, &bucket(address), WRONG_PER_NETWORK, counted.at).await?;
    Ok(tx.commit().await?)
}

/// Takes one try back that was right as far as it went. Those before it stay counted: with the password alone nobody
/// clears the way for guessing digits.
pub(super) async fn give_back(
    work: &mut Work,
    audience: Audience,
    username: &str,
    counted: Counted,
) -> Result<(), Failure> {
    let (name, hash) = (audience_name(audience), name_hash(username));
    match counted.locked_until {
        Some(until) => tries::take_lock_back(work.conn(), name, &hash, until, MAX_ATTEMPTS - 1).await?,
        None => tries::take_try_back(work.conn(), name, &hash).await?,
    }
    Ok(())
}

/// The password was wrong, and is counted already: what is long over is forgotten.
pub(super) async fn wrong(app: &App) -> Result<(), Failure> {
    let now = app.now();
    let mut tx = app.transaction().await?;
    rate::forget_old(&mut tx, now).await?;
    tries::forget_tries(&mut tx, now.plus_days(-1)).await?;
    Ok(tx.commit().await?)
}

/// The password was right and something beside it was not: its network guessed after all.
pub(super) async fn wrong_beside(app: &App, address: ClientAddress) -> Result<(), Failure> {
    let now = app.now();
    let mut tx = app.transaction().await?;
    rate::count(&mut tx, &bucket(address), WRONG_PER_NETWORK, now).await?;
    Ok(tx.commit().await?)
}

/// All that was asked for was right.
pub(super) async fn clear(work: &mut Work, audience: Audience, username: &str) -> Result<(), Failure> {
    Ok(tries::clear_tries(work.conn(), audience_name(audience), &name_hash(username)).await?)
}

/// Forgets the tries under a name; says whether it was locked.
pub(super) async fn unlock(work: &mut Work, audience: Audience, username: &str) -> Result<bool, Failure> {
    let (now, hash) = (work.now(), name_hash(username));
    let until = tries::locked_until(work.conn(), audience_name(audience), &hash).await?;
    clear(work, audience, username).await?;
    Ok(until.is_some_and(|until| until > now))
}
