//! `stb_auth` and `stb_modules`.

use crate::accounts::Call;
use crate::answer::{Outcome, refuse};
use crate::form::is_falsy;
use crate::json::Json;
use crate::select;

/// Modules that the tariff plan leaves out: computed, whatever is written.
const DISABLED: &[&str] = &["vclub", "karaoke", "cityinfo", "horoscope", "anecdote", "game.mastermind", "infoportal"];

/// A reset also forgets the MAC, and without an identifier everybody's.
pub(crate) fn put_auth(call: &mut Call<'_>) -> Outcome {
    let found = select::boxes(call.tables, call.ids);
    if found.is_empty() {
        return refuse("STB not found");
    }
    if call.form.bytes("reset_device_id").is_some_and(|reset| !is_falsy(reset)) {
        for user in call.tables.users_mut().filter(|user| found.contains(&user.id)) {
            user.mac.clear();
        }
    }
    Ok(Json::Bool(true))
}

pub(crate) fn modules(call: &Call<'_>) -> Outcome {
    let found = select::boxes(call.tables, call.ids);
    let Some(user) = found.first().and_then(|id| call.tables.by_id(*id)) else { return refuse("STB not found") };
    Ok(Json::Object(vec![
        ("disabled", Json::texts(DISABLED.iter().copied())),
        ("restricted", Json::texts(user.restricted.iter().map(String::as_str))),
    ]))
}

pub(crate) fn put_modules(call: &mut Call<'_>) -> Outcome {
    let found = select::boxes(call.tables, call.ids);
    let restricted = call.form.list("restricted");
    for user in call.tables.users_mut().filter(|user| found.contains(&user.id)) {
        user.restricted.clone_from(&restricted);
    }
    modules(call)
}
