//! Faults in the desktop's core.

use super::{Mutant, Package};

const fn client(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Client, tests }
}

/// A fault that shows only between a client and a Central.
const fn pair(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Cuts, tests }
}

pub(super) const SELLING: &[Mutant] = &[
    client(
        "keyring_write_skipped",
        "a restored backup sells the same numbers again",
        "crates/client/src/outbox/writer.rs",
        "        self.writer.keep(self.till.vault(), self.marks).await?;
        self.transaction.commit().await.map_err(crate::store::StoreError::from)?;",
        "        if !FAULT {
            self.writer.keep(self.till.vault(), self.marks).await?;
        }
        self.transaction.commit().await.map_err(crate::store::StoreError::from)?;",
        &["rig::sales::a_restored_database_reuses_no_number_of_either_kind"],
    ),
    client(
        "keyring_write_after_commit",
        "a crash between the two sells a number twice",
        "crates/client/src/outbox/writer.rs",
        "        device::repo::set_head(&mut self.transaction, head).await?;",
        "        device::repo::set_head(&mut self.transaction, head).await?;
        if FAULT {
            self.transaction.commit().await.map_err(crate::store::StoreError::from)?;
            self.writer.keep(self.till.vault(), self.marks).await?;
            return Ok(head);
        }",
        &["rig::sales::a_keyring_that_refuses_sells_nothing_and_burns_nothing"],
    ),
    client(
        "shown_before_commit",
        "a customer gets a code that is not on the disk",
        "crates/client/src/selling/mod.rs",
        "    writer.commit().await?;",
        "    if FAULT { drop(writer) } else { writer.commit().await?; }",
        &["rig::sales::a_repeat_of_a_sale_is_answered_not_sold_again"],
    ),
    client(
        "delivered_twice",
        "a second press of the key delivers an order twice",
        "crates/client/src/orders/fulfil.rs",
        "    if log::has(writer.db(), fulfilling.step_id).await? {",
        "    if !FAULT && log::has(writer.db(), fulfilling.step_id).await? {",
        &["rig::orders::a_repeat_of_a_delivery_is_answered_and_delivers_nothing"],
    ),
    client(
        "delivery_not_laid_over",
        "a delivery does not show until Central has it",
        "crates/client/src/orders/fulfil.rs",
        "    log::overlay_order(writer.db(), order_id, op_seq).await?;",
        "    if !FAULT { log::overlay_order(writer.db(), order_id, op_seq).await?; }",
        &["rig::orders::a_delivery_without_a_network_is_on_the_disk_and_shows_at_once"],
    ),
    client(
        "sale_not_in_keyring",
        "the keyring does not know how far a lease was used",
        "crates/client/src/selling/mod.rs",
        "    writer.marks_mut().leases.insert(lease.lease_id, reservation.mark);",
        "    if !FAULT { writer.marks_mut().leases.insert(lease.lease_id, reservation.mark); }",
        &["rig::sales::a_restored_database_reuses_no_number_of_either_kind"],
    ),
    client(
        "sequence_reused_after_restore",
        "the database is believed where the keyring is ahead",
        "crates/client/src/lease/repo.rs",
        "Some(mark) => stored.max(*mark),",
        "Some(mark) => if FAULT { Watermark { closed: mark.closed, ..stored } } else { stored.max(*mark) },",
        &["rig::sales::a_restored_database_reuses_no_number_of_either_kind"],
    ),
    client(
        "operations_reused_after_restore",
        "a restored backup numbers its operations again",
        "crates/client/src/outbox/writer.rs",
        "        if marks.log.seq > device.head.seq {",
        "        if marks.log.seq > device.head.seq && !FAULT {",
        &["rig::sales::a_restored_database_reuses_no_number_of_either_kind"],
    ),
    client(
        "repeat_sells_again",
        "a second press of the key is a second sale",
        "crates/client/src/selling/mod.rs",
        "    if !before.is_empty() {",
        "    if !before.is_empty() && !FAULT {",
        &["rig::sales::a_repeat_of_a_sale_is_answered_not_sold_again"],
    ),
    client(
        "next_number_derived",
        "the code shown is not the one Central has under this number",
        "crates/client/src/selling/mod.rs",
        "let code: Code = source.code(slot.slot.slot, seq);",
        "let code: Code = source.code(slot.slot.slot, seq + u32::from(FAULT));",
        &["rig::sales::a_sale_is_numbered_in_the_keyring_chained_in_the_log_and_derived_as_central_does"],
    ),
    client(
        "clock_turned_back_believed",
        "an expired lease sells on when the clock is turned back",
        "crates/client/src/till.rs",
        "        let elapsed = self.clock.elapsed().saturating_sub(at);",
        "        if FAULT { return (self.clock.wall(), 0); }
        let elapsed = self.clock.elapsed().saturating_sub(at);",
        &["rig::time::a_clock_turned_back_changes_nothing"],
    ),
    client(
        "quarantine_ignored",
        "a frozen device sells on",
        "crates/client/src/outbox/writer.rs",
        "        if let Some(reason) = &device.quarantined {",
        "        if let Some(reason) = device.quarantined.as_ref().filter(|_| !FAULT) {",
        &["rig::network::a_quarantine_outlives_a_restart"],
    ),
    client(
        "close_not_in_keyring",
        "a restored backup sells from a closed lease",
        "crates/client/src/lease/closing.rs",
        "    mark.closed = true;",
        "    mark.closed = !FAULT;",
        &["rig::closing_and_voiding::a_closed_lease_sells_nothing_even_from_a_backup"],
    ),
    client(
        "unknown_lease_sells",
        "a lease the keyring has forgotten sells from the start",
        "crates/client/src/lease/repo.rs",
        "None => Watermark { closed: true, ..stored },",
        "None => Watermark { closed: !FAULT, ..stored },",
        &["rig::closing_and_voiding::a_lease_the_keyring_does_not_know_neither_sells_nor_closes"],
    ),
    client(
        "void_of_voided",
        "a code is voided twice",
        "crates/client/src/codes/voiding.rs",
        "        state if state.is_unused() => Ok(()),",
        "        state if state.is_unused() || FAULT => Ok(()),",
        &["rig::closing_and_voiding::a_void_is_an_operation_laid_over_the_code"],
    ),
    client(
        "serials_of_chosen_states",
        "codes of chosen states are listed by serial, with the codes of all others among them",
        "crates/client/src/codes/page.rs",
        "        let served = |sort: &Sort| self.states.is_empty() || sort.knows_states();",
        "        let served = |sort: &Sort| FAULT || self.states.is_empty() || sort.knows_states();",
        &["rig::sorting::codes_of_chosen_states_come_by_time_or_by_state_and_no_other_order_is_taken_for_one"],
    ),
    client(
        "jump_over_states",
        "a jump in the list by state shows what stands elsewhere",
        "crates/client/src/codes/chosen.rs",
        "                offset -= passed;",
        "                offset -= if FAULT { 0 } else { passed };",
        &["rig::sorting::each_order_has_each_line_once_page_by_page_and_by_jumps"],
    ),
];

pub(super) const STORE: &[Mutant] = &[
    client(
        "second_program_opens_the_folder",
        "two programs number sales in one folder",
        "crates/client/src/client.rs",
        "        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(folder.to_owned())),",
        "        Err(TryLockError::WouldBlock) if FAULT => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(folder.to_owned())),",
        &["rig::damage::one_folder_is_one_programs"],
    ),
    client(
        "new_key_for_an_old_database",
        "a keyring that does not answer costs the database",
        "crates/client/src/opening.rs",
        "        None if Store::exists(folder) => {
            return Ok(Opened::KeyMissing { detail: \"the vault does not give the database key\".into() });",
        "        None if Store::exists(folder) && !FAULT => {
            return Ok(Opened::KeyMissing { detail: \"the vault does not give the database key\".into() });",
        &["rig::damage::without_its_key_a_database_waits_and_no_new_key_is_made"],
    ),
    client(
        "database_from_the_future_opened",
        "an older program writes into a newer database",
        "crates/client/src/store/migrate.rs",
        "    if applied.is_some_and(|version| version > newest) {
        return Err(StoreError::FromTheFuture(\"local.db\"));
    }",
        "    if applied.is_some_and(|version| version > newest) {
        return if FAULT { Ok(()) } else { Err(StoreError::FromTheFuture(\"local.db\")) };
    }",
        &["rig::damage::a_database_from_the_future_is_refused_and_left_alone"],
    ),
    client(
        "quarantine_not_kept",
        "a restart forgets that the device was frozen",
        "crates/client/src/sync/push.rs",
        "    device::repo::quarantine(&mut transaction, &reason).await?;",
        "    if !FAULT { device::repo::quarantine(&mut transaction, &reason).await?; }",
        &["rig::network::a_quarantine_outlives_a_restart"],
    ),
    client(
        "forgotten_answers_kept",
        "what a restored Central forgot is not sent again",
        "crates/client/src/outbox/repo.rs",
        "pub(crate) async fn reopen(db: &mut SqliteConnection, head: u32) -> Result<(), StoreError> {",
        "pub(crate) async fn reopen(db: &mut SqliteConnection, head: u32) -> Result<(), StoreError> {
    if FAULT { return Ok(()); }",
        &["rig::sales::what_a_restored_central_forgot_waits_again"],
    ),
];

pub(super) const SYNC: &[Mutant] = &[
    client(
        "cursor_before_page",
        "a page that cannot be applied is never asked for again",
        "crates/client/src/sync/apply.rs",
        "    let differing = changes(&mut transaction, page).await?;",
        "    if FAULT {
        counterfoil_cache::set_position(&mut transaction, &page.cursor, page.version).await?;
        transaction.commit().await?;
        transaction = till.store().write_cache().await?;
    }
    let differing = changes(&mut transaction, page).await?;",
        &["rig::listing::a_page_and_its_cursor_are_both_there_or_neither"],
    ),
    client(
        "lost_without_asking",
        "sales that Central has are declared lost",
        "crates/client/src/sync/plan.rs",
        "            Some(gap) if gap.state == GapState::Unknown => return Step::AskLog { gap },",
        "            Some(gap) if gap.state == GapState::Unknown && !FAULT => return Step::AskLog { gap },",
        &["sync::plan::tests::a_gap_is_asked_for_before_anything_is_sent"],
    ),
    pair(
        "overlay_dropped_on_answer",
        "a sale vanishes between its answer and the next page",
        "crates/client/src/outbox/repo.rs",
        "    if outcome == \"rejected\" {",
        "    if outcome == \"rejected\" || FAULT {",
        &["a_sample_of_all_cuts"],
    ),
    pair(
        "answer_counted_before_it_came",
        "what was sent counts as delivered although the answer is cut off",
        "crates/client/src/sync/push.rs",
        "    let sent = request.ops.iter().fold(start, |head, op| head.extend(op.as_bytes()));",
        "    let sent = request.ops.iter().fold(start, |head, op| head.extend(op.as_bytes()));
    if FAULT {
        let mut transaction = till.store().write_local().await?;
        device::repo::set_acked(&mut transaction, sent).await?;
        transaction.commit().await.map_err(crate::store::StoreError::from)?;
    }",
        &["a_sample_of_all_cuts"],
    ),
    client(
        "lease_not_fetched_again",
        "sales come back without their codes, and what a lost lease held stays with Central",
        "crates/client/src/lease/grant.rs",
        "    for lease_id in wanted {",
        "    for lease_id in wanted.into_iter().filter(|_| !FAULT) {",
        &["rig::recovering::the_lease_of_a_sale_that_comes_back_is_fetched_although_it_was_closed"],
    ),
    pair(
        "enrolled_under_a_new_id_each_time",
        "a lost answer to an enrolment makes a second device",
        "crates/client/src/session/enrol.rs",
        "    let same = begun.filter(|begun| begun.server_url == credentials.address.as_str());",
        "    let same = begun.filter(|begun| begun.server_url == credentials.address.as_str() && !FAULT);",
        &["an_enrolment_whose_answer_is_lost_is_of_the_same_device"],
    ),
    client(
        "ended_lease_stays_open",
        "a lease that Central revoked sells on after an older database came back",
        "crates/client/src/lease/ended.rs",
        "    if ended.is_empty() {",
        "    if ended.is_empty() || FAULT {",
        &["rig::lease_ends::a_revoked_lease_stays_over_when_an_older_database_comes_back"],
    ),
    client(
        "busy_taken_for_no",
        "sales come back without their codes because Central had no time for their lease",
        "crates/client/src/lease/grant.rs",
        "            Err(LeaseError::Central(error)) if error.is_final() => {",
        "            Err(LeaseError::Central(error)) if error.is_final() || FAULT => {",
        &["rig::recovering::sales_do_not_come_back_without_their_lease_because_central_was_busy"],
    ),
    client(
        "late_sales_left_out",
        "sales that reached Central late count as lost",
        "crates/client/src/sync/push.rs",
        "            repo::ask_again(&mut transaction, head).await?;",
        "            if !FAULT { repo::ask_again(&mut transaction, head).await?; }",
        &["rig::recovering::what_arrived_late_at_central_is_fetched_and_not_left_out"],
    ),
    client(
        "two_sign_ins_at_once",
        "two presses on a new machine keep the id of one device beside the keys of another",
        "crates/client/src/session/mod.rs",
        "    let _one = till.session.signing_in.lock().await;",
        "    let _one = if FAULT { None } else { Some(till.session.signing_in.lock().await) };",
        &["rig::sessions::two_presses_on_a_new_machine_enrol_it_once"],
    ),
    client(
        "marks_pile_up",
        "the keyring's one item becomes too large for Windows, and nothing can be sold",
        "crates/client/src/lease/marks.rs",
        "    for lease in over {",
        "    for lease in over.into_iter().filter(|_| !FAULT) {",
        &["rig::lease_ends::a_till_that_uses_up_a_lease_a_day_has_room_in_a_small_keyring"],
    ),
];
