//! The reference model of the operation log and of the numbers a device gives out.
//!
//! A point of a log is a node of a tree of operations, not a hash: two logs agree exactly when they have the same node.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use counterfoil_domain::ids::{LeaseId, OpId};

use crate::reference::Stock;

/// A history of operations, as a name for "these, in this order".
pub type Node = usize;

/// All histories there are.
#[derive(Debug, Clone, Default)]
pub struct Histories {
    children: HashMap<(Node, OpId), Node>,
    count: Node,
}

impl Histories {
    /// A new, empty history.
    pub fn root(&mut self) -> Node {
        self.count += 1;
        self.count
    }

    /// The history with one more operation.
    pub fn after(&mut self, node: Node, op: OpId) -> Node {
        let count = &mut self.count;
        *self.children.entry((node, op)).or_insert_with(|| {
            *count += 1;
            *count
        })
    }
}

/// What Central should know of one device's log.
#[derive(Debug, Clone, Default)]
pub struct LogBook {
    pub head: u32,
    /// Numbers inside a declared loss are missing, its last one is there.
    pub known: BTreeMap<u32, Node>,
    /// Numbers whose operation Central has.
    told: BTreeSet<u32>,
    pub frozen: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Push {
    Frozen,
    Gap,
    Fork,
    /// For each operation, whether Central has it already.
    Taken {
        repeats: Vec<bool>,
    },
}

impl LogBook {
    pub fn new(root: Node) -> Self {
        Self { known: BTreeMap::from([(0, root)]), ..Self::default() }
    }

    /// A push says: at these numbers I was at these nodes. It is taken when Central knows nothing else of them; and what
    /// was lost may be told after all.
    pub fn push(&mut self, base: (u32, Node), lost: Option<(u32, Node)>, ops: &[Node]) -> Push {
        if self.frozen {
            return Push::Frozen;
        }
        let skips = |(through, _)| base.0 < self.head && self.head < through;
        let known_base = self.known.get(&base.0);
        if known_base.is_none() || (lost.is_some_and(skips) && known_base == Some(&base.1)) {
            return Push::Gap;
        }
        let head = self.head;
        let numbered: Vec<(u32, Node)> = (lost.unwrap_or(base).0 + 1..).zip(ops.iter().copied()).collect();
        let fixed: Vec<(u32, Node)> = [base].into_iter().chain(lost).collect();
        let claims = || fixed.iter().chain(&numbered);
        let backwards = lost.is_some_and(|(through, _)| through <= base.0);
        let contradicts = claims().any(|(number, node)| self.known.get(number).is_some_and(|known| known != node));
        if backwards || contradicts {
            self.frozen = true;
            return Push::Fork;
        }
        let repeats = numbered.iter().map(|(number, _)| self.told.contains(number)).collect();
        self.known.extend(claims().copied().collect::<Vec<_>>());
        self.told.extend(numbered.iter().map(|(number, _)| *number));
        self.head = claims().map(|(number, _)| *number).max().unwrap_or(0).max(head);
        Push::Taken { repeats }
    }
}

/// What one machine with its keyring has given out of one lease, sold or burnt.
#[derive(Debug, Clone, Copy, Default)]
pub struct Given {
    pub last: u32,
    pub used: i64,
    pub closed: bool,
}

/// The numbers a sale should get: oldest lease first, whole or not at all.
///
/// `believed` is the latest time the machine has reason to believe in.
pub fn expected_sale(
    held: &[(LeaseId, &Stock, Given)],
    slot: u8,
    quantity: u32,
    believed: i64,
) -> Option<Vec<(LeaseId, u32, u32)>> {
    let mut usable: Vec<_> = held.iter().filter(|(_, s, given)| !given.closed && believed < s.sell_until).collect();
    usable.sort_by_key(|(lease, stock, _)| (stock.granted, *lease));
    let mut sold = Vec::new();
    let mut left = quantity;
    for (lease, stock, given) in usable {
        let cost = stock.slots[usize::from(slot)].0;
        let mut here = 0;
        while left > 0 && given.last + here < stock.limit && given.used + cost * i64::from(here + 1) <= stock.amount {
            here += 1;
            left -= 1;
        }
        if here > 0 {
            sold.push((*lease, given.last + 1, given.last + here));
        }
    }
    (left == 0).then_some(sold)
}
