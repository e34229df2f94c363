//! Applications: somebody wants to sell, and staff decide.

use counterfoil_domain::application::{ApplicantKind, ApplicationState};
use counterfoil_domain::commission::CommissionRate;
use counterfoil_domain::grant::Template;
use counterfoil_domain::ids::{ApplicationId, ResellerId};
use counterfoil_domain::notice::NoticeState;
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Stands in a letter where the server's address belongs: Central does not know under which address it is reached, so
/// whoever shows the letter puts in the one that it uses itself.
pub const SERVER_PLACE: &str = "{server}";

/// An application as it is sent. The same again under the same id is answered like the first.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Apply {
    /// Minted by the caller.
    pub application_id: ApplicationId,
    /// Of the person.
    pub name: String,
    pub email: String,
    pub phone: String,
    /// For the owner's sign-in, once it is approved.
    pub password: String,
    pub business_name: String,
    pub address: String,
    pub kind: ApplicantKind,
    /// 0 to 1,000,000.
    pub expected_customers: u32,
    /// Must be true.
    pub terms_accepted: bool,
}

impl std::fmt::Debug for Apply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Apply").field("application_id", &self.application_id).finish_non_exhaustive()
    }
}

/// It was received. What is decided is told by e-mail, not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Applied {
    pub application_id: ApplicationId,
    pub received_at: Timestamp,
}

/// Query of the applications, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ApplicationsQuery {
    /// Only these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ApplicationState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// 1 to 500; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Part of a business name, a name or an e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Application {
    pub application_id: ApplicationId,
    pub state: ApplicationState,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub business_name: String,
    pub address: String,
    pub kind: ApplicantKind,
    pub expected_customers: u32,
    pub terms_accepted_at: Timestamp,
    pub created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// Who else has its address; only of a pending one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub double_of: Option<DoubleOf>,
    /// A free user name for the sign-in, made from the business name; only of a pending one, and not in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_username: Option<String>,
    /// What to write to the applicant; only of a decided one, and not in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<Letter>,
}

/// Who else has the e-mail address of an application that waits. The applicant is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum DoubleOf {
    /// Another application that waits: one of them at most can be approved.
    Application,
    /// A reseller: this one cannot be approved.
    Reseller,
}

impl DoubleOf {
    pub fn from_stored(name: &str) -> Option<Self> {
        match name {
            "application" => Some(Self::Application),
            "reseller" => Some(Self::Reseller),
            _ => None,
        }
    }
}

/// How an application was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Decision {
    pub at: Timestamp,
    /// User name of the member of staff.
    pub by: String,
    /// Why it was rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// For staff only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Whom the approval created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<ResellerId>,
}

/// An e-mail, ready to be copied. Its text holds [`SERVER_PLACE`] where the server's address belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
    /// What became of it as an e-mail; absent: it was not sent, because mail is not set up or was not when it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailed: Option<LetterMail>,
}

/// How far a letter has come by e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LetterMail {
    pub state: NoticeState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// Why the last try did not work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// Approves an application: creates the reseller, its owner with the password that was chosen, and its books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApproveApplication {
    /// Minted by the caller: a repeat is answered like the first.
    pub reseller_id: ResellerId,
    /// The sign-in of its owner.
    pub username: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<ResellerId>,
    pub settlement_mode: SettlementMode,
    pub rate: CommissionRate,
    /// In the reseller's unit, zero or more.
    pub credit_limit: i64,
    /// What it may do at first, as the template is now; absent leaves it the defaults.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Template>,
    /// For staff only.
    pub notes: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RejectApplication {
    /// 1 to 500 characters; the applicant is told.
    pub reason: String,
}
