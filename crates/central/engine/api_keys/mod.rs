//! Keys with which other programs of a reseller use the API. An owner makes and revokes those of its own reseller, where
//! the operator grants it `api_access`; the operator can revoke each. What a key may be used for is in [`reach`].

mod reach;
mod repo;
mod sign_in;

use std::collections::BTreeSet;

use counterfoil_central_platform::api_keys::{beginning, new_key};
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::tokens::token_hash;
use counterfoil_domain::api_key::{ApiScope, LONGEST_NAME, MOST_KEYS, key_name};
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::{ApiKeyId, MemberId, OperatorId, ResellerId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::api_keys::{ApiKey, CreateApiKey, MadeApiKey};
use counterfoil_wire::problem::{Code, FieldProblem};
use uuid::Uuid;

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::permissions;
use super::stored::{stored, stored_number};
use super::work::Work;
use crate::dialect::Conn;
pub(crate) use reach::needs;
pub(crate) use sign_in::{KnownKey, authenticate};

/// Who looks at keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Viewer {
    Staff,
    /// Is not told the names of the operator's people.
    Reseller,
}

/// The owner who makes a key, and for whom.
pub(crate) struct Maker<'a> {
    pub(crate) operator: OperatorId,
    pub(crate) reseller: ResellerId,
    pub(crate) member: MemberId,
    pub(crate) actor: &'a Actor,
}

/// The keys of a reseller, those that are revoked as well, the newest first.
pub(crate) async fn list(
    conn: &mut Conn,
    reseller: ResellerId,
    viewer: Viewer,
    before: (i64, Uuid),
    limit: i64,
) -> Result<Vec<ApiKey>, Failure> {
    repo::list(conn, reseller, before, limit).await?.into_iter().map(|row| view(row, viewer)).collect()
}

async fn get(conn: &mut Conn, reseller: ResellerId, id: ApiKeyId, viewer: Viewer) -> Result<ApiKey, Failure> {
    let row = repo::by_id(conn, reseller, id).await?.ok_or_else(|| Failure::not_found("API key"))?;
    view(row, viewer)
}

fn view(row: repo::Row, viewer: Viewer) -> Result<ApiKey, Failure> {
    let id = ApiKeyId(row.id);
    Ok(ApiKey {
        key_id: id,
        begins: beginning(id),
        scopes: scopes(&row.scopes, id)?,
        name: row.name,
        made_by: row.made_by,
        made_at: Timestamp(row.made_at),
        expires_at: row.expires_at.map(Timestamp),
        last_used_at: row.last_used_at.map(Timestamp),
        last_used_from: row.last_used_from,
        revoked_at: row.revoked_at.map(Timestamp),
        revoked_by: row.revoked_by_member.or(row.revoked_by_staff.filter(|_| viewer == Viewer::Staff)),
        revoked_by_staff: row.revoked_by_kind.as_deref() == Some("staff"),
    })
}

fn scopes(text: &str, id: ApiKeyId) -> Result<BTreeSet<ApiScope>, Failure> {
    stored(serde_json::from_str(text).ok(), "api_key", "scopes", id)
}

/// Makes a key and shows its secret, this once: what is stored is a hash. So a repeat under the same id is refused.
pub(crate) async fn create(app: &App, maker: &Maker<'_>, asked: &CreateApiKey) -> Result<MadeApiKey, Failure> {
    let name = check(asked, app.now())?;
    let mut work = app.begin(maker.operator).await?;
    // The row stays locked: of two at once the second counts the first, and a grant is not withdrawn in between.
    permissions::hold(&mut work, maker.reseller, Grant::ApiAccess).await?;
    if repo::exists(work.conn(), asked.key_id).await? {
        let detail = "A key was made under this id before, and its secret is shown only once. If it did not reach you, \
                      revoke that key and make another one under a new id.";
        return Err(Failure::new(Code::IdReused, detail));
    }
    room_for(&mut work, maker.reseller, name).await?;
    let secret = new_key(asked.key_id);
    let scopes = serde_json::to_string(&asked.scopes).map_err(Failure::internal)?;
    let hash = token_hash(&secret);
    let new = repo::New {
        id: asked.key_id,
        reseller: maker.reseller,
        name,
        hash: &hash,
        scopes: &scopes,
        made_by: maker.member,
        expires_at: asked.expires_at,
    };
    let now = work.now();
    repo::insert(work.conn(), maker.operator, &new, now).await?;
    let key = get(work.conn(), maker.reseller, asked.key_id, Viewer::Reseller).await?;
    audit::record(&mut work, maker.actor, "api_key.create", Some(asked.key_id.0), NOTHING, Some(&key)).await?;
    work.commit().await?;
    Ok(MadeApiKey { key, secret })
}

/// The name as it is kept.
fn check(asked: &CreateApiKey, now: Timestamp) -> Result<&str, Failure> {
    let mut wrong: Vec<FieldProblem> = Vec::new();
    let name = key_name(&asked.name);
    if name.is_none() {
        wrong.push(field("name", format!("1 to {LONGEST_NAME} characters, in one line")));
    }
    if asked.scopes.is_empty() {
        wrong.push(field("scopes", "say what the key is for: read, sell or accounts"));
    }
    if asked.expires_at.is_some_and(|at| at <= now) {
        wrong.push(field("expires_at", "a moment to come, or nothing"));
    }
    name.filter(|_| wrong.is_empty()).ok_or_else(|| Failure::validation(wrong))
}

/// Refuses a name that another key has, and one key too many. Those that have expired count until they are revoked.
async fn room_for(work: &mut Work, reseller: ResellerId, name: &str) -> Result<(), Failure> {
    if repo::is_name_taken(work.conn(), reseller, name).await? {
        let message = "another key has this name: choose another one, or revoke that key first";
        return Err(Failure::validation(vec![field("name", message)]));
    }
    let live: u32 = stored_number(repo::count_live(work.conn(), reseller).await?, "api_key", "count", reseller)?;
    if live >= MOST_KEYS {
        let detail =
            format!("You have {MOST_KEYS} API keys, and more are not possible. Revoke one that you do not need.");
        return Err(Failure::new(Code::ApiKeyLimit, detail));
    }
    Ok(())
}

/// Refuses a key from now on. It stays in the list; one that is revoked already is answered as it is.
pub(crate) async fn revoke(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    viewer: Viewer,
    reseller: ResellerId,
    id: ApiKeyId,
) -> Result<ApiKey, Failure> {
    let mut work = app.begin(operator).await?;
    let before = get(work.conn(), reseller, id, viewer).await?;
    let now = work.now();
    let is_first = repo::revoke(work.conn(), id, now, actor.who()).await?;
    let after = get(work.conn(), reseller, id, viewer).await?;
    if is_first {
        audit::record(&mut work, actor, "api_key.revoke", Some(id.0), Some(&before), Some(&after)).await?;
    }
    work.commit().await?;
    Ok(after)
}

/// How many keys are let in, or were until they expired.
pub(crate) async fn count_live(conn: &mut Conn, operator: OperatorId) -> Result<u32, Failure> {
    let live = repo::live(conn, operator).await?;
    u32::try_from(live.len()).map_err(Failure::internal)
}

/// Refuses every key from now on: a restored Central does not know which of them were revoked since its backup.
pub(crate) async fn revoke_all(app: &App, operator: OperatorId) -> Result<u32, Failure> {
    let mut work = app.begin(operator).await?;
    let (actor, now) = (Actor::system(), work.now());
    let mut revoked = 0;
    for (reseller, id) in repo::live(work.conn(), operator).await? {
        let before = get(work.conn(), reseller, id, Viewer::Staff).await?;
        // For the reseller it is the operator who did it.
        if !repo::revoke(work.conn(), id, now, ("staff", Some(operator.0))).await? {
            continue;
        }
        let after = get(work.conn(), reseller, id, Viewer::Staff).await?;
        audit::record(&mut work, &actor, "api_key.revoke", Some(id.0), Some(&before), Some(&after)).await?;
        revoked += 1;
    }
    work.commit().await?;
    Ok(revoked)
}
