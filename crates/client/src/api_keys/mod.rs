//! API keys of a reseller: its owner's, and any reseller's for staff. Work at Central; no secret of one is kept here.

use counterfoil_domain::ids::{ApiKeyId, ResellerId};
use counterfoil_wire::api_keys::{ApiKey, CreateApiKey, MadeApiKey};
use counterfoil_wire::endpoint::{
    AdminApiKeyRevoke, AdminApiKeys, ResellerApiKeyCreate, ResellerApiKeyRevoke, ResellerApiKeys,
};
use counterfoil_wire::page::{MAX_LIMIT, PageQuery};

use crate::session::{SessionError, call};
use crate::till::Till;

/// Pages of a list that is shown whole, at most.
const MOST_PAGES: usize = 10;

/// All keys, the newest first: of a reseller for staff, or of the signed-in owner's own.
pub(crate) async fn all(till: &Till, reseller: Option<ResellerId>) -> Result<Vec<ApiKey>, SessionError> {
    let mut keys = Vec::new();
    let mut query = PageQuery { after: None, limit: Some(MAX_LIMIT), search: None };
    for _ in 0..MOST_PAGES {
        let page = match reseller {
            Some(reseller) => call::<AdminApiKeys>(till, &[&reseller.to_string()], &query).await?,
            None => call::<ResellerApiKeys>(till, &[], &query).await?,
        };
        keys.extend(page.items);
        if page.next.is_none() {
            break;
        }
        query.after = page.next;
    }
    Ok(keys)
}

pub(crate) async fn make(till: &Till, key: &CreateApiKey) -> Result<MadeApiKey, SessionError> {
    call::<ResellerApiKeyCreate>(till, &[], key).await
}

pub(crate) async fn revoke(till: &Till, reseller: Option<ResellerId>, key: ApiKeyId) -> Result<ApiKey, SessionError> {
    match reseller {
        Some(reseller) => call::<AdminApiKeyRevoke>(till, &[&reseller.to_string(), &key.to_string()], &()).await,
        None => call::<ResellerApiKeyRevoke>(till, &[&key.to_string()], &()).await,
    }
}
