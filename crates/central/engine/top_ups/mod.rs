//! Requests for credit: a reseller asks, staff approve or reject, and an approved one is booked with its answer.

mod decide;
mod repo;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{CreditPackId, MemberId, OperatorId, ResellerId, TopUpRequestId, TransferId};
use counterfoil_domain::time::Timestamp;
use counterfoil_domain::top_up::{MAX_OPEN, TopUpState};
use counterfoil_wire::live::News;
use counterfoil_wire::problem::Code;
use counterfoil_wire::top_ups::{AskedPack, RequestTopUp, TopUpRequest, TopUpWish};
use uuid::Uuid;

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::credits::check_note;
use super::stored::{stored, stored_amount, stored_currency, stored_number, stored_unit};
use super::{credit_packs, ledger, repeat, resellers};
use crate::dialect::Conn;

pub(crate) use decide::{approve, cancel, reject};

/// Who looks: staff see all requests and who decided, a reseller its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Viewer {
    Staff,
    Reseller(ResellerId),
}

/// Newest first, before a time and id, with one more than the limit if there are more.
pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    viewer: Viewer,
    state: Option<TopUpState>,
    before: (i64, Uuid),
    limit: i64,
) -> Result<Vec<TopUpRequest>, Failure> {
    let more = limit + 1;
    let rows = match (viewer, state) {
        (Viewer::Staff, Some(state)) => repo::of_state(conn, operator, state, before, more).await?,
        (Viewer::Staff, None) => repo::all(conn, operator, before, more).await?,
        (Viewer::Reseller(reseller), state) => repo::of_reseller(conn, reseller, state, before, more).await?,
    };
    rows.into_iter().map(|row| view(row, viewer)).collect()
}

/// One request; not found when it is another reseller's.
pub(crate) async fn get(
    conn: &mut Conn,
    operator: OperatorId,
    viewer: Viewer,
    id: TopUpRequestId,
) -> Result<TopUpRequest, Failure> {
    let row = repo::by_id(conn, operator, id).await?;
    let seen = |row: &repo::Row| match viewer {
        Viewer::Staff => true,
        Viewer::Reseller(reseller) => row.reseller_id == reseller.0,
    };
    let row = row.filter(seen).ok_or_else(|| Failure::not_found("request"))?;
    view(row, viewer)
}

fn view(row: repo::Row, viewer: Viewer) -> Result<TopUpRequest, Failure> {
    let id = row.id;
    let unit = stored_unit(&row.unit, "top_up_request", id)?;
    let pack = match (row.pack_id, row.pack_version, row.pack_name, row.price, row.currency) {
        (Some(pack), Some(version), Some(name), Some(price), Some(currency)) => {
            let unit = counterfoil_domain::amount::Unit::Minor(stored_currency(&currency, "top_up_request", id)?);
            Some(AskedPack {
                pack_id: CreditPackId(pack),
                version: stored_number(version, "top_up_request", "pack_version", id)?,
                name,
                price: stored_amount(price, unit, "top_up_request", id)?,
            })
        }
        _ => None,
    };
    Ok(TopUpRequest {
        request_id: TopUpRequestId(id),
        reseller_id: ResellerId(row.reseller_id),
        company: row.company,
        amount: stored_amount(row.amount, unit, "top_up_request", id)?,
        pack,
        note: row.note,
        state: stored(TopUpState::from_stored(&row.state), "top_up_request", "state", id)?,
        asked_at: Timestamp(row.asked_at),
        asked_by: row.asked_by,
        decided_at: row.decided_at.map(Timestamp),
        decided_by: row.decided_by.filter(|_| viewer == Viewer::Staff),
        reason: row.reason,
        transfer_id: row.transfer_id.map(TransferId),
        balance: stored_amount(row.balance, unit, "ledger_account", id)?,
    })
}

/// Asks once under the caller's id.
pub(crate) async fn ask(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    (reseller, member): (ResellerId, MemberId),
    asked: &RequestTopUp,
) -> Result<TopUpRequest, Failure> {
    if let Some(note) = check_note(&asked.note) {
        return Err(Failure::validation(vec![note]));
    }
    let viewer = Viewer::Reseller(reseller);
    let mut work = app.begin(operator).await?;
    // Requests of one reseller are counted one after the other.
    repo::lock_reseller(work.conn(), reseller).await?;
    if repo::exists(work.conn(), asked.request_id).await? {
        let known = get(work.conn(), operator, viewer, asked.request_id).await;
        return repeat::answer(work, known, |known| same(known, asked), "request").await;
    }
    if repo::count_open(work.conn(), reseller).await? >= MAX_OPEN {
        let detail = format!("{MAX_OPEN} requests wait for an answer already. Wait for one of them, or take one back.");
        return Err(Failure::new(Code::WrongState, detail));
    }
    let unit = ledger::wallet(work.conn(), reseller).await?.balance.unit();
    let (amount, pack) = match asked.wish {
        TopUpWish::Amount(amount) => (amount, None),
        TopUpWish::Pack(shown) => {
            let terms = credit_packs::for_sale(work.conn(), operator, shown, None).await?;
            if unit != counterfoil_domain::amount::Unit::Credits {
                let message = format!("packs are of credits, and your wallet is in {unit}: name an amount instead");
                return Err(Failure::validation(vec![field("wish", message)]));
            }
            (terms.credits, Some(terms))
        }
    };
    let amount = Amount::new(amount, unit).ok().filter(|amount| amount.value() > 0);
    let amount = amount.ok_or_else(|| Failure::validation(vec![field("wish", "an amount of more than zero")]))?;
    let now = work.now();
    let new =
        repo::New { id: asked.request_id, reseller, member, amount, note: asked.note.trim(), pack: pack.as_ref() };
    repo::insert(work.conn(), operator, &new, now).await?;
    resellers::ring(&mut work, News::TopUps, reseller).await?;
    let after = get(work.conn(), operator, viewer, asked.request_id).await?;
    audit::record(&mut work, actor, "top_up.ask", Some(asked.request_id.0), NOTHING, Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

fn same(known: &TopUpRequest, asked: &RequestTopUp) -> bool {
    let wish = match (&known.pack, asked.wish) {
        (Some(pack), TopUpWish::Pack(shown)) => pack.pack_id == shown.pack_id && pack.version == shown.version,
        (None, TopUpWish::Amount(amount)) => known.amount.value() == amount,
        _ => false,
    };
    wish && known.note == asked.note.trim()
}
