//! Faults of applications, commission rates, members, resellers below a reseller, second factors, and of what any creation
//! or list shares.

use super::{Mutant, Package};

const fn people(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Sqlite, tests }
}

pub(super) const PEOPLE: &[Mutant] = &[
    people(
        "double_not_shown",
        "staff approve one of two applications with one address and do not know it",
        "crates/central/engine/applications/mod.rs",
        "            .map(|of| stored(DoubleOf::from_stored(of), \"application\", \"double_of\", id))",
        "            .filter(|_| !FAULT).map(|of| stored(DoubleOf::from_stored(of), \"application\", \"double_of\", id))",
        &["engine::tests::applications::an_address_that_waits_or_sells_is_received_like_any_other_and_staff_see_it"],
    ),
    people(
        "applications_are_not_counted",
        "one network fills the list of applications",
        "crates/central/engine/applications/mod.rs",
        "        rate::take(&mut tx, bucket, *limit, now).await?;",
        "        if !FAULT { rate::take(&mut tx, bucket, *limit, now).await?; }",
        &["engine::tests::applications::one_network_cannot_fill_the_list"],
    ),
    people(
        "other_content_under_one_id",
        "a second application under a used id is told that it was received, and is nowhere",
        "crates/central/engine/applications/mod.rs",
        "        return if same { Ok(received) }",
        "        return if same || FAULT { Ok(received) }",
        &["engine::tests::applications::an_application_waits_and_its_password_is_nowhere_readable"],
    ),
    people(
        "rate_begins_in_the_past",
        "commission that was computed before changes afterwards",
        "crates/central/engine/begins.rs",
        "    if start < work.now() {",
        "    if !FAULT && start < work.now() {",
        &["engine::tests::applications::a_rate_holds_from_its_moment_and_what_was_before_stays"],
    ),
    people(
        "old_password_stays_signed_in",
        "whoever has a member's old password goes on",
        "crates/central/engine/members/mod.rs",
        "    if hash.is_some() || !asked.active {",
        "    if !FAULT && (hash.is_some() || !asked.active) {",
        &["engine::tests::members::a_new_password_ends_the_sessions_of_the_old_one"],
    ),
    people(
        "first_owner_is_shut_out",
        "a reseller has nobody left who manages it",
        "crates/central/engine/members/mod.rs",
        "    if before.principal && !asked.active {",
        "    if !FAULT && before.principal && !asked.active {",
        &["engine::tests::members::the_first_owner_stays_and_no_other_reseller_is_reached"],
    ),
    people(
        "grandparent_edits",
        "a reseller changes one that another answers for",
        "crates/central/engine/resellers/below.rs",
        "    if known.parent_id != Some(parent) {",
        "    if !FAULT && known.parent_id != Some(parent) {",
        &["engine::tests::members::an_owner_creates_and_edits_directly_below_its_own"],
    ),
    people(
        "parent_brings_back_the_suspended",
        "whom staff suspended sells again by the parent's word",
        "crates/central/engine/resellers/below.rs",
        "    let (mode, status) = (known.settlement_mode, known.status);",
        "    let (mode, status) =
        (known.settlement_mode, if FAULT { ResellerStatus::Active } else { known.status });",
        &["engine::tests::members::whom_staff_suspended_or_trusted_stays_so_whatever_the_parent_edits"],
    ),
    people(
        "last_super_admin_goes",
        "nobody is left who manages the staff",
        "crates/central/engine/staff/change.rs",
        "    if before.role != StaffRole::SuperAdmin || !before.active {",
        "    if FAULT || before.role != StaffRole::SuperAdmin || !before.active {",
        &["engine::tests::staff::the_last_super_admin_stays"],
    ),
    people(
        "shut_out_staff_signs_in",
        "one of the staff who was shut out goes on",
        "crates/central/engine/staff/change.rs",
        "    if !repo::set_active(work.conn(), id, version, active).await? {",
        "    if !repo::set_active(work.conn(), id, version, active || FAULT).await? {",
        &["engine::tests::staff::who_is_shut_out_is_out_at_once_and_comes_back_with_the_old_password"],
    ),
    people(
        "others_go_on_after_a_new_password",
        "whoever has the old password stays signed in elsewhere",
        "crates/central/engine/sessions/password.rs",
        "    proof::end_others(&mut work, identity).await?;",
        "    if !FAULT { proof::end_others(&mut work, identity).await?; }",
        &["engine::tests::staff::a_changed_password_ends_all_other_sessions"],
    ),
    people(
        "password_of_another_goes_on",
        "whoever gave somebody a password works under that name",
        "crates/central/engine/http/caller.rs",
        "        if self.identity.must_change {",
        "        if !FAULT && self.identity.must_change {",
        &["engine::tests::staff::a_new_colleague_gets_a_password_once_and_chooses_another"],
    ),
    people(
        "thief_stays_signed_in",
        "whoever has a lost machine works in the name of the shop",
        "crates/central/engine/device/block.rs",
        "    if repo::retire(work.conn(), id).await? {",
        "    if repo::retire(work.conn(), id).await? && !FAULT {",
        &["engine::tests::blocked::an_owner_blocks_a_lost_machine_and_no_credit_moves"],
    ),
    people(
        "second_factor_not_asked",
        "the password alone opens what a second factor should keep shut",
        "crates/central/engine/second_factor/check.rs",
        ".filter(|known| known.confirmed_at.is_some());",
        ".filter(|known| known.confirmed_at.is_some() && !FAULT);",
        &["engine::tests::second_factor::a_factor_is_set_up_asked_for_and_ended"],
    ),
    people(
        "digits_taken_twice",
        "whoever saw somebody type six digits signs in with them as well",
        "crates/central/engine/second_factor/check.rs",
        "    let taken = repo::take_step(work.conn(), user, step).await?;",
        "    let taken = repo::take_step(work.conn(), user, step).await? || FAULT;",
        &["engine::tests::second_factor::digits_open_once_one_step_early_or_late_and_no_older_ones_after"],
    ),
    people(
        "recovery_code_works_twice",
        "a recovery code that was used goes on opening",
        "crates/central/engine/second_factor/check.rs",
        "    let spent = repo::spend_recovery_code(work.conn(), user, &hash).await?;",
        "    let spent = repo::spend_recovery_code(work.conn(), user, &hash).await?;
    if FAULT && spent {
        repo::add_recovery_code(work.conn(), user, &hash).await?;
    }",
        &["engine::tests::second_factor::each_recovery_code_opens_once_and_new_ones_void_the_old"],
    ),
    people(
        "password_clears_the_way_to_the_digits",
        "whoever has the password guesses digits without an end",
        "crates/central/engine/sessions/mod.rs",
        "            guard::give_back(&mut work, audience, &username, counted).await?;",
        "            guard::give_back(&mut work, audience, &username, counted).await?;
            if FAULT {
                guard::clear(&mut work, audience, &username).await?;
            }",
        &[
            "engine::tests::second_factor::wrong_digits_lock_like_wrong_passwords_and_the_password_alone_does_not_clear_the_way",
        ],
    ),
    people(
        "staff_without_a_second_factor_work",
        "the operator wants a second factor of staff, and nobody is held to it",
        "crates/central/engine/http/caller.rs",
        "                second_factor::require_of_staff(app, id).await?;",
        "                if !FAULT { second_factor::require_of_staff(app, id).await?; }",
        &["engine::tests::second_factor::staff_without_one_do_nothing_else_where_the_operator_wants_it"],
    ),
    people(
        "own_second_factor_taken_away",
        "a stolen session of an owner is rid of the owner's second factor",
        "crates/central/engine/second_factor/remove.rs",
        "    if actor.who().1 == Some(user) {",
        "    if !FAULT && actor.who().1 == Some(user) {",
        &["engine::tests::members::an_owners_own_second_factor_is_another_owners_to_take_away"],
    ),
    people(
        "fault_told_as_a_reused_id",
        "a database that did not answer is told as an id of somebody else, and nobody tries again",
        "crates/central/engine/repeat.rs",
        "    let known = if_found(known)?.filter(same);",
        "    let known = if FAULT { known.ok() } else { if_found(known)? }.filter(same);",
        &["engine::tests::faults::a_repeat_is_refused_for_its_id_only_when_it_was_looked_at"],
    ),
    people(
        "zero_byte_in_a_key",
        "a page of a list is asked for by a text that PostgreSQL does not take",
        "crates/central/engine/http/paging.rs",
        ".filter(|bytes| !zero_byte::is_in_json(bytes));",
        ".filter(|bytes| FAULT || !zero_byte::is_in_json(bytes));",
        &["engine::tests::edge::bad_queries_and_paths_are_told_what_is_wrong_with_them"],
    ),
];
