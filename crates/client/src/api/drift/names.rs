//! Names of drift, jobs and repairs, for TypeScript.

use crate::api::portals::named;

named! {
    /// How a portal and Counterfoil disagree about an account: other values are shown, it is gone from the portal, the
    /// portal's account of this login is not known to be the customer's, or Counterfoil knows no such account.
    DriftKind { Differs, Missing, Unlinked, Unknown, }
    /// A field that is compared. `end_date` is the day on which the portal cuts the account: the day after its last.
    DriftField { Enabled, EndDate, Tariff, Owner, }
    /// Who changed a value since both last agreed; unknown where they never did.
    Moved { Portal, Central, Both, Unknown, }
    /// Whose values are put in the place of: the portal's, or Counterfoil's.
    RepairDirection { Portal, Central, }
    /// Work with many accounts of a portal.
    PortalJobKind { SyncChanges, SyncEverything, RepairPortal, RepairCentral, PushAssignments, Undo, }
    /// Where a job stands; one that was cancelled or failed can be resumed.
    JobState { Running, Asking, Done, Cancelled, Failed, }
    /// What a job is at.
    JobPhase { Listing, Details, Comparing, Repairing, }
    /// What a job found that nobody should believe unasked.
    JobQuestion { AccountsVanish, OwnersVanish, }
    /// What a repair does to an account.
    RepairChange { SwitchOn, SwitchOff, EndDate, Tariff, Owner, Create, Link, TakeIn, }
    /// Why a repair leaves an account, or a field of it, as it is.
    RepairRefusal {
        NotOurs,
        NotThere,
        NotAddressable,
        Shared,
        NoPlan,
        OwnerUnknown,
        NobodyNamed,
        Unreadable,
        NameUnfit,
        NameTaken,
        Changed,
    }
}

#[cfg(test)]
mod tests {
    use counterfoil_domain::portal as names;

    use super::*;

    macro_rules! same_names {
        ($($name:ident),*) => {$(
            for one in names::$name::ALL {
                let view = $name::from(*one);
                assert_eq!(serde_json::to_value(view).expect("plain"), one.as_str());
                assert_eq!(names::$name::from(view), *one);
            }
        )*};
    }

    #[test]
    fn names_are_those_of_the_wire() {
        same_names!(DriftKind, DriftField, Moved, RepairDirection, PortalJobKind);
        same_names!(JobState, JobPhase, JobQuestion, RepairChange, RepairRefusal);
    }
}
