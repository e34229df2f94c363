//! What is odd on a portal, named for people.

use counterfoil_portals::{Census, Why};
use counterfoil_wire::drift::{OddAccount, Oddities, Shared, SharedName};

/// Names in a list, and logins of one name.
const NAMES: usize = 200;
const LOGINS: usize = 20;

/// `copies`: keys that several rows have.
pub(super) fn oddities(census: &Census, unreadable: u64, copies: &[(String, i64)]) -> Oddities {
    let mut logins: Vec<SharedName> = copies
        .iter()
        .filter_map(|(key, count)| {
            let name = key.strip_prefix("l:")?.to_owned();
            Some(SharedName { name, accounts: u64::try_from(*count).unwrap_or_default(), logins: Vec::new() })
        })
        .collect();
    logins.sort_by(|one, other| one.name.cmp(&other.name));
    let numbers = census.shared_numbers().into_iter().map(|shared| named(shared.key, shared.logins)).collect();
    let macs = census.shared_macs().into_iter().map(|shared| named(shared.key.to_string(), shared.logins)).collect();
    let odd = census.odd().iter().take(NAMES).map(|odd| OddAccount {
        login: odd.login.clone(),
        account_number: odd.account_number.clone(),
        mac: odd.stb_mac.clone(),
        why: why(odd.why).to_owned(),
    });
    Oddities {
        ghosts: census.ghosts(),
        unreadable,
        shared_logins: first(logins),
        shared_numbers: first(numbers),
        shared_macs: first(macs),
        odd: odd.collect(),
        odd_count: census.odd().len() as u64,
    }
}

fn named(name: String, logins: Vec<String>) -> SharedName {
    SharedName { name, accounts: logins.len() as u64, logins: logins.into_iter().take(LOGINS).collect() }
}

fn first(mut names: Vec<SharedName>) -> Shared {
    let count = names.len() as u64;
    names.truncate(NAMES);
    Shared { count, first: names }
}

const fn why(why: Why) -> &'static str {
    match why {
        Why::Unaddressable => "unaddressable",
        Why::OddLogin => "odd_login",
        Why::MisspeltMac => "misspelt_mac",
        Why::JunkMac => "junk_mac",
    }
}
