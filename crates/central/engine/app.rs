//! What every feature is given: the store, the keys, the clock.

use std::sync::Arc;

use counterfoil_central_platform::clock::Clock;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::keys::Keys;
use counterfoil_domain::ids::OperatorId;

use super::work::Work;
use crate::dialect::{Pool, Store};

/// One Central process.
#[derive(Clone)]
pub struct App {
    store: Store,
    keys: Arc<Keys>,
    clock: Arc<dyn Clock>,
}

impl App {
    /// Opens the database and brings its schema up to date. A database from a newer Central is refused.
    pub async fn open(url: &str, keys: Arc<Keys>, clock: Arc<dyn Clock>) -> Result<Self, sqlx::Error> {
        let store = Store::open(url).await?;
        store.migrate().await?;
        Ok(Self { store, keys, clock })
    }

    /// Begins a writing transaction for one operator.
    pub(crate) async fn begin(&self, operator: OperatorId) -> Result<Work, Failure> {
        Ok(Work::new(self.store.begin().await?, operator, self.clock.now()))
    }

    pub(crate) fn readers(&self) -> &Pool {
        self.store.readers()
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    pub async fn close(&self) {
        self.store.close().await;
    }
}
