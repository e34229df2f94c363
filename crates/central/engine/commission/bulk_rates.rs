//! One rate for many resellers, in one transaction, after a dry run that says of each what would become of it.

use std::collections::{BTreeMap, BTreeSet};

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::commission::CommissionRate;
use counterfoil_domain::ids::{OperatorId, ResellerId, StaffId};
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::commission::ResellerRate;
use counterfoil_wire::problem::{Code, FieldProblem};
use counterfoil_wire::rates::{ChosenReseller, KnownReseller, RateChange, RateRefusal, RatesSet, SetRates};
use uuid::Uuid;

use super::rates::{LONGEST_NOTE, NewRate, add};
use super::repo::rates as repo;
use super::repo::resellers::{Named, named};
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::{self, Actor};
use crate::engine::begins;
use crate::engine::stored::stored;
use crate::engine::work::Work;

/// Resellers of one call.
const MOST: usize = 1_000;

/// Sets a rate for all of them that are not refused. A repeat under the same ids is answered and sets nothing twice.
pub(crate) async fn set_many(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    asked: &SetRates,
) -> Result<RatesSet, Failure> {
    check(asked)?;
    let mut work = app.begin(operator).await?;
    let valid_from = begins::start(&mut work, asked.from_day.as_deref()).await?;
    let before = Before::read(&mut work, asked, valid_from).await?;
    let mut rows = Vec::with_capacity(asked.resellers.len());
    for chosen in &asked.resellers {
        let row = before.row(chosen, asked)?;
        if !asked.dry_run
            && row.refused.is_none()
            && !before.repeated.contains(&chosen.rate_id.0)
            && let Some(known) = &row.known
        {
            set_one(&mut work, actor, staff, (chosen, known.now), (asked, valid_from)).await?;
        }
        rows.push(row);
    }
    work.commit().await?;
    Ok(RatesSet { valid_from, rows })
}

/// As a rate that is set by itself, with its own line in the audit.
async fn set_one(
    work: &mut Work,
    actor: &Actor,
    staff: StaffId,
    (chosen, before): (&ChosenReseller, CommissionRate),
    (asked, valid_from): (&SetRates, Timestamp),
) -> Result<(), Failure> {
    let (id, reseller, rate, note) = (chosen.rate_id, chosen.reseller_id, asked.rate, asked.note.trim());
    add(work, &NewRate { id, reseller, rate, valid_from, set_by: staff, note }).await?;
    let set_at = work.now();
    let set = ResellerRate { rate_id: id, rate, valid_from, set_at, set_by: None, note: note.to_owned() };
    audit::record(work, actor, "reseller.rate", Some(reseller.0), Some(&before), Some(&set)).await
}

fn check(asked: &SetRates) -> Result<(), Failure> {
    let mut wrong: Vec<FieldProblem> = Vec::new();
    let resellers: BTreeSet<ResellerId> = asked.resellers.iter().map(|one| one.reseller_id).collect();
    let ids: BTreeSet<Uuid> = asked.resellers.iter().map(|one| one.rate_id.0).collect();
    let count = asked.resellers.len();
    if count == 0 || count > MOST {
        wrong.push(field("resellers", format!("1 to {MOST} resellers at a time")));
    } else if resellers.len() < count || ids.len() < count {
        wrong.push(field("resellers", "each reseller once, with an id of its own"));
    }
    if !asked.rate.is_in_range() {
        wrong.push(field("rate", "a rate is 0 to 10,000 basis points, or by tier"));
    }
    if asked.note.trim().chars().count() > LONGEST_NOTE {
        wrong.push(field("note", format!("at most {LONGEST_NOTE} characters")));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
}

/// What is known of the chosen ones before anything is set.
struct Before {
    resellers: BTreeMap<Uuid, Named>,
    /// In force now.
    now: BTreeMap<Uuid, CommissionRate>,
    /// In force when the new one begins.
    then: BTreeMap<Uuid, CommissionRate>,
    /// Ids under which the same was set before.
    repeated: BTreeSet<Uuid>,
}

impl Before {
    async fn read(work: &mut Work, asked: &SetRates, valid_from: Timestamp) -> Result<Self, Failure> {
        let (operator, now) = (work.operator(), work.now());
        let ids: Vec<Uuid> = asked.resellers.iter().map(|one| one.reseller_id.0).collect();
        let resellers = named(work.conn(), operator, &ids).await?;
        Ok(Self {
            resellers: resellers.into_iter().map(|one| (one.id, one)).collect(),
            now: in_force(work.conn(), &ids, now).await?,
            then: in_force(work.conn(), &ids, valid_from).await?,
            repeated: repeated(work.conn(), asked).await?,
        })
    }

    fn row(&self, chosen: &ChosenReseller, asked: &SetRates) -> Result<RateChange, Failure> {
        let (reseller_id, id) = (chosen.reseller_id, chosen.reseller_id.0);
        let Some(one) = self.resellers.get(&id) else {
            return Ok(RateChange { reseller_id, known: None, refused: Some(RateRefusal::Unknown) });
        };
        let mode = SettlementMode::from_stored(&one.settlement_mode);
        let rate = |rates: &BTreeMap<Uuid, CommissionRate>| rates.get(&id).copied().unwrap_or(CommissionRate::ByTier);
        let same = rate(&self.then) == asked.rate && !self.repeated.contains(&chosen.rate_id.0);
        let known = KnownReseller {
            company: one.company.clone(),
            settlement_mode: stored(mode, "reseller", "settlement_mode", id)?,
            now: rate(&self.now),
        };
        Ok(RateChange { reseller_id, known: Some(known), refused: same.then_some(RateRefusal::Same) })
    }
}

/// Rates at a moment. Who has no entry is paid by tier and is not among them.
async fn in_force(conn: &mut Conn, ids: &[Uuid], at: Timestamp) -> Result<BTreeMap<Uuid, CommissionRate>, Failure> {
    let mut rates = BTreeMap::new();
    for row in repo::of_many(conn, ids, at).await? {
        let rate = CommissionRate::from_stored(row.rate_bp);
        rates.insert(row.reseller_id, stored(rate, "reseller_rate", "rate_bp", row.reseller_id)?);
    }
    Ok(rates)
}

async fn repeated(conn: &mut Conn, asked: &SetRates) -> Result<BTreeSet<Uuid>, Failure> {
    let chosen: BTreeMap<Uuid, ResellerId> =
        asked.resellers.iter().map(|one| (one.rate_id.0, one.reseller_id)).collect();
    let ids: Vec<Uuid> = chosen.keys().copied().collect();
    let mut repeated = BTreeSet::new();
    for known in repo::of_ids(conn, &ids).await? {
        let same = chosen.get(&known.id).is_some_and(|reseller| reseller.0 == known.reseller_id)
            && CommissionRate::from_stored(known.rate_bp) == Some(asked.rate)
            && known.note == asked.note.trim();
        if !same {
            let detail = "One of these ids belongs to another rate. Mint new ids for new rates.";
            return Err(Failure::new(Code::IdReused, detail));
        }
        repeated.insert(known.id);
    }
    Ok(repeated)
}
