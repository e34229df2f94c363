//! What the page tells outside the window. The page decides what is told, when and in which words, in
//! `ui/src/lib/state/notifications.svelte.ts`; here it is only shown, and a click leads back.

use counterfoil_client::api::{ApiError, ErrorCode};
use tauri::{AppHandle, Emitter as _};
use tauri_plugin_notification::{ActionPerformed, NotificationExt as _};

use crate::window;

/// Tells the page that a notification was clicked; the payload is the place that it was shown with.
const OPENED: &str = "notification_opened";

/// What the plugin names a click on the notification itself.
const CLICKED: &str = "tap";

/// Where a click leads, kept with the notification.
const PLACE: &str = "place";

/// Shows it. That the system took it is not known: it answers the plugin on a thread of its own, or never.
#[tauri::command]
#[allow(clippy::needless_pass_by_value, reason = "Tauri hands a command what it asks for by value")]
pub(crate) fn notify(app: AppHandle, title: String, text: String, place: String) -> Result<(), ApiError> {
    let notification = app.notification().builder().title(title).body(text).extra(PLACE, place);
    notification.show().map_err(|error| ApiError::new(ErrorCode::Internal, error.to_string()))
}

/// A click brings the window to the front and the page to the place, on systems that tell of clicks.
pub(crate) fn lead_back(app: &AppHandle) -> tauri_plugin_notification::Result<()> {
    let handle = app.clone();
    app.notification().on_action(move |performed| {
        if performed.action_id() != CLICKED {
            return;
        }
        window::show(&handle);
        let Some(place) = place(performed) else { return };
        if let Err(error) = handle.emit(OPENED, place) {
            tracing::warn!(%error, "the window did not hear of a clicked notification");
        }
    })
}

fn place(performed: &ActionPerformed) -> Option<&str> {
    performed.notification()?.extra().get(PLACE)?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_click_leads_to_the_place_that_it_was_shown_with() {
        let clicked = |extra| {
            let told = json!({ "actionId": CLICKED, "inputValue": null, "notification": { "id": 7, "extra": extra } });
            serde_json::from_value::<ActionPerformed>(told).expect("as the plugin tells it")
        };
        assert_eq!(place(&clicked(json!({ PLACE: "#/orders?order=CF-1" }))), Some("#/orders?order=CF-1"));
        assert_eq!(place(&clicked(json!({}))), None);
    }
}
