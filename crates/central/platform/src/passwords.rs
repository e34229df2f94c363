//! Passwords: argon2id on threads of their own, a few at a time, the same time for a name that does not exist.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use thiserror::Error;
use tokio::sync::Semaphore;

/// Hashes and checks passwords; cheap to clone.
#[derive(Debug, Clone)]
pub struct Passwords {
    /// Each hash takes 19 MiB and a core.
    turns: Arc<Semaphore>,
    params: Params,
    /// Checked in place of a user who does not exist.
    nobody: Arc<str>,
}

#[derive(Debug, Error)]
#[error("passwords cannot be hashed: {0}")]
pub struct PasswordsError(String);

impl Passwords {
    /// OWASP's argon2id: 19 MiB, two passes, one lane.
    pub fn new() -> Result<Self, PasswordsError> {
        Self::with_cost(19_456, 2)
    }

    /// Cheap hashes, for tests that sign in often.
    pub fn fast() -> Result<Self, PasswordsError> {
        Self::with_cost(Params::MIN_M_COST, 1)
    }

    fn with_cost(memory_kib: u32, passes: u32) -> Result<Self, PasswordsError> {
        let wrong = |e: &dyn std::fmt::Display| PasswordsError(e.to_string());
        let params = Params::new(memory_kib, passes, 1, None).map_err(|e| wrong(&e))?;
        let nobody = hash(&params, "nobody has this password").map_err(|e| wrong(&e))?;
        let turns = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Ok(Self { turns: Arc::new(Semaphore::new(turns)), params, nobody: nobody.into() })
    }

    /// A new hash in PHC form.
    pub async fn hash(&self, password: String) -> Result<String, PasswordsError> {
        let params = self.params.clone();
        self.in_turn(move || hash(&params, &password)).await?
    }

    /// Whether the password has this hash. `None` takes as long and is never right.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, PasswordsError> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.to_string());
        let right = self
            .in_turn(move || -> Result<bool, PasswordsError> {
                let stored = PasswordHash::new(&stored).map_err(|e| PasswordsError(e.to_string()))?;
                Ok(Argon2::default().verify_password(password.as_bytes(), &stored).is_ok())
            })
            .await??;
        Ok(right && known)
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, PasswordsError> {
        let wrong = |e: &dyn std::fmt::Display| PasswordsError(e.to_string());
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|e| wrong(&e))?;
        // The turn ends with the work, which goes on when whoever asked is gone.
        let in_turn = move || {
            let done = work();
            drop(turn);
            done
        };
        tokio::task::spawn_blocking(in_turn).await.map_err(|e| wrong(&e))
    }
}

fn hash(params: &Params, password: &str) -> Result<String, PasswordsError> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|e| PasswordsError(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_names_its_parameters_and_opens_to_one_password() {
        let passwords = Passwords::new().expect("parameters");
        let stored = passwords.hash("correct horse".into()).await.expect("hash");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(passwords.verify("correct horse".into(), Some(stored.clone())).await.expect("verify"));
        assert!(!passwords.verify("correct house".into(), Some(stored)).await.expect("verify"));
        assert!(!passwords.verify("nobody has this password".into(), None).await.expect("verify"));
    }

    #[tokio::test]
    async fn a_hash_that_nobody_waits_for_any_more_keeps_its_turn_to_its_end() {
        let passwords = Passwords::fast().expect("parameters");
        let all = passwords.turns.available_permits();
        let (let_go, held) = std::sync::mpsc::channel::<()>();
        let (begun, begins) = tokio::sync::oneshot::channel();
        let work = passwords.in_turn(move || {
            let _ = begun.send(());
            let _ = held.recv();
        });
        tokio::select! {
            done = work => panic!("it is held: {done:?}"),
            told = begins => told.expect("it begins"),
        }
        assert_eq!(passwords.turns.available_permits(), all - 1, "whoever asked is gone, the hash is not");
        drop(let_go);
        let every = u32::try_from(all).expect("few");
        passwords.turns.acquire_many(every).await.expect("all turns come back").forget();
    }
}
