//! Redemptions of one operator that meet share one transaction. Each of them changes the operator's feed, which is one
//! row, and a busy shop's books are a few; they would wait for one another anyway, each for the other's way to the disk.
//!
//! A redemption that nobody runs before begins at once; those that come meanwhile are the next batch.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::code::Code;
use counterfoil_domain::ids::{CodeId, OperatorId};
use counterfoil_wire::public::Activation;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::{Guard, RedeemError, Subject, batch};
use crate::engine::App;
use crate::engine::candidate::Found;

/// What one redemption needs to know.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) code: Code,
    pub(super) found: Found,
    pub(super) subject: Subject,
    pub(super) guard: Guard,
}

/// What became of it.
#[derive(Debug)]
pub(super) struct Told {
    /// The code's row, where it has one.
    pub(super) seen: Option<CodeId>,
    pub(super) outcome: Result<Activation, RedeemError>,
}

impl Told {
    fn failed(failure: Failure) -> Self {
        Self { seen: None, outcome: Err(RedeemError::Failed(failure)) }
    }
}

impl Asked {
    /// The number of which there is only one, whatever its slot.
    fn number(&self) -> (Uuid, i64) {
        (self.found.source_id, self.found.seq)
    }
}

struct Waiting {
    asked: Asked,
    tell: oneshot::Sender<Told>,
}

/// Who waits at which operator. One is here for as long as a task serves it.
#[derive(Default)]
pub(crate) struct Lanes(Mutex<HashMap<OperatorId, VecDeque<Waiting>>>);

impl Lanes {
    fn lock(&self) -> MutexGuard<'_, HashMap<OperatorId, VecDeque<Waiting>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who waits for a batch; none where no task serves the operator.
    #[cfg(test)]
    pub(crate) fn waiting(&self, operator: OperatorId) -> Option<usize> {
        self.lock().get(&operator).map(VecDeque::len)
    }

    /// Joins the queue; true when nobody serves it yet.
    fn join(&self, operator: OperatorId, waiting: Waiting) -> bool {
        let mut lanes = self.lock();
        let served = lanes.contains_key(&operator);
        lanes.entry(operator).or_default().push_back(waiting);
        !served
    }

    /// The next batch, in the order they came. Of two with one number the second waits for the next batch, where it finds
    /// what the first one did. None ends the service.
    fn next(&self, operator: OperatorId, most: usize) -> Option<Vec<Waiting>> {
        let mut lanes = self.lock();
        let queue = lanes.get_mut(&operator).filter(|queue| !queue.is_empty());
        let Some(queue) = queue else {
            lanes.remove(&operator);
            return None;
        };
        let mut numbers = HashSet::new();
        let (mut batch, mut left) = (Vec::new(), VecDeque::new());
        for waiting in queue.drain(..) {
            if batch.len() < most && numbers.insert(waiting.asked.number()) {
                batch.push(waiting);
            } else {
                left.push_back(waiting);
            }
        }
        *queue = left;
        Some(batch)
    }
}

/// Redeems with whoever else comes. It goes on when the caller is gone: the others of its batch are not.
pub(super) async fn redeem(app: &App, operator: OperatorId, asked: Asked) -> Told {
    let (tell, told) = oneshot::channel();
    if app.lanes().join(operator, Waiting { asked, tell }) {
        tokio::spawn(serve(app.clone(), operator));
    }
    let gone = |_| Told::failed(Failure::internal("a batch of redemptions ended without an answer"));
    told.await.unwrap_or_else(gone)
}

async fn serve(app: App, operator: OperatorId) {
    while let Some(batch) = app.lanes().next(operator, app.together()) {
        let (asked, tell): (Vec<_>, Vec<_>) = batch.into_iter().map(|one| (one.asked, one.tell)).unzip();
        // On a task of its own: a panic ends this batch, and the lane goes on.
        let together = tokio::spawn(in_one_transaction(app.clone(), operator, Arc::new(asked)));
        let Ok(told) = together.await else { continue };
        for (tell, told) in tell.into_iter().zip(told) {
            // Who is gone asks again and is told that it was done.
            let _ = tell.send(told);
        }
    }
}

async fn in_one_transaction(app: App, operator: OperatorId, asked: Arc<Vec<Asked>>) -> Vec<Told> {
    let failure = match batch::redeem(&app, operator, &asked).await {
        Ok(told) => return told,
        Err(failure) => failure,
    };
    if asked.len() == 1 {
        return vec![Told::failed(failure)];
    }
    // One of them failed all. Alone, each has its own fate; where all were done and only the answer was lost, each is told
    // its first success.
    tracing::debug!(batch = asked.len(), "redemptions are tried one by one");
    let mut told = Vec::with_capacity(asked.len());
    for one in asked.iter() {
        told.push(match batch::redeem(&app, operator, std::slice::from_ref(one)).await {
            Ok(mut told) => told.pop().unwrap_or_else(|| Told::failed(Failure::internal("a batch of one is empty"))),
            Err(failure) => Told::failed(failure),
        });
    }
    told
}
