//! Faults of lots that the operator keeps, of allocating them, and of ranges of serials.

use super::{Mutant, Package};

const fn lots(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Sqlite, tests }
}

pub(super) const LOTS: &[Mutant] = &[
    lots(
        "kept_code_is_sold",
        "a card that no shop has sold goes on to be redeemed",
        "crates/central/engine/redemption/mod.rs",
        "    if found.in_stock {",
        "    if found.in_stock && !FAULT {",
        &["engine::tests::stock::what_the_operator_keeps_is_nobodys_and_cannot_be_used"],
    ),
    lots(
        "lot_for_nothing",
        "codes of a lot become a reseller's and nobody pays",
        "crates/central/engine/lot/part.rs",
        "    books.post(work, &movement)?;",
        "    if !FAULT { books.post(work, &movement)?; }",
        &["engine::tests::stock::an_allocation_is_paid_to_the_credit_and_its_codes_are_used_as_printed"],
    ),
    lots(
        "allocated_not_counted",
        "a kept lot shows codes that resellers have",
        "crates/central/engine/lot/given.rs",
        "stock_repo::give(work.conn(), stock, given.codes).await?;",
        "stock_repo::give(work.conn(), stock, if FAULT { 0 } else { given.codes }).await?;",
        &["engine::tests::stock::an_allocation_is_paid_to_the_credit_and_its_codes_are_used_as_printed"],
    ),
    lots(
        "allocated_code_is_another",
        "an allocated code is not the one that was printed",
        "crates/central/engine/lot/record.rs",
        "id: self.stock_id.unwrap_or(self.lot_id),",
        "id: if FAULT { self.lot_id } else { self.stock_id.unwrap_or(self.lot_id) },",
        &["engine::tests::stock::an_allocation_is_paid_to_the_credit_and_its_codes_are_used_as_printed"],
    ),
    lots(
        "any_sum_allocates",
        "codes are allocated for another sum than was shown",
        "crates/central/engine/lot/allocate.rs",
        "    if total != asked.total {",
        "    if total != asked.total && !FAULT {",
        &["engine::tests::stock::what_cannot_be_allocated_is_refused_with_words"],
    ),
    lots(
        "range_to_the_lots_end",
        "a range of serials goes on to the end of its last lot",
        "crates/central/engine/lot/serials.rs",
        "        if number == to.number {",
        "        if number == to.number && !FAULT {",
        &["engine::tests::stock::a_range_goes_through_several_lots_and_each_reseller_gets_its_own_back"],
    ),
    lots(
        "stolen_code_may_be_sold_yet",
        "a revoked card that was never given is told to be not sold yet",
        "crates/central/engine/redemption/mod.rs",
        "let refused = if found.revoked {",
        "let refused = if found.revoked && !FAULT {",
        &["engine::tests::lot_ends::a_stolen_box_is_never_given_and_never_used"],
    ),
    lots(
        "revoked_not_counted",
        "a kept lot shows revoked codes as kept",
        "crates/central/engine/lot/revoke.rs",
        "stock_repo::revoke(work.conn(), stock, changed).await?;",
        "stock_repo::revoke(work.conn(), stock, if FAULT { 0 } else { changed }).await?;",
        &["engine::tests::lot_ends::a_stolen_box_is_never_given_and_never_used"],
    ),
    lots(
        "range_leaves_what_is_kept",
        "a stolen range keeps what no reseller has of it",
        "crates/central/engine/lot/range.rs",
        "if asked.change == LotChange::Revoke {",
        "if asked.change == LotChange::Revoke && !FAULT {",
        &["engine::tests::lot_ends::a_range_revokes_what_is_kept_and_what_was_given_of_it"],
    ),
];
