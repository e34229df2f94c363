//! One row of `account`.

use uuid::Uuid;

/// Where an account stands; whether its service is over is in `ends_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccountStatus {
    Active,
    /// Its service is over and somebody noted it; a new code makes it active again.
    Expired,
    Suspended,
    Archived,
}

impl AccountStatus {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Suspended => "suspended",
            Self::Archived => "archived",
        }
    }

    pub(crate) fn from_stored(name: &str) -> Option<Self> {
        [Self::Active, Self::Expired, Self::Suspended, Self::Archived]
            .into_iter()
            .find(|status| status.as_str() == name)
    }
}

#[derive(Debug, Clone)]
pub(crate) struct AccountRecord {
    pub(crate) id: Uuid,
    pub(crate) operator_id: Uuid,
    /// None in the Unassigned queue.
    pub(crate) reseller_id: Option<Uuid>,
    pub(crate) reseller_path: Option<String>,
    pub(crate) username: String,
    pub(crate) credential_generation: i64,
    pub(crate) status: String,
    pub(crate) plan_name: Option<String>,
    pub(crate) plan_price: Option<i64>,
    pub(crate) last_day: Option<String>,
    pub(crate) ends_at: Option<i64>,
}

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
                status AS "status!: String",
                (SELECT name FROM plan WHERE plan.id = account.plan_id) AS "plan_name?: String",
                (SELECT price FROM plan WHERE plan.id = account.plan_id) AS "plan_price?: i64",
                last_day AS "last_day?: String", ends_at AS "ends_at?: i64" "#
                + $tail,
            $($argument),*
        )
    };
}
pub(crate) use account_records;
