//! The audit as a file, the operator's or a reseller's log: lines of CSV, read as they are sent.

use counterfoil_central_platform::csv;
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::subscription::zone;
use counterfoil_wire::audit::{AuditEntry, AuditQuery};
use futures_util::stream::{self, Stream, StreamExt as _};
use jiff::tz::TimeZone;

use super::list::{Search, entry};
use super::log::LogSearch;
use super::{Actor, NOTHING, record};
use crate::dialect::Conn;
use crate::engine::work::Work;
use crate::engine::{App, operators};

/// Lines read at a time.
const PART: i64 = 1_000;

/// Columns of both files; the operator's has the seal of each line around them.
const COLUMNS: [&str; 9] =
    ["time", "time_zone", "actor", "user", "action", "subject", "subject_id", "detail", "address"];

/// A file on its way.
pub(crate) struct AuditFile<S> {
    pub(crate) name: String,
    pub(crate) lines: S,
}

/// All lines that fit, or as many as `limit` says, the newest first. Who fetched them is audited before the first one leaves.
pub(crate) async fn file(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    query: &AuditQuery,
) -> Result<AuditFile<impl Stream<Item = Result<String, std::io::Error>> + Send + 'static>, Failure> {
    from_the_newest(query)?;
    let mut work = app.begin(operator).await?;
    let search = Search::of(work.conn(), operator, query).await?;
    begin(app, work, actor, query, Source::Operator(operator, search)).await
}

/// The same of a reseller's log.
pub(crate) async fn log_file(
    app: &App,
    operator: OperatorId,
    (scope, reseller): (&Scope, ResellerId),
    actor: &Actor,
    query: &AuditQuery,
) -> Result<AuditFile<impl Stream<Item = Result<String, std::io::Error>> + Send + 'static>, Failure> {
    from_the_newest(query)?;
    let mut work = app.begin(operator).await?;
    let search = LogSearch::of(work.conn(), scope, reseller, query).await?;
    begin(app, work, actor, query, Source::Reseller(search)).await
}

fn from_the_newest(query: &AuditQuery) -> Result<(), Failure> {
    if query.after.is_none() {
        return Ok(());
    }
    Err(Failure::validation(vec![field("after", "a file begins with the newest line: ask without it")]))
}

async fn begin(
    app: &App,
    mut work: Work,
    actor: &Actor,
    query: &AuditQuery,
    source: Source,
) -> Result<AuditFile<impl Stream<Item = Result<String, std::io::Error>> + Send + 'static>, Failure> {
    let operator = work.operator();
    let zone_name = operators::get(work.conn(), operator).await?.time_zone;
    record(&mut work, actor, "audit.export", None, NOTHING, Some(query)).await?;
    let now = work.now();
    work.commit().await?;
    let zone = zone(&zone_name).unwrap_or(TimeZone::UTC);
    let name = format!("{}-{}.csv", source.name(), written(now.0, &zone, "%Y-%m-%d-%H%M"));
    let head = source.head();
    let left = query.limit.map_or(i64::MAX, i64::from);
    let walk = Walk { app: app.clone(), source, left, zone, zone_name };
    let parts = stream::try_unfold(walk, |mut walk| async move { Ok(walk.part().await?.map(|text| (text, walk))) });
    Ok(AuditFile { name, lines: stream::iter([Ok(head)]).chain(parts) })
}

/// Whose lines.
enum Source {
    Operator(OperatorId, Search),
    Reseller(LogSearch),
}

impl Source {
    const fn name(&self) -> &'static str {
        match self {
            Self::Operator(..) => "audit",
            Self::Reseller(_) => "log",
        }
    }

    fn head(&self) -> String {
        match self {
            Self::Operator(..) => {
                csv::line(["seq"].into_iter().chain(COLUMNS).chain(["audit_id", "previous_hash", "hash"]))
            }
            Self::Reseller(_) => csv::line(COLUMNS),
        }
    }

    async fn next(&mut self, conn: &mut Conn, rows: i64) -> Result<Vec<AuditEntry>, Failure> {
        match self {
            Self::Operator(operator, search) => {
                let operator = *operator;
                Ok(search.next(conn, rows).await?.into_iter().map(|row| entry(operator, row)).collect())
            }
            Self::Reseller(search) => search.next(conn, rows).await,
        }
    }

    /// The columns with what stands around them.
    fn line(&self, entry: &AuditEntry, columns: [String; 9]) -> String {
        if matches!(self, Self::Reseller(_)) {
            return csv::line(columns);
        }
        let seal = entry.seal.as_ref();
        let seq = seal.map(|seal| seal.seq.to_string()).unwrap_or_default();
        let previous = seal.map(|seal| seal.previous_hash.clone()).unwrap_or_default();
        let hash = seal.map(|seal| seal.hash.clone()).unwrap_or_default();
        csv::line([seq].into_iter().chain(columns).chain([entry.audit_id.to_string(), previous, hash]))
    }
}

struct Walk {
    app: App,
    source: Source,
    /// Lines that may still follow.
    left: i64,
    zone: TimeZone,
    zone_name: String,
}

impl Walk {
    /// The next lines; none at the end. An answer that was begun can only break off.
    async fn part(&mut self) -> Result<Option<String>, std::io::Error> {
        self.read().await.map_err(|failure| {
            failure.log();
            std::io::Error::other("the audit could not be read")
        })
    }

    async fn read(&mut self) -> Result<Option<String>, Failure> {
        let mut reader = self.app.reader().await?;
        let entries = self.source.next(&mut reader, PART.min(self.left)).await?;
        drop(reader);
        self.left -= i64::try_from(entries.len()).unwrap_or(i64::MAX);
        if entries.is_empty() {
            return Ok(None);
        }
        Ok(Some(entries.iter().map(|entry| self.line(entry)).collect()))
    }

    fn line(&self, entry: &AuditEntry) -> String {
        let columns = [
            written(entry.at.0, &self.zone, "%Y-%m-%d %H:%M:%S"),
            self.zone_name.clone(),
            entry.actor.clone(),
            csv::text(entry.actor_name.as_deref().unwrap_or_default()),
            csv::text(&entry.action),
            csv::text(entry.subject_name.as_deref().unwrap_or_default()),
            entry.subject_id.map(|id| id.to_string()).unwrap_or_default(),
            csv::text(&entry.detail),
            csv::text(&entry.address),
        ];
        self.source.line(entry, columns)
    }
}

fn written(at: i64, zone: &TimeZone, form: &str) -> String {
    jiff::Timestamp::from_millisecond(at)
        .map(|moment| moment.to_zoned(zone.clone()).strftime(form).to_string())
        .unwrap_or_default()
}
