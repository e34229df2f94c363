//! Who is reached: accounts that are chosen here, by what the portal lists now.

use std::collections::BTreeSet;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::ids::{AccountId, OperatorId, PortalId};
use counterfoil_domain::portal::BoxAddress;
use counterfoil_domain::reseller::Scope;
use counterfoil_portals::{Addressee, Listed, Place, list_boxes};
use counterfoil_wire::page::MAX_LIMIT;
use counterfoil_wire::sendings::{Addressees, Reach, ReachProblem};

use super::repo::{self, Candidate};
use crate::dialect::Conn;
use crate::engine::portals::{self, PortalRecord};
use crate::engine::stored::stored_number;
use crate::engine::{App, resellers};

/// Accounts that cannot be reached, and others with the same MAC, that are named.
const NAMED: usize = 100;
const NAMED_OTHERS: usize = 5;

/// Who is reached, and by which boxes: none for everybody.
pub(super) struct Chosen {
    pub(super) reach: Reach,
    pub(super) boxes: Vec<Addressee>,
}

/// Whether the choice makes sense by itself.
pub(super) fn check(to: &Addressees) -> Result<(), Failure> {
    match to {
        Addressees::These { accounts } if accounts.is_empty() || accounts.len() > MAX_LIMIT as usize => Err(
            Failure::validation(vec![field("to", format!("1 to {MAX_LIMIT} accounts by name, or a word for more"))]),
        ),
        _ => Ok(()),
    }
}

/// Asks the portal for its list.
pub(super) async fn chosen(
    app: &App,
    operator: OperatorId,
    portal: &PortalRecord,
    to: &Addressees,
) -> Result<Chosen, Failure> {
    check(to)?;
    let connection = portals::in_service(portal, app.keys())?;
    let id = PortalId(portal.id);
    let (linked, candidates) = {
        let mut reader = app.reader().await?;
        let linked: u64 = stored_number(repo::linked(&mut reader, id).await?, "provisioning", "created", id)?;
        (linked, candidates(&mut reader, operator, id, to).await?)
    };
    // Nothing of it is kept from an earlier time: a MAC may have become somebody else's.
    let client = connection.portal_to_list().map_err(|wrong| portals::invalid(&wrong))?;
    let listed = list_boxes(&client).await.map_err(|trouble| portals::refusal(&trouble))?;
    let Some(candidates) = candidates else {
        let reach = Reach { chosen: linked, reached: listed.accounts(), ..Reach::default() };
        return Ok(Chosen { reach, boxes: Vec::new() });
    };
    Ok(placed(candidates, &listed))
}

/// None for everybody.
async fn candidates(
    conn: &mut Conn,
    operator: OperatorId,
    portal: PortalId,
    to: &Addressees,
) -> Result<Option<Vec<Candidate>>, Failure> {
    Ok(Some(match to {
        Addressees::These { accounts } => these(conn, portal, accounts).await?,
        Addressees::Reseller { reseller_id } => {
            let path = resellers::path(conn, operator, &Scope::Operator, *reseller_id).await?;
            repo::of_resellers(conn, portal, path.as_str()).await?
        }
        Addressees::Plan { plan_id } => repo::of_plan(conn, portal, *plan_id).await?,
        Addressees::State { state } => repo::of_state(conn, portal, *state).await?,
        Addressees::Linked => repo::all(conn, portal).await?,
        Addressees::Everybody => return Ok(None),
    }))
}

async fn these(conn: &mut Conn, portal: PortalId, accounts: &[AccountId]) -> Result<Vec<Candidate>, Failure> {
    // One that is named twice is sent to once.
    let accounts: BTreeSet<AccountId> = accounts.iter().copied().collect();
    let mut found = Vec::new();
    for account in accounts {
        let none = || Candidate { login: String::new(), created: false };
        found.push(repo::one(conn, portal, account).await?.unwrap_or_else(none));
    }
    found.sort_by(|one, other| one.login.cmp(&other.login));
    Ok(found)
}

fn placed(candidates: Vec<Candidate>, listed: &Listed) -> Chosen {
    let mut chosen = Chosen { reach: Reach::default(), boxes: Vec::new() };
    let mut taken = BTreeSet::new();
    for candidate in candidates {
        chosen.reach.chosen += 1;
        if !candidate.created {
            chosen.reach.not_linked += 1;
            continue;
        }
        match listed.place(&candidate.login) {
            Place::Missing => chosen.reach.missing += 1,
            Place::Reached(one) if taken.insert(one.mac) => {
                chosen.reach.reached += 1;
                chosen.boxes.push(one);
            }
            // Two of ours that the portal takes for one.
            Place::Reached(one) => {
                unusable(&mut chosen.reach, candidate.login, BoxAddress::SharedLogin, one.mac.to_string(), Vec::new());
            }
            Place::Unusable { why: BoxAddress::NoBox, .. } => chosen.reach.without_box += 1,
            Place::Unusable { why, mac, shared_with } => {
                unusable(&mut chosen.reach, candidate.login, why, mac, shared_with);
            }
        }
    }
    chosen
}

fn unusable(reach: &mut Reach, username: String, why: BoxAddress, mac: String, mut shared_with: Vec<String>) {
    reach.unusable += 1;
    if reach.problems.len() < NAMED {
        shared_with.truncate(NAMED_OTHERS);
        reach.problems.push(ReachProblem { username, mac, why, shared_with });
    }
}
