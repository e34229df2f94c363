//! All that happened to an account: what the audit has of it, and the codes redeemed for it.

use std::collections::BTreeMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{AccountId, OperatorId};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::accounts::{AccountEvent, ActorKind, FieldChange};
use counterfoil_wire::page::{Page, PageQuery};
use serde::Deserialize;
use serde_json::Value;

use super::repo;
use crate::engine::App;
use crate::engine::http::{key_text, limit, newest_before};
use crate::engine::stored::stored;

/// Fields of a line that are told by themselves, or are no news.
const NOT_CHANGES: [&str; 6] = ["reason", "cost", "version", "account_id", "price", "plan_id"];

/// The newest first.
pub(crate) async fn history(
    app: &App,
    operator: OperatorId,
    scope: &Scope,
    id: AccountId,
    query: &PageQuery,
) -> Result<Page<AccountEvent>, Failure> {
    let (limit, before) = (limit(query.limit)?, newest_before(query.after.as_deref())?);
    let mut reader = app.reader().await?;
    super::get(&mut reader, operator, scope, id, app.now()).await?;
    let mut rows = repo::history::page(&mut reader, operator, id, before, limit + 1).await?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let next = rows.last().filter(|_| more).map(|row| key_text(&(row.at, row.id)));
    let items = rows.into_iter().map(|row| event(row, scope)).collect::<Result<_, _>>()?;
    Ok(Page { items, next })
}

#[derive(Deserialize, Default)]
struct Detail {
    #[serde(default)]
    before: BTreeMap<String, Value>,
    #[serde(default)]
    after: BTreeMap<String, Value>,
}

/// A reseller is not told the names of the operator's people, nor those of another reseller that had the account before.
fn event(row: repo::history::EventRow, scope: &Scope) -> Result<AccountEvent, Failure> {
    let detail: Detail = stored(serde_json::from_str(&row.detail).ok(), "audit", "detail", row.id)?;
    let by = stored(actor_kind(&row.actor), "audit", "actor", row.id)?;
    let text = |key: &str| detail.after.get(key).and_then(Value::as_str).map(str::to_owned);
    let in_scope = row.by_path.as_deref().is_some_and(|path| path.starts_with(scope.path_prefix()));
    let named = *scope == Scope::Operator || in_scope;
    let serves = matches!(row.action.as_str(), "account.create" | "account.extend");
    Ok(AccountEvent {
        at: Timestamp(row.at),
        by,
        by_name: row.by_name.filter(|_| named),
        serial: row.serial,
        plan_name: row.plan_name.or_else(|| text("plan_name").filter(|_| serves)),
        last_day: row.last_day.or_else(|| text("last_day").filter(|_| serves)),
        cost: detail.after.get("cost").and_then(|cost| serde_json::from_value::<Amount>(cost.clone()).ok()),
        reason: text("reason"),
        changes: if row.action == "account.create" { Vec::new() } else { changes(&detail) },
        action: row.action,
    })
}

fn actor_kind(stored: &str) -> Option<ActorKind> {
    Some(match stored {
        "staff" => ActorKind::Staff,
        // Desktops of last year know no more kinds; its name says that it is a key.
        "member" | "api_key" => ActorKind::Member,
        "device" => ActorKind::Device,
        "customer" => ActorKind::Customer,
        "system" => ActorKind::System,
        _ => return None,
    })
}

fn changes(detail: &Detail) -> Vec<FieldChange> {
    let mut fields: Vec<&String> = detail.before.keys().chain(detail.after.keys()).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
        .into_iter()
        .filter(|field| !NOT_CHANGES.contains(&field.as_str()))
        .filter(|field| detail.before.get(*field) != detail.after.get(*field))
        .map(|field| FieldChange {
            field: field.clone(),
            before: detail.before.get(field).and_then(plain),
            after: detail.after.get(field).and_then(plain),
        })
        .collect()
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        other => Some(other.to_string()),
    }
}
