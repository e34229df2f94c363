//! How much of a wallet one till takes when nobody said how much.

/// A wallet that a till asks for a lease of, in the lease's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WalletShare {
    /// What the wallet can give.
    pub spendable: i64,
    /// Devices of the reseller that are at work, the one that asks among them.
    pub tills: i64,
    /// One code of the cheapest plan.
    pub cheapest: i64,
    /// One code of the dearest plan that the wallet affords.
    pub dearest: i64,
}

impl WalletShare {
    /// What is suggested for the lease, but no more than the till's share, so that the next till finds something too: an
    /// equal part, and at most a half, because another till may come. It is rounded up to whole codes of the cheapest plan.
    /// The only till gets one code of every plan that the wallet affords, whatever a half of it is.
    ///
    /// None: the wallet does not hold one code.
    pub fn amount(&self, suggested: i64) -> Option<i64> {
        let Self { spendable, tills, cheapest, dearest } = *self;
        if cheapest <= 0 || spendable < cheapest {
            return None;
        }
        let part = spendable / tills.max(2);
        let whole = match part % cheapest {
            0 => part,
            over => part.saturating_add(cheapest - over),
        };
        let least = if tills <= 1 { dearest } else { cheapest };
        Some(suggested.min(whole.max(least)).max(cheapest).min(spendable))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_till_takes_what_another_needs() {
        for (spendable, tills, dearest, suggested, amount) in [
            // Much there: what it is likely to sell.
            (3_570, 1, 365, 365, Some(365)),
            (3_570, 4, 365, 365, Some(365)),
            // Little there: a half, in whole codes.
            (90, 1, 30, 365, Some(60)),
            (90, 2, 30, 365, Some(60)),
            (300, 2, 90, 365, Some(150)),
            // Four tills, four parts.
            (400, 4, 365, 365, Some(120)),
            // The only till sells every plan that the wallet affords; it is not the only one for ever.
            (400, 1, 365, 365, Some(365)),
            (400, 2, 365, 365, Some(210)),
            // More than is suggested is never taken, unless less is not even one code.
            (900, 1, 730, 365, Some(365)),
            (900, 1, 30, 10, Some(30)),
            (30, 9, 30, 365, Some(30)),
            (29, 1, 30, 365, None),
            (-5, 1, 30, 365, None),
        ] {
            let share = WalletShare { spendable, tills, cheapest: 30, dearest };
            assert_eq!(share.amount(suggested), amount, "{share:?} {suggested}");
        }
        let strange = WalletShare { spendable: i64::MAX, tills: 0, cheapest: i64::MAX, dearest: i64::MAX };
        assert_eq!(strange.amount(1), Some(i64::MAX));
        assert_eq!(WalletShare { cheapest: 0, ..strange }.amount(1), None);
    }
}
