//! Accounts in batches: what a sync asks for, once the cheap list has told what changed.

use crate::address::{BATCH, Path};
use crate::error::Error;
use crate::id::{AccountNumber, Mac, StoredMac};
use crate::portal::Portal;
use crate::record::AccountRecord;
use crate::refusal::Refusal;

/// What was found of those asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details<K> {
    /// At least one for each key that is not missing; several where accounts share a number or a MAC.
    pub records: Vec<AccountRecord>,
    /// Keys that no account has.
    pub missing: Vec<K>,
}

impl Portal {
    /// The accounts with these numbers, a hundred at a time.
    pub async fn details_by_number(&self, numbers: &[AccountNumber]) -> Result<Details<AccountNumber>, Error> {
        let path = |some: &[AccountNumber]| Path::numbers("accounts", some);
        self.details(numbers, path, |number, record| number.is(&record.account_number)).await
    }

    /// The accounts with these MACs, a hundred at a time.
    pub async fn details_by_mac(&self, macs: &[Mac]) -> Result<Details<Mac>, Error> {
        let path = |some: &[Mac]| Path::macs("accounts", some);
        self.details(macs, path, |mac, record| record.mac() == StoredMac::Good(*mac)).await
    }

    async fn details<K: Clone>(
        &self,
        keys: &[K],
        path: impl Fn(&[K]) -> Option<Path>,
        is: impl Fn(&K, &AccountRecord) -> bool,
    ) -> Result<Details<K>, Error> {
        let mut found = Details { records: Vec::new(), missing: Vec::new() };
        // The last is asked first.
        let mut waiting: Vec<&[K]> = keys.chunks(BATCH).rev().collect();
        while let Some(batch) = waiting.pop() {
            let Some(path) = path(batch) else { continue };
            match self.get(&path).await.and_then(|results| results.list::<AccountRecord>()) {
                Ok(records) => {
                    if records.iter().any(|record| !batch.iter().any(|key| is(key, record))) {
                        return Err(Error::WrongRecord);
                    }
                    // The portal only counts rows, so that a duplicate hides a missing one.
                    let missing = batch.iter().filter(|key| !records.iter().any(|record| is(key, record)));
                    found.missing.extend(missing.cloned());
                    found.records.extend(records);
                }
                // One that is missing spoils the batch: halve it until it stands alone.
                Err(Error::Refused(Refusal::SomeNotFound | Refusal::AccountNotFound)) => match batch {
                    [one] => found.missing.push(one.clone()),
                    some => {
                        let (first, second) = some.split_at(some.len() / 2);
                        waiting.extend([second, first]);
                    }
                },
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }
}
