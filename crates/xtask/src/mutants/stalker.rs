//! Faults in the client of the portal.

use super::{Mutant, Package};

const fn stalker(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Stalker, tests }
}

/// What is written, and to whom.
pub(super) const WRITES: &[Mutant] = &[
    stalker(
        "odd_login_in_path",
        "a login with & or + in it leads to another account",
        "crates/stalker/src/address.rs",
        "ids: if login.is_safe_in_path() {",
        "ids: if FAULT || login.is_safe_in_path() {",
        &["names::odd_logins_reach_their_own_account"],
    ),
    stalker(
        "another_login_taken",
        "what the portal answers about another login is believed and written to",
        "crates/stalker/src/accounts.rs",
        "if login.is(&record.login) {",
        "if FAULT || login.is(&record.login) {",
        &["names::a_login_that_becomes_another_is_not_written_to"],
    ),
    stalker(
        "created_without_a_look",
        "a creation that was seen by nobody is sent a second time",
        "crates/stalker/src/accounts.rs",
        "if let Some(record) = self.account(&new.login).await? {",
        "if let Some(record) = self.account(&new.login).await?.filter(|_| !FAULT) {",
        &["lost_answers::a_creation_that_nobody_saw_is_not_made_twice"],
    ),
    stalker(
        "number_given_twice",
        "two accounts get one number or MAC, and every later write reaches both",
        "crates/stalker/src/accounts.rs",
        "found.len() > usize::from(own_too);",
        "!FAULT && found.len() > usize::from(own_too);",
        &["accounts::a_mac_is_given_to_one_account_and_in_one_spelling"],
    ),
    stalker(
        "shared_number_written",
        "a write by number reaches all accounts that have it",
        "crates/stalker/src/accounts.rs",
        "        (1, Some(one)) => Ok(one),",
        "        (1, Some(one)) => Ok(one),
        (_, Some(one)) if FAULT => Ok(one),",
        &["accounts::two_accounts_with_one_number_are_never_written_to_by_it"],
    ),
    stalker(
        "false_is_done",
        "OK with false counts as done",
        "crates/stalker/src/answer.rs",
        "if self.is_false() { Err(Error::Declined) }",
        "if !FAULT && self.is_false() { Err(Error::Declined) }",
        &["answer::tests::false_is_a_failure_and_null_is_nothing"],
    ),
    stalker(
        "owner_sent_alone",
        "a portal that does not know the owner's field refuses the change",
        "crates/stalker/src/accounts.rs",
        "if open.is_owner_alone() {
            give_company",
        "if !FAULT && open.is_owner_alone() {
            give_company",
        &["resellers::an_owner_is_written_and_kept_on_ministra"],
    ),
    stalker(
        "owner_sent_everywhere",
        "an owner is sent to a portal that cannot hold it",
        "crates/stalker/src/capability.rs",
        "Self::Unknown | Self::None => None,",
        "Self::Unknown | Self::None => FAULT.then_some(\"reseller_id\"),",
        &["resellers::an_owner_is_not_sent_where_no_field_holds_it"],
    ),
    stalker(
        "extended_and_off",
        "who has paid stays switched off",
        "crates/stalker/src/compare.rs",
        "(self.end_date.is_some() && open(Field::EndDate));",
        "(!FAULT && self.end_date.is_some() && open(Field::EndDate));",
        &["accounts::an_extension_carries_the_status"],
    ),
    stalker(
        "unseen_change_claimed",
        "a password whose change was lost is told as changed",
        "crates/stalker/src/accounts.rs",
        "|| !comparison.unseen.is_empty() => Err(error),",
        "|| (!FAULT && !comparison.unseen.is_empty()) => Err(error),",
        &["lost_answers::a_change_is_claimed_only_where_it_is_seen"],
    ),
    stalker(
        "status_turned_round",
        "a new box is off, and one that is to be off is on",
        "crates/stalker/src/boxes.rs",
        "        if !new.enabled {",
        "        if new.enabled == FAULT {",
        &["boxes::a_new_box_is_as_wanted_although_the_portal_turns_its_status_round"],
    ),
    stalker(
        "channels_of_another",
        "somebody else's channels are shown as this box's",
        "crates/stalker/src/packages.rs",
        ".filter(|found| found.mac() == StoredMac::Good(mac))",
        ".filter(|found| FAULT || found.mac() == StoredMac::Good(mac))",
        &["boxes::channels_of_another_box_are_not_taken_for_its_own"],
    ),
    stalker(
        "cut_a_day_early",
        "a customer loses the last day",
        "crates/stalker/src/date.rs",
        "if zone.cut_on(day) < end {",
        "if !FAULT && zone.cut_on(day) < end {",
        &["date::tests::the_last_day_promised_is_kept"],
    ),
];

/// What is read, and what comes out.
pub(super) const ANSWERS: &[Mutant] = &[
    stalker(
        "part_taken_for_list",
        "a list that breaks off is not told as such",
        "crates/stalker/src/list.rs",
        "        Category::Eof => Error::CutShort,",
        "        Category::Eof if FAULT => Error::EmptyAnswer,
        Category::Eof => Error::CutShort,",
        &["list::tests::what_is_no_list"],
    ),
    stalker(
        "missing_account_hidden",
        "an account that is gone hides behind a duplicate",
        "crates/stalker/src/details.rs",
        "found.missing.extend(missing.cloned());",
        "found.missing.extend(missing.filter(|_| !FAULT).cloned());",
        &["lists::details_come_in_batches_and_missing_ones_are_named"],
    ),
    stalker(
        "password_in_error",
        "the portal's SQL comes out of an error, passwords included",
        "crates/stalker/src/refusal.rs",
        "let shown = || redact(text, secrets);",
        "let shown = || if FAULT { text.to_owned() } else { redact(text, secrets) };",
        &["bad_portals::no_password_comes_out_of_an_error"],
    ),
    stalker(
        "writers_at_once",
        "two writers of one account undo each other's work",
        "crates/stalker/src/portal.rs",
        "if held == name { None }",
        "if FAULT || held == name { None }",
        &["boxes::writes_to_one_account_take_turns"],
    ),
    stalker(
        "list_beside_the_limit",
        "a list in the making does not count among the calls at one time",
        "crates/stalker/src/portal.rs",
        "Ok(RowStream::over(response, limits.list_bytes, limits.list, permit))",
        "let permit = Some(permit).filter(|_| !FAULT);
        Ok(RowStream::over(response, limits.list_bytes, limits.list, permit))",
        &["lists::calls_wait_for_their_turn"],
    ),
    stalker(
        "redirection_followed",
        "the API's password goes to whoever a redirection names",
        "crates/stalker/src/transport.rs",
        ".redirect(redirect::Policy::none())",
        ".redirect(if FAULT { redirect::Policy::default() } else { redirect::Policy::none() })",
        &["bad_portals::a_redirection_is_told_and_not_followed"],
    ),
    stalker(
        "any_certificate",
        "any certificate passes for the one that is trusted",
        "crates/stalker/src/tls.rs",
        "if *end_entity == self.certificate {",
        "if FAULT || *end_entity == self.certificate {",
        &["bad_portals::a_certificate_that_nobody_vouches_for_is_told_and_can_be_trusted_alone"],
    ),
    stalker(
        "answer_without_bound",
        "an answer without end fills the memory",
        "crates/stalker/src/transport.rs",
        "if (body.len() + part.len()) as u64 > largest {",
        "if !FAULT && (body.len() + part.len()) as u64 > largest {",
        &["lists::a_list_beyond_its_limit_is_refused"],
    ),
];
