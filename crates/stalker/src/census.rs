//! Who is on a portal, counted from the cheap list: what appears twice, what cannot be addressed, what was never there.

use std::collections::HashMap;

use crate::id::{AccountNumber, Login, Mac, StoredMac, UniqueNumber};
use crate::record::BoxRecord;

/// Counts of one whole list. Holds a few short texts for each account, and nothing is concluded from a part of a list:
/// keep it only when [`RowStream::end`](crate::RowStream::end) said that the list was whole.
#[derive(Clone, Debug, Default)]
pub struct Census {
    accounts: u64,
    ghosts: u64,
    numbers: HashMap<String, Vec<String>>,
    macs: HashMap<Mac, Vec<String>>,
    logins: HashMap<String, u32>,
    odd: Vec<Odd>,
}

/// An account that something is wrong with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Odd {
    /// As the portal shows them.
    pub login: String,
    /// As the portal shows it; often empty.
    pub account_number: String,
    /// As the portal stores it, in any spelling.
    pub stb_mac: String,
    /// What stands in the way.
    pub why: Why,
}

/// What is wrong with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// No address can carry its login, and it has no box to be found by.
    Unaddressable,
    /// No address can carry its login; its box still finds it.
    OddLogin,
    /// Its MAC is stored in a spelling that the portal never finds.
    MisspeltMac,
    /// Its MAC is none.
    JunkMac,
}

/// Something that several accounts have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared<K> {
    /// What they share.
    pub key: K,
    /// Their logins, in the order of the list; an empty one for a box without.
    pub logins: Vec<String>,
}

impl Census {
    /// Counts one row. Says whether it is an account: a ghost is none.
    pub fn count(&mut self, row: &BoxRecord) -> bool {
        if row.is_ghost() {
            self.ghosts += 1;
            return false;
        }
        self.accounts += 1;
        if !row.account_number.trim().is_empty() {
            self.numbers.entry(folded(&row.account_number)).or_default().push(row.login.clone());
        }
        if !row.login.is_empty() {
            *self.logins.entry(folded(&row.login)).or_default() += 1;
        }
        let mac = row.mac();
        if let StoredMac::Good(mac) = &mac {
            self.macs.entry(*mac).or_default().push(row.login.clone());
        }
        let why = match (&mac, row.login().is_ok()) {
            (StoredMac::Misspelt(_), _) => Some(Why::MisspeltMac),
            (StoredMac::Junk(_), _) => Some(Why::JunkMac),
            (StoredMac::None, false) => Some(Why::Unaddressable),
            (StoredMac::Good(_), false) if !row.login.is_empty() => Some(Why::OddLogin),
            (StoredMac::Good(_) | StoredMac::None, _) => None,
        };
        self.odd.extend(why.map(|why| Odd {
            login: row.login.clone(),
            account_number: row.account_number.clone(),
            stb_mac: row.stb_mac.clone(),
            why,
        }));
        true
    }

    /// Rows that are accounts.
    pub fn accounts(&self) -> u64 {
        self.accounts
    }

    /// Rows that vanished while the list was made.
    pub fn ghosts(&self) -> u64 {
        self.ghosts
    }

    /// Accounts that something is wrong with, in the order of the list.
    pub fn odd(&self) -> &[Odd] {
        &self.odd
    }

    /// Account numbers of several accounts: a write to one of them would reach all.
    pub fn shared_numbers(&self) -> Vec<Shared<String>> {
        shared(&self.numbers)
    }

    /// MACs of several accounts.
    pub fn shared_macs(&self) -> Vec<Shared<Mac>> {
        shared(&self.macs)
    }

    /// Whether exactly one account has this login.
    pub fn has_one(&self, login: &Login) -> bool {
        self.logins.get(&login.folded()) == Some(&1)
    }

    /// The number, when exactly one account had it.
    pub fn unique_number(&self, number: &AccountNumber) -> Option<UniqueNumber> {
        let logins = self.numbers.get(&folded(number.as_str()))?;
        (logins.len() == 1).then(|| UniqueNumber::counted_once(number.clone()))
    }
}

fn folded(text: &str) -> String {
    text.trim_end_matches(' ').to_lowercase()
}

/// In the order of their keys, so that a list of them stays as it is.
fn shared<K: Clone + Ord>(counted: &HashMap<K, Vec<String>>) -> Vec<Shared<K>> {
    let mut found: Vec<Shared<K>> = counted
        .iter()
        .filter(|(_, logins)| logins.len() > 1)
        .map(|(key, logins)| Shared { key: key.clone(), logins: logins.clone() })
        .collect();
    found.sort_by(|left, right| left.key.cmp(&right.key));
    found
}
