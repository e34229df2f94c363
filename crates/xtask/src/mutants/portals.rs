//! Faults in provisioning: what reaches a portal, and whose account it reaches.

use super::{Mutant, Package};

const fn portal(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Sqlite, tests }
}

pub(super) const PROVISIONING: &[Mutant] = &[
    portal(
        "customers_never_reach_the_portal",
        "a code is paid and redeemed, and the customer sees nothing",
        "crates/central/engine/account/mod.rs",
        "    provisioning::want(work, &accounts).await?;",
        "    if !FAULT { provisioning::want(work, &accounts).await?; }",
        &["engine::tests::provisioning::what_a_customer_was_promised_stands_on_the_portal"],
    ),
    portal(
        "account_taken_over",
        "an account that was on the portal before is taken for a new customer's",
        "crates/portals/src/provision.rs",
        "        Creation::AlreadyThere(written) if written.record.comment == wanted.mark => {",
        "        Creation::AlreadyThere(written) if FAULT || written.record.comment == wanted.mark => {",
        &["engine::tests::provisioning::\
           an_account_that_was_there_is_not_written_to_until_a_person_says_whose_it_is"],
    ),
    portal(
        "own_creation_not_recognised",
        "after a lost answer a customer's own account looks like somebody else's",
        "crates/central/engine/provisioning/desired.rs",
        "        mark: format!(\"Counterfoil {account}\"),",
        "        mark: format!(\"Counterfoil {account}{}\", if FAULT { now.0.to_string() } else { String::new() }),",
        &["engine::tests::provisioning::a_lost_answer_makes_no_second_account"],
    ),
    portal(
        "unseen_creation_stays_on",
        "a customer whose creation nobody saw is served on although switched off",
        "crates/portals/src/provision.rs",
        "            Some(record) if record.comment == wanted.mark => update(portal, login, &fields).await,",
        "            Some(record) if !FAULT && record.comment == wanted.mark => update(portal, login, &fields).await,",
        &["engine::tests::lost_creations::\
           a_creation_that_nobody_saw_is_switched_off_when_nothing_is_wanted_any_more"],
    ),
    portal(
        "portal_cuts_a_day_early",
        "the portal cuts a customer at the start of the last day that was promised",
        "crates/portals/src/provision.rs",
        "            let until = Moment::from_millisecond(until.0).unwrap_or(Moment::MAX);",
        "            let until = if FAULT { until.0 - 86_400_000 } else { until.0 };
            let until = Moment::from_millisecond(until).unwrap_or(Moment::MAX);",
        &["engine::tests::provisioning::what_a_customer_was_promised_stands_on_the_portal"],
    ),
    portal(
        "extension_leaves_it_off",
        "a customer who paid again stays switched off",
        "crates/portals/src/provision.rs",
        "        enabled: Some(service.enabled),",
        "        enabled: (!FAULT || !wanted.created).then_some(service.enabled),",
        &["engine::tests::provisioning::an_extension_moves_the_end_and_switches_on_what_the_portal_has_cut"],
    ),
    portal(
        "nobody_ends_the_account",
        "on a portal without billing a customer watches for ever",
        "crates/central/engine/provisioning/attempt.rs",
        "    let ends_by_itself = open.ends_accounts || !wanted.service.enabled;",
        "    let ends_by_itself = FAULT || open.ends_accounts || !wanted.service.enabled;",
        &["engine::tests::provisioning::central_ends_accounts_where_the_portal_does_not"],
    ),
    portal(
        "password_follows_the_address",
        "whoever changes a portal's address is sent the password of the old one",
        "crates/central/engine/portals/settings.rs",
        "            let same = same.filter(|known| known.address == portal.address.trim());",
        "            let same = same.filter(|known| FAULT || known.address == portal.address.trim());",
        &["engine::tests::portals::a_password_is_kept_for_its_user_at_its_address_only"],
    ),
];
