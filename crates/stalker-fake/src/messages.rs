//! `stb_msg` and `send_event`: without an identifier they reach everybody.

use crate::accounts::Call;
use crate::answer::{Outcome, refuse};
use crate::json::Json;
use crate::select;
use crate::tables::Event;

const EVENTS: &[&str] = &[
    "send_msg",
    "send_msg_with_video",
    "reboot",
    "reload_portal",
    "update_channels",
    "play_channel",
    "play_radio_channel",
    "update_image",
    "cut_off",
    "show_menu",
];

pub(crate) fn stb_msg(call: &mut Call<'_>) -> Outcome {
    let found = select::boxes(call.tables, call.ids);
    if found.is_empty() {
        return refuse("Empty stb list");
    }
    match call.form.text("msg") {
        Some(message) if !message.is_empty() => {
            queue(call, &found, "send_msg", &message);
            Ok(Json::Bool(true))
        }
        _ => refuse("Empty msg"),
    }
}

pub(crate) fn send_event(call: &mut Call<'_>) -> Outcome {
    let found = select::boxes(call.tables, call.ids);
    if found.is_empty() {
        return refuse("STB not found");
    }
    let event = call.form.text("event").unwrap_or_default();
    if !EVENTS.contains(&event.as_str()) {
        return Ok(Json::Bool(false));
    }
    let message = call.form.text("msg").unwrap_or_default();
    queue(call, &found, &event, &message);
    Ok(Json::Bool(true))
}

fn queue(call: &mut Call<'_>, users: &[u32], event: &str, message: &str) {
    let events = users.iter().map(|id| Event { user_id: *id, event: event.to_owned(), message: message.to_owned() });
    call.tables.events.extend(events);
}
