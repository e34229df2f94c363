//! `stb`: boxes, from one query and therefore cheap, with the two writes that the vendor advises against.

use std::collections::HashSet;

use crate::accounts::{Call, online, reseller_id};
use crate::answer::{Outcome, refuse};
use crate::columns::{self, Written};
use crate::form::is_falsy;
use crate::json::Json;
use crate::mysql::{normal_mac, same};
use crate::select;
use crate::setup::Setup;
use crate::tables::User;

pub(crate) fn get(call: &Call<'_>) -> Json {
    list(call, &select::boxes(call.tables, call.ids))
}

fn list(call: &Call<'_>, ids: &[u32]) -> Json {
    let wanted: HashSet<u32> = ids.iter().copied().collect();
    Json::List(call.tables.users().filter(|user| wanted.contains(&user.id)).map(|u| record(u, call.setup)).collect())
}

pub(crate) fn create(call: &mut Call<'_>) -> Outcome {
    if call.form.is_empty() {
        return refuse("HTTP POST data is empty");
    }
    let fields = call.form.only(&columns::stb_fields(call.setup));
    let mut written = Written::of(&fields, call.setup, call.now, call.output);
    match written.text("mac").map(str::to_owned) {
        Some(mac) => {
            let Some(mac) = normal_mac(&mac) else { return refuse("Not valid mac address") };
            if call.tables.users().any(|user| same(&user.mac, &mac)) {
                return refuse("Stb already exists");
            }
            written.set("mac", mac);
        }
        None if fields.has("login") && fields.has("password") => {}
        None => return refuse("Login and password required"),
    }
    written.insert_refusal("users")?;
    let mut user = User::new("");
    written.apply(&mut user);
    // The status goes into the table as it came, where on is 0.
    user.off = fields.bytes("status").is_some_and(|status| !is_falsy(status));
    let id = call.tables.add(user);
    Ok(call.tables.by_id(id).map_or(Json::Bool(false), |user| record(user, call.setup)))
}

pub(crate) fn update(call: &mut Call<'_>) -> Outcome {
    if call.ids.is_empty() && !call.setup.multiple_stb_update {
        return refuse("Identifier required");
    }
    if call.form.is_empty() {
        return refuse("HTTP POST data is empty");
    }
    let found = select::boxes(call.tables, call.ids);
    if found.is_empty() {
        return Ok(Json::Bool(false));
    }
    let fields = call.form.only(&columns::stb_fields(call.setup));
    let written = Written::of(&fields, call.setup, call.now, call.output);
    // A reboot uses up the condition of the statement: what comes with it is written to every row.
    let everybody = call.form.has("reboot");
    for user in call.tables.users_mut().filter(|user| everybody || found.contains(&user.id)) {
        written.update_refusal(user.id)?;
        written.apply(user);
    }
    Ok(list(call, &found))
}

pub(crate) fn delete(call: &mut Call<'_>) -> Outcome {
    if call.ids.is_empty() {
        return refuse("Identifier required");
    }
    let found = select::boxes(call.tables, call.ids);
    if found.is_empty() {
        return refuse("STB not found");
    }
    call.tables.delete(&found);
    Ok(Json::Bool(true))
}

fn record(user: &User, setup: &Setup) -> Json {
    let mut fields = vec![
        ("mac", Json::text(&user.mac)),
        ("ip", Json::text("")),
        ("ls", Json::text(&user.ls)),
        ("version", Json::text("")),
        ("status", Json::Int(i64::from(!user.off))),
        ("additional_services_on", Json::text(&user.additional_services_on)),
        ("last_active", Json::or_null(user.shown_last_active(setup))),
        ("login", Json::text(&user.login)),
    ];
    if setup.has_reseller_id() {
        fields.push(("reseller_id", reseller_id(user)));
    }
    fields.push(("account_balance", Json::text(&user.account_balance)));
    fields.push(("online", online(user, setup)));
    if setup.internal_billing {
        fields.push(("end_date", Json::or_null(user.shown_end_date(setup))));
    }
    Json::Object(fields)
}
