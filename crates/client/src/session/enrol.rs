//! Enrolling this machine, once.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use counterfoil_domain::ids::DeviceId;
use counterfoil_wire::devices::EnrolDevice;
use counterfoil_wire::endpoint::DeviceEnrol;
use counterfoil_wire::public::About;
use counterfoil_wire::sessions::SignedIn;
use ed25519_dalek::VerifyingKey;

use super::{Credentials, SessionError};
use crate::brand;
use crate::central::Caller;
use crate::chance;
use crate::device::{self, Device, DeviceKeys};
use crate::outbox::Marks;
use crate::store::StoreError;
use crate::sync;
use crate::till::Till;
use crate::vault::names;

/// Enrols, unless it was done. The id and the keys are kept before Central hears of them, so that an answer that is lost
/// is asked for again with the same.
pub(super) async fn ensure(
    till: &Till,
    credentials: &Credentials<'_>,
    about: &About,
    signed_in: &SignedIn,
) -> Result<(), SessionError> {
    if let Some(device) = till.device().await? {
        if device.reseller_id.is_some() && device.reseller_id == signed_in.me.reseller_id {
            return again(till, credentials, &device, signed_in).await;
        }
        if device.reseller_id.is_some() || signed_in.me.reseller_id.is_none() {
            return Ok(());
        }
        // Its log goes on under the name that it began with.
        if device.head.seq > 0 {
            return Err(SessionError::OperatorsOwn);
        }
        // A machine of the staff becomes a shop's: it holds no lease and no operation, only a copy of too much.
        forget(till).await?;
    }
    let (device_id, keys) = identity(till, credentials).await?;
    let request = EnrolDevice {
        device_id,
        name: credentials.device_name.to_owned(),
        signing_key: keys.signing_key(),
        sealing_key: keys.sealing_key().map_err(|error| SessionError::Untrusted(error.to_string()))?,
    };
    let caller = Caller::Session(&signed_in.access_token);
    let enrolled = till.central().call::<DeviceEnrol>(&credentials.address, &[], &request, caller).await?;
    let central_key: [u8; 32] = BASE64_STANDARD
        .decode(&enrolled.central_key)
        .ok()
        .and_then(|key| key.try_into().ok())
        .ok_or_else(|| SessionError::Untrusted("its key is not 32 bytes of base64".into()))?;
    VerifyingKey::from_bytes(&central_key).map_err(|error| SessionError::Untrusted(error.to_string()))?;
    if enrolled.device_id != device_id || enrolled.operator_id != about.operator_id {
        return Err(SessionError::Untrusted("it enrolled another device".into()));
    }
    till.learn_time(enrolled.server_time);
    let mut transaction = till.store().write_local().await?;
    let enrolment = device::repo::Enrolment {
        operator_id: enrolled.operator_id,
        operator_name: &about.operator_name,
        time_zone: &about.time_zone,
        currency: &about.currency,
        reseller_id: enrolled.reseller_id,
        central_key,
    };
    device::repo::finish_enrolment(&mut transaction, &enrolment).await?;
    device::repo::learn_server_time(&mut transaction, enrolled.server_time).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    tracing::info!(%device_id, "this machine is enrolled");
    Ok(())
}

/// Says it once more: a Central restored from a backup of before the enrolment does not know this device, and refuses
/// its signature. To any other it is a repeat.
async fn again(
    till: &Till,
    credentials: &Credentials<'_>,
    device: &Device,
    signed_in: &SignedIn,
) -> Result<(), SessionError> {
    let keys = till.keys().await?;
    let request = EnrolDevice {
        device_id: device.device_id,
        name: device.name.clone(),
        signing_key: keys.signing_key(),
        sealing_key: keys.sealing_key().map_err(|error| SessionError::Untrusted(error.to_string()))?,
    };
    let caller = Caller::Session(&signed_in.access_token);
    match till.central().call::<DeviceEnrol>(&credentials.address, &[], &request, caller).await {
        Err(error) if error.problem().is_none() => Err(error.into()),
        // A frozen device, for one: its owner may sign in all the same.
        Err(error) => {
            tracing::warn!(%error, "Central does not enrol this device once more");
            Ok(())
        }
        Ok(_) => Ok(()),
    }
}

async fn forget(till: &Till) -> Result<(), SessionError> {
    // What runs still asks as the device that was, perhaps elsewhere: it ends, and none begins before the cache is empty. Its
    // next page would put the operator's rows into the shop's.
    till.sync.network_changed(true);
    let _quiet = till.sync.quiet().await;
    let mut transaction = till.store().write_local().await?;
    device::repo::forget(&mut transaction).await?;
    brand::forget(&mut transaction).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    sync::apply::empty(till).await?;
    // The live stream may have begun again meanwhile.
    till.sync.network_changed(true);
    Ok(())
}

/// The identity of an enrolment that was begun at the same server, or a new one.
async fn identity(till: &Till, credentials: &Credentials<'_>) -> Result<(DeviceId, DeviceKeys), SessionError> {
    let begun = device::repo::device(&mut *till.read().await?).await?;
    let same = begun.filter(|begun| begun.server_url == credentials.address.as_str());
    if let (Some(begun), Some(keys)) = (same, till.vault().read(names::DEVICE_KEYS).await?) {
        return Ok((begun.device_id, keys));
    }
    let device_id = DeviceId(chance::id(till.clock().wall())?);
    let keys = DeviceKeys::mint()?;
    till.vault().write(names::DEVICE_KEYS, &keys).await?;
    till.forget_keys().await;
    till.vault().write(names::WATERMARK, &Marks::new(device_id)).await?;
    let mut transaction = till.store().write_local().await?;
    let (url, name) = (credentials.address.as_str(), credentials.device_name);
    device::repo::begin_enrolment(&mut transaction, url, device_id, name).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok((device_id, keys))
}
