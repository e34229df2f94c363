//! Which lines are in a reseller's own log, and how much of them.
//!
//! A line is told where one of its people or devices did it, or where it was done to something of it or of a reseller below
//! it. What a reseller's own people did is told whole: they saw it. Of what others did only that is told which the reseller
//! sees elsewhere as well; everything that is not named here is told without its detail.

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

/// Whether a line is looked at for whom it concerns.
pub(super) fn is_told(action: &str) -> bool {
    let family = action.split('.').next().unwrap_or_default();
    FAMILIES.contains(&family) || ACTIONS.contains(&action)
}

/// Whether what was before and after is told though somebody outside of the reseller did it.
pub(super) fn is_open(action: &str) -> bool {
    OPEN.contains(&action)
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
        assert!(is_told("session.open") && !is_open("session.open"));
        assert!(is_told("second_factor.remove") && !is_open("second_factor.remove"));
        assert!(is_told("account.transfer") && !is_open("account.transfer"));
    }
}
