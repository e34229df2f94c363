//! Faults in comparing a portal with Central and in repairing what disagrees.

use super::{Mutant, Package};

const fn drift(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Sqlite, tests }
}

pub(super) const DRIFT: &[Mutant] = &[
    drift(
        "half_a_list_is_believed",
        "an answer that broke off makes accounts vanish",
        "crates/central/engine/portal_sync/listing.rs",
        "    let end = rows.end().await.map_err(Trouble::from)?;",
        "    let end = rows.end().await.or_else(|error| if FAULT { Ok(Default::default()) } else { Err(error) })
        .map_err(Trouble::from)?;",
        &["engine::tests::drift::half_a_list_concludes_nothing_and_is_resumed"],
    ),
    drift(
        "breaker_never_trips",
        "a portal that was restored empties the list of its accounts unasked",
        "crates/central/engine/portal_sync/conclude.rs",
        "    let many = |some: i64, of: i64| some > FEW && some.saturating_mul(ONE_IN) > of;",
        "    let many = |some: i64, of: i64| !FAULT && some > FEW && some.saturating_mul(ONE_IN) > of;",
        &[
            "engine::tests::drift::accounts_do_not_vanish_unasked",
            "engine::tests::drift::owners_do_not_vanish_unasked_and_central_keeps_each",
        ],
    ),
    drift(
        "same_login_same_customer",
        "whoever has a customer's login on the portal is taken for the customer",
        "crates/central/engine/portal_sync/judge.rs",
        "    Ok(Verdict { account, linked: false, drift: Some(drift), fields: in_json(&fields)?, ..plain(row) })",
        "    Ok(Verdict { account, linked: FAULT, drift: (!FAULT).then_some(drift), fields: in_json(&fields)?, ..plain(row) })",
        &["engine::tests::drift::the_same_login_is_not_the_same_customer_until_a_person_says_so"],
    ),
    drift(
        "sale_since_is_taken_back",
        "a repair takes away the month that a customer paid for after the look",
        "crates/central/engine/drift/to_central.rs",
        "        if moved.contains(&item.row.key.as_str()) {",
        "        if !FAULT && moved.contains(&item.row.key.as_str()) {",
        &["engine::tests::drift::a_repair_does_what_was_shown_or_nothing"],
    ),
    drift(
        "old_preview_is_done",
        "a repair does what was shown before the accounts were compared again",
        "crates/central/engine/drift/mod.rs",
        "    if found.compared_at != Some(asked.as_of.0) {",
        "    if !FAULT && found.compared_at != Some(asked.as_of.0) {",
        &["engine::tests::drift::a_repair_does_what_was_shown_or_nothing"],
    ),
    drift(
        "nobody_becomes_owner",
        "an account loses its reseller because the portal names none",
        "crates/central/engine/drift/to_central.rs",
        "    state.reseller_id = take.reseller.as_ref().map(|(id, _)| *id).or(state.reseller_id);",
        "    let kept = if FAULT { None } else { state.reseller_id };
    state.reseller_id = take.reseller.as_ref().map(|(id, _)| *id).or(kept);",
        &["engine::tests::drift::the_same_login_is_not_the_same_customer_until_a_person_says_so"],
    ),
    drift(
        "shared_login_is_written",
        "of two accounts with one login a repair takes whichever the portal lists last",
        "crates/central/engine/portal_sync/listing.rs",
        "    for part in copies.chunks(PART) {",
        "    for part in copies.chunks(PART).take(if FAULT { 0 } else { usize::MAX }) {",
        &["engine::tests::drift::what_several_accounts_have_is_named_and_never_touched"],
    ),
    drift(
        "portal_with_customers_is_archived",
        "a plan stays for sale whose buyers are served nowhere",
        "crates/central/engine/portals/mod.rs",
        "    if portal.status == PortalStatus::Archived {",
        "    if !FAULT && portal.status == PortalStatus::Archived {",
        &["engine::tests::looks::a_portal_with_plans_that_are_sold_is_not_archived"],
    ),
    drift(
        "cancelled_job_writes_on",
        "a job goes on after it was cancelled, beside the next one",
        "crates/central/engine/portal_jobs/worker.rs",
        "            if !held {
                return Ok(());
            }",
        "            if !FAULT && !held {
                return Ok(());
            }",
        &["engine::tests::drift::a_cancelled_job_stops_while_the_portal_is_silent"],
    ),
    drift(
        "undo_over_a_sale",
        "taking a repair back takes away what a customer bought since",
        "crates/central/engine/drift/undo.rs",
        "    if repo::account_state(work.conn(), account).await?.as_ref() != Some(after) {",
        "    if !FAULT && repo::account_state(work.conn(), account).await?.as_ref() != Some(after) {",
        &["engine::tests::drift::accounts_that_nobody_knows_are_taken_in_with_their_owner_or_with_none"],
    ),
    drift(
        "undo_writes_over_a_sale",
        "taking a repair back writes the portal's old values over what a customer bought since",
        "crates/central/engine/drift/undo.rs",
        "    Ok(standing.wanted_count() == wanted && standing.state()? == ProvisioningState::Agreed)",
        "    Ok(FAULT || standing.wanted_count() == wanted && standing.state()? == ProvisioningState::Agreed)",
        &["engine::tests::drift::what_a_customer_bought_since_a_repair_is_not_taken_back_with_it"],
    ),
    drift(
        "day_lost_on_the_way_in",
        "a customer who is taken in loses the day on which the portal cuts",
        "crates/portals/src/compare.rs",
        "            .find(|end| self.cut_after(end.at) == Some(cut))",
        "            .find(|end| FAULT || self.cut_after(end.at) == Some(cut))",
        &["engine::tests::drift::what_the_portal_has_is_taken_without_a_credit_or_a_write_and_given_back"],
    ),
];
