//! What a portal shows of its rows.

mod account;
mod catalog;
mod devices;

pub use account::{AccountRecord, BoxRecord};
pub use catalog::{Channel, Package, Service, Services, Tariff, TariffPackage};
pub use devices::{ChannelSubscription, Modules, PackageSubscription, ResellerRecord};
