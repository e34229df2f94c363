//! Sendings: messages, events and packages for the boxes of many accounts, or of everybody on a portal.
//!
//! Who is reached is asked of the portal, shown to a person, asked again when the person says yes, and then fixed
//! ([`reach`]). What is to be sent goes in batches ([`turn`]): each is begun in a committed transaction before it is sent,
//! so that what a crash or a lost answer leaves is told as unknown and never sent a second time.

mod reach;
mod repo;
mod turn;
mod worker;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::ids::{OperatorId, PortalId, SendingId};
use counterfoil_domain::portal::SendingState;
use counterfoil_domain::time::Timestamp;
use counterfoil_portals::{Addressee, LARGEST_BATCH, LARGEST_READ_BACK, Order};
use counterfoil_wire::problem::Code;
use counterfoil_wire::sendings::{Addressees, Reach, Sending, StartSending, UnservedAccount};
use uuid::Uuid;

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::portals::{self, trouble};
use super::stored::{stored, stored_number};
use super::work::Work;
use crate::dialect::Conn;

pub(crate) use turn::end_after_restore;
pub use worker::{run as run_sendings, run_once as run_sendings_once};

/// Accounts that were not served, by name, and batches in which there are so many.
const NAMED: usize = 100;
const NAMED_BATCHES: i64 = 100;

/// Who would be reached now. Nothing is sent.
pub(crate) async fn ask(app: &App, operator: OperatorId, portal: PortalId, to: &Addressees) -> Result<Reach, Failure> {
    let record = portals::record(&mut *app.reader().await?, operator, portal).await?;
    Ok(reach::chosen(app, operator, &record, to).await?.reach)
}

/// The newest first.
pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    portal: PortalId,
    before: (i64, Uuid),
    limit: i64,
) -> Result<Vec<Sending>, Failure> {
    portals::record(conn, operator, portal).await?;
    let rows = repo::list(conn, portal, before, limit).await?;
    rows.into_iter().map(|row| view(row, Vec::new())).collect()
}

/// With those it has not served.
pub(crate) async fn get(conn: &mut Conn, operator: OperatorId, id: SendingId) -> Result<Sending, Failure> {
    find(conn, operator, id).await?.ok_or_else(|| Failure::not_found("sending"))
}

async fn find(conn: &mut Conn, operator: OperatorId, id: SendingId) -> Result<Option<Sending>, Failure> {
    let Some(row) = repo::by_id(conn, operator, id).await? else { return Ok(None) };
    let mut unserved: Vec<UnservedAccount> = Vec::new();
    for text in repo::unserved(conn, id, NAMED_BATCHES).await? {
        let of_batch: Vec<UnservedAccount> = stored(serde_json::from_str(&text).ok(), "sending_batch", "unserved", id)?;
        unserved.extend(of_batch);
    }
    unserved.truncate(NAMED);
    view(row, unserved).map(Some)
}

fn view(row: repo::Row, unserved: Vec<UnservedAccount>) -> Result<Sending, Failure> {
    let id = row.id;
    let count = |value: i64, column: &str| stored_number(value, "sending", column, id);
    Ok(Sending {
        sending_id: SendingId(id),
        portal_id: PortalId(row.portal_id),
        what: stored(serde_json::from_str(&row.what).ok(), "sending", "what", id)?,
        to: stored(serde_json::from_str(&row.addressees).ok(), "sending", "addressees", id)?,
        state: stored(SendingState::from_stored(&row.state), "sending", "state", id)?,
        reach: stored(serde_json::from_str(&row.reach).ok(), "sending", "reach", id)?,
        created_at: Timestamp(row.created_at),
        started_at: row.started_at.map(Timestamp),
        ended_at: row.ended_at.map(Timestamp),
        served: count(row.served, "served")?,
        failed: count(row.failed, "failed")?,
        unknown: count(row.unknown, "unknown")?,
        skipped: count(row.skipped, "skipped")?,
        trouble: trouble(row.trouble_code, row.trouble_detail, row.trouble_remedy, row.trouble_since),
        unserved,
    })
}

/// Starts a sending, when it reaches as many now as were shown. The same again is answered with what became of it.
pub(crate) async fn start(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    portal: PortalId,
    asked: &StartSending,
) -> Result<Sending, Failure> {
    let (record, known) = {
        let mut reader = app.reader().await?;
        let record = portals::record(&mut reader, operator, portal).await?;
        (record, find(&mut reader, operator, asked.sending_id).await?)
    };
    if let Some(known) = known {
        return same(known, portal, asked);
    }
    let order = check(asked, &record.name)?;
    let chosen = reach::chosen(app, operator, &record, &asked.to).await?;
    let reached = chosen.reach.reached;
    if reached != asked.reached {
        let shown = asked.reached;
        return Err(Failure::new(
            Code::Conflict,
            format!("{reached} accounts are reached now, and {shown} were shown. Look at it again; nothing was sent."),
        ));
    }
    if reached == 0 {
        return Err(Failure::new(Code::WrongState, "Nobody would be reached: none of these accounts has a box."));
    }
    let mut work = app.begin(operator).await?;
    if !keep(&mut work, portal, asked, &order, chosen).await? {
        drop(work);
        let known = find(&mut *app.reader().await?, operator, asked.sending_id).await?;
        return known.map_or_else(|| Err(reused()), |known| same(known, portal, asked));
    }
    let started = get(work.conn(), operator, asked.sending_id).await?;
    audit::record(&mut work, actor, "sending.start", Some(asked.sending_id.0), NOTHING, Some(&started)).await?;
    work.commit().await?;
    app.sending_wake().notify_one();
    Ok(started)
}

fn reused() -> Failure {
    Failure::new(Code::IdReused, "This id belongs to another sending. Mint a new id for a new sending.")
}

fn same(known: Sending, portal: PortalId, asked: &StartSending) -> Result<Sending, Failure> {
    let same = (known.portal_id, &known.what, &known.to) == (portal, &asked.what, &asked.to);
    if same { Ok(known) } else { Err(reused()) }
}

/// Whether it can be sent to so many at all.
fn check(asked: &StartSending, portal: &str) -> Result<Order, Failure> {
    let order = Order::of(&asked.what).map_err(|wrong| Failure::validation(vec![wrong]))?;
    let everybody = asked.to == Addressees::Everybody;
    if everybody && !order.is_for_everybody() {
        return Err(wrong("what", "only messages and events go to everybody on a portal"));
    }
    if !order.is_for_many() {
        return Err(wrong("what", "this is done to one account at a time"));
    }
    if everybody && asked.confirmed.as_deref().map(str::trim) != Some(portal) {
        return Err(wrong("confirmed", "this reaches everybody on the portal: type the portal's name to confirm it"));
    }
    reach::check(&asked.to)?;
    Ok(order)
}

fn wrong(name: &str, message: &str) -> Failure {
    Failure::validation(vec![field(name, message)])
}

/// False when the id was taken meanwhile.
async fn keep(
    work: &mut Work,
    portal: PortalId,
    asked: &StartSending,
    order: &Order,
    chosen: reach::Chosen,
) -> Result<bool, Failure> {
    let json = |value: Result<String, serde_json::Error>| value.map_err(Failure::internal);
    let (operator, now, id) = (work.operator(), work.now(), asked.sending_id);
    let broadcast = asked.to == Addressees::Everybody;
    let new = repo::New {
        id,
        operator,
        portal,
        what: &json(serde_json::to_string(&asked.what))?,
        addressees: &json(serde_json::to_string(&asked.to))?,
        reach: &json(serde_json::to_string(&chosen.reach))?,
        broadcast,
        now,
    };
    if !repo::insert(work.conn(), &new).await? {
        return Ok(false);
    }
    if broadcast {
        let all = i64::try_from(chosen.reach.reached).map_err(Failure::internal)?;
        repo::insert_batch(work.conn(), id, 1, all, "[]").await?;
        return Ok(true);
    }
    let size = if order.is_read_back() { LARGEST_READ_BACK } else { LARGEST_BATCH };
    for (number, batch) in (1..).zip(chosen.boxes.chunks(size)) {
        let batch: &[Addressee] = batch;
        let accounts = i64::try_from(batch.len()).map_err(Failure::internal)?;
        let boxes = json(serde_json::to_string(batch))?;
        repo::insert_batch(work.conn(), id, number, accounts, &boxes).await?;
    }
    Ok(true)
}

/// Ends it where it is. What was over before stays as it was.
pub(crate) async fn cancel(app: &App, operator: OperatorId, actor: &Actor, id: SendingId) -> Result<Sending, Failure> {
    let mut work = app.begin(operator).await?;
    let before = get(work.conn(), operator, id).await?;
    let now = work.now();
    if repo::cancel(work.conn(), operator, id, now).await? {
        let after = get(work.conn(), operator, id).await?;
        audit::record(&mut work, actor, "sending.cancel", Some(id.0), Some(&before), Some(&after)).await?;
    }
    let after = get(work.conn(), operator, id).await?;
    work.commit().await?;
    app.sending_wake().notify_one();
    Ok(after)
}
