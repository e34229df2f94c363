//! What must hold for any bytes that come from outside, one function for each parser that meets them.
//!
//! A target takes bytes and panics when its property does not hold. `tests/corpus.rs` runs all of them in `make test`,
//! over `corpus/` and seeded mutations of it; `make fuzz` lets libFuzzer search on from the same corpus.

mod answers;
mod bodies;
mod codes;
mod cursors;
mod leases;
mod logs;
pub mod mutation;
mod operations;
mod portal;
mod queries;
mod requests;
mod signatures;

/// One parser and what must hold for it.
pub struct Target {
    /// Also the name of its folder in `corpus/` and of its program in `guided/`.
    pub name: &'static str,
    pub run: fn(&[u8]),
    /// How many mutations of each corpus file `make test` tries: fewer where one try is dear.
    pub tries: u32,
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target { name: "answers", run: answers::run, tries: 200 },
    Target { name: "bodies", run: bodies::run, tries: 200 },
    Target { name: "codes", run: codes::run, tries: 1_000 },
    Target { name: "cursors", run: cursors::run, tries: 1_000 },
    Target { name: "leases", run: leases::run, tries: 5 },
    Target { name: "logs", run: logs::run, tries: 500 },
    Target { name: "operations", run: operations::run, tries: 500 },
    Target { name: "portal", run: portal::run, tries: 200 },
    Target { name: "queries", run: queries::run, tries: 500 },
    Target { name: "requests", run: requests::run, tries: 200 },
    Target { name: "signatures", run: signatures::run, tries: 500 },
];

/// Runs the target of this name, for the programs of `guided/`.
pub fn run(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target of this name");
    (target.run)(bytes);
}

/// A refusal says why, in a line that a person can read: whoever sent the input does not choose how long it is.
fn says_why(reason: &impl std::fmt::Display) {
    const LONGEST: usize = 600;
    let text = reason.to_string();
    assert!(!text.trim().is_empty(), "a refusal without a reason");
    assert!(text.len() <= LONGEST, "a reason of {} bytes", text.len());
}
