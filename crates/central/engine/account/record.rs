//! One row of `account`, and what people are shown of it.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::amount::{Currency, Unit};
use counterfoil_domain::ids::{AccountId, PlanId, ResellerId};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::subscription::{self, End};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::accounts::Account;
use uuid::Uuid;

use crate::engine::stored::{stored, stored_amount, stored_number};

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct AccountRecord {
    pub(crate) id: Uuid,
    pub(crate) operator_id: Uuid,
    /// None in the Unassigned queue.
    pub(crate) reseller_id: Option<Uuid>,
    pub(crate) reseller_path: Option<String>,
    pub(crate) username: String,
    pub(crate) credential_generation: i64,
    pub(crate) status: String,
    pub(crate) email: Option<String>,
    pub(crate) mac: Option<String>,
    pub(crate) notes: String,
    pub(crate) max_connections: i64,
    pub(crate) revision: i64,
    pub(crate) created_at: i64,
    pub(crate) plan_id: Option<Uuid>,
    pub(crate) plan_name: Option<String>,
    pub(crate) plan_price: Option<i64>,
    pub(crate) last_day: Option<String>,
    pub(crate) ends_at: Option<i64>,
}

/// The columns of a record, for queries that are put together.
pub(super) const COLUMNS: &str = "id, operator_id, reseller_id,
    (SELECT path FROM reseller WHERE reseller.id = account.reseller_id) AS reseller_path, username,
    credential_generation, status, email, mac, notes, max_connections, revision, created_at, plan_id,
    (SELECT name FROM plan WHERE plan.id = account.plan_id) AS plan_name,
    (SELECT price FROM plan WHERE plan.id = account.plan_id) AS plan_price, last_day, ends_at";

/// A checked query that yields account records, like `code_records!`.
macro_rules! account_records {
    ($head:literal, $tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::engine::account::AccountRecord,
            $head
                + r#" id AS "id!: uuid::Uuid", operator_id AS "operator_id!: uuid::Uuid",
                reseller_id AS "reseller_id?: uuid::Uuid",
                (SELECT path FROM reseller WHERE reseller.id = account.reseller_id) AS "reseller_path?: String",
                username AS "username!: String", credential_generation AS "credential_generation!: i64",
                status AS "status!: String", email AS "email?: String", mac AS "mac?: String",
                notes AS "notes!: String", max_connections AS "max_connections!: i64", revision AS "revision!: i64",
                created_at AS "created_at!: i64", plan_id AS "plan_id?: uuid::Uuid",
                (SELECT name FROM plan WHERE plan.id = account.plan_id) AS "plan_name?: String",
                (SELECT price FROM plan WHERE plan.id = account.plan_id) AS "plan_price?: i64",
                last_day AS "last_day?: String", ends_at AS "ends_at?: i64" "#
                + $tail,
            $($argument),*
        )
    };
}
pub(crate) use account_records;

impl AccountRecord {
    pub(crate) fn status(&self) -> Result<AccountStatus, Failure> {
        stored(AccountStatus::from_stored(&self.status), "account", "status", self.id)
    }

    /// Whether a scope holds it. Nobody's account is the operator's.
    pub(crate) fn is_in(&self, scope: &Scope) -> bool {
        *scope == Scope::Operator
            || self.reseller_path.as_deref().is_some_and(|path| path.starts_with(scope.path_prefix()))
    }

    /// Where its service ends; none where it never had any.
    pub(crate) fn end(&self) -> Result<Option<End>, Failure> {
        let (Some(day), Some(at)) = (&self.last_day, self.ends_at) else { return Ok(None) };
        let last_day = stored(subscription::last_day(day), "account", "last_day", self.id)?;
        Ok(Some(End { last_day, at: Timestamp(at) }))
    }

    pub(crate) fn status_at(&self, now: Timestamp) -> Result<AccountStatus, Failure> {
        Ok(self.status()?.at(now, self.ends_at.map(Timestamp)))
    }

    /// As it is shown; prices are in the operator's currency. When it was last seen stands elsewhere.
    pub(crate) fn to_wire(&self, currency: Currency, now: Timestamp) -> Result<Account, Failure> {
        let price = self.plan_price.map(|price| stored_amount(price, Unit::Minor(currency), "plan", self.id));
        Ok(Account {
            account_id: AccountId(self.id),
            version: stored_number(self.revision, "account", "revision", self.id)?,
            reseller_id: self.reseller_id.map(ResellerId),
            username: self.username.clone(),
            email: self.email.clone(),
            mac: self.mac.clone(),
            notes: self.notes.clone(),
            status: self.status_at(now)?,
            plan_id: self.plan_id.map(PlanId),
            plan_name: self.plan_name.clone(),
            price: price.transpose()?,
            last_day: self.last_day.clone(),
            ends_at: self.ends_at.map(Timestamp),
            max_connections: stored_number(self.max_connections, "account", "max_connections", self.id)?,
            created_at: Timestamp(self.created_at),
            last_access_at: None,
        })
    }
}
