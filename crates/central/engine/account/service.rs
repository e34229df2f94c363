//! Service given to an account without a code: what it costs, who pays, and until when it lasts.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::in_words;
use counterfoil_domain::amount::{Amount, Currency, Unit};
use counterfoil_domain::ids::{AccountId, PlanId, ResellerId, SubscriptionId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_domain::reseller::{ResellerStatus, SettlementMode};
use counterfoil_domain::subscription as term;
use counterfoil_wire::accounts::{ExtendAccount, Extended, Service};
use counterfoil_wire::commission::SourceKind;
use counterfoil_wire::problem::{Code, FieldProblem};
use uuid::Uuid;

use super::{AccountRecord, Asker, Extension, Noted, repo};
use crate::engine::settlement::{Books, Movement};
use crate::engine::stored::{stored, stored_currency, stored_number};
use crate::engine::trials::{self, Trial};
use crate::engine::work::Work;
use crate::engine::{App, audit, commission, credits, lease, operators, prices};

/// As long as a plan's term may be.
const MOST_DAYS: u16 = 3_660;

/// Who pays, in what.
pub(super) struct Ground {
    reseller: ResellerId,
    mode: SettlementMode,
    unit: Unit,
    currency: Currency,
}

/// What is given, and what it costs the reseller.
pub(super) struct Offer {
    plan: Uuid,
    plan_name: String,
    days: u16,
    price: Option<i64>,
    cost: i64,
    /// Of a trial.
    trials_a_month: Option<i64>,
}

/// Under which id, and what for: "to create this account".
pub(super) struct Purpose {
    pub(super) id: SubscriptionId,
    pub(super) sentence: &'static str,
    pub(super) gift: bool,
}

impl Ground {
    pub(super) async fn read(work: &mut Work, reseller: ResellerId) -> Result<Self, Failure> {
        let ground = lease::repo::ground(work.conn(), reseller.0).await?;
        let status = ResellerStatus::from_stored(&ground.status);
        if stored(status, "reseller", "status", reseller)? != ResellerStatus::Active {
            let detail =
                "This reseller is suspended or inactive, so its accounts take no service. Make it active first.";
            return Err(Failure::new(Code::ResellerSuspended, detail));
        }
        let mode = SettlementMode::from_stored(&ground.settlement_mode);
        let mode = stored(mode, "reseller", "settlement_mode", reseller)?;
        let currency = stored_currency(&ground.currency, "operator", work.operator())?;
        Ok(Self { reseller, mode, unit: mode.unit(currency), currency })
    }

    /// The locks of the reseller's books. They come after the account's.
    pub(super) async fn books(&self, work: &mut Work) -> Result<Books, Failure> {
        Books::lock(work, self.reseller.0, None, self.unit).await
    }

    pub(super) async fn offer(
        &self,
        work: &mut Work,
        service: Service,
        account: Option<&AccountRecord>,
        gift: bool,
    ) -> Result<Offer, Failure> {
        match service {
            Service::Plan(plan) => {
                let operator = work.operator();
                let now = work.now();
                let plan = prices::sellable_plan(work.conn(), operator, self.reseller, plan, now).await?;
                let days = stored_number(plan.term_days, "plan", "term_days", plan.id)?;
                let cost = plan.cost(self.mode)?;
                let (price, trials_a_month) = (Some(plan.price), plan.trials_a_month);
                Ok(Offer { plan: plan.id, plan_name: plan.name, days, price, cost, trials_a_month })
            }
            Service::Days(days) => self.days(days, account, gift),
        }
    }

    /// A plan until a day that somebody chose: its days are paid for one by one.
    pub(super) async fn until(
        &self,
        work: &mut Work,
        plan: PlanId,
        last_day: &str,
        gift: bool,
    ) -> Result<Offer, Failure> {
        let offer = self.offer(work, Service::Plan(plan), None, gift).await?;
        let wrong = |message: &str| Err(Failure::validation(vec![field("last_day", message)]));
        if offer.trials_a_month.is_some() {
            return wrong("a trial lasts as long as its plan says: leave the day empty");
        }
        if self.mode == SettlementMode::Share && !gift {
            return wrong("this reseller pays a plan's price, which is for its whole term: leave the day empty");
        }
        let days = days_until(work, last_day).await?;
        Ok(Offer { days, price: None, cost: i64::from(days), ..offer })
    }

    fn days(&self, days: u16, account: Option<&AccountRecord>, gift: bool) -> Result<Offer, Failure> {
        let wrong = |message: String| Failure::validation(vec![field("service", message)]);
        if !(1..=MOST_DAYS).contains(&days) {
            return Err(wrong(format!("1 to {MOST_DAYS} days")));
        }
        if self.mode == SettlementMode::Share && !gift {
            return Err(wrong("this reseller pays a plan's price: choose a plan".to_owned()));
        }
        let known = account.and_then(|account| Some((account.plan_id?, account.plan_name.clone()?)));
        let (plan, plan_name) = known.ok_or_else(|| wrong("this account has no plan yet: choose one".to_owned()))?;
        Ok(Offer { plan, plan_name, days, price: None, cost: i64::from(days), trials_a_month: None })
    }
}

/// Days of service from today to a day, as an extension counts them.
async fn days_until(work: &mut Work, last_day: &str) -> Result<u16, Failure> {
    let (operator, now) = (work.operator(), work.now());
    let zone = operators::get(work.conn(), operator).await?.time_zone;
    let zone = stored(term::zone(&zone).ok(), "operator", "time_zone", operator)?;
    let day = term::last_day(last_day).ok_or_else(|| Failure::validation(vec![not_a_day()]))?;
    let today = term::day_of(now, &zone).map_err(Failure::internal)?;
    let days = term::days_left(now, day, &zone).ok().and_then(|days| u16::try_from(days).ok());
    days.filter(|days| (1..=MOST_DAYS).contains(days)).ok_or_else(|| {
        let message = format!("a day after today, {today}, and at most {MOST_DAYS} days from it");
        Failure::validation(vec![field("last_day", message)])
    })
}

/// Where a last day is none.
pub(super) fn not_a_day() -> FieldProblem {
    field("last_day", "a day such as 2026-12-22, or nothing for the plan's term")
}

/// Charges the reseller unless it is a gift, and moves the end. Gives what was paid.
pub(super) async fn give(
    work: &mut Work,
    books: &mut Books,
    ground: &Ground,
    account: &AccountRecord,
    offer: &Offer,
    purpose: &Purpose,
) -> Result<Option<Amount>, Failure> {
    if !purpose.gift {
        try_out(work, ground, account, offer).await?;
    }
    let cost = if purpose.gift { 0 } else { offer.cost };
    let amount = |value| Amount::new(value, ground.unit).map_err(Failure::internal);
    if cost > books.spendable() {
        let (needed, available) = (amount(cost)?, amount(books.spendable())?);
        return Err(in_words::insufficient(needed, available, purpose.sentence, "choose a shorter period"));
    }
    books.post(
        work,
        &Movement {
            kind: TransferKind::Subscription,
            from: AccountKind::Wallet,
            to: AccountKind::Consumed,
            amount: cost,
            event: SourceEvent::subscription(purpose.id),
            reference: account.username.clone(),
            note: Some(offer.plan_name.clone()),
        },
    )?;
    books.write(work).await?;
    let (operator, now) = (work.operator(), work.now());
    let zone = operators::get(work.conn(), operator).await?.time_zone;
    let zone = stored(term::zone(&zone).ok(), "operator", "time_zone", operator)?;
    let end = term::extend(now, account.end()?, offer.days, &zone).map_err(Failure::internal)?;
    let new = repo::subscription::NewSubscription {
        id: purpose.id,
        account: AccountId(account.id),
        reseller: ground.reseller,
        plan: offer.plan,
        plan_name: &offer.plan_name,
        days: i64::from(offer.days),
        price: offer.price,
        currency: &ground.currency.to_string(),
        cost,
        unit: &ground.unit.to_string(),
        last_day: &end.last_day.to_string(),
        ends_at: end.at.0,
    };
    repo::subscription::insert(work.conn(), operator, now, &new).await?;
    super::extend(work, &[Extension { account, plan: offer.plan, end }]).await?;
    if let (SettlementMode::Share, Some(price), false) = (ground.mode, offer.price, purpose.gift) {
        let sold = commission::SoldService {
            source: SourceKind::Subscription,
            id: purpose.id.0,
            seller: ground.reseller,
            account: AccountId(account.id),
            username: &account.username,
            plan_name: &offer.plan_name,
            price: Amount::new(price, Unit::Minor(ground.currency)).map_err(Failure::internal)?,
        };
        commission::owe_for_service(work, &sold).await?;
    }
    (!purpose.gift).then(|| amount(cost)).transpose()
}

/// A trial is for who never had service here, and no more of it than the reseller may give. Behind the lock of the books.
async fn try_out(work: &mut Work, ground: &Ground, account: &AccountRecord, offer: &Offer) -> Result<(), Failure> {
    let Some(a_month) = offer.trials_a_month else { return Ok(()) };
    if account.plan_id.is_some() {
        let detail = "A trial is for an account that never had service, and this one had. Choose another plan.";
        return Err(Failure::new(Code::WrongState, detail));
    }
    let (operator, now) = (work.operator(), work.now());
    let trial = Trial { plan: offer.plan, name: &offer.plan_name, a_month };
    trials::within_limit(work.conn(), operator, ground.reseller, &trial, 1, now).await
}

/// More service for an account, once under the caller's id.
pub(crate) async fn extend_service(
    app: &App,
    asker: &Asker<'_>,
    id: AccountId,
    asked: &ExtendAccount,
) -> Result<Extended, Failure> {
    let mut work = app.begin(asker.operator).await?;
    let extended = extend_within(&mut work, asker, id, asked).await?;
    work.commit().await?;
    Ok(extended)
}

/// [`extend_service`] in a transaction of somebody else's.
pub(crate) async fn extend_within(
    work: &mut Work,
    asker: &Asker<'_>,
    id: AccountId,
    asked: &ExtendAccount,
) -> Result<Extended, Failure> {
    let before = super::in_use(work, asker, id).await?;
    if let Some(known) = repo::subscription::by_id(work.conn(), asked.subscription_id).await? {
        if known.account_id != id.0 {
            let detail = "This id was used for another account. Mint a new id for a new extension.";
            return Err(Failure::new(Code::IdReused, detail));
        }
        let account = super::shown(work, &before).await?;
        return Ok(Extended { account, cost: known.cost()?, repeated: true });
    }
    let reseller = before.reseller_id.map(ResellerId).ok_or_else(super::is_nobodys)?;
    let ground = Ground::read(work, reseller).await?;
    let offer = ground.offer(work, asked.service, Some(&before), asked.gift).await?;
    let mut books = ground.books(work).await?;
    let purpose = Purpose { id: asked.subscription_id, sentence: "to extend this account", gift: asked.gift };
    let cost = give(work, &mut books, &ground, &before, &offer, &purpose).await?;
    credits::note_key(work, asker.actor, &SourceEvent::subscription(asked.subscription_id)).await?;
    let after = super::locked(work, id).await?;
    let (before, account) = (super::shown(work, &before).await?, super::shown(work, &after).await?);
    let noted = Noted { account: &account, reason: None, cost };
    audit::record(work, asker.actor, "account.extend", Some(id.0), Some(&before), Some(&noted)).await?;
    Ok(Extended { account, cost, repeated: false })
}
