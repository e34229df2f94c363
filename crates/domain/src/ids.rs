//! Every id is its own type, minted by whoever first names the thing and stored before the first send.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct $name(pub Uuid);

        impl $name {
            /// The 16 bytes, as they stand in signed and hashed messages.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// From the 16 bytes of a signed or hashed message.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// Who runs Central; the tenant of every row.
    OperatorId;
    /// A member of the operator's staff.
    StaffId;
    /// An organisation that sells.
    ResellerId;
    /// A person who works for a reseller.
    MemberId;
    /// What another program of a reseller signs in with.
    ApiKeyId;
    /// Somebody's wish to become a reseller.
    ApplicationId;
    /// One entry in the history of a reseller's commission rate.
    RateId;
    /// One entry in a reseller's price list.
    PriceId;
    /// A version of an operator's commission rules.
    CommissionRuleId;
    /// One commission owed.
    EarningId;
    /// Paying earnings.
    PayoutId;
    /// Money that a customer paid for an account.
    PaymentId;
    /// A sign-in; its tokens form one family.
    SessionId;
    /// An enrolled desktop.
    DeviceId;
    /// Pre-funded stock bound to one device.
    LeaseId;
    /// Codes made together, online.
    LotId;
    /// A product with price and term.
    PlanId;
    /// Credits that are bought at once.
    CreditPackId;
    /// A reseller asks for credit.
    TopUpRequestId;
    /// One code, from first sight on.
    CodeId;
    /// A customer's subscriber account.
    AccountId;
    /// Service that an account was given without a code.
    SubscriptionId;
    /// Another plan for what is left of an account's service.
    PlanChangeId;
    /// Middleware that serves accounts.
    PortalId;
    /// Work with many accounts that goes on by itself.
    JobId;
    /// One operation on many accounts.
    BulkId;
    /// Something sent to the boxes of many accounts.
    SendingId;
    /// One e-mail that tells of an event.
    NoticeId;
    /// An external supplier.
    ProviderId;
    /// Something that a provider sells.
    OfferingId;
    /// A reseller sells what a provider offers.
    RelationshipId;
    /// A customer's order of an offering.
    OrderId;
    /// Paying a provider what is owed.
    SettlementId;
    /// One operation of a device's log.
    OpId;
    /// One sale at the counter, of one or more codes.
    SaleId;
    /// A book in the ledger.
    LedgerAccountId;
    /// A movement between two books.
    TransferId;
    /// One line of the audit.
    AuditId;
    /// A contradiction between what a device remembers of the audit and what Central holds.
    ContradictionId;
    /// A restore generation of Central's database.
    Epoch;
}
