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
use crate::engine::candidate;
use crate::engine::code::{CodeRecord, Family};
use crate::engine::operators;
use crate::engine::stored::stored_number;

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

/// The codes of a lot that can still be used, sold or held, or that the operator keeps. Who has them is audited before
/// the first one leaves.
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
        if self.lot.reseller_id.is_none() {
            let to = self.to.min(self.next + PART - 1);
            let (from, last) = (self.number(self.next)?, self.number(to)?);
            let kept = candidate::numbers(&mut reader, self.lot.lot_id, 0, from, last).await?;
            drop(reader);
            return self.kept(&kept, to);
        }
        let codes = repo::codes(&mut reader, self.lot.lot_id, self.next, self.to, PART).await?;
        drop(reader);
        let Some(last) = codes.last() else { return Ok(None) };
        self.next = last.seq + 1;
        let family = Family::open(self.app.keys(), &self.lot.source())?;
        let mut text = String::new();
        for code in &codes {
            if matches!(code.state()?, CodeState::Sold | CodeState::Held) {
                text.push_str(&self.line(&family, (code.serial.as_str(), code.slot()?, code.seq()?), Terms::of(code)));
            }
        }
        Ok(Some(text))
    }

    fn number(&self, seq: i64) -> Result<u32, Failure> {
        stored_number(seq, "candidate", "seq", self.lot.lot_id)
    }

    /// The numbers that the operator still keeps have no rows: their terms are the lot's.
    fn kept(&mut self, numbers: &[i64], to: i64) -> Result<Option<String>, Failure> {
        if self.next > self.to {
            return Ok(None);
        }
        self.next = to + 1;
        let family = Family::open(self.app.keys(), &self.lot.source())?;
        let LotRecord { plan_name, term_days, redeem_by, .. } = &self.lot;
        let mut text = String::new();
        for seq in numbers {
            let seq = self.number(*seq)?;
            let terms = Terms { plan_name, term_days: *term_days, redeem_by: *redeem_by };
            text.push_str(&self.line(&family, (&serial(self.lot.number, seq), 0, seq), terms));
        }
        Ok(Some(text))
    }

    fn line(&self, family: &Family, (serial, slot, seq): (&str, u8, u32), terms: Terms<'_>) -> String {
        let whole = family.code(slot, seq).reveal();
        let (term, until) = (terms.term_days.to_string(), at(Timestamp(terms.redeem_by), &self.zone));
        let plan = csv::text(terms.plan_name);
        csv::line([serial, whole.as_str(), plan.as_str(), term.as_str(), until.as_str(), self.zone_name.as_str()])
    }
}

/// What is printed beside a code.
#[derive(Clone, Copy)]
struct Terms<'a> {
    plan_name: &'a str,
    term_days: i64,
    redeem_by: i64,
}

impl<'a> Terms<'a> {
    fn of(code: &'a CodeRecord) -> Self {
        Self { plan_name: &code.plan_name, term_days: code.term_days, redeem_by: code.redeem_by }
    }
}

/// `2027-11-21 01:00`
fn at(moment: Timestamp, zone: &TimeZone) -> String {
    jiff::Timestamp::from_millisecond(moment.0)
        .map(|moment| moment.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}
