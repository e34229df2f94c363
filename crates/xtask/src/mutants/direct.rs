//! Faults in using a portal without Central: whose password goes where, and what Central hears of later.

use super::{Mutant, Package};

const fn direct(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Client, tests }
}

pub(super) const DIRECT: &[Mutant] = &[
    direct(
        "password_follows_the_portal",
        "a portal's password goes to an address that it was not typed for",
        "crates/client/src/direct/set_up.rs",
        "        Ok(portal) if (&portal.address, &portal.user) == (&known.address, &known.user) => portal,",
        "        Ok(portal) if FAULT || (&portal.address, &portal.user) == (&known.address, &known.user) => portal,",
        &["rig::direct::setting_up::what_is_put_away_or_reached_otherwise_at_central_is_forgotten"],
    ),
    direct(
        "password_left_behind",
        "whoever signs in next finds a portal's password in the keyring",
        "crates/client/src/direct/set_up.rs",
        "    if rights::may(till, StaffAction::RepairAccounts).await? { Ok(()) }",
        "    if FAULT || rights::may(till, StaffAction::RepairAccounts).await? { Ok(()) }",
        &["rig::direct::setting_up::it_is_forgotten_when_asked_and_when_somebody_signs_in_who_may_not"],
    ),
    direct(
        "portal_used_from_a_shop",
        "a shop's computer tells customers' boxes what to do, and Central takes no word of it",
        "crates/client/src/direct/rights.rs",
        "device.enrolled && device.reseller_id.is_none()",
        "device.enrolled && (FAULT || device.reseller_id.is_none())",
        &["rig::direct::setting_up::only_staff_who_may_and_only_on_the_operators_own_computer"],
    ),
    direct(
        "one_of_several_looked_at",
        "of two accounts with one MAC the wrong one passes for the customer's",
        "crates/client/src/direct/look.rs",
        "    if found.len() < 2 {",
        "    if FAULT || found.len() < 2 {",
        &["rig::direct::looking::of_several_accounts_with_one_mac_or_number_none_is_chosen"],
    ),
    direct(
        "ended_service_still_wanted",
        "a desktop that was away from Central for a week misses accounts that have ended since",
        "crates/client/src/direct/standings.rs",
        "    let ended = service.enabled",
        "    let ended = !FAULT && service.enabled",
        &["direct::standings::tests::a_service_that_ended_since_it_was_taken_along_is_over"],
    ),
    direct(
        "part_of_a_list_believed",
        "accounts behind the break of a list are called missing",
        "crates/client/src/direct/comparison/work.rs",
        "    rows.end().await?;",
        "    let end = rows.end().await;
    if !FAULT {
        end?;
    }",
        &["rig::direct::comparing::a_list_that_breaks_off_says_nothing_of_anybody"],
    ),
    direct(
        "unknown_contact_not_logged",
        "Central never hears of a restart whose answer was lost",
        "crates/client/src/direct/act.rs",
        "    log(till, body).await.map_err(DirectError::NotLogged)?;",
        "    if !FAULT || acted.trouble.is_none() {
        log(till, body).await.map_err(DirectError::NotLogged)?;
    }",
        &["rig::direct::acting::a_lost_answer_is_logged_as_unknown_and_nothing_is_sent_again"],
    ),
    direct(
        "box_told_by_a_frozen_device",
        "a device that Central takes nothing from still tells boxes what to do",
        "crates/client/src/direct/act.rs",
        "    drop(LogWriter::begin(till).await?);",
        "    if !FAULT {
        drop(LogWriter::begin(till).await?);
    }",
        &["rig::direct::acting::a_log_that_cannot_be_written_is_said"],
    ),
    direct(
        "repeated_step_refused",
        "a press that is repeated after a lost answer looks like a failure",
        "crates/client/src/direct/reprovision.rs",
        "        if log::has(writer.db(), asked.step_id).await? {",
        "        if !FAULT && log::has(writer.db(), asked.step_id).await? {",
        &["rig::direct::acting::a_write_is_queued_once_for_each_step"],
    ),
];
