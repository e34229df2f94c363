//! In which words notices are written: as they are built in, or as an operator wants them.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::notice::{NoticeKind, unknown_in};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::notices::{NoticePreview, NoticeTemplate, NoticeWords, SaveNoticeTemplate};
use counterfoil_wire::problem::{Code, FieldProblem};

use super::words::{ENGLISH, INVENTED, Words, built_in};
use super::{put_in, repo};
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::{self, Actor};
use crate::engine::stored::stored_number;

const LONGEST_SUBJECT: usize = 150;
const LONGEST_TEXT: usize = 4_000;

/// All of them.
pub(crate) async fn list(conn: &mut Conn, operator: OperatorId) -> Result<Vec<NoticeTemplate>, Failure> {
    let mut all = Vec::with_capacity(NoticeKind::ALL.len());
    for kind in NoticeKind::ALL {
        all.push(read(conn, operator, kind).await?);
    }
    Ok(all)
}

pub(super) async fn in_force(conn: &mut Conn, operator: OperatorId, kind: NoticeKind) -> Result<Words, Failure> {
    let known = repo::template(conn, operator, kind, ENGLISH).await?;
    let own = known.and_then(|row| row.subject.zip(row.body));
    Ok(own.map_or_else(|| built_in(kind), |(subject, text)| Words { subject, text }))
}

async fn read(conn: &mut Conn, operator: OperatorId, kind: NoticeKind) -> Result<NoticeTemplate, Failure> {
    let row = repo::template(conn, operator, kind, ENGLISH).await?;
    let (version, changed_at) = match &row {
        Some(row) => {
            let place = format!("{operator}/{}", kind.as_str());
            (stored_number(row.revision, "notice_template", "revision", &place)?, Some(Timestamp(row.changed_at)))
        }
        None => (0, None),
    };
    let own = row.and_then(|row| row.subject.zip(row.body));
    let is_built_in = own.is_none();
    let Words { subject, text } = own.map_or_else(|| built_in(kind), |(subject, text)| Words { subject, text });
    Ok(NoticeTemplate {
        kind,
        language: ENGLISH.to_owned(),
        version,
        built_in: is_built_in,
        subject,
        text,
        placeholders: kind.placeholders().iter().map(|&name| name.to_owned()).collect(),
        changed_at,
    })
}

/// Changes the words as they were read, or puts the built-in ones back. Mail that waits keeps its words.
pub(crate) async fn save(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    kind: NoticeKind,
    asked: &SaveNoticeTemplate,
) -> Result<NoticeTemplate, Failure> {
    let words = asked.words.as_ref().map(|words| check(kind, words)).transpose()?;
    let mut work = app.begin(operator).await?;
    let before = read(work.conn(), operator, kind).await?;
    let now = work.now();
    if !repo::save_template(work.conn(), operator, (kind, ENGLISH), asked.version, words.as_ref(), now).await? {
        let version = before.version;
        let detail =
            format!("Somebody changed these words meanwhile: now at version {version}. Read again what they are.");
        return Err(Failure::new(Code::Conflict, detail));
    }
    let after = read(work.conn(), operator, kind).await?;
    audit::record(&mut work, actor, "notice_template.edit", None, Some(&before), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

/// As somebody would read them, with invented values; refused as they would be when they are saved.
pub(crate) fn preview(kind: NoticeKind, asked: &NoticeWords) -> Result<NoticePreview, Failure> {
    let Words { subject, text } = put_in(&check(kind, asked)?, &INVENTED);
    Ok(NoticePreview { subject, text })
}

fn check(kind: NoticeKind, asked: &NoticeWords) -> Result<Words, Failure> {
    let subject = asked.subject.trim().to_owned();
    let text = format!("{}\n", asked.text.replace("\r\n", "\n").trim_end());
    let wrong: Vec<FieldProblem> =
        [wrong_subject(&subject), wrong_text(&text), unknown(kind, "subject", &subject), unknown(kind, "text", &text)]
            .into_iter()
            .flatten()
            .collect();
    if wrong.is_empty() { Ok(Words { subject, text }) } else { Err(Failure::validation(wrong)) }
}

fn wrong_subject(subject: &str) -> Option<FieldProblem> {
    let fits = (1..=LONGEST_SUBJECT).contains(&subject.chars().count()) && !subject.chars().any(char::is_control);
    (!fits).then(|| field("subject", format!("1 to {LONGEST_SUBJECT} characters, on one line")))
}

fn wrong_text(text: &str) -> Option<FieldProblem> {
    let characters = text.trim().chars().count();
    let fits = (1..=LONGEST_TEXT).contains(&characters) && !text.chars().any(|c| c.is_control() && c != '\n');
    (!fits).then(|| field("text", format!("1 to {LONGEST_TEXT} characters")))
}

fn unknown(kind: NoticeKind, name: &str, words: &str) -> Option<FieldProblem> {
    let unknown = unknown_in(words, kind.placeholders())?;
    let known: Vec<String> = kind.placeholders().iter().map(|known| format!("{{{known}}}")).collect();
    let shown: String = unknown.chars().take(40).collect();
    Some(field(name, format!("there is no {{{shown}}} here; there is {}", known.join(", "))))
}
