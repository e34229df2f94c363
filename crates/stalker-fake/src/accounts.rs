//! `accounts` and `users`: the same code, but for what their identifiers mean and how one record is shown.

use jiff::civil::DateTime;

use crate::answer::{Outcome, refuse};
use crate::catalog;
use crate::columns::{self, Written};
use crate::form::Form;
use crate::json::Json;
use crate::mysql::{normal_mac, same};
use crate::select::{self, AccountKey};
use crate::setup::Setup;
use crate::tables::{Tables, User};

/// What a call may look at and change.
pub(crate) struct Call<'a> {
    pub(crate) setup: &'a Setup,
    pub(crate) tables: &'a mut Tables,
    pub(crate) ids: &'a [String],
    pub(crate) form: &'a Form,
    pub(crate) now: DateTime,
    /// What PHP prints on the way.
    pub(crate) output: &'a mut String,
}

pub(crate) fn get(call: &Call<'_>, key: AccountKey) -> Outcome {
    let found = select::accounts(call.tables, call.ids, key);
    if !call.ids.is_empty() {
        if call.ids.len() == 1 && found.is_empty() {
            return refuse("Account not found");
        }
        if found.len() < call.ids.len() {
            return refuse("One or more identifiers are incorrect");
        }
    }
    let wanted: std::collections::HashSet<u32> = found.into_iter().collect();
    let mut users = call.tables.users().filter(|user| wanted.contains(&user.id));
    if key == AccountKey::Login {
        return users.next().map_or_else(|| refuse("Account not found"), |user| Ok(record(user, call)));
    }
    let mut records: Vec<Json> = users.map(|user| record(user, call)).collect();
    if call.ids.is_empty() {
        haunt(&mut records, call.setup.ghosts);
    }
    Ok(Json::List(records))
}

/// Rows that were deleted while the list was made.
fn haunt(records: &mut [Json], ghosts: usize) {
    let step = records.len() / (ghosts + 1);
    for number in 1..=ghosts {
        if let Some(record) = records.get_mut((number * step).saturating_sub(1)) {
            *record = Json::Object(vec![
                ("status", Json::Int(1)),
                ("tariff_plan", Json::text(catalog::DEFAULT_PLAN)),
                ("subscribed", Json::List(Vec::new())),
                ("subscribed_id", Json::List(Vec::new())),
            ]);
        }
    }
}

pub(crate) fn create(call: &mut Call<'_>) -> Outcome {
    if call.form.is_empty() {
        return refuse("HTTP POST data is empty");
    }
    let fields = call.form.only(&columns::account_fields(call.setup));
    if fields.is_empty() {
        return refuse("Insert data is empty");
    }
    let mut written = Written::of(&fields, call.setup, call.now, call.output);
    if let Some(mac) = written.text("stb_mac").filter(|mac| !mac.is_empty()) {
        let Some(mac) = normal_mac(mac) else { return refuse("Not valid mac address") };
        written.set("stb_mac", mac);
    }
    let login = written.text("login").unwrap_or_default().to_owned();
    if !fields.has("login") || (login.is_empty() && fields.bytes("login").is_some()) {
        return refuse("Login required");
    }
    if call.tables.user(&login).is_some_and(|_| !login.is_empty()) {
        return refuse("Login already in use");
    }
    if let Some(mac) = written.text("stb_mac").filter(|mac| !mac.is_empty())
        && call.tables.users().any(|user| same(&user.mac, mac))
    {
        return refuse("MAC address already in use");
    }
    check_reseller(&written, call.tables)?;
    written.insert_refusal("users")?;
    let mut user = User::new(&login);
    written.apply(&mut user);
    call.tables.add(user);
    Ok(Json::Bool(true))
}

pub(crate) fn update(call: &mut Call<'_>, key: AccountKey) -> Outcome {
    let found = one_account(call, key)?;
    if call.form.is_empty() {
        return refuse("HTTP POST data is empty");
    }
    let fields = call.form.only(&columns::account_fields(call.setup));
    if fields.is_empty() {
        return refuse("Insert data is empty");
    }
    // Unlike on POST, the MAC is stored as it came.
    let mut written = Written::of(&fields, call.setup, call.now, call.output);
    if let Some(login) = written.text("login").filter(|login| !login.is_empty())
        && call.tables.user(login).is_some_and(|other| !found.contains(&other.id))
    {
        return refuse("Login already in use");
    }
    check_reseller(&written, call.tables)?;
    written.drop_empty_password();
    for id in found {
        written.update_refusal(id)?;
        if let Some(user) = call.tables.by_id_mut(id) {
            written.apply(user);
        }
    }
    Ok(Json::Bool(true))
}

pub(crate) fn delete(call: &mut Call<'_>, key: AccountKey) -> Outcome {
    let found = one_account(call, key)?;
    call.tables.delete(&found);
    Ok(Json::Bool(true))
}

/// Exactly one identifier, which may still mean several rows.
fn one_account(call: &Call<'_>, key: AccountKey) -> Result<Vec<u32>, String> {
    match call.ids.len() {
        0 => refuse("Identifier required"),
        1 => match select::accounts(call.tables, call.ids, key) {
            found if found.is_empty() => refuse("Account not found"),
            found => Ok(found),
        },
        _ => refuse("Only one identifier allowed"),
    }
}

fn check_reseller(written: &Written, tables: &Tables) -> Result<(), String> {
    match written.reseller_id() {
        None | Some(0) => Ok(()),
        Some(id) if tables.reseller_name(id).is_some() => Ok(()),
        Some(_) => refuse("Reseller does not exist"),
    }
}

fn record(user: &User, call: &Call<'_>) -> Json {
    let setup = call.setup;
    let mut fields = vec![
        ("login", Json::text(&user.login)),
        ("full_name", Json::text(&user.full_name)),
        ("phone", Json::text(&user.phone)),
        ("account_number", Json::text(&user.ls)),
        ("tariff_plan", Json::text(catalog::plan_shown(user.tariff_plan_id))),
    ];
    if setup.is_ministra() {
        let instead = user.tariff_instead_expired.map(catalog::plan_shown);
        fields.push(("tariff_expired_date", Json::or_null(user.tariff_expired_date.as_deref())));
        fields.push(("tariff_instead_expired", Json::or_null(instead)));
    }
    fields.extend([
        ("stb_sn", Json::text("")),
        ("stb_mac", Json::text(&user.mac)),
        ("stb_type", Json::text("")),
        ("status", Json::Int(i64::from(!user.off))),
        ("online", online(user, setup)),
        ("ip", Json::text("")),
        ("version", Json::text("")),
        ("comment", Json::or_null(user.comment.as_deref())),
    ]);
    if setup.internal_billing {
        fields.push(("end_date", Json::or_null(user.shown_end_date(setup))));
    }
    fields.push(("account_balance", Json::text(&user.account_balance)));
    fields.push(("last_active", Json::or_null(user.shown_last_active(setup))));
    if setup.has_reseller_id() {
        let name = call.tables.reseller_name(user.reseller_id);
        fields.push(("reseller_id", reseller_id(user)));
        fields.push(("reseller_name", Json::or_null(name)));
    }
    if setup.custom_reseller {
        fields.push(("reseller", Json::or_null(user.custom_reseller.as_deref())));
    }
    let ids: Vec<String> = user.packages.iter().map(u32::to_string).collect();
    fields.push(("subscribed", Json::texts(user.packages.iter().map(|id| catalog::package_shown(*id)))));
    fields.push(("subscribed_id", Json::texts(ids.iter().map(String::as_str))));
    Json::Object(fields)
}

/// Ministra says nothing of a box that it never heard of.
pub(crate) fn online(user: &User, setup: &Setup) -> Json {
    if user.online {
        Json::text("1")
    } else if setup.is_ministra() {
        Json::Null
    } else {
        Json::text("0")
    }
}

pub(crate) fn reseller_id(user: &User) -> Json {
    if user.reseller_id == 0 { Json::Null } else { Json::text(user.reseller_id.to_string()) }
}
