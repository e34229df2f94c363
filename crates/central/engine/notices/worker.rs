//! Who sends: every process of a Central that has a mail server. A notice is claimed in a committed transaction before it is
//! sent, so that two do not send the same; a claim that nobody ended is somebody else's after a while.

use std::sync::Arc;
use std::time::Duration;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::mail::{Connection, Mail, Mailer, Trouble};
use counterfoil_domain::ids::{JobId, NoticeId, OperatorId};
use counterfoil_domain::notice::{NoticeKind, NoticeState, fill, pause_after};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::live::News;
use uuid::Uuid;

use super::repo::{self, Claimed, Outcome};
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::device::STAFF_ONLY;
use crate::engine::market::told;
use crate::engine::operators;

/// Mails of one connection.
const TOGETHER: i64 = 50;
/// Longer than one mail may take (`mail::LONGEST`), so that nobody else takes what is being sent.
const CLAIM_MS: i64 = 5 * 60_000;
/// What another process wrote, and what waits for its time, is found after this long.
const PAUSE: Duration = Duration::from_secs(5);
/// Mails of one transaction: sales wait behind it where there is one writer.
const FORGOTTEN_TOGETHER: i64 = 500;
/// What waits longer would surprise its reader.
const OLDEST_DAYS: i64 = 3;

/// Sends whatever is due, over and over, until the task is dropped. Ends at once where mail is not set up.
pub async fn run(app: App) {
    while app.mailer().is_some() {
        let woken = app.notices_wake().notified();
        if run_once(&app).await == 0 {
            let _ = tokio::time::timeout(PAUSE, woken).await;
        }
    }
}

/// What is due now; says how many mails have ended, sent or not.
pub async fn run_once(app: &App) -> u32 {
    let Some(mailer) = app.mailer().cloned() else { return 0 };
    match due(app, &mailer).await {
        Ok(ended) => ended,
        Err(failure) => {
            tracing::warn!("sending of mail failed and goes on later");
            failure.log();
            0
        }
    }
}

async fn due(app: &App, mailer: &Arc<Mailer>) -> Result<u32, Failure> {
    let due = repo::due(&mut *app.reader().await?, app.now(), TOGETHER).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let connection = match mailer.connection() {
        Ok(connection) => connection,
        Err(trouble) => {
            tracing::warn!("mail cannot be sent: {}", trouble.words());
            return Ok(0);
        }
    };
    let ended = all(app, &connection, &due).await;
    connection.close().await;
    ended
}

async fn all(app: &App, connection: &Connection<'_>, due: &[Uuid]) -> Result<u32, Failure> {
    let mut ended = 0;
    for id in due {
        let Some(held) = claim(app, *id).await? else { continue };
        let sent = connection.send(&held.mail()).await;
        let unreachable = matches!(sent, Err(Trouble::Unreachable(_)));
        mark(app, &held, sent).await?;
        // The others would fail the same way, and each try counts.
        if unreachable {
            break;
        }
        ended += 1;
    }
    Ok(ended)
}

/// A notice that nobody else sends now.
pub(crate) struct Held {
    notice: Claimed,
    claim: Uuid,
}

impl Held {
    pub(crate) fn mail(&self) -> Mail {
        Mail {
            id: NoticeId(self.notice.id),
            to: self.notice.recipient.clone(),
            subject: self.notice.subject.clone(),
            text: self.notice.body.clone(),
            at: Timestamp(self.notice.created_at),
        }
    }
}

/// None when somebody else was first.
pub(crate) async fn claim(app: &App, id: Uuid) -> Result<Option<Held>, Failure> {
    let mut tx = app.transaction().await?;
    let now = app.now();
    let claim = mint::<JobId>(now).0;
    let held = match repo::claim(&mut tx, id, claim, now, now.plus_ms(CLAIM_MS)).await? {
        Some(notice) => Some(Held { notice: with_link(app, &mut tx, notice).await?, claim }),
        None => None,
    };
    tx.commit().await?;
    Ok(held)
}

/// Puts in what is kept nowhere: the address of a page that opens without a sign-in.
async fn with_link(app: &App, conn: &mut Conn, mut notice: Claimed) -> Result<Claimed, Failure> {
    if !NoticeKind::from_stored(&notice.kind).is_some_and(NoticeKind::has_link) {
        return Ok(notice);
    }
    let operator = operators::get(conn, OperatorId(notice.operator_id)).await?;
    let server = app.mailer().and_then(|mailer| operator.address(mailer));
    if let Some(link) = told::link(app, server, &notice.source_event) {
        let values = [("link", link.as_str())];
        (notice.subject, notice.body) = (fill(&notice.subject, &values), fill(&notice.body, &values));
    }
    Ok(notice)
}

/// Notes what a try came to. Who lost its claim meanwhile notes nothing.
pub(crate) async fn mark(app: &App, held: &Held, sent: Result<(), Trouble>) -> Result<(), Failure> {
    let now = app.now();
    let attempts = u32::try_from(held.notice.attempts).unwrap_or(u32::MAX);
    let (state, pause, trouble) = match sent {
        Ok(()) => (NoticeState::Sent, 0, None),
        Err(Trouble::Refused(words)) => (NoticeState::Failed, 0, Some(words)),
        Err(trouble) => {
            let reached = !matches!(trouble, Trouble::Unreachable(_));
            (NoticeState::Queued, pause_after(attempts, reached), Some(trouble.into_words()))
        }
    };
    let outcome = Outcome {
        state,
        next_attempt_at: now.plus_ms(pause),
        sent_at: (state == NoticeState::Sent).then_some(now),
        trouble: trouble.as_deref(),
    };
    let mut work = app.begin(OperatorId(held.notice.operator_id)).await?;
    let ended = repo::end(work.conn(), held.notice.id, held.claim, &outcome).await?;
    work.ring(News::Notices, STAFF_ONLY);
    work.commit().await?;
    if !ended {
        tracing::warn!(notice = %held.notice.id, "another process had taken this mail over: it may be sent twice");
    }
    Ok(())
}

/// Nothing waits for ever, whether or not there is a mail server; says how many were given up.
pub(crate) async fn give_up_old(app: &App) -> Result<u32, Failure> {
    let why = format!("It could not be sent for {OLDEST_DAYS} days.");
    let (now, mut tx) = (app.now(), app.transaction().await?);
    let given_up = repo::give_up_before(&mut tx, now.plus_days(-OLDEST_DAYS), now, &why).await?;
    tx.commit().await?;
    Ok(u32::try_from(given_up).unwrap_or(u32::MAX))
}

/// Mails that were sent are kept for as long as this Central is set to, and no longer; says how many went. A part at a time:
/// whoever asks goes on while a part was not empty.
pub(crate) async fn forget_sent(app: &App) -> Result<u32, Failure> {
    let before = app.now().plus_days(-i64::from(app.mail_kept_days()));
    let mut tx = app.transaction().await?;
    let gone = repo::ending::forget_sent(&mut tx, before, FORGOTTEN_TOGETHER).await?;
    tx.commit().await?;
    Ok(u32::try_from(gone).unwrap_or(u32::MAX))
}
