//! The live streams of this process: who listens, to which operator's feed, from which place in the tree.
//!
//! A stream holds one version, the newest it has not sent; a version that comes meanwhile takes its place, and the news of
//! both are told. So nothing queues for a slow reader, and a burst of commits is one event.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use counterfoil_domain::ids::{DeviceId, OperatorId};
use counterfoil_wire::live::{Head, NewsSet};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout_at};

/// Streams of one process at most: each is an open connection.
pub const MOST_STREAMS: usize = 10_000;

/// Between two events of one stream.
pub const SPACING: Duration = Duration::from_millis(250);

/// A reader that leaves an event this long is dropped.
const PATIENCE: Duration = Duration::from_secs(30);

/// A stream ends after this time, and the device asks anew: it is judged again, and processes share the load again.
const LONGEST: Duration = Duration::from_hours(1);

/// Who wants to listen.
#[derive(Debug, Clone)]
pub struct Listener {
    pub operator: OperatorId,
    pub device: DeviceId,
    /// Path of the reseller whose subtree it sees; empty for the operator's own desktops.
    pub scope: String,
}

/// Why there is no stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// This process has as many as it takes.
    Full,
    /// This process is about to stop.
    Stopping,
}

/// All streams of a process.
#[derive(Debug, Clone, Default)]
pub struct Streams(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    most: usize,
    stopping: bool,
    /// Somebody looks for new versions.
    watched: bool,
    next: u64,
    open: HashMap<u64, Open>,
    newest_of: HashMap<DeviceId, u64>,
}

impl Default for Inner {
    fn default() -> Self {
        Self {
            most: MOST_STREAMS,
            stopping: false,
            watched: false,
            next: 0,
            open: HashMap::new(),
            newest_of: HashMap::new(),
        }
    }
}

#[derive(Debug)]
struct Open {
    listener: Listener,
    newest: watch::Sender<Option<Head>>,
    /// Highest version that was sent.
    sent: Arc<AtomicI64>,
    waiting_since: Option<Instant>,
}

/// One stream. It leaves the list when it is dropped.
#[derive(Debug)]
pub struct Stream {
    streams: Streams,
    number: u64,
    newest: watch::Receiver<Option<Head>>,
    sent: Arc<AtomicI64>,
    not_before: Instant,
    until: Instant,
}

impl Streams {
    /// Takes fewer streams than a real process, for tests.
    pub fn at_most(most: usize) -> Self {
        Self(Arc::new(Mutex::new(Inner { most, ..Inner::default() })))
    }

    /// A stream that has nothing to say yet, and whether nobody looks for new versions so far: the caller then does.
    /// An older stream of the same device ends.
    pub fn open(&self, listener: Listener) -> Result<(Stream, bool), Refused> {
        let mut inner = self.lock();
        if inner.stopping {
            return Err(Refused::Stopping);
        }
        if let Some(older) = inner.newest_of.remove(&listener.device) {
            inner.open.remove(&older);
        }
        if inner.open.len() >= inner.most {
            return Err(Refused::Full);
        }
        let number = inner.next;
        inner.next += 1;
        let (sender, newest) = watch::channel(None);
        let sent = Arc::new(AtomicI64::new(i64::MIN));
        inner.newest_of.insert(listener.device, number);
        let open = Open { listener, newest: sender, sent: Arc::clone(&sent), waiting_since: None };
        inner.open.insert(number, open);
        let unwatched = !std::mem::replace(&mut inner.watched, true);
        let now = Instant::now();
        let stream = Stream { streams: self.clone(), number, newest, sent, not_before: now, until: now + LONGEST };
        Ok((stream, unwatched))
    }

    /// The operators somebody listens to. None: nobody does, and whoever looks for new versions may stop; the next
    /// [`Streams::open`] says so again.
    pub fn operators(&self) -> Option<Vec<OperatorId>> {
        let mut inner = self.lock();
        if inner.open.is_empty() {
            inner.watched = false;
            return None;
        }
        let mut operators: Vec<_> = inner.open.values().map(|open| open.listener.operator).collect();
        operators.sort_unstable();
        operators.dedup();
        Some(operators)
    }

    /// Tells each of an operator's listeners what there is for its scope; none is nothing.
    pub fn tell(&self, operator: OperatorId, head: Head, hears: impl Fn(&str) -> Option<NewsSet>) {
        for open in self.lock().open.values_mut().filter(|open| open.listener.operator == operator) {
            if let Some(news) = hears(&open.listener.scope) {
                open.tell(Head { news, ..head });
            }
        }
    }

    /// Ends the streams of an operator's devices that the predicate picks.
    pub fn end(&self, operator: OperatorId, picked: impl Fn(DeviceId) -> bool) {
        self.retain(|open| open.listener.operator != operator || !picked(open.listener.device));
    }

    /// Drops readers that left an event too long.
    pub fn drop_slow(&self) -> usize {
        let now = Instant::now();
        self.retain(|open| open.waiting_since.is_none_or(|since| open.took_all() || now < since + PATIENCE))
    }

    /// Ends all streams and takes no more: this process is about to stop.
    pub fn stop(&self) {
        self.lock().stopping = true;
        self.retain(|_| false);
    }

    pub fn count(&self) -> usize {
        self.lock().open.len()
    }

    fn retain(&self, keep: impl Fn(&Open) -> bool) -> usize {
        let mut inner = self.lock();
        let before = inner.open.len();
        inner.open.retain(|_, open| keep(open));
        let Inner { open, newest_of, .. } = &mut *inner;
        newest_of.retain(|_, number| open.contains_key(number));
        before - inner.open.len()
    }

    fn leave(&self, number: u64) {
        let mut inner = self.lock();
        if let Some(open) = inner.open.remove(&number) {
            inner.newest_of.remove(&open.listener.device);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// A version it was told before is no news.
    fn tell(&mut self, head: Head) {
        let newest = *self.newest.borrow();
        if newest.is_some_and(|known| known.epoch == head.epoch && known.version >= head.version) {
            return;
        }
        let took_all = self.took_all();
        if self.waiting_since.is_none() || took_all {
            self.waiting_since = Some(Instant::now());
        }
        let unsent = newest.filter(|_| !took_all).map_or_else(NewsSet::default, |head| head.news);
        self.newest.send_replace(Some(Head { news: unsent.and(head.news), ..head }));
    }

    fn took_all(&self) -> bool {
        self.newest.borrow().is_none_or(|head| self.sent.load(Ordering::Relaxed) >= head.version)
    }
}

impl Stream {
    /// What the device is told first, unless a later version came meanwhile.
    pub fn begin(&self, head: Head) {
        if let Some(open) = self.streams.lock().open.get_mut(&self.number) {
            open.tell(head);
        }
    }

    /// The next version to send; none when the stream is over.
    pub async fn next(&mut self) -> Option<Head> {
        loop {
            timeout_at(self.until, self.newest.changed()).await.ok()?.ok()?;
            // What comes in between is told with it.
            sleep_until(self.not_before).await;
            let newest = *self.newest.borrow_and_update();
            if let Some(head) = newest {
                self.sent.store(head.version, Ordering::Relaxed);
                self.not_before = Instant::now() + SPACING;
                return Some(head);
            }
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.streams.leave(self.number);
    }
}

#[cfg(test)]
mod tests {
    use counterfoil_domain::ids::Epoch;
    use counterfoil_wire::live::News;

    use super::*;

    const OPERATOR: OperatorId = OperatorId::from_bytes([1; 16]);

    fn listener(device: u8, scope: &str) -> Listener {
        Listener { operator: OPERATOR, device: DeviceId::from_bytes([device; 16]), scope: scope.to_owned() }
    }

    fn head(version: i64) -> Head {
        Head { epoch: Epoch::from_bytes([9; 16]), version, news: NewsSet::default() }
    }

    #[expect(clippy::unnecessary_wraps, reason = "it is what Streams::tell asks with")]
    fn all(_: &str) -> Option<NewsSet> {
        Some(NewsSet::default())
    }

    fn open(streams: &Streams, device: u8, scope: &str) -> Stream {
        streams.open(listener(device, scope)).expect("room").0
    }

    /// What is ready now, without waiting for more.
    async fn ready(stream: &mut Stream) -> Option<Option<i64>> {
        let next = tokio::time::timeout(Duration::from_secs(1), stream.next()).await.ok()?;
        Some(next.map(|head| head.version))
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_one_event_and_the_newest() {
        let streams = Streams::default();
        let mut stream = open(&streams, 1, "/a/");
        stream.begin(head(3));
        assert_eq!(ready(&mut stream).await, Some(Some(3)));
        let before = Instant::now();
        for version in 4..100 {
            streams.tell(OPERATOR, head(version), all);
        }
        assert_eq!(ready(&mut stream).await, Some(Some(99)));
        assert!(before.elapsed() >= SPACING);
        assert_eq!(ready(&mut stream).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_beginning_never_hides_what_came_meanwhile() {
        let streams = Streams::default();
        let mut stream = open(&streams, 1, "/a/");
        streams.tell(OPERATOR, head(8), all);
        stream.begin(head(7));
        assert_eq!(ready(&mut stream).await, Some(Some(8)));
        streams.tell(OPERATOR, head(8), all);
        assert_eq!(ready(&mut stream).await, None, "told once");
        // Restored from a backup, the feed stands where it stood before.
        streams.tell(OPERATOR, Head { epoch: Epoch::from_bytes([8; 16]), ..head(5) }, all);
        assert_eq!(ready(&mut stream).await, Some(Some(5)));
    }

    #[tokio::test(start_paused = true)]
    async fn only_those_who_see_the_row_are_told() {
        let streams = Streams::default();
        let (mut staff, mut shop) = (open(&streams, 1, ""), open(&streams, 2, "/shop/"));
        streams.tell(OPERATOR, head(5), |scope| "/other/".starts_with(scope).then(NewsSet::default));
        streams.tell(OperatorId::from_bytes([2; 16]), head(900), all);
        assert_eq!(ready(&mut staff).await, Some(Some(5)));
        assert_eq!(ready(&mut shop).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn news_wait_with_the_version_and_are_told_once() {
        let streams = Streams::default();
        let mut stream = open(&streams, 1, "/a/");
        let of = |news: &[News]| news.iter().copied().collect::<NewsSet>();
        streams.tell(OPERATOR, head(2), |_| Some(of(&[News::Earnings])));
        streams.tell(OPERATOR, head(3), |_| Some(of(&[News::Payouts])));
        streams.tell(OPERATOR, head(4), all);
        assert_eq!(stream.next().await, Some(Head { news: of(&[News::Earnings, News::Payouts]), ..head(4) }));
        streams.tell(OPERATOR, head(5), all);
        assert_eq!(stream.next().await, Some(head(5)));
    }

    #[tokio::test(start_paused = true)]
    async fn the_newer_stream_of_a_device_wins() {
        let streams = Streams::default();
        let mut older = open(&streams, 1, "/a/");
        let mut newer = open(&streams, 1, "/a/");
        assert_eq!(ready(&mut older).await, Some(None));
        drop(older);
        streams.tell(OPERATOR, head(2), all);
        assert_eq!(ready(&mut newer).await, Some(Some(2)));
        assert_eq!(streams.count(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_process_refuses_and_has_room_again() {
        let streams = Streams::at_most(2);
        let (one, _two) = (open(&streams, 1, ""), open(&streams, 2, ""));
        assert_eq!(streams.open(listener(3, "")).err(), Some(Refused::Full));
        // A device that comes again takes its own place.
        let again = open(&streams, 2, "");
        drop(one);
        let _three = open(&streams, 3, "");
        assert_eq!(streams.count(), 2);
        drop(again);
        streams.stop();
        assert_eq!(streams.count(), 0);
        assert_eq!(streams.open(listener(4, "")).err(), Some(Refused::Stopping));
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_leaves_its_event_is_dropped() {
        let streams = Streams::default();
        let (mut slow, mut quick) = (open(&streams, 1, ""), open(&streams, 2, ""));
        streams.tell(OPERATOR, head(1), all);
        quick.next().await;
        tokio::time::advance(PATIENCE / 2).await;
        // A newer event does not start its patience anew.
        streams.tell(OPERATOR, head(2), all);
        quick.next().await;
        assert_eq!(streams.drop_slow(), 0);
        tokio::time::advance(PATIENCE / 2).await;
        assert_eq!(streams.drop_slow(), 1);
        assert_eq!((ready(&mut slow).await, ready(&mut quick).await), (Some(Some(2)), None));
        assert_eq!(ready(&mut slow).await, Some(None));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_has_an_end() {
        let streams = Streams::default();
        let mut stream = open(&streams, 1, "");
        assert_eq!(stream.next().await, None);
        drop(stream);
        assert_eq!(streams.count(), 0);
    }

    #[test]
    fn whoever_comes_first_looks_for_versions() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("runtime");
        let _entered = runtime.enter();
        let streams = Streams::default();
        let (one, first) = streams.open(listener(1, "")).expect("room");
        let (two, second) = streams.open(listener(2, "")).expect("room");
        assert_eq!((first, second, streams.operators()), (true, false, Some(vec![OPERATOR])));
        drop((one, two));
        assert_eq!(streams.operators(), None);
        assert!(streams.open(listener(1, "")).expect("room").1);
    }
}
