//! Faults of operations on many accounts: what was shown, what is taken back, and who may.

use super::{Mutant, Package};

const fn bulk(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Sqlite, tests }
}

pub(super) const BULK: &[Mutant] = &[
    bulk(
        "shown_is_not_done",
        "another wallet pays than the dry run showed",
        "crates/central/engine/bulk/row.rs",
        "    if (shown.owner_id, shown.cost, &shown.unit) == (now.owner_id, now.cost, &now.unit) {",
        "    if FAULT || (shown.owner_id, shown.cost, &shown.unit) == (now.owner_id, now.cost, &now.unit) {",
        &["engine::tests::bulk::what_was_shown_is_what_is_done"],
    ),
    bulk(
        "taken_back_over_others",
        "taking back undoes what somebody else decided since",
        "crates/central/engine/bulk/row.rs",
        "    if Some(now.revision) != row.revision {",
        "    if !FAULT && Some(now.revision) != row.revision {",
        &["engine::tests::bulk::taking_back_leaves_what_somebody_changed_since"],
    ),
    bulk(
        "so_already_counts_as_changed",
        "taking back switches on who was suspended before",
        "crates/central/engine/bulk/row.rs",
        "    if account.status()? != to {",
        "    if FAULT || account.status()? != to {",
        &["engine::tests::bulk::taking_back_leaves_what_somebody_changed_since"],
    ),
    bulk(
        "grant_asked_only_at_first",
        "a shop goes on after the operator took its grant away",
        "crates/central/engine/bulk/worker.rs",
        "                permissions::require(work.conn(), reseller, Grant::BulkOperations).await?;",
        "                if !FAULT { permissions::require(work.conn(), reseller, Grant::BulkOperations).await?; }",
        &["engine::tests::bulk::a_shop_needs_the_grant_and_reaches_its_own_accounts_only"],
    ),
    bulk(
        "twice_in_a_file",
        "a box that stands in a file twice is shown as two accounts, and the second fails later",
        "crates/central/engine/bulk/lines/account.rs",
        "        wrong.extend(other.map(|other| before(\"mac\", other)));",
        "        if !FAULT { wrong.extend(other.map(|other| before(\"mac\", other))); }",
        &["engine::tests::bulk_lines::every_line_says_what_is_wrong_where_and_the_run_creates_what_was_shown"],
    ),
    bulk(
        "limit_of_each_line_alone",
        "a file of more accounts than the shop may have is shown as good",
        "crates/central/engine/bulk/lines/account.rs",
        "        self.0.insert(owner, before.saturating_add(1));",
        "        if !FAULT { self.0.insert(owner, before.saturating_add(1)); }",
        &["engine::tests::bulk_lines::the_limit_of_accounts_is_told_for_all_lines_together"],
    ),
    bulk(
        "passwords_for_everybody",
        "whoever works for the operator reads the passwords of new customers",
        "crates/central/engine/bulk/lines/created.rs",
        "    if record.ordered_by != orderer.by {",
        "    if !FAULT && record.ordered_by != orderer.by {",
        &["engine::tests::bulk_lines::who_ordered_them_is_shown_what_opens_them_and_nobody_else"],
    ),
    bulk(
        "line_left_out",
        "a part of a file that was lost is never missed",
        "crates/central/engine/bulk/lines/mod.rs",
        "    if first != open.total + 1 {",
        "    if !FAULT && first != open.total + 1 {",
        &["engine::tests::bulk_lines::lines_come_in_parts_and_nothing_is_tried_before_all_are_there"],
    ),
    bulk(
        "plan_taken_back_over_a_sale",
        "taking a plan back also takes it from who was sold more service with it since",
        "crates/central/engine/bulk/row.rs",
        "            if (now.plan_id, &now.last_day) != (Some(plan_id.0), &row.was_last_day) {",
        "            if !FAULT && (now.plan_id, &now.last_day) != (Some(plan_id.0), &row.was_last_day) {",
        &["engine::tests::plan_changes::many_get_another_plan_and_come_back_unless_service_was_sold_since"],
    ),
    bulk(
        "trial_carried_over",
        "the days of a trial become days of a plan that somebody pays for",
        "crates/central/engine/account/plan.rs",
        "    if plans::get(work.conn(), operator, plan).await?.trials_a_month.is_some() {",
        "    if !FAULT && plans::get(work.conn(), operator, plan).await?.trials_a_month.is_some() {",
        &["engine::tests::plan_changes::what_an_account_cannot_have_is_refused_with_what_to_do"],
    ),
    bulk(
        "gift_by_anybody",
        "a file gives service away that its sender may not give",
        "crates/central/engine/bulk/lines/account.rs",
        "    match (yes && !allowed, asker.scope) {",
        "    match (yes && !allowed && !FAULT, asker.scope) {",
        &["engine::tests::chosen_days::only_who_may_move_credits_gives_service_away_by_a_file"],
    ),
    bulk(
        "bulk_forgets_those_below",
        "a list with the accounts of the resellers below is carried out without them",
        "crates/central/engine/bulk/repo/mod.rs",
        "    let with_below = i64::from(list.is_some_and(|list| list.with_below));",
        "    let with_below = i64::from(list.is_some_and(|list| list.with_below && !FAULT));",
        &["engine::tests::bulk::a_list_has_those_of_the_resellers_below_where_it_is_asked_for"],
    ),
];
