//! Posting the shares of sales that are due: the seller's and its uplines', once.

use std::collections::BTreeSet;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::amount::{Amount, Currency, Unit};
use counterfoil_domain::commission::{SaleFacts, SaleKind, Share, split};
use counterfoil_domain::ids::{OperatorId, ResellerId, TransferId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_domain::reseller::{ResellerPath, Scope};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::commission::SourceKind;
use counterfoil_wire::live::News;
use uuid::Uuid;

use super::books::{Books, Movement};
use super::repo::due::Due;
use super::repo::earnings as repo;
use super::{rates, rules};
use crate::dialect::{self, Conn};
use crate::engine::App;
use crate::engine::stored::{stored, stored_currency, stored_number};
use crate::engine::work::Work;
use crate::engine::{operators, resellers};

/// Sales of one seller, in one transaction. Says how many were posted now: another process may have been first.
pub(super) async fn accrue(
    app: &App,
    operator: OperatorId,
    seller: ResellerId,
    sources: &[Uuid],
) -> Result<u32, Failure> {
    let mut work = app.begin(operator).await?;
    let path = resellers::path(work.conn(), operator, &Scope::Operator, seller).await?;
    let chain = ResellerPath::upward(&path);
    let currency = operators::get(work.conn(), operator).await?.currency;
    // Before the sales: of two processes one has all of a seller's.
    let mut books = Books::lock(&mut work, &chain, currency).await?;
    let sales = dialect::take_due(work.conn(), seller, sources).await?;
    let mut earned = Vec::with_capacity(sales.len());
    for due in &sales {
        let sale = Sold::of(work.conn(), operator, currency, due, &chain).await?;
        earned.extend(sale.post(&mut work, &mut books, due, &chain)?);
    }
    books.write(&mut work).await?;
    if dialect::insert_earnings(work.conn(), operator, &earned).await? != earned.len() {
        return Err(Failure::internal("the shares of a sale were posted before"));
    }
    for beneficiary in earned.iter().map(|share| share.beneficiary).collect::<BTreeSet<_>>() {
        resellers::ring(&mut work, News::Earnings, beneficiary).await?;
    }
    work.commit().await?;
    Ok(u32::try_from(sales.len()).unwrap_or(u32::MAX))
}

/// A sale with the rules of its moment.
struct Sold {
    price: Amount,
    facts: SaleFacts,
    rules: rules::Rules,
}

impl Sold {
    async fn of(
        conn: &mut Conn,
        operator: OperatorId,
        currency: Currency,
        due: &Due,
        chain: &[ResellerId],
    ) -> Result<Self, Failure> {
        let (id, at) = (due.source_id, Timestamp(due.sold_at));
        let source = stored(SourceKind::from_stored(&due.source_kind), "commission_due", "source_kind", id)?;
        let sold_in = stored_currency(&due.currency, "commission_due", id)?;
        // The books are in the operator's currency; nothing is converted silently.
        let currency = stored((sold_in == currency).then_some(currency), "commission_due", "currency", id)?;
        let rate = rates::rate_at(conn, ResellerId(due.seller_id), at).await?;
        let fixed_rate = rate.fixed().map_err(Failure::internal)?;
        let facts = SaleFacts {
            kind: match source {
                SourceKind::Code => SaleKind::Code,
                SourceKind::Subscription | SourceKind::Payment => SaleKind::Payment,
            },
            fixed_rate,
            active_accounts: stored_number(due.active_accounts, "commission_due", "active_accounts", id)?,
            uplines: u8::try_from(chain.len().saturating_sub(1)).unwrap_or(u8::MAX),
        };
        let price = Amount::new(due.price, Unit::Minor(currency)).map_err(Failure::internal)?;
        Ok(Self { price, facts, rules: rules::at(conn, operator, at).await? })
    }

    /// Each share into the pending books of whose it is. A share of nothing is a row that says why.
    fn post<'a>(
        &self,
        work: &mut Work,
        books: &mut Books,
        due: &'a Due,
        chain: &[ResellerId],
    ) -> Result<Vec<repo::New<'a>>, Failure> {
        let split = split(&self.rules.rules, &self.facts.sale(self.price)).map_err(Failure::internal)?;
        let mut earned = Vec::with_capacity(split.shares.len());
        for (level, (share, beneficiary)) in split.shares.iter().zip(chain).enumerate() {
            let (id, beneficiary) = (mint(work.now()), *beneficiary);
            let transfer = if share.amount.value() > 0 {
                let movement = Movement {
                    kind: TransferKind::CommissionEarned,
                    from: AccountKind::CommissionExpense,
                    to: AccountKind::CommissionPending,
                    amount: share.amount.value(),
                    event: SourceEvent::earned(id),
                    reverses: None,
                    reference: Some(&due.reference),
                    note: None,
                };
                Some(books.post(work, beneficiary, movement)?)
            } else {
                None
            };
            earned.push(self.row(due, id, level, beneficiary, share, transfer)?);
        }
        Ok(earned)
    }

    fn row<'a>(
        &self,
        due: &'a Due,
        id: counterfoil_domain::ids::EarningId,
        level: usize,
        beneficiary: ResellerId,
        share: &Share,
        transfer: Option<TransferId>,
    ) -> Result<repo::New<'a>, Failure> {
        let json = |value: serde_json::Result<String>| value.map_err(Failure::internal);
        Ok(repo::New {
            id,
            due,
            level: i64::try_from(level).map_err(Failure::internal)?,
            beneficiary,
            facts: json(serde_json::to_string(&self.facts))?,
            basis: json(serde_json::to_string(&share.basis))?,
            rate: share.rate,
            rate_before_cap: share.rate_before_cap,
            amount: share.amount.value(),
            rules_version: self.rules.rules.version,
            available_at: Timestamp(due.sold_at).plus_days(i64::from(self.rules.terms.hold_days)),
            transfer,
        })
    }
}
