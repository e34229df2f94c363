//! Cancelling sold codes before use. A shop's own go into the log and work offline; staff void through Central.

use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::CodeId;
use counterfoil_domain::oplog::OpBody;
use counterfoil_domain::permission::{MemberAction, MemberRole};
use counterfoil_wire::codes::CodeReason;
use counterfoil_wire::endpoint::AdminCodeVoid;
use counterfoil_wire::sessions::Audience;

use super::CodesError;
use super::own::{Known, find};
use crate::api::Topic;
use crate::device;
use crate::outbox::{About, LogWriter, repo as log};
use crate::session;
use crate::till::Till;

/// All of them or none.
pub(crate) async fn void(till: &Till, ids: &[CodeId]) -> Result<(), CodesError> {
    let mut db = till.read().await?;
    let member = device::repo::member(&mut db).await?.ok_or(CodesError::NotPermitted)?;
    let mut codes: Vec<Known> = Vec::new();
    for id in ids {
        let known = find(&mut db, *id).await?.ok_or(CodesError::NotFound)?;
        check(&known)?;
        // Named twice, perhaps by this device's id of it and by Central's.
        if !codes.iter().any(|other| other.line.code_id == known.line.code_id) {
            codes.push(known);
        }
    }
    drop(db);
    match member.audience {
        Audience::Admin => through_central(till, &codes).await?,
        Audience::Reseller => {
            let role = MemberRole::from_stored(&member.role).ok_or(CodesError::NotPermitted)?;
            if !role.may(MemberAction::VoidCode) {
                return Err(CodesError::NotPermitted);
            }
            in_the_log(till, &codes).await?;
        }
    }
    for topic in [Topic::Codes, Topic::Queue, Topic::Credit, Topic::Selling] {
        till.tell(topic);
    }
    till.sync.wake();
    Ok(())
}

fn check(known: &Known) -> Result<(), CodesError> {
    let serial = known.line.serial.clone();
    match known.line.state {
        state if state.is_unused() => Ok(()),
        CodeState::Activated => Err(CodesError::AlreadyActivated(serial)),
        CodeState::Voided => Err(CodesError::AlreadyVoided(serial)),
        _ => Err(CodesError::NotVoidable(serial)),
    }
}

async fn in_the_log(till: &Till, codes: &[Known]) -> Result<(), CodesError> {
    let mut writer = LogWriter::begin(till).await?;
    // While the log is held no other void of this device comes in between: a second press finds what the first did.
    let mut db = till.read().await?;
    for known in codes {
        check(&find(&mut db, known.line.code_id).await?.ok_or(CodesError::NotFound)?)?;
    }
    drop(db);
    for known in codes {
        let issued = known.issued.as_ref().ok_or_else(|| CodesError::OtherDevice(known.line.serial.clone()))?;
        let about = About { lease_id: issued.lease_id, seq_from: issued.seq, seq_to: issued.seq };
        let op_seq = writer.append(OpBody::Void { lease_id: issued.lease_id, seq: issued.seq }).await?;
        log::overlay(writer.db(), about, log::OverlayKind::Void, op_seq).await?;
    }
    writer.commit().await?;
    Ok(())
}

async fn through_central(till: &Till, codes: &[Known]) -> Result<(), CodesError> {
    let reason = CodeReason { reason: "voided at the desktop".into() };
    for known in codes {
        let id = known.central_id.ok_or(CodesError::NotFound)?.to_string();
        session::call::<AdminCodeVoid>(till, &[&id], &reason).await?;
    }
    Ok(())
}
