//! Who runs this Central.

mod repo;
mod settings;

use counterfoil_central_platform::console::NewOperator;
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::mail::Mailer;
use counterfoil_domain::amount::{Currency, Unit};
use counterfoil_domain::code::Prefix;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{Epoch, OperatorId};
use counterfoil_wire::brand::Brand;
use counterfoil_wire::credits::LowCreditDefaults;
use serde_json::json;

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::credit_packs;
use super::stored::{stored, stored_number, stored_unit};
use super::work::Work;
use crate::dialect::Conn;

pub(crate) use settings::{save as save_settings, settings};

/// An operator as set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Operator {
    pub(crate) id: OperatorId,
    pub(crate) name: String,
    /// IANA name.
    pub(crate) time_zone: String,
    pub(crate) currency: Currency,
    pub(crate) code_prefix: Prefix,
    pub(crate) epoch: Epoch,
    /// When wallets are low for whom nothing else is set.
    pub(crate) low_credit: LowCreditDefaults,
    /// Counts the edits of the settings.
    pub(crate) version: u32,
    /// In which a new code can be redeemed.
    pub(crate) redeem_days: u16,
    /// Whom customers ask; empty where nobody is named.
    pub(crate) support_email: String,
    pub(crate) support_phone: String,
    /// Where shops and customers reach this Central, where it is set here.
    pub(crate) public_address: Option<String>,
    /// Staff need a second factor before they may do anything.
    pub(crate) staff_second_factor: bool,
    /// What it looks like.
    pub(crate) brand: Brand,
}

impl Operator {
    /// What shops and customers call it: the panel name, or the operator's own.
    pub(crate) fn shown_name(&self) -> &str {
        if self.brand.panel_name.is_empty() { &self.name } else { &self.brand.panel_name }
    }

    /// Where shops and customers reach this Central: as it is set, or as the program was started.
    pub(crate) fn address<'a>(&'a self, mailer: &'a Mailer) -> Option<&'a str> {
        self.public_address.as_deref().or_else(|| mailer.central_address())
    }
}

pub(crate) async fn get(conn: &mut Conn, id: OperatorId) -> Result<Operator, Failure> {
    let row = repo::by_id(conn, id).await?.ok_or_else(|| Failure::internal(format!("no operator {id}")))?;
    read(row)
}

/// The operator of this Central: the first that was set up.
pub(crate) async fn first(conn: &mut Conn) -> Result<Option<Operator>, Failure> {
    repo::first(conn).await?.map(read).transpose()
}

fn read(row: repo::Row) -> Result<Operator, Failure> {
    let Unit::Minor(currency) = stored_unit(&row.currency, "operator", row.id)? else {
        return stored(None, "operator", "currency", row.id);
    };
    Ok(Operator {
        id: OperatorId(row.id),
        name: row.name,
        time_zone: row.time_zone,
        currency,
        code_prefix: stored(Prefix::new(&row.code_prefix).ok(), "operator", "code_prefix", row.id)?,
        epoch: Epoch(row.epoch),
        low_credit: LowCreditDefaults { credits: row.low_credits, money: row.low_money },
        version: stored_number(row.revision, "operator", "revision", row.id)?,
        redeem_days: stored_number(row.redeem_days, "operator", "redeem_days", row.id)?,
        support_email: row.support_email,
        support_phone: row.support_phone,
        public_address: Some(row.public_address).filter(|address| !address.is_empty()),
        staff_second_factor: row.staff_second_factor,
        brand: Brand {
            version: stored_number(row.brand_revision, "operator", "brand_revision", row.id)?,
            panel_name: row.panel_name,
            accent: Some(row.accent).filter(|accent| !accent.is_empty()),
            logo: Some(row.logo_hash).filter(|hash| !hash.is_empty()),
        },
    })
}

/// Sets an operator up.
pub(crate) async fn create(app: &App, id: OperatorId, new: &NewOperator) -> Result<Operator, Failure> {
    check(new)?;
    let mut work = app.begin(id).await?;
    let (epoch, now) = (mint(app.now()), work.now());
    repo::insert(work.conn(), id, epoch, new, now).await?;
    credit_packs::stock(&mut work).await?;
    work.touch(FeedTable::Settings, id, "");
    let after = json!({ "name": new.name, "time_zone": new.time_zone, "currency": new.currency,
        "code_prefix": new.code_prefix });
    audit::record(&mut work, &Actor::system(), "operator.create", Some(id.0), NOTHING, Some(&after)).await?;
    let operator = get(work.conn(), id).await?;
    work.commit().await?;
    Ok(operator)
}

/// The next number of a lease or lot, taken in a transaction of its own: kept until the end of a longer one, its lock
/// would make all resellers of the operator wait for each other. A number that is not used after all is left out.
pub(crate) async fn next_number(app: &App, operator: OperatorId) -> Result<i64, Failure> {
    let mut work = app.begin(operator).await?;
    let number = repo::next_number(work.conn(), operator).await?;
    work.commit().await?;
    Ok(number)
}

/// The same inside a transaction, for what happens once in the life of a Central. It is locked behind all else, so
/// nobody waits in a circle.
pub(crate) async fn number_within(work: &mut Work) -> Result<i64, Failure> {
    let operator = work.operator();
    Ok(repo::next_number(work.conn(), operator).await?)
}

fn check(new: &NewOperator) -> Result<(), Failure> {
    let mut wrong = settings::wrong("name", &new.name, &new.time_zone, &new.code_prefix);
    if !matches!(new.currency.parse(), Ok(Unit::Minor(_))) {
        wrong.push(field("currency", "a currency is three capital letters such as EUR"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
}
