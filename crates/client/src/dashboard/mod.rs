//! The dashboards of a shop and of the operator. They need Central: no device knows what the others sold.

use counterfoil_wire::dashboard::{Dashboard, Overview};
use counterfoil_wire::endpoint::{AdminReportsOverview, ResellerDashboard};

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
