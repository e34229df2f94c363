//! Mail: staff see what became of it and choose its words, a shop's owner chooses what it gets. These pages need Central.

use std::sync::Arc;

use counterfoil_domain::notice as domain;
use counterfoil_wire::notices as wire;
use counterfoil_wire::page::MAX_LIMIT;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::types::{PageRequest, id};
use super::{ApiError, ErrorCode};
use crate::{Client, notices};

words! {
    /// What a mail tells of.
    NoticeKind {
        ApplicationReceived, ApplicationApproved, ApplicationRejected, LowCredit, CreditMoved, TopUpRejected, CreditFunded,
        CreditTakenBack, DownlineCredit, PayoutApproved, PayoutSent, PayoutFailed, OrderPlaced, OrderWaiting, ServicesEnding, OrderReceived,
        OrderPaid, OrderPending, OrderDelivered, OrderFailed, OrderCancelled, OrderRefunded, AccountCreated, CodeActivated,
        ExpirySoon
    }
    /// What became of a mail. `failed` was refused for good, `given_up` was tried too often.
    NoticeState { Queued, Sending, Sent, Failed, GivenUp }
}

/// How the way to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MailEncryption {
    Tls,
    Starttls,
    None,
}

/// Whether Central sends mail, and how much waits.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct MailSetupView {
    /// Absent: mail is not set up.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<MailServerView>,
    pub queued: u32,
    pub failed: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct MailServerView {
    pub host: String,
    pub port: u16,
    pub encryption: MailEncryption,
    pub signs_in: bool,
    pub from_address: String,
    pub from_name: String,
    /// Where shops reach Central, as their mails say.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub central_address: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TestMail {
    pub to: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct TestedMail {
    /// Absent: the mail server took it.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// There is no way to jump: `page.offset` is refused.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NoticesRequest {
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<NoticeState>,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct NoticesPage {
    pub rows: Vec<NoticeView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One mail.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct NoticeView {
    pub notice_id: String,
    pub kind: NoticeKind,
    pub state: NoticeState,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub created_at: i64,
    pub attempts: u32,
    /// Of one that waits.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<i64>,
    /// Why the last try did not work.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NoticeRef {
    pub notice_id: String,
}

/// In which words one kind of mail is written.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct NoticeTemplateView {
    pub kind: NoticeKind,
    pub language: String,
    /// 0: nobody ever changed it.
    pub version: u32,
    pub built_in: bool,
    pub subject: String,
    pub text: String,
    /// What the words may name in braces.
    pub placeholders: Vec<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<i64>,
}

/// A subject and a text with their placeholders in braces.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NoticeWords {
    pub subject: String,
    pub text: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveNoticeTemplate {
    pub kind: NoticeKind,
    /// As it was read.
    pub version: u32,
    /// Absent: back to the built-in words.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<NoticeWords>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PreviewNotice {
    pub kind: NoticeKind,
    pub words: NoticeWords,
}

/// As somebody would read it, with invented values.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct NoticePreview {
    pub subject: String,
    pub text: String,
}

/// Which mails the shop gets.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct NoticeChoices {
    pub to: String,
    pub mail_is_set_up: bool,
    pub choices: Vec<NoticeChoice>,
    /// How many days ahead the mail of each day about ending services looks.
    pub ending_days: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct NoticeChoice {
    pub kind: NoticeKind,
    pub wanted: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveNoticeChoices {
    /// All others are sent.
    pub off: Vec<NoticeKind>,
    /// 1 to 31.
    pub ending_days: u32,
}

pub async fn mail_setup(client: &Arc<Client>, (): ()) -> Result<MailSetupView, ApiError> {
    Ok(notices::setup(&*client.till()?).await?.into())
}

pub async fn test_mail(client: &Arc<Client>, request: TestMail) -> Result<TestedMail, ApiError> {
    let tested = notices::test(&*client.till()?, request.to).await?;
    Ok(TestedMail { trouble: tested.trouble })
}

pub async fn notices_page(client: &Arc<Client>, request: NoticesRequest) -> Result<NoticesPage, ApiError> {
    if request.page.after.is_none() && request.page.offset.is_some_and(|offset| offset > 0) {
        return Err(ApiError::new(ErrorCode::ValidationFailed, "these rows are read one page after the other"));
    }
    let query = wire::NoticesQuery {
        state: request.state.map(Into::into),
        after: request.page.after,
        limit: Some(request.page.limit.clamp(1, MAX_LIMIT)),
    };
    let page = notices::list(&*client.till()?, &query).await?;
    Ok(NoticesPage { rows: page.items.into_iter().map(Into::into).collect(), next: page.next })
}

pub async fn send_notice_again(client: &Arc<Client>, request: NoticeRef) -> Result<NoticeView, ApiError> {
    Ok(notices::send_again(&*client.till()?, id(&request.notice_id)?).await?.into())
}

pub async fn notice_templates(client: &Arc<Client>, (): ()) -> Result<Vec<NoticeTemplateView>, ApiError> {
    Ok(notices::templates(&*client.till()?).await?.into_iter().map(Into::into).collect())
}

pub async fn save_notice_template(
    client: &Arc<Client>,
    request: SaveNoticeTemplate,
) -> Result<NoticeTemplateView, ApiError> {
    let asked = wire::SaveNoticeTemplate { version: request.version, words: request.words.map(Into::into) };
    Ok(notices::save_template(&*client.till()?, request.kind.into(), &asked).await?.into())
}

pub async fn preview_notice(client: &Arc<Client>, request: PreviewNotice) -> Result<NoticePreview, ApiError> {
    let preview = notices::preview(&*client.till()?, request.kind.into(), &request.words.into()).await?;
    Ok(NoticePreview { subject: preview.subject, text: preview.text })
}

pub async fn notice_choices(client: &Arc<Client>, (): ()) -> Result<NoticeChoices, ApiError> {
    Ok(notices::choices(&*client.till()?).await?.into())
}

pub async fn save_notice_choices(client: &Arc<Client>, request: SaveNoticeChoices) -> Result<NoticeChoices, ApiError> {
    let off = request.off.into_iter().map(Into::into).collect();
    let asked = wire::SaveNoticeChoices { off, ending_days: Some(request.ending_days) };
    Ok(notices::save_choices(&*client.till()?, &asked).await?.into())
}

impl From<wire::MailEncryption> for MailEncryption {
    fn from(encryption: wire::MailEncryption) -> Self {
        match encryption {
            wire::MailEncryption::Tls => Self::Tls,
            wire::MailEncryption::Starttls => Self::Starttls,
            wire::MailEncryption::None => Self::None,
        }
    }
}

impl From<wire::MailSetup> for MailSetupView {
    fn from(setup: wire::MailSetup) -> Self {
        let server = |server: wire::MailServer| MailServerView {
            host: server.host,
            port: server.port,
            encryption: server.encryption.into(),
            signs_in: server.signs_in,
            from_address: server.from_address,
            from_name: server.from_name,
            central_address: server.central_address,
        };
        Self { server: setup.server.map(server), queued: setup.queued, failed: setup.failed }
    }
}

impl From<wire::Notice> for NoticeView {
    fn from(notice: wire::Notice) -> Self {
        Self {
            notice_id: notice.notice_id.to_string(),
            kind: notice.kind.into(),
            state: notice.state.into(),
            to: notice.to,
            subject: notice.subject,
            text: notice.text,
            created_at: notice.created_at.0,
            attempts: notice.attempts,
            next_attempt_at: notice.next_attempt_at.map(|at| at.0),
            sent_at: notice.sent_at.map(|at| at.0),
            trouble: notice.trouble,
        }
    }
}

impl From<wire::NoticeTemplate> for NoticeTemplateView {
    fn from(template: wire::NoticeTemplate) -> Self {
        Self {
            kind: template.kind.into(),
            language: template.language,
            version: template.version,
            built_in: template.built_in,
            subject: template.subject,
            text: template.text,
            placeholders: template.placeholders,
            changed_at: template.changed_at.map(|at| at.0),
        }
    }
}

impl From<NoticeWords> for wire::NoticeWords {
    fn from(words: NoticeWords) -> Self {
        Self { subject: words.subject, text: words.text }
    }
}

impl From<wire::NoticeChoices> for NoticeChoices {
    fn from(choices: wire::NoticeChoices) -> Self {
        let choice = |one: wire::NoticeChoice| NoticeChoice { kind: one.kind.into(), wanted: one.wanted };
        Self {
            to: choices.to,
            mail_is_set_up: choices.mail_is_set_up,
            choices: choices.choices.into_iter().map(choice).collect(),
            ending_days: choices.ending_days,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_wire() {
        for kind in domain::NoticeKind::ALL {
            let shown = NoticeKind::from(kind);
            assert_eq!(serde_json::to_value(shown).expect("plain"), kind.as_str());
            assert_eq!(domain::NoticeKind::from(shown), kind);
        }
        for state in domain::NoticeState::ALL {
            let shown = NoticeState::from(state);
            assert_eq!(serde_json::to_value(shown).expect("plain"), state.as_str());
            assert_eq!(domain::NoticeState::from(shown), state);
        }
    }
}
