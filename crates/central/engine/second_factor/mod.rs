//! The second factor: how somebody gets one, what is asked of it, and how it ends. For staff and for members alike.
//!
//! The secret is sealed with Central's keys, recovery codes are hashed. [`judge`] is the only place that takes what
//! somebody shows; it uses it up in the transaction that the answer is told after.

mod check;
mod remove;
mod repo;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_central_platform::second_factor::{app_uri, new_recovery_codes, new_secret};
use counterfoil_domain::ids::StaffId;
use counterfoil_domain::second_factor::{RecoveryCode, Shown};
use counterfoil_wire::problem::Code;
use counterfoil_wire::second_factor::{ProveSecondFactor, RecoveryCodes, SecondFactor, SecondFactorSecret};
use counterfoil_wire::sessions::Audience;
use uuid::Uuid;

use super::App;
use super::audit::{self, NOTHING};
use super::operators;
use super::sessions::{self, Identity};
use super::stored::stored_number;
use super::work::Work;
use crate::dialect::Conn;

pub(crate) use check::{Verdict, judge, needed, wrong};
pub(crate) use remove::{Whose, remove, remove_by_name};

/// How this user stands to it.
pub(crate) async fn standing(conn: &mut Conn, identity: &Identity) -> Result<SecondFactor, Failure> {
    let user = identity.user();
    let found = repo::standing(conn, identity.operator, user).await?;
    let on = found.confirmed > 0;
    Ok(SecondFactor {
        on,
        recovery_codes: stored_number(found.recovery_codes, "recovery_code", "count", user)?,
        required: identity.audience() == Audience::Admin && found.of_staff && !on,
    })
}

/// Refuses staff who have to set one up first.
pub(crate) async fn require_of_staff(app: &App, staff: StaffId) -> Result<(), Failure> {
    let owes = repo::owes(&mut *app.reader().await?, staff).await?;
    if owes { Err(not_set_up()) } else { Ok(()) }
}

fn not_set_up() -> Failure {
    Failure::new(
        Code::SecondFactorNotSetUp,
        "The operator wants a second factor of all staff. Set yours up first: POST /api/v1/me/second-factor.",
    )
}

/// Gives a new secret, which counts once it is confirmed.
pub(crate) async fn begin(
    app: &App,
    identity: &Identity,
    password: String,
    address: ClientAddress,
) -> Result<SecondFactorSecret, Failure> {
    sessions::check_password(app, identity, password, address).await?;
    let (user, secret) = (identity.user(), new_secret());
    let sealed = app.keys().seal(user, &secret.stored()).map_err(Failure::internal)?;
    let mut work = app.begin(identity.operator).await?;
    let now = work.now();
    // The try stays counted where one is on: the password alone must not clear the way to guess its digits.
    if !repo::begin(work.conn(), identity.operator, user, &sealed, now).await? {
        return Err(Failure::new(Code::WrongState, "A second factor is on already. End it first, then begin anew."));
    }
    sessions::forget_tries(&mut work, identity.audience(), &identity.username).await?;
    let operator = operators::get(work.conn(), identity.operator).await?;
    work.commit().await?;
    let uri = app_uri(&secret, operator.shown_name(), &identity.username);
    Ok(SecondFactorSecret { secret: secret.text(), uri })
}

/// Switches it on when the app shows the right digits. Tries count as those of signing in: who has no more than a session
/// must not guess its way to the recovery codes of a factor that somebody else began.
pub(crate) async fn confirm(
    app: &App,
    identity: &Identity,
    code: &str,
    address: ClientAddress,
) -> Result<RecoveryCodes, Failure> {
    let user = identity.user();
    // Where nothing was begun there is nothing to guess, and no try to count.
    let mut work = app.begin(identity.operator).await?;
    lock_begun(&mut work, user).await?;
    drop(work);
    sessions::count_try(app, identity, address).await?;
    let mut work = app.begin(identity.operator).await?;
    let begun = lock_begun(&mut work, user).await?;
    let now = work.now();
    let step = match Shown::read(code) {
        Some(Shown::Digits(digits)) => check::open(app.keys(), user, &begun.secret)?.step_of(digits, now),
        Some(Shown::Recovery(_)) | None => None,
    };
    let step = step.ok_or_else(wrong)?;
    repo::confirm(work.conn(), user, step, now).await?;
    let codes = renew_codes(&mut work, identity).await?;
    sessions::forget_tries(&mut work, identity.audience(), &identity.username).await?;
    sessions::end_others(&mut work, identity).await?;
    audit::record(&mut work, &identity.actor(address), "second_factor.on", Some(user), NOTHING, NOTHING).await?;
    work.commit().await?;
    Ok(codes)
}

async fn lock_begun(work: &mut Work, user: Uuid) -> Result<repo::Stored, Failure> {
    let begun = repo::lock(work.conn(), user).await?.filter(|begun| begun.confirmed_at.is_none());
    begun.ok_or_else(|| {
        let text = "No second factor was begun, or it is on already. Look at it again, then begin anew.";
        Failure::new(Code::WrongState, text)
    })
}

/// Switches it off.
pub(crate) async fn end(
    app: &App,
    identity: &Identity,
    proof: ProveSecondFactor,
    address: ClientAddress,
) -> Result<(), Failure> {
    let mut work = proven(app, identity, proof, address).await?;
    let user = identity.user();
    repo::delete(work.conn(), user).await?;
    sessions::end_others(&mut work, identity).await?;
    audit::record(&mut work, &identity.actor(address), "second_factor.off", Some(user), NOTHING, NOTHING).await?;
    work.commit().await
}

/// New recovery codes in place of those that are left.
pub(crate) async fn renew(
    app: &App,
    identity: &Identity,
    proof: ProveSecondFactor,
    address: ClientAddress,
) -> Result<RecoveryCodes, Failure> {
    let mut work = proven(app, identity, proof, address).await?;
    let codes = renew_codes(&mut work, identity).await?;
    let (user, actor) = (identity.user(), identity.actor(address));
    audit::record(&mut work, &actor, "second_factor.recovery_codes", Some(user), NOTHING, NOTHING).await?;
    work.commit().await?;
    Ok(codes)
}

async fn renew_codes(work: &mut Work, identity: &Identity) -> Result<RecoveryCodes, Failure> {
    let user = identity.user();
    repo::forget_recovery_codes(work.conn(), user).await?;
    let codes = new_recovery_codes();
    for code in &codes {
        repo::add_recovery_code(work.conn(), user, &code.hash(user)).await?;
    }
    Ok(RecoveryCodes { codes: codes.iter().map(RecoveryCode::shown).collect() })
}

/// A transaction for whoever has shown password and second factor; tries count as those of signing in.
async fn proven(
    app: &App,
    identity: &Identity,
    proof: ProveSecondFactor,
    address: ClientAddress,
) -> Result<Work, Failure> {
    sessions::check_password(app, identity, proof.password, address).await?;
    let mut work = app.begin(identity.operator).await?;
    match judge(&mut work, app.keys(), identity.user(), Some(&proof.code)).await? {
        Verdict::Right(_) => {
            sessions::forget_tries(&mut work, identity.audience(), &identity.username).await?;
            Ok(work)
        }
        Verdict::NotAsked => {
            sessions::forget_tries(&mut work, identity.audience(), &identity.username).await?;
            work.commit().await?;
            Err(Failure::new(Code::WrongState, "No second factor is on. There is nothing to end or renew."))
        }
        Verdict::Missing | Verdict::Wrong => {
            work.commit().await?;
            sessions::count_wrong(app, address).await?;
            Err(wrong())
        }
    }
}
