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

impl Fault {
    /// Every fault, for the test that finds them all.
    pub(crate) const ALL: [Self; 37] = [
        Self::IgnoreKeyringMark,
        Self::KeyringForgetsUsed,
        Self::LogHeadNotInKeyring,
        Self::CloseNotInKeyring,
        Self::IgnoreIssueUntil,
        Self::ClockTurnedBackBelieved,
        Self::LostWithoutAsking,
        Self::DeriveNextNumber,
        Self::OverlayDropsOnAnswer,
        Self::OverlayTrustsMiddlePage,
        Self::AcceptGap,
        Self::SkipForkCheck,
        Self::ApplyRepeatsAgain,
        Self::RefusalStopsLog,
        Self::SettleHeldWithoutCredit,
        Self::NewestHeldFirst,
        Self::SettleTwice,
        Self::CutIgnored,
        Self::CutOffByOne,
        Self::OtherSlotIgnored,
        Self::PriceOfToday,
        Self::ExpiryForgetsRevocation,
        Self::GrantRepeatCharges,
        Self::GrantIgnoresWallet,
        Self::ThirdLease,
        Self::CloseReleasesEverything,
        Self::CloseKeepsCandidates,
        Self::ReleaseTwice,
        Self::RedeemedTwice,
        Self::RepeatRefused,
        Self::VoidedStaysUsable,
        Self::VoidAfterUse,
        Self::RedeemByIgnored,
        Self::TermFromToday,
        Self::EntryRewritten,
        Self::EntryOutOfChain,
        Self::OneSidedPosting,
    ];
}
