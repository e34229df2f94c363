//! How much a device sells, for the amount that is suggested for its next lease.

use counterfoil_domain::time::Timestamp;

/// Days looked back.
pub(super) const DAYS: i64 = 30;

/// The 95th percentile of three days' use over the days looked back. `daily` is (day number, use); a day that is not
/// in it had none.
pub(super) fn three_day_p95(daily: &[(i64, i64)], now: Timestamp) -> i64 {
    let today = now.0.div_euclid(Timestamp::DAY_MS);
    let used = |day: i64| daily.iter().filter(|(d, _)| *d == day).map(|(_, use_)| *use_).sum::<i64>();
    let mut sums: Vec<i64> =
        (today - DAYS + 1..=today - 2).map(|day| (day..day + 3).map(used).fold(0, i64::saturating_add)).collect();
    sums.sort_unstable();
    let rank = (sums.len() * 95).div_ceil(100).saturating_sub(1);
    sums.get(rank).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_weekend_counts_and_one_freak_day_does_not() {
        let now = Timestamp(100 * Timestamp::DAY_MS);
        assert_eq!(three_day_p95(&[], now), 0);
        let every_day: Vec<_> = (60..=100).map(|day| (day, 100)).collect();
        assert_eq!(three_day_p95(&every_day, now), 300);
        // 28 windows: the 95th percentile leaves the highest one out.
        assert_eq!(three_day_p95(&[(100, 9_000)], now), 0);
        assert_eq!(three_day_p95(&[(90, 600)], now), 600);
    }
}
