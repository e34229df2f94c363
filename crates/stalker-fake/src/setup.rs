//! Which portal this is, and how it is configured.

use std::time::Duration;

/// Whose REST code answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Stalker Portal 4.9.35.
    Stalker49,
    /// Ministra 5.6.1.
    Ministra56,
}

/// A portal's configuration, its `custom.ini` as it were.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Whose answers it gives.
    pub dialect: Dialect,
    /// Where the portal is: `/stalker_portal` in all that are not renamed.
    pub folder: String,
    /// `api_auth_login` and `api_auth_password`; none means that nobody is asked.
    pub credentials: Option<(String, String)>,
    /// `enable_api`
    pub api_enabled: bool,
    /// `enable_internal_billing`: only then does an answer hold `end_date`.
    pub internal_billing: bool,
    /// `allow_resellers_info_for_api`, of 5.6.
    pub resellers_for_api: bool,
    /// The column and field `reseller` that some operators patch into old portals.
    pub custom_reseller: bool,
    /// `allow_multiple_stb_update`
    pub multiple_stb_update: bool,
    /// Whether the database refuses what it would otherwise change silently.
    pub strict_sql: bool,
    /// Whether something in front decodes `index.php?q=` once more, so that some logins become another's.
    pub decodes_twice: bool,
    /// What each row of a list costs; nothing is sent before the last one.
    pub row_delay: Duration,
    /// How many rows of a list vanish while it is made.
    pub ghosts: usize,
}

impl Setup {
    /// As the recorded Stalker 4.9.35 was set up.
    pub fn stalker() -> Self {
        Self {
            dialect: Dialect::Stalker49,
            folder: "/stalker_portal".to_owned(),
            credentials: Some(("stalker".to_owned(), "secret".to_owned())),
            api_enabled: true,
            internal_billing: true,
            resellers_for_api: false,
            custom_reseller: false,
            multiple_stb_update: false,
            strict_sql: false,
            decodes_twice: false,
            row_delay: Duration::ZERO,
            ghosts: 0,
        }
    }

    /// As the recorded Ministra 5.6.1 was set up.
    pub fn ministra() -> Self {
        Self { dialect: Dialect::Ministra56, resellers_for_api: true, ..Self::stalker() }
    }

    pub(crate) fn is_ministra(&self) -> bool {
        self.dialect == Dialect::Ministra56
    }

    /// Whether `reseller_id` is read and written.
    pub(crate) fn has_reseller_id(&self) -> bool {
        self.is_ministra() && self.resellers_for_api
    }
}
