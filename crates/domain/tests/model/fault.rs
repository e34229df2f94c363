//! Deliberate faults. The world consults them where it wraps a rule; the rules themselves hold no switch.

/// One way to get it wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    // On the device.
    IgnoreKeyringMark,
    KeyringForgetsUsed,
    LogHeadNotInKeyring,
    CloseNotInKeyring,
    IgnoreIssueUntil,
    ClockTurnedBackBelieved,
    LostWithoutAsking,
    DeriveNextNumber,
    OverlayDropsOnAnswer,
    OverlayTrustsMiddlePage,
    // Central's log.
    AcceptGap,
    SkipForkCheck,
    ApplyRepeatsAgain,
    RefusalStopsLog,
    // Settlement.
    SettleHeldWithoutCredit,
    NewestHeldFirst,
    SettleTwice,
    CutIgnored,
    CutOffByOne,
    OtherSlotIgnored,
    PriceOfToday,
    ExpiryForgetsRevocation,
    // Leases.
    GrantRepeatCharges,
    GrantIgnoresWallet,
    ThirdLease,
    CloseReleasesEverything,
    CloseKeepsCandidates,
    ReleaseTwice,
    // Codes.
    RedeemedTwice,
    RepeatRefused,
    VoidedStaysUsable,
    VoidAfterUse,
    RedeemByIgnored,
    TermFromToday,
    // Books.
    EntryRewritten,
    EntryOutOfChain,
    OneSidedPosting,
}
