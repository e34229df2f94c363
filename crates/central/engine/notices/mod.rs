//! Notices by e-mail. One is written in the transaction of what it tells of, in the words of that moment, and sent by
//! whoever gets to it ([`worker`]).
//!
//! **At least once**: a mail is marked as sent after the mail server took it. A Central that ends between the two sends it
//! again, under the same `Message-ID`.
//!
//! Without a mail server nothing is written: what happened before mail was set up is told to nobody.

mod choices;
mod customers;
mod digest;
mod ending;
mod low;
mod repo;
mod templates;
mod words;
mod worker;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::mail::Mail;
use counterfoil_domain::ids::{NoticeId, OperatorId, ResellerId, StaffId};
use counterfoil_domain::notice::{NoticeKind, NoticeState, fill};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::live::News;
use counterfoil_wire::notices::{MailSetup, Notice, TestMail, TestedMail};
use counterfoil_wire::problem::Code;
use serde_json::json;
use uuid::Uuid;

pub(crate) use choices::{choices, save as save_choices};
pub(crate) use customers::{ToCustomer, tell_customer};
pub(crate) use digest::tell_shops_of_ending;
pub(crate) use ending::tell_of_ending;
pub(crate) use low::look_for_low_credit;
pub(crate) use templates::{list as templates, preview, save as save_template};
#[cfg(test)]
pub(crate) use worker::{claim, mark};
pub(crate) use worker::{forget_sent, give_up_old};
pub use worker::{run as run_notices, run_once as run_notices_once};

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::device::STAFF_ONLY;
use super::operators;
use super::rate::{self, Limit};
use super::resellers;
use super::stored::{stored, stored_number};
use super::work::Work;
use crate::dialect::Conn;
use words::{ENGLISH, Words};

/// A test mail goes past the queue, so it must not be a way to fill somebody's mailbox.
const TESTS: Limit = Limit { hits: 10, window_ms: 3_600_000 };

/// A subject is cut here: names may be long.
const LONGEST_SUBJECT: usize = 200;

/// What is to be told.
pub(crate) struct New<'a> {
    pub(crate) kind: NoticeKind,
    /// One event makes one mail.
    pub(crate) event: String,
    pub(crate) to: &'a str,
    /// Whose choices count; none for somebody who applies, and for the customer of an order.
    pub(crate) reseller: Option<ResellerId>,
    /// Without the operator and the server's address, which every notice knows.
    pub(crate) values: &'a [(&'a str, &'a str)],
}

/// Puts a notice into the queue, in the transaction of what it tells of. Nothing, when mail is not set up, when the
/// reseller does without this kind, or when the event was told before.
pub(crate) async fn write(work: &mut Work, new: &New<'_>) -> Result<(), Failure> {
    let Some(mailer) = work.mailer().cloned() else { return Ok(()) };
    let (operator, now) = (work.operator(), work.now());
    if let Some(reseller) = new.reseller
        && new.kind.may_be_switched_off()
        && repo::is_off(work.conn(), reseller, new.kind).await?
    {
        return Ok(());
    }
    let from = operators::get(work.conn(), operator).await?;
    let ask = format!("the address that {} gives you", from.name);
    let server = from.address(&mailer).unwrap_or(&ask);
    let Words { subject, text } = render(work.conn(), operator, new.kind, new.values, server).await?;
    let row = repo::New {
        id: mint(now),
        event: &new.event,
        kind: new.kind,
        recipient: new.to,
        reseller: new.reseller,
        language: ENGLISH,
        subject: &subject,
        body: &text,
    };
    if repo::insert(work.conn(), operator, &row, now).await? {
        work.wake_notices();
        work.ring(News::Notices, STAFF_ONLY);
    }
    Ok(())
}

/// To a reseller, under the address it has now.
pub(crate) async fn tell_reseller(
    work: &mut Work,
    kind: NoticeKind,
    event: String,
    reseller: ResellerId,
    values: &[(&str, &str)],
) -> Result<(), Failure> {
    if work.mailer().is_none() {
        return Ok(());
    }
    let operator = work.operator();
    let known = resellers::get(work.conn(), operator, &Scope::Operator, reseller).await?;
    let mut all = vec![("company", known.company.as_str())];
    all.extend_from_slice(values);
    write(work, &New { kind, event, to: &known.email, reseller: Some(reseller), values: &all }).await
}

/// What one of many was told; none for one whose rows are damaged, so that the others are told all the same. A database that is
/// away says nothing about anybody: then all are told later.
fn told_or_passed_over<T>(told: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match told {
        Ok(told) => Ok(Some(told)),
        Err(failure) if failure.code() == Code::Unavailable => Err(failure),
        Err(failure) => {
            failure.log();
            Ok(None)
        }
    }
}

/// The words in force with these values in them.
async fn render(
    conn: &mut Conn,
    operator: OperatorId,
    kind: NoticeKind,
    values: &[(&str, &str)],
    server: &str,
) -> Result<Words, Failure> {
    let from = operators::get(conn, operator).await?.name;
    let words = templates::in_force(conn, operator, kind).await?;
    let mut all = vec![("operator", from.as_str()), ("server", server)];
    all.extend_from_slice(values);
    Ok(put_in(&words, &all))
}

fn put_in(words: &Words, values: &[(&str, &str)]) -> Words {
    Words { subject: one_line(&fill(&words.subject, values)), text: plain(&fill(&words.text, values)) }
}

/// What a person entered may have a line break in it, and a subject has none.
fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_SUBJECT).collect();
    plain.trim().to_owned()
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}

/// A letter that is shown to be copied, and what became of it as a mail.
pub(crate) struct Letter {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) mailed: Option<Notice>,
}

/// As it was sent, or as it would be written now.
pub(crate) async fn letter(
    conn: &mut Conn,
    operator: OperatorId,
    new: &New<'_>,
    server: &str,
) -> Result<Letter, Failure> {
    if let Some(row) = repo::of_event(conn, operator, &new.event).await? {
        let sent = view(row)?;
        let Notice { to, subject, text, .. } = sent.clone();
        return Ok(Letter { to, subject, text, mailed: Some(sent) });
    }
    let Words { subject, text } = render(conn, operator, new.kind, new.values, server).await?;
    Ok(Letter { to: new.to.to_owned(), subject, text, mailed: None })
}

/// The newest first.
pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    state: Option<NoticeState>,
    before: (i64, Uuid),
    limit: i64,
) -> Result<Vec<Notice>, Failure> {
    repo::list(conn, operator, state, before, limit + 1).await?.into_iter().map(view).collect()
}

async fn get(conn: &mut Conn, operator: OperatorId, id: NoticeId) -> Result<Notice, Failure> {
    view(repo::by_id(conn, operator, id).await?.ok_or_else(|| Failure::not_found("notice"))?)
}

fn view(row: repo::Row) -> Result<Notice, Failure> {
    let id = row.id;
    let state = stored(NoticeState::from_stored(&row.state), "notice", "state", id)?;
    Ok(Notice {
        notice_id: NoticeId(id),
        kind: stored(NoticeKind::from_stored(&row.kind), "notice", "kind", id)?,
        state,
        to: row.recipient,
        reseller_id: row.reseller_id.map(ResellerId),
        subject: row.subject,
        text: row.body,
        created_at: Timestamp(row.created_at),
        attempts: stored_number(row.attempts, "notice", "attempts", id)?,
        next_attempt_at: (state == NoticeState::Queued).then_some(Timestamp(row.next_attempt_at)),
        sent_at: row.sent_at.map(Timestamp),
        trouble: row.trouble,
    })
}

/// Puts one back into the queue that is not tried any more.
pub(crate) async fn send_again(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    id: NoticeId,
) -> Result<Notice, Failure> {
    let mut work = app.begin(operator).await?;
    let before = get(work.conn(), operator, id).await?;
    if work.mailer().is_none() {
        return Err(Failure::new(Code::WrongState, "Mail is not set up: nothing could send it."));
    }
    let now = work.now();
    if !repo::queue_again(work.conn(), operator, id, now).await? {
        let now_is = get(work.conn(), operator, id).await?;
        let detail = match now_is.state {
            NoticeState::Sent => "This mail was sent already.",
            NoticeState::Queued | NoticeState::Sending => "This mail waits to be sent already.",
            NoticeState::Failed | NoticeState::GivenUp => "This mail changed at the same moment. Try again.",
        };
        return Err(Failure::new(Code::WrongState, detail));
    }
    let after = get(work.conn(), operator, id).await?;
    let told = |notice: &Notice| json!({ "state": notice.state, "kind": notice.kind, "trouble": notice.trouble });
    audit::record(&mut work, actor, "notice.send_again", Some(id.0), Some(&told(&before)), Some(&told(&after))).await?;
    work.wake_notices();
    work.commit().await?;
    Ok(after)
}

/// Whether mail goes, through whom, and what waits.
pub(crate) async fn setup(app: &App, operator: OperatorId) -> Result<MailSetup, Failure> {
    let mut reader = app.reader().await?;
    let queued = repo::count(&mut reader, operator, [NoticeState::Queued, NoticeState::Sending]).await?;
    let failed = repo::count(&mut reader, operator, [NoticeState::Failed, NoticeState::GivenUp]).await?;
    Ok(MailSetup {
        server: app.mailer().map(|mailer| mailer.shown()),
        queued: stored_number(queued, "notice", "state", operator)?,
        failed: stored_number(failed, "notice", "state", operator)?,
    })
}

/// Sends a mail now, so that who sets mail up sees at once what is wrong.
pub(crate) async fn test(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    asked: &TestMail,
) -> Result<TestedMail, Failure> {
    let to = asked.to.trim();
    if let Some(wrong) = resellers::email(to) {
        return Err(Failure::validation(vec![field("to", wrong.message)]));
    }
    let Some(mailer) = app.mailer() else {
        return Err(Failure::new(
            Code::WrongState,
            "Mail is not set up. Central's operator sets it where Central runs.",
        ));
    };
    let mut work = app.begin(operator).await?;
    let (bucket, now) = (format!("mail-test/{staff}"), work.now());
    rate::take(work.conn(), &bucket, TESTS, now).await?;
    let from = operators::get(work.conn(), operator).await?.name;
    audit::record(&mut work, actor, "mail.test", None, NOTHING, Some(&json!({ "to": to }))).await?;
    work.commit().await?;
    let mail = Mail {
        id: mint(now),
        to: to.to_owned(),
        subject: one_line(&format!("{from}: a test")),
        text: format!("This mail shows that {from} can send mail through Counterfoil.\n"),
        at: now,
    };
    let sent = match mailer.connection() {
        Ok(connection) => {
            let sent = connection.send(&mail).await;
            connection.close().await;
            sent
        }
        Err(trouble) => Err(trouble),
    };
    Ok(TestedMail { trouble: sent.err().map(|trouble| trouble.words().to_owned()) })
}
