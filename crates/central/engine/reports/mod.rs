//! Reports of the operator and of a reseller: one shape, a page at a time, whatever the size.
//!
//! Sales come from the sums that the dashboards keep by month ([`sales`]), so a year costs what a month costs; resellers
//! are paged by company, each with sums of its own ([`resellers`]); what is listed line by line goes along the index that
//! its own page uses ([`lines`]). A report never adds up currencies, and its totals are of all of it, not of a page.
//!
//! What was never written down cannot be told: who left is counted from the day on which a Central first counted it. What
//! comes in over and over is as of now ([`regulars`]), or of months that are over, with how each of them is known ([`past`]).

mod kpis;
mod lines;
mod months;
mod past;
mod regulars;
mod repo;
mod resellers;
mod sales;
mod table;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::reports::{Report, ReportName, ReportQuery};
use uuid::Uuid;

use super::commission::Period;
use super::http::limit;
use super::operators::{self, Operator};
use super::{App, dashboard};
use table::Table;

/// Who asks for what.
pub(crate) struct Asked<'a> {
    pub(crate) operator: OperatorId,
    /// Whose figures: none is the operator, with all resellers together.
    pub(crate) reseller: Option<ResellerId>,
    pub(crate) scope: &'a Scope,
    pub(crate) query: &'a ReportQuery,
}

/// One question, read.
struct Question<'a> {
    app: &'a App,
    operator: Operator,
    reseller: Option<ResellerId>,
    scope: &'a Scope,
    query: &'a ReportQuery,
    limit: i64,
    now: Timestamp,
}

impl Question<'_> {
    /// Under which sums are kept.
    fn sums(&self) -> Uuid {
        self.reseller.map_or(self.operator.id.0, |reseller| reseller.0)
    }

    fn days(&self) -> (Option<&str>, Option<&str>) {
        (self.query.start_date.as_deref(), self.query.end_date.as_deref())
    }

    fn period(&self) -> Result<Period, Failure> {
        Period::read(&self.operator, self.days(), self.now)
    }

    fn after(&self) -> Option<&str> {
        self.query.after.as_deref()
    }

    /// Totals are of the whole report, so they are told once.
    fn is_first(&self) -> bool {
        self.query.after.is_none()
    }

    /// The reseller whose report it is.
    fn own(&self) -> Result<ResellerId, Failure> {
        self.reseller.ok_or_else(unknown)
    }
}

fn unknown() -> Failure {
    Failure::not_found("report")
}

/// A page of a report; not found where the name is another audience's.
pub(crate) async fn read(app: &App, asked: &Asked<'_>, name: ReportName) -> Result<Report, Failure> {
    if name.is_of_reseller() != asked.reseller.is_some() {
        return Err(unknown());
    }
    let mut reader = app.reader().await?;
    let operator = operators::get(&mut reader, asked.operator).await?;
    let waiting = dashboard::waiting(&mut reader, asked.operator).await?;
    drop(reader);
    let Asked { reseller, scope, query, .. } = *asked;
    let limit = limit(query.limit)?;
    let question = Question { app, operator, reseller, scope, query, limit, now: app.now() };
    let table = table(&question, name).await?;
    Ok(Report {
        name,
        as_of: question.now,
        time_zone: question.operator.time_zone,
        period: table.period,
        waiting,
        columns: table.columns,
        rows: table.rows,
        totals: table.totals,
        next: table.next,
    })
}

async fn table(question: &Question<'_>, name: ReportName) -> Result<Table, Failure> {
    match name {
        ReportName::RevenueByPlan => sales::revenue_by_plan(question).await,
        ReportName::Resellers => resellers::compared(question).await,
        ReportName::CodeUsage => sales::code_usage(question).await,
        ReportName::Payouts => lines::payouts(question).await,
        ReportName::Subscriptions => resellers::subscriptions(question).await,
        ReportName::MonthlyRevenue => sales::monthly_revenue(question).await,
        ReportName::CreditUsage => sales::credit_usage(question).await,
        ReportName::Growth => sales::growth(question).await,
        ReportName::Commission => resellers::commission(question).await,
        ReportName::Payments => lines::payments(question).await,
        ReportName::Kpis => kpis::kpis(question).await,
        ReportName::RecurringRevenue => regulars::recurring(question).await,
        ReportName::Churn => regulars::churn(question).await,
        ReportName::PortalWrites => regulars::portal_writes(question).await,
        ReportName::RecurringByMonth => past::recurring_by_month(question).await,
        ReportName::PortalJobs => past::portal_jobs(question).await,
        ReportName::Sales => sales::by_month_and_plan(question).await,
        ReportName::Earnings => lines::earnings(question).await,
        ReportName::Customers => lines::customers(question).await,
        ReportName::ActivationRate => sales::activation_rate(question).await,
    }
}
