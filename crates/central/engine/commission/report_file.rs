//! The lines of a report for a spreadsheet: CSV, read as it is sent.

use counterfoil_central_platform::csv;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::in_words;
use counterfoil_domain::commission::RateBasis;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::subscription::zone;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::commission::Earning;
use futures_util::stream::{self, Stream, StreamExt as _};
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::earnings;
use super::repo::earnings as repo;
use super::report::Period;
use crate::engine::App;
use crate::engine::operators;

/// Lines read at a time.
const PART: i64 = 500;

const HEAD: [&str; 15] = [
    "sold_at",
    "time_zone",
    "seller",
    "account",
    "reference",
    "plan",
    "price",
    "currency",
    "rate_from",
    "rate_percent",
    "rate_before_cap_percent",
    "amount",
    "state",
    "rules_version",
    "earning_id",
];

/// A file on its way.
pub(crate) struct ReportFile<S> {
    pub(crate) name: String,
    pub(crate) lines: S,
}

/// All lines of a period, the newest first; none is left out.
pub(crate) async fn report_file(
    app: &App,
    operator: OperatorId,
    reseller: ResellerId,
    days: (Option<&str>, Option<&str>),
) -> Result<ReportFile<impl Stream<Item = Result<String, std::io::Error>> + Send + 'static>, Failure> {
    let operator = operators::get(&mut *app.reader().await?, operator).await?;
    let period = Period::read(&operator, days, app.now())?;
    let name = format!("commission-{}-to-{}.csv", period.start, period.end);
    let (from, until) = period.range;
    let walk = Walk {
        app: app.clone(),
        reseller,
        zone: zone(&operator.time_zone).unwrap_or(TimeZone::UTC),
        zone_name: operator.time_zone,
        from,
        before: (until.0, Uuid::nil()),
    };
    let parts = stream::try_unfold(walk, |mut walk| async move { Ok(walk.part().await?.map(|text| (text, walk))) });
    Ok(ReportFile { name, lines: stream::iter([Ok(csv::line(HEAD))]).chain(parts) })
}

struct Walk {
    app: App,
    reseller: ResellerId,
    zone: TimeZone,
    zone_name: String,
    from: Timestamp,
    before: (i64, Uuid),
}

impl Walk {
    /// The next lines; none at the end. An answer that was begun can only break off.
    async fn part(&mut self) -> Result<Option<String>, std::io::Error> {
        self.read().await.map_err(|failure| {
            failure.log();
            std::io::Error::other("the earnings could not be read")
        })
    }

    async fn read(&mut self) -> Result<Option<String>, Failure> {
        let mut reader = self.app.reader().await?;
        let rows = repo::of_reseller(&mut reader, self.reseller, self.before, PART).await?;
        drop(reader);
        let rows: Vec<_> = rows.into_iter().take_while(|row| row.sold_at >= self.from.0).collect();
        let Some(last) = rows.last() else { return Ok(None) };
        self.before = (last.sold_at, last.id);
        let mut text = String::new();
        for row in rows {
            text.push_str(&self.line(&earnings::view(row)?));
        }
        Ok(Some(text))
    }

    fn line(&self, earning: &Earning) -> String {
        let basis = match earning.basis {
            RateBasis::Fixed => "agreed".to_owned(),
            RateBasis::Codes => "codes".to_owned(),
            RateBasis::Tier { from_accounts, active_accounts } => {
                format!("tier from {from_accounts}, had {active_accounts}")
            }
            RateBasis::Override { level } => format!("override {level}"),
        };
        csv::line([
            at(earning.sold_at, &self.zone).as_str(),
            &self.zone_name,
            &csv::text(&earning.seller),
            &csv::text(&earning.username),
            &csv::text(&earning.reference),
            &csv::text(&earning.plan_name),
            &in_words::figure(earning.price),
            &earning.price.unit().to_string(),
            &basis,
            &percent(earning.rate.value()),
            &percent(earning.rate_before_cap.value()),
            &in_words::figure(earning.amount),
            earning.state.as_str(),
            &earning.rules_version.to_string(),
            &earning.earning_id.to_string(),
        ])
    }
}

fn percent(basis_points: u16) -> String {
    format!("{}.{:02}", basis_points / 100, basis_points % 100)
}

/// `2027-11-21 01:00`
fn at(moment: Timestamp, zone: &TimeZone) -> String {
    jiff::Timestamp::from_millisecond(moment.0)
        .map(|moment| moment.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}
