//! The books of this shop as of the last sync, with what this device sold since already moved.

mod proof;
mod repo;
pub(crate) mod wallets;

use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::lease::LeaseState;
use counterfoil_domain::ledger::Equation;
use counterfoil_domain::time::Timestamp;

pub(crate) use proof::{Proof, prove};
pub(crate) use repo::{Entry, Filter, OtherLease, history};

use crate::lease::{self, HeldLease};
use crate::store::StoreError;
use crate::till::Till;
use crate::vault::VaultError;

/// Everything the Credit page shows.
#[derive(Debug)]
pub(crate) struct Overview {
    pub(crate) unit: String,
    pub(crate) books: Equation,
    pub(crate) credit_limit: i64,
    pub(crate) held: Vec<HeldLease>,
    pub(crate) device_name: String,
    /// Leases of the shop's other devices.
    pub(crate) others: Vec<OtherLease>,
    pub(crate) as_of: Option<Timestamp>,
    pub(crate) low: Option<Low>,
}

/// When the wallet is low, as of the last sync; unknown where Central does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Low {
    pub(crate) threshold: i64,
    /// Set for this reseller; otherwise it is the operator's.
    pub(crate) own: bool,
}

/// The wallet, as of the last sync.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wallet {
    pub(crate) available: i64,
    pub(crate) unit: String,
    pub(crate) low: Option<Low>,
}

/// Why the books cannot be shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CreditError {
    #[error("not a place in the list")]
    Place,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// The leases of this device, with the keyring's figures.
pub(crate) async fn held(till: &Till) -> Result<Vec<HeldLease>, CreditError> {
    let Some(device) = till.device().await? else { return Ok(Vec::new()) };
    let marks = till.writer().await.marks(till.vault(), device.device_id).await?.clone();
    Ok(lease::repo::leases(&mut *till.read().await?, &marks).await?)
}

pub(crate) async fn overview(till: &Till) -> Result<Overview, CreditError> {
    let held = held(till).await?;
    let device = till.device().await?;
    let mut db = till.read().await?;
    let (device_name, as_of, reseller, currency) = match &device {
        Some(device) => (device.name.clone(), device.last_sync_at, device.reseller_id, device.currency.clone()),
        None => (String::new(), None, None, String::new()),
    };
    let balance = match reseller {
        Some(reseller) => repo::balance(&mut db, reseller).await?,
        None => None,
    };
    let others = match &device {
        Some(device) => repo::other_leases(&mut db, device.device_id, reseller).await?,
        None => Vec::new(),
    };
    let unit = balance
        .as_ref()
        .map(|balance| balance.unit.clone())
        .or_else(|| held.first().map(|lease| lease.unit.clone()))
        .unwrap_or(if reseller.is_some() || currency.is_empty() { "credits".into() } else { currency });
    let version = repo::cache_version(&mut db).await?;
    let books = match &balance {
        Some(balance) => moved(balance, version, &held, repo::unseen_sales(&mut db, version).await?),
        // Nothing is known that could have moved.
        None => Equation::default(),
    };
    let low = balance.as_ref().and_then(repo::Balance::low);
    let credit_limit = balance.map_or(0, |balance| balance.credit_limit);
    Ok(Overview { unit, books, credit_limit, held, device_name, others, as_of, low })
}

/// A balance with what this device took and sold since.
fn moved(balance: &repo::Balance, cache_version: i64, held: &[HeldLease], unseen_sales: i64) -> Equation {
    // A grant that the balance does not show: the wallet already gave it. The row is asked, too, because while everything is
    // read again the cache stands nowhere, and its rows are shown as they are.
    let shown = cache_version.max(balance.version);
    let granted: i64 = held.iter().filter(|lease| lease.granted_version > shown).map(|lease| lease.amount).sum();
    let Equation { available, reserved, .. } = balance.books;
    let books = Equation { available: available - granted, reserved: reserved + granted, ..balance.books };
    books.with_unsynced_sales(unseen_sales)
}

pub(crate) async fn wallet(till: &Till, reseller: ResellerId) -> Result<Option<Wallet>, CreditError> {
    let balance = repo::balance(&mut *till.read().await?, reseller).await?;
    Ok(balance.map(|balance| Wallet { available: balance.books.available, low: balance.low(), unit: balance.unit }))
}

/// What a thief of this device could sell.
pub(crate) fn exposure(held: &[HeldLease]) -> (i64, u32) {
    let open = || held.iter().filter(|lease| lease.state == LeaseState::Open).map(HeldLease::budget);
    (open().map(|budget| budget.amount_left()).sum(), open().map(|budget| budget.codes_left()).sum())
}
