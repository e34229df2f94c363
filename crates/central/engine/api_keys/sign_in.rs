//! Whose key this is, whether it opens anything now, and how often it asked.

use std::collections::BTreeSet;

use counterfoil_central_platform::api_keys::is_whole;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_central_platform::tokens::token_hash;
use counterfoil_domain::api_key::ApiScope;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::{ApiKeyId, OperatorId, ResellerId};
use counterfoil_domain::reseller::{ResellerPath, ResellerStatus};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::problem::Code;
use counterfoil_wire::second_factor::SecondFactor;
use counterfoil_wire::sessions::{Audience, Me};

use super::{needs, repo, scopes};
use crate::engine::App;
use crate::engine::audit::Actor;
use crate::engine::permissions;
use crate::engine::rate::{self, Limit};
use crate::engine::sessions::check_status;
use crate::engine::stored::stored;

/// What one key may ask.
const PER_MINUTE: Limit = Limit { hits: 300, window_ms: 60_000 };
/// How exactly its last use is known: a write for each would be a write for nothing.
const LAST_USE_MS: i64 = 60_000;

/// A key that opens what it is for.
#[derive(Debug, Clone)]
pub(crate) struct KnownKey {
    pub(crate) id: ApiKeyId,
    pub(crate) operator: OperatorId,
    pub(crate) reseller: ResellerId,
    pub(crate) path: ResellerPath,
    company: String,
    name: String,
    scopes: BTreeSet<ApiScope>,
}

impl KnownKey {
    /// Refuses a call that the key is not for.
    pub(crate) fn check_reach(&self, method: &str, route: &str) -> Result<(), Failure> {
        let Some(needed) = needs(method, route) else {
            let detail = "No API key may do this. Somebody of the shop can, in Counterfoil.";
            return Err(Failure::new(Code::ApiKeyScope, detail));
        };
        if self.scopes.iter().any(|scope| scope.covers(needed)) {
            return Ok(());
        }
        let needed = needed.as_str();
        let detail =
            format!("This API key is not for this: it takes one with `{needed}`. An owner of the shop can make one.");
        Err(Failure::new(Code::ApiKeyScope, detail))
    }

    pub(crate) fn actor(&self, address: ClientAddress) -> Actor {
        Actor::api_key(self.id, address)
    }

    /// Who asks, as a program is told.
    pub(crate) fn me(self) -> Me {
        Me {
            user_id: self.id.0,
            username: self.name,
            audience: Audience::Reseller,
            role: "api_key".to_owned(),
            operator_id: self.operator,
            reseller_id: Some(self.reseller),
            reseller_name: Some(self.company),
            // A key has neither.
            must_change_password: false,
            second_factor: SecondFactor::default(),
        }
    }
}

/// Whose key it is, or why it opens nothing. Counts the request.
pub(crate) async fn authenticate(app: &App, text: &str, address: ClientAddress) -> Result<KnownKey, Failure> {
    if !is_whole(text) {
        let detail =
            "This API key is not whole: something of it is missing or mistyped. Copy it again, from `cfk_` to its end.";
        return Err(Failure::new(Code::NotSignedIn, detail));
    }
    let now = app.now();
    let (key, last_used) = find(app, text, now).await?;
    count(app, &key, last_used, address, now).await?;
    Ok(key)
}

/// With the moment of its last use.
async fn find(app: &App, text: &str, now: Timestamp) -> Result<(KnownKey, Option<Timestamp>), Failure> {
    let mut reader = app.reader().await?;
    let row = repo::by_hash(&mut reader, &token_hash(text)).await?.ok_or_else(unknown)?;
    check_live(&row, now)?;
    let reseller = ResellerId(row.reseller);
    check_status(stored(ResellerStatus::from_stored(&row.status), "reseller", "status", reseller)?)?;
    permissions::require(&mut reader, reseller, Grant::ApiAccess).await?;
    let id = ApiKeyId(row.id);
    rate::check(&mut reader, &bucket(id), PER_MINUTE, now).await?;
    let key = KnownKey {
        id,
        operator: OperatorId(row.operator),
        reseller,
        path: stored(ResellerPath::from_stored(&row.path), "reseller", "path", reseller)?,
        company: row.company,
        name: row.name,
        scopes: scopes(&row.scopes, id)?,
    };
    Ok((key, row.last_used_at.map(Timestamp)))
}

fn check_live(row: &repo::SignIn, now: Timestamp) -> Result<(), Failure> {
    if row.revoked_at.is_some() {
        let detail = "This API key was revoked. An owner of the shop can make a new one, under API keys.";
        return Err(Failure::new(Code::ApiKeyRevoked, detail));
    }
    if row.expires_at.is_some_and(|at| at <= now.0) {
        let detail = "This API key has expired. An owner of the shop can make a new one, under API keys.";
        return Err(Failure::new(Code::ApiKeyExpired, detail));
    }
    Ok(())
}

fn unknown() -> Failure {
    let detail = "This API key is not known here. Check that it is one of this Central; an owner of the shop can make a new one.";
    Failure::new(Code::NotSignedIn, detail)
}

/// For the limit that all processes of a Central share.
fn bucket(id: ApiKeyId) -> String {
    format!("api-key/{id}")
}

async fn count(
    app: &App,
    key: &KnownKey,
    last_used: Option<Timestamp>,
    address: ClientAddress,
    now: Timestamp,
) -> Result<(), Failure> {
    let mut tx = app.transaction().await?;
    rate::take(&mut tx, &bucket(key.id), PER_MINUTE, now).await?;
    if last_used.is_none_or(|at| at.plus_ms(LAST_USE_MS) <= now) {
        repo::used(&mut tx, key.id, now, &address.to_string()).await?;
        rate::forget_old(&mut tx, now).await?;
    }
    Ok(tx.commit().await?)
}
