//! What anyone may know of a code they hold, without using it.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_domain::code::{Code, CodeState};
use counterfoil_domain::ids::{LeaseId, LotId, OperatorId};
use counterfoil_domain::lease::LeaseState;
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::public::{PublicCode, PublicCodeState, Subscription};
use uuid::Uuid;

use super::{Guard, RedeemError};
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::account;
use crate::engine::candidate::{self, Found};
use crate::engine::code::CodeRecord;
use crate::engine::lease;
use crate::engine::lot;
use crate::engine::settlement;
use crate::engine::stored::{stored, stored_number};

const LONGEST_TOKEN: usize = 64;

/// Looks a code up; nothing settles by being looked at.
pub(crate) async fn look_up(app: &App, typed: &str, address: ClientAddress) -> Result<PublicCode, RedeemError> {
    let code = Code::parse(typed)?;
    let guard = Guard::new(None, address);
    let now = app.now();
    let mut reader = app.reader().await?;
    guard.check(&mut reader, now).await?;
    let Some(found) = candidate::find(app, &mut reader, &code).await? else {
        drop(reader);
        guard.miss(app).await?;
        return Err(RedeemError::Unknown);
    };
    if found.in_stock {
        return kept(&mut reader, &found).await;
    }
    match settlement::find_code(&mut reader, found.source_id, found.seq).await? {
        // Its number was used for another plan: this one will never be honoured.
        Some(other) if other.slot != found.slot => {
            let mut public = of_row(&other, now)?;
            public.state = PublicCodeState::Withdrawn;
            Ok(public)
        }
        Some(row) => of_row(&row, now),
        None => unseen(&mut reader, &found, now).await,
    }
}

/// The subscription that a token opens. A wrong token counts like a wrong code.
pub(crate) async fn subscription(app: &App, token: &str, address: ClientAddress) -> Result<Subscription, Failure> {
    let unknown = || Failure::not_found("subscription");
    if token.is_empty() || token.len() > LONGEST_TOKEN {
        return Err(unknown());
    }
    let guard = Guard::new(None, address);
    guard.check(&mut *app.reader().await?, app.now()).await?;
    if let Some(found) = account::subscription(app, token).await? {
        return Ok(found);
    }
    guard.miss(app).await?;
    Err(unknown())
}

fn of_row(row: &CodeRecord, now: Timestamp) -> Result<PublicCode, RedeemError> {
    let state = match row.state()? {
        CodeState::Activated => PublicCodeState::Used,
        CodeState::Voided | CodeState::Revoked => PublicCodeState::Withdrawn,
        CodeState::Expired => PublicCodeState::Expired,
        CodeState::Generated | CodeState::Allocated | CodeState::Leased | CodeState::Sold | CodeState::Held
            if now.0 >= row.redeem_by =>
        {
            PublicCodeState::Expired
        }
        CodeState::Held => PublicCodeState::Held,
        CodeState::Generated | CodeState::Allocated | CodeState::Leased | CodeState::Sold => PublicCodeState::Usable,
    };
    Ok(PublicCode {
        state,
        plan_name: row.plan_name.clone(),
        term_days: row.term_days()?,
        redeem_by: Timestamp(row.redeem_by),
    })
}

/// The operator keeps it, so no shop has it; or has revoked it since.
async fn kept(conn: &mut Conn, found: &Found) -> Result<PublicCode, RedeemError> {
    let id = found.source_id;
    let operator = OperatorId(stored(found.lot_operator, "lot", "operator_id", id)?);
    let lot = stored(lot::by_id(conn, operator, &Scope::Operator, LotId(id)).await?, "candidate", "source_id", id)?;
    Ok(PublicCode {
        state: if found.revoked { PublicCodeState::Withdrawn } else { PublicCodeState::NotSold },
        term_days: stored_number(lot.term_days, "lot_order", "term_days", id)?,
        plan_name: lot.plan_name,
        redeem_by: Timestamp(lot.redeem_by),
    })
}

async fn unseen(conn: &mut Conn, found: &Found, now: Timestamp) -> Result<PublicCode, RedeemError> {
    let id: Uuid = found.source_id;
    let lease = stored(lease::repo::find(conn, LeaseId(id)).await?, "candidate", "source_id", id)?;
    let slot = found.slot_record()?;
    let cut = lease.cut()?.map_or(0, i64::from);
    let state = if now.0 >= lease.redeem_by {
        PublicCodeState::Expired
    } else if lease.state()? == LeaseState::Revoked && found.seq > cut {
        PublicCodeState::Held
    } else {
        PublicCodeState::Usable
    };
    Ok(PublicCode {
        state,
        plan_name: slot.plan_name,
        term_days: stored_number(slot.term_days, "lease_slot", "term_days", id)?,
        redeem_by: Timestamp(lease.redeem_by),
    })
}
