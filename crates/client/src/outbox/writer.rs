//! Extending the log: statements first, then the keyring, then the commit (offline.md 1.5).
//!
//! The statements run before the keyring is written so that what the database refuses burns no number. A crash after the
//! keyring does: the numbers between the database's head and the keyring's are a gap, recorded with the next operation
//! and settled with Central at the next sync.

use counterfoil_domain::ids::{LeaseId, OpId};
use counterfoil_domain::oplog::{LogHead, Op, OpBody};
use counterfoil_domain::time::Timestamp;
use sqlx::sqlite::Sqlite;
use sqlx::{SqliteConnection, Transaction};
use tokio::sync::MutexGuard;

use super::{LogWriteError, Marks, Writer, repo};
use crate::chance;
use crate::device::{self, Device};
use crate::till::Till;

/// A change of the log that is not committed yet. Dropping it undoes everything.
pub(crate) struct LogWriter<'a> {
    till: &'a Till,
    writer: MutexGuard<'a, Writer>,
    transaction: Transaction<'static, Sqlite>,
    device: Device,
    marks: Marks,
    now: Timestamp,
}

/// The codes an operation is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About {
    pub(crate) lease_id: LeaseId,
    pub(crate) seq_from: u32,
    pub(crate) seq_to: u32,
}

impl About {
    /// None where it is about no codes.
    pub(crate) const fn of(body: &OpBody) -> Option<Self> {
        match body {
            OpBody::Sale { lease_id, seq_from, seq_to, .. } => {
                Some(Self { lease_id: *lease_id, seq_from: *seq_from, seq_to: *seq_to })
            }
            OpBody::Void { lease_id, seq } => Some(Self { lease_id: *lease_id, seq_from: *seq, seq_to: *seq }),
            OpBody::CloseLease { lease_id, last_seq, .. } => {
                Some(Self { lease_id: *lease_id, seq_from: *last_seq, seq_to: *last_seq })
            }
            OpBody::Fulfilment { .. } | OpBody::Reprovision { .. } | OpBody::BoxContact { .. } => None,
        }
    }
}

impl<'a> LogWriter<'a> {
    /// Waits for every earlier change, then holds the log.
    pub(crate) async fn begin(till: &'a Till) -> Result<Self, LogWriteError> {
        let mut writer = till.writer().await;
        let mut transaction = till.store().write_local().await?;
        let device = device::repo::device(&mut transaction)
            .await?
            .filter(|device| device.enrolled)
            .ok_or(LogWriteError::NotEnrolled)?;
        if let Some(reason) = &device.quarantined {
            return Err(LogWriteError::Quarantined(reason.clone()));
        }
        let mut marks = writer.marks(till.vault(), device.device_id).await?.clone();
        if marks.log.seq > device.head.seq {
            repo::open_gap(&mut transaction, device.head, marks.log).await?;
        } else {
            marks.log = device.head;
        }
        Ok(Self { till, writer, transaction, device, marks, now: till.clock().wall() })
    }

    pub(crate) fn db(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }

    pub(crate) fn device(&self) -> &Device {
        &self.device
    }

    pub(crate) fn marks(&self) -> &Marks {
        &self.marks
    }

    pub(crate) fn marks_mut(&mut self) -> &mut Marks {
        &mut self.marks
    }

    /// The device's clock, for people to read.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// Numbers an operation and puts its exact bytes into the log.
    pub(crate) async fn append(&mut self, body: OpBody) -> Result<u32, LogWriteError> {
        let op_id = OpId(chance::id(self.now)?);
        self.append_as(op_id, body).await
    }

    /// The same under an id of the caller's, which no operation here has. One that this file has forgotten may: Central
    /// answers the second as it did the first.
    pub(crate) async fn append_as(&mut self, op_id: OpId, body: OpBody) -> Result<u32, LogWriteError> {
        let op = Op {
            op_id,
            device_id: self.device.device_id,
            op_seq: self.marks.log.seq + 1,
            schema: body.schema(),
            created_at: self.now,
            body,
        };
        let bytes = op.to_bytes();
        let head = self.marks.log.extend(&bytes);
        repo::insert(&mut self.transaction, &op, &bytes, head).await?;
        self.marks.log = head;
        Ok(head.seq)
    }

    /// Keyring, then commit. Only when this returns may anything be shown.
    pub(crate) async fn commit(mut self) -> Result<LogHead, LogWriteError> {
        let head = self.marks.log;
        device::repo::set_head(&mut self.transaction, head).await?;
        self.writer.keep(self.till.vault(), self.marks).await?;
        self.transaction.commit().await.map_err(crate::store::StoreError::from)?;
        Ok(head)
    }
}
