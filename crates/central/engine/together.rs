//! Requests that meet are served together. What nobody serves before begins at once; what comes meanwhile is the next
//! batch.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use counterfoil_central_platform::failure::Failure;
use tokio::sync::oneshot;

/// Where several come at once, those who were just answered often come again at once. Without a moment for that, the first
/// of them would be served alone and the others would wait for it: two commits instead of one.
const GATHERING: Duration = Duration::from_millis(1);

struct Waiting<Asked, Told> {
    asked: Asked,
    tell: oneshot::Sender<Told>,
}

/// Who waits in which lane. A lane is here for as long as a task serves it.
pub(crate) struct Lanes<Lane, Asked, Told>(Mutex<HashMap<Lane, VecDeque<Waiting<Asked, Told>>>>);

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
        let several = batch.len() > 1;
        let (asked, tell): (Vec<_>, Vec<_>) = batch.into_iter().map(|one| (one.asked, one.tell)).unzip();
        // On a task of its own: a panic ends this batch, and the lane goes on.
        let Ok(told) = tokio::spawn(serve(server.clone(), lane, asked)).await else { continue };
        for (tell, told) in tell.into_iter().zip(told) {
            // Who is gone asks again.
            let _ = tell.send(told);
        }
        if several {
            tokio::time::sleep(GATHERING).await;
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
    fn lock(&self) -> MutexGuard<'_, HashMap<Lane, VecDeque<Waiting<Asked, Told>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who waits for a batch; none where no task serves the lane.
    #[cfg(test)]
    pub(crate) fn waiting(&self, lane: Lane) -> Option<usize> {
        self.lock().get(&lane).map(VecDeque::len)
    }

    /// True when nobody serves the lane yet.
    fn join(&self, lane: Lane, waiting: Waiting<Asked, Told>) -> bool {
        let mut lanes = self.lock();
        let served = lanes.contains_key(&lane);
        lanes.entry(lane).or_default().push_back(waiting);
        !served
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
        let queue = lanes.get_mut(&lane).filter(|queue| !queue.is_empty());
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
