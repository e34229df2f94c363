//! The codes of a lot for a printer: lines of CSV, read and derived as they are sent.

use counterfoil_central_platform::csv;
use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::{LotId, OperatorId};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::subscription::zone;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::lots::FileQuery;
use futures_util::stream::{self, Stream, StreamExt as _};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::change::range;
use super::make::serial;
use super::record::LotRecord;
use super::repo;
use crate::engine::App;
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::code::{CodeRecord, Family};
use crate::engine::operators;

/// Codes read at a time.
const PART: i64 = 1_000;

#[derive(Serialize)]
struct Printed {
    from: String,
    to: String,
}

/// A file on its way.
pub(crate) struct PrintFile<S> {
    pub(crate) name: String,
    pub(crate) lines: S,
}

/// The codes of a lot that can still be used, sold or held. Who has them is audited before the first one leaves.
pub(crate) async fn print_file(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    id: LotId,
    query: &FileQuery,
) -> Result<PrintFile<impl Stream<Item = Result<String, std::io::Error>> + Send + 'static>, Failure> {
    let mut work = app.begin(operator).await?;
    let lot = repo::by_id(work.conn(), operator, &Scope::Operator, id).await?;
    let lot = lot.ok_or_else(|| Failure::not_found("lot"))?;
    let (from, to) = range(&lot, query.seq_from, query.seq_to)?;
    let zone_name = operators::get(work.conn(), operator).await?.time_zone;
    let printed = Printed { from: serial(lot.number, from), to: serial(lot.number, to) };
    audit::record(&mut work, actor, "lot.print_file", Some(id.0), NOTHING, Some(&printed)).await?;
    work.commit().await?;
    let zone = zone(&zone_name).unwrap_or(TimeZone::UTC);
    let name = format!("lot-{}-to-{to:04}.csv", printed.from);
    let head = csv::line(["serial", "code", "plan", "term_days", "redeem_by", "time_zone"]);
    let walk = Walk { app: app.clone(), lot, zone, zone_name, next: i64::from(from), to: i64::from(to) };
    let parts = stream::try_unfold(walk, |mut walk| async move { Ok(walk.part().await?.map(|text| (text, walk))) });
    Ok(PrintFile { name, lines: stream::iter([Ok(head)]).chain(parts) })
}

struct Walk {
    app: App,
    lot: LotRecord,
    zone: TimeZone,
    zone_name: String,
    next: i64,
    to: i64,
}

impl Walk {
    /// The next lines; none at the end. An answer that was begun can only break off.
    async fn part(&mut self) -> Result<Option<String>, std::io::Error> {
        self.read().await.map_err(|failure| {
            failure.log();
            std::io::Error::other("the codes could not be read")
        })
    }

    async fn read(&mut self) -> Result<Option<String>, Failure> {
        let mut reader = self.app.reader().await?;
        let codes = repo::codes(&mut reader, self.lot.lot_id, self.next, self.to, PART).await?;
        drop(reader);
        let Some(last) = codes.last() else { return Ok(None) };
        self.next = last.seq + 1;
        let family = Family::open(self.app.keys(), &self.lot.source())?;
        let mut text = String::new();
        for code in &codes {
            if matches!(code.state()?, CodeState::Sold | CodeState::Held) {
                text.push_str(&self.line(&family, code)?);
            }
        }
        Ok(Some(text))
    }

    fn line(&self, family: &Family, code: &CodeRecord) -> Result<String, Failure> {
        let whole = family.code(code.slot()?, code.seq()?).reveal();
        let (term, until) = (code.term_days.to_string(), at(Timestamp(code.redeem_by), &self.zone));
        Ok(csv::line([&code.serial, &whole, &csv::text(&code.plan_name), &term, &until, &self.zone_name]))
    }
}

/// `2027-11-21 01:00`
fn at(moment: Timestamp, zone: &TimeZone) -> String {
    jiff::Timestamp::from_millisecond(moment.0)
        .map(|moment| moment.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}
