//! External providers and what they offer. Staff keep both, by hand and out of files; resellers see them through
//! [`super::relationships`], and customers on the market.

mod draft;
mod import;
mod offerings;
mod repo;
pub(crate) mod words;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::ids::{OfferingId, OperatorId, ProviderId};
use counterfoil_domain::market::ProviderStatus;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::problem::Code;
use counterfoil_wire::providers::{Provider, SaveProvider};

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::repeat;
use super::stored::{stored, stored_currency};
use super::work::Work;
use crate::dialect::Conn;
use draft::ProviderDraft;
pub(crate) use import::import;
pub(crate) use offerings::{create as create_offering, edit as edit_offering, list as offerings};

/// Where a page of providers begins: after this name in small letters, and id.
pub(crate) type Key = (String, ProviderId);

/// Where a page of offerings begins, likewise.
pub(crate) type OfferingKey = (String, OfferingId);

/// What lists are ordered by, and what no two providers share.
pub(crate) fn name_key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// By name.
pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    search: &str,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<Provider>, Failure> {
    repo::list(conn, operator, search, after, limit + 1).await?.into_iter().map(view).collect()
}

pub(crate) async fn get(conn: &mut Conn, operator: OperatorId, id: ProviderId) -> Result<Provider, Failure> {
    view(repo::by_id(conn, operator, id).await?.ok_or_else(unknown)?)
}

fn unknown() -> Failure {
    Failure::not_found("provider")
}

fn view(row: repo::Row) -> Result<Provider, Failure> {
    let id = row.id;
    Ok(Provider {
        provider_id: ProviderId(id),
        name: row.name,
        contact_name: row.contact_name,
        email: row.email,
        phone: row.phone,
        website: row.website,
        currency: stored_currency(&row.currency, "provider", id)?.to_string(),
        status: stored(ProviderStatus::from_stored(&row.status), "provider", "status", id)?,
        notes: row.notes,
        revision: row.revision,
        offerings: row.offerings,
        resellers: row.resellers,
        created_at: Timestamp(row.created_at),
        changed_at: Timestamp(row.changed_at),
    })
}

/// Creates a provider. A repeat with the same content is answered like the first.
pub(crate) async fn create(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    asked: &SaveProvider,
) -> Result<Provider, Failure> {
    let draft = ProviderDraft::check(asked)?;
    if asked.revision != 0 {
        return Err(Failure::validation(vec![field(
            "revision",
            "a new provider has none: leave it out, or PUT to edit",
        )]));
    }
    let mut work = app.begin(operator).await?;
    if repo::exists(work.conn(), asked.provider_id).await? {
        let known = get(work.conn(), operator, asked.provider_id).await;
        return repeat::answer(work, known, |known| draft.matches(known), "provider").await;
    }
    free(&mut work, &draft).await?;
    let now = work.now();
    repo::insert(work.conn(), operator, &draft, now).await?;
    let after = get(work.conn(), operator, asked.provider_id).await?;
    audit::record(&mut work, actor, "provider.create", Some(asked.provider_id.0), NOTHING, Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

/// Edits a provider as it was read. Orders that were placed are worked to their end, whatever it is now.
pub(crate) async fn edit(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    id: ProviderId,
    asked: &SaveProvider,
) -> Result<Provider, Failure> {
    let mut work = app.begin(operator).await?;
    let before = get(work.conn(), operator, id).await?;
    let draft = ProviderDraft::check(asked)?;
    let mut wrong = Vec::new();
    if asked.provider_id != id {
        wrong.push(field("provider_id", "the same as in the path"));
    }
    if draft.currency.to_string() != before.currency {
        let message = format!("its prices and books are in {}: that stays", before.currency);
        wrong.push(field("currency", message));
    }
    if asked.revision < 1 {
        wrong.push(field("revision", "say which one was edited, as it was read"));
    }
    if !wrong.is_empty() {
        return Err(Failure::validation(wrong));
    }
    free(&mut work, &draft).await?;
    let now = work.now();
    if !repo::update(work.conn(), operator, &draft, asked.revision, now).await? {
        return Err(changed_meanwhile("provider", before.revision));
    }
    let after = get(work.conn(), operator, id).await?;
    audit::record(&mut work, actor, "provider.edit", Some(id.0), Some(&before), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

/// The answer to an edit of something that was changed since it was read.
pub(crate) fn changed_meanwhile(what: &str, revision: i64) -> Failure {
    let detail = format!("Somebody changed this {what} meanwhile: it is at revision {revision}. Read it again.");
    Failure::new(Code::Conflict, detail)
}

/// No other provider may have the name: people tell them apart by it.
async fn free(work: &mut Work, draft: &ProviderDraft<'_>) -> Result<(), Failure> {
    let operator = work.operator();
    if repo::name_taken(work.conn(), operator, &draft.name_key, draft.id).await? {
        let detail = format!("There is a provider with the name {} already. Choose another name.", draft.name);
        return Err(Failure::new(Code::Conflict, detail));
    }
    Ok(())
}

/// Its offerings are made and imported one after the other.
async fn lock(work: &mut Work, id: ProviderId) -> Result<(), Failure> {
    let operator = work.operator();
    if repo::lock(work.conn(), operator, id).await? { Ok(()) } else { Err(unknown()) }
}
