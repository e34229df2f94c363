//! Which lines are in a reseller's own log, and how much of them.
//!
//! A line is told where one of its people or devices did it, or where it was done to something of it or of a reseller below
//! it. What a reseller's own people did is told whole: they saw it. Of what others did only that is told which the reseller
//! sees elsewhere as well; everything that is not named here is told without its detail.

use serde::Deserialize;
use uuid::Uuid;

/// Families that are about a reseller's affairs. All others are the operator's, or somebody else's.
const FAMILIES: [&str; 17] = [
    "account",
    "code",
    "credits",
    "device",
    "earning",
    "lease",
    "lot",
    "member",
    "notices",
    "order",
    "payment",
    "payout",
    "permissions",
    "relationship",
    "reseller",
    "second_factor",
    "session",
];

/// Single actions of other families: what a reseller asks for itself.
const ACTIONS: [&str; 8] = [
    "audit.export",
    "portal.box",
    "portal.box_outcome",
    "portal.direct_box",
    "top_up.approve",
    "top_up.ask",
    "top_up.cancel",
    "top_up.reject",
];

/// Told whole, whoever did it: the account, the permissions and the credits as their reseller sees them.
const OPEN: [&str; 13] = [
    "account.activate",
    "account.archive",
    "account.change_plan",
    "account.create",
    "account.edit",
    "account.extend",
    "account.reset_token",
    "account.suspend",
    "credits.move",
    "permissions.edit",
    "top_up.approve",
    "top_up.cancel",
    "top_up.reject",
];

/// Told whole, whoever did it, while the account stays whose it was. Of two resellers between which it went, neither is told
/// who the other is.
const OPEN_TO_ITS_RESELLER: [&str; 2] = ["account.put_back", "account.take_from_portal"];

/// Whether a line is looked at for whom it concerns.
pub(super) fn is_told(action: &str) -> bool {
    let family = action.split('.').next().unwrap_or_default();
    FAMILIES.contains(&family) || ACTIONS.contains(&action)
}

/// Whether what was before and after is told though somebody outside of the reseller did it.
pub(super) fn is_open(action: &str, detail: &str) -> bool {
    OPEN.contains(&action) || (OPEN_TO_ITS_RESELLER.contains(&action) && stays(detail))
}

#[derive(Deserialize)]
struct Sides {
    before: Option<Side>,
    after: Option<Side>,
}

#[derive(Deserialize)]
struct Side {
    reseller_id: Option<Uuid>,
}

/// Whether no reseller was followed by another one.
fn stays(detail: &str) -> bool {
    let Ok(Sides { before, after }) = serde_json::from_str(detail) else { return false };
    let owner = |side: Option<Side>| side.and_then(|side| side.reseller_id);
    match (owner(before), owner(after)) {
        (Some(before), Some(after)) => before == after,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_open, is_told};

    #[test]
    fn the_operators_affairs_are_told_nobody_and_what_is_open_is_told() {
        for action in ["plan.edit", "portal.edit", "staff.create", "operator.settings", "commission.rules", "top_ups.x"]
        {
            assert!(!is_told(action), "{action}");
        }
        for action in super::OPEN {
            assert!(is_told(action), "{action}");
        }
        for action in ["session.open", "second_factor.remove", "account.transfer"] {
            assert!(is_told(action) && !is_open(action, "{}"), "{action}");
        }
        assert!(is_open("account.edit", "{}"));
    }

    #[test]
    fn what_a_comparison_changed_is_told_whole_where_the_account_stays_whose_it_was() {
        let of = |before: &str, after: &str| format!(r#"{{"before":{before},"after":{after}}}"#);
        let side = |id: u128| format!(r#"{{"status":"active","reseller_id":"{}"}}"#, uuid::Uuid::from_u128(id));
        let nobodys = r#"{"status":"active","reseller_id":null}"#;
        for action in super::OPEN_TO_ITS_RESELLER {
            assert!(is_told(action));
            assert!(is_open(action, &of(&side(1), &side(1))));
            assert!(is_open(action, &of(nobodys, &side(1))));
            assert!(is_open(action, &format!(r#"{{"after":{}}}"#, side(1))), "it was nowhere");
            assert!(!is_open(action, &of(&side(1), &side(2))));
            assert!(!is_open(action, "not JSON"));
        }
        assert!(!is_open("account.transfer", &of(&side(1), &side(1))));
    }
}
