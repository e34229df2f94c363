//! New ids where Central is the one that first names a thing.

use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

/// A version 7 UUID: ordered by the given time, random otherwise.
///
/// # Panics
///
/// When the system has no random bytes: nothing that Central makes would be safe without.
pub fn mint<T: From<Uuid>>(now: Timestamp) -> T {
    let mut random = [0; 10];
    crate::chance::fill_id(&mut random).expect("the system gives random bytes");
    let millis = u64::try_from(now.0).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().into()
}
