//! What a caller wants an account to be, and how that is written.

use crate::capability::OwnerField;
use crate::date::EndDate;
use crate::form::Form;
use crate::id::{AccountNumber, ExternalId, Login, Mac, ResellerId};
use crate::value::{Balance, FieldText, Password};

/// Whose account it is. Written only in the field that the probe found, and never alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The operator itself; sent as zero.
    Nobody,
    /// By its number on the portal.
    Reseller(ResellerId),
}

impl Owner {
    /// As it is sent: a portal takes zero for nobody, and a strict database refuses an empty text.
    pub(crate) fn number(self) -> u32 {
        match self {
            Self::Nobody => 0,
            Self::Reseller(id) => id.get(),
        }
    }
}

/// A box, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoxOf {
    /// The account has none; sent as an empty text.
    None,
    /// The one with this MAC.
    Mac(Mac),
}

impl BoxOf {
    pub(crate) fn text(self) -> String {
        match self {
            Self::None => String::new(),
            Self::Mac(mac) => mac.to_string(),
        }
    }
}

/// The wanted state of an account, as far as it is given: what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct AccountFields {
    /// Cannot be read back, so it is sent each time that it is given.
    pub password: Option<Password>,
    /// The customer's name.
    pub full_name: Option<FieldText>,
    /// Free text.
    pub phone: Option<FieldText>,
    /// No other account should have it: see [`UniqueNumber`](crate::UniqueNumber).
    pub account_number: Option<AccountNumber>,
    /// By its external id. Unset cannot be written: a portal answers with an SQL error.
    pub tariff: Option<ExternalId>,
    /// Whether the account is on.
    pub enabled: Option<bool>,
    /// Its box.
    pub mac: Option<BoxOf>,
    /// For the staff of the portal.
    pub comment: Option<FieldText>,
    /// Whoever extends an account gives `enabled` too: the portal's nightly run has switched it off.
    pub end_date: Option<EndDate>,
    /// Free text that the portal shows as a balance; no amount.
    pub balance: Option<Balance>,
    /// Of 5.5 and later; older portals drop it.
    pub tariff_expired: Option<EndDate>,
    /// Of 5.5 and later: the tariff that follows.
    pub tariff_instead: Option<ExternalId>,
    /// Whose it is; left out, and told as not held, where the portal holds no owner.
    pub owner: Option<Owner>,
}

/// An account that is not there yet.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Taken once for all accounts, in any letter case.
    pub login: Login,
    /// What it should be, as far as it is given.
    pub fields: AccountFields,
}

impl AccountFields {
    /// Runs until this cut, and is on.
    pub fn running_until(end: EndDate) -> Self {
        Self { end_date: Some(end), enabled: Some(true), ..Self::default() }
    }

    /// On or off, nothing else.
    pub fn switched(enabled: bool) -> Self {
        Self { enabled: Some(enabled), ..Self::default() }
    }

    /// The fields as they are sent. An owner is left out where the portal has no field for it.
    pub(crate) fn form(&self, owner: OwnerField) -> Form {
        let mut form = Form::default();
        if let Some(password) = &self.password {
            form.secret("password", password.expose());
        }
        let mut text = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                form.field(name, value);
            }
        };
        text("full_name", self.full_name.as_ref().map(|value| value.as_str().to_owned()));
        text("phone", self.phone.as_ref().map(|value| value.as_str().to_owned()));
        text("account_number", self.account_number.as_ref().map(ToString::to_string));
        text("tariff_plan", self.tariff.as_ref().map(ToString::to_string));
        text("status", self.enabled.map(|enabled| u8::from(enabled).to_string()));
        text("stb_mac", self.mac.map(BoxOf::text));
        text("comment", self.comment.as_ref().map(|value| value.as_str().to_owned()));
        text("end_date", self.end_date.map(EndDate::text));
        text("account_balance", self.balance.as_ref().map(|value| value.as_str().to_owned()));
        text("tariff_expired_date", self.tariff_expired.map(EndDate::text));
        text("tariff_instead_expired", self.tariff_instead.as_ref().map(ToString::to_string));
        if let (Some(owner), Some(name)) = (self.owner, owner.name()) {
            text(name, Some(owner.number().to_string()));
        }
        form
    }

    /// Whether an owner is all there is to write.
    pub(crate) fn is_owner_alone(&self) -> bool {
        self.owner.is_some() && Self { owner: None, ..self.clone() }.form(OwnerField::None).is_empty()
    }
}
