//! The rate of each reseller, as it was at any moment. Entries are only ever added; none begins before it is set, so that
//! what was computed with a rate stays right.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::commission::CommissionRate;
use counterfoil_domain::ids::{OperatorId, RateId, ResellerId, StaffId};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::commission::{ResellerRate, ResellerRates, SetRate};
use counterfoil_wire::problem::Code;

use super::repo::rates as repo;
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::{self, Actor};
use crate::engine::stored::stored;
use crate::engine::work::Work;
use crate::engine::{begins, resellers};

pub(super) const LONGEST_NOTE: usize = 500;

/// A rate that begins, with who set it.
pub(crate) struct NewRate<'a> {
    pub(crate) id: RateId,
    pub(crate) reseller: ResellerId,
    pub(crate) rate: CommissionRate,
    pub(crate) valid_from: Timestamp,
    pub(crate) set_by: StaffId,
    pub(crate) note: &'a str,
}

/// The rates of one reseller.
pub(crate) async fn rates(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    reseller: ResellerId,
    now: Timestamp,
) -> Result<ResellerRates, Failure> {
    resellers::path(conn, operator, scope, reseller).await?;
    let history = repo::history(conn, reseller).await?.into_iter().map(view).collect::<Result<_, Failure>>()?;
    Ok(ResellerRates { now: rate_at(conn, reseller, now).await?, history })
}

fn view(row: repo::Row) -> Result<ResellerRate, Failure> {
    Ok(ResellerRate {
        rate: stored(CommissionRate::from_stored(row.rate_bp), "reseller_rate", "rate_bp", row.id)?,
        rate_id: RateId(row.id),
        valid_from: Timestamp(row.valid_from),
        set_at: Timestamp(row.set_at),
        set_by: row.set_by,
        note: row.note,
    })
}

/// The rate of a reseller at a moment. A reseller without entries is paid by tier.
pub(crate) async fn rate_at(conn: &mut Conn, reseller: ResellerId, at: Timestamp) -> Result<CommissionRate, Failure> {
    let Some(in_force) = repo::at(conn, reseller, at).await? else { return Ok(CommissionRate::ByTier) };
    stored(CommissionRate::from_stored(in_force.rate_bp), "reseller_rate", "rate_bp", reseller)
}

/// Sets a rate from now or from a day to come.
pub(crate) async fn set(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    reseller: ResellerId,
    asked: &SetRate,
) -> Result<ResellerRates, Failure> {
    let mut work = app.begin(operator).await?;
    let now = work.now();
    let before = rates(work.conn(), operator, &Scope::Operator, reseller, now).await?;
    if let Some(known) = repo::of(work.conn(), asked.rate_id).await? {
        let same = known.reseller == reseller.0
            && CommissionRate::from_stored(known.rate_bp) == Some(asked.rate)
            && known.note == asked.note.trim();
        work.commit().await?;
        let reused = || Failure::new(Code::IdReused, "This id belongs to another rate. Mint a new id for a new rate.");
        return if same { Ok(before) } else { Err(reused()) };
    }
    let valid_from = begins::start(&mut work, asked.from_day.as_deref()).await?;
    let note = asked.note.trim();
    if note.chars().count() > LONGEST_NOTE {
        return Err(Failure::validation(vec![field("note", format!("at most {LONGEST_NOTE} characters"))]));
    }
    let new = NewRate { id: asked.rate_id, reseller, rate: asked.rate, valid_from, set_by: staff, note };
    add(&mut work, &new).await?;
    let after = rates(work.conn(), operator, &Scope::Operator, reseller, now).await?;
    let set = after.history.iter().find(|one| one.rate_id == asked.rate_id);
    audit::record(&mut work, actor, "reseller.rate", Some(reseller.0), Some(&before.now), set).await?;
    work.commit().await?;
    Ok(after)
}

/// Adds an entry; its audit line is the caller's.
pub(crate) async fn add(work: &mut Work, new: &NewRate<'_>) -> Result<(), Failure> {
    if !new.rate.is_in_range() {
        return Err(Failure::validation(vec![field("rate", "a rate is 0 to 10,000 basis points, or by tier")]));
    }
    let (operator, now) = (work.operator(), work.now());
    Ok(repo::insert(work.conn(), operator, new, now).await?)
}
