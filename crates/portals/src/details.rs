//! The details of many accounts, a hundred in a call, by whatever the portal finds fastest.

use std::collections::HashMap;
use std::time::Duration;

use counterfoil_stalker::{AccountNumber, AccountRecord, Login, Mac, Portal, StoredMac};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::shown::{Shown, key_of};
use super::trouble::Trouble;

/// Accounts asked for in a call, calls at a time.
const CALL: usize = 100;
const AT_ONCE: usize = 4;
/// Accounts worth asking for together: what all calls of one time hold.
pub const LARGEST_LOOK: usize = CALL * AT_ONCE;
/// Tries of a call, and the pause before the second; each further one is three times as long.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(500);

/// An account as the cheap list names it.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// As the list shows it; empty for a box that signs in by its MAC.
    pub login: &'a str,
    /// As the list shows it; often empty.
    pub account_number: &'a str,
    /// As the list shows it, in any spelling.
    pub mac: &'a str,
}

/// What an account can be asked for by.
enum Address {
    Mac(Mac),
    Number(AccountNumber),
    Login(Login),
}

impl Named<'_> {
    fn address(&self) -> Option<Address> {
        if let StoredMac::Good(mac) = StoredMac::of(self.mac) {
            return Some(Address::Mac(mac));
        }
        if let Ok(number) = AccountNumber::new(self.account_number) {
            return Some(Address::Number(number));
        }
        Login::new(self.login).ok().map(Address::Login)
    }

    /// Whether there is anything to ask for it by. Where there is and no details came, it is not on the portal any more.
    pub fn is_addressable(&self) -> bool {
        self.address().is_some()
    }
}

/// What the portal shows of these accounts, by [`key_of`]. What fails by chance is asked three times.
///
/// # Errors
/// What stands in the way of asking.
pub async fn details(portal: &Portal, accounts: &[Named<'_>]) -> Result<HashMap<String, Shown>, Trouble> {
    let mut shown = HashMap::new();
    let asked: Vec<_> = calls(accounts).into_iter().map(|call| call.ask(portal)).collect();
    let mut found = stream::iter(asked).buffer_unordered(AT_ONCE);
    while let Some(records) = found.try_next().await? {
        for record in &records {
            if let Some(key) = key_of(&record.login, &record.stb_mac) {
                shown.insert(key, Shown::of(record));
            }
        }
    }
    Ok(shown)
}

/// One call.
#[derive(Debug, PartialEq, Eq)]
enum Call {
    Macs(Vec<Mac>),
    Numbers(Vec<AccountNumber>),
    Login(Login),
}

fn calls(accounts: &[Named<'_>]) -> Vec<Call> {
    let (mut macs, mut numbers, mut all) = (Vec::new(), Vec::new(), Vec::new());
    for address in accounts.iter().filter_map(Named::address) {
        match address {
            Address::Mac(mac) => macs.push(mac),
            Address::Number(number) => numbers.push(number),
            Address::Login(login) => all.push(Call::Login(login)),
        }
    }
    // Several accounts may share one; it is asked for once.
    macs.sort_unstable();
    macs.dedup();
    numbers.sort_unstable();
    numbers.dedup();
    all.extend(macs.chunks(CALL).map(|some| Call::Macs(some.to_vec())));
    all.extend(numbers.chunks(CALL).map(|some| Call::Numbers(some.to_vec())));
    all
}

impl Call {
    /// Asks again what may have failed by chance.
    async fn ask(self, portal: &Portal) -> Result<Vec<AccountRecord>, Trouble> {
        let mut pause = PAUSE;
        for _ in 1..TRIES {
            match self.once(portal).await {
                Err(trouble) if trouble.may_pass() => tokio::time::sleep(pause).await,
                answer => return answer,
            }
            pause *= 3;
        }
        self.once(portal).await
    }

    async fn once(&self, portal: &Portal) -> Result<Vec<AccountRecord>, Trouble> {
        Ok(match self {
            Self::Macs(macs) => portal.details_by_mac(macs).await?.records,
            Self::Numbers(numbers) => portal.details_by_number(numbers).await?.records,
            Self::Login(login) => portal.account(login).await?.into_iter().collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_account_is_asked_for_once_by_what_the_portal_finds_fastest() {
        let named = |login, account_number, mac| Named { login, account_number, mac };
        let mac = "00:1A:79:00:00:01";
        let of_number = AccountNumber::new("1001").expect("a number");
        let of_login = Login::new("cid").expect("a login");
        let accounts = [
            named("ann", "1000", mac),
            named("ann's twin", "1002", mac),
            named("bob", "1001", "HELLO-WORLD-12345"),
            named("cid", "", ""),
            named("d/e", "", "001A79000002"),
        ];
        let asked = calls(&accounts);
        let macs = vec![mac.parse().expect("a MAC")];
        assert_eq!(asked, [Call::Login(of_login), Call::Macs(macs), Call::Numbers(vec![of_number])]);
        assert!(accounts[3].is_addressable() && !accounts[4].is_addressable());
    }

    #[test]
    fn a_call_holds_a_hundred() {
        let macs: Vec<String> = (1..=250_u32).map(|n| format!("00:1A:79:00:{:02X}:{:02X}", n / 256, n % 256)).collect();
        let accounts: Vec<Named<'_>> = macs.iter().map(|mac| Named { login: "", account_number: "", mac }).collect();
        let sizes: Vec<usize> = calls(&accounts)
            .iter()
            .map(|call| match call {
                Call::Macs(macs) => macs.len(),
                _ => 0,
            })
            .collect();
        assert_eq!(sizes, [100, 100, 50]);
    }
}
