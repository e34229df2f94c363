//! A client for the REST API v1 of Stalker Portal (4.9 to 5.x) and Ministra (5.6), as the portals really behave.
//!
//! The API is small and dangerous. An identifier that is missing, blank or `0` means *everybody*; a comma makes two
//! accounts of one; `"status":"OK"` comes with work that was not done; dates that cannot be read become "never"; one
//! account number can belong to several accounts, and a write to it reaches them all. So this crate has
//!
//! * identifiers that cannot be built wrong ([`Login`], [`Mac`], [`AccountNumber`], [`UniqueNumber`]), and resources
//!   that take only the kind that is safe there;
//! * writes that look first, send only what differs, read back and compare field by field ([`Portal::create`],
//!   [`Portal::update`]); no call is ever sent twice;
//! * lists of any length in bounded memory ([`Portal::boxes`], [`Portal::accounts`]);
//! * a probe that finds out what a portal is and can hold ([`Config::probe`]);
//! * errors that say what to do ([`Error::remedy`]), what is known about the write ([`Error::outcome`]), and nothing
//!   that is secret.
//!
//! ```
//! use counterfoil_stalker::{AccountFields, AccountKey, ApiAddress, Config, Creation, Credentials, EndDate};
//! use counterfoil_stalker::{Login, Mac, NewAccount, Portal, PortalZone};
//! # use counterfoil_stalker_fake::{FakePortal, Setup};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let fake = FakePortal::start(Setup::ministra()).await;
//! # fake.generate(1, 10);
//! # let typed = fake.origin();
//! // What the operator typed: a host, the portal's page, or its API.
//! let candidates = ApiAddress::candidates(&typed)?;
//! let mut config = Config::new(candidates[0].clone(), Some(Credentials::new("stalker", "secret")));
//! let found = config.probe(&candidates, None).await?;
//! println!("{:?}, owners in {:?}, to know: {:?}", found.generation, found.owner, found.warnings);
//! (config.api, config.owner) = (found.api, found.owner);
//! let portal = Portal::new(&config)?;
//!
//! // A customer whose last day is the 31st of January in Kyiv, where the portal stands.
//! let zone = PortalZone::named("Europe/Kyiv")?;
//! let end = EndDate::serving_until("2027-01-31T22:00:00Z".parse()?, &zone)?;
//! let new = NewAccount { login: Login::new("ivan")?, fields: AccountFields::running_until(end) };
//! let Creation::Created(written) = portal.create(&new).await? else { panic!("there is an ivan already") };
//! assert!(written.comparison.agrees());
//!
//! let off = portal.update(&AccountKey::Login(new.login), &AccountFields::switched(false)).await?;
//! assert!(!off.record.enabled);
//!
//! // The cheap list, row by row.
//! let mut boxes = portal.boxes().await?;
//! let wanted: Mac = "001a-7900-0003".parse()?;
//! while let Some(row) = boxes.next().await {
//!     if row.mac() == counterfoil_stalker::StoredMac::Good(wanted) {
//!         println!("{} has number {}", row.login, row.account_number);
//!     }
//! }
//! assert_eq!(boxes.end().await?.rows, 11);
//! # Ok(())
//! # }
//! ```
//!
//! # What values are in
//!
//! Dates have no offset and stand in the zone of the portal's database, which it does not tell: [`PortalZone`] is a
//! setting. An [`EndDate`] is the day on which the portal cuts an account, not the last day that it serves. Prices and
//! balances are text, as the portal writes them. A field of a record that only some portals have is a [`Presence`];
//! records hold texts as they are stored, and their methods (`login`, `number`, `mac`) say whether these can be addressed.
//!
//! # Errors
//!
//! Every call fails with an [`Error`], before anything is sent where a value cannot be sent. A call that only reads has
//! written nothing, whatever it says. After a write, ask [`Error::outcome`]: where it is [`Outcome::Unknown`], look before
//! trying again. [`Error::is_passing`] says whether the same may succeed later by itself, [`Error::code`] is a stable name.
//!
//! # Connections
//!
//! It needs a tokio runtime. A [`Portal`] is cheap to clone; all clones share its connections and its [`Limits`], of which
//! four calls at one time is one. Over plain HTTP the API user's password is readable on the way; the probe warns. TLS is
//! rustls: the program's own provider is used; where it has chosen none, ring is installed.

mod accounts;
mod address;
mod answer;
mod boxes;
mod capability;
mod catalog;
mod census;
mod compare;
mod config;
mod date;
mod details;
mod error;
mod fields;
mod form;
mod id;
mod list;
mod loose;
mod messages;
mod packages;
mod portal;
mod probe;
mod record;
mod redact;
mod refusal;
mod tls;
mod transport;
mod value;

#[doc(hidden)]
pub mod fuzzing;

/// The example there is compiled with the others.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadMe;

pub use accounts::{AccountKey, Creation, Written};
pub use address::{ApiAddress, InvalidAddress};
pub use boxes::{BoxFields, NewBox, Reach};
pub use capability::{Capabilities, OwnerField, Warning};
pub use census::{Census, Odd, Shared, Why};
pub use compare::{Comparison, Field, Mismatch};
pub use config::{Config, Credentials, Limits, Trust};
pub use date::{EndDate, PortalZone, Stamp};
pub use details::Details;
pub use error::{Error, Outcome};
pub use fields::{AccountFields, BoxOf, NewAccount, Owner};
pub use id::{
    AccountNumber, ChannelId, ExternalId, InvalidId, Login, Mac, PackageId, ResellerId, StoredMac, TariffId,
    UniqueNumber,
};
pub use list::{ListEnd, RowStream};
pub use loose::Presence;
pub use messages::{Delivery, Event, Everybody, Message};
pub use portal::Portal;
pub use record::{
    AccountRecord, BoxRecord, Channel, ChannelSubscription, Modules, Package, PackageSubscription, ResellerRecord,
    Service, Services, Tariff, TariffPackage,
};
pub use refusal::{Generation, Refusal};
pub use tls::presented_certificate;
pub use value::{Balance, FieldText, InvalidValue, MessageText, Password};
