//! Which external providers a reseller sells, and at which markup.

mod repo;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::amount::Unit;
use counterfoil_domain::ids::{OperatorId, ProviderId, RelationshipId, ResellerId};
use counterfoil_domain::market::{Markup, OfferingStatus, ProviderStatus, RelationshipStatus};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::problem::Code;
use counterfoil_wire::providers::{Offering, OfferingsQuery};
use counterfoil_wire::relationships::{ExternalProvider, OpenRelationship, Relationship, SaveRelationship};

use super::App;
use super::audit::{self, Actor};
use super::ledger;
use super::providers::{self, Key, OfferingKey, changed_meanwhile, name_key};
use super::stored::{stored, stored_currency};
use super::work::Work;
use crate::dialect::Conn;

/// Providers that a reseller sells, once sold or may sell, by name.
pub(crate) async fn external(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
    search: &str,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<ExternalProvider>, Failure> {
    let rows = repo::external(conn, operator, reseller, search, after, limit + 1).await?;
    rows.into_iter().map(|row| external_view(row, reseller)).collect()
}

fn external_view(row: repo::External, reseller: ResellerId) -> Result<ExternalProvider, Failure> {
    let id = row.id;
    let relationship = row.relationship(reseller).map(view).transpose()?;
    Ok(ExternalProvider {
        provider_id: ProviderId(id),
        name: row.name,
        website: row.website,
        currency: stored_currency(&row.currency, "provider", id)?.to_string(),
        status: stored(ProviderStatus::from_stored(&row.status), "provider", "status", id)?,
        offerings: row.offerings,
        relationship,
    })
}

/// What a provider offers, for a reseller that sells it or may: by name, and on sale unless it asks for others.
pub(crate) async fn offerings(
    conn: &mut Conn,
    (operator, reseller): (OperatorId, ResellerId),
    provider: ProviderId,
    query: &OfferingsQuery,
    after: Option<OfferingKey>,
    limit: i64,
) -> Result<Vec<Offering>, Failure> {
    let known = providers::get(conn, operator, provider).await?;
    if known.status != ProviderStatus::Active && repo::of_provider(conn, reseller, provider).await?.is_none() {
        return Err(Failure::not_found("provider"));
    }
    let on_sale = OfferingsQuery { status: query.status.or(Some(OfferingStatus::Active)), ..query.clone() };
    providers::offerings(conn, operator, provider, &on_sale, after, limit).await
}

/// A reseller's relationships, ended ones too, by the provider's name.
pub(crate) async fn list(
    conn: &mut Conn,
    reseller: ResellerId,
    search: &str,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<Relationship>, Failure> {
    repo::list(conn, reseller, search, after, limit + 1).await?.into_iter().map(view).collect()
}

/// A reseller's relationship with a provider.
pub(crate) async fn get(conn: &mut Conn, reseller: ResellerId, provider: ProviderId) -> Result<Relationship, Failure> {
    let row = repo::of_provider(conn, reseller, provider).await?;
    view(row.ok_or_else(|| Failure::not_found("relationship"))?)
}

fn view(row: repo::Row) -> Result<Relationship, Failure> {
    let id = row.id;
    Ok(Relationship {
        relationship_id: RelationshipId(id),
        reseller_id: ResellerId(row.reseller_id),
        company: row.company,
        provider_id: ProviderId(row.provider_id),
        provider_name: row.provider_name,
        currency: stored_currency(&row.currency, "provider", row.provider_id)?.to_string(),
        markup: stored(Markup::try_from(row.markup).ok(), "relationship", "markup", id)?,
        status: stored(RelationshipStatus::from_stored(&row.status), "relationship", "status", id)?,
        revision: row.revision,
        created_at: Timestamp(row.created_at),
        changed_at: Timestamp(row.changed_at),
    })
}

/// Opens a relationship with its books, or one again that was ended. A repeat is answered and opens nothing.
pub(crate) async fn open(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    reseller: ResellerId,
    asked: &OpenRelationship,
) -> Result<Relationship, Failure> {
    let mut work = app.begin(operator).await?;
    let provider = providers::get(work.conn(), operator, asked.provider_id).await?;
    let markup = asked.markup.map_or(Ok(Markup::DEFAULT), checked)?;
    // Of two at once, the second finds what the first opened.
    repo::lock_reseller(work.conn(), reseller).await?;
    let known = repo::of_provider(work.conn(), reseller, asked.provider_id).await?.map(view).transpose()?;
    if let Some(known) = &known
        && known.relationship_id == asked.relationship_id
        && known.status != RelationshipStatus::Inactive
    {
        work.commit().await?;
        return Ok(known.clone());
    }
    if provider.status != ProviderStatus::Active {
        let detail =
            format!("{} is suspended: nothing new of it is sold. Ask the operator when it is back.", provider.name);
        return Err(Failure::new(Code::WrongState, detail));
    }
    match &known {
        Some(known) if known.status != RelationshipStatus::Inactive => return Err(open_already(known)),
        Some(known) => {
            let now = work.now();
            repo::reopen(work.conn(), known.relationship_id, markup, now).await?;
        }
        None => insert(&mut work, reseller, asked, markup, &provider.currency).await?,
    }
    let after = get(work.conn(), reseller, asked.provider_id).await?;
    let subject = Some(after.relationship_id.0);
    audit::record(&mut work, actor, "relationship.open", subject, known.as_ref(), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

fn open_already(known: &Relationship) -> Failure {
    let (name, markup, status) = (&known.provider_name, known.markup.percent(), known.status.as_str());
    let detail = format!(
        "There is a relationship with {name} already, {status} at {markup} %: one per provider. Change that one."
    );
    Failure::new(Code::Conflict, detail)
}

async fn insert(
    work: &mut Work,
    reseller: ResellerId,
    asked: &OpenRelationship,
    markup: Markup,
    currency: &str,
) -> Result<(), Failure> {
    if repo::exists(work.conn(), asked.relationship_id).await? {
        let detail = "This id belongs to another relationship. Mint a new id for a new relationship.";
        return Err(Failure::new(Code::IdReused, detail));
    }
    let (operator, now) = (work.operator(), work.now());
    repo::insert(work.conn(), operator, reseller, asked, markup, now).await?;
    let currency = stored_currency(currency, "provider", asked.provider_id)?;
    ledger::open_order_books(work, reseller, asked.relationship_id, Unit::Minor(currency)).await
}

/// Whole percent from 0 to 50.
fn checked(percent: i64) -> Result<Markup, Failure> {
    Markup::try_from(percent).map_err(|error| {
        let message = format!("{error}: {percent} is not");
        Failure::validation(vec![field("markup", message)])
    })
}

/// Changes markup and status of a relationship as it was read. Orders that were placed keep their price.
pub(crate) async fn save(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    (reseller, provider): (ResellerId, ProviderId),
    asked: &SaveRelationship,
) -> Result<Relationship, Failure> {
    let mut work = app.begin(operator).await?;
    let before = get(work.conn(), reseller, provider).await?;
    let markup = checked(asked.markup)?;
    if asked.status == RelationshipStatus::Inactive {
        let message = "active or suspended: it is ended by DELETE";
        return Err(Failure::validation(vec![field("status", message)]));
    }
    if before.status == RelationshipStatus::Inactive {
        let detail = format!("The relationship with {} was ended. Open it again.", before.provider_name);
        return Err(Failure::new(Code::WrongState, detail));
    }
    let now = work.now();
    if !repo::update(work.conn(), before.relationship_id, markup, asked.status, asked.revision, now).await? {
        return Err(changed_meanwhile("relationship", before.revision));
    }
    told(work, actor, "relationship.edit", &before).await
}

/// Nothing new is sold through it; its orders are worked to their end. Ended before is answered.
pub(crate) async fn end(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    (reseller, provider): (ResellerId, ProviderId),
) -> Result<Relationship, Failure> {
    let mut work = app.begin(operator).await?;
    let before = get(work.conn(), reseller, provider).await?;
    let now = work.now();
    if !repo::end(work.conn(), before.relationship_id, now).await? {
        let after = get(work.conn(), reseller, provider).await?;
        work.commit().await?;
        return Ok(after);
    }
    told(work, actor, "relationship.end", &before).await
}

/// Keeps in the audit what it was and is, and commits.
async fn told(mut work: Work, actor: &Actor, action: &str, before: &Relationship) -> Result<Relationship, Failure> {
    let after = get(work.conn(), before.reseller_id, before.provider_id).await?;
    let subject = Some(before.relationship_id.0);
    audit::record(&mut work, actor, action, subject, Some(before), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

/// Where the next page begins, behind a provider with this name.
pub(crate) fn key(name: &str, provider: ProviderId) -> Key {
    (name_key(name), provider)
}
