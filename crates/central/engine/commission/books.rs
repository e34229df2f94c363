//! The books that commission moves through, of one reseller or of several above one another.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::amount::{Amount, Currency, Unit};
use counterfoil_domain::ids::{ResellerId, TransferId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_wire::commission::CommissionBalances;

use crate::dialect::{Conn, lock_commission};
use crate::engine::ledger::{self, Journal, PostError, Posting};
use crate::engine::work::Work;

/// Locked until the commit.
pub(super) struct Books {
    journal: Journal,
    unit: Unit,
}

/// What is posted.
pub(super) struct Movement<'a> {
    pub(super) kind: TransferKind,
    pub(super) from: AccountKind,
    pub(super) to: AccountKind,
    pub(super) amount: i64,
    pub(super) event: SourceEvent,
    pub(super) reverses: Option<TransferId>,
    /// Serial of a code, user name of an account, or what a payout is called.
    pub(super) reference: Option<&'a str>,
    pub(super) note: Option<&'a str>,
}

impl Books {
    /// Takes the locks, one reseller's after another's, and opens what is not open yet.
    pub(super) async fn lock(work: &mut Work, resellers: &[ResellerId], currency: Currency) -> Result<Self, Failure> {
        let mut resellers = resellers.to_vec();
        resellers.sort_unstable();
        resellers.dedup();
        let unit = Unit::Minor(currency);
        let mut locked = Vec::new();
        for reseller in resellers {
            let mut accounts = lock_commission(work.conn(), reseller.0).await?;
            if accounts.len() < AccountKind::COMMISSION.len() {
                ledger::open_commission_books(work, reseller, unit).await?;
                accounts = lock_commission(work.conn(), reseller.0).await?;
            }
            locked.extend(accounts);
        }
        Ok(Self { journal: Journal::of(locked)?, unit })
    }

    pub(super) fn balance(&self, reseller: ResellerId, kind: AccountKind) -> i64 {
        self.journal.of_reseller(reseller, kind).map_or(0, |account| account.balance)
    }

    pub(super) fn amount(&self, value: i64) -> Result<Amount, Failure> {
        Amount::new(value, self.unit).map_err(Failure::internal)
    }

    /// Posts; the caller writes when it has posted all.
    pub(super) fn post(
        &mut self,
        work: &mut Work,
        reseller: ResellerId,
        movement: Movement<'_>,
    ) -> Result<TransferId, Failure> {
        let transfer_id = mint(work.now());
        let posting = Posting {
            transfer_id,
            source_event: movement.event,
            kind: movement.kind,
            debit: self.id_of(reseller, movement.from)?,
            credit: self.id_of(reseller, movement.to)?,
            amount: self.amount(movement.amount)?,
            note: movement.note,
            reference: movement.reference,
            at: work.now(),
            reverses: movement.reverses,
        };
        self.journal.post(work, &posting).map_err(fault)?;
        Ok(transfer_id)
    }

    /// What became available by a movement first pays what is owed.
    pub(super) fn net(&mut self, work: &mut Work, reseller: ResellerId, by: TransferId) -> Result<(), Failure> {
        let owed = -self.balance(reseller, AccountKind::CommissionClawback);
        let amount = owed.min(self.balance(reseller, AccountKind::CommissionAvailable));
        if amount <= 0 {
            return Ok(());
        }
        let movement = Movement {
            kind: TransferKind::CommissionNetted,
            from: AccountKind::CommissionAvailable,
            to: AccountKind::CommissionClawback,
            amount,
            event: SourceEvent::netted(by),
            reverses: None,
            reference: None,
            note: None,
        };
        self.post(work, reseller, movement).map(|_| ())
    }

    pub(super) async fn write(&mut self, work: &mut Work) -> Result<(), Failure> {
        self.journal.write(work).await.map_err(fault)
    }

    fn id_of(
        &self,
        reseller: ResellerId,
        kind: AccountKind,
    ) -> Result<counterfoil_domain::ids::LedgerAccountId, Failure> {
        let account = self.journal.of_reseller(reseller, kind);
        account.map(|a| a.id).ok_or_else(|| Failure::internal(format!("{reseller} has no {} account", kind.as_str())))
    }
}

/// What moves was read under the locks that are still held, so a refusal is a fault.
fn fault(error: PostError) -> Failure {
    match error {
        PostError::Failed(failure) => failure,
        refused => Failure::internal(refused),
    }
}

/// Where a reseller's commission stands.
pub(super) async fn balances(
    conn: &mut Conn,
    reseller: ResellerId,
    currency: Currency,
) -> Result<CommissionBalances, Failure> {
    let known = ledger::commission_balances(conn, reseller).await?;
    let of = |kind| {
        let balance = known.iter().find(|(known, _)| *known == kind).map_or(0, |(_, balance)| *balance);
        Amount::new(balance, Unit::Minor(currency)).map_err(Failure::internal)
    };
    let owed = of(AccountKind::CommissionClawback)?;
    Ok(CommissionBalances {
        pending: of(AccountKind::CommissionPending)?,
        available: of(AccountKind::CommissionAvailable)?,
        on_the_way: of(AccountKind::CommissionClearing)?,
        paid: of(AccountKind::CommissionPaid)?,
        owed: Amount::zero(owed.unit()).checked_sub(owed).map_err(Failure::internal)?,
    })
}

/// All that a reseller ever earned and that was not taken back, and what of it is held back for a while.
pub(crate) async fn earned_and_pending(
    conn: &mut Conn,
    reseller: ResellerId,
    currency: Currency,
) -> Result<(Amount, Amount), Failure> {
    let CommissionBalances { pending, available, on_the_way, paid, owed } = balances(conn, reseller, currency).await?;
    let earned = [available, on_the_way, paid].into_iter().try_fold(pending, Amount::checked_add);
    let earned = earned.and_then(|earned| earned.checked_sub(owed)).map_err(Failure::internal)?;
    Ok((earned, pending))
}
