//! What is owed and paid to providers, for staff. Needs Central.

use counterfoil_domain::ids::ProviderId;
use counterfoil_wire::endpoint::{
    AdminProviderAccounts, AdminProviderSettle, AdminProviderStatement, AdminSettlements,
};
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::settlements::{ProviderAccounts, ProviderStatement, SettleProvider, Settlement, StatementQuery};

use crate::session::{SessionError, call};
use crate::till::Till;

pub(crate) async fn accounts(till: &Till, provider: ProviderId) -> Result<ProviderAccounts, SessionError> {
    call::<AdminProviderAccounts>(till, &[&provider.to_string()], &()).await
}

pub(crate) async fn statement(
    till: &Till,
    provider: ProviderId,
    query: &StatementQuery,
) -> Result<ProviderStatement, SessionError> {
    call::<AdminProviderStatement>(till, &[&provider.to_string()], query).await
}

/// The latest first.
pub(crate) async fn page(
    till: &Till,
    provider: ProviderId,
    query: &PageQuery,
) -> Result<Page<Settlement>, SessionError> {
    call::<AdminSettlements>(till, &[&provider.to_string()], query).await
}

/// The same again is answered, and books nothing.
pub(crate) async fn settle(
    till: &Till,
    provider: ProviderId,
    asked: &SettleProvider,
) -> Result<Settlement, SessionError> {
    call::<AdminProviderSettle>(till, &[&provider.to_string()], asked).await
}
