//! Faults of what is owed to providers, and of orders on their way to devices and back.

use super::{Mutant, Package};

const fn owed(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Sqlite, tests }
}

pub(super) const BOOKS: &[Mutant] = &[
    owed(
        "any_sum_settles",
        "a settlement is booked for another sum than was paid",
        "crates/central/engine/settlements/settle.rs",
        "        if owed == paid {",
        "        if owed == paid || FAULT {",
        &["engine::tests::settlements::what_cannot_be_settled_says_why"],
    ),
    owed(
        "settlement_of_a_reused_id",
        "another settlement under the id of a first one looks recorded",
        "crates/central/engine/settlements/settle.rs",
        "    if one && same { Ok(known) } else { Err(id_reused()) }",
        "    if (one && same) || FAULT { Ok(known) } else { Err(id_reused()) }",
        &["engine::tests::settlements::what_is_owed_is_settled_once_and_a_refund_after_it_is_not_taken_off_elsewhere"],
    ),
    owed(
        "refunds_taken_off_elsewhere",
        "what one shop's refund overdrew is taken off what others owe",
        "crates/central/engine/settlements/mod.rs",
        "row.payable.max(0)",
        "if FAULT { row.payable } else { row.payable.max(0) }",
        &["engine::tests::settlements::what_is_owed_is_settled_once_and_a_refund_after_it_is_not_taken_off_elsewhere"],
    ),
    owed(
        "statement_of_today_for_every_month",
        "a month that is over ends with what is owed now",
        "crates/central/engine/settlements/statement.rs",
        "    let closing = owed - since.adds();",
        "    let closing = if FAULT { owed } else { owed - since.adds() };",
        &["engine::tests::settlements::a_statement_is_the_ledger_over_refunds_and_months"],
    ),
    owed(
        "books_of_orders_not_proven",
        "nobody sees that an order is not what its steps come to",
        "crates/central/engine/ledger/verify.rs",
        "    orders::verify_steps(conn, operator, &mut report).await?;",
        "    if !FAULT {
        orders::verify_steps(conn, operator, &mut report).await?;
    }",
        &["engine::tests::settlements::books_that_do_not_say_what_the_orders_say_are_found"],
    ),
    owed(
        "order_counts_above_its_shop",
        "those above a shop miss rows that they may not see",
        "crates/central/engine/feed/digest.rs",
        "    if own {",
        "    if own && !FAULT {",
        &["engine::tests::order_feed::orders_reach_their_reseller_and_staff_and_nobody_above_or_before"],
    ),
    owed(
        "orders_for_old_desktops",
        "a desktop from before orders is sent rows that it cannot read",
        "crates/central/engine/feed/pull.rs",
        "    let tables = query.tables.unwrap_or(TABLES_UNSAID);",
        "    let tables = if FAULT { 10 } else { query.tables.unwrap_or(TABLES_UNSAID) };",
        &["engine::tests::order_feed::orders_reach_their_reseller_and_staff_and_nobody_above_or_before"],
    ),
    owed(
        "orders_told_above",
        "the devices above a shop are told of its orders",
        "crates/central/engine/feed/mod.rs",
        "if own { path == viewer }",
        "if own && !FAULT { path == viewer }",
        &["engine::feed::tests::orders_are_seen_by_their_reseller_and_the_operator_alone"],
    ),
    owed(
        "moved_order_aborts_the_push",
        "one delivery that came too late stops a device's log for ever",
        "crates/central/engine/push/fulfilment.rs",
        "        Err(DeliverRefusal::Moved(_)) => rejected(RejectCode::OrderMoved),",
        "        Err(DeliverRefusal::Moved(failure)) if FAULT => return Err(failure),
        Err(DeliverRefusal::Moved(_)) => rejected(RejectCode::OrderMoved),",
        &["engine::tests::fulfilments::what_contradicts_central_is_answered_and_the_log_goes_on"],
    ),
];
