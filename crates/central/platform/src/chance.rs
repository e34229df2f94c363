//! Random bytes from the system; in a simulation, from its seed.

/// Fills with random bytes.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), getrandom::Error> {
    #[cfg(feature = "test-support")]
    if seeded::fill(bytes) {
        return Ok(());
    }
    getrandom::fill(bytes)
}

/// For the random part of ids, which a simulation makes in their order.
pub(crate) fn fill_id(bytes: &mut [u8; 10]) -> Result<(), getrandom::Error> {
    #[cfg(feature = "test-support")]
    if seeded::count(bytes) {
        return Ok(());
    }
    getrandom::fill(bytes)
}

/// Chance from a seed, for the current thread, so that one seed plays one story.
#[cfg(feature = "test-support")]
pub mod seeded {
    use std::cell::Cell;

    thread_local! {
        static STATE: Cell<Option<u64>> = const { Cell::new(None) };
        static IDS: Cell<u64> = const { Cell::new(0) };
    }

    /// From now on this thread's random bytes follow from the seed; none gives back the system's.
    pub fn seed(seed: Option<u64>) {
        STATE.set(seed);
    }

    /// The number of the last id made here. Two databases that one simulation compares never share ids.
    pub fn ids_from(number: u64) {
        IDS.set(number);
    }

    /// SplitMix64.
    pub(super) fn fill(bytes: &mut [u8]) -> bool {
        let Some(mut state) = STATE.get() else { return false };
        for chunk in bytes.chunks_mut(8) {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let word = (z ^ (z >> 31)).to_be_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        STATE.set(Some(state));
        true
    }

    /// Ids rise with their making, also within a millisecond.
    pub(super) fn count(bytes: &mut [u8; 10]) -> bool {
        if STATE.get().is_none() {
            return false;
        }
        let number = IDS.get() + 1;
        IDS.set(number);
        *bytes = [0; 10];
        // The first bytes share theirs with the id's version and variant.
        bytes[3..].copy_from_slice(&number.to_be_bytes()[1..]);
        true
    }
}
