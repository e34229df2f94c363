//! The accounts a sale moves between, locked together in the order of their ids.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::ids::LedgerAccountId;
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use uuid::Uuid;

use crate::dialect;
use crate::engine::ledger::{Journal, OpenAccount, PostError, Posting};
use crate::engine::work::Work;

/// A reseller's wallet, ISSUED and CONSUMED, and the escrow of one lease. Nobody else moves them until the commit.
#[derive(Debug)]
pub(crate) struct Books {
    journal: Journal,
    unit: Unit,
}

/// What is posted for one code or lease.
pub(crate) struct Movement {
    pub(crate) kind: TransferKind,
    pub(crate) from: AccountKind,
    pub(crate) to: AccountKind,
    pub(crate) amount: i64,
    pub(crate) event: SourceEvent,
    /// Serial of a code or number of a lease.
    pub(crate) reference: String,
    pub(crate) note: Option<String>,
}

impl Books {
    /// Takes the locks. They come after device, lease and code, and before the feed.
    pub(crate) async fn lock(
        work: &mut Work,
        reseller: Uuid,
        lease_account: Option<Uuid>,
        unit: Unit,
    ) -> Result<Self, Failure> {
        let journal = Journal::of(dialect::lock_books(work.conn(), reseller, lease_account).await?)?;
        let lease = lease_account.map(|_| AccountKind::Lease);
        for kind in [AccountKind::Wallet, AccountKind::Issued, AccountKind::Consumed].into_iter().chain(lease) {
            if journal.of_kind(kind).is_none() {
                return Err(Failure::internal(format!("reseller {reseller} has no {} account", kind.as_str())));
            }
        }
        Ok(Self { journal, unit })
    }

    pub(crate) fn wallet_id(&self) -> Result<LedgerAccountId, Failure> {
        self.id_of(AccountKind::Wallet)
    }

    /// What the wallet can give without passing its floor.
    pub(crate) fn spendable(&self) -> i64 {
        self.journal.of_kind(AccountKind::Wallet).map_or(0, OpenAccount::spendable)
    }

    pub(crate) fn escrow(&self) -> i64 {
        self.journal.of_kind(AccountKind::Lease).map_or(0, |lease| lease.balance)
    }

    /// Posts; the caller writes when it has posted all. Nothing is posted for an amount of zero: a free code moves
    /// nothing.
    pub(crate) fn post(&mut self, work: &mut Work, movement: &Movement) -> Result<(), Failure> {
        if movement.amount == 0 {
            return Ok(());
        }
        let posting = Posting {
            transfer_id: mint(work.now()),
            source_event: movement.event.clone(),
            kind: movement.kind,
            debit: self.id_of(movement.from)?,
            credit: self.id_of(movement.to)?,
            amount: Amount::new(movement.amount, self.unit).map_err(Failure::internal)?,
            note: movement.note.as_deref(),
            reference: Some(&movement.reference),
            at: work.now(),
            reverses: None,
        };
        self.journal.post(work, &posting).map_err(fault)
    }

    /// Writes what was posted.
    pub(crate) async fn write(&mut self, work: &mut Work) -> Result<(), Failure> {
        self.journal.write(work).await.map_err(fault)
    }

    fn id_of(&self, kind: AccountKind) -> Result<LedgerAccountId, Failure> {
        let account = self.journal.of_kind(kind);
        account.map(|a| a.id).ok_or_else(|| Failure::internal(format!("no {} account is locked", kind.as_str())))
    }
}

/// What a movement needs was read under the locks that are still held, so a refusal is a fault.
fn fault(error: PostError) -> Failure {
    match error {
        PostError::Failed(failure) => failure,
        refused => Failure::internal(refused),
    }
}
