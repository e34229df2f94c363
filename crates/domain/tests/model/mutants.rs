//! Every deliberate fault is caught. A fault that is listed in `Fault` and not here does not compile.

use std::cell::Cell;

use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};

use super::fault::Fault;
use super::play;
use super::step::{LONGEST, stories};

/// Stories within which a fault must show.
const STORIES: u32 = 20_000;

/// Plays stories with the fault built in until something objects: the rule that did, and the steps it took.
fn objection_to(fault: Fault) -> Option<(String, u64)> {
    let steps = Cell::new(0);
    let config = Config {
        cases: STORIES,
        rng_seed: RngSeed::Fixed(7),
        failure_persistence: None,
        max_shrink_iters: 0,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&stories(LONGEST), |story| {
        steps.set(steps.get() + story.len() as u64);
        play(&story, fault).map(|_| ()).map_err(|objection| TestCaseError::fail(objection.rule))
    });
    match outcome {
        Err(TestError::Fail(rule, _)) => Some((rule.to_string(), steps.get())),
        Err(error) => panic!("{fault:?}: {error}"),
        Ok(()) => None,
    }
}

fn is_caught(fault: Fault) {
    let (rule, steps) = objection_to(fault).unwrap_or_else(|| panic!("nothing objects to {fault:?}"));
    eprintln!("{fault:?}: \"{rule}\" objects after {steps} steps");
}

macro_rules! caught {
    ($($test:ident: $fault:ident,)*) => {
        $(
            #[test]
            fn $test() {
                is_caught(Fault::$fault);
            }
        )*

        /// Exhaustive on purpose.
        const fn _each_fault_has_a_test(fault: Fault) {
            match fault {
                Fault::None $(| Fault::$fault)* => {}
            }
        }
    };
}

caught! {
    ignore_keyring_mark: IgnoreKeyringMark,
    keyring_forgets_used: KeyringForgetsUsed,
    log_head_not_in_keyring: LogHeadNotInKeyring,
    close_not_in_keyring: CloseNotInKeyring,
    ignore_issue_until: IgnoreIssueUntil,
    clock_turned_back_believed: ClockTurnedBackBelieved,
    lost_without_asking: LostWithoutAsking,
    derive_next_number: DeriveNextNumber,
    overlay_drops_on_answer: OverlayDropsOnAnswer,
    overlay_trusts_middle_page: OverlayTrustsMiddlePage,
    accept_gap: AcceptGap,
    skip_fork_check: SkipForkCheck,
    apply_repeats_again: ApplyRepeatsAgain,
    refusal_stops_log: RefusalStopsLog,
    settle_held_without_credit: SettleHeldWithoutCredit,
    newest_held_first: NewestHeldFirst,
    settle_twice: SettleTwice,
    cut_ignored: CutIgnored,
    cut_off_by_one: CutOffByOne,
    other_slot_ignored: OtherSlotIgnored,
    price_of_today: PriceOfToday,
    expiry_forgets_revocation: ExpiryForgetsRevocation,
    grant_repeat_charges: GrantRepeatCharges,
    grant_ignores_wallet: GrantIgnoresWallet,
    third_lease: ThirdLease,
    close_releases_everything: CloseReleasesEverything,
    close_keeps_candidates: CloseKeepsCandidates,
    release_twice: ReleaseTwice,
    redeemed_twice: RedeemedTwice,
    repeat_refused: RepeatRefused,
    voided_stays_usable: VoidedStaysUsable,
    void_after_use: VoidAfterUse,
    redeem_by_ignored: RedeemByIgnored,
    term_from_today: TermFromToday,
    entry_rewritten: EntryRewritten,
    entry_out_of_chain: EntryOutOfChain,
    one_sided_posting: OneSidedPosting,
}
