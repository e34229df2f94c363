//! The open till: databases, vault, connection and clocks of one data folder, once its secrets are at hand.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use counterfoil_domain::lease::trusted_now;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::live::News;
use sqlx::Sqlite;
use sqlx::pool::PoolConnection;
use tokio::sync::{MutexGuard, broadcast};

use crate::api::{Event, Topic};
use crate::audit;
use crate::central::{Address, Caller, Central};
use crate::clock::Clock;
use crate::device::{self, Device, DeviceKeys};
use crate::direct;
use crate::outbox::{LogWriteError, Writer};
use crate::reports;
use crate::session::Keeper;
use crate::store::{Store, StoreError};
use crate::sync;
use crate::vault::{Vault, VaultError, names};

/// Everything the features work on.
#[derive(Debug)]
pub(crate) struct Till {
    store: Store,
    vault: Vault,
    clock: Arc<dyn Clock>,
    central: Central,
    pub(crate) session: Keeper,
    pub(crate) sync: sync::Control,
    pub(crate) telling: audit::Telling,
    pub(crate) files: reports::Files,
    pub(crate) direct: direct::Desk,
    writer: tokio::sync::Mutex<Writer>,
    events: broadcast::Sender<Event>,
    server_time: Mutex<ServerTime>,
    keys: tokio::sync::Mutex<Option<Arc<DeviceKeys>>>,
}

/// The last time Central told, and how long ago on a clock nobody can turn.
#[derive(Debug, Clone, Copy)]
struct ServerTime {
    told: Timestamp,
    at: Duration,
}

impl Till {
    pub(crate) async fn new(
        store: Store,
        vault: Vault,
        clock: Arc<dyn Clock>,
        central: Central,
        events: broadcast::Sender<Event>,
    ) -> Result<Self, StoreError> {
        let device = device::repo::device(&mut *store.read().await?).await?;
        let told = device.map_or(Timestamp(0), |device| device.server_time);
        let server_time = ServerTime { told, at: clock.elapsed() };
        Ok(Self {
            store,
            vault,
            clock,
            central,
            session: Keeper::default(),
            sync: sync::Control::default(),
            telling: audit::Telling::default(),
            files: reports::Files::default(),
            direct: direct::Desk::default(),
            writer: tokio::sync::Mutex::default(),
            events,
            server_time: Mutex::new(server_time),
            keys: tokio::sync::Mutex::default(),
        })
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    pub(crate) fn central(&self) -> &Central {
        &self.central
    }

    /// The right to number operations. One sale at a time.
    pub(crate) async fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().await
    }

    pub(crate) async fn read(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        self.store.read().await
    }

    /// The device's row, if it was ever enrolled.
    pub(crate) async fn device(&self) -> Result<Option<Device>, StoreError> {
        Ok(device::repo::device(&mut *self.read().await?).await?.filter(|device| device.enrolled))
    }

    pub(crate) async fn enrolled(&self) -> Result<Device, LogWriteError> {
        self.device().await?.ok_or(LogWriteError::NotEnrolled)
    }

    /// The device's keys, from the vault once.
    pub(crate) async fn keys(&self) -> Result<Arc<DeviceKeys>, VaultError> {
        let mut known = self.keys.lock().await;
        if let Some(keys) = known.as_ref() {
            return Ok(Arc::clone(keys));
        }
        let keys = self.vault.read(names::DEVICE_KEYS).await?.ok_or(VaultError::Missing("device keys"))?;
        Ok(Arc::clone(known.insert(Arc::new(keys))))
    }

    /// The machine was enrolled anew: the keys are others.
    pub(crate) async fn forget_keys(&self) {
        *self.keys.lock().await = None;
    }

    /// Tells of what Central has, no row of the feed carries, and changed.
    pub(crate) fn tell_news(&self, news: impl IntoIterator<Item = News>) {
        for news in news {
            self.tell(news.into());
        }
    }

    pub(crate) fn tell(&self, topic: Topic) {
        // Nobody listening is no failure.
        let _ = self.events.send(Event::Changed(topic));
    }

    pub(crate) fn send(&self, event: Event) {
        let _ = self.events.send(event);
    }

    /// Central told the time just now. In memory only; the caller keeps it in the database.
    pub(crate) fn learn_time(&self, told: Timestamp) {
        let mut server = self.server_time.lock().unwrap_or_else(PoisonError::into_inner);
        if told >= server.told {
            *server = ServerTime { told, at: self.clock.elapsed() };
        }
    }

    /// The latest time Central told.
    pub(crate) fn last_server_time(&self) -> Timestamp {
        self.server_time.lock().unwrap_or_else(PoisonError::into_inner).told
    }

    /// The time leases are judged by.
    pub(crate) fn trusted_now(&self) -> Timestamp {
        let (told, elapsed) = self.since_told();
        trusted_now(told, elapsed, self.clock.wall())
    }

    /// The time at Central, as far as it is known without the clock that people turn.
    pub(crate) fn central_now(&self) -> Timestamp {
        let (told, elapsed) = self.since_told();
        told.plus_ms(elapsed)
    }

    /// What Central told last, and the milliseconds since.
    fn since_told(&self) -> (Timestamp, i64) {
        let ServerTime { told, at } = *self.server_time.lock().unwrap_or_else(PoisonError::into_inner);
        let elapsed = self.clock.elapsed().saturating_sub(at);
        (told, i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The device as a caller, with the address it was enrolled at.
pub(crate) struct AsDevice<'a> {
    pub(crate) address: Address,
    pub(crate) device: &'a Device,
    pub(crate) keys: &'a DeviceKeys,
}

impl AsDevice<'_> {
    pub(crate) fn caller(&self) -> Caller<'_> {
        Caller::Device(self.device.device_id, self.keys)
    }
}
