//! Every corpus file, and seeded mutations of it, against its target's property.
//!
//! `COUNTERFOIL_SEED=n` for other mutations, `COUNTERFOIL_TRIES=n` for more of each file.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use counterfoil_fuzz::mutation::{Chance, mutate};
use counterfoil_fuzz::{TARGETS, Target};

fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    // The order of a folder is the machine's; a seed must mean the same everywhere.
    files.sort();
    files.into_iter().map(|file| (file.clone(), std::fs::read(file).expect("a file"))).collect()
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

fn holds(target: &Target, input: &[u8], whence: &str) {
    let held = catch_unwind(AssertUnwindSafe(|| (target.run)(input))).is_ok();
    assert!(held, "{}: the property does not hold for {whence}: {}", target.name, input.escape_ascii());
}

fn try_target(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target");
    let files = corpus(name);
    assert!(files.len() >= 3, "{name} has hardly a corpus");
    let seed = setting("COUNTERFOIL_SEED").unwrap_or(1);
    let tries = setting("COUNTERFOIL_TRIES").unwrap_or(u64::from(target.tries));
    let mut chance = Chance::new(seed);
    for (at, (file, input)) in files.iter().enumerate() {
        holds(target, input, &file.display().to_string());
        for number in 0..tries {
            let (_, other) = &files[(at + usize::try_from(number).expect("small")) % files.len()];
            let whence = format!("mutation {number} of {} (seed {seed})", file.display());
            holds(target, &mutate(input, other, &mut chance), &whence);
        }
    }
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            try_target(stringify!($name));
        })*

        #[test]
        fn every_target_has_its_test_its_corpus_and_its_program() {
            let tested = BTreeSet::from([$(stringify!($name)),*]);
            assert_eq!(tested, TARGETS.iter().map(|target| target.name).collect());
            let here = Path::new(env!("CARGO_MANIFEST_DIR"));
            for name in tested {
                assert!(here.join("guided/fuzz_targets").join(name).with_extension("rs").is_file(), "{name}");
            }
            let folders = std::fs::read_dir(here.join("corpus")).expect("the corpus").count();
            assert_eq!(folders, TARGETS.len());
        }
    };
}

targets! { answers bodies codes cursors leases logs operations portal queries requests signatures }

/// A property that cannot fail proves nothing: bytes that break a false one are found and shown.
#[test]
fn a_property_that_does_not_hold_is_noticed() {
    let lie = Target { name: "lie", run: |bytes| assert!(!bytes.contains(&b'!')), tries: 0 };
    holds(&lie, b"quiet", "a test");
    assert!(catch_unwind(|| holds(&lie, b"loud!", "a test")).is_err());
}

#[test]
fn the_same_seed_makes_the_same_inputs() {
    let make = |seed| (0..50).scan(Chance::new(seed), |chance, _| Some(mutate(b"PM2D-M0BP", b"[1]", chance))).collect();
    let (first, again, other): (Vec<_>, Vec<_>, Vec<_>) = (make(7), make(7), make(8));
    assert_eq!(first, again);
    assert_ne!(first, other);
}
