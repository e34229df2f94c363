//! Names of what a portal is and how an account stands on it.

use serde::{Deserialize, Serialize};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            pub fn from_stored(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == name)
            }
        }
    };
}

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
