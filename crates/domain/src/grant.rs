//! What a whole reseller may do, besides what the role of each of its members allows (product.md G1).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::named::named;

named! {
    /// One thing that the operator allows a reseller or not.
    Grant {
        CreateAccounts = "create_accounts",
        EditAccounts = "edit_accounts",
        ExtendAccounts = "extend_accounts",
        /// New password and token of an account.
        ResetTokens = "reset_tokens",
        ViewAccounts = "view_accounts",
        ViewStatistics = "view_statistics",
        ViewConnections = "view_connections",
        /// What older systems call deleting.
        ArchiveAccounts = "archive_accounts",
        ViewLogs = "view_logs",
        /// Many codes or accounts in one call.
        BulkOperations = "bulk_operations",
        ApiAccess = "api_access",
        Branding = "branding",
    }
}

impl Grant {
    /// Whether a reseller has it unless somebody decided otherwise.
    pub const fn is_default(self) -> bool {
        match self {
            Self::CreateAccounts
            | Self::EditAccounts
            | Self::ExtendAccounts
            | Self::ResetTokens
            | Self::ViewAccounts
            | Self::ViewStatistics
            | Self::ViewConnections => true,
            Self::ArchiveAccounts | Self::ViewLogs | Self::BulkOperations | Self::ApiAccess | Self::Branding => false,
        }
    }

    /// For the sentence "… is not allowed to your shop".
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::CreateAccounts => "Creating accounts",
            Self::EditAccounts => "Editing accounts",
            Self::ExtendAccounts => "Extending accounts",
            Self::ResetTokens => "Giving accounts a new password",
            Self::ViewAccounts => "Seeing accounts",
            Self::ViewStatistics => "Seeing statistics",
            Self::ViewConnections => "Seeing connections",
            Self::ArchiveAccounts => "Archiving accounts",
            Self::ViewLogs => "Seeing logs",
            Self::BulkOperations => "Changing many at once",
            Self::ApiAccess => "Using the API by other programs",
            Self::Branding => "A brand of its own",
        }
    }

    /// Why a reseller that has it not is refused, and who can change that: by Central, and by a desktop without a network.
    pub fn refusal(self) -> String {
        let what = self.in_words();
        format!("{what} is not allowed to your shop. An administrator of the operator can allow it.")
    }
}

named! {
    /// A set of permissions under a name, for a reseller to begin with (product.md G2).
    Template {
        /// A shop as most are.
        Basic = "basic",
        /// One that is trusted with everything a reseller can be given.
        Premium = "premium",
        /// One that is being tried out.
        Trial = "trial",
    }
}

impl Template {
    /// What it holds where the operator changed nothing.
    pub fn built_in(self) -> Permissions {
        let limited = |max_accounts, max_connections| Permissions {
            max_accounts: Some(max_accounts),
            max_connections,
            ..Permissions::default()
        };
        match self {
            Self::Basic => limited(500, Permissions::DEFAULT_MAX_CONNECTIONS),
            Self::Premium => {
                Permissions { grants: Grant::ALL.iter().copied().collect(), max_accounts: None, max_connections: 10 }
            }
            Self::Trial => Permissions {
                grants: [Grant::ViewAccounts, Grant::CreateAccounts, Grant::ExtendAccounts].into(),
                ..limited(25, 1)
            },
        }
    }
}

/// What a reseller may do, and how much of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Permissions {
    pub grants: BTreeSet<Grant>,
    /// Accounts it may have that are not archived; none is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_accounts: Option<u32>,
    /// Connections at once that it may give one account.
    pub max_connections: u16,
}

impl Permissions {
    pub const DEFAULT_MAX_CONNECTIONS: u16 = 3;
    /// More than any customer has screens.
    pub const MOST_CONNECTIONS: u16 = 100;

    pub fn allow(&self, grant: Grant) -> bool {
        self.grants.contains(&grant)
    }
}

impl Default for Permissions {
    fn default() -> Self {
        Self {
            grants: Grant::ALL.iter().copied().filter(|grant| grant.is_default()).collect(),
            max_accounts: None,
            max_connections: Self::DEFAULT_MAX_CONNECTIONS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_of_the_wire_and_seven_of_twelve_are_on() {
        for grant in Grant::ALL {
            assert_eq!(serde_json::to_value(grant).expect("json"), grant.as_str());
        }
        let usual = Permissions::default();
        assert_eq!(usual.grants.len(), 7);
        assert!(usual.allow(Grant::CreateAccounts) && !usual.allow(Grant::ArchiveAccounts));
        assert_eq!((usual.max_accounts, usual.max_connections), (None, 3));
    }

    #[test]
    fn every_template_says_how_much_of_what() {
        for template in Template::ALL {
            assert_eq!(serde_json::to_value(template).expect("json"), template.as_str());
            let within = 1..=Permissions::MOST_CONNECTIONS;
            assert!(within.contains(&template.built_in().max_connections), "{template:?}");
        }
        let [basic, premium, trial] = [Template::Basic, Template::Premium, Template::Trial].map(Template::built_in);
        assert_eq!((basic.grants, basic.max_accounts), (Permissions::default().grants, Some(500)));
        assert_eq!((premium.grants.len(), premium.max_accounts), (Grant::ALL.len(), None));
        assert_eq!((trial.grants.len(), trial.max_accounts, trial.max_connections), (3, Some(25), 1));
    }

    #[test]
    fn a_refusal_says_what_and_who_can_change_it() {
        let words = "Seeing accounts is not allowed to your shop. An administrator of the operator can allow it.";
        assert_eq!(Grant::ViewAccounts.refusal(), words);
    }
}
