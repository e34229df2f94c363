//! One round through what is due: part by part, and past what fails.

use counterfoil_central_platform::failure::Failure;

/// Rows that a round does before it ends: where a million codes end in one night, whatever else is due in these minutes has
/// its turn between them.
const MOST_DONE: u32 = 10_000;

/// What is due is taken from its front, and what is done is gone from there. A row that fails stays, so the next part begins
/// behind those that failed: rows that always fail hold up no other, however many they are, and come again in the next round.
#[derive(Debug)]
pub(crate) struct Round {
    most: i64,
    done: u32,
    failed: i64,
    /// Whether anything came of the part in hand.
    moved: bool,
}

impl Round {
    /// By so many rows at a time.
    pub(crate) const fn of(most: i64) -> Self {
        Self { most, done: 0, failed: 0, moved: false }
    }

    /// How many rows to take, and how many to leave out before them.
    pub(crate) const fn part(&self) -> (i64, i64) {
        (self.most, self.failed)
    }

    /// What became of one row; false: another process was first, and the row is not due any more.
    pub(crate) fn note(&mut self, one: Result<bool, Failure>) {
        match one {
            Ok(false) => return,
            Ok(true) => self.done = self.done.saturating_add(1),
            Err(failure) => {
                failure.log();
                self.failed += 1;
            }
        }
        self.moved = true;
    }

    /// Whether there may be more behind a part of so many rows, for this round. Where another process does all of a part, it
    /// has the rest, too.
    pub(crate) fn goes_on(&mut self, found: usize) -> bool {
        let full = i64::try_from(found).is_ok_and(|found| found >= self.most);
        std::mem::take(&mut self.moved) && full && self.done < MOST_DONE
    }

    /// Rows that were done.
    pub(crate) const fn done(&self) -> u32 {
        self.done
    }
}

#[cfg(test)]
mod tests {
    use counterfoil_wire::problem::Code;

    use super::*;

    #[test]
    fn a_round_goes_on_behind_what_fails_and_ends() {
        let mut round = Round::of(2);
        assert_eq!(round.part(), (2, 0));
        round.note(Err(Failure::internal("damaged")));
        round.note(Err(Failure::internal("damaged")));
        assert!(round.goes_on(2));
        assert_eq!((round.part(), round.done()), ((2, 2), 0));
        round.note(Ok(true));
        round.note(Ok(false));
        assert!(round.goes_on(2), "another process took one of them");
        assert_eq!((round.part(), round.done()), ((2, 2), 1));
        round.note(Ok(false));
        round.note(Ok(false));
        assert!(!round.goes_on(2), "another process is ahead");
        round.note(Ok(true));
        assert!(!round.goes_on(1), "that was the rest");
    }

    #[test]
    fn a_crowd_is_done_in_several_rounds_and_failures_do_not_count() {
        let mut round = Round::of(1);
        for _ in 1..MOST_DONE {
            round.note(Ok(true));
            assert!(round.goes_on(1));
        }
        round.note(Err(Failure::new(Code::WrongState, "damaged")));
        assert!(round.goes_on(1));
        round.note(Ok(true));
        assert!(!round.goes_on(1), "others have their turn");
    }
}
