//! The accounts a sale moves between, locked together in the order of their ids.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::ids::LedgerAccountId;
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use uuid::Uuid;

use crate::dialect::{self, BookRow};
use crate::engine::ledger::{self, PostError, Posting};
use crate::engine::work::Work;

/// One account as it stands in this transaction.
#[derive(Debug, Clone, Copy)]
struct Book {
    id: Uuid,
    balance: i64,
    floor: i64,
}

/// A reseller's wallet, ISSUED and CONSUMED, and the escrow of one lease. Nobody else moves them until the commit.
#[derive(Debug, Clone)]
pub(crate) struct Books {
    wallet: Book,
    issued: Book,
    consumed: Book,
    lease: Option<Book>,
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
        let rows = dialect::lock_books(work.conn(), reseller, lease_account).await?;
        let find = |kind: AccountKind| rows.iter().find(|row| row.kind == kind.as_str()).map(book);
        let need = |kind: AccountKind| {
            find(kind).ok_or_else(|| Failure::internal(format!("reseller {reseller} has no {} account", kind.as_str())))
        };
        let lease = match lease_account {
            Some(_) => Some(need(AccountKind::Lease)?),
            None => None,
        };
        Ok(Self {
            wallet: need(AccountKind::Wallet)?,
            issued: need(AccountKind::Issued)?,
            consumed: need(AccountKind::Consumed)?,
            lease,
            unit,
        })
    }

    pub(crate) fn wallet_id(&self) -> LedgerAccountId {
        LedgerAccountId(self.wallet.id)
    }

    /// What the wallet can give without passing its floor.
    pub(crate) fn spendable(&self) -> i64 {
        self.wallet.balance.saturating_sub(self.wallet.floor).max(0)
    }

    pub(crate) fn escrow(&self) -> i64 {
        self.lease.map_or(0, |lease| lease.balance)
    }

    /// Posts, and keeps the figures here in step. Nothing is posted for an amount of zero: a free code moves nothing.
    pub(crate) async fn post(&mut self, work: &mut Work, movement: Movement) -> Result<(), Failure> {
        if movement.amount == 0 {
            return Ok(());
        }
        let (debit, credit) = (self.id_of(movement.from)?, self.id_of(movement.to)?);
        let posting = Posting {
            transfer_id: mint(work.now()),
            source_event: movement.event,
            kind: movement.kind,
            debit: LedgerAccountId(debit),
            credit: LedgerAccountId(credit),
            amount: Amount::new(movement.amount, self.unit).map_err(Failure::internal)?,
            note: movement.note.as_deref(),
            reference: Some(&movement.reference),
            at: work.now(),
            reverses: None,
        };
        // What it needs was read under the locks that are still held, so a refusal here is a fault.
        ledger::post(work, &posting).await.map_err(|error| match error {
            PostError::Failed(failure) => failure,
            refused => Failure::internal(refused),
        })?;
        for (kind, delta) in [(movement.from, -movement.amount), (movement.to, movement.amount)] {
            if let Some(book) = self.book_mut(kind) {
                book.balance += delta;
            }
        }
        Ok(())
    }

    fn id_of(&self, kind: AccountKind) -> Result<Uuid, Failure> {
        let book = match kind {
            AccountKind::Wallet => Some(self.wallet),
            AccountKind::Issued => Some(self.issued),
            AccountKind::Consumed => Some(self.consumed),
            AccountKind::Lease => self.lease,
            AccountKind::Funding => None,
        };
        book.map(|book| book.id).ok_or_else(|| Failure::internal(format!("no {} account is locked", kind.as_str())))
    }

    fn book_mut(&mut self, kind: AccountKind) -> Option<&mut Book> {
        match kind {
            AccountKind::Wallet => Some(&mut self.wallet),
            AccountKind::Issued => Some(&mut self.issued),
            AccountKind::Consumed => Some(&mut self.consumed),
            AccountKind::Lease => self.lease.as_mut(),
            AccountKind::Funding => None,
        }
    }
}

fn book(row: &BookRow) -> Book {
    Book { id: row.id, balance: row.balance, floor: row.floor }
}
