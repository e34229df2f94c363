//! Whether what somebody shows beside the password is right: the digits of each half minute once, each recovery code once.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::keys::Keys;
use counterfoil_domain::second_factor::{RecoveryCode, Secret, Shown};
use counterfoil_wire::problem::Code;
use uuid::Uuid;

use super::repo;
use crate::engine::stored::stored;
use crate::engine::work::Work;

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// None is asked of this user.
    NotAsked,
    /// One is asked for, and nothing was shown.
    Missing,
    Wrong,
    /// By what, as the audit calls it. It is used up with the commit.
    Right(&'static str),
}

/// Looks at what was shown, and uses it up.
pub(crate) async fn judge(work: &mut Work, keys: &Keys, user: Uuid, shown: Option<&str>) -> Result<Verdict, Failure> {
    let known = repo::lock(work.conn(), user).await?.filter(|known| known.confirmed_at.is_some());
    let Some(known) = known else { return Ok(Verdict::NotAsked) };
    let Some(shown) = shown.filter(|shown| !shown.trim().is_empty()) else { return Ok(Verdict::Missing) };
    let (right, way) = match Shown::read(shown) {
        Some(Shown::Digits(digits)) => (take(work, keys, user, &known, digits).await?, "digits"),
        Some(Shown::Recovery(code)) => (spend(work, user, &code).await?, "recovery_code"),
        None => return Ok(Verdict::Wrong),
    };
    Ok(if right { Verdict::Right(way) } else { Verdict::Wrong })
}

async fn spend(work: &mut Work, user: Uuid, code: &RecoveryCode) -> Result<bool, Failure> {
    let hash = code.hash(user);
    let spent = repo::spend_recovery_code(work.conn(), user, &hash).await?;
    Ok(spent)
}

async fn take(work: &mut Work, keys: &Keys, user: Uuid, known: &repo::Stored, digits: u32) -> Result<bool, Failure> {
    let secret = open(keys, user, &known.secret)?;
    let Some(step) = secret.step_of(digits, work.now()) else { return Ok(false) };
    let taken = repo::take_step(work.conn(), user, step).await?;
    Ok(taken)
}

pub(super) fn open(keys: &Keys, user: Uuid, sealed: &[u8]) -> Result<Secret, Failure> {
    let text = stored(keys.open(user, sealed).ok(), "second_factor", "secret", user)?;
    stored(Secret::from_stored(&text), "second_factor", "secret", user)
}

pub(crate) fn needed() -> Failure {
    Failure::new(
        Code::SecondFactorNeeded,
        "A second factor is on. Send the six digits of the app, or a recovery code, as `second_factor`.",
    )
}

pub(crate) fn wrong() -> Failure {
    Failure::new(
        Code::SecondFactorWrong,
        "These digits, or this recovery code, are wrong or used up. Wait for the next digits of the app, or take another \
         recovery code.",
    )
}
