//! `account_subscription` and `itv_subscription`.

use crate::accounts::Call;
use crate::answer::{Outcome, refuse};
use crate::catalog;
use crate::json::Json;
use crate::mysql::same;
use crate::select;
use crate::tables::{Tables, User};

/// A box is looked up by its MAC once more, so that of two accounts with one MAC the first stands for both.
fn behind(tables: &Tables, id: u32) -> u32 {
    let Some(user) = tables.by_id(id) else { return id };
    if user.mac.is_empty() {
        return id;
    }
    tables.users().find(|other| same(&other.mac, &user.mac)).map_or(id, |first| first.id)
}

fn accounts(call: &Call<'_>) -> Result<Vec<u32>, String> {
    let found = select::boxes(call.tables, call.ids);
    if found.is_empty() && !call.ids.is_empty() {
        return refuse("Account not found");
    }
    Ok(found.into_iter().map(|id| behind(call.tables, id)).collect())
}

pub(crate) fn get(call: &Call<'_>) -> Outcome {
    let shown = accounts(call)?.into_iter().filter_map(|id| call.tables.by_id(id)).map(|user| {
        let ids: Vec<String> = user.packages.iter().map(u32::to_string).collect();
        Json::Object(vec![
            ("mac", Json::text(&user.mac)),
            ("subscribed", Json::texts(user.packages.iter().map(|id| catalog::package_shown(*id)))),
            ("subscribed_id", Json::texts(ids.iter().map(String::as_str))),
        ])
    });
    Ok(Json::List(shown.collect()))
}

/// `replace` is what POST does.
pub(crate) fn change(call: &mut Call<'_>, replace: bool) -> Outcome {
    let mut changed = false;
    for id in accounts(call)? {
        let (add, remove) = (packages(call, "subscribed"), packages(call, "unsubscribed"));
        let Some(user) = call.tables.by_id_mut(id) else { continue };
        changed |= change_one(user, &add, &remove, replace);
    }
    Ok(Json::Bool(changed))
}

/// External ids from the fields `name[]` and `name_id[]`.
fn packages(call: &Call<'_>, name: &str) -> Vec<String> {
    let by_id = call.form.list(&format!("{name}_id"));
    let known = by_id.iter().filter_map(|id| id.parse().ok()).map(|id| catalog::package_shown(id).to_owned());
    call.form.list(name).into_iter().chain(known).collect()
}

fn change_one(user: &mut User, add: &[String], remove: &[String], replace: bool) -> bool {
    let before = user.packages.clone();
    let wanted: Vec<u32> = add.iter().filter_map(|id| catalog::optional_package(user.tariff_plan_id, id)).collect();
    if replace {
        user.packages = wanted;
        return true;
    }
    user.packages.retain(|id| !remove.iter().any(|external| catalog::package_shown(*id) == external));
    for id in wanted {
        if !user.packages.contains(&id) {
            user.packages.push(id);
        }
    }
    user.packages != before
}

pub(crate) fn delete(call: &mut Call<'_>) -> Outcome {
    for id in accounts(call)? {
        if let Some(user) = call.tables.by_id_mut(id) {
            user.packages.clear();
        }
    }
    Ok(Json::Bool(true))
}

/// Identifiers that match nobody answer with everybody's.
pub(crate) fn channels(call: &Call<'_>) -> Json {
    let found = select::boxes(call.tables, call.ids);
    let of = |everybody: bool| {
        let users = call.tables.users().filter(|user| everybody || found.contains(&user.id));
        users.filter_map(subscribed_channels).collect::<Vec<Json>>()
    };
    let shown = of(false);
    Json::List(if shown.is_empty() { of(true) } else { shown })
}

fn subscribed_channels(user: &User) -> Option<Json> {
    let channels = user.sub_ch.as_ref()?;
    Some(Json::Object(vec![
        ("sub_ch", Json::texts(channels.iter().map(String::as_str))),
        ("mac", Json::text(&user.mac)),
        ("ls", Json::text(&user.ls)),
        ("additional_services_on", Json::text(&user.additional_services_on)),
    ]))
}

pub(crate) fn put_channels(call: &mut Call<'_>) -> Json {
    let found = select::boxes(call.tables, call.ids);
    let channels = call.form.list("sub_ch");
    let additional = call.form.text("additional_services_on");
    for user in call.tables.users_mut().filter(|user| found.contains(&user.id)) {
        user.sub_ch = Some(channels.clone());
        if let Some(additional) = &additional {
            user.additional_services_on.clone_from(additional);
        }
    }
    self::channels(call)
}
