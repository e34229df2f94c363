//! Tokens: the access token in memory, the refresh token in the vault, renewed by one caller at a time.

use std::sync::Arc;

use counterfoil_wire::endpoint::SessionRefresh;
use counterfoil_wire::problem::Code;
use counterfoil_wire::sessions::{RefreshRequest, SignedIn};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::SessionError;
use super::first::Waiting;
use crate::api::Topic;
use crate::central::{Address, Caller, CentralError};
use crate::device;
use crate::store::StoreError;
use crate::till::Till;
use crate::vault::names;

/// An access token, and whose it is.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    text: Arc<SecretString>,
    user: Uuid,
}

impl Token {
    fn of(signed_in: &SignedIn) -> Self {
        Self { text: Arc::new(SecretString::from(signed_in.access_token.as_str())), user: signed_in.me.user_id }
    }

    pub(crate) fn text(&self) -> &str {
        self.text.expose_secret()
    }

    /// What one person asked for is not asked for again in the name of whoever signed in since.
    fn in_place_of(self, refused: &Self) -> Result<Self, SessionError> {
        if self.user == refused.user { Ok(self) } else { Err(CentralError::NotSignedIn.into()) }
    }
}

/// Holds the session. The lock makes renewals single: a refresh token works once.
#[derive(Debug, Default)]
pub(crate) struct Keeper {
    access: Mutex<Option<Token>>,
    /// One sign-in or sign-out at a time: two on a new machine would each give it an id and keys, and keep one's beside the other's.
    pub(super) signing_in: Mutex<()>,
    waiting: Mutex<Option<Waiting>>,
}

impl Keeper {
    /// Holds a sign-in whose password has to be changed.
    pub(super) async fn wait(&self, waiting: Waiting) {
        *self.waiting.lock().await = Some(waiting);
    }

    pub(super) async fn take_waiting(&self) -> Option<Waiting> {
        self.waiting.lock().await.take()
    }

    /// Keeps what a sign-in gave.
    pub(crate) async fn adopt(&self, till: &Till, signed_in: &SignedIn) -> Result<(), SessionError> {
        let mut access = self.access.lock().await;
        keep_refresh_token(till, signed_in).await?;
        *access = Some(Token::of(signed_in));
        Ok(())
    }

    /// The access token, renewed when this process has none yet.
    pub(crate) async fn token(&self, till: &Till, address: &Address) -> Result<Token, SessionError> {
        let mut access = self.access.lock().await;
        if let Some(token) = access.as_ref() {
            return Ok(token.clone());
        }
        let token = refresh(till, address).await?;
        *access = Some(token.clone());
        Ok(token)
    }

    /// A new access token in place of one that was refused. Whoever comes second gets the first one's.
    pub(crate) async fn renew(&self, till: &Till, address: &Address, refused: &Token) -> Result<Token, SessionError> {
        let mut access = self.access.lock().await;
        if let Some(token) = access.as_ref().filter(|token| token.text() != refused.text()) {
            return token.clone().in_place_of(refused);
        }
        *access = None;
        let token = refresh(till, address).await?;
        *access = Some(token.clone());
        token.in_place_of(refused)
    }

    /// Forgets the session here.
    pub(crate) async fn forget(&self, till: &Till) -> Result<(), SessionError> {
        let mut access = self.access.lock().await;
        *access = None;
        end(till).await
    }
}

async fn refresh(till: &Till, address: &Address) -> Result<Token, SessionError> {
    let request = RefreshRequest { refresh_token: stored(till).await? };
    match till.central().call::<SessionRefresh>(address, &[], &request, Caller::Nobody).await {
        Ok(signed_in) => {
            // The new one is safe before the old one is worthless to us: Central allows a short repeat.
            keep_refresh_token(till, &signed_in).await?;
            Ok(Token::of(&signed_in))
        }
        Err(error) if error.is(Code::NotSignedIn) || error.is(Code::InvalidCredentials) => {
            end(till).await?;
            till.tell(Topic::Session);
            Err(CentralError::NotSignedIn.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// The refresh token of whoever is signed in here. Another's ends the session: an older database came back, or the power went
/// in the middle of a sign-in, and what is asked for under one name would be done in the other.
async fn stored(till: &Till) -> Result<String, SessionError> {
    let kept = till.vault().get(names::REFRESH_TOKEN).await?.ok_or(CentralError::NotSignedIn)?;
    let kept = String::from_utf8(kept.to_vec()).map_err(|_| CentralError::NotSignedIn)?;
    let Some((user, token)) = kept.split_once(' ') else {
        // From before its user stood with it.
        return Ok(kept);
    };
    let member = device::repo::member_id(&mut *till.read().await?).await?;
    if member.is_some_and(|member| member.to_string() == user) {
        return Ok(token.to_owned());
    }
    end(till).await?;
    till.tell(Topic::Session);
    Err(CentralError::NotSignedIn.into())
}

async fn keep_refresh_token(till: &Till, signed_in: &SignedIn) -> Result<(), SessionError> {
    let kept = format!("{} {}", signed_in.me.user_id, signed_in.refresh_token);
    let secret = Zeroizing::new(kept.into_bytes());
    Ok(till.vault().set(names::REFRESH_TOKEN, secret).await?)
}

async fn end(till: &Till) -> Result<(), SessionError> {
    till.vault().remove(names::REFRESH_TOKEN).await?;
    let mut transaction = till.store().write_local().await?;
    device::repo::set_signed_in(&mut transaction, false).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(())
}
