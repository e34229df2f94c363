//! Requests that meet are served together. What nobody serves before begins at once; what comes meanwhile is the next
//! batch.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use counterfoil_central_platform::failure::Failure;
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

/// Where several come at once, those who were just answered often come again at once. Served without them, whoever waits
/// already would be one half and they the other, each waiting for the other's commit. This part of the time that their batch
/// took is given them to come back; it ends when they are all there.
const GATHERING: u32 = 2;

struct Waiting<Asked, Told> {
    asked: Asked,
    tell: oneshot::Sender<Told>,
}

struct Queue<Asked, Told> {
    waiting: VecDeque<Waiting<Asked, Told>>,
    /// Rung for each that joins.
    joined: Arc<Notify>,
}

impl<Asked, Told> Default for Queue<Asked, Told> {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), joined: Arc::default() }
    }
}

/// Who waits in which lane. A lane is here for as long as a task serves it.
pub(crate) struct Lanes<Lane, Asked, Told>(Mutex<HashMap<Lane, Queue<Asked, Told>>>);

impl<Lane, Asked, Told> Default for Lanes<Lane, Asked, Told> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<Lane, Asked, Told> fmt::Debug for Lanes<Lane, Asked, Told> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lanes(…)")
    }
}

/// How a batch is served.
pub(crate) trait Serve: Clone + Send + Sync + 'static {
    type Lane: Copy + Eq + Hash + Send + Sync + 'static;
    type Asked: Send + Sync + 'static;
    type Told: Send + 'static;
    /// Of which no batch has two.
    type Alone: Eq + Hash;

    fn lanes(&self) -> &Lanes<Self::Lane, Self::Asked, Self::Told>;

    /// Requests of a batch, at most.
    fn most(&self) -> usize;

    fn alone(asked: &Self::Asked) -> Option<Self::Alone>;

    /// One answer for each, in their order. After a failure nothing was done, or all of it and only the answer was lost:
    /// each is served again by itself.
    fn serve(
        &self,
        lane: Self::Lane,
        asked: &[Self::Asked],
    ) -> impl Future<Output = Result<Vec<Self::Told>, Failure>> + Send;

    fn failed(failure: Failure) -> Self::Told;
}

/// Asks together with whoever else comes. It goes on when the caller is gone: the others of its batch are not.
pub(crate) async fn ask<S: Serve>(server: &S, lane: S::Lane, asked: S::Asked) -> S::Told {
    let (tell, told) = oneshot::channel();
    if server.lanes().join(lane, Waiting { asked, tell }) {
        tokio::spawn(keep_serving(server.clone(), lane));
    }
    told.await.unwrap_or_else(|_| S::failed(Failure::internal("a batch ended without an answer")))
}

async fn keep_serving<S: Serve>(server: S, lane: S::Lane) {
    while let Some(batch) = server.lanes().next(lane, server.most(), S::alone) {
        let (answered, began) = (batch.len(), Instant::now());
        let (asked, tell): (Vec<_>, Vec<_>) = batch.into_iter().map(|one| (one.asked, one.tell)).unzip();
        // On a task of its own: a panic ends this batch, and the lane goes on.
        let Ok(told) = tokio::spawn(serve(server.clone(), lane, asked)).await else { continue };
        for (tell, told) in tell.into_iter().zip(told) {
            // Who is gone asks again.
            let _ = tell.send(told);
        }
        if answered > 1 {
            // Who comes too late is in the batch after.
            let _ = timeout(began.elapsed() / GATHERING, server.lanes().gather(lane, answered, server.most())).await;
        }
    }
}

async fn serve<S: Serve>(server: S, lane: S::Lane, asked: Vec<S::Asked>) -> Vec<S::Told> {
    match server.serve(lane, &asked).await {
        Ok(told) => return told,
        Err(failure) if asked.len() == 1 => return vec![S::failed(failure)],
        Err(_) => {}
    }
    tracing::debug!(batch = asked.len(), "requests of a batch that failed are served one by one");
    let mut told = Vec::with_capacity(asked.len());
    for one in &asked {
        let alone = server.serve(lane, std::slice::from_ref(one)).await;
        told.push(alone.map_or_else(S::failed, |mut told| {
            told.pop().unwrap_or_else(|| S::failed(Failure::internal("a request has no answer")))
        }));
    }
    told
}

impl<Lane: Copy + Eq + Hash, Asked, Told> Lanes<Lane, Asked, Told> {
    fn lock(&self) -> MutexGuard<'_, HashMap<Lane, Queue<Asked, Told>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who waits for a batch; none where no task serves the lane.
    #[cfg(test)]
    pub(crate) fn waiting(&self, lane: Lane) -> Option<usize> {
        self.lock().get(&lane).map(|queue| queue.waiting.len())
    }

    /// True when nobody serves the lane yet.
    fn join(&self, lane: Lane, waiting: Waiting<Asked, Told>) -> bool {
        let mut lanes = self.lock();
        let served = lanes.contains_key(&lane);
        let queue = lanes.entry(lane).or_default();
        queue.waiting.push_back(waiting);
        queue.joined.notify_one();
        !served
    }

    /// Returns when so many wait again as were just answered, beside those who wait already; or as many as a batch takes.
    async fn gather(&self, lane: Lane, answered: usize, most: usize) {
        let mut wanted = None;
        loop {
            let joined = {
                let lanes = self.lock();
                let Some(queue) = lanes.get(&lane) else { return };
                let here = queue.waiting.len();
                if here >= *wanted.get_or_insert(most.min(here + answered)) {
                    return;
                }
                Arc::clone(&queue.joined)
            };
            joined.notified().await;
        }
    }

    /// The next batch, in the order they came. Of two that must not be in one batch the second waits, and finds what the
    /// first one did. None ends the service.
    fn next<Alone: Eq + Hash>(
        &self,
        lane: Lane,
        most: usize,
        alone: impl Fn(&Asked) -> Option<Alone>,
    ) -> Option<Vec<Waiting<Asked, Told>>> {
        let mut lanes = self.lock();
        let queue = lanes.get_mut(&lane).map(|queue| &mut queue.waiting).filter(|waiting| !waiting.is_empty());
        let Some(queue) = queue else {
            lanes.remove(&lane);
            return None;
        };
        let mut taken = HashSet::new();
        let (mut batch, mut left) = (Vec::new(), VecDeque::new());
        for waiting in queue.drain(..) {
            let free = batch.len() < most && alone(&waiting.asked).is_none_or(|key| taken.insert(key));
            if free {
                batch.push(waiting);
            } else {
                left.push_back(waiting);
            }
        }
        *queue = left;
        Some(batch)
    }
}
