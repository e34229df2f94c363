//! Who is reached, by the portal's cheap list: whose box can be addressed without reaching anybody else's.

use std::collections::HashMap;

use counterfoil_domain::portal::BoxAddress;
use counterfoil_stalker::{BoxRecord, Mac, Portal, StoredMac};
use serde::{Deserialize, Serialize};

use super::trouble::Trouble;

/// What a portal lists, by login.
#[derive(Debug, Default)]
pub struct Listed {
    accounts: u64,
    of_login: HashMap<String, Vec<String>>,
    holders: HashMap<Mac, Vec<String>>,
}

/// A box that something is sent to, and whose it was when it was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressee {
    /// Whose box it was.
    pub login: String,
    /// What it is sent to.
    pub mac: Mac,
}

/// How an account of ours stands on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// By a MAC that is its own.
    Reached(Addressee),
    /// Not on the list.
    Missing,
    /// On the list, and nothing may be sent to it.
    Unusable {
        why: BoxAddress,
        /// As it is stored.
        mac: String,
        shared_with: Vec<String>,
    },
}

/// Reads the whole list. A part of one says nothing about who shares what.
///
/// # Errors
/// What stands in the way of reading it.
pub async fn list_boxes(portal: &Portal) -> Result<Listed, Trouble> {
    let mut rows = portal.boxes().await?;
    let mut listed = Listed::default();
    while let Some(row) = rows.next().await {
        listed.count(&row);
    }
    rows.end().await?;
    Ok(listed)
}

/// The same for all spellings that a portal takes for one login.
pub(super) fn folded(login: &str) -> String {
    login.trim_end_matches(' ').to_lowercase()
}

impl Listed {
    fn count(&mut self, row: &BoxRecord) {
        if row.is_ghost() {
            return;
        }
        self.accounts += 1;
        if let StoredMac::Good(mac) = row.mac() {
            self.holders.entry(mac).or_default().push(row.login.clone());
        }
        if !row.login.is_empty() {
            self.of_login.entry(folded(&row.login)).or_default().push(row.stb_mac.clone());
        }
    }

    /// Whom a broadcast reaches.
    pub fn accounts(&self) -> u64 {
        self.accounts
    }

    /// How the account of this login stands.
    pub fn place(&self, login: &str) -> Place {
        // Boxes are addressed by their MACs: a login that no address can carry is as good as any, and a blank one nobody's.
        let key = folded(login);
        let Some(macs) = self.of_login.get(&key).filter(|_| !key.is_empty()) else { return Place::Missing };
        let stored = macs.first().cloned().unwrap_or_default();
        let unusable = |why, shared_with| Place::Unusable { why, mac: stored.clone(), shared_with };
        if macs.len() > 1 {
            return unusable(BoxAddress::SharedLogin, Vec::new());
        }
        let row = BoxRecord { stb_mac: stored.clone(), ..BoxRecord::default() };
        match row.mac() {
            StoredMac::None => unusable(BoxAddress::NoBox, Vec::new()),
            StoredMac::Misspelt(_) => unusable(BoxAddress::Misspelt, Vec::new()),
            StoredMac::Junk(_) => unusable(BoxAddress::Junk, Vec::new()),
            StoredMac::Good(mac) => match self.holders.get(&mac).map(Vec::as_slice) {
                Some([_]) => Place::Reached(Addressee { login: login.to_owned(), mac }),
                holders => {
                    let others = holders.unwrap_or_default().iter().filter(|one| folded(one) != folded(login));
                    unusable(BoxAddress::Shared, others.cloned().collect())
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(rows: &[(&str, &str)]) -> Listed {
        let mut listed = Listed::default();
        for (login, mac) in rows {
            listed.count(&BoxRecord { login: (*login).to_owned(), stb_mac: (*mac).to_owned(), ..BoxRecord::default() });
        }
        listed
    }

    #[test]
    fn only_a_box_of_its_own_is_reached() {
        let listed = listed(&[
            ("ann", "00:1A:79:00:00:01"),
            ("bob", ""),
            ("cid", "001a79000003"),
            ("dan", "HELLO-WORLD-12345"),
            ("eve", "00:1A:79:00:00:05"),
            ("", "00:1a:79:00:00:05"),
            ("fay", "00:1A:79:00:00:06"),
            ("FAY", "00:1A:79:00:00:07"),
            ("g,h/i", "00:1A:79:00:00:08"),
            ("", ""),
        ]);
        assert_eq!(listed.accounts(), 9, "a ghost is nobody");
        let mac = "00:1A:79:00:00:01".parse().expect("a MAC");
        assert_eq!(listed.place("ann"), Place::Reached(Addressee { login: "ann".into(), mac }));
        let why = |login: &str| match listed.place(login) {
            Place::Unusable { why, shared_with, .. } => (why, shared_with),
            other => panic!("{login}: {other:?}"),
        };
        assert_eq!(why("bob").0, BoxAddress::NoBox);
        assert_eq!(why("cid").0, BoxAddress::Misspelt);
        assert_eq!(why("dan").0, BoxAddress::Junk);
        assert_eq!(why("eve"), (BoxAddress::Shared, vec![String::new()]));
        assert_eq!(why("fay").0, BoxAddress::SharedLogin);
        assert!(matches!(listed.place("g,h/i"), Place::Reached(_)), "by its MAC");
        assert_eq!(listed.place("gus"), Place::Missing);
        assert_eq!(listed.place(""), Place::Missing, "a blank login is nobody's");
    }
}
