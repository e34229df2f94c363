//! Faults of API keys.

use super::{Mutant, Package};

const fn key(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    tests: &'static [&'static str],
) -> Mutant {
    Mutant { name, breaks, file, old, new, package: Package::Sqlite, tests }
}

pub(super) const API_KEYS: &[Mutant] = &[
    key(
        "key_scope_not_looked_at",
        "a key for looking things up sells codes and takes accounts away",
        "crates/central/engine/api_keys/sign_in.rs",
        "        if self.scopes.iter().any(|scope| scope.covers(needed)) {",
        "        if FAULT || self.scopes.iter().any(|scope| scope.covers(needed)) {",
        &["engine::tests::api_keys::every_route_lets_exactly_the_keys_in_that_are_for_it"],
    ),
    key(
        "revoked_key_passes",
        "whoever has a key that was revoked goes on",
        "crates/central/engine/api_keys/sign_in.rs",
        "    if row.revoked_at.is_some() {",
        "    if !FAULT && row.revoked_at.is_some() {",
        &["engine::tests::api_keys::a_key_is_refused_from_the_moment_on_that_it_expires_or_is_revoked"],
    ),
    key(
        "expired_key_passes",
        "a key that was meant for a month opens the shop for ever",
        "crates/central/engine/api_keys/sign_in.rs",
        "    if row.expires_at.is_some_and(|at| at <= now.0) {",
        "    if !FAULT && row.expires_at.is_some_and(|at| at <= now.0) {",
        &["engine::tests::api_keys::a_key_is_refused_from_the_moment_on_that_it_expires_or_is_revoked"],
    ),
    key(
        "key_outlives_its_grant",
        "a shop that the operator shut the API to goes on using it",
        "crates/central/engine/api_keys/sign_in.rs",
        "    permissions::require(&mut reader, reseller, Grant::ApiAccess).await?;",
        "    if !FAULT { permissions::require(&mut reader, reseller, Grant::ApiAccess).await?; }",
        &["engine::tests::api_keys::a_key_ends_with_the_grant_and_with_the_shop"],
    ),
    key(
        "sale_by_a_key_is_nobodys",
        "a statement does not say which program spent the credit",
        "crates/central/engine/credits/by_key.rs",
        "    if !actor.is_api_key() {",
        "    if FAULT || !actor.is_api_key() {",
        &["engine::tests::api_keys::what_a_key_does_is_told_by_its_name"],
    ),
];
