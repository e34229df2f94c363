//! The world's ledger: the smallest thing that keeps what the ledger rules ask for.

use std::collections::{BTreeMap, HashSet};

use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::ids::{LeaseId, LedgerAccountId, TransferId};
use counterfoil_domain::ledger::{AccountKind, Entry, EntryHash, Equation, SourceEvent, TransferKind, genesis_hash};
use uuid::Uuid;

use super::{Objection, fault::Fault, object};

/// An account by what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Key {
    Wallet(usize),
    Issued(usize),
    Consumed(usize),
    Funding(usize),
    Lease(usize, LeaseId),
}

impl Key {
    pub(crate) const fn kind(self) -> AccountKind {
        match self {
            Self::Wallet(_) => AccountKind::Wallet,
            Self::Issued(_) => AccountKind::Issued,
            Self::Consumed(_) => AccountKind::Consumed,
            Self::Funding(_) => AccountKind::Funding,
            Self::Lease(..) => AccountKind::Lease,
        }
    }

    pub(crate) const fn shop(self) -> usize {
        match self {
            Self::Wallet(shop)
            | Self::Issued(shop)
            | Self::Consumed(shop)
            | Self::Funding(shop)
            | Self::Lease(shop, _) => shop,
        }
    }
}

pub(crate) struct Account {
    id: LedgerAccountId,
    unit: Unit,
    floor: i64,
    pub(crate) balance: i64,
    pub(crate) entries: Vec<Entry>,
    head: EntryHash,
}

/// A transfer as the invariants count it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Transfer {
    pub(crate) kind: TransferKind,
    pub(crate) lease: Option<LeaseId>,
    /// The code it is about; 0 for a whole lease or a wallet.
    pub(crate) seq: u32,
    pub(crate) amount: i64,
}

/// What to move.
pub(crate) struct Posting {
    pub(crate) event: SourceEvent,
    pub(crate) kind: TransferKind,
    pub(crate) debit: Key,
    pub(crate) credit: Key,
    pub(crate) amount: i64,
    pub(crate) about: Option<(LeaseId, u32)>,
}

pub(crate) struct Books {
    fault: Fault,
    units: Vec<(Unit, i64)>,
    pub(crate) accounts: BTreeMap<Key, Account>,
    pub(crate) transfers: Vec<Transfer>,
    events: HashSet<SourceEvent>,
    /// How many entries of each account were verified in an earlier step, and the hash of the last of them.
    verified: BTreeMap<Key, (usize, EntryHash)>,
}

impl Books {
    /// One unit and credit limit per shop.
    pub(crate) fn new(fault: Fault, units: Vec<(Unit, i64)>) -> Self {
        Self {
            fault,
            units,
            accounts: BTreeMap::new(),
            transfers: Vec::new(),
            events: HashSet::new(),
            verified: BTreeMap::new(),
        }
    }

    pub(crate) fn balance(&self, key: Key) -> i64 {
        self.accounts.get(&key).map_or(0, |account| account.balance)
    }

    /// What the wallet can give without passing its floor.
    pub(crate) fn spendable(&self, shop: usize) -> i64 {
        self.balance(Key::Wallet(shop)) - AccountKind::Wallet.floor(self.units[shop].1)
    }

    pub(crate) fn unit(&self, shop: usize) -> Unit {
        self.units[shop].0
    }

    fn account(&mut self, key: Key) -> &mut Account {
        let number = self.accounts.len() as u128;
        let (unit, limit) = self.units[key.shop()];
        self.accounts.entry(key).or_insert_with(|| {
            let id = LedgerAccountId(Uuid::from_u128(number));
            let floor = key.kind().floor(limit);
            Account { id, unit, floor, balance: 0, entries: Vec::new(), head: genesis_hash(id) }
        })
    }

    /// Moves an amount once. A rule that decided for a posting that cannot stand is wrong, so every refusal objects.
    pub(crate) fn post(&mut self, posting: Posting) -> Result<(), Objection> {
        let Posting { event, kind, debit, credit, amount, about } = posting;
        if !kind.allows(debit.kind(), credit.kind()) || amount <= 0 {
            return object("ledger: kinds", format!("{kind:?} {amount} from {debit:?} to {credit:?}"));
        }
        if !self.events.insert(event.clone()) {
            return object("ledger: one posting per event", event.as_str().to_owned());
        }
        let id = TransferId(Uuid::from_u128(self.transfers.len() as u128));
        self.enter(debit, id, -amount)?;
        if self.fault != Fault::OneSidedPosting || kind != TransferKind::Void {
            self.enter(credit, id, amount)?;
        }
        let (lease, seq) = about.map_or((None, 0), |(lease, seq)| (Some(lease), seq));
        self.transfers.push(Transfer { kind, lease, seq, amount });
        if self.fault == Fault::EntryRewritten && self.transfers.len().is_multiple_of(16) {
            self.rewrite();
        }
        Ok(())
    }

    fn enter(&mut self, key: Key, transfer: TransferId, delta: i64) -> Result<(), Objection> {
        let out_of_chain = self.fault == Fault::EntryOutOfChain;
        let account = self.account(key);
        let before =
            Amount::new(account.balance, account.unit).map_err(|e| Objection::new("amounts", e.to_string()))?;
        let moved = Amount::new(delta, account.unit).map_err(|e| Objection::new("amounts", e.to_string()))?;
        let after = before.checked_add(moved).map_err(|e| Objection::new("amounts", e.to_string()))?.value();
        if after < account.floor {
            return object("ledger: floor", format!("{key:?} would be {after}, floor {}", account.floor));
        }
        let seq = i64::try_from(account.entries.len()).expect("few entries") + 1;
        let prev_hash = if out_of_chain && seq > 1 { genesis_hash(account.id) } else { account.head };
        let balance_before = account.balance;
        let entry =
            Entry { account: account.id, seq, transfer, delta, balance_before, balance_after: after, prev_hash };
        account.head = entry.hash();
        account.balance = after;
        account.entries.push(entry);
        Ok(())
    }

    /// Somebody edits history so that each line still adds up.
    fn rewrite(&mut self) {
        if let Some(account) = self.accounts.values_mut().find(|account| account.entries.len() > 2) {
            account.entries[1].delta += 1;
            account.entries[1].balance_after += 1;
            account.entries[2].balance_before += 1;
            account.entries[2].delta -= 1;
        }
    }

    /// The chain of every account; from its first entry when `whole`, else from the last one verified.
    pub(crate) fn check_chains(&mut self, whole: bool) -> Result<(), Objection> {
        for (key, account) in &self.accounts {
            let (verified, head) = self.verified.entry(*key).or_insert_with(|| (0, genesis_hash(account.id)));
            let from = if whole { 0 } else { *verified };
            for at in from..account.entries.len() {
                let previous = at.checked_sub(1).map(|before| &account.entries[before]);
                if account.entries[at].account != account.id || !account.entries[at].follows(previous) {
                    return object("entry chain", format!("{key:?} entry {}", at + 1));
                }
            }
            let last = account.entries.last();
            // Most steps touch few accounts, and hashing the last entry of all others again would be half of the work.
            if whole || *verified != account.entries.len() {
                *head = last.map_or_else(|| genesis_hash(account.id), Entry::hash);
                *verified = account.entries.len();
            }
            if last.map_or(0, |e| e.balance_after) != account.balance || *head != account.head {
                return object("entry chain", format!("{key:?} ends elsewhere than its balance"));
            }
        }
        Ok(())
    }

    /// The four figures of a shop, from its accounts.
    pub(crate) fn equation(&self, shop: usize) -> Equation {
        let leases =
            self.accounts.range(Key::Lease(shop, LeaseId(Uuid::nil()))..=Key::Lease(shop, LeaseId(Uuid::max())));
        Equation {
            funded: -self.balance(Key::Funding(shop)),
            available: self.balance(Key::Wallet(shop)),
            reserved: leases.map(|(_, account)| account.balance).sum(),
            spent: self.balance(Key::Issued(shop)) + self.balance(Key::Consumed(shop)),
        }
    }
}
