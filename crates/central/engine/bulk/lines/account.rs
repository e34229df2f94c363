//! One account from one line: what its cells mean, and whether it may be there beside the others of its file. Creating it
//! is `account::create_within`, as for one that a person types in.

use std::collections::HashMap;

use counterfoil_central_platform::failure::{Failure, field, if_found};
use counterfoil_domain::ids::{BulkId, PlanId, ResellerId};
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::accounts::CreateAccount;
use counterfoil_wire::bulk::BulkLine;
use counterfoil_wire::problem::{Code, FieldProblem};
use uuid::Uuid;

use super::repo;
use crate::engine::account::{self, Asker};
use crate::engine::bulk::record::RowRecord;
use crate::engine::stored::stored;
use crate::engine::work::Work;
use crate::engine::{App, resellers};

/// Creates the account of a line, under the id that the line was given, and notes its name, its owner and what it costs.
/// `gifts`: whoever ordered it may give service away.
pub(in crate::engine::bulk) async fn create(
    app: &App,
    work: &mut Work,
    asker: &Asker<'_>,
    (bulk, gifts): (BulkId, bool),
    row: &mut RowRecord,
) -> Result<(), Failure> {
    let line = stored(row.given()?, "account_bulk_line", "line", row.position)?;
    row.username = text(&line.username).map(str::to_owned);
    (row.cost, row.unit) = (0, None);
    let mut wrong = Vec::new();
    let reseller = noted(reseller(work, asker, &line.reseller).await, &mut wrong)?.flatten();
    let plan = noted(plan(work, &line.plan).await, &mut wrong)?;
    let connections = connections(&line.max_connections).map_err(|problem| wrong.push(problem)).ok().flatten();
    let gift = gift(&line.gift, asker, gifts).map_err(|problem| wrong.push(problem)).unwrap_or_default();
    twice(work, bulk, row.position, &line, &mut wrong).await?;
    row.owner_id = reseller.or_else(|| own(asker)).map(|id| id.0);
    let asked = CreateAccount {
        account_id: row.account(),
        reseller_id: reseller,
        plan_id: plan.unwrap_or(PlanId(Uuid::nil())),
        last_day: text(&line.last_day).map(str::to_owned),
        username: text(&line.username).map(str::to_owned),
        email: text(&line.email).map(str::to_owned),
        mac: text(&line.mac).map(str::to_owned),
        notes: text(&line.notes).map(str::to_owned),
        max_connections: connections,
        gift,
    };
    // All that is wrong with a line is said at once: whoever mends the file does it once.
    wrong.extend(account::wrong_fields(&asked));
    if !wrong.is_empty() {
        return Err(Failure::validation(wrong));
    }
    let created = account::create_within(app, work, asker, &asked).await?;
    row.new_last_day = created.account.last_day;
    row.username = Some(created.account.username);
    if let Some(cost) = created.cost {
        (row.cost, row.unit) = (cost.value(), Some(cost.unit().to_string()));
    }
    Ok(())
}

fn text(cell: &str) -> Option<&str> {
    Some(cell.trim()).filter(|text| !text.is_empty())
}

fn own(asker: &Asker<'_>) -> Option<ResellerId> {
    match asker.scope {
        Scope::Operator => None,
        Scope::Subtree { reseller, .. } => Some(*reseller),
    }
}

/// What a cell means; where it means nothing, that is noted. Another failure stops the line.
fn noted<T>(cell: Result<T, Failure>, wrong: &mut Vec<FieldProblem>) -> Result<Option<T>, Failure> {
    match cell {
        Ok(value) => Ok(Some(value)),
        Err(failure) if failure.code() == Code::ValidationFailed => {
            wrong.extend(failure.problem().fields.iter().cloned());
            Ok(None)
        }
        Err(failure) => Err(failure),
    }
}

fn connections(cell: &str) -> Result<Option<u16>, FieldProblem> {
    let number = |text: &str| text.parse::<u16>().map_err(|_| field("max_connections", "a whole number, or nothing"));
    text(cell).map(number).transpose()
}

/// Whether the operator gives it. Who may not give is told so where the file says yes.
fn gift(cell: &str, asker: &Asker<'_>, allowed: bool) -> Result<bool, FieldProblem> {
    let yes = match text(cell).map(str::to_lowercase).as_deref() {
        None | Some("no") => false,
        Some("yes") => true,
        Some(_) => return Err(field("gift", "yes or no, or nothing")),
    };
    match (yes && !allowed, asker.scope) {
        (false, _) => Ok(yes),
        (true, Scope::Subtree { .. }) => Err(field("gift", "only the operator gives service away")),
        (true, Scope::Operator) => Err(field("gift", "only an admin gives service away: ask one to send this file")),
    }
}

/// By its id or its name.
async fn plan(work: &mut Work, cell: &str) -> Result<PlanId, Failure> {
    let wrong = |message: &str| Failure::validation(vec![field("plan", message)]);
    let Some(name) = text(cell) else { return Err(wrong("the name of a plan")) };
    if let Ok(id) = name.parse::<PlanId>() {
        return Ok(id);
    }
    let operator = work.operator();
    match repo::plans_named(work.conn(), operator, name).await?.as_slice() {
        [] => Err(wrong("no active plan is called so")),
        [id] => Ok(PlanId(*id)),
        _ => Err(wrong("several plans are called so: write the plan's id instead")),
    }
}

/// By its id, its user name or its e-mail address. One of somebody else is refused in the words of none.
async fn reseller(work: &mut Work, asker: &Asker<'_>, cell: &str) -> Result<Option<ResellerId>, Failure> {
    let wrong = |message: &str| Failure::validation(vec![field("reseller", message)]);
    let Some(name) = text(cell) else {
        return if own(asker).is_some() { Ok(None) } else { Err(wrong("say whose it will be")) };
    };
    let found = match name.parse::<ResellerId>() {
        Ok(id) => Some(id),
        Err(_) => repo::reseller_named(work.conn(), asker.operator, &name.to_lowercase()).await?.map(ResellerId),
    };
    let nobody = || wrong("there is no such reseller, or it is not yours");
    let id = found.ok_or_else(nobody)?;
    match if_found(resellers::path(work.conn(), asker.operator, asker.scope, id).await)? {
        Some(_) => Ok(Some(id)),
        None => Err(nobody()),
    }
}

/// What stands in a line before this one as well. That line is created, and this one could not be.
async fn twice(
    work: &mut Work,
    bulk: BulkId,
    position: i64,
    line: &BulkLine,
    wrong: &mut Vec<FieldProblem>,
) -> Result<(), Failure> {
    let before = |column: &str, other: i64| field(column, format!("line {other} of this file has it already"));
    if let Some(name) = text(&line.username) {
        let other = repo::same_username(work.conn(), bulk, name, position).await?;
        wrong.extend(other.map(|other| before("username", other)));
    }
    if let Some(mac) = text(&line.mac) {
        let other = repo::same_mac(work.conn(), bulk, mac, position).await?;
        wrong.extend(other.map(|other| before("mac", other)));
    }
    Ok(())
}

/// Accounts that the lines before would create, of each reseller. Each line is tried alone, so the limit of accounts would
/// be told to none of them.
#[derive(Debug, Default)]
pub(in crate::engine::bulk) struct Beside(HashMap<Uuid, u32>);

impl Beside {
    /// Whether this one has room beside them; it is counted then.
    pub(in crate::engine::bulk) async fn room_for(
        &mut self,
        work: &mut Work,
        asker: &Asker<'_>,
        bulk: BulkId,
        row: &RowRecord,
    ) -> Result<(), Failure> {
        // Staff may give any number.
        let (Scope::Subtree { .. }, Some(owner)) = (asker.scope, row.owner_id) else { return Ok(()) };
        let before = if let Some(count) = self.0.get(&owner) {
            *count
        } else {
            let count = repo::planned(work.conn(), bulk, owner).await?;
            u32::try_from(count).map_err(Failure::internal)?
        };
        self.0.insert(owner, before);
        account::room_beside(work, asker, ResellerId(owner), before).await?;
        self.0.insert(owner, before.saturating_add(1));
        Ok(())
    }
}
