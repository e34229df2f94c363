//! Which rows an identifier means: the part of the portal that bites.

use std::collections::HashSet;

use crate::mysql::{folded, normal_mac};
use crate::tables::{Tables, User};

/// How many characters make an identifier a MAC for the resources of boxes.
const MAC_FROM: usize = 12;

/// What the resource `accounts` or `users` takes an identifier for, when it is no MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccountKey {
    Number,
    Login,
}

/// The accounts of a list; nothing in the list means all. The first identifier decides for all what they are.
pub(crate) fn accounts(tables: &Tables, ids: &[String], key: AccountKey) -> Vec<u32> {
    let is_mac = |id: &str| id.chars().count() >= MAC_FROM && id.find(':').is_some_and(|at| at > 0);
    match ids.first() {
        None => tables.users().map(|user| user.id).collect(),
        Some(first) if is_mac(first) => by_mac(tables, ids),
        Some(_) => matching(tables, &ids.iter().map(|id| folded(id)).collect(), |user| match key {
            AccountKey::Number => &user.ls,
            AccountKey::Login => &user.login,
        }),
    }
}

/// The accounts behind boxes; nothing in the list means all.
pub(crate) fn boxes(tables: &Tables, ids: &[String]) -> Vec<u32> {
    match ids.first() {
        None => tables.users().map(|user| user.id).collect(),
        Some(first) if first.chars().count() >= MAC_FROM => by_mac(tables, ids),
        Some(_) => matching(tables, &ids.iter().map(|id| folded(id)).collect(), |user| &user.ls),
    }
}

fn by_mac(tables: &Tables, ids: &[String]) -> Vec<u32> {
    let wanted: HashSet<String> = ids.iter().filter_map(|id| normal_mac(id)).map(|mac| folded(&mac)).collect();
    matching(tables, &wanted, |user| &user.mac)
}

fn matching(tables: &Tables, wanted: &HashSet<String>, column: impl Fn(&User) -> &String) -> Vec<u32> {
    tables.users().filter(|user| wanted.contains(&folded(column(user)))).map(|user| user.id).collect()
}
