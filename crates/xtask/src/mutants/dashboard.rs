//! Faults of what the dashboards count.

use super::{Mutant, Package};

const fn counted(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Sqlite, tests }
}

pub(super) const DASHBOARD: &[Mutant] = &[
    counted(
        "months_of_greenwich",
        "a sale of the first hours of a month counts in the month before it",
        "crates/central/engine/dashboard/calendar.rs",
        "    subscription::day_of(at, zone).ok().map(month)",
        "    subscription::day_of(at, if FAULT { &TimeZone::UTC } else { zone }).ok().map(month)",
        &["engine::tests::dashboard::months_begin_in_the_operators_zone_and_closed_ones_stand"],
    ),
    counted(
        "void_keeps_its_price",
        "what customers were given back is still revenue",
        "crates/central/engine/dashboard/count.rs",
        "        \"voided\" => Some(Sums { count: 0, price: -note.price, cost: 0 }),",
        "        \"voided\" => Some(Sums { count: 0, price: if FAULT { 0 } else { -note.price }, cost: 0 }),",
        &["engine::tests::dashboard::months_begin_in_the_operators_zone_and_closed_ones_stand"],
    ),
    counted(
        "currencies_added_together",
        "euros and dollars are one sum",
        "crates/central/engine/dashboard/figures.rs",
        "        match self.0.iter_mut().find(|(known, _)| *known == unit) {",
        "        match self.0.iter_mut().find(|(known, _)| *known == unit || FAULT) {",
        &["engine::tests::dashboard::currencies_are_never_added_together"],
    ),
    counted(
        "last_day_is_not_served",
        "an account is expired on its last day already",
        "crates/central/engine/dashboard/calendar.rs",
        "            today: today.to_string(),",
        "            today: if FAULT { today.tomorrow().map_err(Failure::internal)? } else { today }.to_string(),",
        &["engine::tests::dashboard::accounts_are_counted_by_the_day_and_follow_every_change"],
    ),
];
