//! Lots as staff and resellers see them, the newest first.

use std::collections::HashMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::{LotId, OperatorId};
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::codes::StateCount;
use counterfoil_wire::jobs::CodeJob;
use counterfoil_wire::lots::{Lot, LotDetail, LotsQuery};
use counterfoil_wire::page::Page;
use uuid::Uuid;

use super::record::LotRecord;
use super::repo;
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::code_jobs;
use crate::engine::http::{key_text, limit, newest_before, page};
use crate::engine::search::contains;
use crate::engine::stored::stored;

/// Codes that a list counts by state; the states of more are told by each lot itself.
const COUNTED: i64 = 200_000;

/// Who looks: a reseller is told neither the names of the operator's people nor their jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Viewer {
    Staff,
    Reseller,
}

/// What a search means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Search {
    /// A lot's number, alone or at the beginning of a serial.
    Number(i64),
    /// A pattern of LIKE.
    Words(String),
}

impl Search {
    fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let number = text.split('-').next().unwrap_or_default();
        let digits = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        match number.parse() {
            Ok(number) if digits => Some(Self::Number(number)),
            _ => Some(Self::Words(contains(text))),
        }
    }
}

/// A page of lots.
pub(crate) async fn list(
    app: &App,
    operator: OperatorId,
    scope: &Scope,
    viewer: Viewer,
    query: &LotsQuery,
) -> Result<Page<Lot>, Failure> {
    let limit = limit(query.limit)?;
    let before = newest_before(query.after.as_deref())?;
    let search = query.search.as_deref().and_then(Search::of);
    let filter = repo::Filter { operator, scope, reseller: query.reseller_id, search, before };
    let mut reader = app.reader().await?;
    let records = repo::list(&mut reader, &filter, limit + 1).await?;
    let page = page(records, limit, |record| key_text(&(record.made_at, record.lot_id)));
    let mut left = COUNTED;
    let rows = page.items.iter().filter(|lot| lot.reseller_id.is_some());
    let counted: Vec<Uuid> = rows.take_while(|lot| spend(&mut left, lot.made)).map(|lot| lot.lot_id).collect();
    let mut states = by_state(&mut reader, &counted).await?;
    let mut jobs = match viewer {
        Viewer::Staff => {
            let all: Vec<Uuid> = page.items.iter().map(|lot| lot.lot_id).collect();
            code_jobs::latest(&mut reader, &all).await?
        }
        Viewer::Reseller => HashMap::new(),
    };
    let view = |lot: LotRecord| {
        let id = lot.lot_id;
        let counts = match lot.reseller_id {
            None => Some(lot.states_in_stock()),
            Some(_) => counted.contains(&id).then(|| states.remove(&id).unwrap_or_default()),
        };
        lot.view(viewer, counts, jobs.remove(&id))
    };
    let items = page.items.into_iter().map(view).collect::<Result<_, _>>()?;
    Ok(Page { items, next: page.next })
}

fn spend(left: &mut i64, codes: i64) -> bool {
    *left -= codes;
    *left >= 0
}

/// How many codes of each lot are in each state.
async fn by_state(conn: &mut Conn, lots: &[Uuid]) -> Result<HashMap<Uuid, Vec<StateCount>>, Failure> {
    let mut all: HashMap<Uuid, Vec<StateCount>> = HashMap::new();
    for row in repo::count_by_state(conn, lots).await? {
        let state = stored(CodeState::from_stored(&row.state), "code", "state", row.source_id)?;
        all.entry(row.source_id).or_default().push(StateCount { state, count: row.count.unsigned_abs() });
    }
    Ok(all)
}

/// One lot as it is now.
pub(super) async fn view(
    conn: &mut Conn,
    viewer: Viewer,
    lot: LotRecord,
    job: Option<CodeJob>,
) -> Result<Lot, Failure> {
    let id = lot.lot_id;
    let counts = match lot.reseller_id {
        None => lot.states_in_stock(),
        Some(_) => by_state(conn, &[id]).await?.remove(&id).unwrap_or_default(),
    };
    lot.view(viewer, Some(counts), job)
}

/// One lot with its jobs; not found outside the scope.
pub(crate) async fn detail(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    viewer: Viewer,
    id: LotId,
) -> Result<LotDetail, Failure> {
    let lot = repo::by_id(conn, operator, scope, id).await?.ok_or_else(|| Failure::not_found("lot"))?;
    let jobs = match viewer {
        Viewer::Staff => code_jobs::of_lot(conn, id).await?,
        Viewer::Reseller => Vec::new(),
    };
    let lot = view(conn, viewer, lot, jobs.first().cloned()).await?;
    Ok(LotDetail { lot, jobs })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_a_serial_and_words_are_told_apart() {
        assert_eq!(Search::of(" 000123 "), Some(Search::Number(123)));
        assert_eq!(Search::of("123-0007"), Some(Search::Number(123)));
        assert_eq!(Search::of("123 boxes"), Some(Search::Words("%123 boxes%".into())));
        assert_eq!(Search::of("-"), Some(Search::Words("%-%".into())));
        assert_eq!(Search::of("  "), None);
    }
}
