//! Faults of commission and payouts.

use super::{Mutant, Package};

const fn commission(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Sqlite, tests }
}

pub(super) const COMMISSION: &[Mutant] = &[
    commission(
        "wholesale_earns_too",
        "who keeps the cash gets a share of it as well",
        "crates/central/engine/commission/due.rs",
        "        if matches!(code.unit()?, Unit::Minor(_)) && code.price > 0 {",
        "        if (FAULT || matches!(code.unit()?, Unit::Minor(_))) && code.price > 0 {",
        &["engine::tests::commission::a_wholesale_reseller_earns_nothing_of_its_own_sales"],
    ),
    commission(
        "debts_are_forgotten",
        "what was taken back after it was available is paid out again",
        "crates/central/engine/commission/books.rs",
        "        if amount <= 0 {",
        "        if FAULT || amount <= 0 {",
        &["engine::tests::payouts::what_is_taken_back_after_a_payout_comes_off_what_is_earned_later"],
    ),
    commission(
        "one_damaged_sale_stops_all",
        "nobody earns while one row is damaged",
        "crates/central/engine/commission/worker.rs",
        "        Err(failure) if sources.len() == 1 => {",
        "        Err(failure) if FAULT || sources.len() == 1 => {",
        &["engine::tests::commission::damaged_rules_wait_for_a_person_and_the_customer_does_not"],
    ),
    commission(
        "payout_steps_in_any_order",
        "a payout is confirmed that nobody approved or sent",
        "crates/central/engine/commission/payouts.rs",
        "    if !before.state.may_become(step.state()) {",
        "    if !FAULT && !before.state.may_become(step.state()) {",
        &["engine::tests::payouts::a_payout_is_asked_for_approved_sent_and_confirmed_and_the_money_goes_with_it"],
    ),
    commission(
        "payout_below_the_least",
        "a payout is asked for over cents",
        "crates/central/engine/commission/payouts.rs",
        "    if amount.value() >= least.value() {",
        "    if FAULT || amount.value() >= least.value() {",
        &["engine::tests::payouts::too_little_is_refused_with_what_is_there_and_what_is_to_come"],
    ),
];
