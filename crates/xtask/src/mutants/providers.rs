//! Faults of external providers, what they offer, and who sells it.

use super::{Mutant, Package};

const fn providers(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Sqlite, tests }
}

pub(super) const PROVIDERS: &[Mutant] = &[
    providers(
        "dry_run_of_offerings_writes",
        "whoever tries a file of offerings has written it",
        "crates/central/engine/providers/import.rs",
        "    let written = !asked.dry_run && refused.is_empty();",
        "    let written = (!asked.dry_run || FAULT) && refused.is_empty();",
        &["engine::tests::providers::a_file_is_tried_written_once_and_comes_back_without_loss"],
    ),
    providers(
        "wrong_line_of_offerings_passed_over",
        "a file with a wrong line is written without it, and nobody mends it",
        "crates/central/engine/providers/import.rs",
        "    let (drafts, refused) = read(&asked.lines);",
        "    let (drafts, mut refused) = read(&asked.lines);
    if FAULT { refused.clear(); }",
        &["engine::tests::providers::a_file_with_a_wrong_line_writes_nothing_and_says_where"],
    ),
    providers(
        "empty_stock_is_no_limit",
        "a file without stocks makes everything of a provider endless",
        "crates/central/engine/providers/import.rs",
        "            Some(known) if self.keeps_stock => OfferingDraft { stock: known.stock, ..self.draft },",
        "            Some(known) if self.keeps_stock && !FAULT => OfferingDraft { stock: known.stock, ..self.draft },",
        &["engine::tests::providers::an_empty_stock_leaves_the_one_that_is_there"],
    ),
    providers(
        "old_words_of_an_offering_kept",
        "an offering is found by words that it does not have any more",
        "crates/central/engine/providers/offerings.rs",
        "    repo::forget_words(work.conn(), &[id.0]).await?;",
        "    if !FAULT { repo::forget_words(work.conn(), &[id.0]).await?; }",
        &["engine::tests::providers::an_offering_is_made_once_edited_and_found_by_its_words"],
    ),
    providers(
        "second_relationship_opens_over_the_first",
        "opening a relationship that is open changes its markup behind its owner's back",
        "crates/central/engine/relationships/mod.rs",
        "        Some(known) if known.status != RelationshipStatus::Inactive => return Err(open_already(known)),",
        "        Some(known) if known.status != RelationshipStatus::Inactive && !FAULT => return Err(open_already(known)),",
        &["engine::tests::relationships::a_relationship_is_opened_once_with_its_books"],
    ),
    providers(
        "relationship_without_books",
        "a reseller sells a provider and no book can hold what customers pay",
        "crates/central/engine/ledger/mod.rs",
        "    for kind in AccountKind::ORDERS {",
        "    for kind in AccountKind::ORDERS.into_iter().filter(|_| !FAULT) {",
        &["engine::tests::relationships::a_relationship_is_opened_once_with_its_books"],
    ),
];
