//! Background work that goes on whatever happens in it.

use std::time::Duration;

use tokio::task::JoinSet;

/// How long work that panicked rests before it begins again.
const REST: Duration = Duration::from_secs(5);

/// Does this work until it ends or is dropped. What panics was one row or one answer that nobody thought of: without another
/// beginning this process would serve on and do none of that work ever again, unnoticed.
pub(crate) async fn keep<F>(work: &'static str, begin: impl Fn() -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    keep_resting(work, REST, begin).await;
}

async fn keep_resting<F>(work: &'static str, rest: Duration, begin: impl Fn() -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        // On a task of its own, which ends with this.
        let mut task = JoinSet::new();
        task.spawn(begin());
        match task.join_next().await {
            Some(Err(error)) if error.is_panic() => {}
            _ => return,
        }
        tracing::error!(work, "background work panicked; it begins again in a moment");
        tokio::time::sleep(rest).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn work_that_panics_begins_again_and_work_that_ends_does_not() {
        let begun = Arc::new(AtomicU32::new(0));
        let begin = || {
            let begun = Arc::clone(&begun);
            async move { assert!(begun.fetch_add(1, Ordering::SeqCst) > 1, "the first two meet a damaged row") }
        };
        keep_resting("a test", Duration::ZERO, begin).await;
        assert_eq!(begun.load(Ordering::SeqCst), 3);
    }
}
