//! Faults of what the dashboards count, and of the reports.

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
        "        \"voided\" | \"refunded\" => Some(Sums { count: 0, price: -note.price, cost: 0 }),",
        "        \"voided\" | \"refunded\" => Some(Sums { count: 0, price: if FAULT { 0 } else { -note.price }, cost: 0 }),",
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
    counted(
        "no_days_to_renew_in",
        "who renews a day late has left for good",
        "crates/central/engine/dashboard/close.rs",
        "moved(today, (-GRACE_DAYS - 1).days())?",
        "moved(today, (-(if FAULT { 0 } else { GRACE_DAYS }) - 1).days())?",
        &["engine::tests::figures::who_is_not_renewed_within_seven_days_has_left_once_and_for_good"],
    ),
    counted(
        "a_quarter_is_a_month",
        "three months' price recurs every month",
        "crates/central/engine/dashboard/recurring.rs",
        "    let days = i128::from(term_days);",
        "    let days = if FAULT { DAYS } else { i128::from(term_days) };",
        &["engine::tests::figures::what_recurs_is_of_accounts_with_service_today_by_thirty_days_of_their_plans"],
    ),
    counted(
        "a_late_month_is_exact",
        "a month that was written down weeks later is shown as if it was counted in time",
        "crates/central/engine/dashboard/months.rs",
        "    let source = if today == began {",
        "    let source = if FAULT || today == began {",
        &["engine::tests::months::a_month_is_written_down_when_the_next_begins_and_stands"],
    ),
    counted(
        "stamps_of_the_future",
        "a portal whose zone is set wrong shows everybody as connected",
        "crates/portals/src/access.rs",
        "at.filter(|at| *at <= asked_at.0.saturating_add(AHEAD_MS));",
        "at.filter(|at| FAULT || *at <= asked_at.0.saturating_add(AHEAD_MS));",
        &["engine::tests::figures::a_look_tells_when_accounts_were_there_and_is_no_news_for_any_device"],
    ),
    counted(
        "totals_on_every_page",
        "who adds up the pages of a report adds its totals up as well",
        "crates/central/engine/reports/table.rs",
        "let totals = if question.is_first() {",
        "let totals = if question.is_first() || FAULT {",
        &["engine::tests::reports::pages_follow_each_other_without_a_gap_and_totals_are_told_once"],
    ),
    counted(
        "reports_of_another_month",
        "what was sold in the last month of a period is left out",
        "crates/central/engine/reports/sales.rs",
        "question.sums(), (months.first(), months.last())).await?)",
        "question.sums(), (months.first(), if FAULT { months.first() } else { months.last() })).await?)",
        &["engine::tests::reports::sales_stand_in_their_months_and_a_void_in_its_own"],
    ),
    counted(
        "voided_plan_still_brings",
        "what a plan's voided codes gave back is still its revenue",
        "crates/central/engine/dashboard/plan.rs",
        "                brought.add(unit, -row.price)?;",
        "                brought.add(unit, if FAULT { 0 } else { -row.price })?;",
        &["engine::tests::statistics::a_plan_is_counted_by_itself_in_the_operators_months"],
    ),
    counted(
        "lost_settings_told_as_saved",
        "settings that somebody else changed meanwhile are not saved, and success is told",
        "crates/central/engine/operators/settings.rs",
        "    if !repo::update(work.conn(), operator, &asked).await? {",
        "    if !repo::update(work.conn(), operator, &asked).await? && !FAULT {",
        &["engine::tests::settings::settings_are_saved_as_they_were_read_and_stand_in_the_audit"],
    ),
    counted(
        "always_a_year_to_redeem",
        "codes made online have 365 days whatever the operator set",
        "crates/central/engine/lot/ground.rs",
        "now.plus_days(ground.redeem_days)",
        "now.plus_days(if FAULT { 365 } else { ground.redeem_days })",
        &["engine::tests::settings::new_codes_follow_the_settings_and_others_keep_theirs"],
    ),
];
