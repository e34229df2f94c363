//! What a provider offers: lists, and changes by hand.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::ids::{OfferingId, OperatorId, ProviderId};
use counterfoil_domain::market::{Details, Nanos, OfferingStatus};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::problem::Code;
use counterfoil_wire::providers::{Offering, OfferingsQuery, SaveOffering};
use uuid::Uuid;

use super::draft::OfferingDraft;
use super::words::{self, Beginnings};
use super::{OfferingKey, changed_meanwhile, lock, repo};
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::repeat;
use crate::engine::stored::{stored, stored_number};
use crate::engine::work::Work;

/// A word that fewer offerings have than this leads to them; otherwise they are gone through by name until a page is full.
const FEW: i64 = 1_000;

/// By name. The provider is known to be the operator's.
pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    provider: ProviderId,
    query: &OfferingsQuery,
    after: Option<OfferingKey>,
    limit: i64,
) -> Result<Vec<Offering>, Failure> {
    let mut search = Beginnings::of(query.search.as_deref().unwrap_or_default());
    let asked = query.search.as_deref().is_some_and(|text| !text.trim().is_empty());
    if asked && search.is_empty() {
        // Nothing but signs: no offering has a word like that.
        return Ok(Vec::new());
    }
    let few = lead(conn, operator, &mut search).await?;
    let filter = repo::Filter { operator, provider, status: query.status, search: &search, after };
    let rows =
        if few { repo::found(conn, &filter, limit + 1).await? } else { repo::walked(conn, &filter, limit + 1).await? };
    rows.into_iter().map(view).collect()
}

/// Puts the rarest word first, and says whether few offerings have it.
async fn lead(conn: &mut Conn, operator: OperatorId, search: &mut Beginnings) -> Result<bool, Failure> {
    let mut rarest: Option<(i64, usize)> = None;
    for (at, (word, beyond)) in search.ranges().into_iter().enumerate() {
        if word.is_empty() {
            continue;
        }
        let most = rarest.map_or(FEW, |(count, _)| count);
        if let Some(count) = repo::few(conn, operator, (word, beyond.as_str()), most).await? {
            rarest = Some((count, at));
        }
    }
    if let Some((_, at)) = rarest {
        search.lead_with(at);
    }
    Ok(rarest.is_some())
}

fn view(row: repo::Offered) -> Result<Offering, Failure> {
    let id = row.id;
    Ok(Offering {
        offering_id: OfferingId(id),
        provider_id: ProviderId(row.provider_id),
        article: row.article,
        name: row.name,
        description: row.description,
        base_price: stored(Nanos::new(row.base_price).ok(), "offering", "base_price", id)?,
        currency: row.currency,
        term_days: stored_number(row.term_days, "offering", "term_days", id)?,
        attributes: stored(Details::from_json(&row.attributes).ok(), "offering", "attributes", id)?,
        stock: row.stock,
        status: stored(OfferingStatus::from_stored(&row.status), "offering", "status", id)?,
        revision: row.revision,
        changed_at: Timestamp(row.changed_at),
    })
}

async fn one(conn: &mut Conn, provider: ProviderId, id: OfferingId) -> Result<Offering, Failure> {
    view(repo::offering_by_id(conn, provider, id).await?.ok_or_else(|| Failure::not_found("offering"))?)
}

/// Creates an offering. A repeat with the same content is answered like the first.
pub(crate) async fn create(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    provider: ProviderId,
    asked: &SaveOffering,
) -> Result<Offering, Failure> {
    let mut work = app.begin(operator).await?;
    lock(&mut work, provider).await?;
    let draft = OfferingDraft::of(asked);
    let mut wrong = draft.wrong();
    if asked.revision != 0 {
        wrong.push(field("revision", "a new offering has none: leave it out, or PUT to edit"));
    }
    if !wrong.is_empty() {
        return Err(Failure::validation(wrong));
    }
    if repo::offering_exists(work.conn(), asked.offering_id).await? {
        let known = one(work.conn(), provider, asked.offering_id).await;
        return repeat::answer(work, known, |known| OfferingDraft::of_known(known) == draft, "offering").await;
    }
    free(&mut work, provider, &draft, asked.offering_id).await?;
    write(&mut work, provider, &[repo::Put { id: asked.offering_id.0, draft: &draft }]).await?;
    let after = one(work.conn(), provider, asked.offering_id).await?;
    audit::record(&mut work, actor, "offering.create", Some(asked.offering_id.0), NOTHING, Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

/// Edits an offering as it was read, or withdraws it. Orders that were placed keep their price.
pub(crate) async fn edit(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    (provider, id): (ProviderId, OfferingId),
    asked: &SaveOffering,
) -> Result<Offering, Failure> {
    let mut work = app.begin(operator).await?;
    lock(&mut work, provider).await?;
    let before = one(work.conn(), provider, id).await?;
    let draft = OfferingDraft::of(asked);
    let mut wrong = draft.wrong();
    if asked.offering_id != id {
        wrong.push(field("offering_id", "the same as in the path"));
    }
    if asked.revision < 1 {
        wrong.push(field("revision", "say which one was edited, as it was read"));
    }
    if !wrong.is_empty() {
        return Err(Failure::validation(wrong));
    }
    free(&mut work, provider, &draft, id).await?;
    let now = work.now();
    if !repo::update_offering(work.conn(), id, &draft, asked.revision, now).await? {
        return Err(changed_meanwhile("offering", before.revision));
    }
    repo::forget_words(work.conn(), &[id.0]).await?;
    keep_words(&mut work, &[repo::Put { id: id.0, draft: &draft }]).await?;
    let after = one(work.conn(), provider, id).await?;
    audit::record(&mut work, actor, "offering.edit", Some(id.0), Some(&before), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

/// No other offering of the provider may have the article: files find them by it.
async fn free(work: &mut Work, provider: ProviderId, draft: &OfferingDraft, id: OfferingId) -> Result<(), Failure> {
    if repo::article_taken(work.conn(), provider, &draft.article, id).await? {
        let detail = format!("The provider has an offering with the article {} already.", draft.article);
        return Err(Failure::new(Code::Conflict, format!("{detail} Change that one, or choose another article.")));
    }
    Ok(())
}

/// Makes or changes offerings by article, with the words that they are found by. Under the provider's lock.
pub(super) async fn write(work: &mut Work, provider: ProviderId, offerings: &[repo::Put<'_>]) -> Result<(), Failure> {
    let (operator, now) = (work.operator(), work.now());
    repo::put(work.conn(), operator, provider, now, offerings).await?;
    let ids: Vec<Uuid> = offerings.iter().map(|one| one.id).collect();
    repo::forget_words(work.conn(), &ids).await?;
    keep_words(work, offerings).await
}

async fn keep_words(work: &mut Work, offerings: &[repo::Put<'_>]) -> Result<(), Failure> {
    let words: Vec<(Uuid, String)> = offerings
        .iter()
        .flat_map(|one| {
            let texts = [one.draft.name.as_str(), &one.draft.article, &one.draft.description];
            words::of(&texts).into_iter().map(|word| (one.id, word))
        })
        .collect();
    let operator = work.operator();
    Ok(repo::keep_words(work.conn(), operator, &words).await?)
}
