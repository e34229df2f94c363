//! The first sync of a new machine, from signing in to the end of the feed.
//!
//! Central has made the file before the turns: it makes one for all machines of a scope. How long that took is in the
//! notes.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::Instant;

use anyhow::{Result, ensure};
use counterfoil_testkit::desk::Desk;

use crate::prepared::Prepared;
use crate::server::Server;
use crate::till::{Data, Till};

/// A shop, and a machine of it that has all rows.
pub(super) struct FirstSync {
    desk: Rc<Desk>,
    shop: Rc<Server>,
    codes: u32,
    /// Seconds of the first machine, for which Central made the file.
    pub(super) with_making: f64,
    /// Seconds of the last turn that were not the shop's: the password, the keys, the first lease.
    first: Data,
}

impl FirstSync {
    pub(super) fn new(prepared: &mut Prepared, codes: u32) -> Result<Self> {
        let (desk, shop, first) = (prepared.desk()?, prepared.shop(codes)?, Data::new()?);
        let mut sync = Self { desk, shop, codes, with_making: 0.0, first };
        let (till, seconds) = sync.enrol(&sync.first)?;
        till.close()?;
        sync.with_making = seconds;
        Ok(sync)
    }

    /// The rows as the first machine has them.
    pub(super) fn cache(&self) -> Result<PathBuf> {
        self.first.cache()
    }

    /// Seconds from an empty folder to all rows.
    pub(super) fn turn(&self) -> Result<f64> {
        let data = Data::new()?;
        let (till, seconds) = self.enrol(&data)?;
        let codes = till.codes()?;
        ensure!(codes == u64::from(self.codes), "{codes} codes came, of {}", self.codes);
        till.close()?;
        Ok(seconds)
    }

    fn enrol(&self, data: &Data) -> Result<(Till, f64)> {
        let till = Till::open(&self.desk, data.path())?;
        let started = Instant::now();
        till.sign_in(&self.shop.url)?;
        Ok((till, started.elapsed().as_secs_f64()))
    }
}
