//! Finds out what a portal is and can, without writing anything.

use crate::address::{ApiAddress, Path};
use crate::capability::{Capabilities, OwnerField, Warning};
use crate::config::Config;
use crate::error::Error;
use crate::id::{Login, StoredMac};
use crate::portal::Portal;
use crate::record::{AccountRecord, BoxRecord};
use crate::refusal::{Generation, Refusal};

/// No portal has it: the words of the refusal tell whose they are. Letters and digits only.
const NO_RESOURCE: &str = "nosuchresource";
/// Accounts looked at before one is found that an address can carry.
const SAMPLES: usize = 200;

/// What is to be seen on an account.
#[derive(Default)]
struct Sample {
    record: Option<AccountRecord>,
    /// The cheap list was cut off after the first good row, so it may be long without costing much here.
    row: Option<BoxRecord>,
    /// The portal is too small for its own cheap list.
    list_failed: bool,
}

impl Config {
    /// Looks at a portal at the addresses where one may be, given what an operator typed. See
    /// [`ApiAddress::candidates`]. An account that is `known` to be there spares the portal its whole cheap list.
    ///
    /// # Errors
    /// What the first address said when none has an API; of wrong credentials and a disabled API at once.
    pub async fn probe(&self, candidates: &[ApiAddress], known: Option<&Login>) -> Result<Capabilities, Error> {
        let mut first = None;
        let mut works = Vec::new();
        for api in candidates {
            let config = Self { api: api.clone(), ..self.clone() };
            match Portal::new(&config)?.tariffs().await {
                Ok(_) => works.push(config),
                // The right door, or none: another folder of the same machine will not do better.
                Err(
                    error @ (Error::WrongCredentials
                    | Error::ApiDisabled
                    | Error::UntrustedCertificate(_)
                    | Error::Unreachable(_)
                    | Error::TimedOut(_)),
                ) => return Err(error),
                Err(error) => {
                    first.get_or_insert(error);
                }
            }
        }
        let Some(config) = works.first() else { return Err(first.unwrap_or(Error::WrongPath)) };
        let generation = generation(&Portal::new(config)?).await?;
        // 5.x sends /api/ through a router of its own, /api/v1/ goes straight; on 4.9 both are the same.
        let prefers_v1 = generation != Some(Generation::Stalker4);
        let config = works.iter().find(|config| config.api.as_str().ends_with("/v1/") == prefers_v1).unwrap_or(config);
        config.capabilities(generation, known).await
    }

    async fn capabilities(&self, generation: Option<Generation>, known: Option<&Login>) -> Result<Capabilities, Error> {
        let portal = Portal::new(self)?;
        let anonymous = Portal::new(&Self { credentials: None, ..self.clone() })?;
        let authentication = match anonymous.tariffs().await {
            Ok(_) => false,
            Err(Error::WrongCredentials) => true,
            Err(error) => return Err(error),
        };
        let resellers = match portal.resellers().await {
            Ok(_) => true,
            Err(Error::Refused(_) | Error::Declined | Error::Unreadable(_)) => false,
            Err(error) => return Err(error),
        };
        let sample = sample(&portal, known).await?;
        let record = sample.record.as_ref();
        let internal_billing = match (record, &sample.row) {
            (Some(record), _) => Some(record.end_date.is_shown()),
            (None, Some(row)) => Some(row.end_date.is_shown()),
            (None, None) => None,
        };
        let mut warnings = Vec::new();
        let mut warn = |when: bool, warning| warnings.extend(when.then_some(warning));
        warn(self.api.is_plain_http(), Warning::PlainHttp);
        warn(!authentication, Warning::NoAuthentication);
        warn(internal_billing == Some(false), Warning::NoInternalBilling);
        warn(sample.list_failed, Warning::ListFails);
        warn(record.is_none() && !sample.list_failed, Warning::NoAccounts);
        Ok(Capabilities {
            api: self.api.clone(),
            generation,
            authentication,
            internal_billing,
            tariff_expiry: record.map(|record| record.tariff_expired_date.is_shown()),
            owner: owner(record),
            resellers,
            warnings,
        })
    }
}

/// How an account carries its owner. Only a record tells: the resource `reseller` alone proves nothing of accounts.
fn owner(record: Option<&AccountRecord>) -> OwnerField {
    match record {
        None => OwnerField::Unknown,
        Some(record) if record.reseller_id.is_shown() => OwnerField::ResellerId,
        Some(record) if record.reseller.is_shown() => OwnerField::Reseller,
        Some(_) => OwnerField::None,
    }
}

async fn generation(portal: &Portal) -> Result<Option<Generation>, Error> {
    match portal.get(&Path::all(NO_RESOURCE)).await {
        Err(Error::Refused(Refusal::NoSuchResource { generation })) => Ok(Some(generation)),
        Err(error @ (Error::Unreachable(_) | Error::TimedOut(_) | Error::CutShort)) => Err(error),
        _ => Ok(None),
    }
}

/// The first account that an address can carry. The cheap list costs a large portal seconds; asking `users` for anybody
/// would cost it as much as the full list.
async fn sample(portal: &Portal, known: Option<&Login>) -> Result<Sample, Error> {
    let mut sample = Sample::default();
    if let Some(known) = known {
        sample.record = portal.account(known).await?;
        if sample.record.is_some() {
            return Ok(sample);
        }
    }
    let mut rows = portal.boxes().await?;
    let mut seen = 0;
    let mut keys = Vec::new();
    while keys.len() < 3 && seen < SAMPLES {
        let Some(row) = rows.next().await else { break };
        seen += 1;
        if row.is_ghost() {
            continue;
        }
        match (row.login(), row.mac()) {
            (Ok(login), _) => keys.push(Ok(login)),
            (Err(_), StoredMac::Good(mac)) => keys.push(Err(mac)),
            (Err(_), _) => {}
        }
        sample.row.get_or_insert(row);
    }
    if sample.row.is_none() {
        // Nothing was there, or nothing was understood: the end of the list tells which.
        return match rows.end().await {
            Ok(_) => Ok(sample),
            // Single accounts can still be written to.
            Err(Error::OutOfMemory { .. } | Error::EmptyAnswer) => Ok(Sample { list_failed: true, ..sample }),
            Err(error) => Err(error),
        };
    }
    // The rest is not wanted, and with it goes the place among the calls at one time.
    drop(rows);
    for key in keys {
        let found = match key {
            Ok(login) => portal.account(&login).await?,
            Err(mac) => portal.accounts_of_mac(mac).await?.pop(),
        };
        if let Some(record) = found {
            sample.record = Some(record);
            break;
        }
    }
    Ok(sample)
}
