//! The portal of the sample data, which `make run` starts beside Central.

use counterfoil_central_platform::failure::{Failure, if_found};
use counterfoil_domain::ids::{OperatorId, PortalId};
use counterfoil_domain::portal::PortalStatus;
use counterfoil_wire::portals::{PlanOnPortal, ResellerOnPortal, SavePortal};

use super::cast::{OPERATOR, PLANS, RESELLERS, sample_id};
use crate::engine::App;
use crate::engine::audit::Actor;
use crate::engine::portals;

/// Tariffs that the portal has, for the first plans.
const TARIFFS: [&str; 2] = ["T1", "T2"];

/// Keeps the portal at this address and looks at it, unless somebody has kept it before.
pub(super) async fn fill(app: &App, operator: OperatorId, address: &str) -> Result<(), Failure> {
    let portal_id: PortalId = sample_id("portal", 0);
    if if_found(portals::record(&mut *app.reader().await?, operator, portal_id).await)?.is_some() {
        return Ok(());
    }
    let on_it = |(plan, tariff): (&super::cast::SamplePlan, &str)| PlanOnPortal {
        plan_id: plan.id(),
        tariff: Some(tariff.to_owned()),
    };
    let portal = SavePortal {
        portal_id,
        version: None,
        name: "Sample portal".to_owned(),
        address: address.to_owned(),
        user: Some("stalker".to_owned()),
        password: Some("secret".to_owned()),
        time_zone: OPERATOR.time_zone.to_owned(),
        certificate: None,
        status: PortalStatus::Active,
        plans: PLANS.iter().zip(TARIFFS).map(on_it).collect(),
        resellers: vec![ResellerOnPortal { reseller_id: RESELLERS[0].id(), remote_id: 1 }],
        look_every_hours: None,
    };
    portals::create(app, operator, &Actor::system(), &portal).await?;
    // One that does not answer yet is looked at from the desktop.
    portals::probe(app, operator, &Actor::system(), portal_id).await.map(drop)
}
