//! Paying a provider all that is owed, once under the caller's id.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::in_words;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{
    LedgerAccountId, OperatorId, ProviderId, RelationshipId, ResellerId, StaffId, TransferId,
};
use counterfoil_domain::ledger::{SourceEvent, TransferKind};
use counterfoil_domain::subscription;
use counterfoil_wire::live::News;
use counterfoil_wire::problem::{Code, FieldProblem};
use counterfoil_wire::settlements::{SettleProvider, Settlement};
use jiff::civil::Date;

use super::{Provider, repo, view};
use crate::dialect::lock_accounts;
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::credits::check_note;
use crate::engine::ledger::{Journal, PostError, Posting};
use crate::engine::stored::stored;
use crate::engine::work::Work;
use crate::engine::{App, operators, resellers};

/// Records what a provider was paid. A repeat is answered as it was and books nothing.
pub(crate) async fn settle(
    app: &App,
    operator: OperatorId,
    (staff, actor): (StaffId, &Actor),
    id: ProviderId,
    asked: &SettleProvider,
) -> Result<Settlement, Failure> {
    let mut work = app.begin(operator).await?;
    // Settlements of one provider are made one after the other, so that of two at once the second finds the first.
    let locked = repo::lock(work.conn(), operator, id).await?;
    let provider = Provider::of(locked.ok_or_else(|| Failure::not_found("provider"))?)?;
    if let Some(known) = repo::by_id(work.conn(), asked.settlement_id).await? {
        let known = known_as(&mut work, known, &provider, asked).await;
        work.commit().await?;
        return known;
    }
    check_relationship(&mut work, id, asked.relationship_id).await?;
    check(&mut work, &provider, asked).await?;
    let mut owed = Owed::lock(&mut work, id, asked.relationship_id).await?;
    owed.check(&provider, asked.amount)?;
    owed.post(&mut work, &provider, asked).await?;
    let (currency, now) = (provider.unit.to_string(), work.now());
    let new = repo::New { asked, provider: id, staff, currency: &currency, reference: asked.reference.trim() };
    if !repo::insert(work.conn(), operator, &new, now).await? {
        // Of another provider, in the same moment.
        return Err(id_reused());
    }
    for line in &owed.lines {
        repo::insert_line(work.conn(), asked.settlement_id, line.relationship, line.amount, line.transfer).await?;
        resellers::ring(&mut work, News::Orders, line.reseller).await?;
    }
    let row = repo::by_id(work.conn(), asked.settlement_id).await?;
    let row = row.ok_or_else(|| Failure::internal("a settlement is gone in its own transaction"))?;
    let after = view(row, repo::lines(work.conn(), asked.settlement_id).await?, &provider)?;
    audit::record(&mut work, actor, "provider.settle", Some(asked.settlement_id.0), NOTHING, Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

/// The first one under this id, if it said the same.
async fn known_as(
    work: &mut Work,
    known: repo::Row,
    provider: &Provider,
    asked: &SettleProvider,
) -> Result<Settlement, Failure> {
    if known.provider_id != provider.id.0 {
        return Err(id_reused());
    }
    let known = view(known, repo::lines(work.conn(), asked.settlement_id).await?, provider)?;
    let one = asked.relationship_id.is_none_or(|one| known.lines.iter().all(|line| line.relationship_id == one));
    let same = known.amount == asked.amount
        && known.paid_on == asked.paid_on
        && (known.reference.as_str(), known.note.as_str()) == (asked.reference.trim(), asked.note.trim());
    if one && same { Ok(known) } else { Err(id_reused()) }
}

fn id_reused() -> Failure {
    Failure::new(Code::IdReused, "This id belongs to another settlement. Mint a new id for a new settlement.")
}

async fn check_relationship(
    work: &mut Work,
    provider: ProviderId,
    asked: Option<RelationshipId>,
) -> Result<(), Failure> {
    let Some(relationship) = asked else { return Ok(()) };
    let known = repo::is_of_provider(work.conn(), provider, relationship).await?;
    if known { Ok(()) } else { Err(Failure::not_found("relationship")) }
}

async fn check(work: &mut Work, provider: &Provider, asked: &SettleProvider) -> Result<(), Failure> {
    let (operator, now) = (work.operator(), work.now());
    let settings = operators::get(work.conn(), operator).await?;
    let zone = stored(subscription::zone(&settings.time_zone).ok(), "operator", "time_zone", operator)?;
    let today = subscription::day_of(now, &zone).map_err(Failure::internal)?;
    let mut wrong: Vec<FieldProblem> = Vec::new();
    if asked.amount.unit() != provider.unit {
        wrong.push(field("amount", format!("an amount in {}, as the provider's prices are", provider.unit)));
    } else if asked.amount.value() <= 0 {
        wrong.push(field("amount", "more than nothing"));
    }
    wrong.extend(check_day(&asked.paid_on, today));
    if asked.reference.trim().is_empty() {
        wrong.push(field("reference", "say which transfer it was: 1 to 200 characters"));
    }
    for (name, text) in [("reference", &asked.reference), ("note", &asked.note)] {
        wrong.extend(check_note(text).map(|_| field(name, "at most 200 characters")));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
}

fn check_day(paid_on: &str, today: Date) -> Option<FieldProblem> {
    let day = subscription::last_day(paid_on).filter(|day| day.to_string() == paid_on);
    let Some(day) = day else { return Some(field("paid_on", "a day such as 2026-12-01")) };
    (day > today).then(|| field("paid_on", "not after today: record it once it is paid"))
}

/// What is owed through one relationship, and the posting that takes it down.
struct Line {
    relationship: RelationshipId,
    reseller: ResellerId,
    payable: LedgerAccountId,
    paid: LedgerAccountId,
    amount: i64,
    transfer: TransferId,
}

/// Everything that is paid together, under the locks of its accounts.
struct Owed {
    journal: Journal,
    lines: Vec<Line>,
}

impl Owed {
    /// Locks the accounts of relationships that owe, in the order of these. What becomes owed meanwhile through another one
    /// comes after this settlement.
    async fn lock(work: &mut Work, provider: ProviderId, one: Option<RelationshipId>) -> Result<Self, Failure> {
        let operator = work.operator();
        let owing = repo::owing(work.conn(), provider, one).await?;
        let mut accounts = Vec::with_capacity(owing.len() * 2);
        for row in &owing {
            let (payable, paid) = (LedgerAccountId(row.payable_id), LedgerAccountId(row.paid_id));
            accounts.extend(lock_accounts(work.conn(), operator, payable, paid).await?);
        }
        let (journal, now) = (Journal::of(accounts)?, work.now());
        let mut lines = Vec::with_capacity(owing.len());
        for row in owing {
            let payable = LedgerAccountId(row.payable_id);
            let amount = journal.balance(payable).map_err(failed)?;
            if amount > 0 {
                lines.push(Line {
                    relationship: RelationshipId(row.relationship_id),
                    reseller: ResellerId(row.reseller_id),
                    payable,
                    paid: LedgerAccountId(row.paid_id),
                    amount,
                    transfer: mint(now),
                });
            }
        }
        Ok(Self { journal, lines })
    }

    /// What was paid has to be what is owed: nobody books a sum that another one was looked at for.
    fn check(&self, provider: &Provider, paid: Amount) -> Result<(), Failure> {
        let owed = self.lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.amount));
        let owed = provider.amount(owed.ok_or_else(|| Failure::internal("what is owed is out of range"))?)?;
        if owed == paid {
            return Ok(());
        }
        let detail = if owed.value() == 0 {
            "Nothing is owed here any more: it was settled or refunded meanwhile. Look at the account again.".to_owned()
        } else {
            let (owed, paid) = (in_words::amount(owed), in_words::amount(paid));
            format!(
                "{owed} is owed by now, and {paid} was to be settled. Look at the account again and pay what is owed."
            )
        };
        Err(Failure::new(Code::Conflict, detail))
    }

    async fn post(&mut self, work: &mut Work, provider: &Provider, asked: &SettleProvider) -> Result<(), Failure> {
        let at = work.now();
        for line in &self.lines {
            let posting = Posting {
                transfer_id: line.transfer,
                source_event: SourceEvent::provider_settlement(asked.settlement_id, line.relationship),
                kind: TransferKind::ProviderSettlement,
                debit: line.payable,
                credit: line.paid,
                amount: provider.amount(line.amount)?,
                note: None,
                reference: Some(asked.reference.trim()),
                at,
                reverses: None,
            };
            self.journal.post(work, &posting).map_err(failed)?;
        }
        self.journal.write(work).await.map_err(failed)
    }
}

fn failed(error: PostError) -> Failure {
    error.into_failure("to settle", "look at the account again")
}
