//! Which notices a reseller gets: all, but for what its owner switches off.

use std::collections::BTreeSet;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::notice::NoticeKind;
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::notices::{NoticeChoice, NoticeChoices, SaveNoticeChoices};

use super::repo;
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::{self, Actor};
use crate::engine::resellers;
use crate::engine::stored::stored;

pub(crate) async fn choices(app: &App, operator: OperatorId, reseller: ResellerId) -> Result<NoticeChoices, Failure> {
    let mut reader = app.reader().await?;
    let to = resellers::get(&mut reader, operator, &Scope::Operator, reseller).await?.email;
    let off = off(&mut reader, reseller).await?;
    let choice = |kind: NoticeKind| NoticeChoice { kind, wanted: !off.contains(&kind) };
    let choices = NoticeKind::ALL.into_iter().filter(|kind| kind.may_be_switched_off()).map(choice).collect();
    Ok(NoticeChoices { to, mail_is_set_up: app.mailer().is_some(), choices })
}

/// Switches exactly these off.
pub(crate) async fn save(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    reseller: ResellerId,
    asked: &SaveNoticeChoices,
) -> Result<NoticeChoices, Failure> {
    if let Some(kept) = asked.off.iter().find(|kind| !kind.may_be_switched_off()) {
        let message = format!("{} is always told", kept.as_str());
        return Err(Failure::validation(vec![field("off", message)]));
    }
    let mut work = app.begin(operator).await?;
    let before = off(work.conn(), reseller).await?;
    if before != asked.off {
        repo::want_all(work.conn(), reseller).await?;
        for kind in &asked.off {
            repo::switch_off(work.conn(), operator, reseller, *kind).await?;
        }
        audit::record(&mut work, actor, "notices.choose", Some(reseller.0), Some(&before), Some(&asked.off)).await?;
    }
    work.commit().await?;
    choices(app, operator, reseller).await
}

async fn off(conn: &mut Conn, reseller: ResellerId) -> Result<BTreeSet<NoticeKind>, Failure> {
    let kind = |name: String| stored(NoticeKind::from_stored(&name), "notice_off", "kind", reseller);
    repo::off(conn, reseller).await?.into_iter().map(kind).collect()
}
