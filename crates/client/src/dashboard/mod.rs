//! The dashboards of a shop and of the operator, and statistics of one plan and of one reseller. They need Central: no device knows what the others sold.

use counterfoil_domain::ids::{PlanId, ResellerId};
use counterfoil_wire::dashboard::{Dashboard, Overview};
use counterfoil_wire::endpoint::{AdminPlanStats, AdminReportsOverview, AdminResellerStats, ResellerDashboard};
use counterfoil_wire::statistics::{PlanStatistics, ResellerStatistics};

use crate::session::{SessionError, call};
use crate::till::Till;

/// The shop's own figures.
pub(crate) async fn own(till: &Till) -> Result<Dashboard, SessionError> {
    call::<ResellerDashboard>(till, &[], &()).await
}

/// Those of all resellers together, for staff.
pub(crate) async fn overview(till: &Till) -> Result<Overview, SessionError> {
    call::<AdminReportsOverview>(till, &[], &()).await
}

/// One plan's, for staff.
pub(crate) async fn of_plan(till: &Till, plan: PlanId) -> Result<PlanStatistics, SessionError> {
    call::<AdminPlanStats>(till, &[&plan.to_string()], &()).await
}

/// One reseller's, for staff.
pub(crate) async fn of_reseller(till: &Till, reseller: ResellerId) -> Result<ResellerStatistics, SessionError> {
    call::<AdminResellerStats>(till, &[&reseller.to_string()], &()).await
}
