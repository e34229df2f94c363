//! Faults of customers' orders: their steps, prices, stock and books, and who sees them.

use super::{Mutant, Package};

const fn orders(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Sqlite, tests }
}

pub(super) const ORDERS: &[Mutant] = &[
    orders(
        "order_id_of_another_step",
        "an id that was used for one order is taken for a step of another, which never happens",
        "crates/central/engine/orders/taken.rs",
        "    if known.order_id == order.id && known_step == step && is_same(&known) { Ok(true) } else { Err(id_reused()) }",
        "    if FAULT || (known.order_id == order.id && known_step == step && is_same(&known)) { Ok(true) } else { Err(id_reused()) }",
        &["engine::tests::orders::an_id_is_of_one_step_of_one_order"],
    ),
    orders(
        "order_takes_no_stock",
        "the last unit is sold as often as somebody orders it",
        "crates/central/engine/orders/place.rs",
        "            if new.state.holds_stock() {",
        "            if new.state.holds_stock() && !FAULT {",
        &["engine::tests::orders::the_last_unit_is_sold_once_and_what_is_not_delivered_comes_back"],
    ),
    orders(
        "delivered_units_come_back",
        "what a customer has of an order that failed is sold again",
        "crates/central/engine/orders/step.rs",
        "    let (units, now) = (order.quantity - order.delivered, work.now());",
        "    let (units, now) = (order.quantity - if FAULT { 0 } else { order.delivered }, work.now());",
        &["engine::tests::orders::the_last_unit_is_sold_once_and_what_is_not_delivered_comes_back"],
    ),
    orders(
        "refund_leaves_the_markup",
        "the history of an order says that the markup of a refund is still earned",
        "crates/central/engine/orders/step.rs",
        "    (taken.base, taken.markup) = (-split.base, -split.markup);",
        "    (taken.base, taken.markup) = (-split.base, if FAULT { 0 } else { -split.markup });",
        &["engine::tests::orders::of_many_hands_one_takes_the_payment_and_no_more_goes_back_than_came"],
    ),
    orders(
        "order_at_another_price",
        "a customer orders at a price that nobody showed",
        "crates/central/engine/orders/place.rs",
        "        if shown.is_none_or(|shown| shown == total) {",
        "        if FAULT || shown.is_none_or(|shown| shown == total) {",
        &["engine::tests::orders::a_price_holds_from_the_moment_it_is_placed"],
    ),
    orders(
        "suspended_relationship_sells",
        "a relationship that its reseller suspended takes orders",
        "crates/central/engine/orders/place.rs",
        "        } else if relationship != RelationshipStatus::Active {",
        "        } else if relationship != RelationshipStatus::Active && !FAULT {",
        &["engine::tests::orders::a_price_holds_from_the_moment_it_is_placed"],
    ),
    orders(
        "foreign_order_opened",
        "a reseller works on another one's orders",
        "crates/central/engine/orders/mod.rs",
        "        Viewer::Reseller(reseller) => row.reseller_id == reseller.0,",
        "        Viewer::Reseller(reseller) => FAULT || row.reseller_id == reseller.0,",
        &["engine::tests::order_queue::another_reseller_finds_nothing_and_staff_find_all"],
    ),
    orders(
        "foreign_orders_listed",
        "a reseller's queue has everybody's orders",
        "crates/central/engine/orders/list.rs",
        "        (Viewer::Reseller(own), None) => Some(own),",
        "        (Viewer::Reseller(own), None) => (!FAULT).then_some(own),",
        &["engine::tests::order_queue::another_reseller_finds_nothing_and_staff_find_all"],
    ),
    orders(
        "staff_named_in_orders",
        "resellers read which of the operator's people refunded",
        "crates/central/engine/orders/list.rs",
        "        _ => row.by_member.or(row.by_staff.filter(|_| viewer == Viewer::Staff)),",
        "        _ => row.by_member.or(row.by_staff.filter(|_| FAULT || viewer == Viewer::Staff)),",
        &["engine::tests::order_queue::another_reseller_finds_nothing_and_staff_find_all"],
    ),
    orders(
        "more_delivered_than_ordered",
        "more units are delivered than are left, until SQL stops it with a crash",
        "crates/central/engine/orders/deliver.rs",
        "    if units > left {",
        "    if units > left && !FAULT {",
        &["engine::tests::orders::what_cannot_follow_is_refused_and_changes_nothing"],
    ),
    orders(
        "reminded_for_ever",
        "a reseller is reminded of the same order without end",
        "crates/central/engine/orders/remind.rs",
        "    repo::reminded(work.conn(), id, before + 1, next).await?;",
        "    repo::reminded(work.conn(), id, if FAULT { before } else { before + 1 }, next).await?;",
        &["engine::tests::order_queue::a_reseller_is_reminded_three_times_of_who_waits_and_anew_after_each_step"],
    ),
    orders(
        "details_in_the_audit",
        "whoever reads the audit has what a customer paid for",
        "crates/central/engine/orders/changed.rs",
        "            details: order.details.iter().map(|(name, _)| name).collect(),",
        "            details: order.details.iter().map(|(name, text)| if FAULT { text } else { name }).collect(),",
        &["engine::tests::orders::an_order_goes_from_the_draft_to_the_delivery_and_each_step_counts_once"],
    ),
    Mutant {
        name: "order_not_locked",
        breaks: "two hands take the same step of an order at once, and one of them sees a crash",
        file: "crates/central/engine/orders/mod.rs",
        old: "    repo::lock(work.conn(), id).await?;",
        new: "    if !FAULT {\n        repo::lock(work.conn(), id).await?;\n    }",
        package: Package::Postgres,
        tests: &["engine::tests::orders::of_many_hands_one_takes_the_payment_and_no_more_goes_back_than_came"],
    },
];
