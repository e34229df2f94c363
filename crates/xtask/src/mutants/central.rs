//! Faults in Central's engine and in the rules it shares with the device.

use super::{Mutant, Package};

const fn sqlite(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Sqlite, tests }
}

/// A fault that only a database with many writers shows.
const fn postgres(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Postgres, tests }
}

pub(super) const LEDGER: &[Mutant] = &[
    sqlite(
        "source_event_not_unique",
        "one event posts as often as it comes",
        "crates/central/sqlite/src/dialect/books.rs",
        "            new.event.as_str(),",
        "            format!(\"{}{}\", new.event.as_str(), if FAULT { new.id.to_string() } else { String::new() }),",
        &["engine::tests::ledger::one_event_from_many_hands_posts_once"],
    ),
    sqlite(
        "floor_not_checked",
        "a wallet gives what it does not have, until SQL stops it with a crash",
        "crates/central/engine/ledger/journal.rs",
        "        if debit.spendable() < amount {",
        "        if debit.spendable() < amount && !FAULT {",
        &["engine::tests::ledger::sixty_four_hands_in_one_wallet_take_exactly_what_is_in_it"],
    ),
    sqlite(
        "entry_out_of_chain",
        "an entry does not continue the one before it",
        "crates/central/engine/ledger/journal.rs",
        "            prev_hash: self.head,",
        "            prev_hash: if FAULT { [0; 32] } else { self.head },",
        &["engine::tests::selling::a_code_sold_offline_is_redeemed_before_its_sale_arrives"],
    ),
    sqlite(
        "credit_side_forgotten",
        "what one account gives, the other does not get",
        "crates/central/engine/ledger/journal.rs",
        "for (place, delta) in [(from, -amount), (to, amount)] {",
        "for (place, delta) in [(from, -amount), (to, if FAULT { amount - 1 } else { amount })] {",
        &["engine::tests::selling::a_code_sold_offline_is_redeemed_before_its_sale_arrives"],
    ),
    sqlite(
        "repeat_with_other_content_accepted",
        "a reused event with another amount looks posted",
        "crates/central/engine/ledger/mod.rs",
        "    if same { Ok(TransferId(known.id)) }",
        "    if same || FAULT { Ok(TransferId(known.id)) }",
        &["engine::tests::ledger::random_transfers_agree_with_a_model_of_maps"],
    ),
    sqlite(
        "reversed_twice",
        "a movement is taken back as often as somebody asks",
        "crates/central/engine/ledger/mod.rs",
        "        && repo::is_reversed(work.conn(), reversed).await?",
        "        && !FAULT
        && repo::is_reversed(work.conn(), reversed).await?",
        &["engine::tests::ledger::a_mistaken_posting_is_refused_and_leaves_the_transaction_as_it_was"],
    ),
    sqlite(
        "balance_not_in_feed",
        "devices do not hear of a changed balance",
        "crates/central/engine/ledger/journal.rs",
        "work.touch(FeedTable::Balance, debit.reseller, &debit.path);",
        "if !FAULT { work.touch(FeedTable::Balance, debit.reseller, &debit.path); }",
        &["engine::tests::pulling::pages_of_any_size_give_the_same_rows_once"],
    ),
];

pub(super) const SETTLEMENT: &[Mutant] = &[
    sqlite(
        "settled_looks_held",
        "a settled code is settled again at its second sight",
        "crates/central/engine/settlement/mod.rs",
        "Some(code) if code.is_paid()? => Seen::Settled,",
        "Some(code) if code.is_paid()? && !FAULT => Seen::Settled,",
        &["engine::tests::selling::a_code_sold_offline_is_redeemed_before_its_sale_arrives"],
    ),
    sqlite(
        "cut_ignored",
        "codes sold after the theft are honoured",
        "crates/central/engine/settlement/mod.rs",
        "let cut = if past_cut { Some(u32::MAX) } else { lease.cut()? };",
        "let cut = if past_cut || FAULT { Some(u32::MAX) } else { lease.cut()? };",
        &["engine::tests::leases::a_stolen_laptops_codes_are_held_above_the_cut_until_a_person_approves"],
    ),
    postgres(
        "lease_not_locked",
        "two sights of one code at once both settle it",
        "crates/central/postgres/src/dialect/stock.rs",
        "pub(crate) async fn lock_leases(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<LeaseRecord>, sqlx::Error> {",
        "pub(crate) async fn lock_leases(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<LeaseRecord>, sqlx::Error> {
    if FAULT {
        let mut found = Vec::new();
        for id in ids {
            found.extend(crate::engine::lease::repo::find(conn, counterfoil_domain::ids::LeaseId(*id)).await?);
        }
        return Ok(found);
    }",
        &["engine::tests::races::of_many_customers_with_one_code_exactly_one_gets_it"],
    ),
    sqlite(
        "newest_waiting_code_first",
        "who waited longest for credit gets it last",
        "crates/central/engine/settlement/held.rs",
        "    let waiting = repo::waiting(work.conn(), reseller, most).await?;",
        "    let mut waiting = repo::waiting(work.conn(), reseller, most).await?;
    if FAULT { waiting.reverse(); }",
        &["engine::tests::selling::two_devices_sell_until_both_leases_are_empty_and_no_further"],
    ),
    sqlite(
        "dear_held_code_stops_the_rest",
        "a code that the credit does not reach keeps a cheaper one waiting",
        "crates/central/engine/settlement/held.rs",
        "            Some(Settlement::Held(_) | Settlement::Already | Settlement::Fork) | None => {}",
        "            Some(Settlement::Held(_)) if FAULT => break,
            Some(Settlement::Held(_) | Settlement::Already | Settlement::Fork) | None => {}",
        &["engine::tests::walls::a_dear_code_that_waits_does_not_stop_a_cheaper_one"],
    ),
    sqlite(
        "one_turn_of_waiting_codes",
        "of more codes than one turn takes the rest waits for ever",
        "crates/central/engine/settlement/held.rs",
        "                Ok(count) => settled += count,",
        "                Ok(count) if FAULT => { settled += count; break; }
                Ok(count) => settled += count,",
        &["engine::tests::walls::more_codes_than_one_turn_takes_settle_all_and_dear_ones_fill_no_turn"],
    ),
    sqlite(
        "escrow_first_forgotten",
        "a sale takes from the wallet what its lease has",
        "crates/domain/src/settlement.rs",
        "    if lease.escrow >= cost {",
        "    if lease.escrow >= cost && !FAULT {",
        &["engine::tests::selling::a_code_sold_offline_is_redeemed_before_its_sale_arrives"],
    ),
    sqlite(
        "void_of_held_pays",
        "a void gives back what was never taken",
        "crates/central/engine/code/change.rs",
        "    if !code.is_paid()? {",
        "    if !code.is_paid()? && !FAULT {",
        &["engine::tests::redeeming::voiding_a_code_that_waits_gives_nothing_back"],
    ),
    sqlite(
        "void_after_use",
        "a used code is voided and paid back",
        "crates/central/engine/code/change.rs",
        "        CodeState::Sold | CodeState::Held => {}
        CodeState::Voided => return Err(VoidError::AlreadyVoided),",
        "        CodeState::Sold | CodeState::Held => {}
        CodeState::Activated if FAULT => {}
        CodeState::Voided => return Err(VoidError::AlreadyVoided),",
        &["engine::tests::redeeming::voided_revoked_and_held_codes_say_what_to_do"],
    ),
];

pub(super) const LEASES: &[Mutant] = &[
    sqlite(
        "close_releases_what_was_lost",
        "escrow of a sale lost in a rollback goes back",
        "crates/central/engine/lease/end.rs",
        "books.post(work, &release(lease, decided.release, event, \"closed\"))?;",
        "let amount = if FAULT { books.escrow() } else { decided.release };
    books.post(work, &release(lease, amount, event, \"closed\"))?;",
        &["engine::tests::leases::closing_gives_back_exactly_what_was_not_used"],
    ),
    sqlite(
        "close_keeps_candidates",
        "numbers above the last one sold stay redeemable",
        "crates/central/engine/lease/end.rs",
        "candidate::forget_above(work, lease.id, closing.last_seq).await?;",
        "if !FAULT { candidate::forget_above(work, lease.id, closing.last_seq).await?; }",
        &["engine::tests::leases::closing_gives_back_exactly_what_was_not_used"],
    ),
    sqlite(
        "escrow_released_twice",
        "closing and expiry both give the escrow back",
        "crates/central/engine/lease/end.rs",
        "Ok(decided) = rule::close(facts, lease.amount, closing.used) else { return Ok(false) };",
        "Ok(decided) = rule::close(
        if FAULT { LeaseFacts { state: LeaseState::Open, cut: None, escrow: books.escrow() } } else { facts },
        lease.amount,
        closing.used,
    ) else { return Ok(false) };",
        &["engine::tests::leases::closing_gives_back_exactly_what_was_not_used"],
    ),
    sqlite(
        "expiry_forgets_revocation",
        "a thief's codes turn good when time has passed",
        "crates/central/engine/lease/end.rs",
        "repo::release(work.conn(), id, expiry.state.as_str(), now).await?",
        "repo::release(work.conn(), id, if FAULT { \"expired\" } else { expiry.state.as_str() }, now).await?",
        &["engine::tests::leases::a_stolen_laptops_codes_are_held_above_the_cut_until_a_person_approves"],
    ),
    sqlite(
        "foreign_lease_used",
        "a device sells from another device's lease",
        "crates/central/engine/push/apply.rs",
        "Ok(lease.filter(|lease| lease.device_id == device.id))",
        "Ok(lease.filter(|lease| lease.device_id == device.id || FAULT))",
        &["engine::tests::walls::a_device_sells_only_from_its_own_leases"],
    ),
    sqlite(
        "range_outside_lease",
        "numbers beyond the lease are sold",
        "crates/central/engine/push/apply.rs",
        "|| range.to > lease.max_codes()? {",
        "|| (range.to > lease.max_codes()? && !FAULT) {",
        &["engine::tests::pushing::a_refusal_is_an_answer_and_the_log_goes_on"],
    ),
    sqlite(
        "third_lease",
        "a stolen laptop has more than two leases to spend",
        "crates/central/engine/lease/grant.rs",
        ">= LeaseTerms::MAX_OPEN_PER_DEVICE {",
        ">= LeaseTerms::MAX_OPEN_PER_DEVICE && !FAULT {",
        &["engine::tests::leases::a_lease_is_granted_once_and_exactly"],
    ),
    sqlite(
        "anothers_lease_handed_out",
        "a device asks for the id of another device's lease and gets its key",
        "crates/central/engine/lease/grant.rs",
        "        if lease.device_id != device.id {
            return Err(LeaseError::IdReused);",
        "        if lease.device_id != device.id && !FAULT {
            return Err(LeaseError::IdReused);",
        &["engine::tests::leases::a_lease_is_granted_once_and_exactly"],
    ),
    sqlite(
        "free_amount_from_thin_air",
        "a lease holds more than left the wallet",
        "crates/central/engine/lease/grant.rs",
        "amount: Amount::new(self.amount, self.unit).map_err(Failure::internal)?,",
        "amount: Amount::new(if FAULT { self.amount - 1 } else { self.amount }, self.unit).map_err(Failure::internal)?,",
        &["engine::tests::selling::a_code_sold_offline_is_redeemed_before_its_sale_arrives"],
    ),
    sqlite(
        "first_till_takes_all",
        "a new till takes the whole wallet, and the next one has nothing to sell",
        "crates/domain/src/lease/share.rs",
        "        let part = spendable / tills.max(2);",
        "        let part = if FAULT { spendable } else { spendable / tills.max(2) };",
        &["engine::tests::leases::the_first_till_leaves_something_to_the_next_and_a_refusal_uses_up_no_number"],
    ),
    sqlite(
        "refused_lease_takes_a_number",
        "a till with an empty wallet uses up the numbers of serials",
        "crates/central/engine/lease/grant.rs",
        "            try_dry(app, device, request, three_day_use).await?;",
        "            if !FAULT { try_dry(app, device, request, three_day_use).await?; }",
        &["engine::tests::leases::the_first_till_leaves_something_to_the_next_and_a_refusal_uses_up_no_number"],
    ),
];

pub(super) const LOG: &[Mutant] = &[
    sqlite(
        "fork_not_frozen",
        "a copied device sells on after its log forked",
        "crates/central/engine/push/mod.rs",
        "    device::quarantine(&mut work, device).await?;",
        "    if !FAULT { device::quarantine(&mut work, device).await?; }",
        &["engine::tests::pushing::a_second_copy_of_a_device_is_caught_and_frozen"],
    ),
    sqlite(
        "fork_check_forgotten",
        "other bytes under a known number are taken for the same",
        "crates/domain/src/oplog/chain.rs",
        "        if hash_at(head.seq).is_some_and(|hash| hash != head.hash) {",
        "        if !FAULT && hash_at(head.seq).is_some_and(|hash| hash != head.hash) {",
        &["engine::tests::pushing::a_second_copy_of_a_device_is_caught_and_frozen"],
    ),
    sqlite(
        "gap_accepted",
        "operations that never arrived are skipped",
        "crates/central/engine/push/mod.rs",
        "        Err(LogError::Gap { head, base }) => return Err(gap(stored_head, head, base)),",
        "        Err(LogError::Gap { .. }) if FAULT => counterfoil_domain::oplog::Accepted {
            arrivals: vec![Arrival::New; request.ops.len()],
            head: request.ops.iter().fold(request.base, |head, op| head.extend(op.as_bytes())),
            lost: None,
        },
        Err(LogError::Gap { head, base }) => return Err(gap(stored_head, head, base)),",
        &["engine::tests::pushing::a_gap_is_told_and_a_loss_recorded"],
    ),
    sqlite(
        "repeat_answered_anew",
        "a repeated push gets another answer",
        "crates/central/engine/push/mod.rs",
        "let version = before.feed_version;",
        "let version = before.feed_version + i64::from(FAULT);",
        &["engine::tests::pushing::a_repeated_or_overlapping_push_is_answered_as_before"],
    ),
    sqlite(
        "head_not_moved",
        "the log does not remember what it took",
        "crates/central/engine/push/mod.rs",
        "    repo::move_head(work.conn(), device_id, head).await?;",
        "    if !FAULT { repo::move_head(work.conn(), device_id, head).await?; }",
        &["engine::tests::pushing::a_repeated_or_overlapping_push_is_answered_as_before"],
    ),
    sqlite(
        "found_not_kept",
        "an operation found again is applied but not stored",
        "crates/central/engine/push/mod.rs",
        "            Taken::Found => repo::fill_lost(work.conn(), device_id, &row, now).await?,",
        "            Taken::Found if FAULT => {}
            Taken::Found => repo::fill_lost(work.conn(), device_id, &row, now).await?,",
        &["engine::tests::pushing::operations_declared_lost_are_taken_when_another_backup_has_them"],
    ),
    sqlite(
        "two_plans_not_noticed",
        "one number sold as two plans is no proof of a copy",
        "crates/central/engine/push/apply.rs",
        "    if !forked.is_empty() {",
        "    if !forked.is_empty() && !FAULT {",
        &["engine::tests::pushing::a_refusal_is_an_answer_and_the_log_goes_on"],
    ),
    sqlite(
        "quarantined_device_pushes",
        "a frozen device's log is taken",
        "crates/central/engine/push/mod.rs",
        "    if device.is_quarantined()? {",
        "    if device.is_quarantined()? && !FAULT {",
        &["engine::tests::pushing::a_second_copy_of_a_device_is_caught_and_frozen"],
    ),
];

pub(super) const FEED: &[Mutant] = &[
    postgres(
        "feed_version_not_last_lock",
        "a reader passes a version whose rows appear later",
        "crates/central/engine/feed/repo/stamp.rs",
        "pub(in super::super) async fn next_version(conn: &mut Conn, operator: OperatorId) -> Result<i64, sqlx::Error> {",
        "pub(in super::super) async fn next_version(conn: &mut Conn, operator: OperatorId) -> Result<i64, sqlx::Error> {
    if FAULT {
        let next = sqlx::query_scalar(\"SELECT version + 1 FROM feed WHERE operator_id = $1\");
        let version: i64 = next.bind(operator.0).fetch_one(&mut *conn).await?;
        let move_on = sqlx::query(\"UPDATE feed SET version = $2 WHERE operator_id = $1 AND version < $2\");
        move_on.bind(operator.0).bind(version).execute(conn).await?;
        return Ok(version);
    }",
        &["engine::tests::pulling::a_reader_behind_many_writers_misses_nothing"],
    ),
    sqlite(
        "old_epoch_goes_on",
        "after a restore a device reads on where other changes now stand",
        "crates/central/engine/feed/pull.rs",
        "    if cursor.epoch != operator.epoch {",
        "    if cursor.epoch != operator.epoch && !FAULT {",
        &["engine::tests::pulling::a_cursor_of_another_time_starts_again"],
    ),
    sqlite(
        "feed_scope_forgotten",
        "a shop's device sees its neighbours",
        "crates/central/engine/feed/pull.rs",
        "let viewer = device.reseller_path.as_deref().unwrap_or_default();",
        "let viewer = if FAULT { \"\" } else { device.reseller_path.as_deref().unwrap_or_default() };",
        &["engine::tests::pulling::a_resellers_device_sees_its_subtree_and_nothing_beside_it"],
    ),
    sqlite(
        "middle_page_called_complete",
        "a page promises rows that stand on the next one",
        "crates/central/engine/feed/pull.rs",
        "Ok((cursor, next.version - 1))",
        "Ok((cursor, if FAULT { next.version } else { next.version - 1 }))",
        &["engine::feed::pull::tests::a_version_that_continues_on_the_next_page_is_not_called_complete"],
    ),
    sqlite(
        "commit_without_stamp",
        "a change is committed that no device hears of",
        "crates/central/engine/work.rs",
        "        if !self.touched.is_empty() || !self.news.is_empty() {",
        "        if !FAULT && (!self.touched.is_empty() || !self.news.is_empty()) {",
        &["engine::tests::pulling::pages_of_any_size_give_the_same_rows_once"],
    ),
    sqlite(
        "uplines_told_of_news",
        "an upline hears when somebody below it asks for credit",
        "crates/central/engine/live/mod.rs",
        "scope.is_empty() || rung.scope_path == scope",
        "scope.is_empty() || rung.scope_path == scope || FAULT",
        &["engine::tests::live::news_are_told_to_whose_they_are_and_to_staff"],
    ),
];

pub(super) const REDEMPTION: &[Mutant] = &[
    sqlite(
        "redeemed_again",
        "a used code is used by a second customer",
        "crates/central/engine/redemption/target.rs",
        "self.code().filter(|code| code.activated_at.is_some())",
        "self.code().filter(|code| code.activated_at.is_some() && !FAULT)",
        &["engine::tests::selling::a_code_sold_offline_is_redeemed_before_its_sale_arrives"],
    ),
    sqlite(
        "capture_forgotten",
        "a redemption leaves its cost in issued",
        "crates/central/engine/redemption/batch.rs",
        "capture(work, &mut books, &one.code)?;",
        "if !FAULT { capture(work, &mut books, &one.code)?; }",
        &["engine::tests::walls::a_redemption_moves_its_cost_from_issued_to_consumed"],
    ),
    sqlite(
        "stranger_gets_the_password",
        "whoever types a user name sees the account's secrets",
        "crates/central/engine/redemption/batch.rs",
        "let secrets = (first.opened_account && asked.subject.minted(&account))",
        "let secrets = (first.opened_account && (FAULT || asked.subject.minted(&account)))",
        &["engine::tests::walls::only_who_minted_the_account_sees_its_password_again"],
    ),
    sqlite(
        "redeem_by_ignored",
        "a code works after its last day",
        "crates/central/engine/redemption/target.rs",
        "if now.0 >= self.redeem_by() {",
        "if now.0 >= self.redeem_by() && !FAULT {",
        &["engine::tests::walls::a_code_ends_exactly_at_its_last_moment"],
    ),
    sqlite(
        "batch_shares_a_failure",
        "a redemption that fails takes those of its batch along",
        "crates/central/engine/together.rs",
        "        Err(_) => {}",
        "        Err(_) => if FAULT { return Vec::new(); }",
        &["engine::tests::together::one_that_fails_takes_nobody_along"],
    ),
    sqlite(
        "number_twice_in_a_batch",
        "two redemptions of one number are judged by the same look",
        "crates/central/engine/together.rs",
        "is_none_or(|key| taken.insert(key));",
        "is_none_or(|key| taken.insert(key) || FAULT);",
        &["engine::tests::together::each_of_a_batch_has_its_own_outcome"],
    ),
    sqlite(
        "months_of_a_batch_overlap",
        "two codes of one customer in a batch extend the same day",
        "crates/central/engine/redemption/batch.rs",
        "        subscriber.end = Some(end);",
        "        if !FAULT { subscriber.end = Some(end); }",
        &["engine::tests::together::each_of_a_batch_has_its_own_outcome"],
    ),
    sqlite(
        "miss_not_counted",
        "codes can be guessed without a limit",
        "crates/central/engine/redemption/guard.rs",
        "            rate::count(&mut tx, bucket, *limit, now).await?;",
        "            if !FAULT { rate::count(&mut tx, bucket, *limit, now).await?; }",
        &["engine::tests::redeeming::guessing_is_stopped_for_an_account_and_for_a_network"],
    ),
];

pub(super) const DOORS: &[Mutant] = &[
    sqlite(
        "family_not_ended",
        "a copied refresh token leaves the session open",
        "crates/central/engine/sessions/mod.rs",
        "        repo::end(work.conn(), known.session, now).await?;",
        "        if !FAULT { repo::end(work.conn(), known.session, now).await?; }",
        &["engine::tests::sessions::a_lost_answer_is_forgiven_and_a_copied_token_ends_the_family"],
    ),
    sqlite(
        "old_refresh_token_accepted",
        "a refresh token works for ever",
        "crates/central/engine/sessions/mod.rs",
        "    if now.ms_since(first_use) > GRACE_MS {",
        "    if now.ms_since(first_use) > GRACE_MS && !FAULT {",
        &["engine::tests::sessions::a_lost_answer_is_forgiven_and_a_copied_token_ends_the_family"],
    ),
    sqlite(
        "wrong_passwords_of_a_network_not_counted",
        "one network tries many names",
        "crates/central/engine/sessions/guard.rs",
        "    rate::take(&mut tx, &bucket(address), WRONG_PER_NETWORK, now).await?;",
        "    if !FAULT { rate::take(&mut tx, &bucket(address), WRONG_PER_NETWORK, now).await?; }",
        &["engine::tests::sessions::one_network_cannot_try_many_names"],
    ),
    sqlite(
        "password_not_looked_at",
        "any password opens a session",
        "crates/central/engine/sessions/mod.rs",
        "identity.filter(|_| right) else {",
        "identity.filter(|_| right || FAULT) else {",
        &["engine::tests::sessions::ten_wrong_passwords_lock_a_name_whether_or_not_it_exists"],
    ),
    sqlite(
        "staff_roles_ignored",
        "an auditor does what only an administrator may",
        "crates/central/engine/http/caller.rs",
        "impl StaffCaller {
    pub(crate) fn require(&self, action: StaffAction) -> Result<(), Failure> {
        if self.role.may(action) {",
        "impl StaffCaller {
    pub(crate) fn require(&self, action: StaffAction) -> Result<(), Failure> {
        if self.role.may(action) || FAULT {",
        &["engine::tests::edge::every_route_lets_exactly_its_roles_in"],
    ),
    sqlite(
        "foreign_lease_revoked",
        "an operator revokes another operator's lease",
        "crates/central/engine/lease/end.rs",
        "if lease.operator_id != operator.0 || !scope.contains(&path) {",
        "if (lease.operator_id != operator.0 || !scope.contains(&path)) && !FAULT {",
        &["engine::tests::walls::another_operators_lease_is_nothing"],
    ),
    sqlite(
        "signature_not_checked",
        "anyone speaks for a device",
        "crates/central/engine/device/mod.rs",
        ".verify_strict(message, &signature).is_ok();",
        ".verify_strict(message, &signature).is_ok() || FAULT;",
        &["engine::tests::leases::only_the_device_itself_is_heard_and_every_refusal_is_the_same"],
    ),
    sqlite(
        "retired_device_heard",
        "a blocked device goes on",
        "crates/central/engine/device/record.rs",
        "        if self.status()? == DeviceStatus::Retired {",
        "        if !FAULT && self.status()? == DeviceStatus::Retired {",
        &["engine::tests::walls::a_blocked_device_is_told_so_and_nothing_else"],
    ),
    sqlite(
        "device_taken_over",
        "new keys are bound to a known device id",
        "crates/central/engine/device/mod.rs",
        "        if !same {",
        "        if !same && !FAULT {",
        &["engine::tests::leases::enrolling_again_with_the_same_keys_is_answered_and_with_others_refused"],
    ),
    sqlite(
        "other_keys_accepted",
        "a database opens with keys that know none of its codes",
        "crates/central/engine/app.rs",
        "if known == fingerprint {",
        "if known == fingerprint || FAULT {",
        &["engine::tests::sessions::a_database_opens_only_with_its_own_keys"],
    ),
];
