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
];
