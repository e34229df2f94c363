//! Who bought from a shop. This page needs Central.

use std::sync::Arc;

use counterfoil_domain::customer as domain;
use counterfoil_wire::customers as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::types::{PageRequest, id};
use crate::{Client, customers};

words! {
    CustomerState { Waiting, Active, Expired, Cancelled }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CustomersRequest {
    /// Beginning of an e-mail address or of a serial; empty is all.
    pub search: String,
    /// Whose, where staff ask; a shop's are its own.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<String>,
    pub page: PageRequest,
}

/// An account with an e-mail address, or a code that was sold to one and whose account has none.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CustomerView {
    pub email: String,
    pub state: CustomerState,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_id: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_name: Option<String>,
    pub first_sold: i64,
    /// Of service.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_day: Option<String>,
    /// Of a code that waits.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redeem_by: Option<i64>,
}

impl From<wire::Customer> for CustomerView {
    fn from(customer: wire::Customer) -> Self {
        Self {
            email: customer.email,
            state: customer.state.into(),
            account_id: customer.account_id.map(|id| id.to_string()),
            username: customer.username,
            code_id: customer.code_id.map(|id| id.to_string()),
            serial: customer.serial,
            plan_name: customer.plan_name,
            first_sold: customer.first_sold.0,
            last_day: customer.last_day,
            redeem_by: customer.redeem_by.map(|at| at.0),
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CustomersPage {
    pub rows: Vec<CustomerView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// By e-mail address, or by serial where one is searched.
pub async fn customers_page(client: &Arc<Client>, request: CustomersRequest) -> Result<CustomersPage, ApiError> {
    let query = wire::CustomersQuery {
        after: request.page.after,
        limit: Some(request.page.limit.clamp(1, 500)),
        search: Some(request.search).filter(|search| !search.trim().is_empty()),
    };
    let reseller = request.reseller_id.as_deref().map(id).transpose()?;
    let page = customers::page(&*client.till()?, reseller, &query).await?;
    Ok(CustomersPage { rows: page.items.into_iter().map(CustomerView::from).collect(), next: page.next })
}
