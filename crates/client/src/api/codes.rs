//! The Codes page: a grid over any number of rows.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use counterfoil_domain::code as domain;
use counterfoil_domain::permission::{MemberAction, MemberRole, StaffAction, StaffRole};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::sessions;

use super::ApiError;
use super::selling::CodeRef;
use super::types::id;
use crate::Client;
use crate::codes::{self, Known, Line, Wanted};
use crate::device;
use crate::status;

use super::types::{AmountView, PageRequest};

/// States of a code (product.md C2, and `voided`: cancelled before use with the credits returned).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CodeState {
    Generated,
    Allocated,
    Leased,
    Sold,
    Activated,
    Held,
    Expired,
    Revoked,
    Voided,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CodeFilter {
    /// Matches the start of a serial, a customer e-mail, a plan name or the last group of the code, and after those what
    /// contains each of its words, where one has three letters.
    #[serde(default)]
    pub search: String,
    /// Empty means every state.
    #[serde(default)]
    pub states: Vec<CodeState>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CodesRequest {
    pub filter: CodeFilter,
    /// Absent: the newest first. What a search finds comes in an order of its own; codes of chosen states by time or by
    /// state.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<CodesSort>,
    pub page: PageRequest,
}

/// What a list of codes is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CodesSortBy {
    Serial,
    Plan,
    State,
    SoldAt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CodesSort {
    pub by: CodesSortBy,
    pub descending: bool,
}

impl From<CodesSort> for codes::Sort {
    fn from(CodesSort { by, descending }: CodesSort) -> Self {
        let by = match by {
            CodesSortBy::Serial => codes::SortBy::Serial,
            CodesSortBy::Plan => codes::SortBy::Plan,
            CodesSortBy::State => codes::SortBy::State,
            CodesSortBy::SoldAt => codes::SortBy::Sold,
        };
        Self { by, descending }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CodesPage {
    pub rows: Vec<CodeRow>,
    pub order: CodesOrder,
    /// Absent on the last page.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What the list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CodesOrder {
    Newest,
    /// The search finds very many: by what was found (serial, last group, e-mail, plan), of each the highest serial first.
    Found,
    /// As it was asked for.
    Chosen,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CodeRow {
    pub code_id: String,
    pub serial: String,
    /// `PM2D-····-····-5CYQ`; the full code only in the detail, and only where this device sold it.
    pub masked: String,
    pub plan_name: String,
    pub price: AmountView,
    pub state: CodeState,
    /// A local change Central has not confirmed yet.
    pub pending: bool,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<String>,
    /// Device or person that sold it.
    pub sold_by: String,
    pub sold_at: i64,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activated_at: Option<i64>,
    pub redeem_by: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct StateCount {
    pub state: CodeState,
    pub count: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CodeCounts {
    /// Of the states below; with `more`, how many there are at least.
    pub total: u32,
    /// The search finds so many that they were not counted; `by_state` is empty then.
    pub more: bool,
    /// So many contain the search that only the newest were looked through.
    pub cut: bool,
    pub by_state: Vec<StateCount>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CodeDetail {
    pub row: CodeRow,
    /// Present where this device sold the code.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    pub term_days: u32,
    pub cost: AmountView,
    pub timeline: Vec<CodeEvent>,
    /// True when void is possible now.
    pub can_void: bool,
    /// What this person may decide about it now; none for a shop.
    pub can_decide: Vec<CodeDecision>,
}

/// What the operator's staff do to a code besides voiding it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CodeDecision {
    Hold,
    /// Lets a held code pass.
    Approve,
    /// Withdraws it; nothing is given back.
    Revoke,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DecideCode {
    pub code_id: String,
    pub decision: CodeDecision,
    /// Kept in the audit.
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CodeEvent {
    pub at: i64,
    pub kind: CodeEventKind,
    /// Who or where: a device name, "public page".
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CodeEventKind {
    Leased,
    Sold,
    Settled,
    Activated,
    Held,
    Voided,
    Revoked,
    Expired,
    VoidRequested,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct VoidCodes {
    pub code_ids: Vec<String>,
}

pub async fn codes_page(client: &Arc<Client>, request: CodesRequest) -> Result<CodesPage, ApiError> {
    let wanted = Wanted {
        search: request.filter.search,
        states: request.filter.states.into_iter().map(Into::into).collect(),
        sort: request.sort.map(Into::into),
        after: request.page.after,
        offset: request.page.offset,
        limit: request.page.limit,
        ..Wanted::default()
    };
    let page = codes::list(&*client.till()?, &wanted).await?;
    let order = match page.order {
        codes::Order::Newest => CodesOrder::Newest,
        codes::Order::Found => CodesOrder::Found,
        codes::Order::Chosen(_) => CodesOrder::Chosen,
    };
    Ok(CodesPage { rows: page.lines.into_iter().map(row).collect(), order, next: page.next })
}

pub async fn codes_counts(client: &Arc<Client>, filter: CodeFilter) -> Result<CodeCounts, ApiError> {
    let states = filter.states.into_iter().map(Into::into).collect();
    let wanted = Wanted { search: filter.search, states, ..Wanted::default() };
    let counts = codes::counts(&*client.till()?, &wanted).await?;
    let counted = counts.by_state.values().fold(0, |total: u32, count| total.saturating_add(*count));
    Ok(CodeCounts {
        total: counts.more_than.map_or(counted, |least| least.saturating_add(1)),
        more: counts.more_than.is_some(),
        cut: counts.cut,
        by_state: counts.by_state.into_iter().map(|(state, count)| StateCount { state: state.into(), count }).collect(),
    })
}

pub async fn code_detail(client: &Arc<Client>, request: CodeRef) -> Result<CodeDetail, ApiError> {
    let till = client.till()?;
    let mut db = till.read().await?;
    let known = codes::find(&mut db, id(&request.code_id)?).await?.ok_or(codes::CodesError::NotFound)?;
    let member = device::repo::member(&mut db).await?;
    let (may_void, may_decide) = member.map_or((false, false), |member| match member.audience {
        sessions::Audience::Admin => {
            let manages = known.central_id.is_some()
                && StaffRole::from_stored(&member.role).is_some_and(|role| role.may(StaffAction::ManageCodes));
            (manages, manages)
        }
        sessions::Audience::Reseller => {
            let voids = known.issued.is_some()
                && MemberRole::from_stored(&member.role).is_some_and(|role| role.may(MemberAction::VoidCode));
            (voids, false)
        }
    });
    let decisions = if may_decide { codes::Decision::of(known.line.state) } else { &[] };
    Ok(CodeDetail {
        code: known.issued.as_ref().map(|issued| issued.code.clone()),
        term_days: known.term_days,
        cost: AmountView { value: known.cost, unit: known.unit.clone() },
        timeline: timeline(&known),
        can_void: may_void && known.line.state.is_unused(),
        can_decide: decisions.iter().copied().map(CodeDecision::from).collect(),
        row: row(known.line),
    })
}

/// Voids unused codes: all of them or none.
pub async fn void_codes(client: &Arc<Client>, request: VoidCodes) -> Result<(), ApiError> {
    let till = client.till()?;
    let ids = request.code_ids.iter().map(|code| id(code)).collect::<Result<Vec<_>, _>>()?;
    codes::void(&till, &ids).await?;
    status::announce(&till).await;
    Ok(())
}

/// Holds a code, lets it pass, or withdraws it.
pub async fn decide_code(client: &Arc<Client>, request: DecideCode) -> Result<(), ApiError> {
    let code = id(&request.code_id)?;
    Ok(codes::decide(&*client.till()?, code, request.decision.into(), request.reason).await?)
}

fn row(line: Line) -> CodeRow {
    CodeRow {
        code_id: line.code_id.to_string(),
        serial: line.serial,
        masked: line.masked,
        plan_name: line.plan_name,
        price: AmountView { value: line.price, unit: line.currency },
        state: line.state.into(),
        pending: line.pending,
        customer_email: line.customer_email,
        sold_by: line.sold_by,
        sold_at: line.sold_at,
        activated_at: line.activated_at.map(|at| at.0),
        redeem_by: line.redeem_by.0,
    }
}

/// What happened to a code, oldest first.
fn timeline(known: &Known) -> Vec<CodeEvent> {
    let mut events = vec![CodeEvent {
        at: known.line.sold_at,
        kind: CodeEventKind::Sold,
        by: Some(known.line.sold_by.clone()).filter(|by| !by.is_empty()),
    }];
    let mut add = |at: Option<Timestamp>, kind| {
        events.extend(at.map(|at| CodeEvent { at: at.0, kind, by: None }));
    };
    let state = known.line.cached_state.unwrap_or(known.line.state);
    let held = state == domain::CodeState::Held;
    add(known.settled_at, if held { CodeEventKind::Held } else { CodeEventKind::Settled });
    add(known.line.activated_at, CodeEventKind::Activated);
    let ended = match state {
        domain::CodeState::Voided => Some(CodeEventKind::Voided),
        domain::CodeState::Revoked => Some(CodeEventKind::Revoked),
        domain::CodeState::Expired => Some(CodeEventKind::Expired),
        _ => None,
    };
    if let Some(kind) = ended {
        add(known.ended_at, kind);
    }
    add(known.void_requested_at, CodeEventKind::VoidRequested);
    events.sort_by_key(|event| event.at);
    events
}

impl From<codes::Decision> for CodeDecision {
    fn from(decision: codes::Decision) -> Self {
        match decision {
            codes::Decision::Hold => Self::Hold,
            codes::Decision::Approve => Self::Approve,
            codes::Decision::Revoke => Self::Revoke,
        }
    }
}

impl From<CodeDecision> for codes::Decision {
    fn from(decision: CodeDecision) -> Self {
        match decision {
            CodeDecision::Hold => Self::Hold,
            CodeDecision::Approve => Self::Approve,
            CodeDecision::Revoke => Self::Revoke,
        }
    }
}

macro_rules! same_states {
    ($($state:ident),*) => {
        impl From<domain::CodeState> for CodeState {
            fn from(state: domain::CodeState) -> Self {
                match state { $(domain::CodeState::$state => Self::$state),* }
            }
        }

        impl From<CodeState> for domain::CodeState {
            fn from(state: CodeState) -> Self {
                match state { $(CodeState::$state => Self::$state),* }
            }
        }
    };
}

same_states!(Generated, Allocated, Leased, Sold, Activated, Held, Expired, Revoked, Voided);
