//! Signing in and staying signed in.
//!
//! A sign-in opens a session; its tokens form one family. The refresh token is exchanged at each use: a second use
//! after the grace means that somebody has a copy, and ends the family.

mod guard;
mod identity;
mod locked;
mod password;
mod proof;
mod repo;
mod unlock;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::tokens::{new_token, token_hash};
use counterfoil_domain::ids::SessionId;
use counterfoil_domain::reseller::ResellerStatus;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::problem::Code;
use counterfoil_wire::sessions::{Audience, LoginRequest, Me, SessionView, SignedIn};
use serde_json::json;

use super::App;
use super::audit::{self, NOTHING};
use super::second_factor::{self, Verdict};
use super::work::Work;
pub(crate) use identity::{Identity, Who};
pub(crate) use locked::locked;
pub(crate) use password::change as change_password;
pub(crate) use proof::{check_password, count_try, count_wrong, end_all, end_others, forget_tries};
pub(crate) use unlock::{known, unlock};

const ACCESS_MS: i64 = 15 * 60_000;
const REFRESH_DAYS: i64 = 30;
/// A lost answer must not sign a shop out: the same refresh token works again for so long.
const GRACE_MS: i64 = 10_000;

/// The name of an audience in the database.
pub(crate) const fn audience_name(audience: Audience) -> &'static str {
    match audience {
        Audience::Admin => "admin",
        Audience::Reseller => "reseller",
    }
}

/// Checks name and password, and opens a session.
pub(crate) async fn login(
    app: &App,
    audience: Audience,
    request: LoginRequest,
    address: ClientAddress,
) -> Result<SignedIn, Failure> {
    let username = normal_name(&request.username);
    let counted = guard::begin(app, audience, &username, address).await?;
    let found = identity::by_username(app, audience, &username).await?;
    let (identity, stored) = found.unzip();
    let right = app.passwords().verify(request.password, stored.clone()).await.map_err(Failure::internal)?;
    let Some(identity) = identity.filter(|_| right) else {
        guard::wrong(app).await?;
        return Err(wrong_credentials());
    };
    guard::right(app, address, counted).await?;
    identity.check_active()?;
    let mut work = app.begin(identity.operator).await?;
    let shown = request.second_factor.as_deref();
    let verdict = second_factor::judge(&mut work, app.keys(), identity.user(), shown).await?;
    let way = match verdict {
        Verdict::NotAsked => None,
        Verdict::Right(way) => Some(way),
        Verdict::Missing => {
            guard::give_back(&mut work, audience, &username, counted).await?;
            work.commit().await?;
            return Err(second_factor::needed());
        }
        Verdict::Wrong => return Err(proof::refused(app, work, &identity, address).await?),
    };
    let session: SessionId = mint(work.now());
    // Whom somebody shut out, or whose password somebody changed, since it was looked at.
    if !repo::open(&mut work, session, &identity, &stored.unwrap_or_default(), &address.to_string()).await? {
        return Err(wrong_credentials());
    }
    guard::clear(&mut work, audience, &username).await?;
    let mut detail = json!({ "session_id": session });
    if let Some(way) = way {
        detail["second_factor"] = way.into();
    }
    audit::record(&mut work, &identity.actor(address), "session.open", Some(identity.user()), NOTHING, Some(&detail))
        .await?;
    let signed_in = hand_out(&mut work, session, identity).await?;
    work.commit().await?;
    Ok(signed_in)
}

fn wrong_credentials() -> Failure {
    Failure::new(Code::InvalidCredentials, "The user name or the password is wrong. Try again.")
}

/// User names are written one way.
pub(crate) fn normal_name(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Exchanges a refresh token.
pub(crate) async fn refresh(app: &App, token: &str, address: ClientAddress) -> Result<SignedIn, Failure> {
    let hash = token_hash(token);
    let Some(known) = repo::refresh_token(&mut *app.reader().await?, &hash).await? else {
        return Err(not_signed_in());
    };
    let mut work = app.begin(known.operator).await?;
    let now = work.now();
    let Some(first_use) = repo::use_refresh_token(work.conn(), &hash, now).await? else {
        return Err(not_signed_in());
    };
    if now.ms_since(first_use) > GRACE_MS {
        repo::end(work.conn(), known.session, now).await?;
        let detail = json!({ "session_id": known.session });
        let actor = audit::Actor::system();
        audit::record(&mut work, &actor, "session.copied_token", Some(known.user), NOTHING, Some(&detail)).await?;
        work.commit().await?;
        tracing::warn!(session = %known.session, "a refresh token was used twice: its session is ended");
        return Err(not_signed_in());
    }
    let identity = identity::of_session(work.conn(), known.session).await?.ok_or_else(not_signed_in)?;
    identity.check_active()?;
    repo::forget_expired(work.conn(), known.session, now).await?;
    repo::used(work.conn(), known.session, now, &address.to_string()).await?;
    let signed_in = hand_out(&mut work, known.session, identity).await?;
    work.commit().await?;
    Ok(signed_in)
}

async fn hand_out(work: &mut Work, session: SessionId, identity: Identity) -> Result<SignedIn, Failure> {
    let now = work.now();
    let (access_token, refresh_token) = (new_token(), new_token());
    let access_expires_at = now.plus_ms(ACCESS_MS);
    for (token, purpose, expires) in
        [(&access_token, repo::ACCESS, access_expires_at), (&refresh_token, repo::REFRESH, now.plus_days(REFRESH_DAYS))]
    {
        repo::insert_token(work.conn(), &token_hash(token), session, purpose, expires).await?;
    }
    let second_factor = second_factor::standing(work.conn(), &identity).await?;
    Ok(SignedIn { session_id: session, access_token, access_expires_at, refresh_token, me: identity.me(second_factor) })
}

/// Who the caller is, and how it stands to the second factor.
pub(crate) async fn me(app: &App, identity: Identity) -> Result<Me, Failure> {
    let second_factor = second_factor::standing(&mut *app.reader().await?, &identity).await?;
    Ok(identity.me(second_factor))
}

/// Whose access token this is.
pub(crate) async fn identify(app: &App, token: &str) -> Result<Identity, Failure> {
    let identity = identity::of_token(&mut *app.reader().await?, &token_hash(token), app.now())
        .await?
        .ok_or_else(not_signed_in)?;
    identity.check_active()?;
    Ok(identity)
}

/// The open sessions of the same user.
pub(crate) async fn list(app: &App, identity: &Identity) -> Result<Vec<SessionView>, Failure> {
    let since = app.now().plus_days(-REFRESH_DAYS);
    Ok(repo::list(&mut *app.reader().await?, identity, since).await?)
}

/// Ends one session of the same user.
pub(crate) async fn end(
    app: &App,
    identity: &Identity,
    session: SessionId,
    address: ClientAddress,
) -> Result<(), Failure> {
    let mut work = app.begin(identity.operator).await?;
    let now = work.now();
    if !repo::end_own(work.conn(), session, identity, now).await? {
        return Err(Failure::not_found("session"));
    }
    let detail = json!({ "session_id": session });
    let actor = identity.actor(address);
    audit::record(&mut work, &actor, "session.end", Some(identity.user()), NOTHING, Some(&detail)).await?;
    work.commit().await
}

pub(crate) fn not_signed_in() -> Failure {
    Failure::new(Code::NotSignedIn, "The token is missing, wrong or no longer valid. Sign in, or refresh the session.")
}

/// Refuses members of resellers that may not work now.
pub(crate) fn check_status(status: ResellerStatus) -> Result<(), Failure> {
    match status {
        ResellerStatus::Active => Ok(()),
        ResellerStatus::Suspended | ResellerStatus::Inactive => Err(Failure::new(
            Code::ResellerSuspended,
            format!("This reseller is {}. Ask the operator to activate it again.", status.as_str()),
        )),
    }
}

/// When a lock or limit ends, as a wait from now.
pub(crate) fn wait_ms(until: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(until.ms_since(now)).unwrap_or_default()
}
