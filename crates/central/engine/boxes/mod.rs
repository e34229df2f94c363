//! The box of one account on a portal: looked at, and told to do something, while a person waits. Nothing of it is kept
//! but who asked for what and what became of it.

mod repo;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{AccountId, OperatorId, PlanId, PortalId};
use counterfoil_portals::{Connection, Order, Portal, act_on_box, look_at_box};
use counterfoil_wire::boxes::{BoxActed, BoxAction, PlanBehind, PortalBox};
use counterfoil_wire::problem::Code;

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::portals::{self, PortalRecord, told};

/// An account that is on the portal, and the portal.
struct Linked {
    portal: PortalRecord,
    row: repo::Linked,
}

async fn linked(app: &App, operator: OperatorId, portal: PortalId, account: AccountId) -> Result<Linked, Failure> {
    let mut reader = app.reader().await?;
    let record = portals::record(&mut reader, operator, portal).await?;
    let row = repo::linked(&mut reader, portal, account).await?;
    let row = row.ok_or_else(|| Failure::not_found("account on this portal"))?;
    if !row.created {
        return Err(Failure::new(
            Code::WrongState,
            "This account is not on the portal yet, or it is not known whether the one of its name is the customer's. \
             See why it waits.",
        ));
    }
    Ok(Linked { portal: record, row })
}

fn client(connection: &Connection) -> Result<Portal, Failure> {
    connection.portal_while_somebody_waits().map_err(|wrong| portals::invalid(&wrong))
}

/// The account as its portal shows it now.
pub(crate) async fn look(
    app: &App,
    operator: OperatorId,
    portal: PortalId,
    account: AccountId,
) -> Result<PortalBox, Failure> {
    let Linked { portal, row } = linked(app, operator, portal, account).await?;
    let connection = portals::looked_at(&portal, app.keys())?;
    let found = look_at_box(&client(&connection)?, &connection, &row.login, app.now()).await;
    let mut found = found.map_err(|trouble| portals::refusal(&trouble))?;
    let tariff = row.tariff;
    found.plan = row.plan_id.zip(row.plan).map(|(id, name)| PlanBehind { plan_id: PlanId(id), name, tariff });
    Ok(found)
}

/// Does something to the box. Who asked for it stands in the audit before anything is sent.
pub(crate) async fn act(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    portal: PortalId,
    account: AccountId,
    action: &BoxAction,
) -> Result<BoxActed, Failure> {
    let Linked { portal, row } = linked(app, operator, portal, account).await?;
    let order = Order::of(action).map_err(|wrong| Failure::validation(vec![wrong]))?;
    let connection = portals::in_service(&portal, app.keys())?;
    let client = client(&connection)?;
    let mut work = app.begin(operator).await?;
    audit::record(&mut work, actor, "portal.box", Some(account.0), NOTHING, Some(action)).await?;
    work.commit().await?;
    let acted = act_on_box(&client, &row.login, &order).await.map_err(|trouble| portals::refusal(&trouble))?;
    let trouble = acted.trouble.as_ref().map(|trouble| told(trouble, app.now()));
    let acted = BoxActed { outcome: acted.outcome, trouble };
    let mut work = app.begin(operator).await?;
    audit::record(&mut work, actor, "portal.box_outcome", Some(account.0), NOTHING, Some(&acted)).await?;
    work.commit().await?;
    Ok(acted)
}
