//! Who bought from the shop. Needs Central.

use counterfoil_wire::customers::{Customer, CustomersQuery};
use counterfoil_wire::endpoint::ResellerCustomers;
use counterfoil_wire::page::Page;

use crate::session::{SessionError, call};
use crate::till::Till;

pub(crate) async fn page(till: &Till, query: &CustomersQuery) -> Result<Page<Customer>, SessionError> {
    call::<ResellerCustomers>(till, &[], query).await
}
