//! Names of what a portal is and how an account stands on it.

use crate::named::named;

named! {
    /// Whether Central writes to a portal.
    PortalStatus {
        Active = "active",
        /// What is to be written waits.
        Paused = "paused",
        Archived = "archived",
    }
}

named! {
    /// The field that carries an account's reseller on a portal.
    OwnerField {
        /// No account was there to look at.
        Unknown = "unknown",
        /// This portal holds no owner.
        None = "none",
        /// `reseller_id`, of Ministra 5.6 with its switch on.
        ResellerId = "reseller_id",
        /// `reseller`, a column that an operator has added.
        Reseller = "reseller",
    }
}

impl OwnerField {
    /// Whether an owner can be written and read there.
    pub const fn holds_one(self) -> bool {
        matches!(self, Self::ResellerId | Self::Reseller)
    }
}

named! {
    /// Whose program a portal is, as far as its words tell.
    PortalGeneration {
        Stalker4 = "stalker_4",
        Ministra5 = "ministra_5",
    }
}

named! {
    /// What should be known, or put right, before a portal is used.
    PortalWarning {
        /// Passwords travel readable.
        PlainHttp = "plain_http",
        /// Anybody who reaches the portal can do anything.
        NoAuthentication = "no_authentication",
        /// End dates are stored and neither shown nor acted upon: Central switches accounts off itself.
        NoInternalBilling = "no_internal_billing",
        /// There was no account to look at: look again when there is one.
        NoAccounts = "no_accounts",
        /// The portal cannot make its own list of accounts, most often for want of memory.
        ListFails = "list_fails",
    }
}

named! {
    /// How an account stands on a portal.
    ProvisioningState {
        /// Something is still to be written, and will be.
        Waiting = "waiting",
        /// The portal shows what is wanted.
        Agreed = "agreed",
        /// A person has to decide.
        Attention = "attention",
    }
}

named! {
    /// How a portal and Counterfoil disagree about an account.
    DriftKind {
        /// The portal shows other values.
        Differs = "differs",
        /// Counterfoil's account is not on the portal any more.
        Missing = "missing",
        /// An account of this login is on the portal, and nobody said that it is the customer's.
        Unlinked = "unlinked",
        /// Counterfoil knows no such account.
        Unknown = "unknown",
    }
}

named! {
    /// A field that is compared between a portal and Counterfoil.
    DriftField {
        Enabled = "enabled",
        /// The day on which the portal cuts the account: the day after its last.
        EndDate = "end_date",
        Tariff = "tariff",
        Owner = "owner",
    }
}

named! {
    /// Who changed a value since both last agreed.
    Moved {
        Portal = "portal",
        Central = "central",
        Both = "both",
        /// They never agreed before, as far as is known.
        Unknown = "unknown",
    }
}

named! {
    /// Whose values are put in the place of the other's.
    RepairDirection {
        /// Counterfoil's are written to the portal.
        Portal = "portal",
        /// The portal's are taken into Counterfoil.
        Central = "central",
    }
}

named! {
    /// Work with many accounts of a portal.
    PortalJobKind {
        /// Reads the cheap list, and the details of what it shows to have changed.
        SyncChanges = "sync_changes",
        /// Reads the details of every account: also what the cheap list does not show.
        SyncEverything = "sync_everything",
        RepairPortal = "repair_portal",
        RepairCentral = "repair_central",
        /// Writes every account's reseller to the portal.
        PushAssignments = "push_assignments",
        /// Takes a repair back.
        Undo = "undo",
    }
}

named! {
    /// Where work with many accounts stands.
    JobState {
        Running = "running",
        /// A person has to say whether to go on.
        Asking = "asking",
        Done = "done",
        Cancelled = "cancelled",
        /// Something stood in the way; it can be resumed.
        Failed = "failed",
    }
}

named! {
    /// What work with many accounts is at.
    JobPhase {
        Listing = "listing",
        Details = "details",
        Comparing = "comparing",
        Repairing = "repairing",
    }
}

named! {
    /// What a look at all accounts found that nobody should believe unasked.
    JobQuestion {
        AccountsVanish = "accounts_vanish",
        OwnersVanish = "owners_vanish",
    }
}

named! {
    /// What a repair does to an account.
    RepairChange {
        SwitchOn = "switch_on",
        SwitchOff = "switch_off",
        EndDate = "end_date",
        Tariff = "tariff",
        Owner = "owner",
        /// Makes the account on the portal anew.
        Create = "create",
        /// The portal's account is the customer's from now on.
        Link = "link",
        /// Makes a customer's account of the portal's.
        TakeIn = "take_in",
    }
}

named! {
    /// Why a repair leaves an account, or a field of it, as it is.
    RepairRefusal {
        /// Nothing is ever written to an account that Counterfoil does not know.
        NotOurs = "not_ours",
        /// There is nothing on the portal to take.
        NotThere = "not_there",
        /// No address can carry its login.
        NotAddressable = "not_addressable",
        /// Several accounts of the portal have this login.
        Shared = "shared",
        /// No plan, or more than one, is sold as this tariff.
        NoPlan = "no_plan",
        /// The portal names a reseller whom nobody has told apart.
        OwnerUnknown = "owner_unknown",
        /// The portal names nobody, and an owner is never dropped for that.
        NobodyNamed = "nobody_named",
        /// The portal's date cannot be read.
        Unreadable = "unreadable",
        /// A customer's account needs a user name of 1 to 50 characters.
        NameUnfit = "name_unfit",
        /// Another account has this user name.
        NameTaken = "name_taken",
        /// It changed since it was shown.
        Changed = "changed",
    }
}

named! {
    /// Whether the box of an account can be reached, which goes by its MAC address alone, and why not.
    BoxAddress {
        Usable = "usable",
        /// The account has no box.
        NoBox = "no_box",
        /// In a spelling that the portal itself never finds.
        Misspelt = "misspelt",
        /// What stands there is no MAC address.
        Junk = "junk",
        /// Several accounts have it: all of them would be reached.
        Shared = "shared",
        /// Several accounts of the portal have this login.
        SharedLogin = "shared_login",
    }
}

named! {
    /// What became of something that was done to a box.
    BoxOutcome {
        /// The portal keeps it until the box asks; it never tells whether one did.
        Queued = "queued",
        /// The portal has done it.
        Done = "done",
        /// The portal's answer was lost: perhaps it was done. It is never sent again by itself.
        Unknown = "unknown",
    }
}

named! {
    /// What was done to a box over its portal while Central was away. The words of a message are not kept.
    BoxContact {
        Message = "message",
        Reboot = "reboot",
        ReloadPortal = "reload_portal",
        UpdateChannels = "update_channels",
        CutOff = "cut_off",
    }
}

named! {
    /// How far a sending is.
    SendingState {
        Waiting = "waiting",
        Sending = "sending",
        Done = "done",
        /// What was not sent by then never is.
        Cancelled = "cancelled",
        /// The portal was away for so long that the rest was given up.
        Expired = "expired",
    }
}

named! {
    /// What became of an account of a sending that was not served.
    Unserved {
        /// The portal refused it.
        Failed = "failed",
        /// The portal's answer was lost: perhaps it was served.
        Unknown = "unknown",
        /// Its box was gone, or had become somebody else's, when its turn came.
        Skipped = "skipped",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_name_is_the_sent_one() {
        for state in ProvisioningState::ALL {
            assert_eq!(serde_json::to_value(state).expect("plain"), state.as_str());
            assert_eq!(ProvisioningState::from_stored(state.as_str()), Some(*state));
        }
        for field in OwnerField::ALL {
            assert_eq!(serde_json::to_value(field).expect("plain"), field.as_str());
        }
        assert_eq!(PortalStatus::from_stored("gone"), None);
        for state in SendingState::ALL {
            assert_eq!(serde_json::to_value(state).expect("plain"), state.as_str());
        }
        for address in BoxAddress::ALL {
            assert_eq!(serde_json::to_value(address).expect("plain"), address.as_str());
        }
    }
}
