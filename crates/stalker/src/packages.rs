//! What customers subscribe to: packages by account, channels by box.
//!
//! Each change looks first: a portal answers `false` to a package that is subscribed already, as to one it does not know.

use reqwest::Method;

use crate::accounts::only_one;
use crate::address::Path;
use crate::error::Error;
use crate::form::Form;
use crate::id::{ChannelId, ExternalId, Mac, StoredMac};
use crate::portal::Portal;
use crate::record::{ChannelSubscription, PackageSubscription};
use crate::refusal::Refusal;

const PACKAGES: &str = "account_subscription";
const CHANNELS: &str = "itv_subscription";

impl Portal {
    /// The packages of the account behind this box.
    pub async fn subscribed_packages(&self, mac: Mac) -> Result<PackageSubscription, Error> {
        let found = match self.get(&Path::mac(PACKAGES, mac)).await {
            Err(Error::Refused(Refusal::AccountNotFound)) => return Err(Error::NotFound),
            results => results?.list::<PackageSubscription>()?,
        };
        if found.iter().any(|found| StoredMac::of(&found.stb_mac) != StoredMac::Good(mac)) {
            return Err(Error::WrongRecord);
        }
        only_one("MAC address", found)
    }

    /// Adds packages. Those it has already are left as they are.
    ///
    /// # Errors
    /// [`Error::Declined`] for packages that the account's tariff does not offer as optional.
    pub async fn subscribe(&self, mac: Mac, packages: &[ExternalId]) -> Result<PackageSubscription, Error> {
        self.change_packages(mac, "subscribed", packages, |has| !has).await
    }

    /// Takes packages away. Those it has not are left.
    pub async fn unsubscribe(&self, mac: Mac, packages: &[ExternalId]) -> Result<PackageSubscription, Error> {
        self.change_packages(mac, "unsubscribed", packages, |has| has).await
    }

    /// `to_do` says, from whether the account has a package, whether something is to be done about it.
    async fn change_packages(
        &self,
        mac: Mac,
        field: &str,
        packages: &[ExternalId],
        to_do: impl Fn(bool) -> bool,
    ) -> Result<PackageSubscription, Error> {
        let _writing = self.writing(&mac.to_string()).await;
        let before = self.subscribed_packages(mac).await?;
        let open = |now: &PackageSubscription| -> Vec<ExternalId> {
            let has = |package: &ExternalId| now.subscribed.iter().any(|known| known == package.as_str());
            packages.iter().filter(|package| to_do(has(package))).cloned().collect()
        };
        let wanted = open(&before);
        if wanted.is_empty() {
            return Ok(before);
        }
        let mut form = Form::default();
        form.list(field, &wanted);
        self.send(Method::PUT, &Path::mac(PACKAGES, mac), &form).await?.done()?;
        let after = self.subscribed_packages(mac).await.map_err(Error::after_writing)?;
        // The portal says OK when it knew one of several.
        if open(&after).is_empty() { Ok(after) } else { Err(Error::Declined) }
    }

    /// Puts these packages in the place of all.
    pub async fn replace_packages(&self, mac: Mac, packages: &[ExternalId]) -> Result<PackageSubscription, Error> {
        if packages.is_empty() {
            return self.clear_packages(mac).await;
        }
        let _writing = self.writing(&mac.to_string()).await;
        self.subscribed_packages(mac).await?;
        let mut form = Form::default();
        form.list("subscribed", packages);
        self.send(Method::POST, &Path::mac(PACKAGES, mac), &form).await?.done()?;
        let after = self.subscribed_packages(mac).await.map_err(Error::after_writing)?;
        let all = packages.iter().all(|package| after.subscribed.iter().any(|known| known == package.as_str()));
        if all && after.subscribed.len() == packages.len() { Ok(after) } else { Err(Error::Declined) }
    }

    /// Takes all packages away.
    pub async fn clear_packages(&self, mac: Mac) -> Result<PackageSubscription, Error> {
        let _writing = self.writing(&mac.to_string()).await;
        let before = self.subscribed_packages(mac).await?;
        if before.subscribed.is_empty() {
            return Ok(before);
        }
        self.delete_at(&Path::mac(PACKAGES, mac)).await?.done()?;
        self.subscribed_packages(mac).await.map_err(Error::after_writing)
    }

    /// The channels that this box has one by one, if it was ever given any.
    pub async fn subscribed_channels(&self, mac: Mac) -> Result<Option<ChannelSubscription>, Error> {
        let found: Vec<ChannelSubscription> = self.get(&Path::mac(CHANNELS, mac)).await?.list()?;
        // For a box without any the portal answers with everybody's.
        let own = found.into_iter().filter(|found| found.mac() == StoredMac::Good(mac)).collect();
        match only_one("MAC address", own) {
            Err(Error::NotFound) => Ok(None),
            one => one.map(Some),
        }
    }

    /// Puts these channels in the place of all. At least one: an empty list cannot be sent.
    pub async fn replace_channels(
        &self,
        mac: Mac,
        channels: &[ChannelId],
        additional_services_on: bool,
    ) -> Result<ChannelSubscription, Error> {
        if channels.is_empty() {
            return Err(Error::Unsupported("an empty list of channels cannot be sent"));
        }
        let _writing = self.writing(&mac.to_string()).await;
        // For a box that it does not know, this resource may change everybody's.
        self.look_at_box(mac).await?;
        let mut form = Form::default();
        form.list("sub_ch", channels).field("additional_services_on", u8::from(additional_services_on).to_string());
        self.send(Method::PUT, &Path::mac(CHANNELS, mac), &form).await?.done()?;
        self.subscribed_channels(mac).await.map_err(Error::after_writing)?.ok_or(Error::Vanished)
    }
}
