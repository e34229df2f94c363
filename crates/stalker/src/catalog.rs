//! What the operator offers: tariffs, packages, channels; and Ministra's resellers.

use reqwest::Method;

use crate::accounts::only_one;
use crate::address::{BATCH, Path};
use crate::error::{Error, Outcome};
use crate::form::Form;
use crate::id::{ChannelId, PackageId, ResellerId, TariffId};
use crate::portal::Portal;
use crate::record::{Channel, Package, ResellerRecord, Tariff};
use crate::refusal::Refusal;
use crate::value::FieldText;

const MONITORING: &str = "text/channel-monitoring-id-url";
const RESELLER: &str = "reseller";

impl Portal {
    /// All tariffs. Cheap, and refused without the right password: the call to test a portal with.
    pub async fn tariffs(&self) -> Result<Vec<Tariff>, Error> {
        self.get(&Path::all("tariffs")).await?.list()
    }

    /// One tariff, if it is there.
    pub async fn tariff(&self, id: TariffId) -> Result<Option<Tariff>, Error> {
        let results = self.get(&Path::row("tariffs", id.get())).await?;
        if results.is_null() { Ok(None) } else { results.one().map(Some) }
    }

    /// All packages (`services_package`).
    pub async fn packages(&self) -> Result<Vec<Package>, Error> {
        self.get(&Path::all("services_package")).await?.list()
    }

    /// One package, if it is there.
    pub async fn package(&self, id: PackageId) -> Result<Option<Package>, Error> {
        let results = self.get(&Path::row("services_package", id.get())).await?;
        if results.is_null() { Ok(None) } else { results.one().map(Some) }
    }

    /// All channels (`itv`).
    pub async fn channels(&self) -> Result<Vec<Channel>, Error> {
        self.get(&Path::all("itv")).await?.list()
    }

    /// These channels, as far as the portal knows them.
    pub async fn channels_of(&self, ids: &[ChannelId]) -> Result<Vec<Channel>, Error> {
        let mut found = Vec::new();
        for batch in ids.chunks(BATCH) {
            let Some(path) = Path::channels(batch) else { continue };
            found.extend(self.get(&path).await?.list::<Channel>()?);
        }
        Ok(found)
    }

    /// Says whether a channel works, as the portal's own monitoring does.
    pub async fn set_monitoring(&self, channel: ChannelId, works: bool) -> Result<(), Error> {
        let mut form = Form::default();
        form.field("monitoring_status", u8::from(works).to_string());
        self.send(Method::PUT, &Path::row("itv", channel.get()), &form).await?.done()
    }

    /// What the portal wants monitored, one channel a line.
    pub async fn monitoring_links(&self) -> Result<String, Error> {
        self.text(&Path::all("monitoring_links"), MONITORING).await
    }

    /// The portal's own resellers, of Ministra 5.6 with its switch on.
    ///
    /// # Errors
    /// [`Refusal::NoSuchResource`] before 5.6, [`Refusal::ResourceDenied`] with the switch off.
    pub async fn resellers(&self) -> Result<Vec<ResellerRecord>, Error> {
        self.get(&Path::all(RESELLER)).await?.list()
    }

    /// One reseller, if it is there; refused as [`Portal::resellers`] is.
    pub async fn reseller(&self, id: ResellerId) -> Result<Option<ResellerRecord>, Error> {
        let found = match self.get(&Path::row(RESELLER, id.get())).await {
            Err(Error::Refused(Refusal::AccountNotFound)) => return Ok(None),
            results => results?.list::<ResellerRecord>()?,
        };
        only_one("reseller id", found).map(Some)
    }

    /// Creates a reseller, unless the name is there already.
    pub async fn create_reseller(&self, name: &FieldText, max_users: Option<u32>) -> Result<ResellerRecord, Error> {
        let _writing = self.writing(&format!("reseller {}", name.as_str())).await;
        if self.reseller_named(name).await?.is_some() {
            return Err(Error::Refused(Refusal::NameTaken));
        }
        let mut form = Form::default();
        form.field("name", name.as_str());
        if let Some(max_users) = max_users {
            form.field("max_users", max_users.to_string());
        }
        // It answers false when it has created one, so only a look tells.
        let sent = self.send(Method::POST, &Path::all(RESELLER), &form).await;
        match sent {
            Err(error) if error.outcome() == Outcome::Nothing => Err(error),
            sent => match self.reseller_named(name).await.map_err(Error::after_writing)? {
                Some(made) => Ok(made),
                None => Err(sent.err().unwrap_or(Error::Declined)),
            },
        }
    }

    async fn reseller_named(&self, name: &FieldText) -> Result<Option<ResellerRecord>, Error> {
        Ok(self.resellers().await?.into_iter().find(|reseller| reseller.name == name.as_str()))
    }

    /// Changes a reseller's name or limit and reads it back.
    pub async fn update_reseller(
        &self,
        id: ResellerId,
        name: Option<&FieldText>,
        max_users: Option<u32>,
    ) -> Result<ResellerRecord, Error> {
        let mut form = Form::default();
        if let Some(name) = name {
            form.field("name", name.as_str());
        }
        if let Some(max_users) = max_users {
            form.field("max_users", max_users.to_string());
        }
        if form.is_empty() {
            return self.reseller(id).await?.ok_or(Error::NotFound);
        }
        self.send(Method::PUT, &Path::row(RESELLER, id.get()), &form).await?.done()?;
        self.reseller(id).await.map_err(Error::after_writing)?.ok_or(Error::Vanished)
    }

    /// Deletes a reseller that has no accounts.
    pub async fn delete_reseller(&self, id: ResellerId) -> Result<(), Error> {
        self.delete_at(&Path::row(RESELLER, id.get())).await?.done()
    }
}
