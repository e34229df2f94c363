//! The client against the fake portal, which answers as the recorded ones do.

mod accounts;
mod bad_portals;
mod boxes;
mod lists;
mod lost_answers;
mod names;
mod probe;
mod resellers;

use counterfoil_stalker::{
    AccountFields, AccountKey, AccountNumber, ApiAddress, Config, Credentials, FieldText, Login, Mac, NewAccount,
    OwnerField, Portal,
};
use counterfoil_stalker_fake::{FakePortal, Setup};

pub(crate) fn config(fake: &FakePortal) -> Config {
    let owner = if fake.state().setup.resellers_for_api { OwnerField::ResellerId } else { OwnerField::None };
    let api = ApiAddress::new(&fake.api()).expect("an address");
    Config { owner, ..Config::new(api, Some(Credentials::new("stalker", "secret"))) }
}

pub(crate) fn portal(fake: &FakePortal) -> Portal {
    Portal::new(&config(fake)).expect("a client")
}

pub(crate) async fn start(setup: Setup) -> (FakePortal, Portal) {
    let fake = FakePortal::start(setup).await;
    let portal = portal(&fake);
    (fake, portal)
}

/// Both portals, one after the other.
pub(crate) fn both() -> [Setup; 2] {
    [Setup::stalker(), Setup::ministra()]
}

pub(crate) fn login(text: &str) -> Login {
    Login::new(text).expect("a login")
}

pub(crate) fn mac(text: &str) -> Mac {
    text.parse().expect("a MAC")
}

pub(crate) fn number(text: &str) -> AccountNumber {
    AccountNumber::new(text).expect("an account number")
}

pub(crate) fn text(text: &str) -> FieldText {
    FieldText::new(text).expect("a text")
}

pub(crate) fn named(name: &str) -> AccountFields {
    AccountFields { full_name: Some(text(name)), ..AccountFields::default() }
}

pub(crate) fn account(name: &str) -> NewAccount {
    NewAccount { login: login(name), fields: named(name) }
}

pub(crate) fn by_login(name: &str) -> AccountKey {
    AccountKey::Login(login(name))
}

/// What was asked since the last time, but for looks.
pub(crate) fn writes(fake: &FakePortal) -> Vec<String> {
    fake.asked().into_iter().filter(|request| !request.starts_with("GET ")).collect()
}
