//! `reseller`, of Ministra 5.6.

use crate::accounts::Call;
use crate::answer::{Outcome, refuse};
use crate::json::Json;
use crate::tables::Reseller;

const NOT_FOUND: &str = "Account not found";

pub(crate) fn get(call: &Call<'_>) -> Outcome {
    let found: Vec<Json> = call
        .tables
        .resellers
        .iter()
        .filter(|reseller| call.ids.is_empty() || call.ids.contains(&reseller.id.to_string()))
        .map(record)
        .collect();
    if found.is_empty() && !call.ids.is_empty() { refuse(NOT_FOUND) } else { Ok(Json::List(found)) }
}

fn record(reseller: &Reseller) -> Json {
    Json::Object(vec![
        ("id", Json::text(reseller.id.to_string())),
        ("name", Json::text(&reseller.name)),
        ("created", Json::text(&reseller.created)),
        ("modified", Json::text(&reseller.modified)),
        ("max_users", Json::text(&reseller.max_users)),
        ("use_ip_ranges", Json::text("0")),
    ])
}

/// Says false when it has created one.
pub(crate) fn create(call: &mut Call<'_>) -> Outcome {
    let Some(name) = call.form.text("name").filter(|name| !name.is_empty()) else {
        return refuse("Reseller name required");
    };
    name_is_free(call, &name, None)?;
    let max_users = call.form.text("max_users").unwrap_or_default();
    call.tables.add_reseller(&name, &max_users, call.now);
    Ok(Json::Bool(false))
}

pub(crate) fn update(call: &mut Call<'_>) -> Outcome {
    let id = one(call)?;
    if let Some(name) = call.form.text("name") {
        name_is_free(call, &name, Some(id))?;
    }
    let (name, max_users) = (call.form.text("name"), call.form.text("max_users"));
    let now = call.now.strftime("%Y-%m-%d %H:%M:%S").to_string();
    for reseller in call.tables.resellers.iter_mut().filter(|reseller| reseller.id == id) {
        if let Some(name) = &name {
            reseller.name.clone_from(name);
        }
        if let Some(max_users) = &max_users {
            reseller.max_users.clone_from(max_users);
        }
        reseller.modified.clone_from(&now);
    }
    Ok(Json::Bool(true))
}

pub(crate) fn delete(call: &mut Call<'_>) -> Outcome {
    let id = one(call)?;
    if call.tables.users().any(|user| user.reseller_id == id) {
        return refuse("Finded reseller's users, cannot delete reseller, operation canceled");
    }
    call.tables.resellers.retain(|reseller| reseller.id != id);
    Ok(Json::Bool(true))
}

fn one(call: &Call<'_>) -> Result<u32, String> {
    let Some(id) = call.ids.first() else { return refuse("Identifier required") };
    let known = call.tables.resellers.iter().find(|reseller| reseller.id.to_string() == *id);
    known.map_or_else(|| refuse(NOT_FOUND), |reseller| Ok(reseller.id))
}

fn name_is_free(call: &Call<'_>, name: &str, own: Option<u32>) -> Result<(), String> {
    if call.tables.resellers.iter().any(|other| other.name == name && Some(other.id) != own) {
        return refuse("Reseller with this name already exists");
    }
    Ok(())
}
