//! The life of a payout: requested, approved, sent, and confirmed; or failed before it was confirmed.

use serde::{Deserialize, Serialize};

/// Where a payout stands. The last two are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PayoutState {
    Requested,
    Approved,
    Sent,
    /// The money has arrived.
    Confirmed,
    /// Refused or sent back: the earnings can be had again.
    Failed,
}

impl PayoutState {
    pub const ALL: [Self; 5] = [Self::Requested, Self::Approved, Self::Sent, Self::Confirmed, Self::Failed];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Approved => "approved",
            Self::Sent => "sent",
            Self::Confirmed => "confirmed",
            Self::Failed => "failed",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether its money is on the way. A reseller has at most one such payout.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Approved | Self::Sent)
    }

    /// Whether it may become `next`. None is skipped, and from any open one it may fail.
    pub const fn may_become(self, next: Self) -> bool {
        match next {
            Self::Requested => false,
            Self::Approved => matches!(self, Self::Requested),
            Self::Sent => matches!(self, Self::Approved),
            Self::Confirmed => matches!(self, Self::Sent),
            Self::Failed => self.is_open(),
        }
    }
}

/// How a payout is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PayoutMethod {
    BankTransfer,
    MobileMoney,
    Cash,
    Other,
}

impl PayoutMethod {
    pub const ALL: [Self; 4] = [Self::BankTransfer, Self::MobileMoney, Self::Cash, Self::Other];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BankTransfer => "bank_transfer",
            Self::MobileMoney => "mobile_money",
            Self::Cash => "cash",
            Self::Other => "other",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::PayoutState::{self, Approved, Confirmed, Failed, Requested, Sent};

    #[test]
    fn no_step_is_skipped_repeated_or_taken_back() {
        let legal = [
            (Requested, Approved),
            (Requested, Failed),
            (Approved, Sent),
            (Approved, Failed),
            (Sent, Confirmed),
            (Sent, Failed),
        ];
        for from in PayoutState::ALL {
            for to in PayoutState::ALL {
                assert_eq!(from.may_become(to), legal.contains(&(from, to)), "{from:?} to {to:?}");
            }
            assert_eq!(PayoutState::from_stored(from.as_str()), Some(from));
        }
    }
}
