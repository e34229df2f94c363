//! A page of the feed. A device that stands at its end asks every minute, and is told in a few bytes that nothing is new.

use std::sync::PoisonError;

use counterfoil_domain::time::Timestamp;
use counterfoil_wire::endpoint::{Endpoint as _, Pull};
use counterfoil_wire::problem::Code;
use counterfoil_wire::pull::{AUDIT_HEADER, ChainHead, PullPage, PullQuery, TIME_HEADER};
use reqwest::StatusCode;
use reqwest::header::{ETAG, HeaderValue, IF_NONE_MATCH};

use super::{Address, Caller, Central, CentralError, answer, build};

/// The last page with nothing new, and what Central calls it: a digest of all but the time, so that it is the same page
/// wherever it is asked for.
#[derive(Debug, Clone)]
pub(super) struct Nothing {
    tag: HeaderValue,
    page: PullPage,
}

impl Central {
    pub(crate) async fn pull(
        &self,
        address: &Address,
        query: &PullQuery,
        caller: Caller<'_>,
    ) -> Result<PullPage, CentralError> {
        match self.page(address, query, &caller).await {
            // One from before the market does not know the question, and has only the tables it was asked for by then.
            Err(error) if query.tables.is_some() && error.is(Code::Malformed) => {
                self.page(address, &PullQuery { tables: None, ..query.clone() }, &caller).await
            }
            other => other,
        }
    }

    async fn page(&self, address: &Address, query: &PullQuery, caller: &Caller<'_>) -> Result<PullPage, CentralError> {
        let mut request = build(Pull::METHOD, address.join(Pull::PATH)?, query, caller)?;
        let known = self.nothing.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = &known {
            request.headers_mut().insert(IF_NONE_MATCH, known.tag.clone());
        }
        let response = self.exchange(request).await?;
        if response.status() == StatusCode::NOT_MODIFIED {
            let time = response.headers().get(TIME_HEADER).and_then(|time| time.to_str().ok()?.parse().ok());
            let audit = response.headers().get(AUDIT_HEADER).and_then(|head| ChainHead::from_text(head.to_str().ok()?));
            return match (known, time) {
                (Some(known), Some(time)) => Ok(PullPage { server_time: Timestamp(time), audit, ..known.page }),
                _ => Err(CentralError::Incompatible("it says that nothing changed, but not since when".into())),
            };
        }
        let tag = response.headers().get(ETAG).cloned();
        let page: PullPage = answer::read(response).await?;
        let nothing = tag.map(|tag| Nothing { tag, page: page.clone() });
        *self.nothing.lock().unwrap_or_else(PoisonError::into_inner) = nothing;
        Ok(page)
    }
}
