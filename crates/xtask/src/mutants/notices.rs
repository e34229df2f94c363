//! Faults of notices by e-mail.

use super::{Mutant, Package};

const fn notice(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Sqlite, tests }
}

pub(super) const NOTICES: &[Mutant] = &[
    notice(
        "unwanted_mail_is_sent",
        "a shop gets mail that its owner switched off",
        "crates/central/engine/notices/mod.rs",
        "        && new.kind.may_be_switched_off()",
        "        && !FAULT && new.kind.may_be_switched_off()",
        &["engine::tests::notices::a_movement_is_told_once_and_not_to_who_does_without"],
    ),
    notice(
        "refused_mail_is_tried_for_ever",
        "an address that does not exist is written to again and again",
        "crates/central/engine/notices/worker.rs",
        "        Err(Trouble::Refused(words)) => (NoticeState::Failed, 0, Some(words)),",
        "        Err(Trouble::Refused(words)) => (if FAULT { NoticeState::Queued } else { NoticeState::Failed }, 0, Some(words)),",
        &["engine::tests::notices::a_recipient_that_is_refused_is_not_tried_again_by_itself"],
    ),
    notice(
        "low_credit_is_told_once_for_ever",
        "a shop whose credit becomes low a second time is not told",
        "crates/central/engine/notices/low.rs",
        "        let event = format!(\"low-credit/{reseller}/{crossing}\");",
        "        let event = format!(\"low-credit/{reseller}/{}\", if FAULT { 0 } else { crossing });",
        &["engine::tests::notices::low_credit_is_told_once_for_each_crossing"],
    ),
    notice(
        "sent_mail_is_kept_for_ever",
        "whoever has a backup reads what every customer was ever told",
        "crates/central/engine/notices/worker.rs",
        "    let before = app.now().plus_days(-i64::from(app.mail_kept_days()));",
        "    let before = app.now().plus_days(if FAULT { -36_500 } else { -i64::from(app.mail_kept_days()) });",
        &["engine::tests::told::mails_that_were_sent_are_kept_for_ninety_days_and_others_are_kept"],
    ),
    notice(
        "ending_service_is_told_when_it_is_over",
        "a customer hears on the last day that there is no time left",
        "crates/central/engine/notices/ending.rs",
        "    let until = moved(today, DAYS_BEFORE)?;",
        "    let until = moved(today, if FAULT { 0 } else { DAYS_BEFORE })?;",
        &["engine::tests::told::service_that_ends_is_told_once_three_days_before"],
    ),
    notice(
        "link_of_an_order_is_kept",
        "the address that opens a customer's order stands in a table that staff and backups have",
        "crates/central/engine/market/told.rs",
        "    let mut values = of_order(order, &quantity);\n    values.extend([\n        (\"units\", units.as_str()),",
        "    let mut values = of_order(order, &quantity);\n    let kept = order.contract_id.clone();\n    if FAULT {\n        values.push((\"link\", kept.as_str()));\n    }\n    values.extend([\n        (\"units\", units.as_str()),",
        &["engine::tests::market::reseller_and_customer_are_told_once_of_each_step"],
    ),
    notice(
        "a_step_is_told_once_for_ever",
        "of the second delivery of an order its customer hears nothing",
        "crates/central/engine/market/told.rs",
        "    let event = format!(\"order/{}/step/{}\", order.order_id, told.seq);",
        "    let event = format!(\"order/{}/step/{}\", order.order_id, if FAULT { told.step as i64 } else { told.seq });",
        &["engine::tests::market::reseller_and_customer_are_told_once_of_each_step"],
    ),
    notice(
        "market_line_shown_twice",
        "a page of the market begins with the seller that the page before ended with",
        "crates/central/engine/market/list.rs",
        "begun.is_none_or(|begun| seller.id > begun)",
        "begun.is_none_or(|begun| seller.id > begun || FAULT && seller.id == begun)",
        &["engine::tests::market::pages_and_searches_find_everything_once"],
    ),
    notice(
        "orders_without_end",
        "one network orders a shop's whole stock away",
        "crates/central/engine/market/mod.rs",
        "        rate::take(&mut tx, bucket, *limit, now).await?;",
        "        if !FAULT { rate::take(&mut tx, bucket, *limit, now).await?; }",
        &["engine::tests::market::nobody_orders_without_end_and_nobody_tries_tokens_without_end"],
    ),
];
