//! Accounts one by one: look, write, read back, compare.

use reqwest::Method;

use crate::address::Path;
use crate::compare::Comparison;
use crate::error::{Error, Outcome};
use crate::fields::{AccountFields, BoxOf, NewAccount};
use crate::form::Form;
use crate::id::{AccountNumber, Login, Mac, StoredMac, UniqueNumber};
use crate::portal::Portal;
use crate::record::AccountRecord;
use crate::refusal::Refusal;
use crate::value::FieldText;

/// What one account is addressed by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountKey {
    /// The best one.
    Login(Login),
    /// For boxes without a login, and for logins that no address can carry.
    Mac(Mac),
    /// By a number that only one account has.
    Number(UniqueNumber),
}

/// An account after a write, as the portal shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// As it was read back, or as it was found where nothing was sent.
    pub record: AccountRecord,
    /// The record beside what was wanted. It may disagree although the portal said OK: unreadable dates become zeros,
    /// unknown tariffs the default one.
    pub comparison: Comparison,
    /// False when the account was as wanted already and nothing was sent.
    pub wrote: bool,
    /// The portal's own answer was lost; that it did its work was seen afterwards.
    pub answer_lost: bool,
}

/// How a new account came to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Creation {
    /// It was not there, and is now.
    Created(Written),
    /// The login was there before anything was sent. After a lost answer it may be one's own: the comparison tells.
    AlreadyThere(Written),
}

impl AccountKey {
    /// Where a write to this account goes; by its login, whenever that can be.
    fn path(&self, record: &AccountRecord) -> Path {
        if let Ok(login) = record.login() {
            return Path::login(&login);
        }
        match self {
            Self::Login(login) => Path::login(login),
            Self::Mac(mac) => Path::mac("accounts", *mac),
            Self::Number(number) => Path::number("accounts", number.number()),
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Login(login) => login.folded(),
            Self::Mac(mac) => mac.to_string(),
            Self::Number(number) => format!("number {}", number.number()),
        }
    }
}

impl Portal {
    /// The account of this login.
    pub async fn account(&self, login: &Login) -> Result<Option<AccountRecord>, Error> {
        let results = match self.get(&Path::login(login)).await {
            Err(Error::Refused(Refusal::AccountNotFound)) => return Ok(None),
            results => results?,
        };
        let record: AccountRecord = results.one()?;
        // A rewrite rule that cuts a login leads to somebody else.
        if login.is(&record.login) { Ok(Some(record)) } else { Err(Error::WrongRecord) }
    }

    /// The accounts with this number: more than one is not rare.
    pub async fn accounts_of_number(&self, number: &AccountNumber) -> Result<Vec<AccountRecord>, Error> {
        let found = self.several(&Path::number("accounts", number)).await?;
        if found.iter().all(|record| number.is(&record.account_number)) { Ok(found) } else { Err(Error::WrongRecord) }
    }

    /// The accounts with this MAC: more than one after a careless change.
    pub async fn accounts_of_mac(&self, mac: Mac) -> Result<Vec<AccountRecord>, Error> {
        let found = self.several(&Path::mac("accounts", mac)).await?;
        let right = found.iter().all(|record| record.mac() == StoredMac::Good(mac));
        if right { Ok(found) } else { Err(Error::WrongRecord) }
    }

    /// The number, when exactly one account has it now.
    pub async fn unique_number(&self, number: &AccountNumber) -> Result<UniqueNumber, Error> {
        let found = self.accounts_of_number(number).await?;
        only_one("account number", found).map(|_| UniqueNumber::counted_once(number.clone()))
    }

    async fn several(&self, path: &Path) -> Result<Vec<AccountRecord>, Error> {
        match self.get(path).await {
            Err(Error::Refused(Refusal::AccountNotFound)) => Ok(Vec::new()),
            results => results?.list(),
        }
    }

    /// The one account of this key.
    ///
    /// # Errors
    /// [`Error::NotFound`], and [`Error::Ambiguous`] when a write would reach several.
    pub async fn look(&self, key: &AccountKey) -> Result<AccountRecord, Error> {
        match key {
            AccountKey::Login(login) => self.account(login).await?.ok_or(Error::NotFound),
            AccountKey::Mac(mac) => only_one("MAC address", self.accounts_of_mac(*mac).await?),
            AccountKey::Number(number) => only_one("account number", self.accounts_of_number(number.number()).await?),
        }
    }

    /// Creates an account, unless its login is there already.
    ///
    /// Looks first, so that it can be called again after any error without making a second account.
    ///
    /// # Errors
    /// [`Error::Taken`] when another account has the number or the MAC; the portal would let two have one number.
    pub async fn create(&self, new: &NewAccount) -> Result<Creation, Error> {
        let _writing = self.writing(&new.login.folded()).await;
        let owner = self.owner_field();
        if let Some(record) = self.account(&new.login).await? {
            let comparison = new.fields.compare(&record, owner);
            return Ok(Creation::AlreadyThere(Written { record, comparison, wrote: false, answer_lost: false }));
        }
        self.refuse_taken(&new.fields, None).await?;
        let mut form = Form::default();
        form.field("login", new.login.as_str());
        form.append(new.fields.form(owner));
        let sent = self.send(Method::POST, &Path::all("accounts"), &form).await.and_then(|results| results.done());
        if let Err(error) = &sent
            && error.outcome() == Outcome::Nothing
        {
            return Err(error.clone());
        }
        // The login was free before, and nobody else of this process writes to it.
        match (self.account(&new.login).await, sent) {
            (Ok(Some(record)), sent) => {
                let comparison = new.fields.compare(&record, owner);
                Ok(Creation::Created(Written { record, comparison, wrote: true, answer_lost: sent.is_err() }))
            }
            (_, Err(error)) => Err(error),
            (Ok(None), Ok(())) => Err(Error::Vanished),
            (Err(error), Ok(())) => Err(error.after_writing()),
        }
    }

    /// Makes an account as wanted: looks, sends only what differs, reads back and compares.
    ///
    /// # Errors
    /// After a lost answer, success only where the record shows it; otherwise the error that lost it.
    pub async fn update(&self, key: &AccountKey, wanted: &AccountFields) -> Result<Written, Error> {
        let _writing = self.writing(&key.name()).await;
        let owner = self.owner_field();
        let before = self.look(key).await?;
        let _also = self.writing_also(&key.name(), &before.writing_name()).await;
        let comparison = wanted.compare(&before, owner);
        let mut open = wanted.open(&comparison);
        if open.form(owner).is_empty() {
            return Ok(Written { record: before, comparison, wrote: false, answer_lost: false });
        }
        self.refuse_taken(&open, Some(&before)).await?;
        let after_key = key_after(key, &before, &open)?;
        if open.is_owner_alone() {
            give_company(&mut open, &before)?;
        }
        let path = key.path(&before);
        let sent = self.send(Method::PUT, &path, &open.form(owner)).await.and_then(|results| results.done());
        if let Err(error) = &sent
            && error.outcome() == Outcome::Nothing
        {
            return Err(error.clone());
        }
        let record = match (self.look(&after_key).await, &sent) {
            (Ok(record), _) => record,
            (Err(_), Err(error)) => return Err(error.clone()),
            (Err(error), Ok(())) => return Err(error.after_writing()),
        };
        let comparison = wanted.compare(&record, owner);
        match sent {
            // What cannot be seen cannot be vouched for.
            Err(error) if !comparison.agrees() || !comparison.unseen.is_empty() => Err(error),
            sent => Ok(Written { record, comparison, wrote: true, answer_lost: sent.is_err() }),
        }
    }

    /// Deletes an account. It is gone when this returns, whatever became of the portal's answer.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it was not there before.
    pub async fn delete(&self, key: &AccountKey) -> Result<(), Error> {
        let _writing = self.writing(&key.name()).await;
        let before = self.look(key).await?;
        let _also = self.writing_also(&key.name(), &before.writing_name()).await;
        let sent = self.delete_at(&key.path(&before)).await.and_then(|results| results.done());
        if let Err(error) = &sent
            && error.outcome() == Outcome::Nothing
        {
            return Err(error.clone());
        }
        match (self.look(key).await, sent) {
            (Err(Error::NotFound), _) => Ok(()),
            (_, Err(error)) => Err(error),
            (Ok(_), Ok(())) => Err(Error::Declined),
            (Err(error), Ok(())) => Err(error.after_writing()),
        }
    }

    /// The portal lets two accounts have one number, and on a change one MAC; every later write would reach both.
    async fn refuse_taken(&self, fields: &AccountFields, own: Option<&AccountRecord>) -> Result<(), Error> {
        let is_other = |found: &[AccountRecord], own_too: bool| found.len() > usize::from(own_too);
        if let Some(number) = &fields.account_number {
            let found = self.accounts_of_number(number).await?;
            if is_other(&found, own.is_some_and(|own| number.is(&own.account_number))) {
                return Err(Error::Taken("account number"));
            }
        }
        if let Some(BoxOf::Mac(mac)) = fields.mac {
            let found = self.accounts_of_mac(mac).await?;
            if is_other(&found, own.is_some_and(|own| own.mac() == StoredMac::Good(mac))) {
                return Err(Error::Taken("MAC address"));
            }
        }
        Ok(())
    }
}

pub(crate) fn only_one<T>(what: &'static str, mut found: Vec<T>) -> Result<T, Error> {
    match (found.len(), found.pop()) {
        (1, Some(one)) => Ok(one),
        (0, _) => Err(Error::NotFound),
        (count, _) => Err(Error::Ambiguous { what, count }),
    }
}

/// What the account is found by after the change.
fn key_after(key: &AccountKey, before: &AccountRecord, open: &AccountFields) -> Result<AccountKey, Error> {
    if let Ok(login) = before.login() {
        return Ok(AccountKey::Login(login));
    }
    Ok(match (key, open.mac, &open.account_number) {
        (AccountKey::Mac(_), Some(BoxOf::Mac(mac)), _) => AccountKey::Mac(mac),
        (AccountKey::Mac(_), Some(BoxOf::None), _) => {
            return Err(Error::Unsupported("an account without a login cannot lose its box"));
        }
        // Nobody else has it: that was looked at.
        (AccountKey::Number(_), _, Some(number)) => AccountKey::Number(UniqueNumber::counted_once(number.clone())),
        (key, ..) => key.clone(),
    })
}

/// A portal that does not know the owner's field refuses a change of nothing else.
fn give_company(open: &mut AccountFields, before: &AccountRecord) -> Result<(), Error> {
    let stored = |text: &str| FieldText::new(text).ok();
    open.full_name = stored(&before.full_name);
    if open.full_name.is_none() {
        open.phone = stored(&before.phone);
    }
    if open.full_name.is_none() && open.phone.is_none() {
        open.comment = stored(&before.comment);
    }
    if open.is_owner_alone() {
        return Err(Error::Unsupported("an owner cannot be written alone, and no other field could be sent as it is"));
    }
    Ok(())
}
