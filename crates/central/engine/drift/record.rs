//! An account about which the two sides disagree, as it is stored.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::AccountId;
use counterfoil_domain::portal::DriftKind;
use counterfoil_portals::Shown;
use counterfoil_wire::drift::{DriftRow, FieldDrift};
use uuid::Uuid;

use crate::engine::stored::stored;

#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) key: String,
    pub(super) login: String,
    pub(super) account_number: String,
    pub(super) mac: String,
    pub(super) copies: i64,
    pub(super) drift: String,
    pub(super) fields: String,
    pub(super) shown: Option<String>,
    pub(super) account_id: Option<Uuid>,
    /// Of the customer's account of this login.
    pub(super) reseller_id: Option<Uuid>,
    pub(super) reseller_company: Option<String>,
}

/// A checked query that yields rows that disagree; `portal_account` is `a`.
macro_rules! drift_rows {
    ($tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::engine::drift::record::Row,
            r#"SELECT a.key AS "key!: String", a.login AS "login!: String", a.account_number AS "account_number!: String",
                      a.mac AS "mac!: String", a.copies AS "copies!: i64", a.drift AS "drift!: String",
                      a.fields AS "fields!: String", a.shown AS "shown?: String",
                      a.account_id AS "account_id?: uuid::Uuid", ours.reseller_id AS "reseller_id?: uuid::Uuid",
                      r.company AS "reseller_company?: String"
               FROM portal_account a LEFT JOIN account ours ON ours.id = a.account_id
                    LEFT JOIN reseller r ON r.id = ours.reseller_id "#
                + $tail,
            $($argument),*
        )
    };
}
pub(super) use drift_rows;

impl Row {
    pub(super) fn kind(&self) -> Result<DriftKind, Failure> {
        stored(DriftKind::from_stored(&self.drift), "portal_account", "drift", &self.key)
    }

    pub(super) fn fields(&self) -> Result<Vec<FieldDrift>, Failure> {
        stored(serde_json::from_str(&self.fields).ok(), "portal_account", "fields", &self.key)
    }

    pub(super) fn shown(&self) -> Result<Option<Shown>, Failure> {
        let read = |text: &String| stored(serde_json::from_str(text).ok(), "portal_account", "shown", &self.key);
        self.shown.as_ref().map(read).transpose()
    }

    pub(super) fn view(self) -> Result<DriftRow, Failure> {
        let (kind, fields) = (self.kind()?, self.fields()?);
        Ok(DriftRow {
            key: self.key,
            kind,
            login: self.login,
            account_number: self.account_number,
            mac: self.mac,
            // One that was put away is told by nobody.
            account_id: self.account_id.filter(|_| kind != DriftKind::Unknown).map(AccountId),
            reseller_company: self.reseller_company.filter(|_| kind != DriftKind::Unknown),
            fields,
        })
    }
}
