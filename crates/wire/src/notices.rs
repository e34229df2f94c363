//! Notices by e-mail: what became of each, in which words they are written, and which of them a reseller gets.

use std::collections::BTreeSet;

use counterfoil_domain::ids::{NoticeId, ResellerId};
use counterfoil_domain::notice::{NoticeKind, NoticeState};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Whether this Central sends mail, and through whom. Never a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailSetup {
    /// Absent: mail is not set up, and nothing is written to be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<MailServer>,
    /// Notices that wait or are being sent.
    pub queued: u32,
    /// Refused or given up.
    pub failed: u32,
}

/// The mail server, as Central's operator set it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailServer {
    pub host: String,
    pub port: u16,
    pub encryption: MailEncryption,
    /// Whether Central signs in to it.
    pub signs_in: bool,
    pub from_address: String,
    pub from_name: String,
    /// Where shops reach this Central, as their mails say; absent: the mails say to ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub central_address: Option<String>,
}

/// How the way to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum MailEncryption {
    /// TLS from the first byte.
    Tls,
    /// Plain until STARTTLS; nothing is sent to a server that does not offer it.
    Starttls,
    /// Only on this machine.
    None,
}

/// Sends a mail now, past the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestMail {
    pub to: String,
}

/// What came of a test mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestedMail {
    /// Absent: the mail server took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// Query of the notices, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct NoticesQuery {
    /// Only these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<NoticeState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// 1 to 500; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// One e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notice {
    pub notice_id: NoticeId,
    pub kind: NoticeKind,
    pub state: NoticeState,
    pub to: String,
    /// For whom it is when it is a reseller, or whose customer it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<ResellerId>,
    pub subject: String,
    pub text: String,
    pub created_at: Timestamp,
    pub attempts: u32,
    /// Of one that waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// Why the last try did not work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// In which words one kind of notice is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoticeTemplate {
    pub kind: NoticeKind,
    /// `en`; others may come.
    pub language: String,
    /// 0: as it is built in, which nobody ever changed.
    pub version: u32,
    /// Whether these are the built-in words.
    pub built_in: bool,
    pub subject: String,
    pub text: String,
    /// What the words may name in braces.
    pub placeholders: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Timestamp>,
}

/// Changes the words as they were read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveNoticeTemplate {
    pub version: u32,
    /// Absent: back to the built-in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<NoticeWords>,
}

/// A subject and a text with their placeholders in braces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoticeWords {
    /// 1 to 150 characters, on one line.
    pub subject: String,
    /// 1 to 4,000 characters.
    pub text: String,
}

/// The words as somebody would read them, with invented values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoticePreview {
    pub subject: String,
    pub text: String,
}

/// Which notices a reseller gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoticeChoices {
    /// Where they go.
    pub to: String,
    /// Whether this Central sends any.
    pub mail_is_set_up: bool,
    pub choices: Vec<NoticeChoice>,
    /// How many days ahead the mail of each day about ending services looks.
    #[serde(default = "ending_days")]
    pub ending_days: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoticeChoice {
    pub kind: NoticeKind,
    pub wanted: bool,
}

/// Which of the notices that can be switched off are: all others are sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveNoticeChoices {
    pub off: BTreeSet<NoticeKind>,
    /// 1 to 31; absent: as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending_days: Option<u32>,
}

/// How many days ahead a shop is told of ending services that chose no other number.
pub const ENDING_DAYS: u32 = 7;

/// The most that a shop can choose.
pub const MOST_ENDING_DAYS: u32 = 31;

/// Of a Central that has no such mail yet.
const fn ending_days() -> u32 {
    ENDING_DAYS
}
