//! Portals: the middleware of other people that serves accounts. Central keeps how each is reached, what a look found,
//! what is sold on it, and why it cannot be written to when it cannot.

mod mapping;
mod record;
mod repo;
mod settings;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::keys::Keys;
use counterfoil_domain::ids::{OperatorId, PortalId};
use counterfoil_domain::portal::PortalStatus;
use counterfoil_domain::time::Timestamp;
use counterfoil_portals::{self as reach, Concern, Connection, InvalidConnection, Probe, Trouble};
use counterfoil_wire::portals::{Portal, PortalChoices, PortalTrouble, Probed, SavePortal};
use counterfoil_wire::problem::Code;

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::repeat;
use crate::dialect::Conn;

pub(crate) use record::{PortalRecord, trouble};

/// How long a portal is left alone after its first trouble; doubled by each further one up to the longest.
const REST_MS: i64 = 15_000;
const LONGEST_REST_MS: i64 = 15 * 60_000;

pub(crate) async fn list(app: &App, operator: OperatorId) -> Result<Vec<Portal>, Failure> {
    let mut reader = app.reader().await?;
    let mut portals = Vec::new();
    for record in repo::list(&mut reader, operator).await? {
        portals.push(record.view(&mut reader, app.keys()).await?);
    }
    Ok(portals)
}

pub(crate) async fn get(conn: &mut Conn, keys: &Keys, operator: OperatorId, id: PortalId) -> Result<Portal, Failure> {
    record(conn, operator, id).await?.view(conn, keys).await
}

pub(crate) async fn record(conn: &mut Conn, operator: OperatorId, id: PortalId) -> Result<PortalRecord, Failure> {
    repo::by_id(conn, operator, id).await?.ok_or_else(|| Failure::not_found("portal"))
}

/// Those that can be written to now.
pub(crate) async fn writable(conn: &mut Conn, now: Timestamp) -> Result<Vec<PortalRecord>, Failure> {
    Ok(repo::writable(conn, now).await?)
}

/// Keeps a portal. It is not looked at yet, and nothing is written to it before.
pub(crate) async fn create(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    portal: &SavePortal,
) -> Result<Portal, Failure> {
    if portal.version.is_some() {
        return Err(Failure::validation(vec![field("version", "a new portal has none: leave it out, or PUT to edit")]));
    }
    let certificate = settings::check(portal)?;
    let mut work = app.begin(operator).await?;
    if repo::exists(work.conn(), portal.portal_id).await? {
        let known = get(work.conn(), app.keys(), operator, portal.portal_id).await;
        return repeat::answer(work, known, |known| same(known, portal, certificate.as_deref()), "portal").await;
    }
    let sealed = settings::sealed_password(app.keys(), portal, None)?;
    let secrets = repo::Secrets { sealed_password: sealed.as_deref(), certificate: certificate.as_deref() };
    let now = work.now();
    repo::insert(work.conn(), operator, portal, secrets, now).await?;
    mapping::store(&mut work, None, portal).await?;
    let after = get(work.conn(), app.keys(), operator, portal.portal_id).await?;
    audit::record(&mut work, actor, "portal.create", Some(portal.portal_id.0), NOTHING, Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

/// The password, which nobody is told, is left out.
fn same(known: &Portal, asked: &SavePortal, certificate: Option<&[u8]>) -> bool {
    let texts = (&*known.name, &*known.address, &known.user, &*known.time_zone)
        == (asked.name.trim(), asked.address.trim(), &asked.user, asked.time_zone.trim());
    let pinned = known.certificate.as_ref().map(|certificate| &*certificate.der);
    texts
        && known.status == asked.status
        && pinned == certificate.map(|der| STANDARD.encode(der)).as_deref()
        && asked.look_every_hours.is_none_or(|hours| hours == known.look_every_hours)
        && same_rows(&known.plans, &asked.plans)
        && same_rows(&known.resellers, &asked.resellers)
}

/// In whatever order.
fn same_rows<T: PartialEq>(known: &[T], asked: &[T]) -> bool {
    known.len() == asked.len() && asked.iter().all(|one| known.contains(one))
}

/// Edits a portal as it was read.
pub(crate) async fn edit(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    id: PortalId,
    portal: &SavePortal,
) -> Result<Portal, Failure> {
    let mut work = app.begin(operator).await?;
    let stored = record(work.conn(), operator, id).await?;
    let Some(version) = portal.version.filter(|_| portal.portal_id == id) else {
        return Err(Failure::validation(vec![
            field("version", "say which version was edited, as it was read"),
            field("portal_id", "the same as in the path"),
        ]));
    };
    let certificate = settings::check(portal)?;
    if portal.status == PortalStatus::Archived {
        nothing_sold(work.conn(), operator, portal).await?;
    }
    let sealed = settings::sealed_password(app.keys(), portal, Some(&stored))?;
    let before = stored.view(work.conn(), app.keys()).await?;
    let secrets = repo::Secrets { sealed_password: sealed.as_deref(), certificate: certificate.as_deref() };
    if !repo::update(work.conn(), operator, portal, secrets, version).await? {
        return Err(Failure::new(
            Code::Conflict,
            format!("Somebody changed this portal meanwhile: it is at version {}. Read it again.", before.version),
        ));
    }
    mapping::store(&mut work, Some(&before), portal).await?;
    let after = get(work.conn(), app.keys(), operator, id).await?;
    audit::record(&mut work, actor, "portal.edit", Some(id.0), Some(&before), Some(&after)).await?;
    work.wake_provisioning();
    work.commit().await?;
    Ok(after)
}

/// A portal that is archived serves nobody, so no plan that customers can still buy may stay on it.
async fn nothing_sold(conn: &mut Conn, operator: OperatorId, portal: &SavePortal) -> Result<(), Failure> {
    let mut sold = Vec::new();
    for plan in &portal.plans {
        sold.extend(repo::sold_plan(conn, operator, plan.plan_id).await?);
    }
    if sold.is_empty() {
        return Ok(());
    }
    let detail = format!(
        "These plans are still sold on this portal: {}. Whoever buys one would be served nowhere. Take them off the \
         portal, or archive the plans, then archive the portal. To stop writing to it for a while, pause it instead.",
        sold.join(", ")
    );
    Err(Failure::new(Code::WrongState, detail))
}

/// Looks at a portal, and keeps what was found or what stood in the way.
pub(crate) async fn probe(app: &App, operator: OperatorId, actor: &Actor, id: PortalId) -> Result<Probed, Failure> {
    let (connection, known, version) = {
        let mut reader = app.reader().await?;
        let record = record(&mut reader, operator, id).await?;
        let known = repo::known_login(&mut reader, id).await?;
        (record.connection(app.keys())?, known, record.revision)
    };
    let found = reach::probe(&connection, known.as_deref(), app.now()).await;
    let found = found.map_err(|wrong| invalid(&wrong))?;
    let mut work = app.begin(operator).await?;
    let now = work.now();
    let before = record(work.conn(), operator, id).await?;
    if before.revision != version {
        return Err(Failure::new(Code::Conflict, "This portal was changed while it was looked at. Look again."));
    }
    let untrusted = match found {
        Probe::Found(findings) => {
            let text = serde_json::to_string(&findings).map_err(Failure::internal)?;
            repo::set_findings(work.conn(), id, &text, now).await?;
            let left_to_central = before.findings.is_some() && !before.ends_accounts()?;
            if findings.internal_billing != Some(true) && !left_to_central {
                // Accounts that were written when the portal ended them by itself: Central has to know when.
                repo::spread_all(work.conn(), id).await?;
            }
            audit::record(&mut work, actor, "portal.probe", Some(id.0), NOTHING, Some(&findings)).await?;
            work.wake_provisioning();
            None
        }
        Probe::Trouble { trouble, untrusted } => {
            let told = told(&trouble, now);
            repo::set_trouble(work.conn(), id, &told, now).await?;
            audit::record(&mut work, actor, "portal.probe", Some(id.0), NOTHING, Some(&told)).await?;
            untrusted
        }
    };
    let portal = get(work.conn(), app.keys(), operator, id).await?;
    work.commit().await?;
    Ok(Probed { portal, untrusted })
}

/// What a portal has to choose from, asked of it now.
pub(crate) async fn choices(app: &App, operator: OperatorId, id: PortalId) -> Result<PortalChoices, Failure> {
    let connection = record(&mut *app.reader().await?, operator, id).await?.connection(app.keys())?;
    let portal = connection.portal_while_somebody_waits();
    let portal = portal.map_err(|wrong| invalid(&wrong))?;
    reach::choices(&portal)
        .await
        .map_err(|trouble| Failure::new(Code::PortalUnavailable, format!("{} {}", trouble.detail, trouble.remedy)))
}

/// How a portal is reached that a person wants something sent to.
///
/// # Errors
/// When nothing is sent to it.
pub(crate) fn in_service(record: &PortalRecord, keys: &Keys) -> Result<Connection, Failure> {
    if record.status()? != PortalStatus::Active {
        return Err(Failure::new(
            Code::WrongState,
            "This portal is paused or archived: nothing is sent to it. Set it to active first.",
        ));
    }
    looked_at(record, keys)
}

/// How a portal is reached that is only asked.
///
/// # Errors
/// When nobody has looked at it, so that it is not known where its API is.
pub(crate) fn looked_at(record: &PortalRecord, keys: &Keys) -> Result<Connection, Failure> {
    if record.findings.is_none() {
        return Err(Failure::new(
            Code::WrongState,
            "Nobody has looked at this portal since its address was set. Look at it first.",
        ));
    }
    record.connection(keys)
}

/// What stands in the way, for the person who waits: the portal, or something that a person has to put right.
pub(crate) fn refusal(trouble: &Trouble) -> Failure {
    let code = match trouble.concern {
        Concern::Portal | Concern::Passing => Code::PortalUnavailable,
        Concern::Person => Code::WrongState,
    };
    Failure::new(code, format!("{} {}", trouble.detail, trouble.remedy))
}

/// Settings that make no sense any more, which only a change of this program can bring about.
pub(crate) fn invalid(invalid: &InvalidConnection) -> Failure {
    Failure::validation(vec![settings::wrong(invalid)])
}

/// A trouble as it is stored and told.
pub(crate) fn told(trouble: &Trouble, since: Timestamp) -> PortalTrouble {
    PortalTrouble {
        code: trouble.code.to_owned(),
        detail: trouble.detail.clone(),
        remedy: trouble.remedy.to_owned(),
        since,
    }
}

/// Leaves a portal alone for a while.
pub(crate) async fn rest(
    conn: &mut Conn,
    portal: &PortalRecord,
    trouble: &Trouble,
    now: Timestamp,
) -> Result<(), Failure> {
    let doublings = u32::try_from(portal.troubles.clamp(0, 10)).unwrap_or(10);
    let rest = REST_MS.saturating_mul(1 << doublings).min(LONGEST_REST_MS);
    Ok(repo::set_trouble(conn, PortalId(portal.id), &told(trouble, now), Timestamp(now.0 + rest)).await?)
}

/// It answers again.
pub(crate) async fn recovered(conn: &mut Conn, portal: PortalId) -> Result<(), Failure> {
    Ok(repo::clear_trouble(conn, portal).await?)
}
