//! Why something is as it is: answers that staff give to a reseller who asks, out of the data of now.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::application::ApplicationState;
use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::{AccountId, ApplicationId, ResellerId};
use counterfoil_domain::payment::PaymentState;
use counterfoil_domain::reseller::ResellerStatus;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::commission::{Earning, SourceKind};

/// Whether a reseller sees an account, and all that decides it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountSight {
    pub reseller_id: ResellerId,
    pub company: String,
    pub account_id: AccountId,
    pub username: String,
    /// Whether at least one of its people finds the account now.
    pub sees: bool,
    /// Whose the account is comes first, then what keeps it out of sight.
    pub findings: Vec<SightFinding>,
}

/// One thing that decides whether a reseller sees an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SightFinding {
    /// It is the reseller's own.
    Own,
    /// It is that of a reseller below it.
    Below { company: String },
    /// It is another reseller's.
    Elsewhere { reseller_id: ResellerId, company: String },
    /// It was the reseller's own until somebody gave it to another.
    GivenAway {
        at: Timestamp,
        /// User name of the member of staff; absent when a program did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
        reason: String,
    },
    /// It is nobody's.
    Unassigned,
    /// It is out of use: a list shows it only when it is asked for archived ones.
    Archived,
    /// Nobody of a reseller that is not active can sign in.
    ResellerNotActive { status: ResellerStatus },
    /// Its permissions do not include seeing accounts.
    NotGranted,
    /// This device has not asked since the account changed: without a network it shows what was before.
    DeviceBehind {
        device: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_seen_at: Option<Timestamp>,
        changed_at: Timestamp,
    },
}

impl SightFinding {
    /// Whether this alone keeps the account out of everybody's sight.
    pub const fn hides(&self) -> bool {
        matches!(self, Self::Elsewhere { .. } | Self::Unassigned | Self::ResellerNotActive { .. } | Self::NotGranted)
    }
}

/// What was sold under a serial or to an account, and what became of the commission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommissionTrace {
    /// The serial of a code or the user name of an account, as it is stored.
    pub reference: String,
    /// The newest first; of an account the last ten codes, sales without a code and payments.
    pub sales: Vec<TracedSale>,
}

/// One sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TracedSale {
    pub source: SourceKind,
    /// The code, the subscription or the payment.
    pub source_id: Uuid,
    /// Serial of the code or user name of the account.
    pub reference: String,
    /// Absent for a payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_name: Option<String>,
    /// Absent where days were given by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Amount>,
    /// Who sold; absent for service that the operator gave to nobody's account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller: Option<String>,
    /// When the code was activated, the service given or the payment completed; else when it was made.
    pub at: Timestamp,
    pub outcome: CommissionOutcome,
}

/// What became of the commission of a sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CommissionOutcome {
    /// Its shares are posted: the seller's first, then those of who is above it.
    Earned { shares: Vec<Earning> },
    /// Its shares are about to be posted.
    Waiting {
        /// It is tried then.
        due_at: Timestamp,
        tries: u32,
        /// Why the last try failed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trouble: Option<String>,
    },
    /// A code earns when it is activated.
    NotActivated { state: CodeState },
    /// A payment earns when it is completed.
    NotCompleted { state: PaymentState },
    /// A payment of something that was sold here, and earns by itself.
    Noted,
    /// The seller paid in credits and keeps what its customer paid.
    Wholesale,
    /// Nothing was charged.
    Free,
    /// It was sold before this Central kept commission.
    BeforeCommission,
}

/// Where an application stands, and what is still missing before its reseller can sell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApplicationStanding {
    pub application_id: ApplicationId,
    pub business_name: String,
    pub state: ApplicationState,
    /// In the order in which somebody meets them.
    pub findings: Vec<ApplicationFinding>,
}

/// One thing about an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ApplicationFinding {
    /// Nobody has decided it yet.
    Waiting {
        since: Timestamp,
    },
    /// A reseller has its e-mail address: it cannot be approved before one of them has another.
    EmailTaken {
        reseller_id: ResellerId,
        company: String,
    },
    Rejected {
        at: Timestamp,
        by: String,
        reason: String,
    },
    Approved {
        at: Timestamp,
        by: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reseller_id: Option<ResellerId>,
    },
    /// Nobody of a reseller that is not active can sign in.
    ResellerNotActive {
        status: ResellerStatus,
    },
    /// Nobody has signed in for it yet.
    NeverSignedIn {
        username: String,
    },
    /// There is no plan that it may sell.
    NothingToSell,
    /// Its wallet and its limit are used up, so it can make no code.
    NoCredit {
        available: Amount,
        limit: Amount,
    },
    /// No desktop is enrolled: it cannot sell without a network.
    NoDevice,
    /// Nothing is missing.
    Sells,
}
