//! Faults in the audit's chain, in what devices remember of it, and in what resellers are told of it.

use super::{Mutant, Package};

const fn audit(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    package: Package,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package, tests }
}

pub(super) const AUDIT: &[Mutant] = &[
    audit(
        "any_line_fits_its_seal",
        "a line of the audit is changed, and the proof says that all is well",
        "crates/central/engine/audit/verify.rs",
        "    if sealed.hash == expected {",
        "    if FAULT || sealed.hash == expected {",
        Package::Sqlite,
        &["engine::tests::audit::a_line_that_was_changed_is_named"],
    ),
    audit(
        "device_is_not_believed",
        "the whole audit is written anew, and nobody is told that a device remembers the old one",
        "crates/central/engine/audit/memory.rs",
        "    } else if checkpoint.epoch == current {",
        "    } else if !FAULT && checkpoint.epoch == current {",
        Package::Sqlite,
        &["engine::tests::audit::a_history_that_was_written_anew_contradicts_what_a_device_remembers"],
    ),
    audit(
        "restore_forgives_everything",
        "after a restore the part of the audit that the backup held may be rewritten",
        "crates/central/engine/backup/mod.rs",
        "        audit::note_restore(&mut work).await?;",
        "        if !FAULT { audit::note_restore(&mut work).await?; }",
        Package::Sqlite,
        &["engine::tests::audit::what_a_restore_lost_is_no_contradiction_and_what_it_kept_is_proved"],
    ),
    audit(
        "seal_forgets_the_one_before",
        "lines are hashed each by itself, and one in the middle can be taken out",
        "crates/central/engine/audit/seal.rs",
        "        hash = hashed(operator, seq, line, &hash);",
        "        hash = hashed(operator, seq, line, &if FAULT { AuditHash::default() } else { hash });",
        Package::Sqlite,
        &["engine::tests::audit::a_line_that_was_changed_is_named"],
    ),
    audit(
        "central_is_believed_about_itself",
        "a Central that rewrote its audit says that all is well, and the device takes its word",
        "crates/client/src/audit/mod.rs",
        "        let differs = held.as_ref() != Some(&remembered.hash);",
        "        let differs = !FAULT && held.as_ref() != Some(&remembered.hash);",
        Package::Client,
        &["rig::audit::a_line_in_the_past_that_was_written_anew_is_seen_though_central_says_all_is_well"],
    ),
    audit(
        "log_shows_another_reseller",
        "an owner who asks for another reseller by its id reads that one's log",
        "crates/central/engine/audit/repo/log.rs",
        "        filter.reseller.0,",
        "        filter.subject.filter(|_| FAULT).unwrap_or(filter.reseller.0),",
        Package::Sqlite,
        &["engine::tests::reseller_log::a_log_has_the_own_subtree_and_nothing_else"],
    ),
    audit(
        "log_names_those_above",
        "a log tells the names and addresses of people of another reseller",
        "crates/central/engine/audit/log.rs",
        "    path.is_some_and(|path| path.starts_with(scope.path_prefix()))",
        "    path.is_some_and(|path| FAULT || path.starts_with(scope.path_prefix()))",
        Package::Sqlite,
        &["engine::tests::reseller_log::staff_and_those_above_have_no_name_no_address_and_no_secret"],
    ),
    audit(
        "lost_account_is_not_told",
        "a comparison gives an account to another reseller, and who had it hears nothing",
        "crates/central/engine/drift/to_central.rs",
        "    let left = before.as_ref().and_then(|before| before.reseller_id);",
        "    let left = before.as_ref().and_then(|before| before.reseller_id).filter(|_| !FAULT);",
        Package::Sqlite,
        &[
            "engine::tests::drift_log::both_resellers_hear_that_a_comparison_moved_an_account_and_neither_who_the_other_is",
        ],
    ),
    audit(
        "log_tells_where_an_account_went",
        "a reseller reads in its log to whom a comparison gave its account",
        "crates/central/engine/audit/concern.rs",
        "        (Some(before), Some(after)) => before == after,",
        "        (Some(before), Some(after)) => FAULT || before == after,",
        Package::Sqlite,
        &[
            "engine::tests::drift_log::both_resellers_hear_that_a_comparison_moved_an_account_and_neither_who_the_other_is",
        ],
    ),
];
