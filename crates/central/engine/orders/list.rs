//! The queue of orders, a search in it, and one order with its history.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::keys::Keys;
use counterfoil_domain::ids::{OperatorId, ProviderId, ResellerId};
use counterfoil_domain::market::{OrderState, OrderStep};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::orders::{Order, OrderDetail, OrderEvent, OrdersQuery};
use counterfoil_wire::page::Page;
use uuid::Uuid;

use super::names::{LENGTH, LONGEST, PREFIX, customer_path};
use super::record::{OrderRecord, order_records};
use super::{Asker, Viewer, find, repo};
use crate::dialect::Conn;
use crate::engine::http::{key_of, key_text, limit, newest_before, page};
use crate::engine::stored::{stored, stored_number};
use crate::engine::work::Work;
use crate::engine::{App, resellers};

/// With fewer symbols of a contract id there would be too many to look through.
const LEAST_SYMBOLS: usize = 3;

/// Whose orders, and which of them.
struct Filter {
    operator: OperatorId,
    reseller: Option<ResellerId>,
    provider: Option<ProviderId>,
    state: Option<OrderState>,
}

/// A page of the orders that somebody sees: of one state the oldest first, else the latest; of a search for contract ids
/// in their order.
pub(crate) async fn list(app: &App, asker: &Asker<'_>, query: &OrdersQuery) -> Result<Page<Order>, Failure> {
    let (operator, viewer) = (asker.operator, asker.viewer);
    let mut reader = app.reader().await?;
    let reseller = match (viewer, query.reseller_id) {
        (Viewer::Staff, None) => None,
        (Viewer::Staff, Some(asked)) => {
            resellers::path(&mut reader, operator, &Scope::Operator, asked).await?;
            Some(asked)
        }
        (Viewer::Reseller(own), None) => Some(own),
        (Viewer::Reseller(own), Some(asked)) if asked == own => Some(own),
        (Viewer::Reseller(_), Some(_)) => return Err(Failure::not_found("reseller")),
    };
    let limit = limit(query.limit)?;
    let (state, provider) = (query.status, query.provider_id);
    let filter = Filter { operator, reseller, provider, state };
    let search = query.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
    match search {
        Some(email) if email.contains('@') => {
            let before = newest_before(query.after.as_deref())?;
            let rows = of_email(&mut reader, &filter, &email.to_lowercase(), before, limit + 1).await?;
            timed(&rows, limit)
        }
        Some(text) => {
            let Some(spans) = spans(text)? else { return Ok(Page { items: Vec::new(), next: None }) };
            let after = key_of::<String>(query.after.as_deref())?.unwrap_or_default();
            let rows = of_contract(&mut reader, &filter, &spans, &after, limit + 1).await?;
            let rows = shown(&rows)?;
            Ok(page(rows, limit, |order| key_text(&order.contract_id)))
        }
        None => {
            let after = key_of::<(i64, Uuid)>(query.after.as_deref())?;
            let rows = queue(&mut reader, &filter, after, limit + 1).await?;
            timed(&rows, limit)
        }
    }
}

fn shown(rows: &[OrderRecord]) -> Result<Vec<Order>, Failure> {
    rows.iter().map(OrderRecord::to_wire).collect()
}

fn timed(rows: &[OrderRecord], limit: i64) -> Result<Page<Order>, Failure> {
    Ok(page(shown(rows)?, limit, |order| key_text(&(order.created_at.0, order.order_id))))
}

/// Contract ids from one to another, both among them.
type Span = (String, String);

/// Where contract ids that begin so stand: those that Central made, whose first letters need not be typed, and those that
/// came out of a file. None where none can begin so.
fn spans(text: &str) -> Result<Option<[Span; 2]>, Failure> {
    let upper = text.to_uppercase();
    let symbols = upper.strip_prefix(PREFIX).unwrap_or(&upper);
    if symbols.len() < LEAST_SYMBOLS {
        let message = format!("{LEAST_SYMBOLS} symbols of a contract id at least, or a whole e-mail address");
        return Err(Failure::validation(vec![field("search", message)]));
    }
    let known = |symbol: u8| symbol.is_ascii_alphanumeric() || matches!(symbol, b'-' | b'.' | b'_');
    if upper.len() > LONGEST || !upper.bytes().all(known) {
        return Ok(None);
    }
    let made = (format!("{PREFIX}{symbols}"), format!("{PREFIX}{symbols:Z<LENGTH$}"));
    // An underscore is above every letter.
    let imported = (upper.clone(), format!("{upper}\u{10FFFF}"));
    Ok(Some([made, imported]))
}

/// Each along an index of its own; what a provider is asked for besides is looked at on the way.
async fn queue(
    conn: &mut Conn,
    filter: &Filter,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<OrderRecord>, sqlx::Error> {
    match filter.state {
        Some(state) => oldest(conn, filter, state, after.unwrap_or((i64::MIN, Uuid::nil())), limit).await,
        None => latest(conn, filter, after.unwrap_or((i64::MAX, Uuid::max())), limit).await,
    }
}

async fn oldest(
    conn: &mut Conn,
    filter: &Filter,
    state: OrderState,
    (at, id): (i64, Uuid),
    limit: i64,
) -> Result<Vec<OrderRecord>, sqlx::Error> {
    let (any, provider) = provider(filter);
    let state = state.as_str();
    if let Some(reseller) = filter.reseller {
        return order_records!(
            "WHERE o.reseller_id = $1 AND o.state = $2 AND (o.created_at, o.id) > ($3, $4)
               AND ($5 OR o.provider_id = $6)
             ORDER BY o.created_at, o.id LIMIT $7",
            reseller.0,
            state,
            at,
            id,
            any,
            provider,
            limit
        )
        .fetch_all(conn)
        .await;
    }
    order_records!(
        "WHERE o.operator_id = $1 AND o.state = $2 AND (o.created_at, o.id) > ($3, $4) AND ($5 OR o.provider_id = $6)
         ORDER BY o.created_at, o.id LIMIT $7",
        filter.operator.0,
        state,
        at,
        id,
        any,
        provider,
        limit
    )
    .fetch_all(conn)
    .await
}

async fn latest(
    conn: &mut Conn,
    filter: &Filter,
    (at, id): (i64, Uuid),
    limit: i64,
) -> Result<Vec<OrderRecord>, sqlx::Error> {
    let (any, provider) = provider(filter);
    match filter.reseller {
        Some(reseller) => {
            order_records!(
                "WHERE o.reseller_id = $1 AND (o.created_at, o.id) < ($2, $3) AND ($4 OR o.provider_id = $5)
                 ORDER BY o.created_at DESC, o.id DESC LIMIT $6",
                reseller.0,
                at,
                id,
                any,
                provider,
                limit
            )
            .fetch_all(conn)
            .await
        }
        None if any => {
            order_records!(
                "WHERE o.operator_id = $1 AND (o.created_at, o.id) < ($2, $3)
                 ORDER BY o.created_at DESC, o.id DESC LIMIT $4",
                filter.operator.0,
                at,
                id,
                limit
            )
            .fetch_all(conn)
            .await
        }
        None => {
            order_records!(
                "WHERE o.provider_id = $1 AND o.operator_id = $2 AND (o.created_at, o.id) < ($3, $4)
                 ORDER BY o.created_at DESC, o.id DESC LIMIT $5",
                provider,
                filter.operator.0,
                at,
                id,
                limit
            )
            .fetch_all(conn)
            .await
        }
    }
}

/// Whether any provider will do, and which one otherwise.
fn provider(filter: &Filter) -> (bool, Uuid) {
    (filter.provider.is_none(), filter.provider.map_or(Uuid::nil(), |id| id.0))
}

/// A customer has few. The index is each reseller's own.
async fn of_email(
    conn: &mut Conn,
    filter: &Filter,
    email: &str,
    (at, id): (i64, Uuid),
    limit: i64,
) -> Result<Vec<OrderRecord>, sqlx::Error> {
    let (any, provider) = provider(filter);
    // An empty one is all states.
    let state = filter.state.map_or("", OrderState::as_str);
    match filter.reseller {
        Some(reseller) => {
            order_records!(
                "WHERE o.reseller_id = $1 AND o.customer_email = $2 AND (o.created_at, o.id) < ($3, $4)
                   AND ($5 OR o.provider_id = $6) AND (o.state = $7 OR $7 = '')
                 ORDER BY o.created_at DESC, o.id DESC LIMIT $8",
                reseller.0,
                email,
                at,
                id,
                any,
                provider,
                state,
                limit
            )
            .fetch_all(conn)
            .await
        }
        None => {
            order_records!(
                "WHERE o.reseller_id IN (SELECT id FROM reseller WHERE operator_id = $1) AND o.customer_email = $2
                   AND (o.created_at, o.id) < ($3, $4) AND ($5 OR o.provider_id = $6) AND (o.state = $7 OR $7 = '')
                 ORDER BY o.created_at DESC, o.id DESC LIMIT $8",
                filter.operator.0,
                email,
                at,
                id,
                any,
                provider,
                state,
                limit
            )
            .fetch_all(conn)
            .await
        }
    }
}

/// Spans and no LIKE, so that it can use the index of contract ids.
async fn of_contract(
    conn: &mut Conn,
    filter: &Filter,
    [(first, last), (imported, last_imported)]: &[Span; 2],
    after: &str,
    limit: i64,
) -> Result<Vec<OrderRecord>, sqlx::Error> {
    let (first, last, imported, last_imported) =
        (first.as_str(), last.as_str(), imported.as_str(), last_imported.as_str());
    let (any, provider) = provider(filter);
    let (every, reseller) = (filter.reseller.is_none(), filter.reseller.map_or(Uuid::nil(), |id| id.0));
    let state = filter.state.map_or("", OrderState::as_str);
    order_records!(
        "WHERE o.id IN (SELECT made.id FROM (SELECT m.id FROM market_order m
             WHERE m.operator_id = $1 AND m.contract_id BETWEEN $2 AND $3 AND m.contract_id > $4
               AND ($5 OR m.reseller_id = $6) AND ($7 OR m.provider_id = $8) AND (m.state = $9 OR $9 = '')
             ORDER BY m.contract_id LIMIT $10) AS made
           UNION SELECT imported.id FROM (SELECT m.id FROM market_order m
             WHERE m.operator_id = $1 AND m.contract_id BETWEEN $11 AND $12 AND m.contract_id > $4
               AND ($5 OR m.reseller_id = $6) AND ($7 OR m.provider_id = $8) AND (m.state = $9 OR $9 = '')
             ORDER BY m.contract_id LIMIT $10) AS imported)
         ORDER BY o.contract_id LIMIT $10",
        filter.operator.0,
        first,
        last,
        after,
        every,
        reseller,
        any,
        provider,
        state,
        limit,
        imported,
        last_imported
    )
    .fetch_all(conn)
    .await
}

/// One order with all that was done with it.
pub(crate) async fn detail(app: &App, asker: &Asker<'_>, contract_id: &str) -> Result<OrderDetail, Failure> {
    let mut reader = app.reader().await?;
    let order = find(&mut reader, asker.operator, asker.viewer, contract_id).await?;
    with_history(&mut reader, app.keys(), asker.viewer, &order).await
}

/// What whoever did something is answered, once it is committed.
pub(super) async fn answer(
    app: &App,
    mut work: Work,
    asker: &Asker<'_>,
    order: &OrderRecord,
) -> Result<OrderDetail, Failure> {
    let detail = with_history(work.conn(), app.keys(), asker.viewer, order).await?;
    work.commit().await?;
    Ok(detail)
}

async fn with_history(
    conn: &mut Conn,
    keys: &Keys,
    viewer: Viewer,
    order: &OrderRecord,
) -> Result<OrderDetail, Failure> {
    let rows = repo::steps(conn, order.order_id()).await?;
    let steps = rows.into_iter().map(|row| event(order, row, viewer)).collect::<Result<_, _>>()?;
    let has_page = viewer != Viewer::Staff && order.placed_at.is_some();
    let customer_path = has_page.then(|| customer_path(keys, order.order_id()));
    Ok(OrderDetail { order: order.to_wire()?, steps, customer_path })
}

/// Who of the staff it was is not told to resellers.
fn event(order: &OrderRecord, row: repo::StepRow, viewer: Viewer) -> Result<OrderEvent, Failure> {
    let id = order.id;
    let by = match row.by_kind.as_str() {
        "customer" => Some("customer".to_owned()),
        _ => row.by_member.or(row.by_staff.filter(|_| viewer == Viewer::Staff)),
    };
    Ok(OrderEvent {
        seq: stored_number(row.seq, "order_step", "seq", id)?,
        step: stored(OrderStep::from_stored(&row.step), "order_step", "step", id)?,
        state: stored(OrderState::from_stored(&row.state), "order_step", "state", id)?,
        at: Timestamp(row.at),
        by,
        device: row.device,
        device_at: row.device_at.map(Timestamp),
        units: stored_number(row.units, "order_step", "units", id)?,
        amount: order.amount(row.base + row.markup_amount)?,
        note: row.note,
    })
}

#[cfg(test)]
mod tests {
    use super::spans;

    #[test]
    fn a_contract_id_is_found_from_its_beginning_however_it_is_typed() {
        let made = |text: &str| spans(text).expect(text).map(|[made, _]| made);
        for text in ["7k2", "CF-7K2", "cf-7k2"] {
            assert_eq!(made(text), Some(("CF-7K2".to_owned(), "CF-7K2ZZZZZZZ".to_owned())), "{text}");
        }
        let whole = "CF-7K2XW9HD4T".to_owned();
        assert_eq!(made(&whole), Some((whole.clone(), whole.clone())));
        for text in ["7k%", "ämter", &"7".repeat(41)] {
            assert_eq!(spans(text).expect(text), None, "{text}");
        }
        for text in ["7", "CF-", "cf-7k"] {
            assert!(spans(text).is_err(), "{text}");
        }
    }

    #[test]
    fn one_of_a_file_is_found_by_what_it_begins_with() {
        let (first, last) = spans("old-20").expect("long enough").map(|[_, imported]| imported).expect("a span");
        for id in ["OLD-20", "OLD-2041", "OLD-20.A", "OLD-20_A", "OLD-20Z_"] {
            assert!(first.as_str() <= id && id <= last.as_str(), "{id}");
        }
        for id in ["OLD-19", "OLD-21", "CF-OLD-20"] {
            assert!(id < first.as_str() || last.as_str() < id, "{id}");
        }
    }
}
