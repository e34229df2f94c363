//! Who did what to what, kept for ever.
//!
//! A line is written in the transaction of its change ([`record`]) and soon after put into the operator's chain of hashes
//! by whoever seals ([`run`]), so that writers share no lock. Devices are told where the chain ends, and come back with what
//! they remember ([`judge`]). A line that concerns a reseller is in the reseller's own log as well ([`log()`]).

mod concern;
mod file;
mod list;
mod log;
mod memory;
mod repo;
mod seal;
mod verify;

pub(crate) use file::{file, log_file};
pub(crate) use list::list;
pub(crate) use log::log;
pub(crate) use memory::{chain, head, judge, note_restore};
pub use seal::{run, run_once};
pub(crate) use verify::verify;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_central_platform::ids::mint;
use serde::Serialize;
use uuid::Uuid;

use super::work::Work;
use crate::dialect::Conn;

const API_KEY: &str = "api_key";

/// Who acts, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Actor {
    kind: &'static str,
    id: Option<Uuid>,
    address: String,
}

impl Actor {
    pub(crate) fn staff(id: impl Into<Uuid>, address: ClientAddress) -> Self {
        Self { kind: "staff", id: Some(id.into()), address: address.to_string() }
    }

    pub(crate) fn member(id: impl Into<Uuid>, address: ClientAddress) -> Self {
        Self { kind: "member", id: Some(id.into()), address: address.to_string() }
    }

    /// Another program of a reseller.
    pub(crate) fn api_key(id: impl Into<Uuid>, address: ClientAddress) -> Self {
        Self { kind: API_KEY, id: Some(id.into()), address: address.to_string() }
    }

    /// Somebody who applies on the public page.
    pub(crate) fn applicant(address: ClientAddress) -> Self {
        Self { kind: "applicant", id: None, address: address.to_string() }
    }

    /// Somebody who orders on the public market.
    pub(crate) fn customer(address: ClientAddress) -> Self {
        Self { kind: "customer", id: None, address: address.to_string() }
    }

    /// A desktop that tells later what was done at it; who stood there is not known.
    pub(crate) fn device(id: impl Into<Uuid>) -> Self {
        Self { kind: "device", id: Some(id.into()), address: String::new() }
    }

    /// A job that a member of staff started; from where is told by its start.
    pub(crate) fn job_of(staff: Uuid) -> Self {
        Self { kind: "staff", id: Some(staff), address: String::new() }
    }

    /// A job that a member of a reseller started; from where is told by its start.
    pub(crate) fn job_of_member(member: Uuid) -> Self {
        Self { kind: "member", id: Some(member), address: String::new() }
    }

    /// 'staff', 'member', … and which.
    pub(crate) const fn who(&self) -> (&'static str, Option<Uuid>) {
        (self.kind, self.id)
    }

    pub(crate) fn is_api_key(&self) -> bool {
        self.kind == API_KEY
    }

    /// A job or a command at the console.
    pub(crate) fn system() -> Self {
        Self { kind: "system", id: None, address: String::new() }
    }
}

/// Whether this was the first one to do this to it.
pub(crate) async fn was_first_done_by(
    conn: &mut Conn,
    actor: &Actor,
    action: &str,
    subject: Uuid,
) -> Result<bool, Failure> {
    let first = repo::first_to(conn, action, subject).await?;
    Ok(first.is_some_and(|first| (first.actor.as_str(), first.actor_id) == actor.who()))
}

#[derive(Serialize)]
struct Detail<'a, B, A> {
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a B>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a A>,
}

/// No state before, or none after.
pub(crate) const NOTHING: Option<&()> = None;

/// Writes one line, in the transaction of the change. `before` and `after` are what people see of the subject: no
/// password, token or code may be in them.
pub(crate) async fn record<B: Serialize + Sync, A: Serialize + Sync>(
    work: &mut Work,
    actor: &Actor,
    action: &str,
    subject: Option<Uuid>,
    before: Option<&B>,
    after: Option<&A>,
) -> Result<(), Failure> {
    record_and_tell(work, actor, action, subject, None, before, after).await
}

/// [`record`], for a subject that left a reseller: the line is in the log of that one too.
pub(crate) async fn record_and_tell<B: Serialize + Sync, A: Serialize + Sync>(
    work: &mut Work,
    actor: &Actor,
    action: &str,
    subject: Option<Uuid>,
    left: Option<Uuid>,
    before: Option<&B>,
    after: Option<&A>,
) -> Result<(), Failure> {
    let detail = serde_json::to_string(&Detail { before, after }).map_err(Failure::internal)?;
    let (operator, now) = (work.operator(), work.now());
    let line = repo::Line {
        id: mint(now),
        operator,
        at: now,
        actor: actor.kind,
        actor_id: actor.id,
        action,
        subject,
        detail: &detail,
        address: &actor.address,
    };
    repo::insert(work.conn(), &line).await?;
    if concern::is_told(action) {
        repo::log::note(work.conn(), &line, left).await?;
    }
    work.wake_sealing();
    Ok(())
}
