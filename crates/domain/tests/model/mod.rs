//! A small world of shops, machines and one Central that runs the real rules beside a reference model.

pub(crate) mod books;
pub(crate) mod central;
pub(crate) mod customers;
pub(crate) mod device;
pub(crate) mod fault;
pub(crate) mod invariants;
pub(crate) mod local;
mod mutants;
pub(crate) mod receiving;
pub(crate) mod settling;
pub(crate) mod step;
pub(crate) mod sync;
pub(crate) mod syncing;
pub(crate) mod world;

use fault::Fault;
use step::Step;
use world::World;

/// What is wrong, by the rule it breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Objection {
    pub(crate) rule: &'static str,
    pub(crate) detail: String,
}

impl Objection {
    pub(crate) const fn new(rule: &'static str, detail: String) -> Self {
        Self { rule, detail }
    }
}

impl std::fmt::Display for Objection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.rule, self.detail)
    }
}

pub(crate) fn object<T>(rule: &'static str, detail: String) -> Result<T, Objection> {
    Err(Objection { rule, detail })
}

/// Objects unless the rules and the reference model say the same.
pub(crate) fn agree<T: PartialEq + std::fmt::Debug>(
    rule: &'static str,
    real: &T,
    reference: &T,
    about: impl FnOnce() -> String,
) -> Result<(), Objection> {
    if real == reference {
        return Ok(());
    }
    object(rule, format!("{}: rules {real:?}, reference {reference:?}", about()))
}

/// What a story met; a test that never meets a case proves nothing of it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Met {
    pub(crate) steps: u64,
    pub(crate) sold: u64,
    pub(crate) refused_sales: u64,
    pub(crate) activated: u64,
    pub(crate) before_sync: u64,
    pub(crate) held: u64,
    pub(crate) freed: u64,
    pub(crate) forks: u64,
    pub(crate) gaps: u64,
    pub(crate) losses: u64,
    pub(crate) found: u64,
    pub(crate) closed: u64,
    pub(crate) proven_at_end: u64,
}

impl Met {
    /// Each case with how often it was met.
    pub(crate) const fn counts(&self) -> [(&'static str, u64); 13] {
        [
            ("steps", self.steps),
            ("sold", self.sold),
            ("refused_sales", self.refused_sales),
            ("activated", self.activated),
            ("before_sync", self.before_sync),
            ("held", self.held),
            ("freed", self.freed),
            ("forks", self.forks),
            ("gaps", self.gaps),
            ("losses", self.losses),
            ("found", self.found),
            ("closed", self.closed),
            ("proven_at_end", self.proven_at_end),
        ]
    }
}

impl std::ops::Add for Met {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            steps: self.steps + other.steps,
            sold: self.sold + other.sold,
            refused_sales: self.refused_sales + other.refused_sales,
            activated: self.activated + other.activated,
            before_sync: self.before_sync + other.before_sync,
            held: self.held + other.held,
            freed: self.freed + other.freed,
            forks: self.forks + other.forks,
            gaps: self.gaps + other.gaps,
            losses: self.losses + other.losses,
            found: self.found + other.found,
            closed: self.closed + other.closed,
            proven_at_end: self.proven_at_end + other.proven_at_end,
        }
    }
}

/// Plays a story, checks everything after every step, and at the end redeems what must still be redeemable.
pub(crate) fn play(story: &[Step], fault: Fault) -> Result<Met, Objection> {
    let mut world = World::new(fault)?;
    invariants::check(&mut world)?;
    for step in story {
        world.apply(*step)?;
        world.met.steps += 1;
        invariants::check(&mut world)?;
    }
    // On half of the stories the codes come before the sync.
    if story.len().is_multiple_of(2) {
        world.drain()?;
    }
    world.redeem_all()?;
    world.drain()?;
    world.central.books.check_chains(true)?;
    invariants::check(&mut world)?;
    Ok(world.met)
}
