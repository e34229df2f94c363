//! Boxes: `stb`, `stb_auth`, `stb_modules`. Addressed by MAC alone: a number of twelve characters or more is taken for
//! one, and a number that several accounts have reaches all of them.

use reqwest::Method;

use crate::accounts::only_one;
use crate::address::{BATCH, Path};
use crate::date::{EndDate, Stamp};
use crate::error::Error;
use crate::form::Form;
use crate::id::{AccountNumber, Login, Mac, StoredMac};
use crate::loose::Presence;
use crate::portal::Portal;
use crate::record::{BoxRecord, Modules};
use crate::value::Password;

/// Who a call to several boxes reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// What the portal shows of those it knows; a MAC of several accounts has a record for each.
    pub boxes: Vec<BoxRecord>,
    /// The portal knows no such box, and says nothing when others in the same call are known.
    pub unknown: Vec<Mac>,
    /// Several accounts have it: all of them are reached.
    pub shared: Vec<Mac>,
}

/// A box that is not there yet.
#[derive(Clone, Debug)]
pub struct NewBox {
    /// What it is found by from then on.
    pub mac: Mac,
    /// Whether it is on; the client turns it round where the portal does.
    pub enabled: bool,
    /// None leaves it empty.
    pub account_number: Option<AccountNumber>,
    /// Login and password; none for a box that signs in by its MAC.
    pub credentials: Option<(Login, Password)>,
    /// None leaves it without an end.
    pub end_date: Option<EndDate>,
}

/// The wanted state of a box, as far as it is given. A reboot is no field of it: sent together with another field, the
/// portal writes that one to every row. Use [`Event::Reboot`](crate::Event).
#[derive(Clone, Debug, Default)]
pub struct BoxFields {
    /// Whether it is on.
    pub enabled: Option<bool>,
    /// Whether it gets what its tariff offers beyond the basic channels.
    pub additional_services_on: Option<bool>,
    /// The account number (`ls`).
    pub account_number: Option<AccountNumber>,
    /// The day on which the portal cuts it.
    pub end_date: Option<EndDate>,
}

impl Portal {
    /// Which of these boxes the portal knows, and who else is reached with them.
    pub async fn reach(&self, macs: &[Mac]) -> Result<Reach, Error> {
        let mut reach = Reach::default();
        for batch in macs.chunks(BATCH) {
            let Some(path) = Path::macs("stb", batch) else { continue };
            let boxes: Vec<BoxRecord> = self.get(&path).await?.list()?;
            for mac in batch {
                match boxes.iter().filter(|found| found.mac() == StoredMac::Good(*mac)).count() {
                    0 => reach.unknown.push(*mac),
                    1 => {}
                    _ => reach.shared.push(*mac),
                }
            }
            reach.boxes.extend(boxes);
        }
        Ok(reach)
    }

    /// The one box of this MAC.
    pub async fn look_at_box(&self, mac: Mac) -> Result<BoxRecord, Error> {
        let found: Vec<BoxRecord> = self.get(&Path::mac("stb", mac)).await?.list()?;
        if found.iter().any(|found| found.mac() != StoredMac::Good(mac)) {
            return Err(Error::WrongRecord);
        }
        only_one("MAC address", found)
    }

    /// Creates a box, unless its MAC is there already.
    pub async fn create_box(&self, new: &NewBox) -> Result<BoxRecord, Error> {
        let _writing = self.writing(&new.mac.to_string()).await;
        match self.look_at_box(new.mac).await {
            Err(Error::NotFound) => {}
            Ok(_) | Err(Error::Ambiguous { .. }) => return Err(Error::Taken("MAC address")),
            Err(error) => return Err(error),
        }
        if let Some(number) = &new.account_number
            && !self.accounts_of_number(number).await?.is_empty()
        {
            return Err(Error::Taken("account number"));
        }
        let mut form = Form::default();
        form.field("mac", new.mac.to_string());
        // Only here the portal stores the status as it comes, where on is 0; and a new box is on by itself.
        if !new.enabled {
            form.field("status", "1");
        }
        if let Some(number) = &new.account_number {
            form.field("ls", number.to_string());
        }
        if let Some((login, password)) = &new.credentials {
            // This resource does not look whether the login is taken.
            if self.account(login).await?.is_some() {
                return Err(Error::Taken("login"));
            }
            form.field("login", login.as_str()).secret("password", password.expose());
        }
        if let Some(end) = new.end_date {
            form.field("end_date", end.text());
        }
        self.send(Method::POST, &Path::all("stb"), &form).await?.done()?;
        let made = self.look_at_box(new.mac).await.map_err(Error::after_writing)?;
        if made.enabled == new.enabled { Ok(made) } else { Err(Error::Vanished) }
    }

    /// Changes a box and reads it back. Accounts are the better way: see [`Portal::update`].
    pub async fn update_box(&self, mac: Mac, wanted: &BoxFields) -> Result<BoxRecord, Error> {
        let _writing = self.writing(&mac.to_string()).await;
        let before = self.look_at_box(mac).await?;
        let _also = self.writing_also(&mac.to_string(), &before.writing_name()).await;
        let mut form = Form::default();
        if let Some(enabled) = wanted.enabled {
            form.field("status", u8::from(enabled).to_string());
        }
        if let Some(on) = wanted.additional_services_on {
            form.field("additional_services_on", u8::from(on).to_string());
        }
        if let Some(number) = &wanted.account_number {
            if !number.is(&before.account_number) && !self.accounts_of_number(number).await?.is_empty() {
                return Err(Error::Taken("account number"));
            }
            form.field("ls", number.to_string());
        }
        if let Some(end) = wanted.end_date {
            form.field("end_date", end.text());
        }
        if form.is_empty() {
            return Ok(before);
        }
        self.send(Method::PUT, &Path::mac("stb", mac), &form).await?.done()?;
        let after = self.look_at_box(mac).await.map_err(Error::after_writing)?;
        if wanted.is(&after) { Ok(after) } else { Err(Error::Vanished) }
    }

    /// Deletes the one box of this MAC, with its account.
    pub async fn delete_box(&self, mac: Mac) -> Result<(), Error> {
        let _writing = self.writing(&mac.to_string()).await;
        let before = self.look_at_box(mac).await?;
        let _also = self.writing_also(&mac.to_string(), &before.writing_name()).await;
        self.delete_at(&Path::mac("stb", mac)).await?.done()
    }

    /// Frees an account from its box: forgets the device **and its MAC**, so that another box can sign in. The account
    /// cannot be found by this MAC afterwards.
    pub async fn reset_device(&self, mac: Mac) -> Result<(), Error> {
        let mut form = Form::default();
        form.field("reset_device_id", "1");
        self.change_auth(mac, &form).await
    }

    /// Makes the box sign in again; its MAC stays.
    pub async fn reset_tokens(&self, mac: Mac) -> Result<(), Error> {
        let mut form = Form::default();
        form.field("reset_device_id", "0");
        self.change_auth(mac, &form).await
    }

    async fn change_auth(&self, mac: Mac, form: &Form) -> Result<(), Error> {
        let _writing = self.writing(&mac.to_string()).await;
        let before = self.look_at_box(mac).await?;
        let _also = self.writing_also(&mac.to_string(), &before.writing_name()).await;
        self.send(Method::PUT, &Path::mac("stb_auth", mac), form).await?.done()
    }

    /// Which parts of the portal's screens this box may not open.
    pub async fn modules(&self, mac: Mac) -> Result<Modules, Error> {
        self.get(&Path::mac("stb_modules", mac)).await?.one()
    }

    /// Puts these in the place of the restricted modules. At least one: an empty list cannot be sent.
    pub async fn restrict_modules(&self, mac: Mac, restricted: &[String]) -> Result<Modules, Error> {
        if restricted.is_empty() {
            return Err(Error::Unsupported("an empty list of modules cannot be sent"));
        }
        let _writing = self.writing(&mac.to_string()).await;
        let before = self.look_at_box(mac).await?;
        let _also = self.writing_also(&mac.to_string(), &before.writing_name()).await;
        let mut form = Form::default();
        form.list("restricted", restricted);
        self.send(Method::PUT, &Path::mac("stb_modules", mac), &form).await?.one()
    }
}

impl BoxFields {
    fn is(&self, found: &BoxRecord) -> bool {
        self.enabled.is_none_or(|enabled| enabled == found.enabled)
            && self.additional_services_on.is_none_or(|on| on == found.additional_services_on)
            && self.account_number.as_ref().is_none_or(|number| number.is(&found.account_number))
            && self.end_date.is_none_or(|end| match &found.end_date {
                // Not shown on this portal.
                Presence::Absent => true,
                Presence::Shown(Stamp::At(moment)) => moment.date() == end.day(),
                Presence::Shown(_) => false,
            })
    }
}
