//! One operation on many accounts: which there are, and where one stands (product.md A4).

use crate::named::named;

/// Accounts that one bulk operation may have.
pub const MOST_ACCOUNTS: u32 = 100_000;
/// Accounts that can be chosen one by one in a call.
pub const MOST_CHOSEN: usize = 5_000;
/// Lines of a file that can be sent in a call.
pub const MOST_LINES_AT_ONCE: usize = 500;
/// Characters of one cell of a file. No field of an account takes so many.
pub const LONGEST_CELL: usize = 1_000;
/// Characters of a file's name.
pub const LONGEST_FILE_NAME: usize = 200;

named! {
    /// What is done to many accounts.
    BulkKind {
        Extend = "extend",
        Suspend = "suspend",
        Activate = "activate",
        /// Another plan for what is left of the service.
        PlanChange = "plan_change",
        /// To another reseller; the operator's staff only.
        Transfer = "transfer",
        /// Accounts that are not there yet, each from a line of a file.
        Create = "create",
    }
}

impl BulkKind {
    /// Whether another operation leads back to where an account was. Service that was paid for has none: no rule gives a
    /// reseller back what an extension or a new account cost.
    pub const fn can_be_undone(self) -> bool {
        match self {
            Self::Suspend | Self::Activate | Self::PlanChange | Self::Transfer => true,
            Self::Extend | Self::Create => false,
        }
    }
}

named! {
    /// Where a bulk operation stands.
    BulkState {
        /// The lines of its file are on their way; nobody is at it before all are there.
        Receiving = "receiving",
        /// Its accounts are written down, and each is tried without being changed.
        Planning = "planning",
        /// The dry run is there to be looked at; nothing has happened.
        Planned = "planned",
        Running = "running",
        Done = "done",
        /// Stopped by a person; what was done stays, the rest can be run later.
        Cancelled = "cancelled",
        Undoing = "undoing",
        Undone = "undone",
        /// Something stood in the way of all of it; it can be run again.
        Failed = "failed",
    }
}

impl BulkState {
    /// Whether somebody is at it, or will be.
    pub const fn goes_on(self) -> bool {
        matches!(self, Self::Planning | Self::Running | Self::Undoing)
    }
}

named! {
    /// Where one account of a bulk operation stands.
    BulkRowState {
        /// Written down, not tried yet.
        Waiting = "waiting",
        /// It would be changed, at the cost that is shown.
        Planned = "planned",
        /// It cannot be changed, and was not.
        Refused = "refused",
        Done = "done",
        Undone = "undone",
        /// It was changed, and stays so: somebody changed it since.
        Kept = "kept",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paid_service_stays_for_good() {
        let stays: Vec<_> = BulkKind::ALL.iter().filter(|kind| !kind.can_be_undone()).collect();
        assert_eq!(stays, [&BulkKind::Extend, &BulkKind::Create]);
    }

    #[test]
    fn what_is_over_does_not_go_on() {
        let open: Vec<_> = BulkState::ALL.iter().copied().filter(|state| state.goes_on()).collect();
        assert_eq!(open, [BulkState::Planning, BulkState::Running, BulkState::Undoing]);
    }
}
