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
        "a_payment_of_a_sale_earns_again",
        "one price earns twice: with its code or extension, and with the payment for it",
        "crates/central/engine/payments/step.rs",
        "    if payment.paid_for == PaidFor::Sale {",
        "    if !FAULT && payment.paid_for == PaidFor::Sale {",
        &["engine::tests::payments::a_payment_of_a_sale_of_ours_is_only_noted"],
    ),
    commission(
        "collected_and_kept",
        "a shop keeps what it collected and earns its share of it as well",
        "crates/central/engine/payments/step.rs",
        "        if payment.collected_by == CollectedBy::Reseller {",
        "        if !FAULT && payment.collected_by == CollectedBy::Reseller {",
        &["engine::tests::payments::service_that_nobody_sold_earns_once_by_tier_for_the_seller_and_above"],
    ),
    commission(
        "a_shop_says_that_the_operator_was_paid",
        "a shop earns of money that nobody has",
        "crates/central/engine/payments/step.rs",
        "    if *asker.scope == Scope::Operator || payment.collected_by == CollectedBy::Reseller {",
        "    if FAULT || *asker.scope == Scope::Operator || payment.collected_by == CollectedBy::Reseller {",
        &["engine::tests::payments::what_the_operator_collected_earns_and_costs_the_shop_nothing"],
    ),
    commission(
        "a_refund_leaves_the_shares",
        "shares are paid of a price that the customer got back",
        "crates/central/engine/payments/step.rs",
        "    if payment.earns {",
        "    if !FAULT && payment.earns {",
        &["engine::tests::payments::a_refund_takes_back_what_a_payment_booked_however_far_it_came"],
    ),
    commission(
        "a_refund_keeps_the_price",
        "the shop has paid for what its customer got back",
        "crates/central/engine/payments/step.rs",
        "    if payment.charged.value() > 0 {",
        "    if !FAULT && payment.charged.value() > 0 {",
        &["engine::tests::payments::a_refund_takes_back_what_a_payment_booked_however_far_it_came"],
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
