//! Faults in customers' accounts: who is charged, who may, and whose they are.

use super::{Mutant, Package};

const fn account(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Sqlite, tests }
}

pub(super) const ACCOUNTS: &[Mutant] = &[
    account(
        "extension_charged_again",
        "an answer that was lost costs the shop a second month",
        "crates/central/engine/account/service.rs",
        "repo::subscription::by_id(work.conn(), asked.subscription_id).await? {",
        "repo::subscription::by_id(work.conn(), asked.subscription_id).await?.filter(|_| !FAULT) {",
        &["engine::tests::accounts::service_is_extended_from_the_later_of_now_and_the_end_and_charged_once"],
    ),
    account(
        "extension_from_today",
        "who pays early loses the days that were left",
        "crates/central/engine/account/service.rs",
        "term::extend(now, account.end()?, offer.days, &zone)",
        "term::extend(now, if FAULT { None } else { account.end()? }, offer.days, &zone)",
        &["engine::tests::accounts::service_is_extended_from_the_later_of_now_and_the_end_and_charged_once"],
    ),
    account(
        "gift_by_whoever_asks",
        "a help desk gives service away",
        "crates/central/engine/http/accounts.rs",
        "if gift { self.require(StaffAction::MoveCredits) }",
        "if gift && !FAULT { self.require(StaffAction::MoveCredits) }",
        &["engine::tests::accounts::a_role_does_what_it_may_and_only_who_moves_credits_gives_service_away"],
    ),
    account(
        "box_of_the_portal_written_over",
        "a customer's new box is thrown out by the next extension",
        "crates/central/engine/provisioning/desired.rs",
        "grounds.mac.as_ref().filter(|mac| !claim.created",
        "grounds.mac.as_ref().filter(|mac| FAULT || !claim.created",
        &["engine::tests::accounts::an_account_is_made_once_paid_once_and_stands_on_the_portal_with_its_owner"],
    ),
    account(
        "account_of_another_shop",
        "a shop reads and changes its neighbour's customers",
        "crates/central/engine/account/record.rs",
        "        *scope == Scope::Operator\n            ||",
        "        FAULT || *scope == Scope::Operator\n            ||",
        &["engine::tests::accounts::a_shop_sees_its_own_accounts_and_those_below_and_a_transfer_moves_one"],
    ),
    account(
        "account_limit_forgotten",
        "a trial shop has as many accounts as it likes",
        "crates/central/engine/account/create.rs",
        "if super::count_up_to(work.conn(), reseller, most.saturating_add(1)).await? <= most {",
        "if FAULT || super::count_up_to(work.conn(), reseller, most.saturating_add(1)).await? <= most {",
        &["engine::tests::accounts::the_operator_decides_what_a_shop_may_and_how_much"],
    ),
    account(
        "trial_limit_forgotten",
        "a shop gives away as many trials as it likes",
        "crates/central/engine/trials/mod.rs",
        "if more <= left {",
        "if FAULT || more <= left {",
        &["engine::tests::trials::a_shop_without_credit_gives_as_many_as_the_plan_says"],
    ),
    account(
        "trials_for_ever",
        "a customer lives on trials and never pays",
        "crates/central/engine/account/service.rs",
        "if account.plan_id.is_some() {",
        "if !FAULT && account.plan_id.is_some() {",
        &["engine::tests::trials::an_account_is_tried_once_and_counts_like_a_code"],
    ),
    account(
        "trial_costs_credits",
        "a shop pays for what costs nothing",
        "crates/central/engine/prices/repo.rs",
        "Ok(if self.trials_a_month.is_some() { 0 }",
        "Ok(if !FAULT && self.trials_a_month.is_some() { 0 }",
        &["engine::tests::trials::a_shop_without_credit_gives_as_many_as_the_plan_says"],
    ),
    account(
        "grant_forgotten",
        "what the operator switched off goes on",
        "crates/central/engine/permissions/mod.rs",
        "if of(conn, reseller).await?.allow(grant) {",
        "if FAULT || of(conn, reseller).await?.allow(grant) {",
        &["engine::tests::accounts::the_operator_decides_what_a_shop_may_and_how_much"],
    ),
    account(
        "names_of_strangers",
        "a new owner reads who worked for the old one",
        "crates/central/engine/account/history.rs",
        "let named = *scope == Scope::Operator || in_scope;",
        "let named = FAULT || *scope == Scope::Operator || in_scope;",
        &["engine::tests::accounts::a_shop_sees_its_own_accounts_and_those_below_and_a_transfer_moves_one"],
    ),
];
