//! The codes of a scope, the newest first, and how many are in each state.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::code::{Code, CodeState};
use counterfoil_domain::ids::{OperatorId, PlanId, ResellerId};
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::codes::{CodeRow, CodeStats, CodesQuery, StateCount};
use counterfoil_wire::page::Page;

use super::repo;
use crate::dialect::Conn;
use crate::engine::http::{key_text, limit, newest_before, page};
use crate::engine::stored::stored;
use crate::engine::{App, candidate};

/// What a search means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Search {
    /// A whole code: the lease or lot and the number it stands for.
    Number {
        source: uuid::Uuid,
        seq: i64,
    },
    /// The start of a serial.
    Serial(String),
    Email(String),
}

/// A page of codes.
pub(crate) async fn list(
    app: &App,
    operator: OperatorId,
    scope: &Scope,
    query: &CodesQuery,
) -> Result<Page<CodeRow>, Failure> {
    let limit = limit(query.limit)?;
    let before = newest_before(query.after.as_deref())?;
    let search = match query.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => match search_of(app, text).await? {
            None => return Ok(Page { items: Vec::new(), next: None }),
            found => found,
        },
    };
    let filter = repo::Filter { operator, scope, search, state: query.state, reseller: query.reseller_id, before };
    let mut reader = app.reader().await?;
    let rows = repo::list(&mut reader, &filter, limit + 1).await?;
    let rows = rows.iter().map(super::CodeRecord::to_wire).collect::<Result<Vec<_>, _>>()?;
    Ok(page(rows, limit, |row| key_text(&(row.settled_at, row.code_id.0))))
}

/// None when a whole code was given that nobody made.
async fn search_of(app: &App, text: &str) -> Result<Option<Search>, Failure> {
    if let Ok(code) = Code::parse(text) {
        let found = candidate::find(app, &mut *app.reader().await?, &code).await?;
        return Ok(found.map(|found| Search::Number { source: found.source_id, seq: found.seq }));
    }
    Ok(Some(if text.contains('@') { Search::Email(text.to_lowercase()) } else { Search::Serial(text.to_owned()) }))
}

/// How many codes of the operator are in each state.
pub(crate) async fn stats(conn: &mut Conn, operator: OperatorId) -> Result<CodeStats, Failure> {
    counted(repo::count_by_state(conn, operator).await?, operator)
}

/// The same of one plan, of all resellers together.
pub(crate) async fn stats_of_plan(conn: &mut Conn, operator: OperatorId, plan: PlanId) -> Result<CodeStats, Failure> {
    counted(repo::count_of_plan(conn, operator, plan).await?, plan)
}

/// The same of one reseller.
pub(crate) async fn stats_of_reseller(conn: &mut Conn, reseller: ResellerId) -> Result<CodeStats, Failure> {
    counted(repo::count_of_reseller(conn, reseller).await?, reseller)
}

fn counted(rows: Vec<repo::Counted>, of: impl std::fmt::Display) -> Result<CodeStats, Failure> {
    let mut by_state = Vec::new();
    for row in rows {
        let state = stored(CodeState::from_stored(&row.state), "code", "state", &of)?;
        by_state.push(StateCount { state, count: row.count.unsigned_abs() });
    }
    Ok(CodeStats { total: by_state.iter().map(|of| of.count).sum(), by_state })
}
