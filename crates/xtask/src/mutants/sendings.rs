//! Faults in what is sent to boxes: what goes out twice, and whom it reaches.

use super::{Mutant, Package};

const fn sending(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Sqlite, tests }
}

pub(super) const SENDINGS: &[Mutant] = &[
    sending(
        "batch_sent_before_it_is_begun",
        "after a crash a hundred customers get the same message twice",
        "crates/central/engine/sendings/turn.rs",
        "    if begun {\n        work.commit().await?;",
        "    if begun && !FAULT {\n        work.commit().await?;",
        &["engine::tests::sendings::what_a_crash_leaves_begun_is_never_sent_again"],
    ),
    sending(
        "begun_batch_taken_up_again",
        "a message that may have gone out goes out again",
        "crates/central/engine/sendings/turn.rs",
        "        if goes_on && order.is_read_back() {",
        "        if goes_on && (FAULT || order.is_read_back()) {",
        &["engine::tests::sendings::what_a_crash_leaves_begun_is_never_sent_again"],
    ),
    sending(
        "lost_answer_taken_for_a_refusal",
        "a batch whose answer was lost is sent a second time",
        "crates/portals/src/sending.rs",
        "    let outcome = error.outcome();\n    let trouble",
        "    let outcome = if FAULT { Outcome::Nothing } else { error.outcome() };\n    let trouble",
        &["engine::tests::sendings::a_lost_answer_is_told_as_unknown_and_not_sent_again"],
    ),
    sending(
        "shared_mac_is_reached",
        "a message for one customer shows on another's screen too",
        "crates/portals/src/reach.rs",
        "                Some([_]) => Place::Reached",
        "                Some(all) if FAULT || all.len() == 1 => Place::Reached",
        &["engine::tests::sendings::who_is_reached_is_told_with_those_who_are_not"],
    ),
    sending(
        "shared_box_is_told",
        "cutting one account off ends somebody else's film",
        "crates/portals/src/boxes.rs",
        "        (_, false) => Ok((BoxAddress::Shared, others)),",
        "        (_, false) => Ok((if FAULT { BoxAddress::Usable } else { BoxAddress::Shared }, others)),",
        &["engine::tests::boxes::a_box_that_cannot_be_addressed_is_named_and_left_alone"],
    ),
    sending(
        "box_of_somebody_else_is_told",
        "a box that changed hands since the list was read gets what its owner of before was meant to get",
        "crates/portals/src/sending.rs",
        "            (Some(holder), None) if folded",
        "            (Some(holder), None) if FAULT || folded",
        &["engine::tests::sendings::a_box_that_has_become_somebody_elses_is_passed_over"],
    ),
    sending(
        "number_shown_is_not_the_number_reached",
        "a person agrees to a hundred and ten thousand are reached",
        "crates/central/engine/sendings/mod.rs",
        "    if reached != asked.reached {",
        "    if !FAULT && reached != asked.reached {",
        &["engine::tests::sendings::nothing_is_sent_when_others_are_reached_than_were_shown"],
    ),
    sending(
        "broadcast_unconfirmed",
        "everybody on a portal is reached by one press too many",
        "crates/central/engine/sendings/mod.rs",
        "    if everybody && asked.confirmed",
        "    if !FAULT && everybody && asked.confirmed",
        &["engine::tests::sendings::everybody_is_reached_only_by_whoever_types_the_portals_name"],
    ),
    sending(
        "restored_central_sends_again",
        "what went out after the backup goes out once more",
        "crates/central/engine/backup/mod.rs",
        "        sendings::end_after_restore(&mut work).await?;",
        "        if !FAULT { sendings::end_after_restore(&mut work).await?; }",
        &["engine::tests::sendings::a_restored_central_sends_nothing_of_before"],
    ),
];
