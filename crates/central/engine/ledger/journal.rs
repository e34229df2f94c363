//! Postings between accounts that one transaction has locked: each is judged and chained here, in memory, and all are
//! written together. A lot of a thousand codes, or a sale and its redemption, cost three statements.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{LedgerAccountId, ResellerId, TransferId};
use counterfoil_domain::ledger::{AccountKind, Entry, EntryHash};
use uuid::Uuid;

use super::{PostError, Posting, repo};
use crate::dialect;
use crate::engine::stored::{stored, stored_amount};
use crate::engine::work::Work;

/// A row of the books as a dialect reads it, under the lock that it takes in its own way.
pub(crate) struct LockedAccount {
    pub(crate) id: Uuid,
    pub(crate) reseller: Uuid,
    pub(crate) path: String,
    pub(crate) kind: String,
    pub(crate) unit: String,
    pub(crate) balance: i64,
    pub(crate) floor: i64,
    pub(crate) seq: i64,
    pub(crate) head_hash: Vec<u8>,
}

/// A ledger account under this transaction's lock, with everything posted to it so far.
#[derive(Debug, Clone)]
pub(crate) struct OpenAccount {
    pub(crate) id: LedgerAccountId,
    pub(crate) kind: AccountKind,
    pub(crate) balance: i64,
    pub(crate) floor: i64,
    reseller: Uuid,
    path: String,
    unit: String,
    seq: i64,
    head: EntryHash,
    /// As the database has it: what the next write continues.
    written_seq: i64,
    written_balance: i64,
}

impl OpenAccount {
    fn of(row: LockedAccount) -> Result<Self, Failure> {
        Ok(Self {
            id: LedgerAccountId(row.id),
            kind: stored(AccountKind::from_stored(&row.kind), "ledger_account", "kind", row.id)?,
            balance: row.balance,
            floor: row.floor,
            reseller: row.reseller,
            path: row.path,
            unit: row.unit,
            seq: row.seq,
            head: stored(row.head_hash.as_slice().try_into().ok(), "ledger_account", "head_hash", row.id)?,
            written_seq: row.seq,
            written_balance: row.balance,
        })
    }

    /// What it can give without passing its floor.
    pub(crate) fn spendable(&self) -> i64 {
        self.balance.saturating_sub(self.floor).max(0)
    }

    fn enter(&mut self, transfer: TransferId, delta: i64) -> Entry {
        let entry = Entry {
            account: self.id,
            seq: self.seq + 1,
            transfer,
            delta,
            balance_before: self.balance,
            balance_after: self.balance + delta,
            prev_hash: self.head,
        };
        (self.seq, self.balance, self.head) = (entry.seq, entry.balance_after, entry.hash());
        entry
    }
}

/// See the module. Every account of a posting must be in it, and what was posted must be written: [`Work::commit`]
/// refuses otherwise.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    accounts: Vec<OpenAccount>,
    transfers: Vec<repo::NewTransfer>,
    entries: Vec<Entry>,
}

impl Journal {
    /// From rows that are locked until the commit.
    pub(crate) fn of(locked: Vec<LockedAccount>) -> Result<Self, Failure> {
        let accounts = locked.into_iter().map(OpenAccount::of).collect::<Result<_, _>>()?;
        Ok(Self { accounts, ..Self::default() })
    }

    /// The one account of this kind.
    pub(crate) fn of_kind(&self, kind: AccountKind) -> Option<&OpenAccount> {
        self.accounts.iter().find(|account| account.kind == kind)
    }

    /// The account of this kind that a reseller has, where those of several are locked.
    pub(crate) fn of_reseller(&self, reseller: ResellerId, kind: AccountKind) -> Option<&OpenAccount> {
        self.accounts.iter().find(|account| account.kind == kind && account.reseller == reseller.0)
    }

    pub(crate) fn balance(&self, id: LedgerAccountId) -> Result<i64, PostError> {
        Ok(self.accounts[self.place(id)?].balance)
    }

    fn place(&self, id: LedgerAccountId) -> Result<usize, PostError> {
        let place = self.accounts.iter().position(|account| account.id == id);
        place.ok_or_else(|| PostError::NotAllowed(format!("no ledger account {id}")))
    }

    /// Judges one movement and lays it up. After an error everything is as it was before.
    pub(crate) fn post(&mut self, work: &mut Work, posting: &Posting<'_>) -> Result<(), PostError> {
        let amount = posting.amount.value();
        if amount <= 0 {
            return Err(PostError::NotAllowed(format!("an amount of {}", posting.amount)));
        }
        let (from, to) = (self.place(posting.debit)?, self.place(posting.credit)?);
        let (debit, credit) = (&self.accounts[from], &self.accounts[to]);
        check(posting, debit, credit)?;
        if debit.spendable() < amount {
            let available = debit.balance.saturating_sub(debit.floor);
            let available = stored_amount(available, posting.amount.unit(), "ledger_account", debit.id)?;
            return Err(PostError::Insufficient { needed: posting.amount, available });
        }
        if credit.balance.checked_add(amount).is_none_or(|balance| balance > Amount::MAX) {
            return Err(PostError::OutOfRange);
        }
        // No device follows commission or the books of orders as a balance: it would only be told what it knows.
        if !debit.kind.is_commission() && !debit.kind.is_of_orders() {
            work.touch(FeedTable::Balance, debit.reseller, &debit.path);
        }
        if debit.kind == AccountKind::Wallet || credit.kind == AccountKind::Wallet {
            work.touch(FeedTable::Entry, posting.transfer_id, &debit.path);
        }
        for (place, delta) in [(from, -amount), (to, amount)] {
            let entry = self.accounts[place].enter(posting.transfer_id, delta);
            self.entries.push(entry);
        }
        self.transfers.push(repo::NewTransfer::of(posting));
        work.owe_writing(1);
        Ok(())
    }

    /// Writes what was posted. Events are unique: one that is in the books already undoes the transaction.
    pub(crate) async fn write(&mut self, work: &mut Work) -> Result<(), PostError> {
        let operator = work.operator();
        let (transfers, entries) = (std::mem::take(&mut self.transfers), std::mem::take(&mut self.entries));
        if transfers.is_empty() {
            return Ok(());
        }
        let moved: Vec<repo::Moved> = self.accounts.iter().filter(|a| a.seq != a.written_seq).map(moved).collect();
        let written = dialect::post(work.conn(), operator, &transfers, &entries, &moved).await?;
        if written.transfers != transfers.len() {
            return Err(PostError::IdReused);
        }
        // The condition is a second wall: the rows are locked and were judged, so it always holds.
        if written.accounts != moved.len() {
            return Err(PostError::NotAllowed("an account changed under its lock".to_owned()));
        }
        for account in &mut self.accounts {
            (account.written_seq, account.written_balance) = (account.seq, account.balance);
        }
        work.owe_writing(-i64::try_from(transfers.len()).unwrap_or(i64::MAX));
        Ok(())
    }
}

fn moved(account: &OpenAccount) -> repo::Moved {
    repo::Moved {
        id: account.id,
        delta: account.balance - account.written_balance,
        seq: account.seq,
        head: account.head,
        was: account.written_seq,
    }
}

fn check(posting: &Posting<'_>, debit: &OpenAccount, credit: &OpenAccount) -> Result<(), PostError> {
    let unit = posting.amount.unit().to_string();
    if !posting.kind.allows(debit.kind, credit.kind) {
        return Err(PostError::NotAllowed(format!("{:?} from {:?} to {:?}", posting.kind, debit.kind, credit.kind)));
    }
    if debit.unit != unit || credit.unit != unit {
        return Err(PostError::NotAllowed(format!("{unit} between {} and {}", debit.unit, credit.unit)));
    }
    if debit.reseller != credit.reseller {
        return Err(PostError::NotAllowed("a movement between the books of two resellers".to_owned()));
    }
    Ok(())
}
