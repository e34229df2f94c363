//! From a data folder to open databases, by way of whichever vault it uses.

use std::path::Path;

use zeroize::Zeroizing;

use crate::chance;
use crate::client::{OpenError, OpenOptions};
use crate::device;
use crate::outbox::repo as log;
use crate::store::{DatabaseKey, Store, StoreError};
use crate::till::Till;
use crate::vault::{KeyringStore, Kind, Marker, SealedFile, Vault, VaultError, names};

/// How far opening came.
pub(crate) enum Opened {
    /// No keyring answers and nothing is there yet.
    ChoosePassphrase,
    /// The sealed file waits for its passphrase.
    Locked,
    /// There is a database, and no key for it now. Nothing is made anew: the keyring may come back.
    KeyMissing {
        detail: String,
    },
    Ready {
        store: Store,
        vault: Vault,
    },
}

/// Everything that needs no person.
pub(crate) async fn without_passphrase(options: &OpenOptions) -> Result<Opened, OpenError> {
    let folder = &options.data_dir;
    if let Some(secrets) = options.secrets.clone() {
        return databases(folder, Vault::start(move || Ok(secrets)).await?).await;
    }
    match Marker::read(folder)? {
        Some(marker) if marker.kind == Kind::SealedFile => Ok(Opened::Locked),
        Some(marker) => match keyring(marker.instance).await {
            Ok(vault) => databases(folder, vault).await,
            Err(error) if Store::exists(folder) => Ok(Opened::KeyMissing { detail: error.to_string() }),
            Err(_) => Ok(Opened::ChoosePassphrase),
        },
        None if Store::exists(folder) => {
            Ok(Opened::KeyMissing { detail: "the file that names the vault is missing".into() })
        }
        None => {
            let instance = hex::encode(chance::bytes::<8>()?);
            match keyring(instance.clone()).await {
                Ok(vault) => {
                    Marker { kind: Kind::Keyring, instance }.write(folder)?;
                    databases(folder, vault).await
                }
                Err(error) => {
                    tracing::info!(%error, "no keyring can be used; a passphrase is needed");
                    Ok(Opened::ChoosePassphrase)
                }
            }
        }
    }
}

/// Opens the keyring and proves that it keeps what it is given.
async fn keyring(instance: String) -> Result<Vault, VaultError> {
    let vault = Vault::start(move || KeyringStore::open(instance)).await?;
    vault.probe().await?;
    Ok(vault)
}

/// Makes the sealed file and everything behind it.
pub(crate) async fn with_new_passphrase(options: &OpenOptions, passphrase: String) -> Result<Opened, OpenError> {
    let path = SealedFile::path(&options.data_dir);
    let passphrase = Zeroizing::new(passphrase);
    let vault = Vault::start(move || SealedFile::create(&path, &passphrase)).await?;
    let instance = hex::encode(chance::bytes::<8>()?);
    Marker { kind: Kind::SealedFile, instance }.write(&options.data_dir)?;
    databases(&options.data_dir, vault).await
}

pub(crate) async fn with_passphrase(options: &OpenOptions, passphrase: String) -> Result<Opened, OpenError> {
    let path = SealedFile::path(&options.data_dir);
    let passphrase = Zeroizing::new(passphrase);
    let vault = Vault::start(move || SealedFile::open(&path, &passphrase)).await?;
    databases(&options.data_dir, vault).await
}

async fn databases(folder: &Path, vault: Vault) -> Result<Opened, OpenError> {
    let key = match vault.get(names::DATABASE_KEY).await? {
        Some(secret) => {
            let bytes = secret.as_slice().try_into();
            DatabaseKey(bytes.map_err(|_| VaultError::Damaged("the database key has a wrong length".into()))?)
        }
        // A keyring that is locked answers the same as one that never knew.
        None if Store::exists(folder) => {
            return Ok(Opened::KeyMissing { detail: "the vault does not give the database key".into() });
        }
        None => mint(&vault).await?,
    };
    match Store::open(folder, &key).await {
        Ok(store) => Ok(Opened::Ready { store, vault }),
        Err(error @ StoreError::WrongKey(_)) => Ok(Opened::KeyMissing { detail: error.to_string() }),
        Err(error) => Err(error.into()),
    }
}

/// A new key, used only once the vault has proved that it keeps it.
async fn mint(vault: &Vault) -> Result<DatabaseKey, VaultError> {
    let key = DatabaseKey(chance::bytes()?);
    vault.set(names::DATABASE_KEY, Zeroizing::new(key.0.to_vec())).await?;
    let kept = vault.get(names::DATABASE_KEY).await?;
    if kept.is_some_and(|kept| kept.as_slice() == key.0) {
        Ok(key)
    } else {
        Err(VaultError::Unavailable("it does not give back what was kept in it".into()))
    }
}

/// A database older than its keyring (a restored backup, or a crash between the two) has a gap in its log; recorded here,
/// so that the next sync asks Central for it before anything else.
pub(crate) async fn notice_older_database(till: &Till) -> Result<(), OpenError> {
    let Some(device) = till.device().await? else { return Ok(()) };
    let marks = match till.writer().await.marks(till.vault(), device.device_id).await {
        Ok(marks) => marks.clone(),
        // Reading works without it; selling will say what is wrong.
        Err(error) => {
            tracing::warn!(%error, "the keyring's watermark cannot be read");
            return Ok(());
        }
    };
    if marks.log.seq > device.head.seq {
        let mut transaction = till.store().write_local().await?;
        let device = device::repo::device(&mut transaction).await?.unwrap_or(device);
        log::open_gap(&mut transaction, device.head, marks.log).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        tracing::warn!(database = device.head.seq, keyring = marks.log.seq, "the database is older than the keyring");
    }
    Ok(())
}
