//! Resellers: hierarchy, status and how their sales settle.

use serde::{Deserialize, Serialize};

use crate::amount::{Currency, Unit};
use crate::ids::ResellerId;

/// How a reseller's sales settle (product.md rule 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SettlementMode {
    /// Credits bought beforehand; a sale costs its term in days.
    Wholesale,
    /// A share of the price; a sale costs its price until it is settled.
    Share,
}

impl SettlementMode {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wholesale => "wholesale",
            Self::Share => "share",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        [Self::Wholesale, Self::Share].into_iter().find(|m| m.as_str() == name)
    }

    /// What the wallet and the leases of such a reseller count.
    pub const fn unit(self, currency: Currency) -> Unit {
        match self {
            Self::Wholesale => Unit::Credits,
            Self::Share => Unit::Minor(currency),
        }
    }

    /// What one code of a plan takes from a lease, in that unit.
    pub fn cost(self, term_days: u16, price: i64) -> i64 {
        match self {
            Self::Wholesale => i64::from(term_days),
            Self::Share => price,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ResellerStatus {
    Active,
    Suspended,
    Inactive,
}

impl ResellerStatus {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Inactive => "inactive",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        [Self::Active, Self::Suspended, Self::Inactive].into_iter().find(|s| s.as_str() == name)
    }
}

/// The ancestors of a reseller and itself, root first, as stored: `/id/id/`. A subtree is a prefix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ResellerPath(String);

impl ResellerPath {
    /// Resellers above one another, itself included.
    pub const DEFAULT_MAX_DEPTH: usize = 3;

    pub fn root(id: ResellerId) -> Self {
        Self(format!("/{id}/"))
    }

    #[must_use]
    pub fn child(&self, id: ResellerId) -> Self {
        Self(format!("{}{id}/", self.0))
    }

    pub fn depth(&self) -> usize {
        self.0.bytes().filter(|b| *b == b'/').count() - 1
    }

    /// From the stored text; none is a damaged row.
    pub fn from_stored(text: &str) -> Option<Self> {
        let inner = text.strip_prefix('/')?.strip_suffix('/')?;
        inner.split('/').all(|id| id.parse::<ResellerId>().is_ok()).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Itself first, then the resellers above it from below.
    pub fn upward(&self) -> Vec<ResellerId> {
        self.0.split('/').rev().filter_map(|id| id.parse().ok()).collect()
    }

    /// Whether `other` is this reseller or below it.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }
}

/// Whose rows a caller may touch. No repository call without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The operator's staff: every row of the operator.
    Operator,
    /// A reseller's members and devices: its subtree.
    Subtree { reseller: ResellerId, path: ResellerPath },
}

impl Scope {
    /// The stored-path prefix that rows in scope have; empty matches all.
    pub fn path_prefix(&self) -> &str {
        match self {
            Self::Operator => "",
            Self::Subtree { path, .. } => path.as_str(),
        }
    }

    pub fn contains(&self, path: &ResellerPath) -> bool {
        path.as_str().starts_with(self.path_prefix())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subtree_holds_itself_and_below_never_beside() {
        let [a, b, c] = [1, 2, 3].map(|n| ResellerId::from_bytes([n; 16]));
        let root = ResellerPath::root(a);
        let child = root.child(b);
        let scope = Scope::Subtree { reseller: b, path: child.clone() };
        assert!(scope.contains(&child) && scope.contains(&child.child(c)));
        assert!(!scope.contains(&root) && !scope.contains(&ResellerPath::root(c)));
        assert_eq!((root.depth(), child.depth()), (1, 2));
        assert_eq!(child.child(c).upward(), [c, b, a]);
        assert_eq!(ResellerPath::from_stored(child.as_str()), Some(child));
        assert_eq!(ResellerPath::from_stored("/not-an-id/"), None);
    }
}
