//! Files that are being made: behind the screen, with how far they are and a way to stop them.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use counterfoil_wire::reports::{Report, ReportName, ReportQuery};
use tokio::sync::mpsc;
use tokio::task;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::cells::{Head, Words};
use super::file::{self, Piece};
use super::{Format, ReportError};
use crate::api::ApiError;
use crate::brand::{self, Shown};
use crate::session::SessionError;
use crate::till::Till;

/// Rows asked for at a time: as many as Central gives.
const PAGE: u32 = counterfoil_wire::page::MAX_LIMIT;
/// Pages that wait for the disk.
const AHEAD: usize = 4;
/// At the same time.
const MOST_AT_ONCE: usize = 4;
/// Remembered, the ended ones among them.
const MOST_KNOWN: usize = 50;

/// A file that somebody wants.
pub(crate) struct Asked {
    /// Minted by the caller: a repeat is the same file.
    pub(crate) id: Uuid,
    pub(crate) name: ReportName,
    pub(crate) days: (Option<String>, Option<String>),
    pub(crate) format: Format,
    pub(crate) words: Words,
    pub(crate) folder: PathBuf,
}

/// Where it stands.
#[derive(Debug, Clone)]
pub(crate) enum Stage {
    Making,
    Done(PathBuf),
    Cancelled,
    Failed(Box<ApiError>),
}

/// How far it is.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    pub(crate) id: Uuid,
    pub(crate) rows: u64,
    pub(crate) stage: Stage,
}

/// One file.
#[derive(Debug)]
struct Job {
    id: Uuid,
    state: Mutex<(u64, Stage)>,
    cancelled: CancellationToken,
}

impl Job {
    fn progress(&self) -> Progress {
        let (rows, stage) = self.state.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Progress { id: self.id, rows, stage }
    }

    fn add(&self, rows: usize) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 = state.0.saturating_add(u64::try_from(rows).unwrap_or(u64::MAX));
    }

    fn end(&self, stage: Stage) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1 = stage;
    }

    fn is_making(&self) -> bool {
        matches!(self.progress().stage, Stage::Making)
    }
}

/// All files since the program started.
#[derive(Debug, Default)]
pub(crate) struct Files {
    jobs: Mutex<Vec<Arc<Job>>>,
    at_work: TaskTracker,
}

impl Files {
    pub(crate) fn progress(&self, id: Uuid) -> Option<Progress> {
        self.find(id).map(|job| job.progress())
    }

    /// What is written of it is taken away; one that has ended stays as it is.
    pub(crate) fn cancel(&self, id: Uuid) -> Option<Progress> {
        let job = self.find(id)?;
        job.cancelled.cancel();
        Some(job.progress())
    }

    /// Gives up all that are being made. Their pages are asked for in the name of whoever is signed in, so none goes on in
    /// another's.
    pub(crate) fn cancel_all(&self) {
        for job in self.jobs.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            job.cancelled.cancel();
        }
    }

    /// Gives up all that are being made, and returns when what was written of them is gone.
    pub(crate) async fn stop(&self) {
        self.cancel_all();
        self.at_work.close();
        self.at_work.wait().await;
    }

    fn find(&self, id: Uuid) -> Option<Arc<Job>> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.iter().find(|job| job.id == id).map(Arc::clone)
    }

    /// A new one; none where this id is known.
    fn add(&self, id: Uuid) -> Result<Option<Arc<Job>>, ReportError> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if jobs.iter().any(|job| job.id == id) {
            return Ok(None);
        }
        if jobs.iter().filter(|job| job.is_making()).count() >= MOST_AT_ONCE {
            return Err(ReportError::Busy);
        }
        if jobs.len() >= MOST_KNOWN
            && let Some(oldest) = jobs.iter().position(|job| !job.is_making())
        {
            jobs.remove(oldest);
        }
        let (state, cancelled) = (Mutex::new((0, Stage::Making)), CancellationToken::new());
        let job = Arc::new(Job { id, state, cancelled });
        jobs.push(Arc::clone(&job));
        Ok(Some(job))
    }
}

/// Begins a file, once for each id.
pub(crate) fn start(till: &Arc<Till>, asked: Asked) -> Result<(), ReportError> {
    begin(&till.files, Arc::clone(till), asked)
}

fn begin<S: Source + Send + 'static>(files: &Files, source: Arc<S>, asked: Asked) -> Result<(), ReportError> {
    let Some(job) = files.add(asked.id)? else { return Ok(()) };
    files.at_work.spawn(async move {
        let stage = match make(&*source, &job, asked).await {
            Ok(Some(path)) => Stage::Done(path),
            Ok(None) => Stage::Cancelled,
            Err(error) => {
                tracing::warn!(%error, "a report did not become a file");
                Stage::Failed(Box::new(error.into()))
            }
        };
        job.end(stage);
    });
    Ok(())
}

/// Where a report comes from.
trait Source: Sync {
    fn page(&self, name: ReportName, query: &ReportQuery) -> impl Future<Output = Result<Report, SessionError>> + Send;

    /// Under whose brand they are.
    fn brand(&self) -> impl Future<Output = Result<Shown, SessionError>> + Send;
}

impl Source for Till {
    async fn page(&self, name: ReportName, query: &ReportQuery) -> Result<Report, SessionError> {
        super::page(self, name, query).await
    }

    async fn brand(&self) -> Result<Shown, SessionError> {
        Ok(brand::shown(self).await?)
    }
}

/// None where it was cancelled.
async fn make<S: Source>(source: &S, job: &Job, asked: Asked) -> Result<Option<PathBuf>, ReportError> {
    let Asked { id, name, days: (start_date, end_date), format, words, folder } = asked;
    let mut query = ReportQuery { start_date, end_date, after: None, limit: Some(PAGE) };
    let Some(first) = next(source, job, name, &query).await? else { return Ok(None) };
    // The next pages are of the same days, also when midnight passes meanwhile.
    if let Some(period) = &first.period {
        (query.start_date, query.end_date) = (Some(period.start_date.clone()), Some(period.end_date.clone()));
    }
    let head = Head::of(&first, source.brand().await?, words);
    let (sender, mut receiver) = mpsc::channel(AHEAD);
    let writing = task::spawn_blocking(move || file::write(&folder, id, format, &head, &mut receiver));
    let mut report = Some(first);
    let mut whole = Ok(true);
    while let Some(Report { rows, next: after, .. }) = report.take() {
        let count = rows.len();
        // Whoever writes has given up, and says below why.
        if sender.send(Piece::Rows(rows)).await.is_err() {
            break;
        }
        job.add(count);
        let Some(after) = after else { break };
        query.after = Some(after);
        match next(source, job, name, &query).await {
            Ok(Some(page)) => report = Some(page),
            Ok(None) => whole = Ok(false),
            Err(error) => whole = Err(error),
        }
    }
    if matches!(whole, Ok(true)) && !job.cancelled.is_cancelled() {
        let _ = sender.send(Piece::End).await;
    }
    drop(sender);
    let written = writing.await.map_err(|error| ReportError::BrokeOff(error.to_string()))?;
    // A line that broke is the reason for a file that was given up.
    whole?;
    written
}

/// A page; none where it was cancelled before it came.
async fn next<S: Source>(
    source: &S,
    job: &Job,
    name: ReportName,
    query: &ReportQuery,
) -> Result<Option<Report>, ReportError> {
    tokio::select! {
        biased;
        () = job.cancelled.cancelled() => Ok(None),
        page = source.page(name, query) => Ok(Some(page?)),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tokio::sync::Notify;

    use super::*;
    use crate::central::CentralError;
    use crate::reports::cells::tests::report;

    /// So many pages of three rows; one of them may never come.
    struct Pages {
        pages: usize,
        breaks_at: Option<usize>,
        cancels: Option<CancellationToken>,
    }

    impl Source for Pages {
        async fn page(&self, _name: ReportName, query: &ReportQuery) -> Result<Report, SessionError> {
            let at: usize = query.after.as_deref().map_or(0, |after| after.parse().expect("a page"));
            if self.breaks_at == Some(at) {
                return Err(CentralError::Unreachable("the line is cut".into()).into());
            }
            if let Some(cancelled) = self.cancels.as_ref().filter(|_| at == 2) {
                cancelled.cancel();
            }
            // What was widened to whole months by the first page is asked of the next ones.
            assert!(at == 0 || query.end_date.as_deref() == Some("2026-11-30"));
            Ok(Report { next: (at + 1 < self.pages).then(|| (at + 1).to_string()), ..report(3) })
        }

        async fn brand(&self) -> Result<Shown, SessionError> {
            Ok(Shown { name: "Example TV".to_owned(), ..Shown::default() })
        }
    }

    fn asked(folder: &Path, format: Format) -> Asked {
        let days = (Some("2026-11-20".to_owned()), Some("2026-11-21".to_owned()));
        let words = Words::default();
        Asked { id: Uuid::from_u128(9), name: ReportName::Payments, days, format, words, folder: folder.to_owned() }
    }

    fn left(folder: &Path) -> usize {
        std::fs::read_dir(folder).map_or(0, Iterator::count)
    }

    #[tokio::test]
    async fn pages_become_one_file_and_what_breaks_off_leaves_none() {
        let folder = tempfile::tempdir().expect("folder");
        let files = Files::default();
        for (at, format) in [Format::Csv, Format::Xlsx, Format::Pdf].into_iter().enumerate() {
            let job = files.add(Uuid::from_u128(at as u128)).expect("room").expect("new");
            let broken = Pages { pages: 4, breaks_at: Some(3), cancels: None };
            let failed = make(&broken, &job, asked(folder.path(), format)).await;
            assert!(matches!(failed, Err(ReportError::Session(_))), "{failed:?}");
            assert_eq!((left(folder.path()), job.progress().rows), (0, 9));
            job.end(Stage::Cancelled);
        }
        let job = files.add(Uuid::from_u128(10)).expect("room").expect("new");
        let cancelled = Pages { pages: 4, breaks_at: None, cancels: Some(job.cancelled.clone()) };
        let stopped = make(&cancelled, &job, asked(folder.path(), Format::Csv)).await;
        assert_eq!((stopped.expect("no failure"), left(folder.path())), (None, 0));

        let job = files.add(Uuid::from_u128(11)).expect("room").expect("new");
        let whole = Pages { pages: 4, breaks_at: None, cancels: None };
        let path = make(&whole, &job, asked(folder.path(), Format::Csv)).await.expect("made").expect("whole");
        let lines = std::fs::read_to_string(&path).expect("text");
        assert_eq!((lines.lines().count(), job.progress().rows, left(folder.path())), (13, 12, 1));
    }

    /// Its second page never comes.
    struct Endless(Notify);

    impl Source for Endless {
        async fn page(&self, _name: ReportName, query: &ReportQuery) -> Result<Report, SessionError> {
            if query.after.is_some() {
                self.0.notify_one();
                std::future::pending::<()>().await;
            }
            Ok(Report { next: Some("more".to_owned()), ..report(3) })
        }

        async fn brand(&self) -> Result<Shown, SessionError> {
            Ok(Shown::default())
        }
    }

    #[tokio::test]
    async fn a_program_that_ends_leaves_no_half_file() {
        let folder = tempfile::tempdir().expect("folder");
        let (files, source) = (Files::default(), Arc::new(Endless(Notify::new())));
        begin(&files, Arc::clone(&source), asked(folder.path(), Format::Csv)).expect("begun");
        source.0.notified().await;
        files.stop().await;
        let progress = files.progress(Uuid::from_u128(9)).expect("known");
        assert!(matches!(progress.stage, Stage::Cancelled), "{progress:?}");
        assert_eq!((progress.rows, left(folder.path())), (3, 0));
    }

    #[test]
    fn an_id_is_one_file_and_few_are_made_at_once() {
        let files = Files::default();
        let id = |n: usize| Uuid::from_u128(n as u128);
        for n in 0..MOST_AT_ONCE {
            assert!(files.add(id(n)).is_ok_and(|job| job.is_some()));
        }
        assert!(files.add(id(0)).is_ok_and(|job| job.is_none()));
        assert!(matches!(files.add(id(99)), Err(ReportError::Busy)));
        let first = files.find(id(0)).expect("known");
        first.add(500);
        assert!(files.cancel(id(0)).is_some_and(|progress| progress.rows == 500));
        assert!(first.cancelled.is_cancelled() && first.is_making());
        first.end(Stage::Cancelled);
        assert!(files.add(id(99)).is_ok_and(|job| job.is_some()));
        assert!(files.progress(id(1_000)).is_none());
    }

    #[test]
    fn the_oldest_that_ended_is_forgotten() {
        let files = Files::default();
        for n in 0..=MOST_KNOWN {
            let job = files.add(Uuid::from_u128(n as u128)).expect("room").expect("new");
            job.end(Stage::Cancelled);
        }
        assert!(files.progress(Uuid::from_u128(0)).is_none() && files.progress(Uuid::from_u128(1)).is_some());
    }
}
