//! Who may do what. One table for online and offline.

use serde::{Deserialize, Serialize};

/// The roles of a reseller's members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum MemberRole {
    Owner,
    Clerk,
    FieldAgent,
}

/// The roles of the operator's staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StaffRole {
    SuperAdmin,
    Admin,
    Finance,
    Support,
    Auditor,
}

/// What a member may do for its reseller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemberAction {
    Sell,
    VoidCode,
    ManageLeases,
    ViewCredit,
    /// A machine of the reseller's that is lost. What becomes of its lease the operator decides.
    BlockDevice,
    ManageSubResellers,
    RequestTopUp,
    /// Gives its own credits to those below it, and takes them back.
    FundSubResellers,
    /// When its wallet is low.
    SetLowCredit,
    ViewAccounts,
    /// What changes an account without selling: edit, suspend, activate, archive, a new password.
    ManageAccounts,
    /// What customers paid for their accounts.
    RecordPayments,
    /// The reseller's own people and their sign-ins.
    ManageMembers,
    /// What other programs of the reseller sign in with.
    ManageApiKeys,
    /// What the reseller earns, and what was paid out.
    ViewEarnings,
    RequestPayout,
    /// Which e-mails its reseller gets.
    ChooseNotices,
    /// What external providers deliver: the queue of orders, from the customer's money to the delivery.
    HandleOrders,
    /// Customers' money back.
    RefundOrders,
    /// Which providers are sold, and at which markup.
    ManageRelationships,
    /// Who did what in the reseller and below it.
    ViewLog,
    /// Panel name, colour and logo of its own.
    ManageBrand,
}

/// What a member of staff may do for the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StaffAction {
    View,
    ManagePlans,
    ManageResellers,
    MoveCredits,
    ManageCodes,
    /// Customers' accounts, one by one.
    ManageAccounts,
    RevokeLease,
    /// Who else works for the operator.
    ViewStaff,
    ManageStaff,
    /// Where accounts are served, and by whose password.
    ManagePortals,
    /// What became of an account on a portal.
    RepairAccounts,
    /// To the boxes of many accounts at once, or of everybody on a portal.
    SendMessages,
    /// What is told by e-mail, in which words, and what became of it.
    ManageNotices,
    /// Who did what, with what was there before and after.
    ViewAudit,
    /// What all resellers together sell and earn.
    ViewReports,
    /// External providers and what they offer.
    ManageProviders,
    /// What was paid to providers.
    SettleProviders,
    /// The operator's name, zone, codes and contact.
    ManageSettings,
}

impl MemberRole {
    pub const ALL: [Self; 3] = [Self::Owner, Self::Clerk, Self::FieldAgent];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Clerk => "clerk",
            Self::FieldAgent => "field_agent",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == name)
    }

    pub const fn may(self, action: MemberAction) -> bool {
        match action {
            MemberAction::Sell
            | MemberAction::ManageLeases
            | MemberAction::ViewCredit
            | MemberAction::ViewAccounts
            | MemberAction::HandleOrders => true,
            MemberAction::VoidCode
            | MemberAction::ManageAccounts
            | MemberAction::RecordPayments
            | MemberAction::RequestTopUp
            | MemberAction::ViewEarnings
            | MemberAction::RefundOrders => matches!(self, Self::Owner | Self::Clerk),
            MemberAction::BlockDevice
            | MemberAction::ManageSubResellers
            | MemberAction::ManageMembers
            | MemberAction::ManageApiKeys
            | MemberAction::FundSubResellers
            | MemberAction::SetLowCredit
            | MemberAction::RequestPayout
            | MemberAction::ChooseNotices
            | MemberAction::ManageRelationships
            | MemberAction::ViewLog
            | MemberAction::ManageBrand => matches!(self, Self::Owner),
        }
    }
}

impl StaffRole {
    pub const ALL: [Self; 5] = [Self::SuperAdmin, Self::Admin, Self::Finance, Self::Support, Self::Auditor];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SuperAdmin => "super_admin",
            Self::Admin => "admin",
            Self::Finance => "finance",
            Self::Support => "support",
            Self::Auditor => "auditor",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == name)
    }

    pub const fn may(self, action: StaffAction) -> bool {
        match action {
            StaffAction::View => true,
            StaffAction::ManagePlans
            | StaffAction::ManageResellers
            | StaffAction::ManagePortals
            | StaffAction::SendMessages
            | StaffAction::ManageNotices
            | StaffAction::ManageProviders
            | StaffAction::ViewStaff
            | StaffAction::ManageSettings => matches!(self, Self::SuperAdmin | Self::Admin),
            StaffAction::MoveCredits | StaffAction::SettleProviders => {
                matches!(self, Self::SuperAdmin | Self::Admin | Self::Finance)
            }
            StaffAction::ManageCodes
            | StaffAction::ManageAccounts
            | StaffAction::RevokeLease
            | StaffAction::RepairAccounts => matches!(self, Self::SuperAdmin | Self::Admin | Self::Support),
            StaffAction::ManageStaff => matches!(self, Self::SuperAdmin),
            StaffAction::ViewAudit => matches!(self, Self::SuperAdmin | Self::Admin | Self::Auditor),
            StaffAction::ViewReports => matches!(self, Self::SuperAdmin | Self::Admin | Self::Finance | Self::Auditor),
        }
    }
}
