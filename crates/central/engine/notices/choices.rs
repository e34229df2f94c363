//! Which notices a reseller gets: all, but for what its owner switches off.

use std::collections::BTreeSet;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::notice::NoticeKind;
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::notices::{ENDING_DAYS, MOST_ENDING_DAYS, NoticeChoice, NoticeChoices, SaveNoticeChoices};
use serde_json::json;

use super::repo;
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::{self, Actor};
use crate::engine::resellers;
use crate::engine::stored::{stored, stored_number};

pub(crate) async fn choices(app: &App, operator: OperatorId, reseller: ResellerId) -> Result<NoticeChoices, Failure> {
    let mut reader = app.reader().await?;
    let to = resellers::get(&mut reader, operator, &Scope::Operator, reseller).await?.email;
    let off = off(&mut reader, reseller).await?;
    let ending_days = ending_days(&mut reader, reseller).await?;
    let choice = |kind: NoticeKind| NoticeChoice { kind, wanted: !off.contains(&kind) };
    let choices = NoticeKind::ALL.into_iter().filter(|kind| kind.may_be_switched_off()).map(choice).collect();
    Ok(NoticeChoices { to, mail_is_set_up: app.mailer().is_some(), choices, ending_days })
}

/// Switches exactly these off, and takes over how many days ahead the mail of each day looks.
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
    if asked.ending_days.is_some_and(|days| !(1..=MOST_ENDING_DAYS).contains(&days)) {
        return Err(Failure::validation(vec![field("ending_days", format!("1 to {MOST_ENDING_DAYS} days"))]));
    }
    let mut work = app.begin(operator).await?;
    let before = (off(work.conn(), reseller).await?, ending_days(work.conn(), reseller).await?);
    let after = (asked.off.clone(), asked.ending_days.unwrap_or(before.1));
    if before.0 != after.0 {
        repo::want_all(work.conn(), reseller).await?;
        for kind in &after.0 {
            repo::switch_off(work.conn(), operator, reseller, *kind).await?;
        }
    }
    if before.1 != after.1 {
        repo::digest::choose_days(work.conn(), operator, reseller, i64::from(after.1)).await?;
    }
    if before != after {
        let [was, is] = [&before, &after].map(|(off, days)| json!({ "off": off, "ending_days": days }));
        audit::record(&mut work, actor, "notices.choose", Some(reseller.0), Some(&was), Some(&is)).await?;
    }
    work.commit().await?;
    choices(app, operator, reseller).await
}

async fn ending_days(conn: &mut Conn, reseller: ResellerId) -> Result<u32, Failure> {
    match repo::digest::days(conn, reseller).await? {
        Some(days) => stored_number(days, "ending_digest", "days", reseller),
        None => Ok(ENDING_DAYS),
    }
}

async fn off(conn: &mut Conn, reseller: ResellerId) -> Result<BTreeSet<NoticeKind>, Failure> {
    let kind = |name: String| stored(NoticeKind::from_stored(&name), "notice_off", "kind", reseller);
    repo::off(conn, reseller).await?.into_iter().map(kind).collect()
}
