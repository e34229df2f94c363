//! The details of what changed, a hundred accounts in a call, by whatever the portal finds fastest.

use std::collections::HashMap;
use std::time::Duration;

use counterfoil_domain::portal::JobPhase;
use counterfoil_portals::{AccountNumber, AccountRecord, Login, Mac, Portal, Shown, StoredMac, Trouble, key_of};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::repo::{self, Read, Stage, ToRead};
use crate::engine::portal_jobs::{Held, Stop};

/// Accounts asked for in a call, calls at a time.
const CALL: usize = 100;
const AT_ONCE: usize = 4;
/// Tries of a call, and the pause before the second; each further one is three times as long.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(500);

/// Reads the details of all that wait for it.
pub(super) async fn read(held: &Held<'_>) -> Result<(), Stop> {
    loop {
        let part = i64::try_from(CALL * AT_ONCE).unwrap_or(i64::MAX);
        let rows = repo::to_read(&mut *held.app.reader().await?, held.portal_id(), part).await?;
        if rows.is_empty() {
            return enter_comparing(held).await;
        }
        let mut shown = HashMap::new();
        let asked: Vec<_> = calls(&rows).into_iter().map(|call| call.ask(&held.portal)).collect();
        let mut found = stream::iter(asked).buffer_unordered(AT_ONCE);
        while let Some(records) = found.try_next().await? {
            for record in &records {
                if let Some(key) = key_of(&record.login, &record.stb_mac) {
                    shown.insert(key, Shown::of(record));
                }
            }
        }
        drop(found);
        let unreachable = |row: &ToRead| address(row).is_none();
        let read = rows.iter().filter_map(|row| match shown.get(&row.key) {
            Some(shown) => Some(Read { key: &row.key, shown: Some(shown) }),
            None => unreachable(row).then_some(Read { key: &row.key, shown: None }),
        });
        let read: Vec<_> = read.collect();
        let gone = rows.iter().filter(|row| !shown.contains_key(&row.key) && !unreachable(row));
        let gone: Vec<&str> = gone.map(|row| row.key.as_str()).collect();
        let mut work = held.begin().await?;
        repo::put_details(work.conn(), held.portal_id(), &read).await?;
        // Deleted between the list and now.
        repo::set_gone(work.conn(), held.portal_id(), &gone).await?;
        held.progress(&mut work, rows.len(), 0, 0).await?;
        work.commit().await?;
    }
}

async fn enter_comparing(held: &Held<'_>) -> Result<(), Stop> {
    let mut work = held.begin().await?;
    let mut total = 0;
    for stage in [Stage::Read, Stage::Gone] {
        total += repo::count(work.conn(), held.portal_id(), stage).await?;
    }
    held.enter(&mut work, JobPhase::Comparing, u64::try_from(total).ok()).await?;
    Ok(work.commit().await?)
}

/// What an account can be asked for by.
enum Address {
    Mac(Mac),
    Number(AccountNumber),
    Login(Login),
}

fn address(row: &ToRead) -> Option<Address> {
    if let StoredMac::Good(mac) = StoredMac::of(&row.mac) {
        return Some(Address::Mac(mac));
    }
    if let Ok(number) = AccountNumber::new(row.account_number.as_str()) {
        return Some(Address::Number(number));
    }
    Login::new(row.login.as_str()).ok().map(Address::Login)
}

/// One call.
enum Call {
    Macs(Vec<Mac>),
    Numbers(Vec<AccountNumber>),
    Login(Login),
}

fn calls(rows: &[ToRead]) -> Vec<Call> {
    let (mut macs, mut numbers, mut all) = (Vec::new(), Vec::new(), Vec::new());
    for address in rows.iter().filter_map(address) {
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
