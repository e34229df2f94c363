//! Who bought from a shop: its own members ask, or staff. Needs Central.

use counterfoil_domain::ids::ResellerId;
use counterfoil_wire::customers::{Customer, CustomersQuery};
use counterfoil_wire::endpoint::{AdminResellerCustomers, ResellerCustomers};
use counterfoil_wire::page::Page;

use crate::session::{SessionError, call};
use crate::till::Till;

/// Of the reseller that staff name, or of one's own.
pub(crate) async fn page(
    till: &Till,
    reseller: Option<ResellerId>,
    query: &CustomersQuery,
) -> Result<Page<Customer>, SessionError> {
    match reseller {
        Some(reseller) => call::<AdminResellerCustomers>(till, &[&reseller.to_string()], query).await,
        None => call::<ResellerCustomers>(till, &[], query).await,
    }
}
