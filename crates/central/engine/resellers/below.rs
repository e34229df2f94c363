//! Resellers below a reseller: an owner creates and edits those directly below its own. It is the code of the staff's
//! pages, with what an owner may not choose put in: the parent is its own reseller, the settlement mode its parent's,
//! the credit limit nothing. Limit and status of one that is there are the operator's: whom staff suspended, no
//! parent brings back.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::reseller::{ResellerStatus, Scope, SettlementMode};
use counterfoil_wire::problem::Code;
use counterfoil_wire::resellers::{Reseller, SaveReseller, SaveSubReseller};

use super::{changed_meanwhile, create, edit, get};
use crate::engine::App;
use crate::engine::audit::Actor;

/// What the owner does not choose.
struct Fixed {
    parent: ResellerId,
    mode: SettlementMode,
    credit_limit: i64,
    status: ResellerStatus,
}

fn with(asked: SaveSubReseller, fixed: &Fixed) -> SaveReseller {
    SaveReseller {
        reseller_id: asked.reseller_id,
        version: asked.version,
        username: asked.username,
        password: asked.password,
        company: asked.company,
        email: asked.email,
        contact: asked.contact,
        phone: asked.phone,
        parent_id: Some(fixed.parent),
        settlement_mode: fixed.mode,
        credit_limit: fixed.credit_limit,
        status: fixed.status,
        template: None,
    }
}

/// Creates a reseller directly below `parent`, the caller's own.
pub(crate) async fn create_below(
    app: &App,
    operator: OperatorId,
    scope: &Scope,
    actor: &Actor,
    parent: ResellerId,
    asked: SaveSubReseller,
) -> Result<Reseller, Failure> {
    let mode = get(&mut *app.reader().await?, operator, scope, parent).await?.settlement_mode;
    let fixed = Fixed { parent, mode, credit_limit: 0, status: ResellerStatus::Active };
    create(app, operator, actor, with(asked, &fixed)).await
}

/// Edits a reseller directly below the caller's own: `(parent, id)`.
pub(crate) async fn edit_below(
    app: &App,
    operator: OperatorId,
    scope: &Scope,
    actor: &Actor,
    (parent, id): (ResellerId, ResellerId),
    asked: SaveSubReseller,
) -> Result<Reseller, Failure> {
    let known = get(&mut *app.reader().await?, operator, scope, id).await?;
    if known.parent_id != Some(parent) {
        let detail = "A reseller edits those directly below itself. Ask the one above it, or the operator.";
        return Err(Failure::new(Code::NotPermitted, detail));
    }
    // Status and limit are put in as they are known now. An edit of a version to come would put them over what staff set in
    // between.
    if asked.version.is_some_and(|version| version != known.version) {
        return Err(changed_meanwhile(known.version));
    }
    let (mode, status) = (known.settlement_mode, known.status);
    let fixed = Fixed { parent, mode, credit_limit: known.credit_limit.value(), status };
    edit(app, operator, scope, actor, id, with(asked, &fixed)).await
}
