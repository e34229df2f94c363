//! Enrolled desktops: whose they are, which keys they hold, and what went wrong with them.

mod block;
mod record;
mod repo;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::seal;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{DeviceId, Epoch, OperatorId, ResellerId};
use counterfoil_domain::oplog::LogHead;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::devices::{Device, DevicesQuery, EnrolDevice, Enrolled};
use counterfoil_wire::page::Page;
use counterfoil_wire::problem::{Code, FieldProblem};
use ed25519_dalek::{Signature, VerifyingKey};
use serde::Serialize;
use uuid::Uuid;

use super::App;
use super::audit;
use super::http::{key_text, limit, newest_before, page};
use super::sessions::{Identity, Who};
use super::work::Work;

pub(crate) use block::{Blocker, block};
pub(crate) use record::{DeviceRecord, DeviceView, device_views};

/// Scope of rows that only the operator's own desktops follow: it is no reseller's path.
pub(crate) const STAFF_ONLY: &str = "/staff/";

/// How often a device that only reads is noted as seen.
const SEEN_EVERY_MS: i64 = 60_000;

/// Binds a machine's keys to the reseller, or the operator, of whoever is signed in at it.
pub(crate) async fn enrol(
    app: &App,
    caller: &Identity,
    address: ClientAddress,
    request: &EnrolDevice,
) -> Result<Enrolled, Failure> {
    let keys = Keys::read(request)?;
    let reseller = match &caller.who {
        Who::Member { reseller, .. } => Some(*reseller),
        Who::Staff { .. } => None,
    };
    let mut work = app.begin(caller.operator).await?;
    let new = repo::NewDevice {
        id: request.device_id,
        operator: caller.operator,
        reseller: reseller.map(|reseller| reseller.0),
        name: request.name.trim(),
        signing_key: &keys.signing,
        sealing_key: &keys.sealing,
        log_hash: &LogHead::genesis(request.device_id).hash,
        enrolled_by: caller.user(),
        now: work.now(),
    };
    if repo::insert(work.conn(), &new).await? {
        let scope = match reseller {
            Some(reseller) => repo::reseller_path(work.conn(), reseller.0).await?,
            None => STAFF_ONLY.to_owned(),
        };
        work.touch(FeedTable::Device, request.device_id, &scope);
        let actor = caller.actor(address);
        audit::record(&mut work, &actor, "device.enrol", Some(request.device_id.0), audit::NOTHING, Some(&new.name))
            .await?;
    } else {
        let known = lock(&mut work, request.device_id).await?;
        let same = known.signing_key == keys.signing
            && known.sealing_key == keys.sealing
            && known.operator_id == caller.operator.0
            && known.reseller_id == reseller.map(|reseller| reseller.0);
        if !same {
            return Err(Failure::new(
                Code::IdReused,
                "A device with this id is enrolled with other keys. Enrol this machine with a new id.",
            ));
        }
        known.check_heard()?;
    }
    let epoch = Epoch(repo::epoch(work.conn(), caller.operator).await?);
    work.commit().await?;
    Ok(Enrolled {
        device_id: request.device_id,
        operator_id: caller.operator,
        reseller_id: reseller,
        central_key: STANDARD.encode(app.keys().lease_verifying_key().as_bytes()),
        epoch,
        server_time: app.now(),
    })
}

struct Keys {
    signing: Vec<u8>,
    sealing: Vec<u8>,
}

impl Keys {
    fn read(request: &EnrolDevice) -> Result<Self, Failure> {
        let mut wrong: Vec<FieldProblem> = Vec::new();
        if !(1..=80).contains(&request.name.trim().chars().count()) {
            wrong.push(field("name", "a device's name has 1 to 80 characters"));
        }
        let signing = STANDARD.decode(&request.signing_key).unwrap_or_default();
        if signing_key(&signing).is_none() {
            wrong.push(field("signing_key", "base64 of an Ed25519 key, 32 bytes"));
        }
        let sealing = STANDARD.decode(&request.sealing_key).unwrap_or_default();
        // A point of small order would let anyone open what is sealed to it.
        if !seal::is_sealing_key(&sealing) || sealing.iter().all(|byte| *byte == 0) {
            wrong.push(field("sealing_key", "base64 of an X25519 key, 32 bytes"));
        }
        if wrong.is_empty() { Ok(Self { signing, sealing }) } else { Err(Failure::validation(wrong)) }
    }
}

fn signing_key(bytes: &[u8]) -> Option<VerifyingKey> {
    let key = VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?;
    (!key.is_weak()).then_some(key)
}

/// The device that signed `message`. Whatever is wrong, the answer is the same; only one that is blocked is told so, because it
/// stops by itself then.
pub(crate) async fn authenticate(
    app: &App,
    device: Option<DeviceId>,
    signature: Option<Signature>,
    message: &[u8],
) -> Result<DeviceRecord, Failure> {
    let refused = || {
        Failure::new(
            Code::InvalidSignature,
            "The device's signature is missing or wrong, or the device is not enrolled here. Enrol it again.",
        )
    };
    let (device, signature) = device.zip(signature).ok_or_else(refused)?;
    let mut reader = app.reader().await?;
    let record = repo::find(&mut reader, device).await?;
    drop(reader);
    // An unknown device costs a verification too, so that time tells nothing.
    let key = record.as_ref().and_then(|record| signing_key(&record.signing_key));
    let verified = key.unwrap_or_else(|| app.keys().lease_verifying_key()).verify_strict(message, &signature).is_ok();
    match record {
        Some(record) if verified && key.is_some() => record.check_heard().map(|()| record),
        _ => Err(refused()),
    }
}

/// Takes the device's lock, the first of all.
pub(crate) async fn lock(work: &mut Work, device: DeviceId) -> Result<DeviceRecord, Failure> {
    let now = work.now();
    repo::lock(work.conn(), device, now).await?.ok_or_else(|| Failure::not_found("device"))
}

/// [`lock`] for what the device asks for itself: it may have been blocked since its signature was checked.
pub(crate) async fn lock_heard(work: &mut Work, device: DeviceId) -> Result<DeviceRecord, Failure> {
    let device = lock(work, device).await?;
    device.check_heard().map(|()| device)
}

/// Notes that a device was here, if that was not noted lately.
pub(crate) async fn seen(app: &App, device: &DeviceRecord) -> Result<(), Failure> {
    if device.last_seen_at.is_some_and(|at| app.now().ms_since(Timestamp(at)) < SEEN_EVERY_MS) {
        return Ok(());
    }
    let mut work = app.begin(device.operator()).await?;
    lock(&mut work, device.device_id()).await?;
    work.commit().await
}

/// Something a person must look at.
pub(crate) struct Incident<'a> {
    id: Uuid,
    device: Option<DeviceId>,
    kind: &'a str,
    detail: &'a str,
    at: Timestamp,
}

/// Writes an incident; the detail holds numbers and serials, never a code.
pub(crate) async fn report(
    work: &mut Work,
    device: Option<DeviceId>,
    kind: &str,
    detail: &(impl Serialize + Sync),
) -> Result<(), Failure> {
    let detail = serde_json::to_string(detail).map_err(Failure::internal)?;
    let (operator, at) = (work.operator(), work.now());
    let incident = Incident { id: mint(at), device, kind, detail: &detail, at };
    tracing::warn!(kind, ?device, "incident");
    Ok(repo::insert_incident(work.conn(), operator, &incident).await?)
}

/// Freezes a device after a fork: no stock, no push, until a person looked. Its leases keep their state, so that what
/// was sold honestly is still redeemed.
pub(crate) async fn quarantine(work: &mut Work, device: &DeviceRecord) -> Result<(), Failure> {
    repo::quarantine(work.conn(), device.device_id()).await?;
    work.touch(FeedTable::Device, device.id, device.reseller_path.as_deref().unwrap_or(STAFF_ONLY));
    Ok(())
}

/// Devices of the operator, the newest first.
pub(crate) async fn list(app: &App, operator: OperatorId, query: &DevicesQuery) -> Result<Page<Device>, Failure> {
    let rows = limit(query.limit)?;
    let before = newest_before(query.after.as_deref())?;
    let mut reader = app.reader().await?;
    let views = match query.reseller_id {
        Some(ResellerId(reseller)) => repo::of_reseller(&mut reader, operator, reseller, before, rows + 1).await?,
        None if query.of_staff == Some(true) => repo::of_staff(&mut reader, operator, before, rows + 1).await?,
        None => repo::list(&mut reader, operator, before, rows + 1).await?,
    };
    let devices = views.iter().map(DeviceView::to_wire).collect::<Result<Vec<_>, _>>()?;
    Ok(page(devices, rows, |device| key_text(&(device.enrolled_at, device.device_id.0))))
}
