//! How one account stands between the portal and Central.

use std::collections::HashMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::portal::{DriftKind, ProvisioningState};
use counterfoil_domain::time::Timestamp;
use counterfoil_portals::{Reading, Shown, Values};
use counterfoil_wire::drift::FieldDrift;
use uuid::Uuid;

use super::repo::{self, Named, Stage, ToCompare};
use crate::engine::portal_jobs::{Held, Stop};
use crate::engine::provisioning::{self, Standing};
use crate::engine::stored::stored;

/// What is stored of an account after a comparison.
pub(super) struct Verdict<'a> {
    pub(super) key: &'a str,
    /// False: it is not on the portal, and nobody waits for it there.
    pub(super) kept: bool,
    pub(super) stage: Stage,
    pub(super) account: Option<Uuid>,
    pub(super) linked: bool,
    pub(super) drift: Option<DriftKind>,
    pub(super) fields: String,
    /// None leaves what both last agreed on.
    pub(super) agreed: Option<String>,
    pub(super) owner: Option<i64>,
}

pub(super) async fn judge<'a>(held: &Held<'_>, rows: &'a [ToCompare]) -> Result<Vec<Verdict<'a>>, Stop> {
    let reading = Reading::of(&held.connection).map_err(Failure::internal)?;
    let mut reader = held.app.reader().await?;
    let linked: Vec<Uuid> = rows.iter().filter(|row| row.linked).filter_map(|row| row.account_id).collect();
    let standings = provisioning::standings(&mut reader, held.portal_id(), &linked).await?;
    let names: Vec<String> = rows
        .iter()
        .filter(|row| !row.linked && !row.login.is_empty())
        .flat_map(|row| [row.login.clone(), row.login.to_lowercase()])
        .collect();
    let ours = repo::named(&mut reader, held.operator(), &names).await?;
    let ours: HashMap<String, Named> = ours.into_iter().map(|one| (one.username.clone(), one)).collect();
    drop(reader);
    let judged = rows.iter().map(|row| {
        let standing = row.account_id.filter(|_| row.linked).and_then(|account| standings.get(&account));
        match standing {
            Some(standing) if row.stage == Stage::Gone.as_str() => Ok(missing(held, row, standing)?),
            Some(standing) => compared(held, &reading, row, standing),
            None if row.stage == Stage::Gone.as_str() => Ok(Verdict { kept: false, ..plain(row) }),
            None => stranger(&reading, row, &ours),
        }
    });
    judged.collect::<Result<_, Failure>>().map_err(Stop::from)
}

/// It stands there, and nothing is to be said of it.
fn plain(row: &ToCompare) -> Verdict<'_> {
    Verdict {
        key: &row.key,
        kept: true,
        stage: Stage::Known,
        account: row.account_id,
        linked: row.linked,
        drift: None,
        fields: "[]".to_owned(),
        agreed: None,
        owner: row.owner,
    }
}

fn missing<'a>(held: &Held<'_>, row: &'a ToCompare, standing: &Standing) -> Result<Verdict<'a>, Failure> {
    let wanted = held.wanted(standing)?.is_some_and(|wanted| wanted.service.enabled);
    let settled = standing.state()? == ProvisioningState::Agreed;
    // What is still to be written is told there.
    let drift = (wanted && settled).then_some(DriftKind::Missing);
    Ok(Verdict { stage: Stage::Absent, drift, ..plain(row) })
}

fn compared<'a>(
    held: &Held<'_>,
    reading: &Reading,
    row: &'a ToCompare,
    standing: &Standing,
) -> Result<Verdict<'a>, Failure> {
    let (Some(shown), Some(wanted)) = (shown(row)?, held.wanted(standing)?) else { return Ok(plain(row)) };
    // A write is on its way, and says itself how it went.
    if standing.state()? == ProvisioningState::Waiting {
        return Ok(plain(row));
    }
    let agreed: Option<Values> = row.agreed.as_deref().map(|text| read(text, "agreed", row)).transpose()?;
    let fields = reading.drift(&wanted.service, &shown, standing.nobodys, agreed.as_ref());
    let agreed = if fields.is_empty() { Some(in_json(&reading.shown(&shown))?) } else { None };
    let drift = (!fields.is_empty()).then_some(DriftKind::Differs);
    Ok(Verdict { drift, fields: in_json(&fields)?, agreed, ..plain(row) })
}

/// An account of the portal that is no customer's, as far as anybody said.
fn stranger<'a>(reading: &Reading, row: &'a ToCompare, ours: &HashMap<String, Named>) -> Result<Verdict<'a>, Failure> {
    let same = ours.get(&row.login).or_else(|| ours.get(&row.login.to_lowercase()));
    // One that was put away is known, and is nobody's: it is taken in again like any other.
    let in_use = same.filter(|one| one.status != AccountStatus::Archived.as_str());
    let drift = if in_use.is_some() { DriftKind::Unlinked } else { DriftKind::Unknown };
    let fields: Vec<FieldDrift> = match (shown(row)?, in_use) {
        (Some(shown), Some(ours)) => reading.namesake(&shown, ours.ends_at.map(Timestamp)),
        (Some(shown), None) => reading.alone(&shown),
        (None, _) => Vec::new(),
    };
    let account = same.map(|one| one.id);
    Ok(Verdict { account, linked: false, drift: Some(drift), fields: in_json(&fields)?, ..plain(row) })
}

fn shown(row: &ToCompare) -> Result<Option<Shown>, Failure> {
    row.shown.as_deref().map(|text| read(text, "shown", row)).transpose()
}

fn read<T: serde::de::DeserializeOwned>(text: &str, column: &str, row: &ToCompare) -> Result<T, Failure> {
    stored(serde_json::from_str(text).ok(), "portal_account", column, &row.key)
}

fn in_json(value: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(Failure::internal)
}
