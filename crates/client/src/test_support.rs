//! What a simulation needs to play one story twice: chance from a seed, a network of its own, each sync asked for, and a
//! look at what the device knows.
//!
//! Behind the feature `test-support`, and without effect until a test calls it. A client opened with a [`Network`] does
//! not sync by itself.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use counterfoil_domain::ids::{DeviceId, LeaseId};
use counterfoil_domain::lease::Watermark;
use counterfoil_domain::oplog::LogHead;

use crate::client::{Client, OpenOptions};
use crate::outbox::repo as log;
use crate::sync;

/// The answer to a request; an error says why nothing was reached.
pub type Exchange = Pin<Box<dyn Future<Output = Result<reqwest::Response, String>> + Send>>;

/// Stands in for the connection below HTTP: gets the request as it would be sent, signed and written, and gives back an
/// answer to be read like any other, also one whose body breaks off.
pub trait Network: Send + Sync + std::fmt::Debug {
    fn exchange(&self, request: reqwest::Request) -> Exchange;
}

/// Chance from a seed, for the current thread.
pub mod chance {
    use std::cell::Cell;

    thread_local! {
        static STATE: Cell<Option<u64>> = const { Cell::new(None) };
    }

    /// From now on this thread's random bytes follow from the seed; none gives back the system's.
    pub fn seed(seed: Option<u64>) {
        STATE.set(seed);
    }

    /// SplitMix64. False when there is no seed.
    pub(crate) fn fill(bytes: &mut [u8]) -> bool {
        let Some(mut state) = STATE.get() else { return false };
        for chunk in bytes.chunks_mut(8) {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let word = (z ^ (z >> 31)).to_be_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        STATE.set(Some(state));
        true
    }
}

impl OpenOptions {
    /// Everything to and from Central goes through here, and only when asked for.
    #[must_use]
    pub fn with_network(mut self, network: Arc<dyn Network>) -> Self {
        self.simulated = Some(network);
        self
    }
}

/// One whole sync; an error says why it stopped.
pub async fn sync_once(client: &Client) -> Result<(), String> {
    let till = client.till().map_err(|error| error.detail)?;
    sync::run_now(&till).await.map_err(|error| error.to_string())
}

/// What a device knows of itself.
#[derive(Debug, Clone)]
pub struct Facts {
    pub device: DeviceId,
    pub head: LogHead,
    /// How much of the log Central has answered.
    pub acked: LogHead,
    /// Operations without an answer.
    pub waiting: u32,
    /// The oldest holes in the log that are not settled with Central: the number before each, and its last.
    pub holes: Vec<(u32, u32)>,
    pub quarantined: Option<String>,
    /// The keyring's end of the log.
    pub marked: LogHead,
    /// The keyring's figures of each lease.
    pub marks: BTreeMap<LeaseId, Watermark>,
}

/// None before the device is enrolled.
pub async fn facts(client: &Client) -> Result<Option<Facts>, String> {
    let failed = |error: &dyn std::fmt::Display| error.to_string();
    let till = client.till().map_err(|error| error.detail)?;
    let Some(device) = till.device().await.map_err(|error| failed(&error))? else { return Ok(None) };
    let marks =
        till.writer().await.marks(till.vault(), device.device_id).await.map_err(|error| failed(&error))?.clone();
    let mut db = till.read().await.map_err(|error| failed(&error))?;
    let waiting = log::counts(&mut db).await.map_err(|error| failed(&error))?.0;
    let holes = log::gaps(&mut db).await.map_err(|error| failed(&error))?;
    let holes = holes.into_iter().map(|gap| (gap.after.seq, gap.through.seq)).collect();
    Ok(Some(Facts {
        device: device.device_id,
        head: device.head,
        acked: device.acked,
        waiting,
        holes,
        quarantined: device.quarantined,
        marked: marks.log,
        marks: marks.leases,
    }))
}
