//! What is shown of earnings: where they stand, a page of them, and one with all that explains it.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::{BasisPoints, Unit};
use counterfoil_domain::commission::EarningState;
use counterfoil_domain::ids::{AccountId, EarningId, OperatorId, PayoutId, ResellerId};
use counterfoil_domain::ledger::{SourceEvent, TransferKind};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::commission::{Earning, EarningDetail, EarningEvent, Earnings, SourceKind};
use uuid::Uuid;

use super::repo::{earnings as repo, payouts};
use super::{books, rules};
use crate::dialect::Conn;
use crate::engine::stored::{stored, stored_amount, stored_currency, stored_number};
use crate::engine::{operators, resellers};

/// Who looks: staff see all, a reseller its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Viewer {
    Staff,
    Reseller(ResellerId),
}

impl Viewer {
    pub(super) fn sees(self, reseller: ResellerId) -> bool {
        match self {
            Self::Staff => true,
            Self::Reseller(own) => own == reseller,
        }
    }
}

/// Where a reseller's commission stands, and its earnings before a time and id, the newest first, with one more than the
/// limit if there are more.
pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    reseller: ResellerId,
    state: Option<EarningState>,
    (before, limit, now): ((i64, Uuid), i64, Timestamp),
) -> Result<Earnings, Failure> {
    let shown = resellers::get(conn, operator, scope, reseller).await?;
    let currency = operators::get(conn, operator).await?.currency;
    let more = limit + 1;
    let rows = match state {
        Some(state) => repo::of_state(conn, reseller, state, before, more).await?,
        None => repo::of_reseller(conn, reseller, before, more).await?,
    };
    Ok(Earnings {
        reseller_id: reseller,
        company: shown.company,
        settlement_mode: shown.settlement_mode,
        balances: books::balances(conn, reseller, currency).await?,
        terms: rules::at(conn, operator, now).await?.terms,
        open_payout: payouts::open(conn, reseller).await?.map(|row| PayoutId(row.id)),
        items: rows.into_iter().map(view).collect::<Result<_, _>>()?,
        next: None,
    })
}

pub(super) fn view(row: repo::Row) -> Result<Earning, Failure> {
    let id = row.id;
    let unit = Unit::Minor(stored_currency(&row.currency, "earning", id)?);
    let amount = |value| stored_amount(value, unit, "earning", id);
    let rate = |value, column| {
        let rate: u16 = stored_number(value, "earning", column, id)?;
        stored(BasisPoints::new(rate).ok(), "earning", column, id)
    };
    Ok(Earning {
        earning_id: EarningId(id),
        reseller_id: ResellerId(row.beneficiary_id),
        company: row.company,
        seller_id: ResellerId(row.seller_id),
        seller: row.seller,
        level: stored_number(row.level, "earning", "level", id)?,
        source: stored(SourceKind::from_stored(&row.source_kind), "earning", "source_kind", id)?,
        source_id: row.source_id,
        reference: row.reference,
        account_id: AccountId(row.account_id),
        username: row.username,
        plan_name: row.plan_name,
        price: amount(row.price)?,
        basis: stored(serde_json::from_str(&row.basis).ok(), "earning", "basis", id)?,
        rate: rate(row.rate_bp, "rate_bp")?,
        rate_before_cap: rate(row.rate_before_cap_bp, "rate_before_cap_bp")?,
        amount: amount(row.amount)?,
        rules_version: stored_number(row.rules_version, "earning", "rules_version", id)?,
        facts: stored(serde_json::from_str(&row.facts).ok(), "earning", "facts", id)?,
        sold_at: Timestamp(row.sold_at),
        available_at: Timestamp(row.available_at),
        state: stored(EarningState::from_stored(&row.state), "earning", "state", id)?,
        payout_id: row.payout_id.map(PayoutId),
        reversed_at: row.reversed_at.map(Timestamp),
        reason: row.reason,
    })
}

/// One earning with the rules it was computed by and what was posted for it; not found when it is another reseller's.
pub(crate) async fn detail(
    conn: &mut Conn,
    operator: OperatorId,
    viewer: Viewer,
    id: EarningId,
) -> Result<EarningDetail, Failure> {
    let row = repo::by_id(conn, operator, id).await?;
    let row = row.filter(|row| viewer.sees(ResellerId(row.beneficiary_id)));
    let earning = view(row.ok_or_else(|| Failure::not_found("earning"))?)?;
    let rules = rules::of_version(conn, operator, earning.rules_version).await?.rules;
    let events = [SourceEvent::earned(id), SourceEvent::earning_released(id), SourceEvent::earning_reversed(id)];
    let unit = earning.price.unit();
    let event = |event: repo::Event| {
        Ok(EarningEvent {
            kind: stored(TransferKind::from_stored(&event.kind), "transfer", "kind", &event.source_event)?,
            amount: stored_amount(event.amount, unit, "transfer", &event.source_event)?,
            at: Timestamp(event.at),
            source_event: event.source_event,
        })
    };
    let [first, second, third] = events.each_ref().map(SourceEvent::as_str);
    let events = repo::events(conn, [first, second, third]).await?;
    Ok(EarningDetail { earning, rules, events: events.into_iter().map(event).collect::<Result<_, Failure>>()? })
}
