//! What a serving process does by itself. Each worker has a task of its own and begins again when it breaks off: a fault that
//! stops one stops it for a minute, and not all of them until somebody starts the process anew.

use std::pin::Pin;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

/// Before one that broke off begins again.
const PAUSE: Duration = Duration::from_mins(1);

type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Something that goes on until this process stops, unless it has nothing to do here.
pub(crate) struct Worker {
    name: &'static str,
    begin: Box<dyn Fn() -> Running + Send + Sync>,
}

impl Worker {
    pub(crate) fn new<A, W, F>(name: &'static str, app: &A, work: W) -> Self
    where
        A: Clone + Send + Sync + 'static,
        W: Fn(A) -> F + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let app = app.clone();
        Self { name, begin: Box::new(move || -> Running { Box::pin(work(app.clone())) }) }
    }

    async fn keep(self) {
        loop {
            // A set, because what is in it ends with it.
            let mut running = JoinSet::new();
            running.spawn((self.begin)());
            // One that ended has nothing to do here, such as mail where there is no mail server.
            let Some(Err(error)) = running.join_next().await else { return };
            tracing::error!(worker = self.name, %error, "a worker broke off; it begins again in a minute");
            sleep(PAUSE).await;
        }
    }
}

/// Keeps all of them at work until this is dropped.
pub(crate) async fn keep(workers: Vec<Worker>) {
    let mut all = JoinSet::new();
    for worker in workers {
        all.spawn(worker.keep());
    }
    while all.join_next().await.is_some() {}
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::Notify;

    use super::*;

    #[derive(Default)]
    struct Seen {
        begun: AtomicU32,
        again: Notify,
        seconds: AtomicU32,
    }

    /// On a clock that jumps: nobody waits.
    #[tokio::test(start_paused = true)]
    async fn a_worker_that_breaks_off_begins_again_and_the_others_go_on_meanwhile() {
        let seen = Arc::new(Seen::default());
        let fragile = Worker::new("fragile", &seen, |seen: Arc<Seen>| async move {
            assert!(seen.begun.fetch_add(1, Ordering::SeqCst) > 0, "it breaks off the first time");
            seen.again.notify_one();
            std::future::pending::<()>().await;
        });
        let steady = Worker::new("steady", &seen, |seen: Arc<Seen>| async move {
            while seen.seconds.fetch_add(1, Ordering::SeqCst) < u32::MAX {
                sleep(Duration::from_secs(1)).await;
            }
        });
        let keeping = tokio::spawn(keep(vec![fragile, steady]));
        tokio::time::timeout(10 * PAUSE, seen.again.notified()).await.expect("it begins again");
        assert!(seen.seconds.load(Ordering::SeqCst) >= 59, "the other one stood still");
        keeping.abort();
    }
}
