//! The audit as a file: lines of CSV, read as they are sent.

use counterfoil_central_platform::csv;
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::subscription::zone;
use counterfoil_wire::audit::{AuditEntry, AuditQuery};
use futures_util::stream::{self, Stream, StreamExt as _};
use jiff::tz::TimeZone;

use super::list::{Search, entry};
use super::{Actor, NOTHING, record};
use crate::engine::{App, operators};

/// Lines read at a time.
const PART: i64 = 1_000;

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
    if query.after.is_some() {
        return Err(Failure::validation(vec![field("after", "a file begins with the newest line: ask without it")]));
    }
    let mut work = app.begin(operator).await?;
    let search = Search::of(work.conn(), operator, query).await?;
    let zone_name = operators::get(work.conn(), operator).await?.time_zone;
    record(&mut work, actor, "audit.export", None, NOTHING, Some(query)).await?;
    let now = work.now();
    work.commit().await?;
    let zone = zone(&zone_name).unwrap_or(TimeZone::UTC);
    let name = format!("audit-{}.csv", written(now.0, &zone, "%Y-%m-%d-%H%M"));
    let head = csv::line([
        "seq",
        "time",
        "time_zone",
        "actor",
        "user",
        "action",
        "subject",
        "subject_id",
        "detail",
        "address",
        "audit_id",
        "previous_hash",
        "hash",
    ]);
    let left = query.limit.map_or(i64::MAX, i64::from);
    let walk = Walk { app: app.clone(), operator, search, left, zone, zone_name };
    let parts = stream::try_unfold(walk, |mut walk| async move { Ok(walk.part().await?.map(|text| (text, walk))) });
    Ok(AuditFile { name, lines: stream::iter([Ok(head)]).chain(parts) })
}

struct Walk {
    app: App,
    operator: OperatorId,
    search: Search,
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
        let rows = self.search.next(&mut reader, PART.min(self.left)).await?;
        drop(reader);
        self.left -= i64::try_from(rows.len()).unwrap_or(i64::MAX);
        if rows.is_empty() {
            return Ok(None);
        }
        Ok(Some(rows.into_iter().map(|row| self.line(&entry(self.operator, row))).collect()))
    }

    fn line(&self, entry: &AuditEntry) -> String {
        let at = written(entry.at.0, &self.zone, "%Y-%m-%d %H:%M:%S");
        let seal = entry.seal.as_ref();
        let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        csv::line([
            seal.map(|seal| seal.seq.to_string()).unwrap_or_default(),
            at,
            self.zone_name.clone(),
            entry.actor.clone(),
            csv::text(entry.actor_name.as_deref().unwrap_or_default()),
            csv::text(&entry.action),
            csv::text(entry.subject_name.as_deref().unwrap_or_default()),
            id(entry.subject_id),
            csv::text(&entry.detail),
            csv::text(&entry.address),
            entry.audit_id.to_string(),
            seal.map(|seal| seal.previous_hash.clone()).unwrap_or_default(),
            seal.map(|seal| seal.hash.clone()).unwrap_or_default(),
        ])
    }
}

fn written(at: i64, zone: &TimeZone, form: &str) -> String {
    jiff::Timestamp::from_millisecond(at)
        .map(|moment| moment.to_zoned(zone.clone()).strftime(form).to_string())
        .unwrap_or_default()
}
