//! What is sold, by name: each offering once for every reseller that sells it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::{Amount, Currency, Unit};
use counterfoil_domain::ids::{OfferingId, OperatorId, ProviderId, RelationshipId, ResellerId};
use counterfoil_domain::market::{Details, Markup, Nanos, quote};
use counterfoil_wire::market::{MarketOffering, MarketQuery};
use counterfoil_wire::page::Page;
use uuid::Uuid;

use super::repo::{self, Filter, OfferingRow, SellerRow};
use crate::dialect::Conn;
use crate::engine::brand;
use crate::engine::http::{key_of, key_text, limit, page};
use crate::engine::providers::{name_key, words::Beginnings};
use crate::engine::stored::{stored, stored_currency, stored_number};

/// So many lines of the word that fewest offerings have are read one by one; with more, the market is walked by name.
const FEW: i64 = 5_000;

/// An offering as somebody sells it, with what its price is made of.
pub(crate) struct Offered {
    pub(crate) offering: MarketOffering,
    pub(super) base: Nanos,
    pub(super) markup: Markup,
    pub(super) currency: Currency,
}

/// Behind which line a page begins: an offering by name and id, and who sells it.
type Key = (String, Uuid, Uuid);

/// A page of what is sold.
pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    query: &MarketQuery,
) -> Result<Page<MarketOffering>, Failure> {
    let limit = limit(query.limit)?;
    let mut from: Key = key_of(query.after.as_deref())?.unwrap_or_default();
    let mut words = Beginnings::of(query.search.as_deref().unwrap_or_default());
    let few = rarest_first(conn, operator, &mut words).await?;
    let provider = match query.reseller_id {
        Some(reseller) => match only_provider(conn, reseller, query.provider_id).await? {
            Sold::Nothing => return Ok(Page { items: Vec::new(), next: None }),
            Sold::Of(provider) => Some(provider),
            Sold::OfMany => None,
        },
        None => query.provider_id,
    };
    let (mut found, mut sellers) = (Vec::new(), Sellers { of_reseller: query.reseller_id, known: HashMap::new() });
    // Of the offering that the page before ended in there may be nothing left: one more than the extra one is read.
    let together = limit + 2;
    loop {
        let filter = Filter { operator, reseller: query.reseller_id, provider, from: &from };
        let rows = match (words.is_empty(), provider) {
            (true, None) => repo::all(conn, &filter, together).await?,
            (true, Some(provider)) => repo::of_provider(conn, &filter, provider, together).await?,
            (false, _) if few => repo::with_few(conn, &filter, &words, together).await?,
            (false, _) => repo::with_words(conn, &filter, &words, together).await?,
        };
        let last = rows.last().map(|row| (row.name_key.clone(), row.id, Uuid::max()));
        let full = i64::try_from(rows.len()).is_ok_and(|read| read == together);
        for row in rows {
            let begun = (row.name_key == from.0 && row.id == from.1).then_some(from.2);
            for seller in sellers.of(conn, row.provider_id).await? {
                if begun.is_none_or(|begun| seller.id > begun) {
                    found.extend(offered(&row, seller)?);
                }
            }
        }
        // What is too dear to be sold leaves gaps.
        let enough = i64::try_from(found.len()).is_ok_and(|lines| lines > limit);
        match last {
            Some(last) if full && !enough => from = last,
            _ => break,
        }
    }
    let more = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
    found.truncate(more);
    let page = page(found, limit, |line: &Offered| key_text(&key(&line.offering)));
    let mut items: Vec<_> = page.items.into_iter().map(|line| line.offering).collect();
    put_brands(conn, &mut items).await?;
    Ok(Page { items, next: page.next })
}

/// What the badges of a page look like, in one query.
async fn put_brands(conn: &mut Conn, lines: &mut [MarketOffering]) -> Result<(), Failure> {
    let mut sellers: Vec<Uuid> = lines.iter().map(|line| line.reseller_id.0).collect();
    sellers.sort_unstable();
    sellers.dedup();
    let brands = brand::of_resellers(conn, &sellers).await?;
    for line in lines {
        line.brand = brands.get(&line.reseller_id.0).cloned();
    }
    Ok(())
}

/// One offering as one reseller sells it; none where it is not sold, or not by this one.
pub(crate) async fn offer(
    conn: &mut Conn,
    operator: OperatorId,
    offering: OfferingId,
    relationship: RelationshipId,
) -> Result<Option<Offered>, Failure> {
    let Some(row) = repo::offering(conn, operator, offering).await? else { return Ok(None) };
    let sellers = repo::sellers(conn, row.provider_id, None).await?;
    let seller = sellers.iter().find(|seller| seller.id == relationship.0);
    let mut found = seller.map(|seller| offered(&row, seller)).transpose()?.flatten();
    if let Some(found) = &mut found {
        put_brands(conn, std::slice::from_mut(&mut found.offering)).await?;
    }
    Ok(found)
}

/// Whose offers a reseller sells, as far as the way through the market depends on it.
enum Sold {
    Nothing,
    Of(ProviderId),
    OfMany,
}

/// Who sells little is not looked for all over the market.
async fn only_provider(conn: &mut Conn, reseller: ResellerId, asked: Option<ProviderId>) -> Result<Sold, Failure> {
    let sold = repo::providers_of(conn, reseller).await?;
    let sold: Vec<ProviderId> =
        sold.into_iter().map(ProviderId).filter(|one| asked.is_none_or(|asked| asked == *one)).collect();
    Ok(match sold.as_slice() {
        [] => Sold::Nothing,
        [provider] => Sold::Of(*provider),
        _ => Sold::OfMany,
    })
}

/// Who sells what each provider offers, read once a page.
struct Sellers {
    of_reseller: Option<ResellerId>,
    known: HashMap<Uuid, Vec<SellerRow>>,
}

impl Sellers {
    async fn of(&mut self, conn: &mut Conn, provider: Uuid) -> Result<&[SellerRow], Failure> {
        Ok(match self.known.entry(provider) {
            Entry::Occupied(known) => known.into_mut().as_slice(),
            Entry::Vacant(unknown) => unknown.insert(repo::sellers(conn, provider, self.of_reseller).await?).as_slice(),
        })
    }
}

/// Puts the word first that fewest offerings have; says whether they are few enough to be looked at one by one.
async fn rarest_first(conn: &mut Conn, operator: OperatorId, words: &mut Beginnings) -> Result<bool, Failure> {
    let ranges = words.ranges().map(|(word, beyond)| (word.to_owned(), beyond));
    let mut rarest = (FEW, 0);
    for (at, (word, beyond)) in ranges.iter().enumerate() {
        if !word.is_empty() {
            rarest = rarest.min((repo::lines(conn, operator, word, beyond, FEW).await?, at));
        }
    }
    words.lead_with(rarest.1);
    Ok(rarest.0 < FEW)
}

fn key(line: &MarketOffering) -> Key {
    (name_key(&line.name), line.offering_id.0, line.relationship_id.0)
}

/// None where it is so dear that nobody can buy one.
fn offered(row: &OfferingRow, seller: &SellerRow) -> Result<Option<Offered>, Failure> {
    let currency = stored_currency(&row.currency, "provider", row.provider_id)?;
    let base = stored(Nanos::new(row.base_price).ok(), "offering", "base_price", row.id)?;
    let markup = stored(Markup::try_from(seller.markup).ok(), "relationship", "markup", seller.id)?;
    let Ok(price) = quote(base, 1, markup, currency.minor_digits()) else { return Ok(None) };
    let offering = MarketOffering {
        offering_id: OfferingId(row.id),
        relationship_id: RelationshipId(seller.id),
        name: row.name.clone(),
        description: row.description.clone(),
        provider_id: ProviderId(row.provider_id),
        provider_name: row.provider_name.clone(),
        reseller_id: ResellerId(seller.reseller_id),
        company: seller.company.clone(),
        brand: None,
        price_exact: price.total,
        price: Amount::new(price.total_minor, Unit::Minor(currency)).map_err(Failure::internal)?,
        term_days: stored_number(row.term_days, "offering", "term_days", row.id)?,
        attributes: stored(Details::from_json(&row.attributes).ok(), "offering", "attributes", row.id)?,
        stock: row.stock,
    };
    Ok(Some(Offered { offering, base, markup, currency }))
}
