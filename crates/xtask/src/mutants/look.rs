//! Faults in the daily look at the feed.

use super::{Mutant, Package};

const fn look(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Sqlite, tests }
}

pub(super) const LOOK: &[Mutant] = &[
    look(
        "unlisted_row_not_missed",
        "a row that the feed has lost is never told to devices again",
        "crates/central/engine/feed/look.rs",
        "    for row in repo::unlisted(conn, operator, STAFF_ONLY, TOLD).await? {",
        "    for row in repo::unlisted(conn, operator, STAFF_ONLY, TOLD).await? {
        if FAULT { continue; }",
        &["engine::tests::following::the_daily_look_makes_the_feed_right_and_tells_of_rows_that_are_gone"],
    ),
    look(
        "lost_row_not_missed",
        "a row that is gone behind the feed is noticed by nobody",
        "crates/central/engine/feed/look.rs",
        "    for row in repo::lost(conn, operator, TOLD).await? {",
        "    for row in repo::lost(conn, operator, TOLD).await? {
        if FAULT { continue; }",
        &["engine::tests::following::the_daily_look_makes_the_feed_right_and_tells_of_rows_that_are_gone"],
    ),
];
