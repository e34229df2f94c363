//! What the sales of a period would have earned by other rules and rates. Nothing is written.
//!
//! Replayed is what was posted and stands, by [`split`], the rule that posted it, on the facts that stand with it: price,
//! kind, the seller's active accounts then, its rate then, and how many stood above it. Who stood above it is told by the
//! seller's path, which never changes. So with the rules and rates of its day a sale gives what was posted. A sale of
//! nothing counts: it is a row as well. What was taken back, what waits to be posted and what never was to earn is left out.

use std::collections::BTreeMap;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::amount::{Amount, BasisPoints, Unit};
use counterfoil_domain::commission::{CommissionRules, SaleFacts, split};
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::reseller::ResellerPath;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::simulation::{ProposedRules, SimulateCommission, SimulatedPart, SimulatedReseller};
use uuid::Uuid;

use super::repo::resellers::named;
use super::repo::simulation as repo;
use super::report::Period;
use super::rules;
use crate::dialect::Conn;
use crate::engine::operators;
use crate::engine::stored::{stored, stored_amount, stored_currency};

const MOST_RATES: usize = 1_000;

/// How much is replayed for one answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) sales: i64,
    /// Resellers that are looked at: most of them may have sold nothing.
    pub(crate) sellers: usize,
}

impl Default for Part {
    fn default() -> Self {
        Self { sales: 2_000, sellers: 100 }
    }
}

/// What a part begins behind: a seller, and a place in the order of that one's sales.
pub(crate) type Place = (ResellerId, i64, Uuid);

/// A share: whose, and how much.
type Shared = (ResellerId, Amount);

/// The part behind a place, and where it ends if there are more. Ask it of one moment.
pub(crate) async fn simulate(
    conn: &mut Conn,
    operator: OperatorId,
    asked: &SimulateCommission,
    (after, part): (Option<Place>, Part),
    now: Timestamp,
) -> Result<(SimulatedPart, Option<Place>), Failure> {
    let shown = operators::get(conn, operator).await?;
    let days = (Some(asked.start_date.as_str()), Some(asked.end_date.as_str()));
    let range = Period::read(&shown, days, now)?.range;
    let proposal = Proposal::read(conn, operator, asked, now).await?;
    let total = match after {
        None => Some(repo::count(conn, operator, range).await?.unsigned_abs()),
        Some(_) => None,
    };
    let mut sums = Sums::new(Unit::Minor(shown.currency));
    let next = replay(conn, operator, &proposal, range, (after, part), &mut sums).await?;
    let (sales, same) = (sums.sales, sums.same);
    let resellers = sums.named(conn, operator).await?;
    let answer = SimulatedPart { currency: shown.currency.to_string(), total, sales, same, resellers, next: None };
    Ok((answer, next))
}

/// Seller by seller, each along its own sales.
async fn replay(
    conn: &mut Conn,
    operator: OperatorId,
    proposal: &Proposal,
    (from, until): (Timestamp, Timestamp),
    (after, part): (Option<Place>, Part),
    sums: &mut Sums,
) -> Result<Option<Place>, Failure> {
    let beginning = (from.0, Uuid::nil());
    let (first, at, sale) = after.unwrap_or((ResellerId(Uuid::nil()), from.0, Uuid::nil()));
    let limit = i64::try_from(part.sellers + 1).map_err(Failure::internal)?;
    let sellers = repo::sellers(conn, operator, first, limit).await?;
    let mut left = part.sales;
    for seller in sellers.iter().take(part.sellers) {
        let id = ResellerId(seller.id);
        let start = if id == first { beginning.max((at, sale)) } else { beginning };
        let rows = repo::sales(conn, seller.id, start, until, left).await?;
        let path = stored(ResellerPath::from_stored(&seller.path), "reseller", "path", id)?;
        let chain = path.upward();
        for shares in rows.chunk_by(|one, other| one.sale == other.sale) {
            proposal.replay(shares, &chain, sums)?;
            left -= 1;
        }
        if left <= 0 {
            return Ok(rows.last().map(|row| (id, row.sold_at, row.sale)));
        }
    }
    // One more was asked for than looked at: with that one it goes on.
    Ok(sellers.get(part.sellers).map(|next| (ResellerId(next.id), from.0, Uuid::nil())))
}

/// What might be in force.
struct Proposal {
    rules: CommissionRules,
    /// Of sellers that would have another rate than they had; none is by tier.
    rates: BTreeMap<ResellerId, Option<BasisPoints>>,
}

impl Proposal {
    async fn read(
        conn: &mut Conn,
        operator: OperatorId,
        asked: &SimulateCommission,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let in_force = rules::at(conn, operator, now).await?.rules;
        let rules =
            asked.rules.as_ref().map_or_else(|| in_force.clone(), |proposed| proposed_rules(proposed, &in_force));
        if let Some(mut wrong) = rules::wrong(&rules) {
            wrong.field = format!("rules.{}", wrong.field);
            return Err(Failure::validation(vec![wrong]));
        }
        if asked.rates.len() > MOST_RATES {
            return Err(Failure::validation(vec![field("rates", format!("at most {MOST_RATES} resellers"))]));
        }
        let mut rates = BTreeMap::new();
        for one in &asked.rates {
            let rate = one.rate.fixed();
            let rate = rate.map_err(|error| Failure::validation(vec![field("rates", error.to_string())]))?;
            rates.insert(one.reseller_id, rate);
        }
        Ok(Self { rules, rates })
    }

    /// One sale: all of its shares as they were posted, the seller's first.
    fn replay(&self, shares: &[repo::Row], chain: &[ResellerId], sums: &mut Sums) -> Result<(), Failure> {
        let (Some(sale), Some(seller)) = (shares.first(), chain.first()) else { return Ok(()) };
        let id = sale.sale;
        let unit = Unit::Minor(stored_currency(&sale.currency, "earning", id)?);
        let amount = |value| stored_amount(value, unit, "earning", id);
        let mut facts: SaleFacts = stored(serde_json::from_str(&sale.facts).ok(), "earning", "facts", id)?;
        if let Some(rate) = self.rates.get(seller) {
            facts.fixed_rate = *rate;
        }
        let split = split(&self.rules, &facts.sale(amount(sale.price)?)).map_err(Failure::internal)?;
        let now: Vec<Shared> = chain.iter().copied().zip(split.shares.iter().map(|share| share.amount)).collect();
        let then = shares.iter().map(|share| Ok((ResellerId(share.beneficiary_id), amount(share.amount)?)));
        let then = then.collect::<Result<Vec<Shared>, Failure>>()?;
        sums.add(*seller, &then, &now)
    }
}

fn proposed_rules(proposed: &ProposedRules, in_force: &CommissionRules) -> CommissionRules {
    CommissionRules {
        version: in_force.version,
        code_rate: proposed.code_rate,
        tiers: proposed.tiers.clone(),
        override_rate: proposed.override_rate,
        override_levels: proposed.override_levels,
        cap: proposed.cap,
    }
}

/// What a part comes to.
struct Sums {
    unit: Unit,
    sales: u64,
    same: u64,
    resellers: BTreeMap<ResellerId, SimulatedReseller>,
}

impl Sums {
    const fn new(unit: Unit) -> Self {
        Self { unit, sales: 0, same: 0, resellers: BTreeMap::new() }
    }

    fn add(&mut self, seller: ResellerId, then: &[Shared], now: &[Shared]) -> Result<(), Failure> {
        let same = u64::from(earned(then) == earned(now));
        (self.sales, self.same) = (self.sales + 1, self.same + same);
        let own = self.of(seller);
        (own.sales, own.same) = (own.sales + 1, own.same + same);
        for (who, amount) in then {
            let sum = self.of(*who);
            let place = if *who == seller { &mut sum.own_then } else { &mut sum.overrides_then };
            *place = place.checked_add(*amount).map_err(Failure::internal)?;
        }
        for (who, amount) in now {
            let sum = self.of(*who);
            let place = if *who == seller { &mut sum.own_now } else { &mut sum.overrides_now };
            *place = place.checked_add(*amount).map_err(Failure::internal)?;
        }
        Ok(())
    }

    fn of(&mut self, reseller_id: ResellerId) -> &mut SimulatedReseller {
        let nothing = Amount::zero(self.unit);
        self.resellers.entry(reseller_id).or_insert_with(|| SimulatedReseller {
            reseller_id,
            company: String::new(),
            sales: 0,
            same: 0,
            own_then: nothing,
            own_now: nothing,
            overrides_then: nothing,
            overrides_now: nothing,
        })
    }

    /// With their names.
    async fn named(mut self, conn: &mut Conn, operator: OperatorId) -> Result<Vec<SimulatedReseller>, Failure> {
        let ids: Vec<Uuid> = self.resellers.keys().map(|id| id.0).collect();
        for one in named(conn, operator, &ids).await? {
            self.of(ResellerId(one.id)).company = one.company;
        }
        Ok(self.resellers.into_values().collect())
    }
}

/// A share of nothing is as good as none.
fn earned(shares: &[Shared]) -> Vec<Shared> {
    shares.iter().filter(|(_, amount)| amount.value() != 0).copied().collect()
}
