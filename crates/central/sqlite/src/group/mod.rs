//! Grouped commits: SQLite has one writer, and a durable commit costs it a write to the disk. Units of work that wait
//! for the writer share one transaction, each in a savepoint of its own, and are answered when it has committed.
//!
//! A unit that nobody waits behind is committed at once. One that fails, or whose request is gone, is rolled back alone.
//! When the COMMIT fails, every unit of the group is told so, and nothing of any of them is left.
//!
//! A later unit of a group reads what an earlier one wrote and what is not durable yet. It must not tell anybody that
//! something is done because of it, other than by its own [`Tx::commit`], which waits for the same COMMIT.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use tracing::error;

#[cfg(test)]
mod tests;

/// Units of one COMMIT, at most: the first of them waits for the last.
pub(crate) const LARGEST: usize = 64;

type Asked = oneshot::Sender<Result<Tx, sqlx::Error>>;
type Told = oneshot::Sender<Result<(), sqlx::Error>>;
type Closed = oneshot::Sender<()>;

/// The queue before the one writer.
#[derive(Debug, Clone)]
pub(crate) struct Writer {
    queue: mpsc::UnboundedSender<Order>,
    told: Arc<Figures>,
}

/// What tests wait for and count.
#[derive(Debug, Default)]
struct Figures {
    waiting: AtomicUsize,
    commits: AtomicUsize,
}

#[derive(Debug)]
enum Order {
    Begin(Asked),
    Close(Closed),
}

impl Writer {
    /// Opens the connection when the first unit asks for it. A group has at most `largest` units.
    pub(crate) fn new(options: SqliteConnectOptions, largest: usize) -> Self {
        let (queue, orders) = mpsc::unbounded_channel();
        let told = Arc::new(Figures::default());
        tokio::spawn(write(options, largest.clamp(1, LARGEST), orders, Arc::clone(&told)));
        Self { queue, told }
    }

    /// Units in the queue.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        self.told.waiting.load(Ordering::Relaxed)
    }

    /// Groups that were made durable.
    #[cfg(test)]
    pub(crate) fn commits(&self) -> usize {
        self.told.commits.load(Ordering::Relaxed)
    }

    /// Waits for its turn.
    pub(crate) async fn begin(&self) -> Result<Tx, sqlx::Error> {
        let (asked, turn) = oneshot::channel();
        self.told.waiting.fetch_add(1, Ordering::Relaxed);
        self.queue.send(Order::Begin(asked)).map_err(|_| sqlx::Error::PoolClosed)?;
        turn.await.map_err(|_| sqlx::Error::PoolClosed)?
    }

    /// Ends after what was asked before; nothing begins any more.
    pub(crate) async fn close(&self) {
        let (closed, end) = oneshot::channel();
        if self.queue.send(Order::Close(closed)).is_ok() {
            // An error only says that it has ended already.
            let _ = end.await;
        }
    }
}

/// One unit of work inside a group. Dropped without [`Tx::commit`], nothing of it happened.
#[derive(Debug)]
pub(crate) struct Tx(Option<Held>);

#[derive(Debug)]
struct Held {
    conn: SqliteConnection,
    back: oneshot::Sender<Back>,
}

/// The connection comes back with what is to become of the unit.
#[derive(Debug)]
struct Back {
    conn: SqliteConnection,
    /// Whom to tell of the COMMIT; none when the unit is undone.
    keep: Option<Told>,
}

impl Tx {
    /// Returns when the unit is durable.
    pub(crate) async fn commit(mut self) -> Result<(), sqlx::Error> {
        let (told, end) = oneshot::channel();
        self.give_back(Some(told));
        end.await.map_err(|_| sqlx::Error::PoolClosed)?
    }

    fn give_back(&mut self, keep: Option<Told>) {
        if let Some(Held { conn, back }) = self.0.take() {
            // Nobody takes it only when the process ends.
            let _ = back.send(Back { conn, keep });
        }
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        self.give_back(None);
    }
}

impl Deref for Tx {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.0.as_ref().expect("a unit holds its connection until it ends").conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.0.as_mut().expect("a unit holds its connection until it ends").conn
    }
}

async fn write(
    options: SqliteConnectOptions,
    largest: usize,
    mut orders: mpsc::UnboundedReceiver<Order>,
    told: Arc<Figures>,
) {
    let mut conn = None;
    while let Some(order) = orders.recv().await {
        let first = match order {
            Order::Begin(asked) => asked,
            Order::Close(closed) => return close(conn, Some(closed)).await,
        };
        let mut group = Group { conn: conn.take(), members: Vec::new(), told: &told };
        let end = match group.open(&options).await {
            Ok(()) => group.fill(first, largest, &mut orders).await,
            Err(error) => {
                told.waiting.fetch_sub(1, Ordering::Relaxed);
                let _ = first.send(Err(error));
                // Opened anew for whoever comes next.
                continue;
            }
        };
        let closing = group.end(end).await;
        conn = group.conn;
        if closing.is_some() {
            return close(conn, closing).await;
        }
    }
    close(conn, None).await;
}

async fn close(conn: Option<SqliteConnection>, closed: Option<Closed>) {
    if let Some(conn) = conn
        && let Err(error) = conn.close().await
    {
        error!(%error, "the writer's connection did not close in order");
    }
    if let Some(closed) = closed {
        let _ = closed.send(());
    }
}

/// One transaction, and the units that are in it to stay.
struct Group<'a> {
    /// None while a unit has it.
    conn: Option<SqliteConnection>,
    members: Vec<Told>,
    told: &'a Figures,
}

impl Group<'_> {
    async fn open(&mut self, options: &SqliteConnectOptions) -> Result<(), sqlx::Error> {
        if self.conn.is_none() {
            self.conn = Some(options.connect().await?);
        }
        let begun = self.tell("BEGIN IMMEDIATE").await;
        if begun.is_err() {
            self.conn = None;
        }
        begun
    }

    /// Runs units until nobody waits or the group is full. A request to close, met in the queue, comes back.
    async fn fill(
        &mut self,
        first: Asked,
        largest: usize,
        orders: &mut mpsc::UnboundedReceiver<Order>,
    ) -> Result<Option<Closed>, sqlx::Error> {
        let mut asked = first;
        for turn in 1..=largest {
            self.run(asked).await?;
            if turn == largest {
                break;
            }
            asked = match orders.try_recv() {
                Ok(Order::Begin(asked)) => asked,
                Ok(Order::Close(closed)) => return Ok(Some(closed)),
                Err(_) => break,
            };
        }
        Ok(None)
    }

    /// One unit, from its turn to its end. An error here is the whole transaction's.
    async fn run(&mut self, asked: Asked) -> Result<(), sqlx::Error> {
        self.told.waiting.fetch_sub(1, Ordering::Relaxed);
        if asked.is_closed() {
            return Ok(());
        }
        if let Err(error) = self.tell("SAVEPOINT unit").await {
            let _ = asked.send(Err(because(&error)));
            return Err(error);
        }
        let Some(conn) = self.conn.take() else { return Err(sqlx::Error::WorkerCrashed) };
        let (back, end) = oneshot::channel();
        // A request that is gone by now drops its unit, which comes back like any other.
        drop(asked.send(Ok(Tx(Some(Held { conn, back })))));
        let Back { conn, keep } = end.await.map_err(|_| sqlx::Error::WorkerCrashed)?;
        self.conn = Some(conn);
        let Some(told) = keep else {
            self.tell("ROLLBACK TO unit").await?;
            return self.tell("RELEASE unit").await;
        };
        // Fails where an error inside the unit has ended the whole transaction.
        let released = self.tell("RELEASE unit").await;
        self.members.push(told);
        released
    }

    /// Commits what was kept, or undoes all of it, and tells every member.
    async fn end(&mut self, filled: Result<Option<Closed>, sqlx::Error>) -> Option<Closed> {
        let (closing, lost) = match filled {
            Ok(closing) if self.members.is_empty() => (closing, self.tell("ROLLBACK").await.err()),
            Ok(closing) => (closing, self.tell("COMMIT").await.err()),
            Err(error) => (None, Some(error)),
        };
        if let Some(error) = &lost {
            error!(%error, units = self.members.len(), "a group of writing transactions was undone");
            // Where the transaction is over already this fails, and nothing is left to undo.
            if self.tell("ROLLBACK").await.is_err() {
                self.conn = None;
            }
        }
        let units = self.members.len();
        if units > 0 && lost.is_none() {
            self.told.commits.fetch_add(1, Ordering::Relaxed);
            metrics::histogram!("counterfoil_commit_units").record(f64::from(u32::try_from(units).unwrap_or(u32::MAX)));
        }
        for told in self.members.drain(..) {
            let _ = told.send(lost.as_ref().map_or(Ok(()), |error| Err(because(error))));
        }
        closing
    }

    async fn tell(&mut self, order: &'static str) -> Result<(), sqlx::Error> {
        let conn = self.conn.as_mut().ok_or(sqlx::Error::WorkerCrashed)?;
        sqlx::query(order).execute(conn).await.map(|_| ())
    }
}

/// The same fault for each member: none of its own doing, and worth another try.
fn because(error: &sqlx::Error) -> sqlx::Error {
    sqlx::Error::Io(std::io::Error::other(format!("the group was undone: {error}")))
}
