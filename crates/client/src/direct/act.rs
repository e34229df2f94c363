//! Telling the box of one account to do something, and writing down that it was told.

use counterfoil_domain::ids::{AccountId, PortalId};
use counterfoil_domain::oplog::OpBody;
use counterfoil_domain::permission::StaffAction;
use counterfoil_domain::portal::BoxContact;
use counterfoil_portals::{Order, act_on_box};
use counterfoil_wire::boxes::{BoxActed, BoxAction};
use counterfoil_wire::portals::PortalTrouble;

use super::{DirectError, reach, repo, rights};
use crate::api::Topic;
use crate::outbox::{LogWriteError, LogWriter};
use crate::till::Till;

/// Does it once, to the box of an account that Central told of. A lost answer is an outcome; a refusal is an error, and
/// nothing was done then.
pub(crate) async fn act(
    till: &Till,
    portal_id: PortalId,
    account_id: AccountId,
    action: &BoxAction,
) -> Result<BoxActed, DirectError> {
    rights::require(till, StaffAction::RepairAccounts).await?;
    let contact = contact(action)?;
    let order = Order::of(action).map_err(|wrong| match wrong.field.as_str() {
        "hide_after_s" => DirectError::Invalid { field: "hide_after_s", message: wrong.message },
        _ => DirectError::Invalid { field: "text", message: wrong.message },
    })?;
    let connection = reach::in_service(till, portal_id).await?;
    let standing = repo::of_account(&mut *till.read().await?, portal_id, account_id).await?;
    let standing = standing.ok_or_else(|| unknown_account(account_id))?;
    // What cannot be written down is not done at all, as far as that can be known before.
    drop(LogWriter::begin(till).await?);
    let portal = connection.portal_while_somebody_waits()?;
    let acted = act_on_box(&portal, &standing.login, &order).await?;
    let body = OpBody::BoxContact { portal_id, account_id, contact, outcome: acted.outcome };
    log(till, body).await.map_err(DirectError::NotLogged)?;
    till.tell(Topic::Queue);
    till.sync.wake();
    let trouble = acted.trouble.map(|trouble| PortalTrouble {
        code: trouble.code.to_owned(),
        detail: trouble.detail,
        remedy: trouble.remedy.to_owned(),
        since: till.clock().wall(),
    });
    Ok(BoxActed { outcome: acted.outcome, trouble })
}

/// Right behind the answer, whatever it was: Central is told of it later.
async fn log(till: &Till, body: OpBody) -> Result<(), LogWriteError> {
    let mut writer = LogWriter::begin(till).await?;
    writer.append(body).await?;
    writer.commit().await?;
    Ok(())
}

pub(super) fn unknown_account(account: AccountId) -> DirectError {
    DirectError::NotFound(format!("of this portal was taken along with the id {account}: renew what was taken along"))
}

/// What is looked at before and after, or frees a box for another, is done by Central alone.
fn contact(action: &BoxAction) -> Result<BoxContact, DirectError> {
    match action {
        BoxAction::Message { .. } => Ok(BoxContact::Message),
        BoxAction::Reboot => Ok(BoxContact::Reboot),
        BoxAction::ReloadPortal => Ok(BoxContact::ReloadPortal),
        BoxAction::UpdateChannels => Ok(BoxContact::UpdateChannels),
        BoxAction::CutOff => Ok(BoxContact::CutOff),
        BoxAction::SignInAgain
        | BoxAction::ResetDevice
        | BoxAction::Subscribe { .. }
        | BoxAction::Unsubscribe { .. } => Err(DirectError::Invalid {
            field: "action",
            message: "without Central a box can be sent a message, restarted, made to load its portal or its channels \
                      again, or cut off; everything else is done by Central"
                .into(),
        }),
    }
}
