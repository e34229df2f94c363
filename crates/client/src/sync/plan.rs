//! What a sync does next. A pure function of what is known; the runner asks again after each step.

use counterfoil_domain::oplog::LogHead;

use crate::outbox::repo::{Gap, GapState};

/// What is known before a step.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    pub(crate) quarantined: bool,
    /// This device and the Central of this epoch agree on what was sent.
    pub(crate) compared: bool,
    /// The end of the device's log.
    pub(crate) head: LogHead,
    /// How much of it Central has.
    pub(crate) acked: LogHead,
    /// The oldest gap.
    pub(crate) gap: Option<Gap>,
    /// Where the log stops being whole again after it: at the next gap, or the head.
    pub(crate) whole_to: u32,
    /// The feed has been read to its end in this run.
    pub(crate) pulled: bool,
}

/// One exchange with Central.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Show Central the leases and ask how far it has the log: it may have been restored from a backup.
    Compare,
    /// Ask which operations of the gap Central has.
    AskLog {
        gap: Gap,
    },
    /// Send operations after `base` up to `through`, with the gap between declared lost.
    Push {
        base: LogHead,
        lost: Option<LogHead>,
        through: u32,
    },
    Pull,
    Done,
}

/// Push before pull: what was sold matters more than what changed, and its effect comes back in the same run.
pub(crate) fn next(known: &Known) -> Step {
    if !known.quarantined {
        if !known.compared {
            return Step::Compare;
        }
        let push = match known.gap {
            Some(gap) if gap.state == GapState::Unknown => return Step::AskLog { gap },
            // Operations before the gap go first: a loss is declared from the head Central has.
            Some(gap) if known.acked.seq < gap.after.seq => Some((None, gap.after.seq)),
            // A loss is told with the first operation after it.
            Some(gap) if known.whole_to > gap.through.seq => Some((Some(gap.through), known.whole_to)),
            Some(_) => None,
            None => (known.acked.seq < known.head.seq).then_some((None, known.head.seq)),
        };
        if let Some((lost, through)) = push {
            return Step::Push { base: known.acked, lost, through };
        }
    }
    if known.pulled { Step::Done } else { Step::Pull }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seq: u32) -> LogHead {
        LogHead { seq, hash: [u8::try_from(seq).unwrap_or(0); 32] }
    }

    fn known(acked: u32, head: u32, gap: Option<(u32, u32, GapState)>) -> Known {
        let gap = gap.map(|(after, through, state)| Gap { after: at(after), through: at(through), state });
        Known {
            quarantined: false,
            compared: true,
            head: at(head),
            acked: at(acked),
            gap,
            whole_to: head,
            pulled: false,
        }
    }

    #[test]
    fn push_then_pull_then_done() {
        assert_eq!(next(&known(0, 3, None)), Step::Push { base: at(0), lost: None, through: 3 });
        assert_eq!(next(&known(3, 3, None)), Step::Pull);
        assert_eq!(next(&Known { pulled: true, ..known(3, 3, None) }), Step::Done);
    }

    #[test]
    fn nothing_is_sent_to_a_central_of_another_epoch() {
        let changed = Known { compared: false, ..known(2, 6, Some((3, 5, GapState::Unknown))) };
        assert_eq!(next(&changed), Step::Compare);
        assert_eq!(next(&Known { compared: false, ..known(3, 3, None) }), Step::Compare);
    }

    #[test]
    fn a_gap_is_asked_for_before_anything_is_sent() {
        let unknown = known(2, 6, Some((3, 5, GapState::Unknown)));
        assert!(matches!(next(&unknown), Step::AskLog { .. }));
    }

    #[test]
    fn a_loss_is_told_from_the_head_central_has_and_with_an_operation() {
        let before = known(2, 6, Some((3, 5, GapState::Lost)));
        assert_eq!(next(&before), Step::Push { base: at(2), lost: None, through: 3 });
        let at_gap = known(3, 6, Some((3, 5, GapState::Lost)));
        assert_eq!(next(&at_gap), Step::Push { base: at(3), lost: Some(at(5)), through: 6 });
        let nothing_after = known(3, 3, Some((3, 5, GapState::Lost)));
        assert_eq!(next(&nothing_after), Step::Pull);
    }

    #[test]
    fn a_quarantined_device_only_reads() {
        let frozen = Known { quarantined: true, compared: false, ..known(0, 3, None) };
        assert_eq!(next(&frozen), Step::Pull);
        assert_eq!(next(&Known { pulled: true, ..frozen }), Step::Done);
    }
}
