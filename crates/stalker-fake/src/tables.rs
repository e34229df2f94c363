//! The portal's tables, with MyISAM's habit of filling holes.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::mysql::{ZERO_DATE, same};
use crate::setup::Setup;

/// A row of `users`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct User {
    pub id: u32,
    pub login: String,
    pub password: String,
    pub full_name: String,
    pub phone: String,
    /// The account number.
    pub ls: String,
    /// Zero is the default plan.
    pub tariff_plan_id: u32,
    /// As stored: on is 0.
    pub off: bool,
    pub mac: String,
    pub comment: Option<String>,
    /// `None` is the schema's own unset value, which differs by version.
    pub end_date: Option<String>,
    /// As `end_date`.
    pub last_active: Option<String>,
    /// Whether its box is heard of.
    pub online: bool,
    pub account_balance: String,
    pub additional_services_on: String,
    pub reseller_id: u32,
    /// The patched column.
    pub custom_reseller: Option<String>,
    pub tariff_expired_date: Option<String>,
    pub tariff_instead_expired: Option<u32>,
    /// Packages subscribed to, by id.
    pub packages: Vec<u32>,
    pub sub_ch: Option<Vec<String>>,
    pub restricted: Vec<String>,
}

impl User {
    pub(crate) fn new(login: &str) -> Self {
        Self {
            id: 0,
            login: login.to_owned(),
            password: String::new(),
            full_name: String::new(),
            phone: String::new(),
            ls: String::new(),
            tariff_plan_id: 0,
            off: false,
            mac: String::new(),
            comment: None,
            end_date: None,
            last_active: None,
            online: false,
            account_balance: String::new(),
            additional_services_on: "1".to_owned(),
            reseller_id: 0,
            custom_reseller: None,
            tariff_expired_date: None,
            tariff_instead_expired: None,
            packages: Vec::new(),
            sub_ch: None,
            restricted: Vec::new(),
        }
    }

    /// What an unset date looks like in an answer.
    pub(crate) fn unset_date(setup: &Setup) -> Option<&'static str> {
        (!setup.is_ministra()).then_some(ZERO_DATE)
    }

    pub(crate) fn shown_end_date<'a>(&'a self, setup: &Setup) -> Option<&'a str> {
        self.end_date.as_deref().or(Self::unset_date(setup))
    }

    pub(crate) fn shown_last_active<'a>(&'a self, setup: &Setup) -> Option<&'a str> {
        self.last_active.as_deref().or(Self::unset_date(setup))
    }
}

/// A row of `reseller`.
#[derive(Clone, Debug)]
pub struct Reseller {
    pub id: u32,
    pub name: String,
    pub created: String,
    pub modified: String,
    pub max_users: String,
}

/// A row of `events`, which boxes fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub user_id: u32,
    pub event: String,
    pub message: String,
}

/// Everything that the portal remembers.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// `None` is a hole that a deleted row left.
    rows: Vec<Option<User>>,
    holes: Vec<usize>,
    last_id: u32,
    pub resellers: Vec<Reseller>,
    pub events: Vec<Event>,
}

impl Tables {
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.rows.iter().flatten()
    }

    pub(crate) fn users_mut(&mut self) -> impl Iterator<Item = &mut User> {
        self.rows.iter_mut().flatten()
    }

    /// The first account with this login.
    pub fn user(&self, login: &str) -> Option<&User> {
        self.users().find(|user| same(&user.login, login))
    }

    pub(crate) fn by_id(&self, id: u32) -> Option<&User> {
        self.users().find(|user| user.id == id)
    }

    pub(crate) fn by_id_mut(&mut self, id: u32) -> Option<&mut User> {
        self.users_mut().find(|user| user.id == id)
    }

    /// Adds an account and tells its row id; the last hole is filled first.
    pub fn add(&mut self, mut user: User) -> u32 {
        self.last_id += 1;
        user.id = self.last_id;
        match self.holes.pop() {
            Some(at) => self.rows[at] = Some(user),
            None => self.rows.push(Some(user)),
        }
        self.last_id
    }

    /// Puts these rows, with their own ids, in the place of all.
    pub fn replace_users(&mut self, users: Vec<User>) {
        self.last_id = users.iter().map(|user| user.id).max().unwrap_or(0).max(self.last_id);
        self.rows = users.into_iter().map(Some).collect();
        self.holes.clear();
    }

    pub(crate) fn delete(&mut self, ids: &[u32]) {
        for (at, row) in self.rows.iter_mut().enumerate() {
            if row.as_ref().is_some_and(|user| ids.contains(&user.id)) {
                *row = None;
                self.holes.push(at);
            }
        }
    }

    /// Adds a reseller and tells its id.
    pub fn add_reseller(&mut self, name: &str, max_users: &str, now: DateTime) -> u32 {
        let id = self.resellers.last().map_or(1, |last| last.id + 1);
        let now = now.strftime("%Y-%m-%d %H:%M:%S").to_string();
        let max_users = if max_users.is_empty() { "0" } else { max_users }.to_owned();
        self.resellers.push(Reseller { id, name: name.to_owned(), created: now.clone(), modified: now, max_users });
        id
    }

    pub(crate) fn reseller_name(&self, id: u32) -> Option<&str> {
        self.resellers.iter().find(|reseller| reseller.id == id).map(|reseller| reseller.name.as_str())
    }
}
