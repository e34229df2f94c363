//! Field by field: what was wanted, and what the portal holds.

use crate::capability::OwnerField;
use crate::date::{EndDate, Stamp};
use crate::fields::{AccountFields, BoxOf};
use crate::id::{AccountNumber, ExternalId, StoredMac};
use crate::loose::Presence;
use crate::record::AccountRecord;
use crate::value::{Balance, FieldText};

/// A field of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Never shown by a portal, so that it cannot be compared.
    Password,
    /// `full_name`.
    FullName,
    /// `phone`.
    Phone,
    /// `account_number`, or `ls` of a box.
    AccountNumber,
    /// `tariff_plan`: the tariff's external id.
    Tariff,
    /// `status`: on or off.
    Enabled,
    /// `stb_mac`.
    Mac,
    /// `comment`.
    Comment,
    /// `end_date`: the day on which the portal cuts the account.
    EndDate,
    /// `account_balance`: free text, no amount.
    Balance,
    /// `tariff_expired_date`, of 5.5 and later.
    TariffExpired,
    /// `tariff_instead_expired`, of 5.5 and later.
    TariffInstead,
    /// `reseller_id` or `reseller`, as the portal's [`OwnerField`] says.
    Owner,
}

/// One field that is not as it should be. No password is ever in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Which field.
    pub field: Field,
    /// What was wanted, as it is sent.
    pub wanted: String,
    /// What the portal shows.
    pub found: String,
}

/// What a look at the record says about a wanted state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Seen, and otherwise than wanted.
    pub mismatches: Vec<Mismatch>,
    /// Given, and not to be seen on this portal.
    pub unseen: Vec<Field>,
    /// Given, and this portal has no place for them.
    pub not_held: Vec<Field>,
}

impl Comparison {
    /// Nothing that can be seen is otherwise than wanted.
    pub fn agrees(&self) -> bool {
        self.mismatches.is_empty()
    }

    fn same(&mut self, field: Field, wanted: &str, found: &str) {
        if wanted != found {
            let (wanted, found) = (wanted.to_owned(), found.to_owned());
            self.mismatches.push(Mismatch { field, wanted, found });
        }
    }

    fn has(&self, field: Field) -> bool {
        self.mismatches.iter().any(|mismatch| mismatch.field == field)
    }

    /// Whether this field must be written: it differs, or nobody can tell.
    fn is_open(&self, field: Field) -> bool {
        self.has(field) || self.unseen.contains(&field)
    }
}

impl AccountFields {
    /// Compares the fields that are given with a record.
    pub fn compare(&self, record: &AccountRecord, owner: OwnerField) -> Comparison {
        let mut comparison = Comparison::default();
        let mut text = |field, wanted: Option<&str>, found: &str| {
            if let Some(wanted) = wanted {
                comparison.same(field, wanted, found);
            }
        };
        text(Field::FullName, self.full_name.as_ref().map(FieldText::as_str), &record.full_name);
        text(Field::Phone, self.phone.as_ref().map(FieldText::as_str), &record.phone);
        text(Field::AccountNumber, self.account_number.as_ref().map(AccountNumber::as_str), &record.account_number);
        let tariff = record.tariff_plan.as_deref().unwrap_or_default();
        text(Field::Tariff, self.tariff.as_ref().map(ExternalId::as_str), tariff);
        text(Field::Comment, self.comment.as_ref().map(FieldText::as_str), &record.comment);
        text(Field::Balance, self.balance.as_ref().map(Balance::as_str), &record.account_balance);
        text(Field::Enabled, self.enabled.map(on_or_off), on_or_off(record.enabled));
        if let Some(wanted) = self.mac {
            comparison.same(Field::Mac, &wanted.text(), &found_mac(record, wanted));
        }
        comparison.date(Field::EndDate, self.end_date, &record.end_date, &mut Vec::new());
        self.compare_newer(record, &mut comparison);
        self.compare_owner(record, owner, &mut comparison);
        if self.password.is_some() {
            comparison.unseen.push(Field::Password);
        }
        comparison
    }

    /// Fields that only 5.5 and later know.
    fn compare_newer(&self, record: &AccountRecord, comparison: &mut Comparison) {
        let mut not_held = Vec::new();
        comparison.date(Field::TariffExpired, self.tariff_expired, &record.tariff_expired_date, &mut not_held);
        if let Some(wanted) = &self.tariff_instead {
            match &record.tariff_instead_expired {
                Presence::Absent => not_held.push(Field::TariffInstead),
                Presence::Shown(found) => {
                    comparison.same(Field::TariffInstead, wanted.as_str(), found.as_deref().unwrap_or_default());
                }
            }
        }
        // Unlike the end date, these are not stored where they are not shown.
        comparison.unseen.retain(|field| !not_held.contains(field));
        comparison.not_held.extend(not_held);
    }

    fn compare_owner(&self, record: &AccountRecord, field: OwnerField, comparison: &mut Comparison) {
        let Some(wanted) = self.owner else { return };
        let found = match field {
            OwnerField::Unknown | OwnerField::None => None,
            OwnerField::ResellerId => record.reseller_id.shown().map(|id| id.unwrap_or(0)),
            OwnerField::Reseller => {
                record.reseller.shown().map(|id| id.as_deref().and_then(|id| id.trim().parse().ok()).unwrap_or(0))
            }
        };
        match found {
            None => comparison.not_held.push(Field::Owner),
            Some(found) => comparison.same(Field::Owner, &wanted.number().to_string(), &found.to_string()),
        }
    }

    /// Only what has to be written to make this record as wanted.
    pub(crate) fn open(&self, comparison: &Comparison) -> Self {
        fn keep<T: Clone>(value: Option<&T>, open: bool) -> Option<T> {
            value.filter(|_| open).cloned()
        }
        let open = |field| comparison.is_open(field);
        // The nightly run may switch an account off between the look and the write.
        let enabled = open(Field::Enabled) || (self.end_date.is_some() && open(Field::EndDate));
        Self {
            password: self.password.clone(),
            full_name: keep(self.full_name.as_ref(), open(Field::FullName)),
            phone: keep(self.phone.as_ref(), open(Field::Phone)),
            account_number: keep(self.account_number.as_ref(), open(Field::AccountNumber)),
            tariff: keep(self.tariff.as_ref(), open(Field::Tariff)),
            enabled: keep(self.enabled.as_ref(), enabled),
            mac: keep(self.mac.as_ref(), open(Field::Mac)),
            comment: keep(self.comment.as_ref(), open(Field::Comment)),
            end_date: keep(self.end_date.as_ref(), open(Field::EndDate)),
            balance: keep(self.balance.as_ref(), open(Field::Balance)),
            tariff_expired: keep(self.tariff_expired.as_ref(), open(Field::TariffExpired)),
            tariff_instead: keep(self.tariff_instead.as_ref(), open(Field::TariffInstead)),
            owner: keep(self.owner.as_ref(), open(Field::Owner)),
        }
    }
}

impl Comparison {
    fn date(&mut self, field: Field, wanted: Option<EndDate>, found: &Presence<Stamp>, not_shown: &mut Vec<Field>) {
        let Some(wanted) = wanted else { return };
        match found {
            Presence::Absent => {
                self.unseen.push(field);
                not_shown.push(field);
            }
            // A portal's own clock time does not count: the nightly run looks at the day.
            Presence::Shown(Stamp::At(moment)) if moment.date() == wanted.day() => {}
            Presence::Shown(stamp) => {
                let found = match stamp {
                    Stamp::Unset => String::new(),
                    Stamp::At(moment) => moment.date().to_string(),
                    Stamp::Unreadable(text) => text.clone(),
                };
                self.mismatches.push(Mismatch { field, wanted: wanted.day().to_string(), found });
            }
        }
    }
}

fn on_or_off(enabled: bool) -> &'static str {
    if enabled { "on" } else { "off" }
}

/// A MAC in another letter case is the same to a portal.
fn found_mac(record: &AccountRecord, wanted: BoxOf) -> String {
    match (record.mac(), wanted) {
        (StoredMac::Good(found), BoxOf::Mac(mac)) if found == mac => mac.to_string(),
        (StoredMac::None, _) => String::new(),
        _ => record.stb_mac.clone(),
    }
}
