//! Taking a lease: Central escrows and signs, the device checks and keeps.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use counterfoil_domain::ids::{LeaseId, PlanId};
use counterfoil_domain::lease::SignedLease;
use counterfoil_wire::endpoint::LeaseGrant;
use counterfoil_wire::leases::{GrantedLease, RequestLease};
use counterfoil_wire::problem::Code;
use ed25519_dalek::VerifyingKey;
use uuid::Uuid;

use super::{LeaseError, end_as_central, forget_over, repo};
use crate::api::Topic;
use crate::central::Address;
use crate::chance;
use crate::device::{self, Device};
use crate::outbox::LogWriter;
use crate::store::StoreError;
use crate::till::{AsDevice, Till};

/// How much to ask for; none lets Central choose.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted {
    pub(crate) amount: Option<i64>,
    pub(crate) max_codes: Option<u16>,
}

/// What a lease that is kept is for.
#[derive(Debug, Clone, Copy)]
enum Purpose {
    Selling,
    /// Only for the codes of what was sold from it: how much that was, the keyring does not know any more.
    OldSales,
}

/// Asks for a lease and keeps it. The id is minted here. Where the answer is lost on the way, the next try asks under the
/// same id, so that a second press takes no second lease; and `recover` fetches it, since the feed shows the lease.
pub(crate) async fn take(till: &Till, wanted: Wanted) -> Result<LeaseId, LeaseError> {
    let device = till.enrolled().await?;
    let mut undecided = till.sync.undecided_lease().await;
    let lease_id = match *undecided {
        Some(lease_id) => lease_id,
        None => LeaseId(chance::id(till.clock().wall())?),
    };
    *undecided = Some(lease_id);
    let new = RequestLease { lease_id, amount: wanted.amount, max_codes: wanted.max_codes, granted_before: false };
    let outcome = request(till, &device, new, Purpose::Selling).await;
    if !matches!(&outcome, Err(error) if !error.is_final()) {
        *undecided = None;
    }
    outcome.map(|()| lease_id)
}

/// Fetches leases of this device that this file does not have: granted in an answer that was lost, or after the backup
/// this file was restored from. At the end of a sync: what the cache shows as open is open.
pub(crate) async fn recover(till: &Till, device: &Device) -> Result<(), LeaseError> {
    if !may_hold(device) {
        return Ok(());
    }
    let id = device.device_id.0;
    let missing: Vec<Uuid> = sqlx::query_scalar!(
        r#"SELECT lease_id AS "lease_id: Uuid" FROM cached_lease
        WHERE device_id = ?1 AND state = 'open'
        AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.lease_id = cached_lease.lease_id)"#,
        id
    )
    .fetch_all(&mut *till.read().await?)
    .await
    .map_err(StoreError::from)?;
    let mut wanted: Vec<LeaseId> = missing.into_iter().map(LeaseId).collect();
    wanted.extend(unknown_in_keyring(till, device).await?);
    fetch(till, device, wanted, Purpose::Selling).await
}

/// Of these those that were sold from, before the sales themselves come back.
pub(crate) async fn recover_sold(till: &Till, device: &Device) -> Result<(), LeaseError> {
    if !may_hold(device) {
        return Ok(());
    }
    fetch(till, device, unknown_in_keyring(till, device).await?, Purpose::Selling).await
}

/// Those of these leases that this file does not have, for sales that come back: the keyring remembers the newest leases
/// only, and a backup may be older.
pub(crate) async fn recover_for_sales(till: &Till, device: &Device, sold: &[LeaseId]) -> Result<(), LeaseError> {
    if !may_hold(device) {
        return Ok(());
    }
    let mut unknown = Vec::new();
    for lease_id in sold {
        if !repo::is_held(&mut *till.read().await?, *lease_id).await? {
            unknown.push(*lease_id);
        }
    }
    if unknown.is_empty() {
        return Ok(());
    }
    fetch(till, device, unknown, Purpose::OldSales).await
}

const fn may_hold(device: &Device) -> bool {
    device.reseller_id.is_some() && device.quarantined.is_none()
}

async fn fetch(till: &Till, device: &Device, wanted: Vec<LeaseId>, purpose: Purpose) -> Result<(), LeaseError> {
    for lease_id in wanted {
        let again = RequestLease { lease_id, amount: None, max_codes: None, granted_before: true };
        match request(till, device, again, purpose).await {
            Ok(()) => {
                tracing::info!(%lease_id, "a lease was fetched again");
                till.sync.wake();
            }
            // Forgotten by a restored Central, and the like; nothing can be sold from it. One that is only busy now is asked
            // again: what was sold from the lease cannot come back without its key.
            Err(LeaseError::Central(error)) if error.is_final() => {
                tracing::warn!(%lease_id, %error, "a lease of this device cannot be fetched again");
            }
            Err(error) => return Err(error),
        }
    }
    // Central gives a lease again whatever became of it.
    Ok(end_as_central(till).await?)
}

/// Leases the keyring knows sales of that this file does not have. Closed ones, too: without its lease a sale that comes
/// back has no codes.
async fn unknown_in_keyring(till: &Till, device: &Device) -> Result<Vec<LeaseId>, LeaseError> {
    let marks = till.writer().await.marks(till.vault(), device.device_id).await?.clone();
    let held = repo::leases(&mut *till.read().await?, &marks).await?;
    let unknown =
        marks.leases.iter().filter(|(id, mark)| mark.seq > 0 && !held.iter().any(|lease| lease.lease_id == **id));
    Ok(unknown.map(|(id, _)| *id).collect())
}

async fn request(till: &Till, device: &Device, request: RequestLease, purpose: Purpose) -> Result<(), LeaseError> {
    let (Some(_), Some(central_key)) = (device.reseller_id, device.central_key) else {
        return Err(LeaseError::NotAResellerDevice);
    };
    let address = Address::parse(&device.server_url).ok_or(LeaseError::NotAResellerDevice)?;
    let keys = till.keys().await?;
    let asking = AsDevice { address, device, keys: &keys };
    let granted = till.central().call::<LeaseGrant>(&asking.address, &[], &request, asking.caller()).await;
    let granted = granted
        .map_err(|error| if error.is(Code::LeaseLimit) { LeaseError::Limit } else { LeaseError::Central(error) })?;
    let signed = checked(device, &request, &granted, &central_key)?;
    keep(till, &granted, &signed, purpose).await?;
    till.tell(Topic::Credit);
    till.tell(Topic::Selling);
    Ok(())
}

fn untrusted(why: &dyn std::fmt::Display) -> LeaseError {
    LeaseError::Untrusted(why.to_string())
}

/// What Central signed, which has to be the lease that was asked for.
fn checked(
    device: &Device,
    request: &RequestLease,
    granted: &GrantedLease,
    central_key: &[u8; 32],
) -> Result<SignedLease, LeaseError> {
    let central = VerifyingKey::from_bytes(central_key).map_err(|error| untrusted(&error))?;
    let blob = BASE64_STANDARD.decode(&granted.blob).map_err(|error| untrusted(&error))?;
    let signed = SignedLease::verify(&blob, &central).map_err(|error| untrusted(&error))?;
    let terms = signed.terms();
    let ours = terms.lease_id == request.lease_id
        && terms.device_id == device.device_id
        && Some(terms.reseller_id) == device.reseller_id;
    if ours { Ok(signed) } else { Err(untrusted(&"it is another device's lease")) }
}

async fn keep(till: &Till, granted: &GrantedLease, signed: &SignedLease, purpose: Purpose) -> Result<(), LeaseError> {
    let terms = signed.terms();
    let key =
        till.keys().await?.open_lease_key(terms.lease_id, &granted.sealed_key).map_err(|error| untrusted(&error))?;
    till.learn_time(granted.server_time);
    let names = plan_names(till, signed).await?;
    let mut writer = LogWriter::begin(till).await?;
    // The keyring knows a lease before anything can be sold from it, and from what it does not know nothing is sold.
    if matches!(purpose, Purpose::Selling) {
        writer.marks_mut().leases.entry(terms.lease_id).or_default();
    }
    forget_over(&mut writer, till.last_server_time()).await?;
    let lease = repo::NewLease { number: granted.number, signed, key: &key, version: granted.version };
    repo::insert(writer.db(), &lease).await?;
    let mark = writer.marks().leases.get(&terms.lease_id).copied().unwrap_or_default();
    repo::raise_use(writer.db(), terms.lease_id, mark).await?;
    for (plan, name) in names {
        repo::name_plan(writer.db(), plan, &name).await?;
    }
    device::repo::learn_server_time(writer.db(), granted.server_time).await?;
    writer.commit().await?;
    Ok(())
}

async fn plan_names(till: &Till, signed: &SignedLease) -> Result<Vec<(PlanId, String)>, StoreError> {
    let mut db = till.read().await?;
    let mut names = Vec::new();
    for slot in &signed.terms().slots {
        let name = sqlx::query_scalar!("SELECT name FROM cached_plan WHERE plan_id = ?1", slot.plan_id.0)
            .fetch_optional(&mut *db)
            .await?;
        if let Some(name) = name {
            names.push((slot.plan_id, name));
        }
    }
    Ok(names)
}
